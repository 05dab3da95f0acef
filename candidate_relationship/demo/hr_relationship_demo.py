import random
from collections import namedtuple
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..models.working_time import WorkingTimes
from .people import get_people
from .words import TOUCHES

SEED = 23
# A kind of people who applied in the past: how many, their job, their language, tags that all of
# them have and tags of which each has some, and the pool they are in.
Group = namedtuple('Group', ['count', 'language', 'job', 'recruiter', 'tags', 'some', 'pool'])
GROUPS = [
    Group(14, 'en', 'candidate_relationship.job_engineer', 'user_recruiter_rd',
          ['tag_engineer', 'tag_software'], ['tag_python', 'tag_javascript', 'tag_senior', 'tag_brussels', 'tag_fair'],
          'pool_engineers'),
    Group(10, 'en', 'hr.job_marketing', 'user_recruiter',
          ['tag_marketing'], ['tag_senior', 'tag_brussels', 'tag_logistics', 'tag_graduate', 'tag_fair'],
          'pool_runner_up'),
    Group(8, 'en', 'hr.job_consultant', 'user_recruiter',
          ['tag_care'], ['tag_logistics', 'tag_software', 'tag_senior', 'tag_graduate'], 'pool_runner_up'),
    Group(12, 'zh', 'candidate_relationship.job_success', 'user_recruiter_zh',
          ['tag_success', 'tag_shanghai'], ['tag_commerce', 'tag_data', 'tag_care', 'tag_senior'], 'pool_success'),
]
# Of each ten people: what they said when they were asked whether we may write to them.
ANSWERS = ['given', 'given', 'given', 'given', 'given', 'running_out', 'given', 'asked', 'declined', 'expired']
# Consents are valid for two years from the day after the refusal, which comes this long after the application.
CONSENT_TIME = relativedelta(months=24)
DAYS_TO_CONSENT = 17
# How long ago people were last heard of, in days; the filters *not touched* find some of each.
LAST_TOUCHES = [3, 12, 25, 40, 60, 85, 100, 130, 170, 200, 260, 330]
TODO_EVERY = 4


