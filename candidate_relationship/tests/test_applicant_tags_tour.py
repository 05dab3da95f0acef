from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestTagsTour(HttpCase):
    """A recruiter finds people in the pool by their tags."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('en_US')
        new_test_user(
            cls.env, login='tour_recruiter', name="Rita Recruiter", email='rita@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_user')
        cls.python, cls.berlin, cls.paris, cls.bank = cls.env['hr.applicant.category'].create([
            {'name': "Tour Python", 'dimension': 'skill', 'color': 1},
            {'name': "Tour Berlin", 'dimension': 'location', 'color': 2},
            {'name': "Tour Paris", 'dimension': 'location', 'color': 3},
            {'name': "Tour Bank", 'dimension': 'industry', 'color': 4},
        ])
        pool = cls.env['hr.talent.pool'].create({'name': "Tour Pool"})
        bank = cls.env['hr.department'].create({'name': "Tour Bank"})
        cls.bea, cls.pia, cls.jon = cls.env['hr.applicant'].create([
            {
                'partner_name': name,
                'email_from': f"{name.split()[0].lower()}@candidate.example.com",
                'talent_pool_ids': [Command.set(pool.ids)],
                'categ_ids': [Command.set(tags.ids)],
                'department_id': bank.id,
            } for name, tags in (
                ("Bea Berlin", cls.python + cls.berlin),
                ("Pia Paris", cls.python + cls.paris),
                ("Jon Java", cls.berlin),
            )
        ])

    def test_find_in_pool(self):
        self.start_tour('/odoo', 'candidate_relationship_find_in_pool', login='tour_recruiter')
        self.assertEqual(self.bea.categ_ids, self.bank + self.berlin + self.python)
        self.assertEqual(self.pia.categ_ids, self.paris + self.python)
