"""Working time in blocks of days, kept in the registry's cache until a calendar changes."""

from datetime import datetime, time

from pytz import UTC, timezone

from odoo import api, models, tools

from .working_time import block_start


class ResourceCalendar(models.Model):
    _inherit = 'resource.calendar'

    @tools.ormcache('self.id')
    def _get_feedback_tz(self):
        return self.tz

    @tools.ormcache('self.id', 'company_id', 'index')
    def _get_feedback_block(self, company_id, index):
        """Working intervals of one block of days.

        Blocks begin at midnight of the calendar's zone, where no working period goes on.

        :return: tuple of (start, stop, day): naive UTC datetimes, and the date in the calendar's zone
        """
        tz = timezone(self.tz)
        start, end = (tz.localize(datetime.combine(block_start(i), time.min)) for i in (index, index + 1))
        # stock Odoo takes the holidays of every company where the holiday names no calendar
        domain = [('time_type', '=', 'leave'),
                  '|', ('calendar_id', '=', self.id), ('company_id', 'in', [False, company_id])]
        intervals = self.sudo()._work_intervals_batch(start, end, domain=domain)[False]
        return tuple((self._to_utc(a), self._to_utc(b), a.astimezone(tz).date()) for a, b, _records in intervals)

    @staticmethod
    def _to_utc(moment):
        # Odoo ends a day at 23:59:59.999999
        return tools.date_utils.add(moment.astimezone(UTC).replace(tzinfo=None), microseconds=1).replace(microsecond=0)

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res


class ResourceCalendarAttendance(models.Model):
    _inherit = 'resource.calendar.attendance'

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        self.env.registry.clear_cache()
        return attendances

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res


class ResourceCalendarLeaves(models.Model):
    _inherit = 'resource.calendar.leaves'

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._clear_feedback_blocks()
        return leaves

    def write(self, vals):
        was_holiday = self._has_holiday()
        res = super().write(vals)
        self._clear_feedback_blocks(was_holiday)
        return res

    def unlink(self):
        was_holiday = self._has_holiday()
        res = super().unlink()
        self.browse()._clear_feedback_blocks(was_holiday)
        return res

    def _has_holiday(self):
        # an employee's time off is nobody's public holiday
        return any(not leave.resource_id for leave in self)

    def _clear_feedback_blocks(self, was_holiday=False):
        if was_holiday or self._has_holiday():
            self.env.registry.clear_cache()
