from odoo import models
from odoo.tools import SQL

# Mails of these documents can vanish while they wait: with the person they are written to.
CANDIDATE_MODELS = ('hr.applicant', 'hr.candidate.consent', 'hr.pool.match', False)


class MailMail(models.Model):
    """A mail to a person who is being erased is not sent."""
    _inherit = 'mail.mail'

    def send(self, *args, **kwargs):
        # of what was about to be sent, some may have gone with the person
        return super(MailMail, self.exists()).send(*args, **kwargs)

    def _send(self, auto_commit=False, **kwargs):
        """Mails to candidates one by one, each locked while it is sent.

        Stock Odoo ends the whole round with an error where a mail was deleted meanwhile.
        """
        if self.env['ir.mail_server']._disable_send():
            return super()._send(auto_commit=auto_commit, **kwargs)
        to_candidates = self.filtered(lambda mail: mail.model in CANDIDATE_MODELS)
        others = self - to_candidates
        if others:
            super(MailMail, others)._send(auto_commit=auto_commit, **kwargs)
        if to_candidates and auto_commit:
            # what happened since this round began is seen from here on
            self.env.cr.commit()  # pylint: disable=invalid-commit
        # each by itself, as stock Odoo does: what was read of the others is gone with each mail that is deleted
        for mail in map(self.browse, to_candidates._ids):
            if mail._hold_for_sending():
                super(MailMail, mail)._send(auto_commit=auto_commit, **kwargs)
        return True

    def _hold_for_sending(self):
        """Lock a mail, so that whoever erases its recipient waits until it is sent.

        :return: whether it may be sent
        """
        self.flush_recordset()
        rows = self.env.execute_query(SQL(
            "SELECT applicant.candidate_erased FROM mail_mail mail"
            " JOIN mail_message message ON message.id = mail.mail_message_id"
            " LEFT JOIN hr_applicant applicant ON message.model = 'hr.applicant' AND applicant.id = message.res_id"
            " WHERE mail.id = %s FOR UPDATE OF mail SKIP LOCKED", self.id))
        if rows and rows[0][0]:
            self.env['hr.candidate.erasure'].sudo()._erase_late_mail(self)
            return False
        return bool(rows)
