"""Arithmetic in the working time of one calendar.

Odoo's ``plan_days`` and ``plan_hours`` read the calendar again for every date. A batch of
promises needs hundreds of dates of the same calendar, so the intervals are read once here,
window by window, and searched by bisection.
"""

from bisect import bisect_left, bisect_right
from datetime import timedelta

from pytz import UTC, timezone

WINDOW = timedelta(days=45)
# A calendar that has no working time in two years is taken as empty: no search goes further.
HORIZON = timedelta(days=730)


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
        self.tz = timezone(self.calendar.tz or 'UTC')
        self._from = self._until = None
        self._starts, self._stops = [], []
        self._days, self._day_ends = [], []

    def deadline(self, trigger, working_days):
        """End of the n-th working day after the day of ``trigger``.

        :return: naive UTC datetime, or ``None`` if the calendar has no such day within two years
        """
        day = UTC.localize(trigger).astimezone(self.tz).date()
        for until in self._windows(trigger):
            self._read(trigger, until)
            index = bisect_right(self._days, day) + working_days - 1
            # the last day read may be cut off by the end of the window
            if index + 1 < len(self._days):
                return self._day_ends[index]
        return self._day_ends[index] if index < len(self._days) else None

    def hours(self, start, end):
        """Working hours between two datetimes; 0.0 where ``end`` is not after ``start``."""
        if not start or not end or end <= start:
            return 0.0
        self._read(start, end)
        first, last = bisect_right(self._stops, start), bisect_left(self._starts, end)
        spans = zip(self._starts[first:last], self._stops[first:last])
        return sum((min(b, end) - max(a, start)).total_seconds() for a, b in spans) / 3600

    def add_hours(self, start, hours):
        """The datetime when ``hours`` of working time have passed since ``start``.

        :return: naive UTC datetime, or ``None`` if the calendar has not as much working time
            within two years
        """
        if hours <= 0:
            return start
        for until in self._windows(start):
            self._read(start, until)
            left = hours * 3600
            for index in range(bisect_right(self._stops, start), len(self._stops)):
                begin = max(self._starts[index], start)
                span = (self._stops[index] - begin).total_seconds()
                if left <= span + 1e-6:
                    return (begin + timedelta(seconds=left)).replace(microsecond=0)
                left -= span
        return None

    def prepare(self, start, end):
        """Read the calendar from ``start`` to ``end`` at once, ahead of many calls."""
        self._read(start, end + WINDOW)

    # ------------------------------------------------------------------

    def _windows(self, start):
        """Ends of ever longer ranges to look into, up to the horizon."""
        if not self.calendar:
            yield start
            return
        length = WINDOW
        while length < HORIZON:
            yield start + length
            length *= 4
        yield start + HORIZON

    def _read(self, start, end):
        """Have all intervals between the two datetimes at hand, whole days around them."""
        start, end = start - timedelta(days=1), end + timedelta(days=1)
        if not self.calendar or (self._from and self._from <= start and end <= self._until):
            return
        self._from = min(self._from or start, start)
        self._until = max(self._until or end, end)
        self._index(self.calendar._work_intervals_batch(
            UTC.localize(self._from), UTC.localize(self._until), domain=self._leave_domain(),
        )[False])

    def _leave_domain(self):
        # stock Odoo takes the holidays of every company where the holiday names no calendar
        return [('time_type', '=', 'leave'), ('company_id', 'in', [False, self.company.id])]

    def _index(self, intervals):
        self._starts, self._stops, self._days, self._day_ends = [], [], [], []
        for start, stop, _records in intervals:
            stop_utc = stop.astimezone(UTC).replace(tzinfo=None, microsecond=0)
            day = start.astimezone(self.tz).date()
            self._starts.append(start.astimezone(UTC).replace(tzinfo=None))
            self._stops.append(stop_utc)
            if self._days and self._days[-1] == day:
                self._day_ends[-1] = stop_utc
            else:
                self._days.append(day)
                self._day_ends.append(stop_utc)


class WorkingTimes(dict):
    """The :class:`WorkingTime` of each company, made when first asked for."""

    def __missing__(self, company):
        calendar = company.sudo().feedback_calendar_id or company.sudo().resource_calendar_id
        self[company] = WorkingTime(calendar, company)
        return self[company]
