"""./dev demo: a server with Odoo's demo data and the addon's, and a mail server that keeps mail."""

import argparse
import contextlib
import signal
import subprocess
import time

from .. import databases, postgres, python_env, runtime, settings
from ..console import Failure, exclusive, note, progress, step
from ..network import HOST, free_port, is_taken
from ..odoo_server import Server, end_with_parent, odoo_shell

DATABASE = "demo"
LOG_INS = (
    ("admin", "administrator"),
    ("recruiter", "recruiter"),
    ("interviewer", "interviewer"),
    ("recruiter_zh", "recruiter who works in Chinese"),
)
MAIL_SERVER_NAME = "Demo: keeps each mail as a file"
MAKE_MAIL_SERVER = f"""
env['ir.mail_server'].create({{
    'name': {MAIL_SERVER_NAME!r}, 'smtp_host': '{HOST}', 'smtp_port': 25, 'smtp_authentication': 'login',
}})
env.cr.commit()
"""
MAIL_SECONDS = 30


def demo(arguments):
    """Start a server with demo data, and a mail server: ./dev demo [--port N] [--reset]"""
    options = _parse(arguments)
    if is_taken(options.port):
        raise Failure(f"port {options.port} is taken: ./dev demo --port {options.port + 1}, or stop what uses it")
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    with (
        exclusive("demo", "./dev demo is running already: stop that one first"),
        contextlib.ExitStack() as started,
    ):
        if not postgres.is_named() and not (python_env.ready() and postgres.is_running()):
            started.callback(runtime.stop_unused)
        try:
            runtime.ensure()
            prepare(options.reset)
            _serve(options.port, started)
        except KeyboardInterrupt:
            print()
            step("Stopping what this command started")
    return 0


def _parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev demo", description=demo.__doc__)
    parser.add_argument("--port", type=_port, default=8069, help="the web address's port (8069)")
    parser.add_argument("--reset", action="store_true", help="make the demo database afresh")
    return parser.parse_args(arguments)


def _port(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: a number from 1 to 65535 is one")
    return int(text)


def _interrupt(number, frame):
    raise KeyboardInterrupt


# -- The database ------------------------------------------------------------------------


def prepare(reset=False):
    """The database `demo`: kept between runs, upgraded when the addon's files have changed."""
    if reset or not databases.exists(DATABASE):
        _make()
    elif _installed_hash() != databases.addon_hash():
        _upgrade()
    return DATABASE


def _make():
    building = f"{DATABASE}_building"
    databases.duplicate(databases.template(demo=True), building)
    with progress(f"Demo database: installing {settings.ADDON} with its demo data, in English and Chinese"):
        # The language first: the addon's demo data has a user who works in it.
        databases.load_language(building, databases.CHINESE)
        failure = "the demo database could not be made"
        databases.odoo(building, "-i", settings.ADDON, "--with-demo", failure=failure)
        _check_demo_data(building)
        odoo_shell(building, MAKE_MAIL_SERVER)
    databases.drop(DATABASE)
    databases.rename(building, DATABASE)
    _keep_hash()


def _check_demo_data(name):
    demo = postgres.query(f"SELECT demo FROM ir_module_module WHERE name = '{settings.ADDON}'", name)
    if demo != ["t"]:
        raise Failure(f"the addon's demo data could not be loaded: see {settings.log_dir()}/odoo-{name}.log")


def _upgrade():
    with progress(f"Demo database: the addon's files have changed, upgrading {settings.ADDON}"):
        failure = "the demo database could not be upgraded (./dev demo --reset makes it afresh)"
        databases.odoo(DATABASE, "-u", settings.ADDON, failure=failure)
    _keep_hash()


def _installed_hash():
    rows = postgres.query(f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{DATABASE}'")
    return rows[0] if rows else None


def _keep_hash():
    postgres.query(f"COMMENT ON DATABASE {DATABASE} IS '{databases.addon_hash()}'")


# -- The servers -------------------------------------------------------------------------


def _serve(port, started):
    mails = settings.cache_dir() / "demo-mails"
    mail_port = _start_mail_server(mails, started)
    _set_addresses(port, mail_port)
    with progress("Odoo: starting the server"):
        server = Server(DATABASE, port=port, cron=1)
        started.callback(server.stop)
        server.start()
    _show(server, mails)
    while server.is_running():
        time.sleep(1)
    raise Failure(f"the Odoo server stopped by itself: see {server.log}")


def _start_mail_server(folder, started):
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    log = (settings.log_dir() / "demo-mail.log").open("ab")
    process = subprocess.Popen(
        [python_env.python(), "-m", "devtools.mail_server", str(port), str(folder)],
        env=runtime.environment(),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=end_with_parent(),
    )
    started.callback(_end, process)
    end = time.monotonic() + MAIL_SECONDS
    while not is_taken(port):
        if process.poll() is not None or time.monotonic() > end:
            raise Failure(f"the mail server did not start: see {log.name}")
        time.sleep(0.1)
    return port


def _end(process):
    process.terminate()
    process.wait()


def _set_addresses(port, mail_port):
    """They differ from run to run, and links in mails and PDFs are made from them."""
    url = f"http://{HOST}:{port}"
    postgres.query(f"UPDATE ir_mail_server SET smtp_port = {mail_port} WHERE name = '{MAIL_SERVER_NAME}'", DATABASE)
    for key, value in (("web.base.url", url), ("report.url", url), ("web.base.url.freeze", "True")):
        postgres.query(
            f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{value}')"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            DATABASE,
        )


def _show(server, mails):
    step(f"Odoo is at {server.url}")
    for login, who in LOG_INS:
        note(f"log in as {login:12} password {login:12} ({who})")
    note(f"each mail is kept as a file in {mails}")
    note(f"the server's log is {server.log}")
    note("Ctrl-C stops it")
