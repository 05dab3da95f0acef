"""The page of a person's preferences: its link, what it shows, and what each of its answers does."""

from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_list, hash_sign, verify_hash_signed

from .hr_candidate_consent import FREQUENCIES, NO_STATES, OPEN_STATES

TOKEN_SCOPE = 'candidate_relationship.preferences'
UNDO_SCOPE = 'candidate_relationship.preferences.undo'
# Longer than a consent is valid as a rule: whoever finds an old mail can still leave.
LINK_DAYS = 1095
UNDO_HOURS = 24
PAUSE_MONTHS = (1, 3, 6, 12)
# As the page offers them, in days; the rule of the company holds in any case.
OFFERED_FREQUENCIES = (*FREQUENCIES, 365)

# Who opened a link, and the mail that it came with: a topic and a trace, either may be empty.
Visit = namedtuple('Visit', ['partner', 'company', 'topic', 'trace'])
# What a person wishes, as plain values: sorted ids of topics, days, and an ISO date or None.
Wishes = namedtuple('Wishes', ['left', 'frequency', 'paused'])


class Standing(namedtuple('Standing', ['topics', 'left', 'frequency', 'paused_until', 'said_no'])):
    """What a person gets from a company now: ``topics`` may be left, ``left`` are those of them that were.

    ``said_no`` is whether no is the last word.
    """

    @property
    def kept(self):
        return self.topics - self.left

    @property
    def is_written_to(self):
        return bool(self.topics) and not self.said_no


