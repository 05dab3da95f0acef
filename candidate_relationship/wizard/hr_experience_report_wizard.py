from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class HrExperienceReportWizard(models.TransientModel):
    """Quarter and department of the printed report; its figures are those of `hr.experience.report`."""
    _name = 'hr.experience.report.wizard'
    _description = "Print Candidate Experience"

    quarter = fields.Selection(selection='_get_quarters', required=True, default=lambda self: self._default_quarter())
    company_ids = fields.Many2many(
        'res.company', string="Companies", required=True, default=lambda self: self.env.companies)
    department_id = fields.Many2one(
        'hr.department', domain="[('id', 'in', shown_department_ids)]",
        help="Departments with enough answers. Leave empty for all of them.")
    shown_department_ids = fields.Many2many('hr.department', compute='_compute_shown_department_ids')

    @api.model
    def _get_quarters(self):
        """Those with figures; the one that ended last where there are none."""
        quarters = self.env['hr.experience.report']._get_experience_filters()['quarters']
        today = fields.Date.context_today(self)
        last = today + relativedelta(day=1, months=-3 - (today.month - 1) % 3)
        label = self.env['hr.experience.report']._format_period(last, 'quarter')
        return [(row['value'], row['label']) for row in quarters] or [(fields.Date.to_string(last), label)]

    @api.model
    def _default_quarter(self):
        return self._get_quarters()[0][0]

    @api.depends('company_ids')
    def _compute_shown_department_ids(self):
        for wizard in self:
            rows = self.env['hr.experience.report']._read_group(
                [('company_id', 'in', wizard.company_ids.ids), ('department_id', '!=', False)], ['department_id'])
            wizard.shown_department_ids = self.env['hr.department'].union(*(row[0] for row in rows))

    def action_print(self):
        self.ensure_one()
        return self.env.ref('candidate_relationship.action_report_experience').report_action(self)

    def _get_report_name(self):
        return self.env._("Candidate Experience %s", dict(self._get_quarters()).get(self.quarter))

    def _get_report(self):
        """The figures of the companies that are printed."""
        return self.env['hr.experience.report'].with_context(allowed_company_ids=self.company_ids.ids)
