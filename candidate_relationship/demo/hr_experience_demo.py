"""150 answers over four quarters, and the story in them: Research & Development begins to be late for interviews."""

import random
from collections import namedtuple
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

SEED = 41
QUARTERS = 4
INVITATIONS = 60
# Of the statements and of the themes, in the order of the questionnaire
PUNCTUAL, SPEED = 1, 5
LATE, ATTITUDE, UNCLEAR, SLOW, SILENT, UNPREPARED, TECHNICAL = range(7)

# answers in each quarter; promoters, passives and detractors of ten, in an ordinary one; what they complain about
Team = namedtuple('Team', ['department', 'answers', 'usual', 'complaints'])
TEAMS = [
    Team('hr.dep_rd', (12, 12, 18, 18), (6, 3, 1), [SLOW, TECHNICAL, UNCLEAR]),
    Team('hr.dep_sales', (11, 11, 11, 11), (6, 3, 1), [UNCLEAR, SLOW, ATTITUDE]),
    Team('hr.dep_ps', (12, 11, 11, 12), (5, 3, 2), [SLOW, SILENT, UNCLEAR]),
]
# of ten of Research & Development in the last two quarters, when its interviewers come late
LATER = (1, 3, 6)
# quarter (0: the oldest), department, sentiment, words
COMMENTS = [
    (0, 'hr.dep_rd', 'promoter', "Clear tasks, friendly people, and an answer within two days."),
    (0, 'hr.dep_sales', 'promoter', "I was told no, and why. I would apply again at once."),
    (0, 'hr.dep_ps', 'passive', "面试内容与岗位相关，但等结果等了很久。"),
    (1, 'hr.dep_rd', 'promoter', "The engineers knew my résumé and asked what I like to build."),
    (1, 'hr.dep_sales', 'detractor', "The advert promised field work, the interview was about a call centre."),
    (1, 'hr.dep_ps', 'promoter', "招聘人员很专业，每一步都会提前通知我。"),
    (2, 'hr.dep_rd', 'detractor', "My interviewer came 25 minutes late and then had to leave early."),
    (2, 'hr.dep_rd', 'detractor', "Second time that nobody was in the call when it should begin."),
    (2, 'hr.dep_rd', 'passive', "Good questions once it began. It began half an hour late."),
    (2, 'hr.dep_sales', 'promoter', "Everybody took their time, and I met the team."),
    (3, 'hr.dep_rd', 'detractor', "I took a day off for this. The interviewer forgot the appointment."),
    (3, 'hr.dep_rd', 'detractor', "Late again, no apology. If interviews are like this, what is the work like?"),
    (3, 'hr.dep_rd', 'detractor', "面试官迟到了二十分钟，而且没有看过我的简历。"),
    (3, 'hr.dep_ps', 'promoter', "Feedback I could use, although I didn't get the job."),
    (3, 'hr.dep_sales', 'promoter', "Fast and fair."),
]


