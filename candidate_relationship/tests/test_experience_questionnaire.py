"""The questionnaire: what it must hold, who may change it, and that nobody answers it in Odoo's own ways."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged, users
from odoo.tools import mute_logger

from ..models.hr_survey_invitation import FACTS
from .common import INTERVIEWER, MANAGER, OFFICER, FeedbackCase

OPERATIONS = ('read', 'write', 'create', 'unlink')


class QuestionnaireMixin:

    @classmethod
    def make_survey(cls, survey_type='candidate_experience'):
        return cls.env['survey.survey'].create({
            'title': "How It Felt",
            'survey_type': survey_type,
            'question_and_page_ids': [
                Command.create(cls.prepare_scale("Recommend", 'nps', 0, 10)),
                Command.create(cls.prepare_scale("Respect", 'statement', 1, 5)),
                Command.create({'title': "What", 'question_type': 'multiple_choice', 'suggested_answer_ids': [
                    Command.create({'value': "Late"}), Command.create({'value': "Rude"})]}),
                Command.create({'title': "More", 'question_type': 'text_box'}),
            ],
        })

    @staticmethod
    def prepare_scale(title, role, low, high):
        return {
            'title': title, 'question_type': 'scale', 'experience_role': role, 'scale_min': low, 'scale_max': high}


class QuestionnaireCase(QuestionnaireMixin, FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.make_survey()
        cls.nps, cls.statement, cls.theme, cls.comment = cls.survey.question_ids
        for login, groups in {
            'xena': 'base.group_user', 'ines': INTERVIEWER, 'olaf': OFFICER, 'mary': MANAGER,
            'susi': 'base.group_user,survey.group_survey_user', 'serg': 'base.group_user,survey.group_survey_manager',
        }.items():
            new_test_user(cls.env, login, groups=groups)

    def assertTold(self, text, exception=ValidationError):
        """What to do is said."""
        return self.assertRaisesRegex(exception, text)


class TestQuestions(QuestionnaireCase):

    def test_ready_questionnaire(self):
        ready = self.env.ref('candidate_relationship.experience_survey')
        roles = ready.question_ids.mapped('experience_role')
        self.assertEqual(roles, ['nps', *['statement'] * 8, 'theme', 'comment'])
        self.assertEqual(len(ready.question_ids[9].suggested_answer_ids), 8)
        self.assertFalse(ready.lang_ids, "All languages.")
        ready._check_experience_questions()

    def test_role_by_type(self):
        self.assertEqual(self.theme.experience_role, 'theme')
        self.assertEqual(self.comment.experience_role, 'comment')
        scale = self.env['survey.question'].create({
            'survey_id': self.survey.id, 'title': "S", 'question_type': 'scale', 'scale_min': 1, 'scale_max': 5})
        self.assertEqual(scale.experience_role, 'statement')
        scale.question_type = 'text_box'
        self.assertEqual(scale.experience_role, 'comment')

    def test_other_types_have_no_role(self):
        survey = self.make_survey('custom')
        survey.question_ids.flush_recordset()
        stock = self.env['survey.question'].create({
            'survey_id': survey.id, 'title': "S", 'question_type': 'scale', 'scale_min': 3, 'scale_max': 4})
        self.assertFalse(stock.experience_role)
        survey.question_ids[2:].unlink()

    def test_sections_need_no_role(self):
        self.survey.question_and_page_ids = [Command.create({'title': "Part", 'is_page': True, 'question_type': False})]
        self.assertFalse(self.survey.page_ids.experience_role)

    def test_role_is_kept_on_copy(self):
        copy = self.survey.copy()
        self.assertEqual(copy.question_ids.mapped('experience_role'), ['nps', 'statement', 'theme', 'comment'])
        self.assertEqual(self.statement.copy().experience_role, 'statement')

    def test_empty_questionnaire(self):
        survey = self.env['survey.survey'].create({'title': "New", 'survey_type': 'candidate_experience'})
        with self.assertTold("exactly one NPS question, but has 0"):
            survey.question_and_page_ids = [Command.create(self.prepare_scale("S", 'statement', 1, 5))]

    def test_second_nps(self):
        with self.assertTold("exactly one NPS question, but has 2"):
            self.nps.copy()

    def test_nps_deleted(self):
        with self.assertTold("exactly one NPS question, but has 0"):
            self.nps.unlink()

    def test_all_deleted(self):
        self.survey.question_ids.unlink()
        self.assertFalse(self.survey.question_ids)

    def test_nps_replaced_in_one_save(self):
        self.survey.question_and_page_ids = [
            Command.delete(self.nps.id), Command.create(self.prepare_scale("Again", 'nps', 0, 10))]
        self.assertEqual(self.survey.question_ids.filtered(lambda q: q.experience_role == 'nps').title, "Again")

    def test_role_moved_in_one_save(self):
        self.survey.question_and_page_ids = [
            Command.update(self.nps.id, self.prepare_scale("A", 'statement', 1, 5)),
            Command.update(self.statement.id, self.prepare_scale("B", 'nps', 0, 10))]
        self.assertEqual(self.statement.experience_role, 'nps')

    def test_save_of_the_survey_is_checked(self):
        with self.assertTold("but has 0"):
            self.survey.question_and_page_ids = [Command.delete(self.nps.id)]

    def test_scales(self):
        with self.assertTold("from 0 to 10, which the role NPS"), self.env.cr.savepoint():
            self.nps.scale_max = 9
        self.env.invalidate_all()
        with self.assertTold("from 1 to 5, which the role Statement"):
            self.statement.scale_min = 0

    def test_kinds(self):
        for kind in ('simple_choice', 'char_box', 'numerical_box', 'date', 'datetime', 'matrix'):
            with self.subTest(kind), self.assertTold("choose the type Scale"), self.env.cr.savepoint():
                self.comment.question_type = kind
            self.env.invalidate_all()

    def test_role_must_fit(self):
        with self.assertTold("choose the type Scale"):
            self.comment.experience_role = 'theme'

    def test_conditional_display(self):
        with self.assertTold("Remove its conditional display"):
            self.comment.triggering_answer_ids = self.theme.suggested_answer_ids[0]

    @users('mary')
    def test_form(self):
        form = Form(self.env['survey.survey'].with_context(default_survey_type='candidate_experience'))
        form.title = "By Hand"
        survey = form.save()
        self.assertEqual((survey.access_mode, survey.questions_layout), ('token', 'one_page'))
        self.add_question(survey, "First", 'scale')
        self.add_question(survey, "Second", 'scale')
        self.add_question(survey, "Third", 'text_box')
        self.assertEqual(
            survey.question_ids.mapped(lambda q: (q.experience_role, q.scale_min, q.scale_max))[:2],
            [('nps', 0, 10), ('statement', 1, 5)])

    def add_question(self, survey, title, kind):
        form = Form(self.env['survey.question'].with_context(default_survey_id=survey.id))
        form.title = title
        form.question_type = kind
        return form.save()


class TestAnswered(QuestionnaireCase):
    """What answers rely on stays; which of the questions and options they chose is not told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.survey.copy()
        cls.env['hr.experience.answer']._store(dict.fromkeys(FACTS), cls.survey, cls.company, {
            'threshold': 10, 'nps': 9, 'statements': {cls.statement.id: 4},
            'themes': cls.theme.suggested_answer_ids[:1].ids})

    def assertStays(self):
        return self.assertTold("Duplicate the questionnaire", UserError)

    def test_nothing_is_deleted(self):
        for record in (*self.survey.question_ids, *self.theme.suggested_answer_ids, self.survey):
            with self.subTest(record), self.assertStays(), self.env.cr.savepoint():
                record.unlink()

    def test_meaning_stays(self):
        for vals in ({'question_type': 'text_box'}, {'experience_role': 'nps'}, {'survey_id': self.other.id}):
            with self.subTest(vals), self.assertStays():
                self.statement.write(vals)
        with self.assertStays():
            self.theme.suggested_answer_ids[0].question_id = self.other.question_ids[2]
        with self.assertStays():
            self.survey.survey_type = 'custom'

    def test_words_stay(self):
        """What was answered would mean something else."""
        for record, vals in ((self.statement, {'title': "Disrespected"}), (self.nps, {'scale_max_label': "Never"}),
                             (self.theme.suggested_answer_ids[0], {'value': "Too early"})):
            if not record[next(iter(vals))]:
                record.write(dict.fromkeys(vals, "As it was"))
            with self.subTest(vals), self.assertStays():
                record.write(vals)

    def test_translations_may_come_later(self):
        self.env['res.lang']._activate_lang('fr_FR')
        french = self.statement.with_context(lang='fr_FR')
        french.title = "Respecté"
        with self.assertStays():
            french.title = "Méprisé"

    def test_words_written_in_another_language_stay(self):
        self.env['res.lang']._activate_lang('fr_FR')
        french = self.other.with_context(lang='fr_FR').question_ids[1].copy({
            'survey_id': self.other.id, 'title': "Écouté"})
        self.env['hr.experience.answer']._store(dict.fromkeys(FACTS), self.other, self.company, {
            'threshold': 10, 'nps': 9, 'statements': {french.id: 4}, 'themes': []})
        with self.assertStays():
            french.title = "Ignoré"

    def test_translated_words_stay(self):
        """Odoo's dialog of translations writes beside the form."""
        self.env['res.lang']._activate_lang('fr_FR')
        option = self.theme.suggested_answer_ids[0]
        for record, name in ((self.statement, 'title'), (option, 'value')):
            record.update_field_translations(name, {'fr_FR': "Avant"})
            record.update_field_translations(name, {'fr_FR': "Avant", 'en_US': record[name]})
            for words in ("Après", False):
                with self.subTest(name), self.assertStays():
                    record.update_field_translations(name, {'fr_FR': words})
            with self.subTest(name), self.assertStays():
                record.update_field_translations(name, {'en_US': "Otherwise"})

    def test_what_nobody_answers_by_may_change(self):
        self.statement.write({
            'title': self.statement.title, 'question_type': 'scale', 'survey_id': self.survey.id, 'sequence': 7})
        self.survey.question_and_page_ids = [Command.create(self.prepare_scale("New", 'statement', 1, 5))]

    def test_unanswered_is_free(self):
        self.other.question_ids[1].unlink()
        self.other.question_ids[1].suggested_answer_ids[0].unlink()
        self.other.unlink()


