"""Answers about the candidates' experience, published and looked at, by the addon and in bare SQL. Runs inside Odoo."""

from datetime import date

from odoo import Command, api
from odoo.tools import SQL

MONTHS, DEPARTMENTS, FAMILIES, STATEMENTS, THEMES = 24, 20, 8, 8, 7
UNTIL = date(2026, 12, 31)


def prepare(worker, answers):
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        survey = _make_survey(env)
        departments = env["hr.department"].create([{"name": f"Department {n}"} for n in range(DEPARTMENTS)])
        families = env["hr.job.family"].create([{"name": f"Family {n}"} for n in range(FAMILIES)])
        statements = survey.question_ids.filtered(lambda question: question.experience_role == "statement")
        options = survey.question_ids.suggested_answer_ids
        env.flush_all()
        env.cr.execute(
            SQL(
                ANSWERS,
                count=answers,
                company=env.company.id,
                survey=survey.id,
                months=MONTHS,
                department=departments[0].id,
                departments=DEPARTMENTS,
                family=families[0].id,
                families=FAMILIES,
                statement=min(statements.ids),
                statements=STATEMENTS,
                option=min(options.ids),
                options=THEMES,
            )
        )
        env.cr.execute("SELECT setseed(0.5)")
        env.cr.commit()
        worker.facts["survey"] = survey.id
        worker.user_id = env.ref("base.user_admin").id
        worker.context = {"allowed_company_ids": env.company.ids, "lang": "en_US"}
    return answers


def _make_survey(env):
    def question(number, title, kind, role, **more):
        return Command.create({
            "title": title, "sequence": number, "question_type": kind, "experience_role": role, **more,
        })  # fmt: skip

    options = [Command.create({"value": f"Theme {n}", "sequence": n}) for n in range(THEMES)]
    return env["survey.survey"].create({
        "title": "Bench", "survey_type": "candidate_experience", "question_and_page_ids": [
            question(0, "Recommend", "scale", "nps", scale_min=0, scale_max=10),
            *(question(n, f"Statement {n}", "scale", "statement", scale_min=1, scale_max=5)
              for n in range(1, STATEMENTS + 1)),
            question(20, "Themes", "multiple_choice", "theme", suggested_answer_ids=options),
        ],
    })  # fmt: skip


# Three of four departments are large. Half of the themes are named by nobody who is happy.
ANSWERS = """
    CREATE TABLE bench_answer AS
    SELECT number AS id, %(company)s::int AS company_id, %(survey)s::int AS survey_id,
           ('2025-01-01'::date + (number %% %(months)s) * INTERVAL '1 month')::date AS month,
           %(department)s + ((number * 7919 / 24) %% %(departments)s)::int AS department_id,
           CASE WHEN number %% 5 > 0 THEN %(family)s + ((number / 7) %% %(families)s)::int END AS family_id,
           (ARRAY['applied', 'interviewed', 'final'])[1 + (number / 11) %% 3] AS stage_group,
           (ARRAY['hired', 'refused', 'refused', 'refused', 'withdrawn'])[1 + (number / 13) %% 5] AS outcome,
           ((number * 31 / 7) %% 11)::int AS nps,
           (SELECT jsonb_object_agg((%(statement)s + k)::text, 1 + (number * (k + 3) / 5) %% 5)
              FROM generate_series(0, %(statements)s - 1) k) AS statements,
           CASE WHEN number %% 3 = 0 THEN jsonb_build_array(%(option)s + (number / 3) %% %(options)s)
                ELSE '[]'::jsonb END AS themes, FALSE AS published
      FROM generate_series(1, %(count)s) number
"""
COLUMNS = (
    "id, published, company_id, survey_id, month, department_id, family_id, stage_group, outcome, nps, statements,"
    " themes"
)
RESTORE = f"INSERT INTO hr_experience_answer ({COLUMNS}) SELECT {COLUMNS} FROM bench_answer"


