from odoo import fields, models


class HrFeedbackPause(models.Model):
    """Why and how long the clock of a promise stood still."""
    _name = 'hr.feedback.pause'
    _description = "Feedback Promise Pause"
    _order = 'start, id'

    promise_id = fields.Many2one('hr.feedback.promise', required=True, index=True, ondelete='cascade')
    start = fields.Datetime(required=True)
    end = fields.Datetime(string="Until")
    hours = fields.Float(string="Working Hours", digits=(16, 2))
    reason = fields.Selection([('waiting', "Waiting for the candidate")], required=True, default='waiting')
    user_id = fields.Many2one('res.users', string="Set By", ondelete='set null')

    _one_open_pause = models.UniqueIndex(
        '(promise_id) WHERE "end" IS NULL', "The clock of this promise is stopped already.")
