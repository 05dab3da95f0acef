"""The page on which somebody who was invited to a job answers: as mail programs, scanners and strangers open it."""

import itertools
import re
import urllib.error
import urllib.parse

import helpers
import pytest
from helpers import Visitor, at_once, insist, text_of, wait_until

from devtools import harness

MANY = 50
MAILINGS = "mass_mailing.ir_cron_mass_mailing_queue"
PAGE = "/candidate/invitation"
# All that a page could have changed.
TABLES = ("hr_pool_match", "hr_applicant", "hr_candidate_touch", "mail_activity", "mail_message", "mail_mail",
          "hr_candidate_preference", "res_partner")  # fmt: skip
STATE = "SELECT md5(concat({}))".format(
    ", ".join(f"(SELECT string_agg(row::text, '|' ORDER BY id) FROM {table} row)" for table in TABLES)
)
SET_UP = """
env.company.write({'candidate_consent_required': False, 'name': "Page & Sons"})
env['hr.talent.pool'].create({'name': "Old Friends"})
kind = env['hr.skill.type'].create({
    'name': "Trades", 'skill_ids': [(0, 0, {'name': "Welding"})],
    'skill_level_ids': [(0, 0, {'name': "Master", 'level_progress': 100, 'default_level': True})]})
env['hr.applicant.category'].create({'name': "Steel", 'dimension': 'industry'})
env.cr.commit()
"""
SIGN = """
from datetime import timedelta
from odoo.tools import hash_sign
print(hash_sign(env(su=True), {scope!r}, {payload!r}, expiration=timedelta(days={days})))
"""
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def desk(mail_server):
    """A company with a pool, on a server in the shape of production."""
    name = helpers.make_company("cr_blackbox_react", mail_server)
    harness.odoo_shell(name, SET_UP)
    with harness.Server(name, workers=2) as server:
        yield helpers.Office(name, server, mail_server)
    harness.drop(name)


class Invited:
    """Somebody of the pool who got the mail, and their browser."""

    def __init__(self, desk, match_id, email):
        self.desk, self.id, self.email = desk, match_id, email
        (self.mail,) = desk.mail_server.wait_for(1, email)
        (self.link,) = set(re.findall(r'href="([^"]*key=[^"]*)"', text_of(self.mail)))
        key = urllib.parse.parse_qs(urllib.parse.urlsplit(self.link).query)["key"][0]
        self.page_path = f"{PAGE}/{key}"
        self.visitor = Visitor(desk.server, self.page_path)

    def read(self, *fields):
        return self.desk.read("hr.pool.match", self.id, *fields)

    def answer(self, visitor=None, page=None, **values):
        visitor = visitor or self.visitor
        page = page or visitor.open()
        fields = page.fields()
        fields.pop("topic")
        return visitor.open(fields | values)

    def applications(self):
        (partner, *_name) = self.read("partner_id")
        domain = [("partner_id", "=", partner), ("talent_pool_ids", "=", False)]
        return self.desk.search("hr.applicant", domain, context={"active_test": False})


def make_talents(desk, count):
    (pool,) = desk.search("hr.talent.pool", [("name", "=", "Old Friends")])
    (skill,) = desk.admin.call("hr.skill", "search_read", [("name", "=", "Welding")], ["skill_type_id"])
    (level,) = desk.search("hr.skill.level", [("skill_type_id", "=", skill["skill_type_id"][0])])
    (tag,) = desk.search("hr.applicant.category", [("name", "=", "Steel")])
    owned = {"skill_id": skill["id"], "skill_level_id": level, "skill_type_id": skill["skill_type_id"][0]}
    names = [f"Friend {next(numbers)}" for _number in range(count)]
    return desk.admin.call(
        "hr.applicant",
        "create",
        [
            {
                "partner_name": name,
                "email_from": f"{name.lower().replace(' ', '.')}@mail.example",
                "job_id": False,
                "talent_pool_ids": [(6, 0, [pool])],
                "categ_ids": [(6, 0, [tag])],
                "applicant_skill_ids": [(0, 0, owned)],
            }
            for name in names
        ],
    )


def open_job(desk, talents):
    """A job and the people of its round, by talent."""
    job = desk.admin.call("hr.job", "create", [{"name": f"Welder {next(numbers)}", "user_id": desk.rosa.user_id}])[0]
    round_id = desk.rosa.call("hr.job", "action_reactivate", [job])["res_id"]
    matches = desk.admin.call(
        "hr.pool.match", "search_read", [("reactivation_id", "=", round_id), ("applicant_id", "in", talents)], ["id"]
    )
    assert len(matches) == len(talents)
    return job, [match["id"] for match in matches]


def send(desk, matches, client=None):
    wizard = (client or desk.rosa).call("hr.pool.match", "action_invite", matches)["res_id"]
    return (client or desk.rosa).call("hr.pool.invite", "action_send", [wizard])


