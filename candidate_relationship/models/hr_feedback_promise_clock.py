"""How promises open, pause, resume and close."""

from collections import defaultdict, namedtuple

from odoo import api, fields, models
from odoo.fields import Domain

from .hr_feedback_promise import OPEN_STATES
from .working_time import WorkingTimes

# An event after which a candidate is owed an answer.
# when: naive UTC datetime; stage: the stage entered (trigger "stage"); event: the interview
Occasion = namedtuple('Occasion', ['applicant', 'trigger', 'when', 'stage', 'event'], defaults=(None, None))


class HrFeedbackPromise(models.Model):
    _inherit = 'hr.feedback.promise'

    # ------------------------------------------------------------------
    # Open
    # ------------------------------------------------------------------

    @api.model
    def _open(self, occasions, fresh=False, still_due=False, **extra):
        """Promise an answer after each event for which a policy asks one.

        :param occasions: list of :class:`Occasion`
        :param bool fresh: the applicants were created just now, so nothing can be open for them
        :param bool still_due: make none whose deadline has passed already
        :param extra: values for every new row
        :return: the new promises (superuser mode)
        """
        times = WorkingTimes()
        promised = {
            self._key(occasion): vals for occasion in occasions if (vals := self._prepare_vals(occasion, times))}
        if promised and not fresh:
            promised = self._without_open(promised)
        now = fields.Datetime.now()
        vals_list = [
            dict(vals, **extra) for vals in promised.values()
            if not (still_due and vals['deadline'] and vals['deadline'] < now)]
        return self.sudo().create(vals_list) if vals_list else self.sudo()

    @api.model
    def _without_open(self, promised):
        """Leave out what is promised already.

        :param dict promised: values of new promises, by :meth:`_key`
        """
        open_promises = self.sudo().search(
            Domain('applicant_id', 'in', [key[0] for key in promised]) & self._get_open_domain())
        keys = {(p.applicant_id.id, p.trigger, p.stage_id.id, p.event_id.id) for p in open_promises}
        return {key: vals for key, vals in promised.items() if key not in keys}

    @staticmethod
    def _key(occasion):
        return (occasion.applicant.id, occasion.trigger,
                bool(occasion.stage) and occasion.stage.id, bool(occasion.event) and occasion.event.id)

    @api.model
    def _prepare_vals(self, occasion, times):
        """Values of the row for one occasion; ``None`` where no policy applies."""
        applicant = occasion.applicant
        company = applicant.company_id or self.env.company
        policy = self.env['hr.feedback.sla']._match(
            occasion.trigger, company, applicant.department_id, applicant.job_id, applicant.stage_id)
        if not policy:
            return None
        return {
            'applicant_id': applicant.id,
            'trigger': occasion.trigger,
            'sla_id': policy.id,
            'means': policy.means,
            'working_days': policy.working_days,
            'stage_id': bool(occasion.stage) and occasion.stage.id,
            'event_id': bool(occasion.event) and occasion.event.id,
            'escalation_user_id': policy.escalation_user_id,
            'announce_pending': policy.announces,
            **self._prepare_owner_vals(applicant, company),
            **self._prepare_times(times[company], occasion.when, policy.working_days, policy.warning_percent),
        }

    @api.model
    def _prepare_owner_vals(self, applicant, company):
        return {
            'company_id': company.id,
            'department_id': applicant.department_id.id,
            'job_id': applicant.job_id.id,
            'user_id': applicant.user_id.id or applicant.job_id.user_id.id,
        }

    @api.model
    def _prepare_times(self, times, when, working_days, warning_percent):
        deadline = times.deadline(when, working_days)
        return {
            'trigger_datetime': when,
            'deadline': deadline,
            'warning_datetime': deadline and times.add_hours(when, times.hours(when, deadline) * warning_percent / 100),
        }

    # ------------------------------------------------------------------
    # Pause and resume
    # ------------------------------------------------------------------

    def _pause(self, when=None):
        """Stop the clocks that run: the ball is with the candidate."""
        when = when or fields.Datetime.now()
        promises = self.filtered(lambda p: p.state == 'running' and p.trigger_datetime <= when).sudo()
        promises.write({'state': 'paused', 'paused_since': when})
        self.env['hr.feedback.pause'].sudo().create([{
            'promise_id': promise.id, 'start': when, 'user_id': self.env.uid,
        } for promise in promises])
        promises._remove_warnings()

    def _resume(self, when=None):
        """Let the clocks run again; what was left of the time is left still."""
        when = when or fields.Datetime.now()
        times = WorkingTimes()
        for promise in self.sudo().filtered(lambda p: p.state == 'paused'):
            promise.write(promise._prepare_resume_vals(times[promise.company_id], when))
        self._end_pauses(when, times)

    def _prepare_resume_vals(self, times, when):
        return {
            'state': 'running',
            'paused_since': False,
            'paused_hours': self.paused_hours + times.hours(self.paused_since, when),
            'deadline': self._shifted(times, self.deadline, when),
            'warning_datetime': self._shifted(times, self.warning_datetime, when),
            # the activities went as it paused: what is still late is said again
            'warned_datetime': False,
            'breach_warned_datetime': False,
        }

    def _shifted(self, times, moment, when):
        """``moment`` moved on by the pause; one that had passed before the pause stays."""
        if not moment or moment <= self.paused_since:
            return moment
        moved = times.add_hours(when, times.hours(self.paused_since, moment))
        return max(moment, moved or moment)

    def _end_pauses(self, when, times):
        pauses = self.env['hr.feedback.pause'].sudo().search([('promise_id', 'in', self.ids), ('end', '=', False)])
        for pause in pauses:
            company = pause.promise_id.company_id
            end = max(pause.start, when)
            pause.write({'end': end, 'hours': times[company].hours(pause.start, end)})

    # ------------------------------------------------------------------
    # Close
    # ------------------------------------------------------------------

    def _close(self, closing_type, when=None, message=None, user=None):
        """The candidate has been answered.

        :param str closing_type: ``message`` (delivered) or ``call``
        :param when: naive UTC datetime of the answer, default now
        :param message: the ``mail.message`` that holds or tells of the answer
        :param user: who answered
        """
        when = when or fields.Datetime.now()
        promises = self.sudo().filtered(lambda p: p.state in OPEN_STATES)
        promises._resume(when)
        times, groups = WorkingTimes(), defaultdict(self.sudo().browse)
        for promise in promises:
            groups[promise._prepare_result(times[promise.company_id], when)] |= promise
        for (state, hours), group in groups.items():
            group.write({
                'state': state,
                'working_hours': hours,
                'closed_datetime': when,
                'closing_type': closing_type,
                'closing_message_id': bool(message) and message.id,
                'closed_by_id': bool(user) and user.id,
                'announce_pending': False,
            })
        promises._remove_warnings()
        return promises

    def _prepare_result(self, times, when):
        """Kept or late, and the working hours taken."""
        state = 'late' if self.deadline and when > self.deadline else 'kept'
        hours = max(0.0, times.hours(self.trigger_datetime, when) - self.paused_hours)
        return state, round(hours, 2)

    def _cancel(self, cancel_type, note=None, when=None):
        """No answer is owed any more.

        :param str cancel_type: one of ``CANCEL_TYPES``
        :param str note: the reason as a user gave it
        """
        when = when or fields.Datetime.now()
        promises = self.sudo().filtered(lambda p: p.state in OPEN_STATES)
        if not promises:
            return promises
        promises._end_pauses(when, WorkingTimes())
        promises.write({
            'state': 'cancelled',
            'cancel_type': cancel_type,
            'cancel_note': note,
            'closed_datetime': when,
            'paused_since': False,
            'announce_pending': False,
        })
        promises._remove_warnings()
        return promises

    def _reopen(self):
        self.write({
            'state': 'running',
            'cancel_type': False,
            'cancel_note': False,
            'closed_datetime': False,
            'closing_type': False,
            'closing_message_id': False,
            'closed_by_id': False,
            'working_hours': 0.0,
            # their activities went as it closed
            'warned_datetime': False,
            'breach_warned_datetime': False,
        })
        self.filtered(lambda p: p.applicant_id.kanban_state == 'waiting')._pause()

    # ------------------------------------------------------------------
    # What moves with the application
    # ------------------------------------------------------------------

    def _reschedule(self, when):
        """The event that starts the clock was moved."""
        for promise in self.sudo().filtered(lambda p: p.state in OPEN_STATES and p.trigger_datetime != when):
            percent = promise.sla_id.warning_percent or 80
            vals = self._prepare_times(WorkingTimes()[promise.company_id], when, promise.working_days, percent)
            if vals['deadline'] != promise.deadline:
                # a new deadline is warned about anew
                vals.update(warned_datetime=False, breach_warned_datetime=False)
                promise._remove_warnings()
            if promise.paused_since:
                vals['paused_since'] = max(promise.paused_since, when)
            promise.write(vals)

    def _follow_owner(self):
        """Whose clock it is, and where, follow the application while the promise is open."""
        groups = defaultdict(self.sudo().browse)
        for promise in self.sudo().filtered(lambda p: p.state in OPEN_STATES):
            applicant = promise.applicant_id
            vals = self._prepare_owner_vals(applicant, applicant.company_id or promise.company_id)
            groups[tuple(vals.items())] |= promise
        for items, promises in groups.items():
            promises._hand_over(dict(items))

    def _hand_over(self, vals):
        mine = self._get_warnings().filtered(lambda a: a.user_id == a.feedback_promise_id.user_id)
        self.write(vals)
        if vals['user_id']:
            mine.with_context(mail_activity_quick_update=True).write({'user_id': vals['user_id']})
