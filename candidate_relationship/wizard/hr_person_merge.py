from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from ..models.client_actions import notify

# Odoo merges three contacts at a time: the one that stays, and two more.
SOURCES_AT_A_TIME = 2
AT_MOST = 10
# What the addon itself keeps about a person, whichever company.
LEDGERS = {
    'hr.candidate.touch', 'hr.candidate.consent', 'hr.candidate.erasure', 'hr.talent.pool.wish',
    'hr.talent.pool.fill.entry'}


class HrPersonMerge(models.TransientModel):
    """Two contacts are one human: recruiters join them, whose addresses differ as a rule."""
    _name = 'hr.person.merge'
    _description = "Merge Persons"

    line_ids = fields.One2many('hr.person.merge.line', 'wizard_id', string="Persons")
    partner_ids = fields.Many2many('res.partner', compute='_compute_partner_ids')
    partner_id = fields.Many2one('res.partner', string="Keep", required=True, domain="[('id', 'in', partner_ids)]")
    warning = fields.Text(compute='_compute_warning')

    @api.depends('line_ids.partner_id')
    def _compute_partner_ids(self):
        for wizard in self:
            wizard.partner_ids = wizard.line_ids.partner_id

    @api.depends_context('lang')
    @api.depends('line_ids.partner_id', 'line_ids.selected')
    def _compute_warning(self):
        for wizard in self:
            partners = wizard.line_ids.filtered('selected').partner_id
            # "Giulia  FERRI" is how a form or a mail program writes "Giulia Ferri"
            names = {' '.join((partner.name or '').casefold().split()) for partner in partners}
            wizard.warning = len(names) > 1 and self.env._(
                "The names differ. Make sure that this is the same human: merging can't be undone.")

    # ------------------------------------------------------------------
    # Open
    # ------------------------------------------------------------------

    @api.model
    def _open(self, applicants):
        """For the persons of these applications; of one person, for those who look alike."""
        self._check_officer()
        applicants.check_access('write')
        applicants._ensure_candidate_partners()
        if len(applicants.partner_id) < 2:
            applicants |= self._find_similar(applicants)
        partners = applicants.partner_id
        if len(partners) < 2:
            # an answer to a question, and no mistake of who asks
            return notify(self.env._(
                "There is nobody with the same e-mail address, phone number or LinkedIn profile. "
                "To merge persons who have nothing in common, select both in a list."), kind='info')
        if len(partners) > AT_MOST:
            raise UserError(self.env._("Merge at most %s persons at a time.", AT_MOST))
        wizard = self.create({
            'partner_id': self._propose(applicants).id,
            'line_ids': [(0, 0, {'partner_id': partner.id}) for partner in partners],
        })
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Merge Persons"),
            'res_model': self._name,
            'res_id': wizard.id,
            'view_mode': 'form',
            'target': 'new',
        }

    @api.model
    def _find_similar(self, applicants):
        """Applications that stock Odoo takes for the same person's, in the companies of the user."""
        found = self.env['hr.applicant'].with_context(active_test=False).search(
            applicants._get_similar_applicants_domain() & fields.Domain('candidate_erased', '!=', True))
        found._filtered_access('write')._ensure_candidate_partners()
        return found

    @api.model
    def _propose(self, applicants):
        """Whoever has a talent, then whoever was here most recently."""
        latest = applicants.sorted(lambda a: (bool(a.talent_pool_ids), a.active, a.create_date, a.id))[-1:]
        return latest.partner_id

    @api.model
    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group('hr_recruitment.group_hr_recruitment_user'):
            raise AccessError(self.env._("Only recruiters can merge persons."))

    # ------------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------------

    def action_merge(self):
        self.ensure_one()
        self._check_officer()
        partners = self.line_ids.filtered('selected').partner_id
        if self.partner_id not in partners or len(partners) < 2:
            raise UserError(self.env._("Select the person to keep and at least one more."))
        for partner in partners:
            self._check_person(partner)
        merge = self.env['base.partner.merge.automatic.wizard'].sudo()
        kept = self.partner_id.sudo()
        for ids in split_every(SOURCES_AT_A_TIME, (partners - self.partner_id).ids):
            merge._merge([kept.id, *ids], kept, extra_checks=False)
        return notify(self.env._("Persons merged: %s.", len(partners)), self._open_person(kept))

    def _check_person(self, partner):
        """Only people who applied to a company of the user, and to no other, and who are nothing but candidates."""
        applications = self.env['hr.applicant'].with_context(active_test=False)
        applicants = applications.search([('partner_id', '=', partner.id)], limit=1)
        name = partner.display_name
        if not applicants:
            raise AccessError(self.env._("%s did not apply to a company you work for.", name))
        applicants.check_access('write')
        # merging joins the talents of each company
        everywhere = applications.sudo().search([('partner_id', '=', partner.id)])
        if (partner.sudo().company_id | everywhere.company_id) - self.env.companies:
            raise AccessError(self.env._("%s belongs to another company.", name))
        if self.env.user.has_group('hr_recruitment.group_hr_recruitment_manager'):
            return
        if self._is_colleague(partner):
            raise UserError(self.env._(
                "%s is an employee or a user of Odoo. Ask an administrator of Recruitment to merge them.", name))
        if self._is_more_than_candidate(partner.sudo(), everywhere.company_id):
            raise UserError(self.env._(
                "%s is not only a candidate. Ask an administrator of Recruitment to merge them.", name))

    @api.model
    def _is_colleague(self, partner):
        employees = self.env['hr.employee'].sudo().with_context(active_test=False)
        return bool(partner.sudo().with_context(active_test=False).user_ids) or bool(
            employees.search_count([('work_contact_id', '=', partner.id)], limit=1))

    @api.model
    def _is_more_than_candidate(self, partner, companies):
        """Vendors, customers and their people: whoever applies may become one, and is not the recruiters' then."""
        if partner.is_company or partner.parent_id or partner.bank_ids:
            return True
        erasures = self.env['hr.candidate.erasure'].sudo()
        first, *more = [erasures._collect(partner, company) for company in companies or self.env.company]
        for found in more:
            # what is the person's own in one of the companies is so
            first.update({
                kind: first[kind] | records for kind, records in found.items() if kind not in ('company', 'others')})
        return bool(erasures._get_other_users_of_contact(first).keys() - LEDGERS)

    def _open_person(self, partner):
        applicants = self.env['hr.applicant'].with_context(active_test=False).search([('partner_id', '=', partner.id)])
        talent = applicants.filtered('talent_pool_ids')[:1]
        action = {
            'type': 'ir.actions.act_window',
            'name': self.env._("Applications"),
            'res_model': 'hr.applicant',
            'context': {'active_test': False},
            # the page one comes from may be that of the talent that is gone: it is no place to go back to
            'target': 'main',
        }
        if talent:
            return {**action, 'res_id': talent.id, 'view_mode': 'form', 'views': [(False, 'form')]}
        return {
            **action, 'view_mode': 'list,form', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('partner_id', '=', partner.id)]}


