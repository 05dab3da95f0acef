from odoo import models


class MailingTrace(models.Model):
    """Whoever answers a mailing has been in touch."""
    _inherit = 'mailing.trace'

    def set_replied(self, domain=None):
        traces = super().set_replied(domain)
        touches = self.env['hr.candidate.touch'].sudo()
        for model, replied in traces.sudo().filtered(lambda t: not t.is_test_trace).grouped('model').items():
            touches._record_beside(touches._get_mailing_reply_insert(model, replied.ids))
        return traces
