"""The questionnaire: what it must hold, who may change it, and that nobody answers it in Odoo's own ways."""

from odoo import Command

from .common import FeedbackCase


class QuestionnaireCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ready = cls.env.ref('candidate_relationship.experience_survey')
        cls.survey = cls.env['survey.survey'].create({
            'title': "How It Felt",
            'survey_type': 'candidate_experience',
            'question_and_page_ids': [
                Command.create(cls.prepare_scale("Recommend", 'nps', 0, 10)),
                Command.create(cls.prepare_scale("Respect", 'statement', 1, 5)),
                Command.create({'title': "What", 'question_type': 'multiple_choice', 'suggested_answer_ids': [
                    Command.create({'value': "Late"}), Command.create({'value': "Rude"})]}),
                Command.create({'title': "More", 'question_type': 'text_box'}),
            ],
        })
        cls.nps, cls.statement, cls.theme, cls.comment = cls.survey.question_ids

    @staticmethod
    def prepare_scale(title, role, low, high):
        return {
            'title': title, 'question_type': 'scale', 'experience_role': role, 'scale_min': low, 'scale_max': high}


class TestReady(QuestionnaireCase):

    def test_ready_questionnaire(self):
        roles = self.ready.question_ids.mapped('experience_role')
        self.assertEqual(roles, ['nps', *['statement'] * 8, 'theme', 'comment'])
        self.assertEqual(len(self.ready.question_ids[9].suggested_answer_ids), 8)
        self.assertFalse(self.ready.lang_ids, "All languages.")
        self.ready._check_experience_questions()
