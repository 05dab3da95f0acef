from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    nurture_contacts = fields.Integer(related='company_id.nurture_contacts', readonly=False)
    nurture_days = fields.Integer(related='company_id.nurture_days', readonly=False)
