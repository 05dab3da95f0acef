from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class HrCandidatePreferenceRecord(models.TransientModel):
    """What a person told a recruiter about the mails they want."""
    _name = 'hr.candidate.preference.record'
    _description = "Record Preferences"

    applicant_id = fields.Many2one('hr.applicant', string="Candidate", required=True, ondelete='cascade')
    topic_ids = fields.Many2many('hr.nurture.topic', compute='_compute_topic_ids')
    left_topic_ids = fields.Many2many(
        'hr.nurture.topic', relation='hr_candidate_preference_record_left_rel', string="Not About",
        compute='_compute_left_topic_ids', store=True, readonly=False, domain="[('id', 'in', topic_ids)]")
    frequency_days = fields.Integer(
        string="At Most Once in (Days)", compute='_compute_frequency_days', store=True, readonly=False,
        help="0 is as often as the company's rule allows.")
    paused_until = fields.Date(
        compute='_compute_paused_until', store=True, readonly=False, help="Nothing is sent before this day.")
    note = fields.Char(string="Evidence", help="How you know, e.g. a call and its date.")

    def _get_standing(self):
        applicant = self.applicant_id
        applicant.check_access('read')
        return self.env['hr.candidate.preference']._get_standing(
            applicant.partner_id, applicant._get_candidate_company())

    @api.depends('applicant_id')
    def _compute_topic_ids(self):
        for wizard in self:
            wizard.topic_ids = wizard._get_standing().topics

    # each by itself: whoever creates a wizard with one of them leaves the others as they are

    @api.depends('applicant_id')
    def _compute_left_topic_ids(self):
        for wizard in self:
            wizard.left_topic_ids = wizard._get_standing().left

    @api.depends('applicant_id')
    def _compute_frequency_days(self):
        for wizard in self:
            wizard.frequency_days = wizard._get_standing().frequency

    @api.depends('applicant_id')
    def _compute_paused_until(self):
        for wizard in self:
            wizard.paused_until = wizard._get_standing().paused_until

    def action_record(self):
        self.ensure_one()
        self._check_record()
        applicant = self.applicant_id
        preferences = self.env['hr.candidate.preference']
        company, standing = applicant._get_candidate_company(), self._get_standing()
        row = preferences._get_for(applicant.partner_id, company)
        row.with_user(self.env.user).write({
            'left_topic_ids': [
                *(Command.unlink(topic.id) for topic in standing.topics),
                *(Command.link(topic.id) for topic in self.left_topic_ids)],
            'frequency_days': self.frequency_days,
            'paused_until': self.paused_until,
            'note': self.note,
            'source': 'recruiter',
            'note_user_id': self.env.uid,
        })
        self._post_note()
        return {'type': 'ir.actions.act_window_close'}

    def _check_record(self):
        self.applicant_id.check_access('write')
        if not self.applicant_id.partner_id:
            raise UserError(self.env._("Enter a name and an email address first."))
        if not (self.note or '').strip():
            raise UserError(self.env._("Say how you know: the call, the mail."))
        if not 0 <= self.frequency_days <= 3650:
            raise UserError(self.env._("Enter 0 to 3650 days."))
        if self.topic_ids and self.left_topic_ids == self.topic_ids:
            raise UserError(self.env._("Nothing is left to write about. Use Withdraw instead."))

    def _post_note(self):
        """The history of the wishes, with who recorded them."""
        wishes = self.env['hr.candidate.preference']._describe_wishes(self._get_standing())
        body = Markup("<p>%s<br/>%s</p>") % (
            self.env._("Preferences recorded: %s", wishes or self.env._("as often as the rule")), self.note.strip())
        self.applicant_id.message_post(body=body, subtype_xmlid='mail.mt_note')
