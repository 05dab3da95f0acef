from odoo import models


class MailActivity(models.Model):
    """A call to a candidate that is marked as done is a touch; a cancelled one is not."""
    _inherit = 'mail.activity'

    def _action_done(self, feedback=False, attachment_ids=None):
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        contacts = self.sudo().exists().filtered(
            lambda a: a.res_model == 'hr.applicant' and a.activity_type_id.touch_channel)
        contacts._record_candidate_touches(feedback)
        return res

    def _record_candidate_touches(self, feedback):
        """:param feedback: what was noted when they were marked as done, plain text or ``False``"""
        if not self:
            return
        applicants = self.env['hr.applicant'].browse(self.mapped('res_id'))
        applicants._ensure_candidate_partners()
        self.env['hr.candidate.touch']._record([
            {
                **applicant._prepare_candidate_touch(),
                'channel': activity.activity_type_id.touch_channel,
                'user_id': self.env.uid,
                'summary': activity.summary or activity.activity_type_id.name,
                'note': feedback,
            } for applicant, activity in zip(applicants, self, strict=True)])
