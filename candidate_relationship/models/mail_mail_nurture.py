"""Mails of mailings that wait: whoever may not be written to any more when it is their turn gets none."""

from odoo import models
from odoo.tools import split_every

# Mails that are looked at together, just before they leave.
AT_ONCE = 100


class MailMail(models.Model):
    """People were chosen when their mails were written, and thousands of mails can wait for hours.

    Who says no, leaves the topic, pauses, applies or is erased meanwhile must not get what still waits.
    """
    _inherit = 'mail.mail'

    def _send(self, auto_commit=False, post_send_callback=None, **kwargs):
        waiting = self._filter_waiting_nurture()
        kwargs.update(auto_commit=auto_commit, post_send_callback=post_send_callback)
        if others := self - waiting:
            super(MailMail, others)._send(**kwargs)
        for ids in split_every(AT_ONCE, waiting.ids):
            if auto_commit:
                # what was said until now is seen from here on
                self.env.cr.commit()  # pylint: disable=invalid-commit
            mails = self.browse(ids)
            held = mails._leave_out_unwilling()
            super(MailMail, mails - held)._send(**kwargs)
            if held and post_send_callback:
                post_send_callback(held.ids)
        return True

    def _filter_waiting_nurture(self):
        """A test of a mailing goes to a colleague: it has no trace."""
        return self.exists()._filter_nurture().filtered(
            lambda mail: mail.state == 'outgoing' and mail.mailing_trace_ids and mail.mailing_id._is_nurture()
            and mail.model == mail.mailing_id.mailing_model_real)

    def _leave_out_unwilling(self):
        """Cancel those whose person may not be written to now; one statement looks at all of a mailing.

        :return: the mails that are not to be sent
        """
        held = self.browse()
        for mailing, mails in self.grouped('mailing_id').items():
            recipients = mailing._get_nurture_recipients(mails.mapped('res_id'))
            for reason, some in mails.grouped(lambda mail, to=recipients: to[mail.res_id].get_reason()).items():
                if reason:
                    some._leave_out(reason)
                    held |= some
        return held

    def _leave_out(self, reason):
        self.mailing_trace_ids._leave_out(reason)
        self.write({'state': 'cancel'})
