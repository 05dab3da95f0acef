"""Figures of the candidates' experience as they are kept: in blocks that never change once they are made."""

from odoo import fields, models

from .hr_recruitment_stage_experience import STAGE_GROUPS
from .hr_survey_invitation import OUTCOMES

# standard errors on either side, in 95 of 100 cases
DEVIATIONS = 1.96


class HrExperienceBatch(models.Model):
    """Answers that were published together: at least as many as the company's threshold was then.

    A batch is cut into blocks of at least as many answers, and each answer is in exactly one. Whatever
    is shown, exported or asked for by RPC is made of whole blocks, so what two figures differ by, in
    facts or in time, is made of whole blocks as well.

    The answers themselves are deleted when they are published. Figures can't be defined anew for the
    past then; but a copy of the database that is made later holds no single answer of it.

    Blocks stay as they are when the threshold is raised or lowered: it holds for batches from then on.
    To pool older ones would hide what everybody could see before, and tell by the difference what was
    pooled.
    """
    _name = 'hr.experience.batch'
    _description = "Published Experience Answers"
    _inherit = ['hr.experience.sealed']
    _order = 'date desc, id desc'
    _rec_name = 'date'
    # who pressed a button, and at which second, is nobody's business
    _log_access = False

    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    survey_id = fields.Many2one('survey.survey', string="Questionnaire", ondelete='set null')
    date = fields.Date(required=True, help="The latest month of the answers.")
    published_date = fields.Date(required=True)
    invited_until = fields.Date(
        required=True, help="Invitations up to this day are counted in this or an earlier batch.")
    threshold = fields.Integer(required=True)
    answers = fields.Integer(required=True)
    invited = fields.Integer(required=True)
    block_ids = fields.One2many('hr.experience.block', 'batch_id')


class HrExperienceFacts(models.AbstractModel):
    """What answers that are counted together have in common. What is empty is not the same for all, or not known."""
    _name = 'hr.experience.facts'
    _description = "Facts of Experience Answers"
    _inherit = ['hr.experience.sealed']
    _log_access = False

    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    survey_id = fields.Many2one('survey.survey', ondelete='set null')
    month = fields.Date(required=True, help="First day of the month, of the latest one where months were joined.")
    department_id = fields.Many2one('hr.department', ondelete='set null')
    family_id = fields.Many2one('hr.job.family', ondelete='set null')
    stage_group = fields.Selection(STAGE_GROUPS)
    outcome = fields.Selection(OUTCOMES)


class HrExperienceBlock(models.Model):
    """At least threshold answers, counted."""
    _name = 'hr.experience.block'
    _description = "Block of Experience Answers"
    _inherit = ['hr.experience.facts']
    _log_access = False

    batch_id = fields.Many2one('hr.experience.batch', required=True, index=True, ondelete='cascade')
    answers = fields.Integer(required=True)
    promoters = fields.Integer(required=True)
    passives = fields.Integer(required=True)
    detractors = fields.Integer(required=True)
    invited = fields.Integer(required=True, help="Since the figures before.")
    answers_invited = fields.Integer(
        required=True, default=0, help="Answers, if anybody was asked by this database at all.")

    _answers_least = models.Constraint(
        'CHECK (answers >= 5)', "Fewer than 5 answers would tell who gave them.")
    _answers_complete = models.Constraint(
        'CHECK (answers = promoters + passives + detractors)', "Each answer is in exactly one group.")


class HrExperienceBlockStatement(models.Model):
    """Sums of a statement (x) and of the recommendation (y) over the answers of a block.

    Averages and correlations over any blocks follow from them.
    """
    _name = 'hr.experience.block.statement'
    _description = "Statement in a Block of Experience Answers"
    _inherit = ['hr.experience.sealed']
    _log_access = False

    block_id = fields.Many2one('hr.experience.block', required=True, index=True, ondelete='cascade')
    # the label is kept for when the question is deleted
    question_id = fields.Many2one('survey.question', index='btree_not_null', ondelete='set null')
    label = fields.Char(translate=True)
    sequence = fields.Integer()
    answers = fields.Integer(required=True)
    total = fields.Integer(required=True)
    total_squared = fields.Integer(required=True)
    nps_total = fields.Integer(required=True)
    nps_squared = fields.Integer(required=True)
    product = fields.Integer(required=True)
