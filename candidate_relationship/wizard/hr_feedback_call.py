from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, plaintext2html

from ..models.hr_candidate_touch import LOGGED_CHANNELS
from ..models.hr_feedback_promise import OPEN_STATES


class HrFeedbackCall(models.TransientModel):
    """A call or a message that Odoo did not see: noted in the chatter and as a touch of each person.

    A phone call is the answer to what was promised, too; a message is not, as nothing tells whether it
    was read.
    """
    _name = 'hr.feedback.call'
    _description = "Log a Contact with the Candidate"

    applicant_ids = fields.Many2many('hr.applicant', string="Candidates", required=True)
    channel = fields.Selection(LOGGED_CHANNELS, required=True, default='call')
    call_datetime = fields.Datetime(string="Date", required=True, default=fields.Datetime.now)
    note = fields.Text()
    promise_count = fields.Integer(compute='_compute_promise_count', help="Promises that the call answers.")

    @api.depends('applicant_ids', 'call_datetime', 'channel')
    def _compute_promise_count(self):
        for call in self:
            call.promise_count = call.channel == 'call' and len(call.applicant_ids.feedback_promise_ids.filtered(
                lambda p, call=call: p.state in OPEN_STATES
                and call.call_datetime and p.trigger_datetime <= call.call_datetime))

    def action_log(self):
        self.ensure_one()
        self._check_call()
        messages = {
            applicant: applicant.message_post(body=self._get_body(applicant)) for applicant in self.applicant_ids}
        if self.channel == 'call':
            self.applicant_ids._feedback_answer_by_call(self.call_datetime, messages)
        self._record_touches(messages)
        return {'type': 'ir.actions.act_window_close'}

    def _check_call(self):
        self.applicant_ids.check_access('write')
        if not self.applicant_ids:
            raise UserError(self.env._("Choose the candidate you called or wrote to."))
        if self.call_datetime > fields.Datetime.now():
            if self.channel == 'call':
                raise UserError(self.env._(
                    "The call lies in the future. Log it once you have spoken to the candidate."))
            raise UserError(self.env._(
                "The contact lies in the future. Log it once you have been in touch with the candidate."))

    def _get_body(self, applicant):
        return Markup("<p><b>%s</b></p>%s") % (
            self._get_title(applicant), plaintext2html(self.note) if self.note else '')

    def _get_title(self, applicant):
        values = {
            'candidate': applicant.partner_name or '',
            'date': format_datetime(self.env, self.call_datetime, dt_format='short')}
        if self.channel == 'call':
            return self.env._("Call with %(candidate)s on %(date)s", **values)
        if self.channel == 'linkedin':
            return self.env._("LinkedIn message to %(candidate)s on %(date)s", **values)
        if self.channel == 'sms':
            return self.env._("SMS to %(candidate)s on %(date)s", **values)
        return self.env._("Contact with %(candidate)s on %(date)s", **values)

    def _record_touches(self, messages):
        """One for each person: a talent and their application are the same one.

        :param dict messages: the note in the chatter, by applicant
        """
        applicants = self.applicant_ids.sudo()
        applicants._ensure_candidate_partners()
        touches = {}
        for applicant in applicants:
            vals = applicant._prepare_candidate_touch()
            touches.setdefault((vals['partner_id'], vals['company_id']), {
                **vals,
                'date': self.call_datetime,
                'channel': self.channel,
                'user_id': self.env.uid,
                'note': self.note,
                'message_id': messages[applicant].id,
            })
        self.env['hr.candidate.touch'].sudo()._record(list(touches.values()))
