"""Odoo 19: the one that is already there, or Debian's package unpacked into the cache."""

import os
import re
import shutil
from pathlib import Path

from . import settings, system_packages
from .console import Failure, lock, note, output_of, progress, run_logged
from .private_apt import PrivateApt

FREE_BYTES_NEEDED = 4 * 2**30
# Debian's clean-up dropped this file; its absence is a console error on every page.
DROPPED_SCRIPT = "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure():
    """The folder to put on PYTHONPATH, i.e. the one that holds the package `odoo`."""
    return find() or _build()


def find():
    return _already_there() or _in_cache()


def version(source):
    """A word for cache keys: Debian's package version, or the other Odoo's own."""
    package = settings.cache_dir() / "odoo"
    if package in source.parents:
        return source.relative_to(package).parts[0]
    release = (source / "odoo" / "release.py").read_text()
    return "there-" + settings.short_hash(str(source), release)


def addons_paths(source):
    candidates = [source / "odoo" / "addons", source / "addons"]
    return [path for path in candidates if (path / "base" / "__manifest__.py").exists() or (path / "web").exists()]


# -- An Odoo that is already there -------------------------------------------------------


def _already_there():
    named = os.environ.get("ODOO_BIN")
    program = named or shutil.which("odoo")
    if not program:
        return None
    if settings.ODOO_SERIES not in (output_of([program, "--version"]) or ""):
        if named:
            raise Failure(f"ODOO_BIN={named} is not an Odoo {settings.ODOO_SERIES} that runs")
        return None
    source = _beside(program) or _of_interpreter(program)
    if not source:
        raise Failure(f"found no package 'odoo' of {program}: set ODOO_BIN to another one")
    return source


def _beside(program):
    folder = Path(program).resolve().parent
    return folder if (folder / "odoo" / "release.py").exists() else None


def _of_interpreter(program):
    first = Path(program).read_bytes().split(b"\n", 1)[0].decode(errors="replace")
    if not first.startswith("#!"):
        return None
    code = "import odoo, os; print(os.path.dirname(list(odoo.__path__)[0]))"
    folder = output_of([*first[2:].split(), "-c", code], cwd="/")
    return Path(folder) if folder and (Path(folder) / "odoo" / "release.py").exists() else None


# -- Debian's package in the cache -------------------------------------------------------


def _in_cache():
    folder = settings.cache_dir() / "odoo"
    for name in (settings.ODOO_PACKAGE_VERSION, *_other_versions(folder)):
        source = folder / name / "usr/lib/python3/dist-packages"
        if (source / "odoo" / "release.py").exists():
            return source
    return None


def _other_versions(folder):
    names = [path.name for path in folder.glob(f"{settings.ODOO_SERIES}*")]
    return sorted(names, reverse=True)


def _build():
    _check_tools()
    with lock("odoo"):
        found = _in_cache()
        if found:
            return found
        work = settings.cache_dir() / "odoo" / "building"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        with progress("Odoo 19: downloading Debian's package and unpacking it"):
            name = _unpack(work)
        shutil.rmtree(work, ignore_errors=True)
    return settings.cache_dir() / "odoo" / name / "usr/lib/python3/dist-packages"


def _check_tools():
    if not (system_packages.available() and shutil.which("dpkg")):
        raise Failure(f"no apt here and no Odoo {settings.ODOO_SERIES}: install one and set ODOO_BIN to it")
    settings.cache_dir().mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.cache_dir()).free
    if free < FREE_BYTES_NEEDED:
        raise Failure(
            f"{settings.cache_dir()} has {free / 2**30:.1f} GB free and 4 GB are needed:"
            " make room, or set XDG_CACHE_HOME to a larger disk"
        )


def _unpack(work):
    font, font_suite = settings.FONT_AWESOME
    apt = PrivateApt(work, (settings.ODOO_SUITE, font_suite))
    apt.update()
    version_ = _version_offered(apt)
    wanted = [
        f"{settings.ODOO_PACKAGE}={version_}",
        *(f"{package}/{settings.ODOO_SUITE}" for package in settings.ODOO_COMPANIONS),
        f"{font}/{font_suite}",
    ]
    command = apt.command("download", *wanted)
    run_logged(command, "odoo-download", "Odoo's package could not be downloaded", cwd=work)
    tree = work / "tree"
    apt.unpack(work.glob("*.deb"), tree)
    _repair(tree)
    name = version_.replace(":", "_")
    tree.rename(settings.cache_dir() / "odoo" / name)
    return name


def _version_offered(apt):
    """The pinned version, or with a note the newest one that the suite has of this series."""
    policy = output_of(apt.command("madison", settings.ODOO_PACKAGE, program="apt-cache")) or ""
    offered = re.findall(r"\|\s*(\S+)\s*\|", policy)
    if settings.ODOO_PACKAGE_VERSION in offered:
        return settings.ODOO_PACKAGE_VERSION
    same_series = [version_ for version_ in offered if version_.startswith(settings.ODOO_SERIES)]
    if not same_series:
        raise Failure(
            f"Debian {settings.ODOO_SUITE} no longer has {settings.ODOO_PACKAGE}: look for it in testing or the"
            " backports and set ODOO_SUITE in devtools/settings.py, or set ODOO_BIN to an Odoo 19 of your own"
        )
    note(f"Debian has {same_series[0]} instead of the pinned {settings.ODOO_PACKAGE_VERSION}: taking that")
    return same_series[0]


def _repair(tree):
    packages = tree / "usr/lib/python3/dist-packages"
    for leftover in ("addons", "doc", "setup"):
        shutil.rmtree(packages / leftover, ignore_errors=True)
    script = packages / "odoo" / DROPPED_SCRIPT
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("// Left out by Debian: blurring the webcam's background.\n")
