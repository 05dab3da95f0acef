"""200,000 answers about the candidates' experience: the figures, and publishing them.

    ./dev bench survey [--rounds N] [--answers N]

The report (NPS with its interval by department and quarter) is set beside SQL on the raw answers that shows no
group below the threshold, nor a single small one that would be the rest. Publishing is set beside the same
aggregation in bare SQL: counts by all facts, sums of eight statements, themes, and the deletion.
"""

import argparse

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import Failure, note, progress, step

DATABASE = "cr_bench_survey"
ANSWERS = 200_000
REPORT_RATIO = 1.5
PUBLISH_ROUNDS = 3


def survey(rounds, answers):
    harness.duplicate(harness.with_addon(), DATABASE)
    try:
        with Odoo(DATABASE) as odoo:
            with progress(f"Making {answers} answers of 24 months, 20 departments and 8 job families"):
                odoo.ask("prepare_survey", answers=answers)
            _publish(odoo, min(rounds, PUBLISH_ROUNDS), answers)
            _report(odoo, rounds, answers)
    finally:
        harness.drop(DATABASE)


def _publish(odoo, rounds, answers):
    by_sql, by_batch = [], []
    for number in range(rounds + 1):
        with progress(f"Publishing, round {number} of {rounds}" + ("" if number else " (warm-up)")):
            costs = []
            for command in ("survey_publish_sql", "survey_publish"):
                odoo.ask("survey_restore")
                costs.append(odoo.ask(command))
        if {cost["result"] for cost in costs} != {answers}:
            raise Failure(f"{[cost['result'] for cost in costs]} answers were counted instead of {answers}")
        if number:
            by_sql.append(costs[0]["until"])
            by_batch.append(costs[1]["until"])
    step(f"Publishing {answers} answers")
    comparison = figures.Comparison(by_sql, by_batch)
    print(figures.table([("publish", comparison)], ["", "SQL ms", "publish ms", *figures.HEAD[3:]]))
    note(f"publishing takes {comparison.ratio:.2f} times as long as the aggregation in bare SQL")


def _report(odoo, rounds, answers):
    by_sql, by_blocks, by_report = [], [], []
    for number in range(rounds + 1):
        with progress(f"Report, round {number} of {rounds}" + ("" if number else " (warm-up)")):
            costs = [odoo.ask(name) for name in ("survey_report_sql", "survey_report_blocks", "survey_report")]
        counted = [sum(row[0] for row in cost["result"]) for cost in costs]
        if counted[1:] != [answers, answers] or costs[1]["result"] != costs[2]["result"]:
            raise Failure(f"the report and SQL on its blocks differ, or not all is counted: {counted}")
        if number:
            for kept, cost in zip((by_sql, by_blocks, by_report), costs, strict=True):
                kept.append(cost["until"])
    step(f"NPS of {answers} answers by department and quarter")
    raw, blocks = figures.Comparison(by_sql, by_report), figures.Comparison(by_blocks, by_report)
    head = ["", "SQL ms", "report ms", *figures.HEAD[3:]]
    print(figures.table([("on answers", raw), ("on blocks", blocks)], head))
    figures.verdict("the report, against SQL on the answers incl. suppression", raw.ratio, REPORT_RATIO, ".3f")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench survey", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--answers", type=int, default=ANSWERS)
    options = parser.parse_args()
    survey(options.rounds, options.answers)
    note(figures.machine())


if __name__ == "__main__":
    main()
