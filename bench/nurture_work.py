"""Mailings to talents, written by stock Odoo and under the contact budget. Runs inside Odoo."""

from odoo import Command, api, fields

from bench import pool_data, pool_work

MAIL = {
    "body_html": "<p>Dear <t t-out='object.partner_name'/>, here is our news.</p>",
    "email_from": "office@company.example",
    "reply_to_mode": "update",
    "keep_archives": True,
}
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
    mailing_id = _make_mailing(worker, first, count)

    def work(env):
        env["mailing.mailing"].browse(mailing_id).action_send_mail()
        return _count_mails(env, ("mailing_id", "=", mailing_id))

    worker.user_id = api.SUPERUSER_ID
    return worker.measure(work)


def run_mailing(worker, first, count):
    """Put a mailing into the queue and run the job that writes its mails."""
    mailing_id = _make_mailing(worker, first, count)

    def work(env):
        env["mailing.mailing"].browse(mailing_id).action_put_in_queue()
        env["mailing.mailing"]._process_mass_mailing_queue()
        return _count_mails(env, ("mailing_id", "=", mailing_id))

    worker.user_id = api.SUPERUSER_ID
    return worker.measure(work)


def run_program(worker, first, count):
    """A step is due for so many people: run the daily job of programs, and the job that writes the mails."""
    program_id = _make_program(worker, first, count)

    def work(env):
        env["hr.nurture.program"]._cron_programs()
        env["mailing.mailing"]._process_mass_mailing_queue()
        return _count_mails(env, ("mailing_id.nurture_program_id", "=", program_id))

    worker.user_id = api.SUPERUSER_ID
    return worker.measure(work)


def _make_program(worker, first, count):
    """Whoever is in it has entered before: that is no part of sending."""
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        env["hr.nurture.program"].search([]).write({"state": "ended"})
        program = env["hr.nurture.program"].create({
            "name": f"News {first}",
            # as many steps as a program has: people go on to the next one
            "step_ids": [Command.create({"name": f"News {n}", "delay_days": 10 * n}) for n in range(4)],
        })
        program.step_ids.mailing_id.write(MAIL)
        program.action_start()
        ids = worker.facts["addressed"][first : first + count]
        entered, _others = program._enroll(env["hr.applicant"].browse(ids))
        if len(entered) != count:
            raise ValueError(f"{len(entered)} people entered instead of {count}")
        # due today, be it a working day or not
        program.enrollment_ids.write({"next_date": fields.Date.today(), "planned_date": fields.Date.today()})
        env.cr.commit()
        return program.id


def _make_mailing(worker, first, count):
    ids = worker.facts["addressed"][first : first + count]
    with worker.environment(user_id=api.SUPERUSER_ID) as env:
        mailing = env["mailing.mailing"].create({
            "subject": f"News {first}",
            "mailing_model_id": env["ir.model"]._get_id("hr.applicant"),
            "mailing_domain": repr([("id", "in", ids)]),
            **MAIL,
        })
        env.cr.commit()
        return mailing.id


def _count_mails(env, condition):
    return env["mail.mail"].search_count([condition, ("state", "=", "outgoing")])


COMMANDS = {
    function.__name__: function for function in (prepare_budget, write_mailing, run_mailing, run_program)
}
