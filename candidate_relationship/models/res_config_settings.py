from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    feedback_calendar_id = fields.Many2one(related='company_id.feedback_calendar_id', readonly=False)
    feedback_fallback_user_id = fields.Many2one(related='company_id.feedback_fallback_user_id', readonly=False)
