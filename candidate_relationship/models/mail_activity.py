from odoo import fields, models


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    feedback_promise_id = fields.Many2one('hr.feedback.promise', index='btree_not_null', ondelete='cascade')
