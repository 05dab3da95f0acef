"""Who may be written to and kept: one definition, read, searched, sorted and grouped."""

from odoo.tests import users

from .consent_common import ConsentCase


class TestReach(ConsentCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Ann", "Ben", "Cid", "Dan", "Eve", "Flo")
        cls.people = cls.make_applicants(*names).sudo()
        cls.ann, cls.ben, cls.cid, cls.dan, cls.eve, cls.flo = cls.people
        cls.env['mail.blacklist']._add('eve@candidate.example.com')
        cls.flo.partner_id.email = False
        cls.flo.email_from = False

    def setUp(self):
        super().setUp()
        # Ann agreed to all, Ben said no, Cid's consent ran out, Dan was never asked, Eve is blacklisted
        self.set_time('2024-01-01 09:00')
        self.agree(self.cid.partner_id)
        self.set_time(self.START)
        self.agree(self.ann.partner_id)
        self.refuse_consent(self.ben.partner_id)
        self.agree(self.eve.partner_id)

    def reach(self, applicants=None):
        return (applicants or self.people).with_user(self.recruiter).mapped('candidate_reach')

    def found(self, operator, value, field='candidate_reach'):
        domain = [(field, operator, value), ('id', 'in', self.people.ids)]
        return self.env['hr.applicant'].with_user(self.recruiter).search(domain, order='id').mapped('partner_name')

    def test_values(self):
        self.assertEqual(self.reach(), ['reachable', 'left', 'no_consent', 'no_consent', 'blacklisted', 'no_address'])

    def test_legitimate_interest(self):
        self.company.candidate_consent_required = False
        self.assertEqual(self.reach(), ['reachable', 'left', 'reachable', 'reachable', 'blacklisted', 'no_address'])

    def test_search(self):
        self.assertEqual(self.found('=', 'reachable'), ["Ann"])
        self.assertEqual(self.found('!=', 'no_consent'), ["Ann", "Ben", "Eve", "Flo"])
        self.assertEqual(self.found('in', ['left', 'no_address']), ["Ben", "Flo"])
        self.assertEqual(self.found('not in', ['reachable', 'no_consent']), ["Ben", "Eve", "Flo"])
        self.assertEqual(self.found('=', False), [])
        self.assertEqual(len(self.found('!=', False)), 6)

    def test_search_after_an_unflushed_write(self):
        self.assertEqual(self.found('=', 'no_consent'), ["Cid", "Dan"])
        self.agree(self.dan.partner_id)
        self.assertEqual(self.found('=', 'no_consent'), ["Cid"])
        self.env['mail.blacklist']._add('cid@candidate.example.com')
        self.assertEqual(self.found('=', 'no_consent'), [])
        self.company.candidate_consent_required = False
        self.ann.partner_id = False
        self.assertEqual(self.found('=', 'reachable'), ["Ann", "Dan"])

    def test_read_after_an_unflushed_write(self):
        self.assertEqual(self.reach(self.dan), ['no_consent'])
        self.agree(self.dan.partner_id)
        self.assertEqual(self.reach(self.dan), ['reachable'])
        self.refuse_consent(self.dan.partner_id)
        self.assertEqual(self.reach(self.dan), ['left'])
        self.assertFalse(self.dan.candidate_consent_until)

    def test_group_and_sort(self):
        applicants = self.env['hr.applicant'].with_user(self.recruiter)
        groups = applicants._read_group([('id', 'in', self.people.ids)], ['candidate_reach'], ['__count'])
        self.assertEqual(dict(groups), {
            'reachable': 1, 'left': 1, 'no_consent': 2, 'blacklisted': 1, 'no_address': 1})
        by_reach = applicants.search([('id', 'in', self.people.ids)], order='candidate_reach, id')
        self.assertEqual(by_reach.mapped('partner_name'), ["Eve", "Ben", "Flo", "Cid", "Dan", "Ann"])
        months = applicants._read_group([('id', 'in', self.ann.ids)], ['candidate_consent_until:month'], ['__count'])
        self.assertEqual(months, [(self.today(months=24, days=-1), 1)])

    def test_until(self):
        until = self.today(months=24)
        self.assertEqual(self.ann.candidate_consent_until, until)
        self.assertFalse(self.ben.candidate_consent_until or self.cid.candidate_consent_until)
        for operator, value, names in (
                ('=', until, ["Ann", "Eve"]), ('<=', until, ["Ann", "Eve"]), ('<', until, []), ('>', until, []),
                ('>=', str(until), ["Ann", "Eve"]), ('!=', False, ["Ann", "Eve"]),
                ('=', False, ["Ben", "Cid", "Dan", "Flo"]), ('in', [until], ["Ann", "Eve"])):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(self.found(operator, value, 'candidate_consent_until'), names)

    def test_last_day(self):
        self.set_time('2028-03-02 23:00')
        self.assertEqual(self.reach(self.ann), ['reachable'])
        self.set_time('2028-03-03 00:00')
        self.assertEqual(self.reach(self.ann), ['no_consent'])

    def test_to_keep(self):
        self.assertEqual(self.people._has_consent_to_keep(), self.ann + self.eve)
        self.company.candidate_consent_required = False
        self.assertEqual(self.people._has_consent_to_keep(), self.people - self.ben)
        self.assertFalse(self.env['hr.applicant']._has_consent_to_keep())

    def test_kept_and_not_written_to(self):
        self.agree(self.dan.partner_id, topics=self.topics.browse())
        self.assertEqual(self.reach(self.dan), ['left'])
        self.assertEqual(self.dan._has_consent_to_keep(), self.dan)

    def test_company_of_the_application(self):
        self.agree(self.dan.partner_id, company=self.other_company)
        self.assertEqual(self.reach(self.dan), ['no_consent'])
        free = self.dan.copy({'company_id': False, 'job_id': False, 'partner_id': self.dan.partner_id.id})
        free.company_id = False
        self.assertEqual(free.with_company(self.company).candidate_reach, 'no_consent')
        self.assertEqual(free.with_company(self.other_company).candidate_reach, 'reachable')

    def test_new_record(self):
        self.assertFalse(self.env['hr.applicant'].new({'partner_name': "New"}).candidate_reach)

    def test_queries_are_flat(self):
        many = self.make_applicants(*[f"Person {number}" for number in range(30)])
        counts = []
        for applicants in (many, many, many[:5]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            applicants.with_user(self.recruiter).web_read({'candidate_reach': {}, 'candidate_consent_until': {}})
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    @users('rita', 'mona')
    def test_views(self):
        views = (
            'hr_talent_view_list', 'hr_talent_view_kanban', 'hr_talent_view_search', 'hr_talent_view_graph',
            'hr_talent_view_pivot')
        for name in views:
            view = self.env.ref(f'candidate_relationship.{name}')
            arch = self.env['hr.applicant'].get_view(view.id)['arch']
            self.assertIn('candidate_reach', arch)

    @users('ivan', 'rita')
    def test_figures_of_talents_group_by_what_talents_have(self):
        applicants = self.env['hr.applicant']
        for name in ('graph', 'pivot'):
            arch = applicants.get_view(
                self.env.ref(f'candidate_relationship.hr_talent_view_{name}').id, name)['arch']
            self.assertNotIn('stage_id', arch)
            self.assertEqual('candidate_reach' in arch, self.env.user == self.recruiter)
        reach = applicants.with_user(self.recruiter).fields_get(['candidate_reach'])['candidate_reach']
        self.assertTrue(reach['groupable'])
