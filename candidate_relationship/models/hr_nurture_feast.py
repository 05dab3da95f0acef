"""Feast days whose date moves: a table, not a formula."""

from odoo import api, fields, models


class HrNurtureFeast(models.Model):
    _name = 'hr.nurture.feast'
    _description = "Feast Day"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    source = fields.Char(help="Where the dates come from, and how they were checked.")
    date_ids = fields.One2many('hr.nurture.feast.date', 'feast_id', string="Dates", copy=True)
    next_date = fields.Date(compute='_compute_next_date')
    last_date = fields.Date(string="Known Until", compute='_compute_next_date')

    @api.depends('date_ids.date')
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for feast in self:
            dates = sorted(feast.date_ids.mapped('date'))
            feast.next_date = next((date for date in dates if date and date >= today), False)
            feast.last_date = dates[-1] if dates else False

    def _replan_steps(self):
        """Whoever waits for this feast has another date now, or one at last."""
        self.env['hr.nurture.step'].sudo().search([('feast_id', 'in', self.ids)])._replan()


class HrNurtureFeastDate(models.Model):
    _name = 'hr.nurture.feast.date'
    _description = "Date of a Feast Day"
    _order = 'date'
    _rec_name = 'date'

    feast_id = fields.Many2one('hr.nurture.feast', required=True, index=True, ondelete='cascade')
    date = fields.Date(required=True)

    _once = models.UniqueIndex("(feast_id, date)", "This date is in the table already.")

    @api.model_create_multi
    def create(self, vals_list):
        dates = super().create(vals_list)
        dates.feast_id._replan_steps()
        return dates

    def write(self, vals):
        feasts = self.feast_id
        res = super().write(vals)
        (feasts | self.feast_id)._replan_steps()
        return res

    def unlink(self):
        feasts = self.feast_id
        res = super().unlink()
        feasts._replan_steps()
        return res
