"""The pools, touches and consents of the demo data: lively, in both languages, and true to the ledgers."""

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

MODULE = 'candidate_relationship'


@tagged('post_install', '-at_install')
class TestRelationshipDemo(TransactionCase):
    """Loaded here as at an installation with demo data; a database that has it keeps its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref(f'{MODULE}.pool_runner_up', raise_if_not_found=False):
            cls._make_departments()
            for name in ('hr_feedback_demo', 'hr_relationship_demo'):
                convert_file(cls.env, MODULE, f'demo/{name}.xml', {}, mode='init', noupdate=True)
        cls.pools = cls.env['hr.talent.pool'].union(
            *(cls.env.ref(f'{MODULE}.{name}') for name in ('pool_runner_up', 'pool_engineers', 'pool_success')))
        cls.talents = cls.pools.talent_ids

    @classmethod
    def _make_departments(cls):
        """Odoo's own demo data has them, which this database need not have."""
        for name in ('dep_rd', 'dep_ps', 'dep_sales'):
            if not cls.env.ref(f'hr.{name}', raise_if_not_found=False):
                cls.env['ir.model.data'].create({
                    'module': 'hr', 'name': name, 'model': 'hr.department',
                    'res_id': cls.env['hr.department'].create({'name': name}).id})

    def test_pools_have_lively_figures(self):
        for pool in self.pools:
            with self.subTest(pool=pool.name):
                self.assertGreaterEqual(pool.talent_count, 10)
                self.assertTrue(0 < pool.reachable_count < pool.talent_count)
                self.assertTrue(0 < pool.touched_count < pool.talent_count)
                self.assertGreater(pool.consent_ending_count, 0)
        self.assertEqual(len(set(self.pools.with_context(lang='zh_CN').mapped('name'))), 3)
        self.assertFalse(self.pools.filtered('rule_error'))

    def test_every_person_is_one_talent(self):
        self.assertEqual(len(self.talents.partner_id), len(self.talents))
        self.assertTrue(all(talent.pool_applicant_id == talent for talent in self.talents))

    def test_talents_of_every_kind(self):
        self.assertEqual(set(self.talents.mapped('candidate_reach')), {'reachable', 'no_consent', 'left'})
        self.assertGreaterEqual(len(set(self.talents.mapped('candidate_last_touch_channel'))), 4)
        self.assertTrue(self.talents.filtered('candidate_next_step'))
        dimensions = set(self.talents.categ_ids.mapped('dimension'))
        self.assertLessEqual({'skill', 'industry', 'position', 'seniority', 'location', 'event'}, dimensions)
        self.assertTrue([name for name in self.talents.mapped('partner_name') if not name.isascii()])

    def test_history_is_without_gaps(self):
        applications = self.env['hr.applicant'].with_context(active_test=False).search(
            [('email_from', 'like', '@example.com'), ('stage_id', '!=', False)])
        stays = self.env['hr.applicant.stage.log'].search(
            [('applicant_id', 'in', applications.ids)], order='applicant_id, position')
        self.assertEqual(stays.applicant_id, applications.sorted('id'))
        for applicant, rows in stays.grouped('applicant_id').items():
            self.assertEqual(rows.mapped('position'), list(range(1, len(rows) + 1)))
            self.assertEqual(rows[-1].stage_id, applicant.stage_id)
            for row, following in zip(rows, rows[1:], strict=False):
                self.assertEqual(row.left_datetime, following.entered_datetime)

    def test_nothing_lies_in_the_future_but_what_is_planned(self):
        later = self.env['hr.candidate.touch'].search([('date', '>', fields.Datetime.now())])
        self.assertEqual(set(later.mapped('channel')) - {'meeting'}, set())
