from datetime import datetime, timedelta
from statistics import median
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tests.common import freeze_time


@tagged('post_install', '-at_install')
class TestDemoData(TransactionCase):
    """The generator, run here: a database with demo data has its own already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.mails = cls.env['mail.mail'].search_count([])
        cls.activities = cls.env['mail.activity'].search_count([])
        cls.applicants = cls.env['hr.feedback.demo']._generate().with_context(active_test=False)
        cls.promises = cls.env['hr.feedback.promise'].search([('applicant_id', 'in', cls.applicants.ids)])

    def test_amount_and_period(self):
        self.assertGreaterEqual(len(self.applicants), 60)
        dates = self.applicants.mapped('create_date')
        self.assertGreater(self.now - min(dates), timedelta(days=80))
        self.assertLess(self.now - min(dates), timedelta(days=100))
        self.assertLess(self.now - max(dates), timedelta(days=2))
        self.assertLessEqual(max(dates), self.now)
        weeks = {date.isocalendar()[:2] for date in dates}
        self.assertGreaterEqual(len(weeks), 12)

    def test_jobs_and_people(self):
        self.assertGreaterEqual(len(self.applicants.job_id), 6)
        self.assertGreaterEqual(len(self.applicants.department_id), 4)
        emails = self.applicants.mapped('email_from')
        self.assertEqual(len(set(emails)), len(emails))
        self.assertTrue(all(email.isascii() and email.endswith('@example.com') for email in emails))
        self.assertTrue([name for name in self.applicants.mapped('partner_name') if not name.isascii()])

    def test_every_state(self):
        self.assertEqual(set(self.promises.mapped('state')), {'running', 'paused', 'kept', 'late', 'cancelled'})
        self.assertEqual(set(self.promises.mapped('due_status')), {'on_time', 'today', 'overdue', 'paused', False})
        self.assertEqual(set(self.promises.mapped('trigger')), {'application', 'stage', 'interview', 'outcome'})
        self.assertEqual(set(self.promises.mapped('closing_type')), {'message', 'call', False})
        for state in ('running', 'kept'):
            told = self.promises.filtered(lambda p, state=state: p.state == state).mapped('told_date')
            self.assertTrue(any(told) and not all(told), state)
        self.assertTrue(self.promises.filtered(lambda p: p.means == 'phone' and p.state == 'running'))
        self.assertTrue(self.promises.filtered(lambda p: p.state == 'cancelled' and p.cancel_reason))

    def test_interviews_past_and_to_come(self):
        interviews = self.env['calendar.event'].search([('applicant_id', 'in', self.applicants.ids)])
        self.assertTrue(interviews.filtered(lambda e: e.stop < self.now))
        coming = interviews.filtered(lambda e: e.start > self.now)
        self.assertTrue(coming)
        self.assertEqual(set(self.promises.filtered(lambda p: p.event_id in coming).mapped('state')), {'running'})

    def test_ledger_is_true(self):
        """What the rows say agrees with what their own times say."""
        for promise in self.promises:
            closed = promise.closed_datetime
            if promise.state == 'kept':
                self.assertTrue(promise.trigger_datetime <= closed <= promise.deadline)
            elif promise.state == 'late':
                self.assertGreater(closed, promise.deadline)
            if closed:
                self.assertLessEqual(closed, fields.Datetime.now())
            if promise.state in ('kept', 'late'):
                self.assertEqual(promise.closing_message_id.date, closed)
                self.assertEqual(promise.closing_message_id.res_id, promise.applicant_id.id)
        self.assertEqual(
            self.promises.filtered(lambda p: p.state == 'paused').applicant_id,
            self.applicants.filtered(lambda a: a.kanban_state == 'waiting'))

    def test_applications_agree_with_their_promises(self):
        refused = self.applicants.filtered('refuse_reason_id')
        hired = self.applicants.filtered(lambda a: a.stage_id.hired_stage)
        self.assertTrue(refused)
        self.assertTrue(hired)
        self.assertFalse(any(refused.mapped('active')))
        still_open = self.promises.filtered(lambda p: p.state == 'running' and p.applicant_id in refused | hired)
        self.assertLessEqual(set(still_open.mapped('trigger')), {'outcome'})

    def test_the_story(self):
        """Research & Development is slow; everybody else is not."""
        research = self.env['hr.feedback.demo']._get_record('hr.dep_rd', 'hr.department')
        rows = {row['group']: row for row in self.env['hr.feedback.report']._get_figures(
            [('promise_id', 'in', self.promises.ids)], 'department_id')}
        slow = rows.pop(research)
        self.assertGreater(len(rows), 2)
        self.assertLess(slow['kept_rate'], 75)
        self.assertGreater(min(row['kept_rate'] for row in rows.values()), slow['kept_rate'])
        self.assertGreater(slow['median'], median(row['median'] for row in rows.values()))
        self.assertGreater(slow['overdue'], max(row['overdue'] for row in rows.values()))

    def test_nobody_is_written_to(self):
        self.assertEqual(self.env['mail.mail'].search_count([]), self.mails)
        self.assertEqual(self.env['mail.activity'].search_count([]), self.activities)
        self.assertFalse(any(self.promises.mapped('announce_pending')))
        notifications = self.env['mail.notification'].search([
            ('mail_message_id.model', '=', 'hr.applicant'), ('mail_message_id.res_id', 'in', self.applicants.ids)])
        self.assertEqual(set(notifications.mapped('notification_status')), {'sent'})

    def test_backfill_leaves_it_alone(self):
        """It runs at the end of the installation, after the demo data."""
        self.env['hr.feedback.promise']._backfill()
        now = self.env['hr.feedback.promise'].search_count([('applicant_id', 'in', self.applicants.ids)])
        self.assertEqual(now, len(self.promises))

    def test_same_every_time(self):
        demo = self.env['hr.feedback.demo']
        with patch.object(fields.Datetime, 'now', return_value=self.now):
            plans = [[(case.name, case.received, case.stage, case.closed, len(case.steps))
                      for case in demo._plan_cases()] for __ in range(2)]
        self.assertEqual(*plans)

    def test_on_any_day(self):
        """At the weekend, at night and on New Year's Day there is as much to see."""
        for moment in ('2026-01-01 00:30', '2026-03-01 12:00', '2026-06-03 10:00', '2026-10-30 23:00'):
            with freeze_time(datetime.fromisoformat(moment)):
                cases = self.env['hr.feedback.demo']._plan_cases()
                steps = [step for case in cases for step in case.steps]
                self.assertTrue([step for step in steps if not step.answered and step.when > datetime.now()])
                self.assertTrue([step for step in steps if step.pause and not step.pause[1]])
                self.assertTrue([step for step in steps if not step.told and not step.answered])
                for step in steps:
                    if step.answered:
                        self.assertTrue(step.when <= step.answered <= datetime.now())
