from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, plaintext2html

from ..models.hr_feedback_promise import OPEN_STATES


class HrFeedbackCall(models.TransientModel):
    """A phone call with the candidate: noted in the chatter, and the answer to what was promised."""
    _name = 'hr.feedback.call'
    _description = "Log a Call with the Candidate"

    applicant_ids = fields.Many2many('hr.applicant', string="Candidates", required=True)
    call_datetime = fields.Datetime(string="Called On", required=True, default=fields.Datetime.now)
    note = fields.Text(string="What Was Said")
    promise_count = fields.Integer(compute='_compute_promise_count', help="Promises that the call answers.")

    @api.depends('applicant_ids', 'call_datetime')
    def _compute_promise_count(self):
        for call in self:
            call.promise_count = len(call.applicant_ids.feedback_promise_ids.filtered(
                lambda p, call=call: p.state in OPEN_STATES
                and call.call_datetime and p.trigger_datetime <= call.call_datetime))

    def action_log(self):
        self.ensure_one()
        self._check_call()
        messages = {
            applicant: applicant.message_post(body=self._get_body(applicant)) for applicant in self.applicant_ids}
        self.applicant_ids._feedback_answer_by_call(self.call_datetime, messages)
        return {'type': 'ir.actions.act_window_close'}

    def _check_call(self):
        self.applicant_ids.check_access('write')
        if not self.applicant_ids:
            raise UserError(self.env._("Choose the candidate you called."))
        if self.call_datetime > fields.Datetime.now():
            raise UserError(self.env._("The call lies in the future. Log it once you have spoken to the candidate."))

    def _get_body(self, applicant):
        title = self.env._(
            "Call with %(candidate)s on %(date)s", candidate=applicant.partner_name or '',
            date=format_datetime(self.env, self.call_datetime, dt_format='short'))
        return Markup("<p><b>%s</b></p>%s") % (title, plaintext2html(self.note) if self.note else '')
