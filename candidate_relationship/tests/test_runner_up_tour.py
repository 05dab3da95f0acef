from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestRunnerUpTour(HttpCase):
    """A recruiter refuses a near miss and keeps in touch; a rule fills a pool."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('en_US')
        cls.env.company.candidate_consent_required = False
        cls.recruiter = new_test_user(
            cls.env, login='tour_recruiter', name="Rita Recruiter", email='rita@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_user')
        cls.env['hr.applicant.refuse.reason'].create({'name': "Another was better", 'sequence': 0})
        cls.env['hr.talent.pool'].search([]).action_archive()
        cls.pool, cls.by_rule = cls.env['hr.talent.pool'].create([
            {'name': "Silver Medals", 'purpose': 'runner_up'}, {'name': "Excellent People", 'purpose': 'skills'}])
        cls.near, cls.other = cls.env['hr.applicant'].create([
            {'partner_name': "Nora Near", 'email_from': 'nora@candidate.example.com', 'priority': '3',
             'user_id': cls.recruiter.id, 'job_id': cls.env['hr.job'].create({'name': "Pilot"}).id},
            {'partner_name': "Otto Other", 'email_from': 'otto@candidate.example.com'},
        ])
        cls.stage = cls.env.ref('hr_recruitment.stage_job3')
        cls.stage.with_context(lang='en_US').name = "Second Interview"
        cls.near.stage_id = cls.stage

    def test_refuse_with_keep_in_touch(self):
        self.start_tour(
            f'/odoo/action-hr_recruitment.crm_case_categ0_act_job/{self.near.id}', 'candidate_relationship_runner_up',
            login='tour_recruiter')
        talent = self.near.pool_applicant_id
        self.assertEqual((talent.partner_name, talent.talent_pool_ids), ("Nora Near", self.pool))
        self.assertFalse(self.near.active)

    def test_fill_by_rule(self):
        self.by_rule.with_user(self.recruiter).rule_domain = (
            f"[('priority', '=', '3'), ('stage_id', '=', {self.stage.id}), ('id', '=', {self.near.id})]")
        self.start_tour(
            f'/odoo/action-hr_recruitment.action_hr_talent_pool/{self.by_rule.id}',
            'candidate_relationship_pool_fill', login='tour_recruiter')
        self.assertEqual(self.near.pool_applicant_id.talent_pool_ids, self.by_rule)
