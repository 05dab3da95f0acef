"""What the pages for candidates share: language, layout, headers, and one refusal for every bad link."""

from odoo.http import request

ROUTE = {'type': 'http', 'auth': 'public', 'website': True, 'multilang': False, 'sitemap': False}
LARGEST_FORM = 64 * 1024
# The link is a key: it is not to be passed on, kept, framed or found.
HEADERS = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'X-Frame-Options': 'DENY',
    'Content-Security-Policy': "frame-ancestors 'none'",
}


class CandidatePage:
    """No controller by itself: Odoo makes one of all controllers that inherit from the same one."""

    def _choose_lang(self, wanted, partner):
        """The one asked for, else that of the person, else that of the browser."""
        installed = self._get_languages()
        for code in (wanted, partner.lang, request.env.lang):
            if isinstance(code, str) and code in installed:
                break
        else:
            code = next(iter(installed))
        request.update_context(lang=code)
        request.lang = request.env['res.lang']._get_data(code=code)
        return code

    def _get_languages(self):
        # "Chinese (Simplified) / 简体中文" is found by its readers under the latter
        return {code: name.split('/')[-1].strip() for code, name in request.env['res.lang'].get_installed()}

    def _render(self, template, company, lang, **values):
        values.update(
            company=company.sudo() if company else None, page_lang=lang, languages=self._get_languages(),
            direction=request.env['res.lang']._get_data(code=lang).direction or 'ltr')
        response = request.render(template, values)
        response.headers.update(HEADERS)
        return response

    def _refuse(self):
        """One page for every link that does not work, whatever the reason: it tells nothing about anybody."""
        response = self._render('candidate_relationship.consent_refused', None, request.env.lang)
        response.status_code = 404
        return response

    @staticmethod
    def _is_number(value):
        return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10
