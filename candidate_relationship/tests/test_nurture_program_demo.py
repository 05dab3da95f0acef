"""The two programs of the demo data: running, with people in different steps."""

from odoo.tests import tagged
from odoo.tools.convert import convert_file

from . import test_relationship_demo as relationship

MODULE = relationship.MODULE


@tagged('post_install', '-at_install')
class TestNurtureProgramDemo(relationship.TestRelationshipDemo):
    """What the demo data of relationships is true to holds with programs too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref(f'{MODULE}.program_engineers', raise_if_not_found=False):
            convert_file(cls.env, MODULE, 'demo/hr_nurture_program_demo.xml', {}, mode='init', noupdate=True)
        cls.programs = cls.env.ref(f'{MODULE}.program_engineers') | cls.env.ref(f'{MODULE}.program_greetings')

    def test_running(self):
        self.assertEqual(set(self.programs.mapped('state')), {'running'})
        self.assertFalse([problem for problem in self.programs.step_ids.mapped('problem') if problem])

    def test_people_in_different_steps(self):
        for program in self.programs:
            running = program.enrollment_ids.filtered(lambda row: row.state == 'running')
            self.assertGreaterEqual(len(running.next_step_id), 2, program.name)
            self.assertTrue(all(running.mapped('next_date')), program.name)
            self.assertTrue(program.enrollment_ids.log_ids)
        engineers = self.programs[0]
        self.assertTrue(engineers.waiting_count)
        self.assertIn('replied', engineers.enrollment_ids.mapped('ended_reason'))
        self.assertEqual(engineers.mailing_ids.state, 'done')

    def test_nothing_is_sent(self):
        self.assertFalse(self.env['mail.mail'].search([('mailing_id', 'in', self.programs.mailing_ids.ids)]))

    def test_simulated(self):
        for program in self.programs:
            events, _held = program._simulate(120)
            self.assertTrue(events, program.name)
