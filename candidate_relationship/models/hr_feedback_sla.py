from collections import namedtuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .working_time import WorkingTime

TRIGGERS = [
    ('application', "Application received"),
    ('stage', "Stage entered"),
    ('interview', "Interview ended"),
    ('outcome', "Outcome decided"),
]
MEANS = [
    ('any', "Any message or a call"),
    ('phone', "A phone call"),
]
SCOPE_DOMAIN = "['|', ('company_id', '=', False), ('company_id', '=?', company_id)]"

# What matching needs of a policy, as plain values: kept in the registry's cache.
Policy = namedtuple('Policy', [
    'id', 'sequence', 'company_id', 'department_ids', 'job_ids', 'stage_ids', 'working_days',
    'means', 'warning_percent', 'escalation_user_id', 'announces',
])


class HrFeedbackSla(models.Model):
    """Policy: within how many working days of which event a candidate gets an answer.

    The most specific policy wins: stage, then job, then the nearest department, then company.
    Among equals the lower sequence wins, then the older policy.
    """
    _name = 'hr.feedback.sla'
    _description = "Feedback Policy"
    _order = 'trigger, sequence, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="Among policies of equal rank the first one wins.")
    trigger = fields.Selection(TRIGGERS, string="Clock Starts When", required=True, default='application')
    company_id = fields.Many2one('res.company', ondelete='cascade', help="Leave empty for all companies.")
    # not check_company: a policy of all companies may be made for the jobs of one
    department_ids = fields.Many2many(
        'hr.department', string="Departments", domain=SCOPE_DOMAIN,
        help="Sub-departments included. Leave empty for all departments.")
    job_ids = fields.Many2many(
        'hr.job', string="Job Positions", domain=SCOPE_DOMAIN, help="Leave empty for all jobs.")
    stage_ids = fields.Many2many(
        'hr.recruitment.stage', string="Stages",
        help="The stages that start the clock; for other triggers, the stage the applicant is in.")
    working_days = fields.Integer(
        required=True, default=3,
        help="The answer is due at the end of this working day, counted from the day after the event, "
             "in the working hours and public holidays of the company.")
    means = fields.Selection(MEANS, string="Answered By", required=True, default='any')
    warning_percent = fields.Integer(
        string="Warn At", required=True, default=80,
        help="Share of the working time after which the person whose clock runs gets an activity.")
    escalation_user_id = fields.Many2one(
        'res.users', string="Warn at Breach", domain=[('share', '=', False)], ondelete='set null',
        help="Gets an activity, beside the recruiter, when the promise is broken.")
    template_id = fields.Many2one(
        'mail.template', string="Mail that States the Date", domain=[('model', '=', 'hr.applicant')],
        ondelete='set null',
        help="Sent to the candidate by itself when the clock starts. It never counts as the answer.")
    summary = fields.Char(string="In Plain Words", compute='_compute_summary')
    conflict_warning = fields.Char(compute='_compute_conflict_warning')
    calendar_warning = fields.Char(compute='_compute_calendar_warning')
    promise_count = fields.Integer(compute='_compute_promise_count')

    _working_days_range = models.Constraint(
        'CHECK(working_days BETWEEN 1 AND 30)',
        "An answer must be promised within 1 to 30 working days.")
    _warning_percent_range = models.Constraint(
        'CHECK(warning_percent BETWEEN 1 AND 99)',
        "The warning must come at 1 to 99 percent of the time, so before the promise is broken.")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends_context('lang')
    @api.depends('trigger', 'working_days', 'means', 'company_id', 'department_ids', 'job_ids', 'stage_ids')
    def _compute_summary(self):
        for policy in self:
            # each part by its name: other languages put them in another order
            policy.summary = self.env._(
                "%(answer)s within %(days)s of %(event)s%(jobs)s%(stages)s%(company)s.",
                answer=policy._answer_in_words(), days=policy._days_in_words(),
                event=policy._event_in_words(), jobs=policy._jobs_in_words(),
                stages=policy._stages_in_words(), company=policy._company_in_words())

    def _answer_in_words(self):
        return self.env._("An answer by phone") if self.means == 'phone' else self.env._("An answer")

    def _days_in_words(self):
        if self.working_days == 1:
            return self.env._("1 working day")
        return self.env._("%s working days", self.working_days)

    def _event_in_words(self):
        if self.trigger == 'stage':
            return self.env._("entering stage %s", self._names(self.stage_ids) or "…")
        return {
            'application': self.env._("each application"),
            'interview': self.env._("each interview"),
            'outcome': self.env._("the decision"),
        }.get(self.trigger, '')

    def _jobs_in_words(self):
        jobs, departments = self._names(self.job_ids), self._names(self.department_ids)
        if jobs and departments:
            return self.env._(" for %(jobs)s for jobs of %(departments)s", jobs=jobs, departments=departments)
        if departments:
            return self.env._(" for jobs of %s", departments)
        return self.env._(" for %s", jobs) if jobs else ''

    def _stages_in_words(self):
        if not self.stage_ids or self.trigger == 'stage':
            return ''
        return self.env._(" while in stage %s", self._names(self.stage_ids))

    def _company_in_words(self):
        if not self.company_id or not self.env.user.has_group('base.group_multi_company'):
            return ''
        return self.env._(" at %s", self.company_id.name)

    def _names(self, records):
        return tools.format_list(self.env, [name for name in records.mapped('display_name') if name], 'or')

    @api.depends('name', 'trigger', 'sequence', 'active', 'company_id', 'department_ids', 'job_ids', 'stage_ids')
    def _compute_conflict_warning(self):
        same_trigger = self.search([('trigger', 'in', self.mapped('trigger'))]) | self._origin
        for policy in self:
            rivals = same_trigger.filtered(policy._is_rival)
            policy.conflict_warning = policy._get_conflict_warning(rivals)

    def _get_conflict_warning(self, rivals):
        if not rivals or not self.name:
            return False
        winner = (rivals | self).sorted(lambda policy: policy._order_key())[0]
        if winner == self:
            return self.env._(
                "“%s” covers the same cases. This policy applies: it stands first in the list.", rivals[0].name)
        return self.env._("“%s” covers the same cases, and applies: it stands first in the list.", winner.name)

    def _is_rival(self, other):
        """Whether the other policy has the same rank and could apply to the same case."""
        return (
            self.active and other != self._origin and other.trigger == self.trigger
            and self._overlaps(other, 'company_id') and self._overlaps(other, 'department_ids')
            and self._overlaps(other, 'job_ids') and self._overlaps(other, 'stage_ids'))

    def _overlaps(self, other, field):
        mine, theirs = self[field]._origin, other[field]
        return (not mine and not theirs) or bool(mine & theirs)

    def _order_key(self):
        return (self.sequence, self._origin.id or float('inf'))

    @api.depends('company_id')
    def _compute_calendar_warning(self):
        now = fields.Datetime.now()
        for policy in self:
            company = policy.company_id or self.env.company
            calendar = company.sudo().feedback_calendar_id or company.sudo().resource_calendar_id
            empty = not WorkingTime(calendar, company).deadline(now, 1)
            policy.calendar_warning = empty and self._calendar_error(calendar, company)

    def _calendar_error(self, calendar, company):
        """What to tell a user when no deadline can be computed; it names the calendar."""
        if not calendar:
            return self.env._(
                "%s has no working hours set, so no deadline can be computed. "
                "Choose a calendar in the Recruitment settings.", company.name)
        return self.env._(
            "The working hours “%s” have no working time in the next two years, so no deadline can "
            "be computed. Add working hours to it, or shorten its time off.", calendar.name)

    def _compute_promise_count(self):
        counts = dict(self.env['hr.feedback.promise']._read_group(
            [('sla_id', 'in', self.ids)], ['sla_id'], ['__count']))
        for policy in self:
            policy.promise_count = counts.get(policy, 0)

    # ------------------------------------------------------------------
    # Constraints and CRUD
    # ------------------------------------------------------------------

    @api.constrains('trigger', 'stage_ids', 'active')
    def _check_stages(self):
        for policy in self:
            if policy.active and policy.trigger == 'stage' and not policy.stage_ids:
                raise ValidationError(self.env._(
                    "Choose at least one stage for “%s”: its clock starts when a stage is entered.", policy.name))

    @api.constrains('company_id', 'department_ids', 'job_ids')
    def _check_scope_company(self):
        for policy in self.sudo().filtered('company_id'):
            if (policy.department_ids.company_id | policy.job_ids.company_id) - policy.company_id:
                raise ValidationError(self.env._(
                    "“%(policy)s” is a policy of %(company)s: choose departments and jobs of that company.",
                    policy=policy.name, company=policy.company_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        return [
            dict(vals, name=self.env._("%s (copy)", policy.name))
            for policy, vals in zip(self, vals_list, strict=True)]

    @api.model
    def _create_finalist_policy(self):
        """The shipped policy for finalists, where the database still has the stage it is made for."""
        stage = self.env.ref('hr_recruitment.stage_job4', raise_if_not_found=False)
        if not stage or self.env.ref('candidate_relationship.sla_finalist', raise_if_not_found=False):
            return
        self.env['ir.model.data']._update_xmlids([{
            'xml_id': 'candidate_relationship.sla_finalist',
            'record': self.create({
                'name': "Finalists are called",
                'trigger': 'stage',
                'stage_ids': stage.ids,
                'working_days': 2,
                'means': 'phone',
            }),
            'noupdate': True,
        }])

    def _archive_left_without(self, field, records):
        """Archive the policies whose whole scope in ``field`` is about to be deleted.

        An empty scope means *all*: a policy made for one stage must not come to rule every stage
        because that stage was deleted.
        """
        policies = self.sudo().search([(field, 'in', records.ids)])
        policies.filtered(lambda policy: policy[field] <= records).action_archive()
        self.env.registry.clear_cache()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_promises(self):
        action = self.env['ir.actions.act_window']._for_xml_id('candidate_relationship.hr_feedback_promise_action')
        return dict(action, domain=[('sla_id', 'in', self.ids)], context={})

    # ------------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------------

    @api.model
    def _match(self, trigger, company, department, job, stage):
        """The policy that applies, or ``None``.

        :param department, job, stage: records, possibly empty
        :return: :class:`Policy`
        """
        policies = self._active_policies(trigger)
        # most companies have no policy of a department, and no need to read one
        by_department = any(policy.department_ids for policy in policies)
        path = self._get_department_path(department) if by_department else []
        best = None
        for policy in policies:
            rank = self._rank(policy, company.id, path, job.id, stage.id)
            if rank and (best is None or rank > best[0]):
                best = (rank, policy)
        return best and best[1]

    @staticmethod
    def _get_department_path(department):
        return [int(part) for part in (department.sudo().parent_path or '').split('/') if part]

    @staticmethod
    def _rank(policy, company_id, department_path, job_id, stage_id):
        """How closely the policy fits, as a tuple to compare; ``None`` where it does not apply."""
        nearest = max((department_path.index(d) + 1 for d in policy.department_ids if d in department_path), default=0)
        if (
            (policy.company_id and policy.company_id != company_id)
            or (policy.department_ids and not nearest)
            or (policy.job_ids and job_id not in policy.job_ids)
            or (policy.stage_ids and stage_id not in policy.stage_ids)
        ):
            return None
        return (bool(policy.stage_ids), bool(policy.job_ids), nearest, bool(policy.company_id),
                -policy.sequence, -policy.id)

    @api.model
    @tools.ormcache('trigger')
    def _active_policies(self, trigger):
        return tuple(
            Policy(
                policy.id, policy.sequence, policy.company_id.id, frozenset(policy.department_ids.ids),
                frozenset(policy.job_ids.ids), frozenset(policy.stage_ids.ids), policy.working_days,
                policy.means, policy.warning_percent, policy.escalation_user_id.id, bool(policy.template_id))
            for policy in self.sudo().with_context(active_test=True).search([('trigger', '=', trigger)]))
