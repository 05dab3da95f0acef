"""Whether a person may be written to, and until when: on their talents and applications."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_candidate_consent import DECIDED_STATES, NO_STATES
from .person_value import PersonValue

OFFICER = 'hr_recruitment.group_hr_recruitment_user'
REACHES = [
    ('reachable', "Reachable"),
    ('no_consent', "No Consent"),
    ('left', "Said No"),
    ('blacklisted', "Blacklisted"),
    ('no_address', "No Email"),
    ('erased', "Erased"),
]


class HrApplicant(models.Model):
    """One definition in SQL tells the reach; reading, searching, sorting and grouping use it.

    Reach is about writing to the person (purpose ``nurture``). Where the company does not ask for
    consent, everybody can be reached who did not say no.
    """
    _inherit = 'hr.applicant'

    candidate_reach = fields.Selection(
        REACHES, string="Reach", compute='_compute_candidate_reach', search='_search_candidate_reach', groups=OFFICER)
    candidate_consent_until = fields.Date(
        string="Consent Until", compute='_compute_candidate_reach', search='_search_candidate_consent_until',
        groups=OFFICER, help="The first day on which a consent of the person runs out.")

    @api.depends_context('company')
    @api.depends(
        'email_normalized', 'partner_id', 'company_id', 'partner_id.candidate_consent_ids.state',
        'partner_id.candidate_consent_ids.date_until')
    def _compute_candidate_reach(self):
        self.candidate_reach = self.candidate_consent_until = False
        applicants = self._origin
        if not applicants:
            return
        rows = self.env.execute_query(SQL(
            "SELECT applicant.id, %s, %s FROM hr_applicant applicant WHERE applicant.id IN %s",
            self._get_candidate_reach_sql('applicant'), self._get_candidate_consent_until_sql('applicant'),
            tuple(applicants.ids)))
        found = {row[0]: row[1:] for row in rows}
        for applicant in self:
            if applicant._origin.id in found:
                applicant.candidate_reach, applicant.candidate_consent_until = found[applicant._origin.id]

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _get_candidate_reach_sql(self, alias, day=None, answer=None):
        """:param str alias: of a table that is ``hr_applicant``
        :param day: ``SQL`` of the day that is asked about; none: today
        :param answer: ``SQL`` of what the person said, where it was read already
        :return: SQL of a key of ``REACHES``
        """
        blacklist = self.env['mail.blacklist']._fields
        email = SQL.identifier(alias, 'email_normalized')
        return SQL(
            """CASE
                WHEN %(erased)s THEN 'erased'
                WHEN COALESCE(%(email)s, '') = '' THEN 'no_address'
                WHEN EXISTS (SELECT FROM mail_blacklist b WHERE b.email = %(email)s AND b.active) THEN 'blacklisted'
                ELSE CASE %(answer)s WHEN 'yes' THEN 'reachable' WHEN 'no' THEN 'left'
                     ELSE CASE WHEN %(required)s THEN 'no_consent' ELSE 'reachable' END END
            END""",
            erased=self._get_candidate_erased_sql(alias), email=email,
            answer=answer or self._get_candidate_answer_sql(alias, 'nurture', day),
            required=self._get_consent_required_sql(alias),
            to_flush=[self._fields['email_normalized'], blacklist['email'], blacklist['active']])

    @api.model
    def _get_candidate_erased_sql(self, alias):
        return SQL("%s IS TRUE", SQL.identifier(alias, 'candidate_erased'), to_flush=self._fields['candidate_erased'])

    @api.model
    def _get_candidate_answer_sql(self, alias, purpose, day=None):
        """SQL of ``yes`` (a valid consent), ``no`` (the last word of the person), or NULL."""
        answer = self._get_candidate_answer(self._get_candidate_company_sql(alias), purpose, day)
        return answer.of(SQL.identifier(alias, 'partner_id'))

    @api.model
    def _get_candidate_answer(self, company, purpose, day=None):
        """:class:`PersonValue` of ``_get_candidate_answer_sql``: a consent counts more than the last word."""
        given = SQL("consent.state = 'given'")
        return PersonValue(
            SQL("""CASE
                WHEN BOOL_OR(%(given)s AND (consent.date_until IS NULL OR consent.date_until >= %(day)s)) THEN 'yes'
                WHEN NOT BOOL_OR(%(given)s) AND MAX(consent.id) FILTER (WHERE consent.state IN %(no)s) = MAX(consent.id)
                THEN 'no' END""", given=given, day=day or fields.Date.today(), no=NO_STATES),
            SQL("FROM hr_candidate_consent consent WHERE consent.company_id = %s AND consent.purpose = %s"
                " AND consent.state IN %s", company, purpose, DECIDED_STATES, to_flush=self._get_consent_fields()),
            SQL("consent.partner_id"))

    @api.model
    def _get_candidate_consent_until_sql(self, alias):
        return SQL(
            """(SELECT MIN(consent.date_until) FROM hr_candidate_consent consent
                 WHERE consent.partner_id = %s AND consent.company_id = %s
                   AND consent.state = 'given' AND consent.date_until >= %s)""",
            SQL.identifier(alias, 'partner_id'), self._get_candidate_company_sql(alias), fields.Date.today(),
            to_flush=self._get_consent_fields())

    @api.model
    def _get_candidate_company_sql(self, alias):
        """The company that an application counts for: its own, else that of the reader."""
        return SQL(
            "COALESCE(%s, %s)", SQL.identifier(alias, 'company_id'), self.env.company.id,
            to_flush=[self._fields['company_id'], self._fields['partner_id']])

    @api.model
    def _get_consent_required_sql(self, alias):
        return SQL(
            "%s IN (SELECT company.id FROM res_company company WHERE company.candidate_consent_required)",
            self._get_candidate_company_sql(alias),
            to_flush=[self.env['res.company']._fields['candidate_consent_required']])

    @api.model
    def _get_consent_fields(self):
        consent_fields = self.env['hr.candidate.consent']._fields
        return [consent_fields[name] for name in ('partner_id', 'company_id', 'purpose', 'state', 'date_until')]

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------

    def _search_candidate_reach(self, operator, value):
        if operator != 'in':
            return NotImplemented
        keys = tuple(key for key in value if key)

        def to_sql(model, alias, query):
            return SQL("%s IN %s", model._field_to_sql(alias, 'candidate_reach', query), keys)
        # it is never empty
        return Domain.custom(to_sql=to_sql) if keys else Domain.FALSE

    def _search_candidate_consent_until(self, operator, value):
        if operator == 'in':
            return Domain.OR(self._get_consent_until_domain('=', day) for day in value)
        if operator not in ('<', '<=', '>', '>='):
            return NotImplemented
        return self._get_consent_until_domain(operator, value)

    @api.model
    def _get_consent_until_domain(self, operator, day):
        def to_sql(model, alias, query):
            until = model._field_to_sql(alias, 'candidate_consent_until', query)
            if not day:
                return SQL("%s IS NULL", until)
            return SQL("%s %s %s", until, SQL(operator), fields.Date.to_date(day))
        return Domain.custom(to_sql=to_sql)

    # ------------------------------------------------------------------
    # What it decides
    # ------------------------------------------------------------------

    def _has_consent_to_keep(self):
        """Those of these whose person may be kept in a pool under the setting of their company."""
        if not self:
            return self
        rows = self.env.execute_query(SQL(
            """SELECT applicant.id FROM hr_applicant applicant WHERE applicant.id IN %s
                  AND CASE %s WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE ELSE NOT %s END""",
            tuple(self.ids), self._get_candidate_answer_sql('applicant', 'keep'),
            self._get_consent_required_sql('applicant')))
        return self.browse(id_ for (id_,) in rows) & self if rows else self.browse()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_consent_ask(self):
        return self._get_consent_action('hr.candidate.consent.ask', self.env._("Ask for Consent"))

    def action_consent_record(self):
        return self._get_consent_action('hr.candidate.consent.record', self.env._("Record Consent"))

    def action_consent_withdraw(self):
        return self._get_consent_action(
            'hr.candidate.consent.record', self.env._("Withdraw Consent"), default_answer='no')

    def _get_consent_action(self, model, name, **context):
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_applicant_ids': self.ids, 'active_test': False, **context},
        }
