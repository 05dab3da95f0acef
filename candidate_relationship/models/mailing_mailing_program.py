"""Mailings of programs: designs, which are never sent themselves, and the copies that are."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .hr_nurture_contact_booking import DEAD_TRACES

# What programs alone write: by these a mailing would count as theirs.
ORIGIN = ('nurture_program_id', 'nurture_step_id')
GOING_OUT = ('in_queue', 'sending')
# What decides whether a mailing goes out.
SETTLING = {'state', 'active'}


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    nurture_program_id = fields.Many2one(
        'hr.nurture.program', index='btree_not_null', copy=False, readonly=True,
        ondelete='set null')
    nurture_step_id = fields.Many2one(
        'hr.nurture.step', index='btree_not_null', copy=False, readonly=True,
        ondelete='set null')
    nurture_log_ids = fields.One2many(
        'hr.nurture.enrollment.log', 'mailing_id', string="Steps Done by It", readonly=True,
        groups='hr_recruitment.group_hr_recruitment_user')
    nurture_design_step_ids = fields.One2many('hr.nurture.step', 'mailing_id', string="Designed For")
    is_nurture_design = fields.Boolean(compute='_compute_is_nurture_design')

    @api.depends('nurture_design_step_ids')
    def _compute_is_nurture_design(self):
        designs = self.env['hr.nurture.step'].sudo().with_context(active_test=False).search(
            [('mailing_id', 'in', self.ids)]).mailing_id
        for mailing in self:
            mailing.is_nurture_design = mailing._origin in designs

    @api.depends('subject', 'mailing_model_id', 'source_id.name')
    def _compute_display_name(self):
        """Subjects of invitations are filled in for each person: by these no two rounds are told apart."""
        result = super()._compute_display_name()
        for mailing in self.filtered(lambda one: one.mailing_model_real == 'hr.pool.match'):
            mailing.display_name = mailing.sudo().name or mailing.display_name
        return result

    # ------------------------------------------------------------------
    # Whose it is
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        mailings = super().create(vals_list)
        # defaults of the context are no way in either
        if not self.env.su and any(mailing[name] for mailing in mailings.sudo() for name in ORIGIN):
            mailings._refuse_origin()
        return mailings

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(ORIGIN):
            self._refuse_origin()
        res = super().write(vals)
        if not vals.keys().isdisjoint(SETTLING) and vals.get('state') != 'sending':
            self._settle_nurture('state' in vals)
        return res

    def _refuse_origin(self):
        raise AccessError(self.env._("Only a nurture program makes mailings of its own."))

    # ------------------------------------------------------------------
    # Designs
    # ------------------------------------------------------------------

    def action_put_in_queue(self):
        self._check_no_design()
        return super().action_put_in_queue()

    def action_schedule(self):
        self._check_no_design()
        return super().action_schedule()

    def action_send_mail(self, res_ids=None):
        self._check_no_design()
        return super().action_send_mail(res_ids)

    def _check_no_design(self):
        for design in self.filtered('is_nurture_design'):
            raise UserError(self.env._(
                "“%s” is the design of a step of a nurture program: the program sends copies of it.",
                design.display_name))

    def _get_nurture_company(self):
        return self.sudo().nurture_program_id.company_id or super()._get_nurture_company()

    # ------------------------------------------------------------------
    # What became of a copy
    # ------------------------------------------------------------------

    def _settle_nurture(self, done=True):
        """A copy that somebody has cancelled or archived goes to nobody else: the steps of the others say so.

        Their contacts are free again, and they go on with what comes after. Who puts it into the queue
        once more sends it after all.

        :param done: whether to look at those that were sent, too
        """
        copies = self.sudo().filtered(lambda mailing: mailing.nurture_program_id and (
            done or mailing.state != 'done'))
        going = copies.filtered(lambda mailing: mailing.active and mailing.state in GOING_OUT)
        self.env['hr.nurture.enrollment.log'].flush_model()
        going._set_nurture_outcome('mailing', SQL("TRUE"))
        (copies - going)._give_up_nurture()

    def _settle_before_unlink(self):
        """With a mailing its traces go: whom it was written to is kept, whoever waits for it is free."""
        mailings = self.sudo()
        mailings.filtered('nurture_program_id')._give_up_nurture()
        contacts = self.env['hr.nurture.contact'].sudo()
        if self.ids:
            self.env.flush_all()
            self.env.cr.execute(contacts._get_trace_update(
                SQL("trace.mass_mailing_id IN %s AND trace.trace_status NOT IN %s AND contact.state = 'booked'",
                    self._ids, DEAD_TRACES),
                SQL("state = 'sent'"), contacts._get_recipient_models()))
            contacts.invalidate_model()
        return super()._settle_before_unlink()

    def _give_up_nurture(self):
        """Nobody else gets these mailings."""
        self.env['mailing.trace'].flush_model()
        for mailing in self:
            mailing._set_nurture_outcome('unsent', SQL(
                "COALESCE(enrollment.applicant_id, 0) NOT IN (SELECT trace.res_id FROM mailing_trace trace WHERE %s)",
                mailing._get_mailed_sql(('cancel', 'error'))))
            mailing._free_nurture()

    def _get_mailed_sql(self, dead):
        """``SQL`` on ``trace``, which is not correlated: of ten thousand each is looked up in a hash table."""
        return SQL(
            "trace.mass_mailing_id = %s AND trace.model = 'hr.applicant' AND trace.res_id IS NOT NULL"
            " AND trace.trace_status NOT IN %s AND trace.is_test_trace IS NOT TRUE", self.id, dead)

    def _set_nurture_outcome(self, outcome, condition):
        """:param condition: ``SQL`` on ``log`` and ``enrollment``"""
        if self.ids:
            self.env.execute_query(SQL(
                "UPDATE hr_nurture_enrollment_log log SET outcome = %s FROM hr_nurture_enrollment enrollment"
                " WHERE log.mailing_id IN %s AND enrollment.id = log.enrollment_id AND log.outcome IN %s AND %s"
                " RETURNING log.id",
                outcome, self._ids, tuple({'mailing', 'unsent'} - {outcome}), condition))
            self.env['hr.nurture.enrollment.log'].invalidate_model()

    def _free_nurture(self):
        """Contacts that were booked and came to nothing are released; whoever waits for their sake need not."""
        contacts = self.env['hr.nurture.contact'].sudo()
        contacts.flush_model()
        rows = self.env.execute_query(SQL(
            """
            UPDATE hr_nurture_contact contact SET state = 'released'
             WHERE contact.source_model = %s AND contact.source_id = %s AND contact.state = 'booked'
               AND COALESCE(contact.partner_id, 0) NOT IN (
                   SELECT applicant.partner_id FROM mailing_trace trace
                     JOIN hr_applicant applicant ON applicant.id = trace.res_id
                    WHERE applicant.partner_id IS NOT NULL AND %s)
            RETURNING contact.partner_id, contact.company_id
            """, self._name, self.id, self._get_mailed_sql(DEAD_TRACES)))
        contacts.invalidate_model()
        self.env['hr.nurture.enrollment'].sudo()._look_again(rows)

    def _action_send_statistics(self):
        """Nobody has sent the mailing of a program and waits for its figures: a program would write every day."""
        of_programs = self.filtered('nurture_program_id')
        of_programs.kpi_mail_required = False
        return super(MailingMailing, self - of_programs)._action_send_statistics()


class MailingTrace(models.Model):
    _inherit = 'mailing.trace'

    def set_bounced(self, domain=None, bounce_message=False):
        traces = super().set_bounced(domain, bounce_message)
        traces._end_nurture('bounced')
        return traces

    def set_replied(self, domain=None):
        traces = super().set_replied(domain)
        traces._end_nurture('replied')
        return traces

    def set_failed(self, domain=None, failure_type=False):
        traces = super().set_failed(domain, failure_type)
        traces._set_nurture_outcome('unsent')
        return traces

    def set_canceled(self, domain=None):
        traces = super().set_canceled(domain)
        traces._set_nurture_outcome('unsent')
        return traces

    def _set_nurture_outcome(self, outcome):
        """A mail that failed was not sent, until it is tried again."""
        if traces := self.sudo().filtered(lambda trace: trace.mass_mailing_id.nurture_program_id):
            self.env['hr.nurture.enrollment.log'].flush_model()
            # the mail server may have been asked already: what fails here must not make it be asked again
            self.env['hr.candidate.touch'].sudo()._record_beside(SQL(
                "UPDATE hr_nurture_enrollment_log log SET outcome = %s"
                "  FROM hr_nurture_enrollment enrollment, mailing_trace trace"
                " WHERE trace.id IN %s AND trace.model = 'hr.applicant' AND trace.is_test_trace IS NOT TRUE"
                "   AND log.mailing_id = trace.mass_mailing_id AND log.outcome IN ('mailing', 'unsent')"
                "   AND enrollment.id = log.enrollment_id AND enrollment.applicant_id = trace.res_id",
                outcome, traces._ids))
            self.env['hr.nurture.enrollment.log'].invalidate_model()

    def _end_nurture(self, reason):
        """What ends the program of the mailing is seen at once; whatever else ends it, by the daily job."""
        for trace in self.sudo().filtered(lambda t: t.model == 'hr.applicant' and not t.is_test_trace):
            program = trace.mass_mailing_id.nurture_program_id
            if program and (reason != 'replied' or program.end_on_reply):
                self.env['hr.nurture.enrollment'].sudo().search([
                    ('program_id', '=', program.id), ('applicant_id', '=', trace.res_id), ('state', '=', 'running'),
                ])._end(reason)


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def mark_outgoing(self):
        res = super().mark_outgoing()
        self.sudo().filtered(lambda mail: mail.mailing_id and mail.state == 'outgoing').mailing_trace_ids\
            ._set_nurture_outcome('mailing')
        return res

    def cancel(self):
        res = super().cancel()
        self.sudo().filtered('mailing_id').mailing_trace_ids._set_nurture_outcome('unsent')
        return res
