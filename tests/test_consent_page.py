"""The page on which a candidate agrees, says no and withdraws: as mail programs, scanners and strangers open it."""

import re

import helpers
import pytest
from helpers import Visitor, at_once, insist, text_of

from devtools import harness

TEXT = "<p>{company} keeps your application for {months} months.</p>"
TEXT_ZH = "<p>{company}将您的申请保留{months}个月。</p>"
MANY = 50
# All that a page could have changed.
STATE = """
SELECT md5(concat(
    (SELECT string_agg(row::text, '|' ORDER BY id) FROM hr_candidate_consent row),
    (SELECT string_agg(row::text, '|' ORDER BY id) FROM hr_candidate_touch row),
    (SELECT string_agg(row::text, '|' ORDER BY id) FROM mail_mail row),
    (SELECT string_agg(row::text, '|' ORDER BY id) FROM res_partner row)))
"""
WORDING = """
wording = env.ref('candidate_relationship.consent_wording').with_context(lang='en_US')
wording.write({{'title': "Keep in touch", 'body': {english!r}}})
term = {english!r}[3:-4]
wording.update_field_translations('title', {{'zh_CN': "保持联系"}})
wording.update_field_translations('body', {{'zh_CN': {{term: {chinese!r}[3:-4]}}}})
env.company.name = "Page & Sons"
env.cr.commit()
"""
SIGN = """
from datetime import datetime, timedelta
from odoo.tools import hash_sign
print(hash_sign(env(su=True), {scope!r}, {payload!r}, expiration=timedelta(days={days})))
"""
MERGE = """
target = env['res.partner'].create({{'name': "Twin", 'email': {email!r}, 'lang': 'en_US'}})
env['base.partner.merge.automatic.wizard']._merge([{partner}, target.id], target)
env.cr.commit()
print(target.id)
"""


@pytest.fixture(scope="module")
def desk(office):
    """The office, with a text of its own in two languages."""
    harness.odoo_shell(office.database, WORDING.format(english=TEXT, chinese=TEXT_ZH))
    return office


# -- Helpers -----------------------------------------------------------------------------


def ask(desk, applicant):
    wizard = desk.rosa.call("hr.candidate.consent.ask", "create", [{"applicant_ids": [(6, 0, [applicant.id])]}])[0]
    desk.rosa.call("hr.candidate.consent.ask", "action_ask", [wizard])
    desk.run_job(helpers.MAIL_QUEUE)
    return link_in(applicant.mails()[-1])


def asked(desk):
    """Somebody who got the mail, and their browser."""
    applicant = desk.apply()
    return applicant, Visitor(desk.server, ask(desk, applicant))


def link_in(mail):
    (link,) = set(re.findall(r'href="([^"]*/candidate/consent/[^"]*)"', text_of(mail)))
    return link


def rows(desk, applicant, *fields):
    """The ledger's rows, oldest first: purpose, state and the fields asked for."""
    domain = [("partner_id", "=", applicant.partner_id)]
    found = desk.admin.call("hr.candidate.consent", "search_read", domain, ["purpose", "state", *fields], order="id")
    return [tuple(row[name] for name in ("purpose", "state", *fields)) for row in found]


def states(desk, applicant):
    return [state for _purpose, state in rows(desk, applicant)]


def state_of(desk):
    return harness.query(STATE, desk.database)[0]


def sign(desk, payload, scope="candidate_relationship.consent", days=1):
    code = SIGN.format(scope=scope, payload=payload, days=days)
    return f"/candidate/consent/{harness.odoo_shell(desk.database, code).strip()}"


def consent_id(desk, applicant):
    return desk.search("hr.candidate.consent", [("partner_id", "=", applicant.partner_id)], order="id", limit=1)[0]


# -- The way of most people --------------------------------------------------------------


