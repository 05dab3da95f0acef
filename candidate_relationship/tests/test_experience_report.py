from datetime import date
from math import sqrt

from dateutil.relativedelta import relativedelta
from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import Form

from .experience_figures_common import JULY, ExperienceFiguresCase

APRIL, OCTOBER = date(2026, 4, 1), date(2026, 10, 1)
REPORTS = ('hr.experience.report', 'hr.experience.statement.report', 'hr.experience.theme.report')
KEPT = (
    'hr.experience.batch', 'hr.experience.block', 'hr.experience.block.statement', 'hr.experience.theme.block',
    'hr.experience.block.theme', 'hr.experience.complaint', 'hr.experience.answer', 'hr.experience.comment')


class TestExperienceReport(ExperienceFiguresCase):

    def get_report(self, groupby, *spec, model='hr.experience.report', user=None):
        report = self.env[model].with_user(user or self.officer)
        return report._read_group([], [groupby] if groupby else [], spec)

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def test_nps_of_a_group_is_that_of_its_answers(self):
        self.make_answers(30, nps=10, department_id=self.sales)
        self.make_answers(10, nps=0, department_id=self.legal)
        self.publish()
        self.assertEqual(self.get_report('department_id', 'nps:avg', 'answers:sum'), [
            (self.sales, 100, 30), (self.legal, -100, 10)])
        self.assertEqual(self.get_report(None, 'nps:avg'), [(50,)], "Not the average of 100 and -100.")

    def test_interval(self):
        self.make_answers(50, nps=10)
        self.make_answers(30, nps=7)
        self.make_answers(20, nps=6)
        self.publish()
        ((nps, low, high),) = self.get_report(None, 'nps:avg', 'nps_low:avg', 'nps_high:avg')
        self.assertEqual(nps, 30)
        share = (50 - 20) / 103
        half = 1.96 * sqrt(((50 + 20 + 1.5) / 103 - share ** 2) / 103)
        self.assertAlmostEqual(float(low), 100 * (share - half), 3)
        self.assertAlmostEqual(float(high), 100 * (share + half), 3)

    def test_ten_promoters_leave_a_doubt(self):
        self.make_answers(10, nps=10)
        self.publish()
        ((low, high),) = self.get_report(None, 'nps_low:avg', 'nps_high:avg')
        self.assertLess(low, 70)
        self.assertEqual(high, 100)

    def test_response_rate_without_invitations_is_not_known(self):
        self.make_answers(10)
        self.publish()
        self.assertEqual(self.get_report(None, 'response_rate:avg', 'invited:sum'), [(False, 0)])

    def test_response_rate_of_invitations_and_answers_in_different_batches(self):
        self._invite(40)
        self.make_answers(10)
        self.publish()
        self.make_answers(12)
        self.publish()
        self.assertEqual(self.get_report(None, 'response_rate:avg', 'invited:sum'), [(55, 40)])

    def test_response_rate_of_answers_to_invitations_before(self):
        self._invite(20, date(2026, 4, 9))
        self.make_answers(10, month=APRIL)
        self.make_answers(10)
        self.publish()
        self.assertEqual(self.get_report('month:quarter', 'response_rate:avg', 'invited:sum'), [
            (APRIL, 50, 20), (JULY, False, 0)])
        self.assertEqual(self.get_report(None, 'response_rate:avg'), [(100,)])

    def _invite(self, count, day=date(2026, 7, 9)):
        self.env['hr.survey.invitation'].create([{
            'survey_id': self.survey.id, 'company_id': self.company.id, 'state': 'sent', 'sent_date': day}] * count)

    def test_statements_by_their_effect(self):
        self.make_answers(20, nps=10, statements={self.on_time: 5, self.respectful: 3})
        self.make_answers(20, nps=0, statements={self.on_time: 1, self.respectful: 3})
        self.make_answers(5, nps=5, statements={self.on_time: 3, self.respectful: 5})
        self.publish()
        rows = self.env['hr.experience.report'].with_user(self.officer).get_experience()['statements']
        self.assertEqual([(row['label'], row['answers']) for row in rows], [("On time", 45), ("Respectful", 45)])
        self.assertAlmostEqual(rows[0]['effect'], 1)
        self.assertAlmostEqual(rows[1]['effect'], 0)
        self.assertAlmostEqual(rows[0]['average'], 3)

    def test_statements_that_few_answered_are_not_shown(self):
        self.make_answers(9, statements={self.on_time: 5, self.respectful: 3})
        self.make_answers(1, statements={self.on_time: 2})
        self.publish()
        rows = self.env['hr.experience.report'].with_user(self.officer).get_experience()['statements']
        self.assertEqual([row['label'] for row in rows], ["On time"])
        statements = self.env['hr.experience.statement.report'].with_user(self.officer)
        self.assertEqual(statements.search([]).mapped('statement'), ["On time"], "Nor by RPC.")

    def test_statements_that_few_of_a_block_answered_do_not_add_up(self):
        """A sum of several blocks less one of them would tell what those few said."""
        self.make_answers(10, department_id=self.sales, statements={self.respectful: 3})
        self.make_answers(2, department_id=self.legal, statements={self.respectful: 1})
        self.make_answers(8, department_id=self.legal)
        self.publish()
        self.assertEqual(
            self.get_report(None, 'answers:sum', 'total:sum', model='hr.experience.statement.report'), [(10, 30)])

    def test_nobody_reads_the_sums_of_the_recommendation(self):
        self.make_answers(11, statements={self.on_time: 5})
        self.publish()
        statements = self.env['hr.experience.statement.report'].with_user(self.officer)
        for name in ('nps_total', 'nps_squared', 'product', 'total_squared'):
            with self.assertRaises(AccessError):
                statements.search([]).read([name])
            with self.assertRaises(AccessError):
                statements._read_group([], [], [f'{name}:sum'])
        self.assertEqual(self.get_report(None, 'average:avg', model='hr.experience.statement.report'), [(5,)])

    def test_themes_of_detractors(self):
        self.make_answers(10, nps=3, themes=[self.late])
        self.make_answers(10, nps=3, themes=[self.late, self.rude])
        self.make_answers(20, nps=10, themes=[self.rude])
        self.publish()
        rows = self.env['hr.experience.report'].with_user(self.officer).get_experience()['themes']
        self.assertEqual([(row['label'], row['share'], row['named'], row['detractors']) for row in rows], [
            ("Late interviewer", 100, 20, 20), ("Rude", 50, 10, 20)])

    def test_what_few_detractors_name_waits_for_others(self):
        """Of nine among many answers nothing is told, to nobody and in no way; with the tenth they are counted."""
        for month, detractors in ((APRIL, 4), (JULY, 5), (OCTOBER, 1)):
            rows = self.env['hr.experience.report'].with_user(self.officer).get_experience()['themes']
            self.assertEqual(rows, [])
            counted = self.env['hr.experience.theme.block'].search_count([('company_id', '=', self.company.id)])
            self.assertEqual(counted, 0)
            self.make_answers(20, nps=10, month=month, themes=[self.rude])
            self.make_answers(detractors, nps=2, month=month, themes=[self.late])
            self.publish()
        rows = self.env['hr.experience.report'].with_user(self.officer).get_experience()['themes']
        self.assertEqual([(row['label'], row['named'], row['detractors']) for row in rows], [
            ("Late interviewer", 10, 10)])
        self.assertFalse(self.env['hr.experience.complaint'].search([('company_id', '=', self.company.id)]))

    def test_departments_with_few_detractors_wait_and_hide_no_other(self):
        self.make_answers(11, nps=0, department_id=self.sales, themes=[self.late])
        for department in (self.legal, self.research):
            self.make_answers(4, nps=0, department_id=department)
            self.make_answers(10, nps=9, department_id=department)
        self.publish()
        self.assertEqual(self._get_theme_blocks(), [(self.sales, 11)])
        self.make_answers(2, nps=0, department_id=self.legal)
        self.make_answers(10, nps=9, department_id=self.legal)
        self.publish()
        self.assertEqual(self._get_theme_blocks(), [(self.sales, 11), (self.env['hr.department'], 10)])

    def _get_theme_blocks(self):
        blocks = self.env['hr.experience.theme.block'].search([('company_id', '=', self.company.id)], order='id')
        return [(block.department_id, block.detractors) for block in blocks]

    def test_detractors_are_counted_by_whole_blocks(self):
        """Else their number in a group too small would follow from the difference to the answers."""
        self.make_answers(11, nps=0, department_id=self.sales, outcome='refused')
        self.make_answers(1, nps=9, department_id=self.sales, outcome='hired')
        self.make_answers(4, nps=0, department_id=self.legal, outcome='refused')
        self.make_answers(30, nps=9, department_id=self.research)
        self.publish()
        themed = self.env['hr.experience.theme.block'].search([('company_id', '=', self.company.id)])
        self.assertEqual([(block.department_id, block.outcome, block.detractors) for block in themed], [
            (self.env['hr.department'], False, 15)])

    def test_unflushed_writes_are_seen(self):
        self.make_answers(10, outcome='hired')
        block = self.publish().block_ids
        block.outcome = 'refused'
        self.assertEqual(self.get_report('outcome', 'answers:sum'), [('refused', 10)])

    # ------------------------------------------------------------------
    # The screen
    # ------------------------------------------------------------------

    def test_screen(self):
        self.make_answers(12, department_id=self.sales, month=APRIL)
        self.make_answers(10, nps=1, department_id=self.legal)
        self.make_answers(3, department_id=self.research)
        self.make_answers(8)
        self.publish()
        report = self.env['hr.experience.report'].with_user(self.officer)
        screen = report.get_experience()
        self.assertEqual(screen['figures']['answers'], 33)
        self.assertEqual([(row['label'], row['answers']) for row in screen['periods']], [
            ("Q2 2026", 12), ("Q3 2026", 21)])
        self.assertEqual([(row['label'], row['answers']) for row in screen['slices']], [
            ("Sales", 12), ("Legal", 10), ("Several departments", 11)])
        self.assertEqual([row['name'] for row in screen['departments']], ["Legal", "Sales"], "Those with a block.")
        self.assertEqual(screen['state'], {'enough': False, 'can_publish': False})
        filtered = report.get_experience(department_id=self.legal.id, quarter='2026-07-01')
        self.assertEqual([(row['label'], row['answers']) for row in filtered['periods']], [("Jul 2026", 10)])
        none = report.get_experience(department_id=self.research.id)
        self.assertEqual((none['figures'], none['periods'], none['statements']), (False, [], []))

    def test_how_many_wait_is_told_to_nobody(self):
        report = self.env['hr.experience.report'].with_user(self.manager)
        states = []
        for _number in range(3):
            states.append(report.get_experience()['state'])
            self.make_answers(4)
        self.assertEqual(states, [states[0]] * 3)
        self.assertFalse(states[0]['enough'])
        self.assertTrue(report.get_experience()['state']['enough'])

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def test_interviewer_sees_nothing(self):
        for model in (*REPORTS, 'hr.experience.finding'):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.interviewer).search([])
        report = self.env['hr.experience.report'].with_user(self.interviewer)
        for call in (report.get_experience, report.get_experience_comments, report.action_print_experience):
            with self.assertRaises(AccessError):
                call()

    def test_nobody_sees_what_figures_are_made_of(self):
        self.make_answers(10)
        self.make_comment("Mine")
        admin = self.env.ref('base.user_admin')
        for model in KEPT:
            for user in (self.officer, self.manager, admin):
                for operation in ('read', 'write', 'create', 'unlink'):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation), (model, user.login))

    def test_officer_reads_and_changes_nothing(self):
        for user in (self.officer, self.manager):
            for model in (*REPORTS, 'hr.experience.finding'):
                self.env[model].with_user(user).search([])
                for operation in ('write', 'create', 'unlink'):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation), (model, operation))

    def test_another_company(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        self.make_answers(10, company=other)
        self.publish(company=other)
        self.make_answers(12, nps=0)
        self.publish()
        self.assertEqual(self.get_report(None, 'answers:sum'), [(12,)])
        self.officer.company_ids += other
        report = self.env['hr.experience.report'].with_user(self.officer)
        for companies, answers in ((other, 10), (self.company, 12), (self.company + other, 22)):
            screen = report.with_context(allowed_company_ids=companies.ids).get_experience()
            self.assertEqual(screen['figures']['answers'], answers)
        stranger = report.with_user(self.manager).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            stranger.get_experience()

    # ------------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------------

    def _print(self, **values):
        wizard = self.env['hr.experience.report.wizard'].with_user(self.officer).create(values)
        page, _kind = self.env['ir.actions.report'].with_user(self.officer)._render_qweb_html(
            'candidate_relationship.report_experience', wizard.ids)
        return page.decode()

    def test_pdf(self):
        self.make_answers(10, nps=10, department_id=self.sales, month=APRIL)
        self.make_answers(10, nps=0, department_id=self.sales, themes=[self.late], statements={self.on_time: 1})
        self.make_answers(10, nps=10, department_id=self.legal, statements={self.on_time: 5})
        self.make_answers(10, nps=10, department_id=self.legal, month=OCTOBER)
        self.make_comment("<script>alert('late')</script>", department=self.sales)
        self.publish()
        page = self._print(quarter='2026-07-01')
        for text in ("Q3 2026", "Q2 2026", "Candid", "Sales", "Legal", "On time", "Late interviewer", "100%",
                     "&lt;script&gt;alert("):
            self.assertIn(text, page)
        self.assertNotIn("Q4 2026", page, "Later quarters are none of its business.")
        self.assertNotIn("<script>alert", page)
        page = self._print(quarter='2026-07-01', department_id=self.legal.id)
        self.assertNotIn("Sales", page)

    def test_pdf_of_a_department_that_is_too_small(self):
        self.make_answers(9, department_id=self.sales)
        self.make_answers(11, department_id=self.legal)
        self.make_comment("Secret", department=self.sales)
        self.publish()
        page = self._print(quarter='2026-07-01', department_id=self.sales.id)
        self.assertIn("There are no published answers", page)
        self.assertNotIn("Secret", page)

    def test_pdf_before_there_are_figures(self):
        wizard = Form(self.env['hr.experience.report.wizard'].with_user(self.officer)).save()
        self.assertTrue(wizard.quarter)
        self.assertIn("There are no published answers", self._print())

    def test_pdf_of_an_older_quarter_has_its_own_trend(self):
        for number in range(12):
            self.make_answers(10, month=JULY + relativedelta(months=-3 * number))
        self.publish()
        page = self._print(quarter='2024-04-01')
        for label in ("Q4 2023", "Q1 2024", "Q2 2024"):
            self.assertIn(label, page)
        self.assertNotIn("Q3 2024", page)

    def test_pdf_says_how_many_of_the_comments_it_has_and_of_how_many_answers_figures_are(self):
        self.make_answers(10)
        for number in range(23):
            self.make_comment(f"Comment {number}")
        self.publish()
        self.company.experience_threshold = 15
        page = ' '.join(html.fromstring(self._print(quarter='2026-07-01')).text_content().split())
        self.assertIn("all of them are on the screen: 20 of 23", page)
        self.assertIn("Each figure is about at least 10 of them", page)

    def test_pdf_promises_no_more_than_its_trend_holds(self):
        self.company.experience_threshold = 5
        self.make_answers(6, month=JULY - relativedelta(months=3))
        self.publish()
        self.company.experience_threshold = 10
        self.make_answers(10)
        self.publish()
        self.assertIn("Each figure is about at least 5 of them", ' '.join(
            html.fromstring(self._print(quarter='2026-07-01')).text_content().split()))

    def test_halves_are_rounded_as_on_the_screen(self):
        report = self.env['report.candidate_relationship.report_experience']
        self.assertEqual([report._format_signed(value) for value in (2.5, -2.5, 0.4, -0.4)], ["+3", "−3", "0", "0"])

    def test_pdf_of_all_companies_on_the_screen(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.officer.company_ids += other
        for company, count in ((self.company, 10), (other, 12)):
            self.make_answers(count, company=company)
            self.publish(company=company)
        report = self.env['hr.experience.report'].with_user(self.officer).with_context(
            allowed_company_ids=(self.company + other).ids)
        (printed,) = report.action_print_experience(quarter='2026-07-01')['context']['active_ids']
        pages, _kind = self.env['ir.actions.report'].with_env(report.env)._render_qweb_html(
            'candidate_relationship.report_experience', [printed])
        self.assertIn("Candid, Other", pages.decode())
        self.assertIn(">22<", pages.decode())

    def test_pdf_of_a_company_of_others(self):
        other = self.env['res.company'].create({'name': "Other"})
        with self.assertRaises(AccessError):
            self._print(quarter='2026-07-01', company_ids=other.ids)

    def test_which_quarter_is_asked_for_where_the_screen_shows_all(self):
        self.make_answers(10, department_id=self.sales)
        self.publish()
        action = self.env['hr.experience.report'].with_user(self.officer).action_print_experience(
            department_id=self.sales.id)
        self.assertEqual((action['res_model'], action['target']), ('hr.experience.report.wizard', 'new'))
        wizard = Form(self.env['hr.experience.report.wizard'].with_user(self.officer).with_context(
            **action['context']))
        self.assertEqual((wizard.department_id, wizard.quarter), (self.sales, '2026-07-01'))

    def test_pdf_from_the_screen(self):
        self.make_answers(10)
        self.publish()
        action = self.env['hr.experience.report'].with_user(self.officer).action_print_experience(
            quarter='2026-07-01')
        self.assertEqual(action['report_name'], 'candidate_relationship.report_experience')
