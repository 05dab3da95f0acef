"""Deadlines and working hours against cases computed by hand."""

from datetime import date, datetime

from odoo import Command
from odoo.tests import TransactionCase, tagged

from ..models.working_time import WorkingTime, WorkingTimes
from .common import WorkingTimeMixin, at


@tagged('post_install', '-at_install')
class WorkingTimeCase(TransactionCase, WorkingTimeMixin):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.other_company = cls.env['res.company'].create([
            {'name': "Working Time Company"}, {'name': "Company Next Door"}])
        cls.brussels = cls.make_calendar('Europe/Brussels')
        cls.new_york = cls.make_calendar('America/New_York')
        cls.shanghai = cls.make_calendar('Asia/Shanghai')

    def times(self, calendar, company=None):
        return WorkingTime(calendar, company or self.company)

    def assertDeadline(self, calendar, trigger, days, expected):
        self.assertEqual(self.times(calendar).deadline(at(trigger), days), at(expected))

    def assertHours(self, calendar, start, end, expected):
        self.assertAlmostEqual(self.times(calendar).hours(at(start), at(end)), expected, places=3)


class TestDeadline(WorkingTimeCase):
    """The end of the n-th working day after the day of the event, in the calendar's zone.

    March 2026: the 1st is a Sunday; Brussels is at UTC+1 until the 29th.
    """

    def test_days_are_counted_from_the_day_after(self):
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 16:00')
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-05 16:00')

    def test_time_of_day_does_not_matter(self):
        for trigger in ('2026-03-01 23:00', '2026-03-02 07:00', '2026-03-02 11:30', '2026-03-02 22:59:59'):
            with self.subTest(trigger=trigger):
                self.assertDeadline(self.brussels, trigger, 1, '2026-03-03 16:00')

    def test_weekends_do_not_count(self):
        self.assertDeadline(self.brussels, '2026-03-06 09:00', 1, '2026-03-09 16:00')
        self.assertDeadline(self.brussels, '2026-03-07 09:00', 1, '2026-03-09 16:00')
        self.assertDeadline(self.brussels, '2026-03-08 09:00', 1, '2026-03-09 16:00')
        self.assertDeadline(self.brussels, '2026-03-04 09:00', 3, '2026-03-09 16:00')

    def test_thirty_days_are_six_weeks(self):
        # Monday, April 13th: the clocks went forward on March 29th
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 30, '2026-04-13 15:00')

    def test_day_of_the_event_is_that_of_the_calendar(self):
        # 17:00 UTC on Sunday: Sunday noon in New York, Monday 01:00 in Shanghai
        self.assertDeadline(self.new_york, '2026-03-01 17:00', 1, '2026-03-02 22:00')
        self.assertDeadline(self.shanghai, '2026-03-01 17:00', 1, '2026-03-03 09:00')
        # 03:00 UTC on Tuesday: still Monday evening in New York
        self.assertDeadline(self.new_york, '2026-03-03 03:00', 1, '2026-03-03 22:00')
        self.assertDeadline(self.shanghai, '2026-03-03 03:00', 1, '2026-03-04 09:00')

    def test_midnight_begins_the_day(self):
        self.assertDeadline(self.brussels, '2026-03-02 22:59:59', 1, '2026-03-03 16:00')
        self.assertDeadline(self.brussels, '2026-03-02 23:00:00', 1, '2026-03-04 16:00')

    def test_clocks_go_forward(self):
        # Brussels on Sunday, March 29th; New York on Sunday, March 8th; never in Shanghai
        self.assertDeadline(self.brussels, '2026-03-26 09:00', 1, '2026-03-27 16:00')
        self.assertDeadline(self.brussels, '2026-03-27 09:00', 1, '2026-03-30 15:00')
        self.assertDeadline(self.new_york, '2026-03-05 15:00', 1, '2026-03-06 22:00')
        self.assertDeadline(self.new_york, '2026-03-06 15:00', 1, '2026-03-09 21:00')
        self.assertDeadline(self.shanghai, '2026-03-27 03:00', 1, '2026-03-30 09:00')

    def test_clocks_go_back(self):
        # Brussels on Sunday, October 25th; New York on Sunday, November 1st
        self.assertDeadline(self.brussels, '2026-10-23 09:00', 1, '2026-10-26 16:00')
        self.assertDeadline(self.new_york, '2026-10-30 15:00', 1, '2026-11-02 22:00')

    def test_event_in_the_hour_that_happens_twice(self):
        # 02:30 in Brussels on October 25th, before and after the clocks went back
        self.assertDeadline(self.brussels, '2026-10-25 00:30', 1, '2026-10-26 16:00')
        self.assertDeadline(self.brussels, '2026-10-25 01:30', 1, '2026-10-26 16:00')

    def test_last_hours_of_the_day_end_it(self):
        mornings = self.make_calendar('Europe/Brussels', hours=((8, 12),))
        self.assertDeadline(mornings, '2026-03-02 09:00', 1, '2026-03-03 11:00')

    def test_weeks_that_differ(self):
        # March 2nd to 8th is a week of type 0, March 9th to 15th one of type 1
        mondays = self.env['resource.calendar'].create({
            'name': "Monday in one week, Tuesday in the next",
            'tz': 'Europe/Brussels',
            'company_id': False,
            'two_weeks_calendar': True,
            'attendance_ids': [
                Command.create(self.prepare_attendance(0, 8, 12, week_type='0')),
                Command.create(self.prepare_attendance(1, 8, 12, week_type='1')),
            ],
        })
        self.assertDeadline(mondays, '2026-03-01 09:00', 1, '2026-03-02 11:00')
        self.assertDeadline(mondays, '2026-03-02 09:00', 1, '2026-03-10 11:00')
        self.assertDeadline(mondays, '2026-03-02 09:00', 2, '2026-03-16 11:00')

    def test_night_shifts(self):
        nights = self.make_calendar('Europe/Brussels', days=range(5), hours=((0, 6), (22, 24)))
        self.assertDeadline(nights, '2026-03-02 09:00', 1, '2026-03-03 23:00')
        self.assertHours(nights, '2026-03-02 20:00', '2026-03-03 07:00', 8.0)

    def test_one_working_day_a_week(self):
        fridays = self.make_calendar('Europe/Brussels', days=[4])
        self.assertDeadline(fridays, '2026-03-06 09:00', 30, '2026-10-02 15:00')

    def test_flexible_hours_still_have_weekends(self):
        flexible = self.make_calendar('Europe/Brussels', flexible_hours=True, hours_per_day=8)
        flexible.full_time_required_hours = 40
        friday = self.times(flexible).deadline(at('2026-03-05 09:00'), 1)
        monday = self.times(flexible).deadline(at('2026-03-05 09:00'), 2)
        self.assertEqual((friday.date(), monday.date()), (date(2026, 3, 6), date(2026, 3, 9)))