class HrCandidatePreference(models.Model):
    _inherit = 'hr.candidate.preference'

    # ------------------------------------------------------------------
    # The link
    # ------------------------------------------------------------------

    @api.model
    def _get_page_url(self, partner, company, topic=None, trace=None, path=''):
        """Link to the page on which a person says what they want from a company.

        It names the person and the trace of the mail: a merge removes the one and moves the other,
        and a mailing that is deleted takes the other.

        :param topic: what the mail is about, which the page offers to leave
        :param trace: ``mailing.trace`` of the mail
        """
        payload = [partner.id, company.id, topic.id if topic else 0, trace.id if trace else 0]
        token = hash_sign(self.env(su=True), TOKEN_SCOPE, payload, expiration=timedelta(days=LINK_DAYS))
        return f"{self.get_base_url()}/candidate/preferences/{token}{path}"

    @api.model
    def _get_by_token(self, token):
        """:return: a ``Visit`` in superuser mode; None for whatever is no link to the page of somebody"""
        payload = self._read_token(TOKEN_SCOPE, token)
        if not payload:
            return None
        self = self.sudo()
        partner_id, company_id, topic_id, trace_id = payload
        company = self.env['res.company'].browse(company_id).exists()
        trace = self.env['mailing.trace'].browse(trace_id).exists()
        partner = self.env['res.partner'].browse(partner_id).exists() or self._get_person_of_trace(trace)
        if not company.active or not self._is_known(partner, company):
            return None
        topic = self.env['hr.nurture.topic'].browse(topic_id).exists()
        return Visit(partner, company, topic, trace)

    @api.model
    def _read_token(self, scope, token):
        """A form can send a file in place of a word."""
        try:
            return isinstance(token, str) and verify_hash_signed(self.env(su=True), scope, token) or None
        except (ValueError, OverflowError):
            return None

    @api.model
    def _get_person_of_trace(self, trace):
        """The person that a mail went to, whose contact was merged with another one since."""
        if trace.model not in self.env or 'partner_id' not in self.env[trace.model]._fields:
            return self.env['res.partner']
        return self.env[trace.model].browse(trace.res_id).exists().partner_id

    @api.model
    def _is_known(self, partner, company):
        """Whether the company knows this person; who was erased is known no more."""
        return bool(partner) and bool(self.env['hr.applicant'].sudo().with_context(active_test=False).search_count([
            ('partner_id', '=', partner.id), ('company_id', 'in', (company.id, False)),
            ('candidate_erased', '!=', True)], limit=1))

    # ------------------------------------------------------------------
    # What counts now
    # ------------------------------------------------------------------

    @api.model
    def _get_standing(self, partner, company):
        """What this person gets from this company, a ``Standing``; reads only."""
        consents = self.env['hr.candidate.consent'].sudo().with_company(company)
        # the last word on being written to: a no to keep the application is none
        decided = consents._get_rows(partner, company)._of('nurture').filtered(
            lambda row: row.state in ('given', *NO_STATES, 'expired'))
        agreed = decided.filtered(lambda row: row._is_valid())
        topics = self.env['hr.nurture.topic'].sudo()
        if agreed:
            topics = agreed.topic_ids.filtered('active')
        elif not company.sudo().candidate_consent_required:
            topics = topics.search([('company_id', 'in', (company.id, False))])
        wishes = self._get_wishes(partner, company)
        return Standing(
            topics, topics.filtered(lambda topic: topic.id in wishes.left), wishes.frequency,
            fields.Date.to_date(wishes.paused) or False, said_no=not agreed and decided[:1].state in NO_STATES)

    @api.model
    def _get_wishes(self, partner, company):
        row = self.sudo().search([('partner_id', '=', partner.id), ('company_id', '=', company.id)])
        if not row:
            return Wishes([], self._get_agreed_frequency(partner.id, company.id), None)
        # a pause that is over is none
        paused = row.paused_until and row.paused_until > fields.Date.today()
        return Wishes(
            sorted(row.left_topic_ids.ids), row.frequency_days,
            fields.Date.to_string(row.paused_until) if paused else None)

    @api.model
    def _describe(self, standing):
        """One sentence a line, in the language of the environment."""
        if standing.said_no:
            return [self.env._("We do not send you news.")]
        if not standing.topics:
            return [self.env._("We do not write to you at present.")]
        lines = self._describe_topics(standing)
        if standing.frequency:
            lines.append(self.env._("We write to you once in %s days at most.", standing.frequency))
        if standing.paused_until:
            lines.append(self.env._("We do not write to you before %s.", format_date(self.env, standing.paused_until)))
        return lines

    @api.model
    def _describe_topics(self, standing):
        lines = []
        if standing.kept:
            lines.append(self.env._("We write to you about: %s.", self._list_names(standing.kept)))
        if standing.left:
            lines.append(self.env._("We do not write to you about: %s.", self._list_names(standing.left)))
        return lines

    @api.model
    def _describe_wishes(self, standing):
        """What differs from the rule, for colleagues, in a few words; empty if nothing does."""
        parts = []
        if standing.left:
            parts.append(self.env._("not about %s", self._list_names(standing.left)))
        if standing.frequency:
            parts.append(self.env._("once in %s days at most", standing.frequency))
        if standing.paused_until:
            parts.append(self.env._("pause until %s", format_date(self.env, standing.paused_until)))
        return '; '.join(parts)

    @api.model
    def _list_names(self, topics):
        return format_list(self.env, topics.with_env(self.env).sudo().mapped('name'))

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    @api.model
    def _change(self, visit, kept=None, frequency=None, paused_until=None):
        """Book what a person chose on the page.

        :param kept: topics to go on with, of those that were offered; None: as they are
        :param frequency: days, None: as it is
        :param paused_until: date, False: no pause; None: as it is
        :return: what takes it back, see ``_undo``; None if nothing changed
        """
        before = self._get_wishes(visit.partner, visit.company)
        standing = self._get_standing(visit.partner, visit.company)
        left = set(before.left)
        if kept is not None:
            left = left - set(standing.topics.ids) | set((standing.topics - kept).ids)
        after = Wishes(
            sorted(left), before.frequency if frequency is None else frequency,
            before.paused if paused_until is None else fields.Date.to_string(paused_until or None) or None)
        if after == before:
            return None
        self._write_wishes(visit, after)
        self._note_change(visit, before, after)
        return self._prepare_undo(visit, before, after)

    @api.model
    def _leave_topic(self, visit):
        """Leave what the mail was about; whoever has left all topics wants no mail at all.

        :return: what takes it back; None if nothing changed
        """
        standing = self._get_standing(visit.partner, visit.company)
        if not visit.topic or not standing.kept - visit.topic:
            return self._leave_all(visit)
        if standing.said_no or visit.topic not in standing.kept:
            return None
        return self._change(visit, kept=standing.kept - visit.topic)

    @api.model
    def _leave_all(self, visit):
        """The person says no: to this company, and to nobody else who uses the address.

        :return: what takes it back; None if nothing changed
        """
        consents = self.env['hr.candidate.consent'].sudo()
        rows = consents._get_rows(visit.partner, visit.company)._of('nurture')
        before = {row.id: [row.id, row.state, row.mail_pending] for row in rows if row.state in OPEN_STATES}
        changed = consents._answer(
            visit.partner, visit.company, topics=self.env['hr.nurture.topic'], source='page')
        if not changed:
            return None
        wishes = self._get_wishes(visit.partner, visit.company)
        visit.trace._note_nurture_left()
        self._record_touch(visit, lambda env: env._("Preferences: no more news"))
        return self._prepare_undo(
            visit, wishes, wishes, [before.get(row.id, [row.id, None, False]) for row in changed])

    @api.model
    def _send_link_to_agree(self, visit):
        """Whoever said no agrees anew on the page of consent, whose link goes to the address and to nobody else.

        :return: whether the person has a mail with it, from now or from less than a day ago
        """
        if not visit.partner.email_normalized:
            return False
        row = self._get_for(visit.partner, visit.company)
        now = fields.Datetime.now()
        if row.link_sent_datetime and row.link_sent_datetime > now - timedelta(days=1):
            return True
        row.link_sent_datetime = now
        consents = self.env['hr.candidate.consent'].sudo().with_company(visit.company)
        if rows := consents._get_rows(visit.partner, visit.company):
            rows[:1]._send_confirmation()
        else:
            consents._ask(visit.partner, visit.company)
        return True

    @api.model
    def _write_wishes(self, visit, wishes, **vals):
        row = self._get_for(visit.partner, visit.company)
        row.write({
            'left_topic_ids': [(6, 0, wishes.left)], 'frequency_days': wishes.frequency,
            'paused_until': wishes.paused or False, 'source': 'page', 'note': False, 'note_user_id': False, **vals})

    @api.model
    def _note_change(self, visit, before, after):
        if set(after.left) - set(before.left):
            visit.trace._note_nurture_left()
        if self._is_slower(before, after):
            visit.trace._note_nurture_slowed()
        topics = self.env['hr.nurture.topic'].sudo().browse(set(after.left) - set(before.left))
        self._record_touch(visit, lambda env: self._summarize(env, topics, before, after), topics)

    @api.model
    def _is_slower(self, before, after):
        return after.frequency > before.frequency or bool(after.paused and after.paused > (before.paused or ''))

    @api.model
    def _summarize(self, env, topics, before, after):
        """What changed, for those who read the touches of the person."""
        parts = []
        if topics:
            parts.append(env._("left %s", format_list(env, topics.with_env(env).mapped('name'))))
        if set(before.left) - set(after.left):
            joined = env['hr.nurture.topic'].browse(set(before.left) - set(after.left)).exists()
            parts.append(env._("back to %s", format_list(env, joined.mapped('name'))))
        if after.frequency != before.frequency:
            parts.append(
                env._("once in %s days at most", after.frequency) if after.frequency else env._("as often as the rule"))
        if after.paused != before.paused:
            until = fields.Date.to_date(after.paused)
            parts.append(env._("pause until %s", format_date(env, until)) if until else env._("no pause"))
        return env._("Preferences: %s", '; '.join(parts))

    @api.model
    def _record_touch(self, visit, summarize, topics=None):
        """In the language of the company: colleagues read it, not the person."""
        env = self.with_context(lang=visit.company.partner_id.lang or 'en_US').sudo().env
        env['hr.candidate.touch']._record([{
            'partner_id': visit.partner.id,
            'company_id': visit.company.id,
            'applicant_id': visit.trace.model == 'hr.applicant' and visit.trace.res_id,
            'channel': 'page',
            'direction': 'in',
            'topic_id': topics.id if topics and len(topics) == 1 else None,
            'summary': summarize(env),
        }])

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------

    @api.model
    def _prepare_undo(self, visit, before, after, consents=()):
        """A token that takes one change back, for a day, as long as nothing else changed.

        :param consents: lists of id, state before (None: there was no row) and ``mail_pending``
        """
        payload = [visit.partner.id, visit.company.id, before, after, list(consents)]
        return hash_sign(self.env(su=True), UNDO_SCOPE, payload, expiration=timedelta(hours=UNDO_HOURS))

    @api.model
    def _undo(self, visit, token):
        """Take back the change of a token.

        :return: whether that was done; a token that was used, or is older than another change, does nothing
        """
        payload = self._read_token(UNDO_SCOPE, token)
        if not payload or payload[:2] != [visit.partner.id, visit.company.id]:
            return False
        before, after, consents = Wishes(*payload[2]), Wishes(*payload[3]), payload[4]
        if self._get_wishes(visit.partner, visit.company) != after or not self._is_last_no(visit, consents):
            return False
        self.env['hr.candidate.consent'].sudo().with_company(visit.company)._take_back_no(
            visit.partner, visit.company, consents)
        if before != after:
            self._write_wishes(visit, before)
        visit.trace._note_nurture_stayed()
        self._record_touch(visit, lambda env: env._("Preferences: change taken back"))
        return True

    @api.model
    def _is_last_no(self, visit, consents):
        """Whether nothing was said since these rows of the ledger said no."""
        rows = self.env['hr.candidate.consent'].sudo()._get_rows(visit.partner, visit.company)._of('nurture')
        if not consents:
            return True
        ids = [row_id for row_id, _state, _pending in consents]
        return rows[:1].id == max(ids) and all(row.state in NO_STATES for row in rows.browse(ids) & rows)


class HrCandidateConsent(models.Model):
    _inherit = 'hr.candidate.consent'

    @api.model
    def _take_back_no(self, partner, company, rows):
        """A person who said no a moment ago says that they did not mean it.

        What was agreed to is agreed to again, until the same day: the ledger keeps the no between.

        :param rows: lists of id, state before the no (None: there was no row) and ``mail_pending``
        """
        if not rows:
            return
        self._lock_ledger(partner, company)
        for row_id, state, pending in rows:
            row = self.browse(row_id)
            if state == 'given':
                self._book_yes(self.browse(), partner, company, row.purpose, row._prepare_again())
            elif state == 'asked':
                row.write({'state': 'asked', 'mail_pending': pending, 'ended_datetime': False, 'source': False})
            else:
                row.write({'state': 'renewed', 'ended_note': self.env._("Taken back by the person")})

    def _prepare_again(self):
        names = (
            'frequency_days', 'given_datetime', 'date_until', 'renewal_asked_datetime', 'source', 'note',
            'wording_version', 'wording_lang', 'wording_text')
        return {
            **{name: self[name] for name in names}, 'topic_ids': [(6, 0, self.topic_ids.ids)],
            'wording_id': self.wording_id.id, 'user_id': self.user_id.id}
