"""A promise closes when a mail server accepted the answer, and only then."""

import helpers
import pytest
from helpers import text_of


def test_accepted_answer_closes(office):
    applicant = office.apply()
    assert applicant.state() == "running"
    message_id = office.write_to(applicant)
    promise = applicant.promise()
    assert (promise["state"], promise["closing_type"]) == ("kept", "message")
    assert promise["closing_message_id"][0] == message_id
    assert promise["closed_by_id"][0] == office.rosa.user_id
    (mail,) = applicant.mails()
    assert "here is our answer" in text_of(mail)


def test_refused_answer_leaves_the_promise_running(office, mail_server):
    applicant = office.apply()
    mail_server.refuse(applicant.email)
    message_id = office.write_to(applicant)
    assert office.notification(message_id, applicant.partner_id) == "exception"
    assert applicant.state() == "running"
    assert not applicant.has_mail()


def test_refused_answer_leaves_a_paused_promise_paused(office, mail_server):
    applicant = office.apply()
    pause(office, applicant)
    mail_server.refuse(applicant.email)
    office.write_to(applicant)
    assert applicant.state() == "paused"


def test_accepted_answer_closes_a_paused_promise(office):
    applicant = office.apply()
    pause(office, applicant)
    office.write_to(applicant)
    assert applicant.state() == "kept"


@pytest.mark.parametrize("trouble", ["refuse", "delay"])
def test_answer_accepted_on_retry_closes_then(office, mail_server, trouble):
    applicant = office.apply()
    getattr(mail_server, trouble)(applicant.email)
    message_id = office.write_to(applicant)
    office.retry_failed_mails()
    assert applicant.state() == "running"
    mail_server.accept_all()
    office.retry_failed_mails()
    assert applicant.promise()["closing_message_id"][0] == message_id
    assert len(applicant.mails()) == 1


def test_mail_server_that_is_down_closes_nothing_until_it_is_back(office, mail_server):
    applicant = office.apply()
    mail_server.stop()
    try:
        message_id = office.write_to(applicant)
        assert office.notification(message_id, applicant.partner_id) == "exception"
        assert applicant.state() == "running"
    finally:
        mail_server.start()
    office.retry_failed_mails()
    assert applicant.state() == "kept"


def test_send_email_of_the_list_closes_for_each_one(office, mail_server):
    applicants = [office.apply() for _number in range(3)]
    mail_server.refuse(applicants[1].email)
    values = {"subject": "News", "body": "<p>We decided.</p>", "applicant_ids": [(6, 0, [a.id for a in applicants])]}
    wizard_id = office.rosa.call("applicant.send.mail", "create", [values])[0]
    office.rosa.call("applicant.send.mail", "action_send", [wizard_id])
    assert [applicant.state() for applicant in applicants] == ["kept", "running", "kept"]


def test_composer_for_many_closes_once_the_queue_has_sent(office):
    applicants = [office.apply() for _number in range(2)]
    values = {"subject": "News", "body": "<p>We decided.</p>", "composition_mode": "mass_mail"}
    values |= {"model": "hr.applicant", "res_ids": str([applicant.id for applicant in applicants])}
    composer_id = office.rosa.call("mail.compose.message", "create", [values])[0]
    office.rosa.call("mail.compose.message", "action_send_mail", [composer_id])
    office.run_job(helpers.MAIL_QUEUE)
    assert [applicant.state() for applicant in applicants] == ["kept", "kept"]


def test_mail_of_a_later_stage_is_an_answer(office):
    template_id = office.ref("hr_recruitment.email_template_data_applicant_interest")
    values = {"name": "Shortlist", "template_id": template_id, "sequence": 2}
    stage_id = office.admin.call("hr.recruitment.stage", "create", [values])[0]
    applicant = office.apply()
    office.rosa.call("hr.applicant", "write", [applicant.id], {"stage_id": stage_id})
    assert applicant.mails()
    assert applicant.state() == "kept"


def test_copy_that_a_colleague_got_is_no_answer(office, mail_server):
    applicant, colleague = office.apply(), office.apply("colleague")
    mail_server.refuse(applicant.email)
    office.write_to(applicant, also=[colleague.partner_id])
    assert applicant.state() == "running"


def test_note_to_colleagues_is_no_answer(office):
    applicant = office.apply()
    office.rosa.call("hr.applicant", "message_post", [applicant.id], body="A good one", subtype_xmlid="mail.mt_note")
    assert applicant.state() == "running"


def test_phone_promise_closes_by_a_logged_call_only(office):
    applicant = office.apply()
    office.move(applicant, "stage_job4")
    office.write_to(applicant)
    assert (applicant.state("application"), applicant.state("stage")) == ("kept", "running")
    log_a_call(office, applicant)
    promise = applicant.promise("stage")
    assert (promise["state"], promise["closing_type"]) == ("kept", "call")
    assert promise["closed_by_id"][0] == office.rosa.user_id


def test_bulk_mailing_is_no_answer(office):
    applicant = office.apply()
    mailing_id = office.admin.call(
        "mailing.mailing",
        "create",
        [
            {
                "subject": "News of the company",
                "body_html": "<p>We moved.</p>",
                "mailing_model_id": office.search("ir.model", [("model", "=", "hr.applicant")])[0],
                # about applications that are under way
                "nurture_service_message": True,
                "mailing_domain": [("id", "=", applicant.id)],
            }
        ],
    )[0]
    office.admin.call("mailing.mailing", "action_send_mail", [mailing_id])
    office.run_job(helpers.MAIL_QUEUE)
    assert "We moved" in text_of(applicant.mails()[0])
    assert applicant.state() == "running"


def test_reply_of_the_candidate_lets_the_clock_run_again(office):
    applicant = office.apply()
    office.write_to(applicant)
    office.move(applicant, "stage_job4")
    pause(office, applicant)
    assert applicant.state("stage") == "paused"
    receive_reply(office, applicant, applicant.mails()[0])
    assert applicant.state("stage") == "running"
    assert office.read("hr.applicant", applicant.id, "kanban_state") == "normal"


def test_mail_of_somebody_else_leaves_the_clock_paused(office):
    applicant = office.apply()
    office.write_to(applicant)
    office.move(applicant, "stage_job4")
    pause(office, applicant)
    receive_reply(office, applicant, applicant.mails()[0], sender="stranger@mail.example")
    assert applicant.state("stage") == "paused"


# -- Helpers -----------------------------------------------------------------------------


def pause(office, applicant):
    """The ball is with the candidate."""
    office.rosa.call("hr.applicant", "write", [applicant.id], {"kanban_state": "waiting"})


def log_a_call(office, applicant):
    values = {"applicant_ids": [(6, 0, [applicant.id])], "note": "We spoke."}
    call_id = office.rosa.call("hr.feedback.call", "create", [values])[0]
    office.rosa.call("hr.feedback.call", "action_log", [call_id])


def receive_reply(office, applicant, mail, sender=None):
    """What the mail gateway does with a mail that came in."""
    sender = sender or applicant.email
    reply = (
        f"From: {sender}\r\nTo: {mail['Reply-To'] or mail['From']}\r\nSubject: Re: {mail['Subject']}\r\n"
        f"Message-Id: <{sender}-{applicant.id}>\r\nIn-Reply-To: {mail['Message-Id']}\r\n"
        f"References: {mail['Message-Id']}\r\n\r\nThank you, I can come on Monday.\r\n"
    )
    thread_id = office.admin.call("mail.thread", "message_process", "hr.applicant", reply)
    assert thread_id == applicant.id
