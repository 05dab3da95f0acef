"""An attacker with everything that can be copied tries to find out who gave which answer.

What they have: the whole database as `pg_dump` writes it (in physical order), before and after the
answers came in; all mails, so all links; the log of the server; the sessions on disk. Moreover they have
watched: they know who answered and in which order, which is in none of these. What they don't have is the
key of the ballots, which is a file of the server.

The measure. Each method makes one guess per answer: a person. Hits are counted with what the test knows. Who
has watched and guesses at random among the k people who answered and whose answers would keep the same facts
hits with a probability of 1/k, without any database; the number of hits then is a sum of trials, whose
distribution is worked out exactly (binomial, where all k are the same). A method may have as many hits as that
guessing gives in 99.9 % of all cases; as there are many methods, 0.1 % is what all of them together may be
wrong. That the test can fail is proven at its end: with ids in the order of the answers, the same methods
find most of them.
"""

import base64
import hashlib
import hmac
import importlib.util
import itertools
import json
import os
import random
import re
import shutil
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import helpers
import pytest
from helpers import text_of, wait_until
from test_experience_ask import LINK
from test_experience_page import Guest, fill, sessions

from devtools import harness

DATABASE = "cr_blackbox_experience_attack"
CRON = "candidate_relationship.ir_cron_experience_ask"
THRESHOLD, INVITED, ANSWERED, COMMENTS, AT_ONCE = 10, 200, 120, 60, 6
# The last one is too small for its name to be kept.
DEPARTMENTS = {"Sales": 96, "Works": 60, "Office": 38, "Lab": 6}
ANSWER, COMMENT, BALLOT = "hr_experience_answer", "hr_experience_comment", "hr_experience_ballot"
FACTS = ("department_id", "outcome", "stage_group", "family_id")
COPY = re.compile(r"^COPY public\.(\S+) \((.*)\) FROM stdin;$")
MOMENT = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
SET_UP = """
env.company.experience_threshold = {threshold}
env['hr.department'].create([{{'name': name, 'company_id': env.company.id}} for name in {departments}])
env['hr.survey.trigger'].create({{
    'name': "All", 'survey_id': env.ref('candidate_relationship.experience_survey').id}}).action_start()
env.flush_all()
env.cr.execute("UPDATE hr_survey_trigger SET since_date = CURRENT_DATE - 30")
env.cr.commit()
"""
# Refused a week ago, and called since.
PEOPLE = """
WITH person AS (
    INSERT INTO res_partner (name, complete_name, email, email_normalized, active, type, lang)
    SELECT name, name, LOWER(name) || '@mail.example', LOWER(name) || '@mail.example', TRUE, 'contact', 'en_US'
      FROM (SELECT '{department}' || n AS name FROM generate_series(1, {count}) n) people RETURNING id, name, email
), applicant AS (
    INSERT INTO hr_applicant (partner_name, partner_id, email_from, email_normalized, company_id, kanban_state, active,
                              department_id, refuse_reason_id, refuse_date, create_date, write_date)
    SELECT name, id, email, email, {company}, 'normal', FALSE,
           (SELECT id FROM hr_department WHERE name->>'en_US' = '{department}' ORDER BY id DESC LIMIT 1),
           (SELECT MIN(id) FROM hr_applicant_refuse_reason WHERE no_answer_owed IS NOT TRUE),
           NOW() - INTERVAL '8 days', NOW() - INTERVAL '20 days', NOW()
      FROM person RETURNING id, partner_id
)
INSERT INTO hr_candidate_touch (partner_id, applicant_id, company_id, date, channel, direction)
SELECT partner_id, id, {company}, NOW() - INTERVAL '7 days', 'call', 'out' FROM applicant;
"""
# Ids as they would be if each answer got the next one.
LEAK = """
UPDATE {table} row SET id = -place FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY {order}) AS place FROM {table}) places
 WHERE places.id = row.id;
UPDATE {table} SET id = -id;
"""


# -- A company that asks 200 people, of whom 120 answer --------------------------------------


