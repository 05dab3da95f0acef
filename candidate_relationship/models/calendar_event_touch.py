from odoo import api, models

from .calendar_event import TIME_FIELDS

MEETING_FIELDS = TIME_FIELDS | {'name', 'user_id'}


class CalendarEvent(models.Model):
    """An interview is a touch at its start: it moves with the interview and goes with it.

    A deleted interview takes its touch along in the database.
    """
    _inherit = 'calendar.event'

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events.sudo().filtered('applicant_id')._sync_candidate_touches()
        return events

    def write(self, vals):
        if not MEETING_FIELDS & vals.keys():
            return super().write(vals)
        interviews = self.sudo().filtered('applicant_id')
        res = super().write(vals)
        (interviews | self.sudo().exists().filtered('applicant_id')).exists()._sync_candidate_touches()
        return res

    def unlink(self):
        interviews = self.sudo().filtered('applicant_id')
        res = super().unlink()
        if interviews:
            self.env['hr.candidate.touch'].sudo()._forget_cached()
        return res

    def _sync_candidate_touches(self):
        if self:
            self.applicant_id._ensure_candidate_partners()
            self.env['hr.candidate.touch']._sync_meetings(self.ids)
