"""A nurture program: whom it is for, about what, and the steps it takes."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .client_actions import CLOSE, notify
from .hr_nurture_reason import WAITING_REASONS

# What the buttons and the daily job alone write, and what it is in the beginning.
PROTECTED_AT_FIRST = {'state': 'draft', 'pause_reason': False}
PROTECTED = (*PROTECTED_AT_FIRST, 'domain_user_id')
SECONDS_TO_CHECK = 10
OFFICER = 'hr_recruitment.group_hr_recruitment_user'
STATES = [('draft', "Draft"), ('running', "Running"), ('paused', "Paused"), ('ended', "Ended")]


class HrNurtureProgram(models.Model):
    _name = 'hr.nurture.program'
    _description = "Nurture Program"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company, ondelete='cascade')
    sequence = fields.Integer(
        string="Priority", default=10,
        help="Where two programs want to write to the same person on one day, the one higher up in the list does.")
    state = fields.Selection(STATES, required=True, default='draft', readonly=True, copy=False, tracking=True)
    pause_reason = fields.Char(readonly=True, copy=False, help="Why it paused itself.")
    pool_ids = fields.Many2many(
        'hr.talent.pool', string="Talent Pools", check_company=True,
        help="Their people enter by themselves. Empty: people enter by hand only.")
    domain = fields.Char(string="Only Those Who", default='[]')
    domain_user_id = fields.Many2one(
        'res.users', string="Condition Set By", readonly=True, copy=False, ondelete='set null',
        help="The condition finds what this user may see.")
    topic_id = fields.Many2one(
        'hr.nurture.topic', check_company=True, ondelete='restrict',
        help="Whoever left this topic is not written to.")
    user_id = fields.Many2one(
        'res.users', string="Owner", default=lambda self: self.env.user, tracking=True,
        help="Mails come from them, and they are told when something is wrong.")
    is_repeated = fields.Boolean(
        string="Begin Again After the Last Step", help="For greetings: every year anew.")
    end_on_reply = fields.Boolean(
        string="A Reply Ends It", default=True,
        help="Whoever answers talks with a person from there on. Untick it for greetings.")
    step_ids = fields.One2many('hr.nurture.step', 'program_id', string="Steps", copy=True)
    enrollment_ids = fields.One2many('hr.nurture.enrollment', 'program_id', string="People")
    mailing_ids = fields.One2many('mailing.mailing', 'nurture_program_id', string="Mailings Sent")
    step_count = fields.Integer(compute='_compute_step_count')
    running_count = fields.Integer(string="In It", compute='_compute_counts')
    waiting_count = fields.Integer(string="Waiting", compute='_compute_counts')
    ended_count = fields.Integer(string="Ended", compute='_compute_counts')
    mailing_count = fields.Integer(string="Mailings", compute='_compute_mailing_count')

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends('step_ids')
    def _compute_step_count(self):
        for program in self:
            program.step_count = len(program.step_ids)

    def _compute_counts(self):
        rows = self.env['hr.nurture.enrollment']._read_group(
            [('program_id', 'in', self.ids)], ['program_id', 'state'], ['__count', 'waiting_reason:count'])
        counts = {(program.id, state): (count, waiting) for program, state, count, waiting in rows}
        for program in self:
            program.running_count, program.waiting_count = counts.get((program.id, 'running'), (0, 0))
            program.ended_count = counts.get((program.id, 'ended'), (0, 0))[0]

    def _compute_mailing_count(self):
        counts = dict(self.env['mailing.mailing'].sudo()._read_group(
            [('nurture_program_id', 'in', self.ids), ('state', '!=', 'draft')], ['nurture_program_id'], ['__count']))
        for program in self:
            program.mailing_count = counts.get(program, 0)

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains('domain', 'domain_user_id', 'company_id')
    def _check_domain(self):
        for program in self:
            try:
                with self.env['hr.talent.pool']._time_limit(SECONDS_TO_CHECK):
                    program._get_talents().search(program._get_condition(), limit=1)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                raise ValidationError(self.env._(
                    "The condition of the program “%(program)s” can't be used: %(error)s", program=program.name,
                    error=error)) from error

    @api.constrains('is_repeated')
    def _check_repeated(self):
        """A program that begins again at once would never come to an end."""
        for program in self.filtered('is_repeated'):
            steps = program.step_ids
            if steps and not any(step.trigger == 'yearly' or step.delay_days for step in steps):
                raise ValidationError(self.env._(
                    "“%s” begins again after its last step: at least one step needs days, or a day of the year.",
                    program.name))

    @api.constrains('company_id')
    def _check_company_of_people(self):
        for program in self:
            if self.env['hr.nurture.enrollment'].sudo().search_count(
                    [('program_id', '=', program.id), ('company_id', '!=', program.company_id.id)], limit=1):
                raise ValidationError(self.env._("“%s” has people of its company in it.", program.name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # named, so that no default of the context counts
            vals_list = [{**vals, **PROTECTED_AT_FIRST, 'domain_user_id': self.env.uid} for vals in vals_list]
        return super().create([{'domain_user_id': self.env.uid, **vals} for vals in vals_list])

    def copy(self, default=None):
        copies = super().copy(default)
        for program, copy in zip(self, copies, strict=True):
            both = [(each.with_context(active_test=False).step_ids).sorted() for each in (program, copy)]
            for step, copied in zip(*both, strict=False):
                copied._take_design(step)
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [dict(vals, name=self.env._("%s (copy)", program.name)) if 'name' not in (default or {}) else vals
                for program, vals in zip(self, vals_list, strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_people(self):
        if self.sudo().enrollment_ids:
            raise UserError(self.env._("Somebody is or was in this program. Archive it instead."))

    def unlink(self):
        self.with_context(active_test=False).step_ids.unlink()
        return super().unlink()

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(PROTECTED):
            raise AccessError(self.env._("A program is started, paused and ended by its buttons."))
        if 'domain' in vals:
            vals = {'domain_user_id': self.env.uid, **vals}
        if vals.get('active') is False:
            self.filtered(lambda program: program.state == 'running')._set_state('paused')
        owners = {program: program.user_id for program in self} if 'user_id' in vals else {}
        res = super().write(vals)
        for program, owner in owners.items():
            program._change_sender(owner)
        return res

    def _change_sender(self, owner):
        """Designs that came from the owner before come from the one of now."""
        designs = self.sudo().with_context(active_test=False).step_ids.mailing_id
        designs.user_id = self.user_id
        if self.user_id.email:
            designs.filtered(lambda design: design.email_from == owner.email_formatted
                             ).email_from = self.user_id.email_formatted

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    def action_start(self):
        """Let those in who never were in it.

        :return: a message that says how many
        """
        self.check_access('write')
        entered = 0
        for program in self:
            program._check_ready()
            program._set_state('running')
            entered += program._enroll_audience()
        return notify(self._get_words_of_start(entered), CLOSE, kind='success' if entered else 'info')

    def _get_words_of_start(self, entered):
        words = self.env._("%s people have entered.", entered)
        before = self.env['hr.nurture.enrollment'].sudo().search_count(
            [('program_id', 'in', self.ids), ('state', '!=', 'running')])
        return words + (" " + self.env._(
            "%s were in it before and have left: they begin again if you choose so in their list.", before)
            if before else "")

    def action_pause(self):
        """Nobody goes on; days go by. Any officer may, as it does no harm."""
        self._check_officer()
        self.filtered(lambda program: program.state == 'running')._set_state('paused')

    def action_resume(self):
        self._check_officer()
        for program in self.filtered(lambda program: program.state == 'paused'):
            program._check_ready()
            program._set_state('running')

    def action_end(self):
        self.check_access('write')
        self._set_state('ended')
        enrollments = self.env['hr.nurture.enrollment'].sudo()
        for program in self:
            enrollments._update(
                enrollments._get_ending(SQL("%s", 'program'), enrollments._get_today(program.company_id)),
                SQL("enrollment.program_id = %s AND enrollment.state = 'running'", program.id))

    def _set_state(self, state):
        self.sudo().write({'state': state, 'pause_reason': False})

    def _check_officer(self):
        self.check_access('read')
        if not (self.env.su or self.env.user.has_group(OFFICER)):
            raise AccessError(self.env._("Only recruiters may do this."))

    def _check_ready(self):
        """A program that can't be done is not started."""
        if not self.step_ids:
            raise UserError(self.env._("“%s” has no steps yet.", self.name))
        self._check_domain()
        problems = [(step.name, step._get_problem()) for step in self.step_ids]
        lines = [self.env._("Step “%(step)s”: %(problem)s.", step=name, problem=problem)
                 for name, problem in problems if problem]
        if lines:
            raise UserError("\n".join(lines))

    def _get_steps(self):
        """Those that are done, in their order, wherever it is asked from."""
        return self.sudo().with_context(active_test=True).step_ids.sorted()

    def _get_first_step(self, today):
        """:return: the step that whoever enters today begins with, and its day"""
        steps = self._get_steps()
        first = steps[0]._get_soonest(steps, today)
        return first, first._get_date(today, first=True)

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def _parse_domain(self):
        value = literal_eval((self.domain or '').strip() or '[]')
        if not isinstance(value, list):
            raise ValueError(self.domain)
        return Domain(value)

    def _get_talents(self):
        """The model of talents, with the company of the program as the one of talents that have none."""
        company = self.sudo().company_id
        return self.env['hr.applicant'].sudo().with_company(company).with_context(
            active_test=True, allowed_company_ids=company.ids)

    def _get_condition(self):
        """Whoever has set the condition lends it their rights: nobody finds out by it what they may not see."""
        condition = self._parse_domain()
        if condition.is_true():
            return condition
        user = self.sudo().domain_user_id or self.sudo().create_uid
        talents = self._get_talents().with_user(user)
        return Domain('id', 'in', talents._search(condition))

    def _get_company_domain(self):
        return (
            Domain('company_id', 'in', (self.sudo().company_id.id, False)) & Domain('talent_pool_ids', '!=', False)
            & Domain('active', '=', True))

    def _get_audience_query(self):
        """Talents that enter by themselves."""
        return self._get_talents()._search(self._get_audience_domain() & Domain('partner_id', '!=', False))

    def _get_audience_domain(self):
        pools = Domain('talent_pool_ids', 'in', self.sudo().pool_ids.ids)
        return pools & self._get_company_domain() & self._get_condition()

    def _ensure_persons(self, domain):
        """Stock Odoo's talents have no contact, and programs are about persons."""
        self._get_talents().search(
            domain & Domain('partner_id', '=', False) & Domain('email_normalized', '!=', False)
        )._ensure_candidate_partners()

    def _enroll_audience(self):
        """Whoever is in the pools and never was in the program enters it.

        :return: number of people
        """
        if not self.sudo().pool_ids or not self._get_steps():
            return 0
        self._ensure_persons(self._get_audience_domain())
        return len(self._insert_enrollments(self._get_audience_query().subselect(), SQL("DO NOTHING"), None))

    def _enroll(self, applicants):
        """Somebody puts these talents in, also once more.

        :return: ids of those who entered, and reason (``in`` for whoever is in it) by id of the others
        """
        self.ensure_one()
        self._check_officer()
        if self.state == 'ended':
            raise UserError(self.env._("“%s” has ended.", self.name))
        if not self._get_steps():
            raise UserError(self.env._("“%s” has no steps yet.", self.name))
        applicants.check_access('read')
        chosen = self._get_company_domain() & Domain('id', 'in', applicants.ids)
        self._ensure_persons(chosen)
        talents = self._get_talents().search(chosen & Domain('partner_id', '!=', False))
        again = SQL("(program_id, partner_id) DO UPDATE SET %s WHERE enrollment.state = 'ended'", self._get_restart())
        partner_ids = self._insert_enrollments(SQL("%s", tuple(talents.ids or [0])), again, self.env.uid)
        entered = talents.filtered(lambda talent: talent.partner_id.id in partner_ids)
        reasons = self._get_talents().browse((talents - entered).ids)._get_nurture_reasons(self.topic_id)
        others = {talent_id: 'gone' for talent_id in set(applicants.ids) - set(talents.ids)}
        return entered.ids, others | {
            talent_id: reason if reason and reason not in WAITING_REASONS else 'in'
            for talent_id, reason in reasons.items()}

    @api.model
    def _get_restart(self):
        names = ('applicant_id', 'state', 'entered_datetime', 'user_id', 'next_step_id', 'next_date', 'planned_date',
                 'waiting_reason', 'anchor_date', 'last_step_id', 'last_date', 'ended_reason', 'ended_date',
                 'write_uid', 'write_date')
        return SQL(", ").join([
            SQL("cycle = enrollment.cycle + 1"),
            *(SQL("%s = %s", SQL.identifier(name), SQL.identifier('excluded', name)) for name in names)])

    def _insert_enrollments(self, talents, conflict, uid):
        """Persons of these talents whom nothing keeps from entering, in one statement.

        :param talents: ``SQL`` of ids in brackets
        :param conflict: ``SQL`` of what happens to whoever was in the program before
        :return: ids of the partners
        """
        enrollments = self.env['hr.nurture.enrollment'].sudo()
        model, company = self._get_talents(), self.sudo().company_id
        today = enrollments._get_today(company)
        first, day = self._get_first_step(today)
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            INSERT INTO hr_nurture_enrollment AS enrollment (
                   program_id, company_id, partner_id, applicant_id, state, entered_datetime, user_id, next_step_id,
                   next_date, planned_date, waiting_reason, anchor_date, cycle,
                   create_uid, write_uid, create_date, write_date)
            SELECT DISTINCT ON (applicant.partner_id)
                   %(program)s, %(company)s, applicant.partner_id, applicant.id, 'running', %(now)s, %(user)s, %(step)s,
                   %(day)s, %(day)s, %(waiting)s, %(today)s, 0, %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM hr_applicant applicant
             WHERE applicant.id IN %(talents)s
               AND NOT EXISTS (SELECT FROM hr_nurture_enrollment known
                                WHERE known.program_id = %(program)s AND known.partner_id = applicant.partner_id
                                  AND (%(user)s IS NULL OR known.state = 'running'))
               AND COALESCE(%(reason)s, 'budget') IN %(passing)s
             ORDER BY applicant.partner_id, applicant.id
            ON CONFLICT %(conflict)s
            RETURNING enrollment.partner_id
            """,
            program=self.id, company=company.id, user=SQL("%s::int", uid), step=first.id, day=SQL("%s::date", day),
            now=SQL("%s::timestamp", fields.Datetime.now()), waiting=None if day else 'no_date',
            today=SQL("%s::date", today), uid=self.env.uid, talents=talents, passing=WAITING_REASONS,
            reason=model._get_nurture_reason_sql('applicant', self.sudo().topic_id.id), conflict=conflict))
        enrollments.invalidate_model()
        return {row[0] for row in rows}

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_enrollments(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('candidate_relationship.hr_nurture_enrollment_action')
        shown = self.env.context.get('enrollment_filter', 'running')
        if shown == 'ended':
            ended = self.env['ir.model.data']._xmlid_to_res_id(
                'candidate_relationship.hr_nurture_enrollment_view_list_ended')
            action['views'] = [(ended, 'list'), (False, 'form')]
        return {
            **action,
            'display_name': self.name,
            'domain': [('program_id', '=', self.id)],
            'context': {f'search_default_{shown}': 1, 'default_program_id': self.id},
        }

    def action_view_mailings(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('mass_mailing.mailing_mailing_action_mail')
        return {**action, 'domain': [('nurture_program_id', '=', self.id)], 'context': {'create': False}}
