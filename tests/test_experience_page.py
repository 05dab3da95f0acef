"""The page on which candidates tell how it was: as they, mail programs, scanners and strangers open it."""

import functools
import http.cookiejar
import itertools
import json
import re
import secrets
import urllib.request

import helpers
import pytest
from helpers import NoErrors, Visitor, at_once

from devtools import harness

DATABASE = "cr_blackbox_experience_page"
PAGE = "/candidate/experience"
SURVEY_TABLES = ("hr_survey_invitation", "hr_experience_answer", "hr_experience_comment", "hr_experience_ballot",
                 "mail_message", "mail_mail", "hr_candidate_touch", "survey_user_input", "res_partner")  # fmt: skip
STATE = "SELECT md5(concat({}))".format(
    ", ".join(f"(SELECT string_agg(row::text, '|' ORDER BY id) FROM {table} row)" for table in SURVEY_TABLES)
)
SET_UP = """
import base64
from odoo.tools import file_open
env.company.logo = base64.b64encode(file_open('web/static/img/logo2.png', 'rb').read())
env.company.write({'name': "Page & Sons", 'experience_threshold': 5})
env.cr.commit()
"""
INVITE = """
WITH person AS (
    INSERT INTO res_partner (name, complete_name, email, email_normalized, lang, active, type)
    SELECT 'Guest {number}', 'Guest {number}', email, email, '{lang}', TRUE, 'contact'
      FROM (SELECT 'guest{number}@mail.example' AS email) guest RETURNING id
)
INSERT INTO hr_survey_invitation (
       survey_id, company_id, partner_id, state, outcome, token, sent_date, expires_date,
       create_uid, write_uid, create_date, write_date)
SELECT {survey}, admin.company_id, person.id, 'sent', 'refused', '{token}', today, today + {days},
       admin.id, admin.id, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM person, res_users admin, (SELECT (NOW() AT TIME ZONE 'UTC')::date AS today) day WHERE admin.login = 'admin'
"""
NEW_SURVEY = """
survey = env.ref('candidate_relationship.experience_survey').copy({'title': "Copy & Paste"})
survey.survey_type = 'candidate_experience'
print(survey.id)
env.cr.commit()
"""
guests = itertools.count(1)


@pytest.fixture(scope="module")
def desk(mail_server):
    """A company that asks, on a server in the shape of production."""
    name = helpers.make_company(DATABASE, mail_server)
    harness.odoo_shell(name, SET_UP)
    with harness.Server(name, workers=2) as server:
        yield helpers.Office(name, server, mail_server)
    harness.drop(name)


@pytest.fixture(scope="module")
def survey(desk):
    return desk.ref("candidate_relationship.experience_survey")


@pytest.fixture
def fresh_survey(desk):
    """One that nobody has answered: it may be changed."""
    return int(harness.odoo_shell(desk.database, NEW_SURVEY).split()[-1])


class Guest(Visitor):
    """Somebody who was invited, and their browser."""

    def __init__(self, server, token):
        super().__init__(server, f"{PAGE}/{token}")
        self.token = token
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), NoErrors())
        self.opener.addheaders = [("Accept-Language", "en-US,en")]

    def send(self, page=None, **entered):
        """What the form holds, with the entered values by role: nps, statements, themes, comment."""
        page = page or self.open()
        return self.open(fill(page, **entered), query="?lang=" + page.tree.get("lang").replace("-", "_"))


def fill(page, nps="9", statements="4", themes=0, comment=""):
    """The fields of the page: one number for all statements, and that many themes."""
    fields = {box.get("name"): box.get("value") for box in page.tree.xpath("//form//input[@type='hidden']")}
    scales = unique(page.tree.xpath("//form//input[@type='radio']/@name"))
    if nps is not None:
        fields[scales[0]] = nps
    fields |= dict.fromkeys(scales[1:], statements) if statements else {}
    for box in page.tree.xpath("//form//input[@type='checkbox']")[:themes]:
        fields.setdefault(box.get("name"), []).append(box.get("value"))
    (text,) = page.tree.xpath("//form//textarea/@name")
    return fields | {text: comment}


