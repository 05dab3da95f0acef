"""The contact budget under fire: two servers at the same second, kill -9, a mail server that goes away."""

from http.client import HTTPException

import helpers
import pytest
from helpers import addressees, at_once, wait_until
from locked import Locked

from devtools import harness

DATABASE = "cr_blackbox_budget"
MAILING_QUEUE = "mass_mailing.ir_cron_mass_mailing_queue"
MANY, SOME = 240, 60

# Talents of a pool, who agreed to be written to.
PEOPLE = """
WITH person AS (
    INSERT INTO res_partner (name, email, email_normalized, lang, active, type)
    SELECT '{batch} ' || n, '{batch}' || n || '@mail.example', '{batch}' || n || '@mail.example', 'en_US', TRUE,
           'contact'
      FROM generate_series(1, {count}) n
    RETURNING id, name, email
), talent AS (
    INSERT INTO hr_applicant (partner_name, partner_id, email_from, email_normalized, company_id, kanban_state, active)
    SELECT person.name, person.id, person.email, person.email, company.id, 'normal', TRUE
      FROM person, (SELECT MIN(id) AS id FROM res_company) company
    RETURNING id, partner_id, company_id
), pooled AS (
    INSERT INTO hr_applicant_hr_talent_pool_rel (hr_applicant_id, hr_talent_pool_id) SELECT id, {pool} FROM talent
)
INSERT INTO hr_candidate_consent (partner_id, company_id, purpose, state, given_datetime, date_until, source)
SELECT partner_id, company_id, 'nurture', 'given', NOW(), CURRENT_DATE + 700, 'page' FROM talent
"""


WITHDRAW = """
UPDATE hr_candidate_consent SET state = 'withdrawn', ended_datetime = NOW() AT TIME ZONE 'UTC'
 WHERE partner_id IN (SELECT id FROM res_partner WHERE name LIKE '{batch} %')
"""


@pytest.fixture(scope="module")
def mail_server(tmp_path_factory):
    """A mail server of its own, which a test may stop."""
    with harness.MailServer(tmp_path_factory.mktemp("budget")) as server:
        yield server


@pytest.fixture(scope="module")
def offices(offices):
    # the queue sends the mails, not whoever writes them
    offices[0].admin.call("ir.config_parameter", "set_param", "mail.mail.force.send.limit", "1")
    return offices


@pytest.fixture(scope="module")
def pool(offices):
    return offices[0].rosa.call("hr.talent.pool", "create", [{"name": "Budget"}])[0]


def test_two_mailings_at_the_same_second(offices, pool, mail_server):
    make_people("both", MANY, pool)
    mailings = [make_mailing(office, "both") for office in offices]
    with Locked(DATABASE, "LOCK TABLE hr_nurture_contact IN EXCLUSIVE MODE") as locked:
        at_once(
            *(lambda office=office, mailing=mailing: send(office, mailing)
              for office, mailing in zip(offices, mailings, strict=True)),
            lambda: locked.let_go("both are about to book", waiting=2),
            forgive=harness.RemoteError,
        )
    for office, mailing in zip(offices, mailings, strict=True):
        finish(office, mailing)
    assert all(count_traces(mailing, "outgoing") for mailing in mailings), "both have written to somebody"
    run_mail_queue(offices[0])
    assert_one_mail_each(mail_server, "both", MANY)
    assert number(f"SELECT COUNT(*) FROM mailing_trace WHERE mass_mailing_id IN {tuple(mailings)}"
                  " AND trace_status = 'cancel' AND nurture_reason = 'budget'") == MANY


def test_one_mailing_by_two_servers_at_once(offices, pool, mail_server):
    make_people("same", MANY, pool)
    mailing = make_mailing(offices[0], "same")
    at_once(*(lambda office=office: send(office, mailing) for office in offices * 2), forgive=harness.RemoteError)
    finish(offices[0], mailing)
    run_mail_queue(offices[0])
    assert count_traces(mailing, "sent") == MANY
    assert_one_mail_each(mail_server, "same", MANY)


