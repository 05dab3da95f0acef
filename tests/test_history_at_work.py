"""The stage history of a company at work: two people, two servers, a crash, an upgrade."""

from http.client import HTTPException

import helpers
import pytest
from helpers import ADDON, at_once, wait_until

from devtools import harness

DATABASE = "cr_blackbox_stages"
CRON = f"{ADDON}.ir_cron_stage_history"
MANY, MOVES = 12_000, 3
# The job commits every 5000; it is killed after the first batch.
SOME = 5000

# Moved every two days by rosa, as stock Odoo tracks it; every third was refused in the end.
FILL = """
INSERT INTO hr_applicant (partner_name, user_id, job_id, company_id, stage_id, kanban_state, active, refuse_reason_id,
       refuse_date, create_date, date_last_stage_update, create_uid, write_uid, write_date)
SELECT 'from before ' || n, rosa.id, job.id, job.company_id, stages.ids[{moves} + 1], 'normal', n % 3 > 0,
       CASE WHEN n % 3 = 0 THEN reason.id END, CASE WHEN n % 3 = 0 THEN begun + INTERVAL '20 days' END, begun,
       begun + INTERVAL '6 days', rosa.id, rosa.id, begun + INTERVAL '20 days'
  FROM generate_series(1, {count}) n, res_users rosa, hr_job job,
       (SELECT ARRAY_AGG(id ORDER BY sequence, id) AS ids
          FROM hr_recruitment_stage WHERE hired_stage IS NOT TRUE) stages,
       (SELECT MIN(id) AS id FROM hr_applicant_refuse_reason) reason,
       LATERAL (SELECT DATE_TRUNC('second', NOW() AT TIME ZONE 'UTC') - INTERVAL '90 days'
                       - n % 3000 * INTERVAL '1 hour' AS begun) past
 WHERE rosa.login = 'rosa' AND job.name->>'en_US' = 'Engineer';
WITH message AS (
    INSERT INTO mail_message (model, res_id, message_type, date, create_date, create_uid)
    SELECT 'hr.applicant', id, 'notification', moment, moment, create_uid
      FROM hr_applicant, generate_series(1, {moves}) move,
           LATERAL (SELECT create_date + move * INTERVAL '2 days' AS moment) moved
     WHERE partner_name LIKE 'from before %'
 RETURNING id, res_id, date)
INSERT INTO mail_tracking_value (mail_message_id, field_id, old_value_integer, new_value_integer)
SELECT message.id, field.id, stages.ids[move], stages.ids[move + 1]
  FROM message
  JOIN hr_applicant applicant ON applicant.id = message.res_id,
       ir_model_fields field,
       (SELECT ARRAY_AGG(id ORDER BY sequence, id) AS ids
          FROM hr_recruitment_stage WHERE hired_stage IS NOT TRUE) stages,
       LATERAL (SELECT (EXTRACT(EPOCH FROM message.date - applicant.create_date) / 172800)::int AS move) moved
 WHERE field.model = 'hr.applicant' AND field.name = 'stage_id';
ANALYZE;
"""
# A row that is not what was moved: the n-th stay begins and ends two days after the one before.
WRONG = f"""
SELECT applicant.id
  FROM hr_applicant applicant
  LEFT JOIN hr_applicant_stage_log log ON log.applicant_id = applicant.id
  LEFT JOIN hr_recruitment_stage stage ON stage.id = log.stage_id
 WHERE applicant.partner_name LIKE 'from before %'
 GROUP BY applicant.id
HAVING COUNT(*) <> {MOVES + 1} OR BOOL_OR(
           log.entered_datetime <> applicant.create_date + (log.position - 1) * INTERVAL '2 days'
        OR log.create_uid <> applicant.user_id OR log.job_id <> applicant.job_id
        OR (log.position <= {MOVES} AND (log.outcome <> 'moved' OR log.working_hours NOT BETWEEN 0 AND 16
            OR log.left_datetime <> log.entered_datetime + INTERVAL '2 days'))
        OR (log.position > {MOVES} AND log.stage_id <> applicant.stage_id)
        OR (log.position > {MOVES} AND (log.outcome, log.left_datetime) IS DISTINCT FROM
            (CASE WHEN applicant.active THEN 'current' ELSE 'refused' END, applicant.refuse_date)))
"""
ROWS = "SELECT COUNT(*) FROM hr_applicant_stage_log log JOIN hr_applicant a ON a.id = applicant_id WHERE a.{}"
FROM_BEFORE = "partner_name LIKE 'from before %'"
FORGET = f"""
DELETE FROM hr_applicant_stage_log
 WHERE applicant_id IN (SELECT id FROM hr_applicant WHERE {FROM_BEFORE})
"""
MAIL = "SELECT res_id FROM ir_model_data WHERE name = 'mail_template_experience_{}'"
OLD_MAILS = f"""
UPDATE mail_template SET body_html = '{{"en_US": "<p>Old</p>", "zh_CN": "<p>旧</p>"}}'
 WHERE id IN ({MAIL.format("invite")} UNION {MAIL.format("remind")});
UPDATE mail_template SET write_uid = 2 WHERE id = ({MAIL.format("remind")})
"""
# Figures of a version that did not count who of those who answered had been asked.
OLD_FIGURES = """
ALTER TABLE hr_experience_block DROP COLUMN answers_invited;
WITH batch AS (
    INSERT INTO hr_experience_batch (company_id, date, published_date, invited_until, threshold, answers, invited)
    SELECT MIN(id), '2026-07-01', '2026-08-01', '2026-07-31', 10, 24, 30 FROM res_company RETURNING id, company_id
)
INSERT INTO hr_experience_block (batch_id, company_id, month, answers, promoters, passives, detractors, invited)
SELECT batch.id, batch.company_id, '2026-07-01', block.answers, block.answers, 0, 0, block.invited
  FROM batch, (VALUES (12, 30), (11, 0)) block (answers, invited)
"""
FIGURES_NOW = "SELECT answers, answers_invited FROM hr_experience_block ORDER BY answers"
MAILS_NOW = f"""
SELECT CASE id WHEN ({MAIL.format("invite")}) THEN 'invite' ELSE 'remind' END AS mail,
       body_html->>'en_US' LIKE '%candidate_preference_url%', COALESCE(body_html->>'zh_CN', '') LIKE '%preference_url%'
  FROM mail_template WHERE id IN ({MAIL.format("invite")} UNION {MAIL.format("remind")}) ORDER BY mail
"""


