from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import users

from .common import FeedbackCase


class TestExperienceSettings(FeedbackCase):

    def test_fewer_than_five_answers_are_refused(self):
        for number in (4, 1, 0, -10):
            with self.assertRaisesRegex(ValidationError, f"{number} answers would tell who gave them"):
                self.company.experience_threshold = number
        self.company.experience_threshold = 5
        self.assertEqual(self.company.experience_threshold, 5)

    def test_new_companies_have_the_usual_settings(self):
        company = self.env['res.company'].create({'name': "New"})
        self.assertEqual((company.experience_threshold, company.experience_cooldown_days), (10, 180))
        self.assertEqual(company.experience_publish, 'monthly')

    def test_stages_have_a_group_by_their_place(self):
        self.env['hr.recruitment.stage'].search([]).unlink()
        names = ["New", "Screening", "First", "Second", "Offer"]
        stages = self.env['hr.recruitment.stage'].create([
            {'name': name, 'sequence': number} for number, name in enumerate(names)])
        stages += stages.create({'name': "Signed", 'sequence': 9, 'hired_stage': True})
        self.assertEqual(
            stages.mapped('experience_group'),
            ['applied', 'applied', 'interviewed', 'interviewed', 'final', 'final'])

    def test_the_group_that_somebody_chose_stays(self):
        stage = self.env['hr.recruitment.stage'].create({'name': "Call", 'sequence': 90})
        stage.experience_group = 'applied'
        stage.sequence = 91
        self.env.flush_all()
        self.assertEqual(stage.experience_group, 'applied')

    def test_stages_of_other_jobs_do_not_count(self):
        self.env['hr.recruitment.stage'].search([]).unlink()
        jobs = self.env['hr.job'].create([{'name': "One"}, {'name': "Two"}])
        first, last, other = self.env['hr.recruitment.stage'].create([
            {'name': "First", 'sequence': 1},
            {'name': "Last", 'sequence': 2, 'job_ids': [Command.set(jobs[0].ids)]},
            {'name': "Other", 'sequence': 3, 'job_ids': [Command.set(jobs[1].ids)]}])
        self.assertEqual(first.experience_group, 'applied')
        self.assertEqual(last.experience_group, 'final')
        self.assertEqual(other.experience_group, 'final')

    @users('mona')
    def test_an_administrator_sorts_jobs_into_families(self):
        family = self.env['hr.job.family'].create({'name': "Engineering"})
        job = self.env['hr.job'].create({'name': "Welder", 'family_id': family.id, 'company_id': self.company.id})
        self.assertEqual(family.job_ids, job)
