"""A person in a nurture program: what comes next and when, what was done, and why it ended."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_nurture_reason import REASONS, WAITING_REASONS
from .working_time import WorkingTimes

STATES = [('running', "Running"), ('ended', "Ended")]
ENDINGS = [
    ('finished', "Finished"),
    ('replied', "Replied"),
    ('applied', "Applied"),
    ('hired', "Hired"),
    ('topic', "Topic Left"),
    ('left', "Said No"),
    ('no_consent', "No Consent Any More"),
    ('bounced', "Bounced"),
    ('blacklisted', "Blacklisted"),
    ('no_address', "No Email"),
    ('erased', "Erased"),
    ('gone', "No Talent Any More"),
    ('removed', "Removed by Hand"),
    ('program', "Program Ended"),
]
WAITING = [
    ('budget', "Contacted Lately"),
    ('paused', "Paused by the Person"),
    ('same_day', "Other Mail the Same Day"),
    ('no_date', "No Date in the Table"),
]
# Reasons that end what the person is in, and the ending they are.
ENDING_OF_REASON = {'in_process': 'applied'} | {
    key: key for key in ('hired', 'topic', 'left', 'no_consent', 'blacklisted', 'no_address', 'erased')}
OUTCOMES = [('mailing', "Mailing"), ('task', "Task"), ('missed', "Missed"), ('unsent', "Mail Not Sent")]
# Of these a step has done nothing for the person.
UNDONE = ('missed', 'unsent')
# whatever is neither is not told by programs
assert set(ENDING_OF_REASON) <= set(dict(REASONS))


class HrNurtureEnrollment(models.Model):
    """One row for each person and program. Days are those of the company's calendar."""
    _name = 'hr.nurture.enrollment'
    _description = "Nurture Enrollment"
    _order = 'state desc, next_date, id'

    program_id = fields.Many2one('hr.nurture.program', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    # empty once the person was erased: the count stays
    partner_id = fields.Many2one('res.partner', string="Person", ondelete='cascade')
    applicant_id = fields.Many2one('hr.applicant', string="Talent", index='btree_not_null', ondelete='set null')
    state = fields.Selection(STATES, required=True, default='running')
    entered_datetime = fields.Datetime(string="Entered On", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one('res.users', string="Entered By", ondelete='set null', help="Empty: by the audience.")
    next_step_id = fields.Many2one('hr.nurture.step', index='btree_not_null', ondelete='set null')
    next_date = fields.Date(string="Next On")
    planned_date = fields.Date(string="Planned For", help="Before anything held it back.")
    waiting_reason = fields.Selection(WAITING, string="Waits Because")
    anchor_date = fields.Date(help="When the step before was done, or the person entered.")
    last_step_id = fields.Many2one('hr.nurture.step', ondelete='set null')
    last_date = fields.Date(string="Last Step On")
    cycle = fields.Integer(help="How often the program has begun again.")
    ended_reason = fields.Selection(ENDINGS, string="Ended Because")
    ended_date = fields.Date(string="Ended On")
    log_ids = fields.One2many('hr.nurture.enrollment.log', 'enrollment_id', string="Steps Done")

    _one_per_person = models.UniqueIndex("(program_id, partner_id)", "This person is in the program already.")
    _due_idx = models.Index("(next_step_id, next_date) WHERE state = 'running'")
    _person_idx = models.Index("(partner_id, company_id)")

    @api.depends('applicant_id', 'partner_id')
    def _compute_display_name(self):
        for enrollment in self:
            name = enrollment.applicant_id.partner_name or enrollment.sudo().partner_id.name
            enrollment.display_name = name or self.env._("Erased Person")

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_remove(self):
        """Taken out by hand; the audience does not bring them back."""
        self.program_id._check_officer()
        self.check_access('read')
        self.filtered(lambda enrollment: enrollment.state == 'running')._end('removed')

    def action_restart(self):
        """From the first step, where nothing is in the way."""
        self.check_access('read')
        for program, enrollments in self.filtered(lambda e: e.state == 'ended').grouped('program_id').items():
            program._enroll(enrollments.applicant_id)

    def action_open_talent(self):
        self.ensure_one()
        return self.applicant_id._get_records_action(context={'active_test': False})

    # ------------------------------------------------------------------
    # Going on and ending, in SQL: there can be 100,000
    # ------------------------------------------------------------------

    def _end(self, reason):
        for company, enrollments in self.sudo().grouped('company_id').items():
            enrollments.write({
                'state': 'ended', 'ended_reason': reason, 'ended_date': self._get_today(company),
                'next_step_id': False, 'next_date': False, 'planned_date': False, 'waiting_reason': False})

    @api.model
    def _get_today(self, company):
        working_time = WorkingTimes()[company]
        return working_time._day(fields.Datetime.now())

    @api.model
    def _update(self, assignments, condition, tables=None):
        """:return: ids of the rows that were changed"""
        self.flush_model()
        rows = self.env.execute_query(SQL(
            "UPDATE hr_nurture_enrollment enrollment SET %s, write_uid = %s, write_date = %s %s WHERE %s"
            " RETURNING enrollment.id",
            assignments, self.env.uid, fields.Datetime.now(), SQL("FROM %s", tables) if tables else SQL(), condition))
        self.invalidate_model()
        return [row[0] for row in rows]

    @api.model
    def _get_ending(self, reason, today):
        """:param reason: ``SQL`` of a key of ``ENDINGS``"""
        return SQL(
            "state = 'ended', ended_reason = %s, ended_date = %s, next_step_id = NULL, next_date = NULL,"
            " planned_date = NULL, waiting_reason = NULL", reason, today)

    @api.model
    def _plan(self, step, condition):
        """Give the rows of a condition the day on which this step, which is their next one, is due."""
        self.flush_model()
        anchors = self.env.execute_query(SQL(
            "SELECT DISTINCT enrollment.anchor_date, enrollment.last_step_id IS NULL"
            " FROM hr_nurture_enrollment enrollment WHERE %s AND enrollment.anchor_date IS NOT NULL", condition))
        times, today = WorkingTimes(), self._get_today(step.company_id)
        dates = [step._get_date(anchor, first, times, today) for anchor, first in anchors]
        self._update(
            SQL("planned_date = plan.day, next_date = plan.day,"
                " waiting_reason = CASE WHEN plan.day IS NULL THEN 'no_date' END"),
            SQL("%s AND enrollment.anchor_date = plan.anchor AND (enrollment.last_step_id IS NULL) = plan.first",
                condition),
            SQL("unnest(%s::date[], %s::bool[], %s::date[]) AS plan (anchor, first, day)",
                [anchor for anchor, _first in anchors], [first for _anchor, first in anchors], dates))

    @api.model
    def _look_again(self, pairs):
        """What holds these persons back has changed: the next run looks whether it still does.

        :param pairs: list of the ids of a partner and a company
        """
        if pairs:
            partner_ids, company_ids = zip(*pairs, strict=True)
            self._update(
                SQL("next_date = enrollment.planned_date"),
                SQL("enrollment.state = 'running' AND enrollment.waiting_reason IN %s"
                    " AND enrollment.partner_id = freed.partner AND enrollment.company_id = freed.company",
                    WAITING_REASONS),
                SQL("unnest(%s::int[], %s::int[]) AS freed (partner, company)", list(partner_ids), list(company_ids)))

    @api.model
    def _advance(self, step, ids, today, outcome, mailing=None):
        """Whoever has done a step, or missed it, goes on to the next one, or has finished."""
        if not ids:
            return
        self._log(step, ids, today, outcome, mailing)
        steps = step.program_id._get_steps()
        self._take_next(step, steps, ids, today)
        if step.program_id.is_repeated:
            self._go_on(steps, ids, today)
        else:
            self._finish(steps, ids, today)

    @api.model
    def _take_next(self, step, steps, ids, today):
        """In one statement, as there can be many: the first later step that is not done in this round, and its day."""
        later = steps.filtered(lambda other: (other.sequence, other.id) > (step.sequence, step.id))
        times = WorkingTimes()
        self._update(
            SQL("anchor_date = %(today)s, last_step_id = %(step)s, last_date = %(today)s, next_step_id = plan.step,"
                " next_date = plan.day, planned_date = plan.day,"
                " waiting_reason = CASE WHEN plan.step IS NOT NULL AND plan.day IS NULL THEN 'no_date' END",
                today=today, step=step.id),
            SQL("plan.id = enrollment.id"),
            SQL(
                """(SELECT advanced.id, following.step, following.day FROM hr_nurture_enrollment advanced
                      LEFT JOIN LATERAL (
                           SELECT later.step, later.day
                             FROM unnest(%s::int[], %s::date[]) WITH ORDINALITY AS later (step, day, place)
                            WHERE NOT EXISTS (SELECT FROM hr_nurture_enrollment_log done
                                               WHERE done.enrollment_id = advanced.id AND done.step_id = later.step
                                                 AND done.cycle = advanced.cycle)
                            ORDER BY later.place LIMIT 1) following ON TRUE
                     WHERE advanced.id = ANY(%s)) plan""",
                later.ids, [other._get_date(today, times=times) for other in later], ids))

    @api.model
    def _get_next_step(self, step):
        """SQL of the step after this one that the person has not done in this round yet."""
        return SQL(
            """(SELECT later.id FROM hr_nurture_step later
                 WHERE later.program_id = %(program)s AND later.active
                   AND (later.sequence, later.id) > (%(place)s, %(id)s)
                   AND NOT EXISTS (SELECT FROM hr_nurture_enrollment_log done
                                    WHERE done.enrollment_id = enrollment.id AND done.step_id = later.id
                                      AND done.cycle = enrollment.cycle)
                 ORDER BY later.sequence, later.id LIMIT 1)""",
            program=step.program_id.id, place=step.sequence, id=step.id,
            to_flush=[step._fields[name] for name in ('program_id', 'active', 'sequence')])

    @api.model
    def _go_on(self, steps, ids, today):
        """Whoever has no next step begins again, or has finished; the others get the days of theirs."""
        self._finish(steps, ids, today)
        for step in steps:
            self._plan(step, SQL("enrollment.id = ANY(%s) AND enrollment.next_step_id = %s", ids, step.id))

    @api.model
    def _finish(self, steps, ids, today):
        mine = SQL("enrollment.id = ANY(%s)", ids)
        out = SQL("%s AND enrollment.next_step_id IS NULL", mine)
        if steps.program_id.is_repeated and steps:
            self._update(SQL("next_step_id = %s, cycle = enrollment.cycle + 1", steps[0].id), out)
            self._take_soonest(steps, mine, today)
        else:
            self._update(self._get_ending(SQL("%s", 'finished'), today), out)

    @api.model
    def _take_soonest(self, steps, mine, today):
        """Of feasts that follow each other, the one that comes next, unless it was done in this round."""
        for step in steps:
            soonest = step._get_soonest(steps, today + timedelta(days=1))
            if soonest != step:
                self._update(SQL("next_step_id = %s", soonest.id), SQL(
                    "%s AND enrollment.next_step_id = %s"
                    " AND NOT EXISTS (SELECT FROM hr_nurture_enrollment_log done WHERE done.step_id = %s"
                    "                    AND done.enrollment_id = enrollment.id AND done.cycle = enrollment.cycle)",
                    mine, step.id, soonest.id))

    @api.model
    def _skip(self, step):
        """The step goes: whoever waits for it waits for the one after it, counted from the same day."""
        ids = self._update(
            SQL("next_step_id = %s", self._get_next_step(step)),
            SQL("enrollment.next_step_id = %s AND enrollment.state = 'running'", step.id))
        if ids:
            self._go_on(step.program_id._get_steps() - step, ids, self._get_today(step.company_id))

    @api.model
    def _log(self, step, ids, today, outcome, mailing):
        self.env.cr.execute(SQL(
            """
            INSERT INTO hr_nurture_enrollment_log (
                   enrollment_id, company_id, step_id, name, date, outcome, mailing_id, cycle,
                   create_uid, write_uid, create_date, write_date)
            SELECT enrollment.id, enrollment.company_id, %(step)s, %(name)s, %(today)s, %(outcome)s, %(mailing)s,
                   enrollment.cycle, %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM hr_nurture_enrollment enrollment WHERE enrollment.id = ANY(%(ids)s)
            """,
            step=step.id, name=step.name, today=today, outcome=outcome, mailing=mailing.id if mailing else None,
            uid=self.env.uid, now=fields.Datetime.now(), ids=ids))
        self.env['hr.nurture.enrollment.log'].invalidate_model()


class HrNurtureEnrollmentLog(models.Model):
    """A step that a person has done. What became of a mail is told by its mailing."""
    _name = 'hr.nurture.enrollment.log'
    _description = "Nurture Step Done"
    _order = 'date desc, id desc'

    enrollment_id = fields.Many2one('hr.nurture.enrollment', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    step_id = fields.Many2one('hr.nurture.step', index='btree_not_null', ondelete='set null')
    name = fields.Char(string="Name of the Step", help="As it was called then.")
    date = fields.Date(required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    mailing_id = fields.Many2one('mailing.mailing', index='btree_not_null', ondelete='set null')
    cycle = fields.Integer()


class HrCandidatePreference(models.Model):
    _inherit = 'hr.candidate.preference'

    def write(self, vals):
        """Whoever ends a pause early, or wants more mails than before, does not wait for the day they had said."""
        res = super().write(vals)
        if not {'paused_until', 'frequency_days'}.isdisjoint(vals):
            self.env['hr.nurture.enrollment'].sudo()._look_again(
                [(row.partner_id.id, row.company_id.id) for row in self.sudo()])
        return res


class ResCompany(models.Model):
    _inherit = 'res.company'

    def write(self, vals):
        """Where the rule lets people be written to sooner, they do not wait for the day of the rule before."""
        res = super().write(vals)
        if not {'nurture_contacts', 'nurture_days'}.isdisjoint(vals):
            self.env['hr.nurture.enrollment'].sudo()._update(
                SQL("next_date = enrollment.planned_date"),
                SQL("enrollment.state = 'running' AND enrollment.waiting_reason = 'budget'"
                    " AND enrollment.company_id IN %s", self._ids or (0,)))
        return res
