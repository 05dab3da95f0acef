from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.client_actions import RELOAD, notify


class HrApplicantCategoryMerge(models.TransientModel):
    _name = 'hr.applicant.category.merge'
    _description = "Merge Tags"

    line_ids = fields.One2many('hr.applicant.category.merge.line', 'wizard_id', string="Tags To Merge")

    @api.model
    def _make(self, groups):
        """A wizard that proposes to merge each of these groups of tags."""
        return self.create({'line_ids': [
            Command.create({'tag_ids': [Command.set(tags.ids)], 'kept_id': tags._get_best().id}) for tags in groups]})

    def action_merge(self):
        self.ensure_one()
        chosen = [(line.kept_id, line.tag_ids | line.kept_id) for line in self.line_ids if line.selected]
        chosen = [(kept, tags) for kept, tags in chosen if len(tags) > 1]
        if not chosen:
            raise UserError(self.env._("Choose at least two tags to merge."))
        self._check_apart(chosen)
        # the proposals refer to the tags too, and are no longer needed
        self.line_ids.unlink()
        links = sum(tags._merge_into(kept) for kept, tags in chosen)
        return self._get_done_action(sum(len(tags) - 1 for _kept, tags in chosen), len(chosen), links)

    def _check_apart(self, chosen):
        """A tag that two lines merge can't end in both."""
        seen = self.env['hr.applicant.category']
        for _kept, tags in chosen:
            if twice := seen & tags:
                raise UserError(self.env._(
                    "“%(tag)s” stands in two lines. Leave it in one of them.", tag=twice[0].name))
            seen |= tags

    def _get_done_action(self, merged, kept, links):
        # an open list still shows the tags that are gone
        return notify(self.env._(
            "%(merged)s tags merged into %(kept)s: %(links)s links moved.",
            merged=merged, kept=kept, links=links), RELOAD)


class HrApplicantCategoryMergeLine(models.TransientModel):
    _name = 'hr.applicant.category.merge.line'
    _description = "Tags That Become One"

    wizard_id = fields.Many2one('hr.applicant.category.merge', required=True, ondelete='cascade')
    selected = fields.Boolean(string="Merge", default=True)
    tag_ids = fields.Many2many('hr.applicant.category', 'hr_applicant_category_merge_tags', string="Tags")
    kept_id = fields.Many2one(
        'hr.applicant.category', string="Keep", required=True, ondelete='cascade', domain="[('id', 'in', tag_ids)]")
    usage = fields.Char(string="Used By", compute='_compute_usage')

    @api.depends('tag_ids')
    def _compute_usage(self):
        for line in self:
            line.usage = ", ".join(
                self.env._("%(tag)s: %(count)s", tag=tag.name, count=tag.talent_count + tag.application_count)
                for tag in line.tag_ids)
