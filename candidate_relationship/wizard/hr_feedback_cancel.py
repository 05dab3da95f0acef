from odoo import fields, models


class HrFeedbackCancel(models.TransientModel):
    """No answer is owed any more; the reason stays in the ledger."""
    _name = 'hr.feedback.cancel'
    _description = "Cancel Feedback Promises"

    promise_ids = fields.Many2many('hr.feedback.promise', string="Promises", required=True)
    reason = fields.Char(required=True)

    def action_cancel_promises(self):
        self.promise_ids._check_officer()
        self.promise_ids.applicant_id.check_access('write')
        self.promise_ids._cancel('manual', note=self.reason)
        return {'type': 'ir.actions.act_window_close'}
