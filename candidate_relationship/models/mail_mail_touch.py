"""A mail to a candidate that the mail server has accepted is a touch."""

import logging

from odoo import api, models, tools
from odoo.exceptions import MissingError

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        subjects = self.sudo()._get_mailing_subjects()
        res = super().send(
            auto_commit=auto_commit, raise_exception=raise_exception, post_send_callback=post_send_callback)
        if subjects:
            self._record_mailing_touches(subjects, auto_commit)
        return res

    @api.model
    def process_email_queue(self, *args, **kwargs):
        # of mails that were sent by a server that was killed before it came to their touches
        self.env['hr.candidate.touch'].sudo()._record_missed_mailings()
        return super().process_email_queue(*args, **kwargs)

    # ------------------------------------------------------------------
    # Mailings
    # ------------------------------------------------------------------

    def _get_mailing_subjects(self):
        """Of the mails of mailings, before they are sent and deleted.

        :return: ``{model: {mail id: subject}}``
        """
        by_model = self.exists().filtered('mailing_id').grouped('model')
        return {model: {mail.id: mail.subject for mail in mails} for model, mails in by_model.items()}

    @api.model
    def _record_mailing_touches(self, subjects, auto_commit):
        """One statement for all that was sent: what is sent is noted with the trace of each mail already."""
        touches = self.env['hr.candidate.touch'].sudo()
        try:
            self.env['mailing.trace'].flush_model()
            for statement in self._get_mailing_statements(subjects):
                touches._record_beside(statement)
            if auto_commit:
                self.env.cr.commit()  # pylint: disable=invalid-commit
        except Exception:
            _logger.exception("Mailings were sent, but the touches could not be recorded: the mail queue will.")

    @api.model
    def _get_mailing_statements(self, subjects):
        """:return: iterator of ``SQL`` that notes what was sent"""
        for model, of_model in subjects.items():
            yield self.env['hr.candidate.touch']._get_mailing_insert(model, of_model)

    # ------------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------------

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        # before super(), which deletes the mails that need not be kept
        if success_pids or success_emails:
            # those of mailings are many, and recorded together
            if mails := self.filtered(lambda mail: not mail.mailing_id):
                mails._record_candidate_touches(success_pids, success_emails)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)

    def _record_candidate_touches(self, success_pids, success_emails):
        """In the transaction that notes the mail as sent: who kills the server loses both or neither."""
        touches = self.env['hr.candidate.touch'].sudo()
        try:
            for insert in self.sudo()._get_touch_inserts(success_pids, success_emails):
                touches._record_beside(insert)
        except Exception:
            _logger.exception("Mails %s were sent, but the touches could not be recorded.", self.ids)

    def _get_touch_inserts(self, success_pids, success_emails):
        """:return: iterator of ``SQL``, one for each mail that reached a candidate"""
        touches = self.env['hr.candidate.touch']
        emails = {tools.email_normalize(email) for email in success_emails}
        for mail in self:
            if applicant := mail._get_touched_applicant(self.env['res.partner'].union(*success_pids), emails):
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
