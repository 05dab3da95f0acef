"""Pools, talents and a person's page on a small and on a large database; filling a pool; mails that are touches."""

from contextlib import nullcontext
from unittest.mock import patch

from odoo import Command, api
from odoo.tools import SQL

from bench import overhead_work, pool_data, web_client

LIMIT = 80
COUNT_LIMIT = 10001
MODULE = "candidate_relationship"
ROLE = "hr_recruitment.group_hr_recruitment_user"
VIEWS = {
    "pools": ("hr.talent.pool", "kanban", "hr_recruitment.hr_talent_pool_view_kanban"),
    "talents": ("hr.applicant", "list", f"{MODULE}.hr_talent_view_list"),
    "cards": ("hr.applicant", "kanban", f"{MODULE}.hr_talent_view_kanban"),
    "person": ("hr.applicant", "form", "hr_recruitment.hr_applicant_view_form"),
}
TALENTS = [("talent_pool_ids", "!=", False)]


# -- Data --------------------------------------------------------------------------------


def prepare_pool(worker, persons, applications, talents):
    """Makes the company, or adds to it what is missing to these numbers."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env["res.lang"]._activate_lang(overhead_work.CONTEXT["lang"])
        made = worker.facts.setdefault("made", {"persons": 0, "applications": 0, "talents": 0})
        pool_data.make(env, persons - made["persons"], applications - made["applications"])
        pool_data.make_talents(env, talents - made["talents"])
        worker.facts["made"] = {"persons": persons, "applications": applications, "talents": talents}
        pool_data.analyze(env)
        _learn(worker, env)


def _learn(worker, env):
    recruiter = env["res.users"].search([("login", "=", "bench_recruiter")]) or env["res.users"].with_context(
        no_reset_password=True
    ).create({"name": "Recruiter", "login": "bench_recruiter", "group_ids": [Command.link(env.ref(ROLE).id)]})
    env.cr.commit()
    worker.user_id = recruiter.id
    worker.context = {**overhead_work.CONTEXT, "allowed_company_ids": env.company.ids}
    env = env(user=recruiter, context=worker.context)
    worker.facts["specifications"] = {name: _specification(env, *view) for name, view in VIEWS.items()}
    worker.facts["talent"] = env["hr.applicant"].search(TALENTS, limit=1, order="id").id


def _specification(env, model, kind, xml_id):
    arch = env[model].get_views([(env.ref(xml_id).id, kind)])["views"][kind]["arch"]
    return web_client.specification(
        arch, lambda name: env[name or model].fields_get(attributes=["type", "relation"])
    )


# -- Screens -----------------------------------------------------------------------------


def open_screen(worker, name):
    """What the web client asks for first when the screen is opened."""
    model, kind, __ = VIEWS[name]
    specification = worker.facts["specifications"][name]

    def work(env):
        records = env[model].with_context(bin_size=True)
        if kind == "form":
            return records.browse(worker.facts["talent"]).web_read(specification) and 1
        domain = TALENTS if model == "hr.applicant" else []
        return records.web_search_read(domain, specification, limit=LIMIT, count_limit=COUNT_LIMIT)["length"]

    return worker.measure(work)


# -- Filling a pool ----------------------------------------------------------------------


def prepare_fill(worker, persons):
    """A pool whose rule is met by so many persons, none of them a talent; all may be kept."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env.cr.execute(
            """
            UPDATE hr_applicant SET availability = '2026-01-01' WHERE partner_id IN (
                SELECT partner.id FROM res_partner partner
                 WHERE EXISTS (SELECT 1 FROM hr_candidate_consent WHERE partner_id = partner.id AND state = 'given')
                   AND EXISTS (SELECT 1 FROM hr_applicant WHERE partner_id = partner.id)
                   AND NOT EXISTS (
                       SELECT 1 FROM hr_applicant WHERE partner_id = partner.id AND pool_applicant_id IS NOT NULL)
                 ORDER BY id LIMIT %s)
            """,
            [persons],
        )
        env.invalidate_all()
        # a rule has the rights of who set it
        pools = env["hr.talent.pool"].with_user(worker.user_id)
        pool = pools.create({"name": "Filled by rule", "rule_domain": "[('availability', '=', '2026-01-01')]"})
        worker.facts["fill"] = pool.id
        pool_data.analyze(env)
    return persons


