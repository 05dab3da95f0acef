"""Mails that invite to a job: the key behind their link, and the steps they take."""

import re

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_pool_match import PAGE_PATH

MODEL = 'hr.pool.match'
# Of a mail that was left out, where nothing says more; see the composer of the contact budget.
LEFT_OUT = {
    'mail_bl': 'blacklisted',
    'mail_optout': 'left',
    'mail_dup': 'duplicate',
    'mail_email_missing': 'no_address',
    'mail_email_invalid': 'no_address',
}


class MailMail(models.Model):
    """The link in an invitation is one for all, so that its clicks are Odoo's to count; each mail adds the key.

    A short link of its own for each person would be their key itself: four letters that anybody may guess.
    """
    _inherit = 'mail.mail'

    def _prepare_outgoing_body(self):
        body = super()._prepare_outgoing_body()
        if body and self.mailing_id and self.model == MODEL and self.res_id:
            body = self._add_invitation_key(body)
        return body

    def _add_invitation_key(self, body):
        match = self.env[MODEL].sudo().browse(self.res_id).exists()
        trace = self.mailing_trace_ids[:1]
        if not match.partner_id or trace.is_test_trace:
            return body
        token = match._get_page_token()
        for link in self._get_invitation_links():
            # a link that Odoo tracks already ends with the trace, which is a number
            body = re.sub(
                rf'(href="){re.escape(link)}(/m/\d+)?(?=")',
                lambda found: f'{found[1]}{self._get_keyed_link(found[0][6:], token)}', body)
        return body

    @staticmethod
    def _get_keyed_link(link, token):
        return f'{link}/{token}' if link.endswith(PAGE_PATH) else f'{link}?key={token}'

    def _get_invitation_links(self):
        """As they stand in the body: short links to the page, or the page."""
        trackers = self.env['link.tracker'].sudo().search([
            ('mass_mailing_id', '=', self.mailing_id.id), ('url', '=like', f'%{PAGE_PATH}')])
        return [*trackers.mapped('short_url'), f'{self.mailing_id.get_base_url()}{PAGE_PATH}']


class MailingTrace(models.Model):
    """What becomes of an invitation becomes of its match."""
    _inherit = 'mailing.trace'

    @api.model_create_multi
    def create(self, vals_list):
        traces = super().create(vals_list)
        if any(vals.get('model') == MODEL for vals in vals_list):
            traces.filtered(lambda trace: trace.trace_status == 'cancel')._note_left_out()
        return traces

    def _get_invitation_reason(self):
        return self.nurture_reason or LEFT_OUT.get(self.failure_type, 'undelivered')

    def _get_matches(self):
        """The matches of these invitations; of tests none."""
        return self.env[MODEL].sudo().browse(
            trace.res_id for trace in self.sudo() if trace.model == MODEL and not trace.is_test_trace).exists()

    def set_sent(self, domain=None):
        traces = super().set_sent(domain)
        traces._note_invitations('delivered', delivered_datetime='sent_datetime')
        return traces

    def set_clicked(self, domain=None):
        traces = super().set_clicked(domain)
        traces._note_invitations('clicked', clicked_datetime='links_click_datetime')
        return traces

    def set_replied(self, domain=None):
        traces = super().set_replied(domain)
        traces._note_invitations('clicked', answered_datetime='reply_datetime')
        return traces

    def set_failed(self, domain=None, failure_type=False):
        traces = super().set_failed(domain, failure_type)
        traces._get_matches()._note_left_out('undelivered', asked=True)
        return traces

    def set_bounced(self, domain=None, bounce_message=False):
        traces = super().set_bounced(domain, bounce_message)
        traces._get_matches()._note_bounced()
        return traces

    def set_canceled(self, domain=None):
        traces = super().set_canceled(domain)
        traces._note_left_out()
        return traces

    def _note_left_out(self):
        for reason, some in self.grouped(lambda trace: trace._get_invitation_reason()).items():
            some._get_matches()._note_left_out(reason)

    def _note_invitations(self, state, **dates):
        for trace in self:
            trace._get_matches()._note_step(state, **{name: trace[source] for name, source in dates.items()})


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    # what an answer asked of the recruiter: it goes when the answer is changed
    pool_match_id = fields.Many2one(
        MODEL, string="Answer to an Invitation", index='btree_not_null', ondelete='set null', copy=False,
        readonly=True, groups='hr_recruitment.group_hr_recruitment_user')


class HrPoolMatch(models.Model):
    _inherit = 'hr.pool.match'

    def _note_bounced(self):
        """The mail server had taken it: it was not delivered after all."""
        self.filtered(lambda match: match.state in ('invited', 'delivered')).write({
            'state': 'excluded', 'excluded_reason': 'undelivered', 'delivered_datetime': False})


class HrCandidateTouch(models.Model):
    _inherit = 'hr.candidate.touch'

    @api.model
    def _get_trace_persons(self, model):
        if model == MODEL:
            return SQL(
                "JOIN hr_pool_match person ON person.id = trace.res_id AND person.partner_id IS NOT NULL")
        return super()._get_trace_persons(model)

    @api.model
    def _get_trace_insert(self, model, condition, **columns):
        if model == MODEL:
            columns.setdefault('applicant_id', SQL("person.applicant_id"))
            columns.setdefault('topic_id', SQL(
                "(SELECT round.topic_id FROM hr_pool_reactivation round WHERE round.id = person.reactivation_id)"))
        return super()._get_trace_insert(model, condition, **columns)