def restore(worker):
    """Nothing is published, all answers wait."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env.cr.execute("DELETE FROM hr_experience_finding")
        env.cr.execute("TRUNCATE hr_experience_batch CASCADE")
        env.cr.execute("TRUNCATE hr_experience_answer")
        env.cr.execute("TRUNCATE hr_experience_complaint")
        env.cr.execute(RESTORE)
        env.cr.execute("DROP TABLE IF EXISTS bench_cell, bench_statement, bench_theme")
        env.cr.commit()
    _analyze(worker, "hr_experience_answer")
    return True


def _analyze(worker, *tables):
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env.cr.commit()
        env.cr._cnx.autocommit = True
        for table in tables:
            env.cr.execute(f"VACUUM ANALYZE {table}")
        env.cr._cnx.autocommit = False


def publish(worker):
    def work(env):
        batches = env["hr.experience.batch"].sudo()
        survey = env["survey.survey"].browse(worker.facts["survey"])
        return batches._publish(env.company, survey, UNTIL).answers

    answer = worker.measure(work)
    _analyze(worker, "hr_experience_block", "hr_experience_block_statement", "hr_experience_theme_block",
             "hr_experience_block_theme")
    return answer


FACTS = "month, department_id, outcome, stage_group, family_id"
PUBLISH = f"""
    CREATE TABLE bench_cell AS
    SELECT {FACTS}, COUNT(*) AS answers, COUNT(*) FILTER (WHERE nps >= 9) AS promoters,
           COUNT(*) FILTER (WHERE nps < 7) AS detractors FROM hr_experience_answer GROUP BY {FACTS};
    CREATE TABLE bench_statement AS
    SELECT {FACTS}, key, COUNT(*), SUM(value::int) AS total, SUM(value::int * value::int) AS squared, SUM(nps) AS nps,
           SUM(nps * nps) AS nps_squared, SUM(value::int * nps) AS product
      FROM hr_experience_answer CROSS JOIN LATERAL jsonb_each_text(statements) GROUP BY {FACTS}, key;
    CREATE TABLE bench_theme AS
    SELECT {FACTS}, value, COUNT(*) AS named
      FROM hr_experience_answer CROSS JOIN LATERAL jsonb_array_elements_text(themes) WHERE nps < 7
     GROUP BY {FACTS}, value;
    DELETE FROM hr_experience_answer
"""


def publish_sql(worker):
    def work(env):
        env.cr.execute(PUBLISH)
        env.cr.execute("SELECT SUM(answers) FROM bench_cell")
        return int(env.cr.fetchone()[0])

    return worker.measure(work)


# -- The report --------------------------------------------------------------------------


def report(worker):
    def work(env):
        rows = env["hr.experience.report"]._read_group(
            [],
            ["department_id", "month:quarter"],
            ["answers:sum", "nps:avg", "nps_low:avg", "nps_high:avg"],
        )
        return sorted([answers, *(round(float(value), 4) for value in values)] for _d, _q, answers, *values in rows)

    return worker.measure(work)


BOUNDS = """
    100.0 * (promoters - detractors) / answers,
    GREATEST(-100, 100.0 * ((promoters - detractors) / (answers + 3.0) - 1.96 * SQRT(
        ((promoters + detractors + 1.5) / (answers + 3.0)
         - POWER((promoters - detractors) / (answers + 3.0), 2)) / (answers + 3.0)))),
    LEAST(100, 100.0 * ((promoters - detractors) / (answers + 3.0) + 1.96 * SQRT(
        ((promoters + detractors + 1.5) / (answers + 3.0)
         - POWER((promoters - detractors) / (answers + 3.0), 2)) / (answers + 3.0))))
"""
# a group is shown if it is large enough, and the smallest one is not where the ones left out would be too few
ON_ANSWERS = f"""
    WITH counted AS (
        SELECT department_id, DATE_TRUNC('quarter', month) AS quarter, COUNT(*) AS answers,
               COUNT(*) FILTER (WHERE nps >= 9) AS promoters, COUNT(*) FILTER (WHERE nps < 7) AS detractors
          FROM bench_answer WHERE company_id = %s GROUP BY 1, 2),
    judged AS (
        SELECT *, SUM(answers) FILTER (WHERE answers < 10) OVER (PARTITION BY quarter) AS hidden,
               ROW_NUMBER() OVER (PARTITION BY quarter, answers >= 10 ORDER BY answers) AS place
          FROM counted)
    SELECT answers, {BOUNDS} FROM judged
     WHERE answers >= 10 AND (COALESCE(hidden, 0) = 0 OR hidden >= 10 OR place > 1)
"""
ON_BLOCKS = f"""
    WITH counted AS (
        SELECT department_id, DATE_TRUNC('quarter', month) AS quarter, SUM(answers) AS answers,
               SUM(promoters) AS promoters, SUM(detractors) AS detractors
          FROM hr_experience_block WHERE company_id = %s GROUP BY 1, 2)
    SELECT answers, {BOUNDS} FROM counted
"""


def report_sql(worker):
    return _by_sql(worker, ON_ANSWERS)


def report_blocks(worker):
    return _by_sql(worker, ON_BLOCKS)


def _by_sql(worker, statement):
    def work(env):
        env.cr.execute(statement, [env.company.id])
        return sorted([int(answers), *(round(float(value), 4) for value in values)]
                      for answers, *values in env.cr.fetchall())  # fmt: skip

    return worker.measure(work)


COMMANDS = {
    "prepare_survey": prepare,
    "survey_restore": restore,
    "survey_publish": publish,
    "survey_publish_sql": publish_sql,
    "survey_report": report,
    "survey_report_sql": report_sql,
    "survey_report_blocks": report_blocks,
}
