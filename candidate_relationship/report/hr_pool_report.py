"""What rounds of reactivation bring: from the recommendation to the hire."""

from odoo import api, fields, models
from odoo.tools import SQL

ANSWER_DAYS = 30
# What is counted, in the order of the funnel.
STEPS = ('recommended', 'delivered', 'clicked', 'answered', 'interested', 'applied', 'interviewed', 'hired')


class HrPoolReport(models.Model):
    """One row for each person of a round. The steps count rows; the activation rate counts persons.

    A person comes by one pool, the oldest of theirs that the round looked at, so that figures by pool
    add up. Erased persons stay counted, each as one.
    """
    _name = 'hr.pool.report'
    _description = "Pool Activation Analysis"
    _auto = False
    _rec_name = 'reactivation_id'
    _order = 'recommended_datetime desc, id desc'

    match_id = fields.Many2one('hr.pool.match', string="Person in the Round", readonly=True)
    reactivation_id = fields.Many2one('hr.pool.reactivation', string="Round", readonly=True)
    job_id = fields.Many2one('hr.job', string="Job Position", readonly=True)
    department_id = fields.Many2one('hr.department', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    pool_id = fields.Many2one('hr.talent.pool', readonly=True)
    user_id = fields.Many2one('res.users', string="Recruiter", readonly=True)
    partner_id = fields.Many2one('res.partner', string="Person", readonly=True, aggregator='count_distinct')
    state = fields.Selection(selection='_get_state_selection', readonly=True)
    recommended_datetime = fields.Datetime(string="Recommended On", readonly=True)
    delivered_datetime = fields.Datetime(string="Delivered On", readonly=True)
    answered_datetime = fields.Datetime(string="Answered On", readonly=True)
    score = fields.Float(readonly=True, digits=(5, 1), aggregator='avg')
    recommended_count = fields.Integer(string="Recommended", readonly=True)
    delivered_count = fields.Integer(string="Delivered", readonly=True)
    clicked_count = fields.Integer(string="Clicked", readonly=True)
    answered_count = fields.Integer(string="Answered", readonly=True)
    interested_count = fields.Integer(string="Interested", readonly=True)
    applied_count = fields.Integer(string="Applied", readonly=True)
    interviewed_count = fields.Integer(string="Interviewed", readonly=True)
    hired_count = fields.Integer(string="Hired", readonly=True)
    person_key = fields.Integer(readonly=True, aggregator=None, exportable=False)
    activation_rate = fields.Float(
        string="Activation (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False,
        help="Persons who answered within 30 days, as a share of the persons who got a mail; each counted once.")

    _depends = {
        'hr.pool.match': [
            'reactivation_id', 'job_id', 'company_id', 'pool_id', 'partner_id', 'state', 'score', 'application_id',
            'recommended_datetime', 'delivered_datetime', 'clicked_datetime', 'answered_datetime',
            'interested_datetime', 'applied_datetime', 'invited_user_id'],
        'hr.pool.reactivation': ['user_id'],
        'hr.job': ['department_id'],
        'hr.applicant': ['date_closed'],
        'calendar.event': ['applicant_id', 'start', 'active'],
    }

    @api.model
    def _get_state_selection(self):
        return self.env['hr.pool.match']._fields['state']._description_selection(self.env)

    @property
    def _table_query(self) -> SQL:
        return SQL('%s %s', self._select(), self._from())

    @api.model
    def _select(self) -> SQL:
        steps = SQL(", ").join(
            SQL("fact.%s::int AS %s", SQL.identifier(step), SQL.identifier(f'{step}_count')) for step in STEPS)
        return SQL(
            """
            SELECT
                match.id,
                match.id AS match_id,
                match.reactivation_id,
                match.job_id,
                job.department_id,
                match.company_id,
                match.pool_id,
                COALESCE(match.invited_user_id, round.user_id) AS user_id,
                match.partner_id,
                match.state,
                match.recommended_datetime,
                match.delivered_datetime,
                match.answered_datetime,
                match.score,
                %s,
                COALESCE(match.partner_id, -match.id) AS person_key,
                CASE WHEN fact.delivered THEN 100.0 * fact.in_time::int END AS activation_rate
            """, steps)

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """
              FROM hr_pool_match match
              JOIN hr_pool_reactivation round ON round.id = match.reactivation_id
              JOIN hr_job job ON job.id = match.job_id
              LEFT JOIN hr_applicant application ON application.id = match.application_id
             CROSS JOIN LATERAL (
                SELECT
                    match.state != 'excluded' OR match.invited_datetime IS NOT NULL AS recommended,
                    match.delivered_datetime IS NOT NULL AS delivered,
                    match.clicked_datetime IS NOT NULL AS clicked,
                    match.answered_datetime IS NOT NULL AS answered,
                    match.interested_datetime IS NOT NULL AS interested,
                    match.applied_datetime IS NOT NULL AS applied,
                    application.date_closed IS NOT NULL OR EXISTS (
                        SELECT FROM calendar_event event WHERE event.applicant_id = match.application_id
                           AND event.active AND event.start <= %(now)s) AS interviewed,
                    application.date_closed IS NOT NULL AS hired,
                    COALESCE(match.answered_datetime <= match.delivered_datetime + %(days)s * INTERVAL '1 day', FALSE)
                        AS in_time
             ) fact
             WHERE fact.recommended
            """, now=fields.Datetime.now(), days=ANSWER_DAYS)

    def _read_group_select(self, aggregate_spec, query):
        """Somebody who was asked twice and answered once is one of one."""
        if aggregate_spec != 'activation_rate:avg':
            return super()._read_group_select(aggregate_spec, query)
        rate, person = (self._field_to_sql(self._table, name, query) for name in ('activation_rate', 'person_key'))
        return SQL(
            "100.0 * COUNT(DISTINCT %(person)s) FILTER (WHERE %(rate)s > 0)"
            " / NULLIF(COUNT(DISTINCT %(person)s) FILTER (WHERE %(rate)s IS NOT NULL), 0)", person=person, rate=rate)

    def action_open_match(self):
        self.ensure_one()
        return self.match_id._get_records_action(context={})
