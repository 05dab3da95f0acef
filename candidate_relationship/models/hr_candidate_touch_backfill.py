"""Installing on a database in use: touches of what it already holds."""

from odoo import api, models
from odoo.tools import SQL

from .hr_candidate_touch import ALWAYS
from .hr_candidate_touch_sources import SUMMARY_LENGTH

# applications in one statement: some seconds of work, even if each has dozens of messages
BATCH = 10000
# The subject, where it says more than the name of the application, else the first words.
MAIL_SUMMARY = r"""COALESCE(
    NULLIF(NULLIF(message.subject, ''), applicant.partner_name),
    NULLIF(LEFT(BTRIM(REGEXP_REPLACE(REGEXP_REPLACE(
        LEFT(message.body, 4000), '<style.*?</style>|<[^>]*>|&nbsp;', ' ', 'g'), '\s+', ' ', 'g')), %s), ''))"""
OUTGOING = ('comment', 'email', 'email_outgoing', 'auto_comment')


class HrCandidateTouch(models.Model):
    _inherit = 'hr.candidate.touch'

    @api.model
    def _backfill_at_install(self):
        """Touches of mails to and from candidates, of mailings and of interviews.

        May run again: what is there already is left alone.

        :return: number of touches made
        """
        self.env.flush_all()
        count = 0
        for insert in self._get_backfill_inserts():
            self.env.cr.execute(insert)
            count += self.env.cr.rowcount
        self._forget_cached()
        return count

    @api.model
    def _get_backfill_inserts(self):
        (last_id,), = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM hr_applicant"))
        for first in range(1, last_id + 1, BATCH):
            applications = SQL("applicant.id BETWEEN %s AND %s", first, first + BATCH - 1)
            yield self._get_backfill_mail_insert('in', applications, self._backfill_is_candidate())
            yield self._get_backfill_mail_insert('out', applications, self._backfill_is_to_candidate())
        yield self._get_backfill_mailing_insert('sent_datetime')
        # answers that came in elsewhere: the others are messages of the application
        yield self._get_backfill_mailing_insert(
            'reply_datetime', SQL("mailing.reply_to_mode = 'new'"), direction=SQL("'in'"), user_id=SQL("NULL"))
        yield self._get_meeting_insert(ALWAYS)

    @api.model
    def _get_backfill_mail_insert(self, direction, applications, condition):
        return self._get_insert({
            'partner_id': SQL("applicant.partner_id"),
            'company_id': SQL("COALESCE(applicant.company_id, %s)", self.env.company.id),
            'applicant_id': SQL("applicant.id"),
            'date': SQL("LEAST(message.date, now() AT TIME ZONE 'UTC')"),
            'channel': SQL("'mail'"),
            'direction': SQL("%s", direction),
            'summary': SQL(MAIL_SUMMARY, SUMMARY_LENGTH),
            'message_id': SQL("message.id"),
            'user_id': SQL(
                "(SELECT MIN(author.id) FROM res_users author"
                " WHERE author.partner_id = message.author_id AND author.active AND author.share IS NOT TRUE)"),
        }, SQL("""
            FROM hr_applicant applicant
            JOIN mail_message message ON message.model = 'hr.applicant' AND message.res_id = applicant.id
            JOIN res_partner partner ON partner.id = applicant.partner_id
           WHERE %s AND message.date IS NOT NULL AND %s
        """, applications, condition))

    @api.model
    def _backfill_is_candidate(self):
        return SQL("message.message_type = 'email' AND %s", self._backfill_author())

    @api.model
    def _backfill_author(self):
        """The candidate wrote: as the author, or from an address of theirs."""
        return SQL("""
            (message.author_id IS NOT DISTINCT FROM applicant.partner_id
             OR LOWER(COALESCE(SUBSTRING(message.email_from FROM '<([^>]+)>'), TRIM(message.email_from)))
                IN (applicant.email_normalized, partner.email_normalized)) IS TRUE
        """)

    @api.model
    def _backfill_is_to_candidate(self):
        """The candidate was among the recipients, and nothing says that it failed.

        Stock Odoo deletes notifications after half a year: then the recipients have to do. Notes to
        colleagues have none of both. Mailings leave a message too, but are read from their traces.
        """
        return SQL("""
            message.message_type IN %s AND NOT %s
            AND NOT EXISTS (SELECT 1 FROM mailing_trace trace WHERE trace.message_id = message.message_id)
            AND COALESCE((
                SELECT BOOL_OR(notification.notification_status = 'sent')
                  FROM mail_notification notification
                 WHERE notification.mail_message_id = message.id
                   AND notification.res_partner_id = applicant.partner_id
            ), EXISTS (
                SELECT 1 FROM mail_message_res_partner_rel recipient
                 WHERE recipient.mail_message_id = message.id AND recipient.res_partner_id = applicant.partner_id))
        """, OUTGOING, self._backfill_author())

    @api.model
    def _get_backfill_mailing_insert(self, date_column, condition=ALWAYS, **columns):
        date = SQL.identifier('trace', date_column)
        return self._get_trace_insert(
            'hr.applicant',
            SQL("%s IS NOT NULL AND trace.trace_status IN ('sent', 'open', 'reply') AND %s", date, condition),
            date=SQL("LEAST(%s, now() AT TIME ZONE 'UTC')", date), **columns)
