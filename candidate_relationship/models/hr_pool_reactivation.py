"""A round of reactivation: whom of those we know an opening may suit, and who is asked."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

STATES = [
    ('draft', "Draft"),
    ('ready', "Ready"),
    ('sent', "Sent"),
    ('closed', "Closed"),
]
OPEN_STATES = ('draft', 'ready', 'sent')
ORIGINS = [
    ('opened', "Job Opened"),
    ('reopened', "Job Reopened"),
    ('manual', "By Hand"),
]
# What the server alone writes.
PROTECTED = (
    'state', 'origin', 'prepared_datetime', 'sent_datetime', 'closed_datetime', 'company_id', 'considered_count',
    'recommended_count', 'excluded_count', 'exclusion_ids', 'exclusions_counted')
# As every round begins that is made by hand.
BEGINNING = {
    'state': 'draft', 'origin': 'manual', 'prepared_datetime': False, 'sent_datetime': False, 'closed_datetime': False,
    'considered_count': 0, 'recommended_count': 0, 'excluded_count': 0, 'exclusions_counted': False}


class HrPoolReactivation(models.Model):
    """One round for one opening of one job. ``hr.pool.match`` holds its people.

    The round ranks in one statement (see ``hr_pool_reactivation_ranking.py``); ranking again replaces
    those who were not asked yet and leaves everybody else alone.
    """
    _name = 'hr.pool.reactivation'
    _description = "Reactivation Round"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'id desc'
    _check_company_auto = True

    job_id = fields.Many2one(
        'hr.job', string="Job Position", required=True, index=True, ondelete='cascade', check_company=True,
        domain="[('company_id', 'in', [company_id, False])]")
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, index=True, ondelete='cascade',
        default=lambda self: self.env.company)
    user_id = fields.Many2one(
        'res.users', string="Recruiter", ondelete='set null', tracking=True, default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told at once what people answer.")
    state = fields.Selection(STATES, required=True, default='draft', readonly=True, copy=False, tracking=True)
    origin = fields.Selection(ORIGINS, required=True, default='manual', readonly=True)
    pool_ids = fields.Many2many(
        'hr.talent.pool', string="Pools", check_company=True, domain="[('company_id', 'in', [company_id, False])]",
        help="Whose people are considered. None: all pools of the company.")
    include_runner_ups = fields.Boolean(
        string="Refused Runner-Ups", default=True,
        help="Also those who came near and were refused, whose application is archived, in a pool or not.")
    categ_ids = fields.Many2many(
        'hr.applicant.category', string="Tags Sought", help="What the people should have in common with the job.")
    topic_id = fields.Many2one(
        'hr.nurture.topic', ondelete='set null', check_company=True,
        default=lambda self: self.env.ref('candidate_relationship.topic_job', raise_if_not_found=False),
        domain="[('company_id', 'in', [company_id, False])]",
        help="Only people who agreed to be written to about this are asked.")
    limit_count = fields.Integer(
        string="People to List", default=200,
        help="The best so many who may be asked, and who would be among them if they might. 0 lists everybody;"
             " everybody is scored in any case.")
    skill_weight = fields.Integer(
        string="Skills", default=50, help="Odoo's own matching score: skills by level, and the degree.")
    tag_weight = fields.Integer(string="Tags", default=20)
    stage_weight = fields.Integer(string="Furthest Stage", default=20)
    freshness_weight = fields.Integer(
        string="Freshness", default=10, help="In touch today counts in full, half a year ago half.")
    prepared_datetime = fields.Datetime(string="Ranked On", readonly=True, copy=False)
    sent_datetime = fields.Datetime(string="First Sent On", readonly=True, copy=False)
    closed_datetime = fields.Datetime(string="Closed On", readonly=True, copy=False)
    considered_count = fields.Integer(string="Considered", readonly=True, copy=False)
    recommended_count = fields.Integer(
        string="May Be Asked", readonly=True, copy=False, help="Of those who are listed, on the day of the ranking.")
    excluded_count = fields.Integer(
        string="Excluded", readonly=True, copy=False, help="Who would be listed if they might be asked.")
    match_ids = fields.One2many('hr.pool.match', 'reactivation_id', string="People")
    listed_count = fields.Integer(string="Listed", compute='_compute_match_counts')
    asked_count = fields.Integer(string="Asked", compute='_compute_match_counts')
    answered_count = fields.Integer(string="Answered", compute='_compute_match_counts')
    interested_count = fields.Integer(string="Interested", compute='_compute_match_counts')

    _weights_range = models.Constraint(
        'CHECK (LEAST(skill_weight, tag_weight, stage_weight, freshness_weight) >= 0'
        ' AND GREATEST(skill_weight, tag_weight, stage_weight, freshness_weight) BETWEEN 1 AND 1000)',
        "Weights are 0 to 1000, and one at least is more than 0.")
    _limit_count_range = models.Constraint('CHECK (limit_count >= 0)', "The number of people to list is 0 or more.")

    @api.depends('job_id', 'create_date')
    def _compute_display_name(self):
        for round_ in self:
            day = fields.Date.to_string(round_.create_date) if round_.create_date else ''
            round_.display_name = ' '.join(filter(None, (round_.job_id.name, day)))

    @api.depends('match_ids.state')
    def _compute_match_counts(self):
        self.update(dict.fromkeys(('listed_count', 'asked_count', 'answered_count', 'interested_count'), 0))
        matches = self.env['hr.pool.match']
        for round_, state, count in matches._read_group(
                [('reactivation_id', 'in', self.ids)], ['reactivation_id', 'state'], ['__count']):
            round_.listed_count += count * (state != 'excluded')
            round_.asked_count += count * (state in matches._ASKED_STATES)
            round_.answered_count += count * (state in matches._ANSWERED_STATES)
            round_.interested_count += count * (state == 'interested')

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The company is the job's; tags that say nothing else are those the job names."""
        default = self.env.context.get('default_job_id')
        jobs = self.env['hr.job'].browse(vals.get('job_id', default) for vals in vals_list)
        for vals, job in zip(vals_list, jobs, strict=True):
            if not self.env.su:
                self._refuse_protected(vals)
                # nor do the defaults of a call have a say
                vals.update(BEGINNING)
            vals['company_id'] = job.sudo().company_id.id or self.env.company.id
            if 'categ_ids' not in vals:
                vals['categ_ids'] = [(6, 0, job._get_reactivation_tags().ids)]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_protected(vals)
            if 'job_id' in vals and any(round_.state != 'draft' for round_ in self):
                raise UserError(self.env._("The people were ranked for the job already: make another round."))
        return super().write(vals)

    @api.model
    def _refuse_protected(self, vals):
        for name in PROTECTED:
            vals.pop(name, None)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(round_.sent_datetime for round_ in self):
            raise UserError(self.env._("People were asked in this round. Close it instead: its figures are kept."))

    # ------------------------------------------------------------------
    # Preparing
    # ------------------------------------------------------------------

    @api.model
    def _prepare_for(self, job, origin='manual', user=None):
        """The open round of a job, made if there is none, in superuser mode.

        :param user: who asked for it; the recruiter of the job by default
        """
        company = job.sudo().company_id or self.env.company
        rounds = self.sudo().with_company(company)
        mine = [('job_id', '=', job.id), ('company_id', '=', company.id)]
        found = rounds.search([*mine, ('state', 'in', OPEN_STATES)], limit=1)
        if found:
            return found
        # two who ask at once: the second waits, and Odoo tries it again
        self.env.cr.execute(SQL("UPDATE hr_job SET write_date = write_date WHERE id = %s", job.id))
        before = rounds.search(mine, limit=1)
        kept = before.copy_data()[0] if before else {}
        recruiter = job.sudo().user_id or user or before.user_id
        return rounds.create({**kept, 'job_id': job.id, 'origin': origin, 'user_id': recruiter.id})

    def action_rank(self):
        """Rank everybody afresh; who was asked already stays as they are."""
        for round_ in self:
            if round_.state == 'closed':
                raise UserError(self.env._("This round is closed."))
            round_.check_access('write')
            round_.sudo()._rank()
        return True

    @api.model
    def _cron_prepare_rounds(self):
        """Jobs that were opened get a round, one by one: each is one statement over the whole pool."""
        jobs = self.env['hr.job'].search([('reactivation_wanted', '!=', False)], order='id')
        self.env['ir.cron']._commit_progress(remaining=len(jobs))
        for job in jobs:
            if not job.try_lock_for_update().filtered('reactivation_wanted'):
                continue
            try:
                with self.env.cr.savepoint():
                    self._prepare_wanted(job)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # whoever works on it at the moment does not want to be in the way: next time
                _logger.info("The reactivation of job %s is prepared later.", job.id)
                self.env.ref('candidate_relationship.ir_cron_reactivation')._trigger()
            except Exception:
                _logger.exception("The reactivation of job %s could not be prepared.", job.id)
                job.reactivation_wanted = False
            if not self.env['ir.cron']._commit_progress(1):
                break

    @api.model
    def _prepare_wanted(self, job):
        origin, job.reactivation_wanted = job.reactivation_wanted, False
        if not job._is_open():
            return
        round_ = self._prepare_for(job, origin)
        if round_.state == 'sent':
            return
        was_ready = round_.state == 'ready'
        round_.categ_ids = round_.categ_ids or job._get_reactivation_tags()
        round_._rank()
        if round_.recommended_count and not was_ready:
            round_._tell_ready()

    def _is_of_old(self):
        return self.prepared_datetime < fields.Datetime.now() - timedelta(days=1)

    def _tell_ready(self):
        """An activity for the recruiter of the job."""
        if self.user_id:
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=self.user_id.id,
                summary=self.with_context(lang=self.user_id.lang).env._(
                    "%(count)s people you know may suit %(job)s", count=self.recommended_count, job=self.job_id.name))

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open(self):
        self.ensure_one()
        return self._get_records_action(name=self.display_name, context={})

    def action_review(self):
        """The ranked people: choose some of them and invite."""
        return self._get_people_action('hr_pool_match_action', {'search_default_recommended': 1})

    def action_view_answers(self):
        return self._get_people_action('hr_pool_match_action', {'search_default_answered': 1})

    def action_view_asked(self):
        return self._get_people_action('hr_pool_match_action', {'search_default_asked': 1})

    def action_view_excluded(self):
        return self._get_people_action('hr_pool_match_action', {'search_default_excluded': 1})

    def _get_people_action(self, xmlid, context):
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(f'candidate_relationship.{xmlid}')
        return {
            **action, 'display_name': self.display_name, 'path': False,
            'domain': [('reactivation_id', '=', self.id)], 'context': context}

    def action_close(self):
        """No more invitations; who was asked can answer for as long as the job is open."""
        self.check_access('write')
        self.sudo().filtered(lambda round_: round_.state != 'closed')._close()

    def action_reopen(self):
        self.check_access('write')
        for round_ in self.sudo().filtered(lambda round_: round_.state == 'closed'):
            round_.write({
                'state': 'sent' if round_.sent_datetime else 'ready' if round_.prepared_datetime else 'draft',
                'closed_datetime': False})

    def _close(self):
        self._call_back()
        self.write({'state': 'closed', 'closed_datetime': fields.Datetime.now()})
        self.activity_unlink(['mail.mail_activity_data_todo'])

    def _call_back(self):
        """Invitations that nobody has begun to send are not sent any more."""
        waiting = self.env['hr.pool.match'].search([
            ('reactivation_id', 'in', self.ids), ('state', '=', 'invited'), ('mailing_id.state', '=', 'in_queue')])
        mailings = waiting.mailing_id
        waiting.write({'state': 'recommended', 'invited_datetime': False, 'invited_user_id': False})
        mailings.unlink()
