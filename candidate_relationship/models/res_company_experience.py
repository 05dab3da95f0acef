from odoo import api, fields, models
from odoo.exceptions import ValidationError

LEAST_THRESHOLD = 5
PUBLISH_RHYTHMS = [('weekly', "Weekly"), ('monthly', "Monthly"), ('quarterly', "Quarterly")]


class ResCompany(models.Model):
    """How candidates are asked about their experience, so that no answer leads back to one of them."""
    _inherit = 'res.company'

    experience_threshold = fields.Integer(
        string="Answers Needed", default=10,
        help="Figures and comments appear for groups of at least so many answers, and people are asked only where "
             "at least so many are asked together. Never less than 5.")
    experience_cooldown_days = fields.Integer(
        string="Not Asked Again for (Days)", default=180,
        help="How long nobody is asked again after an invitation, over all triggers of the company.")
    experience_publish = fields.Selection(
        PUBLISH_RHYTHMS, string="Figures Published", required=True, default='monthly',
        help="How often new answers join the figures.")

    _experience_cooldown_days_range = models.Constraint(
        'CHECK (experience_cooldown_days BETWEEN 0 AND 3650)', "Nobody is asked again for 0 to 3650 days.")
    _experience_threshold_least = models.Constraint(
        f'CHECK (experience_threshold >= {LEAST_THRESHOLD})',
        "Fewer than 5 answers would tell who gave them: the least number is 5.")

    @api.constrains('experience_threshold')
    def _check_experience_threshold(self):
        """Before the database does: its message is shown without the number that was entered."""
        for company in self:
            if company.experience_threshold < LEAST_THRESHOLD:
                raise ValidationError(self.env._(
                    "%(number)s answers would tell who gave them: the least number is %(least)s.",
                    number=company.experience_threshold, least=LEAST_THRESHOLD))
