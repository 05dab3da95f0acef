from lxml import html

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.mail.tests.common import MockEmail

PAGE = '/candidate/invitation/'


@tagged('post_install', '-at_install')
class TestReactivationTour(HttpCase, MockEmail):
    """A job is opened, its recruiter reviews the ranked people and invites two, one of them answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the tours read English words, whatever the database speaks
        cls.env['res.lang']._activate_lang('en_US')
        cls.env.company.candidate_consent_required = False
        cls.recruiter = new_test_user(
            cls.env, login='tour_recruiter', name="Rita Recruiter", email='rita@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_user')
        cls._make_people()
        cls.job = cls.env['hr.job'].create({
            'name': "Weaver", 'user_id': cls.recruiter.id,
            'job_skill_ids': [cls.prepare_skill(skill, cls.best) for skill in cls.skills]})

    @classmethod
    def _make_people(cls):
        kind = cls.env['hr.skill.type'].create({
            'name': "Weaving", 'skill_ids': [Command.create({'name': name}) for name in ("Warp", "Weft")],
            'skill_level_ids': [
                Command.create({'name': name, 'level_progress': level, 'default_level': level == 50})
                for name, level in (("Beginner", 50), ("Master", 100))]})
        cls.skills, levels = kind.skill_ids, kind.skill_level_ids.sorted('level_progress')
        cls.best = levels[1]
        pool = cls.env['hr.talent.pool'].create({'name': "Weavers"})
        cls.greta, cls.malte, cls.nils = cls.env['hr.applicant'].create([{
            'partner_name': name, 'email_from': f'{name.split()[0].lower()}@talent.example.com', 'job_id': False,
            'talent_pool_ids': [Command.set(pool.ids)],
            'applicant_skill_ids': [cls.prepare_skill(skill, levels[place]) for skill in cls.skills],
        } for name, place in (("Greta Great", 1), ("Malte Middling", 0), ("Nils Never", 1))])
        for talent in cls.greta | cls.malte | cls.nils:
            talent.partner_id.lang = 'en_US'
        cls.env['mail.blacklist']._add(cls.nils.email_normalized)

    @classmethod
    def prepare_skill(cls, skill, level):
        return Command.create({
            'skill_id': skill.id, 'skill_level_id': level.id, 'skill_type_id': skill.skill_type_id.id})

    def _press_interested(self, path):
        """The page has no script: what a browser sends when the button is pressed."""
        self.authenticate(None, None)
        page = html.fromstring(self.url_open(path).text)
        self.assertIn("Weaver", page.findtext('.//title'))
        fields = {box.get('name'): box.get('value') for box in page.xpath("//form//input[@type='hidden']")}
        done = self.url_open(path, data={**fields, 'answer': 'interested'})
        self.assertIn("Glad to Hear That!", done.text)

    def test_from_the_job_to_the_application(self):
        self.start_tour(
            f'/odoo/hr.job/{self.job.id}', 'candidate_relationship_reactivation', login='tour_recruiter')
        matches = self.env['hr.pool.match'].search([('job_id', '=', self.job.id), ('state', '=', 'invited')])
        self.assertEqual(set(matches.partner_id), set((self.greta | self.malte).partner_id))
        with self.mock_mail_gateway():
            matches.mailing_id._action_send_mail()
        self.assertEqual({mail['subject'] for mail in self._mails}, {"Come back to us"})
        greta = matches.filtered(lambda match: match.partner_id == self.greta.partner_id)
        self._press_interested(PAGE + greta._get_page_token())
        self.env.invalidate_all()
        application = greta.application_id
        self.assertEqual((application.job_id, application.partner_id), (self.job, self.greta.partner_id))
        self.start_tour(
            f'/odoo/hr.pool.match/{greta.id}', 'candidate_relationship_reactivation_answer', login='tour_recruiter')
