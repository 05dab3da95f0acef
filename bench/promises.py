"""The overdue list and the scheduled job on a hundred thousand running promises, beside hand-written SQL.

    ./dev bench promises [--rounds N]
"""

import argparse

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_promises"
RUNNING, OVERDUE = 100_000, 10_000
RATIO = 1.5
BATCH = 200
# name: (what Odoo does, the SQL beside it, arguments)
ROWS = {
    "open the overdue list (80 rows and the count)": ("open_list", "open_list_sql", {}),
    "what the scheduled job selects, first batch": ("select", "select_sql", {"limit": BATCH}),
    "what the scheduled job selects, all of it": ("select", "select_sql", {}),
}


def measure(odoo, rounds):
    costs = {row: ([], []) for row in ROWS}
    for number in range(rounds + 1):
        for row, (orm, sql, arguments) in ROWS.items():
            by_orm, by_sql = in_turn(odoo, (orm, sql), arguments, number)
            if by_orm["result"] != by_sql["result"]:
                raise Failure(f"{row}: Odoo and SQL don't find the same")
            # the first round is the warm-up
            if number:
                costs[row][0].append(by_sql["until"])
                costs[row][1].append(by_orm["until"])
    return costs


def in_turn(odoo, commands, arguments, number):
    """Whoever comes second finds warmer caches, so they change places."""
    order = commands if number % 2 else reversed(commands)
    answers = {command: odoo.ask(command, **arguments) for command in order}
    return [answers[command] for command in commands]


def report(costs):
    head = ["", "SQL ms", "Odoo ms", *figures.HEAD[3:]]
    comparisons = {row: figures.Comparison(*pair) for row, pair in costs.items()}
    print(figures.table(comparisons.items(), head))
    for row, comparison in comparisons.items():
        figures.verdict(row, comparison.ratio, RATIO, ".2f")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench promises", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=31)
    rounds = parser.parse_args().rounds
    harness.duplicate(harness.with_addon(), DATABASE)
    try:
        with Odoo(DATABASE) as odoo:
            with progress(f"Making {RUNNING} running promises, {OVERDUE} of them overdue"):
                found = odoo.ask("fill", running=RUNNING, overdue=OVERDUE)
            costs = measure(odoo, rounds)
    finally:
        harness.drop(DATABASE)
    step("Promises")
    note(f"{found} of {RUNNING} overdue; medians of {rounds} rounds")
    note(figures.machine())
    report(costs)


if __name__ == "__main__":
    main()
