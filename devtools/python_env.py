"""The virtual environment with Odoo's pinned requirements and the test tools."""

import os
import shutil
import sys
from pathlib import Path

from . import settings
from .console import Failure, lock, progress, run_logged

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
READY = "ready"


def folder():
    key = settings.short_hash(REQUIREMENTS.read_bytes(), sys.version, sys.base_prefix)
    return settings.cache_dir() / "python" / f"{sys.version_info[0]}.{sys.version_info[1]}-{key}"


def python():
    return folder() / "bin" / "python"


def ready():
    return (folder() / READY).exists()


def ensure():
    """Scripts in a virtual environment name its folder, so it is built in place and stamped last."""
    if not ready():
        with lock("python"):
            if not ready():
                _build(folder())
    return folder()


def _build(target):
    lowest, highest = settings.PYTHON_SUPPORTED
    if not lowest <= sys.version_info[:2] <= highest:
        raise Failure("Python 3.11 to 3.13 is needed: name one with DEV_PYTHON=/path/to/python3")
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    with progress(f"Python {sys.version.split()[0]}: installing the pinned requirements"):
        run_logged([sys.executable, "-m", "venv", target], "venv", "the virtual environment could not be made")
        run_logged(_pip_command(target), "pip", "pip could not install the requirements", env=_pip_environment())
    (target / READY).touch()


def _pip_command(target):
    command = [target / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [*command, "--no-deps", "--prefer-binary", "-r", REQUIREMENTS]


def _pip_environment():
    keep = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return keep | {"PIP_ROOT_USER_ACTION": "ignore"}
