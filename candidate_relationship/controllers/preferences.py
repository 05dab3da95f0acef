"""The page on which a person says what they want to get, how often, and from when on. No login, no script."""

from odoo import fields, http
from odoo.http import request
from odoo.tools import format_date

from ..models.hr_candidate_preference_page import OFFERED_FREQUENCIES, PAUSE_MONTHS
from .page import LARGEST_FORM, ROUTE, CandidatePage

URL = '/candidate/preferences/<string:token>'
# The address that mail programs know from the header. Whoever opens it in a browser gets the page.
ONE_CLICK_URL = f'{URL}/leave'


class CandidatePreferences(CandidatePage, http.Controller):

    @http.route([URL, ONE_CLICK_URL], methods=['GET'], readonly=True, **ROUTE)
    def show(self, token, **query):
        """Changes nothing: whatever scans mails follows the links in them."""
        visit = self._find(token)
        lang = self._choose_lang(query.get('lang'), self._get_partner(visit))
        return self._show_form(visit, token, lang) if visit else self._refuse()

    @http.route(URL, methods=['POST'], max_content_length=LARGEST_FORM, **ROUTE)
    def answer(self, token, **post):
        visit = self._find(token)
        lang = self._choose_lang(post.get('lang'), self._get_partner(visit))
        if not visit:
            return self._refuse()
        answers = {'save': self._save, 'topic': self._leave_topic, 'all': self._leave_all, 'undo': self._undo,
                   'again': self._ask_again}
        answer = answers.get(post.get('answer'))
        return answer(visit, token, lang, post) if answer else self._show_form(visit, token, lang)

    @http.route(ONE_CLICK_URL, methods=['POST'], csrf=False, max_content_length=LARGEST_FORM, **ROUTE)
    def leave_by_one_click(self, token, **post):
        """RFC 8058: sent by the mail program, without cookies, so the signature of the link is all there is."""
        visit = self._find(token)
        lang = self._choose_lang(None, self._get_partner(visit))
        if not visit:
            return self._refuse()
        if post.get('List-Unsubscribe') != 'One-Click':
            return self._show_form(visit, token, lang)
        return self._show_done(visit, token, lang, self._preferences()._leave_topic(visit))

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def _preferences(self):
        return request.env['hr.candidate.preference']

    def _find(self, token):
        return self._preferences()._get_by_token(token)

    def _get_partner(self, visit):
        return visit.partner if visit else request.env['res.partner']

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def _show_form(self, visit, token, lang, problem=None, chosen=None):
        standing = self._preferences()._get_standing(visit.partner, visit.company)
        return self._render(
            'candidate_relationship.preference_page', visit.company, lang, token=token, problem=problem,
            chosen=chosen or self._get_chosen(standing), frequencies=self._get_frequencies(standing),
            pauses=self._get_pauses(standing),
            leave_topic=visit.topic if len(standing.kept) > 1 and visit.topic in standing.kept else None,
            **self._get_facts(visit, standing))

    def _show_done(self, visit, token, lang, undo, mailed=None):
        """
        :param mailed: what the person is sent about it, ``confirmation`` or ``link``
        """
        standing = self._preferences()._get_standing(visit.partner, visit.company)
        return self._render(
            'candidate_relationship.preference_done', visit.company, lang, token=token, undo=undo, mailed=mailed,
            **self._get_facts(visit, standing))

    def _get_facts(self, visit, standing):
        return {
            'standing': standing,
            'topics': standing.topics.with_env(request.env).sudo(),
            'lines': self._preferences()._describe(standing),
        }

    def _get_frequencies(self, standing):
        """Labels by days; what a recruiter entered, or a consent says, is among them."""
        labels = {
            0: request.env._("As often as there is news"),
            90: request.env._("At most every 3 months"),
            180: request.env._("At most every 6 months"),
            365: request.env._("At most once a year"),
        }
        return {
            days: labels.get(days) or request.env._("At most once in %s days", days)
            for days in sorted({*OFFERED_FREQUENCIES, standing.frequency})}

    def _get_pauses(self, standing):
        """Labels by value of the field."""
        pauses = {'0': request.env._("No pause")}
        if until := standing.paused_until:
            pauses = {'keep': request.env._("Until %s, as it is", format_date(request.env, until)), **pauses}
        return pauses | {str(months): request.env._("No mail for %s months", months) for months in PAUSE_MONTHS} | {
            '1': request.env._("No mail for a month")}

    def _get_chosen(self, standing):
        return {
            'topics': standing.kept.ids,
            'frequency': standing.frequency,
            'pause': 'keep' if standing.paused_until else '0',
        }

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _save(self, visit, token, lang, post):
        standing, chosen = self._preferences()._get_standing(visit.partner, visit.company), self._read_form(post)
        kept = standing.topics.filtered(lambda topic: topic.id in chosen['topics'])
        problem = self._get_problem(standing, chosen, kept)
        if problem:
            return self._show_form(visit, token, lang, problem, chosen)
        undo = self._preferences()._change(
            visit, kept=kept, frequency=chosen['frequency'], paused_until=self._get_pause(chosen['pause']))
        return self._show_done(visit, token, lang, undo)

    def _leave_topic(self, visit, token, lang, post):
        return self._show_done(visit, token, lang, self._preferences()._leave_topic(visit))

    def _leave_all(self, visit, token, lang, post):
        undo = self._preferences()._leave_all(visit)
        return self._show_done(visit, token, lang, undo, mailed=undo and self._confirm(visit))

    def _ask_again(self, visit, token, lang, post):
        mailed = self._preferences()._send_link_to_agree(visit)
        return self._show_done(visit, token, lang, None, mailed='link' if mailed else None)

    def _undo(self, visit, token, lang, post):
        """A link to undo that was used, or is too old, shows how things are."""
        if not self._preferences()._undo(visit, post.get('undo', '')):
            return self._show_form(visit, token, lang, 'undone')
        return self._show_done(visit, token, lang, None)

    def _confirm(self, visit):
        """So that nobody leaves for the person, e.g. by a mail that was passed on, without their knowledge."""
        rows = request.env['hr.candidate.consent'].sudo()._get_rows(visit.partner, visit.company)
        rows._of('nurture')[:1]._send_confirmation()
        return 'confirmation' if visit.partner.email_normalized else None

    def _read_form(self, post):
        numbers = [int(value) for value in request.httprequest.form.getlist('topic') if self._is_number(value)]
        frequency = post.get('frequency', '')
        return {
            'topics': numbers,
            'frequency': int(frequency) if self._is_number(frequency) else -1,
            'pause': post.get('pause', ''),
        }

    def _get_problem(self, standing, chosen, kept):
        """What keeps a choice from being booked: a name of a message of the page."""
        if not standing.is_written_to:
            return 'changed'
        if not kept:
            return 'nothing'
        if chosen['frequency'] not in {*OFFERED_FREQUENCIES, standing.frequency}:
            return 'frequency'
        return None if chosen['pause'] in self._get_pauses(standing) else 'pause'

    def _get_pause(self, pause):
        if pause == 'keep':
            return None
        return fields.Date.add(fields.Date.today(), months=int(pause)) if pause != '0' else False
