"""The answers of the demo data, and what they tell."""

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

from . import test_relationship_demo as relationship

MODULE = relationship.MODULE


@tagged('post_install', '-at_install')
class TestExperienceDemo(TransactionCase):
    """Loaded here as at an installation with demo data; a database that has it keeps its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={'lang': 'en_US'})
        survey = cls.env.ref(f'{MODULE}.experience_survey')
        cls.own = [('survey_id', '=', survey.id), ('company_id', '=', cls.env.company.id)]
        cls.report = cls.env['hr.experience.report']
        if not cls.report.search_count(cls.own, limit=1):
            relationship.TestRelationshipDemo._make_departments.__func__(cls)
            convert_file(cls.env, MODULE, 'demo/hr_experience_demo.xml', {}, mode='init', noupdate=True)

    def test_150_answers_of_four_quarters(self):
        rows = self.report._read_group(self.own, ['month:quarter'], ['answers:sum'])
        self.assertEqual((len(rows), sum(answers for _quarter, answers in rows)), (4, 150))
        self.assertFalse(self.report.search_count([*self.own, ('month', '>', fields.Date.today())]))
        self.env.cr.execute("SELECT 1 FROM hr_experience_answer WHERE published IS NOT TRUE")
        self.assertFalse(self.env.cr.rowcount)

    def test_one_department_has_late_interviewers(self):
        department = self.env.ref('hr.dep_rd')
        domain = [*self.own, ('department_id', '=', department.id)]
        nps = [value for _quarter, value in self.report._read_group(domain, ['month:quarter'], ['nps:avg'])]
        self.assertGreater(min(nps[:2]), 30)
        self.assertLess(max(nps[2:]), -30)
        themes = self.report._get_themes(domain)
        self.assertEqual(themes[0]['label'], self._get_late_theme().value)
        self.assertGreater(themes[0]['share'], 60)

    def _get_late_theme(self):
        questions = self.env.ref(f'{MODULE}.experience_survey').question_ids
        return questions.filtered(
            lambda question: question.experience_role == 'theme').suggested_answer_ids.sorted('sequence')[0]

    def test_it_was_found(self):
        found = self.env['hr.experience.finding'].search([('department_id', '=', self.env.ref('hr.dep_rd').id)])
        self.assertIn('nps', found.mapped('kind'))

    def test_there_is_something_to_read(self):
        comments = self.report.get_experience()['comments']
        self.assertGreaterEqual(comments['total'], 15)
        self.assertTrue(any(row['department'] for row in comments['rows']))
