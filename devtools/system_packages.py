"""Debian packages: which are missing, installing them, and the machine's own mirror."""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import Failure, is_root, note, output_of, progress, run_logged, step

CLUSTER_SETTING = Path("/etc/postgresql-common/createcluster.d/zz-candidate-relationship.conf")
INSTALL = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends"]
NONINTERACTIVE = ["env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l"]


def available():
    return bool(shutil.which("apt-get") and shutil.which("dpkg-query"))


def is_installed(package):
    status = output_of(["dpkg-query", "-W", "-f", "${db:Status-Status}", package])
    return status == "installed"


def install(packages):
    """Installs what is missing, without letting Debian start a system PostgreSQL."""
    missing = [package for package in packages if not is_installed(package)]
    if not missing:
        return
    _as_root(f"apt-get install {' '.join(missing)}")
    with progress(f"System packages: installing {' '.join(missing)}"), _without_system_cluster(missing):
        update()
        command = [*_as_root(), *NONINTERACTIVE, *INSTALL]
        run_logged([*command, *missing], "apt-install", "apt-get could not install the system packages")


def update():
    command = [*_as_root(), *NONINTERACTIVE, "apt-get", "update"]
    run_logged(command, "apt-update", "apt-get could not read the package lists")


def ensure_lists():
    """A fresh image of Debian has no package lists: then nothing has a candidate."""
    if not has_candidate("dpkg") or not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        note("reading the package lists")
        update()


def has_candidate(package):
    return bool(re.search(r"Candidate: \d", output_of(["apt-cache", "policy", package]) or ""))


def _as_root(wish="apt-get update"):
    if is_root():
        return []
    if not shutil.which("sudo"):
        raise Failure(f"not root and no sudo here: as root, run '{wish}', then try again")
    if output_of(["sudo", "-n", "true"]) is None:
        _ask_password(wish)
    return ["sudo"]


def _ask_password(wish):
    if not os.isatty(0):
        raise Failure(f"sudo asks for a password and there is no terminal: run 'sudo {wish}', then try again")
    step(f"sudo: a password is needed for '{wish}'")
    if subprocess.run(["sudo", "-v"], check=False).returncode:
        raise Failure(f"sudo refused: as root, run '{wish}', then try again")


@contextlib.contextmanager
def _without_system_cluster(packages):
    """Debian's server package makes and starts a cluster of its own: not with this setting."""
    if not any(package.startswith("postgresql") for package in packages) or CLUSTER_SETTING.exists():
        yield
        return
    _root_shell(f"mkdir -p {CLUSTER_SETTING.parent} && echo create_main_cluster=false > {CLUSTER_SETTING}")
    try:
        yield
    finally:
        _root_shell(f"rm -f {CLUSTER_SETTING}")


def _root_shell(script):
    subprocess.run([*_as_root(), "sh", "-c", script], check=True)


def debian_mirror():
    """The Debian archive that this machine's apt uses, or the one that the user names."""
    named = os.environ.get("DEBIAN_MIRROR")
    if named:
        return named
    mirror = _mirror_in_use()
    if not mirror and available():
        note("reading the package lists to find the machine's Debian mirror")
        update()
        mirror = _mirror_in_use()
    if not mirror:
        raise Failure("apt here has no Debian mirror: set DEBIAN_MIRROR to one, or ODOO_BIN to an Odoo 19 of yours")
    return mirror


def _mirror_in_use():
    targets = output_of(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)|$(LABEL)", "Created-By: Packages"]
    )
    for line in (targets or "").splitlines():
        uri, _, origin = line.partition(" ")
        if origin == "Debian|Debian":
            return uri
    return None
