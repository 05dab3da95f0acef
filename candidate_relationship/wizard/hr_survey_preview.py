"""Who would have been asked about their experience in the last quarter."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.hr_survey_invitation import OUTCOMES
from ..models.hr_survey_trigger import REASONS

# The figures are of all; nobody reads a longer list.
LISTED = 1000


class HrSurveyPreview(models.TransientModel):
    _name = 'hr.survey.preview'
    _description = "Preview of an Experience Survey Trigger"

    trigger_id = fields.Many2one('hr.survey.trigger', required=True, readonly=True, ondelete='cascade')
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    asked_count = fields.Integer(string="Would Have Been Asked", readonly=True)
    is_too_few = fields.Boolean(readonly=True)
    threshold = fields.Integer(related='trigger_id.company_id.experience_threshold')
    reason_ids = fields.One2many('hr.survey.preview.reason', 'preview_id', string="Not Asked", readonly=True)
    line_ids = fields.One2many('hr.survey.preview.line', 'preview_id', string="Applications", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        previews = super().create(vals_list)
        for preview in previews:
            preview.trigger_id.check_access('write')
            preview.sudo()._fill()
        return previews

    def _fill(self):
        trigger = self.trigger_id
        start, end = trigger._get_last_quarter()
        counts = trigger._count_by_reason(start, end)
        asked = counts.pop(False, 0)
        order = [reason for reason, _label in REASONS]
        self.write({
            'date_from': trigger._get_day_of(start),
            'date_to': fields.Date.subtract(trigger._get_day_of(end), days=1),
            'asked_count': asked,
            'is_too_few': asked < trigger.company_id.experience_threshold,
            'reason_ids': [(0, 0, {'reason': reason, 'count': counts[reason]})
                           for reason in sorted(counts, key=order.index)],
        })
        self._list(start, end)

    def _list(self, start, end):
        """Those who would be asked first."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "INSERT INTO hr_survey_preview_line (preview_id, applicant_id, partner_id, outcome, decided, told, reason,"
            " create_uid) SELECT %s, applicant_id, partner_id, outcome, decided, told, reason, %s FROM (%s) judged"
            " ORDER BY reason IS NOT NULL, decided DESC, applicant_id DESC LIMIT %s",
            self.id, self.env.uid, self.trigger_id._get_judged_sql(start, end), LISTED))
        self.env['hr.survey.preview.line'].invalidate_model()


class HrSurveyPreviewReason(models.TransientModel):
    _name = 'hr.survey.preview.reason'
    _description = "Reason in the Preview of an Experience Survey Trigger"
    _order = 'id'

    preview_id = fields.Many2one('hr.survey.preview', required=True, index=True, ondelete='cascade')
    reason = fields.Selection(REASONS, string="Why Not", readonly=True)
    count = fields.Integer(string="Applications", readonly=True)


class HrSurveyPreviewLine(models.TransientModel):
    _name = 'hr.survey.preview.line'
    _description = "Application in the Preview of an Experience Survey Trigger"
    _order = 'id'

    preview_id = fields.Many2one('hr.survey.preview', required=True, index=True, ondelete='cascade')
    applicant_id = fields.Many2one('hr.applicant', string="Application", readonly=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string="Person", readonly=True, ondelete='cascade')
    outcome = fields.Selection(OUTCOMES, readonly=True)
    decided = fields.Datetime(readonly=True)
    told = fields.Datetime(string="Outcome Delivered", readonly=True)
    reason = fields.Selection(REASONS, string="Why Not", readonly=True)
