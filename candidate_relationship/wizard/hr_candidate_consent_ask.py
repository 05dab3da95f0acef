from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.client_actions import CLOSE, notify


class HrCandidateConsentAsk(models.TransientModel):
    """Says who would be asked for their consent and who not, and asks."""
    _name = 'hr.candidate.consent.ask'
    _description = "Ask for Consent"

    applicant_ids = fields.Many2many(
        'hr.applicant', string="Candidates", default=lambda self: self._default_applicants())
    again = fields.Boolean(string="Ask Those Too Who Said No")
    ask_count = fields.Integer(string="Will Be Asked", compute='_compute_counts')
    given_count = fields.Integer(string="Have Agreed Already", compute='_compute_counts')
    recent_count = fields.Integer(string="Asked Within the Last 7 Days", compute='_compute_counts')
    said_no_count = fields.Integer(string="Said No", compute='_compute_counts')
    no_address_count = fields.Integer(string="Have No Email", compute='_compute_counts')
    blacklisted_count = fields.Integer(string="Blacklisted", compute='_compute_counts')

    @api.model
    def _default_applicants(self):
        if self.env.context.get('active_model') == 'hr.applicant':
            return self.env.context.get('active_ids')
        return False

    def _get_partners_by_company(self):
        """Persons of the chosen applications, once each, by company."""
        by_company = self.applicant_ids.grouped(lambda applicant: applicant._get_candidate_company())
        return {company: applicants.partner_id for company, applicants in by_company.items()}

    @api.depends('applicant_ids', 'again')
    def _compute_counts(self):
        consents = self.env['hr.candidate.consent']
        for wizard in self:
            counts = dict.fromkeys(('ask', 'given', 'recent', 'said_no', 'no_address', 'blacklisted'), 0)
            counts['no_address'] = len(wizard.applicant_ids.filtered(lambda applicant: not applicant.partner_id))
            for company, partners in wizard._get_partners_by_company().items():
                for name, group in consents._sort_for_asking(partners, company).items():
                    counts[name] += len(group)
            if wizard.again:
                counts['ask'] += counts['said_no']
            for name, count in counts.items():
                wizard[f'{name}_count'] = count

    def action_ask(self):
        self.ensure_one()
        self.applicant_ids.check_access('write')
        consents, asked = self.env['hr.candidate.consent'], 0
        for company, partners in self._get_partners_by_company().items():
            asked += len(consents._ask(partners, company, user=self.env.user, again=self.again)['ask'])
        if not asked:
            raise UserError(self.env._("Nobody of these can be asked now."))
        return notify(self.env._("Asked: %s. The mails are on their way.", asked), CLOSE)
