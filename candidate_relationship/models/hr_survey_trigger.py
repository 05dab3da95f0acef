"""When candidates are asked about their experience, and who."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .hr_recruitment_stage_experience import STAGE_GROUPS
from .survey_survey_experience import EXPERIENCE

STATES = [('draft', "Draft"), ('running', "Running"), ('paused', "Paused")]
# Why somebody is not asked, in the order in which they are told: the first that is true.
REASONS = [
    ('not_owed', "Spam or Duplicate"),
    ('erased', "Erased"),
    ('no_address', "No Email"),
    ('blacklisted', "Blacklisted"),
    ('left', "Said No"),
    ('in_process', "In Another Process"),
    ('asked', "Asked About It Already"),
    ('cooldown', "Asked Lately"),
    ('not_told', "Outcome Not Delivered"),
    ('delay', "Delay Not Over Yet"),
    ('too_old', "Too Long Ago"),
    ('twin', "Asked About a Later Application"),
]
LINK_FIELD = 'page_url'
TEMPLATE_DOMAIN = [('model', '=', 'hr.survey.invitation')]


class HrSurveyTrigger(models.Model):
    """Asks those whose application was decided; see ``hr_survey_trigger_selection.py`` for who is not asked."""
    _name = 'hr.survey.trigger'
    _description = "Experience Survey Trigger"
    _order = 'sequence, id'

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company, ondelete='cascade')
    state = fields.Selection(STATES, required=True, default='draft', readonly=True, copy=False)
    survey_id = fields.Many2one(
        'survey.survey', string="Questionnaire", required=True, ondelete='restrict',
        domain="[('survey_type', '=', 'candidate_experience')]",
        default=lambda self: self.env.ref('candidate_relationship.experience_survey', raise_if_not_found=False))
    on_hired = fields.Boolean(string="Hired", default=True)
    on_refused = fields.Boolean(string="Refused", default=True)
    on_withdrawn = fields.Boolean(
        string="Withdrawn", help="Applications that were archived without a refuse reason.")
    minimum_stage_group = fields.Selection(
        STAGE_GROUPS, string="Came at Least to", required=True, default='applied',
        help="Which stage belongs to which group is set on the stages.")
    department_ids = fields.Many2many('hr.department', string="Departments", check_company=True)
    job_ids = fields.Many2many('hr.job', string="Jobs", check_company=True)
    delay_days = fields.Integer(
        string="Working Days Afterwards", default=2,
        help="Counted from the day on which the outcome was delivered to the candidate, by a message that the mail "
             "server accepted or by a call. Nobody is asked before that.")
    max_age_days = fields.Integer(
        string="At the Latest After (Days)", default=90,
        help="Whoever could not be asked within so many days, e.g. because too few others were due, is not asked "
             "any more: they would hardly remember.")
    reminder_days = fields.Integer(
        string="Reminder After (Days)", default=7,
        help="Once, to everybody: one to those alone who haven't answered would tell who has. 0: no reminder.")
    expiry_days = fields.Integer(
        string="Open for (Days)", default=21, help="After so many days the link doesn't work any more.")
    template_id = fields.Many2one(
        'mail.template', string="Invitation", ondelete='restrict', domain=TEMPLATE_DOMAIN,
        default=lambda self: self._get_default_template('invite'),
        help="A mail about the application: it doesn't count against the contact budget, and nothing of it stays "
             "in the history of the application.")
    reminder_template_id = fields.Many2one(
        'mail.template', string="Reminder", ondelete='restrict', domain=TEMPLATE_DOMAIN,
        default=lambda self: self._get_default_template('remind'))
    since_date = fields.Date(
        string="Decisions Since", copy=False,
        help="Only decisions of this day or later are asked about. Empty: those since the trigger is started.")
    invitation_ids = fields.One2many('hr.survey.invitation', 'trigger_id', string="Invitations")
    invitation_count = fields.Integer(compute='_compute_invitation_count')
    failed_count = fields.Integer(string="Failed Mails", compute='_compute_invitation_count')
    would_ask_count = fields.Integer(
        string="Would Have Been Asked", compute='_compute_would_ask_count',
        help="Of those whose application was decided in the last quarter, by what is known today.")
    standing = fields.Char(compute='_compute_standing', help="What happens with the next run.")

    _delay_days_range = models.Constraint(
        'CHECK (delay_days BETWEEN 0 AND 60)', "Candidates are asked 0 to 60 working days afterwards.")
    _max_age_days_range = models.Constraint(
        'CHECK (max_age_days BETWEEN 7 AND 730)', "Candidates are asked at the latest after 7 to 730 days.")
    _expiry_days_range = models.Constraint(
        'CHECK (expiry_days BETWEEN 1 AND 180)', "The link of an invitation works for 1 to 180 days.")
    _reminder_days_range = models.Constraint(
        'CHECK (reminder_days BETWEEN 0 AND expiry_days - 1)',
        "The reminder comes before the link stops working: 0 means no reminder.")

    @api.model
    def _get_default_template(self, name):
        return self.env.ref(f'candidate_relationship.mail_template_experience_{name}', raise_if_not_found=False)

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    def _compute_invitation_count(self):
        self.invitation_count = self.failed_count = 0
        triggers = {trigger._origin: trigger for trigger in self}
        for origin, state, count in self.env['hr.survey.invitation']._read_group(
                [('trigger_id', 'in', self.ids)], ['trigger_id', 'state'], ['__count']):
            triggers[origin].invitation_count += count
            triggers[origin].failed_count += count * (state == 'failed')

    @api.depends(
        'company_id', 'on_hired', 'on_refused', 'on_withdrawn', 'minimum_stage_group', 'department_ids', 'job_ids')
    def _compute_would_ask_count(self):
        for trigger in self:
            trigger.would_ask_count = trigger._count_by_reason(*trigger._get_last_quarter()).get(False, 0)

    @api.depends_context('lang')
    @api.depends('state', 'company_id', 'survey_id')
    def _compute_standing(self):
        for trigger in self:
            trigger.standing = trigger.state == 'running' and trigger._get_standing()

    def _get_standing(self):
        """How many are due, and whether they are enough: nobody is asked alone."""
        survey, company = self.survey_id, self.company_id
        due = self._get_fellows()._count_due()
        invitations = self.env['hr.survey.invitation'].sudo()
        waiting = invitations.search_count(invitations._get_waiting_domain(company, survey))
        missing = company.sudo().experience_threshold - due - waiting - invitations._count_open(company, survey)
        if not due + waiting:
            return self.env._("Nobody is due at the moment.")
        if missing > 0:
            return self.env._(
                "%(due)s due, over all triggers with this questionnaire. They are asked as soon as %(missing)s more "
                "can be asked with them: an answer must not lead back to the only one who was asked.",
                due=due + waiting, missing=missing)
        return self.env._("%s due: they are asked with the next run.", due + waiting)

    def _get_fellows(self):
        """The running triggers with the same questionnaire: their answers are published together."""
        return self.sudo().search([
            ('state', '=', 'running'), ('company_id', '=', self.company_id.id), ('survey_id', '=', self.survey_id.id)])

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------

    @api.constrains('on_hired', 'on_refused', 'on_withdrawn')
    def _check_outcomes(self):
        for trigger in self:
            if not trigger._get_outcomes():
                raise ValidationError(self.env._("Choose at least one outcome about which “%s” asks.", trigger.name))

    @api.constrains('survey_id')
    def _check_survey(self):
        """Any other survey would keep answers by name."""
        for trigger in self.sudo():
            if trigger.survey_id.survey_type != EXPERIENCE:
                raise ValidationError(self.env._(
                    "“%s” is no candidate experience survey: its answers would not be anonymous.",
                    trigger.survey_id.title))

    @api.constrains('template_id', 'reminder_template_id')
    def _check_templates(self):
        for template in self.template_id | self.reminder_template_id:
            if template.sudo().model != 'hr.survey.invitation':
                raise ValidationError(self.env._(
                    "The mail template “%s” is not one of invitations.", template.sudo().name))

    @api.constrains('company_id')
    def _check_company_of_invitations(self):
        for trigger in self.sudo():
            if trigger.invitation_ids.filtered(lambda row, own=trigger.company_id: row.company_id != own):
                raise ValidationError(self.env._("“%s” has asked people of its company already.", trigger.name))

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # a trigger is started by its button, which sets from when on
            vals_list = [{name: value for name, value in vals.items() if name != 'state'} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != 'state'}
        if vals.get('active') is False:
            self.filtered(lambda trigger: trigger.state == 'running').sudo().write({'state': 'paused'})
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [dict(vals, name=self.env._("%s (copy)", trigger.name)) if 'name' not in (default or {}) else vals
                for trigger, vals in zip(self, vals_list, strict=True)]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_invitations(self):
        if self.sudo().invitation_ids:
            raise UserError(self.env._("This trigger has asked people. Archive it instead."))

    # ------------------------------------------------------------------
    # State
    # ------------------------------------------------------------------

    def action_start(self):
        """From now on; decisions before are asked about only where a day was chosen."""
        self.check_access('write')
        for trigger in self.sudo():
            trigger._check_ready()
            trigger.write({'state': 'running', 'since_date': trigger.since_date or trigger._get_today()})
        self.env.ref('candidate_relationship.ir_cron_experience_ask').sudo()._trigger()

    def action_pause(self):
        """Nobody is asked or reminded; links that were sent go on working."""
        self.check_access('write')
        self.sudo().filtered(lambda trigger: trigger.state == 'running').write({'state': 'paused'})

    def _check_ready(self):
        if not self.active:
            raise UserError(self.env._("“%s” is archived.", self.name))
        if not self.survey_id._is_experience_open():
            raise UserError(self.env._(
                "The questionnaire of “%s” is archived or has no questions yet: nobody could answer it.", self.name))
        if not self.template_id or (self.reminder_days and not self.reminder_template_id):
            raise UserError(self.env._("“%s” needs a mail for the invitation and one for the reminder.", self.name))
        for template in self.template_id | self.reminder_template_id:
            if LINK_FIELD not in (template.body_html or ''):
                raise UserError(self.env._(
                    "The mail “%(template)s” has no link to the questionnaire: put object.%(field)s into it.",
                    template=template.name, field=LINK_FIELD))

    def _get_today(self):
        return self._get_day_of(fields.Datetime.now())

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_preview(self):
        """Who would have been asked in the last quarter, and why the others would not."""
        self.ensure_one()
        self.check_access('write')
        preview = self.env['hr.survey.preview'].create({'trigger_id': self.id})
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Who Would Have Been Asked"),
            'res_model': preview._name,
            'res_id': preview.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
        }

    def action_view_invitations(self):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('candidate_relationship.hr_survey_invitation_action')
        return {
            **action, 'display_name': self.name, 'path': False, 'domain': [('trigger_id', '=', self.id)],
            'context': {'search_default_failed': self.env.context.get('failed_invitations', False)}}
