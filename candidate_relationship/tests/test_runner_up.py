"""Refusing a near miss, and keeping in touch."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .test_talent_pool_people import PoolCase


class RunnerUpCase(PoolCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool.purpose = 'runner_up'
        cls.company.write({
            'near_miss_stage_id': cls.stage_offer.id, 'near_miss_priority': '2', 'near_miss_mode': 'or'})

    def open_refusal(self, applicants, reason=None, user=None, **values):
        action = applicants.with_user(user or self.recruiter).archive_applicant()
        wizard = self._open(action, user).create({'refuse_reason_id': (reason or self.reason).id, 'send_mail': False})
        if values:
            wizard.write(values)
        return wizard

    def assertSays(self, wizard, message):
        """Refuse, and be told what became of keeping in touch."""
        params = wizard.action_refuse_reason_apply()['params']
        self.assertEqual((params['message'], params['next']), (message, {'type': 'ir.actions.act_window_close'}))

    def near(self, name="Jane Doe", **vals):
        applicant = self.make_applicant(name, **vals)
        applicant.stage_id = self.stage_offer
        return applicant


class TestNearMiss(RunnerUpCase):

    def is_near(self, applicant, **setting):
        self.company.write(setting)
        return bool(applicant._get_near_misses())

    def test_stage_or_evaluation(self):
        far, rated, none = self.near("Far"), self.make_applicant("Rated", priority='3'), self.make_applicant("None")
        self.assertEqual([self.is_near(a) for a in (far, rated, none)], [True, True, False])
        self.assertEqual([self.is_near(a, near_miss_mode='and') for a in (far, rated)], [False, False])
        far.priority = '2'
        self.assertTrue(self.is_near(far))

    def test_came_back_after_the_stage(self):
        far = self.near()
        far.stage_id = self.stage_new
        self.env.flush_all()
        logs = self.env['hr.applicant.stage.log'].sudo()
        if not logs.search_count([('applicant_id', '=', far.id)]):
            logs.create({
                'applicant_id': far.id, 'stage_id': self.stage_offer.id, 'entered_datetime': self.START,
                'outcome': 'back'})
        self.assertTrue(self.is_near(far))

    def test_setting_left_empty(self):
        far, rated = self.near("Far"), self.make_applicant("Rated", priority='3')
        self.assertFalse(self.is_near(far, near_miss_stage_id=False))
        self.assertTrue(self.is_near(rated, near_miss_mode='and'))
        self.assertFalse(self.is_near(rated, near_miss_priority=False))

    def test_default_of_a_new_company(self):
        company = self.env['res.company'].create({'name': "New"})
        self.assertEqual(company.near_miss_stage_id, self.env.ref('hr_recruitment.stage_job3'))
        self.assertEqual((company.near_miss_priority, company.near_miss_mode), ('2', 'and'))

    def test_words(self):
        far = self.near(priority='2')
        self.assertEqual(far._get_near_misses(), {far: "reached Offer, rated Very Good"})
        far.priority = '0'
        self.assertEqual(far._get_near_misses(), {far: "reached Offer"})


class TestRefusal(RunnerUpCase):

    def test_proposed_for_a_near_miss(self):
        jane = self.near(priority='2', categ_ids=[Command.set(self.tag.ids)])
        wizard = self.open_refusal(jane)
        self.assertTrue(wizard.keep_in_touch)
        self.assertEqual(wizard.keep_pool_ids, self.pool)
        self.assertIn(self.tag, wizard.keep_categ_ids)
        self.assertEqual(wizard.near_miss_text, "Jane Doe: reached Offer, rated Very Good")
        wizard.keep_categ_ids += self.other_tag
        self.assertSays(wizard, "Added to Runner-Ups: 1.")
        self.assertFalse(jane.active)
        self.assertEqual(jane.refuse_reason_id, self.reason)
        talent = self.talents()
        self.assertEqual(talent.partner_name, "Jane Doe")
        self.assertTrue(talent.active)
        self.assertLessEqual(self.tag + self.other_tag, talent.categ_ids)
        self.assertTalents()
        self.assertIn("added to Runner-Ups", str(jane.message_ids.mapped('body')))

    def test_not_proposed_for_others(self):
        bob = self.make_applicant("Bob")
        wizard = self.open_refusal(bob)
        self.assertFalse(wizard.keep_in_touch)
        self.assertEqual(wizard.action_refuse_reason_apply(), {'type': 'ir.actions.act_window_close'})
        self.assertFalse(self.names())

    def test_chosen_for_who_did_not_come_near(self):
        self.open_refusal(self.make_applicant("Bob"), keep_in_touch=True).action_refuse_reason_apply()
        self.assertEqual(self.names(), ["Bob"])

    def test_switched_off(self):
        self.open_refusal(self.near(), keep_in_touch=False).action_refuse_reason_apply()
        self.assertFalse(self.names())

    def test_a_pool_is_needed(self):
        wizard = self.open_refusal(self.near(), keep_pool_ids=[Command.clear()])
        with self.assertRaisesRegex(UserError, "Choose the talent pool"):
            wizard.action_refuse_reason_apply()

    def test_not_for_spam(self):
        wizard = self.open_refusal(self.near(), self.spam)
        self.assertFalse(wizard.keep_possible or wizard.keep_in_touch)
        wizard.keep_in_touch = True
        wizard.action_refuse_reason_apply()
        self.assertFalse(self.names())

    def test_not_for_whom_we_hired(self):
        hired, jane = self.near("Hired"), self.near()
        hired.date_closed = self.START
        dialog = self.open_refusal(hired)
        self.assertFalse(dialog.keep_possible)
        dialog.sudo().unlink()
        self.open_refusal(hired + jane, keep_everybody=True).action_refuse_reason_apply()
        self.assertEqual(self.names(), ["Jane Doe"])

    def test_reason_changed_in_the_dialog(self):
        action = self.near().with_user(self.recruiter).archive_applicant()
        form = Form(self._open(action, self.recruiter))
        form.refuse_reason_id = self.reason
        self.assertTrue(form.keep_in_touch)
        form.refuse_reason_id = self.spam
        self.assertFalse(form.keep_possible)

    def test_not_duplicates_refused_along(self):
        jane, twin = self.near(), self.make_applicant("Twin", email_from='jane@candidate.example.com')
        wizard = self.open_refusal(jane, duplicates=True)
        wizard.duplicate_applicant_ids = twin
        wizard.action_refuse_reason_apply()
        self.assertEqual(len(self.talents()), 1)
        self.assertEqual(self.talents().partner_name, jane.partner_name)
        self.assertFalse(twin.active)

    def test_many_at_once(self):
        far, rated, none = self.near("Far"), self.make_applicant("Rated", priority='3'), self.make_applicant("None")
        wizard = self.open_refusal(far + rated + none)
        self.assertTrue(wizard.keep_in_touch and wizard.near_miss_some)
        self.assertEqual(wizard.near_miss_text.split('\n')[0], "2 of 3 came near.")
        wizard.action_refuse_reason_apply()
        self.assertEqual(self.names(), ["Far", "Rated"])

    def test_many_at_once_all_of_them(self):
        far, none = self.near("Far"), self.make_applicant("None")
        self.open_refusal(far + none, keep_everybody=True).action_refuse_reason_apply()
        self.assertEqual(self.names(), ["Far", "None"])

    def test_talent_already(self):
        jane = self.near()
        talent = self.add(jane, self.other_pool)
        self.open_refusal(jane).action_refuse_reason_apply()
        self.assertEqual(self.talents(), talent)

    def test_queries_of_the_dialog(self):
        few = self.near("Few") + self.make_applicant("Fewer")
        many = few.browse()
        for number in range(20):
            many += self.near(f"Many{number}")
        self.open_refusal(few)
        counts = []
        for applicants in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.open_refusal(applicants).read(['near_miss_text', 'keep_no_consent_count', 'keep_pool_ids'])
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)


class TestConsent(RunnerUpCase):

    def setUp(self):
        super().setUp()
        self.company.candidate_consent_required = True
        self.env.flush_all()

    def asked(self, applicant):
        return self.env['hr.candidate.consent'].search_count([
            ('partner_id', '=', applicant.partner_id.id), ('state', '=', 'asked')])

    def test_asked_in_the_same_step_and_entered_upon_consent(self):
        jane = self.near()
        wizard = self.open_refusal(jane)
        self.assertTrue(wizard.keep_ask_consent)
        self.assertEqual(wizard.keep_no_consent_count, 1)
        wizard.keep_categ_ids += self.other_tag
        self.assertSays(wizard, "Waiting for consent to enter Runner-Ups: 1.")
        self.assertFalse(self.names(), "not before they agree")
        self.assertTrue(self.asked(jane))
        wish = self.env['hr.talent.pool.wish'].search([('partner_id', '=', jane.partner_id.id)])
        self.assertEqual((wish.pool_ids, wish.user_id), (self.pool, self.recruiter))
        jane.partner_id._on_consent_given(self.company)
        self.assertFalse(self.names(), "there is no consent yet")
        self.env['hr.candidate.consent'].search([('partner_id', '=', jane.partner_id.id)]).unlink()
        self.give_consent(jane)
        jane.partner_id._on_consent_given(self.env['res.company'].create({'name': "Other"}))
        self.assertFalse(self.names(), "another company's consent")
        jane.partner_id._on_consent_given(self.company)
        self.assertEqual(self.names(), ["Jane Doe"])
        self.assertIn(self.other_tag, self.talents().categ_ids)
        self.assertTrue(wish.done_datetime)
        jane.partner_id._on_consent_given(self.company)
        self.assertEqual(len(self.talents()), 1)

    def test_application_that_moved(self):
        jane = self.near()
        self.open_refusal(jane).action_refuse_reason_apply()
        wish = self.env['hr.talent.pool.wish'].search([('partner_id', '=', jane.partner_id.id)])
        jane.company_id = self.env['res.company'].create({'name': "Other"})
        wish.pool_ids += self.make_pools("Shared", company_id=False)
        consent = self.agree(jane)
        self.assertEqual(consent.state, 'given')
        self.assertFalse(self.names(wish.pool_ids) or wish.done_datetime)

    def test_wish_that_fails_stops_no_consent(self):
        jane, bob = self.near(), self.near("Bob")
        self.open_refusal(jane + bob).action_refuse_reason_apply()
        wishes = self.env['hr.talent.pool.wish'].search([('partner_id', '=', jane.partner_id.id)])
        add = type(self.pool)._add_people

        def fail(pools, *args):
            add(pools, *args)
            raise ValueError("No")

        with patch.object(type(self.pool), '_add_people', fail), \
             mute_logger('odoo.addons.candidate_relationship.models.hr_applicant_pool'):
            consent = self.agree(jane)
        self.assertEqual(consent.state, 'given')
        self.assertFalse(self.names() or wishes.done_datetime)
        self.agree(bob)
        self.assertEqual(self.names(), ["Bob"])

    def agree(self, applicant):
        return self.env['hr.candidate.consent']._answer(
            applicant.partner_id, self.company, keep=True, source='page')

    def test_consent_is_there(self):
        jane = self.near()
        self.give_consent(jane)
        wizard = self.open_refusal(jane)
        self.assertFalse(wizard.keep_ask_consent)
        wizard.action_refuse_reason_apply()
        self.assertEqual(self.names(), ["Jane Doe"])
        self.assertFalse(self.asked(jane))

    def test_not_asked_if_switched_off(self):
        jane = self.near()
        self.open_refusal(jane, keep_ask_consent=False).action_refuse_reason_apply()
        self.assertFalse(self.asked(jane) or self.names())
        self.assertTrue(self.env['hr.talent.pool.wish'].search([('partner_id', '=', jane.partner_id.id)]))

    def test_person_without_address(self):
        phone = self.near("Phone", email_from=False)
        self.open_refusal(phone).action_refuse_reason_apply()
        self.assertFalse(self.names())

    def test_old_wishes_go(self):
        jane = self.near()
        self.open_refusal(jane).action_refuse_reason_apply()
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_talent_pool_wish SET create_date = '2025-01-01'")
        self.env.invalidate_all()
        self.env['hr.talent.pool.wish']._gc_wishes()
        self.assertFalse(self.env['hr.talent.pool.wish'].search([]))


class TestInterviewer(RunnerUpCase):

    def test_interviewer_proposes(self):
        jane = self.near(interviewer_ids=[Command.set(self.interviewer.ids)])
        wizard = self.open_refusal(jane, user=self.interviewer)
        self.assertTrue(wizard.keep_in_touch)
        self.assertFalse(wizard.keep_may_add)
        self.assertSays(wizard, "Proposed to keep in touch in Runner-Ups: 1.")
        self.assertFalse(jane.active)
        self.assertFalse(self.names(), "pools are not theirs")
        activity = self.env['mail.activity'].search([('res_model', '=', 'hr.applicant'), ('res_id', '=', jane.id)])
        activity = activity.filtered(lambda a: a.summary == "Keep in touch?")
        self.assertEqual(activity.user_id, self.pool.pool_manager)
        self.assertIn("Ivan proposes to add Jane Doe to Runner-Ups", str(activity.note))

    def test_manager_keeps_in_touch(self):
        self.open_refusal(self.near(), user=self.manager).action_refuse_reason_apply()
        self.assertEqual(self.names(), ["Jane Doe"])
