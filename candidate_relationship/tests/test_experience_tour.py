from datetime import date

from odoo.tests import HttpCase, tagged

from .experience_figures_common import JULY, ExperienceFixtures


@tagged('post_install', '-at_install')
class TestExperienceTour(HttpCase, ExperienceFixtures):
    """An administrator publishes what waits, looks at a department, reads the comments and takes up a finding."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the tours read English words, whatever the database speaks
        cls.env['res.lang']._activate_lang('en_US')
        cls.make_experience()
        cls.make_users()

    def make_story(self):
        self.make_answers(40, nps=10, month=date(2026, 4, 1), department_id=self.sales)
        self.publish()
        self.make_answers(30, nps=1, department_id=self.sales, themes=[self.late], statements={self.on_time: 1})
        self.make_answers(20, nps=10, department_id=self.research, statements={self.on_time: 5})
        self.make_answers(3, department_id=self.legal)
        for number in range(24):
            self.make_comment(f"Waited {number} minutes <script>alert(1)</script>", department=self.sales)

    def test_manager(self):
        self.make_story()
        self.start_tour(
            '/odoo/candidate-experience', 'candidate_relationship_experience', login='experience_manager')
        self.assertEqual(self.count_waiting(), 0)

    def test_before_there_are_figures(self):
        self.make_answers(3)
        self.start_tour(
            '/odoo/candidate-experience', 'candidate_relationship_experience_empty', login='experience_officer')

    def test_on_a_phone_and_by_keyboard(self):
        self.make_story()
        self.make_answers(9, month=JULY)
        self.publish()
        self.browser_size = '400x800'
        self.touch_enabled = False
        self.start_tour(
            '/odoo/candidate-experience', 'candidate_relationship_experience_phone', login='experience_officer')