def test_agree_and_withdraw(desk):
    applicant, visitor = asked(desk)
    page = visitor.agree()
    assert page.status == 200
    assert "We keep your application until" in page.text
    keep, nurture = rows(
        desk, applicant, "wording_text", "wording_version", "wording_lang", "source", "frequency_days", "topic_ids"
    )
    text = "<h3>Keep in touch</h3><p>Page &amp; Sons keeps your application for 24 months.</p>"
    version = desk.admin.call("hr.consent.wording", "search_read", [], ["version"])[0]["version"]
    assert keep == ("keep", "given", text, version, "en_US", "page", 0, [])
    assert nurture[:7] == ("nurture", "given", text, version, "en_US", "page", 90)
    assert len(nurture[7]) == 2

    desk.run_job(helpers.MAIL_QUEUE)
    confirmation = applicant.mails(2)[1]
    assert "once in 90 days at most" in text_of(confirmation)
    later = Visitor(desk.server, link_in(confirmation))
    page = later.open()
    assert "Your Choice Now" in page.text
    assert page.fields()["keep"] == "1" and len(page.fields()["topic"]) == 2
    assert page.fields()["frequency"] == "90"
    later.say_no()
    assert states(desk, applicant) == ["withdrawn", "withdrawn"]
    desk.run_job(helpers.MAIL_QUEUE)
    assert "We do not keep your application for later." in text_of(applicant.mails(3)[2])


def test_no_thanks(desk):
    applicant, visitor = asked(desk)
    page = visitor.say_no()
    assert page.status == 200
    assert states(desk, applicant) == ["declined", "declined"]
    assert "You have said no" in visitor.open().text


def test_change_of_topics(desk):
    applicant, visitor = asked(desk)
    visitor.agree()
    page = visitor.open()
    visitor.open(page.fields(topic=page.topics()[-1:], frequency="0", answer="yes"))
    assert rows(desk, applicant, "frequency_days") == [
        ("keep", "given", 0),
        ("nurture", "renewed", 90),
        ("nurture", "given", 0),
    ]


def test_used_link_goes_on_working(desk):
    applicant, visitor = asked(desk)
    visitor.agree()
    visitor.say_no()
    visitor.agree()
    assert states(desk, applicant) == ["withdrawn", "withdrawn", "given", "given"]


def test_forwarded_link_is_told_to_the_person(desk):
    applicant, visitor = asked(desk)
    stranger = Visitor(desk.server, visitor.url)
    page = stranger.open()
    assert applicant.email not in page.text and "Candidate" not in page.tree.text_content()
    stranger.agree()
    desk.run_job(helpers.MAIL_QUEUE)
    undo = Visitor(desk.server, link_in(applicant.mails(2)[1]))
    undo.say_no()
    assert states(desk, applicant) == ["withdrawn", "withdrawn"]


def test_answer_is_a_touch(desk):
    applicant, visitor = asked(desk)
    count = f"SELECT COUNT(*) FROM hr_candidate_touch WHERE channel = 'page' AND partner_id = {applicant.partner_id}"
    visitor.open()
    assert harness.query(count, desk.database) == ["0"]
    visitor.agree()
    assert harness.query(count, desk.database) == ["1"]


# -- Looking changes nothing -------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(desk, method):
    _applicant, visitor = asked(desk)
    before = state_of(desk)
    for _time in range(2):
        page = visitor.open(method=method)
        assert page.status == 200
    scanner = Visitor(desk.server, visitor.url)
    scanner.open(method=method, query="?answer=yes&keep=1&topic=1&lang=zh_CN&token=1&utm_source=x")
    assert state_of(desk) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(desk, method):
    _applicant, visitor = asked(desk)
    before = state_of(desk)
    assert visitor.open(method=method, data=b"answer=yes&keep=1").status in (400, 405)
    assert state_of(desk) == before


def test_page_is_kept_by_nobody(desk):
    _applicant, visitor = asked(desk)
    page = visitor.open()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.tree.xpath("//meta[@name='robots'][contains(@content, 'noindex')]")
    assert not page.tree.xpath("//script")


def test_every_field_has_a_label(desk):
    _applicant, visitor = asked(desk)
    tree = visitor.open().tree
    boxes = tree.xpath("//form//input[not(@type='hidden')]")
    assert len(boxes) >= 5
    for box in boxes:
        assert tree.xpath(f"//label[@for='{box.get('id')}']")[0].text_content().strip()
    assert len(tree.xpath("//form//fieldset[legend]")) == 3
    assert not tree.xpath("//form//input[@type='checkbox'][@checked]"), "Nothing is ticked beforehand."


# -- Languages ---------------------------------------------------------------------------


def test_chinese_page(desk):
    applicant = desk.apply()
    desk.admin.call("res.partner", "write", [applicant.partner_id], {"lang": "zh_CN"})
    visitor = Visitor(desk.server, ask(desk, applicant))
    page = visitor.open()
    assert page.tree.get("lang") == "zh-CN"
    assert "Page &amp; Sons将您的申请保留24个月。" in page.text
    visitor.agree(page)
    assert {row[2] for row in rows(desk, applicant, "wording_lang")} == {"zh_CN"}
    assert "保留24个月" in rows(desk, applicant, "wording_text")[0][2]


