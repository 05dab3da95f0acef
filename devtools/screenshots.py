"""./dev screenshots: the pictures of the README, taken from a fresh demo database.

Run it again when a screen has changed, look at the pictures, and commit those that differ.
"""

import argparse
import io
import shutil
from collections import namedtuple

from . import databases, settings
from .console import Failure, note, step
from .odoo_server import Server

DATABASE = "cr_screenshots"
FOLDER = settings.ADDON_DIR / "static" / "description"
# The pictures go out with the addon: none may weigh more.
LARGEST = 250_000
COLOURS = 256
SETTLE_MILLISECONDS = 800
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)
# Without it a picture would depend on the moment when it is taken.
STILL = "*, *::before, *::after { animation: none !important; transition: none !important; caret-color: transparent }"

COMPLETE = """async () => {
    await document.fonts.ready;
    return [...document.images].every((image) => image.complete) && !document.querySelector(".o_loading_indicator");
}"""

# login: who looks; take: the function that leads the page to what is to be seen
Picture = namedtuple("Picture", ["name", "login", "locale", "width", "height", "take"])


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="./dev screenshots", description="Take the screenshots of the README.")
    parser.add_argument("--database", help="a demo database that is there already (default: a fresh one)")
    parser.add_argument("pictures", nargs="*", metavar="PICTURE", help=f"default: {' '.join(PICTURES)}")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.pictures if name not in PICTURES]
    if unknown:
        parser.error(f"there is no picture '{unknown[0]}': there are {', '.join(PICTURES)}")
    name = options.database or _make_database()
    try:
        with Server(name) as server:
            take([PICTURES[picture] for picture in options.pictures or PICTURES], server.url)
    except Failure as failure:
        parser.exit(1, f"dev: {failure}\n")
    finally:
        if not options.database:
            databases.drop(name)


def _make_database():
    """Its own one: the demo data is relative to today, and `demo` belongs to whoever tries things there."""
    databases.duplicate(databases.template(demo=True), DATABASE)
    step("Screenshots: a database with demo data, in English and Chinese")
    databases.load_language(DATABASE, databases.CHINESE)
    databases.odoo(DATABASE, "-i", settings.ADDON, "--with-demo", failure="the demo data could not be loaded")
    return DATABASE


def take(pictures, url):
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        raise Failure("the screenshots need chromium, and there is none on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        for picture in pictures:
            _take_one(browser, picture, url)
        browser.close()


def _take_one(browser, picture, url):
    context = browser.new_context(
        base_url=url,
        viewport={"width": picture.width, "height": picture.height},
        locale=picture.locale,
        timezone_id="Europe/Brussels",
        reduced_motion="reduce",
    )
    page = context.new_page()
    # the first page of a fresh database builds the assets
    page.set_default_timeout(120_000)
    _log_in(page, picture.login)
    picture.take(page)
    page.add_style_tag(content=STILL)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    # what is asked for last is seen to be loading only a moment later
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    page.wait_for_function(COMPLETE)
    _write(picture.name, page.screenshot())
    context.close()


def _log_in(page, login):
    page.goto("/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")


def _write(name, data):
    from PIL import Image

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    path = FOLDER / f"{name}.png"
    picture.save(path, optimize=True)
    size = path.stat().st_size
    note(f"{path.relative_to(settings.REPO)}: {size / 1000:.0f} kB")
    if size > LARGEST:
        raise Failure(f"{path.name} is larger than {LARGEST / 1000:.0f} kB")


# -- What each picture shows --------------------------------------------------------------


def _pipeline(page):
    """All that one recruiter owes, by stage."""
    page.goto("/odoo/action-hr_recruitment.crm_case_categ0_act_job?view_type=kanban")
    page.click(".o_searchview_dropdown_toggler")
    page.get_by_role("menuitemcheckbox", name="My Promises").click()
    page.keyboard.press("Escape")
    page.wait_for_selector(".o_kanban_record .o_feedback_badge")


def _application(page):
    """One that has a history: an earlier answer, and a date that the candidate was told."""
    domain = [
        ["user_id.login", "=", "recruiter"],
        ["feedback_promise_ids", "any", [["state", "=", "running"], ["told_date", "!=", False]]],
        ["feedback_promise_ids", "any", [["state", "=", "kept"]]],
    ]
    found = _call(page, "hr.applicant", "search", domain, order="feedback_deadline", limit=1)
    page.goto(f"/odoo/action-hr_recruitment.crm_case_categ0_act_job/{found[0]}")
    page.wait_for_selector(".o_feedback_box button")
    page.click(".o_notebook [name=feedback_promises]")
    page.wait_for_selector(".o_related_list .o_data_row")


def _promises_zh(page):
    page.goto("/odoo/feedback-promises")
    page.wait_for_selector(".o_list_view .o_data_row")


def _report(page):
    """The page that is printed, as the browser shows it."""
    (number,) = _call(page, "hr.feedback.report.wizard", "create", [{}])
    page.goto(f"/report/html/candidate_relationship.report_feedback_promises/{number}")
    page.wait_for_selector(".o_feedback_report table")


def _talents(page):
    page.goto("/odoo/talents")
    page.wait_for_selector(".o_kanban_record .o_last_touch")


def _person(page):
    """Somebody who was touched more than once, with the touches."""
    _talents(page)
    page.click(".o_kanban_record:has-text('Amélie Rousseau')")
    page.wait_for_selector(".o_candidate_summary li")
    page.click(".o_notebook [name=talent_touches]")
    page.wait_for_selector(".o_related_list .o_data_row")


def _pools_zh(page):
    page.goto("/odoo/talent-pool")
    page.wait_for_selector(".o_kanban_record")


def _program(page):
    """One that runs, with its steps."""
    _open_first(page, "nurture-programs", "hr.nurture.program", [["state", "=", "running"]])
    page.wait_for_selector("[name=step_ids] .o_data_row")


def _round(page):
    """A finished one: the ranked list with the reasons and the answers."""
    _open_first(page, "reactivation", "hr.pool.reactivation", [["match_ids.state", "=", "interested"]])
    page.wait_for_selector(".o_form_view .o_data_row")


def _experience(page):
    page.goto("/odoo/candidate-experience")
    page.wait_for_selector(".o_experience_screen .o_experience_answers")


def _open_first(page, path, model, domain):
    found = _call(page, model, "search", domain, order="id", limit=1)
    page.goto(f"/odoo/{path}/{found[0]}")


def _call(page, model, method, *arguments, **keywords):
    params = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
    answer = page.request.post(f"/web/dataset/call_kw/{model}/{method}", data={"params": params}).json()
    if "error" in answer:
        raise Failure(f"{model}.{method}: {answer['error']['data']['message']}")
    return answer["result"]


PICTURES = {
    picture.name: picture
    for picture in (
        Picture("pipeline", "recruiter", "en-US", 1280, 600, _pipeline),
        Picture("application", "recruiter", "en-US", 1280, 760, _application),
        Picture("promises_zh", "recruiter_zh", "zh-CN", 1280, 560, _promises_zh),
        Picture("talents", "recruiter", "en-US", 1280, 760, _talents),
        Picture("person", "recruiter", "en-US", 1280, 800, _person),
        Picture("pools_zh", "recruiter_zh", "zh-CN", 1280, 450, _pools_zh),
        Picture("program", "admin", "en-US", 1280, 760, _program),
        Picture("round", "recruiter", "en-US", 1280, 800, _round),
        Picture("experience", "recruiter", "en-US", 1280, 900, _experience),
        Picture("report", "recruiter", "en-US", 820, 800, _report),
    )
}


if __name__ == "__main__":
    main()
