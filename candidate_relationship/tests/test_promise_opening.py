"""What opens a promise, and with what in it."""

from odoo import Command
from odoo.tests import Form

from ..models.hr_feedback_promise_clock import Occasion
from .common import FeedbackCase, at


class TestApplicationReceived(FeedbackCase):

    def test_promise_of_an_application(self):
        self.policy_application.escalation_user_id = self.manager
        applicant = self.make_applicant()
        self.assertPromise(
            self.promises(applicant),
            trigger='application', state='running', sla_id=self.policy_application, means='any', working_days=3,
            applicant_id=applicant, partner_name="Jane Doe", company_id=self.company, department_id=self.software,
            job_id=self.job, user_id=self.recruiter, escalation_user_id=self.manager,
            stage_id=self.env['hr.recruitment.stage'], event_id=self.env['calendar.event'],
            trigger_datetime='2026-03-02 09:00', deadline='2026-03-05 16:00', warning_datetime='2026-03-05 09:00',
            told_date=False, closed_datetime=False, working_hours=0.0, paused_hours=0.0)

    def test_display_name_tells_event_and_candidate(self):
        promise = self.promises(self.make_applicant())
        self.assertEqual(promise.display_name, "Jane Doe: Application received")

    def test_application_by_mail(self):
        raw = "From: Ann Lee <ann@candidate.example.com>\nTo: jobs@example.com\nSubject: Application\n\nHello"
        with self.mail_server():
            applicant = self.env['hr.applicant'].browse(self.env['mail.thread'].message_process(
                'hr.applicant', raw, custom_values={'job_id': self.job.id}))
        self.assertPromise(self.promises(applicant), trigger='application', state='running', user_id=self.recruiter)

    def test_application_in_the_web_client(self):
        form = Form(self.env['hr.applicant'].with_user(self.recruiter))
        form.partner_name = "Jane Doe"
        form.job_id = self.job
        self.assertStates(form.save(), [('application', 'running')])

    def test_many_at_once(self):
        applicants = self.make_applicants("One", "Two", "Three")
        promises = self.promises(applicants)
        self.assertEqual(promises.applicant_id, applicants)
        self.assertEqual(promises.mapped('state'), ['running'] * 3)

    def test_each_gets_its_own_policy(self):
        other_job = self.job.copy({'name': "Tester", 'user_id': self.colleague.id})
        self.make_policy('application', job_ids=other_job.ids, working_days=1)
        applicants = self.make_applicants("One") + self.make_applicants("Two", job_id=other_job.id)
        self.assertEqual(self.promises(applicants).mapped('working_days'), [3, 1])
        self.assertEqual(self.promises(applicants).mapped('user_id'), self.recruiter + self.colleague)

    def test_without_job(self):
        applicant = self.make_applicant(job_id=False)
        self.assertPromise(
            self.promises(applicant), state='running', company_id=self.company, user_id=self.env['res.users'])

    def test_copied_application(self):
        applicant = self.make_applicant()
        self.assertStates(applicant.copy(), [('application', 'running')])

    def test_nothing_promised_without_a_policy(self):
        self.policy_application.action_archive()
        self.assertStates(self.make_applicant(), [])

    def test_one_promise_from_two_policies_of_equal_rank(self):
        second = self.make_policy('application', working_days=9, sequence=1)
        self.assertPromise(self.promises(self.make_applicant()), sla_id=second, working_days=9)

    def test_warning_percent_of_the_policy(self):
        # 30 working hours in all, of which 6 are those left on Monday
        self.policy_application.warning_percent = 20
        self.assertPromise(self.promises(self.make_applicant()), warning_datetime='2026-03-02 16:00')

    def test_decided_already(self):
        reason = self.env.ref('hr_recruitment.refuse_reason_1')
        self.assertStates(self.make_applicant(refuse_reason_id=reason.id, active=False), [])
        self.assertStates(self.make_applicant(active=False), [])
        self.assertStates(self.make_applicant(stage_id=self.stage_signed.id), [])

    def test_deleted_applicant_takes_the_promises_along(self):
        applicant = self.make_applicant()
        promise = self.promises(applicant)
        applicant.unlink()
        self.assertFalse(promise.exists())

    def test_deleted_policy_leaves_the_promise(self):
        promise = self.promises(self.make_applicant())
        self.policy_application.unlink()
        self.assertPromise(promise, state='running', working_days=3, means='any', deadline='2026-03-05 16:00')
        self.assertFalse(promise.sla_id)

    def test_changed_policy_leaves_the_promise(self):
        promise = self.promises(self.make_applicant())
        self.policy_application.write({'working_days': 9, 'means': 'phone'})
        self.assertPromise(promise, working_days=3, means='any', deadline='2026-03-05 16:00')


