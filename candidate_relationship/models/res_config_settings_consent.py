from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    candidate_consent_required = fields.Boolean(related='company_id.candidate_consent_required', readonly=False)
    candidate_consent_months = fields.Integer(related='company_id.candidate_consent_months', readonly=False)
    candidate_renewal_days = fields.Integer(related='company_id.candidate_renewal_days', readonly=False)
    candidate_erasure_grace_days = fields.Integer(related='company_id.candidate_erasure_grace_days', readonly=False)
    candidate_link_days = fields.Integer(related='company_id.candidate_link_days', readonly=False)
