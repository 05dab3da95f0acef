"""Who is to be erased, when and why; and what was erased."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

REASONS = [
    ('expired', "Consent expired"),
    ('withdrawn', "Consent withdrawn"),
    ('declined', "Consent declined"),
    ('request', "The person asked for it"),
    ('other', "Other"),
]
# Reasons that a new consent takes away again.
CONSENT_REASONS = ('expired', 'withdrawn', 'declined')
STATES = [
    ('scheduled', "Scheduled"),
    ('blocked', "Blocked"),
    ('done', "Erased"),
    ('cancelled', "Kept"),
]
OPEN_STATES = ('scheduled', 'blocked')
BLOCKS = [
    ('in_process', "An application is still open"),
    ('hired', "Was hired"),
    ('employee', "Is an employee"),
    ('user', "Is a user of Odoo"),
    ('error', "Something went wrong: see the server's log"),
]
COUNTS = {
    'applicants': 'applicant_count',
    'attachments': 'attachment_count',
    'messages': 'message_count',
    'mails': 'mail_count',
    'touches': 'touch_count',
    'consents': 'consent_count',
    'answers': 'answer_count',
}


class HrCandidateErasure(models.Model):
    """Queue and proof: one row for each time a person is to be erased in one company.

    Once it is done, the row holds a random reference and figures, and nothing about the person.
    What belongs to a person is told by ``hr_candidate_erasure_scope.py``, how it is erased by
    ``hr_candidate_erasure_work.py`` and who is queued by ``hr_candidate_erasure_jobs.py``.
    """
    _name = 'hr.candidate.erasure'
    _description = "Candidate Erasure"
    _order = 'scheduled_datetime desc, id desc'
    _rec_name = 'reference'
    _rec_names_search = ['reference', 'partner_id.name', 'partner_id.email']

    reference = fields.Char(required=True, readonly=True, copy=False, default=lambda self: secrets.token_hex(6).upper())
    # empty once the person was erased
    partner_id = fields.Many2one('res.partner', string="Person", index='btree_not_null', ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    reason = fields.Selection(REASONS, required=True, default='other')
    user_id = fields.Many2one('res.users', string="Requested By", ondelete='set null')
    scheduled_datetime = fields.Datetime(string="Erase On", required=True, default=fields.Datetime.now)
    state = fields.Selection(STATES, required=True, default='scheduled')
    block_reason = fields.Selection(BLOCKS, string="Blocked Because")
    keep_reason = fields.Char(string="Why Kept")
    done_datetime = fields.Datetime(string="Erased On")
    partner_erased = fields.Boolean(
        string="Contact Erased",
        help="No: the contact is used elsewhere too, so it was only taken out of the applications.")
    applicant_count = fields.Integer(string="Applications and Talents")
    attachment_count = fields.Integer(string="Files")
    message_count = fields.Integer(string="Messages")
    mail_count = fields.Integer(string="Queued Mails")
    touch_count = fields.Integer(string="Touches")
    consent_count = fields.Integer(string="Consents")
    answer_count = fields.Integer(string="Survey Answers")

    _one_open = models.UniqueIndex(
        "(partner_id, company_id) WHERE state IN ('scheduled', 'blocked')",
        "This person is in the erasure queue already.")
    _due_idx = models.Index("(scheduled_datetime) WHERE state = 'scheduled'")

    @api.depends_context('lang')
    @api.depends('reference', 'partner_id')
    def _compute_display_name(self):
        for erasure in self:
            erasure.display_name = erasure.partner_id.name or erasure.reference

    @api.model
    def _schedule(self, partners, company, reason, when=None):
        """Put people into the queue; who is there already is erased at the earlier of the two moments.

        :param when: naive UTC datetime; now by default
        :return: the open row of each of them, in superuser mode
        """
        self = self.sudo()
        when = when or fields.Datetime.now()
        rows = self.search([
            ('partner_id', 'in', partners.ids), ('company_id', '=', company.id), ('state', 'in', OPEN_STATES)])
        rows.filtered(lambda row: row.scheduled_datetime > when).scheduled_datetime = when
        rows.reason = reason
        rows.user_id = self.env.user
        return rows | self.create([{
            'partner_id': partner.id,
            'company_id': company.id,
            'reason': reason,
            'user_id': self.env.uid,
            'scheduled_datetime': when,
        } for partner in partners - rows.partner_id])

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_erase(self):
        """What would go, and erase it."""
        self._check_manager()
        if any(row.state not in OPEN_STATES for row in self):
            raise UserError(self.env._("Choose people who are still in the queue."))
        return self.env['hr.candidate.erase']._open(erasures=self)

    def action_keep(self):
        """Ask why, then take these people out of the queue."""
        self._check_manager()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Keep This Person"),
            'res_model': 'hr.candidate.keep',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_erasure_ids': self.ids},
        }

    def _keep(self, reason):
        """Take these people out of the queue; a consent that ends later puts them in again."""
        self._check_manager()
        self.check_access('read')
        if any(row.state not in OPEN_STATES for row in self):
            raise UserError(self.env._("Only people who are still in the queue can be kept."))
        self.sudo().write({'state': 'cancelled', 'keep_reason': reason, 'block_reason': False})

    def action_open_person(self):
        """The talent of the person, else the latest application."""
        self.ensure_one()
        applicants = self.env['hr.applicant'].with_context(active_test=False).search(
            Domain('partner_id', '=', self.partner_id.id) & Domain('company_id', '=', self.company_id.id)
            & Domain('partner_id', '!=', False))
        applicant = applicants.filtered('talent_pool_ids')[:1] or applicants.sorted('id')[-1:]
        if not applicant:
            raise UserError(self.env._("There is no application of this person any more."))
        return applicant._get_records_action(context={})

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group('hr_recruitment.group_hr_recruitment_manager'):
            raise UserError(self.env._("Only an administrator of Recruitment can erase people."))
