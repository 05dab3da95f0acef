from odoo import fields, models


class ResCompany(models.Model):
    """How often a talent may be written to at most, by whatever program, recruiter or mailing."""
    _inherit = 'res.company'

    nurture_contacts = fields.Integer(
        default=1,
        help="How many mails a person may get within the days beside it, over all pools, programs and mailings. "
             "Mails about an application (interviews, outcomes, answers) do not count and are never held back.")
    nurture_days = fields.Integer(default=30)

    _nurture_contacts_range = models.Constraint(
        'CHECK (nurture_contacts BETWEEN 1 AND 31)', "A person may be written to 1 to 31 times.")
    _nurture_days_range = models.Constraint(
        'CHECK (nurture_days BETWEEN 1 AND 365)', "Contacts are counted over 1 to 365 days.")
