from odoo import api, fields, models

from .hr_candidate_touch import LOGGED_CHANNELS


class MailActivityType(models.Model):
    _inherit = 'mail.activity.type'

    touch_channel = fields.Selection(
        LOGGED_CHANNELS, string="Contact with the Candidate", compute='_compute_touch_channel', store=True,
        readonly=False, help="Done for an applicant, such an activity is noted as a contact of this kind. "
                             "Interviews are noted from the calendar, mails once they are delivered.")

    @api.depends('category')
    def _compute_touch_channel(self):
        for activity_type in self:
            activity_type.touch_channel = activity_type.category == 'phonecall' and 'call'
