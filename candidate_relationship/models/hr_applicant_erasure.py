"""Erasing, exporting and merging the person of an application."""

from odoo import fields, models
from odoo.exceptions import UserError


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    candidate_erased = fields.Boolean(
        string="Erased", readonly=True, copy=False, index='btree_not_null',
        help="The data of this person was erased; the row stays so that figures stay right.")

    def write(self, vals):
        if vals.get('active') and any(applicant.candidate_erased for applicant in self.sudo()):
            raise UserError(self.env._("This person was erased: there is nothing to restore."))
        return super().write(vals)

    def action_candidate_erase(self):
        """What would go, and erase it."""
        self.env['hr.candidate.erasure']._check_manager()
        self._check_not_erased()
        return self.env['hr.candidate.erase']._open(applicants=self)

    def action_candidate_export(self):
        """Everything that is held about the person, as one file."""
        self.ensure_one()
        self._check_not_erased()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/candidate_relationship/export/{self.id}',
            'target': 'download',
        }

    def action_candidate_merge(self):
        """Join the persons of these applications; of one application, those who look like the same human."""
        self._check_not_erased()
        return self.env['hr.person.merge']._open(self)

    def _check_not_erased(self):
        if any(self.sudo().mapped('candidate_erased')):
            raise UserError(self.env._("This person was erased: there is nothing left."))
