"""Refusing an application: the outcome is promised, and the delivered letter is the answer."""

import helpers
import pytest

NOT_A_FIT, DUPLICATE, SPAM = (f"hr_recruitment.refuse_reason_{number}" for number in (1, 6, 7))
CONTEXT = {"active_test": False}


def test_letter_closes_once_it_is_delivered(office):
    applicant = office.apply()
    refuse(office, NOT_A_FIT, applicant)
    assert applicant.state("outcome") == "running"
    office.run_job(helpers.MAIL_QUEUE)
    assert len(applicant.mails()) == 1
    assert (applicant.state("outcome"), applicant.state("application")) == ("kept", "kept")


def test_letter_that_was_refused_leaves_the_promise_running(office, mail_server):
    applicant = office.apply()
    mail_server.refuse(applicant.email)
    refuse(office, NOT_A_FIT, applicant)
    office.run_job(helpers.MAIL_QUEUE)
    assert applicant.state("outcome") == "running"
    mail_server.accept_all()
    office.retry_failed_mails()
    assert applicant.state("outcome") == "kept"


def test_without_a_letter_the_outcome_stays_promised(office):
    applicant = office.apply()
    refuse(office, NOT_A_FIT, applicant, send_mail=False)
    office.run_job(helpers.MAIL_QUEUE)
    assert applicant.state("outcome") == "running"


def test_many_are_refused_at_once(office, mail_server):
    applicants = [office.apply() for _number in range(3)]
    mail_server.refuse(applicants[1].email)
    refuse(office, NOT_A_FIT, *applicants)
    office.run_job(helpers.MAIL_QUEUE)
    assert [applicant.state("outcome") for applicant in applicants] == ["kept", "running", "kept"]


@pytest.mark.parametrize("reason", [SPAM, DUPLICATE])
def test_nothing_is_owed_to_spam_and_duplicates(office, reason):
    applicant = office.apply()
    refuse(office, reason, applicant, send_mail=False)
    assert [promise["state"] for promise in applicant.promises()] == ["cancelled"]


def test_duplicates_of_a_refused_application_are_owed_nothing(office):
    applicant = office.apply()
    twin = office.apply(email_from=applicant.email)
    refuse(office, NOT_A_FIT, applicant, duplicates=True)
    office.run_job(helpers.MAIL_QUEUE)
    assert office.read("hr.applicant", twin.id, "active") is False
    assert {promise["state"] for promise in twin.promises()} == {"cancelled"}
    assert applicant.state("outcome") == "kept"
    assert len(applicant.mails()) == 1


def refuse(office, reason, *applicants, **values):
    """The wizard behind *Refuse*, in the context in which the button opens it."""
    values |= {"refuse_reason_id": office.ref(reason), "applicant_ids": [(6, 0, [a.id for a in applicants])]}
    wizard_id = office.rosa.call("applicant.get.refuse.reason", "create", [values], context=CONTEXT)[0]
    office.rosa.call("applicant.get.refuse.reason", "action_refuse_reason_apply", [wizard_id], context=CONTEXT)
