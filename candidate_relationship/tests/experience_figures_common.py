"""A questionnaire, answers as they are kept until they are published, and what publishing makes of them."""

import json
from datetime import date

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

from .common import INTERVIEWER, MANAGER, OFFICER

JULY = date(2026, 7, 1)
FACTS = ('department_id', 'outcome', 'stage_group', 'family_id')


class ExperienceFixtures:
    """For classes of tests that have an environment."""

    @classmethod
    def make_experience(cls):
        cls.company = cls.env['res.company'].create({'name': "Candid"})
        cls.env = cls.env(context={'lang': 'en_US', 'allowed_company_ids': cls.company.ids})
        cls.survey = cls.make_survey()
        cls.sales, cls.research, cls.legal = cls.env['hr.department'].create([
            {'name': name, 'company_id': cls.company.id} for name in ("Sales", "Research", "Legal")])
        cls.office = cls.env['hr.job.family'].create({'name': "Office"})
        cls.batches = cls.env['hr.experience.batch']

    @classmethod
    def make_survey(cls):
        """Two statements and two themes, beside the recommendation and a comment."""
        survey = cls.env['survey.survey'].create({
            'title': "Your experience", 'survey_type': 'candidate_experience',
            'question_and_page_ids': [
                Command.create(cls.prepare_question(number, *question)) for number, question in enumerate([
                    ("Recommend us?", 'scale', 'nps'), ("On time", 'scale', 'statement'),
                    ("Respectful", 'scale', 'statement'), ("What went wrong?", 'multiple_choice', 'theme'),
                    ("Anything else?", 'text_box', 'comment')])]})
        question = dict(zip(survey.question_ids.mapped('title'), survey.question_ids, strict=True))
        cls.on_time, cls.respectful = question["On time"], question["Respectful"]
        cls.late, cls.rude = question["What went wrong?"].suggested_answer_ids.sorted('sequence')
        return survey

    @classmethod
    def prepare_question(cls, number, title, kind, role):
        limits = {'scale_min': 0, 'scale_max': 10} if role == 'nps' else {'scale_min': 1, 'scale_max': 5}
        options = [Command.create({'value': value, 'sequence': place})
                   for place, value in enumerate(("Late interviewer", "Rude"))] if role == 'theme' else []
        return {
            'title': title, 'sequence': number, 'question_type': kind, 'experience_role': role,
            'suggested_answer_ids': options, **(limits if kind == 'scale' else {})}

    @classmethod
    def make_answers(cls, count, nps=9, month=JULY, statements=None, themes=(), company=None, **facts):
        values = {
            'company_id': (company or cls.company).id, 'survey_id': cls.survey.id, 'month': month, 'nps': nps,
            'statements': json.dumps({str(key.id): value for key, value in (statements or {}).items()}),
            'themes': json.dumps([theme.id for theme in themes]), 'published': False,
            **{name: getattr(value, 'id', value) for name, value in facts.items()}}
        cls.env.cr.execute(SQL(
            "INSERT INTO hr_experience_answer (id, %s) SELECT nextval('hr_experience_answer_id_seq'), %s"
            " FROM generate_series(1, %s)",
            SQL(", ").join(map(SQL.identifier, values)), SQL(", ").join(SQL("%s", value) for value in values.values()),
            count))

    @classmethod
    def make_comment(cls, body, month=JULY, sentiment='detractor', department=None):
        cls.env.cr.execute(SQL(
            "INSERT INTO hr_experience_comment (id, company_id, survey_id, month, sentiment, body, department_id,"
            " published)"
            " SELECT nextval('hr_experience_comment_id_seq'), %s, %s, %s, %s, %s, %s, FALSE",
            cls.company.id, cls.survey.id, month, sentiment, body, department.id if department else None))

    @classmethod
    def publish(cls, until=date(2026, 12, 31), company=None):
        batch = cls.batches._publish(company or cls.company, cls.survey, until)
        cls.env.invalidate_all()
        return batch

    @classmethod
    def count_waiting(cls):
        cls.env.cr.execute(SQL("SELECT COUNT(*) FROM hr_experience_answer WHERE company_id = %s", cls.company.id))
        return cls.env.cr.fetchone()[0]

    @classmethod
    def make_users(cls):
        users = {'interviewer': INTERVIEWER, 'officer': OFFICER, 'manager': MANAGER}
        for name, group in users.items():
            setattr(cls, name, new_test_user(
                cls.env, login=f'experience_{name}', groups=group, company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)], lang='en_US', email=f'{name}@example.com'))


@tagged('post_install', '-at_install')
class ExperienceFiguresCase(TransactionCase, ExperienceFixtures):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('en_US')
        cls.make_experience()
        cls.make_users()

    def get_blocks(self, *names):
        """Facts (by name) and answers of the blocks."""
        blocks = self.env['hr.experience.block'].search([('company_id', '=', self.company.id)], order='id')
        return [(*(block[name] for name in names), block.answers) for block in blocks]