class TestRights(QuestionnaireCase):

    def rights(self, records):
        return [name for name in OPERATIONS if records.with_env(self.env).has_access(name)]

    def all_records(self):
        return self.survey, self.nps, self.theme.suggested_answer_ids

    @users('mary', 'susi', 'serg')
    def test_administrator_and_survey_user(self):
        for records in self.all_records():
            self.assertEqual(self.rights(records), list(OPERATIONS))
        self.assertIn('candidate_experience', self.survey.with_env(self.env).allowed_survey_types)

    @users('olaf')
    def test_officer(self):
        for records in self.all_records():
            self.assertEqual(self.rights(records), ['read'])
        self.assertFalse(self.survey.with_env(self.env).allowed_survey_types)

    @users('ines', 'xena')
    def test_interviewer_and_employee(self):
        for records in self.all_records():
            self.assertEqual(self.rights(records), [])

    @users('mary', 'olaf')
    def test_other_surveys(self):
        stock = self.make_survey_as_root()
        for records in (stock, stock.question_ids, stock.question_ids.suggested_answer_ids):
            self.assertEqual(self.rights(records), [])
        with self.assertRaises(AccessError):
            stock.with_env(self.env).survey_type = 'candidate_experience'

    def make_survey_as_root(self):
        return self.make_survey('custom').sudo()

    @users('mary')
    def test_administrator_opens_the_form(self):
        with Form(self.survey.with_env(self.env)) as form:
            form.title = "New Title"
        self.assertEqual(self.survey.answer_done_count, 0)

    def test_menu(self):
        menu = self.env.ref('candidate_relationship.menu_survey_survey_experience')
        seen = {login for login in ('xena', 'ines', 'olaf', 'mary') if menu.id in self.env['ir.ui.menu'].with_user(
            self.env['res.users'].search([('login', '=', login)])).with_context(lang='en_US')._visible_menu_ids()}
        self.assertEqual(seen, {'mary'})


