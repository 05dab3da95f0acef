from odoo import api, fields, models


class HrJobFamily(models.Model):
    """Jobs of one kind: figures by job would be too few to be shown."""
    _name = 'hr.job.family'
    _description = "Job Family"
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        'res.company', index=True, ondelete='cascade', help="Empty: for the jobs of all companies.")
    job_ids = fields.One2many('hr.job', 'family_id', string="Jobs")


class HrJob(models.Model):
    _inherit = 'hr.job'

    family_id = fields.Many2one(
        'hr.job.family', string="Job Family", index='btree_not_null', ondelete='set null', check_company=True,
        help="Jobs of one kind, of which figures are shown together.")

    # hr.job itself checks no companies
    @api.constrains('family_id', 'company_id')
    def _check_company_of_family(self):
        self._check_company(['family_id'])