class TestTalents(FeedbackCase):
    """A talent of a pool is a copy of an applicant: nobody waits for an answer to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': cls.company.id})

    def make_talent(self):
        return self.make_applicant(job_id=False, talent_pool_ids=[Command.set(self.pool.ids)])

    def test_talent_entered(self):
        self.assertStates(self.make_talent(), [])

    def test_application_put_into_a_pool(self):
        applicant = self.make_applicant()
        wizard = self.env['talent.pool.add.applicants'].with_user(self.recruiter).create({
            'applicant_ids': [Command.set(applicant.ids)], 'talent_pool_ids': [Command.set(self.pool.ids)]})
        wizard.action_add_applicants_to_pool()
        talent = applicant.pool_applicant_id
        self.assertTrue(talent)
        self.assertStates(talent, [])
        self.assertStates(applicant, [('application', 'running')])

    def test_application_made_of_a_talent(self):
        talent = self.make_talent()
        wizard = self.env['job.add.applicants'].with_user(self.recruiter).create({
            'applicant_ids': [Command.set(talent.ids)], 'job_ids': [Command.set(self.job.ids)]})
        application = wizard._add_applicants_to_job()
        self.assertStates(application, [('application', 'running')])
        self.assertStates(talent, [])

    def test_nothing_happens_to_a_talent(self):
        talent = self.make_talent()
        talent.job_id = self.job
        talent.stage_id = self.stage_offer
        self.make_interview(talent)
        talent.action_archive()
        self.assertStates(talent, [])


class TestStageEntered(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()

    def move(self, stage):
        self.applicant.stage_id = stage

    def stage_promises(self):
        return self.promises(self.applicant, 'stage')

    def test_entered(self):
        self.set_time('2026-03-03 08:00')
        self.move(self.stage_offer)
        self.assertPromise(
            self.stage_promises(), state='running', stage_id=self.stage_offer, sla_id=self.policy_offer,
            means='phone', trigger_datetime='2026-03-03 08:00', deadline='2026-03-05 16:00', user_id=self.recruiter)

    def test_application_entered_in_the_stage(self):
        applicant = self.make_applicant("Second One", stage_id=self.stage_offer.id)
        self.assertStates(applicant, [('application', 'running'), ('stage', 'running')])

    def test_stage_without_a_policy(self):
        self.move(self.stage_talk)
        self.assertFalse(self.stage_promises())

    def test_written_again_without_a_move(self):
        self.move(self.stage_offer)
        self.move(self.stage_offer)
        self.assertEqual(len(self.stage_promises()), 1)

    def test_moved_on(self):
        self.make_policy('stage', stage_ids=self.stage_talk.ids)
        self.move(self.stage_talk)
        self.move(self.stage_offer)
        self.assertEqual(self.stage_promises().mapped('state'), ['running', 'running'])

    def test_moved_back_takes_the_promise_back(self):
        self.move(self.stage_offer)
        self.pass_time(hours=1)
        self.move(self.stage_talk)
        self.assertPromise(
            self.stage_promises(), state='cancelled', cancel_type='moved_back',
            closed_datetime='2026-03-02 10:00')

    def test_moved_back_after_the_candidate_was_told(self):
        self.move(self.stage_offer)
        self.stage_promises().sudo().told_date = '2026-03-04'
        self.move(self.stage_talk)
        self.assertPromise(self.stage_promises(), state='running')

    def test_moved_back_leaves_other_promises(self):
        self.make_policy('stage', stage_ids=self.stage_talk.ids)
        self.move(self.stage_talk)
        self.move(self.stage_offer)
        self.move(self.stage_talk)
        self.assertEqual(self.stage_promises().mapped('state'), ['running', 'cancelled'])
        self.assertPromise(self.promises(self.applicant, 'application'), state='running')

    def test_entered_again_after_moving_back(self):
        self.move(self.stage_offer)
        self.move(self.stage_new)
        self.pass_time(days=1)
        self.move(self.stage_offer)
        self.assertEqual(self.stage_promises().mapped('state'), ['cancelled', 'running'])
        self.assertPromise(self.stage_promises()[-1], trigger_datetime='2026-03-03 09:00')

    def test_entered_again_after_the_answer(self):
        self.move(self.stage_offer)
        self.pass_time(hours=1)
        self.log_call(self.applicant)
        self.move(self.stage_new)
        self.move(self.stage_offer)
        self.assertEqual(self.stage_promises().mapped('state'), ['kept', 'running'])

    def test_many_at_once(self):
        applicants = self.make_applicants("One", "Two", "Three")
        applicants.write({'stage_id': self.stage_offer.id})
        promises = self.promises(applicants, 'stage')
        self.assertEqual(promises.applicant_id, applicants)
        self.assertEqual(promises.mapped('state'), ['running'] * 3)

    def test_deleted_stage_leaves_the_promise(self):
        self.move(self.stage_offer)
        self.move(self.stage_signed)
        self.stage_offer.unlink()
        self.assertPromise(self.stage_promises(), state='running', deadline='2026-03-04 16:00')
        self.assertFalse(self.stage_promises().stage_id)

    def test_two_deleted_stages(self):
        self.make_policy('stage', stage_ids=self.stage_talk.ids)
        self.move(self.stage_talk)
        self.move(self.stage_offer)
        self.move(self.stage_signed)
        self.stage_talk.unlink()
        self.stage_offer.unlink()
        self.assertEqual(self.stage_promises().mapped('state'), ['running', 'running'])


class TestLedger(FeedbackCase):

    def test_one_open_promise_for_each_event(self):
        applicant = self.make_applicant()
        opened = self.env['hr.feedback.promise']._open([self._occasion(applicant), self._occasion(applicant)])
        self.assertFalse(opened)
        self.assertEqual(len(self.promises(applicant)), 1)

    def test_the_same_event_twice_in_one_batch(self):
        applicant = self.make_applicant()
        self.promises(applicant)._cancel('manual', "Test")
        opened = self.env['hr.feedback.promise']._open([self._occasion(applicant), self._occasion(applicant)])
        self.assertEqual(len(opened), 1)

    def _occasion(self, applicant):
        return Occasion(applicant, 'application', at('2026-03-02 09:00'))