def test_killed_amid_a_mailing(database, offices, pool, mail_server):
    make_people("killed", MANY, pool)
    mailing = make_mailing(offices[0], "killed")
    offices[0].admin.call("mailing.mailing", "action_launch", [mailing])
    with harness.Server(database, workers=2) as victim:
        office = helpers.Office(database, victim, mail_server)

        def kill_in_the_middle():
            wait_until(lambda: booked("killed") > SOME, "the mailing begins")
            victim.kill()

        at_once(lambda: office.run_job(MAILING_QUEUE), kill_in_the_middle, forgive=(OSError, HTTPException))
    assert 0 < count_traces(mailing) < MANY, "killed in the middle"
    assert booked("killed") >= count_traces(mailing), "whoever is written to was booked before"
    run_mailing_queue(offices[0], mailing)
    run_mail_queue(offices[0])
    assert count_traces(mailing, "sent") == MANY, "nobody is forgotten"
    assert booked("killed") == MANY
    assert_one_mail_each(mail_server, "killed", MANY)


def test_killed_while_the_mails_go_out(database, offices, pool, mail_server):
    make_people("sending", MANY, pool)
    mailing = make_mailing(offices[0], "sending")
    send(offices[0], mailing)
    with harness.Server(database, workers=2) as victim:
        office = helpers.Office(database, victim, mail_server)

        def kill_in_the_middle():
            wait_until(lambda: len(addressees(mail_server, "sending")) > SOME, "the mails go out")
            victim.kill()

        at_once(lambda: office.run_job(helpers.MAIL_QUEUE), kill_in_the_middle, forgive=(OSError, HTTPException))
    # confirmed together, which the mail queue makes up for
    assert 0 < count_traces(mailing, "sent") < MANY
    run_mail_queue(offices[0])
    got = addressees(mail_server, "sending")
    assert len(got) == MANY
    # the mail server may have had the last one, and nobody was left to note it
    assert sum(got.values()) <= MANY + 1
    assert number(confirmed("sending")) == MANY


def test_mail_server_goes_away_and_comes_back(offices, pool, mail_server):
    make_people("down", MANY, pool)
    mailing = make_mailing(offices[0], "down")
    send(offices[0], mailing)

    def stop_in_the_middle():
        wait_until(lambda: len(addressees(mail_server, "down")) > SOME, "the mails go out")
        mail_server.stop()

    try:
        at_once(lambda: offices[0].run_job(helpers.MAIL_QUEUE), stop_in_the_middle, forgive=harness.RemoteError)
        # what waits is tried, in vain
        offices[0].run_job(helpers.MAIL_QUEUE)
    finally:
        mail_server.start()
    failed = count_traces(mailing, "error")
    assert failed and len(addressees(mail_server, "down")) < MANY
    assert booked("down") == MANY - failed, "whoever got nothing may be written to by others"
    other = make_mailing(offices[1], "down")
    send(offices[1], other)
    assert count_traces(other, "outgoing") == failed
    offices[0].admin.call("mailing.mailing", "action_retry_failed", [mailing])
    run_mailing_queue(offices[0], mailing)
    run_mail_queue(offices[0])
    assert count_traces(mailing, "cancel") == failed, "the other mailing came first"
    assert_one_mail_each(mail_server, "down", MANY)


def test_retried_after_the_mail_server_is_back(offices, pool, mail_server):
    make_people("retry", SOME, pool)
    mailing = make_mailing(offices[0], "retry")
    mail_server.stop()
    try:
        send(offices[0], mailing)
        offices[0].run_job(helpers.MAIL_QUEUE)
    finally:
        mail_server.start()
    assert count_traces(mailing, "error") == SOME
    assert booked("retry") == 0
    offices[0].admin.call("mailing.mailing", "action_retry_failed", [mailing])
    run_mailing_queue(offices[0], mailing)
    run_mail_queue(offices[0])
    assert_one_mail_each(mail_server, "retry", SOME)
    assert booked("retry") == SOME


