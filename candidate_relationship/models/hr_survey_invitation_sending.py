"""The daily job: who is due is booked, written to once, reminded once, and the link ends."""

import logging
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_urlsafe
from smtplib import SMTPServerDisconnected

import psycopg2

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

LOCK_NAME = 'hr_survey_invitation'
# Whose day for a reminder has come is noted for so many at once, before the first of them is sent.
BATCH = 50
# A mail server that refuses so many in a row has trouble of its own: the others wait.
FAILURES_IN_A_ROW = 3


class HrSurveyInvitation(models.Model):
    _inherit = 'hr.survey.invitation'

    @api.model
    def _cron_ask(self):
        """One server at a time; whoever was killed goes on where it stood, and nobody gets a mail twice."""
        self = self.sudo()
        with self._run_alone() as alone:
            if not alone:
                return
            self._expire()
            triggers = self.env['hr.survey.trigger'].search([('state', '=', 'running')])
            triggers._drop_stale()
            triggers = triggers.filtered(lambda trigger: trigger.survey_id._is_experience_open())
            for mates in triggers.grouped(lambda one: (one.company_id, one.survey_id)).values():
                if not (mates._ask() and mates._remind()):
                    break

    @contextmanager
    def _run_alone(self):
        """:return: context of whether nobody else does the job; the lock ends with the process"""
        with self.env['hr.nurture.contact']._short_transaction() as cr:
            cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s), 0)", LOCK_NAME))
            (alone,) = cr.fetchone()
            if alone:
                # what the server before has done is seen from here on
                self.env['ir.cron']._commit_progress(0)
                self.env.invalidate_all()
            yield alone

    @api.model
    def _expire(self):
        for company in self.env['res.company'].search([]):
            self._update(
                SQL("state = 'expired'"),
                SQL("company_id = %s AND state = 'sent' AND expires_date < %s", company.id, self._get_today(company)))

    @api.model
    def _update(self, assignments, condition):
        """In plain SQL: no write date tells when something happened to a row.

        :return: the rows that were changed
        """
        self.flush_model()
        rows = self.env.execute_query(SQL(
            "UPDATE hr_survey_invitation SET %s WHERE %s RETURNING id", assignments, condition))
        self.invalidate_model()
        return self.browse(id_ for (id_,) in rows)

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _send_invitations(self):
        """One by one, each in its transaction.

        :return: whether there is time left for more
        """
        failures = 0
        for number, invitation in enumerate(self):
            if number % BATCH == 0:
                # many mails take long: who said no meanwhile gets none
                reasons = self[number:number + BATCH]._get_person_reasons()
            if reason := reasons.get(invitation.id):
                invitation.write({'state': 'cancelled', 'reason': reason})
            elif invitation._claim():
                failures = 0 if invitation._send_claimed() else failures + 1
            left = len(self) - number - 1
            if not self.env['ir.cron']._commit_progress(1, remaining=left):
                return False
            if failures == FAILURES_IN_A_ROW:
                _logger.warning("%s invitations in a row could not be sent: the others wait.", failures)
                # until the next day, not for the same again at once
                self.env['ir.cron']._commit_progress(0, remaining=0)
                break
        return True

    def _get_person_reasons(self):
        """What became known since these were booked: why they are not asked, by id."""
        if not self:
            return {}
        self.env.flush_all()
        reason = self.env['hr.survey.trigger']._get_person_reason_sql(self.company_id)
        rows = self.env.execute_query(SQL(
            "SELECT invitation.id, %s FROM hr_survey_invitation invitation"
            " JOIN hr_applicant applicant ON applicant.id = invitation.applicant_id"
            " LEFT JOIN res_partner person ON person.id = invitation.partner_id WHERE invitation.id IN %s",
            reason, self._ids))
        known = dict(rows)
        # whoever deletes an application takes away what could be looked at
        return {row.id: known.get(row.id) if row.partner_id and row.applicant_id else 'erased' for row in self}

    def _claim(self):
        """Note the mail as sent before it leaves: a server that is killed at it has sent it once at most.

        :return: whether it is still to be sent
        """
        today, days = self._get_today(self.company_id), self.trigger_id.expiry_days
        claimed = self._update(
            SQL("state = 'sent', in_doubt = TRUE, reminded = FALSE, failure_reason = NULL, sent_date = %s,"
                " expires_date = %s", today, today + timedelta(days=days)),
            SQL("id = %s AND state = 'waiting'", self.id))
        self.env['ir.cron']._commit_progress(0)
        return bool(claimed)

    def _send_claimed(self):
        """:return: whether the mail server accepted the mail"""
        try:
            failure = self._send_mail(self.trigger_id.template_id)
        except SMTPServerDisconnected:
            # it may have the mail or not: that stays noted
            return False
        done = SQL("in_doubt = FALSE")
        if failure:
            done = SQL("in_doubt = FALSE, state = 'failed', sent_date = NULL, expires_date = NULL, failure_reason = %s",
                       failure)
        self._update(done, SQL("id = %s AND state = 'sent'", self.id))
        return not failure

    def _send_mail(self, template):
        """Write and send the mail of a template; nothing of it stays in the database.

        :return: why it could not be sent, or False
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                mail = self._write_mail(template)
        except psycopg2.Error:
            raise
        except Exception as error:
            return self.env._("The mail could not be written: %s", error)
        try:
            mail.send(raise_exception=False)
        except SMTPServerDisconnected:
            mail.unlink()
            raise
        failure = mail.state != 'sent' and (mail.failure_reason or self.env._("The mail was not sent."))
        mail.unlink()
        return failure

    def _write_mail(self, template):
        """To the person alone, whatever the template says: nobody else may have the link."""
        return template.sudo().with_company(self.company_id).send_mail_batch(self.ids, email_values={
            'recipient_ids': [Command.set(self.partner_id.ids)],
            'email_to': False,
            'email_cc': False,
            'scheduled_date': False,
            # it is deleted below, once its state was read
            'auto_delete': False,
        })

    # ------------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------------

    @api.model
    def _get_reminder_domain(self, trigger, today):
        return (
            Domain('trigger_id', '=', trigger.id) & Domain('state', '=', 'sent') & Domain('reminded', '=', False)
            & Domain('partner_id', '!=', False) & Domain('expires_date', '>=', today)
            & Domain('survey_id.active', '=', True)
            & Domain('sent_date', '<=', today - timedelta(days=trigger.reminder_days)))

    def _send_reminders(self):
        """To everybody, as the mail says: a reminder to those alone who have not answered would tell who has.

        It is noted before the first mail, so that nobody gets it twice.
        """
        self._update(SQL("reminded = TRUE"), SQL("id IN %s", self._ids))
        self.env['ir.cron']._commit_progress(0)
        reasons = self._get_person_reasons()
        for invitation in self:
            # a new process is no reason: it is about the one that is over
            if reasons.get(invitation.id) in (None, 'in_process'):
                invitation._send_reminder()

    def _send_reminder(self):
        try:
            self._send_mail(self.trigger_id.reminder_template_id)
        except SMTPServerDisconnected:
            _logger.info("The mail server closed the connection while a reminder was sent.")
        # also what could not be sent: it is tried once
        self.env['ir.cron']._commit_progress(0)


class HrSurveyTrigger(models.Model):
    _inherit = 'hr.survey.trigger'

    def _ask(self):
        """Book who is due and send what waits, if enough people are asked together.

        :param self: running triggers of one company with one questionnaire
        :return: whether there is time left for more
        """
        company, survey = self.company_id, self.survey_id
        invitations = self.env['hr.survey.invitation']
        self._ensure_persons()
        waiting = invitations._get_waiting_domain(company, survey)
        people = self._count_due() + invitations.search_count(waiting)
        if not people or people + invitations._count_open(company, survey) < company.experience_threshold:
            return True
        for trigger in self:
            trigger._book()
        if people < company.experience_threshold:
            self._keep_open()
        self.env['ir.cron']._commit_progress(0)
        return invitations.search(waiting, order='id')._send_invitations()

    def _keep_open(self):
        """Few are asked now: links of others stay open as long as theirs, so that an answer could be from any."""
        invitations = self.env['hr.survey.invitation']
        last = invitations._get_today(self.company_id) + timedelta(days=max(self.mapped('expiry_days')))
        mates = SQL(
            "SELECT id FROM hr_survey_invitation invitation WHERE %s ORDER BY sent_date DESC, id DESC LIMIT %s",
            invitations._get_open_sql(self.company_id, self.survey_id), self.company_id.experience_threshold)
        invitations._update(
            SQL("expires_date = GREATEST(expires_date, %s)", last), SQL("id IN (%s)", mates))

    def _drop_stale(self):
        """Who has waited too long is not asked any more; the others are asked with the questionnaire of today."""
        invitations = self.env['hr.survey.invitation']
        for trigger in self:
            waiting = SQL("trigger_id = %s AND state = 'waiting'", trigger.id)
            invitations._update(
                SQL("state = 'cancelled', reason = 'too_old'"),
                SQL("%s AND create_date < %s", waiting, trigger._get_oldest()))
            invitations._update(
                SQL("survey_id = %s", trigger.survey_id.id),
                SQL("%s AND survey_id IS DISTINCT FROM %s", waiting, trigger.survey_id.id))

    def _ensure_persons(self):
        """Applications that stock Odoo has made no contact for."""
        self.env['hr.applicant'].with_context(active_test=False).search([
            ('company_id', 'in', (*self.company_id.ids, False)), ('partner_id', '=', False),
            ('email_normalized', '!=', False), ('candidate_erased', '!=', True), ('talent_pool_ids', '=', False),
            ('write_date', '>=', min(trigger._get_start_of(trigger._get_since()) for trigger in self)),
        ])._ensure_candidate_partners()

    def _book(self):
        """An invitation for everybody who is due, in random order, in one statement.

        :return: number of people
        """
        self.env.flush_all()
        due = self.env.execute_query(SQL(
            "SELECT applicant_id, partner_id, outcome, stage_group, department_id, family_id FROM (%s) due"
            " ORDER BY RANDOM()", self._get_due_sql()))
        if not due:
            return 0
        invitations = self.env['hr.survey.invitation']
        now = fields.Datetime.now()
        shared = (self.id, self.survey_id.id, self.company_id.id, self.env.uid, self.env.uid, now, now)
        booked = self.env.execute_query(SQL(
            "INSERT INTO hr_survey_invitation ("
            "   applicant_id, partner_id, outcome, stage_group, department_id, family_id, token, state, trigger_id,"
            "   survey_id, company_id, create_uid, write_uid, create_date, write_date)"
            " VALUES %s ON CONFLICT DO NOTHING RETURNING id",
            SQL(", ").join(SQL("%s", (*row, token_urlsafe(32), 'waiting', *shared)) for row in due)))
        invitations.invalidate_model()
        return len(booked)

    def _remind(self):
        """:return: whether there is time left for more"""
        invitations = self.env['hr.survey.invitation']
        for trigger in self.filtered('reminder_days'):
            domain = invitations._get_reminder_domain(trigger, trigger._get_today())
            while rows := invitations.search(domain, limit=BATCH, order='id'):
                rows._send_reminders()
                if not self.env['ir.cron']._commit_progress(len(rows), remaining=invitations.search_count(domain)):
                    return False
        return True
