"""The daily job: whoever has a reason to leave leaves, new people enter, and what is due is done."""

import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, split_every

from .hr_nurture_enrollment import ENDING_OF_REASON
from .hr_nurture_step import GRACE_DAYS

_logger = logging.getLogger(__name__)

LOCK_NAME = 'hr_nurture_program'
MAILS_AT_ONCE = 1000


class HrNurtureProgram(models.Model):
    _inherit = 'hr.nurture.program'

    @api.model
    def _cron_programs(self):
        """In batches, each in its transaction; whoever was killed goes on where it stood."""
        programs = self.sudo().search([('state', '=', 'running')])
        for number, program in enumerate(programs):
            try:
                with program._run_alone() as alone:
                    going_on = not alone or program._run_today()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                # the others are not to wait for it
                self.env.cr.rollback()
                _logger.exception("Nurture program %s could not be run.", program.id)
                going_on = True
            left = len(programs) - number - 1
            if not self.env['ir.cron']._commit_progress(1, remaining=left) or not going_on:
                break

    @contextmanager
    def _run_alone(self):
        """One server at a time runs the programs of a company.

        Another one would take the copy that this one is filling, or a program of lower priority while
        this one is at the first.

        :return: context of whether nobody else runs one; the lock ends with the process
        """
        with self.env['hr.nurture.contact']._short_transaction() as cr:
            cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", LOCK_NAME, self.company_id.id))
            (alone,) = cr.fetchone()
            if alone:
                # what the server before has done is seen from here on
                self.env['ir.cron']._commit_progress(0)
                self.invalidate_recordset(['state'])
                alone = self.state == 'running'
            yield alone

    def _run_today(self):
        """:return: whether there is time left for more"""
        self.ensure_one()
        today = self.env['hr.nurture.enrollment']._get_today(self.company_id)
        self._end_who_left(today)
        self._retry_failed()
        if not self._enroll_newcomers() or self._pause_if_broken(today):
            return True
        return all(step._run(today) for step in self.step_ids)

    def _retry_failed(self):
        """Mails that the mail server never took are tried again, for as long as they are worth it."""
        mails = self.env['mailing.trace'].search(self._get_failed_domain()).mail_mail_id
        for batch in split_every(MAILS_AT_ONCE, mails.ids, mails.browse):
            batch.action_retry()
            self.env.ref('mail.ir_cron_mail_scheduler_action')._trigger()
            self.env['ir.cron']._commit_progress(0)

    def _get_failed_domain(self):
        """Traces of mails for which the mail server was away, or went away before it had said yes."""
        away = Domain('trace_status', '=', 'error') & Domain('failure_type', '=', 'mail_smtp')
        went_away = Domain('mail_mail_id.state', '=', 'exception') & Domain(
            'trace_status', 'in', ('outgoing', 'process'))
        return (away | went_away) & Domain('model', '=', 'hr.applicant') & Domain('mass_mailing_id', 'any', [
            ('nurture_program_id', '=', self.id),
            ('sent_date', '>=', fields.Datetime.now() - timedelta(days=GRACE_DAYS))])

    # ------------------------------------------------------------------
    # Who leaves
    # ------------------------------------------------------------------

    def _end_who_left(self, today):
        """Everybody in the program of whom something is known that ends it, in one statement.

        :return: number of people
        """
        enrollments = self.env['hr.nurture.enrollment']
        self.env.flush_all()
        return len(enrollments._update(
            enrollments._get_ending(SQL("left_now.ending"), today), SQL("left_now.id = enrollment.id"),
            SQL("(%s) left_now", self._get_leaving_sql())))

    def _get_leaving_sql(self):
        """``SQL`` of ``id`` and ``ending`` of whoever leaves."""
        ending, joins = self._get_ending_sql()
        return SQL(
            """
            SELECT * FROM (
                SELECT enrolled.id,
                       COALESCE(CASE WHEN applicant.id IS NULL THEN 'gone' END, %(ending)s, %(replied)s,
                                CASE WHEN applicant.active IS NOT TRUE OR NOT EXISTS (
                                         SELECT FROM hr_applicant_hr_talent_pool_rel pool
                                          WHERE pool.hr_applicant_id = applicant.id) THEN 'gone' END) AS ending
                  FROM hr_nurture_enrollment enrolled
                  LEFT JOIN hr_applicant applicant ON applicant.id = enrolled.applicant_id
                  %(joins)s
                 WHERE enrolled.program_id = %(program)s AND enrolled.state = 'running'
                OFFSET 0) found
             WHERE ending IS NOT NULL
            """,
            program=self.id, ending=ending, joins=joins, replied=self._get_replied_sql())

    def _get_ending_sql(self):
        """Whoever has paused and applies leaves too, so what passes is not asked about.

        :return: ``SQL`` of a key of ``ENDINGS``, and of what it joins
        """
        reason, joins = self._get_talents()._get_nurture_ending_sql('applicant', self.company_id, self.topic_id.id)
        return SQL("CASE %s %s END", reason, SQL(" ").join(
            SQL("WHEN %s THEN %s", key, ending) for key, ending in ENDING_OF_REASON.items())), joins

    def _get_replied_sql(self):
        """``replied`` where the person was in touch by themselves since, but for answers to other mailings."""
        if not self.end_on_reply:
            return SQL("NULL")
        touches = self.env['hr.candidate.touch']._fields
        return SQL(
            """(SELECT 'replied' FROM hr_candidate_touch touch
                 WHERE touch.partner_id = enrolled.partner_id AND touch.company_id = enrolled.company_id
                   AND touch.date >= enrolled.entered_datetime AND touch.direction = 'in' AND touch.channel != 'page'
                   AND (touch.trace_id IS NULL OR EXISTS (
                        SELECT FROM mailing_trace trace
                          JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                         WHERE trace.id = touch.trace_id AND mailing.nurture_program_id = enrolled.program_id))
                 LIMIT 1)""", to_flush=[touches[name] for name in ('partner_id', 'company_id', 'date', 'direction')])

    # ------------------------------------------------------------------
    # What can't be done
    # ------------------------------------------------------------------

    def _enroll_newcomers(self):
        """:return: False if nobody can tell who they are, since a field or somebody's right is gone"""
        try:
            self._enroll_audience()
        except (UserError, ValueError) as error:
            self._pause_itself(self.env._("Its condition can't be used: %s", error))
            return False
        return True

    def _pause_if_broken(self, today):
        """A step that is due and can't be done stops the program: nobody goes on without it."""
        for step in self.step_ids:
            problem = step._get_problem()
            if problem and step._get_due(today, limit=1):
                self._pause_itself(self.env._("Step “%(step)s”: %(problem)s.", step=step.name, problem=problem))
                return True
        return False

    def _pause_itself(self, reason):
        self._set_state('paused')
        self.pause_reason = reason
        self._tell_owner()

    def _tell_owner(self):
        owner = self.user_id if self.user_id.active else self.create_uid
        lang = owner.lang or self.env.lang
        self.with_context(lang=lang).activity_schedule(
            'mail.mail_activity_data_warning', user_id=owner.id,
            summary=self.with_context(lang=lang).env._("The program has paused itself"), note=self.pause_reason)
