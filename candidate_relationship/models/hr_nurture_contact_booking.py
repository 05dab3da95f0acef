"""How contacts are booked, confirmed and released."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models, modules
from odoo.tools import SQL

from .hr_candidate_touch_sources import SENT

MAILINGS = 'mailing.mailing'
# A day after a mailing was booked, its mails are written, or never will be.
FORGOTTEN_DAYS = 1
BATCH = 1000
LOCK_NAME = 'hr_nurture_contact'
DEAD_TRACES = ('cancel', 'error', 'bounce')


class HrNurtureContact(models.Model):
    _inherit = 'hr.nurture.contact'

    # ------------------------------------------------------------------
    # Booking
    # ------------------------------------------------------------------

    @api.model
    def _book(self, partner_ids, company, source, topic=None):
        """Book one contact of each person, for whom the budget has room; whoever is written to is booked first.

        Whatever was booked stays, though the caller is killed or rolled back: a later call for the same
        source finds it and says yes again. What came of it is told by traces, or by ``_release``.

        :param source: record that the contact is for, a mailing
        :param topic: ``hr.nurture.topic`` or its id
        :return: None, or the reason why not (``budget``, or ``no_person`` of someone who is not there
            for others yet), by id of the partner
        """
        ids = sorted(set(partner_ids))
        if not ids:
            return {}
        topic = topic.id if isinstance(topic, models.BaseModel) else topic
        with self._short_transaction() as cr:
            # one after the other: who comes second sees what the first has booked
            cr.execute(SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s), %s); %s",
                LOCK_NAME, company.id, self._get_booking_sql(ids, company, source, topic)))
            answers = dict(cr.fetchall())
        self.invalidate_model()
        return {partner_id: None if answers.get(partner_id) else 'budget' if partner_id in answers else 'no_person'
                for partner_id in ids}

    @api.model
    @contextmanager
    def _short_transaction(self):
        """A cursor of its own that sees what others have committed a moment ago, and commits at once.

        The transaction at work sees the database as it was when it began, and may last for long. A test
        has no other. Nobody waits for the disk: the mails that are written next do, and what comes before
        them in PostgreSQL's log is safe with them.
        """
        if modules.module.current_test:
            self.env.flush_all()
            yield self.env.cr
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '60s';"
                " SET LOCAL synchronous_commit = off")
            yield cr

    @api.model
    def _get_booking_sql(self, partner_ids, company, source, topic):
        """:return: ``SQL`` of pairs of the id of a person and whether they are booked"""
        now = fields.Datetime.now()
        partner, company_id = SQL("person.id"), SQL("%s", company.id)
        own = SQL("(contact.company_id, contact.source_model, contact.source_id) = (%s, %s, %s)",
                  company.id, source._name, source.id)
        return SQL(
            """
            WITH booked AS (
                INSERT INTO hr_nurture_contact AS contact (
                       partner_id, company_id, topic_id, booked_datetime, source_model, source_id, state,
                       create_uid, write_uid, create_date, write_date)
                SELECT person.id, %(company)s, %(topic)s, %(now)s, %(model)s, %(source)s, 'booked',
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM res_partner person
                 WHERE person.id = ANY(%(ids)s) AND %(budget)s IS NULL
                 ORDER BY person.id
                ON CONFLICT (partner_id, company_id, source_model, source_id) DO UPDATE
                   SET state = 'booked', topic_id = EXCLUDED.topic_id, booked_datetime = EXCLUDED.booked_datetime,
                       write_date = EXCLUDED.write_date
                 WHERE contact.state = 'released'
                RETURNING contact.partner_id
            )
            SELECT person.id, EXISTS (SELECT FROM booked WHERE booked.partner_id = person.id) OR EXISTS (
                       SELECT FROM hr_nurture_contact contact
                        WHERE contact.partner_id = person.id AND %(own)s AND contact.state != 'released')
              FROM res_partner person WHERE person.id = ANY(%(ids)s)
            """,
            ids=partner_ids, company=company_id, topic=topic or None, now=now, model=source._name,
            source=source.id, uid=self.env.uid, own=own,
            budget=self._get_budget_sql(partner, company_id, SQL("%s::timestamp", now), source))

    # ------------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------------

    @api.model
    def _release(self, partner_ids, company, source):
        """The mails to these persons came to nothing: they may be written to by others."""
        self.search([
            ('partner_id', 'in', list(partner_ids)), ('company_id', '=', company.id),
            ('source_model', '=', source._name), ('source_id', '=', source.id), ('state', '!=', 'released'),
        ]).state = 'released'

    @api.model
    def _get_sent_update(self, condition, names):
        """The mail server has accepted mails of mailings.

        Whoever sends a mail that had failed without booking it again has written to the person anyway.

        :param condition: ``SQL`` on ``trace``
        :param names: models of the recipients
        """
        return self._get_trace_update(
            SQL("%s AND %s AND contact.state != 'sent'", condition, SENT),
            SQL("state = 'sent', booked_datetime = CASE WHEN contact.state = 'released' THEN trace.sent_datetime"
                " ELSE contact.booked_datetime END"), names)

    @api.model
    def _release_by_traces(self, condition):
        """Mails that failed, bounced or were cancelled; whoever was left out had booked nothing.

        :param condition: ``SQL`` on ``trace``
        """
        self.env['mailing.trace'].flush_model()
        self.env['hr.candidate.touch'].sudo()._record_beside(self._get_trace_update(
            SQL("(%s) AND trace.nurture_reason IS NULL AND contact.state != 'released'", condition),
            SQL("state = 'released'"), self._get_recipient_models()))
        self.invalidate_model()

    @api.model
    def _get_trace_update(self, condition, assignments, recipient_models):
        return SQL(
            "UPDATE hr_nurture_contact contact SET %s FROM mailing_trace trace JOIN (%s) person"
            " ON person.model = trace.model AND person.res_id = trace.res_id"
            " WHERE %s AND trace.is_test_trace IS NOT TRUE AND contact.partner_id = person.partner_id"
            " AND contact.source_model = %s AND contact.source_id = trace.mass_mailing_id",
            assignments, self._get_persons_sql(recipient_models), condition, MAILINGS)

    # ------------------------------------------------------------------
    # Whom mailings are written to
    # ------------------------------------------------------------------

    @api.model
    def _get_recipient_models(self):
        """Models whose mailings keep to the budget: ``_nurture_recipients`` says so."""
        return [name for name in self.env.registry if self._is_recipient_model(name)]

    @api.model
    def _is_recipient_model(self, name):
        model = self.env.registry.get(name)
        return bool(model and getattr(model, '_nurture_recipients', False) and model._auto and not model._abstract)

    @api.model
    def _get_recipients_sql(self, name):
        """SQL of ``FROM``, in which ``applicant`` is the row of ``hr_applicant`` that tells about the recipient.

        :return: this, and the ``SQL`` of the recipient's id
        """
        if name == 'hr.applicant':
            return SQL("hr_applicant applicant"), SQL("applicant.id")
        model = self.env[name]
        return SQL(
            "%s recipient JOIN hr_applicant applicant ON applicant.id = recipient.%s",
            SQL.identifier(model._table), SQL.identifier(getattr(model, '_nurture_applicant_field', 'applicant_id')),
        ), SQL("recipient.id")

    @api.model
    def _get_persons_sql(self, names):
        """SQL of ``model``, ``res_id`` and ``partner_id`` of the recipients of these models."""
        parts = []
        for name in names:
            tables, res_id = self._get_recipients_sql(name)
            parts.append(SQL(
                "SELECT %s AS model, %s AS res_id, applicant.partner_id AS partner_id FROM %s", name, res_id, tables))
        return SQL(" UNION ALL ").join(parts)

    # ------------------------------------------------------------------
    # What the database holds already
    # ------------------------------------------------------------------

    @api.model
    def _backfill_at_install(self):
        """Mails of mailings within the longest time that is looked at count from the first day on."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """
            INSERT INTO hr_nurture_contact (
                   partner_id, company_id, booked_datetime, source_model, source_id, state,
                   create_uid, write_uid, create_date, write_date)
            SELECT applicant.partner_id, COALESCE(applicant.company_id, %(company)s), MAX(trace.sent_datetime),
                   %(mailings)s, trace.mass_mailing_id, 'sent', %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM mailing_trace trace JOIN hr_applicant applicant ON applicant.id = trace.res_id
             WHERE trace.model = 'hr.applicant' AND trace.sent_datetime > %(now)s::timestamp - INTERVAL '1 year'
               AND trace.trace_status NOT IN %(dead)s AND trace.is_test_trace IS NOT TRUE
               AND trace.mass_mailing_id IS NOT NULL AND applicant.partner_id IS NOT NULL
             GROUP BY 1, 2, trace.mass_mailing_id
            ON CONFLICT DO NOTHING
            """, company=self.env.company.id, mailings=MAILINGS, uid=self.env.uid, now=fields.Datetime.now(),
            dead=DEAD_TRACES))
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    # ------------------------------------------------------------------
    # What was forgotten
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_forgotten_bookings(self):
        """Bookings of mailings that ended, or are gone, without a mail to the person.

        Nobody else knows of them: whoever booked was killed, or took it back, and never came again.
        """
        forgotten = fields.Datetime.now() - timedelta(days=FORGOTTEN_DAYS)
        count = self._release_without_mail(SQL(
            """contact.booked_datetime < %s AND NOT EXISTS (
                SELECT FROM mailing_mailing mailing WHERE mailing.id = contact.source_id
                   AND mailing.active AND mailing.state IN ('in_queue', 'sending'))""", forgotten), BATCH)
        return count, BATCH if count == BATCH else 0

    @api.model
    def _release_without_mail(self, condition, limit=None):
        """Release bookings of mailings for which there is no mail, neither sent nor waiting.

        :param condition: ``SQL`` on ``contact``
        :return: number of bookings
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            WITH old AS (
                SELECT contact.id, contact.partner_id, contact.source_id FROM hr_nurture_contact contact
                 WHERE contact.state = 'booked' AND contact.source_model = %(mailings)s AND %(condition)s
            ), live AS (
                SELECT trace.mass_mailing_id, person.partner_id FROM mailing_trace trace
                  JOIN (%(persons)s) person ON person.model = trace.model AND person.res_id = trace.res_id
                 WHERE trace.mass_mailing_id IN (SELECT old.source_id FROM old)
                   AND trace.trace_status NOT IN %(dead)s AND trace.is_test_trace IS NOT TRUE
                   AND (trace.trace_status != 'outgoing' OR trace.mail_mail_id IS NOT NULL)
            )
            UPDATE hr_nurture_contact contact SET state = 'released'
             WHERE contact.id IN (
                SELECT old.id FROM old WHERE NOT EXISTS (
                    SELECT FROM live WHERE live.mass_mailing_id = old.source_id AND live.partner_id = old.partner_id)
                 LIMIT %(limit)s)
            RETURNING contact.id
            """,
            mailings=MAILINGS, condition=condition, dead=DEAD_TRACES, limit=limit,
            persons=self._get_persons_sql(self._get_recipient_models())))
        self.invalidate_model()
        return len(rows)