class TestHolidays(WorkingTimeCase):

    def test_public_holiday(self):
        self.make_holiday('2026-03-04', calendar=self.brussels)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 16:00')
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-06 16:00')

    def test_holiday_is_a_day_of_the_calendars_zone(self):
        # March 4th in Shanghai is from 16:00 UTC on the 3rd on
        self.make_holiday('2026-03-04', calendar=self.shanghai)
        self.assertDeadline(self.shanghai, '2026-03-02 03:00', 1, '2026-03-03 09:00')
        self.assertDeadline(self.shanghai, '2026-03-02 03:00', 2, '2026-03-05 09:00')

    def test_half_a_holiday_ends_the_day_early(self):
        self.make_holiday('2026-03-03', calendar=self.brussels, date_from=at('2026-03-03 12:00'))
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 11:00')
        self.assertHours(self.brussels, '2026-03-03 00:00', '2026-03-04 00:00', 4.0)

    def test_holiday_of_all_calendars_of_the_company(self):
        leave = self.make_holiday('2026-03-04', company=self.company, tz='Europe/Brussels')
        self.assertEqual(leave.company_id, self.company)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-06 16:00')

    def test_holiday_of_another_company_does_not_count(self):
        leave = self.make_holiday('2026-03-04', company=self.other_company, tz='Europe/Brussels')
        self.assertEqual(leave.company_id, self.other_company)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-05 16:00')
        others = self.times(self.brussels, self.other_company).deadline(at('2026-03-02 09:00'), 3)
        self.assertEqual(others, at('2026-03-06 16:00'))

    def test_holiday_of_another_calendar_does_not_count(self):
        self.make_holiday('2026-03-04', calendar=self.shanghai)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-05 16:00')

    def test_holiday_of_a_calendar_counts_for_all_companies_that_use_it(self):
        self.assertFalse(self.brussels.company_id)
        self.make_holiday('2026-03-04', calendar=self.brussels, company=self.other_company)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-06 16:00')

    def test_time_off_of_one_person_does_not_count(self):
        person = self.env['resource.resource'].create({'name': "Ada", 'calendar_id': self.brussels.id})
        self.make_holiday('2026-03-04', calendar=self.brussels, resource_id=person.id)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-05 16:00')

    def test_time_that_counts_as_work_is_no_holiday(self):
        self.make_holiday('2026-03-04', calendar=self.brussels, time_type='other')
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 3, '2026-03-05 16:00')

    def test_holidays_over_the_whole_year(self):
        self.make_holiday('2026-03-03', '2027-03-02', calendar=self.brussels)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2027-03-03 16:00')

    def test_no_working_time_in_sight(self):
        self.make_holiday('2026-01-01', '2029-12-31', calendar=self.brussels)
        times = self.times(self.brussels)
        self.assertIsNone(times.deadline(at('2026-03-02 09:00'), 1))
        self.assertIsNone(times.add_hours(at('2026-03-02 09:00'), 1.0))
        self.assertEqual(times.hours(at('2026-03-02 09:00'), at('2026-03-09 09:00')), 0.0)

    def test_calendar_without_hours(self):
        empty = self.make_calendar('Europe/Brussels', days=[])
        self.assertIsNone(self.times(empty).deadline(at('2026-03-02 09:00'), 1))
        self.assertIsNone(self.times(empty).add_hours(at('2026-03-02 09:00'), 0.5))

    def test_no_calendar(self):
        times = self.times(self.env['resource.calendar'])
        self.assertIsNone(times.deadline(at('2026-03-02 09:00'), 1))
        self.assertIsNone(times.add_hours(at('2026-03-02 09:00'), 0.5))
        self.assertEqual(times.hours(at('2026-03-02 09:00'), at('2026-03-03 09:00')), 0.0)


