import random
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import api, fields, models

from ..models.hr_feedback_promise_clock import Occasion
from ..models.working_time import WorkingTimes
from .people import get_people
from .words import WORDS

DAYS = 90
SEED = 19
# Who recruits for which job, how often (of 100 applications), in which language the candidates
# write, and the median of working hours until an answer. The story of the reports: candidates of
# one recruiter of Research & Development wait.
Team = namedtuple('Team', ['job', 'department', 'recruiter', 'share', 'language', 'median_hours'])
TEAMS = [
    Team('candidate_relationship.job_engineer', 'hr.dep_rd', 'user_recruiter_rd', 17, 'en', 32),
    Team('hr.job_developer', 'hr.dep_rd', 'user_recruiter', 6, 'en', 9),
    Team('hr.job_cto', 'hr.dep_rd', 'user_recruiter_rd', 6, 'en', 36),
    Team('candidate_relationship.job_success', 'hr.dep_ps', 'user_recruiter_zh', 16, 'zh', 8),
    Team('hr.job_consultant', 'hr.dep_ps', 'user_recruiter', 6, 'en', 9),
    Team('hr.job_marketing', 'hr.dep_sales', 'user_recruiter', 12, 'en', 8),
    Team('hr.job_hrm', 'hr.dep_administration', 'user_recruiter_zh', 6, 'zh', 10),
    Team('hr.job_trainee', 'hr.dep_sales', 'user_recruiter', 6, 'en', 12),
]
# Beside what chance makes of the applications, these are there on any day: (team, days ago, what
# became of it).
CERTAIN = [
    (0, 6, 'forgotten'), (0, 8, 'forgotten'), (0, 11, 'forgotten'), (0, 19, 'forgotten'), (2, 9, 'forgotten'),
    (5, 7, 'forgotten'), (6, 8, 'forgotten'),
    (0, 13, 'waiting'), (3, 12, 'waiting'), (5, 14, 'waiting'),
    (0, 14, 'unheard'), (2, 21, 'unheard'),
    (3, 9, 'finalist'), (5, 10, 'finalist'),
    (1, 5, 'invited'), (3, 4, 'invited'), (3, 6, 'invited'), (5, 5, 'invited'),
    (0, 1, 'new'), (3, 1, 'new'), (5, 1, 'new'), (5, 0, 'new'), (3, 0, 'new'),
]
PHONES = {'en': '+32 2 555 %04d', 'zh': '+86 21 5555 %04d'}
MEDIUMS = ['utm_medium_website', 'utm_medium_email', 'utm_medium_direct', 'utm_medium_linkedin']
FALLBACK_NAMES = {
    'candidate_relationship.job_engineer': "Software Engineer",
    'candidate_relationship.job_success': "Customer Success Manager",
    'hr.job_developer': "Experienced Developer",
    'hr.job_cto': "Chief Technical Officer",
    'hr.job_consultant': "Consultant",
    'hr.job_marketing': "Marketing and Community Manager",
    'hr.job_hrm': "Human Resources Manager",
    'hr.job_trainee': "Trainee",
    'hr.dep_rd': "Research & Development",
    'hr.dep_ps': "Professional Services",
    'hr.dep_sales': "Sales",
    'hr.dep_administration': "Administration",
}


@dataclass
class Step:
    """One promise to be: when its clock starts, and when and how it is answered, if at all."""
    trigger: str
    when: datetime
    answered: datetime | None
    kind: str  # key of the words that answer it
    by_call: bool = False
    told: bool = False
    pause: tuple | None = None  # from, to (None: still waiting)
    interview: tuple | None = None  # start, stop
    promise: object = None


@dataclass
class Case:
    """One application from its arrival to where it stands today."""
    name: str
    email: str
    team: Team
    received: datetime
    fate: str = ''
    phone: str = ''
    priority: str = '0'
    medium: str = 'utm_medium_email'
    stage: str = 'stage_job0'
    refuse_reason: str = ''
    hired: bool = False
    closed: datetime | None = None
    waiting: bool = False
    cancelled: datetime | None = None
    steps: list = field(default_factory=list)
    applicant: object = None


