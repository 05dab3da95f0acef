"""Who is asked, and why others are not: one definition in SQL, for the daily job and for the preview."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from pytz import UTC

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_recruitment_stage_experience import STAGE_GROUPS
from .working_time import WorkingTimes

# Longest public holidays and a delay of 60 working days.
LONGEST_DELAY = 200
OUTCOME_FIELDS = {'hired': 'on_hired', 'refused': 'on_refused', 'withdrawn': 'on_withdrawn'}
# What tells somebody the outcome, besides the answer that was promised.
TELLING_CHANNELS = ('mail', 'call', 'linkedin')


class HrSurveyTrigger(models.Model):
    _inherit = 'hr.survey.trigger'

    def _get_outcomes(self):
        return [outcome for outcome, name in OUTCOME_FIELDS.items() if self[name]]

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _get_start_of(self, day):
        """Naive UTC of the midnight with which a day of the company begins."""
        tz = WorkingTimes()[self.company_id].tz
        return tz.localize(datetime.combine(day, time.min)).astimezone(UTC).replace(tzinfo=None)

    def _get_day_of(self, moment):
        return WorkingTimes()[self.company_id]._day(moment)

    def _get_last_quarter(self):
        """:return: naive UTC of the begin and of the end of the quarter before this one"""
        today = self._get_today()
        first = date(today.year, today.month - (today.month - 1) % 3, 1)
        return self._get_start_of(first - relativedelta(months=3)), self._get_start_of(first)

    def _get_since(self):
        return self.since_date or self._get_today()

    def _get_told_before(self):
        """Whoever was told before this moment has had the working days of the delay.

        Without working time in the company's calendar, all days are working days.
        """
        now, working_time = fields.Datetime.now(), WorkingTimes()[self.company_id]
        if not self.delay_days:
            return now
        for ago in range(self.delay_days, LONGEST_DELAY):
            end = self._get_start_of(working_time._day(now) - timedelta(days=ago - 1))
            told = end - timedelta(seconds=1)
            deadline = working_time.deadline(told, self.delay_days)
            if deadline is None or deadline <= now:
                return end
        return now - timedelta(days=LONGEST_DELAY)

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def _get_due_sql(self):
        """``SQL`` of those who are to be asked now, one row for each person."""
        self.ensure_one()
        since = max(self._get_start_of(self._get_since()), self._get_oldest())
        return SQL("SELECT * FROM (%s) due WHERE reason IS NULL AND partner_id IS NOT NULL",
                   self._get_judged_sql(since, fields.Datetime.now() + timedelta(seconds=1), due=True))

    def _count_due(self):
        """Persons over all these triggers."""
        if not self:
            return 0
        self.env.flush_all()
        rows = SQL(" UNION ALL ").join(SQL("SELECT partner_id FROM (%s) one", one._get_due_sql()) for one in self)
        ((count,),) = self.env.execute_query(SQL("SELECT COUNT(DISTINCT partner_id) FROM (%s) due_all", rows))
        return count

    def _count_by_reason(self, start, end):
        """Of the decisions of a time: applications by reason; those who would be asked by False."""
        if not self._get_outcomes() or not self.company_id:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "SELECT reason, COUNT(*) FROM (%s) judged GROUP BY reason", self._get_judged_sql(start, end)))
        return {reason or False: count for reason, count in rows}

    def _get_judged_sql(self, start, end, due=False):
        """Every application that was decided within a time and that the trigger is for.

        Columns: ``applicant_id``, ``partner_id``, ``outcome``, ``decided``, ``told``, ``department_id``,
        ``family_id``, ``stage_group``, ``reason`` (NULL: the person is asked).

        :param start: naive UTC, included
        :param end: naive UTC, excluded
        :param bool due: whether the delay must be over, and not too much time have gone by
        """
        return SQL(
            """
            SELECT applicant_id, partner_id, outcome, decided, told, department_id, family_id, stage_group,
                   COALESCE(reason, CASE WHEN ROW_NUMBER() OVER (
                       PARTITION BY COALESCE(partner_id, -applicant_id), reason
                       ORDER BY decided DESC, applicant_id DESC) > 1 THEN 'twin' END) AS reason
              FROM (SELECT found.*, COALESCE(%(reason)s, %(timing)s) AS reason
                      FROM (SELECT decided.*, %(told)s AS told FROM (%(decided)s) decided
                             WHERE decided.stage_rank >= %(rank)s OFFSET 0) found
                      JOIN hr_applicant applicant ON applicant.id = found.applicant_id
                      LEFT JOIN res_partner person ON person.id = found.partner_id
                    OFFSET 0) looked_at
            """,
            decided=self._get_decided_sql(start, end), told=self._get_told_sql(),
            reason=self._get_reason_sql(), timing=self._get_timing_sql() if due else SQL("NULL"),
            rank=[group for group, _label in STAGE_GROUPS].index(self.minimum_stage_group or 'applied') + 1)

    def _get_decided_sql(self, start, end):
        """Applications of the trigger's jobs that were decided within a time, with their coarse facts."""
        applicants = self.env['hr.applicant']._fields
        return SQL(
            """
            SELECT * FROM (
                SELECT applicant.id AS applicant_id, applicant.partner_id, applicant.department_id, job.family_id,
                       CASE WHEN applicant.refuse_reason_id IS NOT NULL THEN 'refused'
                            WHEN applicant.date_closed IS NOT NULL THEN 'hired'
                            ELSE 'withdrawn' END AS outcome,
                       CASE WHEN applicant.refuse_reason_id IS NOT NULL
                            THEN COALESCE(applicant.refuse_date, last_stay.left_datetime)
                            WHEN applicant.date_closed IS NOT NULL THEN applicant.date_closed
                            ELSE last_stay.left_datetime END AS decided,
                       stage.rank AS stage_rank, (%(groups)s::varchar[])[stage.rank] AS stage_group
                  FROM hr_applicant applicant
                  LEFT JOIN hr_job job ON job.id = applicant.job_id
                  LEFT JOIN LATERAL (
                       SELECT stay.left_datetime FROM hr_applicant_stage_log stay
                        WHERE stay.applicant_id = applicant.id ORDER BY stay.position DESC LIMIT 1) last_stay ON TRUE
                  CROSS JOIN LATERAL (
                       SELECT COALESCE(MAX(ARRAY_POSITION(%(groups)s::varchar[], entered.experience_group)), 1) AS rank
                         FROM hr_recruitment_stage entered
                        WHERE entered.id = applicant.stage_id OR entered.id IN (
                              SELECT stay.stage_id FROM hr_applicant_stage_log stay
                               WHERE stay.applicant_id = applicant.id)) stage
                 WHERE (applicant.refuse_reason_id IS NOT NULL OR applicant.date_closed IS NOT NULL
                        OR NOT applicant.active)
                   AND COALESCE(applicant.company_id, %(company)s) = %(company)s
                   AND (applicant.pool_applicant_id IS NULL OR (
                        applicant.pool_applicant_id != applicant.id AND NOT EXISTS (
                            SELECT FROM hr_applicant_hr_talent_pool_rel pool
                             WHERE pool.hr_applicant_id = applicant.id)))
                   AND %(scope)s
                   -- what was written last before that time was decided before it
                   AND COALESCE(GREATEST(applicant.refuse_date, applicant.date_closed, applicant.write_date), %(start)s)
                       >= %(start)s - INTERVAL '1 day'
            ) all_decided
             WHERE decided >= %(start)s AND decided < %(end)s AND outcome IN %(outcomes)s
            """,
            groups=[group for group, _label in STAGE_GROUPS], company=self.company_id.id, scope=self._get_scope_sql(),
            start=start, end=end, outcomes=tuple(self._get_outcomes()) or ('',),
            to_flush=[applicants[name] for name in (
                'refuse_reason_id', 'refuse_date', 'date_closed', 'active', 'partner_id', 'company_id', 'job_id',
                'department_id', 'stage_id', 'pool_applicant_id')])

    def _get_scope_sql(self):
        """The jobs and departments of the trigger; one with neither is for all."""
        conditions = [SQL("TRUE")]
        for name, records in (('job_id', self.job_ids), ('department_id', self.department_ids)):
            if ids := records._origin.ids:
                conditions.append(SQL("%s IN %s", SQL.identifier('applicant', name), tuple(ids)))
        return SQL(" AND ").join(conditions)

    @api.model
    def _get_told_sql(self):
        """When the outcome was delivered: the answer that was promised, or whatever was said after the decision."""
        return SQL(
            """(SELECT MIN(answer.moment) FROM (
                SELECT promise.closed_datetime AS moment FROM hr_feedback_promise promise
                 WHERE promise.applicant_id = decided.applicant_id AND promise.trigger = 'outcome'
                   AND promise.state IN ('kept', 'late')
                UNION ALL
                SELECT touch.date FROM hr_candidate_touch touch
                 WHERE touch.applicant_id = decided.applicant_id AND touch.direction = 'out'
                   AND touch.channel IN %s AND touch.date <= %s
                ) answer WHERE answer.moment >= decided.decided)""",
            TELLING_CHANNELS, fields.Datetime.now())

    # ------------------------------------------------------------------
    # Who not
    # ------------------------------------------------------------------

    def _get_reason_sql(self):
        return SQL(
            """COALESCE(%(not_owed)s, %(person)s, %(asked)s, %(cooldown)s,
                        CASE WHEN found.told IS NULL THEN 'not_told' END)""",
            not_owed=self._get_not_owed_sql(), person=self._get_person_reason_sql(self.company_id),
            asked=SQL("CASE WHEN EXISTS (SELECT FROM hr_survey_invitation invitation"
                      " WHERE invitation.applicant_id = found.applicant_id) THEN 'asked' END"),
            cooldown=self._get_cooldown_sql())

    @api.model
    def _get_not_owed_sql(self):
        """Nobody waits for an answer: spam, and what was refused as a duplicate of another application."""
        return SQL(
            """CASE WHEN EXISTS (
                SELECT FROM hr_applicant_refuse_reason refused
                 WHERE refused.id = applicant.refuse_reason_id AND refused.no_answer_owed)
            OR EXISTS (
                SELECT FROM hr_feedback_promise promise
                 WHERE promise.applicant_id = found.applicant_id AND promise.cancel_type = 'duplicate'
                   AND NOT EXISTS (
                       SELECT FROM hr_feedback_promise later
                        WHERE later.applicant_id = found.applicant_id AND later.id > promise.id
                          AND later.state IN ('kept', 'late')))
            THEN 'not_owed' END""")

    @api.model
    def _get_person_reason_sql(self, company):
        """What keeps from asking the person of a row ``applicant``, whose contact is the row ``person``; or NULL.

        It is looked at once more before the mail leaves.

        Whoever never answered the question of consent may be asked: the mail is about their application.
        """
        applicants = self.env['hr.applicant'].with_company(company)
        return SQL(
            """COALESCE(
                CASE %(reach)s WHEN 'erased' THEN 'erased' WHEN 'no_address' THEN 'no_address'
                     WHEN 'blacklisted' THEN 'blacklisted' WHEN 'left' THEN 'left' END,
                CASE WHEN person.id IS NOT NULL AND COALESCE(person.email_normalized, '') = '' THEN 'no_address'
                     WHEN EXISTS (SELECT FROM mail_blacklist black
                                   WHERE black.email = person.email_normalized AND black.active) THEN 'blacklisted'
                END,
                CASE WHEN %(process)s = 'in_process' THEN 'in_process' END)""",
            reach=applicants._get_candidate_reach_sql('applicant'),
            process=applicants._get_in_process(SQL("%s", company.id)).of(SQL.identifier('applicant', 'partner_id')))

    def _get_cooldown_sql(self):
        company = self.company_id
        last = self._get_today() - timedelta(days=company.sudo().experience_cooldown_days)
        return SQL(
            """CASE WHEN EXISTS (
                SELECT FROM hr_survey_invitation invitation
                 WHERE invitation.partner_id = found.partner_id AND invitation.company_id = %s
                   AND (invitation.state IN ('waiting', 'sent') OR invitation.sent_date > %s)) THEN 'cooldown' END""",
            company.id, last)

    def _get_timing_sql(self):
        return SQL("CASE WHEN found.told >= %s THEN 'delay' WHEN found.decided < %s THEN 'too_old' END",
                   self._get_told_before(), self._get_oldest())

    def _get_oldest(self):
        return self._get_start_of(self._get_today() - timedelta(days=self.max_age_days))
