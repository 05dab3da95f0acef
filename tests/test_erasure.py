"""Erasing people while the company is at work, killing the job that does it, and the export over HTTP."""

import asyncio
import io
import json
import urllib.error
import urllib.request
import zipfile
from http.client import HTTPException

import helpers
import pytest
from helpers import at_once, wait_until

from devtools import harness

DATABASE = "cr_blackbox_erasure"
JOB = f"{helpers.ADDON}.ir_cron_candidate_erase"
MAILING_QUEUE = "mass_mailing.ir_cron_mass_mailing_queue"
RECIPIENTS = 200
MANY = 120
SLOWLY = 0.05
COLUMNS_AT_A_TIME = 100
MEGABYTE = 1024 * 1024
BIG = 100

# People who were refused, with a file and a note each; the administrator erases them.
PEOPLE = """
import base64
job = env['hr.job'].search([('name', '=', 'Engineer')])
reason = env.ref('hr_recruitment.refuse_reason_1')
people = env['hr.applicant'].create([{{
    'partner_name': f'Ywonka {batch} {{n}}xq', 'email_from': f'ywonka.{batch}.{{n}}xq@mail.example',
    'partner_phone': f'+3247700{{n:04d}}', 'job_id': job.id, 'applicant_notes': f'<p>Met Ywonka {batch} {{n}}xq</p>',
}} for n in range({count})])
for person in people[:{full}]:
    name = person.partner_name
    person.message_post(body=f'Call {{name}} back', attachments=[('cv.txt', name.encode())])
people.write({{'refuse_reason_id': reason.id, 'active': False}})
env.cr.commit()
"""
QUEUE = """
INSERT INTO hr_candidate_erasure (reference, partner_id, company_id, reason, state, scheduled_datetime)
SELECT 'KILL' || id, partner_id, company_id, 'expired', 'scheduled', NOW() AT TIME ZONE 'UTC' - INTERVAL '1 hour'
  FROM hr_applicant WHERE partner_name LIKE 'Ywonka {batch} %';
"""
BIG_FILE = f"""
import os
people = env['hr.applicant'].with_context(active_test=False)
person = people.search([('partner_name', '=like', 'Ywonka export %')], limit=1)
env['ir.attachment'].create({{
    'name': '../../portfolio.bin', 'raw': os.urandom({MEGABYTE}) * {BIG}, 'res_model': 'hr.applicant',
    'res_id': person.id}})
env.cr.commit()
"""


class SlowMailServer(harness.MailServer):
    """As far away as mail servers are."""

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(SLOWLY)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture(scope="module")
def slow_mail_server(tmp_path_factory):
    with SlowMailServer(tmp_path_factory.mktemp("slow")) as server:
        yield server


@pytest.fixture(scope="module")
def servers(slow_mail_server):
    name = helpers.make_company(DATABASE, slow_mail_server)
    with harness.Server(name, workers=3) as first, harness.Server(name, workers=2) as second:
        yield first, second
    harness.drop(name)


@pytest.fixture(scope="module")
def offices(servers, slow_mail_server):
    return [helpers.Office(DATABASE, server, slow_mail_server) for server in servers]


def test_erase_while_a_mailing_is_being_sent(offices, slow_mail_server):
    """Nothing more goes out to them, everybody else gets their mail, once."""
    office = offices[0]
    people = make_people("mailed", RECIPIENTS)
    model = office.search("ir.model", [("model", "=", "hr.applicant")])[0]
    values = {
        "subject": "News for Ywonka",
        "body_html": "<p>Hi Ywonka</p>",
        "mailing_model_id": model,
        # about applications that are under way
        "nurture_service_message": True,
        "mailing_domain": repr([("id", "in", people), ("active", "in", [True, False])]),
        "email_from": "office@company.example",
    }
    mailing = office.admin.call("mailing.mailing", "create", [values])[0]
    office.admin.call("mailing.mailing", "action_put_in_queue", [mailing])
    sent_before = []

    def erase():
        wait_until(lambda: len(slow_mail_server.files()) > 10, "the mailing is on its way")
        order = recipients_in_order(mailing)
        victims = order[20:30] + order[-3:]
        mails = {person: harness.query(f"SELECT email_from FROM hr_applicant WHERE id = {person}", DATABASE)[0]
                 for person in victims}
        erase_people(office, victims)
        sent_before.extend(mail["X-RcptTo"] for mail in slow_mail_server.mails())
        return mails

    office.run_job(MAILING_QUEUE)
    _done, victims = at_once(lambda: office.run_job(helpers.MAIL_QUEUE), erase)
    unsent = number(f"SELECT COUNT(*) FROM mailing_trace WHERE mass_mailing_id = {mailing} AND trace_status <> 'sent'")
    got = [mail["X-RcptTo"] for mail in slow_mail_server.mails()]
    assert len(got) == len(set(got)), "somebody got it twice"
    late = [email for email in victims.values() if email in got and email not in sent_before]
    assert late == [], "a mail left after its recipient was erased"
    assert len(got) == RECIPIENTS - unsent
    assert 0 < unsent <= len(victims)
    assert_mailing_is_done(mailing)
    assert office.server.log.read_text(errors="replace").count("Failed processing mail queue") == 0
    assert_forgotten(list(victims.values()))