@dataclass
class Letter:
    """One message of the chatter."""
    case: Case
    when: datetime
    kind: str  # key of the words
    date: str = ''  # that it states
    by_candidate: bool = False
    answers: Step | None = None

    @property
    def message_type(self):
        if self.by_candidate:
            return 'email'
        return 'auto_comment' if self.kind.startswith('told') else 'comment'


class HrFeedbackDemo(models.AbstractModel):
    """Three months of applications with their promises, made relative to today.

    Applications and interviews are created, refused and signed through the ORM, promises opened,
    paused and closed by their own methods, with the date when it would have happened. No mail is
    queued: the messages are only shown in the chatter.
    """
    _name = 'hr.feedback.demo'
    _description = "Feedback Demo Data"

    @api.model
    def _generate(self):
        demo = self.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True,
            mail_auto_subscribe_no_notify=True, no_mail_to_attendees=True, dont_notify=True, lang='en_US')
        cases = demo._plan_cases()
        demo._create_applicants(cases)
        demo._create_interviews(cases)
        demo._open_promises(cases)
        demo._decide(cases)
        demo._answer(cases)
        demo._withdraw(cases)
        demo._ensure_due_today(cases)
        return self.env['hr.applicant'].union(*(case.applicant for case in cases))

    # ------------------------------------------------------------------
    # Plan
    # ------------------------------------------------------------------

    @api.model
    def _plan_cases(self):
        rng, now = random.Random(SEED), fields.Datetime.now()
        times = WorkingTimes()[self.env.company]
        times.hours(now - timedelta(days=DAYS + 5), now + timedelta(days=60))  # reads the calendar once
        people = {language: iter(get_people(language)) for language in ('en', 'zh')}
        arrivals = [
            (team, DAYS * (index / team.share) ** 1.3 + 3 * rng.random(), '')
            for team in TEAMS for index in range(team.share)]
        arrivals += [(TEAMS[number], days, fate) for number, days, fate in CERTAIN]
        cases = []
        for team, days, fate in arrivals:
            case = Case(*next(people[team.language]), team, self._get_arrival(rng, now, days), fate)
            case.phone = PHONES[team.language] % rng.randint(100, 9999)
            case.priority = rng.choice('0011123')
            case.medium = rng.choice(MEDIUMS)
            Journey(case, times, rng, now).travel()
            cases.append(case)
        return cases

    @api.model
    def _get_arrival(self, rng, now, days):
        """Most of them by day, the youngest an hour ago."""
        day = now - timedelta(days=days)
        return min(day.replace(hour=rng.randint(6, 20), minute=rng.randint(0, 59), second=0, microsecond=0),
                   now - timedelta(hours=1))

    # ------------------------------------------------------------------
    # Play
    # ------------------------------------------------------------------

    @api.model
    def _create_applicants(self, cases):
        languages = {code for code, __ in self.env['res.lang'].get_installed()}
        applicants = self.env['hr.applicant'].create([self._prepare_applicant(case) for case in cases])
        applicants.feedback_promise_ids.unlink()  # they were promised now, not then
        for case, applicant in zip(cases, applicants, strict=True):
            case.applicant = applicant
            if case.team.language == 'zh' and 'zh_CN' in languages:
                applicant.partner_id.lang = 'zh_CN'
        self._backdate(cases)

    @api.model
    def _prepare_applicant(self, case):
        return {
            'partner_name': case.name,
            'email_from': case.email,
            'job_id': self._get_record(case.team.job, 'hr.job').id,
            'department_id': self._get_record(case.team.department, 'hr.department').id,
            'company_id': self.env.company.id,
            'user_id': self._get_recruiter(case.team).id,
            'stage_id': self.env.ref(f'hr_recruitment.{case.stage}').id,
            'kanban_state': 'waiting' if case.waiting else 'normal',
            'partner_phone': case.phone,
            'priority': case.priority,
            'medium_id': self.env.ref(f'utm.{case.medium}').id,
        }

    @api.model
    def _get_record(self, xmlid, model):
        """The record of Odoo's own demo data, else one that stands in for it."""
        record = self.env.ref(xmlid, raise_if_not_found=False)
        if record:
            return record
        name = FALLBACK_NAMES[xmlid]
        records = self.env[model]
        return records.search([('name', '=', name)], limit=1) or records.create({'name': name})

    @api.model
    def _get_recruiter(self, team):
        return self.env.ref(f'candidate_relationship.{team.recruiter}', raise_if_not_found=False) or self.env.user

    @api.model
    def _backdate(self, cases):
        self.env.flush_all()
        for case in cases:
            last = max([step.answered for step in case.steps if step.answered], default=case.received)
            self.env.cr.execute(
                "UPDATE hr_applicant SET create_date = %s, date_open = %s, date_last_stage_update = %s WHERE id = %s",
                [case.received, case.received, last, case.applicant.id])
        self.env.invalidate_all()

    @api.model
    def _create_interviews(self, cases):
        steps = [(case, step) for case in cases for step in case.steps if step.interview]
        interviewer = self.env.ref('candidate_relationship.user_interviewer', raise_if_not_found=False) or self.env.user
        events = self.env['calendar.event'].create([{
            'name': WORDS[case.team.language]['interview'] % case.name,
            'start': step.interview[0],
            'stop': step.interview[1],
            'applicant_id': case.applicant.id,
            'user_id': case.applicant.user_id.id,
            'partner_ids': [fields.Command.set(
                (case.applicant.user_id | interviewer).partner_id.ids + case.applicant.partner_id.ids)],
        } for case, step in steps])
        self.env['hr.feedback.promise'].search([('event_id', 'in', events.ids)]).unlink()
        for (__, step), event in zip(steps, events, strict=True):
            step.interview = event

    @api.model
    def _open_promises(self, cases):
        steps = [(case, step) for case in cases for step in case.steps]
        promises = self.env['hr.feedback.promise']._open([
            Occasion(case.applicant, step.trigger, step.when,
                     stage=case.applicant.stage_id if step.trigger == 'stage' else None, event=step.interview)
            for case, step in steps], fresh=True, announce_pending=False)
        found = {(p.applicant_id.id, p.trigger, p.event_id.id): p for p in promises}
        for case, step in steps:
            step.promise = found.get(
                (case.applicant.id, step.trigger, bool(step.interview) and step.interview.id), promises.browse())

    @api.model
    def _decide(self, cases):
        """Refusals and signatures; the promises to tell of them are open already."""
        for case in cases:
            if case.refuse_reason and not case.cancelled:
                self._refuse(case)
            elif case.hired:
                case.applicant.write({
                    'stage_id': self.env.ref('hr_recruitment.stage_job5').id, 'date_closed': case.closed})

    @api.model
    def _refuse(self, case):
        case.applicant.write({
            'refuse_reason_id': self.env.ref(f'hr_recruitment.{case.refuse_reason}').id,
            'refuse_date': case.closed,
            'active': False,
        })

    @api.model
    def _withdraw(self, cases):
        """Spam, duplicates and candidates who withdrew: what was still open is owed no more."""
        for case in filter(lambda case: case.cancelled, cases):
            case.applicant.feedback_promise_ids._cancel(
                'not_owed' if case.refuse_reason else 'archived', when=case.cancelled)
            if case.refuse_reason:
                self._refuse(case)
            else:
                case.applicant.active = False

    @api.model
    def _get_recruiter_env(self, case):
        return self.with_context(lang=case.applicant.user_id.lang).env

    @api.model
    def _answer(self, cases):
        steps = [(case, step) for case in cases for step in case.steps if step.promise]
        for __, step in steps:
            if step.told:
                step.promise.told_date = step.promise._get_told_date()
        answers = self._write_messages(cases, steps)
        for case, step in steps:
            self._answer_step(case, step, answers.get(step.promise))

    @api.model
    def _answer_step(self, case, step, message):
        if step.pause:
            step.promise._pause(when=step.pause[0])
            if step.pause[1]:
                step.promise._resume(when=step.pause[1])
        if step.answered:
            step.promise._close(
                'call' if step.by_call else 'message', when=step.answered, message=message, user=case.applicant.user_id)

    @api.model
    def _write_messages(self, cases, steps):
        """The chatter, as if it had been written then.

        :return: the message that answers, by promise
        """
        letters = [Letter(case, case.received, 'application', by_candidate=True) for case in cases]
        letters += [
            Letter(case, step.when + timedelta(minutes=2), f'told_{step.trigger}', step.promise._get_told_text())
            for case, step in steps if step.told]
        letters += [Letter(case, step.answered, step.kind, answers=step) for case, step in steps if step.answered]
        messages = self.env['mail.message'].create([self._prepare_message(letter) for letter in letters])
        return {
            letter.answers.promise: message
            for letter, message in zip(letters, messages, strict=True) if letter.answers}

    @api.model
    def _prepare_message(self, letter):
        partner, user = letter.case.applicant.partner_id, letter.case.applicant.user_id
        author = partner if letter.by_candidate else user.partner_id
        is_note = bool(letter.answers) and letter.answers.by_call
        text = WORDS[letter.case.team.language][letter.kind]
        return {
            'model': 'hr.applicant',
            'res_id': letter.case.applicant.id,
            'message_type': letter.message_type,
            'subtype_id': self.env.ref('mail.mt_note' if is_note else 'mail.mt_comment').id,
            'author_id': author.id,
            'email_from': author.email_formatted,
            'reply_to': user.email_formatted,
            'date': letter.when,
            'body': Markup("<p>%s</p>") % (text % letter.date if letter.date else text),
            'notification_ids': [] if letter.by_candidate or is_note else [fields.Command.create({
                'res_partner_id': partner.id, 'notification_type': 'email', 'notification_status': 'sent',
                'is_read': True})],
        }

    @api.model
    def _ensure_due_today(self, cases):
        """Nothing is due on a weekend or after hours: one promise of each recruiter is, to be seen."""
        promises = self.env['hr.feedback.promise'].union(*(
            step.promise for case in cases for step in case.steps if step.promise))
        now = fields.Datetime.now()
        running = promises.filtered(
            lambda p: p.state == 'running' and p.trigger_datetime < now and p.deadline and p.deadline >= now)
        for user, own in running.sorted('deadline').grouped('user_id').items():
            __, midnight = own.with_context(tz=user.tz)._now_and_end_of_day()
            if not own.filtered(lambda p, midnight=midnight: p.deadline < midnight):
                # a date that was told never moves
                own.filtered(lambda p: not p.told_date)[:1].deadline = midnight - timedelta(minutes=1)