def test_language_switch(desk):
    applicant, visitor = asked(desk)
    page = visitor.open()
    assert page.tree.get("lang") == "en-US"
    assert "?lang=zh_CN" in page.tree.xpath("//nav//a/@href")
    page = visitor.open(query="?lang=zh_CN")
    assert page.tree.get("lang") == "zh-CN"
    visitor.agree(page)
    assert {row[2] for row in rows(desk, applicant, "wording_lang")} == {"zh_CN"}
    assert visitor.open(query="?lang=xx_XX").tree.get("lang") == "en-US"


# -- Links that don't work ---------------------------------------------------------------


def test_all_wrong_links_look_the_same(desk):
    applicant, visitor = asked(desk)
    erased, erased_visitor = asked(desk)
    harness.query(f"UPDATE hr_candidate_consent SET partner_id = NULL WHERE partner_id = {erased.partner_id}",
                  desk.database)  # fmt: skip
    row = consent_id(desk, applicant)
    token = visitor.url.rsplit("/", 1)[1]
    links = {
        "expired": sign(desk, [row], days=-1),
        "other purpose": sign(desk, [row], scope="candidate_relationship.other"),
        "no such row": sign(desk, [2**30]),
        "erased": erased_visitor.url,
        "cut off": f"/candidate/consent/{token[:-5]}",
        "forged": f"/candidate/consent/{token[:30]}{'A' if token[30] != 'A' else 'B'}{token[31:]}",
        "garbage": "/candidate/consent/%F0%9F%98%80%00",
        "long": f"/candidate/consent/{'A' * 2000}",
        "number": f"/candidate/consent/{row}",
    }
    before = state_of(desk)
    pages = set()
    for name, link in links.items():
        stranger = Visitor(desk.server, link)
        page = stranger.open()
        assert page.status == 404, name
        assert page.title == "This Link Is Not Valid", name
        pages.add(page.text)
        token_of_form = visitor.open().fields()
        answer = stranger.open({**token_of_form, "answer": "yes", "keep": "1"})
        assert answer.status in (400, 404), name
    assert len(pages) == 1
    assert state_of(desk) == before


def test_link_of_a_merged_person(desk):
    applicant, visitor = asked(desk)
    code = MERGE.format(email=applicant.email, partner=applicant.partner_id)
    applicant.partner_id = int(harness.odoo_shell(desk.database, code))
    assert visitor.agree().status == 200
    assert states(desk, applicant) == ["given", "given"]


# -- Bad input ---------------------------------------------------------------------------


def test_without_the_token_of_the_form(desk):
    applicant, visitor = asked(desk)
    page = visitor.open()
    fields = page.fields(answer="yes", keep="1")
    del fields["csrf_token"]
    assert visitor.open(fields).status == 400
    assert states(desk, applicant) == ["asked", "asked"]


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"keep": "0", "topic": []}, "Nothing is ticked"),
        ({"keep": "yes", "topic": ["-1", "0", "99999999", "1e3", "٣", "1' OR 1=1", "9" * 400]}, "Nothing is ticked"),
        ({"frequency": "7"}, "choose how often"),
        ({"frequency": "-1"}, "choose how often"),
        ({"frequency": "<b>"}, "choose how often"),
        ({"shown": "0" * 16}, "The text has changed"),
        ({"shown": ""}, "The text has changed"),
    ],
)
def test_bad_input_is_told(desk, changes, message):
    applicant, visitor = asked(desk)
    page = visitor.agree(**changes)
    assert page.status == 200
    assert message in page.tree.xpath("//*[@role='alert']")[0].text_content()
    assert states(desk, applicant) == ["asked", "asked"]


def test_garbage_is_no_answer(desk):
    applicant, visitor = asked(desk)
    fields = visitor.open().fields()
    for answer in ("", "maybe", "yes\0", "<script>"):
        assert visitor.open({**fields, "answer": answer, "keep": "1"}).status in (200, 400)
    body = (
        "--x\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n" + fields["csrf_token"] + "\r\n"
        "--x\r\nContent-Disposition: form-data; name=\"answer\"; filename=\"a.txt\"\r\n\r\nyes\r\n--x--\r\n"
    )  # fmt: skip
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert visitor.open(body.encode(), headers=headers).status in (200, 400)
    assert states(desk, applicant) == ["asked", "asked"]


