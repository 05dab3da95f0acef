"""Scheduled job: queues people whose consent has ended and erases those who are due."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .hr_candidate_erasure import CONSENT_REASONS

_logger = logging.getLogger(__name__)

BATCH = 1000
# A person who could not be erased, as somebody else was changing them, is tried again so much later.
AGAIN_MINUTES = 5


class HrCandidateErasure(models.Model):
    _inherit = 'hr.candidate.erasure'

    # ------------------------------------------------------------------
    # Queue
    # ------------------------------------------------------------------

    @api.model
    def _cron_queue(self):
        """Queue whose consent has ended; look again at those in the queue."""
        self = self.sudo()
        self._review()
        progress = self.env['ir.cron']._commit_progress
        while count := self._queue_ended_consents():
            if not progress(count, remaining=BATCH if count == BATCH else 0) or count < BATCH:
                break

    @api.model
    def _review(self):
        """Who has agreed again is kept; who is not in the way any more is scheduled again."""
        self._cancel_renewed(Domain.TRUE)
        for row in self.search(Domain('state', '=', 'blocked')):
            block = row._get_block(row.partner_id, row.company_id)
            row.write({'block_reason': block} if block else {'block_reason': False, 'state': 'scheduled'})

    @api.model
    def _cancel_renewed(self, domain):
        """Those of the domain whose consent had ended, and who agreed again or need not be asked any more."""
        opened = Domain('state', 'in', ('scheduled', 'blocked')) & Domain('reason', 'in', CONSENT_REASONS)
        self.search(opened & domain).filtered(
            lambda row: row._has_valid_consent() or not row.company_id.candidate_consent_required
        ).write({'state': 'cancelled', 'block_reason': False})

    def _has_valid_consent(self):
        today = fields.Date.today()
        return bool(self.env['hr.candidate.consent'].sudo().search_count([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id), ('purpose', '=', 'keep'),
            ('state', '=', 'given'), '|', ('date_until', '=', False), ('date_until', '>=', today)], limit=1))

    @api.model
    def _queue_ended_consents(self):
        """One batch, in one statement that two servers may run at once.

        They are erased when the company's grace is over, so that until then a manager can keep them.

        :return: number of people queued
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "INSERT INTO hr_candidate_erasure (reference, partner_id, company_id, reason, user_id, scheduled_datetime,"
            " state, create_uid, write_uid, create_date, write_date)"
            " SELECT upper(substr(md5(random()::text || ended.partner_id::text), 1, 12)), ended.partner_id,"
            "        ended.company_id, ended.state, %(uid)s,"
            "        ended.moment + company.candidate_erasure_grace_days * INTERVAL '1 day', 'scheduled',"
            "        %(uid)s, %(uid)s, %(now)s, %(now)s"
            "   FROM (%(ended)s) ended"
            "   JOIN res_company company ON company.id = ended.company_id AND company.candidate_consent_required"
            "  WHERE %(may)s"
            "  ORDER BY ended.moment LIMIT %(limit)s"
            " ON CONFLICT DO NOTHING RETURNING id",
            uid=self.env.uid, now=fields.Datetime.now(), ended=self._select_ended_consents(),
            may=SQL(" AND ").join(self._get_queue_conditions()), limit=BATCH))
        self.invalidate_model()
        return len(rows)

    @api.model
    def _select_ended_consents(self):
        """The last word of each person on being kept, where it was no or silence."""
        return SQL(
            "SELECT last.* FROM ("
            " SELECT DISTINCT ON (partner_id, company_id) partner_id, company_id, state,"
            "        COALESCE(ended_datetime, write_date) AS moment"
            "   FROM hr_candidate_consent"
            "  WHERE purpose = 'keep' AND partner_id IS NOT NULL AND state IN ('expired', 'withdrawn', 'declined')"
            "  ORDER BY partner_id, company_id, COALESCE(ended_datetime, write_date) DESC) last"
            " WHERE NOT EXISTS (SELECT 1 FROM hr_candidate_consent given"
            "        WHERE given.partner_id = last.partner_id AND given.company_id = last.company_id"
            "          AND given.purpose = 'keep' AND given.state = 'given'"
            "          AND (given.date_until IS NULL OR given.date_until >= %s))", fields.Date.today())

    @api.model
    def _get_queue_conditions(self):
        """Only people who applied here, are not in process and did not come to work with us."""
        applicant = SQL(
            "FROM hr_applicant applicant LEFT JOIN hr_recruitment_stage stage ON stage.id = applicant.stage_id"
            " WHERE applicant.partner_id = ended.partner_id AND applicant.company_id = ended.company_id"
            " AND applicant.candidate_erased IS NOT TRUE")
        talent = SQL(
            "EXISTS (SELECT 1 FROM hr_applicant_hr_talent_pool_rel pool WHERE pool.hr_applicant_id = applicant.id)")
        return [
            SQL("EXISTS (SELECT 1 %s)", applicant),
            SQL("NOT EXISTS (SELECT 1 %s AND NOT %s AND (applicant.employee_id IS NOT NULL"
                " OR applicant.date_closed IS NOT NULL OR stage.hired_stage"
                " OR (applicant.active AND applicant.refuse_reason_id IS NULL)))", applicant, talent),
            SQL("NOT EXISTS (SELECT 1 FROM hr_employee employee WHERE employee.work_contact_id = ended.partner_id"
                " AND employee.company_id = ended.company_id)"),
            SQL("NOT EXISTS (SELECT 1 FROM res_users WHERE res_users.partner_id = ended.partner_id)"),
            # whom a manager decided to keep is asked about again only when a later consent ends
            SQL("NOT EXISTS (SELECT 1 FROM hr_candidate_erasure queued WHERE queued.partner_id = ended.partner_id"
                " AND queued.company_id = ended.company_id AND (queued.state IN ('scheduled', 'blocked')"
                " OR (queued.state = 'cancelled' AND queued.write_date >= ended.moment)))"),
        ]

    # ------------------------------------------------------------------
    # Erase
    # ------------------------------------------------------------------

    @api.model
    def _get_due_domain(self):
        return Domain('state', '=', 'scheduled') & Domain('scheduled_datetime', '<=', fields.Datetime.now())

    @api.model
    def _cron_erase(self):
        """Erase who is due: each person in a transaction of their own, so that a killed job has erased
        some people wholly and the others not at all. Two servers share the work."""
        self = self.sudo()
        seen = self.browse()
        later = False
        while row := self.search(
                self._get_due_domain() & Domain('id', 'not in', seen.ids), order='scheduled_datetime, id', limit=1):
            seen |= row
            later |= not row._erase_apart()
            remaining = self.search_count(self._get_due_domain() & Domain('id', 'not in', seen.ids))
            if not self.env['ir.cron']._commit_progress(1, remaining=remaining):
                break
        if later:
            self.env.ref('candidate_relationship.ir_cron_candidate_erase')._trigger(
                fields.Datetime.now() + timedelta(minutes=AGAIN_MINUTES))

    def _erase_apart(self):
        """Erase this person and nobody else; what goes wrong is undone and noted.

        :return: False where somebody else is changing the person just now
        """
        try:
            with self.env.cr.savepoint():
                row = self.try_lock_for_update().filtered_domain(self._get_due_domain())
                if row and row.reason in CONSENT_REASONS and row._has_valid_consent():
                    row.state = 'cancelled'
                elif row:
                    row._execute()
                return bool(row)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("Erasure %s is put off: the person is being changed.", self.reference)
            return False
        except Exception:
            _logger.exception("Erasure %s failed.", self.reference)
            self.write({'state': 'blocked', 'block_reason': 'error'})
            return True


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _on_consent_given(self, company):
        """Who has agreed again leaves the queue at once: nobody is to erase them meanwhile."""
        self.env['hr.candidate.erasure'].sudo()._cancel_renewed(
            Domain('partner_id', 'in', self.ids) & Domain('company_id', '=', company.id))
        return super()._on_consent_given(company)
