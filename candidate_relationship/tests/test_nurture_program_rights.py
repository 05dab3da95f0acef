"""Programs by role and company; a person in a program who is erased, merged or exported."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, users

from .erasure_common import PersonCase
from .nurture_program_common import ProgramCase


class TestRights(ProgramCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")
        self.program = self.make_program()
        self.step = self.program.step_ids[0]
        self.feast = self.env['hr.nurture.feast'].create({
            'name': "Feast", 'date_ids': [(0, 0, {'date': '2026-06-19'})]})
        self.run_programs()
        self.enrolled = self.row(self.ann, self.program)
        self.records = [
            self.program, self.step, self.enrolled, self.enrolled.log_ids, self.feast, self.feast.date_ids]

    def as_user(self, record):
        return record.with_env(self.env).with_user(self.env.user)

    def assertMay(self, works):
        for work in works:
            work()

    def assertMayNot(self, works):
        for number, work in enumerate(works):
            with self.assertRaises(AccessError, msg=f"number {number}"):
                work()

    @users('ivan')
    def test_interviewer(self):
        self.assertMayNot([lambda record=record: self.as_user(record).read(['id']) for record in self.records])
        program = self.as_user(self.program)
        self.assertMayNot([
            program.action_pause, program.action_resume, program.action_start, program.action_end,
            self.as_user(self.step).action_send_test, self.as_user(self.enrolled).action_remove,
            lambda: program._enroll(self.as_user(self.ann))])

    @users('rita')
    def test_officer(self):
        for record in self.records:
            self.assertTrue(self.as_user(record).read(['id']))
        program = self.as_user(self.program)
        self.assertMay([program.action_pause, program.action_resume, self.as_user(self.enrolled).action_remove,
                        lambda: program._enroll(self.as_user(self.ann))])
        self.assertMayNot([
            program.action_start, program.action_end, lambda: program.write({'name': "Mine"}), program.copy,
            program.unlink, lambda: self.as_user(self.step).write({'delay_days': 1}),
            lambda: self.as_user(self.step).write({'subject': "Mine"}),
            lambda: self.as_user(self.enrolled).write({'state': 'ended'}), self.as_user(self.enrolled).unlink,
            lambda: self.as_user(self.enrolled.log_ids).write({'name': "Never"}),
            lambda: self.as_user(self.feast).write({'name': "Mine"})])

    @users('mona')
    def test_administrator(self):
        program = self.as_user(self.program)
        step = self.as_user(self.step)
        self.assertMay([
            lambda: program.write({'name': "Mine"}), program.action_end, program.action_start, program.copy,
            lambda: step.write({'delay_days': 1, 'subject': "Mine"}),
            lambda: self.as_user(self.feast).write({'name': "Mine"})])
        self.assertEqual(self.step.mailing_id.subject, "Mine")
        made = self.env['hr.nurture.program'].create({'name': "New", 'step_ids': [(0, 0, {'name': "Hello"})]})
        self.assertEqual(made.company_id, self.company)
        self.assertTrue(made.sudo().step_ids.mailing_id.is_nurture_design)
        self.assertMayNot([lambda: self.as_user(self.enrolled).write({'state': 'ended'})])

    @users('mona')
    def test_administrator_by_remote_call(self):
        """What buttons and the daily job write is theirs alone."""
        program, step = self.as_user(self.program), self.as_user(self.step)
        self.assertMayNot([
            lambda: program.write({'state': 'ended'}), lambda: program.write({'pause_reason': "Mine"}),
            lambda: program.write({'domain_user_id': 1}), lambda: program.write({'enrollment_ids': [(0, 0, {})]}),
            lambda: program.write({'enrollment_ids': [(1, self.enrolled.id, {'state': 'ended'})]}),
            lambda: step.write({'mailing_id': self.program.step_ids[1].mailing_id.id}),
            lambda: step.write({'mailing_id': False})])
        with self.assertRaises(ValidationError):
            step.program_id = program.create({'name': "Other"})

    @users('mona')
    def test_new_one_by_remote_call(self):
        theirs = self.env['mailing.mailing'].sudo().create({'subject': "Theirs", 'mailing_model_id': self.env[
            'ir.model'].sudo()._get('hr.applicant').id, 'mailing_domain': "[]"})
        made = self.env['hr.nurture.program'].with_context(default_state='running').create({
            'name': "New", 'state': 'running', 'domain_user_id': 1,
            'step_ids': [(0, 0, {'name': "Hello", 'mailing_id': theirs.id})]})
        self.assertEqual((made.state, made.domain_user_id), ('draft', self.env.user))
        defaults = self.env['hr.nurture.step'].with_context(default_mailing_id=theirs.id)
        made.step_ids |= defaults.create({'name': "Again", 'program_id': made.id})
        self.assertNotIn(theirs, made.sudo().step_ids.mailing_id)
        made.unlink()
        self.assertTrue(theirs.exists())

    def test_mailing_by_remote_call(self):
        """Whoever may write mailings does not slip one under a program."""
        marketer = new_test_user(self.env, 'max', groups='mass_mailing.group_mass_mailing_user')
        mailings = self.env['mailing.mailing'].with_user(marketer)
        vals = {'subject': "Mine", 'mailing_model_id': self.env['ir.model']._get_id('hr.applicant')}
        mine = mailings.create(vals)
        self.assertMayNot([
            lambda: mailings.create({**vals, 'nurture_step_id': self.step.id}),
            lambda: mailings.with_context(default_nurture_step_id=self.step.id).create(vals),
            lambda: mailings.with_context(default_nurture_program_id=self.program.id).create(vals),
            lambda: mine.write({'nurture_program_id': self.program.id}),
            lambda: mine.copy({'nurture_step_id': self.step.id})])

    @users('mona')
    def test_condition_on_what_one_may_not_see(self):
        program = self.as_user(self.program)
        for secret in ("('employee_id.private_street', '!=', False)", "('user_id.totp_secret', '!=', False)"):
            with self.assertRaises(ValidationError, msg=secret):
                program.domain = f"[{secret}]"

    def test_condition_has_the_rights_of_who_set_it(self):
        """What the other company knows of a person of ours decides nothing here."""
        self.env['hr.applicant'].create({
            'partner_name': "Ann Ames", 'company_id': self.other_company.id,
            'partner_id': self.ann.sudo().partner_id.id,
            'refuse_reason_id': self.env.ref('hr_recruitment.refuse_reason_1').id})
        self.program.enrollment_ids.unlink()
        condition = f"[('partner_id.applicant_ids.company_id', '=', {self.other_company.id})]"
        self.program.with_user(self.manager).domain = condition
        self.program._enroll_audience()
        self.assertFalse(self.program.enrollment_ids)
        self.program.domain = condition
        self.program._enroll_audience()
        self.assertEqual(self.program.enrollment_ids.applicant_id, self.ann, "The server sees both.")

    def test_right_is_gone(self):
        """It pauses, and says why."""
        self.program.with_user(self.manager).domain = "[('partner_name', '!=', 'Nobody')]"
        self.manager.group_ids = [(3, self.env.ref('hr_recruitment.group_hr_recruitment_manager').id)]
        self.run_programs()
        self.assertEqual(self.program.state, 'paused')
        self.assertIn("condition", self.program.pause_reason)
        with self.assertRaises(ValidationError):
            self.program.action_resume()
        self.program.domain = "[]"
        self.program.action_resume()

    def test_owner_settles_the_warning(self):
        self.step.mailing_id.active = False
        self.make_talents("Ben Bohr")
        self.run_programs()
        activity = self.env['mail.activity'].search([('res_model', '=', 'hr.nurture.program')])
        self.assertEqual(activity.user_id, self.recruiter)
        activity.with_user(self.recruiter).action_feedback("Repaired")
        self.assertFalse(activity.active)

    @users('rita')
    def test_ended_one_takes_nobody(self):
        self.program.sudo().action_end()
        for work in (lambda: self.as_user(self.program)._enroll(self.as_user(self.ann)),
                     self.as_user(self.enrolled).action_restart):
            with self.assertRaisesRegex(UserError, "ended"):
                work()

    @users('mona')
    def test_other_company(self):
        theirs = self.make_program_of_others()
        for record in (theirs, theirs.step_ids, theirs.enrollment_ids, theirs.enrollment_ids.log_ids):
            self.assertTrue(record)
            mine = self.as_user(record)
            self.assertFalse(mine.search([('id', 'in', record.ids)]))
            self.assertMayNot([lambda mine=mine: mine.read(['id'])])
        self.assertMayNot([self.as_user(theirs).action_pause])

    def make_program_of_others(self):
        pool = self.env['hr.talent.pool'].sudo().create({'name': "Theirs", 'company_id': self.other_company.id})
        self.other_company.sudo().candidate_consent_required = False
        talent = self.ann.sudo().copy({
            'company_id': self.other_company.id, 'talent_pool_ids': [(6, 0, pool.ids)], 'partner_id': self.ann.sudo(
                ).partner_id.id, 'user_id': False})
        program = self.env['hr.nurture.program'].sudo().create({
            'name': "Theirs", 'company_id': self.other_company.id, 'pool_ids': [(6, 0, pool.ids)], 'user_id': False,
            'step_ids': [(0, 0, {'name': "Call", 'delay_days': 0, **self.make_task()}), (0, 0, {
                'name': "Again", **self.make_task()})]})
        program.action_start()
        self.assertEqual(program.enrollment_ids.applicant_id, talent)
        program.enrollment_ids._advance(
            program.step_ids[0], program.enrollment_ids.ids, program.enrollment_ids.anchor_date, 'task')
        return program

    @users('rita')
    def test_test_mail(self):
        with self.mail_server():
            self.as_user(self.step).action_send_test()
        self.assertEqual([mail['email_to'] for mail in self._mails], [['"Rita" <rita@company.example.com>']])
        self.assertIn("Ann Ames", self._mails[0]['body'])
        self.assertEqual(self.contacts.search_count([]), 1, "That of the program, none of the test.")


class TestPersonInProgram(PersonCase):

    def setUp(self):
        super().setUp()
        self.company.candidate_consent_required = False
        self.application = self.make_person()
        self.pool = self.env['hr.talent.pool'].create({'name': "Fine", 'company_id': self.company.id})
        self.talent = self.add_to_pool(self.application, self.pool)
        self.refuse(self.application, self.reason, send_mail=False)
        self.program = self.env['hr.nurture.program'].create({
            'name': "Calls", 'company_id': self.company.id, 'pool_ids': [(6, 0, self.pool.ids)],
            'step_ids': [(0, 0, {'name': name, 'kind': 'task', 'delay_days': 1, 'activity_type_id': self.env.ref(
                'mail.mail_activity_data_call').id}) for name in ("Call", "Call Again")]})
        self.program.action_start()
        self.partner = self.application.sudo().partner_id
        self.row = self.program.enrollment_ids
        self.assertEqual(self.row.partner_id, self.partner)

    def test_erased(self):
        erasure = self.erase(self.application)
        self.assertTrue(erasure.partner_erased, "Nothing of ours keeps the contact.")
        self.assertFalse(self.row.partner_id)
        self.assertEqual((self.row.state, self.row.ended_reason), ('ended', 'erased'))
        self.assertEqual(self.row.display_name, self.talent.sudo().partner_name)

    def test_merged(self):
        other = self.make_person("Zyxwina Q.", 'zyx@private.example.com')
        self.add_to_pool(other, self.pool)
        self.refuse(other, self.reason, send_mail=False)
        self.program._enroll_audience()
        theirs = self.program.enrollment_ids - self.row
        today = theirs.anchor_date
        theirs._advance(self.program.step_ids[0], theirs.ids, today, 'task')
        self.end_request()
        self.env['base.partner.merge.automatic.wizard'].create({})._merge(
            (self.partner | theirs.partner_id).ids, self.partner, extra_checks=False)
        self.end_request()
        self.env.invalidate_all()
        self.assertEqual(self.program.enrollment_ids, theirs)
        self.assertEqual((theirs.partner_id, theirs.applicant_id), (self.partner, self.talent))

    def test_exported(self):
        self.row._advance(self.program.step_ids[0], self.row.ids, self.row.anchor_date, 'task')
        data, _files = self.env['hr.candidate.export']._collect(self.application.sudo(), self.company)
        (program,) = data['programs']
        self.assertEqual((program['program'], program['state'], program['ended']), ("Calls", 'running', None))
        self.assertEqual(program['steps'], [{'date': '2026-03-02', 'outcome': 'task', 'step': "Call"}])