def recipients_in_order(mailing):
    """Who has got it, who is next, who is last."""
    rows = harness.query(f"SELECT res_id FROM mailing_trace WHERE mass_mailing_id = {mailing} ORDER BY id", DATABASE)
    return [int(row) for row in rows]


def assert_mailing_is_done(mailing):
    left = "trace_status IN ('outgoing', 'process', 'error')"
    assert number(f"SELECT COUNT(*) FROM mailing_trace WHERE mass_mailing_id = {mailing} AND {left}") == 0
    assert harness.query(f"SELECT state FROM mailing_mailing WHERE id = {mailing}", DATABASE) == ["done"]


def test_two_servers_share_the_work(offices):
    people = make_people("shared", 20)
    harness.query(QUEUE.format(batch="shared"), DATABASE)
    at_once(*[lambda office=office: office.run_job(JOB) for office in offices] * 2, forgive=harness.RemoteError)
    run_until_done(offices[0])
    assert erased(people) == len(people)
    assert number("SELECT COUNT(*) FROM hr_candidate_erasure WHERE state <> 'done'") == 0


def test_job_that_was_killed_goes_on_where_it_stood(offices, servers):
    """Each person is erased wholly or not at all."""
    people = make_people("killed", MANY, full=MANY)
    names = harness.query("SELECT id FROM hr_applicant WHERE partner_name LIKE 'Ywonka killed %'", DATABASE)
    assert len(names) == MANY
    harness.query(QUEUE.format(batch="killed"), DATABASE)

    def kill_in_the_middle():
        wait_until(lambda: erased(people) > 5, "the job begins")
        servers[1].kill()

    at_once(lambda: offices[1].run_job(JOB), kill_in_the_middle, forgive=(OSError, HTTPException))
    assert 0 < erased(people) < MANY, "the job was done before it could be killed"
    assert_whole(people)
    run_until_done(offices[0])
    assert erased(people) == MANY
    assert_whole(people)
    assert_forgotten(["Ywonka killed", "ywonka.killed"])


def assert_whole(people):
    """The files, notes and contacts of a person are there as long as the person is, and no longer."""
    ids = ", ".join(map(str, people))
    torn = f"""
        SELECT applicant.id FROM hr_applicant applicant
          LEFT JOIN ir_attachment file ON file.res_model = 'hr.applicant' AND file.res_id = applicant.id
         WHERE applicant.id IN ({ids}) GROUP BY applicant.id
        HAVING (COUNT(file.id) = 0) <> COALESCE(applicant.candidate_erased, FALSE)
            OR (applicant.partner_id IS NULL) <> COALESCE(applicant.candidate_erased, FALSE)"""
    assert harness.query(torn, DATABASE) == []
    done = number("SELECT COUNT(*) FROM hr_candidate_erasure WHERE state = 'done' AND reference LIKE 'KILL%'")
    all_erased = number("SELECT COUNT(*) FROM hr_applicant WHERE candidate_erased AND refuse_reason_id IS NOT NULL")
    assert done <= all_erased


def test_no_column_of_the_database_knows_the_erased(offices):
    office = offices[0]
    people = make_people("dump", 3, full=3)
    assert find_everywhere(["Ywonka dump", "ywonka.dump", "Met Ywonka dump"])
    erase_people(office, people)
    assert_forgotten(["Ywonka dump", "ywonka.dump", "Met Ywonka dump"])


