"""The cells of the table at the top of security/hr_relationship_security.xml that are about touches."""

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import UserError
from odoo.tests import users

from .test_security import EVERYBODY, SecurityCase


class TouchRightsCase(SecurityCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for applicant in cls.own + cls.of_own_job + cls.others:
            cls.env['hr.candidate.touch'].sudo()._record([
                {**applicant.sudo()._prepare_candidate_touch(), 'channel': 'call', 'note': applicant.partner_name}])

    def touch_of(self, applicant):
        touch = self.env['hr.candidate.touch'].sudo().search([('applicant_id', '=', applicant.id)], limit=1)
        return self.env['hr.candidate.touch'].browse(touch.id)


class TestTouchRights(TouchRightsCase):

    @users('ivan')
    def test_interviewer_reads_own(self):
        self.assertEqual(self.visible('hr.candidate.touch'), ["Of Own Job", "Own"])
        self.touch_of(self.own).read()

    @users('ivan')
    def test_interviewer_does_not_read_others(self):
        self.assertDenied(self.touch_of(self.others).read, ['note'])

    @users('ivan')
    def test_interviewer_reads_the_last_touch_of_own(self):
        applicant = self.env['hr.applicant'].browse(self.own.id)
        values = applicant.read([
            'candidate_last_touch', 'candidate_last_touch_channel', 'candidate_next_step', 'candidate_next_step_date'])
        self.assertEqual(values[0]['candidate_last_touch_channel'], 'call')
        self.assertDenied(self.env['hr.applicant'].browse(self.others.id).read, ['candidate_last_touch'])

    @users('rita', 'mona')
    def test_officer_and_manager_read_all(self):
        self.assertEqual(self.visible('hr.candidate.touch'), ["Of Own Job", "Others", "Own"])
        self.touch_of(self.others).read()

    @users('emma')
    def test_nobody_outside_recruitment_reads(self):
        self.assertDenied(self.env['hr.candidate.touch'].search, [])
        self.assertDenied(self.touch_of(self.own).read, ['note'])

    @users('emma')
    def test_partners_are_read_as_before_outside_recruitment(self):
        self.assertNotIn('candidate_touch_ids', self.env['res.partner'].fields_get())

    @users(*EVERYBODY)
    def test_nobody_creates_writes_or_deletes(self):
        touch = self.touch_of(self.own)
        self.assertDenied(touch.create, {'channel': 'call', 'company_id': self.company.id, 'date': self.START})
        self.assertDenied(touch.write, {'note': "Changed"})
        self.assertDenied(touch.unlink)

    @users('rita')
    def test_not_of_another_company(self):
        other = self.env['res.company'].with_user(SUPERUSER_ID).create({'name': "Other Company"})
        self.env['hr.candidate.touch'].sudo()._record([{
            'partner_id': self.own.sudo().partner_id.id, 'company_id': other.id, 'channel': 'call'}])
        found = self.env['hr.candidate.touch'].search([('partner_id', '=', self.own.sudo().partner_id.id)])
        self.assertEqual(found.company_id, self.company)


class TestQuickLogRights(TouchRightsCase):

    def log(self, applicants, channel='linkedin'):
        self.log_call(applicants, user=self.env.user, channel=channel)

    def assertLogged(self, applicant):
        self.log(applicant)
        touch = self.env['hr.candidate.touch'].sudo().search([
            ('applicant_id', '=', applicant.id), ('channel', '=', 'linkedin'), ('user_id', '=', self.env.uid)])
        self.assertEqual(len(touch), 1)

    @users('ivan')
    def test_interviewer_logs_with_own(self):
        self.assertLogged(self.own)
        self.assertLogged(self.of_own_job)

    @users('ivan')
    def test_interviewer_does_not_log_with_others(self):
        self.assertDenied(self.log, self.others)
        self.assertDenied(self.log, self.own + self.others)

    @users('rita', 'mona')
    def test_officer_and_manager_log_with_all(self):
        self.assertLogged(self.others)

    @users('emma')
    def test_nobody_outside_recruitment_logs(self):
        self.assertDenied(self.log, self.own)

    @users('rita')
    def test_nobody_chosen(self):
        wizard = self.env['hr.feedback.call'].create({'applicant_ids': [Command.clear()], 'channel': 'sms'})
        with self.assertRaisesRegex(UserError, "Choose the candidate"):
            wizard.action_log()
