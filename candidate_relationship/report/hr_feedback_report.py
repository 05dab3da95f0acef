from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.query import Query

# What the web client asks for -> the percentile that is meant. The client knows only Odoo's own
# aggregators, and a percentile of a group can't be put together from those of its subgroups.
PERCENTILES = {
    'working_hours_median:avg': 0.5,
    'working_hours_p90:avg': 0.9,
}
# Name of a figure -> its aggregate. Whatever prints or mails figures takes them from here.
FIGURES = {
    'promises': '__count',
    'decided': 'decided_count:sum',
    'kept': 'kept_count:sum',
    'late': 'late_count:sum',
    'overdue': 'overdue_count:sum',
    'answered': 'answered_count:sum',
    'tellable': 'tellable_count:sum',
    'told': 'told_count:sum',
    'kept_rate': 'kept_rate:avg',
    'told_rate': 'told_rate:avg',
    'median': 'working_hours_median:avg',
    'p90': 'working_hours_p90:avg',
}


class HrFeedbackReport(models.Model):
    """One row per promise. Every rate has a fixed denominator, which is a measure of its own:

    - kept rate: kept / (kept + late + overdue now), so `kept_count` / `decided_count`;
    - told rate: the candidate was told the date / all promises but the cancelled ones, so
      `told_count` / `tellable_count`;
    - hours to answer: of the promises answered (`answered_count`), pauses deducted.

    A row outside a denominator holds NULL in the rate: it neither helps nor harms it.
    Talents in pools have no promises, so they count nowhere here.
    """
    _name = 'hr.feedback.report'
    _description = "Feedback Analysis"
    _auto = False
    _rec_name = 'promise_id'
    _order = 'trigger_datetime desc, id desc'

    promise_id = fields.Many2one('hr.feedback.promise', readonly=True)
    applicant_id = fields.Many2one('hr.applicant', readonly=True)
    trigger = fields.Selection(
        lambda self: self._get_promise_selection('trigger'), string="Promised After", readonly=True)
    state = fields.Selection(lambda self: self._get_state_selection(), string="Status", readonly=True)
    means = fields.Selection(lambda self: self._get_promise_selection('means'), string="Answered By", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    department_id = fields.Many2one('hr.department', readonly=True)
    job_id = fields.Many2one('hr.job', string="Job Position", readonly=True)
    stage_id = fields.Many2one('hr.recruitment.stage', readonly=True)
    user_id = fields.Many2one('res.users', string="Recruiter", readonly=True)
    trigger_datetime = fields.Datetime(string="Clock Started", readonly=True)
    deadline = fields.Datetime(readonly=True)
    closed_datetime = fields.Datetime(string="Answered On", readonly=True)
    told_date = fields.Date(string="Date Told", readonly=True)

    kept_count = fields.Integer(string="Kept", readonly=True)
    late_count = fields.Integer(string="Late", readonly=True)
    overdue_count = fields.Integer(string="Overdue Now", readonly=True)
    decided_count = fields.Integer(
        string="Decided", readonly=True, help="Kept, late or overdue now: the kept rate is a share of these.")
    answered_count = fields.Integer(
        string="Answered", readonly=True, help="The hours to answer are taken from these.")
    tellable_count = fields.Integer(string="Not Cancelled", readonly=True, help="The told rate is a share of these.")
    told_count = fields.Integer(string="Told the Date", readonly=True)

    # Percentages from 0 to 100, without the percentage widget: it shows a rate that nothing is
    # known about as "0%", while an unknown number stays empty. The export would turn it into 0.
    kept_rate = fields.Float(
        string="Kept (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False,
        help="Promises kept, as a share of those kept, late or overdue now.")
    told_rate = fields.Float(
        string="Told the Date (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False,
        help="Promises whose date the candidate was told, as a share of all but the cancelled ones.")
    working_hours = fields.Float(readonly=True, digits=(16, 1), aggregator=None)
    working_hours_avg = fields.Float(
        string="Average Hours", readonly=True, digits=(16, 1), aggregator='avg', exportable=False)
    working_hours_median = fields.Float(
        string="Median Hours", readonly=True, digits=(16, 1), aggregator='avg', exportable=False,
        help="Half of the answers took no more working hours than this.")
    working_hours_p90 = fields.Float(
        string="90th Percentile Hours", readonly=True, digits=(16, 1), aggregator='avg', exportable=False,
        help="Nine answers out of ten took no more working hours than this.")
    paused_hours = fields.Float(string="Hours Paused", readonly=True, digits=(16, 1))

    _depends = {
        'hr.feedback.promise': [
            'applicant_id', 'trigger', 'state', 'means', 'company_id', 'department_id', 'job_id', 'stage_id',
            'user_id', 'trigger_datetime', 'deadline', 'closed_datetime', 'told_date', 'working_hours',
            'paused_hours',
        ],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL('%s %s', self._select(), self._from())

    @api.model
    def _get_promise_selection(self, field_name):
        return self.env['hr.feedback.promise']._fields[field_name]._description_selection(self.env)

    @api.model
    def _get_state_selection(self):
        """Those of a promise, and overdue."""
        overdue = dict(self._get_promise_selection('due_status'))['overdue']
        return [*self._get_promise_selection('state'), ('overdue', overdue)]

    @api.model
    def _select(self) -> SQL:
        return SQL(
            """
            SELECT
                promise.id,
                promise.id AS promise_id,
                promise.applicant_id,
                promise.trigger,
                CASE WHEN fact.overdue THEN 'overdue' ELSE promise.state END AS state,
                promise.means,
                promise.company_id,
                promise.department_id,
                promise.job_id,
                promise.stage_id,
                promise.user_id,
                promise.trigger_datetime,
                promise.deadline,
                promise.closed_datetime,
                promise.told_date,
                promise.paused_hours,
                fact.kept::int AS kept_count,
                fact.late::int AS late_count,
                fact.overdue::int AS overdue_count,
                (fact.kept OR fact.late OR fact.overdue)::int AS decided_count,
                (fact.kept OR fact.late)::int AS answered_count,
                fact.tellable::int AS tellable_count,
                (fact.tellable AND fact.told)::int AS told_count,
                CASE WHEN fact.kept OR fact.late OR fact.overdue THEN 100.0 * fact.kept::int END AS kept_rate,
                CASE WHEN fact.tellable THEN 100.0 * fact.told::int END AS told_rate,
                fact.hours AS working_hours,
                fact.hours AS working_hours_avg,
                fact.hours AS working_hours_median,
                fact.hours AS working_hours_p90
            """)

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """
            FROM hr_feedback_promise promise
            CROSS JOIN LATERAL (
                SELECT
                    promise.state = 'kept' AS kept,
                    promise.state = 'late' AS late,
                    promise.state = 'running' AND COALESCE(promise.deadline < %(now)s, FALSE) AS overdue,
                    promise.state != 'cancelled' AS tellable,
                    promise.told_date IS NOT NULL AS told,
                    CASE WHEN promise.state IN ('kept', 'late') THEN promise.working_hours END AS hours
            ) fact
            """,
            now=fields.Datetime.now())

    def _read_group_select(self, aggregate_spec: str, query: Query) -> SQL:
        if aggregate_spec not in PERCENTILES:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            'PERCENTILE_CONT(%s) WITHIN GROUP (ORDER BY %s)',
            PERCENTILES[aggregate_spec],
            self._field_to_sql(self._table, aggregate_spec.partition(':')[0], query))

    @api.model
    def _get_figures(self, domain, groupby=None):
        """The figures of the promises in ``domain``, or of each of their groups.

        :param str groupby: a groupby of :meth:`_read_group`
        :return: list of dicts: the names in ``FIGURES``, and 'group'. Rates are percentages and
            hours are working hours; both are ``False`` where there is nothing to take them from.
        """
        rows = self._read_group(domain, [groupby] if groupby else [], list(FIGURES.values()))
        names = ['group', *FIGURES] if groupby else FIGURES
        return [dict(zip(names, row, strict=True)) for row in rows]

    def action_open_applicant(self):
        return self.promise_id.action_open_applicant()
