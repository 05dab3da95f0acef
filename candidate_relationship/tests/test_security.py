"""One test for each cell of the table at the top of security/candidate_relationship_security.xml."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import users

from .common import INTERVIEWER, FeedbackCase

EVERYBODY = ('ivan', 'rita', 'mona')


class SecurityCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.make_user('emma', 'base.group_user')
        cls.own, cls.of_own_job, cls.others = cls.make_applicants("Own", "Of Own Job", "Others")
        cls.own.interviewer_ids = [Command.set(cls.interviewer.ids)]
        cls.of_own_job.job_id = cls.job.copy({
            'name': "Tester", 'user_id': cls.recruiter.id, 'interviewer_ids': [Command.set(cls.interviewer.ids)]})
        for applicant in cls.own + cls.of_own_job + cls.others:
            applicant.kanban_state = 'waiting'
            applicant.kanban_state = 'normal'
        cls.env.flush_all()
        cls.promise_ids = {
            applicant: applicant.sudo().feedback_promise_ids.id for applicant in (cls.own, cls.of_own_job, cls.others)}

    def promise_of(self, applicant):
        """The promise, as the user of this test sees it."""
        return self.env['hr.feedback.promise'].browse(self.promise_ids[applicant])

    def visible(self, model, field='applicant_id'):
        """Names of the applicants whose records the user finds."""
        applicants = (self.own + self.of_own_job + self.others).ids
        return sorted(self.env[model].search([(field, 'in', applicants)]).mapped(f'{field}.partner_name'))

    def assertDenied(self, function, *args, **kwargs):
        with self.assertRaises(AccessError), self.cr.savepoint():
            function(*args, **kwargs)


class TestPolicyRights(SecurityCase):

    def policy(self):
        return self.env['hr.feedback.sla'].browse(self.policy_application.id)

    @users(*EVERYBODY)
    def test_read_by_everybody(self):
        self.assertIn(self.policy(), self.env['hr.feedback.sla'].search([]))
        policy = self.policy().read(['name', 'summary', 'conflict_warning', 'calendar_warning', 'promise_count'])[0]
        self.assertEqual(policy['summary'], "An answer within 3 working days of each application.")

    @users('emma')
    def test_not_read_outside_recruitment(self):
        self.assertDenied(self.env['hr.feedback.sla'].search, [])
        self.assertDenied(self.policy().read, ['name'])

    @users('ivan', 'rita')
    def test_not_created_by_interviewer_and_officer(self):
        self.assertDenied(self.env['hr.feedback.sla'].create, {'name': "Mine", 'trigger': 'application'})

    @users('ivan', 'rita')
    def test_not_written_by_interviewer_and_officer(self):
        self.assertDenied(self.policy().write, {'working_days': 30})

    @users('ivan', 'rita')
    def test_not_deleted_by_interviewer_and_officer(self):
        self.assertDenied(self.policy().unlink)

    @users('mona')
    def test_created_by_the_manager(self):
        policy = self.env['hr.feedback.sla'].create({
            'name': "Mine", 'trigger': 'stage', 'stage_ids': [Command.set(self.stage_talk.ids)],
            'job_ids': [Command.set(self.job.ids)], 'department_ids': [Command.set(self.software.ids)],
            'company_id': self.company.id, 'escalation_user_id': self.manager.id})
        self.assertTrue(policy.id)

    @users('mona')
    def test_written_by_the_manager(self):
        self.policy().write({'working_days': 5, 'means': 'phone'})
        self.assertEqual(self.policy().working_days, 5)

    @users('mona')
    def test_deleted_by_the_manager(self):
        policy = self.policy().copy()
        policy.unlink()
        self.assertFalse(policy.exists())


class TestPromiseRights(SecurityCase):

    @users('ivan')
    def test_interviewer_reads_own(self):
        self.assertEqual(self.visible('hr.feedback.promise'), ["Of Own Job", "Own"])
        self.promise_of(self.own).read()
        self.promise_of(self.of_own_job).read()

    @users('ivan')
    def test_interviewer_does_not_read_others(self):
        self.assertDenied(self.promise_of(self.others).read, ['deadline'])

    @users('ivan')
    def test_interviewer_reads_own_applicants_with_their_promise(self):
        applicant = self.env['hr.applicant'].browse(self.own.id)
        values = applicant.read([
            'feedback_promise_id', 'feedback_deadline', 'feedback_status', 'feedback_user_id', 'feedback_box',
            'feedback_promised_date', 'feedback_promise_count'])[0]
        self.assertEqual(values['feedback_status'], 'on_time')
        self.assertEqual(values['feedback_user_id'][0], self.recruiter.id)
        box = values['feedback_box']
        self.assertEqual(
            [box[name] for name in ('state', 'trigger', 'means', 'others')], ['running', 'application', 'any', 0])
        self.assertEqual(box['user'], {'id': self.recruiter.id, 'display_name': self.recruiter.display_name})
        self.assertEqual(box['deadline'], fields.Datetime.to_string(values['feedback_deadline']))

    @users('rita', 'mona')
    def test_officer_and_manager_read_all(self):
        self.assertEqual(self.visible('hr.feedback.promise'), ["Of Own Job", "Others", "Own"])
        for applicant in (self.own, self.of_own_job, self.others):
            self.promise_of(applicant).read()

    @users('emma')
    def test_nobody_outside_recruitment_reads(self):
        self.assertDenied(self.env['hr.feedback.promise'].search, [])
        self.assertDenied(self.promise_of(self.own).read, ['deadline'])

    @users(*EVERYBODY)
    def test_nobody_creates(self):
        self.assertDenied(self.env['hr.feedback.promise'].create, {
            'applicant_id': self.own.id, 'trigger': 'outcome', 'means': 'any',
            'trigger_datetime': '2026-03-02 09:00:00'})

    @users(*EVERYBODY)
    def test_nobody_writes(self):
        for vals in ({'state': 'kept'}, {'deadline': '2027-01-01 09:00:00'}, {'user_id': self.env.uid}):
            self.assertDenied(self.promise_of(self.own).write, vals)

    @users(*EVERYBODY)
    def test_nobody_deletes(self):
        self.assertDenied(self.promise_of(self.own).unlink)

    @users(*EVERYBODY)
    def test_nobody_writes_through_the_applicant(self):
        applicant = self.env['hr.applicant'].browse(self.own.id)
        promise_id = self.promise_ids[self.own]
        for command in (Command.update(promise_id, {'state': 'kept'}), Command.delete(promise_id),
                        Command.create({'trigger': 'outcome', 'means': 'any'})):
            self.assertDenied(applicant.write, {'feedback_promise_ids': [command]})


class TestPauseRights(SecurityCase):

    @users('ivan')
    def test_interviewer_reads_own(self):
        self.assertEqual(self.visible('hr.feedback.pause', 'promise_id.applicant_id'), ["Of Own Job", "Own"])

    @users('rita', 'mona')
    def test_officer_and_manager_read_all(self):
        self.assertEqual(self.visible('hr.feedback.pause', 'promise_id.applicant_id'), ["Of Own Job", "Others", "Own"])

    @users('emma')
    def test_nobody_outside_recruitment_reads(self):
        self.assertDenied(self.env['hr.feedback.pause'].search, [])

    @users(*EVERYBODY)
    def test_nobody_creates_writes_or_deletes(self):
        pause = self.env['hr.feedback.pause'].search([('promise_id', '=', self.promise_ids[self.own])])
        pause.ensure_one()
        self.assertDenied(pause.create, {'promise_id': self.promise_ids[self.own], 'start': '2026-03-02 09:00:00'})
        self.assertDenied(pause.write, {'end': '2026-03-09 09:00:00'})
        self.assertDenied(pause.unlink)


class TestCallRights(SecurityCase):

    def call(self, applicant):
        self.log_call(applicant, user=self.env.user)

    def assertCalled(self, applicant):
        self.call(applicant)
        promise = self.env['hr.feedback.promise'].sudo().browse(self.promise_ids[applicant])
        self.assertEqual((promise.state, promise.closed_by_id), ('kept', self.env.user))

    @users('ivan')
    def test_interviewer_logs_a_call_with_own(self):
        self.assertCalled(self.own)
        self.assertCalled(self.of_own_job)

    @users('ivan')
    def test_interviewer_does_not_log_a_call_with_others(self):
        self.assertDenied(self.call, self.others)
        self.assertDenied(self.call, self.own + self.others)
        self.assertEqual(self.others.with_user(self.recruiter).feedback_promise_ids.state, 'running')

    @users('rita')
    def test_officer_logs_a_call_with_all(self):
        self.assertCalled(self.others)

    @users('mona')
    def test_manager_logs_a_call_with_all(self):
        self.assertCalled(self.others)

    @users('emma')
    def test_nobody_outside_recruitment_logs_a_call(self):
        self.assertDenied(self.call, self.own)


class TestWriteRights(SecurityCase):

    def assertAnswered(self, applicant):
        action = applicant.with_user(self.env.user).action_feedback_write()
        self.assertEqual(action['res_model'], 'mail.compose.message')
        self.write_to(applicant, user=self.env.user)
        promise = self.env['hr.feedback.promise'].sudo().browse(self.promise_ids[applicant])
        self.assertEqual((promise.state, promise.closed_by_id), ('kept', self.env.user))

    @users('ivan')
    def test_interviewer_writes_to_own(self):
        self.assertAnswered(self.own)
        self.assertAnswered(self.of_own_job)

    @users('ivan')
    def test_interviewer_does_not_write_to_others(self):
        self.assertDenied(self.write_to, self.others, user=self.env.user)

    @users('ivan')
    def test_interviewer_does_not_open_the_composer_for_others(self):
        self.others.partner_id = False
        self.assertDenied(self.others.with_user(self.env.user).action_feedback_write)

    @users('rita')
    def test_officer_writes_to_all(self):
        self.assertAnswered(self.others)

    @users('mona')
    def test_manager_writes_to_all(self):
        self.assertAnswered(self.others)


class TestCancelRights(SecurityCase):

    def cancel(self, applicant):
        wizard = self.env['hr.feedback.cancel'].create({
            'promise_ids': [Command.set([self.promise_ids[applicant]])], 'reason': "Withdrew"})
        wizard.action_cancel_promises()

    def reopen(self, applicant):
        self.promise_of(applicant).action_reopen()

    def state(self, applicant):
        return applicant.with_user(self.recruiter).feedback_promise_ids.state

    @users('ivan')
    def test_interviewer_does_not_cancel(self):
        self.assertDenied(self.cancel, self.own)
        self.assertEqual(self.state(self.own), 'running')

    @users('rita', 'mona')
    def test_officer_and_manager_cancel(self):
        self.cancel(self.others)
        self.assertEqual(self.state(self.others), 'cancelled')
        self.reopen(self.others)

    @users('ivan')
    def test_interviewer_does_not_take_back(self):
        self.log_call(self.own, user=self.interviewer)
        with self.assertRaisesRegex(UserError, "Only a recruitment officer can do this"):
            self.reopen(self.own)
        self.assertEqual(self.state(self.own), 'kept')

    @users('ivan')
    def test_interviewer_does_not_take_back_those_of_others(self):
        self.log_call(self.others, user=self.recruiter)
        self.assertDenied(self.reopen, self.others)

    @users('rita', 'mona')
    def test_officer_and_manager_take_back(self):
        self.log_call(self.others, user=self.recruiter)
        self.reopen(self.others)
        self.assertEqual(self.state(self.others), 'running')

    @users('emma')
    def test_nobody_outside_recruitment_does(self):
        self.assertDenied(self.cancel, self.own)
        self.assertDenied(self.reopen, self.own)


class TestReportRights(SecurityCase):

    def make_report_wizard(self):
        return self.env['hr.feedback.report.wizard'].create({'date_from': '2026-03-01', 'date_to': '2026-03-31'})

    @users('ivan', 'emma')
    def test_not_read_by_the_interviewer(self):
        self.assertDenied(self.env['hr.feedback.report'].search, [])

    @users('ivan', 'emma')
    def test_not_printed_by_the_interviewer(self):
        self.assertDenied(self.make_report_wizard)

    @users('rita', 'mona')
    def test_read_by_officer_and_manager(self):
        self.assertEqual(self.visible('hr.feedback.report'), ["Of Own Job", "Others", "Own"])

    @users('rita', 'mona')
    def test_printed_by_officer_and_manager(self):
        wizard = self.make_report_wizard()
        action = wizard.action_print()
        report = self.env['ir.actions.report'].with_context(**action.get('context', {}))
        content, _type = report._render_qweb_html(action['report_name'], wizard.ids, data=action.get('data'))
        self.assertIn("Feedback Test Company", content.decode())

    @users('rita', 'mona')
    def test_written_by_nobody(self):
        row = self.env['hr.feedback.report'].search([], limit=1)
        self.assertDenied(row.write, {'state': 'kept'})
        self.assertDenied(row.unlink)


class TestSettingsRights(SecurityCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_user('adam', 'base.group_system')

    @users(*EVERYBODY)
    def test_by_no_role_of_recruitment(self):
        company = self.env['res.company'].browse(self.company.id)
        self.assertDenied(company.write, {'feedback_fallback_user_id': self.env.uid})
        self.assertDenied(self._save_settings)

    @users('adam')
    def test_by_the_administrator_of_odoo(self):
        self._save_settings()
        self.assertEqual(self.company.feedback_fallback_user_id, self.manager)

    def _save_settings(self):
        self.env['res.config.settings'].create({'feedback_fallback_user_id': self.manager.id}).execute()


class TestDegreeRights(SecurityCase):
    """The matching score in the interviewer's list of applications reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.degree = cls.env['hr.recruitment.degree'].create({'name': "Master of Arts", 'score': 0.7})
        cls.own.type_id = cls.degree

    @users('ivan')
    def test_interviewer_reads(self):
        applicant = self.env['hr.applicant'].browse(self.own.id)
        self.assertEqual(applicant.type_id.score, 0.7)
        applicant.with_context(active_id=self.job.id).read(['matching_score'])

    @users('ivan')
    def test_interviewer_does_not_write(self):
        degree = self.env['hr.recruitment.degree'].browse(self.degree.id)
        self.assertDenied(degree.write, {'score': 1.0})
        self.assertDenied(degree.unlink)
        self.assertDenied(degree.create, {'name': "Doctor"})


class TestOwnIsWhatItSays(SecurityCase):

    def test_interviewer_who_is_taken_off(self):
        self.own.interviewer_ids = [Command.clear()]
        promises = self.env['hr.feedback.promise'].with_user(self.interviewer).search([])
        self.assertEqual(promises.applicant_id, self.of_own_job)

    def test_second_interviewer_sees_only_theirs(self):
        other = self.make_user('imre', INTERVIEWER)
        self.others.interviewer_ids = [Command.set(other.ids)]
        self.assertEqual(
            self.env['hr.feedback.promise'].with_user(other).search([]).applicant_id, self.others.with_user(other))
