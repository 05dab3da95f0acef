"""The same work with and without the addon: what a recruiter's day is made of. Runs inside Odoo."""

from bench import web_client

RECRUITERS = 5
JOBS = 10
DEPARTMENTS = 3
INTERVIEW_EVERY = 7
KANBAN_DOMAIN = [("talent_pool_ids", "=", False)]
CARDS = 80
CONTEXT = {"lang": "en_US", "tz": "Europe/Brussels"}


# -- Data --------------------------------------------------------------------------------


def prepare(worker, mail_port, count):
    """A company with recruiters, jobs, and `count` applicants on their way through the stages."""
    with worker.environment() as env:
        env["res.lang"]._activate_lang(CONTEXT["lang"])
        _make_mail_server(env, mail_port)
        recruiters = _make_recruiters(env)
        worker.user_id = recruiters[0].id
        worker.context = {**CONTEXT, "allowed_company_ids": env.company.ids}
        _make_jobs(env, recruiters)
        env.cr.commit()
    with worker.environment() as env:
        _make_applicants(worker, env, count)
        env.cr.commit()
    return _learn(worker)


def _make_mail_server(env, port):
    env["ir.mail_server"].create({"name": "Bench", "smtp_host": "127.0.0.1", "smtp_port": port})


def _make_recruiters(env):
    group = env.ref("hr_recruitment.group_hr_recruitment_user")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Recruiter {number}",
                    "login": f"recruiter{number}",
                    "email": f"recruiter{number}@company.example",
                    "group_ids": [(4, group.id)],
                    "notification_type": "inbox",
                }
                for number in range(RECRUITERS)
            ]
        )
    )


def _make_jobs(env, recruiters):
    departments = env["hr.department"].create([{"name": f"Department {n}"} for n in range(DEPARTMENTS)])
    env["hr.applicant.category"].create([{"name": f"Tag {number}", "color": number} for number in range(8)])
    return env["hr.job"].create(
        [
            {
                "name": f"Job {number}",
                "user_id": recruiters[number % RECRUITERS].id,
                "department_id": departments[number % DEPARTMENTS].id,
            }
            for number in range(JOBS)
        ]
    )


def _make_applicants(worker, env, count):
    """Their mails stay in the queue: they are no part of what is measured."""
    applicants = env["hr.applicant"].with_context(mail_notify_force_send=False)
    applicants = applicants.create(_applicant_values(env, count, "then"))
    stages = env["hr.recruitment.stage"].search([("hired_stage", "=", False)])
    for number, stage in enumerate(stages):
        applicants[number :: len(stages)].write({"stage_id": stage.id})
    _make_interviews(env, applicants[::INTERVIEW_EVERY])
    tags = env["hr.applicant.category"].search([])
    for number, tag in enumerate(tags):
        applicants[number :: len(tags)].write({"categ_ids": [(4, tag.id)]})
    env["mail.mail"].sudo().search([]).write({"state": "cancel"})


def _make_interviews(env, applicants):
    env["calendar.event"].with_context(no_mail_to_attendees=True).create(
        [
            {
                "name": f"Interview of {applicant.partner_name}",
                "start": "2030-01-07 09:00:00",
                "stop": "2030-01-07 10:00:00",
                "applicant_id": applicant.id,
            }
            for applicant in applicants
        ]
    )


def _applicant_values(env, count, batch):
    jobs = env["hr.job"].search([("name", "like", "Job %")], order="id")
    return [
        {
            "partner_name": f"Candidate {batch} {number}",
            "email_from": f"candidate.{batch}.{number}@mail.example",
            "partner_phone": f"+32 470 {number:06d}",
            "job_id": jobs[number % len(jobs)].id,
        }
        for number in range(count)
    ]


def _learn(worker):
    """Facts that the measured work needs, and the ids above which everything is its product."""
    with worker.environment() as env:
        env = env(user=worker.user_id)
        stages = env["hr.recruitment.stage"].search([("hired_stage", "=", False)])
        worker.facts = {
            "first": stages[0].id,
            "next": stages[1].id,
            "finalists": env.ref("hr_recruitment.stage_job4").id,
            "kanban": _specification(env, "kanban"),
            "form": _specification(env, "form"),
            "known": env["hr.applicant"].search([], order="id").ids,
            "last": {table: _last_id(env, table) for table in PRODUCTS},
        }
    return len(worker.facts["known"])


def _specification(env, kind):
    applicants = env["hr.applicant"]
    arch = applicants.get_views([(False, kind)])["views"][kind]["arch"]
    return web_client.specification(
        arch, lambda name: env[name or applicants._name].fields_get(attributes=["type", "relation"])
    )


# -- Work --------------------------------------------------------------------------------


def create(worker, count, batch, deliver=False):
    """Into the first stage, by name as the form does it: its acknowledgement is written."""
    with worker.environment() as env:
        stage = {"stage_id": worker.facts["first"]}
        vals_list = [vals | stage for vals in _applicant_values(env, count, batch)]
    return worker.measure(lambda env: env["hr.applicant"].create(vals_list).ids, deliver)


def move(worker, ids, stage):
    return worker.measure(lambda env: env["hr.applicant"].browse(ids).write({"stage_id": worker.facts[stage]}))


def open_kanban(worker):
    """As the client does: the columns with their cards, then the bars above them."""

    def work(env):
        applicants = env["hr.applicant"]
        applicants.with_context(read_group_expand=True).web_read_group(
            KANBAN_DOMAIN, ["stage_id"], auto_unfold=True, unfold_read_specification=worker.facts["kanban"]
        )
        bar = {"field": "kanban_state", "colors": {"done": "", "waiting": "", "blocked": ""}}
        applicants.read_progress_bar(KANBAN_DOMAIN, "stage_id", bar)

    return worker.measure(work)


def open_cards(worker):
    """One column's worth of cards."""

    def work(env):
        env["hr.applicant"].with_context(bin_size=True).web_search_read(
            KANBAN_DOMAIN, worker.facts["kanban"], limit=CARDS
        )

    return worker.measure(work)


def open_form(worker, number):
    known = worker.facts["known"]
    applicant_id = known[number % len(known)]

    def work(env):
        env["hr.applicant"].with_context(bin_size=True).browse(applicant_id).web_read(worker.facts["form"])

    return worker.measure(work)


# -- Clean-up ----------------------------------------------------------------------------

PRODUCTS = ("mail_message", "mail_followers", "mail_activity", "hr_applicant", "res_partner")


def _last_id(env, table):
    env.cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # pylint: disable=sql-injection
    return env.cr.fetchone()[0]


def restore(worker):
    """Delete what the measured work made, so that each round finds the same database."""
    with worker.environment() as env:
        for table in PRODUCTS:
            env.cr.execute(f"DELETE FROM {table} WHERE id > %s", [worker.facts["last"][table]])
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute(f"VACUUM ANALYZE {', '.join(PRODUCTS)}")
        env.cr._cnx.autocommit = False


COMMANDS = {
    "prepare": prepare,
    "create": create,
    "move": move,
    "open_kanban": open_kanban,
    "open_cards": open_cards,
    "open_form": open_form,
    "restore": restore,
}
