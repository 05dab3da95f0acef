"""The last touch and the next step of a person."""

from lxml import etree

from odoo import Command

from .common import at
from .touch_common import TouchCase

ROW = {name: {} for name in (
    'partner_name', 'candidate_last_touch', 'candidate_last_touch_channel', 'candidate_next_step',
    'candidate_next_step_date')}


class TestLedger(TouchCase):

    def test_names(self):
        self.record(self.applicant)
        self.assertEqual(self.touches().display_name, "Phone Call: Jane Doe")

    def test_default_date_and_direction(self):
        self.record(self.applicant)
        self.assertEqual(self.touches().date, self.START)
        self.assertEqual(self.touches().direction, 'out')

    def test_one_message_is_one_touch(self):
        message = self.applicant.message_post(body="Hello")
        for _time in range(2):
            self.record(self.applicant, channel='mail', message_id=message.id)
        self.assertEqual(len(self.touches()), 1)

    def test_a_removed_application_leaves_its_touch(self):
        talent = self.make_talents("Jane Doe")
        self.assertEqual(talent.partner_id, self.applicant.partner_id)
        self.record(talent)
        talent.sudo().unlink()
        self.assertFalse(self.touches().applicant_id)
        self.assertEqual(len(self.touches()), 1)

    def test_nothing_to_record(self):
        self.assertEqual(self.env['hr.candidate.touch'].sudo()._record([]), 0)

    def test_page(self):
        self.applicant.sudo().partner_id._record_page_touch(self.company, "Answered the invitation", self.applicant)
        self.assertRecordValues(self.touches(), [{
            'channel': 'page', 'direction': 'in', 'summary': "Answered the invitation",
            'applicant_id': self.applicant.id, 'company_id': self.company.id}])


