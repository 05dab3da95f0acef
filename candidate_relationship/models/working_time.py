"""Arithmetic in the working time of one calendar.

Odoo's ``plan_days`` and ``plan_hours`` read the calendar again for every date, and creating an
applicant must not become slower by that. So working time is kept by blocks of days in the
registry's cache (see ``resource_calendar.py``) and the arithmetic is done on those.
"""

from datetime import date, datetime, timedelta

from pytz import UTC, timezone

# Whole weeks, from Monday on: Odoo counts the working days of a calendar with flexible hours from
# the first day that is asked for.
BLOCK_DAYS = 28
# A calendar that has no working time in two years is taken as empty: no search goes further.
HORIZON_BLOCKS = 27
EPOCH = datetime(1970, 1, 1)


def block_of(day):
    """Number of the block that a date is in."""
    return (day.toordinal() - 1) // BLOCK_DAYS


def block_start(index):
    """First date of a block."""
    return date.fromordinal(index * BLOCK_DAYS + 1)


class WorkingTime:
    """Working time of a calendar, public holidays of the company left out.

    All datetimes given and returned are naive UTC, as Odoo stores them; days are those of the
    calendar's own time zone.

    :param calendar: ``resource.calendar`` record (may be empty: then there is no working time)
    :param company: ``res.company`` whose public holidays count
    """

    def __init__(self, calendar, company):
        self.calendar = calendar.sudo()
        self.company = company
        self.tz = timezone((self.calendar and self.calendar._get_feedback_tz()) or 'UTC')

    def deadline(self, trigger, working_days):
        """End of the n-th working day after the day of ``trigger``.

        :return: naive UTC datetime, or ``None`` if the calendar has no such day within two years
        """
        trigger_day = self._day(trigger)
        last_day = end = None
        for _start, stop, day in self._from(trigger):
            if day <= trigger_day:
                continue
            if day != last_day:
                if working_days == 0:
                    break
                last_day, working_days = day, working_days - 1
            end = stop
        return end if working_days == 0 else None

    def hours(self, start, end):
        """Working hours between two datetimes; 0.0 where ``end`` is not after ``start``."""
        seconds = 0
        if start and end and start < end:
            for begin, stop, _day in self._between(start, end):
                seconds += max(0, (min(stop, end) - max(begin, start)).total_seconds())
        return seconds / 3600

    def add_hours(self, start, hours):
        """The datetime when ``hours`` of working time have passed since ``start``.

        :return: naive UTC datetime to the second, or ``None`` if the calendar has not as much
            working time within two years
        """
        if hours <= 0:
            return start
        left = round(hours * 3600)
        for begin, stop, _day in self._from(start):
            begin = max(begin, start)
            span = (stop - begin).total_seconds()
            if 0 < span and left <= span:
                return begin + timedelta(seconds=left)
            left -= max(0, span)
        return None

    def table(self, start, end):
        """Working time as SQL can search it: where each interval starts and stops, and what passed before.

        Working time from ``start`` up to a moment until ``end`` is
        ``passed[i] + least(moment, stops[i]) - starts[i]`` where ``i`` is the last interval that starts by
        then; 0 where there is none.

        :return: three lists of whole seconds, the first two since 1970
        """
        starts, stops, passed, total = [], [], [], 0
        for begin, stop, _day in self._between(start, end):
            if stop <= start or begin > end:
                continue
            starts.append(int((begin - EPOCH).total_seconds()))
            stops.append(int((stop - EPOCH).total_seconds()))
            passed.append(total)
            total += stops[-1] - starts[-1]
        return starts, stops, passed

    # ------------------------------------------------------------------

    def _day(self, moment):
        return UTC.localize(moment).astimezone(self.tz).date()

    def _from(self, start):
        """Intervals from the day of ``start`` on, up to the horizon."""
        first = block_of(self._day(start))
        return self._intervals(first, first + HORIZON_BLOCKS)

    def _between(self, start, end):
        return self._intervals(block_of(self._day(start)), block_of(self._day(end)))

    def _intervals(self, first, last):
        if self.calendar:
            for index in range(first, last + 1):
                yield from self.calendar._get_feedback_block(self.company.id, index)


class WorkingTimes(dict):
    """The :class:`WorkingTime` of each company, made when first asked for."""

    def __missing__(self, company):
        calendar = company.sudo().feedback_calendar_id or company.sudo().resource_calendar_id
        self[company] = WorkingTime(calendar, company)
        return self[company]
