"""Mails of mailings that were sent, cancelled, or are tried again."""

from odoo import api, models
from odoo.tools import SQL


class MailMail(models.Model):
    _inherit = 'mail.mail'

    @api.model
    def _get_mailing_statements(self, subjects):
        """With the touches, the contacts that were booked for the mails are confirmed."""
        yield from super()._get_mailing_statements(subjects)
        contacts = self.env['hr.nurture.contact']
        for model, of_model in subjects.items():
            if contacts._is_recipient_model(model):
                yield contacts._get_sent_update(SQL("trace.mail_mail_id_int = ANY(%s)", list(of_model)), [model])

    def cancel(self):
        result = super().cancel()
        self._filter_nurture().mailing_trace_ids.filtered(
            lambda trace: trace.trace_status in ('outgoing', 'error')).set_canceled()
        return result

    def mark_outgoing(self):
        """A mail that failed is tried again, if nobody else has written to the person meanwhile."""
        failed = self._filter_nurture().filtered(lambda mail: mail.state in ('exception', 'cancel'))
        held = self.browse()
        for mailing, mails in failed.grouped('mailing_id').items():
            reasons = mailing._hold_back(mails.mapped('res_id')) if mailing._is_nurture() else {}
            for mail in mails.filtered(lambda mail, reasons=reasons: mail.res_id in reasons):
                mail._leave_out(reasons[mail.res_id])
                held |= mail
        (failed - held).mailing_trace_ids.write({
            'trace_status': 'outgoing', 'failure_type': False, 'nurture_reason': False})
        return super(MailMail, self - held).mark_outgoing()

    def _filter_nurture(self):
        contacts = self.env['hr.nurture.contact']
        return self.sudo().filtered(lambda mail: mail.mailing_id and contacts._is_recipient_model(mail.model))


class HrCandidateTouch(models.Model):
    _inherit = 'hr.candidate.touch'

    @api.model
    def _get_missed_statements(self, model, recent):
        yield from super()._get_missed_statements(model, recent)
        contacts = self.env['hr.nurture.contact']
        if contacts._is_recipient_model(model):
            yield contacts._get_sent_update(SQL(
                "trace.mass_mailing_id IN (SELECT mailing.id FROM mailing_mailing mailing WHERE %s)", recent), [model])