class HrPersonMergeLine(models.TransientModel):
    """One of the persons, side by side with the others."""
    _name = 'hr.person.merge.line'
    _description = "Person to Merge"

    wizard_id = fields.Many2one('hr.person.merge', required=True, ondelete='cascade')
    partner_id = fields.Many2one('res.partner', string="Person", required=True, ondelete='cascade')
    selected = fields.Boolean(string="Merge", default=True)
    name = fields.Char(related='partner_id.name', readonly=True, related_sudo=False)
    email = fields.Char(related='partner_id.email', readonly=True, related_sudo=False)
    phone = fields.Char(related='partner_id.phone', readonly=True, related_sudo=False)
    application_count = fields.Integer(string="Applications", compute='_compute_figures')
    talent_count = fields.Integer(string="In a Pool", compute='_compute_figures')
    touch_count = fields.Integer(string="Touches", compute='_compute_figures')
    consent = fields.Char(compute='_compute_figures')

    @api.depends_context('lang')
    @api.depends('partner_id')
    def _compute_figures(self):
        """As the user may see them: figures of other companies stay out."""
        person = [('partner_id', 'in', self.partner_id.ids)]
        applicants = self.env['hr.applicant'].with_context(active_test=False).search(person).grouped('partner_id')
        touches = dict(self.env['hr.candidate.touch']._read_group(person, ['partner_id'], ['__count']))
        consents = self.env['hr.candidate.consent'].search([*person, ('purpose', '=', 'keep')]).grouped('partner_id')
        states = dict(self.env['hr.candidate.consent']._fields['state']._description_selection(self.env))
        for line in self:
            mine = applicants.get(line.partner_id, self.env['hr.applicant'])
            line.talent_count = len(mine.filtered('talent_pool_ids'))
            line.application_count = len(mine) - line.talent_count
            line.touch_count = touches.get(line.partner_id, 0)
            consent = consents.get(line.partner_id, self.env['hr.candidate.consent'])[:1]
            line.consent = states.get(consent.state, '')