def unique(names):
    return list(dict.fromkeys(names))


def invite(desk, survey, count=1, lang="en_US", days=7):
    tokens = [secrets.token_urlsafe(32) for _number in range(count)]
    harness.query(";".join(
        INVITE.format(survey=survey, number=next(guests), lang=lang, days=days, token=token) for token in tokens
    ), desk.database)
    return [Guest(desk.server, token) for token in tokens]


def number(desk, sql):
    return int(harness.query(sql, desk.database)[0])


def answers(desk):
    return number(desk, "SELECT COUNT(*) FROM hr_experience_answer")


def state_of(desk):
    return harness.query(STATE, desk.database)[0]


def alert(page):
    return " ".join(page.tree.xpath("//*[@role='alert']")[0].text_content().split())


# -- The way of most people --------------------------------------------------------------


def test_answer(desk, survey):
    (guest,) = invite(desk, survey)
    page = guest.open()
    assert page.status == 200
    assert "nothing that is kept leads back to you" in page.text
    assert "can't be changed or taken back" in page.text
    assert "never of fewer than 5 people" in " ".join(page.tree.text_content().split())
    before = answers(desk)
    done = guest.send(page, nps="3", statements="2", themes=2, comment="Nobody called & nobody wrote.")
    assert done.status == 200 and done.title == "Thank You"
    assert answers(desk) == before + 1
    (row,) = harness.query(
        "SELECT row_to_json(row)::text FROM hr_experience_answer row WHERE nps = 3", desk.database)
    row = json.loads(row)
    assert sorted(set(row["statements"].values())) == [2] and len(row["statements"]) == 8
    assert len(row["themes"]) == 2
    assert harness.query("SELECT sentiment || body FROM hr_experience_comment", desk.database) == [
        "detractorNobody called & nobody wrote."]


def test_only_the_number_is_needed(desk, survey):
    (guest,) = invite(desk, survey)
    assert guest.send(nps="0", statements=None).title == "Thank You"


def test_used_twice(desk, survey):
    (guest,) = invite(desk, survey)
    page = guest.open()
    guest.send(page)
    before = state_of(desk)
    other = Guest(desk.server, guest.token)
    for again in (guest.open(), guest.send(page, nps="1"), other.open(), other.send(page, nps="2")):
        assert again.title == "This Link Was Used"
    assert state_of(desk) == before


@pytest.mark.parametrize("workers", [2, 0])
def test_many_at_once_are_one(desk, survey, workers):
    (guest,) = invite(desk, survey)
    with harness.Server(desk.database, workers=workers) as server:
        page, before = guest.open(), answers(desk)
        devices = [Guest(server, guest.token) for _number in range(8)]
        titles = [done.title for done in at_once(*[functools.partial(one.send, page) for one in devices])]
    assert titles.count("Thank You") == 1
    assert set(titles) == {"Thank You", "This Link Was Used"}
    assert answers(desk) == before + 1


@pytest.mark.parametrize("workers", [2, 0])
def test_many_people_at_once(desk, survey, workers):
    people = invite(desk, survey, count=16)
    with harness.Server(desk.database, workers=workers) as server:
        before = answers(desk)
        page = people[0].open()
        visits = [functools.partial(Guest(server, one.token).send, page) for one in people]
        assert {done.title for done in at_once(*visits)} == {"Thank You"}
    assert answers(desk) == before + 16


# -- Nothing is left of whoever was there --------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(desk, survey, method):
    (guest,) = invite(desk, survey)
    before = state_of(desk)
    for query in ("", "?lang=zh_CN", "?q1=3&nps=3&shown=1&utm_source=x&utm_campaign=y"):
        assert guest.open(method=method, query=query).status == 200
    assert state_of(desk) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(desk, survey, method):
    (guest,) = invite(desk, survey)
    before = state_of(desk)
    assert guest.open(method=method, data=b"q1=3").status in (400, 405)
    assert state_of(desk) == before


