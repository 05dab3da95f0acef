"""Invitations to the experience survey, through a real mail server: each person gets one mail with one link.

Two servers ask at once; a server is killed before, and while, it sends.
"""

import re
from http.client import HTTPException

import pytest
from helpers import at_once, text_of, wait_until

from devtools import harness

DATABASE = "cr_blackbox_experience"
CRON = "candidate_relationship.ir_cron_experience_ask"
FEW, MANY = 20, 60
LINK = re.compile(r"/candidate/experience/([\w-]{43})")

# Refused a week ago, and called since.
PEOPLE = """
WITH person AS (
    INSERT INTO res_partner (name, complete_name, email, email_normalized, active, type, lang)
    SELECT '{batch} ' || n, '{batch} ' || n, '{batch}' || n || '@mail.example', '{batch}' || n || '@mail.example', TRUE,
           'contact', 'en_US'
      FROM generate_series(1, {count}) n RETURNING id, name, email
), applicant AS (
    INSERT INTO hr_applicant (partner_name, partner_id, email_from, email_normalized, company_id, kanban_state, active,
                              refuse_reason_id, refuse_date, create_date, write_date)
    SELECT name, id, email, email, {company}, 'normal', FALSE, (SELECT MIN(id) FROM hr_applicant_refuse_reason
            WHERE no_answer_owed IS NOT TRUE), NOW() - INTERVAL '8 days', NOW() - INTERVAL '20 days', NOW()
      FROM person RETURNING id, partner_id
)
INSERT INTO hr_candidate_touch (partner_id, applicant_id, company_id, date, channel, direction)
SELECT partner_id, id, {company}, NOW() - INTERVAL '7 days', 'call', 'out' FROM applicant;
"""

# Time to kill the server: the first mail is claimed, but waits.
SLOW = """
CREATE FUNCTION slow_down() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(4); RETURN NULL; END' LANGUAGE plpgsql;
CREATE TRIGGER slow BEFORE UPDATE ON hr_survey_invitation FOR EACH STATEMENT EXECUTE FUNCTION slow_down();
"""
FAST = "DROP TRIGGER slow ON hr_survey_invitation; DROP FUNCTION slow_down()"


@pytest.fixture(scope="module")
def offices(offices):
    start_trigger(offices[0])
    return offices


def test_mails_arrive_with_the_link(offices):
    make_people("alone", 9)
    run_until_done(offices[0])
    assert not links(offices[0], "alone"), "nine of ten"
    make_people("more", 1)
    run_until_done(offices[0])
    assert len(links(offices[0], "alone")) == 9
    assert len(links(offices[0], "more")) == 1
    assert number("SELECT COUNT(*) FROM hr_survey_invitation WHERE state = 'sent' AND NOT in_doubt") == 10
    run_until_done(offices[0])
    assert_once(offices[0], "alone", 9)


def test_nothing_holds_the_link(offices):
    """No text of the database but the invitation itself."""
    tokens = set(links(offices[0], "alone").values())
    dump = "\n".join(
        line for table in ("mail_mail", "mail_message", "hr_candidate_touch", "link_tracker", "mailing_trace")
        for line in map(str, harness.query(f"SELECT * FROM {table}", DATABASE)))
    assert tokens
    assert not [token for token in tokens if token in dump]
    assert not number("SELECT COUNT(*) FROM mail_message WHERE model = 'hr.survey.invitation'")


def test_mails_that_are_refused(offices, mail_server):
    mail_server.refuse("refused1@mail.example")
    make_people("refused", 3)
    run_until_done(offices[0])
    failed = offices[0].admin.call(
        "hr.survey.invitation", "search_read", [("state", "=", "failed")], ["failure_reason", "display_name"])
    assert [row["display_name"] for row in failed] == ["refused 1"]
    assert "mailbox unavailable" in failed[0]["failure_reason"]
    assert len(links(offices[0], "refused")) == 2
    mail_server.accept_all()
    offices[0].admin.call("hr.survey.invitation", "action_resend", [failed[0]["id"]])
    run_until_done(offices[0])
    assert_once(offices[0], "refused", 3)