class TestClosed(QuestionnaireCase):
    """No answer of Odoo's own kind, by whomever."""

    def assertNone(self):
        self.assertFalse(self.env['survey.user_input'].sudo().with_context(active_test=False).search_count(
            [('survey_id', '=', self.survey.id)]))

    @users('mary', 'susi', 'serg')
    def test_actions(self):
        survey = self.survey.with_env(self.env)
        for action in ('action_send_survey', 'action_start_survey', 'action_print_survey', 'action_result_survey',
                       'action_start_session', 'action_open_session_manager'):
            with self.subTest(action), self.assertTold("anonymously", UserError):
                getattr(survey, action)()
        with self.assertTold("anonymously", UserError):
            survey._create_answer(user=self.env.user, test_entry=True)
        self.assertNone()

    @users('mary')
    def test_test_button(self):
        action = self.survey.with_env(self.env).action_test_survey()
        self.assertEqual(action['url'], f'/candidate/experience/preview/{self.survey.id}')

    def test_not_even_the_superuser(self):
        with self.assertTold("name the person"):
            self.env['survey.user_input'].sudo().create({'survey_id': self.survey.id})
        stock = self.make_survey('custom')
        answer = stock._create_answer(email='a@example.com')
        with self.assertTold("name the person"), self.env.cr.savepoint():
            answer.survey_id = self.survey
        with self.assertTold("name the person"):
            stock.survey_type = 'candidate_experience'

    def test_stock_invitation(self):
        invite = self.env['survey.invite'].create({'survey_id': self.survey.id, 'emails': 'a@example.com'})
        with self.assertTold("anonymously", UserError):
            invite.action_invite()
        self.assertNone()

    def test_other_types_as_before(self):
        stock = self.make_survey('custom')
        self.assertEqual(stock.action_test_survey()['url'], f'/survey/test/{stock.access_token}')
        self.assertEqual(stock.action_result_survey()['url'], f'/survey/results/{stock.id}')
        answer = stock._create_answer(email='a@example.com')
        answer._mark_done()
        self.assertEqual((stock.answer_count, stock.answer_done_count), (1, 1))


