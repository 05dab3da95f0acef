"""Does the measured work inside Odoo, on one database: commands come in and figures go out as JSON lines.

Run as `python -m bench.worker DATABASE`; it needs Odoo, while what drives it does not.
"""

import gc
import json
import logging
import sys
import threading
import time
from contextlib import contextmanager

import psutil

from odoo import api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

from bench import (
    match_work,
    nurture_selection_work,
    nurture_work,
    overhead_work,
    pool_work,
    promises_work,
    stage_history_work,
    survey_work,
)

COMMANDS = {
    **match_work.COMMANDS,
    **nurture_selection_work.COMMANDS,
    **nurture_work.COMMANDS,
    **overhead_work.COMMANDS,
    **pool_work.COMMANDS,
    **promises_work.COMMANDS,
    **stage_history_work.COMMANDS,
    **survey_work.COMMANDS,
}


class Worker:
    """One database and the user who works on it."""

    def __init__(self, database):
        self.registry = Registry(database)
        self.user_id = api.SUPERUSER_ID
        self.context = {}
        self.facts = {}

    @contextmanager
    def environment(self, user_id=None):
        """A new cursor with empty caches, as each request of the web client has."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user_id or self.user_id, self.context)
            yield env

    def measure(self, work, deliver=False):
        """What `work(env)` costs until it is committed, and what runs after the commit.

        Mails go out after the commit, each in a transaction of its own.

        :param deliver: whether they do; else they stay in the queue
        """
        with self.environment() as env:
            marks = []

            @env.cr.postcommit.add
            def committed():
                marks.append(self._costs(backend))
                if not deliver:
                    env.cr.postcommit.clear()

            backend = _backend(env.cr)
            gc.collect()
            marks.append(self._costs(backend))
            result = work(env)
            env.cr.commit()
            marks.append(self._costs(backend))
        start, middle, end = marks
        return {
            "until": {name: middle[name] - start[name] for name in start},
            "after": {name: end[name] - middle[name] for name in start},
            "result": result,
        }

    def _costs(self, backend):
        """Wall time, processor time of Odoo and of its PostgreSQL connection, queries of this thread."""
        return {
            "seconds": time.perf_counter(),
            "cpu": time.process_time() + _cpu_of(backend),
            "queries": threading.current_thread().query_count,
        }


def _backend(cr):
    """The connection's process, where PostgreSQL runs on this machine."""
    cr.execute("SELECT pg_backend_pid()")
    (number,) = cr.fetchone()
    try:
        process = psutil.Process(number)
        return process if "postgres" in process.name() else None
    except psutil.Error:
        return None


def _cpu_of(process):
    return sum(process.cpu_times()[:2]) if process else 0.0


def main():
    config.parse_config(["--database", sys.argv[1], "--no-http", "--log-level=error"], setup_logging=True)
    # what stock Odoo calls of its own that is to go in a later version
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    server.start(preload=[], stop=True)
    threading.current_thread().dbname = sys.argv[1]
    threading.current_thread().query_count = 0
    worker = Worker(sys.argv[1])
    # As a server that has just started: what was loaded is no garbage to look through.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        command = json.loads(line)
        answer = COMMANDS[command.pop("command")](worker, **command)
        print(json.dumps(answer), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    main()
