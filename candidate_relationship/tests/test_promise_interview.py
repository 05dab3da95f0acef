"""An interview's end starts the clock; the promise goes where the interview goes."""

from odoo import Command, fields
from odoo.tests import Form

from .common import INTERVIEWER, OFFICER, FeedbackCase, at


class InterviewCase(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()

    def interview_promises(self):
        return self.promises(self.applicant, 'interview')

    def assertInterview(self, **values):
        self.assertPromise(self.interview_promises(), **values)


class TestInterviewPlanned(InterviewCase):

    def test_planned(self):
        interview = self.make_interview(self.applicant)
        # Wednesday 11:00 in Brussels and three working days: Monday
        self.assertInterview(
            state='running', event_id=interview, trigger_datetime='2026-03-04 10:00', deadline='2026-03-09 16:00',
            warning_datetime='2026-03-09 09:12', user_id=self.recruiter, due_status='on_time')

    def test_planned_in_the_web_client(self):
        action = self.applicant.action_create_meeting()
        form = Form(self.env['calendar.event'].with_user(self.recruiter).with_context(**action['context']))
        form.start = at('2026-03-04 09:00')
        form.stop = at('2026-03-04 10:00')
        self.assertEqual(form.save().applicant_id, self.applicant)
        self.assertInterview(state='running', trigger_datetime='2026-03-04 10:00')

    def test_planned_by_the_interviewer(self):
        self.applicant.interviewer_ids = [Command.set(self.interviewer.ids)]
        self.make_interview(self.applicant, user=self.interviewer)
        self.assertInterview(state='running', user_id=self.recruiter)

    def test_planned_by_somebody_who_may_not_see_the_applicant(self):
        assistant = self.make_user('anna', 'base.group_user')
        self.make_interview(self.applicant, user=assistant)
        self.assertInterview(state='running')

    def test_entered_afterwards(self):
        self.make_interview(self.applicant, '2026-02-27 09:00', '2026-02-27 10:00')
        self.assertInterview(state='running', trigger_datetime='2026-02-27 10:00', deadline='2026-03-04 16:00')

    def test_entered_long_afterwards(self):
        # as a calendar that is synchronised for the first time does with years of meetings
        self.make_interview(self.applicant, '2026-02-23 09:00', '2026-02-23 10:00')
        self.assertFalse(self.interview_promises())

    def test_several_interviews(self):
        self.make_interview(self.applicant)
        self.make_interview(self.applicant, '2026-03-05 09:00', '2026-03-05 10:00')
        self.assertEqual(self.interview_promises().mapped('state'), ['running', 'running'])

    def test_several_candidates_in_one_batch(self):
        other = self.make_applicant("Second One")
        self.env['calendar.event'].with_user(self.recruiter).create([
            {'name': "Interview", 'applicant_id': applicant.id, 'start': '2026-03-04 09:00:00',
             'stop': '2026-03-04 10:00:00'} for applicant in (self.applicant, other)])
        self.assertEqual(self.promises(self.applicant + other, 'interview').applicant_id, self.applicant + other)

    def test_series(self):
        self.make_interview(
            self.applicant, recurrency=True, rrule_type='weekly', wed=True, end_type='count', count=2,
            event_tz='Europe/Brussels')
        deadlines = sorted(self.interview_promises().mapped('deadline'))
        self.assertEqual(deadlines, [at('2026-03-09 16:00'), at('2026-03-16 16:00')])

    def test_meeting_about_nobody(self):
        before = self.env['hr.feedback.promise'].search_count([])
        self.env['calendar.event'].create({
            'name': "Lunch", 'start': '2026-03-04 09:00:00', 'stop': '2026-03-04 10:00:00'})
        self.assertEqual(self.env['hr.feedback.promise'].search_count([]), before)

    def test_with_a_refused_candidate(self):
        self.refuse(self.applicant, self.env.ref('hr_recruitment.refuse_reason_1'), send_mail=False)
        self.make_interview(self.applicant)
        self.assertFalse(self.interview_promises())

    def test_with_a_hired_candidate(self):
        self.applicant.stage_id = self.stage_signed
        self.make_interview(self.applicant)
        self.assertInterview(state='running')

    def test_no_policy(self):
        self.policy_interview.action_archive()
        self.make_interview(self.applicant)
        self.assertFalse(self.interview_promises())

    def test_all_day_ends_with_the_day(self):
        self.make_interview(self.applicant, '2026-03-04 08:00', '2026-03-04 18:00', allday=True)
        # the end of Wednesday in Brussels; Thursday is the first working day
        self.assertInterview(trigger_datetime='2026-03-04 22:59:59', deadline='2026-03-09 16:00')

    def test_several_days_end_with_the_last(self):
        self.make_interview(self.applicant, '2026-03-04 08:00', '2026-03-05 18:00', allday=True)
        self.assertInterview(trigger_datetime='2026-03-05 22:59:59')

    def test_without_end_it_ends_as_it_begins(self):
        event = self.env['calendar.event'].new({'applicant_id': self.applicant.id, 'start': at('2026-03-04 09:00')})
        event.stop = False
        self.assertEqual(event._get_feedback_start(), at('2026-03-04 09:00'))

    def test_all_day_without_end(self):
        event = self.env['calendar.event'].new({
            'applicant_id': self.applicant.id, 'start': at('2026-03-04 08:00'), 'allday': True})
        event.stop = event.stop_date = False
        self.assertEqual(event._get_feedback_start(), at('2026-03-04 22:59:59'))

    def test_of_a_long_forgotten_database_row(self):
        # the column forbids it today; rows of old databases may still have none
        interview = self.make_interview(self.applicant)
        self.env.flush_all()
        self.cr.execute("ALTER TABLE calendar_event ALTER COLUMN stop DROP NOT NULL")
        self.cr.execute("UPDATE calendar_event SET stop = NULL WHERE id = %s", [interview.id])
        interview.invalidate_recordset()
        self.assertEqual(interview._get_feedback_start(), at('2026-03-04 09:00'))


class TestInterviewMoved(InterviewCase):

    def setUp(self):
        super().setUp()
        self.interview = self.make_interview(self.applicant)
        self.promise = self.interview_promises()

    def test_moved(self):
        self.interview.write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00'})
        self.assertEqual(self.interview_promises(), self.promise)
        self.assertInterview(
            state='running', trigger_datetime='2026-03-05 10:00', deadline='2026-03-10 16:00',
            warning_datetime='2026-03-10 09:12')

    def test_brought_forward(self):
        self.interview.write({'start': '2026-03-03 09:00:00', 'stop': '2026-03-03 10:00:00'})
        self.assertInterview(deadline='2026-03-06 16:00')

    def test_only_its_end(self):
        self.interview.stop = at('2026-03-04 11:30')
        self.assertInterview(trigger_datetime='2026-03-04 11:30', deadline='2026-03-09 16:00')

    def test_only_its_length(self):
        self.interview.duration = 2.0
        self.assertInterview(trigger_datetime='2026-03-04 11:00')

    def test_made_an_all_day_one(self):
        self.interview.write({'allday': True, 'start_date': '2026-03-04', 'stop_date': '2026-03-04'})
        self.assertInterview(trigger_datetime='2026-03-04 22:59:59')

    def test_renamed(self):
        self.interview.write({'name': "Second interview", 'location': "Room 2"})
        self.assertInterview(state='running', trigger_datetime='2026-03-04 10:00')

    def test_moved_after_the_warning_is_warned_about_anew(self):
        self.set_time('2026-03-09 10:00')
        self.run_cron()
        self.assertEqual(len(self.warnings(self.promise)), 1)
        self.interview.write({'start': '2026-03-10 09:00:00', 'stop': '2026-03-10 10:00:00'})
        self.assertFalse(self.warnings(self.promise))
        self.assertInterview(warned_datetime=False, deadline='2026-03-13 16:00')
        self.set_time('2026-03-13 10:00')
        self.run_cron()
        self.assertEqual(len(self.warnings(self.promise)), 1)

    def test_told_date_does_not_move(self):
        self.promise.sudo().told_date = '2026-03-09'
        self.interview.write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00'})
        self.assertInterview(deadline='2026-03-10 16:00', told_date=fields.Date.to_date('2026-03-09'))

    def test_answered_and_then_put_off(self):
        self.set_time('2026-03-04 11:00')
        self.log_call(self.applicant)
        self.interview.write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00'})
        self.assertEqual(self.interview_promises().mapped('state'), ['kept', 'running'])
        self.assertPromise(self.interview_promises()[-1], trigger_datetime='2026-03-05 10:00')

    def test_corrected_after_the_answer(self):
        self.set_time('2026-03-04 12:00')
        self.log_call(self.applicant)
        self.interview.stop = at('2026-03-04 11:00')
        self.assertInterview(state='kept', trigger_datetime='2026-03-04 10:00')

    def test_moved_while_paused(self):
        self.set_time('2026-03-04 11:00')
        self.applicant.kanban_state = 'waiting'
        self.interview.write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00'})
        self.set_time('2026-03-05 11:00')
        self.applicant.kanban_state = 'normal'
        # only the hour since the interview's new end was a pause of its clock
        self.assertInterview(state='running', deadline='2026-03-11 08:00', paused_hours=1.0)

    def test_cancelled_by_hand_and_then_renamed(self):
        self.promise.sudo()._cancel('manual')
        self.interview.write({'name': "Talk", 'start': '2026-03-04 09:00:00', 'stop': '2026-03-04 10:00:00'})
        self.assertInterview(state='cancelled')

    def test_given_to_another_candidate(self):
        other = self.make_applicant("Second One")
        self.interview.applicant_id = other
        self.assertInterview(state='cancelled', cancel_type='interview')
        self.assertPromise(self.promises(other, 'interview'), state='running', deadline='2026-03-09 16:00')

    def test_connected_with_a_candidate_later(self):
        other = self.make_applicant("Second One")
        meeting = self.env['calendar.event'].with_user(self.recruiter).create({
            'name': "Meeting", 'start': '2026-03-04 09:00:00', 'stop': '2026-03-04 10:00:00'})
        meeting.applicant_id = other
        self.assertPromise(self.promises(other, 'interview'), state='running', deadline='2026-03-09 16:00')

    def test_moved_by_the_interviewer(self):
        interviewer = self.make_user('imre', INTERVIEWER)
        self.applicant.interviewer_ids = [Command.set(interviewer.ids)]
        self.interview.with_user(interviewer).write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00'})
        self.assertInterview(deadline='2026-03-10 16:00')

    def test_series_moved_as_a_whole(self):
        first = self.make_interview(
            self.applicant, recurrency=True, rrule_type='weekly', wed=True, end_type='count', count=2,
            event_tz='Europe/Brussels')
        first.write({'recurrence_update': 'all_events', 'start': '2026-03-04 13:00:00', 'stop': '2026-03-04 14:00:00'})
        events = first.recurrence_id.calendar_event_ids or self.env['calendar.event'].search([
            ('applicant_id', '=', self.applicant.id), ('id', '!=', self.interview.id)])
        open_promises = (self.interview_promises() - self.promise).filtered(lambda p: p.state == 'running')
        self.assertEqual(open_promises.event_id, events)
        self.assertEqual(sorted(open_promises.mapped('trigger_datetime')), sorted(events.mapped('stop')))


class TestInterviewCancelled(InterviewCase):

    def setUp(self):
        super().setUp()
        self.interview = self.make_interview(self.applicant)

    def test_archived(self):
        self.interview.action_archive()
        self.assertInterview(
            state='cancelled', cancel_type='interview', closed_datetime='2026-03-02 09:00')

    def test_restored(self):
        self.interview.action_archive()
        self.interview.action_unarchive()
        self.assertEqual(self.interview_promises().mapped('state'), ['cancelled', 'running'])

    def test_deleted(self):
        self.interview.unlink()
        self.assertInterview(state='cancelled', cancel_type='interview')
        self.assertFalse(self.interview_promises().event_id)

    def test_deleted_by_somebody_who_may_not_see_the_applicant(self):
        assistant = self.make_user('anna', 'base.group_user')
        event = self.make_interview(self.applicant, user=assistant)
        event.unlink()
        self.assertEqual(self.interview_promises().mapped('state'), ['running', 'cancelled'])

    def test_two_deleted_at_once(self):
        other = self.make_interview(self.applicant, '2026-03-05 09:00', '2026-03-05 10:00')
        (self.interview + other).unlink()
        self.assertEqual(self.interview_promises().mapped('state'), ['cancelled', 'cancelled'])

    def test_deleted_after_the_answer(self):
        self.set_time('2026-03-04 12:00')
        self.log_call(self.applicant)
        self.interview.unlink()
        self.assertInterview(state='kept')

    def test_declined_by_the_candidate_is_not_cancelled(self):
        # somebody has to answer that
        self.interview.attendee_ids.do_decline()
        self.assertInterview(state='running')

    def test_other_promises_stay(self):
        self.interview.unlink()
        self.assertPromise(self.promises(self.applicant, 'application'), state='running')

    def test_warnings_go_with_it(self):
        self.set_time('2026-03-10 09:00')
        self.run_cron()
        promise = self.interview_promises()
        self.assertTrue(self.warnings(promise))
        self.interview.with_user(self.make_user('olga', OFFICER)).unlink()
        self.assertFalse(self.warnings(promise))