class TestLastTouch(TouchCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old, cls.fresh, cls.never = cls.make_talents("Olga Old", "Fred Fresh", "Nina Never")
        cls.people = cls.old + cls.fresh + cls.never

    def setUp(self):
        super().setUp()
        self.record(self.old, '2025-11-01 12:00:00')
        self.record(self.old, '2025-10-01 12:00:00', channel='linkedin')
        self.record(self.fresh, '2026-02-20 12:00:00', channel='sms')

    def test_latest_counts(self):
        self.assertEqual(self.old.candidate_last_touch, at('2025-11-01 12:00'))
        self.assertEqual(self.old.candidate_last_touch_channel, 'call')
        self.assertFalse(self.never.candidate_last_touch)
        self.assertFalse(self.never.candidate_last_touch_channel)

    def test_seen_at_once(self):
        self.assertFalse(self.never.candidate_last_touch)
        self.record(self.never, '2026-03-01 12:00:00')
        self.assertEqual(self.never.candidate_last_touch, at('2026-03-01 12:00'))

    def test_of_all_applications_of_the_person(self):
        application = self.make_applicant("Olga Old")
        self.assertEqual(application.partner_id, self.old.partner_id)
        self.record(application, '2026-03-01 12:00:00')
        self.assertEqual(self.old.candidate_last_touch, at('2026-03-01 12:00'))

    def test_interview_to_come_is_no_last_touch(self):
        self.make_interview(self.never)
        self.assertEqual(len(self.touches(self.never)), 1)
        self.assertFalse(self.never.candidate_last_touch)
        self.assertFinds(self.never, ('candidate_last_touch', '=', False))
        self.set_time('2026-03-04 10:00')
        self.assertEqual(self.never.candidate_last_touch, at('2026-03-04 09:00'))

    def test_never(self):
        self.assertFinds(self.never, ('candidate_last_touch', '=', False))
        self.assertFinds(self.old + self.fresh, ('candidate_last_touch', '!=', False))

    def test_exactly(self):
        moment = at('2025-11-01 12:00')
        self.assertFinds(self.old, ('candidate_last_touch', '=', moment))
        self.assertFinds(self.fresh + self.never, ('candidate_last_touch', '!=', moment))
        self.assertFinds(self.old + self.never, ('candidate_last_touch', 'in', [moment, False]))
        self.assertFinds(self.fresh, ('candidate_last_touch', 'not in', [moment, False]))

    def test_before_and_after(self):
        self.assertFinds(self.old, ('candidate_last_touch', '<', '2026-01-01 00:00:00'))
        self.assertFinds(self.fresh, ('candidate_last_touch', '>=', '2026-01-01 00:00:00'))
        self.assertFinds(self.old, ('candidate_last_touch', '<=', '2025-11-01 12:00:00'))
        self.assertFinds(self.fresh, ('candidate_last_touch', '>', '2025-11-01 12:00:00'))

    def test_filters_of_the_talents(self):
        arch = self.env['hr.applicant'].get_view(
            self.env.ref('candidate_relationship.hr_talent_view_search').id, 'search')['arch']
        for name in ('touched_90', 'not_touched_90', 'not_touched_180', 'never_touched', 'group_by_last_touch'):
            self.assertIn(f'name="{name}"', arch)
        for name in ('hired', 'filter_rotting', 'feedback_overdue', 'stage', 'refuse_reason_id'):
            with self.subTest(name):
                (node,) = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
                self.assertEqual(node.get('invisible'), '1')
        self.assertFinds(self.fresh, ('candidate_last_touch', '>=', 'today -90d'))
        self.assertFinds(
            self.old + self.never, '|', ('candidate_last_touch', '<', 'today -90d'),
            ('candidate_last_touch', '=', False))

    def test_days_are_the_readers(self):
        # midnight in Brussels is 23:00 in UTC
        self.record(self.never, '2025-12-01 23:30:00')
        self.assertFinds(self.fresh + self.never, ('candidate_last_touch', '>=', 'today -90d'))
        self.record(self.old, '2025-12-01 22:30:00')
        self.assertFinds(self.fresh + self.never, ('candidate_last_touch', '>=', 'today -90d'))

    def test_found_after_an_unflushed_change(self):
        self.assertFinds(self.never, ('candidate_last_touch', '=', False))
        touch = self.touches(self.fresh)
        touch.partner_id = self.never.partner_id
        self.assertFinds(self.fresh, ('candidate_last_touch', '=', False))

    def test_sorted(self):
        model = self.env['hr.applicant'].with_user(self.recruiter)
        self.assertTrue(model.fields_get(['candidate_last_touch'])['candidate_last_touch']['sortable'])
        found = model.search([('id', 'in', self.people.ids)], order='candidate_last_touch desc nulls last')
        self.assertEqual(found.mapped('partner_name'), ["Fred Fresh", "Olga Old", "Nina Never"])

    def test_grouped_by_month(self):
        groups = self.env['hr.applicant'].with_user(self.recruiter).formatted_read_group(
            [('id', 'in', self.people.ids)], ['candidate_last_touch:month'], ['__count'])
        self.assertEqual([group['__count'] for group in groups], [1, 1, 1])
        for group in groups:
            found = self.env['hr.applicant'].search([('id', 'in', self.people.ids), *group['__extra_domain']])
            self.assertEqual(len(found), 1)

    def test_person_of_two_companies(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        theirs = self.env['hr.applicant'].create({
            'partner_name': "Fred Fresh", 'email_from': self.fresh.email_from, 'company_id': other.id})
        self.assertEqual(theirs.partner_id, self.fresh.sudo().partner_id)
        self.assertFalse(theirs.candidate_last_touch)
        self.record(theirs, '2026-03-01 12:00:00', channel='linkedin')
        self.assertEqual(theirs.candidate_last_touch, at('2026-03-01 12:00'))
        self.assertEqual(self.fresh.candidate_last_touch, at('2026-02-20 12:00'))
        self.assertFinds(self.fresh, ('candidate_last_touch', '=', at('2026-02-20 12:00')))
        clerk = self.make_user('clara', 'hr_recruitment.group_hr_recruitment_user', company=other)
        self.assertEqual(
            self.env['hr.candidate.touch'].with_user(clerk).search([]).filtered(
                lambda t: t.partner_id == theirs.partner_id).channel, 'linkedin')

    def test_application_of_no_company(self):
        self.fresh.sudo().company_id = False
        self.assertEqual(
            self.fresh.with_company(self.company).candidate_last_touch, at('2026-02-20 12:00'))

    def test_while_it_is_entered(self):
        draft = self.env['hr.applicant'].with_user(self.recruiter).new({'partner_name': "Draft"})
        self.assertFalse(draft.candidate_last_touch)
        self.assertFalse(draft.candidate_next_step)
        copied = self.fresh.new(origin=self.fresh)
        self.assertEqual(copied.candidate_last_touch, at('2026-02-20 12:00'))


class TestNextStep(TouchCase):

    def schedule(self, applicant, deadline, summary="Call her", **vals):
        return applicant.activity_schedule(
            'mail.mail_activity_data_call', date_deadline=deadline, summary=summary, user_id=self.recruiter.id, **vals)

    def assertNextStep(self, date, text, of=None):
        applicant = (of or self.applicant).with_user(self.recruiter)
        applicant.invalidate_recordset()
        self.assertEqual((str(applicant.candidate_next_step_date), applicant.candidate_next_step), (date, text))

    def test_none(self):
        self.assertFalse(self.applicant.candidate_next_step)
        self.assertFalse(self.applicant.candidate_next_step_date)

    def test_activity(self):
        self.schedule(self.applicant, '2026-03-10')
        self.schedule(self.applicant, '2026-03-05', summary="Ask for papers")
        self.assertNextStep('2026-03-05', "Ask for papers")

    def test_activity_without_a_summary(self):
        self.schedule(self.applicant, '2026-03-10', summary=False)
        self.assertNextStep('2026-03-10', "Call")

    def test_done_activity_is_none(self):
        self.schedule(self.applicant, '2026-03-05').action_done()
        applicant = self.applicant.with_context(active_test=False)
        applicant.invalidate_recordset()
        self.assertFalse(applicant.candidate_next_step)

    def test_interview(self):
        self.schedule(self.applicant, '2026-03-10')
        # already the next day in Brussels
        self.make_interview(self.applicant, '2026-03-04 23:30', '2026-03-05 00:30')
        self.assertNextStep('2026-03-05', "Interview")

    def test_past_interview_is_none(self):
        self.make_interview(self.applicant, '2026-03-02 07:00', '2026-03-02 08:00')
        self.assertFalse(self.applicant.candidate_next_step)

    def test_of_any_application_of_the_person(self):
        talent = self.make_talents("Jane Doe")
        refused = self.make_applicant("Jane Doe")
        self.schedule(refused, '2026-03-06', summary="Send a card")
        refused.sudo().active = False
        self.assertNextStep('2026-03-06', "Send a card", of=talent)

    def test_not_of_what_the_reader_may_not_see(self):
        talent = self.make_talents("Jane Doe")
        self.schedule(talent, '2026-03-06')
        self.applicant.interviewer_ids = [Command.set(self.interviewer.ids)]
        self.assertFalse(self.applicant.with_user(self.interviewer).candidate_next_step)

    def test_persons_are_told_apart(self):
        one, two = self.make_applicants("No Mail", "No Mail Either", email_from=False)
        self.schedule(one, '2026-03-06')
        self.assertNextStep('2026-03-06', "Call her", of=one)
        self.assertFalse(two.candidate_next_step)


class TestTouchQueries(TouchCase):

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        return self.cr.sql_log_count - before

    def open_list(self, talents):
        return talents.with_context(tz='Europe/Brussels').web_search_read([('id', 'in', talents.ids)], ROW)

    def test_list_of_talents_is_flat(self):
        talents = self.make_talents(*[f"Number{number} X" for number in range(60)])
        for talent in talents[::2]:
            self.record(talent)
        self.make_interview(talents[0])
        talents[1].activity_schedule('mail.mail_activity_data_call', user_id=self.recruiter.id)
        self.open_list(talents)
        self.assertEqual(self.count(lambda: self.open_list(talents)), self.count(lambda: self.open_list(talents[:5])))

    def test_recording_many_is_one_statement(self):
        vals = [{**self.applicant._prepare_candidate_touch(), 'channel': 'call'}] * 500
        touches = self.env['hr.candidate.touch'].sudo()
        self.assertEqual(self.count(lambda: touches._record(vals)), 1)
        self.assertEqual(len(self.touches()), 500)
