"""What a person wishes, on their page; and the link by which they say it, for mails."""

from odoo import api, fields, models

from .hr_applicant_consent import OFFICER
from .mail_mail_preference import PLACEHOLDER


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    candidate_preference_url = fields.Char(
        string="Link to Preferences", compute='_compute_candidate_preference_url', groups=OFFICER,
        help="For mail templates and mailings: the page on which the person says what they want to get.")

    @api.depends_context('candidate_preference_placeholder', 'company')
    @api.depends('partner_id', 'company_id')
    def _compute_candidate_preference_url(self):
        """In a mailing the link of the reader is put in when it is sent; in a test of one, that of nobody."""
        preferences = self.env['hr.candidate.preference']
        placeholder = self.env.context.get('candidate_preference_placeholder')
        for applicant in self:
            partner = applicant.partner_id._origin
            if placeholder:
                # of the mailing, which looks for it: a company's website can have another address
                applicant.candidate_preference_url = f"{self.env['mailing.mailing'].get_base_url()}{PLACEHOLDER}"
            else:
                applicant.candidate_preference_url = partner and preferences._get_page_url(
                    partner, applicant._get_candidate_company())

    def action_record_preferences(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Preferences"),
            'res_model': 'hr.candidate.preference.record',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_applicant_id': self.id, 'active_test': False},
        }

    def _summarize_preferences(self):
        """Only where the person wishes something else than the rule, and is written to at all."""
        preferences = self.env['hr.candidate.preference']
        standing = preferences._get_standing(self.partner_id, self._get_candidate_company())
        wishes = preferences._describe_wishes(standing)
        if not (self.partner_id and standing.is_written_to and wishes):
            return []
        return [{
            'icon': 'fa-sliders', 'label': self.env._("Wishes"), 'text': wishes,
            'level': 'warning' if standing.paused_until else 'body'}]
