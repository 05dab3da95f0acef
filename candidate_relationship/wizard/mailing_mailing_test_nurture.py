from odoo import models


class MailingMailingTest(models.TransientModel):
    _inherit = 'mailing.mailing.test'

    def send_mail_test(self):
        """It is rendered for some applicant, and goes to a colleague: the key of that person is not for them."""
        return super(
            MailingMailingTest, self.with_context(candidate_preference_placeholder=True)).send_mail_test()
