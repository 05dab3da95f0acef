from odoo import api, fields, models

from ..models.client_actions import CLOSE, notify
from ..models.hr_nurture_reason import REASONS


class HrNurtureEnroll(models.TransientModel):
    """Put selected talents into a program."""
    _name = 'hr.nurture.enroll'
    _description = "Put in a Program"

    program_id = fields.Many2one('hr.nurture.program', required=True, ondelete='cascade')
    applicant_ids = fields.Many2many('hr.applicant', string="Talents")
    count = fields.Integer(string="Selected", compute='_compute_count')

    @api.depends('applicant_ids')
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.applicant_ids)

    def action_enroll(self):
        self.ensure_one()
        entered, others = self.program_id._enroll(self.applicant_ids)
        lines = [self.env._("%s people entered the program.", len(entered)), *self._get_lines(others)]
        return notify(" ".join(lines), CLOSE, kind='success' if entered else 'warning', sticky=bool(others))

    def _get_lines(self, others):
        labels = {
            **dict(self.env['mailing.trace']._fields['nurture_reason']._description_selection(self.env)),
            'in': self.env._("In It Already"), 'gone': self.env._("No Talent of the Company")}
        reasons = list(others.values())
        return [self.env._("%(reason)s: %(count)s.", reason=labels[key], count=reasons.count(key))
                for key in (*dict(REASONS), 'in', 'gone') if key in reasons]


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    def action_nurture_enroll(self):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Put in a Program"), 'res_model': 'hr.nurture.enroll',
            'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new',
            'context': {'default_applicant_ids': self.ids},
        }
