from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    near_miss_stage_id = fields.Many2one(
        'hr.recruitment.stage', string="Near Miss From Stage", ondelete='set null',
        default=lambda self: self.env.ref('hr_recruitment.stage_job3', raise_if_not_found=False),
        help="Who reached this stage or a later one is proposed to be kept in touch with when refused.")
    near_miss_priority = fields.Selection(
        [('1', "Good"), ('2', "Very Good"), ('3', "Excellent")], string="Near Miss From Evaluation", default='2',
        help="Who is rated so or better is proposed to be kept in touch with when refused.")
    # not required in the database: a company is made there too while this module is not loaded yet
    near_miss_mode = fields.Selection(
        [('or', "One of both is enough"), ('and', "Both are needed")], string="Stage and Evaluation", default='and')
