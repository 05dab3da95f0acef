"""Odoo's own pages of a survey, closed for the questionnaires that candidates answer anonymously."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.survey.controllers.main import Survey
from odoo.addons.survey.controllers.survey_session_manage import UserInputSession


class ExperienceSurvey(Survey):
    """These pages keep who answered, when and from which browser; and show answers one by one."""

    def _check_validity(self, survey_sudo, *args, **kwargs):
        """All pages with the token of a survey ask this first: such a survey is as good as none."""
        if survey_sudo._filter_experience():
            return 'survey_wrong'
        return super()._check_validity(survey_sudo, *args, **kwargs)

    @http.route()
    def survey_test(self, survey_token, **kwargs):
        survey_sudo, _answer = self._fetch_from_access_token(survey_token, False)
        if survey_sudo._filter_experience():
            return request.redirect(survey_sudo.action_test_survey()['url'])
        return super().survey_test(survey_token, **kwargs)

    @http.route()
    def survey_report(self, survey, answer_token=None, **post):
        self._check_stock(survey)
        return super().survey_report(survey, answer_token=answer_token, **post)

    @http.route()
    def show_certification_pdf(self, survey, **kwargs):
        self._check_stock(survey)
        return super().show_certification_pdf(survey, **kwargs)

    @http.route()
    def survey_get_certification_preview(self, survey, **kwargs):
        self._check_stock(survey)
        return super().survey_get_certification_preview(survey, **kwargs)

    def _check_stock(self, survey):
        if survey.sudo()._filter_experience():
            raise NotFound()


class ExperienceSession(UserInputSession):

    def _fetch_from_token(self, survey_token):
        survey = super()._fetch_from_token(survey_token)
        return survey - survey._filter_experience()

    def _fetch_from_session_code(self, session_code):
        survey, error = super()._fetch_from_session_code(session_code)
        if survey and survey._filter_experience():
            return None, {'error': 'survey_wrong'}
        return survey, error
