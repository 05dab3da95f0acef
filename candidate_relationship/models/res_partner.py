from odoo import fields, models


class ResPartner(models.Model):
    """The person whom applications and talents belong to."""
    _inherit = 'res.partner'

    candidate_touch_ids = fields.One2many(
        'hr.candidate.touch', 'partner_id', string="Touches",
        groups='hr_recruitment.group_hr_recruitment_interviewer')
    candidate_consent_ids = fields.One2many(
        'hr.candidate.consent', 'partner_id', string="Consents", groups='hr_recruitment.group_hr_recruitment_user')
