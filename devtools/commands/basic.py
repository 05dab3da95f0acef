"""The commands that only hand over to another program."""

import subprocess

from .. import lint as linters
from .. import postgres, runtime
from .. import readme as readme_files
from ..console import Failure, note, step
from ..odoo_server import end_with_parent


def setup(arguments):
    """Install what is missing, and nothing else."""
    runtime.ensure()
    step("Ready")
    return 0


def odoo(arguments):
    """Odoo's own command line with this project's configuration: ./dev odoo ARGS…"""
    return hand_over(runtime.odoo_command(*arguments), runtime.ensure())


def psql(arguments):
    """PostgreSQL's prompt on a database: ./dev psql DB [ARGS…]"""
    if not arguments:
        raise Failure("name a database: ./dev psql DB (./dev psql -l lists them)")
    return hand_over([postgres.program("psql"), *arguments], runtime.ensure())


def lint(arguments):
    """Check the sources: ./dev lint [--fix]"""
    unknown = [argument for argument in arguments if argument != "--fix"]
    if unknown:
        raise Failure(f"lint takes only --fix, not {unknown[0]}")
    runtime.ensure_tools()
    return 0 if linters.run(fix="--fix" in arguments) else 1


def readme(arguments):
    """Write README.rst and the Apps screen's page of the addon from its readme/ fragments."""
    runtime.ensure_tools()
    for path in readme_files.write():
        note(f"written: {path}")
    return 0


def stop(arguments):
    """Stop the private PostgreSQL, which keeps running between commands."""
    runtime.stop_unused()
    return 0


def hand_over(command, environment, cwd=None, then_stop=False):
    """Runs a program in the foreground; Ctrl-C is the program's to handle, e.g. a prompt's to ignore.

    :param then_stop: whether the command ends too once a program that got Ctrl-C has ended
    """
    process = subprocess.Popen(command, env=environment, cwd=cwd, preexec_fn=end_with_parent())
    interrupted = False
    while process.returncode is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            interrupted = True
    if interrupted and then_stop:
        raise KeyboardInterrupt
    return process.returncode
