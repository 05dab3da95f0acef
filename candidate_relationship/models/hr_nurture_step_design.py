"""Designing a mailing step, and having a look at the mail."""

from odoo import models
from odoo.exceptions import UserError

from .client_actions import notify


class HrNurtureStep(models.Model):
    _inherit = 'hr.nurture.step'

    def action_design(self):
        """Odoo's own mail editor, with the rights that it asks for; a design that was deleted is begun anew."""
        self.ensure_one()
        if not self.sudo().mailing_id:
            self.check_access('write')
            self._ensure_designs()
        self.mailing_id.check_access('read')
        return self.mailing_id._get_records_action(name=self.name, context={})

    def action_send_test(self):
        """The mail as somebody of the program would get it, to whoever presses the button."""
        self.ensure_one()
        self.program_id._check_officer()
        if problem := self._get_problem():
            raise UserError(self.env._("Step “%(step)s”: %(problem)s.", step=self.name, problem=problem))
        if not self.env.user.email:
            raise UserError(self.env._("Your user has no email address to send the test to."))
        self.env['mail.mail'].sudo().create(self._prepare_test_mail(self._get_sample())).send()
        return notify(self.env._("The test was sent to %s.", self.env.user.email))

    def _get_sample(self):
        """Somebody of this program, else any talent of the company that the user may see."""
        talent = self.env['hr.nurture.enrollment'].search(
            [('program_id', '=', self.program_id.id), ('state', '=', 'running'), ('applicant_id', '!=', False)],
            limit=1).applicant_id
        return talent or self.env['hr.applicant'].search(
            [('talent_pool_ids', '!=', False), ('company_id', 'in', (self.company_id.id, False))], limit=1)

    def _prepare_test_mail(self, talent):
        design = self.sudo().mailing_id.with_context(candidate_preference_placeholder=True)
        texts = {'subject': design.subject, 'body_html': design.body_html}
        if talent:
            texts = {
                name: design._render_field(name, talent.ids, compute_lang=False)[talent.id] for name in texts}
        body = self.env['ir.qweb'].sudo()._render('mass_mailing.mass_mailing_mail_layout', {
            'body': texts['body_html'], 'mailing_style': ''}, minimal_qcontext=True, raise_if_not_found=False)
        return {
            'email_from': design.email_from,
            'reply_to': design.reply_to,
            'email_to': self.env.user.email_formatted,
            'subject': self.env._("[TEST] %s", texts['subject']),
            'body_html': body or texts['body_html'],
            'is_notification': True,
            'auto_delete': True,
            'attachment_ids': [(4, attachment.id) for attachment in design.attachment_ids],
        }