def invite(desk, count=1):
    talents = make_talents(desk, count)
    job, matches = open_job(desk, talents)
    send(desk, matches)
    desk.run_job(MAILINGS)
    desk.run_job(helpers.MAIL_QUEUE)
    emails = [desk.read("hr.applicant", talent, "email_from") for talent in talents]
    found = {desk.read("hr.pool.match", match, "applicant_id")[0]: match for match in matches}
    return job, [Invited(desk, found[talent], email) for talent, email in zip(talents, emails, strict=True)]


def state_of(desk):
    return harness.query(STATE, desk.database)[0]


def sign(desk, payload, scope="candidate_relationship.invitation", days=1):
    return f"{PAGE}/{harness.odoo_shell(desk.database, SIGN.format(scope=scope, payload=payload, days=days)).strip()}"


# -- The way of most people --------------------------------------------------------------


def test_from_the_mail_to_the_application(desk):
    job, (friend,) = invite(desk)
    assert friend.read("state") == "delivered"
    followed = Visitor(desk.server, urllib.parse.urlsplit(friend.link).path).open(
        query="?" + urllib.parse.urlsplit(friend.link).query
    )
    assert followed.status == 302
    assert urllib.parse.urlsplit(followed.headers["Location"]).path == friend.page_path
    assert followed.headers["Cache-Control"] == "no-store"
    assert "Welder" in friend.visitor.open().title
    assert friend.read("state") == "clicked", "Odoo's own link tracker counts the click."
    done = friend.answer(answer="interested")
    assert "your application is with us" in " ".join(done.text.split())
    (application,) = friend.applications()
    values = desk.admin.call(
        "hr.applicant", "read", [application], ["job_id", "source_id", "categ_ids", "skill_ids", "user_id"]
    )[0]
    assert values["job_id"][0] == job
    assert values["source_id"][1] == "Reactivation"
    assert len(values["categ_ids"]) == 1 and len(values["skill_ids"]) == 1
    assert values["user_id"][0] == desk.rosa.user_id
    (activity,) = desk.admin.call(
        "mail.activity", "search_read", [("res_model", "=", "hr.applicant"), ("res_id", "=", application)],
        ["user_id", "summary"],
    )  # fmt: skip
    assert activity["user_id"][0] == desk.rosa.user_id and "is interested in Welder" in activity["summary"]
    promises = desk.search("hr.feedback.promise", [("applicant_id", "=", application)])
    assert len(promises) == 1, "The company owes an answer to who answers."


def test_later_asks_when(desk):
    _job, (friend,) = invite(desk)
    asks = friend.answer(answer="later")
    assert "When May We Write to You Again?" in asks.text
    assert friend.read("state") == "delivered"
    wrong = friend.answer(page=asks, answer="later", months="7")
    assert wrong.tree.xpath("//*[@role='alert']")
    done = friend.answer(page=wrong, answer="later", months="3")
    assert "We will not write to you before" in done.text
    assert friend.read("state") == "later"
    (partner, *_name) = friend.read("partner_id")
    (preference,) = desk.admin.call(
        "hr.candidate.preference", "search_read", [("partner_id", "=", partner)], ["paused_until"]
    )
    assert preference["paused_until"] == friend.read("later_date")
    friend.answer(page=done, answer="interested")
    assert friend.read("state") == "interested"


def test_not_for_me_may_say_why(desk):
    _job, (friend,) = invite(desk)
    done = friend.answer(answer="no")
    assert friend.read("state") == "not_interested", "Booked at once: why need not be told."
    evil = "<script>alert(1)</script>"
    thanks = friend.answer(page=done, answer="no", reason="pay", comment=evil)
    assert not thanks.tree.xpath("//script")
    assert friend.read("decline_reason", "comment") == {"id": friend.id, "decline_reason": "pay", "comment": evil}
    assert not friend.applications()


def test_answers_that_come_again_are_one(desk):
    _job, (friend,) = invite(desk)
    # a browser in which the page was left open
    old = Visitor(desk.server, friend.page_path)
    page = old.open()
    friend.answer(answer="interested")
    before = state_of(desk)
    assert "Glad to Hear That!" in friend.answer(old, page, answer="interested").text
    assert state_of(desk) == before


