"""Consent in the table at the top of security/hr_relationship_security.xml: one test per cell, and the wizards."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import users

from .common import MANAGER
from .consent_common import ConsentCase

EVERYBODY = ('ivan', 'rita', 'mona')


class RightsCase(ConsentCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.make_user('olga', MANAGER, company=cls.other_company)

    def setUp(self):
        super().setUp()
        self.applicant.sudo().interviewer_ids = [Command.set(self.interviewer.ids)]
        self.agree()
        self.env.flush_all()

    def assertDenied(self, function, *args, **kwargs):
        with self.assertRaises(AccessError), self.cr.savepoint():
            function(*args, **kwargs)

    def mine(self, record):
        """The record, as the user of this test sees it."""
        return self.env[record._name].browse(record.ids)


class TestConsentRights(RightsCase):

    @users('rita', 'mona')
    def test_read_by_officer_and_manager(self):
        rows = self.env['hr.candidate.consent'].search([('partner_id', '=', self.person.id)])
        self.assertEqual(rows.mapped('state'), ['given', 'given'])
        rows.read(['display_name', 'topic_ids', 'date_until', 'wording_text'])

    @users('ivan')
    def test_not_read_by_interviewer(self):
        self.assertDenied(self.env['hr.candidate.consent'].search, [])
        self.assertDenied(self.mine(self.rows()).read, ['state'])

    @users(*EVERYBODY)
    def test_nobody_writes_by_hand(self):
        rows = self.mine(self.rows())
        self.assertDenied(rows.write, {'state': 'given'})
        self.assertDenied(rows.unlink)
        self.assertDenied(rows.create, {
            'partner_id': self.person.id, 'company_id': self.company.id, 'purpose': 'keep', 'state': 'asked'})

    @users('rita', 'mona')
    def test_nobody_reads_the_link(self):
        self.assertDenied(self.mine(self.rows()).read, ['page_url'])
        self.assertNotIn('page_url', self.env['hr.candidate.consent'].fields_get())

    @users('rita', 'mona')
    def test_nobody_reads_the_link_in_the_mail_that_waits(self):
        # without an address of the company the recruiter is the sender
        self.company.sudo().email = False
        new = self.make_applicants("New One", email_from=f'for.{self.env.user.login}@candidate.example.com')
        with self.mail_server():
            self.env['hr.candidate.consent']._ask(new.sudo().partner_id, self.company, user=self.env.user)
        mail = self._new_mails
        self.assertEqual(len(mail), 1)
        self.assertIn('/candidate/consent/', mail.sudo().body_html)
        message = mail.sudo().mail_message_id
        domain = [('model', '=', 'hr.candidate.consent'), ('res_id', '=', message.res_id)]
        self.assertFalse(self.env['mail.message'].search(domain))
        self.assertDenied(self.mine(message).read, ['body'])

    @users('olga')
    def test_not_read_from_another_company(self):
        self.assertFalse(self.env['hr.candidate.consent'].search([('partner_id', '=', self.person.id)]))
        self.assertDenied(self.mine(self.rows()).read, ['state'])

    @users('rita', 'mona')
    def test_reach_read_by_officer_and_manager(self):
        self.assertEqual(self.mine(self.applicant).candidate_reach, 'reachable')

    @users('ivan')
    def test_reach_not_read_by_interviewer(self):
        applicant = self.mine(self.applicant)
        self.assertDenied(applicant.read, ['candidate_reach'])
        self.assertDenied(applicant.search, [('candidate_reach', '=', 'reachable')])
        self.assertDenied(applicant._read_group, [], ['candidate_reach'])


class TestWordingRights(RightsCase):

    @users('rita', 'mona')
    def test_read_by_officer_and_manager(self):
        self.mine(self.wording).read()

    @users('ivan')
    def test_not_read_by_interviewer(self):
        self.assertDenied(self.mine(self.wording).read, ['title'])

    @users('ivan', 'rita')
    def test_not_changed_by_interviewer_and_officer(self):
        wording = self.mine(self.wording)
        self.assertDenied(wording.write, {'title': "Mine"})
        self.assertDenied(wording.update_field_translations, 'title', {'zh_CN': "我"})
        self.assertDenied(wording.create, {'title': "Mine", 'body': "Mine", 'company_id': self.company.id})
        self.assertDenied(wording.unlink)

    @users('mona')
    def test_changed_by_the_manager(self):
        own = self.env['hr.consent.wording'].create({
            'title': "Mine", 'body': "<p>Mine</p>", 'company_id': self.company.id})
        own.write({'title': "Ours"})
        self.mine(self.wording).body = "<p>Other</p>"
        self.assertTrue(own.action_preview()['url'].endswith(f'/{own.id}'))
        own.unlink()

    @users('olga')
    def test_not_seen_from_another_company(self):
        own = self.wording.copy({'company_id': self.company.id})
        self.assertDenied(self.mine(own).read, ['title'])


class TestAskWizard(RightsCase):

    def wizard(self, applicants, **values):
        applicants = self.mine(applicants)
        wizard = self.env['hr.candidate.consent.ask'].with_context(
            active_model='hr.applicant', active_ids=applicants.ids, active_test=False)
        return wizard.create(values)

    @users('rita')
    def test_counts_and_asks(self):
        new, no, recent = self.make_applicants("New One", "Nono", "Recent One")
        silent = self.make_applicants("Silent", email_from=False)
        black = self.make_applicants("Black")
        self.env['mail.blacklist'].sudo()._add('black@candidate.example.com')
        self.refuse_consent(no.sudo().partner_id)
        self.ask(recent.sudo().partner_id)
        twice = self.make_applicants("New Two", email_from=new.email_from)
        wizard = self.wizard(self.applicant + new + no + recent + silent + black + twice)
        counts = ('ask_count', 'given_count', 'recent_count', 'said_no_count', 'no_address_count', 'blacklisted_count')
        self.assertEqual([wizard[name] for name in counts], [1, 1, 1, 1, 1, 1])
        wizard.again = True
        self.assertEqual(wizard.ask_count, 2)
        with self.mail_server():
            wizard.action_ask()
        self.assertEqual(len(self._new_mails), 2)
        self.assertEqual(self.rows(new.sudo().partner_id).user_id, self.env.user)

    @users('mona')
    def test_by_the_manager(self):
        self.wizard(self.make_applicants("New One")).action_ask()

    @users('ivan')
    def test_not_by_interviewer(self):
        self.assertDenied(self.env['hr.candidate.consent.ask'].create, {})

    @users('rita')
    def test_nobody_to_ask(self):
        with self.assertRaisesRegex(UserError, "Nobody"):
            self.wizard(self.applicant).action_ask()

    @users('rita')
    def test_refused_applications(self):
        refused = self.make_applicants("Refused")
        refused.active = False
        wizard = self.wizard(refused)
        self.assertEqual(wizard.ask_count, 1)
        wizard.action_ask()
        self.assertTrue(self.rows(refused.sudo().partner_id))

    def test_two_companies_at_once(self):
        job = self.env['hr.job'].create({'name': "Job", 'company_id': self.other_company.id})
        theirs = self.applicant.sudo().copy({
            'partner_id': self.person.id, 'job_id': job.id, 'company_id': self.other_company.id})
        both = self.make_user('zoe', MANAGER)
        both.company_ids = [Command.link(self.other_company.id)]
        wizard = self.env['hr.candidate.consent.ask'].with_user(both).with_context(
            allowed_company_ids=both.company_ids.ids).create({'applicant_ids': (self.applicant + theirs).ids})
        self.assertEqual((wizard.ask_count, wizard.given_count), (1, 1))
        wizard.action_ask()
        self.assertEqual(self.states(company=self.other_company), [('keep', 'asked'), ('nurture', 'asked')])
        self.assertEqual(self.states(), [('keep', 'given'), ('nurture', 'given')])


class TestRecordWizard(RightsCase):

    def setUp(self):
        super().setUp()
        self.new = self.make_applicants("New One")
        self.newcomer = self.new.sudo().partner_id

    def record(self, applicants=None, **values):
        applicants = applicants or self.new
        wizard = self.env['hr.candidate.consent.record'].create({
            'applicant_ids': applicants.ids, 'note': "Signed form", 'topic_ids': self.topics[:1].ids, **values})
        with self.mail_server():
            wizard.action_record()

    @users('rita')
    def test_on_paper(self):
        self.record(date='2026-02-01', frequency='180')
        keep, nurture = self.rows(self.newcomer)
        self.assertEqual((keep.state, nurture.state), ('given', 'given'))
        self.assertEqual((keep.source, keep.note, keep.user_id), ('recruiter', "Signed form", self.env.user))
        self.assertEqual(str(keep.date_until), '2028-02-01')
        self.assertEqual(nurture.frequency_days, 180)
        self.assertEqual(len(self._new_mails), 1)

    @users('rita')
    def test_one_purpose_without_confirmation(self):
        self.record(nurture=False, send_confirmation=False)
        self.assertEqual(self.states(self.newcomer), [('keep', 'given')])
        self.assertFalse(self._new_mails)

    @users('rita')
    def test_withdrawal_by_phone(self):
        action = self.mine(self.applicant).action_consent_withdraw()
        wizard = self.env[action['res_model']].with_context(**action['context']).create({'note': "Called today"})
        wizard.action_record()
        self.assertEqual(self.states(), [('keep', 'withdrawn'), ('nurture', 'withdrawn')])
        row = self.rows()[0]
        self.assertEqual((row.ended_note, row.ended_user_id), ("Called today", self.env.user))
        self.assertEqual(row.source, 'page')

    @users('mona')
    def test_by_the_manager(self):
        self.record()
        self.record(answer='no', note="Called")
        self.assertEqual(self.states(self.newcomer), [('keep', 'withdrawn'), ('nurture', 'withdrawn')])

    @users('ivan')
    def test_not_by_interviewer(self):
        self.assertDenied(self.env['hr.candidate.consent.record'].create, {'note': "x"})

    @users('olga')
    def test_not_from_another_company(self):
        self.assertDenied(self.record)

    @users('rita')
    def test_bad_input(self):
        for message, values in (
                ("how you know", {'note': " "}), ("Tick", {'keep': False, 'nurture': False}),
                ("topics", {'topic_ids': False}), ("future", {'date': '2026-03-04'}),
                ("too old", {'date': '2024-03-01'})):
            with self.subTest(message), self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                self.record(**values)
        self.assertFalse(self.rows(self.newcomer))
