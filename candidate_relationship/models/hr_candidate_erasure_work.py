"""How a person is erased: emptied in place where figures count the rows, deleted where nobody does.

In plain SQL, as nothing of this may be tracked, mailed or computed; the rows of one person are
erased in one transaction, all or nothing.
"""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_candidate_erasure import COUNTS

_logger = logging.getLogger(__name__)

TEXT_TYPES = ('char', 'text', 'html', 'properties')
# Text that tells nothing about a person.
KEPT_TEXT = {
    'mail.message': ('model', 'email_layout_xmlid'),
    'mail.activity': ('res_model', 'user_tz'),
    'calendar.event': ('res_model', 'access_token', 'google_id', 'microsoft_id', 'ms_universal_event_id'),
    'discuss.channel': ('uuid', 'sfu_channel_uuid', 'sfu_server_url'),
    'hr.candidate.consent': ('wording_text', 'wording_lang'),
    'mailing.trace': ('model',),
    'survey.user_input': ('access_token', 'invite_token'),
}
# Tables that hold copies and shares of messages, with their column.
COPIES_OF_MESSAGES = {
    'mail_notification': 'mail_message_id',
    'mail_message_schedule': 'mail_message_id',
    'mail_message_reaction': 'message_id',
    'mail_message_translation': 'message_id',
    'mail_message_link_preview': 'message_id',
}
UNSENT = ('outgoing', 'process')
# Shorter names would be found in words that have nothing to do with them.
LEAST_LENGTH = 4