def test_who_was_interested_may_withdraw_and_come_back(desk):
    job, (friend,) = invite(desk)
    done = friend.answer(answer="interested")
    (application,) = friend.applications()
    assert done.tree.xpath("//button[@value='no']") and not done.tree.xpath("//button[@value='interested']")
    withdrawn = friend.answer(page=done, answer="no")
    assert "knows of your new answer" in " ".join(withdrawn.text.split())
    assert friend.read("state") == "not_interested"
    assert desk.read("hr.applicant", application, "active"), "Nothing is refused by itself."
    before = state_of(desk)
    for _link_followed_again in range(2):
        assert "We will not ask you about" in friend.visitor.open().text
    assert state_of(desk) == before
    friend.answer(page=withdrawn, answer="interested")
    assert friend.applications() == [application]
    desk.rosa.call("hr.job", "write", [job], {"no_of_recruitment": 0})
    closed = friend.visitor.open()
    assert [button.get("value") for button in closed.tree.xpath("//form//button[@name='answer']")] == ["no"]
    bye = friend.answer(page=closed, answer="no")
    assert "Thank You for Telling Us" in bye.text and not bye.tree.xpath("//button[@name='answer']")


# -- What must not happen ----------------------------------------------------------------


def test_get_changes_nothing(desk):
    _job, (friend,) = invite(desk)
    before = state_of(desk)
    for query in ("", "?lang=zh_CN", "?answer=interested", "?answer=no&reason=pay", "?lang=xx"):
        page = friend.visitor.open(query=query)
        assert page.status == 200
        assert not page.tree.xpath("//script")
    friend.visitor.open(method="HEAD")
    assert state_of(desk) == before
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert friend.visitor.open(query="?lang=zh_CN").tree.get("lang") == "zh-CN"


def test_every_field_has_a_label(desk):
    _job, (friend,) = invite(desk)
    pages = [friend.answer(answer="later"), friend.answer(answer="no")]
    for page in pages:
        for box in page.tree.xpath("//form//input[not(@type='hidden')][not(@aria-hidden)] | //form//textarea"):
            assert page.tree.xpath(f"//label[@for='{box.get('id')}']")[0].text_content().strip()


def test_job_closed_while_the_round_is_out(desk):
    job, (friend,) = invite(desk)
    page = friend.visitor.open()
    desk.rosa.call("hr.job", "write", [job], {"no_of_recruitment": 0})
    before = state_of(desk)
    closed = friend.visitor.open()
    assert closed.status == 200 and "This position is not open any more." in closed.text
    assert not closed.tree.xpath("//form")
    for answer in ("interested", "later", "no"):
        assert "not open any more" in friend.answer(page=page, answer=answer).text
    assert state_of(desk) == before


def test_all_wrong_links_look_the_same(desk):
    talents = make_talents(desk, 1)
    _job, (not_invited,) = open_job(desk, talents)
    _job, (friend, erased) = invite(desk, 2)
    harness.query(f"UPDATE hr_pool_match SET partner_id = NULL WHERE id = {erased.id}", desk.database)
    token = friend.page_path.rsplit("/", 1)[1]
    links = {
        "expired": sign(desk, [friend.id], days=-1),
        "other purpose": sign(desk, [friend.id], scope="candidate_relationship.consent"),
        "no such row": sign(desk, [2**30]),
        "erased": erased.page_path,
        "not invited": sign(desk, [not_invited]),
        "cut off": f"{PAGE}/{token[:-5]}",
        "forged": f"{PAGE}/{token[:30]}{'A' if token[30] != 'A' else 'B'}{token[31:]}",
        "garbage": f"{PAGE}/%F0%9F%98%80%00",
        "number": f"{PAGE}/{friend.id}",
        "none": PAGE,
    }
    form = friend.visitor.open().fields()
    before = state_of(desk)
    pages = set()
    for name, link in links.items():
        stranger = Visitor(desk.server, link)
        page = stranger.open()
        assert page.status == 404, name
        assert page.title == "This Link Is Not Valid", name
        pages.add(page.text)
        assert stranger.open({**form, "answer": "interested"}).status in (400, 404, 405), name
    assert len(pages) == 1
    assert state_of(desk) == before


def test_short_link_without_its_key_tells_nothing(desk):
    _job, (friend,) = invite(desk)
    short = Visitor(desk.server, urllib.parse.urlsplit(friend.link).path)
    for query in ("", "?key=x", "?key=%0d%0aSet-Cookie:%20a=b", "?key=../../web", "?key=//evil.example"):
        followed = short.open(query=query)
        assert followed.status in (301, 302)
        target = urllib.parse.urlsplit(followed.headers["Location"])
        assert not target.netloc or target.netloc == urllib.parse.urlsplit(desk.server.url).netloc or query == ""
        assert target.path.startswith(PAGE) and target.path.count("/") <= 3
        assert "a=b" not in str(followed.headers["Set-Cookie"])
        assert Visitor(desk.server, target.path).open().status == 404


def test_without_the_token_of_the_form(desk):
    _job, (friend,) = invite(desk)
    assert friend.visitor.open({"answer": "interested"}).status == 400
    assert friend.read("state") == "delivered"


