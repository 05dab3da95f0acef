"""Answers are stored so that nobody reads them, and so that nothing in the database tells whose they are."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import users
from odoo.tools import SQL, mute_logger

from .common import MANAGER
from .experience_common import AskCase

MODELS = ('hr.experience.answer', 'hr.experience.comment', 'hr.experience.ballot')
# written by publishing; what they say is read in the reports
FIGURES = ('batch', 'block', 'block.statement', 'theme.block', 'block.theme', 'complaint')
# who may export nothing at all is told so
REFUSED = {'export_data': UserError}
NO_FACTS = dict.fromkeys(('department_id', 'outcome', 'stage_group', 'family_id'), False)
# All that there is; whoever adds a column asks what it tells.
COLUMNS = {
    'hr_experience_answer': {
        'id', 'company_id', 'survey_id', 'month', 'department_id', 'family_id', 'stage_group', 'outcome', 'nps',
        'statements', 'themes', 'threshold', 'published'},
    'hr_experience_complaint': {
        'id', 'company_id', 'survey_id', 'month', 'department_id', 'family_id', 'stage_group', 'outcome', 'threshold',
        'themes'},
    'hr_experience_comment': {
        'id', 'company_id', 'survey_id', 'month', 'department_id', 'sentiment', 'body', 'published'},
    'hr_experience_ballot': {'id', 'ballot'},
}


class AnswerCase(AskCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Answer = cls.env['hr.experience.answer'].sudo()
        cls.Ballot = cls.env['hr.experience.ballot'].sudo()

    def store(self, nps, facts=None, company=None, **values):
        self.Answer._store(NO_FACTS | (facts or {}), self.survey, company or self.company, {
            'threshold': 10, 'nps': nps, **values})

    def rows(self, columns, table='hr_experience_answer', order='ctid'):
        return self.env.execute_query(SQL(
            "SELECT %s FROM %s WHERE company_id = %s ORDER BY %s", SQL(columns), SQL.identifier(table),
            self.company.id, SQL(order)))


class TestRights(AnswerCase):

    def setUp(self):
        super().setUp()
        self.store(3, comments=["Nobody called."])
        self.Ballot._use('token')

    @users('ivan', 'rita', 'mona')
    def test_nobody_reads(self):
        self.assertNobodyReads()

    @users('ivan', 'rita', 'mona')
    def test_figures_are_read_in_the_reports_alone(self):
        for name in FIGURES:
            for operation in ('read', 'write', 'create', 'unlink'):
                self.assertFalse(self.env[f'hr.experience.{name}'].has_access(operation), (name, operation))

    def test_an_id_alone_is_not_exported_either(self):
        self.make_user('gina', f'{MANAGER},base.group_system,base.group_allow_export')
        user = self.env['res.users'].search([('login', '=', 'gina')])
        for name in (*MODELS, *(f'hr.experience.{figure}' for figure in FIGURES)):
            with self.assertRaises(AccessError, msg=name):
                self.env[name].with_user(user).export_data(['id'])

    def test_nor_an_administrator_of_odoo(self):
        self.make_user('gina', f'{MANAGER},base.group_system,survey.group_survey_manager')
        self.env = self.env(user=self.env['res.users'].search([('login', '=', 'gina')]))
        self.assertNobodyReads()

    def assertNobodyReads(self):
        for name in MODELS:
            model, rows = self.env[name], self.env[name].sudo().search([]).with_env(self.env)
            self.assertTrue(rows)
            for records, method, *arguments in (
                    (rows, 'read', ['id']), (rows, 'export_data', ['display_name']), (rows, 'unlink'),
                    (rows, 'write', {}), (rows, 'web_read', {'display_name': {}}), (model, 'search', []),
                    (model, 'search_count', []), (model, 'create', {}),
                    (model, 'web_search_read', [], {'id': {}}), (model, 'name_search', ''),
                    (model, 'formatted_read_group', [], ['id'], ['__count'])):
                with self.assertRaises(REFUSED.get(method, AccessError), msg=method), mute_logger('odoo.models.unlink'):
                    getattr(records, method)(*arguments)

    def test_no_model_leads_there(self):
        """Neither a field nor a view of another model, through which one could read."""
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                if field.comodel_name in MODELS:
                    self.assertIn(name, MODELS, f"{name}.{field.name}")
        self.assertFalse(self.env['ir.ui.view'].search([('model', 'in', MODELS)]))


class TestTraces(AnswerCase):

    def test_columns(self):
        for table, known in COLUMNS.items():
            rows = self.env.execute_query(SQL(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", table))
            self.assertEqual({name for (name,) in rows}, known)

    def test_no_key_to_a_person(self):
        targets = self.env.execute_query(SQL(
            "SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
            " AND conrelid::regclass::text IN %s", tuple(COLUMNS)))
        self.assertEqual({table for (table,) in targets}, {
            'res_company', 'survey_survey', 'hr_department', 'hr_job_family'})

    def test_no_date_but_the_month(self):
        self.set_time('2026-03-17 13:14')
        self.store(5, comments=["Late"])
        self.assertEqual(self.rows("month"), [(date(2026, 3, 1),)])
        self.assertEqual(self.rows("month", 'hr_experience_comment'), [(date(2026, 3, 1),)])

    def test_month_is_that_of_the_company(self):
        self.company.resource_calendar_id.tz = self.company.partner_id.tz = 'Asia/Shanghai'
        self.set_time('2026-03-31 20:00')
        self.assertEqual(self.env['hr.survey.invitation']._get_today(self.company).month, 4)
        self.store(5)
        self.assertEqual(self.rows("month"), [(date(2026, 4, 1),)])

    def test_order_of_ids_and_of_the_heap_is_random(self):
        """Each answer carries its number: by chance, 40 of them have no order worth mentioning."""
        for number in range(40):
            self.store(number, comments=[f"{number:02}"])
        for table, column in (('hr_experience_answer', 'nps'), ('hr_experience_comment', 'body::int')):
            for order in ('id', 'ctid'):
                found = [value for (value,) in self.rows(column, table, order)]
                self.assertEqual(sorted(found), list(range(40)))
                self.assertLess(abs(self.correlate(found)), 0.55, f"{table} by {order}")
            self.assertNotEqual(self.rows('id', table, 'id'), self.rows('id', table, 'ctid'))

    @staticmethod
    def correlate(numbers):
        """Spearman; of 40 in random order, 0.55 is passed once in 4,000."""
        count = len(numbers)
        return 1 - 6 * sum((place - number) ** 2 for place, number in enumerate(numbers)) / (count * (count**2 - 1))

    def test_all_rows_are_of_the_last_transaction(self):
        """What was stored before is written anew: all are of the same statement."""
        self.store(1)
        (before,) = self.rows("ctid::text")
        for number in range(5):
            self.store(number)
        self.assertEqual(len(self.rows("DISTINCT xmin::text || '.' || cmin::text", order='1')), 1)
        self.assertNotIn(before, self.rows("ctid::text"))

    def test_other_months_and_companies_stay(self):
        other = self.env['res.company'].create({'name': "Next Door"})
        self.store(1, company=other)
        self.store(2)
        self.set_time('2026-05-05 08:00')
        before = self.rows("ctid::text, id, nps")
        self.store(3)
        self.assertEqual(self.rows("ctid::text, id, nps")[:1], before)
        self.assertEqual(len(self.Answer.search([('company_id', '=', other.id)])), 1)

    def test_contents_stay_together(self):
        department = self.env['hr.department'].create({'name': "Sales", 'company_id': self.company.id})
        for number in range(11):
            self.store(
                number, {'department_id': department.id if number % 2 else False, 'outcome': 'hired'},
                statements={'7': number}, themes=[number], comments=[f"{number}"])
        for answer in self.Answer.search([('company_id', '=', self.company.id)]):
            self.assertEqual(answer.statements, {'7': answer.nps})
            self.assertEqual(answer.themes, [answer.nps])
            self.assertEqual(bool(answer.department_id), bool(answer.nps % 2))
            self.assertEqual(answer.outcome, 'hired')
            self.assertFalse(answer.family_id or answer.stage_group or answer.published)

    def test_nothing_chosen(self):
        self.store(1)
        self.assertEqual(self.rows("statements::text, themes::text"), [('{}', '[]')])

    def test_published_stays(self):
        self.store(1)
        self.Answer.search([]).published = True
        self.store(2)
        self.assertEqual(self.rows("nps, published", order='nps'), [(1, True), (2, False)])

    def test_published_ones_do_not_tell_when_somebody_answers(self):
        for nps in range(8):
            self.store(nps, comments=[f"Number {nps}"])
        self.env['hr.experience.comment'].sudo().search([]).published = True
        self.env.flush_all()
        before = self.rows("ctid::text, id, body", 'hr_experience_comment')
        self.store(9, comments=["Late"])
        after = self.rows("ctid::text, id, body", 'hr_experience_comment')
        self.assertEqual([row for row in after if row in before], before)
        self.assertEqual(len(after), 9)

    def test_comments(self):
        self.store(9, comments=["Fine\0", "   ", "x" * 6000])
        self.store(8, comments=["So so"])
        self.store(0, comments=["Bad"])
        rows = self.rows("sentiment, LENGTH(body)", 'hr_experience_comment', 'sentiment, 2')
        self.assertEqual(rows, [('detractor', 3), ('passive', 5), ('promoter', 4), ('promoter', 5000)])


class TestBallot(AnswerCase):

    def test_once(self):
        self.assertFalse(self.Ballot._is_used('one'))
        self.assertTrue(self.Ballot._use('one'))
        self.assertTrue(self.Ballot._is_used('one'))
        self.assertFalse(self.Ballot._use('one'))
        self.assertTrue(self.Ballot._use('two'))

    def test_database_refuses_a_second(self):
        self.Ballot._use('one')
        with self.assertRaises(psycopg2.IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.env.cr.execute("INSERT INTO hr_experience_ballot (ballot) SELECT ballot FROM hr_experience_ballot")

    def test_ballot_tells_nothing_without_the_key(self):
        ballot = self.Ballot._get_ballot('one')
        self.assertNotIn(ballot, {sha256(b'one').hexdigest(), 'one'})
        with self.other_key():
            self.assertNotEqual(self.Ballot._get_ballot('one'), ballot)

    def test_lost_key(self):
        """Everybody can still answer, even twice: nobody can tell who has."""
        old = self.make_invitations(2)
        self.Ballot._use(old[0].token)
        with self.other_key():
            self.assertTrue(self.Ballot._use(old[0].token))
            self.assertTrue(self.Ballot._use(old[1].token))

    def test_key_file(self):
        with self.other_key() as path:
            key = self.Ballot._get_key()
            self.assertEqual(len(key), 32)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
            self.assertEqual(self.Ballot._get_key(), key)
            self.assertEqual(list(path.parent.iterdir()), [path], "nothing else is left")

    def test_key_is_made_once(self):
        """However many ask for it at once, they get the same one."""
        for _time in range(20):
            with self.other_key() as path:
                with ThreadPoolExecutor(8) as pool:
                    list(pool.map(self.Ballot._make_key, [path] * 8))
                first = path.read_bytes()
                self.Ballot._make_key(path)
                self.assertEqual(path.read_bytes(), first)

    def test_broken_key(self):
        with self.other_key() as path:
            path.parent.mkdir(parents=True)
            path.write_bytes(b'')
            with self.assertRaises(ValueError):
                self.Ballot._get_ballot('one')

    def test_key_is_not_in_the_database(self):
        path = self.Ballot._get_key_path()
        self.assertEqual(path.name, f'{self.env.cr.dbname}.key')
        self.assertNotIn('filestore', path.parts)

    def other_key(self):
        return OtherKey(type(self.Ballot))


class OtherKey:
    """As on a machine without the file."""

    def __init__(self, model):
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / 'keys' / 'x.key'
        self.patch = patch.object(model, '_get_key_path', lambda _self: self.path)

    def __enter__(self):
        self.patch.start()
        return self.path

    def __exit__(self, *error):
        self.patch.stop()
        self.folder.cleanup()
