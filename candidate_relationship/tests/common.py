"""Fixtures, helpers and asserts of the feedback tests: no demo data, and a clock that stands still."""

from contextlib import contextmanager, nullcontext
from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from unittest.mock import patch

import freezegun
from pytz import UTC, timezone

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

# pytest measures how long a test takes with its own clock
freezegun.configure(extend_ignore_list=['_pytest.timing'])

INTERVIEWER = 'hr_recruitment.group_hr_recruitment_interviewer'
OFFICER = 'hr_recruitment.group_hr_recruitment_user'
MANAGER = 'hr_recruitment.group_hr_recruitment_manager'
OFFICE_HOURS = ((8, 12), (13, 17))

REPLY = """From: {sender}
To: jobs@example.com
Subject: Re: your message
Message-Id: <reply-{number}@candidate.example.com>
In-Reply-To: {answers}
Content-Type: text/plain; charset=utf-8

{text}
"""


def at(text):
    """Naive UTC datetime from its ISO text."""
    return fields.Datetime.to_datetime(text)


class WorkingTimeMixin:
    """Calendars and public holidays."""

    @classmethod
    def make_calendar(cls, tz, days=range(5), hours=OFFICE_HOURS, **vals):
        return cls.env['resource.calendar'].create({
            'name': f"Hours in {tz}",
            'tz': tz,
            'company_id': False,
            'attendance_ids': [
                Command.create(cls.prepare_attendance(day, start, stop)) for day in days for start, stop in hours],
            **vals,
        })

    @staticmethod
    def prepare_attendance(day, start, stop, **vals):
        """:param day: 0 is Monday; start and stop are hours of the day, in the calendar's zone"""
        period = 'morning' if start < 12 else 'afternoon'
        return {
            'name': "Work", 'dayofweek': str(day), 'hour_from': start, 'hour_to': stop, 'day_period': period, **vals}

    @classmethod
    def make_holiday(cls, first, last=None, calendar=None, company=None, tz='UTC', **vals):
        """Whole days, both included, of the calendar (or of all calendars of the company)."""
        zone = timezone(calendar.tz if calendar else tz)
        start = datetime.combine(date.fromisoformat(first), time.min)
        stop = datetime.combine(date.fromisoformat(last or first), time(23, 59, 59))
        # the company of a holiday is that of its calendar, else that of whoever enters it
        leaves = cls.env['resource.calendar.leaves'].with_company(company or cls.env.company)
        leave = leaves.create({
            'name': "Holiday",
            'calendar_id': bool(calendar) and calendar.id,
            'date_from': zone.localize(start).astimezone(UTC).replace(tzinfo=None),
            'date_to': zone.localize(stop).astimezone(UTC).replace(tzinfo=None),
            **vals,
        })
        leave.flush_recordset()
        return leave.with_env(cls.env)


