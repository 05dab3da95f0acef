"""Nurture: what the contact budget, and a program, add to the writing of a mailing; and the daily selection.

    ./dev bench nurture [--only booking|program|selection]

Ten thousand mails to talents are booked and put into the queue by stock Odoo and by the addon, in turn:
as a mailing, and by a program, from looking for whom a step is due to the mails that wait in the queue.
The selection is the benchmark ``nurture_selection``.
"""

import argparse
import tempfile
from contextlib import ExitStack, contextmanager

from bench import figures, nurture_selection
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_nurture"
MAILS, MAILS_AT_ONCE = 10_000, 500
BOOKING_RATIO = 1.15
PROGRAM_MAILS_AT_ONCE = 2_000
PROGRAM_RATIO = 1.15


@contextmanager
def database(name, source):
    harness.duplicate(source, name)
    try:
        with Odoo(name) as odoo:
            yield odoo
    finally:
        harness.drop(name)


# -- Booking -----------------------------------------------------------------------------


def booking():
    costs = _write_in_turn(MAILS_AT_ONCE, {"stock": "write_mailing", "budget": "write_mailing"})
    step(f"Booking and queueing {MAILS} mails, {MAILS_AT_ONCE} at once")
    _report("the addon, beside stock Odoo", "booking and queueing", costs, BOOKING_RATIO)


# -- Through a program -------------------------------------------------------------------


def program():
    """The daily job of programs and the job of mailings, beside the job of mailings of stock Odoo."""
    costs = _write_in_turn(PROGRAM_MAILS_AT_ONCE, {"stock": "run_mailing", "budget": "run_program"})
    step(f"Selecting, booking and queueing {MAILS} mails through a program, {PROGRAM_MAILS_AT_ONCE} at once")
    _report("a program, beside stock Odoo", "booking and queueing through a program", costs, PROGRAM_RATIO)


# -- Both --------------------------------------------------------------------------------


def _write_in_turn(at_once, commands):
    """:return: costs of each batch, of stock Odoo and of the addon"""
    sources = {"stock": harness.template(), "budget": harness.with_addon()}
    costs = {name: [] for name in sources}
    with ExitStack() as stack:
        mail_server = stack.enter_context(harness.MailServer(stack.enter_context(tempfile.TemporaryDirectory())))
        odoos = {name: stack.enter_context(database(f"{DATABASE}_{name}", sources[name])) for name in sources}
        with progress(f"Making {MAILS} talents in each database"):
            for odoo in odoos.values():
                odoo.ask("prepare_budget", mail_port=mail_server.port, count=MAILS + at_once)
        with progress(f"Writing {MAILS} mails in each"):
            for number, first in enumerate(range(0, MAILS + at_once, at_once)):
                for name in list(odoos) if number % 2 else list(odoos)[::-1]:
                    costs[name].append(_write(odoos[name], commands[name], first, at_once))
    return [values[1:] for values in costs.values()]  # the first ones warm up


def _write(odoo, command, first, count):
    answer = odoo.ask(command, first=first, count=count)
    if answer["result"] != count:
        raise Failure(f"{answer['result']} mails wait in the queue instead of {count}")
    # it commits after each batch: all of it counts
    return {name: value + answer["after"][name] for name, value in answer["until"].items()}


def _report(name, what, costs, limit):
    comparison = figures.Comparison(*costs)
    print(figures.table([(name, comparison)]))
    figures.verdict(what, comparison.ratio, limit, ".3f")


def selection():
    nurture_selection.selection(rounds=5, people=nurture_selection.PEOPLE)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench nurture", description=__doc__.splitlines()[0])
    parts = {"booking": booking, "program": program, "selection": selection}
    parser.add_argument("--only", choices=list(parts))
    options = parser.parse_args()
    for name, part in parts.items():
        if options.only in (None, name):
            part()
    note(figures.machine())


if __name__ == "__main__":
    main()
