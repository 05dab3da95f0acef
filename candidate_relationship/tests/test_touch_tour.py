from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestTouchTour(HttpCase):
    """A recruiter logs a LinkedIn message with two talents from the list, and a call from the form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the tours read English words, whatever the database speaks
        cls.env['res.lang']._activate_lang('en_US')
        cls.recruiter = new_test_user(
            cls.env, login='tour_recruiter', name="Rita Recruiter", email='rita@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_user')
        pool = cls.env['hr.talent.pool'].create({'name': "Tour Pool"})
        cls.lena, cls.carl, cls.nina = cls.env['hr.applicant'].create([{
            'partner_name': name, 'email_from': f'{name.split()[0].lower()}@talent.example.com', 'job_id': False,
            'talent_pool_ids': [Command.set(pool.ids)],
        } for name in ("Lena LinkedIn", "Carl Called", "Nina Never")])

    def channels(self, talent):
        return self.env['hr.candidate.touch'].search([
            ('partner_id', '=', talent.partner_id.id)], order='id').mapped('channel')

    def test_log_from_the_list_of_talents(self):
        self.start_tour(
            '/odoo/talents?view_type=list', 'candidate_relationship_touch', login='tour_recruiter')
        self.assertEqual(self.channels(self.lena), ['linkedin'])
        self.assertEqual(self.channels(self.carl), ['linkedin', 'call'])
        self.assertFalse(self.channels(self.nina))
        self.assertIn("LinkedIn message to Lena LinkedIn", self.lena.message_ids[0].body)
