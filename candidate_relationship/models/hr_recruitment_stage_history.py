"""A stage that becomes the hired one, or is so no more."""

from odoo import fields, models
from odoo.tools import SQL


class HrRecruitmentStage(models.Model):
    _inherit = 'hr.recruitment.stage'

    def write(self, vals):
        if 'hired_stage' not in vals:
            return super().write(vals)
        changed = self.filtered(lambda stage: stage.hired_stage != bool(vals['hired_stage']))
        res = super().write(vals)
        changed._log_hired_stage(bool(vals['hired_stage']))
        return res

    def _log_hired_stage(self, is_hired):
        """Who is in the stage is hired now, or is not; who was filed away as hired stays so."""
        if not self:
            return
        self.env['hr.applicant'].flush_model(['active'])
        self.env.cr.execute(SQL(
            """
            UPDATE hr_applicant_stage_log log
               SET outcome = %s, write_uid = %s, write_date = %s
              FROM hr_applicant applicant
             WHERE applicant.id = log.applicant_id AND log.left_datetime IS NULL AND log.stage_id IN %s
               AND log.outcome = %s AND applicant.active
            """,
            'hired' if is_hired else 'current', self.env.uid, fields.Datetime.now(), tuple(self.ids),
            'current' if is_hired else 'hired'))
        self.env['hr.applicant.stage.log'].invalidate_model(flush=False)
