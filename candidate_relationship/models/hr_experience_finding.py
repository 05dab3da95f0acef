"""What got worse by more than chance explains, told once to whoever is to look into it."""

from collections import Counter, defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date, html_escape
from odoo.tools.misc import formatLang

from .hr_experience_batch import DEVIATIONS

KINDS = [('nps', "NPS Fell"), ('theme', "Theme Doubled")]
QUARTER = relativedelta(months=3)
# A quarter is set beside the one before it that has figures, if it isn't longer ago than a year.
LOOK_BACK = relativedelta(years=1)
# A theme that one or two named has doubled by chance.
LEAST_NAMED = 3
OFFICER = 'hr_recruitment.group_hr_recruitment_user'
MANAGER = 'hr_recruitment.group_hr_recruitment_manager'


class HrExperienceFinding(models.Model):
    """A slice (the company or one department) and a quarter that is worse than the one before.

    One row and one activity for each, however often figures join that quarter.
    """
    _name = 'hr.experience.finding'
    _description = "Finding About the Candidates' Experience"
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _order = 'quarter desc, id desc'

    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, ondelete='cascade')
    department_id = fields.Many2one(
        'hr.department', readonly=True, ondelete='cascade', help="Empty: the company as a whole.")
    option_id = fields.Many2one('survey.question.answer', readonly=True, index='btree_not_null', ondelete='cascade')
    theme = fields.Char(readonly=True)
    quarter = fields.Date(required=True, readonly=True, help="First day of the quarter.")
    quarter_before = fields.Date(string="Compared With", required=True, readonly=True)
    value_before = fields.Float(string="Before", readonly=True, digits=(5, 1))
    value = fields.Float(string="Now", readonly=True, digits=(5, 1))
    noise = fields.Float(readonly=True, digits=(5, 1), help="By how much such a figure moves by chance (95 %).")
    answers_before = fields.Integer(readonly=True)
    answers = fields.Integer(string="Answers Now", readonly=True)

    _once = models.UniqueIndex("(company_id, kind, quarter, COALESCE(department_id, 0), COALESCE(option_id, 0))")

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    @api.model
    def _look_for(self, company):
        """After figures were published: look at the company and its departments.

        :return: what was found
        """
        findings = self.sudo().with_company(company)
        found = findings._find_falls(company) + findings._find_themes(company)
        return findings._tell(company, found)

    @api.model
    def _get_pairs(self, report, company, spec):
        """The latest quarter with figures and the one before it, for the company and each department.

        :param spec: aggregates of the report
        :rtype: list of (department, theme or None, (quarter, figures...), (quarter, figures...))
        """
        is_theme = report == 'hr.experience.theme.report'
        # not by option: a questionnaire that was duplicated has others of the same words
        groupby = ['month:quarter'] + (['theme'] if is_theme else [])
        domain, slices = [('company_id', '=', company.id)], defaultdict(list)
        report = self.env[report]
        for by in ([], ['department_id']):
            only = domain + ([('department_id', '!=', False)] if by else [])
            for row in report._read_group(only, groupby + by, spec):
                quarter, theme = row[0], row[1] if is_theme else None
                department = row[len(groupby)] if by else self.env['hr.department']
                slices[department, theme].append((quarter, *row[len(groupby + by):]))
        return list(self._get_latest_pairs(slices))

    @api.model
    def _get_latest_pairs(self, slices):
        latest = max((rows[-1][0] for rows in map(sorted, slices.values())), default=None)
        for (department, theme), rows in slices.items():
            rows = sorted(rows)
            if len(rows) > 1 and rows[-1][0] == latest and rows[-2][0] >= latest - LOOK_BACK:
                yield department, theme, rows[-1], rows[-2]

    @api.model
    def _find_falls(self, company):
        """Falls of the NPS by more than 1.96 standard errors of the difference."""
        spec = ['nps:avg', 'answers:sum', 'promoters:sum', 'detractors:sum']
        found, options = [], self.env['survey.question.answer']
        for department, _theme, now, before in self._get_pairs('hr.experience.report', company, spec):
            noise = self._get_noise(now, before)
            if before[1] - now[1] > noise and min(now[2], before[2]) >= company.experience_threshold:
                found.append(self._prepare('nps', department, options, now, before, noise, now[2], before[2]))
        return found

    @api.model
    def _get_noise(self, now, before):
        """1.96 standard errors of the difference, with the three more answers of the report's intervals."""
        errors = []
        for _quarter, _nps, answers, promoters, detractors in (now, before):
            share = (promoters - detractors) / (answers + 3)
            errors.append(((promoters + detractors + 1.5) / (answers + 3) - share ** 2) / (answers + 3))
        return 100 * DEVIATIONS * sum(errors) ** 0.5

    @api.model
    def _find_themes(self, company):
        """Themes whose share among the detractors has doubled, with enough of them behind both.

        Only where all detractors who could name the theme in both quarters are counted, and nobody else: what
        waited for others from earlier quarters would be taken for news.
        """
        found, themes, detractors = [], self._get_wordings(company), self._get_detractors(company)
        spec = ['share:avg', 'named:sum', 'detractors:sum']
        for department, theme, now, before in self._get_pairs('hr.experience.theme.report', company, spec):
            enough = min(now[3], before[3]) >= company.experience_threshold and now[2] >= LEAST_NAMED
            option, surveys = themes.get(theme, (None, ()))
            enough &= all(sum(detractors[department, row[0], survey] for survey in surveys) == row[3]
                          for row in (now, before))
            if option and enough and now[1] >= 2 * before[1]:
                found.append(self._prepare('theme', department, option, now, before, 0, now[3], before[3]))
        return found

    @api.model
    def _get_detractors(self, company):
        """:return: how many there were, by department (none: the company as a whole), quarter and questionnaire"""
        rows, found = self.env['hr.experience.report']._read_group(
            [('company_id', '=', company.id)], ['department_id', 'month:quarter', 'survey_id'], ['detractors:sum'],
        ), Counter()
        for department, quarter, survey, number in rows:
            for part in {department, self.env['hr.department']}:
                found[part, quarter, survey] += number
        return found

    @api.model
    def _get_wordings(self, company):
        """The first option of each theme's words, and the questionnaires that have one."""
        rows = self.env['hr.experience.theme.report']._read_group(
            [('company_id', '=', company.id), ('option_id', '!=', False)], ['theme'],
            ['option_id:min', 'survey_id:recordset'])
        return {theme: (self.env['survey.question.answer'].browse(option), surveys) for theme, option, surveys in rows}

    @api.model
    def _prepare(self, kind, department, option, now, before, noise, answers, answers_before):
        return {
            'kind': kind, 'department_id': department.id, 'option_id': option.id, 'quarter': now[0],
            'quarter_before': before[0], 'value': now[1], 'value_before': before[1], 'noise': noise,
            'answers': answers, 'answers_before': answers_before}

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    @api.model
    def _tell(self, company, found):
        """An activity for each that was not told yet."""
        key = ('kind', 'department_id', 'option_id', 'quarter')
        told = {tuple(row[name] or False for name in key)
                for row in self.search_read([('company_id', '=', company.id)], key, load=None)}
        user = self._get_responsible(company)
        env = self.with_context(lang=user.lang or self.env.lang)
        new = [env._prepare_words({**vals, 'company_id': company.id}) for vals in found
               if tuple(vals[name] or False for name in key) not in told]
        findings = env.create([vals for vals, _note in new])
        for finding, (_vals, note) in zip(findings, new, strict=True):
            finding._assign(user, note)
        return findings

    def _assign(self, user, note):
        if user:
            # mails about activities name the record beside the summary
            self.activity_schedule(
                'mail.mail_activity_data_todo', user_id=user.id, summary=self.env._("Find out why"),
                note=html_escape(note))

    @api.model
    def _get_responsible(self, company):
        """Who is set, else the questionnaire's responsible user, else an administrator; somebody who may look at it."""
        survey = self.env.ref('candidate_relationship.experience_survey', raise_if_not_found=False)
        managers = self.env.ref(MANAGER).all_user_ids.filtered(lambda user: company in user.company_ids)
        wanted = [company.experience_user_id, survey.user_id if survey else self.env['res.users'],
                  *managers.sorted('id')]
        usable = (user for user in wanted if user.active and company in user.company_ids
                  and not user._is_superuser() and user.has_group(OFFICER))
        return next(usable, self.env['res.users'])

    @api.model
    def _prepare_words(self, vals):
        """The finding with its name, and the figures in a sentence."""
        department = self.env['hr.department'].browse(vals['department_id'])
        theme = self.env['survey.question.answer'].browse(vals['option_id'] or ()).value
        words = {
            'slice': department.name or self.env['res.company'].browse(vals['company_id']).name,
            'theme': theme, 'quarter': self._format_quarter(vals['quarter']),
            'before': self._format(vals['value_before']), 'now': self._format(vals['value']),
            'quarter_before': self._format_quarter(vals['quarter_before']), 'noise': self._format(vals['noise']),
            'answers': vals['answers'], 'answers_before': vals['answers_before']}
        name, note = (self._get_nps_words(words) if vals['kind'] == 'nps'
                      else self._get_theme_words(words, vals['value_before']))
        return {**vals, 'name': name, 'theme': theme}, note

    @api.model
    def _get_nps_words(self, words):
        return (
            self.env._("%(slice)s: the candidates' NPS fell from %(before)s to %(now)s", **words),
            self.env._(
                "%(quarter_before)s: %(before)s (%(answers_before)s answers). %(quarter)s: %(now)s (%(answers)s"
                " answers). Chance alone moves it by %(noise)s at most, in 95 of 100 cases.", **words))

    @api.model
    def _get_theme_words(self, words, value_before):
        if not value_before:
            return (
                self.env._("%(slice)s: “%(theme)s” is named, which nobody did before", **words),
                self.env._(
                    "Of the candidates who wouldn't recommend us %(now)s %% named it in %(quarter)s (%(answers)s such"
                    " answers), and nobody in %(quarter_before)s (%(answers_before)s).", **words))
        return (
            self.env._("%(slice)s: “%(theme)s” is named twice as often", **words),
            self.env._(
                "Of the candidates who wouldn't recommend us %(now)s %% named it in %(quarter)s (%(answers)s such"
                " answers), and %(before)s %% in %(quarter_before)s (%(answers_before)s).", **words))

    @api.model
    def _format(self, value):
        return formatLang(self.env, round(value) + 0, digits=0)

    @api.model
    def _format_quarter(self, day):
        return format_date(self.env, day, date_format='QQQ y')

    def action_open_experience(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.actions']._for_xml_id('candidate_relationship.hr_experience_screen_action'),
            'context': {'department_id': self.department_id.id, 'quarter': fields.Date.to_string(self.quarter)},
        }
