"""A company with years of applications, made by SQL: persons, applications, tags, stages, touches, consent.

Everything is spread by arithmetic, so that two databases of the same size are the same.
"""

from odoo.tools import SQL

TAGS = 200
TAGS_EACH = 3
JOBS = 50
POOLS = 5
SKILLS_EACH = 2
# of a hundred persons: how many have agreed to be kept, and to be written to
KEEP_PERCENT = 80
NURTURE_PERCENT = 50
# of a hundred applications: those still open; the others were refused and are archived, as Odoo does it
OPEN_PERCENT = 20


def make(env, persons, applications):
    """:param int applications: those above the number of persons are second ones of the first persons"""
    first_partner = _make_persons(env, persons)
    jobs = _make_jobs(env)
    first = _make_applications(env, persons, applications, first_partner, jobs)
    _make_tags(env, first)
    _make_skills(env, first)
    _make_stages(env, first)
    make_touches(env, first)
    _make_consents(env, first_partner)
    return first


def make_talents(env, count):
    """Talents of the first persons who have none, each in one pool; copies as stock Odoo makes them."""
    pools = env["hr.talent.pool"].search([("name", "like", "Bench pool")], order="id")
    if not pools:
        pools = pools.create([{"name": f"Bench pool {number}"} for number in range(POOLS)])
    env.flush_all()
    # without fresh statistics the plan of what follows takes minutes
    env.cr.execute("ANALYZE")
    env.cr.execute(
        SQL(
            """
            WITH source AS (
                SELECT DISTINCT ON (partner_id) * FROM hr_applicant
                 WHERE partner_id IS NOT NULL AND pool_applicant_id IS NULL
                 ORDER BY partner_id, id LIMIT %s
            ), talent AS (
                INSERT INTO hr_applicant (partner_id, partner_name, email_from, email_normalized, partner_phone,
                            partner_phone_sanitized, company_id, kanban_state, active, sequence, priority, create_date,
                            date_last_stage_update)
                SELECT partner_id, partner_name, email_from, email_normalized, partner_phone, partner_phone_sanitized,
                       company_id, 'normal', TRUE, 10, priority, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
                  FROM source ORDER BY id
                RETURNING id, partner_id
            ), member AS (
                INSERT INTO hr_applicant_hr_talent_pool_rel (hr_applicant_id, hr_talent_pool_id)
                SELECT id, %s + id %% %s FROM talent
            ), tagged AS (
                INSERT INTO hr_applicant_hr_applicant_category_rel (hr_applicant_id, hr_applicant_category_id)
                SELECT talent.id, tag.hr_applicant_category_id
                  FROM talent
                  JOIN source USING (partner_id)
                  JOIN hr_applicant_hr_applicant_category_rel tag ON tag.hr_applicant_id = source.id
            )
            UPDATE hr_applicant SET pool_applicant_id = talent.id
              FROM talent WHERE hr_applicant.partner_id = talent.partner_id
            """,
            count,
            pools[0].id,
            POOLS,
        )
    )
    # the rows that the statement itself made were not there yet for its last part
    env.cr.execute(
        """
        UPDATE hr_applicant SET pool_applicant_id = id
         WHERE pool_applicant_id IS NULL
           AND id IN (SELECT hr_applicant_id FROM hr_applicant_hr_talent_pool_rel)
        """
    )
    env.invalidate_all()
    return pools


def analyze(env):
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False


def make_plain(env, count):
    """Persons with one application each and nothing else: for a database without the addon too."""
    first_partner = _make_persons(env, count)
    return _make_applications(env, count, count, first_partner, _make_jobs(env))


