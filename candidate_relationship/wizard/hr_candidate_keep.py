from odoo import fields, models


class HrCandidateKeep(models.TransientModel):
    """Take people out of the erasure queue; the reason stays in it."""
    _name = 'hr.candidate.keep'
    _description = "Keep Candidates"

    erasure_ids = fields.Many2many('hr.candidate.erasure', string="People", required=True)
    reason = fields.Char(required=True)

    def action_keep(self):
        self.erasure_ids._keep(self.reason)
        return {'type': 'ir.actions.act_window_close'}
