"""How the company knows what a person wishes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Whose row it is, and what the page itself remembers.
FIXED_FIELDS = {'partner_id', 'company_id', 'link_sent_datetime'}


class HrCandidatePreference(models.Model):
    _inherit = 'hr.candidate.preference'

    source = fields.Selection(
        [('page', "Preference Page"), ('recruiter', "Recorded by a Recruiter")], string="Told Through", readonly=True)
    note = fields.Char(string="Evidence", help="How a recruiter knows, e.g. the person called.")
    note_user_id = fields.Many2one('res.users', string="Recorded By", readonly=True, ondelete='set null')
    # whoever opens a link that was passed on may not fill the person's mailbox
    link_sent_datetime = fields.Datetime(string="Link Sent On")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._sign(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su and FIXED_FIELDS & vals.keys():
            raise AccessError(self.env._("Preferences stay with their person and company."))
        return super().write(self._sign(vals))

    @api.model
    def _sign(self, vals):
        """What a colleague enters is never the word of the person on the page, nor of another colleague."""
        return vals if self.env.su else {**vals, 'source': 'recruiter', 'note_user_id': self.env.uid}
