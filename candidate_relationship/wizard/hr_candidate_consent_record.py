from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError


class HrCandidateConsentRecord(models.TransientModel):
    """What a person told a recruiter on paper or by phone: they agree, or they don't."""
    _name = 'hr.candidate.consent.record'
    _description = "Record Consent"

    applicant_ids = fields.Many2many(
        'hr.applicant', string="Candidates", default=lambda self: self._default_applicants())
    answer = fields.Selection(
        [('yes', "Agrees"), ('no', "Says No or Withdraws")], required=True, default='yes')
    keep = fields.Boolean(string="Keep the Application", default=True)
    nurture = fields.Boolean(string="Write to the Person", default=True)
    topic_ids = fields.Many2many('hr.nurture.topic', string="Topics")
    frequency = fields.Selection(
        [('0', "As often as there is news"), ('90', "At most every 3 months"), ('180', "At most every 6 months")],
        default='0', required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Char(string="Evidence", help="How you know, e.g. the signed form, or a call and its date.")
    send_confirmation = fields.Boolean(
        string="Confirm by Email", default=True,
        help="The person gets a mail that says what was recorded, with a link to change it.")

    @api.model
    def _default_applicants(self):
        if self.env.context.get('active_model') == 'hr.applicant':
            return self.env.context.get('active_ids')
        return False

    def action_record(self):
        self.ensure_one()
        self._check_record()
        applicants = self.applicant_ids
        if not all(applicant.partner_id for applicant in applicants):
            applicants._ensure_candidate_partners()
        if missing := applicants.filtered(lambda applicant: not applicant.partner_id):
            raise UserError(self.env._("Enter a name first: %s.", ', '.join(missing.mapped('display_name'))))
        for company, mine in applicants.grouped(lambda applicant: applicant._get_candidate_company()).items():
            for partner in mine.partner_id:
                self._record_for(partner, company)
        return {'type': 'ir.actions.act_window_close'}

    def _record_for(self, partner, company):
        yes = self.answer == 'yes'
        topics = self.topic_ids if yes else self.topic_ids.browse()
        evidence = {'source': 'recruiter', 'user_id': self.env.uid, 'note': self.note}
        if yes:
            evidence['given_datetime'] = self._get_moment()
        changed = self.env['hr.candidate.consent']._answer(
            partner, company, keep=yes if self.keep else None, topics=topics if self.nurture else None,
            frequency_days=int(self.frequency), **evidence)
        if self.send_confirmation:
            changed._send_confirmation()

    def _get_moment(self):
        """A day of the past counts from its noon, which is that day nearly everywhere."""
        if self.date == fields.Date.context_today(self):
            return fields.Datetime.now()
        return datetime.combine(self.date, time(12))

    def _check_record(self):
        self.applicant_ids.check_access('write')
        if not self.applicant_ids:
            raise UserError(self.env._("Choose who has told you."))
        if not (self.note or '').strip():
            raise UserError(self.env._("Say how you know: the signed form, the call, the mail."))
        if not (self.keep or self.nurture):
            raise UserError(self.env._(
                "Tick what it is about: keeping the application, writing to the person, or both."))
        if self.answer == 'yes':
            self._check_yes()

    def _check_yes(self):
        if self.nurture and not self.topic_ids:
            raise UserError(self.env._("Choose the topics that the person agreed to."))
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("The day lies in the future. Record the consent once it is given."))
        today = fields.Date.today()
        for company in {applicant._get_candidate_company() for applicant in self.applicant_ids}:
            until = fields.Date.add(self.date, months=company.sudo().candidate_consent_months)
            if until < today:
                raise UserError(self.env._("That consent has run out already: it is too old."))
