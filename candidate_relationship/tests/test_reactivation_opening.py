from unittest.mock import patch

from odoo.exceptions import UserError

from .reactivation_common import ReactivationCase


class TestReactivationOpening(ReactivationCase):

    def setUp(self):
        super().setUp()
        self.run_preparation()

    def rounds_of(self, job):
        return self.rounds.search([('job_id', '=', job.id)], order='id')

    def test_a_job_that_is_opened_is_prepared_behind_the_scenes(self):
        talent = self.make_talent("Ann Able", skills={'C': 75})
        before = self.cr.sql_log_count
        job = self.make_job("Linker Engineer", skills={'C': 75})
        self.assertFalse(self.rounds_of(job), "Making the job is not to wait for the ranking.")
        self.assertEqual(job.reactivation_wanted, 'opened')
        self.run_preparation()
        round_ = self.rounds_of(job)
        self.assertEqual((round_.state, round_.origin, round_.user_id), ('ready', 'opened', self.recruiter))
        self.assertEqual(round_.match_ids.partner_id, talent.sudo().partner_id)
        self.assertFalse(job.reactivation_wanted)
        self.assertIn("1 people you know may suit Linker Engineer", round_.activity_ids.summary)
        self.assertEqual(round_.activity_ids.user_id, self.recruiter)
        self.assertGreater(self.cr.sql_log_count, before)
        self.run_preparation()
        self.assertEqual(len(self.rounds_of(job)), 1)

    def test_nobody_to_ask_is_no_news(self):
        job = self.make_job("Linker Engineer")
        self.run_preparation()
        self.assertEqual(self.rounds_of(job).recommended_count, 0)
        self.assertFalse(self.rounds_of(job).activity_ids)

    def test_closed_and_reopened(self):
        self.make_talent("Ann Able")
        job = self.make_job("Linker Engineer", no_of_recruitment=0)
        self.run_preparation()
        self.assertFalse(self.rounds_of(job), "Nobody is to be recruited.")
        for close, open_ in (
                ({'no_of_recruitment': 0}, {'no_of_recruitment': 2}),
                ({'active': False}, {'active': True, 'no_of_recruitment': 1})):
            job.write(open_)
            self.run_preparation()
            job.write({'name': "Linker Engineer II"})
            round_ = self.rounds_of(job)[-1]
            self.assertEqual((round_.state, round_.origin), ('ready', 'reopened'))
            job.write(close)
            self.assertEqual(round_.state, 'closed')
            self.assertFalse(round_.activity_ids)
        self.assertEqual(len(self.rounds_of(job)), 2)

    def test_not_if_the_company_does_not_want_it(self):
        self.company.reactivation_automatic = False
        job = self.make_job("Linker Engineer")
        self.assertFalse(job.reactivation_wanted)
        job.with_user(self.recruiter).action_reactivate()
        self.assertEqual(self.rounds_of(job).state, 'ready')

    def test_skills_that_are_entered_later_rank_again(self):
        self.make_talent("Ann Able", skills={'Perl': 50})
        job = self.make_job("Linker Engineer")
        self.run_preparation()
        job.write({'job_skill_ids': [self.prepare_skill('Perl', 50)]})
        self.assertEqual(job.reactivation_wanted, 'opened')
        self.run_preparation()
        self.assertEqual(self.rounds_of(job).match_ids.skill_score, 100)
        self.assertEqual(len(self.rounds_of(job).activity_ids), 1, "Told once.")

    def test_by_button(self):
        self.make_talent("Ann Able")
        self.pass_time(days=2)
        action = self.opening.with_user(self.colleague).action_reactivate()
        round_ = self.rounds.browse(action['res_id'])
        self.assertEqual((round_.state, round_.origin), ('ready', 'opened'))
        self.assertEqual(self.opening.with_user(self.colleague).action_reactivate()['res_id'], round_.id)
        self.assertEqual(self.opening.with_user(self.colleague).reactivation_count, 1)

    def test_one_that_fails_does_not_keep_the_others(self):
        jobs = self.make_job("First") + self.make_job("Second")
        rank = type(self.rounds)._rank

        def fail(round_):
            if round_.job_id == jobs[0]:
                raise ValueError("No")
            rank(round_)
        with patch.object(type(self.rounds), '_rank', fail), \
             self.assertLogs('odoo.addons.candidate_relationship.models.hr_pool_reactivation', 'ERROR'):
            self.run_preparation()
        self.assertFalse(jobs[0].reactivation_wanted)
        self.assertEqual(self.rounds_of(jobs[1]).state, 'ready')

    def test_weights_of_the_round_before_are_kept(self):
        round_ = self.rounds_of(self.opening)
        round_.write({'stage_weight': 77})
        round_._close()
        self.opening.write({'no_of_recruitment': 0})
        self.opening.write({'no_of_recruitment': 1})
        self.run_preparation()
        self.assertEqual(self.rounds_of(self.opening)[-1].stage_weight, 77)

    def test_what_was_sent_is_not_deleted(self):
        talent = self.make_talent("Ann Able")
        round_ = self.make_round()
        self.invite(self.match(round_, talent))
        with self.assertRaises(UserError):
            round_.with_user(self.manager).unlink()
        with self.assertRaises(UserError):
            self.opening.unlink()
        self.assertTrue(round_.exists())

    def test_each_company_has_its_round_for_a_shared_job(self):
        job = self.make_job("Shared")
        job.company_id = False
        other = self.env['res.company'].create({'name': "Elsewhere"})
        stranger = self.make_user('stan', 'hr_recruitment.group_hr_recruitment_user', company=other)
        ours = self.rounds.browse(job.with_user(self.colleague).action_reactivate()['res_id'])
        theirs = self.rounds.browse(job.with_user(stranger).action_reactivate()['res_id'])
        self.assertEqual((ours.company_id, theirs.company_id), (self.company, other))