def _last_id(env, table):
    env.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def _make_persons(env, count):
    env.flush_all()
    last = _last_id(env, "res_partner")
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, email, email_normalized, phone, active, is_company, type, lang,
                                 partner_share, create_date, color, company_id)
        SELECT 'Person ' || n, 'Person ' || n, 'p' || n || '@mail.example', 'p' || n || '@mail.example',
               '+32 470 ' || LPAD(n::text, 6, '0'), TRUE, FALSE, 'contact', 'en_US', TRUE,
               NOW() AT TIME ZONE 'UTC', 0, NULL
          FROM generate_series(%s, %s) n
        """,
        [last + 1, last + count],
    )
    env.cr.execute("SELECT MIN(id) FROM res_partner WHERE id > %s", [last])
    return env.cr.fetchone()[0]


def _make_jobs(env):
    jobs = env["hr.job"].search([("name", "like", "Bench job")], order="id")
    return jobs or jobs.create([{"name": f"Bench job {number}"} for number in range(JOBS)])


def _make_applications(env, persons, count, first_partner, jobs):
    env.flush_all()
    last = _last_id(env, "hr_applicant")
    stages = env["hr.recruitment.stage"].search([("hired_stage", "=", False)], order="sequence").ids
    env.cr.execute(
        SQL(
            """
            INSERT INTO hr_applicant (partner_id, partner_name, email_from, email_normalized, partner_phone,
                        partner_phone_sanitized, job_id, user_id, company_id, stage_id, kanban_state, active, sequence,
                        priority, refuse_reason_id, refuse_date, create_date, date_last_stage_update)
            SELECT partner.id, partner.name, partner.email, partner.email_normalized, partner.phone,
                   REPLACE(partner.phone, ' ', ''), %(first_job)s + n %% %(jobs)s, %(user)s, %(company)s,
                   (%(stages)s::int[])[1 + n %% %(stage_count)s], 'normal', n %% 100 < %(open)s, 10, (n %% 4)::text,
                   CASE WHEN n %% 100 >= %(open)s THEN %(reason)s END,
                   CASE WHEN n %% 100 >= %(open)s THEN applied + INTERVAL '20 days' END,
                   applied, applied + INTERVAL '10 days'
              FROM generate_series(0, %(count)s - 1) n
              JOIN res_partner partner ON partner.id = %(first_partner)s + n %% %(persons)s,
                   LATERAL (SELECT NOW() AT TIME ZONE 'UTC' - INTERVAL '1 day' * (30 + n %% 1400) AS applied) at
             ORDER BY n
            """,
            first_job=jobs[0].id,
            jobs=len(jobs),
            user=env.ref("base.user_admin").id,
            company=env.company.id,
            stages=stages,
            stage_count=len(stages),
            open=OPEN_PERCENT,
            reason=env.ref("hr_recruitment.refuse_reason_1").id,
            count=count,
            first_partner=first_partner,
            persons=persons,
        )
    )
    env.cr.execute("SELECT MIN(id) FROM hr_applicant WHERE id > %s", [last])
    return env.cr.fetchone()[0]


def _make_tags(env, first):
    tags = env["hr.applicant.category"].search([("name", "like", "Bench tag")], order="id")
    if not tags:
        dimensions = [key for key, __ in env["hr.applicant.category"]._fields["dimension"].selection]
        tags = tags.create(
            [{"name": f"Bench tag {n}", "dimension": dimensions[n % len(dimensions)]} for n in range(TAGS)]
        )
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO hr_applicant_hr_applicant_category_rel (hr_applicant_id, hr_applicant_category_id)
        SELECT DISTINCT applicant.id, %s + (applicant.id * 7 + k * 31) %% %s
          FROM hr_applicant applicant, generate_series(1, %s) k WHERE applicant.id >= %s
        """,
        [tags[0].id, len(tags), TAGS_EACH, first],
    )


def _make_skills(env, first):
    kind = env["hr.skill.type"].search([("name", "=", "Bench skills")])
    if not kind:
        kind = kind.create(
            {
                "name": "Bench skills",
                "skill_ids": [(0, 0, {"name": f"Bench skill {n}"}) for n in range(40)],
                "skill_level_ids": [
                    (0, 0, {"name": f"Level {n}", "level_progress": 25 * n, "default_level": n == 1}) for n in range(5)
                ],
            }
        )
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO hr_applicant_skill (applicant_id, skill_id, skill_level_id, skill_type_id, valid_from)
        SELECT applicant.id, %s + (applicant.id + k * 11) %% 40, %s + applicant.id %% 5, %s, applicant.create_date
          FROM hr_applicant applicant, generate_series(1, %s) k WHERE applicant.id >= %s
        """,
        [min(kind.skill_ids.ids), min(kind.skill_level_ids.ids), kind.id, SKILLS_EACH, first],
    )


def _make_stages(env, first):
    """The first stage for ten days, then where the application stands."""
    env.cr.execute(
        """
        INSERT INTO hr_applicant_stage_log (applicant_id, position, job_id, company_id, user_id, stage_id,
                                            entered_datetime, left_datetime, working_hours, outcome)
        SELECT id, 1, job_id, company_id, user_id, %s, create_date, date_last_stage_update, 48, 'moved'
          FROM hr_applicant WHERE id >= %s AND stage_id <> %s
         UNION ALL
        SELECT id, 2, job_id, company_id, user_id, stage_id, date_last_stage_update, refuse_date,
               CASE WHEN active THEN NULL ELSE 48 END, CASE WHEN active THEN 'current' ELSE 'refused' END
          FROM hr_applicant WHERE id >= %s
        """,
        [env.ref("hr_recruitment.stage_job0").id, first, env.ref("hr_recruitment.stage_job0").id, first],
    )


def make_touches(env, first):
    """Two of each application: a mail in, an answer out; the last one up to four years ago."""
    env.cr.execute(
        """
        INSERT INTO hr_candidate_touch (partner_id, company_id, applicant_id, date, channel, direction, user_id,
                                        summary)
        SELECT partner_id, company_id, id, create_date + INTERVAL '1 day' * k, 'mail',
               CASE k WHEN 1 THEN 'in' ELSE 'out' END, user_id, 'Your application'
          FROM hr_applicant, generate_series(1, 2) k WHERE id >= %s
        """,
        [first],
    )


def _make_consents(env, first_partner):
    for purpose, percent in (("keep", KEEP_PERCENT), ("nurture", NURTURE_PERCENT)):
        env.cr.execute(
            """
            INSERT INTO hr_candidate_consent (partner_id, company_id, purpose, state, given_datetime, date_until,
                                              source)
            SELECT id, %s, %s, 'given', NOW() AT TIME ZONE 'UTC', CURRENT_DATE + 10 + id %% 700, 'page'
              FROM res_partner WHERE id >= %s AND id %% 100 < %s
            """,
            [env.company.id, purpose, first_partner, percent],
        )
