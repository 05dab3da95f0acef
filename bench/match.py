"""Ranking 100,000 talents with 5 skills each for a job, and the order they come in.

    ./dev bench match [--rounds N] [--talents N]

The ranking of a round is set beside a statement that somebody would write by hand for the same people, scores,
reasons of exclusion and list, and beside sorting what stock Odoo computes for its list of matching applicants
(measured once). Where only skills count the order must be stock Odoo's.
"""

import argparse
from statistics import median

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_match"
TALENTS = 100_000
SQL_RATIO, STOCK_RATIO = 2.0, 50


def rank(rounds, talents):
    harness.duplicate(harness.with_addon(), DATABASE)
    try:
        with Odoo(DATABASE) as odoo:
            with progress(f"Making {talents} talents with 5 skills each"):
                odoo.ask("prepare_match", talents=talents)
            by_sql, by_round = _measure(odoo, rounds)
            with progress(f"Sorting the matching score of stock Odoo for {talents}"):
                skills = [odoo.ask("match_skills")["until"] for _number in range(rounds + 1)][1:]
                stock = odoo.ask("match_stock")["until"]
            with progress("Comparing the order"):
                order = odoo.ask("match_order")
        _report(by_sql, by_round, order, talents)
        _report_stock(by_round, skills, stock)
    finally:
        harness.drop(DATABASE)


def _measure(odoo, rounds):
    by_sql, by_round = [], []
    for number in range(rounds + 1):
        with progress(f"Round {number} of {rounds}" + ("" if number else " (warm-up)")):
            answers = [odoo.ask(command) for command in ("match_sql", "match_round")]
        if answers[0]["result"] != answers[1]["result"]:
            raise Failure(f"by hand {answers[0]['result']}, by the round {answers[1]['result']}")
        if number:
            by_sql.append(answers[0]["until"])
            by_round.append(answers[1]["until"])
    return by_sql, by_round


def _report(by_sql, by_round, order, talents):
    step(f"Ranking {talents} talents for a job")
    comparison = figures.Comparison(by_sql, by_round)
    print(figures.table([("rank", comparison)], ["", "SQL ms", "round ms", *figures.HEAD[3:]]))
    figures.verdict("the round, against the SQL by hand", comparison.ratio, SQL_RATIO, ".2f")
    figures.verdict(f"{order['compared']} compared with stock's order; out of place", order["wrong"], 0, "g")
    if not order["compared"]:
        raise Failure("nothing was compared")


def _report_stock(by_round, skills, stock):
    """What stock Odoo computes is the skills alone: so does the round that it is set beside."""
    note(f"stock Odoo sorts the talents by its matching score in {stock['seconds']:.1f} s, {stock['cpu']:.1f} of CPU")
    for name, costs in (("all terms", by_round), ("only skills", skills)):
        seconds, cpu = (median(cost[kind] for cost in costs) for kind in ("seconds", "cpu"))
        note(f"a round with {name}: {seconds:.2f} s, {cpu:.2f} of CPU; stock takes {stock['seconds'] / seconds:.0f}"
             f" times as long, {stock['cpu'] / cpu:.0f} times the CPU")  # fmt: skip
    share = median(cost["seconds"] for cost in skills) / stock["seconds"]
    figures.verdict("a round with only skills, as a share of the time of stock Odoo", share, 1 / STOCK_RATIO, ".4f")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench match", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--talents", type=int, default=TALENTS)
    options = parser.parse_args()
    rank(options.rounds, options.talents)
    note(figures.machine())


if __name__ == "__main__":
    main()
