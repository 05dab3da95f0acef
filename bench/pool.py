"""Pools on 100,000 applications of 60,000 persons: filling by rule, screens, and mails that become touches.

    ./dev bench pool [--rounds N] [--only fill|screens|mails]

Filling is set beside hand-written SQL that makes the same rows, and beside what stock Odoo takes to copy
them one by one (measured on a part of them, and multiplied). The screens are opened with 100 and with
100,000 talents: they may ask no more queries. A mailing is sent by stock Odoo, by the addon, and by the
addon without touches, in turn.
"""

import argparse
import tempfile
from contextlib import ExitStack, contextmanager
from statistics import median

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_pool"
PERSONS, APPLICATIONS = 60_000, 100_000
FILLED, COPIED = 20_000, 500
FEW, MANY = 100, 100_000
MAILS, MAILS_AT_ONCE = 4_000, 400
SCREENS = {
    "pools": "kanban of the pools",
    "talents": "list of the talents, 80 rows",
    "cards": "kanban of the talents, 80 cards",
    "person": "a person's page",
}
FILL_RATIO, MAIL_RATIO = 2.0, 1.10


@contextmanager
def database(name, source):
    harness.duplicate(source, name)
    try:
        with Odoo(name) as odoo:
            yield odoo
    finally:
        harness.drop(name)


# -- Filling -----------------------------------------------------------------------------


def fill(rounds):
    with database(DATABASE, harness.with_addon()) as odoo:
        with progress(f"Making {APPLICATIONS} applications of {PERSONS} persons"):
            odoo.ask("prepare_pool", persons=PERSONS, applications=APPLICATIONS, talents=FEW)
            odoo.ask("prepare_fill", persons=FILLED)
        by_sql, by_rule, copied = [], [], []
        for number in range(rounds + 1):
            with progress(f"Round {number} of {rounds}" + ("" if number else " (warm-up)")):
                answers = [_filled(odoo, command) for command in ("fill_pool_sql", "fill_pool")]
                copies = odoo.ask("stock_copy", count=COPIED)
                odoo.ask("empty_pool")
            if number:
                by_sql.append(answers[0]["until"])
                by_rule.append(answers[1]["until"])
                copied.append(copies["until"])
    _report_fill(by_sql, by_rule, copied)


def _filled(odoo, command):
    answer = odoo.ask(command)
    if answer["result"] != FILLED:
        raise Failure(f"{command}: {answer['result']} talents instead of {FILLED}")
    odoo.ask("empty_pool")
    return answer


def _report_fill(by_sql, by_rule, copied):
    step(f"Filling a pool of {FILLED} persons by rule")
    comparison = figures.Comparison(by_sql, by_rule)
    head = ["", "SQL ms", "by rule ms", *figures.HEAD[3:]]
    print(figures.table([("fill", comparison)], head))
    stock = median(cost["seconds"] for cost in copied) * FILLED / COPIED
    sql, rule = (median(cost["seconds"] for cost in costs) for costs in (by_sql, by_rule))
    note(f"stock Odoo copies {COPIED} in {stock * COPIED / FILLED:.1f} s, so {FILLED} in about {stock:.0f} s")
    figures.verdict("by rule, against twice the SQL and the stock copies", rule / (2 * sql + stock), 1.0, ".3f")
    figures.verdict("by rule, against the SQL alone", comparison.ratio, FILL_RATIO, ".2f")


# -- Screens -----------------------------------------------------------------------------


def screens(rounds):
    with database(DATABASE, harness.with_addon()) as odoo:
        costs = {}
        for count in (FEW, MANY):
            with progress(f"Making {count} talents"):
                odoo.ask("prepare_pool", persons=count, applications=count, talents=count)
            for name in SCREENS:
                answers = [odoo.ask("open_screen", name=name)["until"] for __ in range(rounds + 1)]
                costs[name, count] = answers[1:]
    step(f"Screens with {FEW} and with {MANY} talents")
    comparisons = {name: figures.Comparison(costs[name, FEW], costs[name, MANY]) for name in SCREENS}
    head = ["", f"{FEW} ms", f"{MANY} ms", *figures.HEAD[3:]]
    print(figures.table([(SCREENS[name], comparison) for name, comparison in comparisons.items()], head))
    for name, comparison in comparisons.items():
        figures.verdict(f"more queries: {SCREENS[name]}", comparison.extra_queries, 0, "g")


# -- Mails -------------------------------------------------------------------------------


def mails():
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        mail_server = stack.enter_context(harness.MailServer(folder))
        sources = {"stock": harness.template(), "bare": harness.with_addon(), "touches": harness.with_addon()}
        odoos = {name: stack.enter_context(database(f"{DATABASE}_{name}", sources[name])) for name in sources}
        with progress(f"Making {MAILS} applicants in each database"):
            for odoo in odoos.values():
                odoo.ask("prepare_mails", mail_port=mail_server.port, count=MAILS)
        costs = {name: [] for name in odoos}
        with progress(f"Sending {MAILS} mails from each"):
            for number, first in enumerate(range(0, MAILS, MAILS_AT_ONCE)):
                order = list(odoos) if number % 2 else list(odoos)[::-1]
                for name in order:
                    costs[name].append(_send(odoos[name], first, name != "bare"))
    _report_mails({name: values[1:] for name, values in costs.items()})  # the first ones warm up


def _send(odoo, first, touches):
    answer = odoo.ask("send_mailing", first=first, count=MAILS_AT_ONCE, touches=touches)
    if answer["result"] != MAILS_AT_ONCE:
        raise Failure(f"{answer['result']} mails were sent instead of {MAILS_AT_ONCE}")
    # the sender commits after each mail: all of it counts
    return {name: value + answer["after"][name] for name, value in answer["until"].items()}


def _report_mails(costs):
    step(f"Sending {MAILS} mails of mailings, {MAILS_AT_ONCE} at once")
    touches = figures.Comparison(costs["bare"], costs["touches"])
    whole = figures.Comparison(costs["stock"], costs["touches"])
    rows = [("the touches, beside the addon without them", touches), ("the whole addon, beside stock Odoo", whole)]
    print(figures.table(rows))
    figures.verdict("recording a touch for each mail", touches.ratio, MAIL_RATIO, ".3f")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench pool", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["fill", "screens", "mails"])
    options = parser.parse_args()
    parts = {"fill": lambda: fill(options.rounds), "screens": lambda: screens(10 * options.rounds), "mails": mails}
    for name, part in parts.items():
        if options.only in (None, name):
            part()
    note(figures.machine())


if __name__ == "__main__":
    main()
