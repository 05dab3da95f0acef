"""Filling in the stage history of a hundred thousand applications that were moved five times each.

    ./dev bench stage_history [--applicants N] [--moves N]
"""

import argparse

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_stages"
APPLICANTS, MOVES = 100_000, 5
# 'in minutes, not in hours', on a machine of two cores
LIMIT_SECONDS = 300


def main():
    parser = argparse.ArgumentParser(prog="./dev bench stage_history", description=__doc__.splitlines()[0])
    parser.add_argument("--applicants", type=int, default=APPLICANTS)
    parser.add_argument("--moves", type=int, default=MOVES)
    options = parser.parse_args()
    harness.duplicate(harness.with_addon(), DATABASE)
    try:
        with Odoo(DATABASE) as odoo:
            with progress(f"Making {options.applicants} applicants with {options.moves} tracked moves each"):
                odoo.ask("fill_stages", applicants=options.applicants, moves=options.moves)
            costs = {name: odoo.ask(command) for name, command in ROWS.items()}
    finally:
        harness.drop(DATABASE)
    step("Stage history")
    note(f"{options.applicants} applicants, {options.moves} moves each; once, without a warm-up")
    note(figures.machine())
    report(options, costs)


ROWS = {
    "at installation, the first applications": "backfill_at_install",
    "scheduled job, all the others": "backfill_by_job",
    "scheduled job when nothing is left": "backfill_by_job",
    "furthest stage of all": "furthest_stages",
}


def report(options, costs):
    for name, cost in costs.items():
        note(f"{name}: {cost['until']['seconds']:.2f} s, {cost['until']['queries']} queries, {cost['result']} rows")
    rows = sum(costs[name]["result"] for name in list(ROWS)[:2])
    if rows != options.applicants * (options.moves + 1):
        raise Failure(f"{rows} rows are not those of {options.applicants} applicants with {options.moves} moves")
    seconds = sum(costs[name]["until"]["seconds"] for name in list(ROWS)[:2])
    figures.verdict("seconds to fill in all", seconds, LIMIT_SECONDS, ".1f")


if __name__ == "__main__":
    main()
