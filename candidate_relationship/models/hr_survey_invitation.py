"""Who was asked about their experience. Nothing here tells who answered."""

import secrets

from odoo import fields, models

from .hr_recruitment_stage_experience import STAGE_GROUPS

STATES = [
    ('waiting', "Waiting"),
    ('sent', "Sent"),
    ('failed', "Failed"),
    ('expired', "Expired"),
    ('cancelled', "Cancelled"),
]
OUTCOMES = [('hired', "Hired"), ('refused', "Refused"), ('withdrawn', "Withdrawn")]


class HrSurveyInvitation(models.Model):
    """One person asked once about one application.

    Answering writes nothing here, and nobody may read the token: what is to be seen is the same
    whether or not somebody answered.
    """
    _name = 'hr.survey.invitation'
    _description = "Experience Survey Invitation"
    _order = 'id desc'
    _rec_name = 'partner_id'

    trigger_id = fields.Many2one('hr.survey.trigger', index='btree_not_null', ondelete='set null')
    # empty once the questionnaire was deleted: then the link leads nowhere
    survey_id = fields.Many2one('survey.survey', string="Questionnaire", ondelete='set null')
    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    # empty once the person was erased: the count stays
    partner_id = fields.Many2one('res.partner', string="Person", ondelete='set null')
    applicant_id = fields.Many2one('hr.applicant', string="Application", ondelete='set null')
    token = fields.Char(
        required=True, copy=False, groups=fields.NO_ACCESS, default=lambda self: secrets.token_urlsafe(32))
    key_print = fields.Char(copy=False, groups=fields.NO_ACCESS)
    state = fields.Selection(STATES, required=True, default='waiting', readonly=True, copy=False)
    sent_date = fields.Date(string="Sent", readonly=True, copy=False)
    expires_date = fields.Date(string="Open Until", readonly=True, copy=False)
    # whether it was looked at, not whether it was sent: that would tell who had answered by then
    reminded = fields.Boolean(readonly=True, copy=False, groups=fields.NO_ACCESS)
    failure_reason = fields.Char(readonly=True, copy=False)
    department_id = fields.Many2one('hr.department', readonly=True, ondelete='set null')
    family_id = fields.Many2one('hr.job.family', string="Job Family", readonly=True, ondelete='set null')
    stage_group = fields.Selection(STAGE_GROUPS, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)

    _token_unique = models.UniqueIndex("(token)")
