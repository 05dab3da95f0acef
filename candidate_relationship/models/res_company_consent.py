from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    candidate_consent_required = fields.Boolean(string="Ask Candidates for Consent", default=True)
