"""Why a talent may not be written to now: one definition in SQL, for programs, rounds and plain mailings."""

from odoo import api, fields, models
from odoo.tools import SQL

# In the order in which they are told: the first that is true.
REASONS = [
    ('erased', "Erased"),
    ('no_address', "No Email"),
    ('blacklisted', "Blacklisted"),
    ('no_consent', "No Consent"),
    ('left', "Said No"),
    ('topic', "Topic Left"),
    ('paused', "Paused"),
    ('in_process', "In Process"),
    ('hired', "Hired"),
    ('budget', "Contacted Lately"),
    # of a mailing only: what the SQL below can't tell
    ('duplicate', "Gets It Already"),
    ('no_person', "No Contact"),
]
# They pass by themselves: whoever is held back by these waits, whoever by the others is out.
WAITING_REASONS = ('paused', 'budget')


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    # Mailings to these keep to the contact budget. Other models that set it have a many2one to the
    # application or talent that tells about the recipient: ``_nurture_applicant_field`` names it.
    _nurture_recipients = True

    @api.model
    def _get_nurture_reason_sql(self, alias, topic=None, at=None, source=None, waiting=True):
        """SQL of why the person of a row may not be sent a nurture mail, NULL if they may.

        :param str alias: of a table that is ``hr_applicant``
        :param topic: id of an ``hr.nurture.topic``, or ``SQL`` of one; none: a mail of no topic
        :param at: naive UTC that is asked about, or ``SQL`` of it; none: now
        :param source: record (a mailing) whose own bookings do not count against the budget
        :param waiting: whether it is asked about ``WAITING_REASONS`` too
        :return: ``SQL`` of a key of ``REASONS``, or NULL
        """
        partner, company = SQL.identifier(alias, 'partner_id'), self._get_candidate_company_sql(alias)
        topic = topic if isinstance(topic, SQL) else SQL("%s::int", topic or None)
        if not isinstance(at, SQL):
            at = SQL("%s::timestamp", at or fields.Datetime.now())
        day = SQL("(%s)::date", at)
        wish = self.env['hr.candidate.preference']._get_reason_sql(partner, company, topic, day)
        budget = self.env['hr.nurture.contact']._get_budget_sql(partner, company, at, source)
        return SQL(
            "COALESCE(NULLIF(%s, 'reachable'), %s, %s, %s, %s)",
            self._get_candidate_reach_sql(alias, day),
            self._get_other_topics_sql(partner, company, topic, day),
            wish if waiting else SQL("NULLIF(%s, 'paused')", wish),
            self._get_in_process_sql(partner, company),
            budget if waiting else SQL("NULL"))

    @api.model
    def _get_other_topics_sql(self, partner, company, topic, day):
        """``topic`` where the person's consent is for other topics."""
        consents = self.env['hr.candidate.consent']
        topics = consents._fields['topic_ids']
        return SQL(
            """(SELECT 'topic' FROM hr_candidate_consent agreed
                 WHERE %(topic)s IS NOT NULL AND agreed.partner_id = %(partner)s AND agreed.company_id = %(company)s
                   AND agreed.purpose = 'nurture' AND agreed.state = 'given'
                   AND (agreed.date_until IS NULL OR agreed.date_until >= %(day)s)
                   AND NOT EXISTS (SELECT FROM %(relation)s chosen WHERE chosen.%(consent)s = agreed.id
                                      AND chosen.%(chosen)s = %(topic)s))""",
            topic=topic, partner=partner, company=company, day=day, relation=SQL.identifier(topics.relation),
            consent=SQL.identifier(topics.column1), chosen=SQL.identifier(topics.column2),
            to_flush=[topics, *self._get_consent_fields()])

    @api.model
    def _get_in_process_sql(self, partner, company):
        """``in_process`` or ``hired`` of a person who has a live application, or works here since one.

        A colleague who has left can be won back.
        """
        employees = self.env['hr.employee']._fields
        return SQL(
            """(SELECT CASE WHEN BOOL_OR(own.date_closed IS NULL) THEN 'in_process' WHEN COUNT(*) > 0 THEN 'hired' END
                  FROM hr_applicant own
                  LEFT JOIN hr_employee employee ON employee.id = own.employee_id
                 WHERE own.partner_id = %(partner)s AND COALESCE(own.company_id, %(company)s) = %(company)s
                   AND own.active AND own.refuse_reason_id IS NULL AND own.pool_applicant_id IS DISTINCT FROM own.id
                   AND (own.date_closed IS NULL OR employee.active IS NOT FALSE)
                   AND NOT EXISTS (SELECT FROM hr_applicant_hr_talent_pool_rel pool WHERE pool.hr_applicant_id = own.id)
               )""",
            partner=partner, company=company,
            to_flush=[employees['active'], *(self._fields[name] for name in (
                'partner_id', 'company_id', 'active', 'refuse_reason_id', 'pool_applicant_id', 'talent_pool_ids',
                'date_closed', 'employee_id'))])

    def _get_nurture_reasons(self, topic=None):
        """Why each of these may not be written to now.

        :param topic: record or id of an ``hr.nurture.topic``
        :return: key of ``REASONS``, or False, by id
        """
        if not self.ids:
            return {}
        topic = topic.id if isinstance(topic, models.BaseModel) else topic
        rows = self.env.execute_query(SQL(
            "SELECT applicant.id, %s FROM hr_applicant applicant WHERE applicant.id IN %s",
            self._get_nurture_reason_sql('applicant', topic), tuple(self.ids)))
        return {applicant_id: reason or False for applicant_id, reason in rows}
