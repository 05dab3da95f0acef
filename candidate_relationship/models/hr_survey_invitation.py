"""Who was asked about their experience. Nothing here tells who answered."""

import secrets
from datetime import date
from itertools import zip_longest

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_experience_partition import DIMENSIONS, Cell, make_blocks
from .hr_recruitment_stage_experience import STAGE_GROUPS
from .hr_survey_trigger import REASONS
from .working_time import WorkingTimes

STATES = [
    ('waiting', "Waiting"),
    ('sent', "Sent"),
    ('failed', "Failed"),
    ('expired', "Expired"),
    ('cancelled', "Cancelled"),
]
OUTCOMES = [('hired', "Hired"), ('refused', "Refused"), ('withdrawn', "Withdrawn")]
# What an answer may keep, in the order in which it is looked at.
FACTS = DIMENSIONS


class HrSurveyInvitation(models.Model):
    """One person asked once about one application.

    Answering writes nothing here, and nobody may read the token: what is to be seen is the same
    whether or not somebody answered. Dates are days of the company.
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
    page_url = fields.Char(string="Link", compute='_compute_page_url', groups=fields.NO_ACCESS)
    state = fields.Selection(STATES, required=True, default='waiting', readonly=True, copy=False)
    sent_date = fields.Date(string="Sent", readonly=True, copy=False)
    expires_date = fields.Date(string="Open Until", readonly=True, copy=False)
    reminded = fields.Boolean(readonly=True, copy=False, groups=fields.NO_ACCESS)
    in_doubt = fields.Boolean(
        string="May Not Have Arrived", readonly=True, copy=False,
        help="The server stopped while it sent this mail. It is not sent again by itself, as nobody gets it twice.")
    failure_reason = fields.Char(readonly=True, copy=False)
    reason = fields.Selection(
        REASONS, string="Why Cancelled", readonly=True, copy=False,
        help="What became known between the choice and the mail. Empty: cancelled by hand.")
    department_id = fields.Many2one('hr.department', readonly=True, ondelete='set null')
    family_id = fields.Many2one('hr.job.family', string="Job Family", readonly=True, ondelete='set null')
    stage_group = fields.Selection(STAGE_GROUPS, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)

    _token_unique = models.UniqueIndex("(token)")
    # two servers that ask the same person meet here
    _one_per_application = models.UniqueIndex(
        "(applicant_id) WHERE applicant_id IS NOT NULL", "This person was asked about this application already.")
    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE partner_id IS NOT NULL AND state IN ('waiting', 'sent')",
        "This person has an invitation already.")
    _person_idx = models.Index("(partner_id, company_id, sent_date)")
    _open_idx = models.Index("(company_id, survey_id, expires_date) WHERE state IN ('waiting', 'sent')")

    @api.depends('token')
    def _compute_page_url(self):
        for invitation in self:
            invitation.page_url = invitation._get_url()

    @api.depends_context('lang')
    @api.depends('partner_id')
    def _compute_display_name(self):
        for invitation in self:
            invitation.display_name = invitation.partner_id.display_name or self.env._("Erased candidate")

    # ------------------------------------------------------------------
    # For the page
    # ------------------------------------------------------------------

    def _get_url(self):
        self.ensure_one()
        return f'{self.get_base_url()}/candidate/experience/{self.sudo().token}'

    @api.model
    def _get_by_token(self, token):
        """:return: the open invitation of a link, in superuser mode; empty if there is none"""
        if not token or not isinstance(token, str) or len(token) > 100:
            return self.browse()
        found = self.sudo().search([
            ('token', '=', token), ('state', '=', 'sent'), ('partner_id', '!=', False), ('survey_id', '!=', False)])
        return found if found and found.expires_date >= self._get_today(found.company_id) else self.browse()

    def _get_facts(self):
        """What an answer to this invitation may keep, so that it could be that of enough people.

        All invitations that are open now are cut into blocks as published answers are; an answer keeps
        the facts of its block. So what is *not* kept tells no more than what is: within a block all
        look alike, and it holds at least as many invitations as the threshold of the company.

        :return: ids and keys by name of ``FACTS``; False for what is not kept
        """
        self.ensure_one()
        mine = self.sudo()
        facts = tuple(mine[name].id or None if mine._fields[name].type == 'many2one' else mine[name] or None
                      for name in FACTS)
        blocks = make_blocks(mine._get_open_cells(), mine.company_id.experience_threshold)
        kept = next((block.facts for block in blocks if any(cell.facts == facts for cell in block.cells)), ())
        return {name: value or False for name, value in zip_longest(FACTS, kept)}

    def _get_open_cells(self):
        """Invitations to the same questionnaire that are open now, counted by their facts.

        :rtype: list of ``Cell``; answers have no month of their own here
        """
        names = SQL(", ").join(map(SQL.identifier, FACTS))
        self.flush_model()
        rows = self.env.execute_query(SQL(
            "SELECT %s, COUNT(*) FROM hr_survey_invitation invitation WHERE %s GROUP BY %s",
            names, self._get_open_sql(self.company_id, self.survey_id), names))
        return [Cell(date.min, tuple(facts), count) for *facts, count in rows]

    @api.model
    def _get_open_sql(self, company, survey):
        return SQL(
            "invitation.company_id = %s AND invitation.survey_id = %s AND invitation.state = 'sent'"
            " AND invitation.expires_date >= %s", company.id, survey.id, self._get_today(company))

    @api.model
    def _count_open(self, company, survey):
        self.flush_model()
        ((count,),) = self.env.execute_query(SQL(
            "SELECT COUNT(*) FROM hr_survey_invitation invitation WHERE %s", self._get_open_sql(company, survey)))
        return count

    @api.model
    def _get_today(self, company):
        return WorkingTimes()[company]._day(fields.Datetime.now())

    @api.model
    def _get_waiting_domain(self, company, survey):
        """Whose mail the daily job is to send."""
        return (
            Domain('state', '=', 'waiting') & Domain('company_id', '=', company.id)
            & Domain('survey_id', '=', survey.id) & Domain('trigger_id.state', '=', 'running'))

    # ------------------------------------------------------------------
    # Messages
    # ------------------------------------------------------------------

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The mails hold the link with which one answers for the person: nobody reads them."""
        if message_operation == 'read':
            return dict.fromkeys(self, 'unlink')
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Links that were sent don't work any more; who was not asked yet is not asked."""
        self._check_administrator()
        self.sudo().filtered(lambda row: row.state in ('waiting', 'sent', 'failed')).write({'state': 'cancelled'})

    def action_resend(self):
        """Those whose mail failed, or may not have arrived. Others would get a second mail."""
        self._check_administrator()
        again = self.sudo().filtered(lambda row: row._can_be_sent_again())
        if not again:
            raise UserError(self.env._("Only mails that failed, or that may not have arrived, are sent again."))
        if again.filtered(lambda row: row._has_other_open()):
            raise UserError(self.env._("Somebody of these was asked about another application meanwhile."))
        again.write({'state': 'waiting', 'in_doubt': False, 'failure_reason': False})
        self.env.ref('candidate_relationship.ir_cron_experience_ask').sudo()._trigger()

    def _can_be_sent_again(self):
        return bool(self.partner_id and self.applicant_id and self.survey_id) and (
            self.state == 'failed' or (self.state == 'sent' and self.in_doubt))

    def _has_other_open(self):
        return bool(self.search_count([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id), ('id', '!=', self.id),
            ('state', 'in', ('waiting', 'sent'))], limit=1))

    def action_open_applicant(self):
        self.ensure_one()
        return self.applicant_id._get_records_action(context={})

    def _check_administrator(self):
        """Who may change triggers; rows are for reading only."""
        self.check_access('read')
        self.env['hr.survey.trigger'].check_access('write')
