"""Why a talent may not be written to now: one definition in SQL, for programs, rounds and plain mailings."""

from odoo import api, fields, models
from odoo.tools import SQL

from .person_value import PersonValue

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
        at = at if isinstance(at, SQL) else SQL("%s::timestamp", at or fields.Datetime.now())
        day, budget = SQL("(%s)::date", at), SQL("NULL")
        values = self._get_nurture_values(company, topic, day)
        if waiting:
            budget = self.env['hr.nurture.contact']._get_budget_sql(partner, company, at, source)
        return self._join_nurture_reasons(
            alias, {key: value.of(partner) for key, value in values.items()}, day, budget, waiting)

    @api.model
    def _get_nurture_ending_sql(self, alias, company, topic=None):
        """The same for very many people of one company, now, and without what passes by itself.

        :return: ``SQL`` of a key of ``REASONS``, or NULL, and ``SQL`` of the joins that it needs
        """
        day = SQL("%s::date", fields.Datetime.now())
        values = self._get_nurture_values(SQL("%s", company.id), topic, day)
        partner = SQL.identifier(alias, 'partner_id')
        joins = SQL(" ").join(value.join(f'nurture_{key}', partner) for key, value in values.items())
        columns = {key: SQL.identifier(f'nurture_{key}', 'value') for key in values}
        return self._join_nurture_reasons(alias, columns, day, SQL("NULL"), waiting=False), joins

    @api.model
    def _join_nurture_reasons(self, alias, values, day, budget, waiting):
        """:param dict values: ``SQL`` by key of ``_get_nurture_values``"""
        return SQL(
            "COALESCE(NULLIF(%s, 'reachable'), %s, %s, %s, %s)",
            self._get_candidate_reach_sql(alias, day, values['answer']),
            values['topic'],
            values['wish'] if waiting else SQL("NULLIF(%s, 'paused')", values['wish']),
            values['process'],
            budget)

    @api.model
    def _get_nurture_values(self, company, topic, day):
        """What is known of a person that may be a reason, each a :class:`PersonValue`.

        :param company: ``SQL`` of an id
        """
        topic = topic if isinstance(topic, SQL) else SQL("%s::int", topic or None)
        return {
            'answer': self._get_candidate_answer(company, 'nurture', day),
            'topic': self._get_other_topics(company, topic, day),
            'wish': self.env['hr.candidate.preference']._get_reason(company, topic, day),
            'process': self._get_in_process(company),
        }

    @api.model
    def _get_other_topics(self, company, topic, day):
        """``topic`` where the person's consent is for other topics."""
        topics = self.env['hr.candidate.consent']._fields['topic_ids']
        return PersonValue(
            SQL("CASE WHEN %s IS NOT NULL AND BOOL_OR(chosen.%s IS NULL) THEN 'topic' END",
                topic, SQL.identifier(topics.column2)),
            SQL("""FROM hr_candidate_consent agreed
                   LEFT JOIN %(relation)s chosen ON chosen.%(consent)s = agreed.id AND chosen.%(chosen)s = %(topic)s
                  WHERE agreed.company_id = %(company)s AND agreed.purpose = 'nurture' AND agreed.state = 'given'
                    AND (agreed.date_until IS NULL OR agreed.date_until >= %(day)s)""",
                topic=topic, company=company, day=day, relation=SQL.identifier(topics.relation),
                consent=SQL.identifier(topics.column1), chosen=SQL.identifier(topics.column2),
                to_flush=[topics, *self._get_consent_fields()]),
            SQL("agreed.partner_id"))

    @api.model
    def _get_in_process(self, company):
        """``in_process`` or ``hired`` of a person who has a live application, or works here since one.

        A colleague who has left can be won back.
        """
        employees = self.env['hr.employee']._fields
        return PersonValue(
            SQL("CASE WHEN BOOL_OR(own.date_closed IS NULL) THEN 'in_process' WHEN COUNT(*) > 0 THEN 'hired' END"),
            SQL("""FROM hr_applicant own
                   LEFT JOIN hr_employee employee ON employee.id = own.employee_id
                  WHERE COALESCE(own.company_id, %(company)s) = %(company)s
                    AND own.active AND own.refuse_reason_id IS NULL AND own.pool_applicant_id IS DISTINCT FROM own.id
                    AND (own.date_closed IS NULL OR employee.active IS NOT FALSE)
                    AND NOT EXISTS (
                        SELECT FROM hr_applicant_hr_talent_pool_rel pool WHERE pool.hr_applicant_id = own.id)""",
                company=company,
                to_flush=[employees['active'], *(self._fields[name] for name in (
                    'partner_id', 'company_id', 'active', 'refuse_reason_id', 'pool_applicant_id', 'talent_pool_ids',
                    'date_closed', 'employee_id'))]),
            SQL("own.partner_id"))

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
