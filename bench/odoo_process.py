"""A process with Odoo in it, and asking it to work: JSON lines through its input and output."""

import json
import subprocess

from devtools import python_env, runtime
from devtools.console import Failure


class Odoo:
    """A process with Odoo in it; one command at a time."""

    def __init__(self, database):
        self.process = subprocess.Popen(
            [str(python_env.python()), "-m", "bench.worker", database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Compiling a plan takes longer than the whole query: it would hide what the addon adds.
            env=runtime.environment() | {"PGOPTIONS": "-c jit=off"},
        )

    def ask(self, command, **arguments):
        self.process.stdin.write(json.dumps({"command": command, **arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Failure("the process with Odoo ended: its error is above")
        return json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()
