"""Ranking the people of the pools for a job: by a round, by hand-written SQL, and as stock Odoo computes its score."""

from odoo import Command, api, fields
from odoo.tools import SQL

from bench import pool_data

SKILLS_EACH = 5
SKILLS_WANTED = 6
# of a hundred persons: how many were written to lately, paused, and are colleagues
CONTACTED_PERCENT, PAUSED_PERCENT = 10, 3
LIMIT = 200
# so many of the best are looked up: of every four, one may be asked
DEEP = 20 * LIMIT


def prepare(worker, talents):
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        first = pool_data.make(env, talents, talents)
        pool_data.make_talents(env, talents)
        _make_skills(env)
        _make_nurture(env, first)
        job = _make_job(env)
        worker.facts["round"] = env["hr.pool.reactivation"].create({"job_id": job.id, "limit_count": LIMIT}).id
        worker.user_id = env.ref("base.user_admin").id
        worker.context = {"allowed_company_ids": env.company.ids, "lang": "en_US"}
        pool_data.analyze(env)
    return talents


def _make_skills(env):
    kind = env["hr.skill.type"].search([("name", "=", "Bench skills")])
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO hr_applicant_skill (applicant_id, skill_id, skill_level_id, skill_type_id, valid_from)
        SELECT talent.id, %s + (talent.id * 7 + k * 11) %% 40, %s + (talent.id / 3 + k * k) %% 5, %s, '2025-01-01'
          FROM hr_applicant talent, generate_series(1, %s) k WHERE talent.pool_applicant_id = talent.id
        """,
        [min(kind.skill_ids.ids), min(kind.skill_level_ids.ids), kind.id, SKILLS_EACH],
    )
    env.cr.execute(
        """
        UPDATE hr_applicant SET type_id = (SELECT MIN(id) FROM hr_recruitment_degree) + id % 4
         WHERE pool_applicant_id = id AND id % 3 > 0
        """
    )


def _make_nurture(env, first):
    """Consents are for job alerts; some were written to, some want to be left alone for a while."""
    topic = env.ref("candidate_relationship.topic_job").id
    relation = env["hr.candidate.consent"]._fields["topic_ids"]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s, %s) SELECT id, %s FROM hr_candidate_consent WHERE purpose = 'nurture'",
            SQL.identifier(relation.relation),
            SQL.identifier(relation.column1),
            SQL.identifier(relation.column2),
            topic,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_nurture_contact (partner_id, company_id, booked_datetime, source_model, source_id, state)
            SELECT DISTINCT partner_id, %(company)s, NOW() AT TIME ZONE 'UTC' - INTERVAL '9 days', 'mailing.mailing', 1,
                   'sent'
              FROM hr_applicant WHERE id >= %(first)s AND partner_id %% 100 < %(contacted)s
            """,
            company=env.company.id,
            first=first,
            contacted=CONTACTED_PERCENT,
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_candidate_preference (partner_id, company_id, frequency_days, paused_until)
            SELECT DISTINCT partner_id, %(company)s, 0, CURRENT_DATE + 60
              FROM hr_applicant WHERE id >= %(first)s AND partner_id %% 100 >= 100 - %(paused)s
            """,
            company=env.company.id,
            first=first,
            paused=PAUSED_PERCENT,
        )
    )


def _make_job(env):
    kind = env["hr.skill.type"].search([("name", "=", "Bench skills")])
    levels = kind.skill_level_ids.sorted("level_progress")
    degree = env["hr.recruitment.degree"].search([], order="score desc", limit=1)
    degree.score = degree.score or 0.75
    return env["hr.job"].create({
        "name": "Bench opening",
        "expected_degree": degree.id,
        "job_skill_ids": [
            Command.create({
                "skill_id": skill.id, "skill_type_id": kind.id, "skill_level_id": levels[1 + number % 4].id,
            })
            for number, skill in enumerate(kind.skill_ids[:SKILLS_WANTED])
        ],
    })  # fmt: skip


# -- Ranking -----------------------------------------------------------------------------


def _figures(env, round_id):
    """What both ways must agree on: how many by reason, and the best with their scores."""
    round_ = env["hr.pool.reactivation"].browse(round_id)
    env.cr.execute(
        "SELECT applicant_id, score::float FROM hr_pool_match WHERE reactivation_id = %s AND state = 'recommended'"
        " ORDER BY score DESC, skill_score DESC, applicant_id LIMIT 50",
        [round_id],
    )
    best = env.cr.fetchall()
    return [round_.considered_count, best]


def by_round(worker):
    answer = worker.measure(lambda env: env["hr.pool.reactivation"].browse(worker.facts["round"]).action_rank())
    with worker.environment() as env:
        answer["result"] = _figures(env, worker.facts["round"])
    return answer


def by_sql(worker):
    """The same people scored, sorted out and the best listed, by a statement written for this job."""

    def work(env):
        env.cr.execute(_statement(env, worker.facts["round"]))
        env.cr.execute("SELECT SUM(count) FROM bench_match_counts")
        (considered,) = env.cr.fetchone()
        env.cr.execute(
            "SELECT applicant_id, score::float FROM bench_match WHERE reason IS NULL"
            " ORDER BY score DESC, skill_score DESC, applicant_id LIMIT 50"
        )
        return [int(considered), env.cr.fetchall()]

    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env.cr.execute(SQL(TABLES))
        env.cr.commit()
    return worker.measure(work)


TABLES = """
    CREATE TABLE IF NOT EXISTS bench_match (applicant_id int, reason text, skill_score float, stage_score int,
        freshness_score float, score float, skills jsonb, stage int, touched timestamp);
    CREATE TABLE IF NOT EXISTS bench_match_counts (reason text, count bigint);
    TRUNCATE bench_match, bench_match_counts
