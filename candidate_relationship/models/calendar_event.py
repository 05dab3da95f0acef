from datetime import datetime, time

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
        facts = {event.id: (event.applicant_id, event.active) for event in self.sudo()}
        res = super().write(vals)
        interviews = self.sudo().exists().filtered(lambda e: e.applicant_id or any(facts.get(e.id, ())[:1]))
        if interviews:
            # two who change one interview meet on its row, where Odoo tries again
            interviews.flush_recordset()
            interviews._move_feedback_promises(facts)
        return res

    def unlink(self):
        self.sudo().filtered('applicant_id')._cancel_feedback_promises()
        return super().unlink()

    # ------------------------------------------------------------------

    def _open_feedback_promises(self):
        """An interview that is entered when its answer is overdue already, as old ones are by a
        calendar's synchronisation, promises nothing."""
        self.env['hr.feedback.promise']._open([
            Occasion(event.applicant_id, 'interview', event._get_feedback_start(), event=event)
            for event in self if event.active and event._is_feedback_owed()], still_due=True)

    def _is_feedback_owed(self):
        applicant = self.applicant_id
        return applicant._is_feedback_application() and applicant._get_feedback_outcome() in ('open', 'hired')

    def _move_feedback_promises(self, old_facts):
        """:param dict old_facts: applicant and activity before the change, by id of the event"""
        promises = self._get_feedback_promises().grouped('event_id')
        changed = self.filtered(lambda e: (e.applicant_id, e.active) != old_facts.get(e.id))
        changed._cancel_feedback_promises()
        for event in self - changed:
            if event in promises:
                promises[event]._reschedule(event._get_feedback_start())
        (changed | self._put_off())._open_feedback_promises()

    def _put_off(self):
        """Interviews still to come of whose end no answer was promised, nor the promise cancelled by hand."""
        now = fields.Datetime.now()
        promised = {
            (promise.event_id, promise.trigger_datetime)
            for promise in self.env['hr.feedback.promise'].sudo().search([
                ('event_id', 'in', self.ids), '|', ('state', '!=', 'cancelled'), ('cancel_type', '=', 'manual')])}
        return self.filtered(
            lambda e: e.applicant_id and e._get_feedback_start() > now
            and (e, e._get_feedback_start()) not in promised)

    def _cancel_feedback_promises(self):
        self._get_feedback_promises()._cancel('interview')

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
        day = self.stop_date or (self.stop or self.start).date()
        return tz.localize(datetime.combine(day, time(23, 59, 59))).astimezone(UTC).replace(tzinfo=None)
