"""One test for each cell of the table at the top of security/hr_relationship_security.xml that is about pools."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import users

from .test_talent_pool_fill import GOOD, FillCase


class TestPoolRights(FillCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.make_user('emma', 'base.group_user')
        cls.theirs = cls.env['res.company'].create({'name': "Other"})
        cls.stranger = cls.make_user('stan', 'hr_recruitment.group_hr_recruitment_manager', company=cls.theirs)

    def setUp(self):
        super().setUp()
        self.anna = self.make_good("Anna")
        self.set_rule(GOOD)
        self.run = self.fill()
        self.wish = self.env['hr.talent.pool.wish'].create({
            'partner_id': self.anna.partner_id.id, 'company_id': self.company.id, 'applicant_id': self.anna.id,
            'pool_ids': self.pool.ids})
        self.env.flush_all()

    def mine(self, record):
        return self.env[record._name].browse(record.id)

    def assertDenied(self, function, *args):
        with self.assertRaises(AccessError), self.cr.savepoint():
            function(*args)

    @users('ivan', 'rita', 'mona')
    def test_pools_are_read(self):
        self.assertTrue(self.mine(self.pool).read(['name', 'purpose', 'rule_domain', 'talent_count', 'touched_count']))

    @users('ivan', 'rita')
    def test_what_interviewers_may_not_do_is_not_offered(self):
        offered = self.env.user == self.recruiter
        shown = {
            'hr.applicant': [(view, 'action_talent_pool_add_applicants') for view in ('form', 'kanban')],
            'hr.talent.pool': (
                ('form', 'reachable_count'), ('form', 'talent_count'), ('list', 'talent_count'),
                ('kanban', 'action_talent_pool_add_talents'), ('kanban', 'touched_count')),
        }
        for model, names in shown.items():
            for view, name in names:
                with self.subTest(model=model, view=view, name=name):
                    self.assertEqual(f'name="{name}"' in self.env[model].get_view(view_type=view)['arch'], offered)

    @users('ivan')
    def test_interviewer_changes_no_pool(self):
        self.assertDenied(self.mine(self.pool).write, {'rule_domain': '[]'})
        self.assertDenied(self.env['hr.talent.pool'].create, {'name': "Mine"})
        self.assertDenied(self.mine(self.pool).unlink)

    @users('rita', 'mona')
    def test_officer_and_manager_change_pools(self):
        pool = self.env['hr.talent.pool'].create({'name': "Mine", 'purpose': 'event', 'topic_ids': []})
        pool.write({'rule_domain': GOOD})
        pool.unlink()

    @users('ivan')
    def test_interviewer_fills_no_pool(self):
        self.assertDenied(self.mine(self.pool).action_fill)
        self.assertDenied(self.env['hr.talent.pool.fill.wizard'].create, {'pool_id': self.pool.id})
        self.assertDenied(self.mine(self.run).action_undo)
        self.assertDenied(self.mine(self.run).read, ['entered_count'])
        self.assertDenied(self.mine(self.run.entry_ids).read, ['talent_id'])
        self.assertDenied(self.mine(self.wish).read, ['partner_id'])

    @users('rita', 'mona')
    def test_officer_and_manager_fill_and_take_back(self):
        self.make_good(self.env.user.name)
        wizard = self.env['hr.talent.pool.fill.wizard'].with_context(default_pool_id=self.pool.id).create({})
        wizard.action_fill()
        self.assertIn(self.env.user.name, self.names())
        run = self.env['hr.talent.pool.fill'].search([('pool_id', '=', self.pool.id)], limit=1)
        self.assertEqual(run.read(['entered_count'])[0]['entered_count'], 1)
        self.assertTrue(run.entry_ids.read(['talent_id', 'created']))
        run.action_undo()
        self.assertNotIn(self.env.user.name, self.names())
        # else the next user lets in the one of this user
        self.env['hr.applicant'].sudo().search([('partner_name', '=', self.env.user.name)]).unlink()

    @users('rita', 'mona')
    def test_ledgers_are_written_by_nobody(self):
        for record in (self.run, self.run.entry_ids, self.wish):
            self.assertTrue(self.mine(record).read())
            self.assertDenied(self.mine(record).write, {'partner_id' if 'partner_id' in record else 'state': False})
            self.assertDenied(self.mine(record).unlink)
        self.assertDenied(self.env['hr.talent.pool.fill'].create, {'pool_id': self.pool.id})

    @users('stan')
    def test_other_companies_see_nothing(self):
        for record in (self.pool, self.run, self.run.entry_ids, self.wish):
            self.assertFalse(self.env[record._name].search([('id', '=', record.id)]))
            self.assertDenied(self.mine(record).read)
        self.assertDenied(self.mine(self.pool).action_fill)
        self.assertDenied(self.mine(self.run).action_undo)

    def make_theirs(self):
        return self.env['hr.applicant'].with_user(SUPERUSER_ID).create({
            'partner_name': "Theirs", 'email_from': "theirs@candidate.example.com", 'company_id': self.theirs.id,
            'priority': '3'})

    @users('rita')
    def test_preview_shows_no_foreign_applications(self):
        theirs = self.make_theirs()
        wizard = self.env['hr.talent.pool.fill.wizard'].create({'pool_id': self.pool.id})
        lines = self.env['hr.talent.pool.fill.wizard.line']
        self.assertDenied(lines.onchange, {'applicant_id': theirs.id}, ['applicant_id'], {'name': {}, 'outcome': {}})
        line = lines.create({'wizard_id': wizard.id, 'applicant_id': theirs.id})
        self.env.invalidate_all()
        for field in ('name', 'job_id', 'applied_on', 'outcome'):
            self.assertDenied(line.read, [field])

    def test_preview_with_one_of_two_companies_selected(self):
        self.make_theirs()
        self.theirs.candidate_consent_required = False
        self.pool.company_id = False
        self.recruiter.company_ids += self.theirs
        self.make_good("Ours")
        wizards = self.env['hr.talent.pool.fill.wizard'].with_user(self.recruiter).with_context(
            default_pool_id=self.pool.id, allowed_company_ids=self.company.ids)
        wizard = wizards.create({})
        self.env.invalidate_all()
        self.assertEqual((wizard.enter_count, wizard.line_ids.mapped('name')), (2, ["Ours"]))

    def test_entries_of_a_shared_pool(self):
        theirs = self.make_theirs()
        self.theirs.candidate_consent_required = False
        self.pool.company_id = False
        self.manager.company_ids += self.theirs
        self.set_rule(GOOD, user=self.manager)
        run = self.pool._fill_now(self.manager)
        self.env.flush_all()
        entry = run.entry_ids
        self.assertEqual((entry.application_id, entry.company_id), (theirs, self.theirs))
        entries = self.env['hr.talent.pool.fill.entry']
        ours = self.run.entry_ids
        self.assertEqual(entries.with_user(self.recruiter).search([('pool_id', '=', self.pool.id)]), ours)
        self.assertEqual(entries.with_user(self.stranger).search([('pool_id', '=', self.pool.id)]), entry)
        entry.talent_id.unlink()
        self.env.invalidate_all()
        self.assertDenied(entry.with_user(self.recruiter).read, ['application_id'])

    @users('emma')
    def test_nobody_outside_recruitment(self):
        for record in (self.pool, self.run, self.run.entry_ids, self.wish):
            self.assertDenied(self.mine(record).read)
