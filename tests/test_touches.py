"""Each mail that the mail server accepted is one touch of the candidate, whatever happens to the server."""

from http.client import HTTPException

import helpers
from helpers import wait_until

from devtools import harness

MANY = 50


def test_accepted_mail_is_a_touch(office):
    applicant = office.apply()
    message_id = office.write_to(applicant)
    (touch,) = touches(office, applicant)
    assert (touch["channel"], touch["direction"]) == ("mail", "out")
    assert touch["message_id"][0] == message_id
    assert touch["user_id"][0] == office.rosa.user_id


def test_refused_mail_is_none_until_it_is_accepted(office, mail_server):
    applicant = office.apply()
    mail_server.refuse(applicant.email)
    office.write_to(applicant)
    assert not touches(office, applicant)
    mail_server.accept_all()
    office.retry_failed_mails()
    assert len(touches(office, applicant)) == 1


def test_mailing_is_a_touch_of_each_who_got_it(office, mail_server):
    applicants = [office.apply("mailed") for _number in range(MANY)]
    mail_server.refuse(applicants[0].email)
    start_mailing(office, applicants)
    office.run_job(helpers.MAIL_QUEUE)
    found = touches(office, *applicants)
    assert len(found) == MANY - 1
    assert {touch["channel"] for touch in found} == {"mailing"}
    assert applicants[0].partner_id not in {touch["partner_id"][0] for touch in found}


def test_server_that_is_killed_amid_a_mailing(mail_server):
    name = helpers.make_company("cr_blackbox_touches", mail_server)
    try:
        applicants = send_and_kill(name, mail_server)
        with harness.Server(name, workers=2) as server:
            office = helpers.Office(name, server, mail_server)
            before = sent_to(office)
            assert before and len(before) < MANY, "killed in the middle"
            assert not touches(office, *applicants), "killed before it came to the touches"
            office.run_job(helpers.MAIL_QUEUE)
            found = touches(office, *applicants)
            assert before < sent_to(office)
        assert sorted(touch["partner_id"][0] for touch in found) == sorted(a.partner_id for a in applicants)
        assert all(mail_server.mails(applicant.email) for applicant in applicants)
    finally:
        harness.drop(name)


# -- Helpers -----------------------------------------------------------------------------


def touches(office, *applicants):
    domain = [("partner_id", "in", [applicant.partner_id for applicant in applicants])]
    return office.admin.call("hr.candidate.touch", "search_read", domain, [], order="id")


def sent_to(office):
    """Persons whose mail of the mailing is noted as sent."""
    traces = office.admin.call("mailing.trace", "search_read", [("trace_status", "=", "sent")], ["res_id"])
    applicants = office.admin.call("hr.applicant", "read", [trace["res_id"] for trace in traces], ["partner_id"])
    return {applicant["partner_id"][0] for applicant in applicants}


def start_mailing(office, applicants):
    values = {
        "subject": "News of the company",
        "body_html": "<p>We moved.</p>",
        "mailing_model_id": office.search("ir.model", [("model", "=", "hr.applicant")])[0],
        # about applications that are under way
        "nurture_service_message": True,
        "mailing_domain": [("id", "in", [applicant.id for applicant in applicants])],
    }
    mailing_id = office.admin.call("mailing.mailing", "create", [values])[0]
    office.admin.call("mailing.mailing", "action_send_mail", [mailing_id])


def send_and_kill(name, mail_server):
    """kill -9 once a fifth of the mails has reached the mail server; the applicants."""
    already = len(mail_server.files())
    with harness.Server(name, workers=2) as server:
        office = helpers.Office(name, server, mail_server)
        applicants = [office.apply("killed") for _number in range(MANY)]
        # the queue sends them, not the click
        office.admin.call("ir.config_parameter", "set_param", "mail.mail.force.send.limit", "1")
        start_mailing(office, applicants)

        def send():
            office.run_job(helpers.MAIL_QUEUE)

        def kill():
            wait_until(lambda: len(mail_server.files()) >= already + MANY // 5, "the first mails of the mailing")
            server.kill()

        helpers.at_once(send, kill, forgive=(OSError, HTTPException))
    return applicants
