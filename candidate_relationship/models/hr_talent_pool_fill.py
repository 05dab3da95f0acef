"""Filling pools by their rule: on demand, and every night in batches."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from psycopg2.errors import UniqueViolation
from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# applications per transaction
BATCH = 2000
# more people than these are not let in while somebody waits for the page
AT_ONCE = 2000
# a pool is filled once a night, also if the job runs again by day for somebody who asked
HOURS_BETWEEN = 20
TRIES = 5
STATES = [
    ('queued', "Waiting"),
    ('running', "Running"),
    ('done', "Done"),
    ('failed', "Failed"),
    ('undoing', "Being Taken Back"),
    ('undone', "Taken Back"),
]


@dataclass
class Sorted:
    """What a rule would do with the persons it finds."""
    enter: list = field(default_factory=list)
    inside: list = field(default_factory=list)
    taken_out: list = field(default_factory=list)
    no_consent: list = field(default_factory=list)
    no_address: list = field(default_factory=list)


class HrTalentPoolFill(models.Model):
    """One run of a rule: who entered, so that it can be taken back, and who did not and why."""
    _name = 'hr.talent.pool.fill'
    _description = "Filling of a Talent Pool"
    _order = 'id desc'

    pool_id = fields.Many2one('hr.talent.pool', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='pool_id.company_id')
    user_id = fields.Many2one('res.users', string="Run By", ondelete='set null', help="Whose rights found the people.")
    nightly = fields.Boolean()
    state = fields.Selection(STATES, required=True, default='queued')
    finished_datetime = fields.Datetime(string="Finished")
    entered_count = fields.Integer(string="Entered")
    no_consent_count = fields.Integer(string="No Consent")
    no_address_count = fields.Integer(string="No Email", help="Without consent, and without an address to ask at.")
    taken_out_count = fields.Integer(string="Taken Out Before")
    kept_count = fields.Integer(string="Kept at Undo", help="Somebody has worked with them since.")
    error = fields.Text()
    entry_ids = fields.One2many('hr.talent.pool.fill.entry', 'fill_id', string="Who Entered")

    _one_at_work = models.UniqueIndex(
        "(pool_id) WHERE state IN ('queued', 'running')", "This pool is being filled already.")

    def _start(self):
        self.write({
            'state': 'running', 'no_consent_count': 0, 'no_address_count': 0, 'taken_out_count': 0})

    def _count(self, people, entered):
        self.write({
            'entered_count': self.entered_count + entered,
            'no_consent_count': self.no_consent_count + len(people.no_consent),
            'no_address_count': self.no_address_count + len(people.no_address),
            'taken_out_count': self.taken_out_count + len(people.taken_out),
        })

    def _finish(self):
        """A quiet night leaves no line behind."""
        if self.nightly and not self.entered_count:
            self.unlink()
        else:
            self.write({'state': 'done', 'finished_datetime': fields.Datetime.now()})

    def _book_entries(self, persons, sources, entered, created):
        """Who came in with this run, in one statement.

        :return: number of people
        """
        created, pool_id = set(created), self.pool_id.id
        rows = [
            (self.id, pool_id, person.company_id, person.talent_id, person.partner_id, source_id,
             person.talent_id in created)
            for person, source_id in zip(persons, sources, strict=True) if (person.talent_id, pool_id) in entered]
        if rows:
            execute_values(
                self.env.cr._obj,
                "INSERT INTO hr_talent_pool_fill_entry"
                " (fill_id, pool_id, company_id, talent_id, partner_id, application_id, created) VALUES %s",
                rows, page_size=len(rows))
            self.env['hr.talent.pool.fill.entry'].invalidate_model()
            self.invalidate_recordset(['entry_ids'])
        return len(rows)


class HrTalentPoolFillEntry(models.Model):
    """One person who came into a pool by its rule. Who is taken out later is not let in again by the rule."""
    _name = 'hr.talent.pool.fill.entry'
    _description = "Entry into a Talent Pool"
    _log_access = False
    _order = 'id'

    fill_id = fields.Many2one('hr.talent.pool.fill', required=True, index=True, ondelete='cascade')
    pool_id = fields.Many2one('hr.talent.pool', required=True, index=True, ondelete='cascade')
    # the person's, as a pool may be of all companies; it is kept when the talent goes
    company_id = fields.Many2one('res.company', ondelete='cascade')
    talent_id = fields.Many2one('hr.applicant', index='btree_not_null', ondelete='set null')
    partner_id = fields.Many2one('res.partner', string="Person", index='btree_not_null', ondelete='set null')
    application_id = fields.Many2one(
        'hr.applicant', string="Found By", index='btree_not_null', ondelete='set null')
    created = fields.Boolean(string="New Talent")


class HrTalentPool(models.Model):
    _inherit = 'hr.talent.pool'

    fill_ids = fields.One2many('hr.talent.pool.fill', 'pool_id', string="Runs")

    # ------------------------------------------------------------------
    # Whom
    # ------------------------------------------------------------------

    def _sort_people(self, persons):
        """Who of these persons enters this pool by its rule, and why the others don't."""
        result, taken_out = Sorted(), self._get_taken_out(persons)
        undecided = []
        for person in persons:
            if person.is_in(self):
                result.inside.append(person)
            elif self._is_taken_out(person, taken_out):
                result.taken_out.append(person)
            else:
                undecided.append(person)
        self._sort_by_consent(undecided, result)
        return result

    def _sort_by_consent(self, persons, result):
        applicants = self.env['hr.applicant'].sudo()
        if self.company_id:
            # an application of no company counts as one of the pool's
            applicants = applicants.with_company(self.company_id)
        first_ids = [person.given_ids[0] for person in persons]
        # of a person without contact nobody can have a consent; of the others all applications have the same
        agreed = set(applicants.browse(first_ids)._has_consent_to_keep()._ids)
        silent = [person for person in persons if person.given_ids[0] not in agreed]
        result.enter += [person for person in persons if person.given_ids[0] in agreed]
        reached = self._get_with_address(silent)
        for person in silent:
            (result.no_consent if person.partner_id in reached else result.no_address).append(person)

    @api.model
    def _get_with_address(self, persons):
        partners = self.env['res.partner'].sudo().with_context(active_test=False)
        return set(partners.search([
            ('id', 'in', [person.partner_id for person in persons]), ('email_normalized', '!=', False)])._ids)

    def _is_taken_out(self, person, taken_out):
        """Filed away as a talent, or let in by the rule before and taken out by somebody since."""
        if person.talents and person.talent_id in person.archived_talent_ids:
            return True
        partner_ids, application_ids = taken_out
        return person.partner_id in partner_ids or not application_ids.isdisjoint(person.application_ids)

    def _get_taken_out(self, persons):
        ids = [applicant_id for person in persons for applicant_id in person.application_ids]
        rows = self.env.execute_query(SQL(
            """
            SELECT entry.partner_id, entry.application_id
              FROM hr_talent_pool_fill_entry entry
             WHERE entry.pool_id = %s AND (entry.partner_id = ANY(%s) OR entry.application_id = ANY(%s))
            """, self.id, [person.partner_id for person in persons if person.partner_id], ids))
        return {row[0] for row in rows if row[0]}, {row[1] for row in rows if row[1]}

    # ------------------------------------------------------------------
    # How
    # ------------------------------------------------------------------

    def _fill_batch(self, fill, applicant_ids):
        """Let in whom the rule found and who may be kept; in the transaction of the caller.

        :return: number of people who entered
        """
        pool = self.sudo().with_company(self.company_id or self.env.company)
        persons = pool.env['hr.applicant'].browse(applicant_ids)._group_by_person()
        people = pool._sort_people(persons)
        sources = pool._get_best_applications(people.enter)
        entered, created = pool._put_in(people.enter) if people.enter else (set(), [])
        count = fill._book_entries(people.enter, sources, entered, created)
        fill._count(people, count)
        return count

    @api.model
    def _split_by_person(self, rows, size=BATCH):
        """Batches of application ids; nobody is in two.

        :param rows: ``(id, partner id)``, those of one person side by side
        """
        batch, last = [], None
        for applicant_id, partner_id in rows:
            if len(batch) >= size and (partner_id is None or partner_id != last):
                yield batch
                batch = []
            batch.append(applicant_id)
            last = partner_id
        if batch:
            yield batch

    def _get_missing(self, rows):
        """Without those whose talent is in this pool already: by night these are nearly all."""
        inside = {row[0] for row in self.env.execute_query(SQL(
            """SELECT applicant.id FROM hr_applicant applicant
                 JOIN hr_applicant_hr_talent_pool_rel rel ON rel.hr_applicant_id = applicant.pool_applicant_id
                WHERE rel.hr_talent_pool_id = %s""", self.id))}
        return [row for row in rows if row[0] not in inside]

    def _fill_now(self, user):
        """Fill while the user waits, in one transaction.

        :return: the ``hr.talent.pool.fill``
        """
        self.ensure_one()
        fill = self._make_fill(user, state='running')
        for batch in self._split_by_person(self._get_missing(self._find_by_rule(user))):
            self._fill_batch(fill, batch)
        fill._finish()
        self.sudo().write({'rule_last_run': fields.Datetime.now(), 'rule_error': False})
        return fill

    def _fill_later(self, user):
        """Hand it to the scheduled job, which begins at once."""
        fill = self._make_fill(user, state='queued')
        self.env.ref('candidate_relationship.ir_cron_pool_fill').sudo()._trigger()
        return fill

    def _make_fill(self, user, **vals):
        at_work = self.env['hr.talent.pool.fill'].sudo().search([
            ('pool_id', '=', self.id), ('state', 'in', ['queued', 'running'])], limit=1)
        if at_work:
            raise UserError(self.env._("The pool “%s” is being filled already.", self.name))
        return self.env['hr.talent.pool.fill'].sudo().create({'pool_id': self.id, 'user_id': user.id, **vals})

    # ------------------------------------------------------------------
    # By night
    # ------------------------------------------------------------------

    @api.model
    def _cron_fill_pools(self):
        """Take back runs, fill on demand, then every pool whose rule is to run by night.

        Each batch is committed, so a killed job goes on where it stood. A pool that another server is
        filling is left to it; an error of one pool is noted with it and stops no other.
        """
        self = self.sudo()
        if not self.env['hr.talent.pool.fill']._run_undoing():
            return
        tried, conflicts = self.browse(), Counter()
        while pool := self._get_due_pools(tried)[:1]:
            tried |= pool
            try:
                if not pool._fill_in_job(tried):
                    return
            except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation):
                # somebody else is at work with the same people
                self.env.cr.rollback()
                self.env.invalidate_all()
                conflicts[pool.id] += 1
                if conflicts[pool.id] < TRIES:
                    tried -= pool
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all()
                _logger.warning("Pool %s could not be filled.", pool.id, exc_info=True)
                pool._note_failure(error)
                self.env['ir.cron']._commit_progress(1)

    @api.model
    def _get_due_pools(self, tried=()):
        """Pools that wait to be filled: somebody asked, a run was interrupted, or the night has come."""
        asked = self.env['hr.talent.pool.fill'].search([('state', 'in', ['queued', 'running'])]).pool_id
        night = fields.Datetime.now() - timedelta(hours=HOURS_BETWEEN)
        due = self.search([
            ('rule_active', '=', True), '|', ('rule_last_run', '=', False), ('rule_last_run', '<', night)], order='id')
        return (asked | due) - (tried or self.browse())

    def _fill_in_job(self, tried):
        """Fill this pool, batch by batch.

        :return: whether there is time left
        """
        fill = self._lock_fill()
        if not fill:
            return True
        user = fill.user_id
        if not self._is_rule_confirmed(user):
            self._note_failure(UserError(self.env._(
                "The rule lets in everybody or nearly so. Open “Fill Now…” and confirm that this is meant.")))
            return bool(self.env['ir.cron']._commit_progress(1, remaining=len(self._get_due_pools(tried))))
        fill._start()
        rows = self._get_missing(self._find_by_rule(user))
        remaining = len(rows)
        for batch in self._split_by_person(rows):
            self._fill_batch(fill, batch)
            remaining -= len(batch)
            if not self.env['ir.cron']._commit_progress(len(batch), remaining=remaining + 1):
                return False
            self.env.invalidate_all()
            if self._lock_fill() != fill:
                # another server has taken over
                return True
        fill._finish()
        self.write({'rule_last_run': fields.Datetime.now(), 'rule_error': False})
        return bool(self.env['ir.cron']._commit_progress(1, remaining=len(self._get_due_pools(tried))))

    def _lock_fill(self):
        """The run of this pool that is to be worked on, or nothing if another server has the pool.

        The lock ends with each batch. Begun runs are gone on with.
        """
        pool = self.try_lock_for_update(allow_referencing=True)
        fills = self.env['hr.talent.pool.fill']
        if not pool:
            return fills
        fill = fills.search([('pool_id', '=', pool.id), ('state', 'in', ['queued', 'running'])], limit=1)
        if fill or pool not in pool._get_due_pools():
            return fill
        return fills.create({
            'pool_id': pool.id, 'user_id': pool.rule_user_id.id, 'nightly': True, 'state': 'running'})

    def _note_failure(self, error):
        """What was wrong, on the pool and on the run; the pool is tried again the next night."""
        text = str(error.args[0] if isinstance(error, UserError) and error.args else error) or type(error).__name__
        fills = self.env['hr.talent.pool.fill'].search([
            ('pool_id', '=', self.id), ('state', 'in', ['queued', 'running'])])
        fills.write({'state': 'failed', 'error': text, 'finished_datetime': fields.Datetime.now()})
        self.write({'rule_error': text, 'rule_last_run': fields.Datetime.now()})

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_fill(self):
        self.ensure_one()
        self.check_access('write')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Fill “%s”", self.name),
            'res_model': 'hr.talent.pool.fill.wizard',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_pool_id': self.id},
        }