def test_garbage_is_no_answer(desk):
    _job, (friend,) = invite(desk)
    for answer in ("", "maybe", "yes\0", "<script>"):
        assert friend.answer(answer=answer).status in (200, 400)
    assert friend.read("state") == "delivered"


def test_oversized_form(desk):
    _job, (friend,) = invite(desk)
    assert friend.answer(answer="interested", more="x" * 200_000).status in (400, 413)
    assert friend.read("state") == "delivered"


# -- Many at once ------------------------------------------------------------------------


def click_at_once(desk, server, answers):
    """Everybody has the page open, and presses their button at the same moment."""
    _job, (friend,) = invite(desk)
    visitors = [Visitor(server, friend.page_path) for _answer in answers]
    pages = [insist(visitor.open) for visitor in visitors]
    replies = at_once(*[
        lambda v=v, p=p, a=a: insist(lambda: friend.answer(v, p, **a))
        for v, p, a in zip(visitors, pages, answers, strict=True)
    ])  # fmt: skip
    assert {reply.status for reply in replies} == {200}
    return friend


def check_one_application(desk, friend):
    assert len(friend.applications()) == 1
    assert friend.read("state") == "interested"
    (application,) = friend.applications()
    assert len(desk.search("mail.activity", [("res_model", "=", "hr.applicant"), ("res_id", "=", application)])) == 1
    (partner, *_name) = friend.read("partner_id")
    touches = desk.search("hr.candidate.touch", [("partner_id", "=", partner), ("channel", "=", "page")])
    assert len(touches) == 1


def test_fifty_clicks_make_one_application(desk):
    check_one_application(desk, click_at_once(desk, desk.server, [{"answer": "interested"}] * MANY))


def test_fifty_clicks_make_one_application_in_threads(desk):
    with harness.Server(desk.database, workers=0) as server:
        check_one_application(desk, click_at_once(desk, server, [{"answer": "interested"}] * MANY))


def test_yes_and_no_at_once_leave_one_answer(desk):
    answers = [{"answer": "interested"}, {"answer": "no"}, {"answer": "later", "months": "1"}] * 4
    friend = click_at_once(desk, desk.server, answers)
    # whichever was the last; a no after the yes leaves the one application to the recruiter
    assert friend.read("state") in ("interested", "later", "not_interested")
    (application,) = friend.applications()
    assert len(desk.search("mail.activity", [("res_model", "=", "hr.applicant"), ("res_id", "=", application)])) == 1


def test_two_recruiters_invite_once(desk):
    talents = make_talents(desk, 3)
    _job, matches = open_job(desk, talents)
    at_once(
        lambda: send(desk, matches, desk.rosa), lambda: send(desk, matches, desk.robert), forgive=harness.RemoteError
    )
    desk.run_job(MAILINGS)
    desk.run_job(helpers.MAIL_QUEUE)
    for talent in talents:
        email = desk.read("hr.applicant", talent, "email_from")
        assert len(desk.mail_server.wait_for(1, email)) == 1


def test_two_who_press_the_button_at_once_get_one_round(desk):
    make_talents(desk, 2)
    for _time in range(3):
        job = desk.admin.call("hr.job", "create", [{"name": f"Welder {next(numbers)}"}])[0]
        opened = at_once(*[
            lambda client=client, job=job: client.call("hr.job", "action_reactivate", [job])
            for client in (desk.rosa, desk.robert) * 2
        ])  # fmt: skip
        rounds = desk.search("hr.pool.reactivation", [("job_id", "=", job)])
        assert {action["res_id"] for action in opened} == set(rounds) and len(rounds) == 1
        partners = desk.admin.call(
            "hr.pool.match", "search_read", [("reactivation_id", "=", rounds[0])], ["partner_id"]
        )  # fmt: skip
        assert len({match["partner_id"][0] for match in partners}) == len(partners)


def test_the_round_is_prepared_by_the_scheduler(desk):
    talents = make_talents(desk, 2)
    job = desk.admin.call("hr.job", "create", [{"name": f"Welder {next(numbers)}", "user_id": desk.rosa.user_id}])[0]
    assert not desk.search("hr.pool.reactivation", [("job_id", "=", job)]), "Nobody waits for the ranking."
    desk.run_job("candidate_relationship.ir_cron_reactivation")
    (round_id,) = wait_until(lambda: desk.search("hr.pool.reactivation", [("job_id", "=", job)]), "the round")
    assert desk.read("hr.pool.reactivation", round_id, "state") == "ready"
    assert len(desk.search("hr.pool.match", [("reactivation_id", "=", round_id), ("applicant_id", "in", talents)])) == 2
    activities = desk.admin.call(
        "mail.activity", "search_read", [("res_model", "=", "hr.pool.reactivation"), ("res_id", "=", round_id)],
        ["user_id"],
    )  # fmt: skip
    assert [activity["user_id"][0] for activity in activities] == [desk.rosa.user_id]