def test_two_servers_at_once(offices):
    """The method is called where no scheduler's lock is in the way."""
    make_people("pair", FEW)
    model = offices[0].search("ir.model", [("model", "=", "hr.survey.invitation")])[0]
    call = {"name": "Ask", "model_id": model, "state": "code", "code": "model.sudo()._cron_ask()"}
    action = offices[0].admin.call("ir.actions.server", "create", [call])[0]
    runs = [lambda office=office: office.admin.call("ir.actions.server", "run", [action]) for office in offices]
    at_once(*runs, *runs, forgive=harness.RemoteError)
    run_until_done(offices[0])
    assert_once(offices[0], "pair", FEW)


def test_killed_before_the_first_mail(offices, servers):
    """All are booked: whoever comes next sends to the same people."""
    make_people("before", MANY)

    def kill_when_booked():
        wait_until(lambda: booked("before"), "invitations are booked")
        servers[1].kill()

    harness.query(SLOW, DATABASE)
    at_once(lambda: offices[1].run_job(CRON), kill_when_booked, forgive=(OSError, HTTPException))
    harness.query(FAST, DATABASE)
    assert booked("before") == MANY
    assert not links(offices[0], "before"), "mails were sent before it could be killed"
    run_until_done(offices[0])
    assert_once(offices[0], "before", MANY)


def test_killed_while_it_sends(offices, servers):
    """Nobody gets two. The one whose mail was on its way is told, and nobody else is left out."""
    servers[1].start()
    make_people("while", MANY)

    def kill_in_the_middle():
        wait_until(lambda: len(links(offices[0], "while")) > 5, "some mails have arrived")
        servers[1].kill()

    at_once(lambda: offices[1].run_job(CRON), kill_in_the_middle, forgive=(OSError, HTTPException))
    assert len(links(offices[0], "while")) < MANY, "all was done before it could be killed"
    run_until_done(offices[0])
    doubtful = number("SELECT COUNT(*) FROM hr_survey_invitation WHERE in_doubt AND state = 'sent'")
    assert doubtful <= 1
    assert booked("while") == MANY
    assert MANY - doubtful <= len(links(offices[0], "while")) <= MANY
    assert not number("SELECT COUNT(*) FROM hr_survey_invitation WHERE state != 'sent'")


# -- Helpers -----------------------------------------------------------------------------


def start_trigger(office):
    survey = office.search("survey.survey", [("survey_type", "=", "candidate_experience")])
    trigger = office.admin.call("hr.survey.trigger", "create", [{"name": "All", "survey_id": survey[0]}])[0]
    month_ago = harness.query("SELECT CURRENT_DATE - 30", DATABASE)[0]
    office.admin.call("hr.survey.trigger", "write", [trigger], {"since_date": str(month_ago)})
    office.admin.call("hr.survey.trigger", "action_start", [trigger])


def make_people(batch, count):
    company = number("SELECT MIN(company_id) FROM res_users WHERE login = 'admin'")
    harness.query(PEOPLE.format(batch=batch, count=count, company=company), DATABASE)


def run_until_done(office):
    """A scheduled action that another server still holds is refused: then once more."""

    def run():
        try:
            office.run_job(CRON)
        except harness.RemoteError:
            return False
        return not number("SELECT COUNT(*) FROM hr_survey_invitation WHERE state = 'waiting'")

    wait_until(run, "nobody waits for the mail")


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def booked(batch):
    return number("SELECT COUNT(*) FROM hr_survey_invitation invitation JOIN res_partner person"
                  f" ON person.id = invitation.partner_id WHERE person.name LIKE '{batch} %'")


def links(office, batch):
    """Token by address; an address with two mails fails."""
    found = {}
    for mail in office.mail_server.mails():
        address = mail["X-RcptTo"]
        if not address.startswith(batch):
            continue
        assert address not in found, f"{address} got two mails"
        (found[address],) = set(LINK.findall(text_of(mail)))
    return found


def assert_once(office, batch, count):
    """One invitation, one mail and one link for each, which is that of the person."""
    assert booked(batch) == count
    tokens = links(office, batch)
    assert len(tokens) == count
    rows = harness.query(
        "SELECT person.email || ' ' || invitation.token FROM hr_survey_invitation invitation"
        " JOIN res_partner person ON person.id = invitation.partner_id"
        f" WHERE person.name LIKE '{batch} %' AND invitation.state = 'sent'", DATABASE)
    assert sorted(map(str, rows)) == sorted(f"{address} {token}" for address, token in tokens.items())
