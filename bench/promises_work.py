"""A hundred thousand running promises: what opens and what is selected, by Odoo and by plain SQL."""

from odoo.tools import SQL

from bench import overhead_work, web_client

LIMIT = 80
COUNT_LIMIT = 10001
BATCH = 200


# -- Data --------------------------------------------------------------------------------


def fill(worker, running, overdue):
    """`running` open promises of as many applicants, the last `overdue` of them just past their deadline."""
    with worker.environment() as env:
        env["res.lang"]._activate_lang(overhead_work.CONTEXT["lang"])
        overdue_from = running - overdue
        recruiters = overhead_work._make_recruiters(env)
        jobs = overhead_work._make_jobs(env, recruiters)
        worker.user_id = recruiters[0].id
        worker.context = {**overhead_work.CONTEXT, "allowed_company_ids": env.company.ids}
        env.flush_all()
        _fill_applicants(env, running, jobs)
        _fill_promises(env, overdue_from)
        env.cr.commit()
    return _learn(worker)


def _fill_applicants(env, count, jobs):
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_applicant (partner_name, email_from, email_normalized, job_id, department_id, user_id,
                                      company_id, stage_id, kanban_state, active, sequence, create_date)
            SELECT 'Candidate ' || n, 'c' || n || '@mail.example', 'c' || n || '@mail.example', job.id,
                   job.department_id, job.user_id, %s, %s, 'normal', TRUE, 10, NOW() AT TIME ZONE 'UTC'
              FROM generate_series(1, %s) n
              JOIN (SELECT *, ROW_NUMBER() OVER (ORDER BY id) - 1 AS place FROM hr_job WHERE id IN %s) job
                ON job.place = n %% %s
            """,
            env.company.id,
            env.ref("hr_recruitment.stage_job1").id,
            count,
            tuple(jobs.ids),
            len(jobs),
        )
    )


def _fill_promises(env, overdue_from):
    """Deadlines of the next five days; of the overdue ones, within the last 15 minutes."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_feedback_promise (applicant_id, trigger, sla_id, means, working_days, company_id,
                   department_id, job_id, user_id, state, trigger_datetime, deadline, warning_datetime, paused_hours)
            SELECT id, 'application', %s, 'any', 3, company_id, department_id, job_id, user_id, 'running',
                   due.deadline - INTERVAL '3 days', due.deadline, due.deadline - INTERVAL '5 hours', 0
              FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY md5(id::text)) AS place FROM hr_applicant) applicant,
                   LATERAL (SELECT NOW() AT TIME ZONE 'UTC' + CASE
                                   WHEN place > %s THEN - INTERVAL '15 minutes' * (place %% 997) / 997
                                   ELSE INTERVAL '1 hour' + INTERVAL '5 days' * (place %% 9973) / 9973 END AS deadline
                           ) due
             ORDER BY id
            """,
            env.ref("candidate_relationship.sla_application").id,
            overdue_from,
        )
    )


def _learn(worker):
    with worker.environment() as env:
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        env.cr._cnx.autocommit = False
        promises = env["hr.feedback.promise"]
        arch = promises.get_views([(False, "list")])["views"]["list"]["arch"]
        worker.facts["list"] = web_client.specification(
            arch, lambda name: env[name or promises._name].fields_get(attributes=["type", "relation"])
        )
        return promises.search_count([("is_overdue", "=", True)])


# -- The overdue list --------------------------------------------------------------------


def open_list(worker):
    def work(env):
        answer = (
            env["hr.feedback.promise"]
            .with_context(bin_size=True)
            .web_search_read(
                [("is_overdue", "=", True)],
                worker.facts["list"],
                limit=LIMIT,
                order="deadline ASC, id ASC",
                count_limit=COUNT_LIMIT,
            )
        )
        return [answer["length"], [record["id"] for record in answer["records"]]]

    return worker.measure(work)


def open_list_sql(worker):
    """The same columns, the same names behind them, the same count, for the same reader."""

    def work(env):
        env.cr.execute(
            """
            WITH page AS (
                SELECT * FROM hr_feedback_promise
                 WHERE state = 'running' AND deadline < NOW() AT TIME ZONE 'UTC'
                   AND (company_id IN %s OR company_id IS NULL)
                 ORDER BY deadline, id LIMIT %s)
            SELECT p.id, a.partner_name, p.job_id, j.name->>'en_US' AS job, p.department_id, d.name AS department,
                   p.trigger, p.stage_id, st.name->>'en_US' AS stage, p.state, p.deadline, p.means, p.user_id,
                   up.name AS user, p.told_date, p.trigger_datetime, p.closed_datetime, p.closing_type,
                   p.closed_by_id, cp.name AS closed_by, p.working_hours, p.paused_hours, p.sla_id,
                   s.name->>'en_US' AS sla
              FROM page p
              JOIN hr_applicant a ON a.id = p.applicant_id
              LEFT JOIN hr_job j ON j.id = p.job_id
              LEFT JOIN hr_department d ON d.id = p.department_id
              LEFT JOIN hr_recruitment_stage st ON st.id = p.stage_id
              LEFT JOIN res_users u ON u.id = p.user_id
              LEFT JOIN res_partner up ON up.id = u.partner_id
              LEFT JOIN res_users c ON c.id = p.closed_by_id
              LEFT JOIN res_partner cp ON cp.id = c.partner_id
              LEFT JOIN hr_feedback_sla s ON s.id = p.sla_id
             ORDER BY p.deadline, p.id
            """,
            [tuple(env.companies.ids), LIMIT],
        )
        records = env.cr.dictfetchall()
        env.cr.execute(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM hr_feedback_promise p
                 WHERE p.state = 'running' AND p.deadline < NOW() AT TIME ZONE 'UTC'
                   AND (p.company_id IN %s OR p.company_id IS NULL)
                 LIMIT %s) overdue
            """,
            [tuple(env.companies.ids), COUNT_LIMIT],
        )
        return [env.cr.fetchone()[0], [record["id"] for record in records]]

    return worker.measure(work)


# -- What the scheduled job selects ------------------------------------------------------


def select(worker, limit=None):
    def work(env):
        promises = env["hr.feedback.promise"].sudo()
        return promises.search(promises._get_breach_domain(), limit=limit, order="id").ids

    return worker.measure(work)


def select_sql(worker, limit=None):
    def work(env):
        env.cr.execute(
            """
            SELECT id FROM hr_feedback_promise
             WHERE state = 'running' AND deadline < NOW() AT TIME ZONE 'UTC' AND breach_warned_datetime IS NULL
             ORDER BY id LIMIT %s
            """,
            [limit],
        )
        return [row[0] for row in env.cr.fetchall()]

    return worker.measure(work)


COMMANDS = {
    "fill": fill,
    "open_list": open_list,
    "open_list_sql": open_list_sql,
    "select": select,
    "select_sql": select_sql,
}
