from odoo import fields, models


class HrNurtureTopic(models.Model):
    """What the company writes to its talents about; a person may leave one topic and keep the others."""
    _name = 'hr.nurture.topic'
    _description = "Nurture Topic"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="As the candidate reads it on the consent page.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one('res.company', help="Empty: for all companies.")
