"""What a step does for everybody for whom it is due: a mailing or tasks; and who waits or has missed it."""

from collections import namedtuple
from datetime import timedelta

from pytz import UTC

from odoo import Command, models
from odoo.tools import SQL

from .hr_nurture_reason import WAITING_REASONS
from .working_time import WorkingTimes

# people in one copy of a mailing, and in one transaction
MAILS_AT_ONCE = 10_000
TASKS_AT_ONCE = 500

Due = namedtuple('Due', ['id', 'partner_id', 'applicant_id', 'planned_date', 'reason'])


class HrNurtureStep(models.Model):
    _inherit = 'hr.nurture.step'

    def _run(self, today):
        """Do this step for everybody for whom it is due.

        :return: whether there is time left for more
        """
        work = self._run_mailing if self.kind == 'mailing' else self._run_tasks
        while done := work(today):
            if not self.env['ir.cron']._commit_progress(0) or self.program_id.state != 'running':
                return False
            if done < self._get_batch():
                break
        return True

    def _get_batch(self):
        return MAILS_AT_ONCE if self.kind == 'mailing' else TASKS_AT_ONCE

    # ------------------------------------------------------------------
    # Who is due
    # ------------------------------------------------------------------

    def _get_due(self, today, source=None, limit=None):
        """Those for whom this step is due, each with the reason why not now, locked.

        :param source: mailing whose own bookings do not count
        :return: list of ``Due``
        """
        self.env.flush_all()
        return [Due(*row) for row in self.env.execute_query(self._get_due_sql(today, source, limit))]

    def _get_due_sql(self, today, source=None, limit=None):
        reason = self.program_id._get_talents()._get_nurture_reason_sql(
            'applicant', self.program_id.topic_id.id, source=source)
        return SQL(
            """
            SELECT enrollment.id, enrollment.partner_id, enrollment.applicant_id, enrollment.planned_date,
                   COALESCE(%(reason)s, %(same_day)s)
              FROM hr_nurture_enrollment enrollment
              JOIN hr_applicant applicant ON applicant.id = enrollment.applicant_id
             WHERE enrollment.next_step_id = %(step)s AND enrollment.state = 'running'
               AND enrollment.next_date <= %(today)s
             ORDER BY enrollment.id LIMIT %(limit)s
               FOR UPDATE OF enrollment SKIP LOCKED
            """,
            step=self.id, today=today, limit=limit or self._get_batch(), reason=reason,
            same_day=self._get_same_day_sql(today) if self.kind == 'mailing' else SQL("NULL"))

    def _get_same_day_sql(self, today):
        """``same_day`` where a program has written to the person today; those with priority come first."""
        return SQL(
            """(SELECT 'same_day' FROM hr_nurture_enrollment other
                  JOIN hr_nurture_enrollment_log done ON done.enrollment_id = other.id
                 WHERE other.partner_id = enrollment.partner_id AND other.company_id = enrollment.company_id
                   AND done.date = %s AND done.outcome = 'mailing' LIMIT 1)""", today)

    def _sort_due(self, rows, today):
        """Who goes on now, who is held back and why, and who has missed it; whoever leaves does tomorrow.

        :return: list of ``Due``, dict of ``Due`` and reason, list of ``Due``
        """
        passing = {'budget'} if self.kind == 'task' else set()
        going, held, missed = [], {}, []
        for row in rows:
            last_day = self._get_last_day(row.planned_date)
            if last_day and today > last_day:
                missed.append(row)
            elif row.reason and row.reason not in passing:
                held[row] = row.reason
            else:
                going.append(row)
        return going, held, missed

    # ------------------------------------------------------------------
    # Who waits
    # ------------------------------------------------------------------

    def _hold(self, held, today):
        """Whoever may not be written to now waits for the day when they may; a greeting too late is missed.

        :param held: reason by ``Due``
        """
        enrollments = self.env['hr.nurture.enrollment']
        days = self._get_days(held, today)
        missed = [row.id for row in held if self._is_too_late(row, days[row])]
        waiting = [row for row in held if not self._is_too_late(row, days[row])]
        reasons = [held[row] if held[row] in (*WAITING_REASONS, 'same_day') else None for row in waiting]
        if waiting:
            enrollments._update(
                SQL("next_date = wait.day, waiting_reason = wait.reason"), SQL("wait.id = enrollment.id"),
                SQL("unnest(%s::int[], %s::date[], %s::text[]) AS wait (id, day, reason)",
                    [row.id for row in waiting], [days[row] for row in waiting], reasons))
        enrollments._advance(self, missed, today, 'missed')

    def _is_too_late(self, row, day):
        last_day = self._get_last_day(row.planned_date)
        return bool(last_day and day > last_day)

    def _get_days(self, held, today):
        """Day on which to try again, by ``Due``: never today."""
        company, tomorrow = self.company_id, today + timedelta(days=1)
        tz = WorkingTimes()[company].tz
        waiting = [row.partner_id for row, reason in held.items() if reason in WAITING_REASONS]
        allowed = self.env['hr.nurture.contact'].sudo()._get_next_allowed(waiting, company)
        days = {}
        for row in held:
            moment = allowed.get(row.partner_id)
            days[row] = max(tomorrow, UTC.localize(moment).astimezone(tz).date()) if moment else tomorrow
        return days

    # ------------------------------------------------------------------
    # Mailings
    # ------------------------------------------------------------------

    def _run_mailing(self, today):
        """One copy of the mailing for those who are due, in the queue, and their contacts booked.

        Bookings are committed at once, and are those of the copy: it is there first. Whoever was killed
        finds the copy, still a draft, and in its name the same people.

        :return: number of people who were looked at
        """
        if not self._get_due(today, limit=1):
            return 0
        mailing = self._get_copy()
        rows = self._get_due(today, mailing)
        going, held, missed = self._sort_due(rows, today)
        answers = self.env['hr.nurture.contact'].sudo()._book(
            [row.partner_id for row in going], self.company_id, mailing, self.program_id.topic_id)
        held |= {row: 'budget' for row in going if answers[row.partner_id]}
        going = [row for row in going if not answers[row.partner_id]]
        enrollments = self.env['hr.nurture.enrollment']
        enrollments._advance(self, [row.id for row in missed], today, 'missed')
        self._hold(held, today)
        if going:
            mailing.mailing_domain = repr([('id', 'in', [row.applicant_id for row in going])])
            mailing.action_put_in_queue()
            enrollments._advance(self, [row.id for row in going], today, 'mailing', mailing)
        else:
            mailing.unlink()
        return len(rows)

    def _get_copy(self):
        """A copy of the design to send, which other transactions can see."""
        # one that somebody has cancelled is a draft as well, and was for others
        copy = self.env['mailing.mailing'].search([
            ('nurture_step_id', '=', self.id), ('state', '=', 'draft'), ('nurture_log_ids', '=', False)], limit=1)
        if copy:
            copy.write(self._prepare_copy())
            return copy
        copy = self._make_copy()
        self.env['ir.cron']._commit_progress(0)
        return copy

    def _make_copy(self):
        name = self.env._("%(program)s: %(step)s", program=self.program_id.name, step=self.name)
        # a mailing takes its attachments along when it is deleted: those of the design stay with it
        attachments = self.mailing_id.attachment_ids.copy({'res_model': 'mailing.mailing', 'res_id': False})
        return self.mailing_id.copy({
            'name': name, 'attachment_ids': [Command.set(attachments.ids)], **self._prepare_copy()})

    def _prepare_copy(self):
        """What the design says now, though it was changed since a copy was begun."""
        design = self.mailing_id
        return {
            'subject': design.subject,
            'body_arch': design.body_arch,
            'body_html': design.body_html,
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant'),
            'mailing_filter_id': False,
            'mailing_domain': "[('id', '=', 0)]",
            'ab_testing_enabled': False,
            'user_id': self.program_id.user_id.id or design.user_id.id,
            'nurture_program_id': self.program_id.id,
            'nurture_step_id': self.id,
            'nurture_topic_id': self.program_id.topic_id.id,
            'schedule_type': 'now',
            'schedule_date': False,
        }

    # ------------------------------------------------------------------
    # Tasks
    # ------------------------------------------------------------------

    def _run_tasks(self, today):
        """An activity for each, of their recruiter. What is done by a human does not count as a mail.

        :return: number of people who were looked at
        """
        rows = self._get_due(today)
        going, held, missed = self._sort_due(rows, today)
        self.env['mail.activity'].with_context(mail_activity_quick_update=True).create(
            self._prepare_activities(going, today))
        enrollments = self.env['hr.nurture.enrollment']
        enrollments._advance(self, [row.id for row in missed], today, 'missed')
        self._hold(held, today)
        enrollments._advance(self, [row.id for row in going], today, 'task')
        return len(rows)

    def _prepare_activities(self, rows, today):
        model_id = self.env['ir.model']._get_id('hr.applicant')
        talents = self.env['hr.applicant'].browse(row.applicant_id for row in rows)
        owner = self.program_id.user_id or self.program_id.create_uid
        return [{
            'activity_type_id': self.activity_type_id.id,
            'res_model_id': model_id,
            'res_id': talent.id,
            'user_id': (talent.user_id if talent.user_id.active else owner).id,
            'date_deadline': today,
            'summary': self.task_summary or self.name,
            'note': self.task_script,
        } for talent in talents]
