"""The link to the page of preferences in mailings to talents, in place of stock Odoo's block list."""

from markupsafe import Markup

from odoo import models, tools

# Stock Odoo's own, which its editor knows and its link tracker leaves alone.
PLACEHOLDER = '/unsubscribe_from_list'


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _prepare_outgoing_body(self):
        """Whoever designs a mailing may have left the link out: then it stands below the mail."""
        body = super()._prepare_outgoing_body()
        if body and self.mailing_id._has_preference_page():
            url = f'{self.mailing_id.get_base_url()}{PLACEHOLDER}'
            if url not in body:
                body = tools.mail.append_content_to_html(body, self._get_preference_footer(url), plaintext=False)
        return body

    def _get_preference_footer(self, url):
        partner_id = self.env.context.get('nurture_reader', (None,))[0]
        lang = self.env['res.partner'].sudo().browse(partner_id).lang
        text = (self.with_context(lang=lang) if lang else self).env._("Choose What You Get from Us, or Stop It")
        return Markup(
            '<div style="font-size: 12px; padding: 16px; text-align: center;"><a href="%s">%s</a></div>') % (url, text)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """The plain text too has the link; stock Odoo forgets the placeholder there."""
        mailing = self.mailing_id
        reader = self.res_id and mailing._has_preference_page() and mailing._get_preference_reader(self.res_id)
        if not reader:
            return super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        mail = self.with_context(nurture_reader=(*reader, self.mailing_trace_ids[:1].id))
        emails = super(MailMail, mail)._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers)
        for email in emails:
            mail._put_in_preference_link(email)
        return emails

    def _put_in_preference_link(self, email):
        """:param dict email: what goes out; that of a test goes to a colleague, who leaves for nobody"""
        if self.env.context.get('mailing_test_mail'):
            for name in ('List-Unsubscribe', 'List-Unsubscribe-Post'):
                email['headers'].pop(name, None)
            return
        mailing = self.mailing_id
        email['body_alternative'] = email['body_alternative'].replace(
            f'{mailing.get_base_url()}{PLACEHOLDER}', mailing._get_preference_url(self.res_id))


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    def _has_preference_page(self):
        """Whether it is written to talents and applicants: all others keep what stock Odoo does."""
        return self.env['hr.nurture.contact']._is_recipient_model(self.mailing_model_real)

    def _get_preference_reader(self, res_id):
        """:return: id of the person behind a recipient, and of the company they are counted for; None if no person"""
        record = self.env[self.mailing_model_real].sudo().with_context(active_test=False).search_fetch(
            [('id', '=', res_id), ('partner_id', '!=', False)], ['partner_id', 'company_id'])
        company = record.company_id or self._get_nurture_company()
        return (record.partner_id.id, company.id) if record else None

    def _get_preference_url(self, res_id, path=''):
        """Link for the reader of a mail; of a mail that is read in the browser the trace is not known."""
        reader = self.env.context.get('nurture_reader') or self._get_preference_reader(res_id)
        if not reader:
            return None
        partner_id, company_id, *trace_ids = reader
        return self.env['hr.candidate.preference']._get_page_url(
            self.env['res.partner'].browse(partner_id), self.env['res.company'].browse(company_id),
            self.nurture_topic_id, self.env['mailing.trace'].browse(filter(None, trace_ids)), path)

    def _get_unsubscribe_url(self, email_to, res_id):
        url = self._get_preference_url(res_id) if self._has_preference_page() else None
        return url or super()._get_unsubscribe_url(email_to, res_id)

    def _get_unsubscribe_oneclick_url(self, email_to, res_id):
        """RFC 8058: leaves the topic of the mailing, or all news; never the block list, which is for all of Odoo."""
        url = self._get_preference_url(res_id, '/leave') if self._has_preference_page() else None
        return url or super()._get_unsubscribe_oneclick_url(email_to, res_id)

    def _get_mass_mailing_context(self):
        """A short link of its own for each person would be their key itself: some letters that anybody may guess."""
        return {**super()._get_mass_mailing_context(), 'candidate_preference_placeholder': True}
