"""Mailings that are cancelled, archived or deleted by hand: nobody stays booked for a mail that does not come."""

from .reactivation_common import ReactivationCase
from .test_nurture_waiting import WaitingCase


class TestMailingEnd(WaitingCase):

    def book(self, mailing, *talents):
        """As a server does that is killed before the mails are written."""
        self.contacts._book([talent.sudo().partner_id.id for talent in talents], self.company, mailing)
        mailing.action_put_in_queue()
        self.assertEqual(self.reason(talents[0]), 'budget')

    def test_cancelled_before_it_was_sent(self):
        mailing = self.make_mailing(self.ann)
        self.book(mailing, self.ann)
        mailing.action_cancel()
        self.assertFalse(self.reason(self.ann))
        self.send(mailing)
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent'}, "It was thought over.")

    def test_archived_before_it_was_sent(self):
        mailing = self.make_mailing(self.ann)
        self.book(mailing, self.ann)
        mailing.action_archive()
        self.assertFalse(self.reason(self.ann))

    def test_archived_amid_sending(self):
        """Whoever has a mail gets it, and stays booked; whoever has none is free."""
        mailing = self.write_mails(self.ann, self.ben)
        self.book(mailing, self.cid)
        mailing.action_archive()
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'booked', "Ben Bohr": 'booked', "Cid Curie": 'released'})
        self.assertEqual(self.send_waiting(mailing), [self.ann.email_from, self.ben.email_from])

    def test_archived_long_ago(self):
        mailing = self.make_mailing(self.ann)
        self.book(mailing, self.ann)
        self.env.flush_all()
        self.cr.execute("UPDATE mailing_mailing SET active = FALSE WHERE id = %s", [mailing.id])
        self.env.invalidate_all()
        self.pass_time(days=2)
        self.assertEqual(self.contacts._gc_forgotten_bookings(), (1, 0))

    def test_deleted_while_its_mails_wait(self):
        mailing = self.write_mails(self.ann, self.ben)
        mails = self.waiting(mailing)
        mailing.unlink()
        self.assertEqual(set(mails.mapped('state')), {'cancel'})
        self.assertEqual(self.booked(), {"Ann Ames": 'released', "Ben Bohr": 'released'})
        with self.mail_server():
            self.env['mail.mail'].process_email_queue()
        self.assertEqual(self.addressees(), [])

    def test_deleted_after_it_was_sent(self):
        mailing = self.make_mailing(self.ann)
        self.send(mailing)
        mailing.unlink()
        self.assertEqual(self.booked(), {"Ann Ames": 'sent'})
        self.assertEqual(self.reason(self.ann), 'budget')

    def test_deleted_before_what_was_sent_is_noted(self):
        mailing = self.write_mails(self.ann, self.ben)
        mailing.mailing_trace_ids.filtered(lambda trace: trace.res_id == self.ann.id).set_sent()
        mailing.unlink()
        self.assertEqual(self.booked(), {"Ann Ames": 'sent', "Ben Bohr": 'released'})
        touch = self.env['hr.candidate.touch'].search([('channel', '=', 'mailing')])
        self.assertEqual(touch.partner_id.name, "Ann Ames")

    def test_mailing_to_contacts_is_stock(self):
        partner = self.ann.sudo().partner_id
        mailing = self.write_mails(*(self.ann | self.ben).sudo().partner_id, **{
            'mailing_model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': "<p>News</p>",
            'mailing_domain': repr([('id', 'in', (self.ann | self.ben).sudo().partner_id.ids)])})
        mails = self.waiting(mailing)
        self.assertIn(partner.email, ' '.join(mails.mapped('email_to')) + ' '.join(mails.recipient_ids.mapped('email')))
        mailing.unlink()
        self.assertEqual(set(mails.mapped('state')), {'outgoing'})

    def test_cancelled_mail(self):
        mailing = self.write_mails(self.ann, self.ben)
        mail = self.waiting(mailing)[0]
        mail.cancel()
        self.assertEqual(mail.mailing_trace_ids.trace_status, 'cancel')


class TestInvitationEnd(ReactivationCase):

    def test_mail_that_does_not_come(self):
        self.env['ir.config_parameter'].sudo().set_param('mail.mail.force.send.limit', 0)
        self.make_talents("Ann Able", "Ben Bold", skills={'C': 75})
        matches = self.invite(self.make_round().match_ids)
        self.env['mailing.mailing'].sudo().search([('mailing_model_id.model', '=', 'hr.pool.match')]).unlink()
        self.assertEqual(set(matches.mapped('excluded_reason')), {'undelivered'})
        self.assertFalse(any(matches.mapped('invited_datetime')))
