"""Taking back a run of a rule: who came in with it leaves, unless somebody has worked with them since."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .client_actions import RELOAD, notify
from .hr_talent_pool_fill import AT_ONCE

BATCH = 500


class HrTalentPoolFill(models.Model):
    _inherit = 'hr.talent.pool.fill'

    def action_undo(self):
        """Remove those who entered with this run, and stop filling the pool by night."""
        self.ensure_one()
        self.pool_id.check_access('write')
        fill = self.sudo()
        if fill.state not in ('done', 'failed'):
            raise UserError(self.env._("This run is not done, or was taken back already."))
        fill.write({'state': 'undoing', 'kept_count': 0})
        # else the next night would let them in again
        fill.pool_id.rule_active = False
        if len(fill.entry_ids) > AT_ONCE:
            self.env.ref('candidate_relationship.ir_cron_pool_fill').sudo()._trigger()
            return notify(
                self.env._("More than %s people: they are removed in the background.", AT_ONCE), RELOAD)
        while fill._undo_batch():
            pass
        return notify(self.env._(
            "Those who entered with this run were removed; %s stay, as somebody has worked with them since. "
            "The pool is not filled by night any more.", fill.kept_count), RELOAD)

    @api.model
    def _run_undoing(self):
        """:return: whether there is time left"""
        while fill := self.search([('state', '=', 'undoing')], limit=1, order='id').try_lock_for_update():
            done = fill._undo_batch()
            if not self.env['ir.cron']._commit_progress(done, remaining=len(fill.entry_ids) + 1):
                return False
        return True

    def _undo_batch(self):
        """:return: number of entries that were taken back; 0 when the run is done with"""
        entries = self.env['hr.talent.pool.fill.entry'].search([('fill_id', '=', self.id)], limit=BATCH)
        if not entries:
            self.state = 'undone'
            return 0
        talents = entries.talent_id.with_context(active_test=False)
        kept = entries.filtered('created').talent_id & talents._filtered_worked_with()
        made = entries.filtered('created').talent_id - kept
        alone = made.filtered(lambda talent: talent.talent_pool_ids == self.pool_id)
        # a talent belongs to a pool at least: who was copied for this one only goes altogether
        (talents - kept - alone)._leave_pool(self.pool_id)
        self.kept_count += len(kept)
        count = len(entries)
        entries.unlink()
        alone.unlink()
        return count


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    def _leave_pool(self, pool):
        """Leave one pool; who is in no other one stays, as a talent without a pool is none."""
        leaving = self.filtered(lambda talent: talent.talent_pool_ids - pool)
        leaving.write({'talent_pool_ids': [(3, pool.id)]})

    def _filtered_worked_with(self):
        """Talents that were changed, written to, or made an application from since they came in."""
        if not self:
            return self
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            SELECT talent.id FROM hr_applicant talent
             WHERE talent.id = ANY(%(ids)s) AND (
                   EXISTS (SELECT FROM mail_message m WHERE m.model = 'hr.applicant' AND m.res_id = talent.id
                              AND m.message_type <> 'notification')
                OR EXISTS (SELECT FROM mail_activity a WHERE a.res_model = 'hr.applicant' AND a.res_id = talent.id)
                OR EXISTS (SELECT FROM ir_attachment f WHERE f.res_model = 'hr.applicant' AND f.res_id = talent.id)
                OR EXISTS (SELECT FROM hr_candidate_touch t WHERE t.applicant_id = talent.id)
                OR EXISTS (SELECT FROM hr_applicant later WHERE later.pool_applicant_id = talent.id
                              AND later.id > talent.id)
                OR talent.write_date > talent.create_date)
            """, ids=list(self._ids)))
        return self.browse([row[0] for row in rows])
