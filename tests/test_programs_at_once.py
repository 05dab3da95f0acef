"""Nurture programs under fire: two servers at once, kill -9, a mail server that goes away: each gets one mail."""

from collections import Counter
from http.client import HTTPException

import pytest
from helpers import addressees, at_once, wait_until

from devtools import harness

DATABASE = "cr_blackbox_programs"
CRON = "candidate_relationship.ir_cron_nurture_programs"
MAILING_CRON = "mass_mailing.ir_cron_mass_mailing_queue"
MAIL_CRON = "mail.ir_cron_mail_scheduler_action"
MANY, FEW, SOME = 400, 200, 100

PEOPLE = """
WITH person AS (
    INSERT INTO res_partner (name, complete_name, email, email_normalized, active, type)
    SELECT '{batch} ' || n, '{batch} ' || n, '{batch}' || n || '@mail.example', '{batch}' || n || '@mail.example', TRUE,
           'contact'
      FROM generate_series(1, {count}) n RETURNING id, name, email
), talent AS (
    INSERT INTO hr_applicant (partner_name, partner_id, email_from, email_normalized, company_id, kanban_state, active,
                              create_date)
    SELECT name, id, email, email, {company}, 'normal', TRUE, NOW() FROM person RETURNING id
)
INSERT INTO hr_applicant_hr_talent_pool_rel (hr_applicant_id, hr_talent_pool_id) SELECT id, {pool} FROM talent;
UPDATE hr_applicant SET pool_applicant_id = id WHERE partner_name LIKE '{batch} %';
UPDATE res_company SET candidate_consent_required = FALSE;
"""

# Time to kill the server between the booking, which is committed at once, and all the rest.
SLOW = """
CREATE FUNCTION slow_down() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(5); RETURN NULL; END' LANGUAGE plpgsql;
CREATE TRIGGER slow BEFORE INSERT ON hr_nurture_enrollment_log FOR EACH STATEMENT EXECUTE FUNCTION slow_down();
"""
FAST = "DROP TRIGGER slow ON hr_nurture_enrollment_log; DROP FUNCTION slow_down()"


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory):
    """A mail server of its own, which a test may stop."""
    with harness.MailServer(tmp_path_factory.mktemp("programs")) as server:
        yield server


def test_two_servers_at_once(offices):
    """Two programs for the same people, the method called where no scheduler's lock is in the way."""
    pool = make_people(offices[0], "pair", FEW)
    programs = [make_program(offices[0], pool, name) for name in ("First", "Second")]
    model = offices[0].search("ir.model", [("model", "=", "hr.nurture.program")])[0]
    call = {"name": "Run", "model_id": model, "state": "code", "code": "model.sudo()._cron_programs()"}
    action = offices[0].admin.call("ir.actions.server", "create", [call])[0]
    runs = [lambda office=office: office.admin.call("ir.actions.server", "run", [action]) for office in offices]
    at_once(*runs, *runs, forgive=harness.RemoteError)
    run_until_done(offices[0])
    assert_once("pair", FEW)
    # the first by priority; of equals, the one that was there first
    assert number(f"SELECT COUNT(*) FROM hr_nurture_enrollment WHERE program_id = {programs[0]} AND state = 'ended'"
                  ) == FEW
    assert number(f"SELECT COUNT(*) FROM hr_nurture_enrollment WHERE program_id = {programs[1]}"
                  " AND waiting_reason = 'budget'") == FEW


def test_killed_at_work(offices, servers):
    """Contacts are booked, and nothing else is written yet: whoever comes next goes on with the same people."""
    pool = make_people(offices[0], "killed", MANY)
    program = make_program(offices[0], pool, "Killed")

    def kill_in_the_middle():
        wait_until(lambda: booked("killed"), "contacts are booked")
        servers[1].kill()

    harness.query(SLOW, DATABASE)
    at_once(lambda: offices[1].run_job(CRON), kill_in_the_middle, forgive=(OSError, HTTPException))
    harness.query(FAST, DATABASE)
    assert not queued(program), "the job was done before it could be killed"
    run_until_done(offices[0])
    assert_once("killed", MANY)
    assert queued(program) == 1


def test_each_gets_one_mail(offices):
    """What the two tests before have put into the queue is sent by Odoo's own jobs."""

    def sent():
        for cron in (MAILING_CRON, MAIL_CRON):
            try:
                offices[0].run_job(cron)
            except harness.RemoteError:
                return False
        return number("SELECT COUNT(*) FROM mailing_trace WHERE trace_status = 'sent'") == FEW + MANY

    wait_until(sent, "all mails are sent", timeout=400)
    assert number("SELECT COUNT(*) FROM mailing_trace") == FEW + MANY
    assert number("SELECT COUNT(*) FROM hr_nurture_contact WHERE state = 'sent'") == FEW + MANY


