"""A program with 100,000 people in it, what it selects in a day, and the same by SQL written by hand."""

from collections import Counter
from unittest.mock import patch

from odoo import Command, api, fields
from odoo.tools import SQL

from bench import pool_data

# of a hundred people: how many said no, have applied, have replied, were written to lately
PERCENT = {"left": 1, "applied": 1, "replied": 1, "contacted": 20}
# Days of the next step: one in twenty is due today.
DAYS = 20
STEPS = 4
WAITING = ("budget", "paused", "same_day")
BY_HAND = """
WITH answer AS (
    SELECT DISTINCT ON (partner_id) partner_id, state
      FROM hr_candidate_consent
     WHERE company_id = %(company)s AND purpose = 'nurture' AND state IN ('given', 'declined', 'withdrawn')
     ORDER BY partner_id, state = 'given' DESC, id DESC
), agreed AS (
    SELECT consent.partner_id, BOOL_OR(topic.hr_nurture_topic_id = %(topic)s) AS topic
      FROM hr_candidate_consent consent
      LEFT JOIN hr_candidate_consent_hr_nurture_topic_rel topic ON topic.hr_candidate_consent_id = consent.id
     WHERE consent.company_id = %(company)s AND consent.purpose = 'nurture' AND consent.state = 'given'
       AND (consent.date_until IS NULL OR consent.date_until >= %(today)s)
     GROUP BY consent.partner_id
), wish AS (
    SELECT preference.partner_id, preference.paused_until, preference.frequency_days, left_topic.hr_nurture_topic_id
      FROM hr_candidate_preference preference
      LEFT JOIN hr_candidate_preference_hr_nurture_topic_rel left_topic
             ON left_topic.hr_candidate_preference_id = preference.id AND left_topic.hr_nurture_topic_id = %(topic)s
     WHERE preference.company_id = %(company)s
), process AS (
    SELECT application.partner_id, BOOL_OR(application.date_closed IS NULL) AS open
      FROM hr_applicant application
      LEFT JOIN hr_employee employee ON employee.id = application.employee_id
      LEFT JOIN hr_applicant_hr_talent_pool_rel pool ON pool.hr_applicant_id = application.id
     WHERE COALESCE(application.company_id, %(company)s) = %(company)s AND application.active
       AND application.refuse_reason_id IS NULL AND application.pool_applicant_id IS DISTINCT FROM application.id
       AND pool.hr_applicant_id IS NULL AND (application.date_closed IS NULL OR employee.active IS NOT FALSE)
     GROUP BY application.partner_id
), budget AS (
    SELECT contact.partner_id, MAX(contact.booked_datetime) AS last,
           COUNT(*) FILTER (WHERE contact.booked_datetime > %(now)s - rule.nurture_days * INTERVAL '1 day')
           >= MIN(rule.nurture_contacts) AS full
      FROM hr_nurture_contact contact JOIN res_company rule ON rule.id = contact.company_id
     WHERE contact.company_id = %(company)s AND contact.state != 'released'
     GROUP BY contact.partner_id
), reply AS (
    SELECT DISTINCT enrollment.partner_id
      FROM hr_nurture_enrollment enrollment
      JOIN hr_candidate_touch touch ON touch.partner_id = enrollment.partner_id
     WHERE enrollment.program_id = %(program)s AND touch.company_id = %(company)s
       AND touch.date >= enrollment.entered_datetime AND touch.direction = 'in' AND touch.channel != 'page'
       AND touch.trace_id IS NULL
), mailed AS (
    SELECT DISTINCT enrollment.partner_id
      FROM hr_nurture_enrollment_log log JOIN hr_nurture_enrollment enrollment ON enrollment.id = log.enrollment_id
     WHERE log.date = %(today)s AND log.outcome = 'mailing'
), member AS (
    SELECT DISTINCT hr_applicant_id FROM hr_applicant_hr_talent_pool_rel
), found AS (
    SELECT enrollment.id, enrollment.next_step_id, enrollment.next_date,
           CASE WHEN talent.candidate_erased THEN 'erased'
                WHEN COALESCE(talent.email_normalized, '') = '' THEN 'no_address'
                WHEN black.id IS NOT NULL THEN 'blacklisted'
                WHEN answer.state IN ('declined', 'withdrawn') THEN 'left'
                WHEN agreed.partner_id IS NULL THEN 'no_consent'
                WHEN agreed.topic IS NOT TRUE OR wish.hr_nurture_topic_id IS NOT NULL THEN 'topic'
                WHEN process.open THEN 'applied'
                WHEN process.open = FALSE THEN 'hired'
                WHEN reply.partner_id IS NOT NULL THEN 'replied'
                WHEN talent.active IS NOT TRUE OR member.hr_applicant_id IS NULL THEN 'gone'
           END AS ending,
           CASE WHEN wish.paused_until > %(today)s THEN 'paused'
                WHEN budget.full OR budget.last > %(now)s - NULLIF(wish.frequency_days, 0) * INTERVAL '1 day'
                THEN 'budget'
                WHEN mailed.partner_id IS NOT NULL THEN 'same_day' END AS waiting
      FROM hr_nurture_enrollment enrollment
      JOIN hr_applicant talent ON talent.id = enrollment.applicant_id
      LEFT JOIN mail_blacklist black ON black.email = talent.email_normalized AND black.active
      LEFT JOIN answer ON answer.partner_id = talent.partner_id
      LEFT JOIN agreed ON agreed.partner_id = talent.partner_id
      LEFT JOIN wish ON wish.partner_id = talent.partner_id
      LEFT JOIN process ON process.partner_id = talent.partner_id
      LEFT JOIN budget ON budget.partner_id = talent.partner_id
      LEFT JOIN reply ON reply.partner_id = enrollment.partner_id
      LEFT JOIN mailed ON mailed.partner_id = enrollment.partner_id
      LEFT JOIN member ON member.hr_applicant_id = talent.id
     WHERE enrollment.program_id = %(program)s AND enrollment.state = 'running'
), ended AS (
    UPDATE hr_nurture_enrollment enrollment
       SET state = 'ended', ended_reason = found.ending, ended_date = %(today)s, next_step_id = NULL, next_date = NULL,
           planned_date = NULL, waiting_reason = NULL, write_date = %(now)s
      FROM found WHERE found.id = enrollment.id AND found.ending IS NOT NULL
    RETURNING enrollment.id
)
SELECT id, ending, waiting FROM found
 WHERE ending IS NOT NULL OR (next_date <= %(today)s AND next_step_id IS NOT NULL)
"""


