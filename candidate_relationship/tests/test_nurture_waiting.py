"""Mails that wait in the queue: what their people say meanwhile counts."""

from odoo.tools import email_normalize, mute_logger

from .reactivation_common import ReactivationCase
from .test_nurture_mailing import MailingCase


class WaitingCase(MailingCase):

    def setUp(self):
        super().setUp()
        self.env['ir.config_parameter'].sudo().set_param('mail.mail.force.send.limit', 0)

    def write_mails(self, *people, **vals):
        """A mailing whose mails are written and wait; to one person alone stock Odoo sends it at once."""
        self.assertGreater(len(people), 1)
        mailing = self.make_mailing(*people, **vals)
        mailing.action_launch()
        with self.mail_server():
            mailing._action_send_mail()
        self.assertEqual(set(mailing.mailing_trace_ids.mapped('trace_status')), {'outgoing'})
        return mailing

    def waiting(self, mailing):
        return self.env['mail.mail'].search([('mailing_id', '=', mailing.id), ('state', '=', 'outgoing')])

    def send_waiting(self, mailing):
        """Addresses of those who got it."""
        with self.mail_server():
            self.waiting(mailing).send()
        return [email_normalize(email) for email in self.addressees()]


class TestWaiting(WaitingCase):

    def test_said_something_meanwhile(self):
        dan, eve, fay, gus = self.make_talents("Dan Darwin", "Eve Euler", "Fay Fermi", "Gus Gauss")
        people = self.ann | self.ben | self.cid | dan | eve | fay | gus
        mailing = self.write_mails(*people, nurture_topic_id=self.topic.id)
        self.refuse_consent(self.ann.sudo().partner_id)
        self.prefer(self.ben, left_topic_ids=self.topic)
        self.prefer(self.cid, paused_until=self.today(days=9))
        self.env['mail.blacklist']._add(dan.email_from)
        self.make_applicant("Eve Euler", partner_id=eve.sudo().partner_id.id)
        self.contact(fay, days_ago=40, source=mailing.id + 1)
        self.prefer(fay, frequency_days=90)
        self.assertEqual(self.send_waiting(mailing), [gus.email_from])
        self.assertEqual(self.left_out(mailing), {
            "Ann Ames": ('left', 'mail_optout'), "Ben Bohr": ('topic', 'mail_optout'), "Cid Curie": ('paused', False),
            "Dan Darwin": ('blacklisted', 'mail_bl'), "Eve Euler": ('in_process', False),
            "Fay Fermi": ('budget', False)})
        states = {contact.partner_id.name: contact.state for contact in self.contacts.search(
            [('source_id', '=', mailing.id)])}
        self.assertEqual(states.pop("Gus Gauss"), 'sent')
        self.assertEqual(set(states.values()), {'released'})
        self.assertFalse(self.waiting(mailing))
        self.assertEqual(mailing.nurture_held_count, 6)

    def test_erased_meanwhile(self):
        mailing = self.write_mails(self.ann, self.ben)
        self.env['hr.candidate.erasure']._schedule(self.ann.sudo().partner_id, self.company, 'request')._execute()
        self.env.invalidate_all()
        self.assertEqual(self.send_waiting(mailing), [self.ben.email_from])

    def test_own_booking_does_not_count(self):
        mailing = self.write_mails(self.ann, self.ben)
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'booked', "Ben Bohr": 'booked'})
        self.assertEqual(self.send_waiting(mailing), [self.ann.email_from, self.ben.email_from])
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent', "Ben Bohr": 'sent'})

    def test_released_may_be_written_to_by_others(self):
        mailing = self.write_mails(self.ann, self.ben, nurture_topic_id=self.topic.id)
        self.prefer(self.ann, left_topic_ids=self.topic)
        self.send_waiting(mailing)
        self.assertFalse(self.reason(self.ann))
        self.assertEqual(self.reason(self.ben), 'budget')

    def test_service_message_is_never_held_back(self):
        mailing = self.write_mails(self.ann, self.ben, nurture_service_message=True)
        self.refuse_consent(self.ann.sudo().partner_id)
        self.assertEqual(self.send_waiting(mailing), [self.ann.email_from, self.ben.email_from])

    def test_tells_the_queue_of_those_left_out(self):
        mailing = self.write_mails(self.ann, self.ben)
        self.refuse_consent(self.ann.sudo().partner_id)
        mails, done = self.waiting(mailing), set()
        with self.mail_server():
            mails.send(post_send_callback=done.update)
        self.assertEqual(done, set(mails.ids))

    def test_queries(self):
        """One look at a hundred costs what a look at ten costs."""
        many = self.make_talents(*(f"Talent{n} Many" for n in range(60)))
        costs = []
        for people in (many[:10], many[10:]):
            mails = self.waiting(self.write_mails(*people))
            mails._filter_waiting_nurture()
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.assertFalse(mails._leave_out_unwilling())
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0])

    @mute_logger('odoo.addons.mail.models.mail_mail')
    def test_failed_again_after_it_was_left_out(self):
        """Who was left out and is tried again counts, and counts no more when that fails."""
        mailing = self.write_mails(self.ann, self.ben)
        row = self.prefer(self.ann, paused_until=self.today(days=9))
        self.send_waiting(mailing)
        row.paused_until = False
        mail = self.env['mail.mail'].search([('mailing_id', '=', mailing.id), ('res_id', '=', self.ann.id)])
        mail.mark_outgoing()
        trace = mail.mailing_trace_ids
        self.assertEqual((trace.trace_status, trace.nurture_reason), ('outgoing', False))
        self.assertEqual(self.booked(mailing)["Ann Ames"], 'booked')
        with self.mail_server(refuses=True):
            mail.send()
        self.assertEqual(trace.trace_status, 'error')
        self.assertEqual(self.booked(mailing)["Ann Ames"], 'released')


class TestWaitingInvitation(ReactivationCase):

    def test_said_no_meanwhile(self):
        self.env['ir.config_parameter'].sudo().set_param('mail.mail.force.send.limit', 0)
        talents = self.make_talents("Ann Able", "Ben Bold", skills={'C': 75})
        matches = self.invite(self.make_round().match_ids)
        self.assertEqual(set(matches.mapped('state')), {'invited'})
        self.env['hr.candidate.consent'].sudo()._answer(
            talents[0].sudo().partner_id, self.company, keep=False, topics=self.env['hr.nurture.topic'], source='page')
        with self.mail_server():
            self.env['mail.mail'].search([('model', '=', 'hr.pool.match'), ('state', '=', 'outgoing')]).send()
        ann, ben = (matches.filtered(lambda m, t=t: m.partner_id == t.sudo().partner_id) for t in talents)
        self.assertEqual((ann.state, ann.excluded_reason, ann.invited_datetime), ('excluded', 'left', False))
        self.assertEqual(ben.state, 'delivered')