class TestCalendarChanges(WorkingTimeCase):
    """What is known of a calendar is forgotten when anything of it changes."""

    def setUp(self):
        super().setUp()
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 16:00')

    def test_holiday_added_moved_and_deleted(self):
        holiday = self.make_holiday('2026-03-03', calendar=self.brussels)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-04 16:00')
        holiday.write({'date_from': at('2026-03-02 23:00'), 'date_to': at('2026-03-04 22:59:59')})
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-05 16:00')
        holiday.unlink()
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 16:00')

    def test_holiday_turned_into_the_time_off_of_one_person(self):
        person = self.env['resource.resource'].create({'name': "Ada", 'calendar_id': self.brussels.id})
        holiday = self.make_holiday('2026-03-03', calendar=self.brussels)
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-04 16:00')
        holiday.resource_id = person
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 16:00')

    def test_hours_changed_and_deleted(self):
        tuesday = self.brussels.attendance_ids.filtered(lambda a: a.dayofweek == '1').sorted('hour_from')
        tuesday[-1].hour_to = 16
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 15:00')
        tuesday.unlink()
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-04 16:00')

    def test_hours_added(self):
        self.env['resource.calendar.attendance'].create(
            self.prepare_attendance(1, 18, 20, calendar_id=self.brussels.id))
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 19:00')

    def test_zone_changed(self):
        self.brussels.tz = 'Asia/Shanghai'
        self.assertDeadline(self.brussels, '2026-03-02 09:00', 1, '2026-03-03 09:00')