@pytest.fixture(scope="module")
def database(database):
    harness.query(FILL.format(count=MANY, moves=MOVES), database)
    return database


def test_two_people_move_one_application(offices):
    """Both moves are there, one after the other; Odoo tries again on its own."""
    first, second = offices
    applicant = first.apply()
    stages = [first.ref(f"hr_recruitment.stage_job{number}") for number in (2, 3)]
    for _time in range(5):
        at_once(
            *(
                lambda client=client, stage=stage: client.call(
                    "hr.applicant", "write", [applicant.id], {"stage_id": stage}
                )
                for client, stage in zip((first.rosa, second.robert), stages, strict=True)
            )
        )
    assert_sound(f"id = {applicant.id}")
    assert number(ROWS.format(f"id = {applicant.id}")) > 5
    last = f"SELECT stage_id FROM hr_applicant_stage_log WHERE left_datetime IS NULL AND applicant_id = {applicant.id}"
    now = f"SELECT stage_id FROM hr_applicant WHERE id = {applicant.id}"
    assert harness.query(last, DATABASE) == harness.query(now, DATABASE)


def test_two_people_move_it_to_the_same_stage(offices):
    first, second = offices
    applicant = first.apply()
    stage = first.ref("hr_recruitment.stage_job3")
    moves = [
        lambda client=client: client.call("hr.applicant", "write", [applicant.id], {"stage_id": stage})
        for client in (first.rosa, second.robert)
    ]
    at_once(*moves, *moves)
    assert_sound(f"id = {applicant.id}")
    assert number(ROWS.format(f"id = {applicant.id}")) == 2