"""


def _statement(env, round_id):
    round_ = env["hr.pool.reactivation"].browse(round_id)
    job = round_.job_id
    skills = SQL(", ").join(
        SQL("(%s, %s)", row.skill_id.id, 2 * row.level_progress) for row in job.job_skill_ids
    )
    stages = env["hr.recruitment.stage"].search([], order="sequence, id")
    scores = SQL(", ").join(
        SQL("(%s, %s)", stage.id, round(100 * place / len(stages))) for place, stage in enumerate(stages, 1)
    )
    weights = [round_.skill_weight, round_.stage_weight, round_.freshness_weight]
    return SQL(
        STATEMENT,
        company=env.company.id,
        skills=skills,
        stages=scores,
        degree=job.expected_degree.score * 100,
        total=sum(job.job_skill_ids.mapped("level_progress")) + job.expected_degree.score * 100,
        now=fields.Datetime.now(),
        near=env.company.near_miss_stage_id.sequence,
        rated=env.company.near_miss_priority,
        topic=round_.topic_id.id,
        skill=weights[0],
        stage=weights[1],
        fresh=weights[2],
        whole=sum(weights),
        limit=LIMIT,
        deep=DEEP,
    )


STATEMENT = """
    WITH wanted (skill_id, most) AS (VALUES %(skills)s),
    stage (id, score) AS (VALUES %(stages)s),
    candidate AS (
        SELECT DISTINCT ON (applicant.partner_id) applicant.id, applicant.partner_id, applicant.type_id,
               applicant.email_normalized
          FROM hr_applicant applicant
          LEFT JOIN (SELECT rel.hr_applicant_id, MIN(rel.hr_talent_pool_id) AS id
                       FROM hr_applicant_hr_talent_pool_rel rel
                       JOIN hr_talent_pool pool ON pool.id = rel.hr_talent_pool_id AND pool.active
                      GROUP BY 1) pool ON pool.hr_applicant_id = applicant.id
         WHERE applicant.partner_id IS NOT NULL AND COALESCE(applicant.company_id, %(company)s) = %(company)s
           AND applicant.candidate_erased IS NOT TRUE
           AND (pool.id IS NOT NULL AND applicant.active
                OR NOT applicant.active AND applicant.refuse_reason_id IN (
                    SELECT id FROM hr_applicant_refuse_reason WHERE no_answer_owed IS NOT TRUE)
                   AND applicant.priority >= %(rated)s
                   AND applicant.id IN (SELECT log.applicant_id FROM hr_applicant_stage_log log
                                          JOIN hr_recruitment_stage stage ON stage.id = log.stage_id
                                         WHERE stage.sequence >= %(near)s))
         ORDER BY applicant.partner_id, pool.id IS NULL, applicant.id DESC
    ), skill AS (
        SELECT owned.applicant_id, SUM(LEAST(level.level_progress, wanted.most)) AS total
          FROM hr_applicant_skill owned
          JOIN wanted ON wanted.skill_id = owned.skill_id
          JOIN hr_skill_level level ON level.id = owned.skill_level_id
         WHERE owned.valid_to IS NULL OR owned.valid_to >= %(now)s::date
         GROUP BY 1
    ), furthest AS (
        SELECT own.partner_id, MAX(stage.score) AS score
          FROM hr_applicant_stage_log log
          JOIN hr_applicant own ON own.id = log.applicant_id
          JOIN stage ON stage.id = log.stage_id
         WHERE COALESCE(own.company_id, %(company)s) = %(company)s GROUP BY 1
    ), fresh AS (
        SELECT partner_id, MAX(date) AS date FROM hr_candidate_touch
         WHERE company_id = %(company)s AND date <= %(now)s GROUP BY 1
    ), consent AS (
        SELECT DISTINCT ON (partner_id) id, partner_id,
               CASE WHEN state = 'given' AND (date_until IS NULL OR date_until >= %(now)s::date) THEN 'yes'
                    WHEN state IN ('declined', 'withdrawn') THEN 'no' ELSE 'none' END AS answer,
               CASE WHEN state = 'given' THEN frequency_days END AS frequency_days
          FROM hr_candidate_consent
         WHERE company_id = %(company)s AND purpose = 'nurture'
           AND state IN ('given', 'declined', 'withdrawn', 'expired')
         ORDER BY partner_id, state = 'given' DESC, id DESC
    ), live AS (
        SELECT own.partner_id, BOOL_OR(own.date_closed IS NULL) AS open
          FROM hr_applicant own LEFT JOIN hr_employee employee ON employee.id = own.employee_id
         WHERE COALESCE(own.company_id, %(company)s) = %(company)s AND own.active AND own.refuse_reason_id IS NULL
           AND own.pool_applicant_id IS DISTINCT FROM own.id
           AND (own.date_closed IS NULL OR employee.active IS NOT FALSE)
           AND NOT EXISTS (SELECT FROM hr_applicant_hr_talent_pool_rel pool WHERE pool.hr_applicant_id = own.id)
         GROUP BY 1
    ), contact AS (
        SELECT contact.partner_id,
               COUNT(*) FILTER (WHERE booked_datetime > %(now)s - rule.nurture_days * INTERVAL '1 day')
                   >= MAX(rule.nurture_contacts) AS spent, MAX(booked_datetime) AS last
          FROM hr_nurture_contact contact JOIN res_company rule ON rule.id = contact.company_id
         WHERE contact.company_id = %(company)s AND contact.state != 'released' GROUP BY 1
    ), scored AS (
        SELECT candidate.id AS applicant_id, candidate.partner_id, candidate.email_normalized,
               ROUND((COALESCE(skill.total, 0) + COALESCE(degree.score, 0) * 100)::float8
                     / %(total)s::float8 * 100) AS skill_score,
               COALESCE(furthest.score, 0) AS stage_score,
               ROUND(COALESCE(100 * POWER(0.5, DATE_PART('epoch', %(now)s::timestamp - fresh.date)
                                                / (180 * 86400)), 0)) AS freshness_score
          FROM candidate
          LEFT JOIN skill ON skill.applicant_id = candidate.id
          LEFT JOIN hr_recruitment_degree degree ON degree.id = candidate.type_id
          LEFT JOIN furthest ON furthest.partner_id = candidate.partner_id
          LEFT JOIN fresh ON fresh.partner_id = candidate.partner_id
    ), ranked AS MATERIALIZED (
        SELECT scored.*, ROUND(100 * (%(skill)s * LEAST(skill_score, 100) + %(stage)s * LEAST(stage_score, 100)
                                      + %(fresh)s * LEAST(freshness_score, 100))::float8 / %(whole)s) / 100 AS score
          FROM scored
    ), best AS (
        SELECT * FROM ranked ORDER BY score DESC, skill_score DESC, applicant_id LIMIT %(deep)s
    ), judged AS (
        SELECT candidate.*,
               CASE
                WHEN colleague.work_contact_id IS NOT NULL THEN 'employee'
                WHEN answered.partner_id IS NOT NULL THEN 'answered'
                WHEN COALESCE(candidate.email_normalized, '') = '' THEN 'no_address'
                WHEN black.id IS NOT NULL THEN 'blacklisted'
                WHEN consent.answer = 'no' THEN 'left'
                WHEN COALESCE(consent.answer, 'none') != 'yes' AND rule.candidate_consent_required THEN 'no_consent'
                WHEN consent.answer = 'yes' AND topic.hr_candidate_consent_id IS NULL THEN 'topic'
                WHEN gone.hr_candidate_preference_id IS NOT NULL THEN 'topic'
                WHEN preference.paused_until > %(now)s::date THEN 'paused'
                WHEN live.open THEN 'in_process'
                WHEN live.partner_id IS NOT NULL THEN 'hired'
                WHEN contact.spent OR contact.last > %(now)s - INTERVAL '1 day' * NULLIF(COALESCE(
                     preference.frequency_days, consent.frequency_days), 0) THEN 'budget'
               END AS reason
          FROM best candidate
          JOIN res_company rule ON rule.id = %(company)s
          LEFT JOIN mail_blacklist black ON black.email = candidate.email_normalized AND black.active
          LEFT JOIN consent ON consent.partner_id = candidate.partner_id
          LEFT JOIN hr_candidate_consent_hr_nurture_topic_rel topic
            ON topic.hr_candidate_consent_id = consent.id AND topic.hr_nurture_topic_id = %(topic)s
          LEFT JOIN hr_candidate_preference preference
            ON preference.partner_id = candidate.partner_id AND preference.company_id = %(company)s
          LEFT JOIN hr_candidate_preference_hr_nurture_topic_rel gone
            ON gone.hr_candidate_preference_id = preference.id AND gone.hr_nurture_topic_id = %(topic)s
          LEFT JOIN live ON live.partner_id = candidate.partner_id
          LEFT JOIN contact ON contact.partner_id = candidate.partner_id
          LEFT JOIN (SELECT DISTINCT work_contact_id FROM hr_employee
                      WHERE active AND company_id = %(company)s) colleague
            ON colleague.work_contact_id = candidate.partner_id
          LEFT JOIN (SELECT DISTINCT partner_id FROM hr_pool_match WHERE answered_datetime IS NOT NULL) answered
            ON answered.partner_id = candidate.partner_id
    ), listed AS (
        (SELECT * FROM judged WHERE reason IS NULL ORDER BY score DESC, skill_score DESC, applicant_id LIMIT %(limit)s)
         UNION ALL
        (SELECT * FROM judged WHERE reason IS NOT NULL ORDER BY score DESC, skill_score DESC, applicant_id
          LIMIT %(limit)s)
    ), inserted AS (
        INSERT INTO bench_match
        SELECT applicant_id, reason, skill_score, stage_score, freshness_score, score,
               (SELECT jsonb_agg(DISTINCT owned.skill_id) FROM hr_applicant_skill owned
                  JOIN wanted ON wanted.skill_id = owned.skill_id WHERE owned.applicant_id = listed.applicant_id),
               (SELECT log.stage_id FROM hr_applicant_stage_log log JOIN hr_applicant own ON own.id = log.applicant_id
                  JOIN stage ON stage.id = log.stage_id WHERE own.partner_id = listed.partner_id
                 ORDER BY stage.score DESC LIMIT 1),
               (SELECT date FROM hr_candidate_touch touch
                 WHERE touch.partner_id = listed.partner_id AND touch.company_id = %(company)s
                 ORDER BY date DESC LIMIT 1)
          FROM listed
    )
    INSERT INTO bench_match_counts SELECT NULL, COUNT(*) FROM ranked
