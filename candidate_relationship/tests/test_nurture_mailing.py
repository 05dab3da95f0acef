"""Any mailing to talents keeps to the budget: who is left out, why, and what is booked for the others."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import users
from odoo.tools import mute_logger

from .nurture_common import NurtureCase


class MailingCase(NurtureCase):

    def setUp(self):
        super().setUp()
        self.ann, self.ben, self.cid = self.make_talents("Ann Ames", "Ben Bohr", "Cid Curie")

    def make_mailing(self, *recipients, **vals):
        return self.env['mailing.mailing'].create({
            'subject': "News",
            'body_html': '<p>Dear <t t-out="object.partner_name"/></p>',
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant'),
            'mailing_domain': repr([('id', 'in', [one.id for one in recipients]), ('active', 'in', [True, False])]),
            'user_id': self.recruiter.id,
            'reply_to_mode': 'new',
            'reply_to': 'jobs@company.example.com',
            **vals,
        })

    def send(self, mailing, refuses=False):
        """The scheduled job, and the mail queue after it."""
        mailing.action_launch()
        with self.mail_server(refuses), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            self.send_queue()
            # freed of the registry's own environment
            self.env.invalidate_all()
        self.assertEqual(mailing.state, 'done')
        return self.addressees()

    def addressees(self):
        return sorted(email for mail in self.emails_sent() for email in mail)

    def emails_sent(self):
        return [mail['email_to'] for mail in self._mails]

    def left_out(self, mailing):
        traces = mailing.mailing_trace_ids.filtered(lambda trace: trace.trace_status == 'cancel')
        names = {talent.id: talent.partner_name for talent in self.env['hr.applicant'].sudo().with_context(
            active_test=False).browse(traces.mapped('res_id'))}
        return {names[trace.res_id]: (trace.nurture_reason, trace.failure_type) for trace in traces}

    def booked(self, mailing=None):
        """State by name of the person."""
        domain = [('source_id', '=', mailing.id)] if mailing else []
        return {row.partner_id.name: row.state for row in self.contacts.search(domain)}

    def count_mails(self, mailing):
        return len(mailing.mailing_trace_ids.filtered(lambda trace: trace.trace_status == 'sent'))


class TestBooking(MailingCase):

    def book(self, *talents, source=None, company=None, **keywords):
        partners = [talent.sudo().partner_id for talent in talents]
        answers = self.contacts._book(
            [partner.id for partner in partners], company or self.company, source or self.company, **keywords)
        return [answers[partner.id] for partner in partners]

    def test_once(self):
        self.assertEqual(self.book(self.ann, self.ben), [None, None])
        self.assertEqual(self.book(self.ann, self.cid, source=self.recruiter), ['budget', None])
        self.assertEqual(self.contacts._book([], self.company, self.company), {})

    def test_same_source_again(self):
        self.assertEqual(self.book(self.ann, self.ann), [None, None])
        self.assertEqual(self.book(self.ann), [None])
        self.assertEqual(len(self.contacts.search([('partner_id', '=', self.ann.sudo().partner_id.id)])), 1)

    def test_as_many_as_may_be(self):
        self.company.nurture_contacts = 2
        sources = [self.company, self.recruiter, self.manager]
        self.assertEqual([self.book(self.ann, source=source) for source in sources], [[None], [None], ['budget']])

    def test_own_frequency(self):
        self.contact(self.ann, days_ago=40)
        self.prefer(self.ann, frequency_days=90)
        self.assertEqual(self.book(self.ann, self.ben), ['budget', None])

    def test_each_company(self):
        self.assertEqual(self.book(self.ann), [None])
        self.assertEqual(self.book(self.ann, source=self.recruiter, company=self.other_company), [None])

    def test_released(self):
        self.book(self.ann, topic=self.topic)
        self.contacts._release(self.ann.sudo().partner_id.ids, self.company, self.company)
        self.assertEqual(self.book(self.ann, source=self.recruiter), [None])
        self.assertEqual(self.book(self.ann), ['budget'], "Somebody else was faster.")
        self.contacts._release(self.ann.sudo().partner_id.ids, self.company, self.recruiter)
        self.assertEqual(self.book(self.ann, topic=self.other_topic), [None])
        row = self.contacts.search([('source_model', '=', 'res.company')])
        self.assertEqual((row.state, row.topic_id), ('booked', self.other_topic))

    def test_nobody(self):
        answers = self.contacts._book([99999999], self.company, self.company)
        self.assertEqual(answers, {99999999: 'no_person'})

    def test_forgotten(self):
        mailings = self.make_mailing(self.ann), self.make_mailing(self.ben), self.make_mailing(self.cid)
        for talent, mailing in zip((self.ann, self.ben, self.cid), mailings, strict=True):
            self.book(talent, source=mailing)
        mailings[1].state = 'sending'
        self.env['mailing.trace'].create({
            'mass_mailing_id': mailings[2].id, 'model': 'hr.applicant', 'res_id': self.cid.id, 'trace_status': 'sent'})
        self.contacts._gc_forgotten_bookings()
        self.assertEqual(set(self.booked().values()), {'booked'}, "It was a moment ago.")
        self.pass_time(days=2)
        self.assertEqual(self.contacts._gc_forgotten_bookings(), (1, 0))
        self.assertEqual(self.booked(), {"Ann Ames": 'released', "Ben Bohr": 'booked', "Cid Curie": 'booked'})


    def test_mailings_of_before(self):
        mailing = self.make_mailing(self.ann)
        self.env['mailing.trace'].create([{
            'mass_mailing_id': mailing.id, 'model': 'hr.applicant', 'res_id': talent.id, 'trace_status': status,
            'sent_datetime': self.START if status != 'cancel' else False,
        } for talent, status in ((self.ann, 'open'), (self.ben, 'bounce'), (self.cid, 'cancel'))])
        self.assertEqual([self.contacts._backfill_at_install() for _time in range(2)], [1, 0])
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent'})
        self.assertEqual((self.reason(self.ann), self.reason(self.ben)), ('budget', False))


class TestMailing(MailingCase):

    def test_sent_and_booked(self):
        mailing = self.make_mailing(self.ann, self.ben, nurture_topic_id=self.topic.id)
        self.send(mailing)
        self.assertEqual(self.count_mails(mailing), 2)
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent', "Ben Bohr": 'sent'})
        self.assertEqual(self.contacts.search([]).topic_id, self.topic)
        self.assertEqual(self.left_out(mailing), {})
        touches = self.env['hr.candidate.touch'].search([('channel', '=', 'mailing')])
        self.assertEqual(touches.mapped('partner_id.name'), ["Ben Bohr", "Ann Ames"])

    def test_second_mailing_of_the_month(self):
        self.send(self.make_mailing(self.ann))
        self.pass_time(days=29)
        second = self.make_mailing(self.ann, self.ben)
        self.send(second)
        self.assertEqual(self.left_out(second), {"Ann Ames": ('budget', False)})
        self.assertEqual(self.booked(second), {"Ben Bohr": 'sent'})
        self.pass_time(days=1)
        third = self.make_mailing(self.ann, self.ben)
        self.send(third)
        self.assertEqual(self.left_out(third), {"Ben Bohr": ('budget', False)})

    def test_everybody_left_out_has_a_reason(self):
        names = ("Dan Darwin", "Eve Euler", "Flo Fermi", "Gus Gauss", "Hal Hertz", "Ida Ising", "Jon Joule")
        dan, eve, flo, gus, hal, ida, jon = self.make_talents(*names)
        (kim,) = self.make_talents("Kim Kepler", agree=False)
        self.env['mail.blacklist']._add(dan.email_from)
        self.refuse_consent(eve.sudo().partner_id)
        self.agree(flo.sudo().partner_id, topics=self.other_topic)
        self.prefer(gus, paused_until=self.today(days=5))
        self.make_applicant("Hal Hertz", email_from=hal.email_from, partner_id=hal.sudo().partner_id.id)
        hired = self.make_applicant("Ida Ising", email_from=ida.email_from, partner_id=ida.sudo().partner_id.id)
        hired.stage_id = self.env.ref('hr_recruitment.stage_job5')
        jon.sudo().write({'email_from': False, 'partner_id': False})
        self.contact(self.cid)
        people = self.ann | self.cid | dan | eve | flo | gus | hal | ida | jon | kim
        mailing = self.make_mailing(*people, nurture_topic_id=self.topic.id)
        self.send(mailing)
        self.assertEqual(self.left_out(mailing), {
            "Cid Curie": ('budget', False),
            "Dan Darwin": ('blacklisted', 'mail_bl'),
            "Eve Euler": ('left', 'mail_optout'),
            "Flo Fermi": ('topic', 'mail_optout'),
            "Gus Gauss": ('paused', False),
            "Hal Hertz": ('in_process', False),
            "Ida Ising": ('hired', False),
            "Jon Joule": ('no_address', 'mail_email_missing'),
            "Kim Kepler": ('no_consent', False),
        })
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent'})

    def test_erased(self):
        self.ann.sudo().write({'candidate_erased': True})
        mailing = self.make_mailing(self.ann)
        self.send(mailing)
        self.assertEqual(self.left_out(mailing), {"Ann Ames": ('erased', 'candidate_erased')})

    def test_one_mail_for_several_talents(self):
        (twin,) = self.make_talents("Ann Twin", email_from='other@candidate.example.com', agree=False,
                                    partner_id=self.ann.sudo().partner_id.id)
        twin.sudo().write({'partner_id': self.ann.sudo().partner_id.id})
        self.assertEqual(twin.sudo().partner_id, self.ann.sudo().partner_id)
        mailing = self.make_mailing(self.ann, twin, self.ben)
        self.send(mailing)
        self.assertEqual(self.count_mails(mailing), 2)
        self.assertEqual([reason for reason, _type in self.left_out(mailing).values()], ['duplicate'])

    def test_several_talents_in_several_batches(self):
        self.env['ir.config_parameter'].sudo().set_param('mail.batch_size', 1)
        (twin,) = self.make_talents("Ann Twin", email_from='other@candidate.example.com', agree=False)
        twin.sudo().write({'partner_id': self.ann.sudo().partner_id.id})
        self.company.nurture_contacts = 3
        mailing = self.make_mailing(self.ann, twin, self.ben)
        self.send(mailing)
        self.assertEqual(self.count_mails(mailing), 2)
        self.assertEqual([reason for reason, _type in self.left_out(mailing).values()], ['duplicate'])

    def test_versions_of_one_campaign(self):
        (twin,) = self.make_talents("Ann Twin", email_from='other@candidate.example.com', agree=False)
        twin.sudo().write({'partner_id': self.ann.sudo().partner_id.id})
        self.company.nurture_contacts = 3
        first = self.make_mailing(self.ann, ab_testing_enabled=True, ab_testing_pc=100)
        second = self.make_mailing(
            twin, self.ben, ab_testing_enabled=True, ab_testing_pc=100, campaign_id=first.campaign_id.id)
        self.assertEqual(second._get_ab_testing_siblings_mailings(), first | second)
        self.send(first)
        self.send(second)
        self.assertEqual(self.left_out(second), {"Ann Twin": ('duplicate', 'mail_dup')})
        self.assertEqual(self.booked(second), {"Ben Bohr": 'sent'})

    def test_application_without_a_person(self):
        self.company.candidate_consent_required = False
        self.ann.sudo().partner_id = False
        self.env.flush_all()
        self.assertTrue(self.ann.email_normalized)
        mailing = self.make_mailing(self.ann)
        self.send(mailing)
        self.assertTrue(self.ann.sudo().partner_id)
        self.assertEqual(list(self.booked(mailing).values()), ['sent'])

    def test_service_message(self):
        self.contact(self.ann)
        mailing = self.make_mailing(self.ann, nurture_service_message=True, nurture_topic_id=self.other_topic.id)
        self.assertFalse(mailing.is_nurture_mailing)
        self.send(mailing)
        self.assertEqual(self.count_mails(mailing), 1)
        self.assertEqual(self.booked(mailing), {})
        self.assertFalse(mailing.copy().nurture_service_message)

    def test_other_recipients(self):
        partner = self.ann.sudo().partner_id
        self.contact(self.ann)
        mailing = self.make_mailing(
            mailing_model_id=self.env['ir.model']._get_id('res.partner'),
            mailing_domain=repr([('id', '=', partner.id)]), body_html='<p>News</p>')
        self.assertFalse(mailing.is_nurture_mailing)
        self.send(mailing)
        self.assertEqual(self.count_mails(mailing), 1)

    @users('rita')
    def test_transactional_mail_is_never_held_back(self):
        self.contact(self.ann)
        composer = self.env['mail.compose.message'].with_context(active_ids=(self.ann | self.ben).ids).create({
            'composition_mode': 'mass_mail', 'model': 'hr.applicant', 'subject': "Your interview", 'body': "Tomorrow",
            'res_ids': (self.ann | self.ben).ids})
        with self.mail_server():
            composer._action_send_mail()
        self.assertEqual(len(self._mails), 2)
        self.assertEqual(self.booked(), {"Ann Ames": 'sent'})

    def test_composer_that_names_a_mailing(self):
        self.contact(self.ann)
        composer = self.env['mail.compose.message'].with_context(active_ids=(self.ann | self.ben).ids).create({
            'composition_mode': 'mass_mail', 'model': 'hr.applicant', 'subject': "News", 'body': "All new",
            'mass_mailing_name': "By hand", 'res_ids': (self.ann | self.ben).ids})
        with self.mail_server():
            composer._action_send_mail()
            self.send_queue()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.left_out(composer.mass_mailing_id), {"Ann Ames": ('budget', False)})

    def test_test_mail(self):
        mailing = self.make_mailing(self.ann)
        self.contact(self.ann)
        wizard = self.env['mailing.mailing.test'].create({
            'email_to': 'rita@company.example.com', 'mass_mailing_id': mailing.id})
        with self.mail_server():
            wizard.send_mail_test()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.booked(mailing), {})

    @mute_logger('odoo.addons.mail.models.mail_mail')
    def test_failed_and_tried_again(self):
        mailing = self.make_mailing(self.ann, self.ben)
        self.send(mailing, refuses=True)
        self.assertEqual(mailing.mailing_trace_ids.mapped('trace_status'), ['error', 'error'])
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'released', "Ben Bohr": 'released'})
        self.send(self.make_mailing(self.ben))
        mailing.action_retry_failed()
        self.send(mailing)
        self.assertEqual(self.count_mails(mailing), 1)
        self.assertEqual(self.left_out(mailing), {"Ben Bohr": ('budget', False)})
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent', "Ben Bohr": 'released'})

    @mute_logger('odoo.addons.mail.models.mail_mail')
    def test_failed_mail_is_tried_again_by_itself(self):
        mailing = self.make_mailing(self.ann, self.ben)
        self.send(mailing, refuses=True)
        mails = self.env['mail.mail'].search([('mailing_id', '=', mailing.id)])
        self.assertEqual(mails.mapped('state'), ['exception', 'exception'])
        self.send(self.make_mailing(self.ben))
        mails.action_retry()
        self.assertEqual(sorted(mails.mapped('state')), ['cancel', 'outgoing'])
        self.assertEqual(self.left_out(mailing), {"Ben Bohr": ('budget', False)})
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'booked', "Ben Bohr": 'released'})

    def test_bounced(self):
        mailing = self.make_mailing(self.ann)
        self.send(mailing)
        mailing.mailing_trace_ids.set_bounced()
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'released'})

    def test_cancelled_while_it_waits(self):
        self.env['ir.config_parameter'].sudo().set_param('mail.mail.force.send.limit', 0)
        mailing = self.make_mailing(self.ann, self.ben)
        mailing.action_launch()
        with self.mail_server():
            mailing._action_send_mail()
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'booked', "Ben Bohr": 'booked'})
        self.env['mail.mail'].search([('mailing_id', '=', mailing.id), ('res_id', '=', self.ann.id)]).cancel()
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'released', "Ben Bohr": 'booked'})

    def test_a_trace_left_out_releases_nothing(self):
        (twin,) = self.make_talents("Ann Twin", email_from='other@candidate.example.com', agree=False)
        twin.sudo().write({'partner_id': self.ann.sudo().partner_id.id})
        mailing = self.make_mailing(self.ann, twin)
        self.send(mailing)
        mailing.mailing_trace_ids.filtered('nurture_reason').set_canceled()
        self.assertEqual(self.booked(mailing), {"Ann Ames": 'sent'})

    def test_talent_of_another_company(self):
        (theirs,) = self.make_talents("Zoe Zuse", agree=False)
        theirs.sudo().write({
            'company_id': self.other_company.id, 'pool_applicant_id': False, 'talent_pool_ids': [Command.clear()],
            'refuse_reason_id': self.env.ref('hr_recruitment.refuse_reason_1').id})
        self.other_company.write({'candidate_consent_required': False, 'nurture_days': 60})
        self.contact(theirs, days_ago=45, company=self.other_company)
        mailing = self.make_mailing(theirs)
        self.send(mailing)
        self.assertEqual(self.left_out(mailing), {"Zoe Zuse": ('budget', False)})
        self.other_company.nurture_days = 30
        mailing = self.make_mailing(theirs)
        self.send(mailing)
        self.assertEqual(self.contacts.search([('source_id', '=', mailing.id)]).company_id, self.other_company)

    def test_queries_of_a_batch(self):
        """Left out or not, more people in one batch need no more queries of ours."""
        many = self.make_talents(*(f"Talent{n} Many" for n in range(40)))
        costs = []
        for people in (many[:10], many[10:]):
            mailing = self.make_mailing(*people)
            recipients = mailing._get_nurture_recipients(people.ids)
            self.env.flush_all()
            before = self.cr.sql_log_count if hasattr(self.cr, 'sql_log_count') else 0
            mailing._hold_back(people.ids)
            costs.append(self.cr.sql_log_count - before)
            self.assertEqual(len(recipients), len(people))
        self.assertLessEqual(costs[1], costs[0])

    def test_field_is_for_administrators(self):
        mailing_user = self.env.ref('mass_mailing.group_mass_mailing_user')
        for user in (self.recruiter, self.manager):
            user.group_ids += mailing_user
        mailing = self.make_mailing(self.ann, body_html='<p>News</p>')
        self.assertNotIn('nurture_service_message', mailing.with_user(self.recruiter).fields_get())
        self.assertIn('nurture_service_message', mailing.with_user(self.manager).fields_get())
        with self.assertRaises(AccessError):
            mailing.with_user(self.recruiter).nurture_service_message = True
        mailing.with_user(self.manager).nurture_service_message = True
