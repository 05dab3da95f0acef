"""Asking people for their consent: who is asked, who is not, and the mail."""

from collections import defaultdict
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_candidate_consent import NO_STATES, PURPOSES

ASK_AGAIN_DAYS = 7
# Mails of one request; the scheduled job writes the others.
AT_ONCE = 50


class HrCandidateConsent(models.Model):
    _inherit = 'hr.candidate.consent'

    @api.model
    def _ask(self, partners, company, user=None, again=False):
        """Ask people whether they may be kept and written to; each gets one mail with a link of their own.

        Nobody is asked who has agreed already, was asked within the last week, said no, or can't be
        written to. The first mails leave at once, the others with the scheduled job.

        :param user: the recruiter who asks
        :param bool again: ask those too who said no before
        :return: who was asked and who was not: ``_sort_for_asking``
        """
        self = self.sudo().with_company(company)
        groups = self._sort_for_asking(partners, company)
        if again:
            groups['ask'] |= groups['said_no']
            groups['said_no'] = self.env['res.partner']
        questions = self._book_questions(groups['ask'], company, user)
        questions[:AT_ONCE]._send_questions()
        if questions:
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()
        if questions[AT_ONCE:]:
            self.env.ref('candidate_relationship.ir_cron_consent').sudo()._trigger()
        return groups

    @api.model
    def _sort_for_asking(self, partners, company):
        """Who can be asked, and why the others are not.

        :return: partners by ``ask``, ``given``, ``said_no``, ``no_address``, ``blacklisted``, ``recent``
        """
        partners = partners.sudo()
        blacklisted = set(partners.filtered('is_blacklisted').ids)
        standing = self._get_standing(partners, company)
        ids = defaultdict(list)
        for partner in partners:
            group = standing.get(partner.id)
            if group != 'given':
                if not partner.email_normalized:
                    group = 'no_address'
                elif partner.id in blacklisted:
                    group = 'blacklisted'
            ids[group or 'ask'].append(partner.id)
        names = ('ask', 'given', 'said_no', 'no_address', 'blacklisted', 'recent')
        return {name: self.env['res.partner'].browse(ids[name]) for name in names}

    @api.model
    def _get_standing(self, partners, company):
        """``given``, ``recent`` or ``said_no`` by id of the partner; nothing for who can be asked."""
        rows = self.sudo().search_fetch(
            [('partner_id', 'in', partners.ids), ('company_id', '=', company.id), ('state', '!=', 'renewed')],
            ['partner_id', 'state', 'date_until', 'asked_datetime'], order='id desc')
        lately = fields.Datetime.now() - timedelta(days=ASK_AGAIN_DAYS)
        standing = {}
        for partner, mine in rows.grouped('partner_id').items():
            if any(row._is_valid() for row in mine):
                standing[partner.id] = 'given'
            elif questions := mine.filtered(lambda row: row.state == 'asked'):
                if max(questions.mapped(lambda row: row.asked_datetime or lately)) > lately:
                    standing[partner.id] = 'recent'
            elif mine[0].state in NO_STATES:
                standing[partner.id] = 'said_no'
        return standing

    @api.model
    def _book_questions(self, partners, company, user=None):
        """:return: the row of each person that carries the mail"""
        if not partners:
            return self.browse()
        wording = self.env['hr.consent.wording']._get_for(company)
        vals = {
            'asked_datetime': fields.Datetime.now(),
            'user_id': bool(user) and user.id,
            'wording_id': wording.id,
            'wording_version': wording.version,
        }
        rows = self.search([
            ('partner_id', 'in', partners.ids), ('company_id', '=', company.id), ('state', 'in', ('asked', 'given'))])
        rows.filtered(lambda row: row.state == 'given')._expire()
        questions = rows.filtered(lambda row: row.state == 'asked')
        questions.write(vals)
        there = {(row.partner_id.id, row.purpose) for row in questions}
        questions |= self._create_once([
            {**vals, 'partner_id': partner.id, 'company_id': company.id, 'purpose': purpose}
            for partner in partners for purpose, _label in PURPOSES if (partner.id, purpose) not in there])
        carriers = questions.filtered(lambda row: row.purpose == 'keep')
        carriers.mail_pending = True
        return carriers.sorted('id')

    @api.model
    def _create_once(self, vals_list):
        """Somebody else booked the same a moment ago: the request is tried again and sees it."""
        try:
            rows = self.create(vals_list)
            self.flush_model()
            return rows
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("The consent was booked at the same time.") from error

    # ------------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------------

    def _send_questions(self):
        self._send_consent_mail('mail_template_consent_ask')
        self.mail_pending = False

    def _send_consent_mail(self, name):
        """Queue the mail of a template to the person of each row.

        :param str name: external id of the template, without the module
        """
        if not self:
            return
        template = self.env.ref(f'candidate_relationship.{name}', raise_if_not_found=False)
        if not template:
            raise UserError(self.env._("The e-mail template of the consent mails was deleted: %s.", name))
        template.sudo().send_mail_batch(self.ids)._hide_link_to_page()

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The mails hold the link with which one answers for the person: whoever reads the ledger reads no mail."""
        if message_operation == 'read':
            return dict.fromkeys(self, 'unlink')
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def _get_pending_domain(self):
        return Domain('mail_pending', '=', True)


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _hide_link_to_page(self):
        """Authors and creators read their messages without a right: nobody is either of these."""
        self.flush_recordset()
        messages = self.mail_message_id
        messages.flush_recordset()
        self.env.cr.execute(SQL(
            "UPDATE mail_message SET author_id = NULL, create_uid = %s WHERE id IN %s",
            SUPERUSER_ID, messages._ids or (0,)))
        messages.invalidate_recordset(['author_id', 'create_uid'])
