"""Scheduled job: writes the mails that ask, asks for renewal, and ends what has run out."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_candidate_consent import DECIDED_STATES, NO_STATES

BATCH = 200


class HrCandidateConsent(models.Model):
    _inherit = 'hr.candidate.consent'

    @api.model
    def _cron_consent(self):
        """In batches; safe to run on two servers at once, and goes on where it stood when killed."""
        self = self.sudo()
        jobs = (
            (self._get_run_out_domain(), '_expire'),
            (self._get_silent_domain(), '_end_questions'),
            (self._get_pending_domain(), '_send_questions'),
            (self._get_renewal_domain(), '_ask_for_renewal'),
        )
        for domain, method in jobs:
            if not self._run_batches(domain, method):
                break

    @api.model
    def _run_batches(self, domain, method):
        """Work through what the domain selects; rows that another server holds are left to it.

        :return: whether there is time left for more
        """
        held = self.browse()
        while rows := self.search(domain & Domain('id', 'not in', held.ids), limit=BATCH, order='id'):
            locked = rows.try_lock_for_update().filtered_domain(domain)
            getattr(locked, method)()
            # what is left of the batch belongs to another server
            held |= rows - locked | locked.filtered_domain(domain)
            remaining = self.search_count(domain & Domain('id', 'not in', held.ids))
            if not self.env['ir.cron']._commit_progress(len(locked), remaining=remaining):
                return False
        return True

    # ------------------------------------------------------------------
    # Running out
    # ------------------------------------------------------------------

    @api.model
    def _get_run_out_domain(self):
        return Domain('state', '=', 'given') & Domain('date_until', '<', fields.Date.today())

    def _expire(self):
        """Nobody is told: silence is no. Nurturing ended the day before, as the date counts, not the state."""
        self.write({'state': 'expired', 'ended_datetime': fields.Datetime.now()})

    # ------------------------------------------------------------------
    # Silence
    # ------------------------------------------------------------------

    @api.model
    def _get_silent_domain(self):
        """Questions whose link has run out without an answer."""
        companies = self.env['res.company'].sudo().with_context(active_test=False).search([])
        now = fields.Datetime.now()
        silent = Domain.OR(
            Domain('company_id', 'in', same.ids) & Domain('asked_datetime', '<', now - timedelta(days=days))
            for days, same in companies.grouped('candidate_link_days').items())
        return silent & Domain('state', '=', 'asked') & Domain('mail_pending', '=', False)

    def _end_questions(self):
        """Silence is no, and the end of a question can be the beginning of erasure.

        It takes back no other answer: where the person agreed to something, or said no before, that
        stays the last word, and the question is done with.
        """
        answered = self.filtered(self._get_answer_finder())
        answered.write({'state': 'renewed', 'ended_datetime': fields.Datetime.now()})
        (self - answered)._expire()

    def _get_answer_finder(self):
        """:return: function that tells of a row of these whether its person's word is known without it"""
        rows = self.search([
            ('partner_id', 'in', self.partner_id.ids), ('company_id', 'in', self.company_id.ids),
            ('state', 'in', DECIDED_STATES)], order='id desc')
        valid = {(row.partner_id, row.company_id) for row in rows if row._is_valid()}
        last = {}
        for row in rows:
            last.setdefault((row.partner_id, row.company_id, row.purpose), row.state)
        return lambda row: (row.partner_id, row.company_id) in valid or last.get(
            (row.partner_id, row.company_id, row.purpose)) in NO_STATES

    # ------------------------------------------------------------------
    # Renewal
    # ------------------------------------------------------------------

    @api.model
    def _get_renewal_domain(self):
        """Consents that run out soon and whose owner can be asked, and was not."""
        companies = self.env['res.company'].sudo().search([('candidate_consent_required', '=', True)])
        today = fields.Date.today()
        soon = Domain.OR(
            Domain('company_id', 'in', same.ids) & Domain('date_until', '<=', today + timedelta(days=days))
            for days, same in companies.grouped('candidate_renewal_days').items())
        return (
            soon & Domain('state', '=', 'given') & Domain('date_until', '>=', today)
            & Domain('renewal_asked_datetime', '=', False)
            & Domain('partner_id', 'any', [('email_normalized', '!=', False), ('is_blacklisted', '=', False)]))

    def _ask_for_renewal(self):
        """One mail to each person, though the two purposes are two rows.

        The row with the lower id carries the mail: who holds it, asks.
        """
        due = self.search(self._get_renewal_domain() & Domain('partner_id', 'in', self.partner_id.ids), order='id')
        carriers = self.browse()
        for rows in due.grouped(lambda row: (row.partner_id, row.company_id)).values():
            carriers |= rows[0] & self
        # the others of a carrier are asked with it
        told = due.filtered(lambda row: any(
            row.partner_id == carrier.partner_id and row.company_id == carrier.company_id for carrier in carriers))
        told.write({'renewal_asked_datetime': fields.Datetime.now()})
        carriers._send_consent_mail('mail_template_consent_renew')

    # ------------------------------------------------------------------
    # Erasure is due
    # ------------------------------------------------------------------

    @api.model
    def _get_grace_over_domain(self):
        """Rows whose owner's data is due for erasure, for the company of the row.

        The last word of the person was no, or silence where consent is needed, for longer than the
        grace period; and nothing that is valid or still open says otherwise.
        """
        return Domain.custom(to_sql=self._grace_over_to_sql)

    @api.model
    def _grace_over_to_sql(self, model, alias, query):
        model.env['hr.candidate.consent'].flush_model()
        model.env['res.company'].flush_model()
        row = SQL.identifier(alias)
        return SQL(
            """EXISTS (
                SELECT FROM res_company company
                 WHERE company.id = %(row)s.company_id AND %(row)s.partner_id IS NOT NULL
                   AND (%(row)s.state IN ('declined', 'withdrawn') OR company.candidate_consent_required)
                   AND CASE WHEN %(row)s.state IN ('declined', 'withdrawn', 'expired') THEN %(row)s.ended_datetime
                            WHEN %(row)s.state = 'asked'
                            THEN %(row)s.asked_datetime + company.candidate_link_days * INTERVAL '1 day'
                       END < %(now)s - company.candidate_erasure_grace_days * INTERVAL '1 day'
                   AND NOT EXISTS (
                       SELECT FROM hr_candidate_consent other
                        WHERE other.partner_id = %(row)s.partner_id AND other.company_id = %(row)s.company_id
                          AND other.id != %(row)s.id AND other.state != 'renewed'
                          AND (other.state = 'given' OR COALESCE(other.ended_datetime, other.asked_datetime
                               + company.candidate_link_days * INTERVAL '1 day')
                               >= %(now)s - company.candidate_erasure_grace_days * INTERVAL '1 day')))""",
            row=row, now=fields.Datetime.now())
