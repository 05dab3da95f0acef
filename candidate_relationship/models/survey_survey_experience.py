"""The questionnaire that asks candidates about their experience, answered on a page of its own."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

EXPERIENCE = 'candidate_experience'
NO_STATISTIC = {
    'answer_count': 0, 'answer_done_count': 0, 'answer_score_avg': 0.0, 'success_count': 0, 'success_ratio': 0}


class SurveySurvey(models.Model):
    """Only the designer is Odoo's: answers of this type never become a ``survey.user_input``, which would name
    the person, the minute and the order.
    """
    _inherit = 'survey.survey'

    survey_type = fields.Selection(
        selection_add=[(EXPERIENCE, "Candidate Experience")], ondelete={EXPERIENCE: 'set default'})

    @api.depends('survey_type')
    @api.depends_context('uid')
    def _compute_allowed_survey_types(self):
        result = super()._compute_allowed_survey_types()
        user = self.env.user
        if user.has_group('hr_recruitment.group_hr_recruitment_manager') or user.has_group('survey.group_survey_user'):
            for survey in self:
                survey.allowed_survey_types = (survey.allowed_survey_types or []) + [EXPERIENCE]
        return result

    @api.depends('survey_type')
    def _compute_survey_statistic(self):
        """Recruitment administrators may not read stock answers, and there are none to count."""
        experience = self._filter_experience()
        experience.update(NO_STATISTIC)
        others = self - experience
        return super(SurveySurvey, others)._compute_survey_statistic() if others else None

    @api.onchange('survey_type')
    def _onchange_survey_type(self):
        result = super()._onchange_survey_type()
        if self.survey_type == EXPERIENCE:
            self.update({
                'access_mode': 'token',
                'certification': False,
                'is_time_limited': False,
                'questions_layout': 'one_page',
                'questions_selection': 'all',
                'scoring_type': 'no_scoring',
                'users_login_required': False,
            })
        return result

    @api.constrains('question_and_page_ids', 'survey_type')
    def _check_experience_questions(self):
        """One save may move the role from one question to another: whoever writes a survey is checked after it."""
        if self.env.context.get('experience_check_later'):
            return
        for survey in self._filter_experience():
            questions = survey.question_and_page_ids.filtered(lambda question: not question.is_page)
            questions._check_experience_kind()
            found = len(questions.filtered(lambda question: question.experience_role == 'nps'))
            if questions and found != 1:
                raise ValidationError(self.env._(
                    "“%(survey)s” needs exactly one NPS question, but has %(count)s. Give one question of type Scale, "
                    "from 0 to 10, the role NPS, and the other scales the role Statement.",
                    survey=survey.title, count=found))

    @api.constrains('survey_type')
    def _check_experience_type(self):
        self.env['survey.user_input']._check_experience_survey_id(self._filter_experience())

    def write(self, vals):
        if 'survey_type' in vals and vals['survey_type'] != EXPERIENCE:
            self._filter_experience()._check_experience_not_asked()
        if 'question_and_page_ids' not in vals or self.env.context.get('experience_check_later'):
            return super().write(vals)
        result = super(SurveySurvey, self.with_context(experience_check_later=True)).write(vals)
        self._check_experience_questions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_experience_answers(self):
        self._check_experience_not_asked()

    # ------------------------------------------------------------
    # ANSWERS: NONE OF ODOO'S OWN WAYS
    # ------------------------------------------------------------

    def _create_answer(self, *args, **kwargs):
        self._check_not_experience()
        return super()._create_answer(*args, **kwargs)

    def action_send_survey(self):
        self._check_not_experience()
        return super().action_send_survey()

    def action_start_survey(self, answer=None):
        self._check_not_experience()
        return super().action_start_survey(answer)

    def action_print_survey(self, answer=None):
        self._check_not_experience()
        return super().action_print_survey(answer)

    def action_result_survey(self):
        self._check_not_experience()
        return super().action_result_survey()

    def action_start_session(self):
        self._check_not_experience()
        return super().action_start_session()

    def action_open_session_manager(self):
        self._check_not_experience()
        return super().action_open_session_manager()

    def action_test_survey(self):
        if self.survey_type != EXPERIENCE:
            return super().action_test_survey()
        return {
            'type': 'ir.actions.act_url',
            'name': self.env._("Test Survey"),
            'target': 'new',
            'url': f'/candidate/experience/preview/{self.id}',
        }

    def _check_not_experience(self):
        if self._filter_experience():
            raise UserError(self.env._(
                "Candidates answer this questionnaire anonymously, on a page of its own. They are asked by the "
                "triggers in Recruitment > Configuration > Experience, and the figures are in Recruitment > "
                "Reporting > Experience."))

    def _check_experience_not_asked(self):
        """By the questionnaire, not by the question: a refusal must not tell what a single candidate has chosen."""
        if asked := self._filter_experience_asked():
            raise UserError(self.env._(
                "Candidates were asked with “%(survey)s” already: its questions and options stay as they are, so that "
                "the answers keep their meaning. Duplicate the questionnaire, change the copy, and choose the copy in "
                "the trigger. You can close this one.", survey=asked[0].title))

    def _is_experience_open(self):
        """Whether its page can be answered."""
        self.ensure_one()
        return self.active and self.survey_type == EXPERIENCE and 'nps' in self.question_ids.mapped('experience_role')

    def _filter_experience(self):
        return self.filtered(lambda survey: survey.survey_type == EXPERIENCE)

    def _filter_experience_asked(self):
        """Those that somebody was asked with, or that have answers.

        Mostly by the invitations, which may be seen: a refusal that comes with the first answer would tell
        when that came.
        """
        uninstalling = self.env.context.get(MODULE_UNINSTALL_FLAG)
        if not self.ids or uninstalling or 'hr.experience.answer' not in self.env:
            return self.browse()
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "SELECT survey_id FROM hr_survey_invitation WHERE survey_id IN %(ids)s AND sent_date IS NOT NULL UNION"
            " SELECT survey_id FROM hr_experience_answer WHERE survey_id IN %(ids)s", ids=tuple(self.ids)))
        return self.browse([survey_id for survey_id, in rows])


class SurveyUserInput(models.Model):
    _inherit = 'survey.user_input'

    @api.constrains('survey_id')
    def _check_survey_type(self):
        self._check_experience_survey_id(self.survey_id._filter_experience())

    @api.model
    def _check_experience_survey_id(self, surveys):
        """Whoever writes an answer, the superuser included: it would name the person."""
        domain = [('survey_id', 'in', surveys.ids)]
        if surveys and self.sudo().with_context(active_test=False).search_count(domain, limit=1):
            raise ValidationError(self.env._(
                "A survey with answers that name the person can't be a candidate experience survey, nor get such "
                "answers. Duplicate the survey and change the type of the copy."))
