"""Everything that must be there before anything runs, and the environment to run it in."""

import os
import shutil

from . import odoo_source, pdf_printer, postgres, python_env, settings, system_packages
from .console import Failure, mark_in_use, note, unless_used_by_others

# libmagic (which comes with `file`, under either of its names) and fonts for what is printed.
BASE_PACKAGES = ("file", "fonts-dejavu-core", "fonts-wqy-zenhei")
# The programs that Odoo's browser tests look for; the first one is Debian's package too.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CLUSTER = "cluster-in-use"


def ensure():
    """Installs, unpacks and starts what is missing; returns the environment for subprocesses."""
    _make_cache()
    _install_packages()
    source = odoo_source.ensure()
    python_env.ensure()
    mark_in_use(CLUSTER)
    postgres.ensure()
    write_configuration(source)
    return environment(source)


def ensure_tools():
    """Enough for what needs Odoo's sources but no database."""
    _make_cache()
    odoo_source.ensure()
    python_env.ensure()


def stop_unused():
    """Stops the private PostgreSQL, but not under another run that uses it."""
    with unless_used_by_others(CLUSTER) as unused:
        if not unused:
            note("PostgreSQL goes on: another run of ./dev uses it")
        elif not postgres.stop():
            note("the private PostgreSQL is not running")


def _make_cache():
    try:
        settings.cache_dir().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{settings.cache_dir()} can't be made ({error.strerror}): set XDG_CACHE_HOME") from error


def _install_packages():
    """All at once: whoever has no right to install them gets one list."""
    browser = [] if any(map(shutil.which, BROWSERS)) else [BROWSERS[0]]
    wanted = [*postgres.packages(), *pdf_printer.packages()]
    if system_packages.available():
        system_packages.install([*BASE_PACKAGES, *browser, *wanted])
    elif browser:
        note("Chromium is missing here: browser tests fail without it")
    pdf_printer.ensure()


def environment(source=None):
    """The variables under which Odoo, pytest and the bench scripts run."""
    source = source or odoo_source.find()
    venv = python_env.folder()
    programs = [venv / "bin", pdf_printer.folder() / "bin", os.environ.get("PATH", os.defpath)]
    own = {
        **postgres.environment(),
        "PATH": os.pathsep.join(map(str, programs)),
        "VIRTUAL_ENV": str(venv),
        "PYTHONPATH": f"{source}{os.pathsep}{settings.REPO}",
        "ODOO_RC": str(configuration_file()),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
    # Odoo's compiled modules are worth keeping: its folder is in the cache, not in a checkout.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | own


def configuration_file():
    return settings.checkout_dir() / "odoo.conf"


def write_configuration(source):
    paths = [*odoo_source.addons_paths(source), settings.REPO]
    lines = [
        "[options]",
        f"addons_path = {','.join(map(str, paths))}",
        f"data_dir = {settings.data_dir()}",
        *_database_lines(),
        "http_interface = 127.0.0.1",
        "admin_passwd = admin",
        "limit_time_cpu = 1800",
        "limit_time_real = 3600",
        "limit_memory_soft = 4294967296",
        "limit_memory_hard = 6442450944",
    ]
    target = configuration_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    settings.data_dir().mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"odoo.conf.{os.getpid()}")
    beside.write_text("\n".join(lines) + "\n")
    beside.rename(target)


def _database_lines():
    names = {"PGHOST": "db_host", "PGPORT": "db_port", "PGUSER": "db_user"}
    values = postgres.environment()
    return [f"{option} = {values[name]}" for name, option in names.items() if values.get(name)]


def odoo_command(*arguments):
    return [str(python_env.python()), "-m", "odoo", *arguments]
