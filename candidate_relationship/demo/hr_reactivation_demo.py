import random
from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models

from ..models.hr_pool_reactivation_ranking import HALF_LIFE_DAYS

SEED = 29
ROUND_DAYS_AGO = 75
SKILLS = ("Python", "JavaScript", "PostgreSQL", "Linux", "Git")
LEVELS = (("Beginner", 25), ("Intermediate", 50), ("Advanced", 75), ("Expert", 100))
# What became of the people of the finished round, the best first: their answer, after how many days, and what
# became of their application.
Story = namedtuple('Story', ['answer', 'days', 'outcome', 'words'])
STORIES = [
    Story('interested', 1, 'hired', None),
    Story('interested', 2, 'interviewed', None),
    Story('later', 3, None, None),
    Story('not_interested', 1, None, ('pay', "Happy to hear from you again when there is a lead role.")),
    Story('interested', 6, 'refused', None),
    Story(None, None, None, None),
    Story('clicked', 4, None, None),
    Story('not_interested', 9, None, ('place', None)),
]


class HrReactivationDemo(models.AbstractModel):
    """A round of reactivation that is over, made relative to today; the next one is ranked by the scheduler."""
    _name = 'hr.reactivation.demo'
    _description = "Reactivation Demo Data"

    @api.model
    def _generate(self):
        demo = self.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True,
            mail_auto_subscribe_no_notify=True, lang='en_US')
        rng = random.Random(SEED)
        job = demo.env.ref('candidate_relationship.job_engineer')
        demo._make_skills(rng, job)
        return demo._make_round(rng, job)

    # ------------------------------------------------------------------
    # Skills
    # ------------------------------------------------------------------

    @api.model
    def _make_skills(self, rng, job):
        """The job asks for some, the engineers of the pool have some."""
        kind = self.env['hr.skill.type'].create({
            'name': "Software",
            'skill_ids': [fields.Command.create({'name': name}) for name in SKILLS],
            'skill_level_ids': [
                fields.Command.create({'name': name, 'level_progress': level, 'default_level': level == 25})
                for name, level in LEVELS],
        })
        skills, levels = kind.skill_ids, kind.skill_level_ids.sorted('level_progress')
        job.write({'job_skill_ids': [self._prepare_skill(skill, levels[2]) for skill in skills[:4]]})
        talents = self.env.ref('candidate_relationship.pool_engineers').talent_ids
        for talent in talents:
            chosen = rng.sample(list(skills), rng.randint(1, len(skills)))
            talent.write({'applicant_skill_ids': [
                self._prepare_skill(skill, rng.choice(levels)) for skill in chosen]})

    @api.model
    def _prepare_skill(self, skill, level):
        return fields.Command.create({
            'skill_id': skill.id, 'skill_level_id': level.id, 'skill_type_id': skill.skill_type_id.id})

    # ------------------------------------------------------------------
    # The round
    # ------------------------------------------------------------------

    @api.model
    def _make_round(self, rng, job):
        round_ = self.env['hr.pool.reactivation'].create({
            'job_id': job.id, 'origin': 'opened', 'user_id': job.user_id.id})
        round_._rank()
        start = fields.Datetime.now() - timedelta(days=ROUND_DAYS_AGO)
        self._look_back(round_, start)
        best = round_.match_ids.filtered(lambda match: match.state == 'recommended').sorted()
        for story, match in zip(STORIES, best, strict=False):
            self._play(match, story, start + timedelta(days=1, hours=rng.randint(0, 6)))
        round_.write({
            'state': 'closed', 'prepared_datetime': start, 'sent_datetime': start + timedelta(days=1),
            'closed_datetime': start + timedelta(days=40)})
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_pool_reactivation SET create_date = %s WHERE id = %s", [start, round_.id])
        round_.invalidate_recordset()
        return round_

    @api.model
    def _look_back(self, round_, start):
        """What was known on the day of the round, and of whom: nothing that happened since."""
        stages = self.env['hr.recruitment.stage'].search([], order='sequence, id')
        for match in round_.match_ids:
            furthest = self._get_furthest_stay(match, start, stages)
            if not furthest:
                match.unlink()
                continue
            self._rewrite(match, start, furthest, 100 * (list(stages).index(furthest.stage_id) + 1) / len(stages))
        self._count_again(round_)

    @api.model
    def _get_furthest_stay(self, match, start, stages):
        stays = self.env['hr.applicant.stage.log'].with_context(active_test=False).search([
            ('applicant_id.partner_id', '=', match.partner_id.id), ('entered_datetime', '<=', start),
            ('stage_id', 'in', stages.ids)])
        return stays.sorted(lambda stay: (list(stages).index(stay.stage_id), stay.id))[-1:]

    @api.model
    def _rewrite(self, match, start, furthest, stage_score):
        touch = self.env['hr.candidate.touch'].search([
            ('partner_id', '=', match.partner_id.id), ('company_id', '=', match.company_id.id), ('date', '<=', start),
        ], order='date desc, id desc', limit=1)
        fresh = {'date': str(touch.date.date()), 'channel': touch.channel} if touch else None
        days = (start - touch.date).days if touch else 9999
        match.write({
            'recommended_datetime': start, 'stage_score': round(stage_score),
            'freshness_score': round(100 * 0.5 ** (days / HALF_LIFE_DAYS)),
            'facts': {**match.facts, 'freshness': fresh, 'stage': {
                'stage': furthest.stage_id.id, 'job': furthest.job_id.id}}})
        round_, parts = match.reactivation_id, match.facts.keys()
        whole = sum(round_[f'{part}_weight'] for part in parts)
        match.score = sum(round_[f'{part}_weight'] * min(match[f'{part}_score'], 100) for part in parts) / whole

    @api.model
    def _count_again(self, round_):
        """Everybody of this small pool is listed."""
        for line in round_.exclusion_ids:
            line.person_count = line.listed_count
        round_.exclusion_ids.filtered(lambda line: not line.person_count).unlink()
        excluded = sum(round_.exclusion_ids.mapped('person_count'))
        round_.write({
            'considered_count': len(round_.match_ids), 'excluded_count': excluded,
            'recommended_count': len(round_.match_ids) - excluded})

    @api.model
    def _play(self, match, story, sent):
        """Write what happened as it would have been written then."""
        moment = story.days and sent + timedelta(days=story.days)
        answered = story.answer in match._ANSWERED_STATES
        reason, comment = story.words or (False, False)
        match.write({
            'state': story.answer or 'delivered',
            'invited_datetime': sent, 'invited_user_id': match.reactivation_id.user_id.id,
            'delivered_datetime': sent, 'clicked_datetime': moment, 'answered_datetime': answered and moment,
            'decline_reason': reason, 'comment': comment,
            'later_date': story.answer == 'later' and moment.date() + timedelta(days=182),
        })
        self._record_touches(match, sent, answered and moment)
        if story.answer == 'interested':
            self._apply(match, story.outcome, moment)

    @api.model
    def _record_touches(self, match, sent, answered):
        person = {
            'partner_id': match.partner_id.id, 'company_id': match.company_id.id,
            'applicant_id': match.applicant_id.id, 'summary': match.job_id.name}
        touches = [{**person, 'date': sent, 'channel': 'mailing', 'user_id': match.invited_user_id.id}]
        if answered:
            touches.append({**person, 'date': answered, 'channel': 'page', 'direction': 'in'})
        self.env['hr.candidate.touch']._record(touches)

    @api.model
    def _apply(self, match, outcome, moment):
        application = match._create_application()
        match.write({
            'interested_datetime': moment, 'applied_datetime': moment, 'application_id': application.id})
        self._meet(application, moment + timedelta(days=5))
        self._move(application, outcome)
        application.feedback_promise_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hr_applicant SET create_date = %(moment)s, date_open = %(moment)s,"
            " date_last_stage_update = %(moment)s::timestamp + INTERVAL '6 days',"
            " refuse_date = CASE WHEN refuse_reason_id IS NOT NULL"
            " THEN %(moment)s::timestamp + INTERVAL '8 days' END"
            " WHERE id = %(id)s", {'moment': moment, 'id': application.id})
        self.env.cr.execute(
            "UPDATE hr_applicant_stage_log SET entered_datetime = entered_datetime - ago.days,"
            " left_datetime = left_datetime - ago.days FROM (SELECT %s::timestamp - %s::timestamp AS days) ago"
            " WHERE applicant_id = %s", [fields.Datetime.now(), moment, application.id])
        self.env.invalidate_all()

    @api.model
    def _meet(self, application, start):
        self.env['calendar.event'].with_context(no_mail_to_attendees=True, dont_notify=True).create({
            'name': f"Interview: {application.partner_name}", 'applicant_id': application.id,
            'start': start, 'stop': start + timedelta(hours=1), 'user_id': application.user_id.id})

    @api.model
    def _move(self, application, outcome):
        stage = {'hired': 'stage_job5', 'interviewed': 'stage_job3', 'refused': 'stage_job2'}[outcome]
        application.stage_id = self.env.ref(f'hr_recruitment.{stage}')
        if outcome == 'refused':
            reason = self.env.ref('hr_recruitment.refuse_reason_1')
            application.write({'refuse_reason_id': reason.id, 'active': False})
