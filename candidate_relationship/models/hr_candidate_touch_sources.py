"""The statements that make touches of mails, mailings, replies and interviews.

Each reads what the database holds when it runs, so that it may run again, and writes each touch once.
"""

from datetime import timedelta
from textwrap import shorten

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_candidate_touch import ALWAYS

# Of the words of a mail without a subject.
SUMMARY_LENGTH = 80

# The person whom a row of a mailing was meant for, by the model of its recipients. The touch is the
# company's for which the sender works, if the person is known there, else another one of the sender's.
TRACE_PERSONS = """
    JOIN LATERAL (
        SELECT applicant.partner_id, COALESCE(applicant.company_id, sender.company_id) AS company_id
          FROM hr_applicant applicant
          JOIN res_users sender ON sender.id = COALESCE(mailing.user_id, mailing.create_uid)
         WHERE %s AND applicant.partner_id IS NOT NULL
           AND (applicant.company_id IS NULL OR EXISTS (
                SELECT 1 FROM res_company_users_rel allowed
                 WHERE allowed.user_id = sender.id AND allowed.cid = applicant.company_id))
         ORDER BY applicant.company_id = sender.company_id DESC NULLS LAST, applicant.id DESC
         LIMIT 1
    ) person ON TRUE
"""

# The mail server has accepted the mail of the trace.
SENT = SQL("trace.sent_datetime IS NOT NULL AND trace.trace_status IN ('sent', 'open', 'reply')")
UNTOUCHED = SQL(
    "NOT EXISTS (SELECT FROM hr_candidate_touch known WHERE known.trace_id = trace.id AND known.direction = 'out')")


