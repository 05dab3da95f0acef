from odoo import api, models
from odoo.exceptions import AccessError

INVITATION = 'hr.survey.invitation'


class MailTemplate(models.Model):
    _inherit = 'mail.template'

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._check_experience_editor()
        return templates

    def write(self, vals):
        self._check_experience_editor()
        result = super().write(vals)
        self._check_experience_editor()
        return result

    def _check_experience_editor(self):
        """Odoo lets every user write templates; these see the links with which candidates answer."""
        if any(template.model == INVITATION for template in self.sudo()) and not self.env.su \
                and not self.env['hr.survey.trigger'].has_access('write'):
            raise AccessError(self.env._(
                "Only administrators of the recruitment may change the mails of experience surveys: these hold the "
                "links with which candidates answer."))