def test_said_no_while_the_mails_go_out(offices, pool, mail_server):
    make_people("no", MANY, pool)
    mailing = make_mailing(offices[0], "no")
    send(offices[0], mailing)

    def say_no():
        wait_until(lambda: len(addressees(mail_server, "no")) > SOME, "the mails go out")
        harness.query(WITHDRAW.format(batch="no"), DATABASE)

    at_once(lambda: run_mail_queue(offices[0]), say_no)
    got = len(addressees(mail_server, "no"))
    # looked at by the hundred, just before they leave
    assert SOME < got < MANY
    assert count_traces(mailing, "sent") == booked("no") == got
    assert number(f"SELECT COUNT(*) FROM mailing_trace WHERE mass_mailing_id = {mailing}"
                  " AND trace_status = 'cancel' AND nurture_reason = 'left'") == MANY - got


def test_deleted_while_it_is_written(offices, pool, mail_server):
    make_people("gone", MANY, pool)
    mailing = make_mailing(offices[0], "gone")

    def delete(office):
        office.admin.call("mailing.mailing", "unlink", [mailing])

    def delete_in_the_middle():
        wait_until(lambda: booked("gone") > SOME, "the mailing begins")
        with pytest.raises(harness.RemoteError, match="is being sent"):
            delete(offices[1])

    at_once(lambda: send(offices[0], mailing), delete_in_the_middle)
    assert booked("gone") == count_traces(mailing, "outgoing") == MANY
    delete(offices[1])
    assert booked("gone") == 0, "they may be written to by others"
    run_mail_queue(offices[0])
    assert not addressees(mail_server, "gone")


# -- Helpers -----------------------------------------------------------------------------


def make_people(batch, count, pool):
    harness.query(PEOPLE.format(batch=batch, count=count, pool=pool), DATABASE)
    harness.query("UPDATE hr_applicant SET pool_applicant_id = id WHERE pool_applicant_id IS NULL AND job_id IS NULL",
                  DATABASE)


def make_mailing(office, batch):
    values = {
        "subject": "News of the company",
        "body_html": "<p>We moved.</p>",
        "mailing_model_id": office.search("ir.model", [("model", "=", "hr.applicant")])[0],
        "mailing_domain": repr([("partner_name", "=like", f"{batch} %")]),
        "email_from": "office@company.example",
    }
    return office.admin.call("mailing.mailing", "create", [values])[0]


def send(office, mailing):
    office.admin.call("mailing.mailing", "action_send_mail", [mailing])


def finish(office, mailing):
    """Whoever was in the way of another is tried again, as the scheduled job does it."""
    office.admin.call("mailing.mailing", "action_launch", [mailing])
    run_mailing_queue(office, mailing)


def run_mailing_queue(office, mailing):
    """A scheduled action that a killed server still holds is refused: then once more."""

    def run():
        try:
            office.run_job(MAILING_QUEUE)
        except harness.RemoteError:
            return False
        return office.read("mailing.mailing", mailing, "state") == "done"

    wait_until(run, "the mailing is written")


def run_mail_queue(office):
    def run():
        try:
            office.run_job(helpers.MAIL_QUEUE)
        except harness.RemoteError:
            return False
        return number("SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing'") == 0

    wait_until(run, "the mails are sent")


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def count_traces(mailing, status=None):
    condition = f" AND trace_status = '{status}'" if status else ""
    return number(f"SELECT COUNT(*) FROM mailing_trace WHERE mass_mailing_id = {mailing}{condition}")


CONTACTS = """
SELECT COUNT(*) FROM hr_nurture_contact contact JOIN res_partner person ON person.id = contact.partner_id
 WHERE person.name LIKE '{batch} %' AND contact.state {state}
"""


def booked(batch):
    return number(CONTACTS.format(batch=batch, state="!= 'released'"))


def confirmed(batch):
    return CONTACTS.format(batch=batch, state="= 'sent'")


def assert_one_mail_each(mail_server, batch, count):
    got = addressees(mail_server, batch)
    assert {address: number for address, number in got.items() if number > 1} == {}, "somebody got it twice"
    assert len(got) == count
