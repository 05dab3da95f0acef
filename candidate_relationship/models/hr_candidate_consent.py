"""What a person has agreed to: to be kept, and to be written to about which topics."""

from collections import namedtuple
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_list, hash_sign, verify_hash_signed

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
# How often at most, in days, as the page offers it.
FREQUENCIES = (0, 90, 180)
OPEN_STATES = ('asked', 'given')
NO_STATES = ('declined', 'withdrawn')
DECIDED_STATES = ('given', 'declined', 'withdrawn', 'expired')
TOKEN_SCOPE = 'candidate_relationship.consent'
SOURCES = [
    ('page', "Consent Page"),
    ('renewal', "Renewal Page"),
    ('recruiter', "Recorded by a Recruiter"),
    ('application', "Application"),
    ('import', "Import"),
]


class Choice(namedtuple('Choice', ['keep', 'nurture', 'said_no'])):
    """The consents of one person for one company that are valid now."""

    @property
    def given(self):
        return self.keep | self.nurture

    def describe(self, env):
        """One sentence a line, in the language of the environment."""
        lines = self._describe_keep(env) + self._describe_nurture(env)
        return '\n'.join(lines)

    def _describe_keep(self, env):
        if not self.keep:
            return [env._("We do not keep your application for later.")]
        if not self.keep.date_until:
            return [env._("We keep your application until you withdraw.")]
        return [env._("We keep your application until %s.", format_date(env, self.keep.date_until))]

    def _describe_nurture(self, env):
        if not self.nurture:
            return [env._("We do not send you news.")]
        # in the language of the reader, which need not be that of the rows
        topics = format_list(env, self.nurture.topic_ids.with_context(lang=env.lang).mapped('name'))
        lines = [env._("We write to you about: %s.", topics)]
        if self.nurture.frequency_days:
            lines.append(env._("We write to you once in %s days at most.", self.nurture.frequency_days))
        if self.nurture.date_until:
            lines.append(env._("We write to you until %s.", format_date(env, self.nurture.date_until)))
        return lines


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
    user_id = fields.Many2one('res.users', string="Asked or Recorded By", ondelete='set null')
    note = fields.Char(string="Evidence", help="How a recruiter knows, e.g. a signed form.")
    ended_user_id = fields.Many2one('res.users', string="Ended By", ondelete='set null')
    ended_note = fields.Char(string="How It Ended", help="How a recruiter knows, e.g. the person called.")
    wording_id = fields.Many2one(
        'hr.consent.wording', string="Consent Text", index='btree_not_null', ondelete='set null')
    wording_version = fields.Integer(string="Text Version")
    wording_lang = fields.Char(string="Text Language")
    wording_text = fields.Html(string="Text Shown", sanitize=True)
    # the mail that asks is still to be written
    mail_pending = fields.Boolean()
    # whoever has the link can answer for the person
    page_url = fields.Char(string="Link to the Page", compute='_compute_page_url', groups='base.group_system')
    choice_text = fields.Text(
        string="Choice in Words", compute='_compute_choice_text',
        help="For mail templates: what the person agreed to, one sentence a line, in the person's language.")

    _one_given = models.UniqueIndex(
        "(partner_id, company_id, purpose) WHERE state = 'given'",
        "This person has given this consent already.")
    _one_asked = models.UniqueIndex(
        "(partner_id, company_id, purpose) WHERE state = 'asked'",
        "This person has been asked for this consent already.")
    _until_idx = models.Index("(date_until) WHERE state = 'given'")
    _pending_idx = models.Index("(id) WHERE mail_pending")

    @api.depends('partner_id', 'purpose')
    def _compute_display_name(self):
        purposes = dict(self._fields['purpose']._description_selection(self.env))
        for consent in self:
            person = consent.partner_id.name or self.env._("Erased Person")
            consent.display_name = f"{person}: {purposes.get(consent.purpose, '')}"

    # ------------------------------------------------------------------
    # The page of a person
    # ------------------------------------------------------------------

    def _compute_page_url(self):
        for consent in self:
            consent.page_url = consent._get_page_url()

    def _get_page_url(self):
        """Link to the page on which this person chooses and withdraws, for this company.

        It names a row of the ledger: merging two persons moves the row, erasing a person empties it.
        """
        token = hash_sign(
            self.env(su=True), TOKEN_SCOPE, [self.id], expiration=self._get_link_end())
        return f"{self.get_base_url()}/candidate/consent/{token}"

    def _get_link_end(self):
        """Who agreed can withdraw for as long as the consent is valid."""
        end = datetime.now() + timedelta(days=self.company_id.sudo().candidate_link_days)
        if self.state == 'given' and self.date_until:
            end = max(end, datetime.combine(self.date_until, time.max))
        return end

    @api.model
    def _get_by_token(self, token):
        """The row of a link, as superuser; empty for whatever is no link to the page of somebody."""
        try:
            payload = verify_hash_signed(self.env(su=True), TOKEN_SCOPE, token)
        except (ValueError, OverflowError):
            payload = None
        consent = self.sudo().browse(payload or ()).exists()
        return consent.filtered(lambda c: c.partner_id and c.company_id.active)

    # ------------------------------------------------------------------
    # What counts
    # ------------------------------------------------------------------

    @api.model
    def _get_valid_domain(self):
        today = fields.Date.today()
        return Domain('state', '=', 'given') & (Domain('date_until', '=', False) | Domain('date_until', '>=', today))

    def _is_valid(self):
        return self.state == 'given' and (not self.date_until or self.date_until >= fields.Date.today())

    @api.model
    def _get_choice(self, partner, company):
        """What this person has chosen, a ``Choice``: rows that are valid, or empty."""
        rows = self.sudo().search([
            ('partner_id', '=', partner.id), ('company_id', '=', company.id), ('state', 'in', DECIDED_STATES)])
        valid = rows.filtered(lambda row: row._is_valid())
        return Choice(
            valid.filtered(lambda row: row.purpose == 'keep'), valid.filtered(lambda row: row.purpose == 'nurture'),
            said_no=not valid and rows[:1].state in NO_STATES)

    @api.depends_context('lang')
    @api.depends('partner_id', 'company_id', 'state', 'date_until')
    def _compute_choice_text(self):
        for consent in self:
            consent.choice_text = self._get_choice(consent.partner_id, consent.company_id).describe(self.env)
