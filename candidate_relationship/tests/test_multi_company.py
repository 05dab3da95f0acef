"""Companies don't see each other's promises, and each counts in its own working hours."""

from odoo import Command, fields
from odoo.exceptions import AccessError

from .common import MANAGER, OFFICER, FeedbackCase


class TestMultiCompany(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shanghai = cls.make_calendar('Asia/Shanghai')
        cls.other_company = cls.env['res.company'].create({
            'name': "Company in Shanghai", 'resource_calendar_id': cls.shanghai.id})
        cls.li = cls.make_user('li', OFFICER, company=cls.other_company)
        cls.wang = cls.make_user('wang', MANAGER, company=cls.other_company)
        cls.other_job = cls.env['hr.job'].create({
            'name': "Engineer", 'company_id': cls.other_company.id, 'user_id': cls.li.id})

    def setUp(self):
        super().setUp()
        self.ours = self.make_applicant()
        self.theirs = self.make_applicant("Wei Chen", user=self.li, job_id=self.other_job.id)

    def make_both(self, user):
        """The user works in both companies."""
        user.company_ids = [Command.link(company.id) for company in (self.company, self.other_company)]
        return user

    def visible(self, model, user, companies=None, **context):
        companies = companies or user.company_id
        records = self.env[model].with_user(user).with_context(allowed_company_ids=companies.ids, **context)
        return records.search([('applicant_id', 'in', (self.ours + self.theirs).ids)]).applicant_id

    def test_promise_belongs_to_the_company_of_the_application(self):
        self.assertEqual(self.ours.feedback_promise_ids.company_id, self.company)
        self.assertEqual(self.theirs.feedback_promise_ids.company_id, self.other_company)

    def test_deadline_in_the_hours_of_the_company(self):
        self.assertPromise(self.promises(self.ours), deadline='2026-03-05 16:00')
        self.assertPromise(self.theirs.feedback_promise_ids, deadline='2026-03-05 09:00', user_id=self.li)

    def test_deadlines_of_a_mixed_batch(self):
        both = self.make_both(self.make_user('zoe', OFFICER))
        applicants = self.env['hr.applicant'].with_user(both).with_context(
            allowed_company_ids=both.company_ids.ids,
        ).create([
            {'partner_name': "One", 'job_id': self.job.id}, {'partner_name': "Two", 'job_id': self.other_job.id}])
        self.assertEqual(
            [fields.Datetime.to_string(a.feedback_promise_ids.deadline) for a in applicants],
            ['2026-03-05 16:00:00', '2026-03-05 09:00:00'])

    def test_holiday_of_the_other_company(self):
        self.make_holiday('2026-03-04', company=self.other_company, tz='Asia/Shanghai')
        one = self.make_applicant("John Roe")
        two = self.make_applicant("Mei Lin", user=self.li, job_id=self.other_job.id)
        self.assertPromise(self.promises(one), deadline='2026-03-05 16:00')
        self.assertPromise(two.feedback_promise_ids, deadline='2026-03-06 09:00')

    def test_calendar_for_promises_is_the_companys(self):
        self.company.feedback_calendar_id = self.make_calendar('America/New_York')
        self.assertPromise(self.promises(self.make_applicant("John Roe")), deadline='2026-03-05 22:00')
        theirs = self.make_applicant("Mei Lin", user=self.li, job_id=self.other_job.id)
        self.assertPromise(theirs.feedback_promise_ids, deadline='2026-03-05 09:00')

    def test_promises_of_the_other_company_are_not_seen(self):
        for model in ('hr.feedback.promise', 'hr.feedback.report'):
            with self.subTest(model=model):
                self.assertEqual(self.visible(model, self.recruiter), self.ours.with_user(self.recruiter))
                self.assertEqual(self.visible(model, self.manager), self.ours.with_user(self.manager))
                self.assertEqual(self.visible(model, self.li), self.theirs.with_user(self.li))

    def test_promise_of_the_other_company_is_not_read(self):
        with self.assertRaises(AccessError):
            self.theirs.feedback_promise_ids.with_user(self.manager).read(['deadline'])
        with self.assertRaises(AccessError):
            self.ours.feedback_promise_ids.with_user(self.wang).read(['deadline'])

    def test_pauses_of_the_other_company_are_not_seen(self):
        self.theirs.kanban_state = 'waiting'
        pause = self.theirs.feedback_promise_ids.pause_ids
        self.assertEqual(len(pause), 1)
        self.assertFalse(self.env['hr.feedback.pause'].with_user(self.manager).search([('id', '=', pause.id)]))
        with self.assertRaises(AccessError):
            pause.with_user(self.manager).read(['start'])

    def test_who_works_in_both_sees_those_of_the_companies_chosen(self):
        both = self.make_both(self.recruiter)
        everything = both.company_ids
        self.assertEqual(self.visible('hr.feedback.promise', both), self.ours)
        self.assertEqual(self.visible('hr.feedback.promise', both, everything).sorted('id'), self.ours + self.theirs)
        self.assertEqual(self.visible('hr.feedback.promise', both, self.other_company), self.theirs)

    def test_no_call_with_a_candidate_of_the_other_company(self):
        with self.assertRaises(AccessError):
            self.log_call(self.theirs, user=self.manager)
        self.assertEqual(self.theirs.feedback_promise_ids.state, 'running')

    def test_policy_of_the_other_company_does_not_apply(self):
        policy = self.make_policy('application', company_id=self.other_company.id, working_days=9)
        self.assertPromise(self.promises(self.make_applicant("John Roe")), sla_id=self.policy_application)
        theirs = self.make_applicant("Mei Lin", user=self.li, job_id=self.other_job.id)
        self.assertPromise(theirs.feedback_promise_ids.sudo(), sla_id=policy, working_days=9)

    def test_policies_of_the_other_company_are_not_seen(self):
        policy = self.make_policy('application', company_id=self.other_company.id)
        for user in (self.recruiter, self.manager):
            self.assertNotIn(policy.id, self.env['hr.feedback.sla'].with_user(user).search([]).ids)
            with self.assertRaises(AccessError):
                policy.with_user(user).read(['name'])
        self.assertIn(policy.id, self.env['hr.feedback.sla'].with_user(self.li).search([]).ids)

    def test_policy_of_the_other_company_is_not_written(self):
        policy = self.make_policy('application', company_id=self.other_company.id)
        for function, arguments in ((policy.with_user(self.manager).write, [{'working_days': 30}]),
                                    (policy.with_user(self.manager).unlink, [])):
            with self.assertRaises(AccessError), self.cr.savepoint():
                function(*arguments)

    def test_policy_of_all_companies_is_seen_by_both(self):
        for user in (self.recruiter, self.li):
            self.assertIn(
                self.policy_application.id, self.env['hr.feedback.sla'].with_user(user).search([]).ids)

    def test_promise_count_of_a_shared_policy_is_of_ones_own_company(self):
        self.assertEqual(self.policy_application.with_user(self.manager).promise_count, 1)

    def test_warned_in_ones_own_company(self):
        self.policy_application.escalation_user_id = self.manager
        applicant = self.make_applicant("Mei Lin", user=self.li, job_id=self.other_job.id)
        promise = applicant.feedback_promise_ids
        self.assertEqual(promise.sudo().escalation_user_id, self.manager)
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        # the manager of the policy may not see candidates in Shanghai
        self.assertEqual(self.warnings(promise).user_id, self.li)

    def test_fallback_is_the_companys(self):
        self.company.feedback_fallback_user_id = self.manager
        self.other_company.feedback_fallback_user_id = self.wang
        (self.recruiter + self.li).active = False
        self.set_time('2026-03-05 15:00')
        self.run_cron()
        self.assertEqual(self.warnings(self.ours.sudo().feedback_promise_ids).user_id, self.manager)
        self.assertEqual(self.warnings(self.theirs.sudo().feedback_promise_ids).user_id, self.wang)

    def test_deleted_company_takes_its_policies_along(self):
        company = self.env['res.company'].create({'name': "Short-lived"})
        policy = self.make_policy('application', company_id=company.id)
        company.unlink()
        self.assertFalse(policy.exists())
