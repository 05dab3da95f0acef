from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    experience_threshold = fields.Integer(related='company_id.experience_threshold', readonly=False)
    experience_cooldown_days = fields.Integer(related='company_id.experience_cooldown_days', readonly=False)
    experience_publish = fields.Selection(related='company_id.experience_publish', readonly=False)
