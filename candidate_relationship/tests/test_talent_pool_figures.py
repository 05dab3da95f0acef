"""The living figures of pools, the person's page, and that both stay cheap."""

from ast import literal_eval
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.tests import Form

from ..models.hr_talent_pool import FIGURES
from .test_talent_pool_people import PoolCase


class FiguresCase(PoolCase):

    def figures(self, pool=None, user=None):
        pool = (pool or self.pool).with_user(user or self.recruiter)
        pool.invalidate_recordset()
        return tuple(pool[name] for name in FIGURES)

    def touch(self, applicant, days, company=None):
        self.env['hr.candidate.touch'].sudo()._record([{
            'partner_id': applicant.partner_id.id, 'company_id': (company or self.company).id, 'channel': 'call',
            'date': fields.Datetime.now() - timedelta(days=days)}])

    def listed(self, pool, figure):
        """How many people the list has that the figure opens."""
        action = pool.with_user(self.recruiter).with_context(pool_figure=figure).action_view_people()
        domain = list(action['domain'])
        for name, value in action['context'].items():
            if name.startswith('search_default_') and value:
                view = self.env['hr.applicant'].with_user(self.recruiter).get_view(
                    self.env.ref('candidate_relationship.hr_talent_view_search').id, 'search')
                (node,) = etree.fromstring(view['arch']).xpath(
                    f"//filter[@name='{name.removeprefix('search_default_')}']")
                domain += literal_eval(node.get('domain'))
        return self.env['hr.applicant'].with_user(self.recruiter).search_count(domain)

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before


class TestFigures(FiguresCase):

    def test_figures_and_their_lists(self):
        self.company.candidate_consent_required = True
        anna, bert, cara, dora = applicants = self.make_applicants("Anna", "Bert", "Cara", "Dora")
        phone = self.make_applicants("Phone", email_from=False)
        self.add(applicants + phone)
        today = fields.Date.today()
        self.give_consent(anna, until=today + timedelta(days=30))
        self.give_consent(bert, until=today + timedelta(days=31))
        self.give_consent(cara, until=today - timedelta(days=1))
        self.touch(anna, 89)
        self.touch(bert, 91)
        self.touch(dora, -3)
        # figures: people, reachable, touched, ending
        self.assertEqual(self.figures(), (5, 2, 1, 1))
        for figure, number in zip(FIGURES, (5, 2, 1, 1), strict=True):
            self.assertEqual(self.listed(self.pool, figure), number, figure)
        touched = self.talents().filtered('pool_touched')
        self.assertEqual(touched.partner_name, "Anna")
        self.assertEqual(self.env['hr.applicant'].search_count([
            ('pool_touched', '!=', True), ('talent_pool_ids', 'in', self.pool.ids)]), 4)
        self.talents()[0].action_archive()
        self.assertEqual(self.figures()[0], 4)

    def test_companies(self):
        theirs = self.env['res.company'].create({'name': "Other"})
        self.pool.company_id = False
        jane = self.make_applicant()
        elsewhere = jane.sudo().copy({'company_id': theirs.id, 'job_id': False})
        self.pool._add_people(jane + elsewhere)
        self.touch(jane, 1, theirs)
        self.assertEqual(self.figures()[::2], (1, 0), "neither their person nor their touch")
        self.recruiter.company_ids += theirs
        both = self.pool.with_user(self.recruiter).with_context(allowed_company_ids=[self.company.id, theirs.id])
        both.invalidate_recordset()
        self.assertEqual((both.talent_count, both.touched_count), (2, 1))

    def test_interviewer_counts_their_own(self):
        anna, bert = self.make_applicants("Anna", "Bert")
        self.add(anna + bert)
        anna.pool_applicant_id.interviewer_ids = self.interviewer
        self.env.flush_all()
        self.assertEqual(self.figures(user=self.interviewer)[0], 1)

    def test_flat_from_few_to_many(self):
        self.startPatcher(patch('random.random', lambda: 1))
        pools = self.make_pools(*[f"Pool {number}" for number in range(60)], purpose='event')
        applicants = self.make_applicants(*[f"Somebody{number}" for number in range(40)])
        self.add(applicants, pools[:2])
        self.add(applicants[:5], pools)
        specification = {name: {} for name in (
            'name', 'purpose', 'has_rule', 'rule_active', 'rule_error', *FIGURES)}

        def open_kanban(pools):
            pools = pools.with_user(self.recruiter)
            return lambda: pools.web_search_read([('id', 'in', pools.ids)], specification)

        open_kanban(pools)()
        counts = {size: self.count(open_kanban(pools[:size])) for size in (3, 60)}
        self.assertEqual(counts[3], counts[60])
        without = {name: {} for name in ('name',)}
        plain = self.count(lambda: pools.with_user(self.recruiter).web_search_read([('id', 'in', pools.ids)], without))
        self.assertLessEqual(counts[60] - plain, 3)


class TestPersonPage(FiguresCase):

    def page(self, talent):
        """The rows of the tab, as the widget reads them."""
        domain = [
            ('talent_pool_ids', '=', False), ('company_id', 'in', [talent.company_id.id, False]),
            '|', ('pool_applicant_id', '=', talent.id), ('partner_id', '=', talent.partner_id.id or -1)]
        specification = {name: {} for name in (
            'job_id', 'create_date', 'candidate_furthest_stage_id', 'application_status', 'refuse_reason_id')}
        applicants = self.env['hr.applicant'].with_user(self.recruiter).with_context(active_test=False)
        return applicants.web_search_read(domain, specification)['records']

    def test_all_applications_of_the_person(self):
        first, second = self.make_applicant(), self.make_applicant()
        first.stage_id = self.stage_talk
        self.refuse(first, self.reason)
        talent = self.add(second)
        later = self.make_applicant()
        phone = self.make_applicants("Phone", email_from=False)
        rows = {row['id']: row for row in self.page(talent)}
        self.assertEqual(set(rows), set((first + second + later).ids))
        row = rows[first.id]
        self.assertEqual(row['application_status'], 'refused')
        self.assertEqual(row['candidate_furthest_stage_id'], self.stage_talk.id)
        self.assertEqual(row['refuse_reason_id'], self.reason.id)
        # without a contact: what is linked, and not everybody without a contact
        alone = self.add(phone)
        self.make_applicants("Other Phone", email_from=False)
        self.assertEqual([row['id'] for row in self.page(alone)], phone.ids)

    def test_flat(self):
        few, many = self.make_applicant("Few"), [self.make_applicant("Many") for _time in range(30)]
        talents = self.add(few + many[0])
        self.page(talents[0])
        self.assertEqual(*[self.count(lambda talent=talent: self.page(talent)) for talent in talents])

    def test_form_reads_no_field_more(self):
        view = self.env.ref('candidate_relationship.hr_applicant_view_form_person')
        self.assertNotIn('<field name="candidate', view.arch)
        with Form(self.make_applicant()) as form:
            form.partner_name = "Jane"

    def test_tabs_in_order(self):
        arch = self.env['hr.applicant'].get_view(
            self.env.ref('hr_recruitment.hr_applicant_view_form').id, 'form')['arch']
        self.assertLess(arch.index('name="person_applications"'), arch.index('name="application_note"'))
