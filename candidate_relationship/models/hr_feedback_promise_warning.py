"""Scheduled job: warns before a promise is broken and when it is."""

from odoo import api, fields, models
from odoo.fields import Domain

from .working_time import WorkingTimes

BATCH = 200


class HrFeedbackPromise(models.Model):
    _inherit = 'hr.feedback.promise'

    @api.model
    def _cron_warn(self):
        """Warn, announce and mend, in batches; safe to run on two servers at once."""
        self = self.sudo()
        jobs = (
            (self._get_breach_domain, '_warn_breach'),
            (self._get_warning_domain, '_warn_soon'),
            (self._get_announce_domain, '_announce'),
        )
        self._mend_deadlines()
        for get_domain, method in jobs:
            if not self._run_batches(get_domain(), method):
                break

    @api.model
    def _run_batches(self, domain, method):
        """Work through what the domain selects.

        Rows that another server holds are left to it. Each batch is committed, so a killed job
        goes on where it stood; no row is met twice in one run, whatever the method leaves of it.

        :return: whether there is time left for more
        """
        rest = domain
        while promises := self.search(rest, limit=BATCH, order='id'):
            locked = promises.try_lock_for_update().filtered_domain(domain)
            getattr(locked, method)()
            rest = domain & Domain('id', '>', promises[-1].id)
            remaining = self.search_count(rest)
            if not self.env['ir.cron']._commit_progress(len(locked), remaining=remaining):
                return False
        return True

    @api.model
    def _get_breach_domain(self):
        now = fields.Datetime.now()
        return Domain([('state', '=', 'running'), ('deadline', '<', now), ('breach_warned_datetime', '=', False)])

    @api.model
    def _get_warning_domain(self):
        now = fields.Datetime.now()
        return Domain([
            ('state', '=', 'running'), ('warning_datetime', '<=', now), ('deadline', '>=', now),
            ('warned_datetime', '=', False), ('breach_warned_datetime', '=', False)])

    @api.model
    def _get_announce_domain(self):
        return Domain([('announce_pending', '=', True), ('trigger_datetime', '<=', fields.Datetime.now())])

    # ------------------------------------------------------------------

    def _warn_soon(self):
        self._create_warnings([(promise, promise._get_clock_user()) for promise in self])
        self.write({'warned_datetime': fields.Datetime.now()})

    def _warn_breach(self):
        self._remove_warnings()
        self._create_warnings([
            (promise, user) for promise in self for user in promise._get_breach_users()])
        self.write({'breach_warned_datetime': fields.Datetime.now()})

    def _get_clock_user(self):
        """Who must act: the recruiter, else the manager of the policy, else the company's fallback."""
        for user in (self.user_id, self.escalation_user_id, self.company_id.feedback_fallback_user_id):
            if user and self._can_be_warned(user):
                return user
        return self.env['res.users']

    def _get_breach_users(self):
        """The one whose clock it is and the manager; an empty user where there is nobody at all."""
        manager = self.escalation_user_id
        users = self._get_clock_user() | (manager if manager and self._can_be_warned(manager) else manager.browse())
        return users or [users]

    def _create_warnings(self, warnings):
        # a recruiter with forty warnings on a Monday wants a list, not forty mails
        activities = self.env['mail.activity'].sudo().with_context(mail_activity_quick_update=True)
        model_id = self.env['ir.model']._get_id('hr.applicant')
        activities.create([
            promise._prepare_warning(user, model_id) for promise, user in warnings])

    def _can_be_warned(self, user):
        applicant = self.applicant_id.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return user.active and applicant.has_access('read')

    def _prepare_warning(self, user, model_id):
        call = self.means == 'phone'
        activity_type = self.env.ref(
            'mail.mail_activity_data_call' if call else 'mail.mail_activity_data_todo', raise_if_not_found=False)
        env = self.with_context(lang=user.lang or self.env.lang, tz=user.tz).env
        deadline = fields.Datetime.context_timestamp(self.with_env(env), self.deadline)
        overdue = self.deadline < fields.Datetime.now()
        return {
            'activity_type_id': bool(activity_type) and activity_type.id,
            'res_model_id': model_id,
            'res_id': self.applicant_id.id,
            'user_id': user.id,
            'date_deadline': deadline.date(),
            'summary': self.with_env(env)._get_warning_summary(call, overdue),
            'feedback_promise_id': self.id,
        }

    def _get_warning_summary(self, call, overdue):
        if overdue:
            return self.env._("Overdue: call the candidate") if call else self.env._("Overdue: answer the candidate")
        return self.env._("Call the candidate") if call else self.env._("Answer the candidate")

    def _get_warnings(self):
        return self.env['mail.activity'].sudo().search([('feedback_promise_id', 'in', self.ids)])

    def _remove_warnings(self):
        warned = self.filtered(lambda p: p.warned_datetime or p.breach_warned_datetime)
        if warned:
            warned._get_warnings().unlink()

    # ------------------------------------------------------------------

    @api.model
    def _mend_deadlines(self):
        """Deadlines that could not be computed, once the calendar has working time again."""
        undated, times, now = self._get_undated_domain(), WorkingTimes(), fields.Datetime.now()
        companies = [row[0].id for row in self._read_group(undated, ['company_id']) if times[row[0]].deadline(now, 1)]
        for promise in self.search(undated & Domain('company_id', 'in', companies)):
            promise.write(self._prepare_times(
                times[promise.company_id], promise.trigger_datetime, promise.working_days,
                promise.sla_id.warning_percent or 80))

    @api.model
    def _get_undated_domain(self):
        return Domain('state', '=', 'running') & Domain('deadline', '=', False)