def test_no_cookie_and_no_session(desk, survey):
    (guest,) = invite(desk, survey)
    before = sessions(desk)
    page = guest.open(query="?utm_source=x&utm_campaign=y&utm_medium=z&debug=1&lang=zh_CN")
    assert page.headers["Set-Cookie"] is None
    assert guest.open(fill(page), query="?utm_source=x").headers["Set-Cookie"] is None
    for link in page.tree.xpath("//link/@href | //script/@src | //img/@src"):
        if not link.startswith("data:"):
            with guest.opener.open(desk.server.url + link) as response:
                assert response.status == 200 and response.headers["Set-Cookie"] is None, link
    assert not list(guest.cookies)
    assert sessions(desk) == before


def sessions(desk):
    """Names and times of the sessions on disk."""
    folder = harness.filestore(desk.database).parent.parent / "sessions"
    return {(str(path), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_page_is_kept_by_nobody(desk, survey):
    (guest,) = invite(desk, survey)
    page = guest.open()
    done = guest.send(page)
    for answer in (page, done, guest.open()):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert guest.token not in answer.text
        links = answer.tree.xpath("//@src | //link/@href")
        assert all(link.startswith(("/", "data:")) for link in links), "nothing comes from elsewhere"


def test_log_does_not_tell_whose_link_it_was(desk, survey):
    guests_ = invite(desk, survey, 2)
    for guest in guests_:
        guest.send()
        guest.open(method="PUT", data=b"x")
        guest.open({"more": "x" * 1_000_000})
    log = desk.server.log.read_text()
    assert f"POST {PAGE}/***" in log
    for guest in guests_:
        assert guest.token not in log and guest.token[:16] not in log


# -- For everybody -----------------------------------------------------------------------


def test_every_field_has_a_label(desk, survey):
    (guest,) = invite(desk, survey)
    tree = guest.open().tree
    boxes = tree.xpath("//form//input[not(@type='hidden')]")
    assert len(boxes) > 11 + 8 * 5
    for box in boxes:
        assert tree.xpath(f"//label[@for='{box.get('id')}']")[0].text_content().strip()
    (area,) = tree.xpath("//form//textarea")
    assert tree.xpath(f"//*[@id='{area.get('aria-labelledby')}']")[0].text_content().strip()
    assert len(tree.xpath("//form//fieldset[legend]")) == 11
    assert not tree.xpath("//form//input[@checked]"), "Nothing is chosen beforehand."
    identifiers = tree.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))


def test_languages(desk, survey):
    (guest,) = invite(desk, survey, lang="zh_CN")
    assert guest.open().tree.get("lang") == "zh-CN"
    page = guest.open(query="?lang=en_US")
    assert page.tree.get("lang") == "en-US"
    assert "?lang=zh_CN" in page.tree.xpath("//nav//a/@href")
    assert guest.open(query="?lang=xx_XX").tree.get("lang") == "zh-CN"
    assert guest.send(page).tree.get("lang") == "en-US"


def test_language_without_translation(desk, fresh_survey):
    """The questions are in the language they were written in."""
    desk.admin.call("survey.survey", "write", [fresh_survey], {"title": "Just English"})
    (guest,) = invite(desk, fresh_survey, lang="zh_CN")
    page = guest.open()
    assert page.tree.get("lang") == "zh-CN" and page.title
    assert guest.send(page).status == 200
    assert guest.open().status == 200


# -- Links that don't work ---------------------------------------------------------------


