from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestNurtureProgramTour(HttpCase):
    """An administrator builds a program, simulates it and starts it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('en_US')
        cls.env.company.candidate_consent_required = False
        new_test_user(
            cls.env, login='tour_manager', name="Mona Manager", email='mona@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_manager')
        cls.env['hr.nurture.program'].search([]).action_archive()
        pool = cls.env['hr.talent.pool'].create({'name': "Tour Pool"})
        cls.env['hr.applicant'].create([
            {'partner_name': name, 'email_from': f'{name.split()[0].lower()}@candidate.example.com',
             'talent_pool_ids': [(6, 0, pool.ids)]} for name in ("Tara Tour", "Timo Tour")])

    def test_build_simulate_start(self):
        self.start_tour(
            '/odoo/action-candidate_relationship.hr_nurture_program_action', 'candidate_relationship_nurture_program',
            login='tour_manager')
        program = self.env['hr.nurture.program'].search([('name', '=', "Tour News")])
        self.assertEqual(program.step_ids.mapped('kind'), ['mailing', 'task'])
        self.assertFalse(program.enrollment_ids)
        program.step_ids[0].mailing_id.body_html = '<p>Hello!</p>'
        self.start_tour(
            f'/odoo/action-candidate_relationship.hr_nurture_program_action/{program.id}',
            'candidate_relationship_nurture_start', login='tour_manager')
        self.assertEqual((program.state, len(program.enrollment_ids)), ('running', 2))
