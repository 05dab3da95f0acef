from odoo import fields, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    candidate_consent_required = fields.Boolean(
        string="Ask Candidates for Consent", default=True,
        help="Only people who agreed are kept in a pool and written to. "
             "Off: the company rests on its legitimate interest, and everybody may be written to who did not say no.")
    candidate_consent_months = fields.Integer(
        string="Consent Is Valid For (Months)", default=24,
        help="Counted from the day on which the person agreed. After that, silence is no.")
    candidate_renewal_days = fields.Integer(
        string="Ask for Renewal (Days Before)", default=30,
        help="How long before a consent runs out its owner is asked to renew it. Asked once.")
    candidate_erasure_grace_days = fields.Integer(
        string="Erase After (Days)", default=30,
        help="How long after a consent has ended the data of its owner is due for erasure.")
    candidate_link_days = fields.Integer(
        string="Links Are Valid For (Days)", default=60,
        help="How long the link in a mail that asks for consent opens its page.")

    _candidate_consent_months_range = models.Constraint(
        'CHECK (candidate_consent_months BETWEEN 1 AND 120)', "A consent is valid for 1 to 120 months.")
    _candidate_renewal_days_range = models.Constraint(
        'CHECK (candidate_renewal_days BETWEEN 1 AND 180)',
        "Renewal is asked for 1 to 180 days before the consent ends.")
    _candidate_renewal_in_time = models.Constraint(
        'CHECK (candidate_renewal_days < candidate_consent_months * 28)',
        "Renewal would be asked for before the consent is given: ask later, or let the consent be valid for longer.")
    _candidate_erasure_grace_days_range = models.Constraint(
        'CHECK (candidate_erasure_grace_days BETWEEN 0 AND 365)',
        "Erasure is due 0 to 365 days after the consent has ended.")
    _candidate_link_days_range = models.Constraint(
        'CHECK (candidate_link_days BETWEEN 1 AND 365)', "Links are valid for 1 to 365 days.")
