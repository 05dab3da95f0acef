"""The page on which somebody who was invited to a job answers: interested, later, not for me. No login, no script."""

from urllib.parse import urlsplit

from odoo import http
from odoo.http import request
from odoo.tools import format_date

from odoo.addons.mass_mailing.controllers.main import MassMailController

from ..models.hr_pool_match import DECLINE_REASONS, PAGE_PATH
from ..models.hr_pool_match_answer import LATER_MONTHS, LONGEST_COMMENT
from .page import HEADERS, LARGEST_FORM, ROUTE, CandidatePage


class CandidateInvitation(CandidatePage, http.Controller):

    @http.route([PAGE_PATH, f'{PAGE_PATH}/<string:token>'], methods=['GET'], readonly=True, **ROUTE)
    def show(self, token='', **query):
        """Changes nothing: whatever scans mails follows the links in them."""
        match = self._find(token)
        lang = self._choose_lang(query.get('lang'), match.partner_id)
        return self._show(match, lang) if match else self._refuse()

    @http.route(f'{PAGE_PATH}/<string:token>', methods=['POST'], max_content_length=LARGEST_FORM, **ROUTE)
    def answer(self, token, **post):
        match = self._find(token)
        lang = self._choose_lang(post.get('lang'), match.partner_id)
        if not match:
            return self._refuse()
        answers = {'interested': self._accept, 'later': self._put_off, 'no': self._decline}
        answer = answers.get(post.get('answer'))
        if not answer or not (match._is_open() or match.state == 'interested'):
            return self._show(match, lang)
        return answer(match, lang, post)

    def _find(self, token):
        return request.env['hr.pool.match']._get_by_token(token)

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def _show(self, match, lang, **values):
        """The question, or what was answered; where the job is gone, a page that says so."""
        if not match._is_open() and match.state != 'interested':
            return self._page('invitation_closed', match, lang)
        if match.state in match._ANSWERED_STATES and not values:
            return self._page('invitation_done', match, lang)
        return self._page('invitation_page', match, lang, **values)

    def _page(self, template, match, lang, **values):
        values = {'step': None, 'problem': None, **values}
        match = match.with_context(lang=lang)
        return self._render(
            f'candidate_relationship.{template}', match.company_id, lang,
            match=match, job=match.job_id, words=self._get_words(match), months=self._get_months(match.env),
            is_open=match._is_open(), longest_comment=LONGEST_COMMENT, **values)

    def _get_words(self, match):
        """Sentences with a name or a date in them: whole, as each language has its own order."""
        env, job = match.env, match.job_id.name
        user = match.reactivation_id.user_id or match.invited_user_id
        who = user.name or env._("our recruiter")
        day = match.later_date and format_date(env, match.later_date, date_format='long')
        return {
            'hello': env._("Hello %s,", match.person_name),
            'ask': env._(
                "We are looking for somebody, and thought of you. You need not apply anew: one click, and %s gets in"
                " touch with you.", who),
            'glad': env._(
                "You are interested in %(job)s: your application is with us, and you need not do anything more until"
                " %(who)s gets in touch with you.", job=job, who=who),
            'later': env._("We will not write to you before %s.", day),
            'no': env._("We will not ask you about %s again.", job),
            'withdrawn': env._("You had said that you are interested: %s knows of your new answer.", who),
        }

    def _get_months(self, env):
        return [
            (month, env._("In one month") if month == 1 else env._("In %s months", month)) for month in LATER_MONTHS]

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _accept(self, match, lang, post):
        match._answer_interested()
        return self._page('invitation_done', match, lang)

    def _put_off(self, match, lang, post):
        """Asks when, then books it."""
        months = post.get('months')
        if months is None:
            return self._show(match, lang, step='later')
        if months not in map(str, LATER_MONTHS):
            return self._show(match, lang, step='later', problem='months')
        match._answer_later(int(months))
        return self._page('invitation_done', match, lang)

    def _decline(self, match, lang, post):
        """Booked at once; why is asked afterwards, and need not be told."""
        reason = post.get('reason')
        match._answer_not_interested(
            reason if reason in dict(DECLINE_REASONS) else None, self._get_text(post.get('comment')))
        asks_why = 'reason' not in post and match._is_open()
        return self._page('invitation_done', match, lang, step='why' if asks_why else None)

    @staticmethod
    def _get_text(value):
        return value.replace('\0', '') if isinstance(value, str) else None


class InvitationLink(MassMailController):

    @http.route()
    def full_url_redirect(self, code, mailing_trace_id, **post):
        """Odoo counts the click; the key of the person goes on to the page, and to nowhere else."""
        key = post.get('key')
        response = super().full_url_redirect(code, mailing_trace_id, **post)
        if not isinstance(key, str) or urlsplit(response.headers.get('Location', '')).path != PAGE_PATH:
            return response
        redirect = request.redirect(f"{PAGE_PATH}/{''.join(filter(self._is_of_a_key, key))}", code=302)
        redirect.headers.update(HEADERS)
        return redirect

    @staticmethod
    def _is_of_a_key(character):
        return character.isascii() and (character.isalnum() or character in '-_=.')
