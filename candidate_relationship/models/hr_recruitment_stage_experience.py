"""How far an application came, coarse enough to tell nothing about one of them."""

from odoo import api, fields, models

STAGE_GROUPS = [('applied', "Applied"), ('interviewed', "Interviewed"), ('final', "Final Round")]


class HrRecruitmentStage(models.Model):
    _inherit = 'hr.recruitment.stage'

    experience_group = fields.Selection(
        STAGE_GROUPS, string="Stage Group", compute='_compute_experience_group', store=True, readonly=False,
        help="How far somebody came who is in this stage, in the figures about the candidates' experience.")

    # not on the sequence: moving stages about must not undo what somebody chose
    @api.depends('hired_stage')
    def _compute_experience_group(self):
        """The first third is applied, the hired stage and the last one before it are final."""
        stages = self.env['hr.recruitment.stage'].search([])
        for stage in self:
            stage.experience_group = stage._get_usual_experience_group(stages)

    def _get_usual_experience_group(self, stages):
        if self.hired_stage:
            return 'final'
        others = stages.filtered(lambda stage: stage == self._origin or (
            not stage.hired_stage and (not stage.job_ids or stage.job_ids & self.job_ids)))
        place, count = others.ids.index(self._origin.id) if self._origin in others else len(others), len(others)
        if place < max(1, round(count / 3)):
            return 'applied'
        return 'final' if place == count - 1 else 'interviewed'
