"""An Odoo server as a process of its own, and talking to it over HTTP as a client would."""

import ctypes
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import runtime, settings
from .console import Failure
from .network import HOST, free_port

READY_SECONDS = 180
PR_SET_PDEATHSIG = 1


def end_with_parent():
    """For Popen: even after kill -9 of the parent no server is left (where the system can do that).

    The system takes the thread that starts a process for its parent, so only in the main one.
    """
    if not sys.platform.startswith("linux") or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """`with Server('db', workers=2) as server: server.login('admin').call('res.users', 'search', [])`.

    :param databases: one name or several
    :param workers: 0 runs everything in threads; from 2 on it is the shape of production
    :param cron: processes (or threads) for scheduled jobs; 0 runs none of them
    :param arguments: further arguments for Odoo's command line
    :param log: file for its log; one is made when none is named
    """

    def __init__(self, databases, workers=0, cron=0, port=None, arguments=(), log=None, environment=None):
        self.databases = [databases] if isinstance(databases, str) else list(databases)
        self.port = port or free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log = Path(log or settings.log_dir() / f"server-{self.databases[0]}-{self.port}.log")
        self.environment = environment or {}
        self.process = None
        self._command = runtime.odoo_command(
            f"--database={','.join(self.databases)}",
            f"--http-port={self.port}",
            f"--gevent-port={free_port()}",
            f"--workers={workers}",
            f"--max-cron-threads={cron}",
            "--no-database-list",
            # It says with every call that the protocol which `Client` speaks ends with Odoo 19.
            "--log-handler=odoo.addons.rpc.controllers.jsonrpc:ERROR",
            *arguments,
        )

    def start(self, timeout=READY_SECONDS):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(
                self._command,
                env=runtime.environment() | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                # A group of its own: Ctrl-C goes to whoever started it, which then stops it in order.
                start_new_session=True,
                preexec_fn=end_with_parent(),
            )
        try:
            self._wait(timeout)
        except BaseException:
            self.kill()
            raise
        return self

    def _wait(self, timeout):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Failure(f"the Odoo server stopped: {self._last_line()} (log: {self.log})")
            if self._answers():
                return
            time.sleep(0.2)
        raise Failure(f"the Odoo server did not answer within {timeout} s (log: {self.log})")

    def _last_line(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no output"

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=10) as response:
                return response.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=30):
        """Stops it in order, as SIGTERM does; by force when that takes too long."""
        if self.is_running():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self):
        """kill -9 to the server and all its workers: a crash."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, *error):
        self.stop()

    def login(self, login, password=None, database=None):
        return Client(self.url, database or self.databases[0], login, password or login)


class RemoteError(Exception):
    """The server answered with an error; `name` is the exception's, `debug` its traceback."""

    def __init__(self, error):
        data = error.get("data") or {}
        self.name = data.get("name", "")
        self.debug = data.get("debug", "")
        super().__init__(f"{self.name}: {data.get('message') or error.get('message')}")


class Client:
    """A user's calls through JSON-RPC: no session, no browser, the same rights."""

    _ids = itertools.count(1)

    def __init__(self, url, database, login, password):
        self.url, self.database, self.password = url, database, password
        self.user_id = self._rpc("common", "login", [database, login, password])
        if not self.user_id:
            raise RemoteError({"message": f"{login} can't log in to {database}"})

    def call(self, model, method, *arguments, **keywords):
        """E.g. `call('hr.applicant', 'write', [7], {'stage_id': 2}, context={'lang': 'zh_CN'})`."""
        execute = [self.database, self.user_id, self.password, model, method, list(arguments), keywords]
        return self._rpc("object", "execute_kw", execute)

    def _rpc(self, service, method, arguments, timeout=300):
        content = {
            "jsonrpc": "2.0",
            "method": "call",
            "id": next(self._ids),
            "params": {"service": service, "method": method, "args": arguments},
        }
        request = urllib.request.Request(
            f"{self.url}/jsonrpc", json.dumps(content).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=timeout) as response:
            answer = json.load(response)
        if answer.get("error"):
            raise RemoteError(answer["error"])
        return answer.get("result")


def odoo_shell(database, code, timeout=1800):
    """Runs Python code in Odoo's shell (`env` is there, commit yourself); returns what it printed."""
    command = runtime.odoo_command("shell", "-d", database, "--no-http", "--log-level=warn", "--shell-interface=python")
    done = subprocess.run(
        command,
        env=runtime.environment(),
        input=code,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode or "Traceback (most recent call last)" in done.stderr:
        raise Failure(f"odoo shell on {database}: {done.stderr.strip()[-4000:]}")
    return done.stdout