def test_mail_server_goes_away_and_comes_back(offices, mail_server):
    """Some mails have left, the others fail, and nobody presses a button: the program tries them again."""
    count = MANY + FEW
    pool = make_people(offices[0], "outage", count)
    program = make_program(offices[0], pool, "Outage")
    run_until_done(offices[0])
    wait_until(lambda: run_quietly(offices[0], MAILING_CRON) and not queued(program), "the mails are written")

    def stop_in_the_middle():
        wait_until(lambda: len(addressees(mail_server, "outage")) > SOME, "the mails go out")
        mail_server.stop()

    try:
        at_once(lambda: run_quietly(offices[0], MAIL_CRON), stop_in_the_middle)
        # what waits is tried, in vain
        wait_until(lambda: run_quietly(offices[0], MAIL_CRON) and failed(program), "the others fail")
    finally:
        mail_server.start()
    assert 0 < failed(program) < count - SOME
    unsent = outcomes(program)["unsent"]
    assert failed(program) - 1 <= unsent <= failed(program), "of all but the one that was under way it says so"
    assert booked("outage", "!= 'released'") == count - unsent
    wait_until(lambda: run_quietly(offices[0], CRON) and not failed(program), "they are tried again")
    wait_until(lambda: run_quietly(offices[0], MAIL_CRON) and waiting(program) == 0, "all mails are sent")
    got = addressees(mail_server, "outage")
    assert {address: number for address, number in got.items() if number > 1} == {}, "somebody got it twice"
    assert len(got) == count
    assert outcomes(program) == {"mailing": count}
    assert booked("outage", "= 'sent'") == count


# -- Helpers -----------------------------------------------------------------------------


def make_people(office, batch, count):
    pool = office.admin.call("hr.talent.pool", "create", [{"name": batch}])[0]
    company = number("SELECT MIN(company_id) FROM res_users WHERE login = 'admin'")
    harness.query(PEOPLE.format(batch=batch, count=count, pool=pool, company=company), DATABASE)
    return pool


def make_program(office, pool, name):
    values = {"name": name, "pool_ids": [(6, 0, [pool])], "step_ids": [(0, 0, {"name": "Hello", "delay_days": 0})]}
    program = office.admin.call("hr.nurture.program", "create", [values])[0]
    design = office.search("mailing.mailing", [("nurture_design_step_ids.program_id", "=", program)])
    office.admin.call("mailing.mailing", "write", design, {"body_html": "<p>Hello</p>"})
    office.admin.call("hr.nurture.program", "action_start", [program])
    return program


def run_until_done(office):
    """A scheduled action that another server still holds is refused: then once more."""

    def run():
        try:
            office.run_job(CRON)
        except harness.RemoteError:
            return False
        return not number("SELECT COUNT(*) FROM hr_nurture_enrollment WHERE state = 'running'"
                          " AND next_date <= CURRENT_DATE AND waiting_reason IS NULL")

    wait_until(run, "everybody who is due has gone on")


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def run_quietly(office, job):
    """Whether it could be run: a mail server that goes away ends it with an error."""
    try:
        office.run_job(job)
    except harness.RemoteError:
        return False
    return True


def booked(batch, state="IS NOT NULL"):
    return number("SELECT COUNT(*) FROM hr_nurture_contact contact JOIN res_partner person"
                  f" ON person.id = contact.partner_id WHERE person.name LIKE '{batch} %' AND contact.state {state}")


def waiting(program):
    return number("SELECT COUNT(*) FROM mail_mail mail JOIN mailing_mailing mailing ON mailing.id = mail.mailing_id"
                  f" WHERE mailing.nurture_program_id = {program} AND mail.state = 'outgoing'")


def failed(program):
    return number("SELECT COUNT(*) FROM mail_mail mail JOIN mailing_mailing mailing ON mailing.id = mail.mailing_id"
                  f" WHERE mailing.nurture_program_id = {program} AND mail.state = 'exception'")


def outcomes(program):
    rows = harness.query("SELECT log.outcome FROM hr_nurture_enrollment_log log JOIN hr_nurture_enrollment enrollment"
                         f" ON enrollment.id = log.enrollment_id WHERE enrollment.program_id = {program}", DATABASE)
    return dict(Counter(rows))


def queued(program):
    return number(f"SELECT COUNT(*) FROM mailing_mailing WHERE nurture_program_id = {program} AND state = 'in_queue'")


def assert_once(batch, count):
    """Each person has one contact and one mail in one mailing."""
    assert booked(batch) == count
    logs = ("FROM hr_nurture_enrollment_log log JOIN hr_nurture_enrollment enrollment"
            " ON enrollment.id = log.enrollment_id JOIN res_partner person ON person.id = enrollment.partner_id"
            f" WHERE person.name LIKE '{batch} %'")
    assert number(f"SELECT COUNT(*) {logs}") == count
    assert number(f"SELECT COUNT(DISTINCT person.id) {logs}") == count