def test_oversized_form(desk):
    applicant, visitor = asked(desk)
    fields = visitor.open().fields(answer="yes", keep="1", more="x" * 200_000)
    assert visitor.open(fields).status in (400, 413)
    assert states(desk, applicant) == ["asked", "asked"]


def test_text_that_was_edited_meanwhile(desk):
    applicant, visitor = asked(desk)
    page = visitor.open()
    (wording,) = desk.search("hr.consent.wording", [])
    before = desk.read("hr.consent.wording", wording, "version")
    try:
        desk.admin.call("hr.consent.wording", "write", [wording], {"title": "Edited"})
        assert desk.read("hr.consent.wording", wording, "version") == before + 1
        again = visitor.agree(page)
        assert "The text has changed" in again.text and "Edited" in again.text
        assert again.fields()["keep"] == "1", "What was ticked stays ticked."
        assert states(desk, applicant) == ["asked", "asked"]
        visitor.agree(again)
        assert rows(desk, applicant, "wording_version")[0][2] == before + 1
    finally:
        desk.admin.call("hr.consent.wording", "write", [wording], {"title": "Keep in touch"})


def test_names_are_escaped(desk):
    applicant, visitor = asked(desk)
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    (company,) = desk.search("res.company", [], limit=1)
    (wording,) = desk.search("hr.consent.wording", [])
    topic = desk.admin.call("hr.nurture.topic", "create", [{"name": evil, "description": evil}])[0]
    try:
        desk.admin.call("res.company", "write", [company], {"name": evil})
        desk.admin.call("hr.consent.wording", "write", [wording], {"title": "{company}" + evil})
        page = visitor.open()
        assert not page.tree.xpath("//script") and not page.tree.xpath("//*[@onerror]")
        assert "alert(1)" in page.tree.text_content()
        done = visitor.agree(topic=[str(topic)])
        assert not done.tree.xpath("//script") and not done.tree.xpath("//*[@onerror]")
        assert "<script" not in rows(desk, applicant, "wording_text")[0][2]
    finally:
        desk.admin.call("res.company", "write", [company], {"name": "Page & Sons"})
        desk.admin.call("hr.consent.wording", "write", [wording], {"title": "Keep in touch"})
        desk.admin.call("hr.nurture.topic", "unlink", [topic])


# -- Many at once ------------------------------------------------------------------------


def post_at_once(desk, server, count):
    applicant, visitor = asked(desk)
    visitors = [Visitor(server, visitor.url) for _number in range(count)]
    pages = [visitor.open() for visitor in visitors]
    answers = at_once(*[lambda v=v, p=p: insist(lambda: v.agree(p)) for v, p in zip(visitors, pages, strict=True)])
    assert {answer.status for answer in answers} == {200}
    assert states(desk, applicant) == ["given", "given"]
    desk.run_job(helpers.MAIL_QUEUE)
    assert len(applicant.mails(2)) == 2, "one that asks, one that confirms"


def test_fifty_clicks_are_one(desk):
    post_at_once(desk, desk.server, MANY)


def test_fifty_clicks_are_one_in_threads(desk):
    with harness.Server(desk.database, workers=0) as server:
        post_at_once(desk, server, MANY)


def test_yes_and_no_at_once_leave_one_answer(desk):
    applicant, visitor = asked(desk)
    visitors = [Visitor(desk.server, visitor.url) for _number in range(6)]
    pages = [visitor.open() for visitor in visitors]
    at_once(*[
        lambda v=v, p=p, n=n: v.agree(p) if n % 2 else v.open(p.fields(answer="no"))
        for n, (v, p) in enumerate(zip(visitors, pages, strict=True))
    ])
    ended = states(desk, applicant)
    assert ended.count("given") in (0, 2)
    assert "asked" not in ended
    assert len(set(ended[-2:])) == 1


def test_two_recruiters_ask_once(desk):
    applicant = desk.apply()
    values = {"applicant_ids": [(6, 0, [applicant.id])]}
    works = []
    for client in (desk.rosa, desk.robert):
        wizard = client.call("hr.candidate.consent.ask", "create", [values])[0]
        works.append(lambda c=client, w=wizard: c.call("hr.candidate.consent.ask", "action_ask", [w]))
    at_once(*works, forgive=harness.RemoteError)
    desk.run_job(helpers.MAIL_QUEUE)
    assert len(applicant.mails()) == 1
    assert states(desk, applicant) == ["asked", "asked"]
