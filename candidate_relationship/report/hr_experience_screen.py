"""What the Experience screen and the printed report show: figures of `hr.experience.report` and its likes."""

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, get_lang

from ..models.hr_experience_publish import MANAGER

QUARTERS_SHOWN = 8
THEMES_SHOWN = 8
COMMENTS_PAGE = 20
FIGURES = ('nps', 'nps_low', 'nps_high', 'response_rate')
COUNTS = ('answers', 'promoters', 'passives', 'detractors', 'invited', 'answers_invited')
SPEC = [*(f'{name}:avg' for name in FIGURES), *(f'{name}:sum' for name in COUNTS)]


class HrExperienceReport(models.Model):
    _inherit = 'hr.experience.report'

    @api.model
    def get_experience(self, department_id=False, quarter=False, offset=0):
        """All of the screen. Of several companies that are chosen together it shows all.

        :param quarter: its first day; else all quarters
        :param offset: of the comments
        :raise AccessError: for whoever may not read the figures
        """
        self.check_access('read')
        quarter = fields.Date.to_date(quarter)
        domain = self._get_experience_domain(department_id, quarter)
        return {
            **self._get_experience_content(domain, quarter),
            **self._get_experience_filters(),
            'comments': self._get_comments(department_id, quarter, offset),
            'state': self._get_experience_state(),
        }

    @api.model
    def get_experience_comments(self, department_id=False, quarter=False, offset=0):
        self.check_access('read')
        return self._get_comments(department_id, fields.Date.to_date(quarter), offset)

    @api.model
    def action_print_experience(self, department_id=False, quarter=False):
        """Print what the screen shows; which quarter is asked for first, if it shows all."""
        self.check_access('read')
        if quarter:
            wizards = self.env['hr.experience.report.wizard']
            return wizards.create({'department_id': department_id, 'quarter': quarter}).action_print()
        return {
            **self.env['ir.actions.actions']._for_xml_id('candidate_relationship.hr_experience_report_wizard_action'),
            'context': {'default_department_id': department_id},
        }

    @api.model
    def _get_experience_content(self, domain, quarter):
        figures = self._get_figures(domain)
        return {
            'figures': figures[0] if figures else False,
            'periods': self._get_periods(domain, 'month' if quarter else 'quarter'),
            'slices': self._get_slices(domain),
            'statements': self._get_statements(domain),
            'themes': self._get_themes(domain),
        }

    @api.model
    def _get_experience_state(self):
        """How many answers wait is told to nobody: only whether it is enough."""
        company = self.env.company
        return {
            'enough': self.env['hr.experience.batch'].sudo()._has_enough_waiting(company),
            'can_publish': self.env.user.has_group(MANAGER),
        }

    # ------------------------------------------------------------------
    # What is looked at
    # ------------------------------------------------------------------

    @api.model
    def _get_experience_domain(self, department_id, quarter):
        domain = Domain('company_id', 'in', self.env.companies.ids)
        if department_id:
            domain &= Domain('department_id', '=', department_id)
        if quarter:
            domain &= Domain('month', '>=', quarter) & Domain('month', '<', quarter + relativedelta(months=3))
        return domain

    @api.model
    def _get_experience_filters(self):
        domain = self._get_experience_domain(False, False)
        departments = self._read_group(domain & Domain('department_id', '!=', False), ['department_id'])
        quarters = self._read_group(domain, ['month:quarter'], order='month:quarter desc')
        return {
            'departments': sorted(
                ({'id': department.id, 'name': department.sudo().display_name} for department, in departments),
                key=lambda row: row['name']),
            'quarters': [{'value': fields.Date.to_string(day), 'label': self._format_period(day, 'quarter')}
                         for day, in quarters],
        }

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    @api.model
    def _get_figures(self, domain, groupby=None, order=None):
        """:return: a dict for each group, of `group` and the figures; empty where there are no answers"""
        rows = self._read_group(domain, [groupby] if groupby else [], SPEC, order=order)
        found = [dict(zip(('group', *FIGURES, *COUNTS), row if groupby else (False, *row), strict=True))
                 for row in rows]
        return [row for row in found if row['answers']]

    @api.model
    def _get_periods(self, domain, unit):
        """The latest quarters or months; the oldest first."""
        rows = self._get_figures(domain, f'month:{unit}', f'month:{unit}')[-QUARTERS_SHOWN:]
        return [{**row, 'group': fields.Date.to_string(row['group']),
                 'label': self._format_period(row['group'], unit)} for row in rows]

    @api.model
    def _get_slices(self, domain):
        """By department, the best first; several or unknown ones last."""
        rows = [{**row, 'group': row['group'].id, 'label': row['group'].sudo().display_name
                 or self.env._("Several departments")} for row in self._get_figures(domain, 'department_id')]
        return sorted(rows, key=lambda row: (not row['group'], -row['nps'], row['label']))

    @api.model
    def _get_statements(self, domain):
        """Those that go with the recommendation most first."""
        rows = self.env['hr.experience.statement.report']._read_group(
            domain, ['statement'], ['average:avg', 'effect:avg', 'answers:sum', 'sequence:min'])
        found = [dict(zip(('label', 'average', 'effect', 'answers', 'sequence'), row, strict=True)) for row in rows]
        return sorted(
            found, key=lambda row: (row['effect'] is False, -row['effect'], row['sequence']))

    @api.model
    def _get_themes(self, domain):
        """What detractors name, the most frequent first; none where there are too few of them."""
        rows = self.env['hr.experience.theme.report']._read_group(
            domain, ['theme'], ['share:avg', 'named:sum', 'detractors:sum'])
        found = [dict(zip(('label', 'share', 'named', 'detractors'), row, strict=True)) for row in rows if row[2]]
        return sorted(found, key=lambda row: (-row['share'], row['label']))[:THEMES_SHOWN]

    @api.model
    def _get_least_answers(self, domain):
        """Of how many answers, at least, each of these figures is."""
        blocks = self.env['hr.experience.block'].sudo()._search(domain)
        rows = self.env['hr.experience.batch'].sudo()._read_group(
            [('block_ids', 'in', blocks)], [], ['threshold:min'])
        return rows[0][0]

    # ------------------------------------------------------------------
    # Comments
    # ------------------------------------------------------------------

    @api.model
    def _get_comments(self, department_id, quarter, offset):
        """A page of published ones, the latest month first; within it their order is by chance."""
        domain = self._get_experience_domain(department_id, quarter) & Domain('published', '=', True)
        comments = self.env['hr.experience.comment'].sudo()
        rows = comments.search(domain, order='month desc, id', limit=COMMENTS_PAGE, offset=max(0, offset))
        sentiments = dict(comments._fields['sentiment']._description_selection(self.env))
        return {
            'total': comments.search_count(domain), 'offset': max(0, offset), 'limit': COMMENTS_PAGE,
            'rows': [{
                'body': row.body, 'sentiment': row.sentiment,
                'sentiment_label': sentiments.get(row.sentiment), 'month': self._format_period(row.month, 'month'),
                'department': row.department_id.display_name or False} for row in rows]}

    @api.model
    def _format_period(self, day, unit):
        return format_skeleton(
            'yQQQ' if unit == 'quarter' else 'yMMM', day, locale=babel_locale_parse(get_lang(self.env).code))


class HrExperienceBatch(models.Model):
    _inherit = 'hr.experience.batch'

    @api.model
    def action_publish_and_tell(self):
        """The button of the screen.

        :return: words for the user
        :raise AccessError: for whoever is no administrator
        """
        if self.action_publish_now():
            return {'done': True, 'message': self.env._("The answers that waited are in the figures now.")}
        return {'done': False, 'message': self.env._(
            "Too few answers wait: they are published as soon as there are enough.")}
