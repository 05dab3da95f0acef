"""Policies: which one applies, what they say of themselves, and what they refuse."""

import psycopg2

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import FeedbackCase


@tagged('post_install', '-at_install')
class TestShippedPolicies(TransactionCase):
    """What an installation brings: nothing else is set up here."""

    def assertPolicy(self, xmlid, **values):
        policy = self.env.ref(f'candidate_relationship.{xmlid}')
        self.assertEqual({name: policy[name] for name in values}, values)
        self.assertTrue(policy.active)
        self.assertFalse(policy.company_id or policy.department_ids or policy.job_ids)
        return policy

    def test_application(self):
        self.assertPolicy('sla_application', trigger='application', working_days=3, means='any', warning_percent=80)

    def test_interview(self):
        self.assertPolicy('sla_interview', trigger='interview', working_days=3, means='any', warning_percent=80)

    def test_outcome(self):
        self.assertPolicy('sla_outcome', trigger='outcome', working_days=2, means='any', warning_percent=80)

    def test_finalists(self):
        policy = self.assertPolicy('sla_finalist', trigger='stage', working_days=2, means='phone')
        self.assertEqual(policy.stage_ids, self.env.ref('hr_recruitment.stage_job4'))

    def test_finalists_policy_is_made_once(self):
        before = self.env['hr.feedback.sla'].search_count([])
        self.env['hr.feedback.sla']._create_finalist_policy()
        self.assertEqual(self.env['hr.feedback.sla'].search_count([]), before)

    def test_no_policy_for_finalists_without_their_stage(self):
        self.env.ref('candidate_relationship.sla_finalist').unlink()
        self.env['hr.applicant'].with_context(active_test=False).search([
            ('stage_id', '=', self.env.ref('hr_recruitment.stage_job4').id)]).unlink()
        self.env.ref('hr_recruitment.stage_job4').unlink()
        self.env['hr.feedback.sla']._create_finalist_policy()
        self.assertFalse(self.env.ref('candidate_relationship.sla_finalist', raise_if_not_found=False))

    def test_nobody_waits_for_an_answer_to_spam_and_duplicates(self):
        reasons = self.env['hr.applicant.refuse.reason'].search([('no_answer_owed', '=', True)])
        self.assertEqual(reasons, self.env.ref('hr_recruitment.refuse_reason_6')
                         | self.env.ref('hr_recruitment.refuse_reason_7'))


