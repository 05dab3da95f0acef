"""The text that a person agrees to."""

import hashlib
from collections import namedtuple
from contextlib import contextmanager

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

# What a person reads. `key` tells this text from every other one.
Shown = namedtuple('Shown', ['wording', 'lang', 'title', 'body', 'key'])


class HrConsentWording(models.Model):
    """One text per company, or one for all companies that have none of their own.

    Whoever agreed, agreed to one exact text: it is copied to their consent, and a text that was used
    gets the next version once it is edited.
    """
    _name = 'hr.consent.wording'
    _description = "Consent Text"
    _rec_name = 'title'
    _order = 'company_id, id'

    title = fields.Char(required=True, translate=True)
    body = fields.Html(
        string="Text", required=True, translate=True, sanitize=True,
        help="{company}, {months} and {grace_days} stand for the name of the company, for how long a consent is "
             "valid and for after how many days the data is erased.")
    company_id = fields.Many2one('res.company', help="Empty: for all companies that have no text of their own.")
    version = fields.Integer(default=1, readonly=True, copy=False)
    is_used = fields.Boolean(
        string="Somebody Was Asked", compute='_compute_is_used',
        help="Somebody was asked or has answered with this version: the next edit makes a new one.")

    _one_per_company = models.UniqueIndex("(COALESCE(company_id, 0))", "This company has a consent text already.")

    # ------------------------------------------------------------------
    # Which text, and what it says
    # ------------------------------------------------------------------

    @api.model
    def _get_for(self, company):
        """The text of the company, else that of all companies."""
        return self.sudo().search([('company_id', 'in', [company.id, False])], order='company_id', limit=1)

    def _get_shown(self, company, lang):
        """:return: the text as a person of this language reads it, a ``Shown``"""
        self.ensure_one()
        wording = self.with_context(lang=lang)
        facts = {
            '{company}': company.name,
            '{months}': str(company.candidate_consent_months),
            '{grace_days}': str(company.candidate_erasure_grace_days),
        }
        title, body = wording.title, str(wording.body or '')
        for name, value in facts.items():
            title = title.replace(name, value)
            body = body.replace(name, str(escape(value)))
        key = hashlib.sha256(f'{self.id}:{self.version}:{lang}:{title}:{body}'.encode()).hexdigest()[:16]
        return Shown(self, lang, title, Markup(body), key)

    @api.model
    def _prepare_snapshot(self, shown):
        """What a consent keeps of the text that was read."""
        return {
            'wording_id': shown.wording.id,
            'wording_version': shown.wording.version,
            'wording_lang': shown.lang,
            'wording_text': Markup("<h3>%s</h3>%s") % (shown.title, shown.body),
        }

    # ------------------------------------------------------------------
    # Versions
    # ------------------------------------------------------------------

    def _compute_is_used(self):
        used = self._get_used()
        for wording in self:
            wording.is_used = wording in used

    def _get_used(self):
        """Texts whose present version was sent to, or answered by, somebody."""
        groups = self.env['hr.candidate.consent'].sudo()._read_group(
            [('wording_id', 'in', self.ids)], ['wording_id'], ['wording_version:max'])
        versions = {wording.id: version for wording, version in groups}
        return self.filtered(lambda wording: wording.version <= versions.get(wording.id, 0))

    def _get_texts(self):
        """Title and body in each language, by id."""
        langs = [code for code, _name in self.env['res.lang'].get_installed()]
        return {
            wording.id: [
                (in_lang.title, str(in_lang.body or ''))
                for in_lang in (wording.with_context(lang=lang) for lang in langs)
            ] for wording in self}

    @contextmanager
    def _making_versions(self):
        """Texts that are used and differ after the block get the next version."""
        before = self._get_texts()
        yield
        after = self._get_texts()
        for wording in self.filtered(lambda wording: before[wording.id] != after[wording.id])._get_used():
            wording.version += 1

    def write(self, vals):
        if not {'title', 'body'} & vals.keys():
            return super().write(vals)
        with self._making_versions():
            return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=''):
        with self._making_versions():
            return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    # ------------------------------------------------------------------
    # What must not be
    # ------------------------------------------------------------------

    @api.constrains('body')
    def _check_body(self):
        if any(is_html_empty(wording.body) for wording in self):
            raise ValidationError(self.env._("Write the text that people agree to: it is empty."))

    @api.constrains('company_id')
    def _check_text_for_all(self):
        if not self.sudo().search_count(Domain('company_id', '=', False), limit=1):
            raise ValidationError(self.env._(
                "One text must be for all companies, so that nobody is asked without one: leave its company empty."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_for_all(self):
        if not all(wording.company_id for wording in self):
            raise UserError(self.env._(
                "This text is for all companies that have none of their own. Edit it instead of deleting it."))

    def action_preview(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_url',
            'url': f'/candidate/consent/preview/{self.id}',
            'target': 'new',
        }
