from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from pytz import UTC, timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class HrFeedbackReportWizard(models.TransientModel):
    """Period and departments of the printed report; its figures are those of `hr.feedback.report`."""
    _name = 'hr.feedback.report.wizard'
    _description = "Print Feedback Promises"
    _check_company_auto = True

    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_date_from())
    date_to = fields.Date(string="To", required=True, default=lambda self: self._default_date_to())
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    department_ids = fields.Many2many(
        'hr.department', string="Departments", check_company=True,
        help="Sub-departments included. Leave empty for all departments.")

    @api.model
    def _default_date_from(self):
        return fields.Date.context_today(self) + relativedelta(months=-1, day=1)

    @api.model
    def _default_date_to(self):
        return fields.Date.context_today(self) + relativedelta(day=1, days=-1)

    @api.constrains('date_from', 'date_to')
    def _check_period(self):
        if any(wizard.date_to < wizard.date_from for wizard in self):
            raise ValidationError(self.env._("The period ends before it begins."))

    def action_print(self):
        self.ensure_one()
        return self.env.ref('candidate_relationship.action_report_feedback_promises').report_action(self)

    def _get_report_name(self):
        return self.env._("Feedback Promises %(start)s to %(end)s", start=self.date_from, end=self.date_to)

    def _get_timezone(self):
        """The zone of the company's calendar: whoever prints the report, the days are the same."""
        company = self.company_id.sudo()
        calendar = company.feedback_calendar_id or company.resource_calendar_id
        return calendar.tz or 'UTC'

    def _get_report_domain(self):
        """Domain on `hr.feedback.report`: the promises made in the period."""
        self.ensure_one()
        domain = Domain([
            ('company_id', '=', self.company_id.id),
            ('trigger_datetime', '>=', self._to_utc(self.date_from)),
            ('trigger_datetime', '<', self._to_utc(self.date_to + relativedelta(days=1))),
        ])
        if self.department_ids:
            domain &= Domain('department_id', 'child_of', self.department_ids.ids)
        return domain

    def _to_utc(self, day):
        midnight = timezone(self._get_timezone()).localize(datetime.combine(day, time.min))
        return midnight.astimezone(UTC).replace(tzinfo=None)
