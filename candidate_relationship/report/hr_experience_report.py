"""What candidates say: by department, family of jobs, stage, outcome and month. Blocks, and nothing below them."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.hr_experience_batch import DEVIATIONS
from ..models.hr_recruitment_stage_experience import STAGE_GROUPS
from ..models.hr_survey_invitation import OUTCOMES

DIMENSIONS = ('company_id', 'survey_id', 'month', 'department_id', 'family_id', 'stage_group', 'outcome')
COUNTS = ('answers', 'promoters', 'passives', 'detractors', 'invited', 'answers_invited')
BLOCK_DEPENDS = {'hr.experience.block': [*DIMENSIONS, *COUNTS]}


def get_nps_sql(promoters, detractors, answers):
    return SQL("100.0 * (%s - %s) / NULLIF(%s, 0)", promoters, detractors, answers)


def get_bound_sql(promoters, detractors, answers, sign):
    """Bound of the 95 % interval, by the adjusted Wald method: three more answers, that are spread out.

    Without them ten promoters would seem to leave no doubt.
    """
    share = SQL("(%s - %s) / (%s + 3.0)", promoters, detractors, answers)
    extremes = SQL("(%s + %s + 1.5) / (%s + 3.0)", promoters, detractors, answers)
    return SQL(
        "CASE WHEN %(answers)s > 0 THEN GREATEST(-100, LEAST(100, 100.0 * (%(share)s + %(sign)s"
        " * SQRT((%(extremes)s - POWER(%(share)s, 2)) / (%(answers)s + 3.0))))) END",
        answers=answers, share=share, extremes=extremes, sign=sign * DEVIATIONS)


def get_label_sql(current):
    """As it was worded when it was asked; with today's translations, if the wording is still the same."""
    return SQL("CASE WHEN %(now)s->>'en_US' = part.label->>'en_US' THEN %(now)s ELSE part.label END", now=current)


class HrExperienceBlockReport(models.AbstractModel):
    """The facts of a block. Empty ones are those of several groups too small to stand by themselves."""
    _name = 'hr.experience.block.report'
    _description = "Facts of Experience Figures"
    _auto = False
    _order = 'month desc, id desc'
    _rec_name = 'month'

    company_id = fields.Many2one('res.company', readonly=True)
    survey_id = fields.Many2one('survey.survey', string="Questionnaire", readonly=True)
    month = fields.Date(readonly=True)
    department_id = fields.Many2one('hr.department', readonly=True, help="Empty: several, or not known.")
    family_id = fields.Many2one(
        'hr.job.family', string="Job Family", readonly=True, help="Empty: several, or not known.")
    stage_group = fields.Selection(STAGE_GROUPS, readonly=True, help="Empty: several, or not known.")
    outcome = fields.Selection(OUTCOMES, readonly=True, help="Empty: several, or not known.")

    @property
    def _table_query(self) -> SQL:
        columns = SQL(", ").join(
            SQL("%s AS %s", source, SQL.identifier(name)) for name, source in self._get_columns().items())
        return SQL("SELECT %s %s", columns, self._from())

    @api.model
    def _get_columns(self):
        """``SQL`` by name of the field: whoever adds a field adds its column here."""
        return {name: SQL.identifier('block', name) for name in DIMENSIONS}

    @api.model
    def _get_rates(self, get):
        """``SQL`` of what is no sum, by name of the field.

        :param get: ``SQL`` of a count, by its name: of a block, or summed over a group
        """
        return {}

    def _read_group_select(self, aggregate_spec, query):
        """A rate of a group is that of all its answers, not the average of its blocks."""
        name, _colon, aggregator = aggregate_spec.partition(':')
        if aggregator != 'avg' or name not in self._get_rates(SQL.identifier):
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[name], 'read')
        # counts by their columns: those who may read a rate may not read all that it is made of
        return self._get_rates(lambda count: SQL(
            "SUM(%s)", SQL.identifier(self._table, count, to_flush=self._fields[count])))[name]


