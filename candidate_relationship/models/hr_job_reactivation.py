"""A job that is opened asks for a round of reactivation."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from .hr_pool_reactivation import OPEN_STATES
from .tag_names import get_name_key

# What decides whether a job is open.
OPENING_FIELDS = {'active', 'no_of_recruitment'}
# Those of the website's addon, where it is there: showing a job is opening it.
PUBLISHING_FIELDS = ('is_published', 'website_published')
# What people are ranked by.
RANKING_FIELDS = {'job_skill_ids', 'current_job_skill_ids', 'expected_degree'}
WORD_ENDS = re.compile(r'[\s,;/()（）、，]+')


class HrJob(models.Model):
    """Stock Odoo has no *open*: a job that is not archived and has somebody to recruit is open.

    Opening only leaves a mark on the job and asks the scheduler to run: the round is prepared behind
    the scenes, once what is needed for the job was entered.
    """
    _inherit = 'hr.job'

    reactivation_wanted = fields.Selection(
        [('opened', "Opened"), ('reopened', "Reopened")], copy=False, readonly=True, index='btree_not_null',
        groups='hr_recruitment.group_hr_recruitment_user', help="A round of reactivation is about to be prepared.")
    reactivation_ids = fields.One2many(
        'hr.pool.reactivation', 'job_id', string="Reactivation Rounds",
        groups='hr_recruitment.group_hr_recruitment_user')
    reactivation_count = fields.Integer(
        string="May Be Asked", compute='_compute_reactivation_count',
        groups='hr_recruitment.group_hr_recruitment_user', help="People we know whom the job may suit.")

    def _compute_reactivation_count(self):
        counts = dict(self.env['hr.pool.match']._read_group(
            [('job_id', 'in', self.ids), ('reactivation_id.state', 'in', OPEN_STATES), ('state', '!=', 'excluded')],
            ['job_id'], ['__count']))
        for job in self:
            job.reactivation_count = counts.get(job, 0)

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        jobs = super().create(vals_list)
        jobs._want_reactivation('opened')
        return jobs

    def write(self, vals):
        before = self._get_open() if not OPENING_FIELDS.isdisjoint(vals) else None
        result = super().write(vals)
        if before is not None:
            after = self._get_open()
            (after - before)._want_reactivation('reopened')
            (before - after)._end_reactivation()
        if any(vals.get(name) for name in PUBLISHING_FIELDS):
            self._want_reactivation('opened')
        if not RANKING_FIELDS.isdisjoint(vals):
            self._rank_reactivation_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        """The rounds would go with it, and with them the page of whoever was asked."""
        asked = self.sudo().reactivation_ids.filtered('sent_datetime')
        if asked:
            raise UserError(self.env._(
                "People were asked about %s. Archive it instead: they can still be answered.", asked[0].job_id.name))

    def _is_open(self):
        self.ensure_one()
        return bool(self.active and self.no_of_recruitment > 0)

    def _get_open(self):
        return self.sudo().filtered(lambda job: job._is_open())

    def _want_reactivation(self, origin):
        """Mark them; the mark of a job that waits already stays."""
        jobs = self.sudo().filtered(
            lambda job: job._is_open() and (job.company_id or self.env.company).reactivation_automatic)
        if jobs:
            jobs.filtered(lambda job: not job.reactivation_wanted).reactivation_wanted = origin
            self.env.ref('candidate_relationship.ir_cron_reactivation').sudo()._trigger()

    def _end_reactivation(self):
        """Nobody is asked any more about a job that is closed."""
        jobs = self.sudo()
        jobs.filtered('reactivation_wanted').reactivation_wanted = False
        self.env['hr.pool.reactivation'].sudo().search([
            ('job_id', 'in', jobs.ids), ('state', 'in', OPEN_STATES)])._close()

    def _rank_reactivation_again(self):
        """What the job asks for has changed and nobody was asked yet."""
        rounds = self.env['hr.pool.reactivation'].sudo().search([
            ('job_id', 'in', self.ids), ('state', '=', 'ready'), ('origin', '!=', 'manual')])
        for job in rounds.job_id.filtered(lambda job: not job.reactivation_wanted):
            job._want_reactivation('opened')

    def _get_reactivation_tags(self):
        """Tags that the name of the job or one of its skills names."""
        tags = self.env['hr.applicant.category'].sudo()
        if not self.id:
            return tags
        job = self.sudo()
        title, words = get_name_key(job.name), WORD_ENDS.split(job.name)
        keys = {get_name_key(skill.name) for skill in job.job_skill_ids.skill_id}
        keys |= {get_name_key(' '.join(words[start:end + 1]))
                 for start in range(len(words)) for end in range(start, len(words))}
        # Chinese has no spaces: there a tag within the name will do
        return tags.search([('dimension', 'not in', ('event', 'other'))]).filtered(
            lambda tag: tag.name_key in keys or (tag.name_key and not tag.name_key.isascii() and tag.name_key in title))

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_reactivate(self):
        """The open round of this job; who is in it is of today, unless people were asked already."""
        self.ensure_one()
        rounds = self.env['hr.pool.reactivation']
        rounds.check_access('create')
        self.check_access('read')
        round_ = rounds._prepare_for(self, user=self.env.user)
        if round_.state == 'draft' or (round_.state == 'ready' and round_._is_of_old()):
            round_._rank()
        return round_.with_env(self.env).action_open()
