"""Installing on a database in use: what is owed already, read from what stock Odoo recorded."""

from unittest.mock import patch

from odoo import Command

from .. import hooks
from ..models import hr_feedback_promise_backfill
from .common import FeedbackCase


class BackfillCase(FeedbackCase):
    """No policy counts until ``install``: until then it is a database without the module."""

    def setUp(self):
        super().setUp()
        self.policies = self.env['hr.feedback.sla'].search([])
        self.policies.action_archive()
        self.applicant = self.make_applicant()
        self.end_request()

    def install(self, when='2026-03-03 09:00'):
        self.set_time(when)
        self.policies.action_unarchive()
        return self.env['hr.feedback.promise']._backfill()

    def assertBackfilled(self, *expected, when='2026-03-03 09:00'):
        self.install(when)
        self.assertStates(self.applicant, list(expected))


class TestBackfill(BackfillCase):

    def test_open_application(self):
        before = self.env['hr.feedback.promise'].search_count([])
        self.assertEqual(self.install(), self.env['hr.feedback.promise'].search_count([]) - before)
        self.assertPromise(
            self.promises(self.applicant), state='running', trigger='application', user_id=self.recruiter,
            trigger_datetime='2026-03-02 09:00', deadline='2026-03-05 16:00', job_id=self.job,
            sla_id=self.policy_application, warned_datetime=False, breach_warned_datetime=False)

    def test_open_for_long(self):
        self.install('2026-04-02 09:00')
        self.assertPromise(
            self.promises(self.applicant), state='running', deadline='2026-03-05 16:00', is_overdue=True,
            warned_datetime='2026-04-02 09:00', breach_warned_datetime='2026-04-02 09:00')

    def test_nobody_is_warned_of_what_was_due_before(self):
        self.install('2026-04-02 09:00')
        self.pass_time(days=30)
        self.run_cron()
        self.assertFalse(self.warnings(self.promises(self.applicant)))

    def test_what_breaches_afterwards_is_warned_about(self):
        self.install('2026-03-05 15:00')
        self.run_cron()
        self.assertFalse(self.warnings(self.promises(self.applicant)))
        self.set_time('2026-03-05 16:15')
        self.run_cron()
        self.assertEqual(self.warnings(self.promises(self.applicant)).user_id, self.recruiter)

    def test_nobody_is_written_to(self):
        self.policy_application.template_id = self.make_template("<p>Thank you.</p>")
        with self.mail_server():
            self.install()
            self.run_cron()
        self.assertFalse(self._new_mails)
        self.assertFalse(self.emails)

    def test_decided_already(self):
        refused, archived, hired = self.make_applicants("Refused", "Archived", "Hired")
        self.refuse(refused, self.env.ref('hr_recruitment.refuse_reason_1'), send_mail=False)
        archived.action_archive()
        hired.stage_id = self.stage_signed
        self.install()
        self.assertFalse(self.promises(refused + archived + hired))

    def test_talents(self):
        pool = self.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': self.company.id})
        talent = self.make_applicant("John Roe", job_id=False, talent_pool_ids=[Command.set(pool.ids)])
        self.install()
        self.assertFalse(self.promises(talent))

    def test_no_policy(self):
        self.assertEqual(self.env['hr.feedback.promise']._backfill(), 0)

    def test_twice(self):
        self.assertGreater(self.install(), 0)
        self.assertEqual(self.env['hr.feedback.promise']._backfill(), 0)

    def test_what_was_answered_since_is_left_alone(self):
        self.install()
        self.log_call(self.applicant)
        self.assertEqual(self.env['hr.feedback.promise']._backfill(), 0)

    def test_many(self):
        applicants = self.make_applicants(*"ABCDEFG")
        with patch.object(hr_feedback_promise_backfill, 'BATCH', 3):
            self.install()
        self.assertEqual(self.promises(applicants).applicant_id, applicants)

    def test_waiting_for_the_candidate(self):
        self.set_time('2026-03-02 13:00')
        self.applicant.kanban_state = 'waiting'
        self.install()
        promise = self.promises(self.applicant)
        self.assertPromise(promise, state='paused', paused_since='2026-03-02 13:00')
        self.set_time('2026-03-03 13:00')
        self.applicant.kanban_state = 'normal'
        # eight working hours later than it would have been
        self.assertPromise(promise, state='running', deadline='2026-03-06 16:00', paused_hours=8.0)

    def test_applicant_of_another_company(self):
        company = self.env['res.company'].create({
            'name': "Company in Shanghai", 'resource_calendar_id': self.make_calendar('Asia/Shanghai').id})
        theirs = self.env['hr.applicant'].create({'partner_name': "Wei Chen", 'company_id': company.id})
        self.install()
        self.assertPromise(theirs.feedback_promise_ids, company_id=company, deadline='2026-03-05 09:00')

    def test_at_the_installation(self):
        self.set_time('2026-03-03 09:00')
        self.policies.action_unarchive()
        hooks.post_init_hook(self.env)
        self.assertStates(self.applicant, [('application', 'running')])

    def test_nothing_is_left_behind_at_the_removal(self):
        self.install()
        own = self.applicant.activity_schedule('mail.mail_activity_data_todo', user_id=self.recruiter.id)
        self.set_time('2026-03-09 09:00')
        self.run_cron()
        warning = self.warnings(self.promises(self.applicant))
        self.assertTrue(warning)
        hooks.uninstall_hook(self.env)
        self.assertFalse(warning.exists())
        self.assertTrue(own.exists())


