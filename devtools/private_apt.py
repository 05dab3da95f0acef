"""apt-get with lists and state of its own: packages of other suites, with Debian's signatures checked.

The system's own lists and packages are not touched; what is downloaded gets unpacked, not installed.
"""

from pathlib import Path

from . import system_packages
from .console import is_root, run_logged

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


class PrivateApt:
    """
    :param folder: where lists, state and downloads go
    :param suites: Debian suites to read
    :param as_if_empty: whether to look at the system's packages as installed, or at none as such
    """

    def __init__(self, folder, suites, as_if_empty=False):
        self.folder = folder
        if not KEYRING.exists():
            system_packages.install(["debian-archive-keyring"])
        status = self._no_packages() if as_if_empty else Path("/var/lib/dpkg/status")
        self._write_sources(suites)
        self._options = [f"-o{name}={value}" for name, value in self._settings(status).items()]

    def _no_packages(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        status = self.folder / "status"
        status.touch()
        return status

    def _write_sources(self, suites):
        mirror = system_packages.debian_mirror()
        for name in ("state/lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True)
        lines = [f"deb [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in suites]
        (self.folder / "sources.list").write_text("".join(lines))

    def _settings(self, status):
        settings = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self.folder / "state",
            "Dir::State::status": status,
            "Dir::Cache": self.folder / "cache",
            # Debian's images for containers delete downloads as soon as they are there.
            "DPkg::Post-Invoke": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        # apt's own user can't write into a cache below a home folder.
        return settings | ({"APT::Sandbox::User": "root"} if is_root() else {})

    def command(self, *arguments, program="apt-get"):
        return [program, *self._options, *map(str, arguments)]

    def update(self):
        failure = "the Debian mirror could not be read (DEBIAN_MIRROR names another)"
        # Without this, apt-get only warns of a mirror that doesn't answer.
        command = self.command("update", "-oAPT::Update::Error-Mode=any")
        run_logged(command, "private-apt-update", failure)

    def unpack(self, archives, tree):
        for archive in sorted(archives):
            run_logged(["dpkg", "-x", archive, tree], "unpack", f"{archive.name} could not be unpacked")
