"""What a mail made its reader do on the page of preferences: the figures say so by topic and mailing."""

from odoo import fields, models


class MailingTrace(models.Model):
    _inherit = 'mailing.trace'

    nurture_left_datetime = fields.Datetime(
        string="Left On", readonly=True, help="When the reader left a topic, or all mail, by the link in this mail.")
    nurture_slowed_datetime = fields.Datetime(
        string="Slowed On", readonly=True,
        help="When the reader asked for fewer mails, or for a pause, by the link in this mail.")

    def _note_nurture_left(self):
        self.nurture_left_datetime = fields.Datetime.now()

    def _note_nurture_slowed(self):
        self.nurture_slowed_datetime = fields.Datetime.now()

    def _note_nurture_stayed(self):
        self.write({'nurture_left_datetime': False, 'nurture_slowed_datetime': False})