class TestHours(WorkingTimeCase):

    def test_within_a_day(self):
        self.assertHours(self.brussels, '2026-03-02 08:00', '2026-03-02 10:30', 2.5)

    def test_lunch_does_not_count(self):
        self.assertHours(self.brussels, '2026-03-02 10:30', '2026-03-02 12:15', 0.75)
        self.assertHours(self.brussels, '2026-03-02 11:05', '2026-03-02 11:55', 0.0)

    def test_lunch_noted_as_such_does_not_count(self):
        self.env['resource.calendar.attendance'].create(
            self.prepare_attendance(0, 12, 13, calendar_id=self.brussels.id, day_period='lunch'))
        self.assertHours(self.brussels, '2026-03-02 00:00', '2026-03-03 00:00', 8.0)

    def test_over_a_weekend(self):
        # Friday 16:00 to Monday 09:00
        self.assertHours(self.brussels, '2026-03-06 15:00', '2026-03-09 08:00', 2.0)

    def test_many_weeks(self):
        self.assertHours(self.brussels, '2026-03-01 23:00', '2026-05-10 22:00', 10 * 40.0)

    def test_nights_and_weekends_have_none(self):
        self.assertHours(self.brussels, '2026-03-06 16:00', '2026-03-09 07:00', 0.0)

    def test_nothing_where_the_end_is_not_after_the_start(self):
        self.assertHours(self.brussels, '2026-03-02 09:00', '2026-03-02 09:00', 0.0)
        self.assertHours(self.brussels, '2026-03-03 09:00', '2026-03-02 09:00', 0.0)

    def test_nothing_without_an_end(self):
        times = self.times(self.brussels)
        self.assertEqual(times.hours(at('2026-03-02 09:00'), None), 0.0)
        self.assertEqual(times.hours(False, at('2026-03-02 09:00')), 0.0)

    def test_night_of_the_change_to_summer_time_is_an_hour_short(self):
        nights = self.make_calendar('Europe/Brussels', days=[6], hours=((0, 6),))
        self.assertHours(nights, '2026-03-28 12:00', '2026-03-29 12:00', 5.0)
        self.assertHours(nights, '2026-10-24 12:00', '2026-10-25 12:00', 7.0)


class TestAddHours(WorkingTimeCase):

    def assertMoment(self, calendar, start, hours, expected):
        self.assertEqual(self.times(calendar).add_hours(at(start), hours), at(expected))

    def test_within_the_day(self):
        self.assertMoment(self.brussels, '2026-03-02 08:00', 1.5, '2026-03-02 09:30')

    def test_over_lunch_night_and_weekend(self):
        self.assertMoment(self.brussels, '2026-03-02 10:00', 2.0, '2026-03-02 13:00')
        self.assertMoment(self.brussels, '2026-03-02 15:00', 2.0, '2026-03-03 08:00')
        self.assertMoment(self.brussels, '2026-03-06 15:00', 9.0, '2026-03-09 16:00')

    def test_exactly_until_the_end_of_the_day(self):
        self.assertMoment(self.brussels, '2026-03-02 15:00', 1.0, '2026-03-02 16:00')

    def test_from_outside_working_time(self):
        self.assertMoment(self.brussels, '2026-03-07 12:00', 1.0, '2026-03-09 08:00')

    def test_nothing_to_add(self):
        self.assertMoment(self.brussels, '2026-03-07 12:00', 0.0, '2026-03-07 12:00')

    def test_to_the_second(self):
        moment = self.times(self.brussels).add_hours(at('2026-03-02 08:00'), 1 / 3)
        self.assertEqual(moment, datetime(2026, 3, 2, 8, 20))


class TestWorkingTimes(WorkingTimeCase):

    def test_calendar_for_promises_goes_before_the_companys(self):
        self.company.resource_calendar_id = self.brussels
        self.assertEqual(WorkingTimes()[self.company].calendar, self.brussels)
        self.company.feedback_calendar_id = self.shanghai
        self.assertEqual(WorkingTimes()[self.company].calendar, self.shanghai)
        self.assertNotEqual(WorkingTimes()[self.other_company].calendar, self.shanghai)