class HrCandidateErasure(models.Model):
    _inherit = 'hr.candidate.erasure'

    def _execute(self):
        """Erase the person of this row. Whoever may not be erased is left, and the row says why.

        :return: whether the person is erased
        """
        self.ensure_one()
        self = self.sudo()
        self._lock_person()
        block = self._get_block(self.partner_id, self.company_id)
        if block:
            self.write({'state': 'blocked', 'block_reason': block})
            return False
        found = self._collect(self.partner_id, self.company_id)
        self._lock(found['applicants'])
        self._lock(found['mails'])
        words = self._get_words(found)
        self._erase_mails(found)
        self._erase_documents(found)
        self._erase_ledgers(found)
        self._erase_contact(found)
        self._erase_leftovers(found, words)
        self.env.invalidate_all()
        self._book_done(found)
        return True

    def _book_done(self, found):
        self.write({
            'state': 'done',
            'partner_id': False,
            'block_reason': False,
            'done_datetime': fields.Datetime.now(),
            'partner_erased': bool(found['partner']),
            **{name: len(found[kind]) for kind, name in COUNTS.items()},
        })
        _logger.info("Erasure %s: %s applications, %s files.",
                     self.reference, self.applicant_count, self.attachment_count)

    # ------------------------------------------------------------------
    # Locks and helpers
    # ------------------------------------------------------------------

    def _lock_person(self):
        """Nobody asks, mails or merges this person meanwhile."""
        self._lock(self.partner_id)

    @api.model
    def _lock(self, records):
        """Wait for whoever changes these rows, e.g. for the mail that is just being sent.

        What changed meanwhile makes PostgreSQL refuse: then all of it is tried again, later or by Odoo.
        """
        if records:
            self.env.execute_query(SQL(
                "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR UPDATE",
                SQL.identifier(records._table), records._ids))

    @api.model
    def _get_erased_name(self, company):
        return self.with_context(lang=company.partner_id.lang or self.env.lang).env._("Erased candidate")

    @api.model
    def _empty(self, records, **values):
        """Take all text out of these rows, of fields of whatever module.

        :param values: what stands there instead, by name of the field
        """
        if not records:
            return
        kept = KEPT_TEXT.get(records._name, ())
        columns = {
            name: values.get(name) for name, field in records._fields.items()
            if field.store and field.column_type and name not in kept
            and (name in values or field.type in TEXT_TYPES)}
        columns.update(write_uid=self.env.uid, write_date=fields.Datetime.now())
        assignments = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in columns.items())
        self._update(records._table, assignments, self._in('id', records))

    @api.model
    def _delete(self, table, condition):
        self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), condition))

    @api.model
    def _update(self, table, assignments, condition):
        self.env.cr.execute(SQL("UPDATE %s SET %s WHERE %s", SQL.identifier(table), assignments, condition))

    def _get_words(self, found):
        """What names the person: to find the copies that are kept outside of any document."""
        texts = [found['applicants'].mapped(name) for name in ('partner_name', 'email_from', 'email_normalized')]
        texts.append([self.partner_id.name, self.partner_id.email, self.partner_id.email_normalized])
        return {text for some in texts for text in some if text and len(text) >= LEAST_LENGTH}

    # ------------------------------------------------------------------
    # Mails
    # ------------------------------------------------------------------

    def _erase_mails(self, found):
        """What waits to be sent is not sent any more; what was sent stays as a figure."""
        messages, mails = found['messages'], found['mails']
        self._cancel_traces(found['traces'])
        if mails:
            self._delete('mail_mail', SQL("id IN %s", mails._ids))
        self._delete('sms_sms', self._in_own_or_loose_sms(messages))
        found['planned'].unlink()
        if messages:
            self._erase_messages(messages)

    def _in_own_or_loose_sms(self, messages):
        return SQL(
            "mail_message_id IN %s OR (partner_id = %s AND mail_message_id IS NULL)",
            messages._ids or (0,), self.partner_id.id)

    @api.model
    def _cancel_traces(self, traces):
        unsent = traces.filtered(lambda trace: trace.trace_status in UNSENT)
        self._empty(traces)
        if unsent:
            self._update('mailing_trace', SQL("trace_status = 'cancel', failure_type = 'candidate_erased'"),
                         self._in('id', unsent))
        if traces:
            # where from somebody clicked
            self._update('link_tracker_click', SQL("ip = NULL"), self._in('mailing_trace_id', traces))

    @api.model
    def _erase_messages(self, messages):
        for table, column in COPIES_OF_MESSAGES.items():
            self._delete(table, self._in(column, messages))
        self._delete('mail_message_res_partner_rel', SQL(
            "%s AND NOT EXISTS (SELECT 1 FROM res_users WHERE res_users.partner_id = res_partner_id)",
            self._in('mail_message_id', messages)))
        self._delete('mail_tracking_value', SQL(
            "%s AND (field_id IS NULL OR field_id NOT IN %s)",
            self._in('mail_message_id', messages), self._get_kept_trackings()))
        self._empty(messages, body='')
        # colleagues stay the authors of what they did
        self._update('mail_message', SQL("author_id = NULL, author_guest_id = NULL"), SQL(
            "%s AND NOT EXISTS (SELECT 1 FROM res_users WHERE res_users.partner_id = author_id)",
            self._in('id', messages)))

    @api.model
    def _get_kept_trackings(self):
        """Ids of fields whose history tells what happened to an application, and nothing about the person."""
        kept = self.env['ir.model.fields'].sudo().search([
            ('model', '=', 'hr.applicant'),
            '|', ('ttype', 'in', ('selection', 'boolean')),
            '&', ('ttype', 'in', ('many2one', 'many2many')), ('relation', 'not in', ('res.partner', 'hr.applicant')),
        ])
        closed = self.env['ir.model.fields']._get('hr.applicant', 'date_closed')
        return (kept | closed)._ids

    # ------------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------------

    def _erase_documents(self, found):
        name = self._get_erased_name(self.company_id)
        found['attachments'].unlink()
        self._erase_applicants(found, name)
        self._erase_events(found, name)
        self._erase_answers(found['answers'])
        activities = found['activities']
        self._empty(activities.filtered(lambda activity: not activity.active), res_name=name)
        activities.filtered('active').unlink()
        for records in self._get_documents(found):
            self._delete('mail_followers', SQL(
                "res_model = %s AND res_id IN %s AND partner_id = %s",
                records._name, records._ids, self.partner_id.id))
        if found['partner']:
            self._delete('mail_followers', SQL("res_model = 'res.partner' AND res_id = %s", self.partner_id.id))

    def _erase_applicants(self, found, name):
        """Applications stay where they are, for the figures; talents leave the pools by being archived.

        Stock Odoo asks that a talent be in a pool: archived, it is in one and nobody finds it there.
        """
        self._empty(
            found['applicants'], partner_name=name, partner_id=None, message_main_attachment_id=None,
            availability=None, salary_expected=None, salary_proposed=None, candidate_erased=True)
        if found['talents']:
            self._update('hr_applicant', SQL("active = FALSE"), self._in('id', found['talents']))
        if found['promises']:
            self._empty(found['promises'], partner_name=name)

    def _erase_events(self, found, name):
        events = found['events']
        if not events:
            return
        self._delete('calendar_attendee', SQL(
            "%s AND partner_id = %s", self._in('event_id', events), self.partner_id.id))
        self._delete('calendar_event_res_partner_rel', SQL(
            "%s AND res_partner_id = %s", self._in('calendar_event_id', events), self.partner_id.id))
        synchronised = {flag: True for flag in ('need_sync', 'need_sync_m') if flag in events._fields}
        self._empty(events, name=name, **synchronised)
        self._update('calendar_event', SQL("active = FALSE"), SQL(
            "%s AND start > %s", self._in('id', events), fields.Datetime.now()))
        self._empty(found['channels'], name=name)
        if found['channels']:
            self._update('mail_guest', SQL("name = %s, email = NULL", name), SQL(
                "id IN (SELECT guest_id FROM discuss_channel_member WHERE %s)",
                self._in('channel_id', found['channels'])))

    def _erase_answers(self, answers):
        """Ticks and scores stay, words, dates and numbers that were typed in go."""
        if not answers:
            return
        self._empty(answers, partner_id=None)
        self._update('survey_user_input_line', SQL(
            "value_char_box = NULL, value_text_box = NULL, value_date = NULL, value_datetime = NULL,"
            " value_numerical_box = NULL"), self._in('user_input_id', answers))

    def _erase_ledgers(self, found):
        """Rows stay, so that what was counted stays counted."""
        self._empty(found['touches'], partner_id=None, message_id=None)
        consents = found['consents']
        opened = consents.filtered(lambda consent: consent.state in ('asked', 'given'))
        pending = {name: False for name in ('mail_pending',) if name in consents._fields}
        self._empty(consents, partner_id=None, **pending)
        if opened:
            self._update('hr_candidate_consent', SQL("state = 'withdrawn', ended_datetime = %s", fields.Datetime.now()),
                         self._in('id', opened))
        if found['entries']:
            self._update('hr_talent_pool_fill_entry', SQL("partner_id = NULL"), self._in('id', found['entries']))
        if found['contacts']:
            self._update('hr_nurture_contact', SQL("partner_id = NULL"), self._in('id', found['contacts']))
        # what was asked and answered stays counted
        self._empty(found['matches'], partner_id=None, facts=None)
        self._erase_enrollments(found['enrollments'])
        self._erase_invitations(found['invitations'])
        # nothing counts these
        found['wishes'].unlink()
        found['preferences'].unlink()
        self._update('hr_candidate_erasure', SQL("partner_id = NULL, keep_reason = NULL"), SQL(
            "partner_id = %s AND company_id = %s AND state IN ('done', 'cancelled')",
            self.partner_id.id, self.company_id.id))

    def _erase_enrollments(self, enrollments):
        enrollments.filtered(lambda enrollment: enrollment.state == 'running')._end('erased')
        self.env.flush_all()
        if enrollments:
            self._update('hr_nurture_enrollment', SQL("partner_id = NULL"), self._in('id', enrollments))

    def _erase_invitations(self, invitations):
        """That somebody was asked stays counted; the link in their mail leads nowhere, and to no row."""
        if not invitations:
            return
        self.env.flush_all()
        self._update('hr_survey_invitation', SQL(
            "partner_id = NULL, applicant_id = NULL, failure_reason = NULL, token = 'erased-' || gen_random_uuid(),"
            " state = CASE WHEN sent_date IS NOT NULL THEN 'expired' ELSE 'cancelled' END"),
            self._in('id', invitations))

    # ------------------------------------------------------------------
    # The contact
    # ------------------------------------------------------------------

    def _erase_contact(self, found):
        partner = found['partner']
        if not partner:
            return
        self._delete('res_partner_bank', SQL("partner_id = %s", partner.id))
        self._delete('res_partner_res_partner_category_rel', SQL("partner_id = %s", partner.id))
        if 'website.visitor' in self.env:
            self._delete('website_visitor', SQL("partner_id = %s", partner.id))
        name = self._get_erased_name(self.company_id)
        self._empty(
            partner, name=name, complete_name=name, active=False, state_id=None, country_id=None, industry_id=None,
            partner_latitude=None, partner_longitude=None)

    # ------------------------------------------------------------------
    # Copies outside of any document
    # ------------------------------------------------------------------

    def _erase_leftovers(self, found, words):
        """Wizards that are open, names of imported records, and what is on its way to browsers."""
        self._erase_wizards(found)
        for records in (found['applicants'], found['partner']):
            if records:
                self._delete('ir_model_data', SQL(
                    "model = %s AND res_id IN %s AND module LIKE %s", records._name, records._ids, r'\_\_%'))
        if words:
            patterns = [f"%{self._escape_like(text)}%" for word in words for text in (word, self._as_json(word))]
            self._delete('bus_bus', SQL("message LIKE ANY(%s)", patterns))

    @staticmethod
    def _escape_like(text):
        return text.replace('\\', '\\\\').replace('%', r'\%').replace('_', r'\_')

    @staticmethod
    def _as_json(text):
        return text.encode('ascii', 'backslashreplace').decode()

    def _erase_wizards(self, found):
        comodels = {'res.partner': found['partner']._ids, 'hr.applicant': found['applicants']._ids}
        for model in self.env.registry.values():
            if not model._transient or model._abstract or model._name in self._get_own_wizards():
                continue
            for name, field in model._fields.items():
                if field.store and field.type in ('many2one', 'many2many') and comodels.get(field.comodel_name):
                    self.env[model._name].sudo().search([(name, 'in', comodels[field.comodel_name])]).unlink()
        if found['applicants']:
            ids = '|'.join(map(str, found['applicants']._ids))
            self._delete('mail_compose_message', SQL("model = 'hr.applicant' AND res_ids ~ %s", rf'\m({ids})\M'))

    @api.model
    def _get_own_wizards(self):
        """The wizard that is erasing just now."""
        return ('hr.candidate.erase', 'hr.candidate.keep')

    @api.model
    def _erase_late_mail(self, mail):
        """A mail that was written to somebody while they were erased."""
        traces, message = mail.mailing_trace_ids, mail.mail_message_id
        self.env.flush_all()
        self._cancel_traces(traces)
        self._delete('mail_mail', SQL("id = %s", mail.id))
        self._erase_messages(message)
        self.env.invalidate_all()
