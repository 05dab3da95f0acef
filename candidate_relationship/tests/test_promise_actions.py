"""What users do with promises: log a call, cancel, take back."""

from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import FeedbackCase, at


class TestLogCall(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)
        self.set_time('2026-03-03 09:00')

    def test_call_answers(self):
        self.log_call(self.applicant, note="Likes the job.")
        self.assertPromise(
            self.promise, state='kept', closing_type='call', closed_by_id=self.recruiter, working_hours=8.0,
            closed_datetime='2026-03-03 09:00')

    def test_call_is_noted_in_the_chatter(self):
        with self.mail_server():
            self.log_call(self.applicant, note="Likes the job.\nStarts in May.")
        note = self.promise.closing_message_id
        self.assertEqual((note.model, note.res_id), ('hr.applicant', self.applicant.id))
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertRegex(note.body, r"Call with Jane Doe on 3/3/26, 10:00\sAM")
        self.assertIn("Likes the job.<br>Starts in May.", note.body)
        self.assertFalse(self.emails)

    def test_note_is_text(self):
        self.log_call(self.applicant, note="<script>alert(1)</script>")
        self.assertIn("&lt;script&gt;", self.promise.closing_message_id.body)

    def test_call_of_yesterday(self):
        self.set_time('2026-03-06 09:00')
        self.log_call(self.applicant, call_datetime=at('2026-03-05 15:00'))
        self.assertPromise(self.promise, state='kept', closed_datetime='2026-03-05 15:00')

    def test_late_call(self):
        self.set_time('2026-03-06 09:00')
        self.log_call(self.applicant)
        self.assertPromise(self.promise, state='late')

    def test_call_in_the_future(self):
        with self.assertRaisesRegex(UserError, "The call lies in the future"):
            self.log_call(self.applicant, call_datetime=at('2026-03-03 09:00') + timedelta(minutes=1))
        self.assertPromise(self.promise, state='running')

    def test_call_before_the_clock_started(self):
        self.log_call(self.applicant, call_datetime=at('2026-03-02 08:00'))
        self.assertPromise(self.promise, state='running')

    def test_call_answers_what_only_a_call_answers(self):
        self.applicant.stage_id = self.stage_offer
        self.write_to(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept'), ('stage', 'running')])
        self.log_call(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept'), ('stage', 'kept')])

    def test_call_with_several_candidates(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        self.log_call(applicants)
        self.assertEqual(self.promises(applicants).mapped('state'), ['kept', 'kept'])
        self.assertEqual(self.promises(applicants).closing_message_id.mapped('res_id'), applicants.ids)

    def test_call_with_nobody(self):
        wizard = self.env['hr.feedback.call'].with_user(self.recruiter).create({'applicant_ids': [Command.clear()]})
        with self.assertRaisesRegex(UserError, "Choose the candidate you called"):
            wizard.action_log()

    def test_call_with_a_refused_candidate(self):
        self.refuse(self.applicant, self.env.ref('hr_recruitment.refuse_reason_1'), send_mail=False)
        self.log_call(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept'), ('outcome', 'kept')])

    def test_call_without_anything_promised(self):
        self.log_call(self.applicant)
        self.log_call(self.applicant)
        self.assertPromise(self.promise, state='kept')

    def test_from_the_promise(self):
        action = self.promise.action_log_call()
        wizard = self.env['hr.feedback.call'].with_user(self.recruiter).with_context(**action['context']).create({})
        self.assertEqual(wizard.applicant_ids, self.applicant)
        self.assertEqual(wizard.promise_count, 1)
        wizard.action_log()
        self.assertPromise(self.promise, state='kept')

    def test_says_what_the_call_answers(self):
        self.make_interview(self.applicant)
        wizard = self._open(self.applicant.action_feedback_log_call(), self.recruiter).create({})
        self.assertEqual(wizard.promise_count, 1)
        wizard.call_datetime = at('2026-03-02 08:59')
        self.assertEqual(wizard.promise_count, 0)

    def test_other_actions_of_the_promise(self):
        self.assertEqual(self.promise.action_open_applicant()['res_id'], self.applicant.id)
        self.assertEqual(self.promise.action_write()['context']['default_res_ids'], self.applicant.ids)


class TestCancelAndReopen(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)
        self.set_time('2026-03-03 09:00')

    def cancel(self, promises, user=None):
        action = promises.action_cancel()
        wizard = self.env['hr.feedback.cancel'].with_user(user or self.recruiter).with_context(**action['context'])
        wizard.create({'reason': "Withdrew by phone"}).action_cancel_promises()

    def test_cancelled(self):
        self.cancel(self.promise)
        self.assertPromise(
            self.promise, state='cancelled', cancel_reason="Withdrew by phone", cancel_type='manual',
            closed_datetime='2026-03-03 09:00', closing_type=False, due_status=False)

    def test_only_open_ones_are_cancelled(self):
        self.log_call(self.applicant)
        self.make_interview(self.applicant)
        self.cancel(self.promises(self.applicant))
        self.assertStates(self.applicant, [('application', 'kept'), ('interview', 'cancelled')])

    def test_call_taken_back(self):
        self.log_call(self.applicant)
        self.promise.action_reopen()
        self.assertPromise(
            self.promise, state='running', closing_type=False, closed_datetime=False, working_hours=0.0,
            deadline='2026-03-05 16:00', closed_by_id=self.env['res.users'])

    def test_cancellation_taken_back(self):
        self.cancel(self.promise)
        self.promise.action_reopen()
        self.assertPromise(self.promise, state='running', cancel_reason=False, cancel_type=False)

    def test_delivered_message_cannot_be_taken_back(self):
        self.write_to(self.applicant)
        with self.assertRaisesRegex(UserError, "a message that was delivered cannot"):
            self.promise.action_reopen()
        self.assertPromise(self.promise, state='kept')

    def test_open_promise_cannot_be_reopened(self):
        with self.assertRaisesRegex(UserError, "Only a logged call or a cancellation can be taken back"):
            self.promise.action_reopen()

    def test_reopened_while_the_candidate_is_asked_something(self):
        self.log_call(self.applicant)
        self.applicant.kanban_state = 'waiting'
        self.promise.action_reopen()
        self.assertPromise(self.promise, state='paused', paused_since='2026-03-03 09:00')

    def test_reopened_promise_is_warned_about(self):
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.log_call(self.applicant)
        self.assertFalse(self.warnings(self.promise))
        self.promise.action_reopen()
        self.run_cron()
        self.assertEqual(self.warnings(self.promise).user_id, self.recruiter)

    def test_reopened_pauses_still_count(self):
        self.applicant.kanban_state = 'waiting'
        self.set_time('2026-03-03 10:00')
        self.applicant.kanban_state = 'normal'
        self.log_call(self.applicant)
        self.promise.action_reopen()
        self.set_time('2026-03-03 14:00')
        self.log_call(self.applicant)
        # 08:00 until 17:00 less lunch are 8 hours on Monday and Tuesday each, two of which had passed
        self.assertPromise(self.promise, state='kept', paused_hours=1.0, working_hours=11.0)

    def test_promised_again_in_the_meantime(self):
        self.applicant.stage_id = self.stage_offer
        first = self.promises(self.applicant, 'stage')
        self.applicant.stage_id = self.stage_talk
        self.applicant.stage_id = self.stage_offer
        with self.assertRaises(psycopg2.errors.UniqueViolation) as caught, self.cr.savepoint(), \
             mute_logger('odoo.sql_db'):
            first.action_reopen()
        self.assertIn("This answer is promised already.", first._sql_error_to_message(caught.exception))
