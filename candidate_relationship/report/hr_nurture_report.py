"""What becomes of the mails to talents: by topic, mailing and month."""

from odoo import api, fields, models
from odoo.tools import SQL

DELIVERED = ('sent', 'open', 'reply')
# Nobody reads that fast: the mail program, or a scanner, has loaded the picture.
PREFETCH_SECONDS = 60
DEPENDS = {
    'mailing.trace': [
        'model', 'res_id', 'mass_mailing_id', 'trace_status', 'is_test_trace', 'sent_datetime', 'open_datetime',
        'links_click_datetime', 'nurture_left_datetime', 'nurture_slowed_datetime'],
    'mailing.mailing': ['nurture_topic_id', 'nurture_program_id', 'user_id'],
    'hr.applicant': ['partner_id', 'company_id'],
}


class HrNurtureReport(models.Model):
    """One row for each mail of a mailing to talents or applicants that left, or bounced.

    A row is a mail, not a person: whoever got three mails counts three times. Mails that were held back
    are no part of it; the mailing lists them. What the rates mean:

    - opened: a share of the delivered ones, and too high, as machines open mails before anybody reads
    - clicked, replied, left, slowed: a share of the delivered ones
    - reacted: clicked or replied, which no machine does as a rule
    """
    _name = 'hr.nurture.report'
    _description = "Nurture Analysis"
    _auto = False
    _rec_name = 'mailing_id'
    _order = 'sent_datetime desc, id desc'

    mailing_id = fields.Many2one('mailing.mailing', readonly=True)
    topic_id = fields.Many2one('hr.nurture.topic', readonly=True)
    program_id = fields.Many2one('hr.nurture.program', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    user_id = fields.Many2one('res.users', string="By", readonly=True)
    applicant_id = fields.Many2one('hr.applicant', string="Talent", readonly=True)
    partner_id = fields.Many2one('res.partner', string="Person", readonly=True)
    sent_datetime = fields.Datetime(string="Sent On", readonly=True)

    delivered_count = fields.Integer(string="Delivered", readonly=True)
    bounced_count = fields.Integer(string="Bounced", readonly=True)
    opened_count = fields.Integer(
        string="Opened (Inflated)", readonly=True,
        help="Too many: mail programs and scanners load the picture that tells it before anybody reads.")
    prefetched_count = fields.Integer(
        string="Opened Within a Minute", readonly=True,
        help="Most likely a machine: these are among the opened ones.")
    clicked_count = fields.Integer(string="Clicked", readonly=True)
    replied_count = fields.Integer(string="Replied", readonly=True)
    reacted_count = fields.Integer(string="Clicked or Replied", readonly=True)
    left_count = fields.Integer(
        string="Opted Out", readonly=True, help="Left a topic, or all mail, by the link in this mail.")
    slowed_count = fields.Integer(
        string="Slowed", readonly=True, help="Asked for fewer mails, or for a pause, by the link in this mail.")

    # percentages from 0 to 100, empty where nothing was delivered: see the feedback analysis
    opened_rate = fields.Float(
        string="Opened (%, Inflated)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)
    clicked_rate = fields.Float(
        string="Clicked (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)
    replied_rate = fields.Float(
        string="Replied (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)
    reacted_rate = fields.Float(
        string="Clicked or Replied (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)
    left_rate = fields.Float(string="Opted Out (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)

    _depends = DEPENDS

    @property
    def _table_query(self) -> SQL:
        columns = SQL(", ").join(
            SQL("%s AS %s", source, SQL.identifier(name)) for name, source in self._get_columns().items())
        return SQL("SELECT %s %s", columns, self._from())

    @api.model
    def _get_columns(self):
        """``SQL`` by name of the field: whoever adds a field adds its column here."""
        facts = ('delivered', 'bounced', 'opened', 'prefetched', 'clicked', 'replied', 'reacted', 'left', 'slowed')
        rates = ('opened', 'clicked', 'replied', 'reacted', 'left')
        return {
            'id': SQL("trace.id"),
            'mailing_id': SQL("mailing.id"),
            'topic_id': SQL("mailing.nurture_topic_id"),
            'program_id': SQL("mailing.nurture_program_id"),
            'company_id': SQL("COALESCE(person.company_id, sender.company_id)"),
            'user_id': SQL("mailing.user_id"),
            'applicant_id': SQL("person.applicant_id"),
            'partner_id': SQL("person.partner_id"),
            'sent_datetime': SQL("trace.sent_datetime"),
            **{f'{fact}_count': SQL("fact.%s::int", SQL.identifier(fact)) for fact in facts},
            **{f'{fact}_rate': SQL("CASE WHEN fact.delivered THEN 100.0 * fact.%s::int END", SQL.identifier(fact))
               for fact in rates},
        }

    @api.model
    def _from(self) -> SQL:
        models_ = self._get_recipient_models()
        return SQL(
            """
            FROM mailing_trace trace
            JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
            LEFT JOIN res_users sender ON sender.id = COALESCE(mailing.user_id, mailing.create_uid)
            LEFT JOIN LATERAL (%(persons)s) person ON TRUE
            CROSS JOIN LATERAL (%(facts)s) fact
            WHERE trace.model IN %(models)s AND trace.is_test_trace IS NOT TRUE
              AND (fact.delivered OR fact.bounced)
            """,
            persons=SQL(" UNION ALL ").join(map(self._get_persons_sql, models_)), facts=self._get_facts_sql(),
            models=tuple(models_))

    @api.model
    def _get_facts_sql(self):
        delivered = SQL("trace.trace_status IN %s", DELIVERED)
        return SQL(
            """
            SELECT sent.delivered, sent.bounced,
                   sent.delivered AND sent.opened AS opened,
                   sent.delivered AND sent.opened AND COALESCE(
                       trace.open_datetime < trace.sent_datetime + %(fast)s * INTERVAL '1 second', FALSE)
                       AND trace.links_click_datetime IS NULL AND NOT sent.replied AS prefetched,
                   sent.delivered AND trace.links_click_datetime IS NOT NULL AS clicked,
                   sent.delivered AND sent.replied AS replied,
                   sent.delivered AND (trace.links_click_datetime IS NOT NULL OR sent.replied) AS reacted,
                   sent.delivered AND trace.nurture_left_datetime IS NOT NULL AS "left",
                   sent.delivered AND trace.nurture_slowed_datetime IS NOT NULL AS slowed
              FROM (SELECT %(delivered)s AS delivered, trace.trace_status = 'bounce' AS bounced,
                           trace.trace_status IN ('open', 'reply') AS opened,
                           trace.trace_status = 'reply' AS replied) sent
            """, delivered=delivered, fast=PREFETCH_SECONDS)

    @api.model
    def _get_recipient_models(self):
        """Models that mailings to talents are written to: applicants, and those that say so."""
        return ['hr.applicant', *sorted(
            name for name, model in self.env.registry.items()
            if getattr(model, '_nurture_recipients', False) and name != 'hr.applicant' and not model._abstract)]

    @api.model
    def _get_persons_sql(self, name):
        """The person behind a trace, by the model of the recipients."""
        model = self.env[name]
        company = SQL("record.company_id") if self._is_column(model, 'company_id') else SQL("NULL::int")
        applicant = SQL("record.id") if name == 'hr.applicant' else SQL("NULL::int")
        if name != 'hr.applicant' and self._is_column(model, 'applicant_id'):
            applicant = SQL("record.applicant_id")
        return SQL(
            "SELECT record.partner_id, %s AS company_id, %s AS applicant_id FROM %s record"
            " WHERE trace.model = %s AND record.id = trace.res_id",
            company, applicant, SQL.identifier(model._table), name, to_flush=model._fields['partner_id'])

    @api.model
    def _is_column(self, model, name):
        return name in model._fields and model._fields[name].store

    def action_open_talent(self):
        self.ensure_one()
        if not self.applicant_id:
            return False
        return self.applicant_id._get_records_action(context={})
