"""What candidates wrote, apart from what else they answered."""

from odoo import api, fields, models

LONGEST_COMMENT = 5000
SENTIMENTS = [('promoter', "Promoter"), ('passive', "Passive"), ('detractor', "Detractor")]


class HrExperienceComment(models.Model):
    """A comment, of which nothing but the month, the department and the mood is known.

    Nothing leads to the answer it came with. Nobody has the right to read it before it is published.
    """
    _name = 'hr.experience.comment'
    _description = "Comment of a Candidate"
    _inherit = ['hr.experience.heap']
    _log_access = False

    sentiment = fields.Selection(SENTIMENTS, required=True)
    body = fields.Text(required=True)

    _month_idx = models.Index("(company_id, month)")

    @api.model
    def _get_sentiment(self, nps):
        return 'promoter' if nps >= 9 else 'passive' if nps >= 7 else 'detractor'

    @api.model
    def _store(self, shared, nps, body):
        body = body.replace('\0', '').strip()[:LONGEST_COMMENT]
        if body:
            self._throw(**shared, sentiment=self._get_sentiment(nps), body=body)
