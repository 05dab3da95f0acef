from odoo import fields, models


class MailingTrace(models.Model):
    _inherit = 'mailing.trace'

    failure_type = fields.Selection(
        selection_add=[('candidate_erased', "Candidate erased")], ondelete={'candidate_erased': 'set null'})
