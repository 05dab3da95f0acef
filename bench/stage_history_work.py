"""Applications that stock Odoo has moved through the stages, made by SQL; runs inside Odoo."""

from odoo.tools import SQL

from bench import overhead_work

# A move every so many days, the first applications three years ago
STEP_DAYS = 4
PAST_DAYS = 1000


def fill_stages(worker, applicants, moves):
    """`applicants` with as many tracked moves each, some of them refused, in the stages 1 to 4 and back."""
    with worker.environment() as env:
        recruiters = overhead_work._make_recruiters(env)
        jobs = overhead_work._make_jobs(env, recruiters)
        env.flush_all()
        stages = env["hr.recruitment.stage"].search([("hired_stage", "=", False)], order="sequence").ids
        _fill_applicants(env, applicants, moves, jobs, stages)
        _fill_tracking(env, moves, stages)
        env.cr.commit()
    with worker.environment() as env:
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        env.cr._cnx.autocommit = False
    return applicants


def _fill_applicants(env, count, moves, jobs, stages):
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_applicant (partner_name, email_from, email_normalized, job_id, department_id, user_id,
                   company_id, stage_id, kanban_state, active, refuse_reason_id, refuse_date, sequence, create_date,
                   write_date, date_last_stage_update, create_uid, write_uid)
            SELECT 'Mover ' || n, 'm' || n || '@mail.example', 'm' || n || '@mail.example', job.id, job.department_id,
                   job.user_id, %(company)s, (%(stages)s)[1 + %(moves)s %% %(cycle)s], 'normal', n %% 3 > 0,
                   CASE WHEN n %% 3 = 0 THEN %(reason)s END, CASE WHEN n %% 3 = 0 THEN begun.moment + %(all)s END, 10,
                   begun.moment, begun.moment + %(all)s, begun.moment + %(all)s, job.user_id, job.user_id
              FROM generate_series(1, %(count)s) n
              JOIN (SELECT *, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM hr_job WHERE id IN %(jobs)s) job
                ON job.place = n %% %(job_count)s,
                   LATERAL (SELECT DATE_TRUNC('second', NOW() AT TIME ZONE 'UTC' - INTERVAL '40 days'
                                   - n %% %(days)s * INTERVAL '1 day' - n %% 86400 * INTERVAL '1 second') AS moment
                           ) begun
            """,
            company=env.company.id,
            stages=stages,
            cycle=len(stages),
            moves=moves,
            reason=env.ref("hr_recruitment.refuse_reason_1").id,
            all=SQL("INTERVAL '%s days'", STEP_DAYS * (moves + 1)),
            count=count,
            jobs=tuple(jobs.ids),
            job_count=len(jobs),
            days=PAST_DAYS,
        )
    )


def _fill_tracking(env, moves, stages):
    """A message of each move, and in it the stages between which it was."""
    env.cr.execute(
        SQL(
            """
            WITH message AS (
                INSERT INTO mail_message (model, res_id, message_type, date, create_date, create_uid, author_id, body)
                SELECT 'hr.applicant', applicant.id, 'notification', moment, moment, applicant.user_id,
                       recruiter.partner_id, 'move'
                  FROM hr_applicant applicant
                  JOIN res_users recruiter ON recruiter.id = applicant.user_id,
                       generate_series(1, %(moves)s) move,
                       LATERAL (SELECT applicant.create_date + move * %(step)s AS moment) moved
                 WHERE applicant.partner_name LIKE 'Mover %%'
                 ORDER BY moment
             RETURNING id, res_id, date)
            INSERT INTO mail_tracking_value (mail_message_id, field_id, old_value_integer, new_value_integer)
            SELECT message.id, %(field)s, (%(stages)s)[1 + (place - 1) %% %(cycle)s],
                   (%(stages)s)[1 + place %% %(cycle)s]
              FROM message
              JOIN hr_applicant applicant ON applicant.id = message.res_id,
                   LATERAL (SELECT (EXTRACT(EPOCH FROM message.date - applicant.create_date)
                                    / EXTRACT(EPOCH FROM %(step)s))::int AS place) moved
            """,
            moves=moves,
            step=SQL("INTERVAL '%s days'", STEP_DAYS),
            field=env["ir.model.fields"]._get("hr.applicant", "stage_id").id,
            stages=stages,
            cycle=len(stages),
        )
    )


def _count(env):
    env.cr.execute("SELECT COUNT(*) FROM hr_applicant_stage_log")
    return env.cr.fetchone()[0]


def _measure_rows(worker, work):
    """What the work costs; its result is how many rows it made."""
    with worker.environment() as env:
        before = _count(env)
    cost = worker.measure(work)
    # what commits on its way is measured until its first commit, and after it
    total = {name: value + cost["after"][name] for name, value in cost["until"].items()}
    with worker.environment() as env:
        return {"until": total, "result": _count(env) - before}


def backfill_at_install(worker):
    return _measure_rows(worker, lambda env: env["hr.applicant.stage.log"]._backfill_at_install())


def backfill_by_job(worker):
    """Without the scheduler around it, which would give it a time limit."""
    return _measure_rows(worker, lambda env: env["hr.applicant.stage.log"]._cron_backfill())


def furthest_stages(worker):
    def work(env):
        applicants = env["hr.applicant"].with_context(active_test=False).search([("partner_name", "like", "Mover ")])
        return len(applicants._get_furthest_stages())

    return worker.measure(work)


COMMANDS = {
    "fill_stages": fill_stages,
    "backfill_at_install": backfill_at_install,
    "backfill_by_job": backfill_by_job,
    "furthest_stages": furthest_stages,
}
