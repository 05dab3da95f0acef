from datetime import date
from io import BytesIO

from lxml import etree, html

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader
from odoo.tools.safe_eval import safe_eval

from .common import INTERVIEWER, OFFICER, FeedbackCase, at

PDF = 'candidate_relationship.report_feedback_promises'


class FeedbackReportCase(FeedbackCase):
    """Ten promises whose figures are computed by hand in the tests.

    The clock stands on Monday, 2 March 2026.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls.env['hr.department'].create({'name': "Sales", 'company_id': cls.company.id})
        cls.env['hr.feedback.sla'].search([]).action_archive()  # the promises are made by hand
        cls.candidate = cls.make_applicants("Jane Doe")
        cls.kept = [
            cls.make_promise(state='kept', working_hours=hours, told_date='2026-02-06') for hours in (2, 4, 6)]
        cls.late = cls.make_promise(state='late', working_hours=20)
        cls.overdue = cls.make_promise(deadline='2026-02-27 16:00')
        cls.running = cls.make_promise(deadline='2026-03-04 16:00', told_date='2026-03-04')
        cls.paused = cls.make_promise(state='paused', deadline='2026-02-27 16:00')
        cls.cancelled = cls.make_promise(state='cancelled', told_date='2026-02-06')
        cls.sold = [
            cls.make_promise(state='kept', working_hours=hours, department_id=cls.sales.id, user_id=cls.colleague.id)
            for hours in (10, 12)]
        cls.env.flush_all()

    @classmethod
    def make_promise(cls, **vals):
        return cls.env['hr.feedback.promise'].create({
            'applicant_id': cls.make_applicants("Jane Doe").id,
            'trigger': 'application',
            'means': 'any',
            'company_id': cls.company.id,
            'department_id': cls.research.id,
            'job_id': cls.job.id,
            'user_id': cls.recruiter.id,
            'trigger_datetime': '2026-02-03 09:00:00',
            'deadline': '2026-02-06 16:00:00',
            **vals,
        })

    def get_report(self, user=None):
        """The report as an officer of the company sees it."""
        return self.env['hr.feedback.report'].with_user(user or self.recruiter).with_context(
            allowed_company_ids=self.company.ids)

    def get_figures(self, *arguments, **options):
        return self.get_report()._get_figures(*arguments, **options)

    def get_row(self, promise):
        return self.get_report().browse(promise.id)


@tagged('post_install', '-at_install')
class TestFeedbackReport(FeedbackReportCase):

    # -- figures ---------------------------------------------------------

    def test_figures_by_hand(self):
        self.assertEqual(self.get_figures([]), [{
            'promises': 10,
            'decided': 7,  # 5 kept, 1 late, 1 overdue
            'kept': 5,
            'late': 1,
            'overdue': 1,
            'answered': 6,
            'tellable': 9,
            'told': 4,  # the cancelled one, though told, is in neither number
            'kept_rate': 500 / 7,
            'told_rate': 400 / 9,
            'median': 8.0,  # 2 4 6 10 12 20
            'p90': 16.0,  # halfway between 12 and 20
        }])

    def test_rate_is_what_its_counts_say(self):
        for row in self.get_figures([], 'department_id'):
            self.assertAlmostEqual(row['kept_rate'], 100 * row['kept'] / row['decided'])
            self.assertAlmostEqual(row['told_rate'], 100 * row['told'] / row['tellable'])

    def test_figures_by_group(self):
        rows = {row['group']: row for row in self.get_figures([], 'department_id')}
        research, sales = rows[self.research], rows[self.sales]
        self.assertEqual((research['promises'], research['kept_rate']), (8, 60.0))
        self.assertEqual((research['median'], sales['kept_rate'], sales['median']), (5.0, 100.0, 11.0))
        self.assertAlmostEqual(research['p90'], 15.8)  # of 2 4 6 20
        self.assertAlmostEqual(sales['p90'], 11.8)
        by_user = {row['group']: row['answered'] for row in self.get_figures([], 'user_id')}
        self.assertEqual(by_user, {self.recruiter: 4, self.colleague: 2})

    def test_nothing_known_is_not_zero(self):
        row, = self.get_figures([('promise_id', 'in', (self.running | self.paused).ids)])
        self.assertEqual((row['promises'], row['decided'], row['tellable']), (2, 0, 2))
        self.assertIs(row['kept_rate'], False)
        self.assertIs(row['median'], False)
        self.assertIs(row['p90'], False)
        self.assertEqual(row['told_rate'], 50.0)

    def test_no_promise(self):
        row, = self.get_figures([('trigger', '=', 'outcome')])
        self.assertFalse(any(row.values()))
        self.assertEqual(self.get_figures([('trigger', '=', 'outcome')], 'user_id'), [])

    def test_unflushed_write(self):
        """Each column sees what was written a moment ago."""
        self.running.write({'state': 'late', 'working_hours': 30.0})
        self.assertEqual(self.get_figures([])[0]['late'], 2)
        self.assertEqual(self.get_figures([])[0]['median'], 10.0)
        self.overdue.deadline = '2026-03-09 16:00:00'
        self.assertEqual(self.get_figures([])[0]['overdue'], 0)
        self.paused.told_date = '2026-02-27'
        self.assertEqual(self.get_figures([])[0]['told'], 5)
        self.kept[0].department_id = self.sales
        rows = {row['group']: row['kept'] for row in self.get_figures([], 'department_id')}
        self.assertEqual(rows, {self.research: 2, self.sales: 3})
        self.sold[0].unlink()
        self.assertEqual(self.get_figures([])[0]['promises'], 9)

    def test_overdue_follows_the_clock(self):
        self.assertEqual(self.get_figures([])[0]['overdue'], 1)
        self.set_time('2026-03-04 16:01')
        self.assertEqual(self.get_figures([])[0]['overdue'], 2)
        self.assertEqual(self.get_figures([])[0]['kept_rate'], 500 / 8)

    def test_without_deadline_never_overdue(self):
        self.overdue.deadline = False
        self.assertEqual(self.get_row(self.overdue).state, 'running')
        self.assertEqual(self.get_figures([])[0]['decided'], 6)

    def test_talents_count_nowhere(self):
        """Adding to a pool copies the applicant; the copy is no application."""
        applicant = self.kept[0].applicant_id
        pool = self.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': self.company.id})
        self.make_policy('application')
        self.env['talent.pool.add.applicants'].create({
            'applicant_ids': [Command.set(applicant.ids)], 'talent_pool_ids': [Command.set(pool.ids)],
        }).action_add_applicants_to_pool()
        self.assertEqual(pool.no_of_talents, 1)
        self.assertEqual(self.get_figures([])[0]['promises'], 10)

    # -- rows ------------------------------------------------------------

    def test_rows(self):
        row = self.get_row(self.kept[1])
        self.assertEqual(row.applicant_id, self.kept[1].applicant_id)
        self.assertEqual((row.state, row.trigger, row.means), ('kept', 'application', 'any'))
        self.assertEqual((row.job_id, row.department_id, row.user_id), (self.job, self.research, self.recruiter))
        self.assertEqual((row.company_id, row.working_hours), (self.company, 4.0))
        self.assertEqual((row.trigger_datetime, row.deadline), (at('2026-02-03 09:00'), at('2026-02-06 16:00')))
        self.assertEqual(row.told_date, date(2026, 2, 6))

    def test_state_knows_overdue(self):
        states = {state: count for state, count in self.get_report()._read_group([], ['state'], ['__count'])}
        self.assertEqual(
            states, {'kept': 5, 'late': 1, 'overdue': 1, 'running': 1, 'paused': 1, 'cancelled': 1})
        self.assertEqual(self.get_report().search([('state', '=', 'overdue')]).promise_id, self.overdue)
        self.assertEqual(
            self.get_report().search([('state', 'not in', ['overdue', 'kept', 'late'])]).promise_id,
            self.running | self.paused | self.cancelled)

    def test_opens_the_applicant(self):
        action = self.get_row(self.late).action_open_applicant()
        self.assertEqual((action['res_model'], action['res_id']), ('hr.applicant', self.late.applicant_id.id))

    # -- what the web client asks for -------------------------------------

    def test_pivot_totals_are_of_the_rows(self):
        """The total of a median is the median of all, not of the groups' medians."""
        total, groups = self.get_report().formatted_read_grouping_sets(
            [], [[], ['department_id']],
            ['working_hours_median:avg', 'working_hours_p90:avg', 'kept_rate:avg', '__count'])
        self.assertEqual(total[0]['working_hours_median:avg'], 8.0)
        self.assertEqual(total[0]['working_hours_p90:avg'], 16.0)
        self.assertEqual(
            {group['department_id'][1]: group['working_hours_median:avg'] for group in groups},
            {"Research": 5.0, "Sales": 11.0})

    def test_list_groups(self):
        result = self.get_report().web_read_group(
            [], ['department_id', 'user_id'], ['working_hours_median:avg', 'decided_count:sum'], auto_unfold=True)
        self.assertEqual([group['working_hours_median:avg'] for group in result['groups']], [5.0, 11.0])
        self.assertEqual([group['decided_count:sum'] for group in result['groups']], [5, 2])

    def test_graph_by_month(self):
        self.kept[0].trigger_datetime = '2026-01-05 09:00:00'
        months = self.get_report().with_context(fill_temporal=True).formatted_read_group(
            [], ['trigger_datetime:month'], ['kept_rate:avg', 'working_hours_p90:avg'])
        self.assertEqual([month['kept_rate:avg'] for month in months], [100.0, 400 / 6])

    def test_groups_sort_by_percentile(self):
        order = self.get_report()._read_group(
            [], ['department_id'], ['working_hours_median:avg'], order='working_hours_median:avg DESC')
        self.assertEqual([row[0] for row in order], [self.sales, self.research])

    def test_measures(self):
        fields_info = self.get_report().fields_get()
        for name in ('kept_rate', 'told_rate', 'working_hours_avg', 'working_hours_median', 'working_hours_p90'):
            self.assertEqual(fields_info[name]['aggregator'], 'avg')
            # Odoo's grouped export would read an unknown rate as zero
            self.assertFalse(fields_info[name]['exportable'])
        self.assertFalse(fields_info['working_hours'].get('aggregator'))

    def test_selections_in_chinese(self):
        states = dict(self.get_report().with_context(lang='zh_CN').fields_get(['state'])['state']['selection'])
        self.assertEqual(list(states), ['running', 'paused', 'kept', 'late', 'cancelled', 'overdue'])
        self.assertNotEqual(states['overdue'], "Overdue")

    def test_views(self):
        for view in ('pivot', 'graph', 'list'):
            self.get_report().get_view(view_type=view)

    def test_filters(self):
        arch = etree.fromstring(self.get_report().get_view(view_type='search')['arch'])
        found = {}
        for node in arch.iter('filter'):
            if node.get('domain'):
                domain = safe_eval(node.get('domain'), {'uid': self.recruiter.id})
                found[node.get('name')] = self.get_report().search_count(domain)
        self.assertEqual(found, {
            'my_promises': 8, 'kept': 5, 'late': 1, 'overdue': 1, 'after_application': 10, 'after_stage': 0,
            'after_interview': 0, 'after_outcome': 0, 'last_3_months': 10})

    # -- rights -----------------------------------------------------------

    def test_interviewer_sees_no_report(self):
        with self.assertRaises(AccessError):
            self.get_report(self.interviewer)._get_figures([])
        with self.assertRaises(AccessError):
            self.env['hr.feedback.report.wizard'].with_user(self.interviewer).create({})

    def test_companies_are_apart(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        stranger = self.make_user('sten', OFFICER, company=other)
        self.make_promise(company_id=other.id, department_id=False, job_id=False, state='late', working_hours=1)
        self.assertEqual(self.get_figures([])[0]['promises'], 10)
        report = self.env['hr.feedback.report'].with_user(stranger).with_context(allowed_company_ids=other.ids)
        row, = report._get_figures([])
        self.assertEqual((row['promises'], row['late']), (1, 1))

    def test_menus(self):
        visible = self.env['ir.ui.menu'].with_user(self.recruiter)._visible_menu_ids()
        hidden = self.env['ir.ui.menu'].with_user(self.interviewer)._visible_menu_ids()
        for name in ('hr_feedback_report_menu', 'hr_feedback_report_wizard_menu'):
            menu = self.env.ref(f'candidate_relationship.{name}')
            self.assertIn(menu.id, visible)
            self.assertNotIn(menu.id, hidden)


@tagged('post_install', '-at_install')
class TestFeedbackReportPdf(FeedbackReportCase):

    def make_wizard(self, lang='en_US', user=None, **vals):
        wizards = self.env['hr.feedback.report.wizard'].with_user(user or self.recruiter)
        return wizards.with_context(lang=lang, tz='Europe/Brussels', allowed_company_ids=self.company.ids).create(vals)

    def render(self, wizard):
        """The page, as an element tree."""
        reports = self.env['ir.actions.report'].with_env(wizard.env)
        return html.fromstring(reports._render_qweb_html(PDF, wizard.ids)[0].decode())

    def get_texts(self, page, css_class):
        return [' '.join(node.text_content().split()) for node in page.find_class(css_class)]

    def get_tables(self, page):
        """{title of the table: rows as lists of texts}"""
        return {
            table.getprevious().text_content(): [
                [' '.join(cell.text_content().split()) for cell in row] for row in table.xpath('.//tbody/tr')]
            for table in page.find_class('figures')}

    # -- wizard -----------------------------------------------------------

    def test_last_month_by_default(self):
        wizard = self.make_wizard()
        self.assertEqual((wizard.date_from, wizard.date_to), (date(2026, 2, 1), date(2026, 2, 28)))
        self.assertEqual(wizard.company_id, self.company)

    def test_period_must_not_end_before_it_begins(self):
        with self.assertRaises(ValidationError):
            self.make_wizard(date_from='2026-02-02', date_to='2026-02-01')

    def test_days_are_those_of_the_calendar(self):
        """In Brussels, 23:30 UTC on 31 January is in February already; 23:30 on 28 February is in March."""
        self.kept[0].trigger_datetime = '2026-01-31 22:59:59'
        self.kept[1].trigger_datetime = '2026-01-31 23:00:00'
        self.kept[2].trigger_datetime = '2026-02-28 22:59:59'
        self.late.trigger_datetime = '2026-02-28 23:00:00'
        for tz in ('Europe/Brussels', 'Asia/Shanghai'):
            wizard = self.make_wizard().with_context(tz=tz)
            found = self.get_report().search(wizard._get_report_domain()).promise_id
            self.assertEqual(found & (self.late.union(*self.kept)), self.kept[1] | self.kept[2])

    def test_departments_with_their_parts(self):
        self.kept[0].department_id = self.software
        wizard = self.make_wizard(department_ids=[Command.set(self.research.ids)])
        self.assertEqual(self.get_report().search_count(wizard._get_report_domain()), 8)
        wizard.department_ids = self.software
        self.assertEqual(self.get_report().search_count(wizard._get_report_domain()), 1)

    def test_print_action(self):
        wizard = self.make_wizard()
        action = wizard.action_print()
        self.assertEqual((action['type'], action['report_name']), ('ir.actions.report', PDF))
        self.assertEqual(wizard._get_report_name(), "Feedback Promises 2026-02-01 to 2026-02-28")

    # -- page ---------------------------------------------------------------

    def test_key_figures(self):
        page = self.render(self.make_wizard())
        self.assertEqual(self.get_texts(page, 'value'), ["71%", "8.0 h", "16.0 h", "1", "44%"])
        self.assertEqual(
            self.get_texts(page, 'note'),
            ["5 of 7", "of 6 answers", "of 6 answers", "still without an answer", "4 of 9"])
        title = self.get_texts(page, 'title')[0]
        for part in ("Feedback Test Company", "February 1, 2026 – February 28, 2026", "All departments",
                     "03/02/2026 10:00 AM", "Rita"):
            self.assertIn(part, title)
        self.assertIn(
            "10 promises were made in this period. 2 of them are not due yet or wait for the candidate, "
            "1 were cancelled", self.get_texts(page, 'notes')[0])

    def test_tables(self):
        self.sold[0].write({'trigger': 'interview'})
        self.sold[1].write({'user_id': False, 'department_id': False})
        tables = self.get_tables(self.render(self.make_wizard()))
        self.assertEqual(tables["By department"], [
            ["Research", "8", "3", "1", "1", "60%", "5.0 h", "15.8 h", "57%"],
            ["No department", "1", "1", "0", "0", "100%", "12.0 h", "12.0 h", "0%"],
            ["Sales", "1", "1", "0", "0", "100%", "10.0 h", "10.0 h", "0%"],
        ])
        self.assertEqual([row[0] for row in tables["By recruiter"]], ["Rita", "Carl", "Nobody"])
        self.assertEqual([row[0] for row in tables["By event"]], ["Application received", "Interview ended"])

    def test_unknown_figures_are_dashes(self):
        others = [*self.kept, self.late, self.overdue, *self.sold]
        self.env['hr.feedback.promise'].union(*others).unlink()
        page = self.render(self.make_wizard())
        self.assertEqual(self.get_texts(page, 'value')[:3], ["–", "–", "–"])
        self.assertEqual(self.get_tables(page)["By department"][0][5:8], ["–", "–", "–"])

    def test_rates_are_rounded_honestly(self):
        report = self.env[f'report.{PDF}']
        self.assertEqual([report._format_percent(value) for value in (False, 0.0, 0.2, 49.6, 99.7, 100.0)],
                         ["–", "0%", "1%", "50%", "99%", "100%"])

    def test_bars(self):
        chart = self.env[f'report.{PDF}'].with_env(self.get_report().env)._get_content(self.make_wizard())['bars']
        bars = [(bar['label'], bar['length'], bar['decided']) for bar in chart['bars']]
        self.assertEqual(bars, [("Sales", 390.0, 2), ("Research", 234.0, 5)])

    def test_columns(self):
        self.kept[0].trigger_datetime = '2026-02-17 09:00:00'
        content = self.env[f'report.{PDF}'].with_env(self.get_report().env)._get_content(self.make_wizard())
        columns = content['columns']['columns']
        self.assertTrue(content['columns']['by_week'])
        # the week without a promise is there too
        self.assertEqual([(c['label'], c['tellable']) for c in columns], [("Feb 1", 8), ("Feb 8", 0), ("Feb 15", 1)])
        heights = {part['name']: part['height'] for part in columns[0]['parts']}
        self.assertEqual(heights, {'kept': 42.5, 'late': 10.6, 'overdue': 10.6, 'open': 21.2})  # 4, 1, 1, 2 of 8

    def test_long_period_by_month(self):
        wizard = self.make_wizard(date_from='2023-01-01', date_to='2026-12-31')
        self.kept[0].trigger_datetime = '2023-02-17 09:00:00'
        columns = self.env[f'report.{PDF}'].with_env(wizard.env)._get_content(wizard)['columns']
        self.assertFalse(columns['by_week'])
        self.assertEqual(len(columns['columns']), 37)
        self.assertEqual([c['label'] for c in columns['columns'][:4]], ["Feb 2023", '', '', "May 2023"])

    def test_names_are_escaped_and_shortened(self):
        self.sales.name = "<b>Sales</b> & services of all the southern and northern regions"
        page = self.render(self.make_wizard())
        self.assertIn(self.sales.name, self.get_tables(page)["By department"][1][0])
        label = page.xpath('//*[local-name()="svg"]//*[local-name()="text"]')[0].text_content()
        self.assertEqual(label, "<b>Sales</b> & services of a…")
        long_name, shortened = "研究与开发部门研究与开发部门研究", "研究与开发部门研究与开发部门…"
        self.assertEqual(self.env[f'report.{PDF}']._shorten(long_name), shortened)

    def test_empty_period(self):
        page = self.render(self.make_wizard(date_from='2020-01-01', date_to='2020-01-31'))
        self.assertEqual(self.get_texts(page, 'empty'), ["No promises were made in this period."])
        self.assertFalse(page.find_class('figures'))
        self.assertIn("Feedback Test Company", self.get_texts(page, 'title')[0])

    def test_other_company_is_not_printed(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        self.make_promise(company_id=other.id, department_id=False, job_id=False, state='late', working_hours=1)
        self.assertEqual(self.get_texts(self.render(self.make_wizard()), 'note')[0], "5 of 7")
        wizard = self.make_wizard(company_id=other.id)
        self.assertEqual(self.get_texts(self.render(wizard), 'empty'), ["No promises were made in this period."])

    def test_interviewer_prints_nothing(self):
        wizard = self.make_wizard()
        report = self.env.ref('candidate_relationship.action_report_feedback_promises')
        self.assertIn(self.env.ref(OFFICER), report.group_ids)
        self.assertNotIn(report.group_ids, self.env.ref(INTERVIEWER).all_implied_ids)
        with self.assertRaises(AccessError):
            self.render(wizard.with_user(self.interviewer))

    # -- PDF ------------------------------------------------------------------

    def print_pdf(self, wizard):
        reports = self.env['ir.actions.report'].with_env(wizard.env).with_context(force_report_rendering=True)
        # without a server to ask, the shared style sheets are missing; the report brings its own
        with mute_logger('odoo.addons.base.models.ir_actions_report'):
            content, kind = reports._render_qweb_pdf(PDF, wizard.ids)
        self.assertEqual(kind, 'pdf')
        return PdfFileReader(BytesIO(content))

    def get_pdf_text(self, pdf):
        return ''.join(''.join(page.extract_text().split()) for page in pdf.pages)

    def test_pdf(self):
        pdf = self.print_pdf(self.make_wizard())
        self.assertEqual(len(pdf.pages), 1)
        self.assertIn("71%", self.get_pdf_text(pdf))

    def test_pdf_in_chinese(self):
        self.sales.name = "销售部"
        pdf = self.print_pdf(self.make_wizard(lang='zh_CN'))
        text = self.get_pdf_text(pdf)
        self.assertIn("销售部", text)
        self.assertIn("2026年2月1日", text)
        self.assertNotIn("FeedbackPromises", text)

    def test_pdf_of_many_recruiters_goes_on(self):
        users = [self.make_user(f'user{number}', OFFICER) for number in range(45)]
        for user in users:
            self.make_promise(state='kept', working_hours=3, user_id=user.id)
        self.assertEqual(len(self.print_pdf(self.make_wizard()).pages), 2)

    def test_pdf_of_an_empty_period(self):
        pdf = self.print_pdf(self.make_wizard(date_from='2020-01-01', date_to='2020-01-31'))
        self.assertEqual(len(pdf.pages), 1)