@tagged('-at_install', 'post_install')
class TestRoutes(QuestionnaireMixin, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.make_survey()
        cls.survey.access_mode = 'public'  # the most open there is
        cls.stock = cls.make_survey('custom')
        new_test_user(cls.env, 'serg', password='serg-password', groups='base.group_user,survey.group_survey_manager')

    def call(self, url):
        return self.make_jsonrpc_request(url, {})

    def redirects(self, url):
        return self.url_open(url, allow_redirects=False).headers.get('Location', '')

    def test_public_pages(self):
        self.check_pages()

    def test_pages_as_survey_administrator(self):
        self.authenticate('serg', 'serg-password')
        self.check_pages()

    def check_pages(self):
        token = self.survey.access_token
        for url in (f'/survey/start/{token}', f'/survey/{token}/none', f'/survey/print/{token}',
                    f'/survey/retry/{token}/none'):
            with self.subTest(url):
                self.assertEqual(self.redirects(url).removeprefix(self.base_url()), '/')
        for name in ('begin', 'next_question', 'submit'):
            with self.subTest(name):
                self.assertEqual(self.call(f'/survey/{name}/{token}/none'), [{}, {'error': 'survey_wrong'}])
        self.assertFalse(self.survey.user_input_ids)

    def test_test_page(self):
        self.authenticate('serg', 'serg-password')
        url = self.redirects(f'/survey/test/{self.survey.access_token}')
        self.assertEqual(url.removeprefix(self.base_url()), f'/candidate/experience/preview/{self.survey.id}')
        self.assertFalse(self.survey.user_input_ids)

    @mute_logger('odoo.http')
    def test_results_and_sessions(self):
        self.authenticate('serg', 'serg-password')
        self.survey.write({'session_state': 'ready', 'session_code': '4711'})
        token = self.survey.access_token
        for url in (f'/survey/results/{self.survey.id}', f'/survey/session/manage/{token}',
                    f'/survey/{self.survey.id}/certification_preview',
                    f'/survey/{self.survey.id}/get_certification_preview'):
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.call(f'/survey/session/next_question/{token}'), {})
        self.assertFalse(self.call(f'/survey/session/results/{token}'))
        self.assertEqual(self.call(f'/survey/session/leaderboard/{token}'), '')
        self.assertEqual(self.call('/survey/check_session_code/4711'), {'error': 'survey_wrong'})

    def test_other_types_as_before(self):
        self.assertIn(f'/survey/{self.stock.access_token}/', self.redirects(f'/survey/start/{self.stock.access_token}'))
        self.authenticate('serg', 'serg-password')
        self.assertEqual(self.url_open(f'/survey/results/{self.stock.id}').status_code, 200)
        self.assertIn('/survey/start/', self.redirects(f'/survey/test/{self.stock.access_token}'))
        self.stock.session_state = 'ready'
        self.assertEqual(self.url_open(f'/survey/session/manage/{self.stock.access_token}').status_code, 200)
