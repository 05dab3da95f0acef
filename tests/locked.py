"""A transaction that holds a lock, so that what must meet at it meets there, however busy the machine is."""

import subprocess

from helpers import wait_until

from devtools import harness, postgres


class Locked:
    """Has done a statement that locks something, and is not done yet."""

    def __init__(self, database, statement):
        self.database = database
        command = [postgres.program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
        self.psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._run(f"BEGIN; {statement}; SELECT 'locked';")
        assert self.psql.stdout.readline().strip() == "locked"

    def _run(self, sql):
        self.psql.stdin.write(sql + "\n")
        self.psql.stdin.flush()

    def let_go(self, what, waiting=1):
        """Commits as soon as so many wait for a lock; fails with `what` when they do not come."""
        wait_until(lambda: len(self._waiting()) >= waiting, what)
        self._run("COMMIT;")

    def _waiting(self):
        condition = f"wait_event_type = 'Lock' AND datname = '{self.database}'"
        return harness.query(f"SELECT pid FROM pg_stat_activity WHERE {condition}")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.psql.stdin.close()
        self.psql.wait()
