"""Preferences on the page of a person: who sees them, who records them."""

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .nurture_common import NurtureCase


class TestNurturePreferenceRights(NurtureCase):

    def setUp(self):
        super().setUp()
        self.talent = self.make_talents("Nina Novak", agree=False)
        self.person = self.talent.sudo().partner_id
        self.agree(self.person, topics=self.topic | self.other_topic, frequency_days=90)

    def open_wizard(self, user=None, talent=None, **vals):
        talent = (talent or self.talent).with_user(user or self.recruiter)
        action = talent.action_record_preferences()
        wizard = self.env[action['res_model']].with_user(user or self.recruiter).with_context(**action['context'])
        return wizard.create({'note': "She called", **vals})

    def test_wizard_shows_what_is(self):
        self.prefer(self.talent, left_topic_ids=self.topic, paused_until=self.today(days=9))
        wizard = self.open_wizard()
        self.assertEqual(wizard.topic_ids, self.topic | self.other_topic)
        self.assertEqual(wizard.left_topic_ids, self.topic)
        self.assertEqual((wizard.frequency_days, wizard.paused_until), (90, self.today(days=9)))

    def test_record(self):
        self.open_wizard(left_topic_ids=[(6, 0, self.topic.ids)], paused_until=self.today(months=2)).action_record()
        row = self.preferences.search([])
        self.assertEqual(
            (row.left_topic_ids, row.frequency_days, row.paused_until, row.note, row.source, row.note_user_id),
            (self.topic, 90, self.today(months=2), "She called", 'recruiter', self.recruiter))
        self.assertEqual(self.reason(self.talent, self.topic), 'topic')
        note = self.talent.sudo().message_ids[0]
        self.assertIn(
            "Preferences recorded: not about Compilers; once in 90 days at most; pause until 05/02/2026", note.body)
        self.assertIn("She called", note.body)
        self.assertTrue(note.subtype_id.internal)

    def test_record_takes_back(self):
        self.prefer(self.talent, left_topic_ids=self.topic)
        self.open_wizard(left_topic_ids=[(6, 0, [])], frequency_days=0).action_record()
        self.assertFalse(self.reason(self.talent, self.topic))

    def test_what_is_told_is_asked_for(self):
        for vals, message in (
                ({'note': " "}, "Say how you know"),
                ({'frequency_days': -1}, "0 to 3650"),
                ({'left_topic_ids': [(6, 0, (self.topic | self.other_topic).ids)]}, "Use Withdraw")):
            with self.assertRaisesRegex(UserError, message):
                self.open_wizard(**vals).action_record()

    def test_person_needs_a_contact(self):
        talent = self.make_talents("Nobody", agree=False, email_from=False)
        talent.sudo().partner_id = False
        with self.assertRaisesRegex(UserError, "Enter a name"):
            self.open_wizard(talent=talent).action_record()

    def test_interviewer_records_nothing(self):
        with self.assertRaises(AccessError):
            self.open_wizard(self.interviewer)
        with self.assertRaises(AccessError):
            self.preferences.with_user(self.interviewer).search([])
        self.talent.sudo().interviewer_ids = self.interviewer
        with self.assertRaises(AccessError):
            self.talent.with_user(self.interviewer).read(['candidate_preference_url'])

    def test_manager_records(self):
        self.open_wizard(self.manager, frequency_days=180).action_record()
        self.assertEqual(self.preferences.search([]).frequency_days, 180)

    def test_other_company(self):
        stranger = self.make_user('otto', 'hr_recruitment.group_hr_recruitment_user', company=self.other_company)
        self.prefer(self.talent, frequency_days=180)
        self.assertFalse(self.preferences.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.open_wizard(stranger).action_record()

    def test_nobody_speaks_for_others(self):
        """What a colleague enters by hand is told to be theirs, and moves to nobody else."""
        row = self.prefer(self.talent, source='page').with_user(self.recruiter)
        row.write({'frequency_days': 180, 'source': 'page', 'note_user_id': self.manager.id})
        self.assertEqual((row.source, row.note_user_id), ('recruiter', self.recruiter))
        other = self.make_talents("Olga Orlova").sudo().partner_id
        for vals in ({'partner_id': other.id}, {'company_id': self.other_company.id}, {'link_sent_datetime': False}):
            with self.assertRaises(AccessError):
                row.write(vals)
        made = self.preferences.with_user(self.recruiter).create({
            'partner_id': other.id, 'company_id': self.company.id, 'source': 'page'})
        self.assertEqual((made.source, made.note_user_id), ('recruiter', self.recruiter))

    def test_page_answers_come_without_a_note(self):
        self.open_wizard(frequency_days=180).action_record()
        url = self.preferences._get_page_url(self.person, self.company)
        self.preferences._change(self.preferences._get_by_token(url.rsplit('/', 1)[1]), frequency=365)
        row = self.preferences.search([])
        self.assertEqual((row.source, row.note, row.note_user_id.ids), ('page', False, []))

    def test_summary(self):
        talent = self.talent.with_user(self.recruiter)

        def wishes():
            return [fact['text'] for fact in talent.get_candidate_summary() if fact['label'] == "Wishes"]
        self.assertEqual(wishes(), ["once in 90 days at most"])
        self.prefer(self.talent, left_topic_ids=self.topic)
        self.assertEqual(wishes(), ["not about Compilers; once in 90 days at most"])
        self.agree(self.person, topics=self.topic, frequency_days=0)
        self.assertFalse(wishes())
        self.refuse_consent(self.person)
        self.assertFalse(wishes())

    def test_export_and_erasure(self):
        self.open_wizard(paused_until=self.today(days=9)).action_record()
        data, _files = self.env['hr.candidate.export']._collect(self.talent.sudo(), self.company)
        self.assertEqual(data['preferences'], [{
            'paused_until': fields.Date.to_string(self.today(days=9)), 'note': "She called", 'source': 'recruiter',
            'topics_left': [], 'frequency': 90}])
        self.env['hr.candidate.erasure']._schedule(self.person, self.company, 'request')._execute()
        self.env.invalidate_all()
        self.assertFalse(self.preferences.search([]))
