"""Nurture programs: the daily selection over 100,000 enrollments, and putting 100,000 people in.

    ./dev bench nurture_selection [--rounds N] [--people N]

The selection (who leaves, who is due and who has to wait) is set beside SQL that was written by hand for
the same answer, in turn, on the same rows. Enrolling, and queueing 10,000 mails, are timed alone: how
sending them compares with stock Odoo is measured by the benchmark of the contact budget.
"""

import argparse
from contextlib import contextmanager
from statistics import median

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_nurture_selection"
PEOPLE, MAILS = 100_000, 10_000
RATIO = 1.5


@contextmanager
def database():
    harness.duplicate(harness.with_addon(), DATABASE)
    try:
        with Odoo(DATABASE) as odoo:
            yield odoo
    finally:
        harness.drop(DATABASE)


def selection(rounds, people):
    costs = {"select_by_sql": [], "select_by_program": []}
    with database() as odoo:
        with progress(f"Making {people} talents"):
            odoo.ask("prepare_selection", people=people)
        with progress(f"Putting {people} into a program"):
            enrolled = odoo.ask("enroll_everybody")
        if enrolled["result"] != people:
            raise Failure(f"{enrolled['result']} people entered instead of {people}")
        odoo.ask("spread_selection", mails=MAILS)
        for number in range(rounds + 1):
            with progress(f"Round {number} of {rounds}" + ("" if number else " (warm-up)")):
                order = list(costs) if number % 2 else list(costs)[::-1]
                answers = {name: odoo.ask(name) for name in order}
            found = [answers[name]["result"] for name in costs]
            if found[0] != found[1]:
                raise Failure(f"the two differ: {found}")
            for name in costs if number else ():
                costs[name].append(answers[name]["until"])
        queued = [odoo.ask("queue_mails") for __ in range(3)]
    _report(costs, enrolled, found[0], queued)


def _report(costs, enrolled, found, queued):
    people = enrolled["result"]
    step(f"Daily selection over {people} enrollments: {found[0]} leave, {found[1]} are due, {found[2]} of them wait")
    comparison = figures.Comparison(*costs.values())
    print(figures.table([("selection", comparison)], ["", "SQL ms", "program ms", *figures.HEAD[3:]]))
    note(f"entering a program: {people} people in {enrolled['until']['seconds']:.1f} s")
    seconds = median(answer["until"]["seconds"] for answer in queued)
    note(f"selecting, booking and queueing {queued[0]['result']} mails: {seconds:.2f} s")
    figures.verdict("the program's selection, against the SQL alone", comparison.ratio, RATIO, ".2f")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench nurture_selection", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    selection(options.rounds, options.people)
    note(figures.machine())


if __name__ == "__main__":
    main()
