"""The ledger of the contact budget: who was written to, when, and by what."""

from odoo import api, fields, models
from odoo.tools import SQL

STATES = [
    ('booked', "Booked"),
    ('sent', "Sent"),
    ('released', "Released"),
]


class HrNurtureContact(models.Model):
    """One row for each mail to a person that counts against the budget of a company.

    It is booked before the mail is written, and released when the mail came to nothing.
    """
    _name = 'hr.nurture.contact'
    _description = "Nurture Contact"
    _order = 'booked_datetime desc, id desc'

    # empty once the person was erased: the count stays
    partner_id = fields.Many2one('res.partner', string="Person", ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    topic_id = fields.Many2one('hr.nurture.topic', ondelete='set null')
    booked_datetime = fields.Datetime(string="Booked On", required=True)
    source_model = fields.Char(required=True)
    source_id = fields.Many2oneReference(string="Mailing", model_field='source_model', required=True)
    source_name = fields.Char(string="Written By", compute='_compute_source_name', compute_sudo=True)
    state = fields.Selection(STATES, required=True, default='booked')

    _one_per_source = models.UniqueIndex(
        "(partner_id, company_id, source_model, source_id)", "This mail was booked for this person already.")
    _person_idx = models.Index("(partner_id, company_id, booked_datetime) WHERE state != 'released'")
    _source_idx = models.Index("(source_model, source_id, state)")

    @api.depends('partner_id')
    def _compute_display_name(self):
        for contact in self:
            contact.display_name = contact.partner_id.display_name or self.env._("Erased Person")

    @api.depends('source_model', 'source_id')
    def _compute_source_name(self):
        """What it was written by may be gone."""
        self.source_name = False
        for name, contacts in self.grouped('source_model').items():
            if name in self.env:
                there = set(self.env[name].browse(contacts.mapped('source_id')).exists().ids)
                for contact in contacts.filtered(lambda contact, there=there: contact.source_id in there):
                    contact.source_name = self.env[name].browse(contact.source_id).display_name

    # ------------------------------------------------------------------
    # The rule
    # ------------------------------------------------------------------

    @api.model
    def _get_budget_sql(self, partner, company, at, source=None):
        """SQL of ``budget`` where a person was written to as often as may be, else NULL.

        The person's own frequency counts beside the company's rule: the longer wait holds.

        :param partner: ``SQL`` of an id, as is ``company``
        :param at: ``SQL`` of the moment (UTC) that is asked about
        :param source: record whose own bookings do not count, so that what was begun can go on
        """
        others = SQL("TRUE")
        if source:
            others = SQL("(contact.source_model, contact.source_id) != (%s, %s)", source._name, source.id)
        return SQL(
            """(SELECT 'budget' FROM hr_nurture_contact contact
                  JOIN res_company rule ON rule.id = contact.company_id
                 WHERE contact.partner_id = %(partner)s AND contact.company_id = %(company)s
                   AND contact.state != 'released' AND %(others)s
                 GROUP BY rule.id
                HAVING COUNT(*) FILTER (WHERE contact.booked_datetime > %(at)s - rule.nurture_days * INTERVAL '1 day')
                       >= rule.nurture_contacts
                    OR MAX(contact.booked_datetime) > %(at)s - %(frequency)s * INTERVAL '1 day')""",
            partner=partner, company=company, at=at, others=others,
            frequency=self.env['hr.candidate.preference']._get_frequency_sql(partner, company),
            to_flush=self._get_budget_fields())

    @api.model
    def _get_budget_fields(self):
        rule = self.env['res.company']._fields
        return [rule['nurture_contacts'], rule['nurture_days'], *(self._fields[name] for name in (
            'partner_id', 'company_id', 'booked_datetime', 'state', 'source_model', 'source_id'))]

    @api.model
    def _get_next_allowed(self, partner_ids, company):
        """When these persons may be written to again, as far as budget and pause are concerned.

        :return: naive UTC by id of the partner; now for whoever needs not wait
        """
        if not partner_ids:
            return {}
        now = fields.Datetime.now()
        last = SQL(
            "SELECT contact.booked_datetime FROM hr_nurture_contact contact"
            " WHERE contact.partner_id = person.id AND contact.company_id = %s AND contact.state != 'released'"
            " ORDER BY contact.booked_datetime DESC", company.id, to_flush=self._get_budget_fields())
        preference = self.env['hr.candidate.preference']
        rows = self.env.execute_query(SQL(
            """
            SELECT person.id, GREATEST(
                       %(now)s,
                       (%(last)s OFFSET %(skipped)s LIMIT 1) + %(days)s * INTERVAL '1 day',
                       (%(last)s LIMIT 1) + %(frequency)s * INTERVAL '1 day',
                       (SELECT preference.paused_until FROM hr_candidate_preference preference
                         WHERE preference.partner_id = person.id AND preference.company_id = %(company)s)::timestamp)
              FROM unnest(%(ids)s) AS person (id)
            """,
            now=now, last=last, skipped=company.nurture_contacts - 1, days=company.nurture_days,
            frequency=preference._get_frequency_sql(SQL("person.id"), SQL("%s", company.id)),
            company=company.id, ids=list(partner_ids),
            to_flush=[preference._fields['paused_until'], *self._get_budget_fields()]))
        return dict(rows)
