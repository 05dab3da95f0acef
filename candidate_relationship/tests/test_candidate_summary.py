"""What the head of a person's page says, and to whom."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError

from .common import FeedbackCase


class TestCandidateSummary(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.talent = self.env['hr.talent.pool'].create({
            'name': "Pool", 'company_id': self.company.id})._add_people(self.applicant)

    def summary(self, user=None):
        facts = self.talent.with_user(user or self.recruiter).get_candidate_summary()
        return {fact['label']: (fact['text'], fact['level']) for fact in facts}

    def test_nothing_yet(self):
        self.assertEqual(self.summary(), {
            'Last touch': ("Never", 'body'), 'Next step': ("Nothing planned", 'body'),
            'Reach': ("No Consent", 'warning')})

    def test_touched_planned_and_agreed(self):
        self.env['hr.candidate.touch'].sudo()._record([{
            'partner_id': self.talent.partner_id.id, 'company_id': self.company.id, 'channel': 'call',
            'date': fields.Datetime.now() - timedelta(days=1)}])
        self.talent.activity_schedule('mail.mail_activity_data_call', fields.Date.to_date('2026-02-27'), "Ask again")
        self.env['hr.candidate.consent'].sudo().create({
            'partner_id': self.talent.partner_id.id, 'company_id': self.company.id, 'purpose': 'nurture',
            'state': 'given', 'date_until': '2027-03-01'})
        self.assertEqual(self.summary(), {
            'Last touch': ("Mar 1, 2026 (Phone Call)", 'body'),
            'Next step': ("Feb 27, 2026 Ask again", 'danger'),
            'Reach': ("Reachable, consent until Mar 1, 2027", 'success')})

    def test_interviewer_sees_no_reach(self):
        self.talent.interviewer_ids = [Command.link(self.interviewer.id)]
        self.assertEqual(set(self.summary(self.interviewer)), {'Last touch', 'Next step'})

    def test_stranger_sees_nothing(self):
        with self.assertRaises(AccessError):
            self.summary(self.interviewer)
