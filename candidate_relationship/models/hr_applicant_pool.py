"""Runner-ups: who came near, and the wish to keep somebody who has not agreed yet."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# a wish is data about a person who has not said yes: it does not wait for ever
WISH_DAYS = 180


class HrTalentPoolWish(models.Model):
    """A person who is to come into pools as soon as they agree to be kept."""
    _name = 'hr.talent.pool.wish'
    _description = "Wish to Keep in Touch"
    _order = 'id desc'

    partner_id = fields.Many2one('res.partner', string="Person", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    applicant_id = fields.Many2one('hr.applicant', string="Application", index='btree_not_null', ondelete='cascade')
    pool_ids = fields.Many2many('hr.talent.pool', string="Talent Pools")
    categ_ids = fields.Many2many('hr.applicant.category', string="Tags")
    user_id = fields.Many2one('res.users', string="Wished By", ondelete='set null')
    done_datetime = fields.Datetime(string="Entered On")

    _waiting_idx = models.Index("(partner_id, company_id) WHERE done_datetime IS NULL")

    def _fulfil(self):
        """Put those into their pools who may be kept now.

        It happens while a person answers: no wish of a recruiter is to stand in the way of a consent.
        """
        for wish in self:
            self.env.flush_all()
            try:
                with self.env.cr.savepoint():
                    wish._fulfil_one()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Odoo tries the whole answer again
                raise
            except Exception:
                _logger.warning("Wish %s could not be fulfilled.", wish.id, exc_info=True)

    def _fulfil_one(self):
        company = self.company_id
        applicant = self.applicant_id.with_company(company)
        pools = self.pool_ids.filtered(lambda p: p.active and (not p.company_id or p.company_id == company))
        moved = applicant.company_id and applicant.company_id != company
        if not applicant or moved or not pools or not applicant._has_consent_to_keep():
            return
        pools.with_company(company)._add_people(applicant, self.categ_ids)
        self.done_datetime = fields.Datetime.now()

    @api.autovacuum
    def _gc_wishes(self):
        before = fields.Datetime.now() - timedelta(days=WISH_DAYS)
        old = self.search([('create_date', '<', before)], limit=1000)
        count = len(old)
        old.unlink()
        return count, count == 1000


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _on_consent_given(self, company):
        """These persons have just agreed to be kept by the company: those enter whom somebody wished to keep."""
        self.env['hr.talent.pool.wish'].sudo().with_context(active_test=False).search([
            ('partner_id', 'in', self.ids), ('company_id', '=', company.id), ('done_datetime', '=', False),
        ], order='id')._fulfil()


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    def _wish_to_keep(self, pools, categories=None, ask=True):
        """Remember that the persons of these applications are to come into pools, and ask them whether they may.

        :return: those that nobody can ask, as they have no contact or no address
        """
        mute = self.browse()
        for company, applicants in self.sudo().grouped(lambda a: a.company_id or self.env.company).items():
            known = applicants.filtered('partner_id')
            mute |= applicants.filtered(lambda a: not a.partner_id.email_normalized)
            self.env['hr.talent.pool.wish'].sudo().create([{
                'partner_id': applicant.partner_id.id,
                'company_id': company.id,
                'applicant_id': applicant.id,
                'pool_ids': [(6, 0, pools.ids)],
                'categ_ids': [(6, 0, categories.ids if categories else [])],
                'user_id': self.env.uid,
            } for applicant in known])
            partners = (known - mute).partner_id
            if ask and partners:
                self.env['hr.candidate.consent'].sudo()._ask(partners, company, user=self.env.user)
        return mute

    # ------------------------------------------------------------------
    # Near misses
    # ------------------------------------------------------------------

    def _get_near_misses(self):
        """Those that came near, with the words that say why.

        :return: ``{applicant: text}``
        """
        stages = self.sudo()._get_furthest_stages()
        reasons = {}
        for applicant in self:
            stage = stages.get(applicant.id, self.env['hr.recruitment.stage'])
            if applicant._is_near_miss(stage):
                reasons[applicant] = applicant._get_near_miss_reason(stage)
        return reasons

    def _is_near_miss(self, stage):
        """:param stage: the furthest stage of this application"""
        company = (self.company_id or self.env.company).sudo()
        conditions = []
        if company.near_miss_stage_id:
            conditions.append(bool(stage) and stage.sequence >= company.near_miss_stage_id.sequence)
        if company.near_miss_priority:
            conditions.append((self.priority or '0') >= company.near_miss_priority)
        return bool(conditions) and (all if company.near_miss_mode == 'and' else any)(conditions)

    def _get_near_miss_reason(self, stage):
        rating = dict(self._fields['priority']._description_selection(self.env)).get(self.priority)
        if stage and self.priority and self.priority != '0':
            return self.env._("reached %(stage)s, rated %(rating)s", stage=stage.name, rating=rating)
        if stage:
            return self.env._("reached %s", stage.name)
        return self.env._("rated %s", rating)
