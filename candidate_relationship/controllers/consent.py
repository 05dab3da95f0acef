"""The page on which a person agrees, says no, changes their choice and withdraws. No login, no script."""

from odoo import http
from odoo.http import request

from ..models.hr_candidate_consent import FREQUENCIES
from .page import LARGEST_FORM, ROUTE, CandidatePage

URL = '/candidate/consent/<string:token>'


class CandidateConsent(CandidatePage, http.Controller):

    @http.route(URL, methods=['GET'], readonly=True, **ROUTE)
    def show(self, token, **query):
        """Changes nothing: whatever scans mails follows the links in them."""
        consent = self._find(token)
        lang = self._choose_lang(query.get('lang'), consent.partner_id)
        if not consent:
            return self._refuse()
        return self._show_form(consent, lang)

    @http.route(URL, methods=['POST'], max_content_length=LARGEST_FORM, **ROUTE)
    def answer(self, token, **post):
        consent = self._find(token)
        lang = self._choose_lang(post.get('lang'), consent.partner_id)
        if not consent:
            return self._refuse()
        said = post.get('answer')
        if said == 'no':
            return self._disagree(consent, lang, post)
        if said != 'yes':
            return self._show_form(consent, lang)
        return self._agree(consent, lang, post)

    @http.route('/candidate/consent/preview/<int:wording_id>', type='http', auth='user', methods=['GET'],
                website=True, multilang=False, sitemap=False, readonly=True)
    def preview(self, wording_id, **query):
        wording = request.env['hr.consent.wording'].browse(wording_id).exists()
        if not wording or not wording.has_access('write'):
            return self._refuse()
        lang = self._choose_lang(query.get('lang'), request.env.user.partner_id)
        company = wording.company_id or request.env.company
        return self._render('candidate_relationship.consent_page', company, lang, **self._get_form_values(
            company, wording.sudo()._get_shown(company.sudo(), lang), preview=True))

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def _find(self, token):
        return request.env['hr.candidate.consent']._get_by_token(token)

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def _show_form(self, consent, lang, problem=None, ticked=None):
        company = consent.company_id
        return self._render('candidate_relationship.consent_page', company, lang, **self._get_form_values(
            company, self._get_shown(company, lang), problem=problem,
            choice=consent._get_choice(consent.partner_id, company), ticked=ticked))

    def _get_form_values(self, company, shown, choice=None, problem=None, ticked=None, preview=False):
        return {
            'shown': shown, 'choice': choice, 'problem': problem, 'preview': preview,
            'topics': self._get_topics(company),
            'months': company.sudo().candidate_consent_months,
            'ticked': ticked or {
                'keep': bool(choice and choice.keep),
                'topics': choice.nurture.topic_ids.ids if choice else [],
                'frequency': choice.nurture.frequency_days if choice else 0,
            },
            'choice_lines': choice.describe(request.env).split('\n') if choice and choice.given else [],
        }

    def _get_shown(self, company, lang):
        return request.env['hr.consent.wording']._get_for(company)._get_shown(company.sudo(), lang)

    def _get_topics(self, company):
        return request.env['hr.nurture.topic'].sudo().search([('company_id', 'in', (company.id, False))])

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _agree(self, consent, lang, post):
        company = consent.company_id
        shown, ticked = self._get_shown(company, lang), self._read_form(post)
        topics = self._get_topics(company).filtered(lambda topic: topic.id in ticked['topics'])
        problem = self._get_problem(shown, ticked, topics, post)
        if problem:
            return self._show_form(consent, lang, problem, ticked)
        return self._book(
            consent, lang, keep=ticked['keep'], topics=topics, frequency_days=ticked['frequency'] if topics else 0,
            shown=shown)

    def _disagree(self, consent, lang, post):
        shown = self._get_shown(consent.company_id, lang)
        return self._book(
            consent, lang, keep=False, topics=request.env['hr.nurture.topic'],
            shown=shown if post.get('shown') == shown.key else None)

    def _read_form(self, post):
        numbers = [int(value) for value in request.httprequest.form.getlist('topic') if self._is_number(value)]
        frequency = post.get('frequency', '0')
        return {
            'keep': post.get('keep') == '1',
            'topics': numbers,
            'frequency': int(frequency) if self._is_number(frequency) else -1,
        }

    def _get_problem(self, shown, ticked, topics, post):
        """What keeps an answer from being booked: a name of a message of the page."""
        if not ticked['keep'] and not topics:
            return 'nothing'
        if topics and ticked['frequency'] not in FREQUENCIES:
            return 'frequency'
        # nobody agrees to a text that they have not read
        return 'changed' if post.get('shown') != shown.key else None

    def _book(self, consent, lang, keep, topics, frequency_days=0, shown=None):
        company, partner = consent.company_id, consent.partner_id
        evidence = request.env['hr.consent.wording']._prepare_snapshot(shown) if shown else {}
        renewal = consent._get_choice(partner, company).given.filtered('renewal_asked_datetime')
        changed = consent._answer(
            partner, company, keep=keep, topics=topics, frequency_days=frequency_days,
            source='renewal' if renewal else 'page', **evidence)
        if changed:
            changed._send_confirmation()
            partner._record_page_touch(company)
        return self._render(
            'candidate_relationship.consent_done', company, lang,
            choice_lines=consent._get_choice(partner, company).describe(request.env).split('\n'),
            has_mail=bool(partner.email_normalized))