class HrExperienceDemo(models.AbstractModel):
    """Answers have no persons attached, so none are made up: they are written and published, quarter by quarter."""
    _name = 'hr.experience.demo'
    _description = "Candidate Experience Demo Data"

    @api.model
    def _generate(self):
        demo = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True, mail_notrack=True, lang='en_US')
        rng = random.Random(SEED)
        survey = demo.env.ref('candidate_relationship.experience_survey')
        # so few answers are for quarters: in a month no department would have enough
        demo.env.company.experience_publish = 'quarterly'
        first = demo._get_first_month()
        for quarter in range(QUARTERS):
            begin = first + relativedelta(months=3 * quarter)
            if quarter == QUARTERS - 1:
                demo._invite(rng, survey, begin)
            for team in TEAMS:
                demo._answer(rng, survey, team, quarter, begin)
            demo._comment(rng, survey, quarter, begin)
            until = begin + relativedelta(months=3, days=-1)
            demo.env['hr.experience.batch']._publish(demo.env.company, survey, until)

    @api.model
    def _get_first_month(self):
        """Four quarters that are over."""
        today = fields.Date.context_today(self)
        return today + relativedelta(day=1, months=-((today.month - 1) % 3) - 3 * QUARTERS)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    @api.model
    def _answer(self, rng, survey, team, quarter, begin):
        late = team.department == 'hr.dep_rd' and quarter >= 2
        mood = self._get_mood(LATER if late else team.usual, team.answers[quarter])
        self.env['hr.experience.answer'].create([
            self._prepare_answer(rng, survey, team, nps, late and nps < 9, begin) for nps in mood])

    @api.model
    def _get_mood(self, shares, count):
        """Recommendations of so many people, shared out as evenly as numbers allow."""
        pattern = [kind for kind, share in zip(('promoter', 'passive', 'detractor'), shares, strict=True)
                   for _number in range(share)]
        kinds = [pattern[int(place * len(pattern) / count)] for place in range(count)]
        scores = {'promoter': (9, 10), 'passive': (7, 8), 'detractor': (2, 4, 5, 6)}
        return [scores[kind][place % len(scores[kind])] for place, kind in enumerate(kinds)]

    @api.model
    def _prepare_answer(self, rng, survey, team, nps, late, begin):
        questions = survey.question_ids.sorted('sequence')
        statements = questions.filtered(lambda question: question.experience_role == 'statement')
        options = questions.filtered(
            lambda question: question.experience_role == 'theme').suggested_answer_ids.sorted('sequence')
        return {
            'company_id': self.env.company.id, 'survey_id': survey.id,
            'month': begin + relativedelta(months=rng.randrange(3)),
            'department_id': self.env.ref(team.department).id,
            'outcome': rng.choices(['refused', 'hired', 'withdrawn'], [8, 1, 1])[0],
            'stage_group': rng.choices(['applied', 'interviewed', 'final'], [1, 5, 2])[0],
            'nps': nps,
            'statements': {
                str(question.id): self._rate(rng, place, nps, late) for place, question in enumerate(statements)},
            'themes': [options[place].id for place in self._complain(rng, team, nps, late)],
        }

    @api.model
    def _rate(self, rng, place, nps, late):
        """Who would recommend us agrees more, most of all to what went wrong in the story."""
        if place == PUNCTUAL:
            return rng.randint(1, 2) if late else min(5, max(3, nps - rng.randint(4, 5)))
        if place == SPEED:
            return min(5, max(1, round(nps / 2.4) + rng.randint(-1, 1)))
        return min(5, max(1, round(2.6 + nps / 6 + rng.uniform(-1.2, 1))))

    @api.model
    def _complain(self, rng, team, nps, late):
        if nps >= 9:
            return []
        themes = {LATE} if late else {rng.choice(team.complaints)}
        if nps < 7 and rng.random() < 0.5:
            themes.add(UNPREPARED if late else rng.choice(team.complaints))
        return sorted(themes)

    @api.model
    def _comment(self, rng, survey, quarter, begin):
        self.env['hr.experience.comment'].create([{
            'company_id': self.env.company.id, 'survey_id': survey.id,
            'month': begin + relativedelta(months=rng.randrange(3)),
            'department_id': self.env.ref(department).id, 'sentiment': sentiment, 'body': words,
        } for number, department, sentiment, words in COMMENTS if number == quarter])

    # ------------------------------------------------------------------
    # Invitations
    # ------------------------------------------------------------------

    @api.model
    def _invite(self, rng, survey, begin):
        """Who was asked in the last quarter: applicants of the demo data. Who of them answered is in no table."""
        trigger = self.env['hr.survey.trigger'].create({'name': "After Every Decision", 'survey_id': survey.id})
        self.env['hr.survey.invitation'].create([
            self._prepare_invitation(rng, trigger, applicant, begin)
            for team in TEAMS for applicant in self._get_invited(self.env.ref(team.department))])

    @api.model
    def _get_invited(self, department):
        applicants = self.env['hr.applicant'].with_context(active_test=False).search([
            ('partner_id', '!=', False), ('department_id', '=', department.id), ('pool_applicant_id', '=', False),
            ('company_id', 'in', [False, self.env.company.id])], order='id')
        people = {applicant.partner_id: applicant for applicant in applicants}
        return list(people.values())[:INVITATIONS // len(TEAMS)]

    @api.model
    def _prepare_invitation(self, rng, trigger, applicant, begin):
        sent = begin + timedelta(days=rng.randrange(65))
        return {
            'trigger_id': trigger.id, 'survey_id': trigger.survey_id.id, 'company_id': trigger.company_id.id,
            'partner_id': applicant.partner_id.id, 'applicant_id': applicant.id, 'state': 'expired',
            'sent_date': sent, 'expires_date': sent + timedelta(days=trigger.expiry_days),
            'department_id': applicant.department_id.id, 'outcome': 'refused', 'stage_group': 'interviewed',
        }
