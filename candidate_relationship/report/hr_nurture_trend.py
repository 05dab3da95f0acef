"""Whether the mails of a topic still reach their readers, and what to change where they do not."""

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from .hr_nurture_report import DEPENDS

DAYS = 90
# Whoever reacts does so within days: later mails are still being read, and would look like a fall.
SETTLING_DAYS = 7
# Fewer mails say nothing.
LEAST_MAILS = 30
# A change that matters: of the rate of reactions a fifth, of the mails a person gets a tenth.
CHANGE, MORE_MAILS = 0.2, 0.1
# Two rates differ by more than this many standard errors once in ten times, where nothing has changed.
ERRORS = 1.64
ADVICES = [
    ('rhythm', "Change the Rhythm"),
    ('content', "Change the Content"),
    ('good', "Rising"),
    ('steady', "Steady"),
    ('few', "Too Few Mails"),
]


class HrNurtureTrend(models.Model):
    """The last 90 days of a topic beside the 90 days before, in one company; mails of this week are not counted.

    Reactions are clicks and replies: opens are made by machines too, and say nothing of a trend.
    They fall for one of two reasons. Where the readers got more mails than before, or asked for fewer,
    it is the rhythm; where neither is so, it is what the mails are about.
    """
    _name = 'hr.nurture.trend'
    _description = "Nurture Trend"
    _auto = False
    _order = 'company_id, sequence, id'

    topic_id = fields.Many2one('hr.nurture.topic', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    # 1 where the topic needs a change
    sequence = fields.Integer(readonly=True)
    delivered_count = fields.Integer(string="Delivered", readonly=True, help="In 90 days, up to a week ago.")
    delivered_before = fields.Integer(readonly=True, help="In the 90 days before these.")
    reacted_rate = fields.Float(
        string="Clicked or Replied (%)", readonly=True, digits=(5, 1), aggregator=None, exportable=False)
    reacted_rate_before = fields.Float(
        string="Clicked or Replied Before (%)", readonly=True, digits=(5, 1), aggregator=None, exportable=False)
    left_count = fields.Integer(string="Opted Out", readonly=True)
    left_before = fields.Integer(readonly=True)
    slowed_count = fields.Integer(string="Slowed", readonly=True)
    slowed_before = fields.Integer(readonly=True)
    mails_per_person = fields.Float(string="Mails a Person", readonly=True, digits=(5, 1), aggregator=None)
    mails_per_person_before = fields.Float(
        string="Mails a Person Before", readonly=True, digits=(5, 1), aggregator=None)
    advice = fields.Selection(ADVICES, string="Trend", readonly=True)
    sentence = fields.Char(string="In Words", compute='_compute_sentence')

    _depends = DEPENDS

    @api.depends('topic_id')
    def _compute_display_name(self):
        for trend in self:
            trend.display_name = trend.topic_id.display_name or self.env._("Without Topic")

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT figures.*, %(advice)s AS advice,
                   CASE WHEN %(advice)s IN ('rhythm', 'content') THEN 1 ELSE 2 END AS sequence
              FROM (SELECT *, 100.0 * reacted / NULLIF(delivered_count, 0) AS reacted_rate,
                           100.0 * reacted_before / NULLIF(delivered_before, 0) AS reacted_rate_before
                      FROM (%(figures)s) counts) figures
            """, advice=self._get_advice_sql(), figures=self._get_figures_sql())

    @api.model
    def _get_figures_sql(self):
        end = fields.Datetime.subtract(fields.Datetime.now(), days=SETTLING_DAYS)
        start, middle = fields.Datetime.subtract(end, days=2 * DAYS), fields.Datetime.subtract(end, days=DAYS)
        lately = SQL("FILTER (WHERE mail.sent_datetime >= %s)", middle)
        before = SQL("FILTER (WHERE mail.sent_datetime < %s)", middle)
        return SQL(
            """
            SELECT MAX(mail.id) AS id, mail.company_id, mail.topic_id,
                   COUNT(*) %(lately)s AS delivered_count, COUNT(*) %(before)s AS delivered_before,
                   COALESCE(SUM(mail.reacted_count) %(lately)s, 0) AS reacted,
                   COALESCE(SUM(mail.reacted_count) %(before)s, 0) AS reacted_before,
                   COALESCE(SUM(mail.left_count) %(lately)s, 0) AS left_count,
                   COALESCE(SUM(mail.left_count) %(before)s, 0) AS left_before,
                   COALESCE(SUM(mail.slowed_count) %(lately)s, 0) AS slowed_count,
                   COALESCE(SUM(mail.slowed_count) %(before)s, 0) AS slowed_before,
                   1.0 * COUNT(mail.partner_id) %(lately)s
                       / NULLIF(COUNT(DISTINCT mail.partner_id) %(lately)s, 0) AS mails_per_person,
                   1.0 * COUNT(mail.partner_id) %(before)s
                       / NULLIF(COUNT(DISTINCT mail.partner_id) %(before)s, 0) AS mails_per_person_before
              FROM (%(report)s) mail
             WHERE mail.delivered_count = 1 AND mail.sent_datetime >= %(start)s AND mail.sent_datetime < %(end)s
             GROUP BY mail.company_id, mail.topic_id
            """, lately=lately, before=before, start=start, end=end, report=self.env['hr.nurture.report']._table_query)

    @api.model
    def _get_chance_sql(self):
        """By how many percent the two rates may differ by chance."""
        both = SQL("(figures.reacted + figures.reacted_before)")
        mails = SQL("(figures.delivered_count + figures.delivered_before)")
        return SQL(
            "100 * %(errors)s * SQRT(1.0 * %(both)s * (%(mails)s - %(both)s) / (%(mails)s * %(mails)s)"
            " * (1.0 / NULLIF(figures.delivered_count, 0) + 1.0 / NULLIF(figures.delivered_before, 0)))",
            errors=ERRORS, both=both, mails=mails)

    @api.model
    def _get_advice_sql(self):
        return SQL(
            """CASE
                WHEN LEAST(figures.delivered_count, figures.delivered_before) < %(least)s THEN 'few'
                WHEN ABS(figures.reacted_rate - figures.reacted_rate_before) <= %(chance)s THEN 'steady'
                WHEN figures.reacted_rate < figures.reacted_rate_before * (1 - %(change)s) THEN
                    CASE WHEN figures.mails_per_person > figures.mails_per_person_before * (1 + %(more)s)
                           OR (figures.slowed_count > figures.slowed_before
                               AND figures.slowed_count > figures.left_count) THEN 'rhythm' ELSE 'content' END
                WHEN figures.reacted_rate > figures.reacted_rate_before * (1 + %(change)s) THEN 'good'
                ELSE 'steady' END""", least=LEAST_MAILS, change=CHANGE, more=MORE_MAILS, chance=self._get_chance_sql())

    @api.depends('advice')
    @api.depends_context('lang')
    def _compute_sentence(self):
        for trend in self:
            trend.sentence = trend._get_sentence()

    def _get_sentence(self):
        """What the figures mean and what to change, in the language of the reader."""
        figures = {
            'now': self._format(self.reacted_rate), 'before': self._format(self.reacted_rate_before),
            'mails': self._format(self.mails_per_person), 'mails_before': self._format(self.mails_per_person_before),
            'slowed': self.slowed_count, 'left': self.left_count, 'least': LEAST_MAILS}
        return {
            'few': self.env._("Fewer than %(least)s mails in one of the two periods: too few to compare.", **figures),
            'steady': self.env._("%(now)s %% click or reply, as before (%(before)s %%).", **figures),
            'good': self.env._("%(now)s %% click or reply, up from %(before)s %%: go on like this.", **figures),
            'rhythm': self.env._(
                "%(now)s %% click or reply, down from %(before)s %%, at %(mails)s mails a person (%(mails_before)s "
                "before); %(slowed)s asked for fewer. Change the rhythm: write less often.", **figures),
            'content': self.env._(
                "%(now)s %% click or reply, down from %(before)s %%, though nobody gets more mails than before; "
                "%(left)s left. Change the content: write about something else, or not to everybody.", **figures),
        }[self.advice]

    @api.model
    def _format(self, number):
        return formatLang(self.env, number or 0, digits=1)

    def action_open_report(self):
        self.ensure_one()
        action = self.env['ir.actions.actions']._for_xml_id('candidate_relationship.hr_nurture_report_action')
        domain = [('company_id', '=', self.company_id.id), ('topic_id', '=', self.topic_id.id)]
        return {**action, 'domain': domain, 'context': {}, 'display_name': self.display_name}
