from odoo import fields, models


class ResPartner(models.Model):
    """The person whom applications and talents belong to."""
    _inherit = 'res.partner'

    candidate_touch_ids = fields.One2many(
        'hr.candidate.touch', 'partner_id', string="Touches",
        groups='hr_recruitment.group_hr_recruitment_interviewer')
    candidate_consent_ids = fields.One2many('hr.candidate.consent', 'partner_id', string="Consents")

    def _record_page_touch(self, company, summary, applicant=None):
        """The person did something on a page of ours."""
        self.env['hr.candidate.touch'].sudo()._record([
            {'partner_id': partner.id, 'company_id': company.id, 'channel': 'page', 'direction': 'in',
             'summary': summary} for partner in self])
