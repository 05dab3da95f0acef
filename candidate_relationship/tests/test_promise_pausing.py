"""The clock stands still while the ball is with the candidate."""

from odoo import Command

from .common import FeedbackCase


class TestPausing(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)

    def wait(self):
        self.applicant.kanban_state = 'waiting'

    def go_on(self):
        self.applicant.kanban_state = 'normal'

    def test_paused(self):
        self.pass_time(hours=1)
        self.wait()
        self.assertPromise(
            self.promise, state='paused', paused_since='2026-03-02 10:00', deadline='2026-03-05 16:00',
            due_status='paused', is_overdue=False)
        pause = self.promise.pause_ids
        self.assertEqual((str(pause.start), pause.end, pause.hours), ('2026-03-02 10:00:00', False, 0.0))
        self.assertEqual((pause.reason, pause.user_id), ('waiting', self.recruiter))

    def test_other_states_do_not_pause(self):
        for state in ('blocked', 'done'):
            self.applicant.kanban_state = state
            self.assertPromise(self.promise, state='running')

    def test_resumed_with_the_time_that_was_left(self):
        self.wait()
        # eight working hours later
        self.set_time('2026-03-03 09:00')
        self.go_on()
        self.assertPromise(
            self.promise, state='running', paused_since=False, paused_hours=8.0,
            deadline='2026-03-06 16:00', warning_datetime='2026-03-06 09:00')
        pause = self.promise.pause_ids
        self.assertEqual((str(pause.end), pause.hours), ('2026-03-03 09:00:00', 8.0))

    def test_resumed_by_another_state(self):
        self.wait()
        self.applicant.kanban_state = 'blocked'
        self.assertPromise(self.promise, state='running')

    def test_resumed_by_a_move_to_another_stage(self):
        self.wait()
        self.applicant.stage_id = self.stage_talk
        self.assertPromise(self.promise, state='running')

    def test_a_part_of_an_hour(self):
        self.wait()
        self.pass_time(minutes=30)
        self.go_on()
        # half an hour of Friday: the promise ended on Thursday at 17:00 sharp
        self.assertPromise(self.promise, paused_hours=0.5, deadline='2026-03-06 07:30')

    def test_pause_outside_working_time_changes_nothing(self):
        self.set_time('2026-03-02 18:00')
        self.wait()
        self.set_time('2026-03-03 05:00')
        self.go_on()
        self.assertPromise(self.promise, paused_hours=0.0, deadline='2026-03-05 16:00')

    def test_pauses_add_up(self):
        for _count in range(2):
            self.wait()
            self.pass_time(minutes=60)
            self.go_on()
            self.pass_time(hours=23)
        self.assertPromise(self.promise, paused_hours=2.0, deadline='2026-03-06 09:00')
        self.assertEqual(self.promise.pause_ids.mapped('hours'), [1.0, 1.0])

    def test_broken_promise_stays_broken(self):
        self.set_time('2026-03-06 09:00')
        self.wait()
        self.assertPromise(self.promise, state='paused', due_status='paused')
        self.pass_time(days=3)
        self.go_on()
        self.assertPromise(self.promise, state='running', deadline='2026-03-05 16:00', due_status='overdue')

    def test_past_warning_is_not_moved(self):
        self.set_time('2026-03-05 10:00')
        self.wait()
        self.set_time('2026-03-06 10:00')
        self.go_on()
        self.assertPromise(self.promise, warning_datetime='2026-03-05 09:00', deadline='2026-03-06 16:00')

    def test_warnings_are_taken_away(self):
        self.set_time('2026-03-05 10:00')
        self.run_cron()
        self.assertTrue(self.warnings(self.promise))
        self.wait()
        self.assertFalse(self.warnings(self.promise))

    def test_clock_that_has_not_started_is_not_paused(self):
        self.make_interview(self.applicant)
        self.wait()
        self.assertStates(self.applicant, [('application', 'paused'), ('interview', 'running')])

    def test_answered_while_paused(self):
        self.wait()
        self.set_time('2026-03-03 09:00')
        self.log_call(self.applicant)
        # all the time since the application was a pause
        self.assertPromise(
            self.promise, state='kept', working_hours=0.0, paused_hours=8.0, paused_since=False)
        self.assertTrue(self.promise.pause_ids.end)

    def test_cancelled_while_paused(self):
        self.wait()
        self.set_time('2026-03-03 09:00')
        self.applicant.action_archive()
        self.assertPromise(self.promise, state='cancelled', paused_since=False)
        self.assertEqual(self.promise.pause_ids.hours, 8.0)

    def test_many_at_once(self):
        applicants = self.make_applicants("One", "Two") + self.applicant
        applicants.write({'kanban_state': 'waiting'})
        self.assertEqual(self.promises(applicants).mapped('state'), ['paused'] * 3)
        applicants.write({'kanban_state': 'normal'})
        self.assertEqual(self.promises(applicants).mapped('state'), ['running'] * 3)

    def test_waiting_without_a_promise(self):
        self.log_call(self.applicant)
        self.wait()
        self.go_on()
        self.assertPromise(self.promise, state='kept')


class TestCandidateReplies(FeedbackCase):
    """A mail from the candidate lets the clock run again."""

    def setUp(self):
        super().setUp()
        self.policy_application.means = 'phone'
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)
        self.question = self.write_to(self.applicant, body="When could you start?")
        self.applicant.kanban_state = 'waiting'
        self.set_time('2026-03-03 09:00')

    def test_reply(self):
        self.reply_to(self.question, "Jane Doe <jane@candidate.example.com>")
        self.assertEqual(self.applicant.kanban_state, 'normal')
        self.assertPromise(self.promise, state='running', deadline='2026-03-06 16:00', paused_hours=8.0)

    def test_reply_from_an_address_written_otherwise(self):
        self.reply_to(self.question, "JANE@Candidate.example.com")
        self.assertPromise(self.promise, state='running')

    def test_reply_to_an_application_without_contact(self):
        self.applicant.sudo().partner_id = False
        self.applicant.email_from = 'jane@candidate.example.com'
        self.reply_to(self.question, 'jane@candidate.example.com')
        self.assertPromise(self.promise, state='running')

    def test_reply_of_a_colleague(self):
        self.reply_to(self.question, self.colleague.email)
        self.assertEqual(self.applicant.kanban_state, 'waiting')
        self.assertPromise(self.promise, state='paused')

    def test_mail_of_a_stranger(self):
        self.reply_to(self.question, 'somebody@else.example.com')
        self.assertPromise(self.promise, state='paused')

    def test_note_of_a_colleague(self):
        self.applicant.message_post(body="Asked.", message_type='comment', subtype_xmlid='mail.mt_note')
        self.assertPromise(self.promise, state='paused')

    def test_other_states_are_left_alone(self):
        self.applicant.kanban_state = 'blocked'
        self.reply_to(self.question, 'jane@candidate.example.com')
        self.assertEqual(self.applicant.kanban_state, 'blocked')

    def test_reply_to_an_interviewer_without_access(self):
        # the mail comes in with the rights of nobody in particular
        self.applicant.interviewer_ids = [Command.set(self.interviewer.ids)]
        asked = self.write_to(self.applicant, user=self.interviewer, body="Which day?")
        self.applicant.interviewer_ids = [Command.clear()]
        self.reply_to(asked, 'jane@candidate.example.com')
        self.assertPromise(self.promise, state='running')
