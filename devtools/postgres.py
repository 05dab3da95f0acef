"""PostgreSQL: the server that PGHOST names, or a private cluster that no system cluster notices."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import settings, system_packages
from .console import Failure, is_root, lock, output_of, progress, run_logged, step

# These databases are rebuilt in a minute, so nothing waits for the disk.
CLUSTER_SETTINGS = f"""
listen_addresses = ''
port = {settings.POSTGRES_PORT}
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
random_page_cost = 1.1
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
log_min_messages = fatal
"""
LONGEST_SOCKET_FOLDER = 80


def is_named():
    """Whether the user's environment names a server: then that one is used, as it is."""
    return bool(os.environ.get("PGHOST") or os.environ.get("PGSERVICE"))


def environment():
    """What libpq, and so Odoo, needs to know to reach the server."""
    if is_named():
        return {name: value for name, value in os.environ.items() if name.startswith("PG")}
    return {
        "PGHOST": str(_socket_folder()),
        "PGPORT": str(settings.POSTGRES_PORT),
        "PGUSER": settings.POSTGRES_ROLE,
    }


def ensure():
    """A server that answers; starts the private one, makes it before if need be."""
    if is_named():
        _check_named()
    elif not is_running():
        with lock("postgres"):
            if not (_data() / "PG_VERSION").exists():
                _make()
            if not is_running():
                _start()
    return environment()


def is_running():
    if not (_data_folder_exists() and (_data() / "postmaster.pid").exists()):
        return False
    return answers()


def answers():
    env = {**os.environ, **environment()}
    return output_of([program("psql"), "-XAtc", "select 1", "postgres"], env=env) == "1"


def stop():
    """Stops the private cluster; True when there was one to stop."""
    if is_named() or not is_running():
        return False
    step("PostgreSQL: stopping the private cluster")
    _control("stop", "-m", "fast")
    return True


def program(name):
    """A PostgreSQL program of the newest server version here."""
    folder = _programs()
    return str(folder / name) if folder and (folder / name).exists() else name


def _check_named():
    if shutil.which("psql") is None and system_packages.available():
        system_packages.install(["postgresql-client"])
    if not answers():
        server = os.environ.get("PGHOST") or os.environ["PGSERVICE"]
        raise Failure(
            f"PostgreSQL at {server} doesn't answer: start it, correct PGHOST, PGPORT, PGUSER and"
            " PGPASSWORD, or unset PGHOST for a private one"
        )


# -- The programs ------------------------------------------------------------------------


def _programs():
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    usable = [(_major(folder), folder) for folder in folders if (folder / "initdb").exists()]
    usable = [pair for pair in usable if pair[0] >= settings.POSTGRES_MINIMUM]
    return max(usable)[1] if usable else None


def _major(folder):
    found = re.search(r"\) (\d+)", output_of([folder / "postgres", "--version"]) or "")
    return int(found[1]) if found else 0


def packages():
    """What to install so that there is a server."""
    if is_named() or _programs():
        return []
    if not system_packages.available():
        raise Failure(f"no PostgreSQL {settings.POSTGRES_MINIMUM} or newer here: install it, or set PGHOST to a server")
    return ["postgresql"]


# -- The private cluster -----------------------------------------------------------------


def _base():
    """Beside the cache; elsewhere when root's cache is closed to the user that runs the server."""
    cache = settings.cache_dir()
    if is_root() and not _can_enter(cache):
        return Path("/var/cache") / settings.ADDON / settings.short_hash(str(cache))
    return cache / "postgres"


def _can_enter(folder):
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents) if path.exists())


def _data():
    return _base() / f"data-{_major(_programs())}"


def _data_folder_exists():
    return _programs() is not None and (_data() / "PG_VERSION").exists()


def _socket_folder():
    folder = _base() / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.gettempdir()) / f"cr-postgres-{os.getuid()}-{settings.short_hash(str(folder))}"
    return folder


def _server_user():
    """initdb and postgres refuse to run as root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Failure("no user 'postgres' or 'nobody' here to run PostgreSQL as: run ./dev as a normal user")


def _private_folder(folder):
    """A folder of the server's user alone: who can enter it can log in."""
    folder.mkdir(parents=True, exist_ok=True)
    if is_root():
        user = _server_user()
        os.chown(folder, user.pw_uid, user.pw_gid)
    elif folder.stat().st_uid != os.getuid():
        raise Failure(f"{folder} belongs to somebody else: remove it and try again")
    folder.chmod(0o700)


def _as_server_user(command):
    if not is_root():
        return command
    user = _server_user()
    identity = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *identity, "--", *command]


def _make():
    building = _base() / "work" / "building"
    _base().mkdir(parents=True, exist_ok=True)
    _private_folder(_base() / "work")
    shutil.rmtree(building, ignore_errors=True)
    command = [program("initdb"), "-D", building, "-U", settings.POSTGRES_ROLE, "--auth=trust"]
    with progress("PostgreSQL: making a private cluster"):
        _run([*command, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], "initdb", "initdb failed")
        with (building / "postgresql.conf").open("a") as stream:
            stream.write(CLUSTER_SETTINGS)
        building.rename(_data())


def _start():
    step("PostgreSQL: starting the private cluster")
    _private_folder(_socket_folder())
    _control("start", "-l", _data() / "server.log", "-o", f"-k '{_socket_folder()}'")


def _control(*arguments):
    command = [program("pg_ctl"), "-D", _data(), "-w", "-t", "120", *arguments]
    hint = f"PostgreSQL did not {arguments[0]}, see {_data()}/server.log; deleting {_data()} starts afresh"
    _run(command, f"pg_ctl-{arguments[0]}", hint)


def _run(command, log_name, failure):
    # Not the caller's folder: the server's user may have no right to be there.
    run_logged(_as_server_user(command), log_name, failure, cwd="/", env=_plain_environment())


def _plain_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}


def query(sql, database="postgres"):
    """The rows of a statement, as text."""
    env = {**os.environ, **environment()}
    command = [program("psql"), "-XAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"PostgreSQL: {done.stderr.strip().splitlines()[0]}")
    return done.stdout.strip().splitlines()
