"""The scheduled job: warns once before and once at the breach, states dates, and never writes to colleagues."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.tools import mute_logger

from ..models import hr_feedback_promise_warning
from .common import FeedbackCase, at


class CronCase(FeedbackCase):

    def assertWarned(self, promises, *users):
        """Who has an activity for these promises, in the order of the activities."""
        self.assertEqual([activity.user_id for activity in self.warnings(promises)], list(users))


class TestWarnings(CronCase):

    def setUp(self):
        super().setUp()
        # due on Thursday at 17:00 in Brussels, warned about on Thursday at 10:00
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)

    def escalate(self, user=None):
        self.promise.sudo().escalation_user_id = user or self.manager

    def test_too_early(self):
        self.set_time('2026-03-05 08:59:59')
        self.run_cron()
        self.assertWarned(self.promise)
        self.assertPromise(self.promise, warned_datetime=False)

    def test_at_eighty_percent(self):
        self.escalate()
        self.set_time('2026-03-05 09:00')
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)
        self.assertPromise(
            self.promise, warned_datetime='2026-03-05 09:00', breach_warned_datetime=False, due_status='today')
        activity = self.warnings(self.promise)
        self.assertEqual((activity.res_model, activity.res_id), ('hr.applicant', self.applicant.id))
        self.assertEqual(activity.summary, "Answer the candidate")
        self.assertEqual(activity.date_deadline, fields.Date.to_date('2026-03-05'))
        self.assertEqual(activity.activity_type_id, self.env.ref('mail.mail_activity_data_todo'))

    def test_at_the_percentage_of_the_policy(self):
        self.policy_application.warning_percent = 20
        promise = self.promises(self.make_applicant("John Roe"))
        self.set_time('2026-03-02 16:00')
        self.run_cron()
        self.assertWarned(promise, self.recruiter)
        self.assertWarned(self.promise)

    def test_only_by_phone(self):
        self.promise.sudo().means = 'phone'
        self.set_time('2026-03-05 09:00')
        self.run_cron()
        activity = self.warnings(self.promise)
        self.assertEqual(activity.summary, "Call the candidate")
        self.assertEqual(activity.activity_type_id, self.env.ref('mail.mail_activity_data_call'))

    def test_in_the_last_second(self):
        self.set_time('2026-03-05 16:00')
        self.run_cron()
        self.assertPromise(self.promise, warned_datetime='2026-03-05 16:00', breach_warned_datetime=False)

    def test_at_the_breach(self):
        self.escalate()
        self.set_time('2026-03-05 09:00')
        self.run_cron()
        self.set_time('2026-03-05 16:00:01')
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter, self.manager)
        self.assertEqual(set(self.warnings(self.promise).mapped('summary')), {"Overdue: answer the candidate"})
        self.assertPromise(self.promise, breach_warned_datetime='2026-03-05 16:00:01')

    def test_breach_without_a_manager(self):
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)

    def test_breach_of_the_managers_own_promise(self):
        self.escalate(self.recruiter)
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)

    def test_missed_warning_is_not_made_up_for(self):
        # the job didn't run for days: one activity, not two
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)

    def test_never_twice(self):
        self.escalate()
        for moment in ('2026-03-05 09:00', '2026-03-05 09:15', '2026-03-06 09:00', '2026-03-06 09:15'):
            self.set_time(moment)
            self.run_cron()
        self.assertWarned(self.promise, self.recruiter, self.manager)

    def test_activity_that_was_done_does_not_come_back(self):
        self.set_time('2026-03-05 09:00')
        self.run_cron()
        self.warnings(self.promise).with_user(self.recruiter).action_done()
        self.pass_time(minutes=15)
        self.run_cron()
        self.assertWarned(self.promise)

    def test_closed_by_itself(self):
        self.escalate()
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.log_call(self.applicant)
        self.assertWarned(self.promise)

    def test_only_of_the_promise_that_closed(self):
        other = self.promises(self.make_applicant("John Roe"))
        own_activity = self.applicant.activity_schedule('mail.mail_activity_data_todo', user_id=self.recruiter.id)
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.log_call(self.applicant)
        self.assertWarned(other, self.recruiter)
        self.assertTrue(own_activity.exists())

    def test_open_promises_only(self):
        paused, kept, cancelled = self.make_applicants("Paused", "Kept", "Cancelled")
        paused.kanban_state = 'waiting'
        self.log_call(kept)
        cancelled.action_archive()
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.assertWarned(self.promises(paused + kept + cancelled))

    def test_warned_again_after_a_pause(self):
        for moment, resumed in (('2026-03-05 09:00', '2026-03-05 10:00'), ('2026-03-06 09:00', '2026-03-06 10:00')):
            self.set_time(moment)
            self.run_cron()
            self.assertWarned(self.promise, self.recruiter)
            self.applicant.kanban_state = 'waiting'
            self.assertWarned(self.promise)
            self.set_time(resumed)
            self.applicant.kanban_state = 'normal'
            self.run_cron()
            self.assertWarned(self.promise, self.recruiter)

    def test_a_batch_that_stays_selected_ends(self):
        self.set_time('2026-03-06 09:00')
        with patch.object(type(self.promise), '_warn_breach', lambda promises: None):
            self.run_cron()
        self.assertWarned(self.promise)

    def test_refused_applicant(self):
        self.refuse(self.applicant, self.env.ref('hr_recruitment.refuse_reason_1'), send_mail=False)
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.assertWarned(self.promises(self.applicant), self.recruiter, self.recruiter)

    def test_language_and_zone_of_the_recruiter(self):
        self.recruiter.write({'lang': 'zh_CN', 'tz': 'Asia/Shanghai'})
        self.set_time('2026-03-05 09:00')
        self.run_cron()
        activity = self.warnings(self.promise)
        # 16:00 UTC is midnight in Shanghai
        self.assertEqual(activity.date_deadline, fields.Date.to_date('2026-03-06'))
        self.assertEqual(activity.summary, self.promise.with_context(lang='zh_CN')._get_warning_summary(False, False))
        self.assertNotEqual(activity.summary, "Answer the candidate")

    def test_nobody_gets_a_mail(self):
        self.escalate()
        (self.recruiter + self.manager).notification_type = 'email'
        self.set_time('2026-03-06 09:00')
        with self.mail_server():
            self.run_cron()
        self.assertFalse(self.emails)
        self.assertFalse(self._new_mails)
        self.assertWarned(self.promise, self.recruiter, self.manager)

    def test_deleted_applicant_leaves_no_activity(self):
        self.set_time('2026-03-05 09:00')
        self.run_cron()
        activity = self.warnings(self.promise)
        self.applicant.unlink()
        self.assertFalse(activity.exists())


class TestRecipients(CronCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)
        self.promise.sudo().escalation_user_id = self.manager
        self.company.feedback_fallback_user_id = self.colleague
        self.set_time('2026-03-05 09:00')

    def be_late(self):
        self.set_time('2026-03-06 09:00')

    def test_archived_recruiter(self):
        self.recruiter.active = False
        self.run_cron()
        self.assertWarned(self.promise, self.manager)

    def test_archived_recruiter_and_manager(self):
        (self.recruiter + self.manager).active = False
        self.run_cron()
        self.assertWarned(self.promise, self.colleague)
        self.be_late()
        self.run_cron()
        self.assertWarned(self.promise, self.colleague)

    def test_manager_is_warned_once_where_nobody_else_is(self):
        self.recruiter.active = False
        self.be_late()
        self.run_cron()
        self.assertWarned(self.promise, self.manager)

    def test_no_recruiter(self):
        self.job.user_id = False
        self.applicant.user_id = False
        self.promise.sudo().escalation_user_id = False
        self.run_cron()
        self.assertWarned(self.promise, self.colleague)

    def test_nobody_at_all(self):
        (self.recruiter + self.manager + self.colleague).active = False
        self.run_cron()
        self.assertWarned(self.promise, self.env['res.users'])
        self.assertTrue(self.promise.sudo().warned_datetime)
        self.be_late()
        self.run_cron()
        self.assertWarned(self.promise, self.env['res.users'])

    def test_recruiter_who_lost_the_rights(self):
        self.recruiter.group_ids = [Command.set(self.env.ref('base.group_user').ids)]
        self.run_cron()
        self.assertWarned(self.promise, self.manager)

    def test_manager_without_rights(self):
        self.promise.sudo().escalation_user_id = self.make_user('anna', 'base.group_user')
        self.be_late()
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)

    def test_interviewer_of_the_applicant(self):
        self.applicant.write({'user_id': self.interviewer.id, 'interviewer_ids': [Command.set(self.interviewer.ids)]})
        self.run_cron()
        self.assertWarned(self.promise, self.interviewer)

    def test_interviewer_of_somebody_else(self):
        self.applicant.user_id = self.interviewer
        self.run_cron()
        self.assertWarned(self.promise, self.manager)

    def test_recruiter_who_left_the_company(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.recruiter.write({'company_id': other.id, 'company_ids': [Command.set(other.ids)]})
        self.run_cron()
        self.assertWarned(self.promise, self.manager)

    def test_recruiter_who_works_in_another_company_at_the_moment(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.recruiter.write({'company_ids': [Command.link(other.id)]})
        self.recruiter.company_id = other
        self.run_cron()
        self.assertWarned(self.promise, self.recruiter)


class TestBatches(CronCase):

    def test_more_than_one_batch(self):
        promises = self.promises(self.make_applicants(*"ABCDEFG"))
        self.set_time('2026-03-05 09:00')
        with patch.object(hr_feedback_promise_warning, 'BATCH', 3):
            self.run_cron()
        self.assertEqual(len(self.warnings(promises)), 7)
        self.set_time('2026-03-06 09:00')
        with patch.object(hr_feedback_promise_warning, 'BATCH', 3):
            self.run_cron()
        self.assertEqual(len(self.warnings(promises)), 7)
        self.assertEqual(set(promises.mapped('breach_warned_datetime')), {at('2026-03-06 09:00')})

    def test_stops_when_time_is_up_and_goes_on_next_time(self):
        promises = self.promises(self.make_applicants(*"ABCDEFG"))
        self.set_time('2026-03-05 09:00')
        cron = type(self.env['ir.cron'])
        with patch.object(hr_feedback_promise_warning, 'BATCH', 3), \
             patch.object(cron, '_commit_progress', lambda *args, **kwargs: 0):
            self.env['hr.feedback.promise']._cron_warn()
        self.assertEqual(len(self.warnings(promises)), 3)
        self.run_cron()
        self.assertEqual(len(self.warnings(promises)), 7)

    def test_progress_is_told(self):
        self.make_applicants(*"ABCDEFG")
        self.set_time('2026-03-05 09:00')
        steps = []

        def commit_progress(model, processed=0, *, remaining=None):
            steps.append((processed, remaining))
            return 60
        with patch.object(hr_feedback_promise_warning, 'BATCH', 3), \
             patch.object(type(self.env['ir.cron']), '_commit_progress', commit_progress):
            self.env['hr.feedback.promise']._cron_warn()
        self.assertEqual(steps, [(3, 4), (3, 1), (1, 0)])

    def test_rows_of_another_server_are_left_to_it(self):
        promises = self.promises(self.make_applicants(*"ABCDEFG"))
        self.set_time('2026-03-05 09:00')
        held = promises[:4]
        model = type(self.env['hr.feedback.promise'])
        free = model.try_lock_for_update

        def lock(records, **kwargs):
            return free(records.filtered(lambda p: p.id not in held.ids), **kwargs)
        with patch.object(hr_feedback_promise_warning, 'BATCH', 3), \
             patch.object(model, 'try_lock_for_update', lock):
            self.run_cron()
        self.assertFalse(self.warnings(held))
        self.assertEqual(len(self.warnings(promises - held)), 3)


class TestAnnouncements(CronCase):
    """The mail of a policy that states the date: once, when the clock starts."""

    def setUp(self):
        super().setUp()
        self.template = self.make_template('<p>You hear from us by <t t-out="object.feedback_promised_date"/>.</p>')
        self.policy_application.template_id = self.template
        self.policy_interview.template_id = self.template

    def announce(self):
        with self.mail_server():
            self.run_cron()
            # what a job commits is sent after the commit, which a test doesn't make
            self.send_queue()
        return [mail['smtp_to_list'] for mail in self.emails]

    def test_announced(self):
        applicant = self.make_applicant()
        promise = self.promises(applicant)
        self.assertTrue(promise.announce_pending)
        self.pass_time(minutes=15)
        self.assertEqual(self.announce(), [['jane@candidate.example.com']])
        self.assertPromise(
            promise, announce_pending=False, state='running', told_date=fields.Date.to_date('2026-03-05'))
        self.assertEqual(promise.announcement_id.res_id, applicant.id)

    def test_does_not_wait_for_the_next_round_of_the_queue(self):
        before = self.count_queue_runs()
        self.make_applicant()
        self.run_cron()
        self.assertGreater(self.count_queue_runs(), before)

    def test_once(self):
        self.make_applicant()
        self.announce()
        self.pass_time(minutes=15)
        self.assertEqual(self.announce(), [])

    def test_each_promise_states_its_own_date(self):
        applicant = self.make_applicant()
        self.make_interview(applicant, '2026-03-02 07:00', '2026-03-02 08:00')
        interview = self.promises(applicant, 'interview')
        interview.sudo().deadline = at('2026-03-10 16:00')
        self.announce()
        self.assertEqual(
            self.promises(applicant).mapped('told_date'),
            [fields.Date.to_date('2026-03-05'), fields.Date.to_date('2026-03-10')])

    def test_not_before_the_interview_is_over(self):
        applicant = self.make_applicant()
        self.announce()
        self.make_interview(applicant)
        self.pass_time(minutes=15)
        self.assertEqual(self.announce(), [])
        self.set_time('2026-03-04 10:00')
        self.assertEqual(self.announce(), [['jane@candidate.example.com']])
        self.assertPromise(
            self.promises(applicant, 'interview'), told_date=fields.Date.to_date('2026-03-09'), state='running')

    def test_never_counts_as_the_answer(self):
        applicant = self.make_applicant()
        self.make_interview(applicant, '2026-03-02 07:00', '2026-03-02 08:00')
        self.pass_time(days=1)
        self.announce()
        self.assertStates(applicant, [('application', 'running'), ('interview', 'running')])

    def test_mail_without_a_date_never_counts_either(self):
        self.template.body_html = "<p>We received your application.</p>"
        applicant = self.make_applicant()
        applicant.stage_id = self.stage_talk
        self.pass_time(days=1)
        self.assertEqual(len(self.announce()), 1)
        self.assertStates(applicant, [('application', 'running')])

    def test_nothing_to_say_any_more(self):
        answered, cancelled, waiting = self.make_applicants("Answered", "Cancelled", "Waiting")
        self.log_call(answered)
        cancelled.action_archive()
        waiting.kanban_state = 'waiting'
        self.pass_time(minutes=15)
        self.assertEqual(self.announce(), [])
        self.assertFalse(any(self.promises(answered + cancelled + waiting).mapped('announce_pending')))

    def test_applicant_without_address(self):
        applicant = self.make_applicant(email_from=False)
        self.assertEqual(self.announce(), [])
        self.assertPromise(self.promises(applicant), announce_pending=False, told_date=False, state='running')

    def test_policy_whose_template_is_gone(self):
        applicant = self.make_applicant()
        self.template.unlink()
        self.assertEqual(self.announce(), [])
        self.assertPromise(self.promises(applicant), announce_pending=False)

    def test_broken_template_does_not_stop_the_others(self):
        # Odoo tries a template out before it saves it, but with one record only
        broken = self.make_template('''<p><t t-out="object.partner_name == 'One' and 1 // 0"/></p>''')
        self.policy_interview.template_id = broken
        applicants = self.make_applicants("One", "Two")
        self.make_interview(applicants[0], '2026-03-02 07:00', '2026-03-02 08:00')
        with mute_logger('odoo.addons.mail.models.mail_render_mixin',
                         'odoo.addons.candidate_relationship.models.hr_feedback_promise_delivery'):
            self.assertEqual(len(self.announce()), 2)
        self.assertFalse(any(self.promises(applicants).mapped('announce_pending')))
        self.assertTrue(any(
            "Mend the template" in (message.body or '') for message in applicants[0].sudo().message_ids))
