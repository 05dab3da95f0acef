"""The page on which candidates tell how it was. No login, no cookie, and it works without scripts.

Nothing is kept until *Send*, and then nothing that leads back to whoever sent it.
"""

import re
from hashlib import sha256

from odoo import http
from odoo.http import request
from odoo.tools import html_sanitize, is_html_empty
from odoo.tools.image import image_data_uri

from ..models.hr_experience_comment import LONGEST_COMMENT
from ..models.hr_experience_form import ExperienceForm
from .consent import CandidateConsent

URL = '/candidate/experience/<string:token>'
PREVIEW_URL = '/candidate/experience/preview/<int:survey_id>'
STYLE = '/candidate_relationship/static/public/experience_page.css'
TOKEN_SHAPE = re.compile(r'[A-Za-z0-9_-]{20,100}')
# Without a session and without the website: neither cookies nor visitors. The token stands for what a
# session would prove.
ROUTE = {'type': 'http', 'auth': 'public', 'website': False, 'csrf': False, 'save_session': False}
# A text that is somewhat too long comes back with a friendly word, in whatever script it is.
LARGEST_FORM = 512 * 1024


class CandidateExperience(http.Controller):
    # a page of the same kind as that of consent: language, layout, headers
    _choose_lang = CandidateConsent._choose_lang
    _get_languages = CandidateConsent._get_languages
    _render = CandidateConsent._render

    @http.route(URL, methods=['GET'], readonly=True, **ROUTE)
    def show(self, token, **query):
        """Changes nothing: whatever scans mails follows the links in them."""
        lang = self._set_up(query.get('lang'), invitation := self._find(token))
        if refusal := self._get_refusal(token, invitation, lang):
            return refusal
        return self._show_form(invitation.company_id, lang, self._get_form(invitation, lang), token)

    @http.route(URL, methods=['POST'], max_content_length=LARGEST_FORM, **ROUTE)
    def send(self, token, **post):
        lang = self._set_up(post.get('lang'), invitation := self._find(token))
        if refusal := self._get_refusal(token, invitation, lang):
            return refusal
        form = self._get_form(invitation, lang, request.httprequest.form)
        if form.has_changed or form.errors:
            return self._show_form(invitation.company_id, lang, form, token)
        company, closing = invitation.company_id, form.questions.survey_id.description_done
        done = self._store(token, form.get_values())
        return self._page(
            'done' if done else 'used', company, lang, draft=self._get_draft(token),
            closing=False if is_html_empty(closing) else html_sanitize(closing))

    @http.route(PREVIEW_URL, type='http', auth='user', methods=['GET'], readonly=True, save_session=False)
    def preview(self, survey_id, **query):
        survey = request.env['survey.survey'].browse(survey_id).exists()
        lang = self._choose_lang(query.get('lang'), request.env.user.partner_id)
        if not (survey and survey.has_access('read') and survey.survey_type == 'candidate_experience'
                and survey.sudo().question_ids.filtered('experience_role')):
            return self._page('closed', None, lang, status=404)
        form = ExperienceForm(
            survey.sudo().with_context(lang=lang), request.env.company.sudo().experience_threshold)
        return self._show_form(request.env.company, lang, form, preview=True)

    def refuse_size(self):
        """The browser has kept what was entered: one step back leads to it."""
        lang = self._choose_lang(request.httprequest.args.get('lang'), request.env['res.partner'])
        response = self._page('too_large', None, lang, status=413)
        response.flatten()
        return response

    # ------------------------------------------------------------------
    # Who, and in which language
    # ------------------------------------------------------------------

    def _find(self, token):
        invitations = request.env['hr.survey.invitation']
        return invitations._get_by_token(token) if TOKEN_SHAPE.fullmatch(token) else invitations.sudo()

    def _set_up(self, lang, invitation):
        # parameters of campaigns would become cookies
        request.params = {}
        return self._choose_lang(lang, invitation.partner_id)

    def _get_form(self, invitation, lang, posted=None):
        survey = invitation.survey_id.with_context(lang=lang)
        return ExperienceForm(survey, invitation.company_id.experience_threshold, posted)

    def _get_refusal(self, token, invitation, lang):
        """A page for links that don't lead to the questions; None for the others."""
        if TOKEN_SHAPE.fullmatch(token) and request.env['hr.experience.ballot'].sudo()._is_used(token):
            return self._page('used', invitation.company_id, lang, draft=self._get_draft(token))
        if not invitation or not invitation.survey_id._is_experience_open():
            return self._page('closed', None, lang, status=404)
        return None

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def _page(self, name, company, lang, status=200, **values):
        logo = company.sudo().logo_web if company else None
        response = self._render(
            f'candidate_relationship.experience_{name}', company, lang, static_style=STYLE,
            logo=logo and image_data_uri(logo), **values)
        response.status_code = status
        return response

    def _show_form(self, company, lang, form, token='', preview=False):
        return self._page(
            'page', company, lang, form=form, survey=form.questions.survey_id, preview=preview,
            draft=self._get_draft(token), longest_comment=LONGEST_COMMENT, clean=html_sanitize)

    @staticmethod
    def _get_draft(token):
        """Under what the browser keeps what was not sent yet: not under the link."""
        return sha256(token.encode()).hexdigest()[:16]

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _store(self, token, values):
        """All at once in a transaction of its own.

        :return: False if the link was used, or has ended, a moment ago
        """
        with request.env['hr.experience.ballot']._answer_alone() as env:
            invitation = env['hr.survey.invitation']._get_by_token(token)
            if not invitation or not env['hr.experience.ballot']._use(token):
                return False
            env['hr.experience.answer']._store(
                invitation._get_facts(), invitation.survey_id, invitation.company_id, values)
        return True
