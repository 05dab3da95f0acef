"""A mail that comes in from the candidate is a touch."""

from odoo import models


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    def _message_post_after_hook(self, message, msg_vals):
        res = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == 'email' and self._is_written_by_candidate(message):
            touches = self.env['hr.candidate.touch'].sudo()
            self._ensure_candidate_partners()
            touches._record_beside(touches._get_reply_insert(self, message))
        return res
