from datetime import date

from .experience_figures_common import JULY, ExperienceFiguresCase

APRIL, AUGUST, OCTOBER = date(2026, 4, 1), date(2026, 8, 1), date(2026, 10, 1)


class TestExperienceFinding(ExperienceFiguresCase):

    def find(self, **values):
        domain = [('company_id', '=', self.company.id), *((name, '=', value) for name, value in values.items())]
        return self.env['hr.experience.finding'].search(domain)

    def make_quarters(self, before, now, **facts):
        """Promoters and detractors of two quarters, published one after the other."""
        for month, (promoters, detractors) in ((APRIL, before), (JULY, now)):
            self.make_answers(promoters, nps=10, month=month, **facts)
            self.make_answers(detractors, nps=0, month=month, **facts)
            self.publish()

    def test_a_fall_beyond_chance(self):
        self.company.experience_user_id = self.officer
        self.make_quarters((35, 5), (10, 30), department_id=self.sales)
        company, sales = self.find(department_id=False), self.find(department_id=self.sales.id)
        self.assertEqual(len(company + sales), 2)
        self.assertEqual((sales.kind, sales.value_before, sales.value, sales.quarter), ('nps', 75, -50, JULY))
        self.assertEqual(sales.name, "Sales: the candidates' NPS fell from 75 to -50")
        activity = sales.activity_ids
        self.assertEqual(activity.user_id, self.officer)
        self.assertIn("Q3 2026: -50 (40 answers)", activity.note)

    def test_a_fall_within_chance(self):
        self.make_quarters((11, 4), (9, 6))
        self.assertFalse(self.find())

    def test_a_rise_is_no_finding(self):
        self.make_quarters((10, 30), (35, 5))
        self.assertFalse(self.find())

    def test_told_once(self):
        self.make_quarters((35, 5), (10, 30))
        self.make_answers(20, nps=0, month=AUGUST)
        self.publish()
        self.assertEqual(len(self.find()), 1)
        self.assertEqual(len(self.find().activity_ids), 1)
        self.assertFalse(self.env['hr.experience.finding']._look_for(self.company))

    def test_only_the_latest_quarter_is_news(self):
        self.make_quarters((35, 5), (10, 30))
        self.find().unlink()
        self.make_answers(40, nps=10, month=OCTOBER)
        self.publish()
        self.assertFalse(self.find())

    def test_a_theme_that_doubled(self):
        for month, named in ((APRIL, 3), (JULY, 8)):
            self.make_answers(named, nps=2, month=month, themes=[self.late])
            self.make_answers(20 - named, nps=2, month=month)
            self.publish()
        finding = self.find(kind='theme')
        self.assertEqual((finding.theme, finding.value_before, finding.value), ("Late interviewer", 15, 40))
        self.assertEqual(finding.name, "Candid: “Late interviewer” is named twice as often")
        self.assertTrue(finding.activity_ids)

    def test_a_theme_with_few_low_scores_behind_it(self):
        for month, named in ((APRIL, 1), (JULY, 7)):
            self.make_answers(named, nps=2, month=month, themes=[self.late])
            self.make_answers(9 - named, nps=2, month=month)
            self.make_answers(20, nps=10, month=month)
            self.publish()
        self.assertFalse(self.find(kind='theme'))

    def test_a_theme_of_a_questionnaire_that_was_duplicated(self):
        self.make_answers(3, nps=2, month=APRIL, themes=[self.late])
        self.make_answers(17, nps=2, month=APRIL)
        self.publish()
        first = self.late
        self.ask_with(self.survey.copy())
        late = self.survey.question_ids.suggested_answer_ids.sorted('sequence')[0]
        self.make_answers(8, nps=2, themes=[late])
        self.make_answers(12, nps=2)
        self.publish()
        finding = self.find(kind='theme')
        self.assertEqual((finding.option_id, finding.value_before, finding.value), (first, 15, 40))

    def ask_with(self, survey):
        self.addCleanup(setattr, type(self), 'survey', self.survey)
        type(self).survey = survey

    def test_a_theme_beside_a_questionnaire_without_it(self):
        first, other = self.survey, self.survey.copy()
        other.question_ids.filtered(lambda question: question.experience_role == 'theme').unlink()
        for month, named in ((APRIL, 3), (JULY, 8)):
            self.ask_with(first)
            self.make_answers(named, nps=2, month=month, themes=[self.late])
            self.make_answers(20 - named, nps=2, month=month)
            self.publish()
            self.ask_with(other)
            self.make_answers(15, nps=2, month=month)
            self.publish()
        self.assertEqual(self.find(kind='theme').value, 40)

    def test_a_theme_of_those_who_waited_is_no_news(self):
        """Detractors of two quarters, who were too few in the first, are counted in the second."""
        for number, month in enumerate((APRIL, JULY)):
            self.make_answers(12, nps=2, month=month, department_id=self.sales)
            self.make_answers(6, nps=2, month=month, department_id=self.legal, themes=[self.late])
            self.make_answers(10, nps=9, month=month, department_id=self.legal)
            self.publish()
            themed = self.env['hr.experience.theme.block'].search([('company_id', '=', self.company.id)])
            self.assertEqual(sum(themed.mapped('detractors')), (12, 36)[number])
        self.assertFalse(self.find(kind='theme'))

    def test_a_theme_that_is_new(self):
        self.make_answers(20, nps=2, month=APRIL)
        self.publish()
        self.make_answers(8, nps=2, themes=[self.late])
        self.make_answers(12, nps=2)
        self.publish()
        finding = self.find(kind='theme')
        self.assertEqual(finding.name, "Candid: “Late interviewer” is named, which nobody did before")
        self.assertIn("40 % named it in Q3 2026 (20 such answers), and nobody in Q2 2026 (20).",
                      finding.activity_ids.note)

    def test_noise_of_few_promoters_all_of_one_mind(self):
        """Ten promoters before, then a mix: the interval is cut off at 100, which is no part of the noise."""
        noise = self.env['hr.experience.finding']._get_noise((JULY, 0, 40, 20, 20), (APRIL, 100, 10, 10, 0))
        self.assertAlmostEqual(noise, 41.57, 2)

    def test_who_is_told(self):
        findings = self.env['hr.experience.finding']
        self.company.experience_user_id = self.interviewer
        self.assertEqual(findings._get_responsible(self.company), self.manager, "Somebody who may look at it.")
        self.company.experience_user_id = self.officer
        self.assertEqual(findings._get_responsible(self.company), self.officer)

    def test_from_the_finding_to_the_figures(self):
        self.make_quarters((35, 5), (10, 30), department_id=self.sales)
        action = self.find(department_id=self.sales.id).with_user(self.officer).action_open_experience()
        self.assertEqual(action['tag'], 'candidate_relationship.experience')
        self.assertEqual(action['context'], {'department_id': self.sales.id, 'quarter': '2026-07-01'})
