"""Keep in touch with whom we refuse: proposed for those who came near."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.client_actions import notify

OFFICER = 'hr_recruitment.group_hr_recruitment_user'


class ApplicantGetRefuseReason(models.TransientModel):
    """Interviewers refuse too, but pools are not theirs in stock Odoo: what they choose here is a proposal to
    the manager of the pool, as an activity."""
    _inherit = 'applicant.get.refuse.reason'

    keep_possible = fields.Boolean(compute='_compute_keep_possible')
    keep_company_id = fields.Many2one('res.company', compute='_compute_keep_possible')
    keep_may_add = fields.Boolean(compute='_compute_keep_possible')
    near_miss_ids = fields.Many2many(
        'hr.applicant', compute='_compute_near_miss')
    near_miss_text = fields.Text(compute='_compute_near_miss')
    near_miss_some = fields.Boolean(compute='_compute_near_miss')
    keep_in_touch = fields.Boolean(
        string="Keep in Touch?", compute='_compute_keep_in_touch', store=True, readonly=False)
    keep_everybody = fields.Boolean(
        string="All of Them", help="Also those who did not come near.")
    keep_pool_ids = fields.Many2many(
        'hr.talent.pool', relation='applicant_get_refuse_reason_pool_rel', string="Talent Pools",
        compute='_compute_keep_pool_ids', store=True, readonly=False)
    keep_categ_ids = fields.Many2many(
        'hr.applicant.category', relation='applicant_get_refuse_reason_categ_rel', string="Tags to Give",
        compute='_compute_keep_categ_ids', store=True, readonly=False)
    keep_ask_consent = fields.Boolean(
        string="Ask for Consent", compute='_compute_keep_ask_consent', store=True, readonly=False)
    keep_no_consent_count = fields.Integer(compute='_compute_keep_no_consent_count')

    @api.depends('refuse_reason_id', 'applicant_ids')
    def _compute_keep_possible(self):
        for wizard in self:
            applicants = wizard._get_keepable()
            companies = self.env['res.company'].union(*(a.company_id or self.env.company for a in applicants))
            wizard.keep_company_id = companies[:1]
            # a pool belongs to a company: people of two at once are refused without this question
            wizard.keep_possible = len(companies) == 1 and not wizard.refuse_reason_id.no_answer_owed
            wizard.keep_may_add = self.env.user.has_group(OFFICER)

    def _get_keepable(self):
        """Who was hired is in touch anyway, and a talent is in a pool."""
        return self.applicant_ids._origin.filtered(lambda a: not a.is_pool_applicant and not a.date_closed)

    @api.depends('applicant_ids')
    def _compute_near_miss(self):
        for wizard in self:
            applicants = wizard._get_keepable()
            reasons = applicants._get_near_misses()
            wizard.near_miss_ids = applicants.browse([applicant.id for applicant in reasons])
            wizard.near_miss_some = 0 < len(reasons) < len(applicants)
            wizard.near_miss_text = wizard._get_near_miss_text(applicants, reasons)

    def _get_near_miss_text(self, applicants, reasons):
        lines = [
            self.env._("%(name)s: %(reason)s", name=applicant.partner_name or applicant.display_name, reason=reason)
            for applicant, reason in reasons.items()]
        if not lines:
            return False
        if len(applicants) > 1:
            lines = [self.env._("%(some)s of %(all)s came near.", some=len(lines), all=len(applicants)), *lines[:10]]
            if len(reasons) > 10:
                lines.append(self.env._("and %s more", len(reasons) - 10))
        return '\n'.join(lines)

    # What is stored is computed from the applicants, and not from the fields that are shown: reading the
    # stages flushes, which computes what is stored while those are half done.
    @api.depends('near_miss_ids', 'keep_possible')
    def _compute_keep_in_touch(self):
        for wizard in self:
            wizard.keep_in_touch = bool(wizard.keep_possible and wizard._get_keepable()._get_near_misses())

    @api.depends('keep_company_id')
    def _compute_keep_pool_ids(self):
        for wizard in self:
            pools = self.env['hr.talent.pool']
            wizard.keep_pool_ids = pools.search([
                ('purpose', '=', 'runner_up'), ('company_id', 'in', [wizard.keep_company_id.id, False]),
            ], order='company_id, id', limit=1) if wizard.keep_company_id else pools

    @api.depends('applicant_ids')
    def _compute_keep_categ_ids(self):
        for wizard in self:
            wizard.keep_categ_ids = wizard._get_proposed_categories()

    def _get_proposed_categories(self):
        """Those of the one who is refused. Of several each takes their own along: all for all would mix them."""
        applicant = self._get_keepable()
        categories = self.env['hr.applicant.category']
        if len(applicant) == 1:
            categories |= applicant.categ_ids
            if hasattr(applicant, '_get_proposed_tags'):
                proposed = applicant._get_proposed_tags()
                categories |= proposed.get(applicant, categories)
        return categories

    @api.depends('applicant_ids', 'keep_everybody')
    def _compute_keep_no_consent_count(self):
        for wizard in self:
            wizard.keep_no_consent_count = len(wizard._get_silent_keepers())

    @api.depends('applicant_ids', 'keep_everybody')
    def _compute_keep_ask_consent(self):
        for wizard in self:
            wizard.keep_ask_consent = bool(wizard._get_silent_keepers())

    def _get_keepers(self):
        """Who is kept: those who came near, or everybody if nobody did or the user says so."""
        applicants = self._get_keepable()
        near = applicants.browse([applicant.id for applicant in applicants._get_near_misses()])
        return applicants if self.keep_everybody or not near else near

    def _get_silent_keepers(self):
        keepers = self._get_keepers()
        agreed = keepers.sudo().with_company(self.keep_company_id)._has_consent_to_keep()
        return keepers.filtered(lambda applicant: applicant.id not in set(agreed.ids))

    # ------------------------------------------------------------------

    def action_refuse_reason_apply(self):
        keep = self.keep_in_touch and self.keep_possible
        if keep and not self.keep_pool_ids:
            raise UserError(self.env._("Choose the talent pool in which you keep in touch, or switch it off."))
        # refusing is a move of its own: what came near is read before
        keepers = self._get_keepers() if keep else self.env['hr.applicant']
        res = super().action_refuse_reason_apply()
        if not keepers:
            return res
        said = self._keep_in_touch(keepers) if self.keep_may_add else self._propose_to_keep(keepers)
        # the dialog closes over the pipeline, where nothing else would tell what became of the wish
        return notify(said, res)

    def _keep_in_touch(self, applicants):
        """:return: what was done, in words"""
        pools = self.keep_pool_ids.with_company(self.keep_company_id)
        agreed = applicants.sudo().with_company(self.keep_company_id)._has_consent_to_keep().with_env(self.env)
        if agreed:
            pools._add_people(agreed, self.keep_categ_ids)
        silent = applicants - agreed
        silent._wish_to_keep(pools, self.keep_categ_ids, ask=self.keep_ask_consent)
        self._log_keeping(agreed, self.env._("To be kept in touch with: added to %s.", self._get_pool_names()))
        self._log_keeping(silent, self.env._(
            "To be kept in touch with: enters %s upon consent.", self._get_pool_names()))
        return self._describe_keeping(agreed, silent)

    def _describe_keeping(self, agreed, silent):
        lines = []
        if agreed:
            lines.append(self.env._("Added to %(pools)s: %(count)s.", pools=self._get_pool_names(), count=len(agreed)))
        if silent:
            lines.append(self.env._(
                "Waiting for consent to enter %(pools)s: %(count)s.", pools=self._get_pool_names(), count=len(silent)))
        return ' '.join(lines)

    def _get_pool_names(self):
        return ', '.join(self.keep_pool_ids.mapped('name'))

    def _log_keeping(self, applicants, body):
        if applicants:
            applicants._message_log_batch(bodies=dict.fromkeys(applicants.ids, body))

    def _propose_to_keep(self, applicants):
        """The manager of the pool decides; they find a to-do on the application.

        :return: what was done, in words
        """
        pool = self.keep_pool_ids[:1].sudo()
        for applicant in applicants.sudo():
            user = pool.pool_manager or applicant.user_id
            applicant.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id or self.env.uid,
                summary=self.env._("Keep in touch?"),
                note=self.env._(
                    "%(user)s proposes to add %(name)s to %(pools)s.", user=self.env.user.name,
                    name=applicant.partner_name or applicant.display_name, pools=self._get_pool_names()))
        return self.env._("Proposed to keep in touch in %(pools)s: %(count)s.",
                          pools=self._get_pool_names(), count=len(applicants))
