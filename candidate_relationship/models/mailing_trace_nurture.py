"""What became of the mails of a mailing tells what became of the contacts that were booked for them."""

from odoo import fields, models
from odoo.tools import SQL

from .hr_nurture_reason import REASONS
from .mail_compose_message_nurture import FAILURES


class MailingTrace(models.Model):
    _inherit = 'mailing.trace'

    nurture_reason = fields.Selection(REASONS, string="Left Out Because", readonly=True)

    def set_failed(self, domain=None, failure_type=False):
        traces = super().set_failed(domain, failure_type)
        traces._release_nurture()
        return traces

    def set_bounced(self, domain=None, bounce_message=False):
        traces = super().set_bounced(domain, bounce_message)
        traces._release_nurture()
        return traces

    def set_canceled(self, domain=None):
        traces = super().set_canceled(domain)
        traces._release_nurture()
        return traces

    def _leave_out(self, reason):
        """Of mails that were written and will not be sent; what was booked for them is released first.

        :param str reason: key of ``REASONS``
        """
        self._release_nurture()
        self.write({'failure_type': FAILURES.get(reason, False), 'nurture_reason': reason})
        return self.set_canceled()

    def _release_nurture(self):
        contacts = self.env['hr.nurture.contact'].sudo()
        traces = self.sudo().filtered(lambda trace: contacts._is_recipient_model(trace.model))
        if traces:
            contacts._release_by_traces(SQL("trace.id IN %s", traces._ids))
