"""Whose clock it is, and where it ticks, follows the application."""

from odoo import Command

from .common import OFFICER, FeedbackCase


class TestOwner(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)

    def test_another_recruiter(self):
        self.applicant.user_id = self.colleague
        self.assertPromise(self.promise, user_id=self.colleague)

    def test_another_name(self):
        self.applicant.partner_name = "Jane Roe"
        self.assertPromise(self.promise, partner_name="Jane Roe", display_name="Jane Roe: Application received")

    def test_no_recruiter(self):
        self.applicant.user_id = False
        # the recruiter of the job answers for it
        self.job.user_id = self.colleague
        self.applicant.write({'user_id': False})
        self.assertPromise(self.promise, user_id=self.colleague)

    def test_another_job(self):
        department = self.env['hr.department'].create({'name': "Sales", 'company_id': self.company.id})
        job = self.job.copy({'name': "Seller", 'department_id': department.id, 'user_id': self.colleague.id})
        self.applicant.job_id = job
        self.assertPromise(self.promise, job_id=job, department_id=department, user_id=self.colleague)

    def test_another_department(self):
        self.applicant.department_id = self.research
        self.assertPromise(self.promise, department_id=self.research, job_id=self.job)

    def test_answered_promises_stay_with_who_answered(self):
        self.log_call(self.applicant)
        self.applicant.user_id = self.colleague
        self.assertPromise(self.promise, user_id=self.recruiter)

    def test_paused_promises_follow(self):
        self.applicant.kanban_state = 'waiting'
        self.applicant.user_id = self.colleague
        self.assertPromise(self.promise, user_id=self.colleague, state='paused')

    def test_all_promises_follow(self):
        self.make_interview(self.applicant)
        self.applicant.user_id = self.colleague
        self.assertEqual(self.promises(self.applicant).mapped('user_id'), self.colleague)

    def test_many_at_once(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        applicants.write({'user_id': self.colleague.id})
        self.assertEqual(self.promises(applicants).mapped('user_id'), self.colleague)

    def test_deadline_does_not_follow(self):
        other_job = self.job.copy({'name': "Tester"})
        self.make_policy('application', job_ids=other_job.ids, working_days=9)
        self.applicant.job_id = other_job
        self.assertPromise(self.promise, deadline='2026-03-05 16:00', working_days=3, job_id=other_job)

    def test_warning_is_handed_over(self):
        self.policy_application.escalation_user_id = self.manager
        self.promise.sudo().escalation_user_id = self.manager
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.assertEqual(self.warnings(self.promise).user_id, self.recruiter + self.manager)
        with self.mail_server():
            self.applicant.user_id = self.colleague
        self.assertEqual(self.warnings(self.promise).user_id, self.colleague + self.manager)
        self.assertFalse(self.emails)

    def test_warning_stays_where_nobody_takes_over(self):
        self.set_time('2026-03-06 09:00')
        self.run_cron()
        self.job.user_id = False
        self.applicant.user_id = False
        self.assertEqual(self.warnings(self.promise).user_id, self.recruiter)

    def test_deleted_recruiter(self):
        leaver = self.make_user('lea', OFFICER)
        applicant = self.make_applicant("John Roe", user_id=leaver.id)
        promise = self.promises(applicant)
        self.assertPromise(promise, user_id=leaver)
        self.env.flush_all()
        leaver.unlink()
        promise.invalidate_recordset()
        self.assertPromise(promise, user_id=self.env['res.users'], state='running')

    def test_deleted_recruiter_who_answered(self):
        leaver = self.make_user('lea', OFFICER)
        self.log_call(self.applicant, user=leaver)
        self.assertPromise(self.promise, closed_by_id=leaver)
        self.env.flush_all()
        # what they wrote keeps the contact, not the user
        leaver.unlink()
        self.promise.invalidate_recordset()
        self.assertPromise(self.promise, closed_by_id=self.env['res.users'], state='kept')

    def test_archived_recruiter_keeps_the_clock(self):
        self.recruiter.with_user(self.env.ref('base.user_admin')).active = False
        promise = self.env['hr.feedback.promise'].with_user(self.colleague).browse(self.promise.id)
        self.assertPromise(promise, user_id=self.recruiter, state='running')

    def test_moved_to_another_company(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.recruiter.company_ids = [Command.link(other.id)]
        applicant = self.applicant.with_context(allowed_company_ids=(self.company + other).ids)
        applicant.write({'company_id': other.id, 'department_id': False, 'job_id': False})
        promise = self.promise.with_context(allowed_company_ids=(self.company + other).ids)
        self.assertPromise(promise, company_id=other, deadline='2026-03-05 16:00')
