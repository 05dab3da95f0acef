"""A mail to a candidate that the mail server has accepted is a touch."""

import logging

from odoo import models, tools
from odoo.exceptions import MissingError

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        # before super(), which deletes the mails that need not be kept
        if success_pids or success_emails:
            self._record_candidate_touches(success_pids, success_emails, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)

    def _record_candidate_touches(self, success_pids, success_emails, failure_type):
        """In the transaction that notes the mail as sent: who kills the server loses both or neither."""
        touches = self.env['hr.candidate.touch'].sudo()
        try:
            for insert in self.sudo()._get_touch_inserts(success_pids, success_emails, failure_type):
                touches._record_beside(insert)
        except Exception:
            _logger.exception("Mails %s were sent, but the touches could not be recorded.", self.ids)

    def _get_touch_inserts(self, success_pids, success_emails, failure_type):
        """:return: iterator of ``SQL``, one for each mail that reached a candidate"""
        touches = self.env['hr.candidate.touch']
        emails = {tools.email_normalize(email) for email in success_emails}
        for mail in self:
            if mail.mailing_id:
                if not failure_type:
                    yield touches._get_mailing_insert(mail)
            elif applicant := mail._get_touched_applicant(self.env['res.partner'].union(*success_pids), emails):
                yield touches._get_mail_insert(applicant, mail)

    def _get_touched_applicant(self, partners, emails):
        """The application whose candidate got the mail.

        :param partners: ``res.partner`` whose mail was accepted
        :param set emails: normalized addresses likewise
        """
        applicant = self.feedback_applicant_id
        if not applicant and self.model == 'hr.applicant' and self.res_id:
            applicant = applicant.browse(self.res_id)
        try:
            return applicant if applicant and applicant._is_reached_by(partners, emails) else None
        except MissingError:
            return None
