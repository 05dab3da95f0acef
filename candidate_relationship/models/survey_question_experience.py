"""What a question means for the figures: marked on the question, not guessed from its title."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .survey_survey_experience import EXPERIENCE

ROLES = [
    ('nps', "NPS"),
    ('statement', "Statement"),
    ('theme', "What Went Wrong"),
    ('comment', "Comment"),
]
KINDS = {'nps': 'scale', 'statement': 'scale', 'theme': 'multiple_choice', 'comment': 'text_box'}
DEFAULTS = {'scale': 'statement', 'multiple_choice': 'theme', 'text_box': 'comment'}
SCALES = {'nps': (0, 10), 'statement': (1, 5)}
# What an answer relies on.
FIXED_FIELDS = ('experience_role', 'question_type', 'survey_id', 'is_page')
WORDS = ('title', 'scale_min_label', 'scale_max_label')


def rewords(record, vals, names):
    """Whether words are changed that could be read; those of languages without a translation may come later."""
    return any(
        name in vals and vals[name] != record[name] and _is_written(record, name, record.env.lang or 'en_US')
        for name in names)


def retranslates(record, name, translations):
    """The same, of translations by language."""
    return any(rewords(record.with_context(lang=lang), {name: words}, [name]) for lang, words in translations.items())


def _is_written(record, name, lang):
    return bool((record._fields[name]._get_stored_translations(record) or {}).get(lang))


class SurveyQuestion(models.Model):
    _inherit = 'survey.question'

    is_experience = fields.Boolean(compute='_compute_is_experience')
    experience_role = fields.Selection(
        ROLES, string="Role", compute='_compute_experience_role', store=True, readonly=False, copy=True,
        help="What the figures take the answers for. NPS: would you recommend us, from 0 to 10, once per "
             "questionnaire. Statement: from 1 to 5. What Went Wrong: the options are the themes. Comment: free text.")

    @api.depends('survey_id.survey_type')
    def _compute_is_experience(self):
        for question in self:
            question.is_experience = question.survey_id.survey_type == EXPERIENCE

    @api.depends('question_type', 'is_page', 'survey_id.survey_type')
    def _compute_experience_role(self):
        for question in self:
            kind = question.survey_id.survey_type == EXPERIENCE and not question.is_page and question.question_type
            if not kind or KINDS.get(question.experience_role) != kind:
                question.experience_role = question._get_default_role(kind)

    def _get_default_role(self, kind):
        """In the form, the first scale of a questionnaire is proposed as the NPS question it needs."""
        survey_id = self.survey_id._origin.id
        if kind == 'scale' and not self._origin and survey_id and not self.search_count(
                [('survey_id', '=', survey_id), ('experience_role', '=', 'nps')], limit=1):
            return 'nps'
        return DEFAULTS.get(kind, False)

    @api.onchange('experience_role')
    def _onchange_experience_role(self):
        if scale := SCALES.get(self.experience_role):
            self.scale_min, self.scale_max = scale

    @api.constrains('experience_role', 'question_type', 'is_page', 'survey_id', 'scale_min', 'scale_max',
                    'triggering_answer_ids')
    def _check_experience_survey(self):
        self.survey_id._check_experience_questions()

    def _check_experience_kind(self):
        for question in self:
            if KINDS.get(question.experience_role) != question.question_type:
                raise ValidationError(self.env._(
                    "“%(question)s” can't be used in a candidate experience survey: choose the type Scale (role NPS "
                    "or Statement), Multiple choice with multiple answers (role What Went Wrong) or Multiple Lines "
                    "Text Box (role Comment).", question=question.title))
            question._check_experience_scale()
            if question.triggering_answer_ids:
                raise ValidationError(self.env._(
                    "“%(question)s”: all questions of a candidate experience survey are on one page. Remove its "
                    "conditional display.", question=question.title))

    def _check_experience_scale(self):
        scale = SCALES.get(self.experience_role)
        if scale and (self.scale_min, self.scale_max) != scale:
            raise ValidationError(self.env._(
                "“%(question)s”: set its scale from %(low)s to %(high)s, which the role %(role)s needs.",
                question=self.title, low=scale[0], high=scale[1], role=dict(
                    self._fields['experience_role']._description_selection(self.env))[self.experience_role]))

    def write(self, vals):
        if changed := self.filtered(lambda question: question._changes_meaning(vals)):
            changed.survey_id._check_experience_not_asked()
        return super().write(vals)

    def unlink(self):
        surveys = self.survey_id
        result = super().unlink()
        surveys.exists()._check_experience_questions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_experience_answers(self):
        self.survey_id._check_experience_not_asked()

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=''):
        if field_name in WORDS and retranslates(self, field_name, translations):
            self.survey_id._check_experience_not_asked()
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    def _changes_meaning(self, vals):
        return any(
            name in vals and self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in FIXED_FIELDS) or rewords(self, vals, WORDS)


class SurveyQuestionAnswer(models.Model):
    _inherit = 'survey.question.answer'

    def write(self, vals):
        if 'question_id' in vals:
            moved = self.filtered(lambda option: option.question_id.id != vals['question_id'])
            moved.question_id.survey_id._check_experience_not_asked()
        reworded = self.filtered(lambda option: rewords(option, vals, ['value']))
        reworded.question_id.survey_id._check_experience_not_asked()
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=''):
        if field_name == 'value' and retranslates(self, field_name, translations):
            self.question_id.survey_id._check_experience_not_asked()
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_experience_answers(self):
        self.question_id.survey_id._check_experience_not_asked()
