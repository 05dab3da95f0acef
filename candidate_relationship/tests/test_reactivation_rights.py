from odoo import Command
from odoo.exceptions import AccessError, UserError

from .reactivation_common import INTERVIEWER_MODELS, ReactivationCase


class TestReactivationRights(ReactivationCase):

    def setUp(self):
        super().setUp()
        self.talent = self.make_talent("Ann Able", skills={'C': 75})
        self.round = self.make_round()
        self.ann = self.match(self.round, self.talent)

    def test_interviewer_has_nothing(self):
        for model in INTERVIEWER_MODELS:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.interviewer).search([])
        with self.assertRaises(AccessError):
            self.opening.with_user(self.interviewer).action_reactivate()

    def test_officer_works_with_rounds_but_writes_no_ledger(self):
        round_ = self.round.with_user(self.colleague)
        round_.write({'stage_weight': 3})
        round_.action_rank()
        self.assertTrue(round_.match_ids.mapped('reasons'))
        for values in ({'state': 'interested'}, {'score': 99}):
            with self.assertRaises(AccessError):
                round_.match_ids.write(values)
        with self.assertRaises(AccessError):
            round_.match_ids.unlink()
        with self.assertRaises(AccessError):
            round_.unlink()
        round_.write({'state': 'sent', 'considered_count': 9})
        self.assertEqual((round_.state, round_.considered_count), ('ready', 1), "What the server alone writes.")

    def test_nothing_is_forged_by_the_defaults_of_a_call(self):
        forged = {
            'default_state': 'sent', 'default_sent_datetime': '2026-01-01 08:00:00', 'default_considered_count': 9,
            'default_origin': 'opened'}
        round_ = self.rounds.with_user(self.colleague).with_context(**forged).create({'job_id': self.job.id})
        self.assertEqual(
            (round_.state, round_.sent_datetime, round_.considered_count, round_.origin), ('draft', False, 0, 'manual'))

    def test_people_are_not_written_through_the_round(self):
        round_ = self.round.with_user(self.manager)
        for command in (Command.update(self.ann.id, {'state': 'interested'}), Command.delete(self.ann.id),
                        Command.create({'job_id': self.opening.id, 'company_id': self.company.id, 'score': 99})):
            with self.assertRaises(AccessError):
                round_.write({'match_ids': [command]})
        application = self.make_applicant("Cyd Cool")
        for values in ({'application_id': application.id}, {'answered_datetime': self.START}, {'facts': {}}):
            with self.assertRaises(AccessError):
                self.ann.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.env['hr.pool.exclusion'].with_user(self.manager).create({
                'reactivation_id': self.round.id, 'reason': 'budget', 'person_count': 7})

    def test_officer_reads_the_figures(self):
        self.assertEqual(self.env['hr.pool.report'].with_user(self.colleague).search_count([]), 1)

    def test_manager_deletes_what_was_not_sent(self):
        self.round.with_user(self.manager).unlink()
        self.assertFalse(self.ann.exists())

    def test_settings_are_the_managers(self):
        self.assertFalse(self.env['res.config.settings'].with_user(self.recruiter).has_access('create'))

    def test_other_company(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        stranger = self.make_user('stan', 'hr_recruitment.group_hr_recruitment_manager', company=other)
        for model in ('hr.pool.reactivation', 'hr.pool.match', 'hr.pool.report'):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(AccessError):
            self.round.with_user(stranger).action_rank()
        with self.assertRaises(AccessError):
            self.ann.with_user(stranger).action_invite()
        with self.assertRaises(AccessError):
            self.env['hr.pool.invite'].with_user(stranger).create({
                'match_ids': [(6, 0, self.ann.ids)], 'subject': "Hi", 'body_html': "/candidate/invitation",
            }).action_send()
        with self.assertRaises(AccessError):
            self.opening.with_user(stranger).action_reactivate()

    def test_a_round_is_of_one_company(self):
        """Who works for two companies does not ask the people of one about the jobs of the other."""
        other = self.env['res.company'].create({'name': "Elsewhere"})
        both = self.colleague
        both.sudo().company_ids += other
        job = self.env['hr.job'].create({'name': "Theirs", 'company_id': other.id})
        pool = self.env['hr.talent.pool'].create({'name': "Theirs", 'company_id': other.id})
        draft = self.rounds.with_user(both).with_context(allowed_company_ids=(self.company + other).ids).create({
            'job_id': self.job.id})
        for values in ({'job_id': job.id}, {'pool_ids': [Command.set(pool.ids)]}):
            with self.assertRaises(UserError):
                draft.write(values)

    # ------------------------------------------------------------------
    # Erased and merged persons
    # ------------------------------------------------------------------

    def test_erased_person(self):
        ann = self.invite(self.ann)
        ann._answer_not_interested('pay', "Ann Able wants more")
        token, before = ann._get_page_token(), self.env['hr.pool.report'].search_count([])
        erasures = self.env['hr.candidate.erasure']
        row = erasures._schedule(ann.partner_id, self.company, 'request')
        person = ann.partner_id
        self.assertTrue(row._execute(), row.block_reason)
        self.assertFalse(ann.partner_id)
        self.assertFalse(ann.person_name or ann.comment)
        self.assertEqual((ann.state, bool(ann.answered_datetime)), ('not_interested', True), "Figures stay.")
        self.assertEqual(self.env['hr.pool.report'].search_count([]), before)
        self.assertFalse(self.matches._get_by_token(token))
        self.assertFalse(person.active)
        texts = ann.message_ids.mapped('body') + self.round.message_ids.mapped('body')
        self.assertFalse([text for text in texts if 'Ann Able' in (text or '')])

    def test_merged_person(self):
        twin = self.make_talent("Anna Able", skills={'C': 50})
        round_ = self.round
        round_.action_rank()
        ann, anna = self.match(round_, self.talent), self.match(round_, twin)
        self.invite(anna)
        target, source = self.talent.sudo().partner_id, twin.sudo().partner_id
        self.env['base.partner.merge.automatic.wizard']._merge([source.id, target.id], target)
        self.assertFalse(ann.exists(), "Who was asked counts.")
        self.assertEqual((anna.partner_id, anna.state), (target, 'delivered'))

    def test_export(self):
        ann = self.invite(self.ann)
        ann._answer_not_interested('pay', "More, please")
        data, _files = self.env['hr.candidate.export'].sudo()._collect(self.talent.sudo(), self.company)
        (row,) = data['reactivations']
        self.assertEqual(
            (row['job'], row['state'], row['comment']), ("Compiler Engineer", 'not_interested', "More, please"))
