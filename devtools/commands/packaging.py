"""./dev i18n and ./dev dist: what goes out with the addon."""

import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from .. import databases, python_env, runtime, settings, source_checks
from ..console import Failure, note, output_of, progress, run_logged, step
from .basic import hand_over

DIST = settings.REPO / "dist"
# An installed addon needs neither.
LEFT_OUT = ("pyproject.toml",)


def i18n(arguments):
    """Export the addon's terms and update its translations: ./dev i18n [--check]"""
    runtime.ensure()
    name = databases.with_addon()
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / f"{settings.ADDON}.pot"
        with progress("Translations: exporting the terms"):
            command = runtime.odoo_command("i18n", "export", "-d", name, "-o", exported, settings.ADDON)
            run_logged(command, "i18n", "Odoo could not export the terms", env=runtime.environment())
        merge = [python_env.python(), "-m", "devtools.translations", exported, *arguments]
        return hand_over(merge, runtime.environment(), cwd=settings.REPO)


def dist(arguments):
    """Build the installable zip and the wheel of the addon into dist/."""
    runtime.ensure_tools()
    version = databases.manifest().get("version")
    if not version:
        raise Failure(f"there is no version in {settings.ADDON}/__manifest__.py")
    DIST.mkdir(exist_ok=True)
    # Not in dist/: inside the repository, whool would take its files and version from git.
    with tempfile.TemporaryDirectory() as folder:
        made = [_zip(Path(folder), version), _wheel(Path(folder))]
        for path in made:
            shutil.move(path, DIST / path.name)
    step("Built")
    for path in made:
        note(str(DIST / path.name))
    return 0


def _files():
    inside = (path for path in source_checks.files() if settings.ADDON_DIR in path.parents)
    return [path for path in inside if "__pycache__" not in path.parts]


def _zip(folder, version):
    """The folder itself, ready to be unpacked where Odoo looks for addons; the same bytes each time."""
    target = folder / f"{settings.ADDON}-{version}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files():
            if path.name in LEFT_OUT:
                continue
            entry = zipfile.ZipInfo(str(path.relative_to(settings.REPO)), date_time=_date())
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return target


def _date():
    """Of the last commit: two builds of one version are equal."""
    text = output_of(["git", "-C", settings.REPO, "log", "-1", "--format=%cd", "--date=format:%Y %m %d %H %M %S"])
    return tuple(int(part) for part in text.split()) if text else (2026, 1, 1, 0, 0, 0)


def _wheel(folder):
    """With whool, the OCA's builder."""
    source = folder / "source" / settings.ADDON
    for path in _files():
        target = source / path.relative_to(settings.ADDON_DIR)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    command = [
        python_env.python(),
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        source,
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with progress("Wheel: building"):
        run_logged(command, "wheel", "whool could not build the wheel", env=environment)
    shutil.rmtree(folder / "source")
    wheels = [path for path in folder.glob("*.whl") if re.match(r"odoo_addon_", path.name)]
    if len(wheels) != 1:
        raise Failure(f"whool made no wheel: see {settings.log_dir()}/wheel.log")
    return wheels[0]
