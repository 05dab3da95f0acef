"""What a policy is made for can be deleted; the policy must not come to rule everything then."""

from odoo import api, models


class HrRecruitmentStage(models.Model):
    _inherit = 'hr.recruitment.stage'

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env['hr.feedback.sla']._archive_left_without('stage_ids', self)


class HrJob(models.Model):
    _inherit = 'hr.job'

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env['hr.feedback.sla']._archive_left_without('job_ids', self)


class HrDepartment(models.Model):
    _inherit = 'hr.department'

    @api.ondelete(at_uninstall=False)
    def _unlink_archive_policies(self):
        self.env['hr.feedback.sla']._archive_left_without('department_ids', self)
