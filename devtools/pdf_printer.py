"""wkhtmltopdf, with which Odoo prints PDFs: the system's, or an earlier Debian's in the cache."""

import os
import shutil
from pathlib import Path

from . import settings, system_packages
from .console import Failure, lock, note, progress, run_logged
from .private_apt import PrivateApt

# All libraries are the earlier Debian's too, down to the loader; the fonts are the system's.
WRAPPER = """#!/bin/sh
root='{root}'
export QT_PLUGIN_PATH="$root{libraries}/qt5/plugins" QT_QPA_PLATFORM=offscreen FONTCONFIG_PATH=/etc/fonts
exec "$root{loader}" --library-path "$root{libraries}" "$root/usr/bin/wkhtmltopdf" "$@"
"""


def folder():
    return settings.cache_dir() / f"{settings.PDF_PACKAGE}-{settings.PDF_SUITE}"


def packages():
    """What to install so that there is one, or that one from the cache finds fonts."""
    if _is_there():
        return []
    if not system_packages.available():
        note("wkhtmltopdf is missing here: Odoo can't print PDFs without it")
        return []
    system_packages.ensure_lists()
    return [settings.PDF_PACKAGE if system_packages.has_candidate(settings.PDF_PACKAGE) else "fontconfig"]


def ensure():
    """After the packages are there."""
    if not _is_there() and system_packages.available():
        with lock("pdf"):
            if not _is_there():
                _build()


def _is_there():
    return bool(shutil.which(settings.PDF_PACKAGE)) or (folder() / "bin").exists()


def _build():
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