class TestBackfillAnswers(BackfillCase):
    """Who has got an answer since waits for nothing."""

    def setUp(self):
        super().setUp()
        self.pass_time(hours=1)

    def test_answered_by_mail(self):
        self.write_to(self.applicant)
        self.assertBackfilled()

    def test_answered_long_ago(self):
        message = self.write_to(self.applicant)
        # Odoo deletes notifications after half a year
        message.sudo().notification_ids.unlink()
        self.assertBackfilled(when='2026-10-01 09:00')

    def test_mail_that_was_refused(self):
        self.write_to(self.applicant, refuses=True)
        self.assertBackfilled(('application', 'running'))

    def test_note(self):
        self.write_to(self.applicant, subtype_xmlid='mail.mt_note', partner_ids=[])
        self.assertBackfilled(('application', 'running'))

    def test_message_to_a_colleague(self):
        self.write_to(self.applicant, partner_ids=self.colleague.partner_id.ids)
        self.assertBackfilled(('application', 'running'))

    def test_message_of_odoobot(self):
        self.write_to(self.applicant, user=self.env.ref('base.user_root'))
        self.assertBackfilled(('application', 'running'))

    def test_message_of_the_candidate(self):
        question = self.applicant.message_post(body="Hello", message_type='comment')
        self.reply_to(question, 'jane@candidate.example.com')
        self.assertBackfilled(('application', 'running'))

    def test_acknowledgement(self):
        self.stage_new.template_id = self.make_template("<p>We received your application.</p>")
        with self.mail_server():
            applicant = self.make_applicant("John Roe", stage_id=self.stage_new.id)
            self.end_request()
        self.assertEqual(len(self.emails), 1)
        self.install()
        self.assertStates(applicant, [('application', 'running')])

    def test_template_of_a_later_stage(self):
        self.stage_talk.template_id = self.make_template("<p>We would like to meet you.</p>")
        with self.mail_server():
            self.applicant.stage_id = self.stage_talk
            self.end_request()
        self.assertEqual(len(self.emails), 1)
        self.assertBackfilled()

    def test_answered_before_the_interview(self):
        self.write_to(self.applicant)
        self.make_interview(self.applicant, '2026-03-03 07:00', '2026-03-03 08:00')
        self.assertBackfilled(('interview', 'running'))


class TestBackfillStagesAndInterviews(BackfillCase):

    def test_stage_since_it_was_entered(self):
        self.set_time('2026-03-02 12:00')
        self.applicant.stage_id = self.stage_offer
        self.set_time('2026-03-02 13:00')
        # which changes the date that Odoo keeps of the last change of stage
        self.applicant.kanban_state = 'done'
        self.install()
        self.assertPromise(
            self.promises(self.applicant, 'stage'), state='running', stage_id=self.stage_offer, means='phone',
            trigger_datetime='2026-03-02 12:00', deadline='2026-03-04 16:00')

    def test_stage_since_it_was_entered_last(self):
        for moment, stage in (('2026-03-02 12:00', self.stage_offer), ('2026-03-02 13:00', self.stage_talk),
                              ('2026-03-02 14:00', self.stage_offer)):
            self.set_time(moment)
            self.applicant.stage_id = stage
        self.install()
        self.assertPromise(self.promises(self.applicant, 'stage'), trigger_datetime='2026-03-02 14:00')

    def test_stage_whose_history_is_not_recorded(self):
        self.set_time('2026-03-02 12:00')
        self.applicant.with_context(tracking_disable=True).stage_id = self.stage_offer
        self.install()
        self.assertPromise(self.promises(self.applicant, 'stage'), trigger_datetime='2026-03-02 12:00')

    def test_mail_does_not_answer_where_a_call_is_asked(self):
        self.set_time('2026-03-02 12:00')
        self.applicant.stage_id = self.stage_offer
        self.pass_time(hours=1)
        self.write_to(self.applicant)
        self.assertBackfilled(('stage', 'running'))

    def test_stage_without_a_policy(self):
        self.applicant.stage_id = self.stage_talk
        self.assertBackfilled(('application', 'running'))

    def test_interview(self):
        interview = self.make_interview(self.applicant, '2026-03-02 12:00', '2026-03-02 13:00')
        self.install()
        self.assertPromise(
            self.promises(self.applicant, 'interview'), state='running', event_id=interview,
            trigger_datetime='2026-03-02 13:00', deadline='2026-03-05 16:00')

    def test_interview_to_come(self):
        self.make_interview(self.applicant)
        self.install()
        self.assertPromise(
            self.promises(self.applicant, 'interview'), state='running', deadline='2026-03-09 16:00')

    def test_interview_that_takes_all_day(self):
        self.make_interview(self.applicant, '2026-03-02 08:00', '2026-03-02 18:00', allday=True)
        self.install()
        self.assertPromise(
            self.promises(self.applicant, 'interview'), trigger_datetime='2026-03-02 22:59:59',
            deadline='2026-03-05 16:00')

    def test_interview_answered_since(self):
        self.make_interview(self.applicant, '2026-03-02 12:00', '2026-03-02 13:00')
        self.set_time('2026-03-02 15:00')
        self.write_to(self.applicant)
        self.assertBackfilled()

    def test_cancelled_interview(self):
        self.make_interview(self.applicant).action_archive()
        self.assertBackfilled(('application', 'running'))

    def test_interview_put_off_afterwards_moves_its_promise(self):
        interview = self.make_interview(self.applicant)
        self.install()
        interview.write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00'})
        self.assertPromise(self.promises(self.applicant, 'interview'), deadline='2026-03-10 16:00')
