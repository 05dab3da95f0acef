from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    experience_user_id = fields.Many2one(
        'res.users', string="Told About Findings", ondelete='set null', domain="[('share', '=', False)]",
        help="Who gets an activity when the candidates' experience gets worse. Empty: the questionnaire's "
             "responsible user, else an administrator of the recruitment.")


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    experience_user_id = fields.Many2one(related='company_id.experience_user_id', readonly=False)
