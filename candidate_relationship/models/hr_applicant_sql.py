"""Computed fields of the application that are sorted and grouped by, as expressions in SQL.

In one place, since Odoo asks for the expression of each column of each read: every override more of
``_field_to_sql`` is paid for whenever an application is opened.
"""

from odoo import models

EXPRESSIONS = {
    'candidate_consent_until': lambda self, alias: self._get_candidate_consent_until_sql(alias),
    'candidate_last_touch': lambda self, alias: self._get_last_touch_sql(alias),
    'candidate_reach': lambda self, alias: self._get_candidate_reach_sql(alias),
    'feedback_deadline': lambda self, alias: self._get_urgent_promise_sql(alias, 'deadline'),
    'feedback_promise_id': lambda self, alias: self._get_urgent_promise_sql(alias, 'id'),
}


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in EXPRESSIONS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], 'read')
        return EXPRESSIONS[field_expr](self, alias)