def prepare_selection(worker, people):
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        # touches as well: whoever replied is looked for among them
        pool_data.make_touches(env, pool_data.make_plain(env, people))
        pools = pool_data.make_talents(env, people)
        topic = env.ref("candidate_relationship.topic_industry")
        # everybody may be written to: who may not is spread later
        _agree(env, topic)
        env.cr.execute("UPDATE hr_applicant SET active = FALSE, refuse_reason_id = %s WHERE pool_applicant_id != id",
                       [env.ref("hr_recruitment.refuse_reason_1").id])
        program = env["hr.nurture.program"].create({
            "name": "Bench", "pool_ids": [Command.set(pools.ids)], "topic_id": topic.id,
            "step_ids": [Command.create({"name": f"Step {n}", "sequence": n}) for n in range(STEPS)]})
        program.step_ids.mailing_id.write({"body_html": "<p>News</p>"})
        program.state = "running"
        worker.facts["program"] = program.id
        pool_data.analyze(env)


def _agree(env, topic):
    consents = env["hr.candidate.consent"]
    consents.flush_model()
    relation = consents._fields["topic_ids"]
    env.cr.execute(SQL(
        """
        WITH agreed AS (
            INSERT INTO hr_candidate_consent (partner_id, company_id, purpose, state, given_datetime, date_until)
            SELECT DISTINCT partner_id, %s, 'nurture', 'given', %s, %s::date FROM hr_applicant
             WHERE pool_applicant_id = id RETURNING id
        ) INSERT INTO %s (%s, %s) SELECT id, %s FROM agreed
        """,
        env.company.id, fields.Datetime.now(), fields.Date.add(fields.Date.today(), years=1),
        *map(SQL.identifier, (relation.relation, relation.column1, relation.column2)), topic.id))
    env.invalidate_all()


def _program(worker, env):
    return env["hr.nurture.program"].browse(worker.facts["program"])


def enroll_everybody(worker):
    return worker.measure(lambda env: _program(worker, env)._enroll_audience())


