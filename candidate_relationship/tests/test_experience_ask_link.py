"""The link of an invitation, and what an answer to it may keep."""

from collections import Counter
from datetime import date

from odoo.exceptions import UserError

from .experience_common import AskCase


class TestLink(AskCase):

    def test_open(self):
        invitation = self.make_invitations(1)
        self.assertEqual(self.env['hr.survey.invitation']._get_by_token(invitation.token), invitation)
        for token in ('', None, False, 'nonsense', invitation.token + 'x', 'x' * 1000, 7):
            self.assertFalse(self.Invitation._get_by_token(token))

    def test_only_what_was_sent(self):
        for state in ('waiting', 'failed', 'expired', 'cancelled'):
            invitation = self.make_invitations(1, state=state)
            self.assertFalse(self.Invitation._get_by_token(invitation.token), state)

    def test_until_the_end_of_the_last_day_of_the_company(self):
        self.make_told()
        self.ask_in_time()
        invitation = self.invitations()[0]
        # 26 March 23:59 in Brussels
        self.set_time('2026-03-26 22:59')
        self.assertTrue(self.Invitation._get_by_token(invitation.token))
        self.set_time('2026-03-26 23:00')
        self.assertFalse(self.Invitation._get_by_token(invitation.token), "though the job has not run yet")
        self.ask()
        self.assertEqual(invitation.state, 'expired')

    def test_a_person_who_was_erased(self):
        people = self.make_told()
        self.ask_in_time()
        invitation = self.invitations(people[0])
        token, facts = invitation.token, (invitation.department_id, invitation.outcome, invitation.stage_group)
        self.env['hr.candidate.erasure'].sudo().create({
            'partner_id': invitation.partner_id.id, 'company_id': self.company.id, 'reason': 'request'})._execute()
        self.assertFalse(self.Invitation._get_by_token(token))
        self.assertFalse(invitation.partner_id)
        self.assertFalse(invitation.applicant_id)
        self.assertEqual(invitation.state, 'expired', "That somebody was asked stays counted.")
        self.assertNotEqual(invitation.token, token)
        self.assertEqual((invitation.department_id, invitation.outcome, invitation.stage_group), facts)
        self.assertTrue(invitation.display_name)

    def test_a_person_who_was_deleted(self):
        invitation = self.make_invitations(1)
        invitation.partner_id.unlink()
        self.assertFalse(self.Invitation._get_by_token(invitation.token))

    def test_a_questionnaire_that_was_asked_with_is_not_deleted(self):
        """Were it refused from the first answer on, that would tell when it came."""
        survey = self.survey.copy()
        self.make_invitations(1, survey_id=survey.id)
        with self.assertRaisesRegex(UserError, "were asked"):
            survey.unlink()

    def test_tokens_cannot_be_guessed(self):
        tokens = self.make_invitations(20).mapped('token')
        self.assertEqual(len(set(tokens)), 20)
        self.assertTrue(all(len(token) >= 43 for token in tokens))


class TestFacts(AskCase):

    def make(self, count, **vals):
        return self.make_invitations(count, **{
            'department_id': self.software.id, 'family_id': self.family.id, 'stage_group': 'final', 'outcome': 'hired',
            **vals})

    def facts(self, invitation):
        return [value for value in invitation._get_facts().values()]

    def test_all_that_enough_people_share(self):
        mine = self.make(5)[0]
        self.assertEqual(mine._get_facts(), {
            'department_id': self.software.id, 'outcome': 'hired', 'stage_group': 'final',
            'family_id': self.family.id})

    def test_nothing_that_too_few_share(self):
        mine = self.make(4)[0]
        self.assertEqual(self.facts(mine), [False, False, False, False])

    def test_a_department_of_few_is_not_kept_but_the_outcome_is(self):
        mine = self.make(2, department_id=self.research.id)[0]
        self.make(3)
        self.assertEqual(self.facts(mine), [False, 'hired', 'final', self.family.id])

    def test_whoever_is_rare_looks_like_enough_others(self):
        """Were it kept that nothing is kept of one alone, that would tell who it is."""
        mine, others = self.make(1, outcome='refused'), self.make(6)
        self.assertEqual(self.facts(mine), [self.software.id, False, 'final', self.family.id])
        self.assertEqual({tuple(self.facts(other)) for other in others}, {tuple(self.facts(mine))})

    def test_each_answer_could_be_that_of_enough_people(self):
        people = self.make(7) | self.make(3, outcome='refused') | self.make(5, department_id=self.research.id) \
            | self.make(1, department_id=self.research.id, outcome='refused') | self.make(2, family_id=False)
        alike = Counter(tuple(self.facts(one)) for one in people)
        self.assertGreaterEqual(min(alike.values()), self.company.experience_threshold)

    def test_facts_are_kept_only_together(self):
        """Five share the department, five the outcome, but not both: then neither can be told apart."""
        people = self.make(1) | self.make(4, outcome='refused') | self.make(4, department_id=self.research.id)
        self.assertEqual(
            {tuple(self.facts(one)) for one in people}, {(False, False, 'final', self.family.id)})

    def test_only_open_ones_count(self):
        mine = self.make(5)
        mine[4].write({'state': 'cancelled'})
        self.assertEqual(self.facts(mine[0]), [False] * 4)

    def test_those_that_have_run_out_do_not_count(self):
        mine = self.make(5)
        mine[4].expires_date = date(2026, 3, 1)
        self.assertEqual(self.facts(mine[0]), [False] * 4)

    def test_other_companies_and_questionnaires_do_not_count(self):
        mine = self.make(3)
        other = self.env['res.company'].create({'name': "Next Door"})
        self.make(2, company_id=other.id)
        self.make(2, survey_id=self.survey.copy().id)
        self.assertEqual(self.facts(mine[0]), [False] * 4)

    def test_what_is_not_known(self):
        mine = self.make(5, family_id=False)[0]
        self.assertEqual(self.facts(mine), [self.software.id, 'hired', 'final', False])

    def test_the_threshold_of_the_company(self):
        mine = self.make(5)[0]
        self.company.experience_threshold = 6
        self.assertEqual(self.facts(mine), [False] * 4)