@tagged('post_install', '-at_install')
class FeedbackCase(TransactionCase, MockEmail, WorkingTimeMixin):
    """A company in Brussels with a recruiter, an interviewer and a manager, on a Monday morning.

    ``START`` is 10:00 in Brussels, which is two hours into the working day (8-12 and 13-17). With
    ``set_time`` a test moves the clock of Python and of the transaction.
    """

    START = datetime(2026, 3, 2, 9, 0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ('en_US', 'zh_CN'):
            cls.env['res.lang']._activate_lang(lang)
        cls.env = cls.env(context={'lang': 'en_US'})
        cls._stop_the_clock()
        cls._set_up_company()
        cls._set_up_people()
        cls._set_up_jobs()
        cls._set_up_policies()
        cls._replies = 0

    def setUp(self):
        super().setUp()
        self.set_time(self.START)

    # ------------------------------------------------------------------
    # Fixtures
    # ------------------------------------------------------------------

    @classmethod
    def _stop_the_clock(cls):
        freezer = freeze_time(cls.START)
        cls._clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        # create_date is the transaction's time, which freezing Python's clock does not change
        cls.startClassPatcher(patch.object(cls.cr, 'now', lambda: datetime.now()))

    @classmethod
    def _set_up_company(cls):
        cls.calendar = cls.make_calendar('Europe/Brussels')
        cls.company = cls.env['res.company'].create({
            'name': "Feedback Test Company", 'resource_calendar_id': cls.calendar.id})
        cls.calendar.company_id = cls.company

    @classmethod
    def _set_up_people(cls):
        cls.recruiter = cls.make_user('rita', OFFICER)
        cls.colleague = cls.make_user('carl', OFFICER)
        cls.interviewer = cls.make_user('ivan', INTERVIEWER)
        cls.manager = cls.make_user('mona', MANAGER)

    @classmethod
    def make_user(cls, login, group, company=None, **vals):
        company = company or cls.company
        return new_test_user(cls.env, **{
            'login': login,
            'name': login.capitalize(),
            'email': f'{login}@company.example.com',
            'groups': group,
            'company_id': company.id,
            'company_ids': [Command.set(company.ids)],
            'tz': 'Europe/Brussels',
            'lang': 'en_US',
            'notification_type': 'inbox',
            **vals,
        })

    @classmethod
    def _set_up_jobs(cls):
        cls.research, cls.software = cls.env['hr.department'].create([
            {'name': "Research", 'company_id': cls.company.id},
            {'name': "Software", 'company_id': cls.company.id},
        ])
        cls.software.parent_id = cls.research
        cls.job = cls.env['hr.job'].create({
            'name': "Developer",
            'company_id': cls.company.id,
            'department_id': cls.software.id,
            'user_id': cls.recruiter.id,
        })
        # before the stock stages, whose first one sends an acknowledgement
        cls.stage_new, cls.stage_talk, cls.stage_offer, cls.stage_signed = cls.env['hr.recruitment.stage'].create([
            {'name': "Fresh", 'sequence': -40},
            {'name': "Talk", 'sequence': -30},
            {'name': "Offer", 'sequence': -20},
            {'name': "Signed", 'sequence': -10, 'hired_stage': True},
        ])

    @classmethod
    def _set_up_policies(cls):
        cls.env['hr.feedback.sla'].search([]).action_archive()
        cls.policy_application = cls.make_policy('application', working_days=3)
        cls.policy_interview = cls.make_policy('interview', working_days=3)
        cls.policy_outcome = cls.make_policy('outcome', working_days=2)
        cls.policy_offer = cls.make_policy('stage', working_days=2, means='phone', stage_ids=cls.stage_offer.ids)

    @classmethod
    def make_policy(cls, trigger, **vals):
        return cls.env['hr.feedback.sla'].create({'name': f"Policy of {trigger}", 'trigger': trigger, **vals})

    @classmethod
    def make_applicants(cls, *names, user=None, **vals):
        """Applications that the recruiter enters, for the job, with an e-mail address."""
        return cls.env['hr.applicant'].with_user(user or cls.recruiter).create([
            {
                'partner_name': name,
                'email_from': f'{name.split()[0].lower()}@candidate.example.com',
                'job_id': cls.job.id,
                **vals,
            } for name in names])

    def make_applicant(self, name="Jane Doe", **vals):
        return self.make_applicants(name, **vals)

    def make_interview(self, applicant, start='2026-03-04 09:00', stop='2026-03-04 10:00', user=None, **vals):
        return self.env['calendar.event'].with_user(user or self.recruiter).create({
            'name': "Interview", 'applicant_id': applicant.id, 'start': at(start), 'stop': at(stop), **vals})

    def make_template(self, body, **vals):
        return self.env['mail.template'].create({
            'name': "Template",
            'model_id': self.env['ir.model']._get_id('hr.applicant'),
            'subject': "Your application",
            'body_html': body,
            'email_from': '{{ (object.user_id or user).email_formatted }}',
            'use_default_to': True,
            **vals,
        })

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------

    def set_time(self, when):
        """Let it be this time: naive UTC, as text or datetime."""
        self.end_request()
        self._clock.move_to(at(when))
        # what depends on the time of day is computed again by the next request
        self.env.invalidate_all()

    def end_request(self):
        """What Odoo does at the end of a request: writes, tracks changes, sends the mails of stages."""
        self.env.flush_all()
        self.cr.flush()

    def pass_time(self, **delta):
        self.set_time(datetime.now() + timedelta(**delta))

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------

    @contextmanager
    def mail_server(self, refuses=False):
        """A mail server that accepts everything, or refuses every recipient.

        Mails leave at once; ``self.emails`` holds what the server accepted.
        """
        with self.mock_mail_gateway(mail_unlink_sent=True), self._refusing() if refuses else nullcontext():
            yield

    @contextmanager
    def _refusing(self):
        def refuse(message, smtp_from, smtp_to_list):
            raise SMTPRecipientsRefused({address: (550, b"No such user") for address in smtp_to_list})
        with patch.object(self.testing_smtp_session, 'send_message', refuse), \
             mute_logger('odoo.addons.mail.models.mail_mail', 'odoo.addons.base.models.ir_mail_server'):
            yield

    def send_queue(self):
        """The mails that were written under this mail server and wait for the queue."""
        self.env['mail.mail'].search([('id', 'in', self._new_mails.ids), ('state', '=', 'outgoing')]).send()

    def write_to(self, applicant, user=None, refuses=False, **values):
        """A colleague writes to the candidate, and the mail server answers."""
        with self.mail_server(refuses):
            return applicant.with_user(user or self.recruiter).message_post(**{
                'body': "We have decided.",
                'message_type': 'comment',
                'subtype_xmlid': 'mail.mt_comment',
                'partner_ids': applicant.sudo().partner_id.ids,
                **values,
            })

    def reply_to(self, message, sender, text="Thank you."):
        """A mail comes in that answers a message."""
        type(self)._replies += 1
        raw = REPLY.format(sender=sender, number=self._replies, answers=message.message_id, text=text)
        with self.mail_server():
            self.env['mail.thread'].message_process('hr.applicant', raw)

    def log_call(self, applicants, user=None, **values):
        action = applicants.with_user(user or self.recruiter).action_feedback_log_call()
        wizard = self._open(action, user).create(values)
        return wizard.action_log()

    def refuse(self, applicants, reason, user=None, **values):
        action = applicants.with_user(user or self.recruiter).archive_applicant()
        wizard = self._open(action, user).create({'refuse_reason_id': reason.id, **values})
        wizard.action_refuse_reason_apply()

    def _open(self, action, user):
        """The model that an action opens, with the context of the action."""
        return self.env[action['res_model']].with_user(user or self.recruiter).with_context(**action['context'])

    def count_queue_runs(self):
        """How often the mail queue was asked to run without delay."""
        return self.env['ir.cron.trigger'].search_count([
            ('cron_id', '=', self.env.ref('mail.ir_cron_mail_scheduler_action').id)])

    def run_cron(self):
        """The scheduled job, as the scheduler runs it."""
        with self.enter_registry_test_mode():
            done = self.env.ref('candidate_relationship.ir_cron_feedback_warn').method_direct_trigger()
        self.assertIs(done, True, "The scheduled job failed.")

    # ------------------------------------------------------------------
    # Promises
    # ------------------------------------------------------------------

    def promises(self, applicants, trigger=None):
        """All promises to these applicants, oldest first, as the recruiter may read them."""
        domain = [('applicant_id', 'in', applicants.ids)] + ([('trigger', '=', trigger)] if trigger else [])
        return self.env['hr.feedback.promise'].with_user(self.recruiter).search(domain, order='id')

    def warnings(self, promises):
        return self.env['mail.activity'].search([('feedback_promise_id', 'in', promises.ids)], order='id')

    def assertPromise(self, promise, **values):
        """The fields of one promise; datetimes may be given as text."""
        promise.ensure_one()
        names = {name: promise._fields[name] for name in values}
        expected = {
            name: at(value) or False if names[name].type == 'datetime' else value for name, value in values.items()}
        self.assertEqual({name: promise[name] for name in expected}, expected)

    def assertStates(self, applicants, expected):
        """Trigger and state of all promises, oldest first."""
        self.assertEqual([(p.trigger, p.state) for p in self.promises(applicants)], expected)
