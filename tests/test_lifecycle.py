"""Installing, upgrading and removing the addon on a database that has been worked with for a while."""

import helpers
import pytest
import stock_company
from helpers import ADDON, at_once
from snapshot import Stock, differences

from devtools import harness

FILLED, WORKED = "cr_blackbox_filled", "cr_blackbox_worked"
HISTORY = {
    "open": "current",
    "in a pool": "current",
    "finalist": "moved current",
    "hired": "moved hired",
    "refused": "refused",
    "archived": "withdrawn",
    "many 1": "current",
}
UNINSTALL = f"env['ir.module.module'].search([('name', '=', '{ADDON}')]).button_immediate_uninstall()"
PROMISES = "SELECT id, applicant_id, trigger, state, trigger_datetime, deadline FROM hr_feedback_promise ORDER BY id"
OURS = f"SELECT res_id FROM ir_model_data WHERE module = '{ADDON}' AND model = '%s'"
# Odoo notes in the chatter of scheduled jobs and server actions that they were made.
TECHNICAL = {"mail_message": "model LIKE 'ir.%'"}
# What the addon brings along and takes away again
WITHOUT_OURS = TECHNICAL | {
    "mail_activity": "feedback_promise_id IS NOT NULL",
    "mail_activity_type": f"id IN ({OURS % 'mail.activity.type'})",
    "mail_template": f"id IN ({OURS % 'mail.template'})",
    "report_paperformat": f"id IN ({OURS % 'report.paperformat'})",
    "survey_survey": f"id IN ({OURS % 'survey.survey'})",
    "survey_question": f"id IN ({OURS % 'survey.question'})",
    "survey_question_answer": f"id IN ({OURS % 'survey.question.answer'})",
}


@pytest.fixture(scope="module")
def filled(mail_server):
    """A company with some history, without the addon."""
    name = harness.duplicate(harness.template(), FILLED)
    helpers.set_up(name, mail_server.port)
    mail_server.refuse("unreachable@*")
    harness.odoo_shell(name, stock_company.FILL)
    yield name
    harness.drop(name)


@pytest.fixture(scope="module")
def stock(filled):
    return Stock(filled)


@pytest.fixture(scope="module")
def installed(filled):
    """The same company after the installation."""
    name = harness.duplicate(filled, WORKED)
    harness.odoo(name, "-i", ADDON)
    yield name
    harness.drop(name)


# -- Installing --------------------------------------------------------------------------


def test_what_is_open_is_promised_and_nothing_else(installed):
    assert promised(installed) == stock_company.EXPECTED
    many = "SELECT COUNT(*) FROM hr_feedback_promise p JOIN hr_applicant a ON a.id = applicant_id WHERE %s"
    assert harness.query(many % "a.partner_name LIKE 'many %'", installed) == [str(stock_company.MANY)]
    talents = "pool_applicant_id = a.id"
    assert harness.query(many % talents, installed) == ["0"]


def test_promises_are_dated_from_the_real_event(installed):
    wrong = """
        SELECT p.id FROM hr_feedback_promise p JOIN hr_applicant a ON a.id = p.applicant_id
          LEFT JOIN calendar_event e ON e.id = p.event_id
         WHERE p.deadline IS NULL OR p.told_date IS NOT NULL OR p.trigger_datetime <> CASE p.trigger
               WHEN 'application' THEN a.create_date
               WHEN 'interview' THEN e.stop
               ELSE (SELECT MAX(date) FROM mail_message m JOIN mail_tracking_value v ON v.mail_message_id = m.id
                      WHERE m.model = 'hr.applicant' AND m.res_id = a.id AND v.new_value_integer = a.stage_id) END
    """
    assert harness.query(wrong, installed) == []


def test_history_of_stages_is_there(installed):
    rows = harness.query(
        "SELECT a.partner_name, STRING_AGG(log.outcome, ' ' ORDER BY log.position)"
        "  FROM hr_applicant_stage_log log JOIN hr_applicant a ON a.id = log.applicant_id GROUP BY a.id",
        installed,
    )
    found = dict(row.split("|") for row in rows)
    assert len(rows) == len(stock_company.EXPECTED) + stock_company.MANY
    assert {name: found[name] for name in HISTORY} == HISTORY


