"""wkhtmltopdf, with which Odoo prints PDFs: the system's, or an earlier Debian's in the cache."""

import os
import shutil
from pathlib import Path

from . import settings, system_packages
from .console import Failure, lock, progress, run_logged
from .private_apt import PrivateApt

# All libraries are the earlier Debian's too, down to the loader; the fonts are the system's.
WRAPPER = """#!/bin/sh
root='{root}'
export QT_PLUGIN_PATH="$root{libraries}/qt5/plugins" QT_QPA_PLATFORM=offscreen FONTCONFIG_PATH=/etc/fonts
exec "$root{loader}" --library-path "$root{libraries}" "$root/usr/bin/wkhtmltopdf" "$@"
"""


def folder():
    return settings.cache_dir() / f"{settings.PDF_PACKAGE}-{settings.PDF_SUITE}"


def ensure():
    if shutil.which(settings.PDF_PACKAGE) or (folder() / "bin").exists():
        return
    if not system_packages.available():
        raise Failure("wkhtmltopdf is missing: install it (Odoo prints its PDFs with it)")
    system_packages.ensure_lists()
    if system_packages.has_candidate(settings.PDF_PACKAGE):
        system_packages.install([settings.PDF_PACKAGE])
        return
    with lock("pdf"):
        if not (folder() / "bin").exists():
            _build()


def _build():
    system_packages.install(["fontconfig"])
    work = folder().with_suffix(".building")
    shutil.rmtree(work, ignore_errors=True)
    with progress(f"PDF: taking wkhtmltopdf from Debian {settings.PDF_SUITE}, since this system has none"):
        apt = PrivateApt(work, [settings.PDF_SUITE], as_if_empty=True)
        apt.update()
        command = apt.command("install", "-y", "--download-only", "--no-install-recommends", settings.PDF_PACKAGE)
        run_logged(command, "pdf-download", "wkhtmltopdf could not be downloaded")
        apt.unpack((work / "cache" / "archives").glob("*.deb"), work / "tree")
        _write_wrapper(work / "tree")
        shutil.rmtree(folder(), ignore_errors=True)
        (work / "tree").rename(folder())
    shutil.rmtree(work)


def _write_wrapper(tree):
    libraries = _only(tree.glob("usr/lib/*/libQt5WebKit.so.5")).parent
    loader = _only((*tree.glob("lib64/ld-linux-*.so.*"), *tree.glob("lib/ld-linux-*.so.*")))
    # Debian installs it in bin/ itself only in systems without a merged /usr.
    target = tree / "bin" / settings.PDF_PACKAGE
    target.parent.mkdir(exist_ok=True)
    inside = {name: f"/{path.relative_to(tree)}" for name, path in (("libraries", libraries), ("loader", loader))}
    target.write_text(WRAPPER.format(root=folder(), **inside))
    target.chmod(0o755)


def _only(paths):
    found = sorted(paths)
    if not found:
        raise Failure("wkhtmltopdf of the earlier Debian lacks a library")
    return Path(os.fspath(found[0]))
