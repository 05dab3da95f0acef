from odoo import models


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    def _ensure_candidate_partners(self):
        """Give every application a person; stock Odoo makes one of an e-mail address only."""
        for applicant in self.sudo().filtered(lambda a: not a.partner_id):
            applicant.partner_id = self.env['res.partner'].sudo().create({
                'name': applicant.partner_name or applicant.display_name, 'phone': applicant.partner_phone})
