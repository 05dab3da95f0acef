"""When candidates are asked about their experience, and who."""

from odoo import fields, models

from .hr_recruitment_stage_experience import STAGE_GROUPS

STATES = [('draft', "Draft"), ('running', "Running"), ('paused', "Paused")]


class HrSurveyTrigger(models.Model):
    _name = 'hr.survey.trigger'
    _description = "Experience Survey Trigger"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
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
        help="Stages are grouped in the configuration of the stages.")
    department_ids = fields.Many2many('hr.department', string="Departments", check_company=True)
    job_ids = fields.Many2many('hr.job', string="Jobs", check_company=True)
    delay_days = fields.Integer(
        string="Working Days After the Decision", default=2,
        help="In the working time of the company. Nobody is asked before the outcome was delivered to them.")
    reminder_days = fields.Integer(
        string="Reminder After (Days)", default=7, help="Once, to those who haven't answered. 0: no reminder.")
    expiry_days = fields.Integer(
        string="Open for (Days)", default=21, help="After so many days the link doesn't work any more.")
    template_id = fields.Many2one(
        'mail.template', string="Invitation", ondelete='restrict',
        domain="[('model', '=', 'hr.survey.invitation')]")
    reminder_template_id = fields.Many2one(
        'mail.template', string="Reminder", ondelete='restrict',
        domain="[('model', '=', 'hr.survey.invitation')]")
    since_date = fields.Date(
        string="Decisions Since", copy=False,
        help="Only decisions of this day or later are asked about. Set when the trigger is started, if it is empty.")
    invitation_ids = fields.One2many('hr.survey.invitation', 'trigger_id', string="Invitations")
