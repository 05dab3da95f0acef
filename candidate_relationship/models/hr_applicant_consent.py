"""Whether a person may be kept and written to: the smallest that the pools need."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    candidate_reach = fields.Selection([
        ('reachable', "Reachable"),
        ('no_consent', "No Consent"),
        ('no_address', "No Email"),
    ], compute='_compute_candidate_reach', search='_search_candidate_reach',
        groups='hr_recruitment.group_hr_recruitment_user')
    candidate_consent_until = fields.Date(
        compute='_compute_candidate_reach', search='_search_candidate_consent_until',
        groups='hr_recruitment.group_hr_recruitment_user')

    def _compute_candidate_reach(self):
        self.candidate_reach = self.candidate_consent_until = False
        for applicant in self.filtered('id'):
            applicant.candidate_reach, applicant.candidate_consent_until = self.env.execute_query(SQL(
                "SELECT %s, %s FROM hr_applicant applicant WHERE id = %s",
                self._get_candidate_reach_sql('applicant'), self._get_candidate_consent_until_sql('applicant'),
                applicant.id))[0]

    @api.model
    def _get_candidate_company_sql(self, alias):
        return SQL("COALESCE(%s, %s)", SQL.identifier(alias, 'company_id'), self.env.company.id)

    @api.model
    def _get_candidate_consent_sql(self, alias, what):
        return SQL(
            "(SELECT %s FROM hr_candidate_consent consent WHERE consent.partner_id = %s AND consent.company_id = %s"
            " AND consent.state = 'given' AND (consent.date_until IS NULL OR consent.date_until >= %s))",
            what, SQL.identifier(alias, 'partner_id'), self._get_candidate_company_sql(alias), fields.Date.today())

    @api.model
    def _get_candidate_reach_sql(self, alias):
        return SQL(
            "CASE WHEN COALESCE(%s, '') = '' THEN 'no_address'"
            " WHEN %s IS NOT NULL OR NOT (SELECT candidate_consent_required FROM res_company WHERE id = %s)"
            " THEN 'reachable' ELSE 'no_consent' END",
            SQL.identifier(alias, 'email_normalized'), self._get_candidate_consent_sql(alias, SQL("MIN(consent.id)")),
            self._get_candidate_company_sql(alias))

    @api.model
    def _get_candidate_consent_until_sql(self, alias):
        return self._get_candidate_consent_sql(alias, SQL("MIN(consent.date_until)"))

    def _search_candidate_reach(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s IN %s", self._get_candidate_reach_sql(alias), tuple(value)))

    def _search_candidate_consent_until(self, operator, value):
        if operator not in ('<', '<=', '>', '>='):
            return NotImplemented
        return Domain.custom(to_sql=lambda model, alias, query: SQL(
            "%s %s %s", self._get_candidate_consent_until_sql(alias), SQL(operator), fields.Date.to_date(value)))

    def _has_consent_to_keep(self):
        if not self:
            return self
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "SELECT id FROM hr_applicant applicant WHERE id IN %s AND (%s IS NOT NULL"
            " OR NOT (SELECT candidate_consent_required FROM res_company WHERE id = %s))",
            tuple(self.ids), self._get_candidate_consent_sql('applicant', SQL("MIN(consent.id)")),
            self._get_candidate_company_sql('applicant')))
        return self.browse([row[0] for row in rows]) & self

    def _get_furthest_stages(self):
        self.env.flush_all()
        stages = self.env['hr.recruitment.stage']
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT ON (entered.applicant_id) entered.applicant_id, stage.id
                 FROM (SELECT applicant_id, stage_id FROM hr_applicant_stage_log
                        UNION ALL SELECT id, stage_id FROM hr_applicant) entered
                 JOIN hr_recruitment_stage stage ON stage.id = entered.stage_id
                WHERE entered.applicant_id = ANY(%s)
                ORDER BY entered.applicant_id, stage.sequence DESC, stage.id DESC""", list(self.ids)))
        return {row[0]: stages.browse(row[1]) for row in rows}
