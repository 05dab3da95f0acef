"""How many of the whole pool are left out of a round, and why."""

from odoo import api, fields, models
from odoo.tools import SQL, format_list

# Of more people the reasons are counted by the scheduler: nobody waits for it.
COUNTED_AT_ONCE = 5000


class HrPoolReactivation(models.Model):
    _inherit = 'hr.pool.reactivation'

    exclusion_ids = fields.One2many('hr.pool.exclusion', 'reactivation_id', string="People Left Out", readonly=True)
    exclusions_counted = fields.Boolean(readonly=True, copy=False)
    exclusion_summary = fields.Char(string="Left Out", compute='_compute_exclusion_summary')

    @api.depends('exclusion_ids.person_count', 'exclusions_counted')
    @api.depends_context('lang')
    def _compute_exclusion_summary(self):
        """412 of 2310: 80 Contacted Lately, 31 No Consent."""
        labels = dict(self.env['hr.pool.exclusion']._get_reason_selection())
        for round_ in self:
            lines = round_.exclusion_ids.sorted(lambda line: -line.person_count)
            round_.exclusion_summary = round_.exclusions_counted and (self.env._(
                "%(count)s of %(considered)s: %(reasons)s", count=sum(lines.mapped('person_count')),
                considered=round_.considered_count,
                reasons=format_list(self.env, [f"{line.person_count} {labels[line.reason]}" for line in lines]),
            ) if lines else self.env._("Nobody"))

    def _renew_exclusions(self):
        """After the ranking, at once or soon."""
        self.exclusion_ids.unlink()
        self.exclusions_counted = False
        if self.considered_count <= COUNTED_AT_ONCE:
            self._count_exclusions()
        else:
            self.env.ref('candidate_relationship.ir_cron_reactivation').sudo()._trigger()

    def _count_exclusions(self):
        """Everybody's reason is asked for, which takes several times as long as the ranking."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            WITH own AS MATERIALIZED (%s), candidate AS MATERIALIZED (%s)
            SELECT reason, COUNT(*)
              FROM (SELECT %s AS reason
                      FROM candidate JOIN hr_applicant applicant ON applicant.id = candidate.id) judged
             WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason
            """, self._get_own_sql(), self._get_candidates_sql(), self._get_exclusion_sql()))
        self.env['hr.pool.exclusion'].sudo().create([
            {'reactivation_id': self.id, 'reason': reason, 'person_count': count} for reason, count in rows])
        self.exclusions_counted = True

    @api.model
    def _cron_prepare_rounds(self):
        """Behind the rounds that are wanted, the counts that were too long to wait for."""
        result = super()._cron_prepare_rounds()
        rounds = self.search([('state', 'in', ['ready', 'sent']), ('exclusions_counted', '=', False)], order='id')
        self.env['ir.cron']._commit_progress(remaining=len(rounds))
        for round_ in rounds:
            if round_.try_lock_for_update().filtered(lambda one: not one.exclusions_counted):
                round_._count_exclusions()
            if not self.env['ir.cron']._commit_progress(1):
                break
        return result
