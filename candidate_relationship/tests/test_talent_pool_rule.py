"""The rule of a pool: whose rights it has, whom it finds, and what it says when it is wrong."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import users
from odoo.tools import mute_logger

from ..models import hr_talent_pool_rule
from .test_talent_pool_people import PoolCase


class RuleCase(PoolCase):

    def set_rule(self, rule, pool=None, user=None, active=True):
        pool = (pool or self.pool).with_user(user or self.recruiter)
        pool.write({'rule_domain': rule, 'rule_active': active})

    def found(self, pool=None, user=None):
        pool = pool or self.pool
        ids = [row[0] for row in pool.sudo()._find_by_rule(user or pool.rule_user_id)]
        return sorted(self.env['hr.applicant'].browse(ids).mapped('partner_name'))

    def assertWrong(self, rule, message, **kwargs):
        with self.assertRaisesRegex(ValidationError, message), self.cr.savepoint(), mute_logger('odoo.sql_db'):
            self.set_rule(rule, **kwargs)


class TestRuleTags(RuleCase):

    def test_merged_tags_are_found_under_the_tag_that_stays(self):
        kept, merged, other = self.env['hr.applicant.category'].create([
            {'name': name} for name in ("Zzpython", "Zzpythonista", "Zzjava")])
        self.make_applicants("Anna", categ_ids=[(4, merged.id)])
        self.make_applicants("Bert", categ_ids=[(4, other.id)])
        self.set_rule(f"[('categ_ids', 'in', [{merged.id}]), ('priority', '!=', '{merged.id}')]")
        merged._merge_into(kept)
        self.assertEqual(
            self.pool.rule_domain, f"[('categ_ids', 'in', [{kept.id}]), ('priority', '!=', '{merged.id}')]")
        self.assertEqual((self.pool.rule_user_id, self.found()), (self.recruiter, ["Anna"]))


class TestRuleChecks(RuleCase):

    def test_not_a_domain(self):
        for rule in ("priority is high", "[('priority', '=', '3'", "{'priority': 3}", "[('priority',)]",
                     "[('priority', 'resembles', '3')]", "[1, 2]", "__import__('os').system('true')"):
            self.assertWrong(rule, "is not a valid domain")

    def test_unknown_field(self):
        self.assertWrong("[('height', '>', 180)]", "“height” of the rule does not exist on Applicant")
        self.assertWrong("[('job_id.height', '>', 180)]", "“height” of the rule does not exist on Job Position")
        self.assertWrong("[('job_id', 'any', [('height', '>', 180)])]", "“height”")
        self.assertWrong("['|', ('priority', '=', '3'), '!', ('height', '=', 1)]", "“height”")

    def test_field_that_the_user_may_not_read(self):
        self.assertWrong("[('employee_id.salary_distribution', '=', 1)]", "Rita may not read|does not exist")
        field = self.env['hr.applicant']._fields['salary_expected']
        with patch.object(field, 'groups', 'base.group_system'):
            self.assertWrong("[('salary_expected', '>', 3000)]", "Rita may not read the field “salary_expected”")
        self.assertWrong("[('employee_id.ssnid', '=', '1')]", "Rita may not read the field “employee_id.ssnid”")

    def test_model_that_the_user_may_not_read(self):
        self.assertWrong("[('user_id.log_ids.id', '>', 1)]", "may not read|too slow|does not exist|leads too far")

    def test_field_that_cannot_be_searched(self):
        self.assertWrong("[('user_id.password', '=', 'x')]", "“user_id.password” can't be searched|may not read")
        self.assertWrong("[('matching_score', '>', 50)]", "“matching_score” can't be searched")

    def test_slow_fields(self):
        self.assertWrong("[('message_ids.body', 'ilike', 'java')]", "“message_ids.body” of the rule is too slow")
        self.assertWrong("[('attachment_ids.index_content', 'ilike', 'java')]", "too slow")
        self.assertWrong("[('attachment_ids', 'any', [('index_content', 'ilike', 'java')])]", "too slow")
        self.assertWrong("[('job_id.department_id.manager_id.user_id.name', '=', 'x')]", "leads too far away")
        self.assertWrong(str([('priority', '=', '1')] * 51), "more than 50 conditions")

    def test_slow_rule(self):
        with patch.object(hr_talent_pool_rule, 'SECONDS_TO_CHECK', 0.001), \
             patch.object(type(self.env['hr.applicant']), 'search_count', lambda self, domain: self.env.cr.execute(
                 "SELECT pg_sleep(1)")):
            self.assertWrong("[('priority', '=', '3')]", "takes too long")
        # the limit is gone, and the transaction alive
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone(), ('0',))

    def test_wrong_value(self):
        self.assertWrong("[('availability', '>', 'soon')]", "can't be used|not a valid")
        self.assertWrong("[('attachment_number', '>', 1)]", "can't be searched")

    def test_nobody_lends_somebody_elses_rights(self):
        self.set_rule("[('priority', '=', '3')]")
        self.assertEqual(self.pool.rule_user_id, self.recruiter)
        self.pool.with_user(self.colleague).write({
            'rule_domain': "[('priority', '=', '2')]", 'rule_user_id': self.manager.id,
            'rule_confirmed_for': "[('priority', '=', '2')]"})
        self.assertEqual(self.pool.rule_user_id, self.colleague)
        self.assertFalse(self.pool.rule_confirmed_for)
        self.pool.with_user(self.colleague).write({'rule_user_id': self.manager.id})
        self.assertEqual(self.pool.rule_user_id, self.colleague)

    @users('rita')
    def test_created_with_a_rule(self):
        pool = self.env['hr.talent.pool'].create({
            'name': "New", 'rule_domain': "[('priority', '=', '3')]", 'rule_user_id': self.manager.id})
        self.assertEqual(pool.rule_user_id, self.recruiter)
        self.assertTrue(pool.has_rule)
        self.assertIn(pool, self.env['hr.talent.pool'].search([('has_rule', '=', True)]))
        self.assertNotIn(pool, self.env['hr.talent.pool'].search([('has_rule', '!=', True)]))

    @users('rita')
    def test_created_with_defaults(self):
        pool = self.env['hr.talent.pool'].with_context(
            default_rule_user_id=self.manager.id, default_rule_confirmed_for="[]", default_rule_domain="[]",
            default_rule_active=True).create({'name': "New"})
        self.assertEqual((pool.rule_user_id, pool.rule_confirmed_for), (self.recruiter, False))

    def test_another_company_is_another_rule(self):
        self.set_rule("[('priority', '=', '3')]", user=self.manager)
        fill = self.pool._fill_later(self.manager)
        self.pool.with_user(self.colleague).write({'company_id': False})
        self.assertEqual((self.pool.rule_user_id, fill.user_id), (self.colleague, self.colleague))

    def test_run_that_waits_has_the_rights_of_who_changed_the_rule(self):
        self.set_rule("[('priority', '=', '3')]", user=self.manager)
        fill = self.pool._fill_later(self.manager)
        self.set_rule("[('priority', '=', '2')]")
        self.assertEqual(fill.user_id, self.recruiter)

    def test_good_rules(self):
        for rule in ("[]", "", False, "[('create_date', '>=', 'today -1y')]", "[('user_id', '=', uid)]",
                     "[('categ_ids.name', 'ilike', 'owl')]", "[('job_id', 'any', [('name', '=', 'Developer')])]",
                     "[('create_date.month_number', '=', 3)]", "['!', ('priority', '=', '3')]",
                     "[('availability', '>=', context_today().strftime('%Y-%m-%d'))]",
                     "[('application_status', '=', 'refused')]", "[('skill_ids', 'ilike', 'french')]"):
            self.set_rule(rule)


class TestRuleFinds(RuleCase):

    def test_refused_and_archived_ones_too(self):
        refused, filed, _open = self.make_applicants("Refused", "Filed", "Open")
        self.refuse(refused, self.reason)
        filed.action_archive()
        self.set_rule("[]")
        self.assertEqual(self.found(), ["Filed", "Open", "Refused"])
        self.set_rule("[('active', '=', True)]")
        self.assertEqual(self.found(), ["Open"])
        self.set_rule("[('refuse_reason_id', '!=', False)]")
        self.assertEqual(self.found(), ["Refused"])

    def test_never_spam_talents_employees(self):
        spam, talent, hired, again, works, _open = self.make_applicants(
            "Spam", "Talent", "Hired", "Hired", "Works", "Open")
        self.refuse(spam, self.spam)
        self.add(talent, self.other_pool)
        hired.stage_id = self.stage_signed
        works.sudo().employee_id = self.env['hr.employee'].create({
            'name': "Works", 'work_contact_id': works.partner_id.id, 'company_id': self.company.id})
        self.set_rule("[]")
        self.assertEqual(self.found(), ["Open", "Talent"])
        self.assertEqual(again.partner_id, hired.partner_id)
        # who has left may come back
        works.sudo().employee_id.active = False
        self.assertEqual(self.found(), ["Open", "Talent", "Works"])

    def test_companies(self):
        theirs = self.env['res.company'].create({'name': "Other"})
        self.make_applicant("Ours")
        self.env['hr.applicant'].create({'partner_name': "Theirs", 'company_id': theirs.id})
        self.set_rule("[]")
        self.assertEqual(self.found(), ["Ours"])
        self.pool.company_id = False
        self.assertEqual(self.found(), ["Ours"])
        self.recruiter.company_ids += theirs
        self.assertEqual(self.found(), ["Ours", "Theirs"])

    def test_rights_of_who_set_it(self):
        self.make_applicant("Seen")
        self.set_rule("[]")
        self.recruiter.group_ids = self.env.ref('hr_recruitment.group_hr_recruitment_interviewer')
        self.assertEqual(self.found(), [])

    def test_user_who_has_left(self):
        self.set_rule("[]")
        self.recruiter.action_archive()
        with self.assertRaisesRegex(ValidationError, "Rita, who set the rule of the pool “Runner-Ups”, has left"):
            self.found()

    def test_rule_of_a_module(self):
        self.make_applicant("Open")
        self.env.company.candidate_consent_required = False
        pool = self.env['hr.talent.pool'].create({'name': "Of a Module", 'company_id': False, 'rule_domain': "[]"})
        self.assertEqual(pool.rule_user_id, self.env.ref('base.user_root'))
        pool.rule_user_id.company_ids += self.company
        self.assertEqual(self.found(pool), ["Open"])

    def test_matches_everybody(self):
        self.make_applicants(*[f"Good{number}" for number in range(9)], priority='3')
        self.make_applicants("Bad")
        self.set_rule("[]")
        self.assertTrue(self.pool._matches_everybody(self.recruiter))
        self.set_rule("[('priority', '=', '3')]")
        self.assertTrue(self.pool._matches_everybody(self.recruiter))
        self.make_applicants("Worse")
        self.assertFalse(self.pool._matches_everybody(self.recruiter))
        self.set_rule("[('priority', '=', '1')]")
        self.assertFalse(self.pool._matches_everybody(self.recruiter))