def spread_selection(worker, mails):
    """People in all steps and on all days, and of each kind some who leave or have to wait."""
    with worker.environment() as env:
        program = _program(worker, env)
        today, company = fields.Date.today(), env.company.id
        env.cr.execute(
            "UPDATE hr_nurture_enrollment SET next_step_id = (%s::int[])[1 + id %% %s],"
            " next_date = %s::date + id %% %s, planned_date = %s::date + id %% %s, entered_datetime = %s",
            [program.step_ids.ids, STEPS, today, DAYS, today, DAYS, fields.Datetime.subtract(
                fields.Datetime.now(), days=40)])
        for (kind, percent), prime in zip(PERCENT.items(), (7, 11, 13, 17), strict=True):
            chosen = SQL("SELECT partner_id FROM hr_nurture_enrollment WHERE id / %s * %s %% 100 < %s",
                         DAYS, prime, percent)
            env.cr.execute(_SPREAD[kind](chosen, company))
        worker.facts["mails"] = mails
        pool_data.analyze(env)


_SPREAD = {
    "left": lambda chosen, company: SQL(
        "UPDATE hr_candidate_consent SET state = 'withdrawn' WHERE partner_id IN (%s)", chosen),
    "applied": lambda chosen, company: SQL(
        "UPDATE hr_applicant SET active = TRUE, refuse_reason_id = NULL WHERE pool_applicant_id != id"
        " AND partner_id IN (%s)", chosen),
    "replied": lambda chosen, company: SQL(
        "INSERT INTO hr_candidate_touch (partner_id, company_id, date, channel, direction)"
        " SELECT partner_id, %s, now() AT TIME ZONE 'UTC' - INTERVAL '2 days', 'mail', 'in' FROM (%s) chosen",
        company, chosen),
    "contacted": lambda chosen, company: SQL(
        "INSERT INTO hr_nurture_contact (partner_id, company_id, booked_datetime, source_model, source_id, state)"
        " SELECT partner_id, %s, now() AT TIME ZONE 'UTC' - INTERVAL '9 days', 'mailing.mailing', 1, 'sent'"
        " FROM (%s) chosen", company, chosen),
}


def select_by_program(worker):
    """Nothing of it stays: each round finds the same."""

    def work(env):
        program, today = _program(worker, env), fields.Date.today()
        # it reads everybody who is due at once, like the other
        everybody = patch.object(type(program.step_ids), "_get_batch", lambda step: None)
        with env.cr.savepoint() as savepoint, everybody:
            left = program._end_who_left(today)
            rows = [row for step in program.step_ids for row in step._get_due(today)]
            savepoint.rollback()
        return [left, len(rows), sum(row.reason in WAITING for row in rows)]

    return worker.measure(work)


def select_by_sql(worker):

    def work(env):
        program = _program(worker, env)
        values = {
            "program": program.id, "company": program.company_id.id, "topic": program.topic_id.id,
            "today": fields.Date.today(), "now": fields.Datetime.now()}
        with env.cr.savepoint() as savepoint:
            env.cr.execute(BY_HAND, values)
            rows = env.cr.fetchall()
            savepoint.rollback()
        counts = Counter("left" if ending else "waits" if waiting else "goes" for __, ending, waiting in rows)
        return [counts["left"], counts["waits"] + counts["goes"], counts["waits"]]

    return worker.measure(work)


def queue_mails(worker):
    """So many people are due for one step: they are looked at, booked, and a copy is put into the queue."""
    with worker.environment() as env:
        program = _program(worker, env)
        env.cr.execute("DELETE FROM hr_nurture_contact")
        env.cr.execute("DELETE FROM hr_nurture_enrollment_log")
        env.cr.execute(
            "UPDATE hr_nurture_enrollment SET next_step_id = %s, next_date = %s, planned_date = %s WHERE id IN ("
            "SELECT id FROM hr_nurture_enrollment WHERE state = 'running' ORDER BY id LIMIT %s)",
            [program.step_ids[0].id, fields.Date.today(), fields.Date.today(), worker.facts["mails"]])
        env.cr.commit()
    return worker.measure(lambda env: _program(worker, env).step_ids[0]._run_mailing(fields.Date.today()))


COMMANDS = {
    function.__name__: function
    for function in (prepare_selection, enroll_everybody, spread_selection, select_by_program, select_by_sql,
                     queue_mails)
}
