from collections import defaultdict
from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import api, fields, models

from .hr_feedback_promise_clock import Occasion

TIME_FIELDS = {'start', 'stop', 'start_date', 'stop_date', 'duration', 'allday', 'active', 'applicant_id'}


class CalendarEvent(models.Model):
    """An interview's end starts the clock of its promise; moved or cancelled, it takes the promise along."""
    _inherit = 'calendar.event'

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.filtered('applicant_id').sudo()._open_feedback_promises()
        return events

    def write(self, vals):
        if not TIME_FIELDS & vals.keys():
            return super().write(vals)
        applicants = {event.id: event.applicant_id for event in self.sudo()}
        res = super().write(vals)
        interviews = self.sudo().exists().filtered(lambda e: applicants.get(e.id) or e.applicant_id)
        if interviews:
            interviews._move_feedback_promises(applicants)
        return res

    def unlink(self):
        self.sudo().filtered('applicant_id')._cancel_feedback_promises()
        return super().unlink()

    # ------------------------------------------------------------------

    def _open_feedback_promises(self):
        self.env['hr.feedback.promise']._open([
            Occasion(event.applicant_id, 'interview', event._get_feedback_start(), event=event)
            for event in self if event.active and event._is_feedback_owed()])

    def _is_feedback_owed(self):
        applicant = self.applicant_id
        return applicant.pool_applicant_id != applicant and applicant._get_feedback_outcome() in ('open', 'hired')

    def _move_feedback_promises(self, old_applicants):
        promises = defaultdict(self.env['hr.feedback.promise'].browse, {
            event: rows for event, rows in self._get_feedback_promises().grouped('event_id').items()})
        gone = self.filtered(lambda e: not e.active or e.applicant_id != old_applicants.get(e.id))
        gone._cancel_feedback_promises()
        for event in self - gone:
            promises[event]._reschedule(event._get_feedback_start())
        self._without_feedback_promise()._open_feedback_promises()

    def _without_feedback_promise(self):
        """Interviews of which an answer is to be promised: none was, or they were put off after it was given."""
        promised = self.env['hr.feedback.promise'].sudo().search([
            ('event_id', 'in', self.ids), ('state', '!=', 'cancelled')]).grouped('event_id')
        now = fields.Datetime.now()
        return self.filtered(lambda e: e.applicant_id and (
            e.applicant_id not in promised.get(e, self.env['hr.feedback.promise']).applicant_id
            or e._get_feedback_start() > now))

    def _cancel_feedback_promises(self):
        self._get_feedback_promises()._cancel(self.env._("The interview was cancelled"))

    def _get_feedback_promises(self):
        promises = self.env['hr.feedback.promise'].sudo()
        return promises.search([('event_id', 'in', self.ids), *promises._get_open_domain()]) if self else promises

    def _get_feedback_start(self):
        """When the candidate begins to wait: the end of the interview.

        :return: naive UTC datetime; the start where there is no end; the end of the day, in the
            calendar's time zone, for an interview that takes all day
        """
        if not self.allday:
            return self.stop or self.start
        company = self.applicant_id.company_id or self.env.company
        tz = timezone((company.feedback_calendar_id or company.resource_calendar_id).tz or 'UTC')
        day = (self.stop_date or (self.stop or self.start).date()) + timedelta(days=1)
        return tz.localize(datetime.combine(day, time.min)).astimezone(UTC).replace(tzinfo=None)
