"""What the person at the terminal sees, and the locks between two runs."""

import contextlib
import fcntl
import os
import re
import shlex
import subprocess
import sys
import threading
import time

from . import settings

PROGRESS_SECONDS = 15
EXCEPTION = re.compile(r"^[\w.]*(Error|Exception|Warning)\b: ?.+")
REASONS = (
    re.compile(r"No space left"),
    re.compile(r"^(E: |ERROR: |npm error code)"),
    EXCEPTION,
    re.compile(r"^\S+ \S+ \d+ (CRITICAL|ERROR) "),
)


class Failure(Exception):
    """Stops the command: its text is the one line that says what to do."""


def step(text):
    print(f"== {text}", flush=True)


def note(text):
    print(f"   {text}", flush=True)


@contextlib.contextmanager
def progress(text):
    """Shows that a long step is alive, and how long it took."""
    step(text)
    start = time.monotonic()
    done = threading.Event()
    thread = threading.Thread(target=_tick, args=(start, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    note(f"done in {time.monotonic() - start:.0f} s")


def _tick(start, done):
    terminal = sys.stdout.isatty()
    while not done.wait(1 if terminal else PROGRESS_SECONDS):
        elapsed = f"   … {time.monotonic() - start:.0f} s"
        print(elapsed, end="\r" if terminal else "\n", flush=True)


def run_logged(command, log_name, failure, **kwargs):
    """Runs a long command with its output in a log file, which a failure quotes."""
    log = settings.log_dir() / f"{log_name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        stream.write(f"$ {shlex.join(map(str, command))}\n".encode())
        stream.flush()
        code = _run(command, stdout=stream, stderr=subprocess.STDOUT, **kwargs)
    if code:
        raise Failure(f"{failure}: {_reason(log)} (whole output: {log})")


def output_of_run(command, log, environment):
    """Runs a program with its output in a file; its exit code is no error."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        return _run(command, stdout=stream, stderr=subprocess.STDOUT, env=environment)


def _run(command, **kwargs):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **kwargs).returncode
    except FileNotFoundError as error:
        raise Failure(f"{command[0]} is missing") from error


def _reason(log):
    """The line of a log that tells best why: apt's, pip's, npm's, a traceback's, or just the last."""
    lines = log.read_text(errors="replace").strip().splitlines()
    for pattern in REASONS:
        found = [line for line in lines if pattern.search(line)]
        if found:
            return found[-1 if pattern is EXCEPTION else 0]
    return lines[-1] if lines else "no output"


def output_of(command, **kwargs):
    """Standard output of a short command; None when it fails or is missing."""
    try:
        done = subprocess.run(
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **kwargs,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


@contextlib.contextmanager
def lock(name):
    """One run at a time does the named step; a second one waits and says so."""
    with _lock_file(name).open("w") as stream:
        if not _try_lock(stream):
            note(f"waiting for another run of ./dev ({name})")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def exclusive(name, refusal):
    """Like `lock`, but a second run is refused."""
    with _lock_file(name).open("w") as stream:
        if not _try_lock(stream):
            raise Failure(refusal)
        yield


_in_use = []


def mark_in_use(name):
    """Tells other runs, until this process ends, that it uses the named thing."""
    if not _in_use:
        stream = _lock_file(name).open("w")
        fcntl.flock(stream, fcntl.LOCK_SH)
        _in_use.append(stream)


@contextlib.contextmanager
def unless_used_by_others(name):
    """Yields whether no other process has marked it; none can while this lasts."""
    while _in_use:
        _in_use.pop().close()
    with _lock_file(name).open("w") as stream:
        yield _try_lock(stream)


def _lock_file(name):
    path = settings.cache_dir() / "locks" / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _try_lock(stream):
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_root():
    return os.geteuid() == 0