def test_export_over_http(offices):
    """Files come along, big ones too, and cost the server no memory."""
    office = offices[0]
    person = make_people("export", 1, full=1)[0]
    harness.odoo_shell(DATABASE, BIG_FILE)
    with harness.Server(DATABASE) as server:
        opener = log_in(server, "rosa")
        url = f"{server.url}/candidate_relationship/export/{person}"
        peak = memory_peak(server)
        content = opener.open(url, timeout=300).read()
        assert memory_peak(server) - peak < 80 * MEGABYTE
        archive = zipfile.ZipFile(io.BytesIO(content))
        assert archive.testzip() is None
        data = json.loads(archive.read("data.json"))
        assert data["person"]["name"] == "Ywonka export 0xq"
        files = data["applications"][0]["files"]
        assert sorted(files) == sorted(name for name in archive.namelist() if name != "data.json")
        assert not any(".." in name.split("/") or name.startswith("/") for name in files)
        sizes = [archive.getinfo(name).file_size for name in files]
        assert max(sizes) == BIG * MEGABYTE
        assert b"Ywonka export 0xq" in [archive.read(name) for name in files if name.endswith("cv.txt")]
        assert_refused(urllib.request.build_opener(), url)
    notes = harness.query(
        f"SELECT id FROM mail_message WHERE model = 'hr.applicant' AND res_id = {person} AND body LIKE '%exported%'",
        office.database,
    )
    assert len(notes) == 1


# -- Helpers -----------------------------------------------------------------------------


def make_people(batch, count, full=0):
    harness.odoo_shell(DATABASE, PEOPLE.format(batch=batch, count=count, full=full))
    rows = harness.query(
        f"SELECT id FROM hr_applicant WHERE partner_name LIKE 'Ywonka {batch} %' ORDER BY id", DATABASE
    )
    return [int(row) for row in rows]


def erase_people(office, people):
    """As an administrator does it: the dry run, the word, and no way back."""
    action = office.admin.call("hr.applicant", "action_candidate_erase", people)
    wizard = action["res_id"]
    office.admin.call("hr.candidate.erase", "write", [wizard], {"confirmation": "ERASE"})
    office.admin.call("hr.candidate.erase", "action_erase", [wizard])
    assert erased(people) == len(people)


def run_until_done(office):
    def run():
        try:
            office.run_job(JOB)
        except harness.RemoteError:
            return False
        return not number("SELECT COUNT(*) FROM hr_candidate_erasure WHERE state = 'scheduled'")

    wait_until(run, "everybody is erased")


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def erased(people):
    ids = ", ".join(map(str, people))
    return number(f"SELECT COUNT(*) FROM hr_applicant WHERE candidate_erased AND id IN ({ids})")


def find_everywhere(words):
    """`table.column` of every text in the database that holds one of the words."""
    columns = harness.query(
        "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
        " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND data_type IN ('text', 'character varying', 'jsonb', 'json')",
        DATABASE,
    )
    patterns = ", ".join(f"'%{word}%'" for word in words)
    selects = [
        f"SELECT '{table}.{column}' WHERE EXISTS (SELECT 1 FROM \"{table}\""
        f' WHERE "{column}"::text ILIKE ANY (ARRAY[{patterns}]))'
        for table, column in (row.split("|") for row in columns)
    ]
    found = []
    for start in range(0, len(selects), COLUMNS_AT_A_TIME):
        found += harness.query(" UNION ALL ".join(selects[start : start + COLUMNS_AT_A_TIME]), DATABASE)
    return found


def assert_forgotten(words):
    assert find_everywhere(words) == []


def log_in(server, login):
    """A browser's session."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    content = {"jsonrpc": "2.0", "params": {"db": server.databases[0], "login": login, "password": login}}
    request = urllib.request.Request(
        f"{server.url}/web/session/authenticate", json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    assert json.load(opener.open(request))["result"]["uid"]
    return opener


def assert_refused(opener, url):
    """Nobody gets a zip without logging in: the page of the log-in is what comes."""
    try:
        answer = opener.open(url, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    assert "zip" not in answer.headers.get("Content-Type", "")


def memory_peak(server):
    """The most memory that the server's process ever had, in bytes."""
    with open(f"/proc/{server.process.pid}/status") as stream:
        (line,) = [line for line in stream if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024
