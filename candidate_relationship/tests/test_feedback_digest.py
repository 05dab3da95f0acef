from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FeedbackCase


@tagged('post_install', '-at_install')
class TestFeedbackDigest(FeedbackCase):
    """The clock stands on Monday, 2 March 2026, 9:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['hr.feedback.sla'].search([]).action_archive()  # the promises are made by hand
        # due in the last 24 hours
        cls.make_promise('2026-03-01 16:00', state='kept')
        cls.make_promise('2026-03-01 17:00')
        # due in the last 7 days
        cls.make_promise('2026-02-26 16:00', state='kept')
        cls.make_promise('2026-02-26 16:00', state='late')
        cls.make_promise('2026-02-26 16:00', state='cancelled')
        cls.make_promise('2026-02-26 16:00', state='paused')
        # due in the last 30 days, and in the 30 before
        cls.make_promise('2026-02-06 16:00', state='kept')
        cls.make_promise('2026-01-15 16:00', state='kept')
        # not due yet, though kept already
        cls.make_promise('2026-03-04 16:00', state='kept')
        cls.digest = cls.env['digest.digest'].create({
            'name': "Recruitment Digest",
            'company_id': cls.company.id,
            'kpi_feedback_kept': True,
            'kpi_feedback_overdue': True,
        })

    @classmethod
    def make_promise(cls, deadline, company=None, **vals):
        return cls.env['hr.feedback.promise'].create({
            'applicant_id': cls.make_applicants("Jane Doe").id,
            'trigger': 'application',
            'means': 'any',
            'company_id': (company or cls.company).id,
            'trigger_datetime': '2026-01-05 09:00:00',
            'deadline': f'{deadline}:00',
            **vals,
        })

    def get_kpis(self, digest=None, user=None, company=None):
        user = user or self.recruiter
        kpis = (digest or self.digest)._compute_kpis(company or self.company, user)
        return {kpi['kpi_name']: kpi for kpi in kpis}

    def get_columns(self, kpi):
        return [kpi[f'kpi_col{number}'] for number in (1, 2, 3)]

    def test_kept_of_what_was_due(self):
        columns = self.get_columns(self.get_kpis()['kpi_feedback_kept'])
        self.assertEqual(columns, [
            {'value': '50.00', 'margin': 0.0, 'col_subtitle': "Last 24 hours (of 2 due)"},
            {'value': '50.00', 'margin': 0.0, 'col_subtitle': "Last 7 Days (of 4 due)"},
            {'value': '60.00', 'margin': -40.0, 'col_subtitle': "Last 30 Days (of 5 due)"},
        ])

    def test_nothing_due_is_not_zero(self):
        self.set_time('2026-03-04 15:00')
        columns = self.get_columns(self.get_kpis()['kpi_feedback_kept'])
        self.assertEqual(columns[0], {})
        self.assertEqual(columns[1]['col_subtitle'], "Last 7 Days (of 4 due)")

    def test_overdue_now_is_shown_once(self):
        self.make_promise('2026-02-20 16:00')
        columns = self.get_columns(self.get_kpis()['kpi_feedback_overdue'])
        self.assertEqual(columns, [{'value': 2, 'margin': 0.0, 'col_subtitle': "Now"}, {}, {}])

    def test_companies_are_apart(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        boss = self.make_user('boss', 'hr_recruitment.group_hr_recruitment_manager', company=other)
        self.make_promise('2026-03-01 16:00', company=other, state='late')
        for number in range(3):
            self.make_promise(f'2026-02-2{number} 16:00', company=other)
        kpis = self.get_kpis(self.digest.copy({'company_id': other.id}), boss, other)
        self.assertEqual(self.get_columns(kpis['kpi_feedback_kept'])[0]['value'], '0.00')
        self.assertEqual(self.get_columns(kpis['kpi_feedback_overdue'])[0]['value'], 3)
        self.assertEqual(self.get_columns(self.get_kpis()['kpi_feedback_overdue'])[0]['value'], 1)

    def test_digest_of_no_company(self):
        digest = self.digest.copy({'company_id': False})
        self.assertEqual(self.get_columns(self.get_kpis(digest)['kpi_feedback_kept'])[1]['value'], '50.00')
        self.assertEqual(self.get_columns(self.get_kpis(digest)['kpi_feedback_overdue'])[0]['value'], 1)

    def test_interviewer_gets_no_figure(self):
        self.assertEqual(self.get_kpis(user=self.interviewer), {})
        for name in ('kpi_feedback_kept_value', 'kpi_feedback_overdue_value'):
            with self.assertRaises(AccessError):
                self.digest.with_user(self.interviewer).sudo(False)[name]

    def test_figures_lead_to_their_screens(self):
        for kpi in self.get_kpis().values():
            action, __, menu = kpi['kpi_action'].partition('?menu_id=')
            self.assertEqual(self.env.ref(action)._name, 'ir.actions.act_window')
            self.assertEqual(self.env.ref('hr_recruitment.menu_hr_recruitment_root').id, int(menu))

    def test_in_the_default_digest(self):
        digest = self.env.ref('digest.digest_digest_default')
        self.assertTrue(digest.kpi_feedback_kept)
        self.assertTrue(digest.kpi_feedback_overdue)

    def test_mail(self):
        self.digest._action_send_to_user(self.recruiter, tips_count=0, consume_tips=False)
        body = self.env['mail.mail'].search([], order='id desc', limit=1).body_html
        for text in ("Feedback Promises Kept (%)", "Last 7 Days (of 4 due)", "Feedback Overdue Now"):
            self.assertIn(text, body)

    def test_form(self):
        arch = self.env['digest.digest'].with_user(self.manager).get_view(view_type='form')['arch']
        self.assertIn('name="kpi_feedback_kept"', arch)
        self.assertIn('name="kpi_feedback_overdue"', arch)
