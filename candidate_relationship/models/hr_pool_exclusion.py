"""Who of the whole pool is left out of a round: how many for which reason, listed or not."""

from odoo import api, fields, models


class HrPoolExclusion(models.Model):
    """One row for each reason of a round. Written by the count alone."""
    _name = 'hr.pool.exclusion'
    _description = "Left Out of a Round"
    _order = 'person_count desc, id'
    _rec_name = 'reason'

    reactivation_id = fields.Many2one(
        'hr.pool.reactivation', string="Round", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='reactivation_id.company_id', store=True)
    reason = fields.Selection(selection='_get_reason_selection', string="Why Excluded", required=True)
    person_count = fields.Integer(string="People", help="Of all who were considered, on the day of the ranking.")
    listed_count = fields.Integer(
        string="Listed", compute='_compute_listed_count', help="Who would be listed if they might be asked.")

    @api.model
    def _get_reason_selection(self):
        return self.env['hr.pool.match']._fields['excluded_reason']._description_selection(self.env)

    def _compute_listed_count(self):
        counts = {(round_, reason): count for round_, reason, count in self.env['hr.pool.match']._read_group(
            [('reactivation_id', 'in', self.reactivation_id.ids), ('state', '=', 'excluded')],
            ['reactivation_id', 'excluded_reason'], ['__count'])}
        for line in self:
            line.listed_count = counts.get((line.reactivation_id, line.reason), 0)

    def action_view_people(self):
        """Those who are listed: everybody else is but counted."""
        self.ensure_one()
        action = self.reactivation_id.action_view_excluded()
        return {**action, 'domain': [*action['domain'], ('excluded_reason', '=', self.reason)]}