class Journey:
    """Plans one application, step by step, until it is decided or today is reached."""

    def __init__(self, case, times, rng, now):
        self.case, self.times, self.rng, self.now = case, times, rng, now
        self.slow = case.team.median_hours > 20

    def travel(self):
        if self.case.fate:
            return getattr(self, f'_make_{self.case.fate}')()
        chance = self.rng.random()
        if chance < 0.07:
            return self._cancel('refuse_reason_7' if chance < 0.04 else 'refuse_reason_6')
        answered = self._step('application', self.case.received, 'declined' if chance < 0.42 else 'invited')
        if not answered:
            self.case.stage = self.rng.choice(['stage_job0', 'stage_job1'])
        elif chance < 0.42:
            self._refuse(answered)
        else:
            self._interview(answered, chance)

    def _make_forgotten(self):
        self._step('application', self.case.received, '', hours=None)

    def _make_new(self):
        """Arrived a moment ago: not even the date has been told."""
        self._make_forgotten()
        self.case.steps[-1].told = False

    def _make_invited(self):
        """Invited; the interview is still to come."""
        self.case.stage = 'stage_job2'
        self._step('application', self.case.received, 'invited', hours=2)
        self._meet(self._after(self.now, self.rng.uniform(6, 30)))

    def _make_unheard(self):
        """Interviewed, and never heard of us again."""
        self.case.stage = 'stage_job3'
        self._step('application', self.case.received, 'invited', hours=6)
        self._meet(self._after(self.case.received, 24))

    def _make_waiting(self):
        """Interviewed; now the ball is with the candidate."""
        self._make_unheard()
        self.case.waiting = True
        interview = self.case.steps[-1]
        interview.pause = (self._after(interview.when, 4), None)

    def _make_finalist(self):
        """Waits for the call about the offer, since half a working day."""
        self._make_unheard()
        self.case.stage = 'stage_job4'
        since = self.now - timedelta(days=4)
        chosen = self._after(since, max(1, self.times.hours(since, self.now) - 4))
        self.case.steps[-1].kind, self.case.steps[-1].answered = 'feedback', chosen
        self._step('stage', chosen, 'call', hours=None)

    def _meet(self, when):
        start = when.replace(minute=0)
        stop = start + timedelta(hours=1)
        self._step('interview', stop, '', hours=None, interview=(start, stop))

    def _interview(self, invited, chance):
        self.case.stage = 'stage_job2'
        start = self._after(invited, self.rng.uniform(8, 20)).replace(minute=0)
        stop = start + timedelta(hours=1)
        if stop < self.now and chance > 0.94:
            self.case.cancelled = min(self._after(stop, 2), self.now)  # withdrew, and was archived
        hours = None if self.case.cancelled else self._get_hours()
        kind, pause = 'declined' if chance < 0.65 else 'feedback', self._get_pause(stop, hours)
        answered = self._step('interview', stop, kind, hours, interview=(start, stop), pause=pause)
        if answered and chance < 0.65:
            self._refuse(answered)
        elif answered:
            self._finalist(answered, chance)

    def _finalist(self, chosen, chance):
        self.case.stage = 'stage_job4'
        answered = self._step('stage', chosen, 'call', 0.6 * self._get_hours(), by_call=True)
        decided = answered and self._after(answered, self.rng.uniform(2, 16))
        if not answered or decided > self.now:
            return
        self.case.closed, self.case.hired = decided, chance < 0.88
        self.case.refuse_reason = '' if self.case.hired else 'refuse_reason_8'
        self._step('outcome', decided, 'hired' if self.case.hired else 'thanks', self.rng.uniform(1, 8))

    def _refuse(self, answered):
        """Refusing starts a clock of its own; as a rule the same mail answers both."""
        self.case.refuse_reason, self.case.closed = 'refuse_reason_1', answered - timedelta(minutes=5)
        told_later = self.slow and self.rng.random() < 0.5
        self._step('outcome', self.case.closed, 'declined', self.rng.uniform(12, 40) if told_later else 0.1)

    def _cancel(self, reason):
        self._step('application', self.case.received, '', hours=None)
        self.case.refuse_reason = reason
        self.case.closed = self.case.cancelled = min(self._after(self.case.received, 6), self.now)

    def _step(self, trigger, when, kind, hours=0, by_call=False, interview=None, pause=None):
        """Plan one promise.

        :param hours: working hours until the answer, ``None``: never, 0: as long as this team takes
        :return: when it is answered, ``None`` if that has not happened until today
        """
        hours = self._get_hours() if hours == 0 else hours
        answered = hours and self._after(when, hours)
        if pause:
            answered = pause[1] and self._after(answered, self.times.hours(*pause))
        answered = answered if answered and answered <= self.now else None
        told = when < self.now and trigger != 'outcome' and self.rng.random() < (0.3 if self.slow else 0.85)
        self.case.steps.append(Step(trigger, when, answered, kind, by_call, told, pause, interview))
        return answered

    def _get_hours(self):
        return self.rng.lognormvariate(0, 0.5) * self.case.team.median_hours

    def _get_pause(self, when, hours):
        """Now and then the ball is with the candidate: a document, a salary expectation, another date."""
        if self.rng.random() > 0.3 or not hours or hours < 4:
            return None
        begin = self._after(when, 3)
        end = self._after(begin, self.rng.uniform(8, 24))
        return (begin, end) if end < self.now else None

    def _after(self, moment, hours):
        return self.times.add_hours(moment, hours)
