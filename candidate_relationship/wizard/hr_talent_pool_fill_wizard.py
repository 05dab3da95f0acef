"""Before a pool is filled on demand: who would enter, who would not and why."""

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.client_actions import RELOAD, notify
from ..models.hr_talent_pool_fill import AT_ONCE

SHOWN = 80
KINDS = [('enter', "Enters"), ('link', "Enters (Known)"), ('no_consent', "No Consent"),
         ('no_address', "No Email"), ('taken_out', "Taken Out Before")]


class HrTalentPoolFillWizard(models.TransientModel):
    """The preview is of the moment: filling looks again, with the rights of who presses the button."""
    _name = 'hr.talent.pool.fill.wizard'
    _description = "Fill a Talent Pool"

    pool_id = fields.Many2one('hr.talent.pool', required=True, ondelete='cascade')
    rule_domain = fields.Char(related='pool_id.rule_domain')
    model_name = fields.Char(default='hr.applicant')
    enter_count = fields.Integer(readonly=True)
    inside_count = fields.Integer(readonly=True)
    no_consent_count = fields.Integer(readonly=True)
    no_address_count = fields.Integer(readonly=True)
    taken_out_count = fields.Integer(readonly=True)
    everybody = fields.Boolean(readonly=True)
    confirmed = fields.Boolean(string="Yes, this is meant")
    in_background = fields.Boolean(compute='_compute_in_background')
    at_once = fields.Integer(compute='_compute_in_background')
    shown = fields.Integer(default=SHOWN, readonly=True)
    line_ids = fields.One2many('hr.talent.pool.fill.wizard.line', 'wizard_id', readonly=True)

    @api.depends('enter_count')
    def _compute_in_background(self):
        self.at_once = AT_ONCE
        for wizard in self:
            wizard.in_background = wizard.enter_count > AT_ONCE

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        pool = self.env['hr.talent.pool'].browse(values.get('pool_id'))
        if pool:
            pool.check_access('write')
            values.update(self._prepare_preview(pool))
        return values

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------

    @api.model
    def _prepare_preview(self, pool):
        user = self.env.user
        pool._check_rule(user)
        people = self._sort_people(pool)
        return {
            'enter_count': len(people.enter),
            'inside_count': len(people.inside),
            'no_consent_count': len(people.no_consent),
            'no_address_count': len(people.no_address),
            'taken_out_count': len(people.taken_out),
            'everybody': not pool._is_rule_confirmed(user),
            'line_ids': self._prepare_lines(people),
        }

    @api.model
    def _sort_people(self, pool):
        pool = pool.sudo().with_company(pool.company_id or self.env.company)
        ids = [applicant_id for applicant_id, _partner_id in pool._find_by_rule(self.env.user)]
        return pool._sort_people(pool.env['hr.applicant'].browse(ids)._group_by_person())

    @api.model
    def _prepare_lines(self, people):
        persons = [('link' if person.talents else 'enter', person) for person in people.enter[:SHOWN]]
        for kind in ('no_consent', 'no_address', 'taken_out'):
            persons += [(kind, person) for person in getattr(people, kind)[:SHOWN]]
        pools = self.env['hr.talent.pool'].sudo()
        best = pools._get_best_applications([person for _kind, person in persons])
        # a rule looks into all companies of the user, who may have selected some of them
        seen = set(self.env['hr.applicant'].browse(best)._filtered_access('read')._ids)
        stages = self.env['hr.applicant'].sudo().browse(best)._get_furthest_stages()
        return [Command.create({
            'kind': kind,
            'applicant_id': applicant_id,
            'furthest_stage_id': stages[applicant_id].id if applicant_id in stages else False,
        }) for (kind, _person), applicant_id in zip(persons, best, strict=True) if applicant_id in seen]

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_fill(self):
        self.ensure_one()
        pool, user = self.pool_id, self.env.user
        pool.check_access('write')
        pool._check_rule(user)
        if not pool._is_rule_confirmed(user):
            if not self.confirmed:
                raise UserError(self.env._(
                    "The rule lets in everybody or nearly so. Tick the box if this is meant, or change the rule."))
            pool._confirm_rule()
        if len(self._sort_people(pool).enter) > AT_ONCE:
            pool._fill_later(user)
            return notify(self.env._(
                "More than %s people: the pool is filled in the background. The tab “Runs” shows how far it is.",
                AT_ONCE), RELOAD)
        fill = pool._fill_now(user)
        return notify(self.env._("%s people entered the pool.", fill.entered_count), RELOAD)

    def action_ask(self):
        """Ask those without consent; they enter when they agree."""
        self.ensure_one()
        pool = self.pool_id
        if not pool.has_access('write'):
            raise AccessError(self.env._("You may not change this pool."))
        people = self._sort_people(pool).no_consent
        applicants = self.env['hr.applicant'].browse([person.given_ids[0] for person in people])
        applicants._wish_to_keep(pool)
        return notify(self.env._(
            "%s people are asked whether they want to be kept. They enter the pool when they agree.",
            len(people)), RELOAD)


class HrTalentPoolFillWizardLine(models.TransientModel):
    """Whoever names an application in a line reads of it what they may, not what the server may."""
    _name = 'hr.talent.pool.fill.wizard.line'
    _description = "Person of a Pool's Preview"

    wizard_id = fields.Many2one('hr.talent.pool.fill.wizard', required=True, ondelete='cascade')
    kind = fields.Selection(KINDS, readonly=True)
    applicant_id = fields.Many2one('hr.applicant', readonly=True, ondelete='cascade')
    name = fields.Char(related='applicant_id.partner_name', related_sudo=False, string="Name")
    job_id = fields.Many2one(related='applicant_id.job_id', related_sudo=False)
    applied_on = fields.Datetime(related='applicant_id.create_date', related_sudo=False, string="Applied On")
    outcome = fields.Selection(related='applicant_id.application_status', related_sudo=False, string="Outcome")
    furthest_stage_id = fields.Many2one('hr.recruitment.stage', readonly=True, ondelete='cascade')
