from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .tag_names import clean_name, get_name_key, split_prefix

DIMENSIONS = [
    ('skill', "Skill"),
    ('industry', "Industry"),
    ('position', "Desired Position"),
    ('seniority', "Seniority"),
    ('location', "Location"),
    ('event', "Source Event"),
    ('other', "Other"),
]
# What people type before a colon, beside the names of the dimensions in the languages of the database.
PREFIXES = {
    'skill': ('skills', '技能'),
    'industry': ('industries', 'sector', '行业'),
    'position': ('job', 'role', '职位', '期望职位'),
    'seniority': ('level', '级别', '资历'),
    'location': ('place', 'city', '地点', '城市'),
    'event': ('source', '活动', '来源'),
    'other': ('其他',),
}


class HrApplicantCategory(models.Model):
    """A nurture tag: says in which respect (its dimension) people with it are alike."""
    _inherit = 'hr.applicant.category'
    _order = 'dimension, name'

    dimension = fields.Selection(
        DIMENSIONS, required=True, default='other', index=True,
        help="What the tag says of a person. Tags are shown, searched and replaced by dimension.")
    # a sum of colours says nothing
    color = fields.Integer(aggregator=None)
    name_key = fields.Char(compute='_compute_name_key', store=True, index=True)
    talent_count = fields.Integer(
        string="Talents", compute='_compute_usage', compute_sudo=False,
        groups='hr_recruitment.group_hr_recruitment_interviewer',
        help="Talents with this tag, the archived ones included.")
    application_count = fields.Integer(
        string="Applications", compute='_compute_usage', compute_sudo=False,
        groups='hr_recruitment.group_hr_recruitment_interviewer',
        help="Applications with this tag, refused and archived ones included.")

    @api.depends('name')
    def _compute_name_key(self):
        for tag in self:
            tag.name_key = get_name_key(tag.name)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_usage(self):
        everything = self._count_by_tag(Domain.TRUE)
        talents = self._count_by_tag(Domain('talent_pool_ids', '!=', False))
        for tag in self:
            tag.talent_count = talents.get(tag.id, 0)
            tag.application_count = everything.get(tag.id, 0) - tag.talent_count

    def _count_by_tag(self, domain):
        """Applicants of the reader by tag, archived ones too: they keep their tags."""
        applicants = self.env['hr.applicant'].with_context(active_test=False)
        groups = applicants._read_group(
            domain & Domain('categ_ids', 'in', self.ids), ['categ_ids'], ['__count'])
        return {tag.id: count for tag, count in groups}

    @api.constrains('name')
    def _check_name_is_new(self):
        """Only what is written now: a database in use may hold spellings of one name already.

        Not while modules are installed: their tags must come in, whatever people have made before.
        """
        if self.env.context.get('install_mode'):
            return
        spellings = self.search([('name_key', 'in', self.mapped('name_key'))]).grouped('name_key')
        for tag in self:
            if other := (spellings[tag.name_key] - tag)[:1]:
                raise ValidationError(self.env._(
                    "There is a tag “%(existing)s” (%(dimension)s) already, which is “%(name)s” in another spelling."
                    " Use it, or choose a name that differs in more than case, spaces and punctuation.",
                    existing=other.name, dimension=other._get_dimension_label(), name=tag.name))

    def _get_dimension_label(self):
        self.ensure_one()
        return dict(self._fields['dimension']._description_selection(self.env))[self.dimension]

    # ------------------------------------------------------------------
    # Names that are typed or imported
    # ------------------------------------------------------------------

    @api.model
    def name_create(self, name):
        """The tag of that name in whichever spelling, else a new one; "skill: Python" says the dimension."""
        dimension, label = self._split_dimension(name)
        tag = self._find_by_name(label)
        if not tag:
            tag = self.create({'name': label, **({'dimension': dimension} if dimension else {})})
        elif dimension and tag.dimension == 'other' and tag.has_access('write'):
            tag.dimension = dimension
        return tag.id, tag.display_name

    @api.model
    @api.readonly
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        """Where the text as it stands finds nothing: other spellings, and names with the dimension before them.

        An import looks for each name with ``=`` and then finds "Python" for "python " too.
        """
        found = super().name_search(name, domain, operator, limit)
        if found or not name or operator not in ('=', 'ilike'):
            return found
        spelled = self._get_spelling_domain(name, operator) & Domain(domain or Domain.TRUE)
        return [(tag.id, tag.display_name) for tag in self.search_fetch(spelled, ['display_name'], limit=limit).sudo()]

    @api.model
    def _get_spelling_domain(self, name, operator):
        dimension, label = self._split_dimension(name)
        domain = Domain('name_key', operator, get_name_key(label))
        # an import takes the tag of that name from whichever dimension, as names are unique over all
        return domain & Domain('dimension', '=', dimension) if dimension and operator == 'ilike' else domain

    @api.model
    def _find_by_name(self, name):
        spellings = self.search([('name_key', '=', get_name_key(name))], order='id')
        return spellings.filtered(lambda tag: tag.name == name)[:1] or spellings[:1]

    @api.model
    def _split_dimension(self, name):
        """(dimension or False, name) of what somebody typed."""
        if self.env.context.get('default_dimension'):
            return False, clean_name(name)
        prefix, label = split_prefix(name)
        dimension = prefix and self._get_prefixes().get(prefix)
        return (dimension, label) if dimension else (False, clean_name(name))

    @api.model
    def _get_prefixes(self):
        prefixes = {word: dimension for dimension, words in PREFIXES.items() for word in words}
        for lang, _name in self.env['res.lang'].get_installed():
            labels = self._fields['dimension']._description_selection(self.with_context(lang=lang).env)
            prefixes.update({get_name_key(label): dimension for dimension, label in labels})
        return prefixes | {dimension: dimension for dimension, _label in DIMENSIONS}

    # ------------------------------------------------------------------
    # Duplicates
    # ------------------------------------------------------------------

    @api.model
    def _find_duplicates(self):
        """Tags with the same name but for its spelling: a list of recordsets of two or more."""
        groups = self._read_group([], ['name_key'], ['id:recordset'], having=[('__count', '>', 1)], order='name_key')
        return [tags for _key, tags in groups]

    def _get_best(self):
        """The tag to keep of several: the most used, then one with a dimension, then the oldest."""
        return self.sorted(lambda tag: (
            -tag.talent_count - tag.application_count, tag.dimension == 'other', tag.id))[:1]

    def _merge_into(self, kept):
        """Let ``kept`` stand wherever these tags do, and delete them.

        :return: number of links that now point to ``kept``
        """
        merged = self - kept
        if not merged:
            return 0
        (merged + kept).check_access('unlink')
        kept._take_dimension_of(merged)
        self.env.flush_all()
        moved = sum(kept._move_links(merged, table, column) for table, column in self._get_references())
        kept._take_external_ids_of(merged)
        self.env.invalidate_all()
        merged._before_merged_away(kept)
        merged.unlink()
        return moved

    def _before_merged_away(self, kept):
        """For what names tags otherwise than by a reference of the database, such as stored domains."""
        self.env['hr.talent.pool']._swap_rule_tags(self, kept)

    def _take_dimension_of(self, merged):
        known = merged.filtered(lambda tag: tag.dimension != 'other')
        if self.dimension == 'other' and known:
            self.dimension = known._get_best().dimension

    def _get_references(self):
        """(table, column) of everything that refers to tags, of whichever module: the database knows."""
        return self.env.execute_query(SQL(
            """
            SELECT referring.relname, attribute.attname
              FROM pg_constraint reference
              JOIN pg_class referring ON referring.oid = reference.conrelid
              JOIN pg_attribute attribute
                ON attribute.attrelid = reference.conrelid AND attribute.attnum = reference.conkey[1]
             WHERE reference.contype = 'f'
               AND reference.confrelid = %s::regclass
               AND array_length(reference.conkey, 1) = 1
             ORDER BY 1, 2
            """, self._table))

    def _move_links(self, merged, table, column):
        """Many2many pairs without making one twice; what a plain column holds is simply replaced."""
        names = {'table': SQL.identifier(table), 'column': SQL.identifier(column)}
        others = self._get_other_columns(table, column)
        if len(others) == 1:
            moved = self._move_pairs(merged, **names, other=SQL.identifier(others[0]))
        else:
            moved = self._move_column(merged, **names)
        return moved

    def _get_other_columns(self, table, column):
        rows = self.env.execute_query(SQL(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname != %s", table, column))
        return [name for name, in rows]

    def _move_pairs(self, merged, table, column, other):
        self.env.cr.execute(SQL(
            """
            INSERT INTO %(table)s (%(other)s, %(column)s)
            SELECT DISTINCT pair.%(other)s, %(kept)s
              FROM %(table)s pair
             WHERE pair.%(column)s IN %(merged)s
               AND NOT EXISTS (
                   SELECT 1 FROM %(table)s kept WHERE kept.%(other)s = pair.%(other)s AND kept.%(column)s = %(kept)s)
            """, table=table, column=column, other=other, kept=self.id, merged=merged._ids))
        moved = self.env.cr.rowcount
        self.env.cr.execute(SQL("DELETE FROM %s WHERE %s IN %s", table, column, merged._ids))
        return moved

    def _move_column(self, merged, table, column):
        self.env.cr.execute(SQL(
            "UPDATE %s SET %s = %s WHERE %s IN %s", table, column, self.id, column, merged._ids))
        return self.env.cr.rowcount

    def _take_external_ids_of(self, merged):
        """Else an update of the module that brought a tag would bring it again."""
        self.env['ir.model.data'].sudo().search([
            ('model', '=', self._name), ('res_id', 'in', merged.ids)]).res_id = self.id

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_talents(self):
        return self._get_usage_action('candidate_relationship.hr_talent_action', [('talent_pool_ids', '!=', False)])

    def action_view_applications(self):
        return self._get_usage_action(
            'hr_recruitment.crm_case_categ0_act_job', [('talent_pool_ids', '=', False)])

    def _get_usage_action(self, xmlid, domain):
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        return action | {
            'name': self.env._("%(action)s: %(tags)s", action=action['name'], tags=", ".join(self.mapped('name'))),
            'path': False,
            'domain': domain + [('categ_ids', 'in', self.ids)],
            'context': {'active_test': False},
        }

    def action_find_duplicates(self):
        return self._get_merge_action(self._find_duplicates())

    def action_merge(self):
        return self._get_merge_action([self])

    def _get_merge_action(self, groups):
        wizard = self.env['hr.applicant.category.merge']._make(groups)
        return {
            'name': self.env._("Merge Tags"),
            'type': 'ir.actions.act_window',
            'res_model': wizard._name,
            'res_id': wizard.id,
            'view_mode': 'form',
            'target': 'new',
        }

    @api.model
    def _group_by_key(self, keys):
        """{name key: tags} of the tags there are."""
        groups = defaultdict(self.browse)
        for tag in self.search([('name_key', 'in', list(keys))]):
            groups[tag.name_key] += tag
        return groups