def test_job_that_was_killed_goes_on_where_it_stood(offices, servers):
    harness.query(FORGET, DATABASE)

    def kill_in_the_middle():
        wait_until(lambda: number(ROWS.format(FROM_BEFORE)) >= SOME, "the first batch")
        servers[1].kill()

    at_once(lambda: offices[1].run_job(CRON), kill_in_the_middle, forgive=(OSError, HTTPException))
    done = number(ROWS.format(FROM_BEFORE))
    assert 0 < done < MANY * (MOVES + 1), "the job was done before it could be killed"
    run_until_done(offices[0])
    assert harness.query(WRONG, DATABASE) == []
    servers[1].start()


def test_two_servers_fill_in_once(offices):
    """Called outside of its scheduled action, where nothing but the rows is locked; and somebody works meanwhile."""
    harness.query(FORGET, DATABASE)
    call = {
        "name": "Fill in",
        "model_id": offices[0].search("ir.model", [("model", "=", "hr.applicant.stage.log")])[0],
        "state": "code",
        "code": "model.sudo()._cron_backfill()",
    }
    action_id = offices[0].admin.call("ir.actions.server", "create", [call])[0]
    ids = [int(row) for row in harness.query(
        f"SELECT id FROM hr_applicant WHERE {FROM_BEFORE} AND active ORDER BY id LIMIT 40", DATABASE)]
    stage = offices[0].ref("hr_recruitment.stage_job4")

    def move():
        for applicant_id in ids:
            offices[0].rosa.call("hr.applicant", "write", [applicant_id], {"stage_id": stage})

    runs = [lambda office=office: office.admin.call("ir.actions.server", "run", [action_id]) for office in offices]
    at_once(*runs, *runs, move)
    run_until_done(offices[0])
    moved = ", ".join(map(str, ids))
    assert_sound(FROM_BEFORE)
    assert [row for row in harness.query(WRONG, DATABASE) if int(row) not in ids] == []
    ends = f"SELECT DISTINCT COUNT(*) FROM hr_applicant_stage_log WHERE applicant_id IN ({moved}) GROUP BY applicant_id"
    assert harness.query(ends, DATABASE) == [str(MOVES + 2)]


def test_upgrade_from_the_version_before(mail_server):
    """A database that has the first version gets its history, too: at once what an installation does."""
    name = helpers.make_company(f"{DATABASE}_upgraded", mail_server)
    harness.query(FILL.format(count=100, moves=MOVES), name)
    old = f"UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = '{ADDON}'"
    harness.query(f"DELETE FROM hr_applicant_stage_log; {old}; {OLD_MAILS}; {OLD_FIGURES}", name)
    harness.odoo(name, "-u", ADDON)
    assert harness.query("SELECT COUNT(*) FROM hr_applicant_stage_log", name) != ["0"]
    assert harness.query(WRONG, name) == []
    # who has changed a mail keeps it; the other one has its link in both languages
    assert harness.query(MAILS_NOW, name) == ["invite|t|t", "remind|f|f"]
    assert harness.query(FIGURES_NOW, name) == ["11|0", "12|12"]
    harness.drop(name)


# -- Helpers -----------------------------------------------------------------------------


def number(sql):
    return int(harness.query(sql, DATABASE)[0])


def run_until_done(office):
    """A scheduled action that another server still holds is refused: then once more."""

    def run():
        try:
            office.run_job(CRON)
        except harness.RemoteError:
            return False
        missing = f"SELECT COUNT(*) FROM hr_applicant a WHERE {FROM_BEFORE} AND NOT EXISTS ("
        return not number(f"{missing} SELECT 1 FROM hr_applicant_stage_log WHERE applicant_id = a.id)")

    wait_until(run, "everybody has a history")


def assert_sound(condition):
    """Numbered without a gap, each stay begins where the last one ended, and one is open."""
    broken = f"""
        SELECT id FROM (
            SELECT log.*, LAG(left_datetime) OVER own AS previous, ROW_NUMBER() OVER own AS place,
                   LEAD(log.id) OVER own IS NULL AS is_last, applicant.active
              FROM hr_applicant_stage_log log
              JOIN (SELECT id, active FROM hr_applicant WHERE {condition}) applicant ON applicant.id = log.applicant_id
            WINDOW own AS (PARTITION BY applicant_id ORDER BY position)) stay
         WHERE place <> position OR entered_datetime <> COALESCE(previous, entered_datetime)
            OR (left_datetime IS NULL) <> (is_last AND active)
    """
    assert harness.query(broken, DATABASE) == []
