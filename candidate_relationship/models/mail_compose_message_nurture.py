"""Where a mailing becomes mails, whoever may not be written to is left out, and everybody else is booked."""

from odoo import models

# What stock Odoo calls it, where it has a name for it.
FAILURES = {
    'erased': 'candidate_erased',
    'no_address': 'mail_email_missing',
    'blacklisted': 'mail_bl',
    'left': 'mail_optout',
    'topic': 'mail_optout',
    'duplicate': 'mail_dup',
}
REASONS_OF_FAILURES = {
    'mail_bl': 'blacklisted',
    'mail_email_missing': 'no_address',
    'mail_email_invalid': 'no_address',
    'mail_optout': 'left',
    'mail_dup': 'duplicate',
}


class MailComposeMessage(models.TransientModel):
    """A mail that belongs to no mailing is about an application, and is never held back."""
    _inherit = 'mail.compose.message'

    def _is_nurture(self):
        return bool(self._is_mass_mailing()) and self.mass_mailing_id._is_nurture()

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self._is_nurture():
            self._ensure_nurture_persons(res_ids, auto_commit)
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

    def _ensure_nurture_persons(self, res_ids, auto_commit):
        """Contacts are counted by person, so every application has one; bookings see only what was committed."""
        if self.model != 'hr.applicant':
            return
        nameless = self.env['hr.applicant'].sudo().with_context(active_test=False).search([
            ('id', 'in', list(res_ids)), ('partner_id', '=', False), ('email_normalized', '!=', False)])
        if nameless:
            nameless._ensure_candidate_partners()
            if auto_commit:
                self.env.cr.commit()  # pylint: disable=invalid-commit

    def _process_mail_values_state(self, mail_values_dict):
        if not self._is_nurture():
            return super()._process_mail_values_state(mail_values_dict)
        recipients = self.mass_mailing_id._get_nurture_recipients(mail_values_dict)
        held = {res_id: recipient.reason for res_id, recipient in recipients.items() if recipient.reason}
        # whoever is held back does not make others doubles of them
        super()._process_mail_values_state({
            res_id: values for res_id, values in mail_values_dict.items() if res_id not in held})
        held |= self.mass_mailing_id._book_nurture({
            res_id: recipients[res_id] for res_id, values in mail_values_dict.items()
            if res_id not in held and not values.get('state')})
        for res_id, reason in held.items():
            mail_values_dict[res_id].update(
                state='cancel', failure_type=FAILURES.get(reason, False), nurture_reason=reason)
        return mail_values_dict

    def _prepare_mail_values_mailing_traces(self, mail_values_all):
        traces = super()._prepare_mail_values_mailing_traces(mail_values_all)
        if self._is_nurture():
            for res_id, values in mail_values_all.items():
                reason = values.pop('nurture_reason', None) or REASONS_OF_FAILURES.get(values.get('failure_type'))
                if traces[res_id] and reason:
                    traces[res_id]['nurture_reason'] = reason
        return traces