def fill(worker):
    """By the rule, through the addon."""

    def work(env):
        pool = env["hr.talent.pool"].browse(worker.facts["fill"])
        return pool._fill_now(env.user).entered_count

    return worker.measure(work)


def fill_sql(worker):
    """The same rows by hand: the best application of each person copied, its tags and skills with it."""

    def work(env):
        env.cr.execute(SQL(FILL, pool=worker.facts["fill"]))
        env.cr.execute(
            """
            UPDATE hr_applicant SET pool_applicant_id = id
             WHERE pool_applicant_id IS NULL
               AND id IN (SELECT hr_applicant_id FROM hr_applicant_hr_talent_pool_rel WHERE hr_talent_pool_id = %s)
            """,
            [worker.facts["fill"]],
        )
        env.cr.execute(
            "SELECT COUNT(*) FROM hr_applicant_hr_talent_pool_rel WHERE hr_talent_pool_id = %s",
            [worker.facts["fill"]],
        )
        return env.cr.fetchone()[0]

    return worker.measure(work)


FILL = """
    WITH source AS (
        SELECT DISTINCT ON (applicant.partner_id) applicant.*
          FROM hr_applicant applicant
          LEFT JOIN LATERAL (
                SELECT MAX(stage.sequence) AS reached
                  FROM hr_applicant_stage_log log JOIN hr_recruitment_stage stage ON stage.id = log.stage_id
                 WHERE log.applicant_id = applicant.id) furthest ON TRUE
         WHERE applicant.availability = '2026-01-01'
         ORDER BY applicant.partner_id, furthest.reached DESC NULLS LAST, applicant.create_date DESC
    ), talent AS (
        INSERT INTO hr_applicant (partner_id, partner_name, email_from, email_normalized, partner_phone,
                    partner_phone_sanitized, company_id, user_id, kanban_state, active, sequence, priority,
                    availability, create_date, date_last_stage_update, refuse_reason_id, refuse_date)
        SELECT partner_id, partner_name, email_from, email_normalized, partner_phone, partner_phone_sanitized,
               company_id, user_id, 'normal', TRUE, 10, priority, NULL, NOW() AT TIME ZONE 'UTC',
               NOW() AT TIME ZONE 'UTC', NULL, NULL
          FROM source ORDER BY id
        RETURNING id, partner_id
    ), member AS (
        INSERT INTO hr_applicant_hr_talent_pool_rel (hr_applicant_id, hr_talent_pool_id)
        SELECT id, %(pool)s FROM talent
    ), tagged AS (
        INSERT INTO hr_applicant_hr_applicant_category_rel (hr_applicant_id, hr_applicant_category_id)
        SELECT talent.id, tag.hr_applicant_category_id
          FROM talent
          JOIN source USING (partner_id)
          JOIN hr_applicant_hr_applicant_category_rel tag ON tag.hr_applicant_id = source.id
    ), skilled AS (
        INSERT INTO hr_applicant_skill (applicant_id, skill_id, skill_level_id, skill_type_id, valid_from, create_date)
        SELECT talent.id, skill.skill_id, skill.skill_level_id, skill.skill_type_id, skill.valid_from, NOW()
          FROM talent
          JOIN source USING (partner_id)
          JOIN hr_applicant_skill skill ON skill.applicant_id = source.id
    )
    UPDATE hr_applicant SET pool_applicant_id = talent.id
      FROM talent WHERE hr_applicant.partner_id = talent.partner_id
"""


def stock_copy(worker, count):
    """Stock Odoo's own wizard, for the first persons of the rule only: it copies one by one."""

    def work(env):
        env = env(su=True)
        env.cr.execute(
            """
            SELECT DISTINCT ON (partner_id) id FROM hr_applicant
             WHERE availability = '2026-01-01' ORDER BY partner_id, id LIMIT %s
            """,
            [count],
        )
        applicants = env["hr.applicant"].browse([row[0] for row in env.cr.fetchall()])
        wizard = env["talent.pool.add.applicants"].create(
            {"applicant_ids": [Command.set(applicants.ids)], "talent_pool_ids": [Command.set([worker.facts["fill"]])]}
        )
        return len(wizard._add_applicants_to_pool())

    return worker.measure(work)


