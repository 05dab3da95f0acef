"""Filling a pool: preview, on demand, by night, and taken back."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..models import hr_talent_pool_fill
from .test_talent_pool_rule import RuleCase

GOOD = "[('priority', '=', '3')]"


class FillCase(RuleCase):

    def open_wizard(self, pool=None, user=None):
        action = (pool or self.pool).with_user(user or self.recruiter).action_fill()
        return self._open(action, user).create({})

    def fill(self, pool=None, **values):
        wizard = self.open_wizard(pool)
        wizard.write(values)
        wizard.action_fill()
        return self.env['hr.talent.pool.fill'].search([('pool_id', '=', (pool or self.pool).id)], limit=1)

    def run_night(self):
        with self.enter_registry_test_mode():
            done = self.env.ref('candidate_relationship.ir_cron_pool_fill').method_direct_trigger()
        self.assertIs(done, True)
        self.env.invalidate_all()

    def make_good(self, *names, **vals):
        # somebody else, so that the rule does not match everybody
        self.make_applicants("Somebody", "Else")
        return self.make_applicants(*names, priority='3', **vals)

    def require_consent(self):
        self.company.candidate_consent_required = True
        self.env.flush_all()

    def lines(self, wizard):
        return sorted((line.name, line.kind) for line in wizard.line_ids)


class TestOnDemand(FillCase):

    def test_preview_and_fill(self):
        good = self.make_good("Anna", "Bert", "Cara", "Cara")
        self.add(good[1], self.other_pool)
        self.add(good[2])
        self.set_rule(GOOD)
        good[0].stage_id = self.stage_talk
        wizard = self.open_wizard()
        self.assertEqual((wizard.enter_count, wizard.inside_count, wizard.everybody), (2, 1, False))
        self.assertEqual(self.lines(wizard), [("Anna", 'enter'), ("Bert", 'link')])
        anna = wizard.line_ids.filtered(lambda line: line.name == "Anna")
        self.assertEqual((anna.furthest_stage_id, anna.job_id), (self.stage_talk, self.job))
        action = wizard.action_fill()
        self.assertEqual(action['params']['message'], "2 people entered the pool.")
        self.assertEqual(self.names(), ["Anna", "Bert", "Cara"])
        fill = self.pool.fill_ids
        self.assertEqual((fill.state, fill.entered_count, fill.user_id), ('done', 2, self.recruiter))
        self.assertEqual(sorted(fill.entry_ids.mapped('created')), [False, True])
        self.assertTrue(self.pool.rule_last_run)
        self.assertTalents()
        self.assertEqual(self.open_wizard().enter_count, 0)

    def test_only_with_consent(self):
        anna, bert, _cara = self.make_good("Anna", "Bert", "Cara")
        phone = self.make_applicants("Phone", priority='3', email_from=False)
        self.require_consent()
        self.give_consent(anna)
        self.set_rule(GOOD)
        wizard = self.open_wizard()
        self.assertEqual(
            (wizard.enter_count, wizard.no_consent_count, wizard.no_address_count), (1, 2, 1))
        self.assertEqual(self.lines(wizard), [
            ("Anna", 'enter'), ("Bert", 'no_consent'), ("Cara", 'no_consent'), ("Phone", 'no_address')])
        fill = self.fill()
        self.assertEqual((fill.entered_count, fill.no_consent_count, fill.no_address_count), (1, 2, 1))
        self.assertEqual(self.names(), ["Anna"])
        self.assertFalse(phone.pool_applicant_id)
        # asked, they enter when they agree
        self.open_wizard().action_ask()
        asked = self.env['hr.candidate.consent'].search([('state', '=', 'asked'), ('company_id', '=', self.company.id)])
        self.assertIn(bert.partner_id, asked.partner_id)
        asked.filtered(lambda consent: consent.partner_id == bert.partner_id).unlink()
        self.give_consent(bert)
        bert.partner_id._on_consent_given(self.company)
        self.assertEqual(self.names(), ["Anna", "Bert"])

    def test_matches_everybody_asks_first(self):
        self.make_applicants("Anna", "Bert")
        self.set_rule("[]")
        wizard = self.open_wizard()
        self.assertTrue(wizard.everybody)
        with self.assertRaisesRegex(UserError, "Tick the box if this is meant"):
            wizard.action_fill()
        self.fill(confirmed=True)
        self.assertEqual(self.names(), ["Anna", "Bert"])
        self.assertEqual(self.pool.rule_confirmed_for, '[]')
        self.assertFalse(self.open_wizard().everybody, "remembered")
        self.set_rule("[('id', '!=', 0)]")
        self.assertTrue(self.open_wizard().everybody, "of this rule only")

    def test_many_are_handed_to_the_job(self):
        self.make_good("Anna", "Bert", "Cara")
        self.set_rule(GOOD, active=False)
        with patch.object(hr_talent_pool_fill, 'AT_ONCE', 2), \
             patch('odoo.addons.candidate_relationship.wizard.hr_talent_pool_fill_wizard.AT_ONCE', 2):
            wizard = self.open_wizard()
            self.assertTrue(wizard.in_background)
            self.assertIn("in the background", wizard.action_fill()['params']['message'])
        self.assertEqual(self.pool.fill_ids.state, 'queued')
        self.assertFalse(self.names())
        with self.assertRaisesRegex(UserError, "is being filled already"):
            self.pool._fill_later(self.recruiter)
        self.run_night()
        self.assertEqual(self.names(), ["Anna", "Bert", "Cara"])
        self.assertEqual((self.pool.fill_ids.state, self.pool.fill_ids.user_id), ('done', self.recruiter))

    def test_rights_of_who_presses_the_button(self):
        theirs = self.env['res.company'].create({'name': "Other", 'candidate_consent_required': False})
        self.pool.company_id = False
        self.env['hr.applicant'].create({'partner_name': "Theirs", 'company_id': theirs.id, 'priority': '3'})
        self.make_good("Ours")
        self.set_rule(GOOD)
        self.manager.company_ids += theirs
        self.assertEqual(self.open_wizard().enter_count, 1)
        self.assertEqual(self.open_wizard(user=self.manager).enter_count, 2)


class TestNight(FillCase):

    def test_fills_and_stays_quiet(self):
        self.make_good("Anna", "Bert")
        self.set_rule(GOOD)
        self.run_night()
        self.assertEqual(self.names(), ["Anna", "Bert"])
        fill = self.pool.fill_ids
        self.assertEqual((fill.nightly, fill.entered_count, fill.user_id), (True, 2, self.recruiter))
        self.make_good("Cara")
        self.run_night()
        self.assertEqual(self.names(), ["Anna", "Bert"], "once a night")
        self.pass_time(days=1)
        self.run_night()
        self.assertEqual(self.names(), ["Anna", "Bert", "Cara"])
        self.pass_time(days=1)
        self.run_night()
        self.assertEqual(len(self.pool.fill_ids), 2, "a quiet night leaves no run behind")

    def test_in_batches(self):
        self.make_good(*[f"P{number}" for number in range(7)], *[f"P{number}" for number in range(7)])
        self.set_rule(GOOD)
        with patch.object(hr_talent_pool_fill.HrTalentPool._split_by_person, '__defaults__', (3,)):
            self.run_night()
        self.assertEqual(len(self.talents()), 7)
        self.assertEqual(self.pool.fill_ids.entered_count, 7)
        self.assertTalents()

    def test_split_keeps_a_person_together(self):
        rows = [(1, 7), (2, 7), (3, 7), (4, 8), (5, None), (6, None)]
        self.assertEqual(list(self.pool._split_by_person(rows, size=2)), [[1, 2, 3], [4, 5], [6]])

    def test_goes_on_where_it_stood(self):
        self.make_good(*[f"P{number}" for number in range(6)])
        self.set_rule(GOOD)
        done = []

        def stop(jobs, processed=0, remaining=None, deactivate=False):
            done.append(processed)
            return 0

        with patch.object(hr_talent_pool_fill.HrTalentPool._split_by_person, '__defaults__', (2,)), \
             patch.object(type(self.env['ir.cron']), '_commit_progress', stop):
            self.env['hr.talent.pool']._cron_fill_pools()
        self.assertEqual((len(self.talents()), self.pool.fill_ids.state), (2, 'running'))
        self.run_night()
        self.assertEqual((len(self.talents()), self.pool.fill_ids.state), (6, 'done'))
        self.assertEqual(self.pool.fill_ids.entered_count, 6)

    def test_unconfirmed_rule_is_skipped_and_says_so(self):
        self.make_applicants("Anna", "Bert")
        self.set_rule("[]")
        self.run_night()
        self.assertFalse(self.names())
        self.assertIn("lets in everybody", self.pool.rule_error)
        self.fill(confirmed=True)
        self.assertFalse(self.pool.rule_error)

    def test_error_of_one_pool_stops_no_other(self):
        self.make_good("Anna")
        self.set_rule(GOOD)
        self.set_rule(GOOD, self.other_pool, user=self.colleague)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_talent_pool SET rule_domain = %s WHERE id = %s", ["[('gone', '=', 1)]", self.pool.id])
        self.env.invalidate_all()
        with mute_logger('odoo.addons.candidate_relationship.models.hr_talent_pool_fill'):
            self.run_night()
        self.assertEqual(self.names(self.other_pool), ["Anna"])
        self.assertIn("gone", self.pool.rule_error)
        self.assertFalse(self.names())

    def test_user_who_has_left(self):
        self.make_good("Anna")
        self.set_rule(GOOD)
        self.recruiter.action_archive()
        with mute_logger('odoo.addons.candidate_relationship.models.hr_talent_pool_fill'):
            self.run_night()
        self.assertIn("Rita, who set the rule", self.pool.rule_error)

    def test_who_was_taken_out_stays_out(self):
        anna, bert = self.make_good("Anna", "Bert")
        self.set_rule(GOOD)
        self.run_night()
        talent = anna.pool_applicant_id
        talent.with_user(self.recruiter).talent_pool_ids = self.other_pool
        bert.pool_applicant_id.unlink()
        self.pass_time(days=1)
        self.run_night()
        self.assertFalse(self.names())
        wizard = self.open_wizard()
        self.assertEqual((wizard.enter_count, wizard.taken_out_count), (0, 2))
        # by hand of course they may
        self.add(bert)
        self.assertEqual(self.names(), ["Bert"])

    def test_archived_talent_stays_out(self):
        anna = self.make_good("Anna")
        self.add(anna, self.other_pool).action_archive()
        self.set_rule(GOOD)
        self.run_night()
        self.assertFalse(self.names())


class TestUndo(FillCase):

    def setUp(self):
        super().setUp()
        self.anna, self.bert, self.cara = self.make_good("Anna", "Bert", "Cara")
        self.talent = self.add(self.anna, self.other_pool)
        self.set_rule(GOOD)
        self.run = self.fill()

    def test_those_who_entered_leave(self):
        self.run.with_user(self.recruiter).action_undo()
        self.assertFalse(self.names())
        self.assertEqual(self.talent.talent_pool_ids, self.other_pool)
        self.assertFalse((self.bert + self.cara).pool_applicant_id)
        self.assertEqual(self.run.state, 'undone')
        self.assertFalse(self.pool.rule_active, "else the next night would bring them back")
        with self.assertRaises(UserError):
            self.run.with_user(self.recruiter).action_undo()
        # they may enter again
        self.assertEqual(self.fill().entered_count, 3)

    def test_worked_with_since(self):
        self.pass_time(minutes=5)
        self.write_to(self.bert.pool_applicant_id)
        self.cara.pool_applicant_id.with_user(self.recruiter).applicant_notes = "Called her"
        self.run.with_user(self.recruiter).action_undo()
        self.assertEqual(self.names(), ["Bert", "Cara"])
        self.assertEqual(self.run.kept_count, 2)
        self.assertTalents()

    def test_in_another_pool_meanwhile(self):
        self.add(self.bert, self.other_pool)
        self.run.with_user(self.recruiter).action_undo()
        self.assertEqual(self.bert.pool_applicant_id.talent_pool_ids, self.other_pool)

    def test_chosen_by_hand_since(self):
        self.pass_time(minutes=5)
        self.add(self.anna + self.bert)
        self.run.with_user(self.recruiter).action_undo()
        self.assertEqual(self.names(), ["Anna", "Bert"])
        self.assertEqual(self.bert.pool_applicant_id.write_date, self.env.cr.now())
        self.assertEqual(self.bert.pool_applicant_id.write_uid, self.recruiter)
        self.assertTalents()

    def test_chosen_by_hand_and_taken_out(self):
        self.add(self.bert)
        self.bert.pool_applicant_id.with_user(self.recruiter).talent_pool_ids = self.other_pool
        self.pass_time(days=1)
        self.set_rule(GOOD)
        self.run_night()
        self.assertEqual(self.names(), ["Anna", "Cara"])

    def test_many_in_the_background(self):
        with patch('odoo.addons.candidate_relationship.models.hr_talent_pool_fill_undo.AT_ONCE', 2), \
             patch('odoo.addons.candidate_relationship.models.hr_talent_pool_fill_undo.BATCH', 1):
            self.run.with_user(self.recruiter).action_undo()
            self.assertEqual(self.run.state, 'undoing')
            self.run_night()
        self.assertEqual(self.run.state, 'undone')
        self.assertFalse(self.names())
