import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_applicant_category import DIMENSIONS
from .tag_names import clean_name, get_name_key

# What a name of the applicant's papers may be a tag of. The first is the dimension of a tag that is made of it.
FITTING = {
    'skill': ('skill', 'other'),
    'job': ('position', 'seniority', 'other'),
    'department': ('industry', 'position', 'other'),
}
# a department is no property of a person: it may remind of a tag but makes none
CREATING = ('skill', 'job')


def _tags_of(dimension, label):
    return fields.Many2many(
        'hr.applicant.category', string=label, compute='_compute_tags_by_dimension',
        search=lambda self, operator, value: self._search_tags_of(dimension, operator, value))


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    tag_skill_ids = _tags_of('skill', "Skill Tags")
    tag_industry_ids = _tags_of('industry', "Industry Tags")
    tag_position_ids = _tags_of('position', "Desired Position Tags")
    tag_seniority_ids = _tags_of('seniority', "Seniority Tags")
    tag_location_ids = _tags_of('location', "Location Tags")
    tag_event_ids = _tags_of('event', "Source Event Tags")
    tag_other_ids = _tags_of('other', "Other Tags")

    @api.depends('categ_ids.dimension')
    def _compute_tags_by_dimension(self):
        # what the columns show, for all of them at once
        self.categ_ids.fetch(['name', 'color', 'dimension'])
        for applicant in self:
            tags = applicant.categ_ids.grouped('dimension')
            for dimension, _label in DIMENSIONS:
                applicant[f'tag_{dimension}_ids'] = tags.get(dimension, self.env['hr.applicant.category'])

    @api.model
    def _search_tags_of(self, dimension, operator, value):
        tags = Domain('dimension', '=', dimension)
        if operator in ('any', 'any!'):
            return Domain('categ_ids', operator, tags & Domain(value))
        if operator != 'in':
            return NotImplemented
        chosen = Domain('categ_ids', 'any', tags & Domain('id', 'in', [tag for tag in value if tag]))
        return chosen | Domain('categ_ids', 'not any', tags) if False in value else chosen

    # ------------------------------------------------------------------
    # Search panel
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def search_panel_select_multi_range(self, field_name, **kwargs):
        """Odoo counts each value of a many2many with a query of its own: here, one for all.

        Only values that are in use are shown, as without counters.
        """
        if self._fields[field_name].type != 'many2many' or not kwargs.get('enable_counters') or kwargs.get('expand'):
            return super().search_panel_select_multi_range(field_name, **kwargs)
        used = self._count_by_value(field_name, kwargs.get('search_domain'))
        answer = super().search_panel_select_multi_range(field_name, **kwargs | {
            'enable_counters': False,
            'expand': True,
            'comodel_domain': Domain(kwargs.get('comodel_domain') or Domain.TRUE) & Domain('id', 'in', list(used)),
        })
        self._add_counters(field_name, answer.get('values', ()), used, kwargs)
        return answer

    @api.model
    def _add_counters(self, field_name, values, used, kwargs):
        """:param used: counts without the panel's own conditions"""
        conditions = Domain(kwargs.get('category_domain') or Domain.TRUE)
        conditions &= Domain(kwargs.get('filter_domain') or Domain.TRUE)
        counted = {repr(Domain.TRUE): used}
        for value in values:
            own = conditions & self._get_group_domain(value.get('group_id'), **kwargs)
            if repr(own) not in counted:
                counted[repr(own)] = self._count_by_value(
                    field_name, Domain(kwargs.get('search_domain') or Domain.TRUE) & own)
            value['__count'] = counted[repr(own)].get(value['id'], 0)

    @api.model
    def _get_group_domain(self, group_id, group_by=None, group_domain=None, **kwargs):
        domains = group_by and group_domain or {}
        # the web client's keys are the values as JSON
        return Domain(domains.get(json.dumps(group_id)) or Domain.TRUE)

    @api.model
    def _count_by_value(self, field_name, domain):
        groups = self._read_group(Domain(domain or Domain.TRUE), [field_name], ['__count'])
        return {value.id: count for value, count in groups if value}

    # ------------------------------------------------------------------
    # Proposed tags
    # ------------------------------------------------------------------

    def _get_proposed_tags(self):
        """{applicant: tags} that exist, fit the applicant's skills, jobs or department, and are not set yet."""
        return {applicant: applicant._leave_out_tagged(tags) for applicant, (tags, _new) in self._match_tags().items()}

    def _get_proposed_new_tags(self):
        """{applicant: [(name, dimension)]}: skills and jobs for which there is no tag yet."""
        return {applicant: new for applicant, (_tags, new) in self._match_tags().items()}

    @api.readonly
    def get_proposed_tags(self):
        """What the form offers: tags that exist, and names that would make one."""
        self.ensure_one()
        tags, new = self._match_tags()[self]
        return {
            'tags': self._leave_out_tagged(tags).read(['display_name', 'dimension', 'color']),
            'new': [{'name': name, 'dimension': dimension} for name, dimension in new],
        }

    def _leave_out_tagged(self, tags):
        """Without what the applicant has, be it in another spelling."""
        keys = set(self.categ_ids.mapped('name_key'))
        return tags.filtered(lambda tag: tag.name_key not in keys)

    def _match_tags(self):
        """{applicant: (tags, [(name, dimension)])}, in as many queries for one as for thousands."""
        sources = self._get_tag_sources()
        names = self._get_names_in_all_languages(sources)
        keys = {record: {get_name_key(name) for name in spellings} for record, spellings in names.items()}
        tags = self.env['hr.applicant.category']._group_by_key(set().union(*keys.values()))
        matches = {}
        for kind, records in self._group_sources(sources).items():
            for record in records:
                matches[kind, record] = self._match_one(kind, record, keys[record], tags)
        return {applicant: self._join_matches(matches, sources[applicant]) for applicant in self}

    @api.model
    def _match_one(self, kind, record, keys, tags):
        """(the tag or none, what to make of the record otherwise)"""
        spellings = self.env['hr.applicant.category'].union(*(tags[key] for key in keys if key in tags))
        fitting = spellings.filtered(lambda tag: tag.dimension in FITTING[kind])
        fitting = fitting.sorted(lambda tag: (FITTING[kind].index(tag.dimension), tag.id))[:1]
        # names are unique over all dimensions: where another one has it, none can be made
        new = [] if spellings or kind not in CREATING else [(clean_name(record.sudo().name), FITTING[kind][0])]
        return fitting, new

    @api.model
    def _join_matches(self, matches, sources):
        """Each name once: a job may be called like a skill."""
        tags, new = self.env['hr.applicant.category'], {}
        for source in sources:
            fitting, names = matches[source]
            tags |= fitting
            for name, dimension in names:
                new.setdefault(get_name_key(name), (name, dimension))
        return tags, list(new.values())

    def _get_tag_sources(self):
        """{applicant: [(kind, record)]}. What a talent wants is seen from their applications."""
        sources = defaultdict(list)
        jobs = self._get_jobs_of_talents()
        for applicant in self:
            sources[applicant] += [('skill', skill) for skill in applicant.skill_ids]
            sources[applicant] += [('job', job) for job in applicant.job_id | jobs[applicant]]
            sources[applicant] += [('department', department) for department in applicant.department_id]
        return sources

    def _get_jobs_of_talents(self):
        applications = self.with_context(active_test=False)._read_group(
            [('pool_applicant_id', 'in', self.filtered('talent_pool_ids').ids), ('job_id', '!=', False)],
            ['pool_applicant_id'], ['job_id:recordset'])
        return defaultdict(self.env['hr.job'].browse, applications)

    @api.model
    def _group_sources(self, sources):
        groups = defaultdict(set)
        for kind, record in set().union(*sources.values()):
            groups[kind].add(record)
        return groups

    @api.model
    def _get_names_in_all_languages(self, sources):
        """{record: names}: a tag is in one language, skills and jobs are in those of the database."""
        names = {}
        for records in self._group_sources(sources).values():
            model = next(iter(records)).browse(record.id for record in records)
            model.flush_model(['name'])
            rows = self.env.execute_query(SQL(
                "SELECT id, name FROM %s WHERE id IN %s", SQL.identifier(model._table), model._ids))
            names.update({model.browse(record): set(spellings.values()) for record, spellings in rows})
        return names

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_set_tags(self):
        return {
            'name': self.env._("Set Tags"),
            'type': 'ir.actions.act_window',
            'res_model': 'hr.applicant.set.tags',
            'view_mode': 'form',
            'target': 'new',
            # not default values: thousands of lines would be sent to the browser and back
            'context': {'active_model': self._name, 'active_ids': self.ids, 'dialog_size': 'medium'},
        }
