"""The finished round of the demo data."""

from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

from . import test_relationship_demo as relationship

MODULE = relationship.MODULE


@tagged('post_install', '-at_install')
class TestReactivationDemo(TransactionCase):
    """Loaded here as at an installation with demo data; a database that has it keeps its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref(f'{MODULE}.pool_runner_up', raise_if_not_found=False):
            relationship.TestRelationshipDemo._make_departments.__func__(cls)
            for name in ('hr_feedback_demo', 'hr_relationship_demo'):
                convert_file(cls.env, MODULE, f'demo/{name}.xml', {}, mode='init', noupdate=True)
        job = cls.env.ref(f'{MODULE}.job_engineer')
        rounds = cls.env['hr.pool.reactivation']
        cls.round = rounds.search([('job_id', '=', job.id), ('state', '=', 'closed')], order='id', limit=1)
        if not cls.round:
            convert_file(cls.env, MODULE, 'demo/hr_reactivation_demo.xml', {}, mode='init', noupdate=True)
            cls.round = rounds.search([('job_id', '=', job.id), ('state', '=', 'closed')], order='id', limit=1)

    def test_a_finished_round(self):
        matches = self.round.match_ids
        self.assertLessEqual(
            {'recommended', 'excluded', 'delivered', 'clicked', 'interested', 'later', 'not_interested'},
            set(matches.mapped('state')))
        self.assertTrue(all(matches.mapped('reasons')))
        self.assertEqual(len(matches.application_id), 3)
        report = self.env['hr.pool.report']
        figures = report._read_group([('reactivation_id', '=', self.round.id)], [], [
            'delivered_count:sum', 'answered_count:sum', 'applied_count:sum', 'interviewed_count:sum',
            'hired_count:sum', 'activation_rate:avg'])[0]
        self.assertEqual(figures, (8, 6, 3, 3, 1, 75))

    def test_its_reasons_are_of_its_day(self):
        day = str(self.round.prepared_datetime.date())
        facts = self.round.match_ids.mapped('facts')
        self.assertLessEqual(max(fact['freshness']['date'] for fact in facts if fact['freshness']), day)
        self.assertEqual(self.round.considered_count, len(facts))
        self.assertEqual(
            sum(self.round.exclusion_ids.mapped('person_count')), self.round.excluded_count)
        applied = self.round.match_ids.application_id.mapped('create_date')
        self.assertGreater(str(min(applied)), day)
