from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models import hr_pool_reactivation_exclusion
from ..models.hr_pool_reactivation_ranking import Term
from .reactivation_common import ReactivationCase


class TestReactivationRanking(ReactivationCase):

    # ------------------------------------------------------------------
    # Skills
    # ------------------------------------------------------------------

    def test_same_order_as_odoo_where_only_skills_count(self):
        levels = [(0, 0), (25, 100), (100, 100), (75, 50), (50, None), (None, 25), (100, None), (75, 0), (25, 25)]
        talents = self.env['hr.applicant']
        for number, (c, llvm) in enumerate(levels):
            skills = {name: level for name, level in (('C', c), ('LLVM', llvm)) if level is not None}
            talents |= self.make_talent(f"Person{number} X", skills={**skills, 'Perl': 100})
        round_ = self.make_round()
        stock = talents.with_context(matching_job_id=self.opening.id)
        expected = stock.sorted(lambda talent: (-talent.matching_score, talent.id))
        self.assertEqual(self.people(round_), expected.mapped('partner_name'))
        for talent in stock:
            self.assertEqual(self.match(round_, talent).skill_score, talent.matching_score, talent.partner_name)

    def test_degree_and_more_than_all(self):
        degree, lower = self.env['hr.recruitment.degree'].create([
            {'name': "Master of Parsing", 'score': 0.8}, {'name': "Bachelor of Parsing", 'score': 0.35}])
        self.opening.expected_degree = degree
        talents = self.make_talent("Ann Able", skills={'C': 75}, type_id=degree.id)
        talents |= self.make_talent("Ben Best", skills={'C': 100, 'LLVM': 100}, type_id=degree.id)
        talents |= self.make_talent("Cyd Cool", type_id=lower.id)
        talents |= self.make_talent("Dan Dull")
        round_ = self.make_round()
        for talent in talents.with_context(matching_job_id=self.opening.id):
            self.assertEqual(self.match(round_, talent).skill_score, talent.matching_score, talent.partner_name)
        self.assertEqual(self.match(round_, talents[1]).score, 100, "What exceeds the job is no better.")
        self.assertEqual(self.people(round_), ["Ben Best", "Ann Able", "Cyd Cool", "Dan Dull"])
        self.assertIn("Degree: Master of Parsing", self.match(round_, talents[0]).reasons)

    def test_certificates_and_skills_that_ran_out(self):
        self.skill_type.is_certification = True
        today = fields.Date.today()
        past = {'valid_from': today - timedelta(days=400), 'valid_to': today - timedelta(days=30)}
        older = {'valid_from': today - timedelta(days=900), 'valid_to': today - timedelta(days=500)}
        talents = self.env['hr.applicant']
        for name, rows in (
                ("Ann Able", [('C', 75, past), ('C', 100, older)]),
                ("Ben Best", [('C', 25, past), ('C', 100, {'valid_from': today})]),
                ("Cyd Cool", [('C', 50, {'valid_from': today}), ('C', 75, {'valid_from': today})])):
            talent = self.make_talent(name)
            talent.sudo().write({'applicant_skill_ids': [
                self.prepare_skill(skill, level, **dates) for skill, level, dates in rows]})
            talents |= talent
        round_ = self.make_round()
        for talent in talents.with_context(matching_job_id=self.opening.id):
            self.assertEqual(self.match(round_, talent).skill_score, talent.matching_score, talent.partner_name)

    def test_job_without_skills(self):
        """What the job says nothing about takes no part in the score."""
        job = self.make_job("Anything")
        near = self.make_talent("Ann Able", stage_id=self.stage_signed.id)
        far = self.make_talent("Ben Best")
        round_ = self.make_round(job, stage_weight=1)
        self.assertEqual(self.people(round_), ["Ann Able", "Ben Best"])
        self.assertFalse(self.match(round_, near).skill_score)
        self.assertNotIn("skills", self.match(round_, far).reasons)

    # ------------------------------------------------------------------
    # The other terms
    # ------------------------------------------------------------------

    def test_tags_sought(self):
        tags = self.env['hr.applicant.category'].create([
            {'name': name, 'dimension': 'skill'} for name in ("Parsers", "Linkers")])
        self.make_talent("Ann Able", categ_ids=[Command.set(tags[:1].ids)])
        both = self.make_talent("Ben Best", categ_ids=[Command.set(tags.ids)])
        none = self.make_talent("Cyd Cool")
        round_ = self.make_round(categ_ids=[Command.set(tags.ids)], tag_weight=3)
        self.assertEqual(self.people(round_), ["Ben Best", "Ann Able", "Cyd Cool"])
        self.assertEqual(round_.match_ids.sorted('tag_score').mapped('tag_score'), [0, 50, 100])
        self.assertEqual(self.match(round_, both).score, 75)
        self.assertIn("2 of 2 tags", self.match(round_, both).reasons)
        self.assertIn("None of the tags", self.match(round_, none).reasons)

    def test_tags_that_the_job_names(self):
        tags = self.env['hr.applicant.category'].create([
            {'name': "compiler engineer", 'dimension': 'position'}, {'name': "llvm", 'dimension': 'skill'},
            {'name': "编译", 'dimension': 'skill'}, {'name': "Engin", 'dimension': 'skill'},
            {'name': "Compiler", 'dimension': 'event'}])
        self.assertEqual(self.opening._get_reactivation_tags(), tags[:2])
        self.opening.name = "编译器工程师"
        self.assertEqual(self.opening._get_reactivation_tags(), tags[1:3])

    def test_furthest_stage_of_any_application(self):
        talent = self.make_talent("Ann Able")
        other = self.make_applicant("Ann Able", stage_id=self.stage_offer.id)
        other.sudo().write({'refuse_reason_id': self.refuse_reason.id, 'active': False})
        self.make_talent("Ben Best")
        round_ = self.make_round(stage_weight=1)
        self.assertEqual(self.people(round_)[0], "Ann Able")
        self.assertIn("Reached Offer for Developer", self.match(round_, talent).reasons)

    def test_freshness(self):
        talents = self.make_talents("Ann Able", "Ben Best", "Cyd Cool")
        touches = self.env['hr.candidate.touch']
        for talent, days in zip(talents[:2], (180, 2), strict=True):
            touches._record([{
                **talent.sudo()._prepare_candidate_touch(), 'channel': 'call',
                'date': self.START - timedelta(days=days)}])
        round_ = self.make_round(freshness_weight=1)
        self.assertEqual(self.people(round_), ["Ben Best", "Ann Able", "Cyd Cool"])
        self.assertEqual(self.match(round_, talents[0]).freshness_score, 50)
        self.assertIn("In touch on 02/28/2026 (Phone Call)", self.match(round_, talents[1]).reasons)
        self.assertIn("Never in touch", self.match(round_, talents[2]).reasons)

    def test_reasons_are_in_the_language_of_the_reader_and_flat(self):
        talents = self.make_talents(*(f"Person{number} X" for number in range(12)), skills={'C': 75})
        round_ = self.make_round()
        self.skills['C'].with_context(lang='zh_CN').name = "语言C"
        self.assertIn("语言C", self.match(round_, talents[0]).with_context(lang='zh_CN').reasons)
        self.env.invalidate_all()
        ids = round_.match_ids.ids
        few, many = (self._count_queries(round_.match_ids.browse(some)) for some in (ids[:2], ids))
        self.assertLessEqual(many, few)

    def _count_queries(self, matches):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        matches.mapped('reasons')
        return self.cr.sql_log_count - before

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def test_refused_runner_ups_whose_application_is_archived(self):
        applicants = self.make_applicants("Ann Able", "Ben Best", "Cyd Cool")
        applicants[0].stage_id = applicants[1].stage_id = self.stage_talk
        spam = self.env['hr.applicant.refuse.reason'].create({'name': "Spam", 'no_answer_owed': True})
        applicants[0].sudo().write({'refuse_reason_id': self.refuse_reason.id, 'active': False})
        applicants[1].sudo().write({'refuse_reason_id': spam.id, 'active': False})
        applicants[2].sudo().write({'refuse_reason_id': self.refuse_reason.id, 'active': False})
        self.assertEqual(self.people(self.make_round()), ["Ann Able"], "Cyd came not near, and Ben is spam.")
        self.assertFalse(self.people(self.make_round(self.make_job("Other"), include_runner_ups=False)))

    def test_pools(self):
        talents = self.make_talents("Ann Able", "Ben Best")
        other = self.env['hr.talent.pool'].create({'name': "Others", 'company_id': self.company.id})
        other._add_people(talents[1])
        round_ = self.make_round(pool_ids=[Command.set(other.ids)], include_runner_ups=False)
        self.assertEqual(self.people(round_), ["Ben Best"])
        self.assertEqual(round_.match_ids.pool_id, other)
        everybody = self.make_round(self.make_job("Other"))
        self.assertEqual(self.match(everybody, talents[1]).pool_id, self.pool, "The oldest pool of theirs.")

    def test_other_companies_are_not_looked_at(self):
        self.make_talent("Ann Able")
        company = self.env['res.company'].create({'name': "Elsewhere"})
        job = self.env['hr.job'].create({'name': "Elsewhere", 'company_id': company.id})
        round_ = self.rounds.create({'job_id': job.id})
        round_.action_rank()
        self.assertEqual(round_.company_id, company)
        self.assertFalse(round_.match_ids)

    def test_excluded_with_their_reason(self):
        self.company.candidate_consent_required = True
        talents = self.make_talents("Ann Able", "Ben Best", "Cyd Cool", "Dan Dull", "Eve Else")
        agreed = self.env.ref('candidate_relationship.topic_job')
        other = self.env.ref('candidate_relationship.topic_greeting')
        for talent, topics in zip(talents, [agreed, agreed, other, agreed, None], strict=True):
            if topics:
                self.env['hr.candidate.consent']._answer(
                    talent.sudo().partner_id, self.company, keep=True, topics=topics)
        self.env['mail.blacklist']._add(talents[1].email_normalized)
        self.make_applicant("Dan Dull")
        round_ = self.make_round()
        self.assertEqual(self.people(round_), ["Ann Able"])
        reasons = [self.match(round_, talent).excluded_reason for talent in talents]
        self.assertEqual(reasons, [False, 'blacklisted', 'topic', 'in_process', 'no_consent'])
        self.assertEqual((round_.considered_count, round_.recommended_count, round_.excluded_count), (5, 1, 4))

    def test_colleagues_are_excluded(self):
        talent = self.make_talent("Ann Able")
        self.env['hr.employee'].create({
            'name': "Ann", 'company_id': self.company.id, 'work_contact_id': talent.sudo().partner_id.id})
        self.assertEqual(self.match(self.make_round(), talent).excluded_reason, 'employee')

    def test_limit_lists_the_best_and_counts_all(self):
        for number, level in enumerate((25, 100, 50)):
            self.make_talent(f"Person{number} X", skills={'C': level})
        round_ = self.make_round(limit_count=2)
        self.assertEqual(self.people(round_), ["Person1 X", "Person2 X"])
        self.assertEqual((round_.considered_count, round_.recommended_count), (3, 2))
        round_.limit_count = 0
        round_.action_rank()
        self.assertEqual(len(round_.match_ids), 3)

    def test_excluded_are_those_who_would_have_been_listed(self):
        talents = self.env['hr.applicant']
        for number, level in enumerate((100, 75, 50, 25)):
            talents |= self.make_talent(f"Person{number} X", skills={'C': level})
        for talent in talents[0] + talents[3]:
            self.env['mail.blacklist']._add(talent.email_normalized)
        round_ = self.make_round(limit_count=2)
        self.assertEqual(self.people(round_), ["Person1 X", "Person2 X"])
        self.assertEqual(self.people(round_, 'excluded'), ["Person0 X"])
        round_.limit_count = 3
        round_.action_rank()
        self.assertEqual(self.people(round_, 'excluded'), ["Person0 X", "Person3 X"], "There is room for all.")

    def test_reasons_of_the_whole_pool_are_counted(self):
        talents = self.env['hr.applicant']
        for number, level in enumerate((100, 75, 50, 25, 0)):
            talents |= self.make_talent(f"Person{number} X", skills={'C': level})
        for talent in talents[0] + talents[3] + talents[4]:
            self.env['mail.blacklist']._add(talent.email_normalized)
        self.make_applicant("Person2 X")
        round_ = self.make_round(limit_count=1)
        self.assertEqual(self.people(round_, 'excluded'), ["Person0 X"])
        self.assertEqual(
            [(line.reason, line.person_count, line.listed_count) for line in round_.exclusion_ids],
            [('blacklisted', 3, 1), ('in_process', 1, 0)])
        self.assertEqual(round_.exclusion_summary, "4 of 5: 3 Blacklisted and 1 In Process")
        action = round_.exclusion_ids[0].action_view_people()
        self.assertEqual(self.matches.search(action['domain']).mapped('person_name'), ["Person0 X"])
        self.env['mail.blacklist']._remove(talents[4].email_normalized)
        round_.action_rank()
        self.assertEqual(round_.exclusion_ids.mapped('person_count'), [2, 1])

    def test_who_was_asked_is_not_left_out(self):
        ann, ben = self.make_talents("Ann Able", "Ben Best", skills={'C': 75})
        round_ = self.make_round()
        self.invite(self.match(round_, ann))
        self.env['mail.blacklist']._add(ben.email_normalized)
        round_.action_rank()
        self.assertEqual([(line.reason, line.person_count) for line in round_.exclusion_ids], [('blacklisted', 1)])

    def test_reasons_of_many_are_counted_by_the_scheduler(self):
        self.patch(hr_pool_reactivation_exclusion, 'COUNTED_AT_ONCE', 0)
        talent = self.make_talent("Ann Able")
        self.env['mail.blacklist']._add(talent.email_normalized)
        round_ = self.make_round()
        self.assertFalse(round_.exclusion_ids or round_.exclusion_summary)
        self.run_preparation()
        self.assertEqual(round_.exclusion_summary, "1 of 1: 1 Blacklisted")
        self.run_preparation()
        self.assertEqual(len(round_.exclusion_ids), 1)

    def test_ranking_again_sees_unflushed_changes(self):
        talent = self.make_talent("Ann Able")
        round_ = self.make_round()
        self.assertEqual(self.match(round_, talent).score, 0)
        talent.sudo().write({'applicant_skill_ids': [self.prepare_skill('C', 75)]})
        round_.action_rank()
        self.assertEqual(self.match(round_, talent).score, 60)
        self.assertEqual(len(round_.match_ids), 1)

    def test_weights(self):
        with self.assertRaisesRegex(Exception, "Weights are 0 to 1000|weights_range"), self.cr.savepoint():
            self.make_round(self.make_job("None"), skill_weight=0)
        round_ = self.make_round()
        round_.action_close()
        with self.assertRaises(UserError):
            round_.action_rank()

    def test_a_further_term_is_one_more_entry(self):
        """What a later capability does: two fields and one term, here over fields that are there."""
        _ann, ben = self.make_talents("Ann Able", "Ben Best")
        term = Term(
            'tag', score=SQL("COALESCE(tag.wish, 0)"),
            source=SQL("SELECT own.id AS key, 100 AS wish FROM own WHERE own.id = %s", ben.id),
            fact=SQL("jsonb_build_object('name', applicant.partner_name)"),
            words=lambda match, fact, names: [f"Wants this, says {fact['name']}"])
        self.patch(type(self.rounds), '_get_tag_terms', lambda round_: [term])
        round_ = self.make_round(tag_weight=1)
        self.assertEqual(self.people(round_), ["Ben Best", "Ann Able"])
        self.assertIn("Wants this, says Ben Best", round_.match_ids.sorted('score')[-1].reasons)
