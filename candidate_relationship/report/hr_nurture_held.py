from odoo import fields, models
from odoo.tools import SQL

from ..models.hr_nurture_reason import REASONS


class HrNurtureHeld(models.Model):
    """How many people a mailing has left out, by reason: one row for each."""
    _name = 'hr.nurture.held'
    _description = "Left Out of a Mailing"
    _auto = False
    _rec_name = 'reason'
    _order = 'count desc, id'
    _depends = {'mailing.trace': ['mass_mailing_id', 'nurture_reason', 'trace_status']}

    mailing_id = fields.Many2one('mailing.mailing', readonly=True)
    reason = fields.Selection(REASONS, string="Left Out Because", readonly=True)
    count = fields.Integer(string="People", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT MIN(trace.id) AS id, trace.mass_mailing_id AS mailing_id, trace.nurture_reason AS reason,"
            " COUNT(*) AS count FROM mailing_trace trace"
            " WHERE trace.nurture_reason IS NOT NULL AND trace.trace_status = 'cancel'"
            " GROUP BY trace.mass_mailing_id, trace.nurture_reason")

    def action_open(self):
        """The traces of those who were left out for this reason."""
        self.ensure_one()
        return self.mailing_id._get_held_action(self.reason)
