"""What the addon adds to a recruiter's work: the same, with and without it, in turn.

    ./dev bench overhead [--rounds N]

Each row is measured to the end of the commit, in processes that have Odoo loaded, so that no time
of HTTP or of the browser hides anything.
"""

import argparse
import tempfile
from contextlib import ExitStack, contextmanager

from bench import figures
from bench.odoo_process import Odoo
from devtools import harness
from devtools.console import note, progress, step

WITHOUT, WITH = "cr_bench_without", "cr_bench_with"
APPLICANTS = 400
BULK = 500
BULK_RATIO, SINGLE_RATIO, EXTRA_QUERIES = 1.10, 1.15, 20
# How often a round repeats the short ones
SINGLES, KANBANS, FORMS = 20, 5, 20


class Round:
    """One turn of all the work on one database; keeps what each row cost."""

    def __init__(self, odoo, name):
        self.odoo, self.name = odoo, name
        self.costs = {}

    def _keep(self, row, answer, part="until"):
        self.costs.setdefault(row, []).append(answer[part])
        return answer["result"]

    def create_many(self):
        return self._keep("create many", self.odoo.ask("create", count=BULK, batch=self.name))

    def move_many(self, row, ids, stage):
        self._keep(row, self.odoo.ask("move", ids=ids, stage=stage))

    def single(self, number):
        answer = self.odoo.ask("create", count=1, batch=f"{self.name}-{number}", deliver=True)
        self._keep("deliver one", answer, "after")
        ids = self._keep("create one", answer)
        self._keep("move one", self.odoo.ask("move", ids=ids, stage="next"))

    def kanban(self):
        self._keep("kanban", self.odoo.ask("open_kanban"))
        self._keep("cards", self.odoo.ask("open_cards"))

    def form(self, number):
        self._keep("form", self.odoo.ask("open_form", number=number))


# -- Rounds ------------------------------------------------------------------------------


def run_round(odoos, name):
    """All work on both databases, step by step in turn; `{database: {row: [costs]}}`."""
    rounds = [Round(odoo, name) for odoo in odoos]
    created = [turn.create_many() for turn in rounds]
    for row, stage in (("move many", "next"), ("move finalists", "finalists")):
        for turn, ids in zip(rounds, created, strict=True):
            turn.move_many(row, ids, stage)
    for number in range(SINGLES):
        in_turn(rounds, number, lambda turn, number=number: turn.single(number))
    for odoo in odoos:
        odoo.ask("restore")
    for number in range(KANBANS):
        in_turn(rounds, number, Round.kanban)
    for number in range(FORMS):
        in_turn(rounds, number, lambda turn, number=number: turn.form(7 * number))
    return {turn.odoo: turn.costs for turn in rounds}


def in_turn(rounds, number, work):
    """Whoever comes second finds warmer caches, so they change places."""
    for turn in rounds if number % 2 else reversed(rounds):
        work(turn)


def measure(odoos, rounds):
    """Costs of all rounds by database; the first, in which everything is slow, is left out."""
    costs = {odoo: {} for odoo in odoos}
    for number in range(rounds + 1):
        with progress(f"Round {number} of {rounds}" + ("" if number else " (warm-up)")):
            # Each round the other one goes first.
            results = run_round(odoos if number % 2 else odoos[::-1], f"round {number}")
        for odoo, rows in results.items() if number else ():
            for row, values in rows.items():
                costs[odoo].setdefault(row, []).extend(values)
    return [costs[odoo] for odoo in odoos]


@contextmanager
def two_odoos():
    with ExitStack() as stack:
        mails = stack.enter_context(tempfile.TemporaryDirectory())
        mail_server = stack.enter_context(harness.MailServer(mails))
        odoos = []
        for name, source in ((WITHOUT, harness.template()), (WITH, harness.with_addon())):
            harness.duplicate(source, name)
            stack.callback(harness.drop, name)
            odoos.append(stack.enter_context(Odoo(name)))
        with progress(f"Making {APPLICANTS} applicants in each database"):
            for odoo in odoos:
                odoo.ask("prepare", mail_port=mail_server.port, count=APPLICANTS)
        yield odoos


# -- Figures -----------------------------------------------------------------------------

BULK_ROWS = {
    "create many": f"create {BULK} applicants in one call",
    "move many": f"move {BULK} to the next stage",
    "move finalists": f"move {BULK} to the stage of finalists",
}
SINGLE_ROWS = {
    "create one": "create one applicant",
    "move one": "move one to the next stage",
    "kanban": "open the kanban (web_read_group)",
    "cards": "80 cards of it (web_search_read)",
    "form": "open the form (web_read)",
}
OTHER_ROWS = {"deliver one": "send one acknowledgement, after commit"}


def report(without, with_addon):
    rows = {**BULK_ROWS, **SINGLE_ROWS, **OTHER_ROWS}
    comparisons = {row: figures.Comparison(without[row], with_addon[row]) for row in rows}
    print(figures.table([(rows[row], comparison) for row, comparison in comparisons.items()]))
    for row, limit in [*((row, BULK_RATIO) for row in BULK_ROWS), *((row, SINGLE_RATIO) for row in SINGLE_ROWS)]:
        figures.verdict(rows[row], comparisons[row].ratio, limit, ".3f")
    extra = sum(comparisons[row].extra_queries for row in BULK_ROWS)
    figures.verdict("extra queries of the bulk rows in all", extra, EXTRA_QUERIES, "g")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench overhead", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with two_odoos() as odoos:
        costs = measure(odoos, rounds)
    step("Overhead")
    note(f"medians of {rounds} rounds; one process each, JIT off; times to the end of the commit")
    note(figures.machine())
    report(*costs)


if __name__ == "__main__":
    main()
