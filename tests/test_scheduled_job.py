"""The scheduled job, run by several servers and killed in the middle: nobody twice, nobody forgotten."""

from http.client import HTTPException

import helpers
from helpers import at_once, wait_until

from devtools import harness

DATABASE = "cr_blackbox_job"
PER_PROMISE = 2
MANY = 1500
# What a batch takes is committed; the job is killed when it has done some and not all of it.
SOME = 250

# Open for two weeks, overdue since yesterday; 'rosa' must answer, 'robert' is warned at breach.
FILL = """
INSERT INTO hr_applicant (partner_name, user_id, job_id, company_id, stage_id, kanban_state, active, create_date)
SELECT '{batch} ' || n, rosa.id, job.id, job.company_id, stage.id, 'normal', TRUE, NOW() - INTERVAL '14 days'
  FROM generate_series(1, {count}) n, res_users rosa, hr_job job, hr_recruitment_stage stage
 WHERE rosa.login = 'rosa' AND job.name->>'en_US' = 'Engineer' AND stage.sequence = 1;
INSERT INTO hr_feedback_promise (applicant_id, trigger, means, working_days, company_id, job_id, user_id,
       escalation_user_id, state, trigger_datetime, deadline, warning_datetime)
SELECT applicant.id, 'application', 'any', 3, applicant.company_id, applicant.job_id, applicant.user_id,
       robert.id, 'running', applicant.create_date, NOW() - INTERVAL '1 day', NOW() - INTERVAL '2 days'
  FROM hr_applicant applicant, res_users robert
 WHERE applicant.partner_name LIKE '{batch} %' AND robert.login = 'robert';
"""
ACTIVITIES = "mail_activity activity JOIN hr_feedback_promise promise ON promise.id = activity.feedback_promise_id"


def test_two_servers_warn_once(offices):
    fill("scheduled", 300)
    for _time in range(3):
        runs = [lambda office=office: office.run_job(helpers.CRON) for office in offices]
        # while one runs it, the other is told so
        at_once(*runs, forgive=harness.RemoteError)
    run_until_done(offices[0])
    assert_warned_once()


def test_two_servers_warn_once_without_the_schedulers_lock(offices):
    """The same method called outside of its scheduled action, where nothing but the rows is locked."""
    call = {"name": "Warn", "model_id": model_id(offices[0]), "state": "code", "code": "model.sudo()._cron_warn()"}
    action_id = offices[0].admin.call("ir.actions.server", "create", [call])[0]
    fill("direct", 600)
    runs = [lambda office=office: office.admin.call("ir.actions.server", "run", [action_id]) for office in offices]
    at_once(*runs, *runs)
    run_until_done(offices[0])
    assert_warned_once()


def test_job_that_was_killed_goes_on_where_it_stood(offices, servers):
    fill("killed", MANY)
    before = activity_count()

    def kill_in_the_middle():
        wait_until(lambda: activity_count() > before + SOME, "the job begins")
        servers[1].kill()

    at_once(lambda: offices[1].run_job(helpers.CRON), kill_in_the_middle, forgive=(OSError, HTTPException))
    assert unwarned() > 0, "the job was done before it could be killed"
    run_until_done(offices[0])
    assert_warned_once()


# -- Helpers -----------------------------------------------------------------------------


def fill(batch, count):
    harness.query(FILL.format(batch=batch, count=count), DATABASE)


def model_id(office):
    return office.search("ir.model", [("model", "=", "hr.feedback.promise")])[0]


def run_until_done(office):
    """A scheduled action that another server still holds is refused: then once more."""

    def run():
        try:
            office.run_job(helpers.CRON)
        except harness.RemoteError:
            return False
        return not unwarned()

    wait_until(run, "everybody is warned")


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def unwarned():
    return number("SELECT COUNT(*) FROM hr_feedback_promise WHERE state = 'running' AND breach_warned_datetime IS NULL")


def activity_count():
    return number(f"SELECT COUNT(*) FROM {ACTIVITIES}")


def assert_warned_once():
    """Each promise has exactly one warning for whose clock it is and one for who is warned at breach."""
    twice = f"SELECT promise.id FROM {ACTIVITIES} GROUP BY promise.id, activity.user_id HAVING COUNT(*) > 1"
    assert harness.query(twice, DATABASE) == []
    assert activity_count() == PER_PROMISE * number("SELECT COUNT(*) FROM hr_feedback_promise")
    assert unwarned() == 0