class HrCandidateTouch(models.Model):
    _inherit = 'hr.candidate.touch'

    # ------------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------------

    @api.model
    def _get_mail_insert(self, applicant, mail):
        """A mail to a candidate that the mail server has accepted."""
        return self._get_application_insert(
            applicant, date=fields.Datetime.now(), channel='mail', direction='out',
            summary=self._get_mail_summary(mail.mail_message_id),
            message_id=mail.mail_message_id.id or None, user_id=self._get_author_sql(mail.author_id))

    @api.model
    def _get_mail_summary(self, message):
        """What a mail is about: its subject, where it says more than the name of the application."""
        subject = message.subject
        if not subject or subject == message.record_name:
            subject = shorten(message.preview or '', SUMMARY_LENGTH, placeholder="…")
        return subject or None

    @api.model
    def _get_author_sql(self, partner):
        """The colleague who wrote; nobody for what Odoo's robot sends."""
        return SQL(
            "(SELECT MIN(author.id) FROM res_users author"
            " WHERE author.partner_id = %s AND author.active AND author.share IS NOT TRUE)", partner.id or None)

    @api.model
    def _get_application_insert(self, applicant, condition=ALWAYS, **columns):
        """:param columns: values, or ``SQL``, by name of the column"""
        self.env['hr.applicant'].flush_model(['partner_id', 'company_id'])
        columns = {name: value if isinstance(value, SQL) else SQL("%s", value) for name, value in columns.items()}
        return self._get_insert({
            'partner_id': SQL("applicant.partner_id"),
            'company_id': SQL("COALESCE(applicant.company_id, %s)", self.env.company.id),
            'applicant_id': SQL("applicant.id"),
            **columns,
        }, SQL(
            "FROM hr_applicant applicant WHERE applicant.id = %s AND applicant.partner_id IS NOT NULL AND %s",
            applicant.id, condition))

    @api.model
    def _get_reply_insert(self, applicant, message):
        """A mail that came in from the candidate.

        The answer to a mailing is noted already, as the answer to its trace, by the same transaction.
        """
        insert = self._get_application_insert(
            applicant, SQL("NOT EXISTS (SELECT 1 FROM known)"), date=fields.Datetime.now(), channel='mail',
            direction='in', summary=self._get_mail_summary(message), message_id=message.id)
        return SQL("""
            WITH known AS (
                UPDATE hr_candidate_touch touch
                   SET message_id = %(message)s, applicant_id = COALESCE(touch.applicant_id, applicant.id)
                  FROM hr_applicant applicant
                 WHERE applicant.id = %(applicant)s AND touch.partner_id = applicant.partner_id
                   AND touch.direction = 'in' AND touch.trace_id IS NOT NULL AND touch.message_id IS NULL
                   AND touch.create_date = now() AT TIME ZONE 'UTC'
             RETURNING touch.id
            )
            %(insert)s
        """, message=message.id, applicant=applicant.id, insert=insert)

    # ------------------------------------------------------------------
    # Mailings
    # ------------------------------------------------------------------

    @api.model
    def _get_mailing_insert(self, model, subjects):
        """Mails of mailings that the mail server has accepted; a test of a mailing has no trace.

        :param str model: of the recipients
        :param dict subjects: by id of the mail, which may be deleted since
        """
        summary = SQL("%s::jsonb ->> trace.mail_mail_id_int::text", Json(subjects))
        return self._get_trace_insert(
            model, SQL("trace.mail_mail_id_int = ANY(%s) AND %s", list(subjects), SENT),
            date=SQL("trace.sent_datetime"), summary=summary)

    @api.model
    def _record_missed_mailings(self):
        """Touches of mails that are noted as sent, by whoever was killed before noting the touches."""
        self.env['mailing.mailing'].flush_model()
        self.env['mailing.trace'].flush_model()
        # what is older was caught up with long ago
        since = fields.Datetime.now() - timedelta(days=2)
        recent = SQL("(mailing.state = 'sending' OR mailing.write_date > %s)", since)
        models = self.env.execute_query(SQL(
            "SELECT DISTINCT model.model FROM mailing_mailing mailing"
            " JOIN ir_model model ON model.id = mailing.mailing_model_id WHERE %s", recent))
        for (model,) in models:
            for statement in self._get_missed_statements(model, recent):
                self._record_beside(statement)

    @api.model
    def _get_missed_statements(self, model, recent):
        """:param recent: ``SQL`` on ``mailing``"""
        yield self._get_trace_insert(
            model, SQL("%s AND %s AND %s", recent, SENT, UNTOUCHED), date=SQL("trace.sent_datetime"))

    @api.model
    def _get_mailing_reply_insert(self, model, trace_ids):
        return self._get_trace_insert(
            model, SQL("trace.id IN %s", tuple(trace_ids)), direction=SQL("'in'"), user_id=SQL("NULL"),
            date=SQL("%s", fields.Datetime.now()))

    @api.model
    def _get_trace_insert(self, model, condition, **columns):
        """
        :param str model: of the recipients of the mailing
        :param condition: ``SQL`` on ``trace``
        :param columns: ``SQL`` by name of the column, where it differs
        """
        self.env['hr.applicant'].flush_model(['partner_id', 'company_id', 'email_normalized'])
        columns = {
            'partner_id': SQL("person.partner_id"),
            'company_id': SQL("COALESCE(person.company_id, %s)", self.env.company.id),
            'applicant_id': SQL("person.id") if model == 'hr.applicant' else SQL("NULL"),
            'channel': SQL("'mailing'"),
            'direction': SQL("'out'"),
            'user_id': SQL("mailing.user_id"),
            'summary': SQL("mailing.subject"),
            'topic_id': SQL("mailing.nurture_topic_id"),
            'trace_id': SQL("trace.id"),
            **columns,
        }
        persons = self._get_trace_persons(model)
        return self._get_insert(columns, SQL(
            "FROM mailing_trace trace JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id %s"
            " WHERE %s AND trace.model = %s AND trace.is_test_trace IS NOT TRUE", persons, condition, model))

    @api.model
    def _get_trace_persons(self, model):
        if model == 'hr.applicant':
            return SQL("JOIN hr_applicant person ON person.id = trace.res_id AND person.partner_id IS NOT NULL")
        if model == 'res.partner':
            return SQL(TRACE_PERSONS, SQL("applicant.partner_id = trace.res_id"))
        return SQL(TRACE_PERSONS, SQL("applicant.email_normalized = trace.email"))

    # ------------------------------------------------------------------
    # Interviews
    # ------------------------------------------------------------------

    @api.model
    def _sync_meetings(self, event_ids):
        """The touches of interviews are where the interviews are: moved with them, gone with them."""
        self.flush_model()
        self.env['calendar.event'].flush_model(['applicant_id', 'active', 'start', 'name', 'user_id'])
        self.env['hr.applicant'].flush_model(['partner_id', 'company_id'])
        self.env.cr.execute(SQL("""
            DELETE FROM hr_candidate_touch touch
             WHERE touch.event_id IN %s AND NOT EXISTS (
                SELECT 1
                  FROM calendar_event event
                  JOIN hr_applicant applicant ON applicant.id = event.applicant_id
                 WHERE event.id = touch.event_id AND event.active AND applicant.partner_id = touch.partner_id)
        """, tuple(event_ids)))
        self.env.cr.execute(self._get_meeting_insert(SQL("event.id IN %s", tuple(event_ids)), conflict=SQL(
            "(event_id, partner_id) WHERE event_id IS NOT NULL DO UPDATE SET date = EXCLUDED.date,"
            " summary = EXCLUDED.summary, applicant_id = EXCLUDED.applicant_id, company_id = EXCLUDED.company_id,"
            " user_id = EXCLUDED.user_id, write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date")))
        self._forget_cached()

    @api.model
    def _get_meeting_insert(self, condition, **options):
        """:param condition: ``SQL`` on ``event`` and ``applicant``"""
        return self._get_insert({
            'partner_id': SQL("applicant.partner_id"),
            'company_id': SQL("COALESCE(applicant.company_id, %s)", self.env.company.id),
            'applicant_id': SQL("applicant.id"),
            'date': SQL("event.start"),
            'channel': SQL("'meeting'"),
            'direction': SQL("'out'"),
            'user_id': SQL("event.user_id"),
            'summary': SQL("event.name"),
            'event_id': SQL("event.id"),
        }, SQL(
            "FROM calendar_event event JOIN hr_applicant applicant ON applicant.id = event.applicant_id"
            " WHERE %s AND event.active AND event.start IS NOT NULL AND applicant.partner_id IS NOT NULL",
            condition), **options)
