"""The page behind every mailing to talents: as mail programs, scanners and strangers open it."""

import re
import urllib.parse
import urllib.request

import helpers
import pytest
from helpers import NoErrors, Visitor, at_once, insist, text_of
from lxml import html

from devtools import harness

MAILING_QUEUE = "mass_mailing.ir_cron_mass_mailing_queue"
DATABASE = "cr_blackbox_preference"
MANY = 50
ONE_CLICK = b"List-Unsubscribe=One-Click"
# All that a page could have changed.
TABLES = (
    "hr_candidate_preference",
    "hr_candidate_consent",
    "hr_candidate_touch",
    "mail_mail",
    "mail_blacklist",
    "mailing_trace",
    "res_partner",
)
STATE = "SELECT md5(concat({}))".format(
    ", ".join(f"(SELECT string_agg(row::text, '|' ORDER BY id) FROM {table} row)" for table in TABLES)
)
PREPARE = """
company = env.company
company.write({'name': "Page & Sons", 'nurture_contacts': 31})
pool = env['hr.talent.pool'].create({'name': "Runners-up"})
topic = env.ref('candidate_relationship.topic_industry')
topic.update_field_translations('name', {'en_US': "Industry News", 'zh_CN': "行业资讯"})
env.cr.commit()
print(pool.id)
"""
SIGN = """
from datetime import timedelta
from odoo.tools import hash_sign
print(hash_sign(env(su=True), {scope!r}, {payload!r}, expiration=timedelta(days={days})))
"""
MERGE = """
target = env['hr.applicant'].browse({other}).partner_id
env['base.partner.merge.automatic.wizard']._merge([{partner}, target.id], target)
env.cr.commit()
print(target.id)
"""
ERASE = """
person = env['res.partner'].browse({partner})
print(env['hr.candidate.erasure']._schedule(person, env.company, 'request')._execute())
env.cr.commit()
"""


@pytest.fixture(scope="module")
def desk(mail_server):
    """A company of its own, with a pool of talents."""
    name = helpers.make_company(DATABASE, mail_server)
    pool_id = int(harness.odoo_shell(name, PREPARE).strip())
    with harness.Server(name, workers=2) as server:
        office = helpers.Office(name, server, mail_server)
        office.pool_id = pool_id
        office.topics = office.search("hr.nurture.topic", [("company_id", "=", False)], order="sequence, id")
        yield office
    harness.drop(name)


# -- Helpers -----------------------------------------------------------------------------


def make_talent(desk, topics=None, frequency="0", lang="en_US"):
    """Somebody in the pool who agreed to three topics, or to these."""
    talent = desk.apply("talent", job_id=False, talent_pool_ids=[(6, 0, [desk.pool_id])])
    desk.admin.call("res.partner", "write", [talent.partner_id], {"lang": lang})
    values = {
        "applicant_ids": [(6, 0, [talent.id])],
        "topic_ids": [(6, 0, topics or desk.topics[:3])],
        "frequency": frequency,
        "note": "Signed a form",
        "send_confirmation": False,
    }
    wizard = desk.rosa.call("hr.candidate.consent.record", "create", [values])[0]
    desk.rosa.call("hr.candidate.consent.record", "action_record", [wizard])
    return talent


def send(desk, *talents, topic=None, body="<p>Our news</p>", model="hr.applicant", ids=None):
    """A mailing as it is written by hand and sent by the scheduled jobs; its id."""
    values = {
        "subject": "News",
        "body_html": body,
        "body_arch": body,
        "mailing_model_id": desk.search("ir.model", [("model", "=", model)])[0],
        "mailing_domain": repr([("id", "in", ids or [talent.id for talent in talents])]),
        "email_from": "office@company.example",
        "user_id": desk.rosa.user_id,
    }
    if topic:
        values["nurture_topic_id"] = topic
    mailing = desk.admin.call("mailing.mailing", "create", [values])[0]
    desk.admin.call("mailing.mailing", "action_put_in_queue", [mailing])
    desk.run_job(MAILING_QUEUE)
    desk.run_job(helpers.MAIL_QUEUE)
    return mailing


