"""Mails of mailings that were sent, cancelled, or are tried again."""

from odoo import models
from odoo.tools import SQL


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _get_touch_inserts(self, success_pids, success_emails, failure_type):
        """With the touch, the contact that was booked for a mail is confirmed."""
        yield from super()._get_touch_inserts(success_pids, success_emails, failure_type)
        contacts = self.env['hr.nurture.contact']
        for mail in self:
            if not failure_type and mail.mailing_id and contacts._is_recipient_model(mail.model):
                yield contacts._get_sent_update(mail)

    def cancel(self):
        result = super().cancel()
        if mails := self._filter_nurture():
            self.env['hr.nurture.contact'].sudo()._release_by_traces(SQL("trace.mail_mail_id IN %s", mails._ids))
        return result

    def mark_outgoing(self):
        """A mail that failed is tried again, if nobody else has written to the person meanwhile."""
        failed = self._filter_nurture().filtered(lambda mail: mail.state in ('exception', 'cancel'))
        held = self.browse()
        for mailing, mails in failed.grouped('mailing_id').items():
            reasons = mailing._hold_back(mails.mapped('res_id')) if mailing._is_nurture() else {}
            for mail in mails.filtered(lambda mail, reasons=reasons: mail.res_id in reasons):
                mail.mailing_trace_ids.write({
                    'trace_status': 'cancel', 'failure_type': False, 'nurture_reason': reasons[mail.res_id]})
                held |= mail
        held.write({'state': 'cancel'})
        return super(MailMail, self - held).mark_outgoing()

    def _filter_nurture(self):
        contacts = self.env['hr.nurture.contact']
        return self.sudo().filtered(lambda mail: mail.mailing_id and contacts._is_recipient_model(mail.model))
