"""What holds for every calendar, event and number of days."""

from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytz import UTC

from odoo import Command

from ..models.working_time import WorkingTime
from .test_working_time import WorkingTimeCase

YEAR = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
DAYS = st.integers(1, 29)
CALENDARS = st.sampled_from(['office', 'new_york', 'shanghai', 'nights', 'alternating', 'holidays'])
SECOND = timedelta(seconds=1)

# the same examples in every run, nothing kept on disk, and no measuring of time
settings.register_profile(
    'candidate_relationship', max_examples=60, derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.too_slow])
repeatable = settings(settings.get_profile('candidate_relationship'))


class TestWorkingTimeProperties(WorkingTimeCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendars = {
            'office': cls.brussels,
            'new_york': cls.new_york,
            'shanghai': cls.shanghai,
            'nights': cls.make_calendar('Europe/Brussels', days=range(7), hours=((0, 6), (22, 24))),
            'alternating': cls._make_alternating(),
            'holidays': cls._make_with_holidays(),
        }

    @classmethod
    def _make_alternating(cls):
        return cls.env['resource.calendar'].create({
            'name': "Two days in one week, one in the other",
            'tz': 'America/New_York',
            'company_id': False,
            'two_weeks_calendar': True,
            'attendance_ids': [Command.create(cls.prepare_attendance(day, 9, 12, week_type=week))
                               for day, week in ((0, '0'), (3, '0'), (5, '1'))],
        })

    @classmethod
    def _make_with_holidays(cls):
        calendar = cls.make_calendar('Europe/Brussels')
        for first, last in (('2026-04-03', '2026-04-06'), ('2026-07-20', '2026-09-30'), ('2026-12-24', '2027-01-01')):
            cls.make_holiday(first, last, calendar=calendar)
        return calendar

    def _times(self, name):
        return WorkingTime(self.calendars[name], self.company)

    @repeatable
    @given(CALENDARS, YEAR, DAYS)
    def test_one_day_more_is_later(self, name, trigger, days):
        times = self._times(name)
        self.assertGreater(times.deadline(trigger, days + 1), times.deadline(trigger, days))

    @repeatable
    @given(CALENDARS, YEAR, DAYS)
    def test_deadline_lies_after_the_event(self, name, trigger, days):
        self.assertGreater(self._times(name).deadline(trigger, days), trigger)

    @repeatable
    @given(CALENDARS, YEAR, st.timedeltas(timedelta(0), timedelta(days=20)), DAYS)
    def test_later_event_has_no_earlier_deadline(self, name, trigger, later, days):
        times = self._times(name)
        self.assertGreaterEqual(times.deadline(trigger + later, days), times.deadline(trigger, days))

    @repeatable
    @given(CALENDARS, YEAR, DAYS)
    def test_deadline_is_the_end_of_working_time(self, name, trigger, days):
        times = self._times(name)
        deadline = times.deadline(trigger, days)
        self.assertGreater(times.hours(deadline - SECOND, deadline), 0.0)
        self.assertEqual(times.hours(deadline, self._midnight_after(times, deadline - SECOND)), 0.0)

    def _midnight_after(self, times, moment):
        tomorrow = UTC.localize(moment).astimezone(times.tz).date() + timedelta(days=1)
        return times.tz.localize(datetime.combine(tomorrow, time.min)).astimezone(UTC).replace(tzinfo=None)

    @repeatable
    @given(CALENDARS, YEAR, st.integers(1, 400 * 3600))
    def test_hours_are_those_that_were_added(self, name, start, seconds):
        times = self._times(name)
        end = times.add_hours(start, seconds / 3600)
        self.assertEqual(round(times.hours(start, end) * 3600), seconds)

    @repeatable
    @given(CALENDARS, YEAR, st.timedeltas(timedelta(0), timedelta(days=60)))
    def test_adding_the_hours_between_ends_no_later(self, name, start, duration):
        times = self._times(name)
        end = start + timedelta(seconds=int(duration.total_seconds()))
        moment = times.add_hours(start, times.hours(start, end))
        self.assertLessEqual(moment, end)
        self.assertEqual(times.hours(moment, end), 0.0)

    @repeatable
    @given(CALENDARS, YEAR, st.lists(st.timedeltas(timedelta(0), timedelta(days=30)), min_size=2, max_size=2))
    def test_hours_add_up(self, name, start, durations):
        times = self._times(name)
        middle = start + durations[0]
        end = middle + durations[1]
        self.assertAlmostEqual(times.hours(start, middle) + times.hours(middle, end), times.hours(start, end), places=6)

    @repeatable
    @given(CALENDARS, YEAR, DAYS, st.timedeltas(timedelta(0), timedelta(days=40)),
           st.timedeltas(timedelta(0), timedelta(days=60)))
    def test_pausing_never_shortens(self, name, trigger, days, before, pause):
        times = self._times(name)
        deadline = times.deadline(trigger, days)
        since = trigger + before
        promise = self.env['hr.feedback.promise'].new({
            'deadline': deadline, 'warning_datetime': deadline, 'paused_since': since, 'state': 'paused'})
        vals = promise._prepare_resume_vals(times, since + pause)
        self.assertGreaterEqual(vals['deadline'], deadline)
        self.assertGreaterEqual(vals['warning_datetime'], deadline)
        self.assertGreaterEqual(vals['paused_hours'], 0.0)

    @repeatable
    @given(CALENDARS, YEAR, DAYS, st.timedeltas(timedelta(0), timedelta(days=60)))
    def test_a_pause_leaves_the_working_time_that_was_left(self, name, trigger, days, pause):
        times = self._times(name)
        deadline = times.deadline(trigger, days)
        resumed = trigger + timedelta(seconds=int(pause.total_seconds()))
        promise = self.env['hr.feedback.promise'].new({
            'deadline': deadline, 'warned_datetime': trigger, 'paused_since': trigger, 'state': 'paused'})
        moved = promise._prepare_resume_vals(times, resumed)['deadline']
        self.assertAlmostEqual(times.hours(resumed, moved), times.hours(trigger, deadline), places=3)
