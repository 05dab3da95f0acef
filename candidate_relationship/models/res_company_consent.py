from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    candidate_consent_required = fields.Boolean(string="Ask Candidates for Consent", default=True)
    candidate_erasure_grace_days = fields.Integer(
        string="Erase After (Days)", default=30,
        help="How long after a consent has ended the data of its owner is due for erasure.")
