from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL


class HrApplicantSetTags(models.TransientModel):
    """Tags of many applicants or talents at once. Whom it is for is in the context (``active_ids``)."""
    _name = 'hr.applicant.set.tags'
    _description = "Set Tags of Many Candidates"

    operation = fields.Selection([
        ('add', "Add tags"),
        ('remove', "Remove tags"),
        ('replace', "Replace the tags of a dimension"),
        ('propose', "Add the proposed tags"),
    ], string="What To Do", required=True, default='add')
    tag_ids = fields.Many2many('hr.applicant.category', string="Tags")
    with_new = fields.Boolean(
        string="Make Missing Tags", help="Skills and jobs for which there is no tag yet become one.")
    record_count = fields.Integer(compute='_compute_record_count')
    replaced_dimensions = fields.Char(compute='_compute_replaced_dimensions')
    changes = fields.Json(help="What was added and removed, by tag, to take it back.")

    @api.depends_context('active_ids')
    def _compute_record_count(self):
        for wizard in self:
            wizard.record_count = len(self.env.context.get('active_ids') or ())

    @api.depends('tag_ids')
    def _compute_replaced_dimensions(self):
        for wizard in self:
            labels = {tag._get_dimension_label() for tag in wizard.tag_ids}
            wizard.replaced_dimensions = ", ".join(sorted(labels))

    def action_apply(self):
        self.ensure_one()
        applicants = self._get_applicants()
        before = self._get_pairs(applicants)
        getattr(self, f'_{self.operation}')(applicants)
        self._note_changes(before, self._get_pairs(applicants))
        return self._get_done_action()

    def action_undo(self):
        """Exactly the pairs that were changed; whom the user may not write any more is refused as ever."""
        self.ensure_one()
        changes, self.changes = self.changes or {}, False
        for command, kind in ((Command.unlink, 'added'), (Command.link, 'removed')):
            for tag, applicants in changes.get(kind, {}).items():
                if self.env['hr.applicant.category'].browse(int(tag)).exists():
                    self._write(self.env['hr.applicant'].browse(applicants).exists(), [command(int(tag))])

    def _get_applicants(self):
        if self.env.context.get('active_model', 'hr.applicant') != 'hr.applicant':
            raise UserError(self.env._("Tags are set of applications and talents only."))
        applicants = self.env['hr.applicant'].browse(self.env.context.get('active_ids') or ()).exists()
        if not applicants:
            raise UserError(self.env._("Choose the applications or talents first."))
        if self.operation != 'propose' and not self.tag_ids:
            raise UserError(self.env._("Choose at least one tag."))
        applicants.check_access('write')
        return applicants

    # ------------------------------------------------------------------
    # Operations: one write for all who get the same
    # ------------------------------------------------------------------

    def _add(self, applicants):
        self._write(applicants, [Command.link(tag.id) for tag in self.tag_ids])

    def _remove(self, applicants):
        self._write(applicants, [Command.unlink(tag.id) for tag in self.tag_ids])

    def _replace(self, applicants):
        others = self.env['hr.applicant.category'].search(
            Domain('dimension', 'in', self.tag_ids.mapped('dimension')) & Domain('id', 'not in', self.tag_ids.ids))
        unused = others - applicants.categ_ids
        commands = [Command.unlink(tag.id) for tag in others - unused]
        self._write(applicants, commands + [Command.link(tag.id) for tag in self.tag_ids])

    def _propose(self, applicants):
        proposed = applicants._get_proposed_tags()
        if self.with_new:
            for applicant, tags in self._make_new_tags(applicants).items():
                proposed[applicant] |= tags
        alike = defaultdict(self.env['hr.applicant'].browse)
        for applicant, tags in proposed.items():
            alike[frozenset(tags.ids)] += applicant
        for tags, group in alike.items():
            self._write(group, [Command.link(tag) for tag in tags])

    def _make_new_tags(self, applicants):
        names = applicants._get_proposed_new_tags()
        made = {}
        for name, dimension in sorted(set().union(*names.values())):
            tag, _name = self.env['hr.applicant.category'].with_context(default_dimension=dimension).name_create(name)
            made[name, dimension] = self.env['hr.applicant.category'].browse(tag)
        return {
            applicant: self.env['hr.applicant.category'].union(*(made[new] for new in news))
            for applicant, news in names.items()}

    @api.model
    def _write(self, applicants, commands):
        if applicants and commands:
            applicants.write({'categ_ids': commands})

    # ------------------------------------------------------------------
    # What was changed
    # ------------------------------------------------------------------

    @api.model
    def _get_pairs(self, applicants):
        field = applicants._fields['categ_ids']
        applicants.flush_recordset(['categ_ids'])
        return set(self.env.execute_query(SQL(
            "SELECT %(tag)s, %(applicant)s FROM %(table)s WHERE %(applicant)s = ANY(%(ids)s)",
            tag=SQL.identifier(field.column2), applicant=SQL.identifier(field.column1),
            table=SQL.identifier(field.relation), ids=applicants.ids)))

    def _note_changes(self, before, after):
        self.changes = {'added': self._group_by_tag(after - before), 'removed': self._group_by_tag(before - after)}

    @api.model
    def _group_by_tag(self, pairs):
        groups = defaultdict(list)
        for tag, applicant in sorted(pairs):
            groups[str(tag)].append(applicant)
        return groups

    def _get_done_action(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'candidate_relationship.tags_set',
            'params': {'message': self._get_summary(), 'wizard_id': any(self.changes.values()) and self.id},
        }

    def _get_summary(self):
        added, removed = (
            {applicant for ids in self.changes[kind].values() for applicant in ids} for kind in ('added', 'removed'))
        if not added | removed:
            return self.env._("Nothing to change: the tags were as you want them.")
        return self.env._(
            "Tags changed on %(count)s of %(total)s: added on %(added)s, removed on %(removed)s.",
            count=len(added | removed), total=self.record_count, added=len(added), removed=len(removed))
