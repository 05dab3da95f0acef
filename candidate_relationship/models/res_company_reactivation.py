from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    reactivation_automatic = fields.Boolean(
        string="Prepare Reactivation", default=True,
        help="When a job is opened, rank the people of the pools for it and tell the recruiter. Nobody is written to.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    reactivation_automatic = fields.Boolean(related='company_id.reactivation_automatic', readonly=False)
