"""What a person has agreed to: to be kept, and to be written to about which topics."""

from odoo import api, fields, models

PURPOSES = [
    ('keep', "Keep My Application"),
    ('nurture', "Write to Me"),
]
STATES = [
    ('asked', "Asked"),
    ('given', "Given"),
    ('renewed', "Renewed"),
    ('declined', "Declined"),
    ('withdrawn', "Withdrawn"),
    ('expired', "Expired"),
]
SOURCES = [
    ('page', "Consent Page"),
    ('renewal', "Renewal Page"),
    ('recruiter', "Recorded by a Recruiter"),
    ('application', "Application"),
    ('import', "Import"),
]


class HrCandidateConsent(models.Model):
    """Ledger: one row for each time a person was asked or agreed, for one purpose and company.

    The row that counts is the one in state ``given`` whose ``date_until`` has not passed; there is one
    at most. Giving anew ends the old row (``renewed``). What the person read is kept with the row.
    """
    _name = 'hr.candidate.consent'
    _description = "Candidate Consent"
    _order = 'id desc'

    # empty once the person was erased
    partner_id = fields.Many2one('res.partner', string="Person", index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    purpose = fields.Selection(PURPOSES, required=True)
    state = fields.Selection(STATES, required=True, default='asked')
    topic_ids = fields.Many2many('hr.nurture.topic', string="Topics")
    frequency_days = fields.Integer(
        string="At Most Once in (Days)", help="As the person wishes; 0 is as often as the company's rule allows.")
    asked_datetime = fields.Datetime(string="Asked On")
    given_datetime = fields.Datetime(string="Given On")
    date_until = fields.Date(string="Valid Until")
    renewal_asked_datetime = fields.Datetime(string="Renewal Asked On")
    ended_datetime = fields.Datetime(string="Ended On")
    source = fields.Selection(SOURCES)
    user_id = fields.Many2one('res.users', string="Recorded By", ondelete='set null')
    note = fields.Char(string="Evidence", help="How a recruiter knows, e.g. a signed form.")
    wording_version = fields.Integer()
    wording_lang = fields.Char()
    wording_text = fields.Html(string="Text Shown", sanitize=True)

    _one_given = models.UniqueIndex(
        "(partner_id, company_id, purpose) WHERE state = 'given'",
        "This person has given this consent already.")
    _one_asked = models.UniqueIndex(
        "(partner_id, company_id, purpose) WHERE state = 'asked'",
        "This person has been asked for this consent already.")
    _until_idx = models.Index("(date_until) WHERE state = 'given'")

    @api.model
    def _ask(self, partners, company, user=None, again=False):
        asked = self.sudo().search([
            ('partner_id', 'in', partners.ids), ('company_id', '=', company.id), ('state', 'in', ['asked', 'given'])])
        missing = partners - asked.partner_id
        self.sudo().create([
            {'partner_id': partner.id, 'company_id': company.id, 'purpose': 'keep', 'state': 'asked',
             'asked_datetime': fields.Datetime.now()} for partner in missing])
        return {'ask': missing}
