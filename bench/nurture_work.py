"""Mailings to talents, written by stock Odoo and under the contact budget. Runs inside Odoo."""

from odoo import api

from bench import pool_data, pool_work

TALENTS = """
WITH pool AS (
    INSERT INTO hr_talent_pool (name, active) VALUES ('{"en_US": "Budget"}', TRUE) RETURNING id
), talent AS (
    UPDATE hr_applicant SET pool_applicant_id = id, job_id = NULL, active = TRUE, refuse_reason_id = NULL
     WHERE id = ANY(%s) RETURNING id
)
INSERT INTO hr_applicant_hr_talent_pool_rel (hr_applicant_id, hr_talent_pool_id)
SELECT talent.id, pool.id FROM talent, pool
"""
CONSENTS = """
INSERT INTO hr_candidate_consent (partner_id, company_id, purpose, state, given_datetime, date_until, source)
SELECT talent.partner_id, talent.company_id, 'nurture', 'given', NOW(), CURRENT_DATE + 700, 'page'
  FROM hr_applicant talent WHERE talent.id = ANY(%s)
"""


def prepare_budget(worker, mail_port, count):
    """Talents of a pool, each a person; where the addon is, they have agreed to be written to."""
    pool_work.prepare_mails(worker, mail_port, count)
    ids = worker.facts["addressed"]
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env.cr.execute(TALENTS, [ids])
        if "hr.candidate.consent" in env:
            env.cr.execute(CONSENTS, [ids])
        pool_data.analyze(env)


def write_mailing(worker, first, count):
    """Book and queue the mails of one mailing, as its scheduled job does; the number of mails that wait."""
    ids = worker.facts["addressed"][first : first + count]
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        mailing_id = (
            env["mailing.mailing"]
            .create(
                {
                    "subject": f"News {first}",
                    "body_html": "<p>Dear <t t-out='object.partner_name'/>, here is our news.</p>",
                    "mailing_model_id": env["ir.model"]._get_id("hr.applicant"),
                    "mailing_domain": repr([("id", "in", ids)]),
                    "email_from": "office@company.example",
                    "reply_to_mode": "update",
                    "keep_archives": True,
                }
            )
            .id
        )
        env.cr.commit()

    def work(env):
        env["mailing.mailing"].browse(mailing_id).action_send_mail()
        return env["mail.mail"].search_count([("mailing_id", "=", mailing_id), ("state", "=", "outgoing")])

    worker.user_id = api.SUPERUSER_ID
    return worker.measure(work)


COMMANDS = {"prepare_budget": prepare_budget, "write_mailing": write_mailing}
