"""What happens to an application opens, pauses and ends its promises."""

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from .hr_feedback_promise_clock import Occasion

STATUS_FIELDS = {'stage_id', 'kanban_state', 'active', 'refuse_reason_id', 'job_id'}
OWNER_FIELDS = {'user_id', 'job_id', 'department_id', 'company_id'}


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    @api.model_create_multi
    def create(self, vals_list):
        applicants = super().create(vals_list)
        applicants.sudo()._feedback_on_create()
        return applicants

    def write(self, vals):
        if not (STATUS_FIELDS | OWNER_FIELDS) & vals.keys():
            return super().write(vals)
        before = self.sudo()._get_feedback_facts()
        res = super().write(vals)
        applicants = self.sudo()
        if STATUS_FIELDS & vals.keys():
            applicants._feedback_on_change(before)
        if OWNER_FIELDS & vals.keys():
            applicants._get_open_promises()._follow_owner()
        return res

    # ------------------------------------------------------------------
    # Events
    # ------------------------------------------------------------------

    def _feedback_on_create(self):
        """An application came in. A talent of a pool is no application; nor is one decided already."""
        now = fields.Datetime.now()
        received = self.filtered(
            lambda a: a.active and a.pool_applicant_id != a and not a.refuse_reason_id and not a.stage_id.hired_stage)
        occasions = [Occasion(applicant, 'application', now) for applicant in received]
        occasions += [
            Occasion(applicant, 'stage', now, stage=applicant.stage_id) for applicant in received if applicant.stage_id]
        self.env['hr.feedback.promise']._open(occasions, fresh=True)

    def _get_feedback_facts(self):
        """What the events below compare: stage, kanban state and outcome, by id."""
        return {
            applicant.id: (applicant.stage_id, applicant.kanban_state, applicant._get_feedback_outcome())
            for applicant in self}

    def _get_feedback_outcome(self):
        if self.refuse_reason_id:
            return 'unanswered' if self.refuse_reason_id.no_answer_owed else 'refused'
        if not self.active:
            return 'archived'
        return 'hired' if self.stage_id.hired_stage else 'open'

    def _feedback_on_change(self, before):
        after = self._get_feedback_facts()
        applications = self.filtered(lambda a: a.pool_applicant_id != a)
        self._feedback_on_outcome(applications, before, after)
        self._feedback_on_stage(applications, before, after)
        self._feedback_on_waiting(applications, before, after)

    def _feedback_on_outcome(self, applications, before, after):
        now, decided, reopened = fields.Datetime.now(), [], self.browse()
        for applicant in applications:
            old, new = before[applicant.id][2], after[applicant.id][2]
            if old == new:
                continue
            if new in ('refused', 'hired'):
                decided.append(Occasion(applicant, 'outcome', now))
            elif new == 'open':
                reopened |= applicant
            elif (old, new) != ('hired', 'archived'):
                applicant._feedback_drop(new)
        reopened._get_open_promises('outcome')._cancel(self.env._("The decision was taken back"))
        if decided:
            self.env['hr.feedback.promise']._open(decided)

    def _feedback_drop(self, outcome):
        self._get_open_promises()._cancel(
            self.refuse_reason_id.name if outcome == 'unanswered' else self.env._("The application was archived"))

    def _feedback_on_stage(self, applications, before, after):
        now, entered = fields.Datetime.now(), []
        for applicant in applications:
            old, new = before[applicant.id][0], after[applicant.id][0]
            if old == new or not new:
                continue
            if old and new.sequence < old.sequence:
                applicant._feedback_step_back(old)
            if after[applicant.id][2] in ('open', 'hired'):
                entered.append(Occasion(applicant, 'stage', now, stage=new))
        if entered:
            self.env['hr.feedback.promise']._open(entered)

    def _feedback_step_back(self, stage):
        """A move by mistake leaves no promise behind, unless the candidate was told of it."""
        self._get_open_promises('stage').filtered(
            lambda p: p.stage_id == stage and not p.told_date
        )._cancel(self.env._("Moved back from stage %s", stage.name))

    def _feedback_on_waiting(self, applications, before, after):
        def changed(state):
            return applications.filtered(
                lambda a: (before[a.id][1] == 'waiting', after[a.id][1] == 'waiting') == state)
        if waiting := changed((False, True)):
            waiting._get_open_promises()._pause(self.env._("Waiting for the candidate"))
        if answered := changed((True, False)):
            answered._get_open_promises()._resume()

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        res = super()._message_post_after_hook(message, msg_vals)
        incoming = message.message_type == 'email'
        if incoming and self.kanban_state == 'waiting' and self._is_written_by_candidate(message):
            # the ball is back with us
            self.sudo().kanban_state = 'normal'
        return res

    def _is_written_by_candidate(self, message):
        if message.author_id and message.author_id == self.partner_id:
            return True
        sender = tools.email_normalize(message.email_from)
        return bool(sender) and sender in (self.email_normalized, self.partner_id.email_normalized)

    def _is_reached_by(self, partners, emails):
        """Whether the candidate is among those whose mail was accepted.

        :param partners: ``res.partner`` recordset
        :param set emails: normalized addresses
        """
        return (self.partner_id and self.partner_id in partners) or bool(
            {self.email_normalized, self.partner_id.email_normalized} & emails - {False})

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _get_open_promises(self, trigger=None):
        """Open promises of these applications, in superuser mode."""
        if not self:
            return self.env['hr.feedback.promise'].sudo()
        promises = self.env['hr.feedback.promise'].sudo()
        domain = promises._get_open_domain() & fields.Domain('applicant_id', 'in', self.ids)
        return promises.search(domain & fields.Domain('trigger', '=', trigger) if trigger else domain)

    def _feedback_answer_by_call(self, when, message_by_applicant):
        """Close the open promises: the candidate was spoken to.

        :param when: naive UTC datetime of the call
        :param dict message_by_applicant: the note in the chatter, by applicant
        """
        for applicant in self:
            applicant._get_open_promises().filtered(lambda p: p.trigger_datetime <= when)._close(
                'call', when=when, message=message_by_applicant[applicant], user=self.env.user)

    def _has_feedback_email(self):
        return bool(self.email_from or self.partner_id.email)

    def _ensure_feedback_partner(self):
        """A contact to write to, made from the e-mail as stock Odoo's own *Send Email* makes it."""
        for applicant in self.filtered(lambda a: not a.partner_id):
            if not applicant.email_from:
                raise UserError(self.env._(
                    "%s has no e-mail address. Add one, or call and log the call.",
                    applicant.partner_name or applicant.display_name))
            applicant.partner_id = self.env['res.partner'].sudo().create({
                'name': applicant.partner_name, 'email': applicant.email_from, 'phone': applicant.partner_phone})
