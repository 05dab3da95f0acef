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
        # two who change one application meet on its row, where Odoo tries again, not on the ledger
        self.flush_recordset()
        applicants = self.sudo()._filtered_feedback_applications()
        if STATUS_FIELDS & vals.keys():
            applicants._feedback_on_change(before)
        if OWNER_FIELDS & vals.keys():
            applicants._get_open_promises()._follow_owner()
        return res

    # ------------------------------------------------------------------
    # Events
    # ------------------------------------------------------------------

    def _is_feedback_application(self):
        """A talent of a pool is no application: nobody waits for an answer."""
        # each talent is linked to one, itself or another; few applications are
        return not self.pool_applicant_id or (self.pool_applicant_id != self and not self.talent_pool_ids)

    def _filtered_feedback_applications(self):
        return self.filtered(lambda applicant: applicant._is_feedback_application())

    def _feedback_on_create(self):
        """An application came in, unless it was decided already, as imported ones may be."""
        received = self._filtered_feedback_applications().filtered(lambda a: a._get_feedback_outcome() == 'open')
        received._feedback_open('application', fresh=True)
        received.filtered('stage_id')._feedback_open('stage', fresh=True)

    def _feedback_open(self, trigger, fresh=False):
        """An event of these applications starts a clock now."""
        now = fields.Datetime.now()
        if self:
            self.env['hr.feedback.promise']._open([
                Occasion(applicant, trigger, now, stage=applicant.stage_id if trigger == 'stage' else None)
                for applicant in self], fresh=fresh)

    def _get_feedback_facts(self):
        """What the events below compare: stage, kanban state and outcome, by id."""
        return {
            applicant.id: (applicant.stage_id, applicant.kanban_state, applicant._get_feedback_outcome())
            for applicant in self}

    def _get_feedback_outcome(self):
        if self.refuse_reason_id:
            return 'not_owed' if self.refuse_reason_id.no_answer_owed else 'refused'
        if not self.active:
            return 'archived'
        return 'hired' if self.stage_id.hired_stage else 'open'

    def _feedback_on_change(self, before):
        after = self._get_feedback_facts()
        self._feedback_on_outcome(before, after)
        self._feedback_on_stage(before, after)
        self._feedback_on_waiting(before, after)

    def _feedback_on_outcome(self, before, after):
        changes = self.filtered(lambda a: before[a.id][2] != after[a.id][2]).grouped(
            lambda a: (before[a.id][2], after[a.id][2]))
        for (old, new), applicants in changes.items():
            if new in ('refused', 'hired'):
                applicants._feedback_decided(new)
            elif new == 'open':
                applicants._feedback_reopened(old)
            elif (old, new) != ('hired', 'archived'):
                # who was hired is told so, though the application is filed away
                applicants._get_open_promises()._cancel(new)

    def _feedback_decided(self, outcome):
        """Everybody is told; once, though the application be filed away and fetched again."""
        promises = self.env['hr.feedback.promise'].sudo()
        told = promises.search([
            ('applicant_id', 'in', self.ids), ('trigger', '=', 'outcome'), ('state', '!=', 'cancelled')]).applicant_id
        (self - told)._feedback_open('outcome')
        if outcome == 'refused':
            now = fields.Datetime.now()
            self._get_open_promises('interview').filtered(lambda p: p.trigger_datetime > now)._cancel('refused')

    def _feedback_reopened(self, old):
        """The decision is taken back. An application that was put away comes in anew."""
        self._get_open_promises('outcome')._cancel('reopened')
        if old != 'hired':
            self._feedback_open('application')

    def _feedback_on_stage(self, before, after):
        moved = self.filtered(lambda a: a.stage_id and a.stage_id != before[a.id][0])
        back = moved.filtered(lambda a: a.stage_id.sequence < before[a.id][0].sequence)
        # a move by mistake leaves no promise behind, unless the candidate was told of it
        back._get_open_promises('stage').filtered(
            lambda p: p.stage_id == before[p.applicant_id.id][0] and not p.told_date)._cancel('moved_back')
        moved.filtered(lambda a: after[a.id][2] in ('open', 'hired'))._feedback_open('stage')

    def _feedback_on_waiting(self, before, after):
        def changed(*waiting):
            return self.filtered(lambda a: (before[a.id][1] == 'waiting', after[a.id][1] == 'waiting') == waiting)
        if waiting := changed(False, True):
            waiting._get_open_promises()._pause()
        if answered := changed(True, False):
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
        promises = self._get_open_promises().filtered(lambda p: p.trigger_datetime <= when)
        for applicant, rows in promises.grouped('applicant_id').items():
            rows._close('call', when=when, message=message_by_applicant[applicant], user=self.env.user)

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
