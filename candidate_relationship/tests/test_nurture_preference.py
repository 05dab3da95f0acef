"""What the page of preferences does: leave, slow down, pause, stop, and take it back."""

from io import BytesIO

from odoo import fields
from odoo.tools import hash_sign

from odoo.addons.candidate_relationship.models.hr_candidate_preference_page import TOKEN_SCOPE, Visit

from .nurture_common import NurtureCase


class TestNurturePreference(NurtureCase):

    def setUp(self):
        super().setUp()
        self.company.partner_id.lang = 'en_US'
        self.talent = self.make_talents("Nina Novak", agree=False)
        self.person = self.talent.sudo().partner_id
        self.agree(topics=self.topic | self.other_topic, frequency_days=90)
        self.mailing = self.env['mailing.mailing'].create({
            'subject': "News", 'body_html': "<p>Hi</p>",
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant')})
        self.trace = self.env['mailing.trace'].create({
            'mass_mailing_id': self.mailing.id, 'model': 'hr.applicant', 'res_id': self.talent.id,
            'trace_status': 'sent'})

    def visit(self, topic=None, **vals):
        visit = Visit(self.person, self.company, topic or self.topic.browse(), self.trace)
        return visit._replace(**vals)

    def standing(self, **vals):
        visit = self.visit(**vals)
        return self.preferences._get_standing(visit.partner, visit.company)

    def reason_now(self, topic=None):
        return self.reason(self.talent, topic)

    # ------------------------------------------------------------------
    # What counts
    # ------------------------------------------------------------------

    def test_standing_of_a_consent(self):
        standing = self.standing()
        self.assertEqual(standing.topics, self.topic | self.other_topic)
        self.assertFalse(standing.left)
        self.assertEqual((standing.frequency, standing.paused_until, standing.said_no), (90, False, False))
        self.assertFalse(self.preferences.search([]), "looking writes nothing")

    def test_standing_without_consent(self):
        stranger = self.make_talents("John Roe", agree=False).sudo().partner_id
        self.assertFalse(self.standing(partner=stranger).is_written_to)
        self.company.candidate_consent_required = False
        everything = self.env['hr.nurture.topic'].search([('company_id', 'in', (self.company.id, False))])
        self.assertEqual(self.standing(partner=stranger).topics, everything)
        self.assertNotIn(self.env['hr.nurture.topic'].create({
            'name': "Theirs", 'company_id': self.other_company.id}), self.standing(partner=stranger).topics)

    def test_keeping_the_application_is_another_question(self):
        self.consents._answer(self.person, self.company, keep=False, source='page')
        self.assertTrue(self.standing().is_written_to)

    def test_described_in_words(self):
        self.prefer(self.talent, left_topic_ids=self.topic, paused_until=self.today(days=10))
        self.assertEqual(self.preferences._describe(self.standing()), [
            "We write to you about: Databases.", "We do not write to you about: Compilers.",
            "We write to you once in 90 days at most.", "We do not write to you before 03/12/2026."])

    # ------------------------------------------------------------------
    # Change
    # ------------------------------------------------------------------

    def test_leave_a_topic(self):
        self.assertTrue(self.preferences._leave_topic(self.visit(self.topic)))
        self.assertEqual(self.reason_now(self.topic), 'topic')
        self.assertFalse(self.reason_now(self.other_topic))
        self.assertFalse(self.reason_now())
        self.assertEqual(self.trace.nurture_left_datetime, fields.Datetime.now())
        self.assertEqual(self.standing().frequency, 90, "what was agreed to is not forgotten")
        self.assertIsNone(self.preferences._leave_topic(self.visit(self.topic)), "a replay changes nothing")

    def test_leave_the_last_topic(self):
        self.preferences._leave_topic(self.visit(self.topic))
        self.preferences._leave_topic(self.visit(self.other_topic))
        self.assertEqual(self.reason_now(), 'left')

    def test_leave_without_a_topic(self):
        self.assertTrue(self.preferences._leave_topic(self.visit()))
        self.assertEqual(self.states()[-1], ('nurture', 'withdrawn'))
        self.assertIn(('keep', 'given'), self.states(), "the application is kept")
        self.assertEqual(self.reason_now(), 'left')
        self.assertFalse(self.env['mail.blacklist'].search([('email', '=', self.person.email_normalized)]))
        self.assertIsNone(self.preferences._leave_topic(self.visit()))
        self.assertIsNone(self.preferences._leave_topic(self.visit(self.topic)))

    def test_leave_all_without_consent(self):
        self.company.candidate_consent_required = False
        talent = self.make_talents("John Roe", agree=False)
        person = talent.sudo().partner_id
        self.assertTrue(self.preferences._leave_all(self.visit(partner=person)))
        self.assertEqual(self.states(person), [('nurture', 'declined')])
        self.assertEqual(self.reason(talent), 'left')

    def test_slow_down_and_pause(self):
        self.preferences._change(self.visit(), frequency=180, paused_until=self.today(months=3))
        standing = self.standing()
        self.assertEqual((standing.frequency, standing.paused_until), (180, self.today(months=3)))
        self.assertEqual(self.reason_now(), 'paused')
        self.assertEqual(self.trace.nurture_slowed_datetime, fields.Datetime.now())
        self.assertFalse(self.trace.nurture_left_datetime)
        self.preferences._change(self.visit(), paused_until=False)
        self.assertFalse(self.reason_now())

    def test_faster_is_not_slower(self):
        self.preferences._change(self.visit(), frequency=0)
        self.assertFalse(self.trace.nurture_slowed_datetime)

    def test_pause_that_is_over_is_none(self):
        self.prefer(self.talent, paused_until=self.today(days=-1))
        self.assertFalse(self.standing().paused_until)
        self.assertIsNone(self.preferences._change(self.visit(), paused_until=False))

    def test_nothing_changed(self):
        self.assertIsNone(self.preferences._change(
            self.visit(), kept=self.topic | self.other_topic, frequency=90, paused_until=False))
        self.assertFalse(self.preferences.search([]))

    def test_topics_of_another_offer_stay_left(self):
        gone = self.env['hr.nurture.topic'].create({'name': "Gone"})
        self.prefer(self.talent, left_topic_ids=gone)
        self.preferences._change(self.visit(), kept=self.topic)
        self.assertEqual(self.preferences.search([]).left_topic_ids, gone | self.other_topic)

    def test_other_company_hears_nothing(self):
        self.agree(company=self.other_company)
        self.preferences._leave_all(self.visit())
        self.assertTrue(self.standing(company=self.other_company).is_written_to)

    def test_each_change_is_a_touch(self):
        self.preferences._leave_topic(self.visit(self.topic))
        self.preferences._change(self.visit(), frequency=180, paused_until=self.today(months=1))
        self.preferences._leave_all(self.visit())
        touches = self.env['hr.candidate.touch'].search([('partner_id', '=', self.person.id)], order='id')
        self.assertEqual(touches.mapped('summary'), [
            "Preferences: left Compilers",
            "Preferences: once in 180 days at most; pause until 04/02/2026",
            "Preferences: no more news"])
        self.assertEqual(set(touches.mapped(lambda t: (t.channel, t.direction))), {('page', 'in')})
        self.assertEqual(touches[0].topic_id, self.topic)
        self.assertEqual(touches.applicant_id, self.talent)

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------

    def test_undo_of_a_change(self):
        undo = self.preferences._change(self.visit(), kept=self.topic, frequency=0, paused_until=self.today(months=1))
        self.assertTrue(self.preferences._undo(self.visit(), undo))
        standing = self.standing()
        self.assertEqual(standing.kept, self.topic | self.other_topic)
        self.assertEqual((standing.frequency, standing.paused_until), (90, False))
        self.assertFalse(self.trace.nurture_left_datetime or self.trace.nurture_slowed_datetime)
        self.assertFalse(self.preferences._undo(self.visit(), undo), "once is enough")

    def test_undo_by_a_file(self):
        """A form can send one in place of a token."""
        for token in (BytesIO(b'x'), None):
            self.assertFalse(self.preferences._undo(self.visit(), token))
            self.assertIsNone(self.preferences._get_by_token(token))

    def test_undo_of_leaving_all(self):
        self.prefer(self.talent, left_topic_ids=self.topic, frequency_days=180)
        given = self.rows().filtered(lambda row: row.purpose == 'nurture')
        undo = self.preferences._leave_all(self.visit())
        self.assertTrue(self.preferences._undo(self.visit(), undo))
        self.assertEqual([state for purpose, state in self.states() if purpose == 'nurture'], ['withdrawn', 'given'])
        again = self.rows()[-1]
        for name in ('topic_ids', 'date_until', 'given_datetime', 'frequency_days', 'source'):
            self.assertEqual(again[name], given[name], name)
        standing = self.standing()
        self.assertEqual((standing.kept, standing.frequency), (self.other_topic, 180))
        self.assertFalse(self.preferences._undo(self.visit(), undo), "once is enough")

    def test_undo_without_consent(self):
        self.company.candidate_consent_required = False
        talent = self.make_talents("John Roe", agree=False)
        visit = self.visit(partner=talent.sudo().partner_id)
        undo = self.preferences._leave_all(visit)
        self.assertTrue(self.preferences._undo(visit, undo))
        self.assertFalse(self.reason(talent))
        self.assertFalse(self.preferences._undo(visit, undo))

    def test_undo_of_an_open_question(self):
        talent = self.make_talents("John Roe", agree=False)
        person = talent.sudo().partner_id
        self.ask(person)
        visit = self.visit(partner=person)
        undo = self.preferences._leave_all(visit)
        self.assertEqual(self.states(person), [('keep', 'asked'), ('nurture', 'declined')])
        self.assertTrue(self.preferences._undo(visit, undo))
        self.assertEqual(self.states(person), [('keep', 'asked'), ('nurture', 'asked')])

    def test_undo_after_something_else(self):
        undo = self.preferences._change(self.visit(), kept=self.topic)
        self.preferences._change(self.visit(), frequency=180)
        self.assertFalse(self.preferences._undo(self.visit(), undo))
        undo = self.preferences._leave_all(self.visit())
        self.agree(topics=self.topic)
        self.refuse_consent()
        self.assertFalse(self.preferences._undo(self.visit(), undo))

    def test_undo_of_somebody_else(self):
        undo = self.preferences._leave_all(self.visit())
        other = self.make_talents("John Roe").sudo().partner_id
        self.assertFalse(self.preferences._undo(self.visit(partner=other), undo))
        self.assertFalse(self.preferences._undo(self.visit(), 'x' + undo))
        self.assertFalse(self.preferences._undo(self.visit(), ''))
        self.set_time('2026-03-03 10:00:00')
        self.assertFalse(self.preferences._undo(self.visit(), undo), "a day has passed")

    # ------------------------------------------------------------------
    # Agree again
    # ------------------------------------------------------------------

    def test_link_to_agree_goes_to_the_address(self):
        self.preferences._leave_all(self.visit())
        with self.mock_mail_gateway():
            for _time in range(2):
                self.assertTrue(self.preferences._send_link_to_agree(self.visit()))
        self.assertEqual(len(self._new_mails), 1, "once a day")
        self.assertIn('/candidate/consent/', self._new_mails.body_html)
        self.assertEqual(self._new_mails.recipient_ids, self.person)

    def test_link_to_agree_for_whoever_was_never_asked(self):
        person = self.make_talents("John Roe", agree=False).sudo().partner_id
        with self.mock_mail_gateway():
            self.assertTrue(self.preferences._send_link_to_agree(self.visit(partner=person)))
        self.assertEqual(self.states(person), [('keep', 'asked'), ('nurture', 'asked')])
        person.email = False
        self.assertFalse(self.preferences._send_link_to_agree(self.visit(partner=person)))

    # ------------------------------------------------------------------
    # The link
    # ------------------------------------------------------------------

    def token(self, **vals):
        url = self.preferences._get_page_url(*self.visit(self.topic, **vals))
        return url.rsplit('/', 1)[1]

    def find(self, token):
        return self.preferences.with_user(self.env.ref('base.public_user'))._get_by_token(token)

    def test_link(self):
        visit = self.find(self.token())
        self.assertEqual(
            (visit.partner, visit.company, visit.topic, visit.trace),
            (self.person, self.company, self.topic, self.trace))
        self.assertFalse(self.find(self.token() + 'x') or self.find('') or self.find('AQ'))

    def test_link_of_another_purpose(self):
        payload = [self.person.id, self.company.id, 0, 0]
        self.assertTrue(self.find(hash_sign(self.env(su=True), TOKEN_SCOPE, payload)))
        self.assertFalse(self.find(hash_sign(self.env(su=True), 'candidate_relationship.consent', payload)))

    def test_link_runs_out(self):
        token = self.token()
        self.set_time('2029-02-28 09:00:00')
        self.assertTrue(self.find(token))
        self.set_time('2029-03-02 09:00:00')
        self.assertFalse(self.find(token))

    def test_link_of_what_is_gone(self):
        token = self.token()
        gone = self.env['hr.nurture.topic'].create({'name': "Gone"})
        of_topic = self.preferences._get_page_url(self.person, self.company, gone, self.trace).rsplit('/', 1)[1]
        gone.unlink()
        self.trace.unlink()
        self.assertEqual(self.find(token).partner, self.person)
        self.assertFalse(self.find(of_topic).topic)
        self.applicant.company_id = self.other_company
        token = self.token(partner=self.applicant.sudo().partner_id, company=self.other_company)
        self.assertTrue(self.find(token))
        self.other_company.active = False
        self.assertFalse(self.find(token))

    def test_link_of_a_merged_person(self):
        token = self.token()
        twin = self.make_talents("Olga Twin", agree=False)
        target = twin.sudo().partner_id
        self.env['base.partner.merge.automatic.wizard']._merge([self.person.id, target.id], target)
        self.assertFalse(self.person.exists())
        self.assertEqual(self.find(token).partner, target)

    def test_link_of_an_erased_person(self):
        token = self.token()
        self.env['hr.candidate.erasure']._schedule(self.person, self.company, 'request')._execute()
        self.env.invalidate_all()
        self.assertFalse(self.find(token))

    def test_link_of_a_person_who_stays_for_others(self):
        """The contact is a customer as well: it stays, and the link does not."""
        token = self.token()
        self.env['res.partner'].create({'name': "Child", 'parent_id': self.person.id})
        self.env['hr.candidate.erasure']._schedule(self.person, self.company, 'request')._execute()
        self.env.invalidate_all()
        self.assertTrue(self.person.exists())
        self.assertFalse(self.find(token))