def link_in(mail):
    (link,) = set(re.findall(r'href="([^"]*/candidate/preferences/[^"]*)"', text_of(mail)))
    return link


def mailed(desk, topic=None, **vals):
    """Somebody who got a mailing about the first topic, or of none, and their browser."""
    talent = make_talent(desk, **vals)
    send(desk, talent, topic=topic)
    return talent, Visitor(desk.server, link_in(talent.mails()[-1]))


def one_click(talent):
    """The address in the header of the last mail."""
    mail = talent.mails()[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return re.fullmatch(r"<(\S+)>", mail["List-Unsubscribe"].replace("\r\n", ""))[1]


def click(desk, address, data=ONE_CLICK, headers=None):
    """What a mail program does: no cookies, no form."""
    opener = urllib.request.build_opener(NoErrors())
    request = urllib.request.Request(desk.server.url + urllib.parse.urlsplit(address).path, data, headers or {})
    with opener.open(request, timeout=120) as response:
        return response.status


def preference(desk, talent):
    """Topics left, days between two mails, pause; None if nothing was said."""
    fields = ["left_topic_ids", "frequency_days", "paused_until"]
    domain = [("partner_id", "=", talent.partner_id)]
    found = desk.admin.call("hr.candidate.preference", "search_read", domain, fields)
    return tuple(found[0][name] for name in fields) if found else None


def consents(desk, talent):
    domain = [("partner_id", "=", talent.partner_id), ("purpose", "=", "nurture")]
    found = desk.admin.call("hr.candidate.consent", "search_read", domain, ["state"], order="id")
    return [row["state"] for row in found]


def trace_of(desk, mailing, *fields):
    (trace,) = desk.admin.call("mailing.trace", "search_read", [("mass_mailing_id", "=", mailing)], list(fields))
    return tuple(trace[name] for name in fields)


def state_of(desk):
    return harness.query(STATE, desk.database)[0]


def blacklisted(desk):
    return desk.search("mail.blacklist", [])


def sign(desk, payload, scope="candidate_relationship.preferences", days=1):
    code = SIGN.format(scope=scope, payload=payload, days=days)
    return f"/candidate/preferences/{harness.odoo_shell(desk.database, code).strip()}"


# -- The way of most people --------------------------------------------------------------


def test_leave_a_topic_and_come_back(desk):
    topic = desk.topics[0]
    talent, visitor = mailed(desk, topic)
    page = visitor.open()
    assert page.status == 200
    assert "The mail you come from is about" in page.text and "No More of This" in page.text
    assert len(page.fields()["topic"]) == 3 and page.fields()["pause"] == "0"
    done = visitor.open(page.fields(answer="topic"))
    assert "We do not write to you about: Industry News." in done.text
    assert preference(desk, talent) == ([topic], 0, False)
    held = send(desk, talent, topic=topic)
    assert trace_of(desk, held, "trace_status", "nurture_reason") == ("cancel", "topic")
    sent = send(desk, talent, topic=desk.topics[1])
    assert trace_of(desk, sent, "trace_status", "nurture_reason") == ("sent", False)

    back = visitor.open(done.fields(answer="undo"))
    assert "Your Choice Is Noted" in back.text and "We do not write to you about" not in back.text
    assert preference(desk, talent) == ([], 0, False)
    sent = send(desk, talent, topic=topic)
    assert trace_of(desk, sent, "trace_status") == ("sent",)


def test_fewer_mails_and_a_pause(desk):
    talent, visitor = mailed(desk)
    page = visitor.open()
    assert "No More of This" not in page.text, "The mail had no topic."
    done = visitor.open(page.fields(topic=page.topics()[1:], frequency="180", pause="3", answer="save"))
    assert "once in 180 days at most" in done.text and "We do not write to you before" in done.text
    left, days, until = preference(desk, talent)
    assert (left, days) == ([desk.topics[0]], 180) and until
    held = send(desk, talent, topic=desk.topics[1])
    assert trace_of(desk, held, "trace_status", "nurture_reason") == ("cancel", "paused")

    page = visitor.open()
    assert page.fields()["pause"] == "keep" and page.fields()["frequency"] == "180"
    visitor.open(page.fields(topic=page.topics(), answer="save"))
    assert preference(desk, talent) == ([], 180, until), "A pause that is kept stays until the same day."
    visitor.open(visitor.open().fields(pause="0", answer="save"))
    assert preference(desk, talent) == ([], 180, False)


def test_frequency_of_the_consent_is_shown(desk):
    talent, visitor = mailed(desk, frequency="90")
    page = visitor.open()
    assert page.fields()["frequency"] == "90"
    visitor.open(page.fields(frequency="0", answer="save"))
    assert preference(desk, talent) == ([], 0, False)


def test_stop_all_and_undo(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    done = visitor.open(visitor.open().fields(answer="all"))
    assert "We do not send you news." in done.text and "We confirm it to you by email." in done.text
    assert consents(desk, talent) == ["withdrawn"]
    assert not blacklisted(desk)
    desk.run_job(helpers.MAIL_QUEUE)
    assert "/candidate/consent/" in text_of(talent.mails(2)[1])
    held = send(desk, talent)
    assert trace_of(desk, held, "trace_status", "nurture_reason") == ("cancel", "left")
    assert "Stop All Mail" not in visitor.open().text

    visitor.open(done.fields(answer="undo"))
    assert consents(desk, talent) == ["withdrawn", "given"]
    again = visitor.open(done.fields(answer="undo"))
    assert "cannot be undone any more" in again.text
    assert consents(desk, talent) == ["withdrawn", "given"]


def test_agree_again_after_stopping(desk):
    """The page lets nobody agree for others: the link to agree goes to the address."""
    talent, visitor = mailed(desk)
    visitor.open(visitor.open().fields(answer="all"))
    page = visitor.open()
    assert "Send Me a Link to Agree Again" in page.text
    done = visitor.open(page.fields(answer="again"))
    assert "You get an email with a link" in done.text
    assert "/candidate/consent/" not in done.text
    desk.run_job(helpers.MAIL_QUEUE)
    assert "/candidate/consent/" in text_of(talent.mails(3)[2])
    visitor.open(page.fields(answer="again"))
    desk.run_job(helpers.MAIL_QUEUE)
    assert len(talent.mails(3)) == 3, "once a day"
    assert consents(desk, talent) == ["withdrawn"]


def test_answers_are_touches(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    query = f"SELECT summary FROM hr_candidate_touch WHERE channel = 'page' AND partner_id = {talent.partner_id}"
    visitor.open()
    assert harness.query(query, desk.database) == []
    visitor.open(visitor.open().fields(answer="topic"))
    assert harness.query(query, desk.database) == ["Preferences: left Industry News"]


# -- One click ---------------------------------------------------------------------------


def test_one_click_leaves_the_topic(desk):
    talent, _visitor = mailed(desk, desk.topics[0])
    assert click(desk, one_click(talent)) == 200
    assert preference(desk, talent) == ([desk.topics[0]], 0, False)
    assert consents(desk, talent) == ["given"]
    before = state_of(desk)
    assert click(desk, one_click(talent)) == 200, "A replay is no error."
    assert state_of(desk) == before
    assert not blacklisted(desk)


def test_one_click_without_a_topic_leaves_all(desk):
    talent, _visitor = mailed(desk)
    body = b"--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
    assert click(desk, one_click(talent), body, {"Content-Type": "multipart/form-data; boundary=x"}) == 200
    assert consents(desk, talent) == ["withdrawn"]
    assert not blacklisted(desk)
    desk.run_job(helpers.MAIL_QUEUE)
    assert len(talent.mails()) == 1, "Whoever leaves in the mail program is not written to about it."


def test_one_click_address_in_a_browser(desk):
    talent, _visitor = mailed(desk, desk.topics[0])
    before = state_of(desk)
    page = Visitor(desk.server, one_click(talent)).open()
    assert "What We Send You" in page.text
    for data in (b"", b"List-Unsubscribe=No", b"answer=all"):
        assert click(desk, one_click(talent), data) == 200
    assert state_of(desk) == before


def test_header_says_what_the_footer_says(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    assert urllib.parse.urlsplit(one_click(talent)).path == f"{urllib.parse.urlsplit(visitor.url).path}/leave"
    plain = talent.mails()[-1].get_body(("plain",)).get_content()
    assert "/candidate/preferences/" in plain and "unsubscribe_from_list" not in plain


def test_placeholder_of_the_editor_leads_here(desk):
    talent = make_talent(desk)
    send(desk, talent, body='<p>Hi</p><p><a href="/unsubscribe_from_list">Unsubscribe</a></p>')
    (mail,) = talent.mails()
    links = html.fromstring(mail.get_body(("html",)).get_content()).xpath("//a")
    assert [link.text for link in links] == ["Unsubscribe"]
    assert Visitor(desk.server, link_in(mail)).open().title == "What We Send You"


def test_other_mailings_keep_what_odoo_does(desk):
    email = "customer.preference@mail.example"
    partner = desk.admin.call("res.partner", "create", [{"name": "Customer", "email": email}])
    send(desk, model="res.partner", ids=partner, body='<p><a href="/unsubscribe_from_list">Unsubscribe</a></p>')
    (mail,) = desk.mail_server.wait_for(1, email)
    assert "/candidate/" not in text_of(mail)
    assert "/unsubscribe_oneclick?" in mail["List-Unsubscribe"]
    parts = urllib.parse.urlsplit(mail["List-Unsubscribe"].replace("\r\n", "").strip("<>"))
    opener = urllib.request.build_opener(NoErrors())
    with opener.open(f"{desk.server.url}{parts.path}?{parts.query}", ONE_CLICK) as response:
        assert response.status == 200
    try:
        assert len(blacklisted(desk)) == 1
    finally:
        desk.admin.call("mail.blacklist", "unlink", blacklisted(desk))


# -- Looking changes nothing -------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(desk, method):
    _talent, visitor = mailed(desk, desk.topics[0])
    before = state_of(desk)
    for _time in range(2):
        assert visitor.open(method=method).status == 200
    scanner = Visitor(desk.server, visitor.url)
    scanner.open(method=method, query="?answer=all&topic=1&lang=zh_CN&undo=1&List-Unsubscribe=One-Click")
    assert state_of(desk) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(desk, method):
    _talent, visitor = mailed(desk)
    before = state_of(desk)
    assert visitor.open(method=method, data=b"answer=all").status in (400, 405)
    assert state_of(desk) == before


def test_page_is_kept_by_nobody_and_needs_no_script(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    page = visitor.open()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert not page.tree.xpath("//script")
    assert talent.email not in page.text and "Talent" not in page.tree.text_content()
    boxes = page.tree.xpath("//form//input[not(@type='hidden')]")
    assert len(boxes) >= 10
    for box in boxes:
        assert page.tree.xpath(f"//label[@for='{box.get('id')}']")[0].text_content().strip()


def test_chinese_page(desk):
    talent, visitor = mailed(desk, desk.topics[0], lang="zh_CN")
    page = visitor.open()
    assert page.tree.get("lang") == "zh-CN"
    assert "行业资讯" in page.text and "Industry News" not in page.text
    assert "?lang=en_US" in page.tree.xpath("//nav//a/@href")
    assert visitor.open(query="?lang=en_US").tree.get("lang") == "en-US"
    done = visitor.open(page.fields(answer="topic"))
    assert done.tree.get("lang") == "zh-CN" and "行业资讯" in done.text
    assert preference(desk, talent) == ([desk.topics[0]], 0, False)


# -- Links that don't work ---------------------------------------------------------------


def test_all_wrong_links_look_the_same(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    company = desk.search("res.company", [], limit=1)[0]
    payload = [talent.partner_id, company, 0, 0]
    token = visitor.url.rsplit("/", 1)[1]
    assert Visitor(desk.server, sign(desk, payload)).open().status == 200
    links = {
        "expired": sign(desk, payload, days=-1),
        "other purpose": sign(desk, payload, scope="candidate_relationship.consent"),
        "undo": sign(desk, payload, scope="candidate_relationship.preferences.undo"),
        "nobody": sign(desk, [2**30, company, 0, 0]),
        "no company": sign(desk, [talent.partner_id, 2**30, 0, 0]),
        "no candidate": sign(desk, [1, company, 0, 0]),
        "cut off": f"/candidate/preferences/{token[:-5]}",
        "forged": f"/candidate/preferences/{token[:30]}{'A' if token[30] != 'A' else 'B'}{token[31:]}",
        "garbage": "/candidate/preferences/%F0%9F%98%80%00",
        "long": f"/candidate/preferences/{'A' * 2000}",
        "number": f"/candidate/preferences/{talent.partner_id}",
    }
    before = state_of(desk)
    form, pages = visitor.open().fields(answer="all"), set()
    for name, link in links.items():
        stranger = Visitor(desk.server, link)
        page = stranger.open()
        assert page.status == 404, name
        assert page.title == "This Link Is Not Valid", name
        pages.add(page.text)
        assert stranger.open(form).status in (400, 404), name
        assert click(desk, f"{link}/leave") == 404, name
    assert len(pages) == 1
    assert state_of(desk) == before


def test_link_of_a_merged_person(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    address = one_click(talent)
    twin = make_talent(desk)
    code = MERGE.format(partner=talent.partner_id, other=twin.id)
    assert int(harness.odoo_shell(desk.database, code)) == twin.partner_id
    assert not desk.search("hr.applicant", [("id", "=", talent.id)]), "Of two talents one is left."
    assert visitor.open(visitor.open().fields(answer="topic")).status == 200
    assert preference(desk, twin)[0] == [desk.topics[0]]
    assert click(desk, address) == 200


def test_link_of_an_erased_person(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    form = visitor.open().fields(answer="all")
    assert harness.odoo_shell(desk.database, ERASE.format(partner=talent.partner_id)).strip() == "True"
    before = state_of(desk)
    assert visitor.open().status == 404
    assert visitor.open(form).status == 404
    assert click(desk, one_click(talent)) == 404
    assert state_of(desk) == before


def test_mailing_that_was_deleted(desk):
    talent = make_talent(desk)
    mailing = send(desk, talent, topic=desk.topics[0])
    desk.admin.call("mailing.mailing", "unlink", [mailing])
    assert click(desk, one_click(talent)) == 200
    assert preference(desk, talent)[0] == [desk.topics[0]]


# -- Bad input ---------------------------------------------------------------------------


def test_without_the_token_of_the_form(desk):
    _talent, visitor = mailed(desk)
    fields = visitor.open().fields(answer="all")
    del fields["csrf_token"]
    before = state_of(desk)
    assert visitor.open(fields).status == 400
    assert state_of(desk) == before


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"topic": []}, "Nothing is ticked"),
        ({"topic": ["-1", "0", "99999999", "1e3", "٣", "1' OR 1=1", "9" * 400]}, "Nothing is ticked"),
        ({"frequency": "7"}, "choose how often"),
        ({"frequency": "-1"}, "choose how often"),
        ({"frequency": ""}, "choose how often"),
        ({"pause": "2"}, "how long"),
        ({"pause": "keep"}, "how long"),
        ({"pause": "<b>"}, "how long"),
    ],
)
def test_bad_input_is_told(desk, changes, message):
    _talent, visitor = mailed(desk)
    page, before = visitor.open(), state_of(desk)
    answer = visitor.open(page.fields(answer="save") | changes)
    assert answer.status == 200
    assert message in answer.tree.xpath("//*[@role='alert']")[0].text_content()
    assert state_of(desk) == before


def test_garbage_is_no_answer(desk):
    talent, visitor = mailed(desk)
    fields, before = visitor.open().fields(), state_of(desk)
    for answer in ("", "maybe", "all\0", "<script>"):
        assert visitor.open({**fields, "answer": answer}).status in (200, 400)
    for undo in ("", "x", "A" * 3000, "٣"):
        assert visitor.open({**fields, "answer": "undo", "undo": undo}).status == 200
    assert visitor.open({**fields, "answer": "all", "more": "x" * 200_000}).status in (400, 413)
    assert click(desk, one_click(talent), ONE_CLICK + b"&more=" + b"x" * 200_000) in (400, 413)
    assert state_of(desk) == before


def test_undo_of_somebody_else(desk):
    _first, visitor = mailed(desk)
    done = visitor.open(visitor.open().fields(answer="all"))
    second, stranger = mailed(desk)
    undo = done.fields()["undo"]
    page = stranger.open(stranger.open().fields(answer="undo", undo=undo))
    assert "cannot be undone any more" in page.text
    assert consents(desk, second) == ["given"]


def test_form_that_is_older_than_the_answer(desk):
    """Somebody has stopped everything in another window."""
    talent, visitor = mailed(desk)
    page = visitor.open()
    visitor.open(page.fields(answer="all"))
    answer = visitor.open(page.fields(frequency="90", answer="save"))
    assert "Something has changed since you opened this page" in answer.text
    assert consents(desk, talent) == ["withdrawn"]


def test_names_are_escaped(desk):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    topic = desk.admin.call("hr.nurture.topic", "create", [{"name": evil, "description": evil}])[0]
    talent = make_talent(desk, [topic, desk.topics[0]])
    send(desk, talent, topic=topic)
    visitor = Visitor(desk.server, link_in(talent.mails()[-1]))
    page = visitor.open()
    done = visitor.open(page.fields(answer="topic"))
    for shown in (page, done):
        assert not shown.tree.xpath("//script") and not shown.tree.xpath("//*[@onerror]")
        assert "alert(1)" in shown.tree.text_content()


# -- Many at once ------------------------------------------------------------------------


def test_fifty_clicks_are_one(desk):
    talent, visitor = mailed(desk, desk.topics[0])
    address = one_click(talent)
    answers = at_once(*[lambda: insist(lambda: click(desk, address)) for _number in range(MANY)])
    assert set(answers) == {200}
    assert preference(desk, talent) == ([desk.topics[0]], 0, False)
    query = f"SELECT COUNT(*) FROM hr_candidate_touch WHERE channel = 'page' AND partner_id = {talent.partner_id}"
    assert harness.query(query, desk.database) == ["1"]
    assert visitor.open().status == 200


def test_stopping_and_saving_at_once(desk):
    """Whoever comes first: no answer is lost, and none of them is half."""
    talent, visitor = mailed(desk)
    visitors = [Visitor(desk.server, visitor.url) for _number in range(6)]
    pages = [visitor.open() for visitor in visitors]
    at_once(*[
        lambda v=v, p=p, n=n: v.open(p.fields(answer="all") if n % 2 else p.fields(frequency="180", answer="save"))
        for n, (v, p) in enumerate(zip(visitors, pages, strict=True))
    ])
    assert consents(desk, talent) == ["withdrawn"]
    assert preference(desk, talent) in (None, ([], 180, False))
