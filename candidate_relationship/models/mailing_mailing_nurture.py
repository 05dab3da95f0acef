"""Mailings to talents and applicants keep to the contact budget, whoever writes them."""

import logging
from collections import namedtuple
from contextlib import contextmanager

from odoo import api, fields, models, modules
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

LOCK_NAME = 'hr_nurture_mailing'


class Recipient(namedtuple('Recipient', ['partner_id', 'company_id', 'reason'])):
    """Who is behind a record that a mailing is written to, and why they may not get it, if so."""

    def get_reason(self):
        """Whoever has no person can be counted for nobody."""
        return self.reason or (None if self.partner_id else 'no_person')


class MailingMailing(models.Model):
    _inherit = 'mailing.mailing'

    # of a design a recruiter sends a test, who need not have the rights of Email Marketing
    mailing_model_real = fields.Char(compute_sudo=True)
    nurture_topic_id = fields.Many2one(
        'hr.nurture.topic', string="Topic", index='btree_not_null', ondelete='set null',
        help="What it is about: whoever left this topic, or agreed to others only, does not get it.")
    nurture_service_message = fields.Boolean(
        string="Service Message", copy=False, groups='hr_recruitment.group_hr_recruitment_manager',
        help="About an application that is under way, such as the place of an interview: nobody is left out for "
             "want of consent or budget, and it does not count.")
    is_nurture_mailing = fields.Boolean(compute='_compute_is_nurture_mailing')
    nurture_held_ids = fields.One2many('hr.nurture.held', 'mailing_id', string="Left Out", readonly=True)
    nurture_held_count = fields.Integer(string="People Left Out", compute='_compute_nurture_held_count')

    @api.depends('mailing_model_id', 'mailing_type')
    def _compute_is_nurture_mailing(self):
        for mailing in self:
            mailing.is_nurture_mailing = mailing._is_nurture()

    @api.depends('mailing_trace_ids.nurture_reason')
    def _compute_nurture_held_count(self):
        counts = dict(self.env['mailing.trace'].sudo()._read_group(
            [('mass_mailing_id', 'in', self.ids), ('nurture_reason', '!=', False), ('trace_status', '=', 'cancel')],
            ['mass_mailing_id'], ['__count']))
        for mailing in self:
            mailing.nurture_held_count = counts.get(mailing._origin, 0)

    def _is_nurture(self):
        """Whether it counts against the budget of its recipients."""
        mailing = self.sudo()
        return (
            mailing.mailing_type == 'mail' and not mailing.nurture_service_message
            and self.env['hr.nurture.contact']._is_recipient_model(mailing.mailing_model_real))

    # ------------------------------------------------------------------
    # Who is left out
    # ------------------------------------------------------------------

    def _get_nurture_company(self):
        """The company that recipients of no company count for."""
        return (self.user_id or self.create_uid).sudo().company_id

    def _get_nurture_recipients(self, res_ids):
        """:return: ``Recipient`` by id of the record, in their order; nothing for what is not there"""
        self.ensure_one()
        applicants = self.env['hr.applicant'].sudo().with_company(self._get_nurture_company())
        tables, res_id = self.env['hr.nurture.contact']._get_recipients_sql(self.mailing_model_real)
        rows = applicants.env.execute_query(SQL(
            "SELECT %(res_id)s, applicant.partner_id, %(company)s, %(reason)s FROM %(tables)s"
            " WHERE %(res_id)s = ANY(%(ids)s)",
            res_id=res_id, tables=tables, ids=list(res_ids),
            company=applicants._get_candidate_company_sql('applicant'),
            reason=applicants._get_nurture_reason_sql('applicant', self.nurture_topic_id.id, source=self)))
        found = {row[0]: Recipient(*row[1:]) for row in rows}
        return {res_id: found.get(res_id, Recipient(None, None, 'no_person')) for res_id in res_ids}

    def _find_nurture_duplicates(self, recipients):
        """Records whose person gets this mailing by another record; of several in here, the first one counts."""
        seen, twice = self._get_reached_persons(recipients), {}
        for res_id, recipient in recipients.items():
            if recipient.partner_id in seen:
                twice[res_id] = 'duplicate'
            seen.add(recipient.partner_id)
        return twice

    def _get_reached_persons(self, recipients):
        """Persons of these whom the mailing, or another version of it, is written to by other records."""
        partner_ids = list({recipient.partner_id for recipient in recipients.values()})
        versions = self | (self._get_ab_testing_siblings_mailings() if self.ab_testing_enabled else self)
        booked = self.env['hr.nurture.contact'].sudo().search_fetch([
            ('partner_id', 'in', partner_ids), ('source_model', '=', self._name), ('source_id', 'in', versions.ids),
        ], ['partner_id', 'source_id', 'state'])
        others = booked.filtered(lambda contact: contact.source_id != self.id and contact.state != 'released')
        return set(others.partner_id.ids) | self._get_traced_persons((booked - others).partner_id.ids, recipients)

    def _get_traced_persons(self, partner_ids, recipients):
        """Found by their other records, of which there are few: the mailing may have thousands of traces by now."""
        if not partner_ids:
            return set()
        contacts = self.env['hr.nurture.contact']
        rows = self.env.execute_query(SQL(
            "WITH person AS MATERIALIZED ("
            "     SELECT * FROM (%s) record WHERE record.partner_id = ANY(%s) AND record.res_id != ALL(%s))"
            " SELECT person.partner_id FROM person"
            "   JOIN mailing_trace trace ON trace.model = person.model AND trace.res_id = person.res_id"
            "  WHERE trace.mass_mailing_id = %s AND trace.trace_status != 'cancel' AND trace.is_test_trace IS NOT TRUE",
            contacts._get_persons_sql([self.mailing_model_real]), partner_ids, list(recipients), self.id,
            to_flush=[self.env['mailing.trace']._fields[name] for name in (
                'mass_mailing_id', 'model', 'res_id', 'trace_status')]))
        return {row[0] for row in rows}

    def _book_nurture(self, recipients):
        """Book a contact of each of these; those for whom there is no room, or no person, are held back.

        :return: reason by id of the record, for those who are held back
        """
        held = {res_id: 'no_person' for res_id, recipient in recipients.items() if not recipient.partner_id}
        recipients = {res_id: recipient for res_id, recipient in recipients.items() if res_id not in held}
        held |= self._find_nurture_duplicates(recipients)
        by_company = {}
        for res_id, recipient in recipients.items():
            if res_id not in held:
                by_company.setdefault(recipient.company_id, {})[recipient.partner_id] = res_id
        contacts = self.env['hr.nurture.contact'].sudo()
        for company in self.env['res.company'].browse(by_company):
            res_ids = by_company[company.id]
            for partner_id, reason in contacts._book(res_ids, company, self, self.nurture_topic_id).items():
                if reason:
                    held[res_ids[partner_id]] = reason
        return held

    def _hold_back(self, res_ids):
        """Who of these may not be written to now; the others are booked.

        :return: reason by id of the record
        """
        recipients = self._get_nurture_recipients(res_ids)
        held = {res_id: recipient.reason for res_id, recipient in recipients.items() if recipient.reason}
        return held | self._book_nurture({
            res_id: recipient for res_id, recipient in recipients.items() if res_id not in held})

    # ------------------------------------------------------------------
    # Before and after
    # ------------------------------------------------------------------

    def action_nurture_preview(self):
        return self.env['hr.nurture.preview']._open(self, send=False)

    def action_nurture_send(self):
        """Tell who would be left out, then send."""
        return self.env['hr.nurture.preview']._open(self, send=True)

    def action_view_nurture_held(self):
        self.ensure_one()
        return self._get_held_action()

    def _get_held_action(self, reason=None):
        action = self._action_view_traces_filtered('canceled')
        action['name'] = self.env._("Left Out")
        action['domain'] = [('mass_mailing_id', '=', self.id), ('nurture_reason', '!=', False),
                            ('trace_status', '=', 'cancel')]
        action['context'] = {'create': False}
        if reason:
            action['domain'].append(('nurture_reason', '=', reason))
        else:
            action['context']['search_default_group_nurture_reason'] = True
        return action

    def _get_preview(self):
        """Who was chosen and not written to yet; of an A/B test, among whom is picked.

        :return: why they would be left out, or False, by id of the record, in the order of sending
        """
        self.ensure_one()
        model = self.env[self.mailing_model_real]
        if not model.has_access('read'):
            # numbers only: Email Marketing sends to people whom its users may not open
            model = model.sudo()
        chosen = model.search(self._get_recipients_domain()).ids
        versions = self | (self._get_ab_testing_siblings_mailings() if self.ab_testing_enabled else self)
        done = set(self.env['mailing.trace'].sudo().search_fetch([
            ('mass_mailing_id', 'in', versions.ids), ('model', '=', self.mailing_model_real),
            ('is_test_trace', '!=', True)], ['res_id']).mapped('res_id'))
        recipients = self._get_nurture_recipients([res_id for res_id in chosen if res_id not in done])
        reasons = {res_id: recipient.reason or False for res_id, recipient in recipients.items()}
        known = {res_id: recipient for res_id, recipient in recipients.items()
                 if recipient.partner_id and not recipient.reason}
        return reasons | self._find_nurture_duplicates(known)

    def _get_preview_share(self):
        picked = self.ab_testing_enabled and not self.ab_testing_is_winner_mailing
        return self.ab_testing_pc if picked else 100

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def _action_send_mail(self, res_ids=None):
        """One server at a time sends a mailing: two would find the same bookings, and send twice."""
        for mailing in self:
            if not mailing._is_nurture():
                super(MailingMailing, mailing)._action_send_mail(res_ids)
                continue
            with mailing._send_alone() as alone:
                if not alone:
                    _logger.info("Mailing %s is being sent by another server.", mailing.id)
                elif res_ids or mailing._get_remaining_recipients():
                    super(MailingMailing, mailing)._action_send_mail(res_ids)
        return True

    @contextmanager
    def _send_alone(self):
        """:return: context of whether nobody else sends this mailing; the lock ends with the process"""
        with self.env['hr.nurture.contact']._short_transaction() as cr:
            cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", LOCK_NAME, self.id))
            (alone,) = cr.fetchone()
            if alone and not modules.module.current_test:
                # what the server before has sent is seen from here on
                self.env.cr.commit()  # pylint: disable=invalid-commit
            yield alone
