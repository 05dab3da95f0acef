"""Fixtures of the reactivation tests: a pool, runner-ups, skills, and a job that is opened."""

from odoo import Command, fields

from .common import FeedbackCase

INTERVIEWER_MODELS = (
    'hr.pool.reactivation', 'hr.pool.match', 'hr.pool.exclusion', 'hr.pool.invite', 'hr.pool.report')
OPENING = "<p>Hello <t t-out='object.person_name'/>, <a href='/candidate/invitation'>answer</a></p>"


class ReactivationCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rounds, cls.matches = cls.env['hr.pool.reactivation'], cls.env['hr.pool.match']
        cls.company.write({
            'candidate_consent_required': False, 'near_miss_stage_id': cls.stage_talk.id, 'near_miss_priority': False})
        cls.pool = cls.env['hr.talent.pool'].create({'name': "Engineers", 'company_id': cls.company.id})
        cls._set_up_skills()
        cls.opening = cls.make_job("Compiler Engineer", skills={'C': 75, 'LLVM': 50})
        cls.refuse_reason = cls.env['hr.applicant.refuse.reason'].create({'name': "Another was better"})

    @classmethod
    def _set_up_skills(cls):
        kind = cls.env['hr.skill.type'].create({
            'name': "Programming",
            'skill_ids': [Command.create({'name': name}) for name in ('C', 'LLVM', 'Perl')],
            'skill_level_ids': [
                Command.create({'name': f"Level {level}", 'level_progress': level, 'default_level': level == 25})
                for level in (0, 25, 50, 75, 100)],
        })
        cls.skill_type = kind
        cls.skills = {skill.name: skill for skill in kind.skill_ids}
        cls.levels = {level.level_progress: level for level in kind.skill_level_ids}

    @classmethod
    def prepare_skill(cls, name, level, **vals):
        return Command.create({
            'skill_id': cls.skills[name].id, 'skill_level_id': cls.levels[level].id,
            'skill_type_id': cls.skill_type.id, **vals})

    @classmethod
    def make_job(cls, name, skills=None, **vals):
        return cls.env['hr.job'].create({
            'name': name, 'company_id': cls.company.id, 'user_id': cls.recruiter.id,
            'job_skill_ids': [cls.prepare_skill(skill, level) for skill, level in (skills or {}).items()], **vals})

    @classmethod
    def make_talents(cls, *names, skills=None, **vals):
        """People who applied some time ago, were refused and are in the pool."""
        applicants = cls.make_applicants(*names, applicant_skill_ids=[
            cls.prepare_skill(skill, level) for skill, level in (skills or {}).items()], **vals)
        applicants.sudo().write({'refuse_reason_id': cls.refuse_reason.id, 'active': False})
        return cls.pool._add_people(applicants).with_user(cls.recruiter)

    def make_talent(self, name="Ann Able", **vals):
        return self.make_talents(name, **vals)

    def make_round(self, job=None, **vals):
        """A round of which only skills count, ranked."""
        weights = {'skill_weight': 1, 'tag_weight': 0, 'stage_weight': 0, 'freshness_weight': 0}
        round_ = self.rounds.with_user(self.recruiter).create({
            'job_id': (job or self.opening).id, **weights, **vals})
        round_.action_rank()
        return round_

    def people(self, round_, state=None):
        """Names of those listed, the best first."""
        matches = round_.match_ids.filtered(lambda m: (m.state == state) if state else m.state != 'excluded')
        return matches.sorted(lambda m: (-m.score, -m.skill_score, m.applicant_id.id)).mapped('person_name')

    def match(self, round_, talent):
        return round_.match_ids.filtered(lambda m: m.partner_id == talent.sudo().partner_id)

    def invite(self, matches, user=None):
        """Write to them and let the queue run."""
        matches = matches.with_user(user or self.recruiter)
        wizard = self.env['hr.pool.invite'].with_user(user or self.recruiter).browse(matches.action_invite()['res_id'])
        wizard.action_send()
        self.send_mailings()
        return matches.sudo()

    def send_mailings(self, refuses=False):
        """What the queue of mailings does, without its commits."""
        mailings = self.env['mailing.mailing'].sudo().search([('state', '=', 'in_queue')])
        with self.mail_server(refuses):
            for mailing in mailings:
                mailing._action_send_mail()

    def invited(self, name="Ann Able", **vals):
        """A match that got its mail, in superuser mode."""
        talent = self.make_talent(name, skills={'C': 75}, **vals)
        return self.invite(self.match(self.make_round(), talent))

    def run_preparation(self):
        with self.enter_registry_test_mode():
            done = self.env.ref('candidate_relationship.ir_cron_reactivation').method_direct_trigger()
        self.assertIs(done, True)

    def in_days(self, days):
        return fields.Date.add(fields.Date.today(), days=days)
