import logging

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    _inherit = 'mail.mail'

    feedback_applicant_id = fields.Many2one(
        'hr.applicant', string="Answered Applicant", index='btree_not_null', ondelete='set null',
        help="The application that this mail answers, where nothing else says so: "
             "Odoo's refusal mails are not linked to the application they refuse.")

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        # before super(), which deletes the mails that need not be kept
        if success_pids or success_emails:
            # bulk mailings are no answer to anybody, and many
            if answers := self.filtered(lambda m: not m.mailing_id):
                answers._book_feedback_deliveries(success_pids, success_emails)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)

    def _get_feedback_deliveries(self, success_pids, success_emails):
        """The mails that reached a candidate."""
        partners = self.env['res.partner'].union(*success_pids)
        emails = {tools.email_normalize(email) for email in success_emails}
        promises, deliveries = self.env['hr.feedback.promise'], []
        for mail in self.sudo():
            applicant = mail._get_feedback_applicant()
            if applicant and applicant._is_reached_by(partners, emails):
                deliveries.append(promises._prepare_delivery(
                    applicant, mail.mail_message_id, mail.body_html or mail.body, mail._get_feedback_note(applicant)))
        return deliveries

    def _get_feedback_applicant(self):
        if self.feedback_applicant_id:
            return self.feedback_applicant_id
        if self.model == 'hr.applicant' and self.res_id:
            return self.env['hr.applicant'].sudo().browse(self.res_id).exists()
        return self.env['hr.applicant']

    def _get_feedback_note(self, applicant):
        """The note in the chatter of a refusal mail, which is deleted itself once it is sent."""
        message = self.mail_message_id
        if not self.feedback_applicant_id:
            return message
        return self.env['mail.message'].sudo().search([
            ('model', '=', 'hr.applicant'), ('res_id', '=', applicant.id),
            ('author_id', '=', message.author_id.id), ('id', '<', message.id),
            ('date', '>=', fields.Datetime.subtract(message.date, minutes=1)), ('body', 'not in', (False, '')),
        ], order='id desc', limit=1)

    def _book_feedback_deliveries(self, success_pids, success_emails):
        """Book what was delivered.

        The mail server has the mail already, so nothing that goes wrong here may reach the code
        that sent it: it would send it again. A conflict with another user is booked after commit.
        """
        deliveries = []
        try:
            with self.env.cr.savepoint():
                deliveries = self._get_feedback_deliveries(success_pids, success_emails)
                for delivery in deliveries:
                    self.env['hr.feedback.promise']._on_delivered(delivery)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("Mails %s: the promises are being changed, so they are booked after commit.", self.ids)
            self._book_feedback_after_commit(deliveries)
        except Exception:
            _logger.exception("Mails %s were sent, but the promises they answer could not be closed.", self.ids)

    @api.model
    def _book_feedback_after_commit(self, deliveries):
        dbname = self.env.cr.dbname

        @self.env.cr.postcommit.add
        def book():
            try:
                with Registry(dbname).cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    for delivery in deliveries:
                        retrying(lambda delivery=delivery: env['hr.feedback.promise']._on_delivered(delivery), env)
            except Exception:
                _logger.exception("The promises of %s could not be closed.", deliveries)
