"""The consent job, run by two servers at once and killed in the middle: nobody is written to twice."""

from http.client import HTTPException

import helpers
from helpers import at_once, wait_until

from devtools import harness

DATABASE = "cr_blackbox_consent"
CRON = f"{helpers.ADDON}.ir_cron_consent"
MANY = 1000
SOME = 150

# Two consents each, that run out in ten days.
FILL = """
WITH person AS (
    INSERT INTO res_partner (name, email, email_normalized, lang, active, create_date, write_date, type)
    SELECT '{batch} ' || n, '{batch}' || n || '@mail.example', '{batch}' || n || '@mail.example', 'en_US', TRUE,
           NOW(), NOW(), 'contact'
      FROM generate_series(1, {count}) n
    RETURNING id)
INSERT INTO hr_candidate_consent (partner_id, company_id, purpose, state, given_datetime, date_until, source)
SELECT person.id, company.id, purpose, 'given', NOW() - INTERVAL '700 days', CURRENT_DATE + 10, 'page'
  FROM person, (SELECT MIN(id) AS id FROM res_company) company, unnest(ARRAY['keep', 'nurture']) purpose
"""
MAILS = """
mail_mail_res_partner_rel rel JOIN mail_mail mail ON mail.id = rel.mail_mail_id
JOIN hr_candidate_consent consent ON consent.partner_id = rel.res_partner_id AND consent.purpose = 'keep'
"""


def test_two_servers_ask_once(offices):
    """The method itself, outside of its scheduled action: nothing but the rows is locked."""
    model = offices[0].search("ir.model", [("model", "=", "hr.candidate.consent")])[0]
    call = {"name": "Consent", "model_id": model, "state": "code", "code": "model.sudo()._cron_consent()"}
    action = offices[0].admin.call("ir.actions.server", "create", [call])[0]
    fill("direct", 500)
    runs = [lambda office=office: office.admin.call("ir.actions.server", "run", [action]) for office in offices]
    at_once(*runs, *runs, forgive=harness.RemoteError)
    run_until_done(offices[0])
    assert_asked_once()


def test_job_that_was_killed_goes_on_where_it_stood(offices, servers):
    fill("killed", MANY)
    before = number(f"SELECT COUNT(*) FROM {MAILS}")

    def kill_in_the_middle():
        wait_until(lambda: number(f"SELECT COUNT(*) FROM {MAILS}") > before + SOME, "the job begins")
        servers[1].kill()

    at_once(lambda: offices[1].run_job(CRON), kill_in_the_middle, forgive=(OSError, HTTPException))
    assert unasked() > 0, "the job was done before it could be killed"
    run_until_done(offices[0])
    assert_asked_once()


# -- Helpers -----------------------------------------------------------------------------


def fill(batch, count):
    harness.query(FILL.format(batch=batch, count=count), DATABASE)


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def unasked():
    return number(
        "SELECT COUNT(*) FROM hr_candidate_consent WHERE state = 'given' AND renewal_asked_datetime IS NULL"
    )


def run_until_done(office):
    def run():
        try:
            office.run_job(CRON)
        except harness.RemoteError:
            return False
        return not unasked()

    wait_until(run, "everybody is asked")


def assert_asked_once():
    """Each person has exactly one mail, though two consents."""
    assert harness.query(f"SELECT rel.res_partner_id FROM {MAILS} GROUP BY 1 HAVING COUNT(*) > 1", DATABASE) == []
    people = number("SELECT COUNT(DISTINCT partner_id) FROM hr_candidate_consent")
    assert number(f"SELECT COUNT(*) FROM {MAILS}") == people