"""


# -- Stock Odoo --------------------------------------------------------------------------


def stock(worker):
    """What a list of talents does to sort by the score."""

    def work(env):
        job = env["hr.pool.reactivation"].browse(worker.facts["round"]).job_id
        talents = env["hr.applicant"].search([("talent_pool_ids", "!=", False)], order="id")
        talents = talents.with_context(matching_job_id=job.id).sorted("matching_score", reverse=True)
        worker.facts["stock"] = sorted((-talent.matching_score, talent.id) for talent in talents)
        return len(talents)

    return worker.measure(work)


def by_skills(worker):
    """A round in which only skills count, as in stock Odoo's score."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        round_ = env["hr.pool.reactivation"].browse(worker.facts["round"])
        round_.write({"stage_weight": 0, "freshness_weight": 0, "tag_weight": 0})
        env.cr.commit()
    return worker.measure(lambda env: env["hr.pool.reactivation"].browse(worker.facts["round"]).action_rank())


def order(worker):
    """A round that lists everybody and weighs skills alone, beside what stock computed."""
    with worker.environment() as env:
        round_ = env["hr.pool.reactivation"].sudo().browse(worker.facts["round"])
        round_.write({"limit_count": 0})
        round_._rank()
        env.flush_all()
        env.cr.execute(
            "SELECT applicant_id, skill_score FROM hr_pool_match WHERE reactivation_id = %s"
            " ORDER BY score DESC, skill_score DESC, applicant_id",
            [round_.id],
        )
        ours = env.cr.fetchall()
    talents = {talent for _score, talent in worker.facts["stock"]}
    ours = [(-score, talent) for talent, score in ours if talent in talents]
    wrong = sum(mine != theirs for mine, theirs in zip(ours, worker.facts["stock"], strict=True))
    return {"compared": len(ours), "wrong": wrong}


COMMANDS = {
    "prepare_match": prepare,
    "match_round": by_round,
    "match_sql": by_sql,
    "match_skills": by_skills,
    "match_stock": stock,
    "match_order": order,
}