def test_all_wrong_links_look_the_same(desk, survey, fresh_survey):
    (good,) = invite(desk, survey)
    (expired,) = invite(desk, survey, days=-1)
    (erased,) = invite(desk, survey)
    harness.query(f"UPDATE hr_survey_invitation SET partner_id = NULL WHERE token = '{erased.token}'", desk.database)
    (cancelled,) = invite(desk, survey)
    harness.query(f"UPDATE hr_survey_invitation SET state = 'cancelled' WHERE token = '{cancelled.token}'",
                  desk.database)  # fmt: skip
    (archived,) = invite(desk, fresh_survey)
    open_page = good.open()
    desk.admin.call("survey.survey", "write", [fresh_survey], {"active": False})
    tokens = {
        "expired": expired.token, "erased": erased.token, "cancelled": cancelled.token, "archived": archived.token,
        "cut off": good.token[:-3], "forged": "A" * 43, "garbage": "%F0%9F%98%80%00", "long": "A" * 2000,
        "preview": "preview", "sql": "'%20OR%20'1'='1", "wildcard": "%25",
    }  # fmt: skip
    before, pages = state_of(desk), set()
    for name, token in tokens.items():
        stranger = Guest(desk.server, token)
        page = stranger.open()
        assert page.status == 404, name
        assert page.title == "This Survey Is Not Open", name
        pages.add(page.text)
        assert stranger.open(fill(open_page)).status == 404, name
    assert len({re.sub(r"zh_CN|en_US", "", page) for page in pages}) == 1
    assert state_of(desk) == before


def test_erased_while_open(desk, survey):
    (guest,) = invite(desk, survey)
    page, before = guest.open(), answers(desk)
    harness.query(f"DELETE FROM hr_survey_invitation WHERE token = '{guest.token}'", desk.database)
    assert guest.send(page).status == 404
    assert answers(desk) == before


# -- Bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize("nps", [None, "", "11", "-1", "1e1", "٣", "<b>", "5\0", "9" * 400])
def test_without_a_number(desk, survey, nps):
    (guest,) = invite(desk, survey)
    before = state_of(desk)
    page = guest.send(nps=nps, statements="3", themes=1, comment="As I said")
    assert page.status == 200
    assert "Nothing was sent yet" in alert(page)
    (marked,) = page.tree.xpath("//fieldset[@aria-invalid='true']")
    assert "Please choose a number." in marked.text_content()
    assert len(page.tree.xpath("//form//input[@type='radio'][@checked]")) == 8
    assert len(page.tree.xpath("//form//input[@type='checkbox'][@checked]")) == 1
    assert page.tree.xpath("//form//textarea")[0].text == "As I said"
    assert state_of(desk) == before


def test_unknown_ids_are_left_out(desk, survey):
    (guest,) = invite(desk, survey)
    page = guest.open()
    theme = page.tree.xpath("//form//input[@type='checkbox']/@name")[0]
    fields = fill(page, nps="7", statements="9") | {
        theme: ["999999", "-1", "x", "1' OR 1=1"], "q999999": "3", "qx": "1", "company_id": "1", "nps": "3"}
    assert guest.open(fields).title == "Thank You"
    (row,) = harness.query(
        "SELECT statements::text || themes::text FROM hr_experience_answer WHERE nps = 7", desk.database)
    assert row == "{}[]"


def test_long_text_comes_back(desk, survey):
    (guest,) = invite(desk, survey)
    before, text = state_of(desk), "好" * 5001
    page = guest.send(comment=text)
    assert "it has 5,001 characters, and we can take 5,000" in page.text
    assert page.tree.xpath("//form//textarea")[0].text.strip() == text
    assert state_of(desk) == before
    assert guest.send(page, comment=text[1:]).title == "Thank You"
    assert number(desk, "SELECT MAX(LENGTH(body)) FROM hr_experience_comment") == 5000


@pytest.mark.parametrize("size", [600_000, 10_000_000, 30_000_000])
def test_ten_megabytes_are_refused_kindly(desk, survey, size):
    (guest,) = invite(desk, survey)
    before = state_of(desk)
    page = guest.send(comment="x" * size)
    assert page.status == 413
    assert page.title == "That Was Too Long"
    assert "Nothing was sent." in page.text
    assert page.headers["Set-Cookie"] is None and page.headers["Cache-Control"] == "no-store"
    assert state_of(desk) == before
    assert guest.send().title == "Thank You"