class HrRelationshipDemo(models.AbstractModel):
    """Years of relationship behind the pipeline: earlier applicants, pools, touches and consents.

    Made relative to today like the promises; ledgers are written as they would have been then.
    """
    _name = 'hr.relationship.demo'
    _description = "Relationship Demo Data"

    @api.model
    def _generate(self):
        demo = self.sudo().with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True, mail_notrack=True,
            mail_auto_subscribe_no_notify=True, lang='en_US')
        rng = random.Random(SEED)
        demo._tag_pipeline(rng)
        earlier = demo._create_earlier(rng)
        demo._write_stage_history()
        demo._write_consents(earlier)
        talents = demo._fill_pools(earlier)
        demo._set_rule()
        demo._write_touches(rng, earlier)
        demo._plan_next_steps(talents)
        return talents

    @api.model
    def _get(self, name):
        return self.env.ref(name if '.' in name else f'candidate_relationship.{name}')

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    @api.model
    def _tag_pipeline(self, rng):
        """Those who are in the process now have tags too."""
        for group in GROUPS:
            applicants = self.env['hr.applicant'].with_context(active_test=False).search(
                [('job_id', '=', self._get_job(group).id), ('email_from', 'like', '@example.com')])
            for applicant in applicants:
                applicant.categ_ids = self._get_tags(rng, group)

    @api.model
    def _get_job(self, group):
        return self.env['hr.feedback.demo']._get_record(group.job, 'hr.job')

    @api.model
    def _get_tags(self, rng, group):
        return self.env['hr.applicant.category'].union(
            *map(self._get, [*group.tags, *rng.sample(group.some, rng.randint(1, 2))]))

    @api.model
    def _create_earlier(self, rng):
        """Applications of one to two years ago, refused and archived.

        :return: list of (group, application)
        """
        people = {language: iter(get_people(language, earlier=True)) for language in ('en', 'zh')}
        rows = [(group, next(people[group.language])) for group in GROUPS for __ in range(group.count)]
        applicants = self.env['hr.applicant'].create([
            self._prepare_earlier(rng, group, *person) for group, person in rows])
        applicants.feedback_promise_ids.unlink()
        for (group, __), applicant in zip(rows, applicants, strict=True):
            if group.language == 'zh':
                applicant.partner_id.lang = 'zh_CN'
        self._refuse(rng, applicants)
        return [(group, applicant) for (group, __), applicant in zip(rows, applicants, strict=True)]

    @api.model
    def _prepare_earlier(self, rng, group, name, email):
        job = self._get_job(group)
        return {
            'partner_name': name,
            'email_from': email,
            'partner_phone': f'+32 2 555 {rng.randint(1000, 9999)}',
            'job_id': job.id,
            'department_id': job.department_id.id,
            'company_id': self.env.company.id,
            'user_id': self._get(group.recruiter).id,
            'stage_id': self._get(f'hr_recruitment.stage_job{rng.choice([2, 3, 3, 4])}').id,
            'priority': rng.choice('1223'),
            'categ_ids': [fields.Command.set(self._get_tags(rng, group).ids)],
            'medium_id': self._get('utm.utm_medium_website').id,
        }

    @api.model
    def _refuse(self, rng, applicants):
        now, reason = fields.Datetime.now(), self._get('hr_recruitment.refuse_reason_1')
        applicants.write({'refuse_reason_id': reason.id, 'active': False})
        applicants.feedback_promise_ids.unlink()
        self.env.flush_all()
        for number, applicant in enumerate(applicants):
            received = now - timedelta(days=self._get_age(rng, number), hours=rng.randint(0, 9))
            self.env.cr.execute(
                "UPDATE hr_applicant SET create_date = %s, date_open = %s, date_last_stage_update = %s,"
                " refuse_date = %s WHERE id = %s",
                [received, received, received + timedelta(days=9),
                 received + timedelta(days=DAYS_TO_CONSENT - 1), applicant.id])
        self.env.invalidate_all()

    @api.model
    def _get_age(self, rng, number):
        """Days since an application came in, such that the consent given after the refusal ends when it shall."""
        left = {'expired': -4, 'running_out': 5 + number % 20}.get(ANSWERS[number % len(ANSWERS)])
        if left is None:
            return rng.randint(360, 690)
        today = fields.Date.today()
        return (today - (today + timedelta(days=left) - CONSENT_TIME)).days + DAYS_TO_CONSENT

    # ------------------------------------------------------------------
    # Stage history
    # ------------------------------------------------------------------

    @api.model
    def _write_stage_history(self):
        """Each application of the demo went through the stages up to where it is, one after the other."""
        logs = self.env['hr.applicant.stage.log']
        applicants = self.env['hr.applicant'].with_context(active_test=False).search(
            [('email_from', 'like', '@example.com'), ('stage_id', '!=', False)])
        logs.search([('applicant_id', 'in', applicants.ids)]).unlink()
        stages, times = self.env['hr.recruitment.stage'].search([], order='sequence'), WorkingTimes()
        logs = logs.create([
            vals for applicant in applicants for vals in self._prepare_stays(applicant, stages, times)])
        self.env.flush_all()
        # none yet, which is not nought: averages leave it out
        self.env.cr.execute(
            "UPDATE hr_applicant_stage_log SET working_hours = NULL WHERE id IN %s AND left_datetime IS NULL",
            [tuple(logs.ids)])
        logs.invalidate_recordset(['working_hours'])

    @api.model
    def _prepare_stays(self, applicant, stages, times):
        path = stages.filtered(lambda s: s.sequence <= applicant.stage_id.sequence)
        first = applicant.create_date
        last = max(first, applicant.date_closed or applicant.date_last_stage_update or first)
        moments = [first + (last - first) * number / max(1, len(path) - 1) for number in range(len(path))]
        end, outcome = self._get_end(applicant)
        hours = times[applicant.company_id or self.env.company].hours
        for number, stage in enumerate(path):
            is_last = stage == path[-1]
            left = (end and max(end, last)) if is_last else moments[number + 1]
            yield {
                'applicant_id': applicant.id,
                'job_id': applicant.job_id.id,
                'department_id': applicant.department_id.id,
                'company_id': applicant.company_id.id,
                'user_id': applicant.user_id.id,
                'stage_id': stage.id,
                'position': number + 1,
                'entered_datetime': moments[number], 'left_datetime': left,
                'working_hours': left and hours(moments[number], left),
                'outcome': outcome if is_last else 'moved',
            }

    @api.model
    def _get_end(self, applicant):
        if applicant.refuse_reason_id:
            return applicant.refuse_date or applicant.date_last_stage_update or applicant.create_date, 'refused'
        if not applicant.active:
            return applicant.date_last_stage_update or applicant.create_date, 'withdrawn'
        return (None, 'hired') if applicant.stage_id.hired_stage else (None, 'current')

    # ------------------------------------------------------------------
    # Consent and pools
    # ------------------------------------------------------------------

    @api.model
    def _write_consents(self, earlier):
        self.env['hr.candidate.consent'].create([
            self._prepare_consent(number, group, applicant, purpose)
            for number, (group, applicant) in enumerate(earlier) for purpose in ('keep', 'nurture')])

    @api.model
    def _prepare_consent(self, number, group, applicant, purpose):
        """Asked on the day of the refusal; who will not be written to may be kept nevertheless."""
        answer = ANSWERS[number % len(ANSWERS)]
        if answer == 'declined' and purpose == 'keep':
            answer = 'given'
        agreed = answer in ('given', 'running_out', 'expired')
        now, asked = fields.Datetime.now(), applicant.refuse_date
        given = agreed and asked + timedelta(days=1)
        recorded = agreed and number % 9 == 4
        wishes = {
            'topic_ids': [fields.Command.set(self._get(group.pool).topic_ids.ids)],
            'frequency_days': 90 if number % 5 == 2 else 0,
        } if agreed and purpose == 'nurture' else {}
        return {
            'partner_id': applicant.partner_id.id,
            'company_id': applicant.company_id.id,
            'purpose': purpose,
            'state': 'given' if answer == 'running_out' else answer,
            'asked_datetime': now - timedelta(days=3) if answer == 'asked' else asked,
            'given_datetime': given,
            'date_until': given and given.date() + CONSENT_TIME,
            'ended_datetime': answer in ('declined', 'expired') and now - timedelta(days=3),
            'source': 'recruiter' if recorded else 'page',
            'note': recorded and ("电话中同意" if group.language == 'zh' else "Agreed on the phone"),
            'wording_lang': 'zh_CN' if group.language == 'zh' else 'en_US',
            'wording_version': 1,
            **wishes,
        }

    @api.model
    def _fill_pools(self, earlier):
        talents = self.env['hr.applicant']
        for pool in self.env['hr.talent.pool'].union(*(self._get(group.pool) for group in GROUPS)):
            applicants = self.env['hr.applicant'].union(*(
                applicant for group, applicant in earlier if self._get(group.pool) == pool))
            talents |= pool._add_people(applicants)
        return talents

    @api.model
    def _set_rule(self):
        """A rule has the rights of the colleague who set it."""
        pool = self._get('pool_engineers')
        pool.with_user(pool.pool_manager).write({
            'rule_domain': "[('categ_ids.name', 'in', ['Python', 'JavaScript'])]", 'rule_active': True})

    # ------------------------------------------------------------------
    # Touches and next steps
    # ------------------------------------------------------------------

    @api.model
    def _write_touches(self, rng, earlier):
        """From the mails and interviews of the pipeline, and what was said to those in the pools."""
        touches = self.env['hr.candidate.touch']
        touches._backfill_at_install()
        touches._record([
            vals for number, (group, applicant) in enumerate(earlier)
            for vals in self._prepare_touches(rng, number, group, applicant)])

    @api.model
    def _prepare_touches(self, rng, number, group, applicant):
        last = fields.Datetime.now() - timedelta(days=LAST_TOUCHES[number % len(LAST_TOUCHES)], hours=rng.randint(0, 8))
        moments = [applicant.create_date, applicant.refuse_date, last]
        if number % 2:
            moments.insert(2, applicant.refuse_date + (last - applicant.refuse_date) / 2)
        return [{
            'partner_id': applicant.partner_id.id,
            'company_id': applicant.company_id.id,
            'applicant_id': applicant.id,
            'date': moment,
            'channel': channel,
            'direction': direction,
            'user_id': applicant.user_id.id if direction == 'out' else None,
            **TOUCHES[group.language][word],
        } for moment, (channel, direction, word) in zip(moments, self._get_story(rng, len(moments)), strict=True)]

    @api.model
    def _get_story(self, rng, length):
        """(channel, direction, key of the words) of each touch, first to last."""
        middle = [('mailing', 'out', 'news')] if length > 3 else []
        last = rng.choice([
            ('call', 'out', 'call'), ('linkedin', 'out', 'linkedin'), ('mailing', 'out', 'greeting'),
            ('mail', 'in', 'reply')])
        return [('mail', 'in', 'application'), ('mail', 'out', 'declined'), *middle, last]

    @api.model
    def _plan_next_steps(self, talents):
        """Every fourth talent has something planned: overdue, today or soon."""
        today = fields.Date.context_today(self)
        model_id = self.env['ir.model']._get_id('hr.applicant')
        call = self._get('mail.mail_activity_data_call')
        self.env['mail.activity'].with_context(mail_activity_quick_update=True).create([{
            'activity_type_id': call.id,
            'res_model_id': model_id,
            'res_id': talent.id,
            'user_id': talent.user_id.id or self.env.user.id,
            'date_deadline': today + timedelta(days=(number % 5) * 3 - 3),
            'summary': TOUCHES['zh' if talent.partner_id.lang == 'zh_CN' else 'en']['plan']['summary'],
        } for number, talent in enumerate(talents[::TODO_EVERY])])
