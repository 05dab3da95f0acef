"""A company that has used stock Odoo for a while: one application of each kind, and many open ones.

`FILL` runs in Odoo's shell on a database without the addon, with a mail server that refuses
`unreachable@…`. `EXPECTED` tells what is owed to whom once the addon is installed.
"""

# Case: {trigger: state of the promise}
EXPECTED = {
    "open": {"application": "running"},
    "without address": {"application": "running"},
    "acknowledged": {"application": "running"},
    "unreachable": {"application": "running"},
    "wrote again": {"application": "running"},
    "got a mailing": {"application": "running"},
    "waiting": {"application": "paused"},
    "in a pool": {"application": "running"},
    "finalist": {"application": "running", "stage": "running"},
    "answered finalist": {"stage": "running"},
    "interviewed": {"application": "running", "interview": "running"},
    "to be interviewed": {"application": "running", "interview": "running"},
    "interview cancelled": {"application": "running"},
    "interviewed and answered": {},
    "answered": {},
    "refused": {},
    "hired": {},
    "archived": {},
}
MANY = 2000

FILL = f"""
import logging
from datetime import timedelta
from odoo import Command, fields

# One mail is refused on purpose
logging.getLogger('odoo.addons.mail.models.mail_mail').setLevel(logging.CRITICAL)
now = fields.Datetime.now()
rosa = env['res.users'].search([('login', '=', 'rosa')])
job = env['hr.job'].search([('name', '=', 'Engineer')])
stage = {{number: env.ref('hr_recruitment.stage_job%s' % number) for number in range(6)}}


def age(days):
    '''Everything that has happened so far happened so many days earlier.'''
    env.cr.commit()
    for table, names in {{
        'hr_applicant': ['create_date', 'date_last_stage_update', 'date_closed', 'refuse_date'],
        'mail_message': ['create_date', 'date'],
        'mail_tracking_value': ['create_date'],
    }}.items():
        moved = ', '.join(f"{{name}} = {{name}} - INTERVAL '{{days}} days'" for name in names)
        env.cr.execute(f"UPDATE {{table}} SET {{moved}}")
    env.cr.commit()
    env.invalidate_all()


def answer(*names):
    for name in names:
        case[name].with_user(rosa).message_post(
            body="We have read your application.", partner_ids=case[name].partner_id.ids,
            message_type='comment', subtype_xmlid='mail.mt_comment')


def meet(name, day, **values):
    start = now + timedelta(days=day)
    env['calendar.event'].with_user(rosa).create(dict({{
        'name': "Interview", 'start': start, 'stop': start + timedelta(hours=1), 'applicant_id': case[name].id,
        'partner_ids': [Command.set(rosa.partner_id.ids)],
    }}, **values))


case = {{}}
for name in {list(EXPECTED)!r}:
    values = {{'partner_name': name, 'job_id': job.id, 'email_from': name.replace(' ', '.') + '@mail.example'}}
    if name == 'without address':
        del values['email_from']
    if name == 'acknowledged':
        values['stage_id'] = stage[0].id
    case[name] = env['hr.applicant'].with_user(rosa).create(values).with_user(1)
age(19)

# Six days ago
meet('interviewed', -10)
meet('interviewed and answered', -10)
answer('answered', 'unreachable', 'interviewed and answered', 'answered finalist')
age(1)

# Five days ago
case['wrote again'].message_post(
    body="Any news?", author_id=case['wrote again'].partner_id.id, message_type='email',
    subtype_xmlid='mail.mt_comment')
mailing = env['mailing.mailing'].create({{
    'subject': "News", 'body_html': "<p>We moved.</p>", 'mailing_domain': [('id', '=', case['got a mailing'].id)],
    'mailing_model_id': env['ir.model']._get('hr.applicant').id,
}})
mailing.action_send_mail()
for name in ('finalist', 'answered finalist'):
    case[name].with_user(rosa).stage_id = stage[4]
case['hired'].stage_id = stage[5]
case['waiting'].kanban_state = 'waiting'
case['archived'].with_context(just_unarchived=True).active = False
case['refused'].write({{
    'refuse_reason_id': env.ref('hr_recruitment.refuse_reason_1').id, 'active': False, 'refuse_date': now}})
meet('to be interviewed', 3)
meet('interview cancelled', -8, active=False)
pool = env['hr.talent.pool'].create({{'name': "Engineers"}})
env['talent.pool.add.applicants'].create({{
    'applicant_ids': case['in a pool'].ids, 'talent_pool_ids': pool.ids}}).action_add_applicants_to_pool()
case['open'].activity_schedule('mail.mail_activity_data_todo', user_id=rosa.id, summary="Read the letter")
env['mail.mail'].create({{
    'email_to': 'somebody@mail.example', 'subject': "Still to be sent", 'scheduled_date': '2099-01-01'}})
age(5)

# Many more that nobody has touched
env.cr.execute('''
    INSERT INTO hr_applicant (partner_name, email_from, job_id, user_id, company_id, stage_id, kanban_state, active,
                              create_date, date_last_stage_update)
    SELECT 'many ' || n, 'many.' || n || '@mail.example', %s, %s, %s, %s, 'normal', TRUE, moment, moment
      FROM generate_series(1, {MANY}) n,
           LATERAL (SELECT NOW() AT TIME ZONE 'UTC' - n * INTERVAL '1 hour' AS moment) past
''', [job.id, rosa.id, env.company.id, stage[1].id])
env.cr.commit()
"""
