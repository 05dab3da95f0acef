from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    feedback_calendar_id = fields.Many2one(
        'resource.calendar', string="Working Hours for Promises", ondelete='set null',
        help="Deadlines are counted in these working hours and their public holidays. "
             "Empty: the working hours of the company.")
    feedback_fallback_user_id = fields.Many2one(
        'res.users', string="Warned When Nobody Else Is", ondelete='set null', domain=[('share', '=', False)],
        help="Gets the warnings of applications that have no recruiter, or whose recruiter has left.")
