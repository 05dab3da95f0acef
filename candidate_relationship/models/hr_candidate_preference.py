"""How a person wants to be written to: which topics not, how often at most, and not before when."""

from odoo import api, fields, models
from odoo.tools import SQL

from .person_value import PersonValue


class HrCandidatePreference(models.Model):
    """One row for each person and company that asked for something else than the rule.

    It narrows what the person agreed to and widens nothing. Leaving all is no preference: it is the
    word of the person, and stands in ``hr.candidate.consent``.
    """
    _name = 'hr.candidate.preference'
    _description = "Candidate Preference"
    _order = 'id desc'

    partner_id = fields.Many2one('res.partner', string="Person", required=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    left_topic_ids = fields.Many2many('hr.nurture.topic', string="Topics Left")
    frequency_days = fields.Integer(
        string="At Most Once in (Days)", help="0 is as often as the company's rule allows.")
    paused_until = fields.Date(help="Nothing is sent before this day.")

    _one_per_person = models.UniqueIndex(
        "(partner_id, company_id)", "The preferences of this person are there already.")
    _frequency_days_range = models.Constraint(
        'CHECK (frequency_days BETWEEN 0 AND 3650)', "A frequency is 0 to 3650 days.")

    @api.depends('partner_id')
    def _compute_display_name(self):
        for preference in self:
            preference.display_name = preference.partner_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        """Who said how often on the consent page said so for this row too."""
        for vals in vals_list:
            if 'frequency_days' not in vals and vals.get('partner_id') and vals.get('company_id'):
                vals['frequency_days'] = self._get_agreed_frequency(vals['partner_id'], vals['company_id'])
        return super().create(vals_list)

    @api.model
    def _get_agreed_frequency(self, partner_id, company_id):
        consents = self.env['hr.candidate.consent'].sudo()
        return consents.search(consents._get_valid_domain() & self._get_nurture_domain(partner_id, company_id), limit=1
                               ).frequency_days

    @api.model
    def _get_nurture_domain(self, partner_id, company_id):
        return fields.Domain([
            ('partner_id', '=', partner_id), ('company_id', '=', company_id), ('purpose', '=', 'nurture')])

    @api.model
    def _get_for(self, partner, company):
        """The row of this person, made if there is none, in superuser mode."""
        self = self.sudo()
        domain = [('partner_id', '=', partner.id), ('company_id', '=', company.id)]
        if row := self.search(domain):
            return row
        # two clicks at once: the second finds the row of the first, or is tried again by Odoo
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "INSERT INTO hr_candidate_preference (partner_id, company_id, frequency_days,"
            " create_uid, write_uid, create_date, write_date)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            partner.id, company.id, self._get_agreed_frequency(partner.id, company.id),
            self.env.uid, self.env.uid, self.env.cr.now(), self.env.cr.now()))
        return self.search(domain)

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _get_reason(self, company, topic, day):
        """Why a person wants no mail of this topic on this day: ``topic``, ``paused`` or NULL.

        :param topic: ``SQL`` of an id, NULL for a mail of no topic
        :return: :class:`PersonValue`
        """
        left = self._fields['left_topic_ids']
        return PersonValue(
            SQL("""MIN(CASE
                WHEN EXISTS (SELECT FROM %(left)s leaves WHERE leaves.%(row)s = preference.id
                                AND leaves.%(topic_column)s = %(topic)s) THEN 'topic'
                WHEN preference.paused_until > %(day)s THEN 'paused' END)""",
                left=SQL.identifier(left.relation), row=SQL.identifier(left.column1),
                topic_column=SQL.identifier(left.column2), topic=topic, day=day),
            SQL("FROM hr_candidate_preference preference WHERE preference.company_id = %s", company, to_flush=[
                self._fields[name] for name in ('partner_id', 'company_id', 'paused_until', 'left_topic_ids')]),
            SQL("preference.partner_id"))

    @api.model
    def _get_frequency_sql(self, partner, company):
        """Days that must lie between two mails as the person wishes; NULL for whoever wishes nothing.

        The preference is the later word: what was agreed to counts where there is none.
        """
        consent_fields = self.env['hr.candidate.consent']._fields
        return SQL(
            """NULLIF(COALESCE(
                (SELECT preference.frequency_days FROM hr_candidate_preference preference
                  WHERE preference.partner_id = %(partner)s AND preference.company_id = %(company)s),
                (SELECT wish.frequency_days FROM hr_candidate_consent wish
                  WHERE wish.partner_id = %(partner)s AND wish.company_id = %(company)s
                    AND wish.purpose = 'nurture' AND wish.state = 'given')), 0)""",
            partner=partner, company=company,
            to_flush=[self._fields['partner_id'], self._fields['company_id'], self._fields['frequency_days'],
                      *(consent_fields[name] for name in (
                          'partner_id', 'company_id', 'purpose', 'state', 'frequency_days'))])


class HrCandidateConsent(models.Model):
    _inherit = 'hr.candidate.consent'

    @api.model
    def _answer(self, partner, company, keep=None, topics=None, frequency_days=0, **evidence):
        """The later word counts: whoever agrees to a topic again has not left it any more."""
        changed = super()._answer(
            partner, company, keep=keep, topics=topics, frequency_days=frequency_days, **evidence)
        if topics:
            preference = self.env['hr.candidate.preference'].sudo().search([
                ('partner_id', '=', partner.id), ('company_id', '=', company.id)])
            preference.write({
                'left_topic_ids': [(3, topic.id) for topic in topics], 'frequency_days': frequency_days})
        return changed
