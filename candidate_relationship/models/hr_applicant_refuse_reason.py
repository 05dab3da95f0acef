from odoo import fields, models


class HrApplicantRefuseReason(models.Model):
    _inherit = 'hr.applicant.refuse.reason'

    no_answer_owed = fields.Boolean(
        help="Nobody waits for an answer, as with spam or a duplicate: refusing for this reason cancels "
             "what was promised.")
