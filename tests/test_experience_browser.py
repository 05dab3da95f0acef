"""A candidate answers in a real browser: on a phone, by keyboard alone, in two languages, and in two sittings."""

import shutil

import pytest
from playwright.sync_api import sync_playwright
from test_experience_page import answers, desk, fresh_survey, invite, number  # noqa: F401

WIDTH, HEIGHT = 400, 800
# The name of the group, and the kind, of what has the focus
FOCUSED = "() => [document.activeElement.name || '', document.activeElement.type || '']"
IS_SEEN = """() => {
    const label = document.querySelector(`label[for="${document.activeElement.id}"]`);
    const box = (label || document.activeElement).getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0 && box.left >= 0 && box.right <= innerWidth;
}"""
MOST_KEYS = 60
THANKS = {"en_US": "Thank You", "zh_CN": "谢谢"}


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def phone(browser):
    """:return: opens a browser of its own"""
    contexts = []

    def make(**options):
        # scrolling takes no time then
        size = {"width": WIDTH, "height": HEIGHT}
        contexts.append(browser.new_context(viewport=size, reduced_motion="reduce", **options))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


def open_page(context, guest):
    page = context.new_page()
    page.goto(guest.url)
    return page


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= WIDTH


def walk(page):
    """What gets the focus, key by key, until it is the button that sends."""
    for _number in range(MOST_KEYS):
        page.keyboard.press("Tab")
        name, kind = page.evaluate(FOCUSED)
        yield name, kind
        if kind == "submit":
            return
    pytest.fail("the keyboard does not lead to the button")


def answer_by_keyboard(page):
    """The second of each scale, the first theme, a comment; then send it."""
    ticked = False
    for _name, kind in walk(page):
        assert page.evaluate(IS_SEEN), kind
        if kind == "radio":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
        elif kind == "checkbox" and not ticked:
            page.keyboard.press("Space")
            ticked = True
        elif kind == "textarea":
            page.keyboard.type("Typed on a phone")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("lang", THANKS)
def test_by_keyboard_on_a_phone(desk, fresh_survey, phone, lang):  # noqa: F811
    (guest,) = invite(desk, fresh_survey, lang=lang)
    page = open_page(phone(locale=lang.replace("_", "-")), guest)
    assert page.get_attribute("html", "lang") == lang.replace("_", "-") and fits(page)
    answer_by_keyboard(page)
    assert page.text_content("h1").strip() == THANKS[lang] and fits(page)
    mine = f"FROM hr_experience_answer WHERE survey_id = {fresh_survey}"
    assert number(desk, f"SELECT nps {mine}") == 1
    assert number(desk, f"SELECT COUNT(*) {mine} AND jsonb_array_length(themes) = 1") == 1
    assert number(desk, f"SELECT COUNT(*) FROM jsonb_each((SELECT statements {mine})) WHERE value::int = 2") == 8
    assert number(desk, f"SELECT COUNT(*) FROM hr_experience_comment WHERE survey_id = {fresh_survey}") == 1


def test_forgotten_by_keyboard(desk, fresh_survey, phone):  # noqa: F811
    """Without the number nothing is sent; the focus is where it says so, and what was typed is still there."""
    (guest,) = invite(desk, fresh_survey)
    page = open_page(phone(), guest)
    for _name, kind in walk(page):
        if kind == "textarea":
            page.keyboard.type("Not lost")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.input_value("textarea") == "Not lost"
    answer_by_keyboard(page)
    assert page.text_content("h1").strip() == THANKS["en_US"]


@pytest.mark.parametrize("nps", [0, 7, 10])
def test_without_scripts(desk, fresh_survey, phone, nps):  # noqa: F811
    (guest,) = invite(desk, fresh_survey)
    page = open_page(phone(java_script_enabled=False), guest)
    page.locator("form label").get_by_text(str(nps), exact=True).first.click()
    page.click("form button[type=submit]")
    assert page.text_content("h1").strip() == THANKS["en_US"]
    assert "What you told us helps those who apply after you." in page.text_content("main, body")
    assert number(desk, f"SELECT nps FROM hr_experience_answer WHERE survey_id = {fresh_survey}") == nps


def test_half_filled_and_taken_up_again(desk, fresh_survey, phone):  # noqa: F811
    (guest,) = invite(desk, fresh_survey)
    before, mine, other = answers(desk), phone(), phone()
    page = open_page(mine, guest)
    page.click("form label:has-text('8')")
    page.fill("textarea", "The first half")
    page.close()
    assert answers(desk) == before, "nothing is sent before"
    assert open_page(other, guest).input_value("textarea") == "", "it is kept in the browser alone"
    page = open_page(mine, guest)
    assert page.input_value("textarea") == "The first half"
    page.click("form button[type=submit]")
    assert page.text_content("h1").strip() == THANKS["en_US"]
    assert page.evaluate("localStorage.length") == 0
    again = open_page(other, guest)
    assert not again.query_selector("form textarea"), "a link works once"
