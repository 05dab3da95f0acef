"""A mail that states the promised date tells it, in the candidate's language, and is not the answer."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import helpers
import pytest
from babel.dates import format_date
from helpers import text_of

ACKNOWLEDGEMENT = f"{helpers.ADDON}.mail_template_acknowledgement"
AFTER_INTERVIEW = f"{helpers.ADDON}.mail_template_after_interview"


@pytest.fixture(scope="module")
def acknowledged_stage(office):
    """A first stage that sends the addon's acknowledgement."""
    values = {"name": "Just in", "template_id": office.ref(ACKNOWLEDGEMENT), "sequence": 0}
    return office.admin.call("hr.recruitment.stage", "create", [values])[0]


def test_stock_acknowledgement_is_no_answer(office):
    applicant = office.apply(stage_id=office.ref("hr_recruitment.stage_job0"))
    assert applicant.mails()
    promise = applicant.promise()
    assert (promise["state"], promise["told_date"]) == ("running", False)


@pytest.mark.parametrize("lang", ["en_US", "zh_CN"])
def test_acknowledgement_states_the_date_in_the_candidates_language(office, acknowledged_stage, lang):
    applicant = apply_in(office, lang, stage_id=acknowledged_stage)
    (mail,) = applicant.mails()
    promise = applicant.promise()
    assert in_words(office, promise, lang) in text_of(mail)
    assert (promise["state"], promise["told_date"]) == ("running", date_of(office, promise).isoformat())


def test_acknowledgement_is_written_in_chinese(office, acknowledged_stage):
    (mail,) = apply_in(office, "zh_CN", stage_id=acknowledged_stage).mails()
    assert "感谢" in text_of(mail)
    assert "Thank you" not in text_of(mail)


def test_date_was_not_told_when_the_mail_was_refused(office, mail_server, acknowledged_stage):
    mail_server.refuse("*")
    applicant = office.apply(stage_id=acknowledged_stage)
    assert applicant.promise()["told_date"] is False
    mail_server.accept_all()
    office.retry_failed_mails()
    promise = applicant.promise()
    assert (promise["state"], promise["told_date"]) == ("running", date_of(office, promise).isoformat())


def test_answer_after_the_acknowledgement_closes(office, acknowledged_stage):
    applicant = office.apply(stage_id=acknowledged_stage)
    told = applicant.promise()["told_date"]
    office.write_to(applicant)
    promise = applicant.promise()
    assert (promise["state"], promise["told_date"]) == ("kept", told)


def test_policy_announces_the_date_once(office):
    applicant = office.apply(job_id=announcing_job(office))
    assert not applicant.has_mail()
    office.run_job(helpers.CRON)
    office.run_job(helpers.MAIL_QUEUE)
    (mail,) = applicant.mails()
    promise = applicant.promise()
    assert in_words(office, promise, "en_US") in text_of(mail)
    assert (promise["state"], promise["told_date"]) == ("running", date_of(office, promise).isoformat())
    office.run_job(helpers.CRON)
    office.run_job(helpers.MAIL_QUEUE)
    assert len(applicant.mails()) == 1


def test_mail_after_the_interview_tells_its_date_and_is_no_answer(office):
    applicant = office.apply()
    office.write_to(applicant)
    interview(office, applicant)
    send_template(office, applicant, AFTER_INTERVIEW)
    promise = applicant.promise("interview")
    assert in_words(office, promise, "en_US") in text_of(applicant.mails(2)[-1])
    assert (promise["state"], promise["told_date"]) == ("running", date_of(office, promise).isoformat())


# -- Helpers -----------------------------------------------------------------------------


def apply_in(office, lang, **values):
    """An application of somebody who is known already, with a language."""
    email = f"known.{lang.lower()}.{datetime.now().timestamp()}@mail.example"
    contact = {"name": "Known", "email": email, "lang": lang}
    partner_id = office.admin.call("res.partner", "create", [contact])[0]
    return office.apply("known", partner_id=partner_id, email_from=email, **values)


def announcing_job(office):
    job_id = office.admin.call("hr.job", "create", [{"name": "Announced", "user_id": office.rosa.user_id}])[0]
    policy = {"name": "Told at once", "trigger": "application", "job_ids": [(6, 0, [job_id])]}
    policy["template_id"] = office.ref(ACKNOWLEDGEMENT)
    office.admin.call("hr.feedback.sla", "create", [policy])
    return job_id


def interview(office, applicant):
    """One that has just ended."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    values = {"name": "Interview", "start": now, "stop": now, "applicant_id": applicant.id, "partner_ids": [(5,)]}
    return office.rosa.call("calendar.event", "create", [values])[0]


def send_template(office, applicant, template):
    """As a recruiter does it: the composer, a template chosen, *Send*."""
    composer_id = office.rosa.call(
        "mail.compose.message",
        "create",
        [
            {
                "composition_mode": "comment",
                "model": "hr.applicant",
                "res_ids": str([applicant.id]),
                "template_id": office.ref(template),
                "partner_ids": [(6, 0, [applicant.partner_id])],
            }
        ],
    )[0]
    office.rosa.call("mail.compose.message", "action_send_mail", [composer_id])


def date_of(office, promise):
    """The day of the deadline where the working hours are kept."""
    company = office.read("res.company", promise["company_id"][0], "resource_calendar_id")
    zone = ZoneInfo(office.read("resource.calendar", company[0], "tz"))
    deadline = datetime.fromisoformat(promise["deadline"]).replace(tzinfo=timezone.utc)
    return deadline.astimezone(zone).date()


def in_words(office, promise, lang):
    return format_date(date_of(office, promise), "full", locale=lang)
