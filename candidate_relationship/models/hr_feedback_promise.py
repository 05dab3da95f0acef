from datetime import datetime, time, timedelta

from pytz import UTC, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_feedback_sla import MEANS, TRIGGERS

OPEN_STATES = ('running', 'paused')
CANCEL_TYPES = [
    ('archived', "The application was archived"),
    ('not_owed', "Nobody waits for an answer"),
    ('duplicate', "Refused as a duplicate of another application"),
    ('reopened', "The decision was taken back"),
    ('moved_back', "Moved back to an earlier stage"),
    ('interview', "The interview was cancelled"),
    ('refused', "Refused before the interview took place"),
    ('manual', "Cancelled by hand"),
]
DUE_STATUSES = [
    ('on_time', "On Time"),
    ('today', "Due Today"),
    ('overdue', "Overdue"),
    ('paused', "Paused"),
]
# What the box on the application shows of a promise as it stands
BOX_FIELDS = ('deadline', 'means', 'paused_since', 'state', 'told_date', 'trigger', 'trigger_datetime')


class HrFeedbackPromise(models.Model):
    """Ledger: one answer owed to one candidate because of one event.

    Rows are written by the events that open, pause and close a promise, never by hand; see
    ``hr_feedback_promise_clock.py``. Times are UTC; deadlines are computed in the working time of
    the company's calendar and stored, so that a promise given does not move when the calendar does.
    """
    _name = 'hr.feedback.promise'
    _description = "Feedback Promise"
    _order = 'trigger_datetime desc, id desc'
    _rec_names_search = ['applicant_id.partner_name', 'applicant_id.email_from']

    applicant_id = fields.Many2one('hr.applicant', string="Candidate", required=True, index=True, ondelete='cascade')
    # stored: the list of what is overdue is opened all day, and is read without the applicants
    partner_name = fields.Char(
        related='applicant_id.partner_name', string="Candidate Name", store=True, precompute=True)
    trigger = fields.Selection(TRIGGERS, required=True)
    sla_id = fields.Many2one('hr.feedback.sla', string="Policy", index='btree_not_null', ondelete='set null')
    means = fields.Selection(MEANS, string="Answered By", required=True)
    working_days = fields.Integer(string="Working Days Promised")
    company_id = fields.Many2one('res.company', index=True)
    department_id = fields.Many2one('hr.department', ondelete='set null')
    job_id = fields.Many2one('hr.job', string="Job Position", ondelete='set null')
    stage_id = fields.Many2one('hr.recruitment.stage', ondelete='set null')
    event_id = fields.Many2one(
        'calendar.event', string="Interview", index='btree_not_null', ondelete='set null')
    user_id = fields.Many2one('res.users', string="Whose Clock", index=True, ondelete='set null')
    escalation_user_id = fields.Many2one('res.users', string="Warned at Breach", ondelete='set null')

    trigger_datetime = fields.Datetime(string="Clock Started", required=True)
    deadline = fields.Datetime(
        help="Empty only where the company's calendar has no working time.")
    warning_datetime = fields.Datetime(string="Warning At")
    state = fields.Selection([
        ('running', "Running"),
        ('paused', "Paused"),
        ('kept', "Kept"),
        ('late', "Late"),
        ('cancelled', "Cancelled"),
    ], required=True, default='running')
    is_overdue = fields.Boolean(string="Overdue", compute='_compute_due_status', search='_search_is_overdue')
    due_status = fields.Selection(
        DUE_STATUSES, string="Due", compute='_compute_due_status', search='_search_due_status')
    told_date = fields.Date(
        string="Candidate Told",
        help="The date that the candidate was told, in a message that was delivered. It never moves.")
    announce_pending = fields.Boolean(help="The mail that states the date has still to be sent.")
    announcement_id = fields.Many2one(
        'mail.message', string="Mail that States the Date", index='btree_not_null', ondelete='set null')

    closed_datetime = fields.Datetime(string="Answered On")
    closed_by_id = fields.Many2one('res.users', string="Who Answered", ondelete='set null')
    closing_type = fields.Selection([('message', "Message"), ('call', "Call")], string="Answered Through")
    closing_message_id = fields.Many2one('mail.message', string="Answer", index='btree_not_null', ondelete='set null')
    working_hours = fields.Float(
        string="Working Hours to Answer", digits=(16, 2), aggregator='avg',
        help="Working time between the start of the clock and the answer, pauses left out.")
    paused_hours = fields.Float(string="Hours Paused", digits=(16, 2), help="Working time that the clock stood still.")
    paused_since = fields.Datetime()
    pause_ids = fields.One2many('hr.feedback.pause', 'promise_id', string="Pauses")
    cancel_type = fields.Selection(CANCEL_TYPES, string="Why Cancelled")
    cancel_note = fields.Char(string="Reason Given")
    cancel_reason = fields.Char(compute='_compute_cancel_reason')
    warned_datetime = fields.Datetime(string="Warned On")
    breach_warned_datetime = fields.Datetime(string="Breach Reported On")

    # one open promise for each event: two servers that see the same event make one row. Stages and
    # interviews that were deleted are not the same one.
    _one_open_promise = models.UniqueIndex(
        "(applicant_id, trigger, COALESCE(stage_id, 0), COALESCE(event_id, 0)) "
        "WHERE state IN ('running', 'paused') AND (trigger <> 'stage' OR stage_id IS NOT NULL) "
        "AND (trigger <> 'interview' OR event_id IS NOT NULL)",
        "This answer is promised already.")
    _running_deadline_idx = models.Index("(deadline) WHERE state = 'running'")
    _running_warning_idx = models.Index(
        "(warning_datetime) WHERE state = 'running' AND warned_datetime IS NULL AND breach_warned_datetime IS NULL")
    _running_breach_idx = models.Index("(deadline) WHERE state = 'running' AND breach_warned_datetime IS NULL")
    _announce_idx = models.Index("(trigger_datetime) WHERE announce_pending IS TRUE")

    # ------------------------------------------------------------------
    # Computes and searches
    # ------------------------------------------------------------------

    @api.depends_context('lang')
    @api.depends('trigger', 'applicant_id')
    def _compute_display_name(self):
        labels = dict(self._fields['trigger']._description_selection(self.env))
        for promise in self:
            promise.display_name = self.env._(
                "%(candidate)s: %(event)s", event=labels.get(promise.trigger, ''),
                candidate=promise.applicant_id.partner_name or promise.applicant_id.display_name or '')

    @api.depends_context('tz', 'uid')
    @api.depends('state', 'deadline')
    def _compute_due_status(self):
        now, end_of_day = self._now_and_end_of_day()
        for promise in self:
            promise.due_status = promise._get_due_status(now, end_of_day)
            promise.is_overdue = promise.due_status == 'overdue'

    def _get_due_status(self, now, end_of_day):
        if self.state == 'paused':
            return 'paused'
        if self.state != 'running' or not self.deadline:
            return self.state == 'running' and 'on_time'
        if self.deadline < now:
            return 'overdue'
        return 'today' if self.deadline < end_of_day else 'on_time'

    @api.depends_context('lang')
    @api.depends('cancel_type', 'cancel_note')
    def _compute_cancel_reason(self):
        labels = dict(self._fields['cancel_type']._description_selection(self.env))
        for promise in self:
            promise.cancel_reason = promise.cancel_note or labels.get(promise.cancel_type)

    @api.model
    def _now_and_end_of_day(self):
        """Now, and the end of the reader's day, both naive UTC."""
        now = fields.Datetime.now()
        tz = timezone(self.env.context.get('tz') or self.env.user.tz or 'UTC')
        tomorrow = UTC.localize(now).astimezone(tz).date() + timedelta(days=1)
        midnight = tz.localize(datetime.combine(tomorrow, time.min))
        return now, midnight.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _get_due_status_domain(self, status):
        now, end_of_day = self._now_and_end_of_day()
        running = Domain('state', '=', 'running')
        return {
            'paused': Domain('state', '=', 'paused'),
            'overdue': running & Domain('deadline', '<', now),
            'today': running & Domain('deadline', '>=', now) & Domain('deadline', '<', end_of_day),
            'on_time': running & (Domain('deadline', '>=', end_of_day) | Domain('deadline', '=', False)),
            False: Domain('state', 'not in', OPEN_STATES),
        }.get(status, Domain.FALSE)

    def _search_due_status(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain.OR(self._get_due_status_domain(status) for status in value)

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        overdue = self._get_due_status_domain('overdue')
        # NULL deadlines are not overdue, which a plain negation in SQL would lose
        not_overdue = (Domain('state', '!=', 'running') | Domain('deadline', '=', False)
                       | Domain('deadline', '>=', fields.Datetime.now()))
        return Domain.OR(overdue if flag else not_overdue for flag in value)

    def _sorted_by_urgency(self):
        """The nearest deadline first; a clock that runs comes before one that is paused."""
        return self.sorted(lambda promise: (promise.state == 'paused', promise.deadline or datetime.max, promise.id))

    def _get_box(self):
        """What the application's form shows of these promises.

        :return: values of the most urgent open one (``BOX_FIELDS``, dates as text in UTC), its
            ``user`` (id and name) and how many ``others`` are open; None if none is
        """
        opened = self.filtered(lambda promise: promise.state in OPEN_STATES)._sorted_by_urgency()
        if not opened:
            return None
        urgent = opened[0]
        user = urgent.user_id.sudo()
        return {
            **{name: urgent[name] for name in BOX_FIELDS},
            'user': bool(user) and {'id': user.id, 'display_name': user.display_name},
            'others': len(opened) - 1,
        }

    @api.model
    def _get_open_domain(self):
        return Domain('state', 'in', OPEN_STATES)

    # ------------------------------------------------------------------
    # The date as it is told
    # ------------------------------------------------------------------

    def _get_told_date(self):
        """The promised date as the candidate counts it: in their time zone, else the calendar's."""
        self.ensure_one()
        if not self.deadline:
            return None
        calendar = self.company_id.feedback_calendar_id or self.company_id.resource_calendar_id
        tz = timezone(self.applicant_id.partner_id.tz or calendar.tz or 'UTC')
        return UTC.localize(self.deadline).astimezone(tz).date()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_applicant(self):
        self.ensure_one()
        return self.applicant_id._get_records_action(context={})

    def action_log_call(self):
        return self.applicant_id.action_feedback_log_call()

    def action_write(self):
        return self.applicant_id.action_feedback_write()

    def action_cancel(self):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Cancel the Promise"),
            'res_model': 'hr.feedback.cancel',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_promise_ids': self.ids},
        }

    def action_reopen(self):
        """Take back a call that was logged by mistake, or a cancellation."""
        self.applicant_id.check_access('write')
        self._check_officer()
        if any(promise.closing_type == 'message' or promise.state in OPEN_STATES for promise in self):
            raise UserError(self.env._(
                "Only a logged call or a cancellation can be taken back: a message that was delivered cannot."))
        self.sudo()._reopen()

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group('hr_recruitment.group_hr_recruitment_user'):
            raise UserError(self.env._("Only a recruitment officer can do this. Ask the recruiter of the application."))

    def _field_to_sql(self, alias, field_expr, query=None):
        # lists sort by this computed field as by the deadline behind it
        if field_expr == 'due_status':
            self._check_field_access(self._fields['due_status'], 'read')
            now, end_of_day = self._now_and_end_of_day()
            return SQL(
                "(CASE WHEN %(state)s = 'paused' THEN 'paused' WHEN %(state)s <> 'running' THEN NULL"
                " WHEN %(deadline)s < %(now)s THEN 'overdue' WHEN %(deadline)s < %(end)s THEN 'today'"
                " ELSE 'on_time' END)",
                state=SQL.identifier(alias, 'state'), deadline=SQL.identifier(alias, 'deadline'),
                now=now, end=end_of_day)
        return super()._field_to_sql(alias, field_expr, query)