def empty(worker):
    """Takes back a filling, whoever did it, so that the next one finds the same database."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env.cr.execute(
            """
            CREATE TEMP TABLE gone ON COMMIT DROP AS
            SELECT hr_applicant_id AS id FROM hr_applicant_hr_talent_pool_rel WHERE hr_talent_pool_id = %s
            """,
            [worker.facts["fill"]],
        )
        gone = SQL("(SELECT id FROM gone)")
        env.cr.execute(SQL("UPDATE hr_applicant SET pool_applicant_id = NULL WHERE pool_applicant_id IN %s", gone))
        env.cr.execute(SQL("DELETE FROM hr_applicant_skill WHERE applicant_id IN %s", gone))
        for table, model in (("mail_followers", "res_model"), ("mail_message", "model")):
            env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = 'hr.applicant' AND res_id IN %s",
                    SQL.identifier(table),
                    SQL.identifier(model),
                    gone,
                )
            )
        env.cr.execute("DELETE FROM hr_talent_pool_fill")
        env.cr.execute("DELETE FROM hr_applicant WHERE id IN (SELECT id FROM gone)")
        pool_data.analyze(env)


# -- Mails that are touches --------------------------------------------------------------


def prepare_mails(worker, mail_port, count):
    """Works without the addon too: what the mails of one mailing cost is compared with and without it."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env["res.lang"]._activate_lang(overhead_work.CONTEXT["lang"])
        overhead_work._make_mail_server(env, mail_port)
        env.company.partner_id.email = "office@company.example"
        # mailings leave their mails to the queue, however few there are
        env["ir.config_parameter"].set_param("mail.mail.force.send.limit", "-1")
        first = pool_data.make_plain(env, count)
        worker.facts["addressed"] = list(range(first, first + count))
        worker.context = {**overhead_work.CONTEXT, "allowed_company_ids": env.company.ids}
        pool_data.analyze(env)


def send_mailing(worker, first, count, touches=True):
    """One mailing to so many applicants, from the first of them: book its mails, then send them.

    :param bool touches: False sends with the addon but notes no touch
    """
    ids = worker.facts["addressed"][first : first + count]
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        mailing = env["mailing.mailing"].create(
            {
                "subject": f"News {first}",
                "body_html": "<p>Dear candidate, here is our news.</p>",
                "mailing_model_id": env["ir.model"]._get_id("hr.applicant"),
                "mailing_domain": repr([("id", "in", ids)]),
                "email_from": "office@company.example",
                "reply_to_mode": "update",
                "keep_archives": True,
            }
        )
        if "nurture_service_message" in mailing._fields:
            # everybody gets it, as with stock Odoo
            mailing.nurture_service_message = True
        mailing.action_send_mail(res_ids=ids)
        mails = env["mail.mail"].search([("mailing_id", "=", mailing.id), ("state", "=", "outgoing")]).ids
        mailing_id = mailing.id
        env.cr.commit()
    if len(mails) != count:
        raise ValueError(f"{len(mails)} mails wait in the queue instead of {count}")

    def work(env):
        with nullcontext() if touches else patch.object(
            env.registry["mail.mail"], "_record_candidate_touches", lambda *arguments: None
        ):
            env(su=True)["mail.mail"].browse(mails).send(auto_commit=True)
        return env(su=True)["mailing.trace"].search_count(
            [("mass_mailing_id", "=", mailing_id), ("trace_status", "=", "sent")]
        )

    return worker.measure(work)


COMMANDS = {
    "prepare_pool": prepare_pool,
    "open_screen": open_screen,
    "prepare_fill": prepare_fill,
    "fill_pool": fill,
    "fill_pool_sql": fill_sql,
    "stock_copy": stock_copy,
    "empty_pool": empty,
    "prepare_mails": prepare_mails,
    "send_mailing": send_mailing,
}
