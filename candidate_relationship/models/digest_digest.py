from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    _inherit = 'digest.digest'

    kpi_feedback_kept = fields.Boolean("Feedback Promises Kept (%)")
    kpi_feedback_kept_value = fields.Float(digits=(16, 2), compute='_compute_kpi_feedback_kept_value')
    kpi_feedback_overdue = fields.Boolean("Feedback Overdue Now")
    kpi_feedback_overdue_value = fields.Integer(compute='_compute_kpi_feedback_overdue_value')

    def _compute_kpi_feedback_kept_value(self):
        self._check_feedback_access()
        start, end, companies = self._get_kpi_compute_parameters()
        figures = self._get_feedback_figures(start, end, companies)
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_feedback_kept_value = figures.get(company, {}).get('kept_rate')

    def _compute_kpi_feedback_overdue_value(self):
        self._check_feedback_access()
        __, __, companies = self._get_kpi_compute_parameters()
        counts = dict(self.env['hr.feedback.report']._read_group(
            [('company_id', 'in', companies.ids), ('overdue_count', '=', 1)], ['company_id'], ['__count']))
        for digest in self:
            digest.kpi_feedback_overdue_value = counts.get(digest.company_id or self.env.company, 0)

    def _check_feedback_access(self):
        if not self.env.user.has_group('hr_recruitment.group_hr_recruitment_user'):
            raise AccessError(self.env._("Do not have access, skip this data for user's digest email"))

    def _get_feedback_figures(self, start, end, companies):
        """Figures by company of the promises that were due in the period.

        Of those made in the last 24 hours nearly none is due yet: a rate of them would only know
        the quick answers.
        """
        domain = [('company_id', 'in', companies.ids), ('deadline', '>=', start), ('deadline', '<', end)]
        return {row['group']: row for row in self.env['hr.feedback.report']._get_figures(domain, 'company_id')}

    def _compute_kpis(self, company, user):
        kpis = super()._compute_kpis(company, user)
        by_name = {kpi['kpi_name']: kpi for kpi in kpis}
        if 'kpi_feedback_kept' in by_name:
            self._add_feedback_sample_sizes(by_name['kpi_feedback_kept'], company, user)
        if 'kpi_feedback_overdue' in by_name:
            self._show_feedback_overdue_once(by_name['kpi_feedback_overdue'])
        return kpis

    def _add_feedback_sample_sizes(self, kpi, company, user):
        """Say of how many promises the rate is, and nothing where there was none."""
        digest = self.with_user(user).with_company(company)
        for index, (label, (period, __)) in enumerate(self._compute_timeframes(company), start=1):
            start, end = map(fields.Datetime.to_string, period)
            figures = digest._get_feedback_figures(start, end, self.company_id or company)
            decided = figures.get(self.company_id or company, {}).get('decided')
            if decided:
                kpi[f'kpi_col{index}']['col_subtitle'] = self.env._(
                    "%(period)s (of %(count)s due)", period=label, count=decided)
            else:
                kpi[f'kpi_col{index}'] = {}

    def _show_feedback_overdue_once(self, kpi):
        # What is overdue now is the same in each of the three periods, and was never measured before.
        kpi['kpi_col1'].update(col_subtitle=self.env._("Now"), margin=0.0)
        kpi['kpi_col2'] = kpi['kpi_col3'] = {}

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref('hr_recruitment.menu_hr_recruitment_root').id
        actions['kpi_feedback_kept'] = f'candidate_relationship.hr_feedback_report_action?menu_id={menu}'
        actions['kpi_feedback_overdue'] = f'candidate_relationship.hr_feedback_promise_action?menu_id={menu}'
        return actions
