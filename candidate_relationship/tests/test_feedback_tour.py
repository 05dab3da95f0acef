from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.base.tests.common import MockSmtplibCase


@tagged('post_install', '-at_install')
class TestFeedbackTour(HttpCase, MockSmtplibCase):
    """A recruiter's way through the web client, up to the SMTP session."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the tours read English words, whatever the database speaks
        cls.env['res.lang']._activate_lang('en_US')
        cls.recruiter = new_test_user(
            cls.env, login='tour_recruiter', name="Rita Recruiter", email='rita@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_user')
        cls.env['hr.feedback.sla'].search([]).action_archive()
        policies = cls.env['hr.feedback.sla'].create([
            {'name': "Application", 'trigger': 'application', 'working_days': 3},
            {'name': "Call", 'trigger': 'application', 'working_days': 3, 'means': 'phone'},
        ])
        phone_job = cls.env['hr.job'].create({'name': "Director"})
        policies[1].job_ids = phone_job
        cls.olga, cls.tim, cls.paula = cls.env['hr.applicant'].create([
            cls._prepare_applicant("Olga Overdue"),
            cls._prepare_applicant("Tim Timely"),
            cls._prepare_applicant("Paula Phone", job_id=phone_job.id),
        ])
        cls._make_overdue(cls.olga)

    @classmethod
    def _prepare_applicant(cls, name, **vals):
        email = f"{name.split()[0].lower()}@candidate.example.com"
        return {'partner_name': name, 'email_from': email, 'user_id': cls.recruiter.id, **vals}

    @classmethod
    def _make_overdue(cls, applicant):
        now = fields.Datetime.now()
        applicant.feedback_promise_ids.sudo().write({
            'trigger_datetime': now - timedelta(days=9), 'deadline': now - timedelta(days=2)})

    def test_answer_keeps_the_promise(self):
        with self.mock_smtplib_connection():
            self.start_tour(
                '/odoo/action-hr_recruitment.crm_case_categ0_act_job?view_type=list',
                'candidate_relationship_answer', login='tour_recruiter')
            answered = [mail['smtp_to_list'] for mail in self.emails]
        self.assertEqual(answered, [['tim@candidate.example.com']])
        promise = self.tim.feedback_promise_ids
        self.assertEqual((promise.state, promise.closing_type), ('kept', 'message'))
        self.assertEqual(promise.closed_by_id, self.recruiter)
        self.assertEqual(self.olga.feedback_promise_ids.state, 'running')

    def test_logged_call_keeps_the_promise(self):
        self.start_tour('/odoo', 'candidate_relationship_call', login='tour_recruiter')
        promise = self.paula.feedback_promise_ids
        self.assertEqual((promise.state, promise.closing_type), ('kept', 'call'))
        self.assertEqual(promise.closed_by_id, self.recruiter)