class HrExperienceReport(models.Model):
    """One row for each block: see `hr.experience.batch`."""
    _name = 'hr.experience.report'
    _inherit = ['hr.experience.block.report']
    _description = "Candidate Experience Analysis"
    _auto = False

    answers = fields.Integer(readonly=True)
    promoters = fields.Integer(string="Promoters (9-10)", readonly=True)
    passives = fields.Integer(string="Passives (7-8)", readonly=True)
    detractors = fields.Integer(string="Detractors (0-6)", readonly=True)
    invited = fields.Integer(readonly=True)
    answers_invited = fields.Integer(string="Answers to Invitations", readonly=True, exportable=False)
    nps = fields.Float(
        string="NPS", readonly=True, digits=(5, 1), aggregator='avg', exportable=False,
        help="Promoters less detractors, as a share of the answers: from -100 to 100.")
    nps_low = fields.Float(
        string="NPS at Least (95 %)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)
    nps_high = fields.Float(
        string="NPS at Most (95 %)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)
    response_rate = fields.Float(
        string="Response Rate (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False,
        help="Answers as a share of the invitations. Empty where more answered than were asked in that time: "
             "they were asked before.")

    _depends = BLOCK_DEPENDS

    @api.model
    def _get_columns(self):
        return {
            'id': SQL("block.id"),
            **super()._get_columns(),
            **{name: SQL.identifier('block', name) for name in COUNTS},
            **self._get_rates(lambda name: SQL.identifier('block', name)),
        }

    @api.model
    def _from(self) -> SQL:
        return SQL("FROM hr_experience_block block")

    @api.model
    def _get_rates(self, get):
        counts = [get(name) for name in ('promoters', 'detractors', 'answers')]
        return {
            'nps': get_nps_sql(*counts),
            'nps_low': get_bound_sql(*counts, -1),
            'nps_high': get_bound_sql(*counts, 1),
            'response_rate': SQL(
                "CASE WHEN %(answers)s <= %(invited)s THEN 100.0 * %(answers)s / NULLIF(%(invited)s, 0) END",
                answers=get('answers_invited'), invited=get('invited')),
        }


class HrExperienceStatementReport(models.Model):
    """One row for each statement of a block."""
    _name = 'hr.experience.statement.report'
    _inherit = ['hr.experience.block.report']
    _description = "Candidate Experience Statements"
    _auto = False

    statement = fields.Char(readonly=True, translate=True)
    sequence = fields.Integer(readonly=True, aggregator='min', exportable=False)
    answers = fields.Integer(readonly=True)
    total = fields.Integer(string="Sum", readonly=True, exportable=False)
    # of one statement less those of another: the scores of whoever answered only one of them
    total_squared = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    nps_total = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    nps_squared = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    product = fields.Integer(readonly=True, groups=fields.NO_ACCESS)
    average = fields.Float(
        readonly=True, digits=(3, 2), aggregator='avg', exportable=False, help="From 1 (not at all) to 5 (fully).")
    effect = fields.Float(
        string="Effect on NPS", readonly=True, digits=(3, 2), aggregator='avg', exportable=False,
        help="Correlation with the recommendation: 1 where who agrees recommends us, 0 where it makes no difference.")

    _depends = {
        **BLOCK_DEPENDS,
        'hr.experience.block.statement': [
            'block_id', 'question_id', 'label', 'sequence', 'answers', 'total', 'total_squared', 'nps_total',
            'nps_squared', 'product'],
        'survey.question': ['title'],
    }

    @api.model
    def _get_columns(self):
        counts = ('answers', 'total', 'total_squared', 'nps_total', 'nps_squared', 'product')
        return {
            'id': SQL("part.id"),
            **super()._get_columns(),
            'statement': get_label_sql(SQL("question.title")),
            'sequence': SQL("COALESCE(question.sequence, part.sequence)"),
            **{name: SQL.identifier('part', name) for name in counts},
            **self._get_rates(lambda name: SQL.identifier('part', name)),
        }

    @api.model
    def _from(self) -> SQL:
        return SQL(
            "FROM hr_experience_block_statement part JOIN hr_experience_block block ON block.id = part.block_id"
            " LEFT JOIN survey_question question ON question.id = part.question_id")

    @api.model
    def _get_rates(self, get):
        x, y, xx, yy, xy, n = (SQL("%s::float", get(name)) for name in (
            'total', 'nps_total', 'total_squared', 'nps_squared', 'product', 'answers'))
        return {
            'average': SQL("%s / NULLIF(%s, 0)", x, n),
            'effect': SQL(
                "(%(n)s * %(xy)s - %(x)s * %(y)s) / NULLIF(SQRT(GREATEST(0, %(n)s * %(xx)s - %(x)s * %(x)s)"
                " * GREATEST(0, %(n)s * %(yy)s - %(y)s * %(y)s)), 0)", x=x, y=y, xx=xx, yy=yy, xy=xy, n=n),
        }


class HrExperienceThemeReport(models.Model):
    """One row for each theme that was to choose from in a block of detractors, also where nobody chose it."""
    _name = 'hr.experience.theme.report'
    _inherit = ['hr.experience.block.report']
    _description = "Candidate Experience Themes"
    _auto = False

    theme = fields.Char(readonly=True, translate=True)
    option_id = fields.Many2one('survey.question.answer', readonly=True, exportable=False)
    named = fields.Integer(string="Named by Detractors", readonly=True)
    detractors = fields.Integer(string="Detractors Asked", readonly=True, exportable=False)
    share = fields.Float(
        string="Share of Detractors (%)", readonly=True, digits=(5, 1), aggregator='avg', exportable=False)

    _depends = {
        'hr.experience.theme.block': [*DIMENSIONS, 'detractors'],
        'hr.experience.block.theme': ['block_id', 'option_id', 'label', 'named'],
        'survey.question.answer': ['value'],
    }

    @api.model
    def _get_columns(self):
        own = {'named': SQL("part.named"), 'detractors': SQL("block.detractors")}
        return {
            'id': SQL("part.id"),
            **super()._get_columns(),
            'theme': get_label_sql(SQL("option.value")),
            'option_id': SQL("part.option_id"),
            **own,
            **self._get_rates(own.get),
        }

    @api.model
    def _from(self) -> SQL:
        return SQL(
            "FROM hr_experience_block_theme part JOIN hr_experience_theme_block block ON block.id = part.block_id"
            " LEFT JOIN survey_question_answer option ON option.id = part.option_id")

    @api.model
    def _get_rates(self, get):
        return {'share': SQL("100.0 * %s / NULLIF(%s, 0)", get('named'), get('detractors'))}