class TestMatching(FeedbackCase):

    def match(self, trigger='application', **scope):
        """Name of the policy for the job in the software department, in its first stage."""
        policy = self.env['hr.feedback.sla']._match(trigger, **{
            'company': self.company, 'department': self.software, 'job': self.job, 'stage': self.stage_new, **scope})
        return policy and self.env['hr.feedback.sla'].browse(policy.id)

    def test_general_policy(self):
        self.assertEqual(self.match(), self.policy_application)

    def test_none_applies(self):
        self.policy_application.action_archive()
        self.assertIsNone(self.match())

    def test_other_triggers_do_not_count(self):
        self.assertEqual(self.match('interview'), self.policy_interview)
        self.assertEqual(self.match('outcome'), self.policy_outcome)

    def test_company_goes_before_none(self):
        of_company = self.make_policy('application', company_id=self.company.id, sequence=99)
        self.assertEqual(self.match(), of_company)

    def test_department_goes_before_company(self):
        self.make_policy('application', company_id=self.company.id, sequence=1)
        of_department = self.make_policy('application', department_ids=self.software.ids, sequence=99)
        self.assertEqual(self.match(), of_department)

    def test_department_includes_those_below(self):
        of_parent = self.make_policy('application', department_ids=self.research.ids)
        self.assertEqual(self.match(), of_parent)
        self.assertEqual(self.match(department=self.research), of_parent)
        self.assertEqual(self.match(department=self.env['hr.department']), self.policy_application)

    def test_nearest_department_wins(self):
        self.make_policy('application', department_ids=self.research.ids, sequence=1)
        nearest = self.make_policy('application', department_ids=self.software.ids, sequence=99)
        self.assertEqual(self.match(), nearest)

    def test_nearest_of_several_departments_of_one_policy_counts(self):
        both = self.make_policy('application', department_ids=(self.research + self.software).ids, sequence=1)
        self.make_policy('application', department_ids=self.software.ids, sequence=99)
        self.assertEqual(self.match(), both)

    def test_policy_of_a_department_below_does_not_apply(self):
        self.make_policy('application', department_ids=self.software.ids)
        self.assertEqual(self.match(department=self.research), self.policy_application)

    def test_job_goes_before_department(self):
        self.make_policy('application', department_ids=self.software.ids, sequence=1)
        of_job = self.make_policy('application', job_ids=self.job.ids, sequence=99)
        self.assertEqual(self.match(), of_job)

    def test_other_job_does_not_match(self):
        other = self.job.copy({'name': "Tester"})
        self.make_policy('application', job_ids=other.ids)
        self.assertEqual(self.match(), self.policy_application)
        self.assertEqual(self.match(job=self.env['hr.job']), self.policy_application)

    def test_stage_goes_before_job(self):
        self.make_policy('interview', job_ids=self.job.ids, sequence=1)
        of_stage = self.make_policy('interview', stage_ids=self.stage_new.ids, sequence=99)
        self.assertEqual(self.match('interview'), of_stage)

    def test_stage_and_job_go_before_stage(self):
        self.make_policy('stage', stage_ids=self.stage_talk.ids, sequence=1)
        of_both = self.make_policy('stage', stage_ids=self.stage_talk.ids, job_ids=self.job.ids, sequence=99)
        self.assertEqual(self.match('stage', stage=self.stage_talk), of_both)

    def test_other_stage_does_not_match(self):
        self.assertIsNone(self.match('stage'))
        self.assertEqual(self.match('stage', stage=self.stage_offer), self.policy_offer)

    def test_lower_sequence_wins_among_equals(self):
        first = self.make_policy('application', sequence=5)
        self.assertEqual(self.match(), first)

    def test_older_policy_wins_among_equals_of_the_same_sequence(self):
        self.make_policy('application')
        self.assertEqual(self.match(), self.policy_application)

    def test_policy_of_another_company_does_not_match(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.make_policy('application', company_id=other.id)
        self.assertEqual(self.match(), self.policy_application)

    def test_change_of_a_policy_counts_at_once(self):
        self.assertEqual(self.match(), self.policy_application)
        newer = self.make_policy('application', sequence=1)
        self.assertEqual(self.match(), newer)
        newer.sequence = 50
        self.assertEqual(self.match(), self.policy_application)
        self.policy_application.action_archive()
        self.assertEqual(self.match(), newer)
        newer.unlink()
        self.assertIsNone(self.match())

    def test_values_of_a_policy_count_at_once(self):
        self.assertPromise(self.promises(self.make_applicant("First One")), working_days=3)
        self.policy_application.working_days = 7
        self.assertPromise(self.promises(self.make_applicant("Second One")), working_days=7)

    def test_moved_department_counts_at_once(self):
        of_parent = self.make_policy('application', department_ids=self.research.ids)
        self.assertEqual(self.match(), of_parent)
        self.software.parent_id = False
        self.assertEqual(self.match(), self.policy_application)


class TestPolicyLimits(FeedbackCase):

    def assertRefused(self, message, **values):
        # what the web client shows is made of the constraint's message
        with self.assertRaises(psycopg2.errors.CheckViolation) as caught, self.cr.savepoint(), \
             mute_logger('odoo.sql_db'):
            self.make_policy('application', **values)
        shown = self.env['hr.feedback.sla']._sql_error_to_message(caught.exception)
        self.assertIn(message, shown)

    def test_days(self):
        for days in (-1, 0, 31):
            with self.subTest(days=days):
                self.assertRefused("An answer must be promised within 1 to 30 working days.", working_days=days)

    def test_first_and_last_day_allowed(self):
        self.assertEqual(self.make_policy('application', working_days=1).working_days, 1)
        self.assertEqual(self.make_policy('application', working_days=30).working_days, 30)

    def test_warning(self):
        for percent in (0, 100):
            with self.subTest(percent=percent):
                self.assertRefused("The warning must come at 1 to 99 percent", warning_percent=percent)

    def test_stage_policy_needs_a_stage(self):
        with self.assertRaisesRegex(ValidationError, "Choose at least one stage for “Policy of stage”"):
            self.make_policy('stage')
        with self.assertRaisesRegex(ValidationError, "Choose at least one stage"):
            self.policy_offer.stage_ids = False
        with self.assertRaisesRegex(ValidationError, "Choose at least one stage"):
            self.policy_application.trigger = 'stage'

    def test_scope_of_another_company(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        for scope in ({'department_ids': self.software.ids}, {'job_ids': self.job.ids}):
            with self.subTest(scope=scope), self.assertRaisesRegex(ValidationError, "a policy of Company Next Door"):
                self.make_policy('application', company_id=other.id, **scope)

    def test_copy_is_named_so(self):
        copy = self.policy_offer.copy()
        self.assertEqual(copy.name, "Policy of stage (copy)")
        self.assertEqual(copy.stage_ids, self.stage_offer)


class TestPolicyTexts(FeedbackCase):

    def assertSummary(self, expected, trigger='application', **values):
        self.assertEqual(self.make_policy(trigger, **values).with_user(self.manager).summary, expected)

    def test_summary_of_each_trigger(self):
        self.assertSummary("An answer within 3 working days of each application.")
        self.assertSummary("An answer within 3 working days of each interview.", trigger='interview')
        self.assertSummary("An answer within 3 working days of the decision.", trigger='outcome')
        self.assertSummary("An answer by phone within 2 working days of entering stage Offer.",
                           trigger='stage', stage_ids=self.stage_offer.ids, working_days=2, means='phone')

    def test_summary_of_one_day(self):
        self.assertSummary("An answer within 1 working day of each application.", working_days=1)

    def test_summary_of_the_scope(self):
        self.assertSummary(
            "An answer within 3 working days of each interview for Developer for jobs of Research / Software "
            "while in stage Talk or Offer.", trigger='interview', job_ids=self.job.ids,
            department_ids=self.software.ids, stage_ids=(self.stage_talk + self.stage_offer).ids)

    def test_company_is_told_to_who_works_in_several(self):
        values = {'company_id': self.company.id}
        self.assertSummary("An answer within 3 working days of each application.", **values)
        self.manager.group_ids = [Command.link(self.env.ref('base.group_multi_company').id)]
        self.assertSummary(
            "An answer within 3 working days of each application at Feedback Test Company.", **values)

    def test_summary_while_typing(self):
        form = Form(self.env['hr.feedback.sla'].with_user(self.manager))
        form.trigger = 'stage'
        self.assertEqual(form.summary, "An answer within 3 working days of entering stage ….")
        form.working_days = 5
        form.stage_ids.add(self.stage_talk)
        self.assertEqual(form.summary, "An answer within 5 working days of entering stage Talk.")

    def test_summary_in_chinese(self):
        english = self.policy_application.summary
        chinese = self.policy_application.with_context(lang='zh_CN').summary
        self.assertTrue(chinese)
        self.assertNotEqual(chinese, english)

    def test_no_conflict(self):
        self.assertFalse(self.policy_application.conflict_warning)
        self.assertFalse(self.make_policy('application', job_ids=self.job.ids).conflict_warning)
        self.assertFalse(self.make_policy('application', department_ids=self.software.ids).conflict_warning)
        self.assertFalse(self.policy_application.conflict_warning)

    def test_conflict_names_the_winner(self):
        second = self.make_policy('application', name="Second")
        self.assertEqual(
            self.policy_application.conflict_warning,
            "“Second” covers the same cases. This policy applies: it stands first in the list.")
        self.assertEqual(
            second.conflict_warning,
            "“Policy of application” covers the same cases, and applies: it stands first in the list.")
        second.sequence = 1
        self.policy_application.invalidate_recordset()
        self.assertIn("This policy applies", second.conflict_warning)
        self.assertIn("“Second” covers the same cases, and applies", self.policy_application.conflict_warning)

    def test_conflict_while_typing(self):
        form = Form(self.env['hr.feedback.sla'].with_user(self.manager))
        form.name = "Third"
        self.assertIn("“Policy of application” covers the same cases, and applies", form.conflict_warning)
        form.job_ids.add(self.job)
        self.assertFalse(form.conflict_warning)

    def test_conflict_of_overlapping_scopes(self):
        one = self.make_policy('application', name="One", job_ids=self.job.ids)
        other = self.job.copy({'name': "Tester"})
        two = self.make_policy('application', name="Two", job_ids=(self.job + other).ids)
        self.make_policy('application', name="Three", job_ids=other.ids)
        self.assertIn("“Two” covers the same cases. This policy applies", one.conflict_warning)
        self.assertIn("“One” covers the same cases, and applies", two.conflict_warning)

    def test_archived_policies_are_in_nobodys_way(self):
        second = self.make_policy('application')
        second.action_archive()
        self.assertFalse(self.policy_application.conflict_warning)
        self.assertFalse(second.conflict_warning)

    def test_calendar_warning_names_the_calendar(self):
        self.calendar.name = "Nothing To Do"
        policy = self.make_policy('application', company_id=self.company.id)
        self.assertFalse(policy.calendar_warning)
        self.calendar.attendance_ids.unlink()
        policy.invalidate_recordset()
        self.assertIn("The working hours “Nothing To Do” have no working time", policy.calendar_warning)

    def test_calendar_warning_of_a_company_without_calendar(self):
        policy = self.make_policy('application', company_id=self.company.id)
        self.company.resource_calendar_id = False
        self.assertIn("Feedback Test Company has no working hours set", policy.calendar_warning)

    def test_promises_of_a_policy(self):
        applicants = self.make_applicants("One", "Two", "Three")
        self.assertEqual(self.policy_application.promise_count, 3)
        self.assertEqual(self.policy_interview.promise_count, 0)
        action = self.policy_application.action_view_promises()
        self.assertEqual(self.env['hr.feedback.promise'].search(action['domain']).applicant_id, applicants)


class TestDeletedScope(FeedbackCase):
    """A policy made for what is deleted must not come to rule everything."""

    def test_stage(self):
        self.stage_offer.unlink()
        self.assertFalse(self.policy_offer.active)
        self.assertFalse(self.policy_offer.stage_ids)

    def test_one_of_several_stages(self):
        self.policy_offer.stage_ids += self.stage_talk
        self.stage_offer.unlink()
        self.assertTrue(self.policy_offer.active)
        self.assertEqual(self.policy_offer.stage_ids, self.stage_talk)

    def test_job(self):
        job = self.job.copy({'name': "Tester"})
        policy = self.make_policy('application', job_ids=job.ids)
        job.unlink()
        self.assertFalse(policy.active)

    def test_department(self):
        department = self.env['hr.department'].create({'name': "Sales", 'company_id': self.company.id})
        policy = self.make_policy('application', department_ids=department.ids)
        department.unlink()
        self.assertFalse(policy.active)

    def test_deleted_together(self):
        self.policy_offer.stage_ids += self.stage_talk
        (self.stage_offer + self.stage_talk).unlink()
        self.assertFalse(self.policy_offer.active)

    def test_other_policies_stay(self):
        self.stage_offer.unlink()
        self.assertTrue(self.policy_application.active)

    def test_archived_scope_needs_stages_to_be_used_again(self):
        self.stage_offer.unlink()
        with self.assertRaisesRegex(ValidationError, "Choose at least one stage"):
            self.policy_offer.action_unarchive()
