"""Nurture: what the contact budget adds to the writing of a mailing.

    ./dev bench nurture [--only booking]

Ten thousand mails to talents are booked and put into the queue by stock Odoo and by the addon, in turn.
"""

import argparse
import tempfile
from contextlib import ExitStack, contextmanager

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_nurture"
MAILS, MAILS_AT_ONCE = 10_000, 500
BOOKING_RATIO = 1.15


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
    sources = {"stock": harness.template(), "budget": harness.with_addon()}
    costs = {name: [] for name in sources}
    with ExitStack() as stack:
        mail_server = stack.enter_context(harness.MailServer(stack.enter_context(tempfile.TemporaryDirectory())))
        odoos = {name: stack.enter_context(database(f"{DATABASE}_{name}", sources[name])) for name in sources}
        with progress(f"Making {MAILS} talents in each database"):
            for odoo in odoos.values():
                odoo.ask("prepare_budget", mail_port=mail_server.port, count=MAILS + MAILS_AT_ONCE)
        with progress(f"Writing {MAILS} mails in each"):
            for number, first in enumerate(range(0, MAILS + MAILS_AT_ONCE, MAILS_AT_ONCE)):
                for name in list(odoos) if number % 2 else list(odoos)[::-1]:
                    costs[name].append(_write(odoos[name], first))
    _report_booking(*(values[1:] for values in costs.values()))  # the first ones warm up


def _write(odoo, first):
    answer = odoo.ask("write_mailing", first=first, count=MAILS_AT_ONCE)
    if answer["result"] != MAILS_AT_ONCE:
        raise Failure(f"{answer['result']} mails wait in the queue instead of {MAILS_AT_ONCE}")
    # it commits after each batch: all of it counts
    return {name: value + answer["after"][name] for name, value in answer["until"].items()}


def _report_booking(stock, budget):
    step(f"Booking and queueing {MAILS} mails, {MAILS_AT_ONCE} at once")
    comparison = figures.Comparison(stock, budget)
    print(figures.table([("the addon, beside stock Odoo", comparison)]))
    figures.verdict("booking and queueing", comparison.ratio, BOOKING_RATIO, ".3f")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench nurture", description=__doc__.splitlines()[0])
    parts = {"booking": booking}
    parser.add_argument("--only", choices=list(parts))
    options = parser.parse_args()
    for name, part in parts.items():
        if options.only in (None, name):
            part()
    note(figures.machine())


if __name__ == "__main__":
    main()
