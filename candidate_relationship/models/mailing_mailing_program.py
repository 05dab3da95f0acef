"""Mailings of programs: designs, which are never sent themselves, and the copies that are."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    nurture_program_id = fields.Many2one(
        'hr.nurture.program', index='btree_not_null', copy=False, readonly=True,
        ondelete='set null')
    nurture_step_id = fields.Many2one(
        'hr.nurture.step', index='btree_not_null', copy=False, readonly=True,
        ondelete='set null')
    nurture_design_step_ids = fields.One2many('hr.nurture.step', 'mailing_id', string="Designed For")
    is_nurture_design = fields.Boolean(compute='_compute_is_nurture_design')

    @api.depends('nurture_design_step_ids')
    def _compute_is_nurture_design(self):
        designs = self.env['hr.nurture.step'].sudo().with_context(active_test=False).search(
            [('mailing_id', 'in', self.ids)]).mailing_id
        for mailing in self:
            mailing.is_nurture_design = mailing._origin in designs

    def action_put_in_queue(self):
        self._check_no_design()
        return super().action_put_in_queue()

    def action_schedule(self):
        self._check_no_design()
        return super().action_schedule()

    def _check_no_design(self):
        for design in self.filtered('is_nurture_design'):
            raise UserError(self.env._(
                "“%s” is the design of a step of a nurture program: the program sends copies of it.",
                design.display_name))

    def _get_nurture_company(self):
        return self.sudo().nurture_program_id.company_id or super()._get_nurture_company()


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

    def _end_nurture(self, reason):
        """What ends the program of the mailing is seen at once; whatever else ends it, by the daily job."""
        for trace in self.sudo().filtered(lambda t: t.model == 'hr.applicant' and not t.is_test_trace):
            program = trace.mass_mailing_id.nurture_program_id
            if program and (reason != 'replied' or program.end_on_reply):
                self.env['hr.nurture.enrollment'].sudo().search([
                    ('program_id', '=', program.id), ('applicant_id', '=', trace.res_id), ('state', '=', 'running'),
                ])._end(reason)
