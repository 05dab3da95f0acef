"""Where an application has been, from when to when."""

from odoo import api, fields, models

OUTCOMES = [
    ('current', "Still There"),
    ('moved', "Moved On"),
    ('back', "Moved Back"),
    ('refused', "Refused"),
    ('hired', "Hired"),
    ('withdrawn', "Withdrawn or Archived"),
]


class HrApplicantStageLog(models.Model):
    """One stay of one application in one stage; a stage that was entered twice has two rows.

    Rows are written by create and write of applicants, in batch and in plain SQL, and never by hand.
    Times are UTC, durations are working hours of the company's calendar.
    """
    _name = 'hr.applicant.stage.log'
    _description = "Stage History"
    _order = 'entered_datetime desc, id desc'

    applicant_id = fields.Many2one('hr.applicant', string="Application", required=True, index=True, ondelete='cascade')
    job_id = fields.Many2one('hr.job', string="Job Position", ondelete='set null')
    department_id = fields.Many2one('hr.department', ondelete='set null')
    company_id = fields.Many2one('res.company', ondelete='cascade')
    user_id = fields.Many2one('res.users', string="Recruiter", ondelete='set null')
    stage_id = fields.Many2one('hr.recruitment.stage', ondelete='set null')
    entered_datetime = fields.Datetime(string="Entered", required=True)
    left_datetime = fields.Datetime(string="Left")
    working_hours = fields.Float(digits=(16, 2), aggregator='avg')
    outcome = fields.Selection(OUTCOMES, required=True, default='current')

    _one_current = models.UniqueIndex("(applicant_id) WHERE outcome = 'current'")

    @api.model
    def _backfill_at_install(self):
        """Stays of applications that are there already, from what stock Odoo tracked."""
