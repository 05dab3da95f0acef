"""Two people at work on one application at the same moment: answered once, and every mail sent."""

from helpers import at_once
from locked import Locked

TIMES = 5


def test_two_answers_at_once_close_once(office):
    for _time in range(TIMES):
        applicant = office.apply()
        messages = at_once(
            lambda applicant=applicant: office.write_to(applicant, client=office.rosa),
            lambda applicant=applicant: office.write_to(applicant, client=office.robert),
        )
        promise = applicant.promise()
        assert promise["state"] == "kept"
        assert promise["closing_message_id"][0] in messages
        assert [office.notification(message, applicant.partner_id) for message in messages] == ["sent", "sent"]
        assert len(applicant.mails(2)) == 2


def test_answer_while_a_colleague_works_on_the_application(office):
    for _time in range(TIMES):
        applicant = office.apply()
        work = [{"kanban_state": "waiting"}, {"user_id": office.robert.user_id}, {"kanban_state": "normal"}]

        def change(applicant=applicant, work=work):
            for values in work:
                office.robert.call("hr.applicant", "write", [applicant.id], values)

        message, _none = at_once(lambda applicant=applicant: office.write_to(applicant), change)
        assert office.notification(message, applicant.partner_id) == "sent"
        assert applicant.state() == "kept"
        assert len(applicant.mails()) == 1


def test_applications_that_come_in_at_once_are_promised_an_answer_each(office):
    for applicant in at_once(*[office.apply] * 6):
        assert applicant.state() == "running"


def test_delivery_while_the_promise_is_locked_is_booked_later(office):
    """The mail server has the mail: a conflict over the row must neither undo that nor lose the answer."""
    applicant = office.apply()
    change = f"UPDATE hr_feedback_promise SET write_date = NOW() WHERE id = {applicant.promise()['id']}"
    with Locked(office.database, change) as locked:
        message, _none = at_once(
            lambda: office.write_to(applicant), lambda: locked.let_go("the delivery waits for the row")
        )
    assert office.notification(message, applicant.partner_id) == "sent"
    assert applicant.promise()["closing_message_id"][0] == message
    assert len(applicant.mails()) == 1


def test_paused_by_one_and_refused_by_another(office):
    for _time in range(TIMES):
        applicant = office.apply()
        at_once(
            lambda applicant=applicant: office.rosa.call(
                "hr.applicant", "write", [applicant.id], {"kanban_state": "waiting"}
            ),
            lambda applicant=applicant: office.robert.call(
                "hr.applicant",
                "write",
                [applicant.id],
                {"refuse_reason_id": office.ref("hr_recruitment.refuse_reason_7"), "active": False},
            ),
        )
        assert {promise["state"] for promise in applicant.promises()} == {"cancelled"}