class Scene:
    """All that the attacker has, and the truth."""

    def __init__(self, office):
        self.office = office
        self.tokens = read_mails(office.mail_server)
        self.codes = {}
        # what the server makes when a page is shown for the first time
        self.page = Guest(office.server, next(iter(self.tokens.values()))).open()
        self.sessions_before = sessions(office)
        self.before = read_dump()
        self.answer()
        self.after = read_dump()
        self.log = office.server.log.read_text()

    def answer(self):
        """In an order that is none of the database's; some at the same time."""
        addresses = random.SystemRandom().sample(sorted(self.tokens), ANSWERED)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for _answer in pool.map(self.send, itertools.count(), addresses):
                pass
        self.codes = dict(enumerate(addresses))

    def send(self, number, address):
        """The statements spell the number of the answer: so the test finds it again."""
        guest = Guest(self.office.server, self.tokens[address])
        comment = f"Comment {number}" if number < COMMENTS else ""
        fields = fill(self.page, nps=str(number % 11), statements="1", comment=comment)
        scales = list(dict.fromkeys(self.page.tree.xpath("//form//input[@type='radio']/@name")))[1:]
        for place, name in enumerate(scales[:4]):
            fields[name] = str(number // 5**place % 5 + 1)
        assert guest.open().status == 200
        assert guest.open(fields).title == "Thank You"


@pytest.fixture(scope="module")
def scene(mail_server):
    name = helpers.make_company(DATABASE, mail_server)
    mail_server.clear()
    harness.odoo_shell(name, SET_UP.format(threshold=THRESHOLD, departments=list(DEPARTMENTS)))
    company = harness.query("SELECT MIN(company_id) FROM res_users WHERE login = 'admin'", name)[0]
    for department, count in DEPARTMENTS.items():
        harness.query(PEOPLE.format(department=department, count=count, company=company), name)
    with harness.Server(name, workers=2) as server:
        office = helpers.Office(name, server, mail_server)
        wait_until(lambda: ask(office), "everybody got the mail")
        yield Scene(office)
    harness.drop(name)


def ask(office):
    """The scheduled job has its time; who is left is for its next run."""
    office.run_job(CRON)
    sent = harness.query("SELECT COUNT(*) FROM hr_survey_invitation WHERE state = 'sent'", DATABASE)
    return sent == [str(INVITED)]


def read_mails(mail_server):
    """Tokens by address."""
    mails = [mail for mail in mail_server.wait_for(INVITED, timeout=60) if LINK.search(text_of(mail))]
    tokens = {mail["X-RcptTo"]: LINK.search(text_of(mail))[1] for mail in mails}
    assert len(tokens) == INVITED
    return tokens


def read_dump():
    """Rows of each table as `pg_dump` writes them: in physical order."""
    pg_dump = shutil.which("pg_dump")
    environment = os.environ | harness.postgres_environment()
    done = subprocess.run([pg_dump, "-d", DATABASE], env=environment, capture_output=True, text=True, check=True)
    tables, rows, columns = {}, None, ()
    for line in done.stdout.split("\n"):
        if found := COPY.match(line):
            columns = found[2].replace('"', "").split(", ")
            rows = tables.setdefault(found[1].replace('"', ""), [])
        elif line == "\\.":
            rows = None
        elif rows is not None:
            rows.append(dict(zip(columns, line.split("\t"), strict=True)))
    return tables


def load_partition():
    """The addon's module by its path: Odoo's models are not to be imported here."""
    path = Path(__file__).parents[1] / "candidate_relationship/models/hr_experience_partition.py"
    spec = importlib.util.spec_from_file_location("partition", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


partition = load_partition()


# -- The attacker ------------------------------------------------------------------------


class Attacker:
    """Guesses from a dump. A guess is a person (id of the partner) by id of an answer."""

    def __init__(self, scene, tables):
        self.scene, self.tables = scene, tables
        self.answers, self.comments = tables[ANSWER], tables[COMMENT]
        self.invitations = [row for row in tables["hr_survey_invitation"] if row["state"] == "sent"]
        self.people = {row["partner_id"]: row for row in self.invitations}
        self.person_of_token = {row["token"]: row["partner_id"] for row in self.invitations}
        addresses = {row["email"]: row["id"] for row in tables["res_partner"]}
        self.person_of_address = {address: addresses[address] for address in scene.tokens}
        # what they saw with their own eyes
        self.seen = [self.person_of_address[address] for address in scene.codes.values()]
        self.blocks = self.get_blocks()
        self.candidates = {row["id"]: self.get_candidates(row, FACTS) for row in self.answers}

    def get_limit(self, watched, error):
        """Hits that who has `watched` these people has by chance, but for an `error`."""
        groups = [able & frozenset(watched) for able in self.candidates.values()]
        return get_limit([1 / len(able) for able in groups if able], error)

    def get_blocks(self):
        """What the answer of each person would keep: how that is worked out is no secret."""
        facts = {person: tuple(None if row[name] == "\\N" else row[name] for name in FACTS)
                 for person, row in self.people.items()}
        cells = [partition.Cell(date.min, values, count) for values, count in Counter(facts.values()).items()]
        kept = {cell.facts: block.facts
                for block in partition.make_blocks(cells, THRESHOLD) for cell in block.cells}
        return {person: kept[values] for person, values in facts.items()}

    def get_candidates(self, row, facts):
        """All who were asked and whose answers keep the same; what is not kept tells as much as what is."""
        places = [FACTS.index(name) for name in facts]
        stored = [None if row[name] == "\\N" else row[name] for name in facts]
        return frozenset(
            person for person, block in self.blocks.items() if [block[place] for place in places] == stored)

    # -- In which order people may have answered

    def get_orders(self):
        """Ways to put the people into an order; those who did not answer are in between in most."""
        rows = self.invitations
        yield "seen", self.seen
        yield "invitation's place", [row["partner_id"] for row in rows]
        for column in ("id", "partner_id", "applicant_id"):
            yield f"invitation's {column}", [row["partner_id"] for row in sorted(rows, key=lambda r: int(r[column]))]
        yield "token", [row["partner_id"] for row in sorted(rows, key=lambda r: r["token"])]
        yield "mail", [self.person_of_address[address] for address in self.scene.tokens]
        yield from self.get_orders_by_time()

    def get_orders_by_time(self):
        """By every moment of every table whose rows belong to a person."""
        applicants = {row["applicant_id"]: row["partner_id"] for row in self.invitations}
        for table, rows in self.tables.items():
            for column in [name for name, value in (rows[0] if rows else {}).items() if MOMENT.match(value)]:
                moments = {}
                for row in rows:
                    person = row.get("partner_id") or applicants.get(row.get("applicant_id"))
                    person = row["id"] if table == "res_partner" else person
                    person = applicants.get(row["id"]) if table == "hr_applicant" else person
                    if person in self.people and MOMENT.match(row[column]):
                        moments[person] = max(row[column], moments.get(person, ""))
                if len(set(moments.values())) > 1:
                    yield f"{table}.{column}", sorted(moments, key=moments.get)

    def get_answer_orders(self):
        yield "id", [row["id"] for row in sorted(self.answers, key=lambda r: int(r["id"]))]
        yield "place", [row["id"] for row in self.answers]

    def match(self, answers, people):
        """The first answer is that of the first person; of those only who can have given it."""
        guesses = {}
        for place, answer in enumerate(answers):
            near = place * len(people) / len(answers)
            able = [(abs(rank - near), person) for rank, person in enumerate(people)
                    if person in self.candidates[answer]]
            if able:
                guesses[answer] = min(able)[1]
        return guesses

    def match_within_facts(self, answers, people):
        """The same, apart for each set of facts."""
        guesses = {}
        for group in {self.candidates[answer] for answer in answers}:
            able = [person for person in people if person in group]
            mine = [answer for answer in answers if self.candidates[answer] == group]
            guesses |= {answer: able[place * len(able) // len(mine)] for place, answer in enumerate(mine) if able}
        return guesses

    # -- Methods

    def get_methods(self):
        """:return: guesses by name of the method"""
        yield "coarse facts", {answer: random.choice(list(able)) for answer, able in self.candidates.items()}
        yield "keys", self.guess_by_keys()
        yield "hashes", self.guess_by_hashes()
        yield "tables that changed", self.guess_by_changes()
        for (kind, answers), (order, people) in itertools.product(self.get_answer_orders(), self.get_orders()):
            yield f"{kind} by {order}", self.match(answers, people)
            yield f"{kind} by {order}, backwards", self.match(answers[::-1], people)
            yield f"{kind} by {order}, by facts", self.match_within_facts(answers, people)

    def guess_by_keys(self):
        """Numbers of an answer, also within its values, that are the id of something of one person."""
        owners = {}
        for row in self.invitations:
            for column in ("id", "partner_id", "applicant_id"):
                owners.setdefault(row[column], row["partner_id"])
        guesses = {}
        for row, name in itertools.product(self.answers, ("id", "statements", "themes")):
            if found := [owners[number] for number in re.findall(r"\d+", row[name]) if number in owners]:
                guesses[row["id"]] = found[-1]
        return guesses

    def guess_by_hashes(self):
        """Whatever a token may have been made into; a ballot that is known is matched by its place."""
        made = {text: person for token, person in self.person_of_token.items() for text in self.get_hashes(token)}
        guesses = {}
        for row in self.answers:
            if found := [made[value] for value in row.values() if value in made]:
                guesses[row["id"]] = found[0]
        known = [made.get(row["ballot"]) for row in self.tables[BALLOT]]
        assert not any(known), "a ballot tells whose it is"
        return guesses

    def get_hashes(self, token):
        raw = token.encode()
        secrets = [row["value"] for row in self.tables["ir_config_parameter"]] + [DATABASE]
        names = ("md5", "sha1", "sha256", "sha512", "blake2b", "sha3_256")
        yield from (token, raw.hex(), base64.b64encode(raw).decode())
        for name in names:
            yield hashlib.new(name, raw).hexdigest()
            yield base64.b64encode(hashlib.new(name, raw).digest()).decode()
            yield from (hmac.new(secret.encode(), raw, name).hexdigest() for secret in secrets)

    def guess_by_changes(self):
        """Rows that were not there before, or look otherwise now, and name somebody who was asked."""
        people = []
        for table, rows in self.tables.items():
            old = {json.dumps(row) for row in self.scene.before.get(table, [])}
            for row in rows if table not in (ANSWER, COMMENT, BALLOT) else []:
                person = row.get("partner_id")
                if person in self.people and json.dumps(row) not in old:
                    people.append(person)
        return self.match([row["id"] for row in self.answers], people) if people else {}


# -- What counts -------------------------------------------------------------------------


def get_truth(attacker):
    """Person by id of the answer: by what the statements spell."""
    truth = {}
    for row in attacker.answers:
        values = [value for _id, value in sorted(json.loads(row["statements"]).items(), key=lambda item: int(item[0]))]
        code = sum((value - 1) * 5**place for place, value in enumerate(values[:4]))
        truth[row["id"]] = attacker.person_of_address[attacker.scene.codes[code]]
    assert len(truth) == ANSWERED == len(set(truth.values()))
    return truth


def get_limit(chances, error):
    """The number of hits that independent trials pass with a probability of at most `error`."""
    distribution = [1.0]
    for chance in chances:
        missed = [weight * (1 - chance) for weight in distribution] + [0.0]
        hit = [0.0] + [weight * chance for weight in distribution]
        distribution = [sum(pair) for pair in zip(missed, hit, strict=True)]
    total = 0.0
    for hits, weight in enumerate(distribution):
        total += weight
        if 1 - total <= error:
            return hits
    return len(chances)


def attack(scene, tables):
    """:return: the limit, and hits by method"""
    attacker = Attacker(scene, tables)
    truth = get_truth(attacker)
    hits = {name: sum(truth[answer] == person for answer, person in guesses.items())
            for name, guesses in attacker.get_methods()}
    limit = attacker.get_limit(attacker.seen, 0.001 / len(hits))
    print(f"{len(hits)} methods, at most {limit} hits of {ANSWERED} by chance; most: "
          + ", ".join(f"{name} {count}" for name, count in sorted(hits.items(), key=lambda item: -item[1])[:5]))
    return limit, hits


# -- Tests -------------------------------------------------------------------------------


def test_limit():
    """Against a table of the binomial distribution: 120 trials of 1/40."""
    assert get_limit([1 / 40] * 120, 0.001) == 9
    assert get_limit([0.5] * 10, 0.05) == 8
    assert get_limit([1.0] * 5, 0.001) == 5


def test_every_answer_could_be_that_of_enough_people(scene):
    attacker = Attacker(scene, scene.after)
    assert len(attacker.answers) == ANSWERED and len(attacker.comments) == COMMENTS
    assert min(map(len, attacker.candidates.values())) >= THRESHOLD
    assert {row["department_id"] for row in attacker.answers} > {"\\N"}, "the small department is not named"
    for row in attacker.comments:
        assert len(attacker.get_candidates(row, ("department_id",))) >= THRESHOLD


def test_no_method_does_better_than_chance(scene):
    limit, hits = attack(scene, scene.after)
    assert len(hits) > 30
    assert not {name: count for name, count in hits.items() if count > limit}


def test_comments_are_apart(scene):
    """By ids, by place and by who was seen commenting: comments lead to no person."""
    attacker = Attacker(scene, scene.after)
    numbers = {row["id"]: int(row["body"].split()[-1]) for row in attacker.comments}
    truth = {comment: attacker.seen[number] for comment, number in numbers.items()}
    attacker.candidates = {
        row["id"]: attacker.get_candidates(row, ("department_id",)) for row in attacker.comments}
    seen = attacker.seen[:COMMENTS]
    limit = attacker.get_limit(seen, 0.001 / 8)
    for order in (sorted(numbers, key=int), list(numbers)):
        for guesses in (attacker.match(order, seen), attacker.match(order[::-1], seen),
                        attacker.match_within_facts(order, seen), attacker.match(order, list(attacker.people))):
            assert sum(truth[comment] == person for comment, person in guesses.items()) <= limit


def test_ballots_do_not_tell_who_answered(scene):
    """Of all who were asked, those who answered are not found by ballots: none of their hashes is there."""
    attacker = Attacker(scene, scene.after)
    assert len(scene.after[BALLOT]) == ANSWERED
    assert attacker.guess_by_hashes() == {}


def test_answering_changes_nothing_else(scene):
    """Apart from answers, comments and ballots, no row of any table is another one."""
    changed = {table for table, rows in scene.after.items() if rows != scene.before[table]}
    assert changed == {ANSWER, COMMENT, BALLOT}


def test_nothing_on_disk(scene):
    """The log and the sessions hold no link; no session was made for anybody."""
    for token in scene.tokens.values():
        for text in (token, hashlib.sha256(token.encode()).hexdigest(), hashlib.md5(token.encode()).hexdigest()):
            assert text not in scene.log
    assert "/candidate/experience/***" in scene.log
    assert sessions(scene.office) == scene.sessions_before


def test_a_leak_is_found(scene):
    """With ids in the order in which people answered, the same attack finds most of them."""
    statements = list(json.loads(scene.after[ANSWER][0]["statements"]))
    statements.sort(key=int)
    order = " + ".join(f"(statements->>'{key}')::int * {5**place}" for place, key in enumerate(statements[:4]))
    harness.query(LEAK.format(table=ANSWER, order=order), DATABASE)
    limit, hits = attack(scene, read_dump())
    assert hits["id by seen"] > max(limit, ANSWERED / 2)
