"""Mailings that are taken back, archived or deleted by hand: what was booked for them, and their mails that wait."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .mailing_mailing_nurture import LOCK_NAME


class MailingMailing(models.Model):
    """Of a mailing that is archived, the mails that were written go out. Of one that is deleted none does: nobody
    could tell who got it, and it would come without the link by which one leaves.
    """
    _inherit = 'mailing.mailing'

    def write(self, vals):
        res = super().write(vals)
        if vals.get('state') == 'draft' or not vals.get('active', True):
            self._get_taken_back()._release_bookings()
        return res

    def unlink(self):
        self.check_access('unlink')
        nurture = self.filtered(lambda mailing: mailing._is_nurture())
        nurture._check_not_being_sent()
        nurture._note_what_was_sent()
        self.env['mail.mail'].sudo().search([
            ('mailing_id', 'in', nurture.ids), ('state', 'in', ('outgoing', 'exception'))]).cancel()
        nurture._settle_before_unlink()
        return super().unlink()

    def _settle_before_unlink(self):
        """No mail of these waits any more; what was sent is known."""
        self._release_bookings()

    def _get_taken_back(self):
        """Whose bookings to look at: programs settle theirs, and the daily cleaning those of one that is being sent."""
        return self.filtered(lambda mailing: mailing._is_nurture() and not mailing.nurture_program_id
                             and mailing._lock_sending())

    def _lock_sending(self):
        """:return: whether nobody else sends this mailing, nor will until this transaction ends"""
        ((alone,),) = self.env.execute_query(SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", LOCK_NAME, self.id))
        return alone

    def _check_not_being_sent(self):
        for mailing in self:
            if not mailing._lock_sending():
                raise UserError(self.env._("“%s” is being sent. Try again when that is done.", mailing.display_name))

    def _note_what_was_sent(self):
        """Whoever was killed amid sending had no time to, and what tells of it is deleted with the mailing."""
        self.env.flush_all()
        touches = self.env['hr.candidate.touch'].sudo()
        for model, mailings in self.grouped('mailing_model_real').items():
            for statement in touches._get_missed_statements(model, SQL("mailing.id IN %s", mailings._ids)):
                self.env.cr.execute(statement)
        self.env.invalidate_all()

    def _release_bookings(self):
        """Whoever was booked and has no mail may be written to by others."""
        if self:
            self.env['hr.nurture.contact'].sudo()._release_without_mail(SQL("contact.source_id IN %s", self._ids))
