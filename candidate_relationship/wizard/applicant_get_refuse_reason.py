from odoo import models


class ApplicantGetRefuseReason(models.TransientModel):
    _inherit = 'applicant.get.refuse.reason'

    def action_refuse_reason_apply(self):
        duplicates = self.duplicate_applicant_ids if self.duplicates else self.env['hr.applicant']
        res = super().action_refuse_reason_apply()
        # the person is told once, for the application that was chosen
        duplicates._get_open_promises()._cancel('duplicate')
        return res

    def _prepare_send_refusal_mails(self):
        res = super()._prepare_send_refusal_mails()
        # the letter is the answer: it is not to wait for the next round of the mail queue
        self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        return res

    def _prepare_mail_values(self, applicant):
        # stock Odoo's refusal mail belongs to no record: nothing would tell whom it answered
        return dict(super()._prepare_mail_values(applicant), feedback_applicant_id=applicant.id)
