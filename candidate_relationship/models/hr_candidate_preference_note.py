"""How the company knows what a person wishes."""

from odoo import fields, models


class HrCandidatePreference(models.Model):
    _inherit = 'hr.candidate.preference'

    source = fields.Selection(
        [('page', "Preference Page"), ('recruiter', "Recorded by a Recruiter")], string="Told Through", readonly=True)
    note = fields.Char(string="Evidence", help="How a recruiter knows, e.g. the person called.")
    note_user_id = fields.Many2one('res.users', string="Recorded By", readonly=True, ondelete='set null')
    # whoever opens a link that was passed on may not fill the person's mailbox
    link_sent_datetime = fields.Datetime(string="Link Sent On")