def test_files_are_no_answer(desk, survey):
    (guest,) = invite(desk, survey)
    page, before = guest.open(), answers(desk)
    name = page.tree.xpath("//form//textarea/@name")[0]
    body = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a.txt"\r\n\r\nyes\r\n--x--\r\n'
    again = guest.open(body.encode(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert again.status == 200 and alert(again)
    assert guest.open(b"{}", headers={"Content-Type": "application/json"}).status in (200, 400, 415)
    assert answers(desk) == before


def test_script_tags_are_text(desk, fresh_survey):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    desk.admin.call("survey.survey", "write", [fresh_survey], {"title": evil, "description": evil})
    questions = desk.search("survey.question", [("survey_id", "=", fresh_survey)])
    desk.admin.call("survey.question", "write", questions, {"title": evil})
    (guest,) = invite(desk, fresh_survey)
    page = guest.open()
    again = guest.send(page, nps=None, comment="</textarea>" + evil)
    for shown in (page, again):
        scripts = shown.tree.xpath("//script")
        assert [script.get("src", "").rsplit("/", 1)[-1] for script in scripts] == ["experience_page.js"]
        assert not shown.tree.xpath("//*[@onerror]")
    assert again.tree.xpath("//form//textarea")[0].text.strip() == "</textarea>" + evil
    guest.send(page, comment=evil)
    assert number(desk, "SELECT COUNT(*) FROM hr_experience_comment WHERE body LIKE '<script>alert(1)%'") == 1


def test_question_deleted_while_open(desk, fresh_survey):
    (guest,) = invite(desk, fresh_survey)
    page, before = guest.open(), answers(desk)
    (question,) = desk.search("survey.question", [("survey_id", "=", fresh_survey), ("sequence", "=", 2)])
    with pytest.raises(harness.RemoteError, match="Candidates were asked with"):
        desk.admin.call("survey.question", "unlink", [question])
    # who has the database can do it all the same
    harness.query(f"DELETE FROM survey_question WHERE id = {question}", desk.database)
    again = guest.send(page, nps="6", statements="3", themes=1, comment="Still here")
    assert "This page has changed since you opened it." in alert(again)
    assert answers(desk) == before
    assert len(again.tree.xpath("//form//input[@type='radio'][@checked]")) == 8, "the number, seven statements"
    assert again.tree.xpath("//form//textarea")[0].text == "Still here"
    assert guest.send(again).title == "Thank You"


def test_survey_without_questions(desk, fresh_survey):
    (guest,) = invite(desk, fresh_survey)
    page = guest.open()
    harness.query(f"DELETE FROM survey_question WHERE survey_id = {fresh_survey}", desk.database)
    assert guest.open().status == 404
    assert guest.send(page).status == 404


# -- Preview -----------------------------------------------------------------------------


def test_preview(desk, survey):
    before = state_of(desk)
    path = f"{PAGE}/preview/{survey}"
    stranger = Visitor(desk.server, path)
    assert stranger.open().status == 303 and "/web/login" in stranger.open().headers["Location"]
    page = logged_in(desk, "rosa", path).open()
    assert "This is a preview" in page.text and page.tree.xpath("//button[@disabled]")
    assert not page.tree.xpath("//script")
    assert logged_in(desk, "rosa", path).open({"q1": "1"}).status in (400, 405)
    assert logged_in(desk, "rosa", f"{PAGE}/preview/999999").open().status == 404
    assert state_of(desk) == before


def logged_in(desk, login, path):
    visitor = Visitor(desk.server, path)
    form = Visitor(desk.server, "/web/login")
    form.opener = visitor.opener
    token = form.open().tree.xpath("//input[@name='csrf_token']/@value")[0]
    form.open({"csrf_token": token, "login": login, "password": login, "type": "password"})
    return visitor
