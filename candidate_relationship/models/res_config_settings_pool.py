from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    near_miss_stage_id = fields.Many2one(related='company_id.near_miss_stage_id', readonly=False)
    near_miss_priority = fields.Selection(related='company_id.near_miss_priority', readonly=False)
    near_miss_mode = fields.Selection(related='company_id.near_miss_mode', readonly=False, required=True)
