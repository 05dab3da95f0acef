from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.client_actions import RELOAD, notify
from ..models.hr_candidate_erasure import BLOCKS, REASONS

AT_MOST = 100
# More people than that are erased in the background.
AT_ONCE = 20
SHOWN_FILES = 30


class HrCandidateErase(models.TransientModel):
    """What would go, what stays, and then do it. There is no way back."""
    _name = 'hr.candidate.erase'
    _description = "Erase Candidates"

    applicant_ids = fields.Many2many('hr.applicant', string="Applications", context={'active_test': False})
    erasure_ids = fields.Many2many('hr.candidate.erasure', string="Queue")
    reason = fields.Selection(REASONS, required=True, default='request')
    person_count = fields.Integer(string="People", compute='_compute_preview')
    blocked_count = fields.Integer(string="Can't Be Erased", compute='_compute_preview')
    preview = fields.Html(compute='_compute_preview', sanitize=False)
    confirmation_word = fields.Char(compute='_compute_confirmation_word')
    confirmation = fields.Char()

    @api.model
    def _open(self, applicants=None, erasures=None):
        """The action that opens this wizard for the persons of applications, or of the queue."""
        if applicants:
            applicants.check_access('write')
            applicants._ensure_candidate_partners()
        wizard = self.create({
            'applicant_ids': applicants and [(6, 0, applicants.ids)],
            'erasure_ids': erasures and [(6, 0, erasures.ids)],
            'reason': erasures[:1].reason if erasures else 'request',
        })
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Erase"),
            'res_model': self._name,
            'res_id': wizard.id,
            'view_mode': 'form',
            'target': 'new',
            'context': {'active_test': False},
        }

    def _get_people(self):
        """Pairs of contact and company, each once.

        What a form sends before it is saved is checked as well: the preview is read in superuser mode.
        """
        self.ensure_one()
        self.applicant_ids._origin.check_access('read')
        self.erasure_ids._origin.check_access('read')
        pairs = [(row.partner_id, row.company_id) for row in self.erasure_ids.sudo() if row.partner_id]
        pairs += [
            (applicant.partner_id, applicant.company_id or self.env.company)
            for applicant in self.applicant_ids.sudo() if applicant.partner_id]
        people = list(dict.fromkeys(pairs))
        if len(people) > AT_MOST:
            raise UserError(self.env._("Choose at most %s people at a time.", AT_MOST))
        return people

    # ------------------------------------------------------------------
    # Dry run
    # ------------------------------------------------------------------

    @api.depends_context('lang')
    def _compute_confirmation_word(self):
        for wizard in self:
            wizard.confirmation_word = self.env._("ERASE")

    @api.depends_context('lang')
    @api.depends('applicant_ids', 'erasure_ids')
    def _compute_preview(self):
        for wizard in self:
            people = [wizard._preview_person(partner, company) for partner, company in wizard._get_people()]
            wizard.person_count = len(people)
            wizard.blocked_count = len([person for person in people if person['block']])
            wizard.preview = self.env['ir.qweb']._render(
                'candidate_relationship.erasure_preview', {'people': people})

    @api.model
    def _preview_person(self, partner, company):
        """What the template shows of one person."""
        erasure = self.env['hr.candidate.erasure'].sudo()
        block = erasure._get_block(partner, company)
        person = {
            'name': partner.name or partner.email or '',
            'email': partner.email or '',
            'company': company.name,
            'block': block and dict(self._get_labels(BLOCKS, 'block_reason'))[block],
        }
        if not block:
            found = erasure._collect(partner, company)
            person.update(
                goes=self._describe_goes(found), stays=self._describe_stays(found),
                files=found['attachments'].filtered(lambda file: not file.res_field)[:SHOWN_FILES].mapped('name'),
                more_files=max(0, len(found['attachments']) - SHOWN_FILES))
        return person

    @api.model
    def _get_labels(self, _selection, name):
        return self.env['hr.candidate.erasure']._fields[name]._description_selection(self.env)

    @api.model
    def _describe_goes(self, found):
        """Label and number of each kind that is there."""
        lines = [
            (self.env._("Applications: name, address, phone, notes, salary, answers to their questions"),
             found['applicants'] - found['talents']),
            (self.env._("Talents: the same, and they leave their pools"), found['talents']),
            (self.env._("Files, with their content"), found['attachments']),
            (self.env._("Messages and notes: all words, sender and recipients"), found['messages']),
            (self.env._("Mails that wait to be sent: they are not sent"), found['mails']),
            (self.env._("Letters that are planned"), found['planned']),
            (self.env._("Activities"), found['activities']),
            (self.env._("Interviews: name, description and guest"), found['events']),
            (self.env._("Survey answers: words, dates and numbers"), found['answers']),
            (self.env._("Touches: person and words"), found['touches']),
            (self.env._("Consents: person and evidence"), found['consents']),
            (self.env._("Traces of mailings: address"), found['traces']),
            (self.env._("The contact"), found['partner']),
        ]
        return [(label, len(records)) for label, records in lines if records]

    @api.model
    def _describe_stays(self, found):
        """What stays, and why."""
        partner = found['person']
        lines = [self.env._(
            "For the figures of reports: job, stages, dates, source, outcome, tags and skills, without a name.")]
        if found['others']:
            lines.append(self.env._(
                "The contact, as it is used elsewhere in Odoo (%s). It is only taken out of the applications.",
                ", ".join(self._name_others(found['others']))))
        if partner.is_blacklisted:
            lines.append(self.env._("The address on the blacklist, so that nobody writes to it."))
        if partner.email_normalized and self.env['mailing.contact'].sudo().search_count(
                [('email_normalized', '=', partner.email_normalized)], limit=1):
            lines.append(self.env._("The subscription to mailing lists, which has nothing to do with applying."))
        return lines

    @api.model
    def _name_others(self, others):
        """Models in words; what other companies know of the person is not told."""
        names = {
            self.env['ir.model']._get(model).name or model for model in others
            if not model.startswith('hr.') and model in self.env and self.env[model].has_access('read')}
        return sorted(names) or [self.env._("by others")]

    # ------------------------------------------------------------------
    # Do it
    # ------------------------------------------------------------------

    def action_erase(self):
        self.env['hr.candidate.erasure']._check_manager()
        if (self.confirmation or '').strip().upper() != self.confirmation_word.upper():
            raise UserError(self.env._("Type %s to confirm. There is no way back.", self.confirmation_word))
        self.applicant_ids.check_access('write')
        self.erasure_ids.check_access('read')
        rows = self._schedule()
        if not rows:
            raise UserError(self.env._("Nobody can be erased: the list says why."))
        if len(rows) > AT_ONCE:
            self.env.ref('candidate_relationship.ir_cron_candidate_erase').sudo()._trigger()
            return notify(self.env._("People being erased in the background: %s.", len(rows)), RELOAD)
        for row in rows:
            row._execute()
        return notify(self.env._("People erased: %s.", len(rows)), RELOAD)

    def _schedule(self):
        """Due rows of the queue for all who may be erased."""
        erasures = self.env['hr.candidate.erasure']
        rows = erasures.sudo()
        for partner, company in self._get_people():
            if not erasures._get_block(partner, company):
                rows |= erasures._schedule(partner, company, self.reason)
        rows.write({'state': 'scheduled', 'block_reason': False})
        return rows