def test_nobody_is_bothered_on_the_first_day(installed, filled, mail_server):
    mails = len(mail_server.files())
    harness.odoo_shell(installed, f"env.ref('{helpers.CRON}').method_direct_trigger()")
    for table in ("mail_activity", "mail_mail", "mail_notification", "mail_message WHERE model NOT LIKE 'ir.%'"):
        count = f"SELECT COUNT(*) FROM {table}"
        assert harness.query(count, installed) == harness.query(count, filled), table
    assert len(mail_server.files()) == mails
    silent = "SELECT id FROM hr_feedback_promise WHERE deadline < NOW() AND breach_warned_datetime IS NULL"
    assert harness.query(f"{silent} AND state = 'running'", installed) == []


def test_installation_changes_nothing_that_was_there(installed, filled, stock):
    before = stock.fingerprints(filled, TECHNICAL)
    assert differences(before, stock.fingerprints(installed, WITHOUT_OURS)) == {}


def test_upgrade_changes_nothing(installed, stock):
    rows, before = harness.query(PROMISES, installed), stock.fingerprints(installed)
    harness.odoo(installed, "-u", ADDON)
    assert harness.query(PROMISES, installed) == rows
    assert differences(before, stock.fingerprints(installed)) == {}


# -- Removing ----------------------------------------------------------------------------


def test_removal_loses_nothing_and_leaves_nothing(installed, stock, mail_server):
    work_with(installed, mail_server)
    before = stock.fingerprints(installed, WITHOUT_OURS)
    harness.odoo_shell(installed, UNINSTALL)
    assert differences(before, stock.fingerprints(installed, TECHNICAL)) == {}
    assert harness.query(f"SELECT model, name FROM ir_model_data WHERE module = '{ADDON}'", installed) == []
    assert Stock(installed).columns == stock.columns
    # and the way back
    harness.odoo(installed, "-i", ADDON)
    assert promised(installed) == stock_company.EXPECTED | {"open": {}}


def work_with(database, mail_server):
    """A day with the addon: an answer, a warning, a call."""
    with harness.Server(database) as server:
        office = helpers.Office(database, server, mail_server)
        (opened,) = office.search("hr.applicant", [("partner_name", "=", "open")])
        partner_id = office.read("hr.applicant", opened, "partner_id")[0]
        applicant = helpers.Applicant(office, opened, partner_id, "open@mail.example")
        office.write_to(applicant)
        assert applicant.state() == "late"
        soon = "UPDATE hr_feedback_promise SET breach_warned_datetime = NULL WHERE trigger = 'stage'"
        harness.query(soon, database)
        office.run_job(helpers.CRON)
        assert office.search("mail.activity", [("feedback_promise_id", "!=", False)])


# -- Other ways in -----------------------------------------------------------------------


def test_apps_screen_installs_on_a_server_that_is_running(mail_server):
    name = harness.duplicate(harness.template(), "cr_blackbox_apps")
    helpers.set_up(name, mail_server.port)
    with harness.Server(name, workers=2) as server:
        office = helpers.Office(name, server, mail_server)
        module = office.search("ir.module.module", [("name", "=", ADDON)])
        office.admin.call("ir.module.module", "button_immediate_install", module)
        # by both workers, of which one did not install it
        for applicant in at_once(*[office.apply] * 8):
            assert applicant.state() == "running"
    harness.drop(name)


def test_installs_where_the_stock_records_it_refers_to_were_deleted():
    name = harness.duplicate(harness.template(), "cr_blackbox_bare")
    deleted = ["stage_job4", "refuse_reason_6", "refuse_reason_7"]
    harness.odoo_shell(name, f"[env.ref('hr_recruitment.' + name).unlink() for name in {deleted}]; env.cr.commit()")
    harness.odoo(name, "-i", ADDON)
    harness.odoo(name, "-u", ADDON)
    policies = harness.query("SELECT DISTINCT trigger FROM hr_feedback_sla WHERE active ORDER BY 1", name)
    assert policies == ["application", "interview", "outcome"]
    harness.drop(name)


# -- Helpers -----------------------------------------------------------------------------


def promised(database):
    """What is owed to each case, as `EXPECTED` tells it."""
    rows = harness.query(
        "SELECT a.partner_name, p.trigger, p.state FROM hr_feedback_promise p"
        " JOIN hr_applicant a ON a.id = p.applicant_id WHERE a.partner_name NOT LIKE 'many %'",
        database,
    )
    found = {case: {} for case in stock_company.EXPECTED}
    for name, trigger, state in (row.split("|") for row in rows):
        assert trigger not in found[name], f"{name} is promised twice"
        found[name][trigger] = state
    return found
