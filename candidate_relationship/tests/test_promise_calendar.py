"""Deadlines that were given stay; those that cannot be given are made up for."""

from odoo.tests import Form

from .common import FeedbackCase


class TestCalendarChanges(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.promise = self.promises(self.make_applicant())

    def promise_of_another(self):
        return self.promises(self.make_applicant("John Roe"))

    def test_zone_of_the_calendar(self):
        self.calendar.tz = 'America/New_York'
        self.assertPromise(self.promise, deadline='2026-03-05 16:00')
        self.assertPromise(self.promise_of_another(), deadline='2026-03-05 22:00')

    def test_new_holiday(self):
        self.make_holiday('2026-03-04', calendar=self.calendar)
        self.assertPromise(self.promise, deadline='2026-03-05 16:00')
        self.assertPromise(self.promise_of_another(), deadline='2026-03-06 16:00')

    def test_other_hours(self):
        self.calendar.attendance_ids.filtered(lambda a: a.hour_to == 17).hour_to = 18
        self.assertPromise(self.promise, deadline='2026-03-05 16:00')
        self.assertPromise(self.promise_of_another(), deadline='2026-03-05 17:00')

    def test_calendar_for_promises(self):
        self.company.feedback_calendar_id = self.make_calendar('Asia/Shanghai')
        self.assertPromise(self.promise_of_another(), deadline='2026-03-05 09:00')

    def test_calendar_for_promises_in_the_settings(self):
        shanghai = self.make_calendar('Asia/Shanghai', company_id=self.company.id)
        form = Form(self.env['res.config.settings'].with_company(self.company))
        form.feedback_calendar_id = shanghai
        form.feedback_fallback_user_id = self.manager
        form.save().execute()
        self.assertEqual(self.company.feedback_calendar_id, shanghai)
        self.assertEqual(self.company.feedback_fallback_user_id, self.manager)

    def test_deleted_calendar_for_promises(self):
        calendar = self.make_calendar('Asia/Shanghai')
        self.company.feedback_calendar_id = calendar
        calendar.unlink()
        self.assertPromise(self.promise_of_another(), deadline='2026-03-05 16:00')

    def test_pause_under_a_calendar_that_changed(self):
        self.promise.applicant_id.kanban_state = 'waiting'
        self.calendar.attendance_ids.unlink()
        self.pass_time(days=1)
        self.promise.applicant_id.kanban_state = 'normal'
        # no working time is left to move it by
        self.assertPromise(self.promise, state='running', deadline='2026-03-05 16:00')


class TestNoWorkingTime(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.calendar.attendance_ids.unlink()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)

    def give_hours(self):
        self.env['resource.calendar.attendance'].create([
            self.prepare_attendance(day, 8, 16, calendar_id=self.calendar.id) for day in range(5)])

    def test_promise_without_a_deadline(self):
        self.assertPromise(
            self.promise, state='running', deadline=False, warning_datetime=False, due_status='on_time',
            is_overdue=False)

    def test_nobody_is_warned(self):
        self.set_time('2026-06-02 09:00')
        self.run_cron()
        self.assertPromise(self.promise, warned_datetime=False, breach_warned_datetime=False)
        self.assertFalse(self.warnings(self.promise))

    def test_mended_by_the_scheduled_job(self):
        self.give_hours()
        self.pass_time(hours=1)
        self.run_cron()
        # as if it had been known from the beginning
        self.assertPromise(self.promise, deadline='2026-03-05 15:00', warning_datetime='2026-03-05 09:00')

    def test_mended_and_warned_at_once(self):
        self.give_hours()
        self.set_time('2026-03-09 09:00')
        self.run_cron()
        self.assertPromise(self.promise, is_overdue=True, breach_warned_datetime='2026-03-09 09:00')

    def test_answered(self):
        self.pass_time(days=300)
        self.write_to(self.applicant)
        self.assertPromise(self.promise, state='kept', working_hours=0.0)

    def test_paused_and_resumed(self):
        self.applicant.kanban_state = 'waiting'
        self.pass_time(days=1)
        self.applicant.kanban_state = 'normal'
        self.assertPromise(self.promise, state='running', deadline=False, paused_hours=0.0)

    def test_interview_and_outcome_too(self):
        self.make_interview(self.applicant)
        self.applicant.stage_id = self.stage_signed
        self.assertEqual(self.promises(self.applicant).mapped('deadline'), [False] * 3)

    def test_company_without_calendar(self):
        self.company.resource_calendar_id = False
        self.assertPromise(self.promises(self.make_applicant("John Roe")), state='running', deadline=False)

    def test_leave_over_the_whole_year(self):
        self.give_hours()
        self.make_holiday('2026-03-03', '2027-03-02', calendar=self.calendar)
        promise = self.promises(self.make_applicant("John Roe"))
        # Wednesday, Thursday and Friday of the year after
        self.assertPromise(promise, deadline='2027-03-05 15:00', warning_datetime='2027-03-05 09:00')

    def test_leave_over_three_years(self):
        self.give_hours()
        self.make_holiday('2026-03-01', '2029-12-31', calendar=self.calendar)
        self.assertPromise(self.promises(self.make_applicant("John Roe")), deadline=False)
