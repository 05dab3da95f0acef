"""Answers become figures: counted by facts, cut into blocks, and deleted, in one transaction."""

import logging
from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, mute_logger

from .hr_experience_partition import DIMENSIONS, Cell, find_block, make_blocks

_logger = logging.getLogger(__name__)

LOCK_NAME = 'hr_experience_publish'
TRIES = 5
MANAGER = 'hr_recruitment.group_hr_recruitment_manager'
PROMOTER, PASSIVE = 9, 7
COLUMNS = ('month', *DIMENSIONS)
COUNTS = ('answers', 'promoters', 'passives', 'detractors')
# How many months are not told apart: who looks at quarters sees smaller departments in exchange.
PERIODS = {'weekly': 1, 'monthly': 1, 'quarterly': 3}
# what is compared instead of nothing: it equals itself, so that tables are joined by hash
NOTHING = {'month': "'0001-01-01'", 'department_id': "0", 'family_id': "0", 'stage_group': "''", 'outcome': "''"}
TYPES = {'month': 'date', 'stage_group': 'varchar', 'outcome': 'varchar'}


class HrExperienceBatch(models.Model):
    _inherit = 'hr.experience.batch'

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    @api.model
    def _cron_publish(self):
        """Each company and questionnaire in a transaction of its own; what waits stays for the next day."""
        waiting = self.sudo()._get_waiting()
        for number, (company, survey) in enumerate(waiting):
            until = self._get_publish_until(company, survey)
            if until:
                self.sudo()._publish_safely(company, survey, until)
            if not self.env['ir.cron']._commit_progress(1, remaining=len(waiting) - number - 1):
                break

    @api.model
    def action_publish_now(self):
        """Publish what waits in the user's company, if it is enough: else it must wait.

        :return: whether there was enough
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only administrators of the recruitment may publish answers."))
        batches, today = self.sudo(), self._get_today(self.env.company)
        found = [batches._publish(company, survey, today)
                 for company, survey in batches._get_waiting() if company == batches.env.company]
        return any(found)

    @api.model
    def _get_waiting(self):
        """Pairs of company and questionnaire that have answers, however few."""
        self.env.cr.execute(SQL(
            "SELECT DISTINCT company_id, survey_id FROM hr_experience_answer WHERE published IS NOT TRUE"
            " ORDER BY 1, 2"))
        companies, surveys = self.env['res.company'], self.env['survey.survey']
        return [(companies.browse(company), surveys.browse(survey)) for company, survey in self.env.cr.fetchall()]

    @api.model
    def _get_today(self, company):
        zone = company.sudo().resource_calendar_id.tz or 'UTC'
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _get_publish_until(self, company, survey):
        """The last day whose answers may be published: of the month or quarter that is over.

        Weekly there is no such day: a batch follows a week after the one before.
        """
        today = self._get_today(company)
        if company.experience_publish == 'weekly':
            week_ago = [('published_date', '>', today - timedelta(days=7))]
            lately = self.sudo().search_count(
                [('company_id', '=', company.id), ('survey_id', '=', survey.id), *week_ago], limit=1)
            return not lately and today
        months = 1 if company.experience_publish == 'monthly' else (today.month - 1) % 3 + 1
        return today + relativedelta(day=1, months=1 - months, days=-1)

    @api.model
    def _has_enough_waiting(self, company):
        """Only whether, never how many: a number that goes up tells when somebody answered."""
        self.env.cr.execute(SQL(
            "SELECT 1 FROM hr_experience_answer WHERE company_id = %s AND published IS NOT TRUE GROUP BY survey_id"
            " HAVING COUNT(*) >= GREATEST(%s, MAX(threshold))", company.id, company.sudo().experience_threshold))
        return bool(self.env.cr.rowcount)

    @api.model
    def _publish_safely(self, company, survey, until):
        """An answer that comes in at the same moment is put in among the others: then it is tried again."""
        for _number in range(TRIES):
            try:
                with mute_logger('odoo.sql_db'):
                    return self._publish(company, survey, until)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
            except Exception:
                # the others are not to wait for it
                self.env.cr.rollback()
                _logger.exception("Experience answers of company %s could not be published.", company.id)
                break
        return self.browse()

    # ------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------

    @api.model
    def _publish(self, company, survey, until):
        """Publish all answers of the months up to that day, if there are enough.

        Of two servers one does it: the other one finds the lock taken, or the answers gone.

        :return: the batch, or none
        """
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", LOCK_NAME, company.id))
        if not self.env.cr.fetchone()[0]:
            return self.browse()
        taken = SQL(
            "answer.company_id = %s AND answer.survey_id IS NOT DISTINCT FROM %s AND answer.month <= %s"
            " AND answer.published IS NOT TRUE", company.id, survey.id or None, until)
        cells, threshold = self._count_cells(taken), self._get_threshold(company, taken)
        blocks = make_blocks(cells, threshold, PERIODS[company.experience_publish])
        if not blocks:
            return self.browse()
        batch = self._make_batch(company, survey, until, cells, blocks, threshold)
        batch._store(blocks, taken)
        batch._publish_themes()
        batch._publish_comments(blocks, until)
        self.env.cr.execute(SQL("DELETE FROM hr_experience_answer answer WHERE %s", taken))
        self.env.invalidate_all()
        self.env['hr.experience.finding']._look_for(company)
        return batch

    @api.model
    def _count_cells(self, taken):
        columns = SQL(", ").join(SQL.identifier('answer', name) for name in COLUMNS)
        self.env.cr.execute(SQL(
            "SELECT %s, COUNT(*), COUNT(*) FILTER (WHERE answer.nps >= %s), COUNT(*) FILTER (WHERE answer.nps < %s)"
            " FROM hr_experience_answer answer WHERE %s GROUP BY %s", columns, PROMOTER, PASSIVE, taken, columns))
        return [Cell(month, tuple(rest[:-3]), *rest[-3:]) for month, *rest in self.env.cr.fetchall()]

    @api.model
    def _get_threshold(self, company, taken):
        """A threshold that was lowered since does not break what whoever answered before was promised."""
        ((promised,),) = self.env.execute_query(SQL(
            "SELECT MAX(answer.threshold) FROM hr_experience_answer answer WHERE %s", taken))
        return max(company.experience_threshold, promised or 0)

    @api.model
    def _make_batch(self, company, survey, until, cells, blocks, threshold):
        """Everybody who was asked since the batch before is counted in this one."""
        before, today = self._get_before(company, survey), self._get_today(company)
        return self.create({
            'company_id': company.id,
            'survey_id': survey.id,
            'date': max(block.month for block in blocks),
            'published_date': today,
            # who is asked later on this day is counted in the next one
            'invited_until': max(filter(None, (min(until, today - timedelta(days=1)), before.invited_until))),
            'threshold': threshold,
            'answers': sum(cell.count for cell in cells),
            'invited': 0,
        })

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _store(self, blocks, taken):
        """Write the blocks and what is counted in them, from the answers with their blocks beside them."""
        ids, invited = self._get_new_ids('hr_experience_block', len(blocks)), self._count_invited(blocks)
        self.invited = sum(invited)
        self.flush_recordset()
        self._insert_blocks(ids, blocks, invited)
        self.env.cr.execute(SQL(
            "CREATE TEMPORARY TABLE experience_taken ON COMMIT DROP AS"
            " SELECT part.block_id, answer.nps, answer.statements, answer.themes %s",
            self._get_joined(self._get_parts(ids, blocks), taken)))
        self._insert_statements()
        self.env['hr.experience.complaint']._take_over()
        self.env.cr.execute(SQL("DROP TABLE experience_taken"))

    @api.model
    def _get_new_ids(self, table, count):
        self.env.cr.execute(SQL("SELECT nextval(%s) FROM generate_series(1, %s)", f'{table}_id_seq', count))
        return [new_id for new_id, in self.env.cr.fetchall()]

    def _count_invited(self, blocks):
        """How many people like those of each block were asked since the batch before.

        Who was asked before that may answer now: a block can have more answers than invitations.

        :return: list of numbers
        """
        places, invited = {id(block): place for place, block in enumerate(blocks)}, Counter()
        for count, month, *facts in self._get_invited_facts():
            invited[places[id(find_block(blocks, month, facts))]] += count
        return [invited[place] for place in range(len(blocks))]

    def _get_invited_facts(self):
        """Invitations since the batch before, counted by month and facts."""
        facts = SQL(", ").join(SQL.identifier(name) for name in DIMENSIONS)
        before = self._get_before(self.company_id, self.survey_id)
        self.env.cr.execute(SQL(
            """
            SELECT COUNT(*), DATE_TRUNC('month', sent_date)::date, %(facts)s FROM hr_survey_invitation
             WHERE company_id = %(company)s AND survey_id = %(survey)s
               AND sent_date <= %(until)s AND sent_date > %(since)s GROUP BY 2, %(facts)s
            """, facts=facts, company=self.company_id.id, survey=self.survey_id.id or None, until=self.invited_until,
            since=before.invited_until or fields.Date.to_date('1900-01-01')))
        return self.env.cr.fetchall()

    def _has_invited(self):
        """Whether anybody was asked by this database: else there is no share of those who were."""
        return bool(self.env['hr.survey.invitation'].search_count([
            ('company_id', '=', self.company_id.id), ('survey_id', '=', self.survey_id.id),
            ('sent_date', '<=', self.invited_until)], limit=1))

    def _get_before(self, company, survey):
        return self.search(
            [('company_id', '=', company.id), ('survey_id', '=', survey.id), ('id', 'not in', self.ids)],
            order='invited_until desc, id desc', limit=1)

    @api.model
    def _get_parts(self, ids, blocks):
        """``SELECT`` of which block answers go into, by their month and facts."""
        rows = [(block_id, cell.month, *cell.facts)
                for block_id, block in zip(ids, blocks, strict=True) for cell in block.cells]
        return self._get_table(['block_id', *COLUMNS], rows)

    @api.model
    def _get_table(self, names, rows):
        """``SELECT`` of these rows."""
        columns = SQL(", ").join(
            SQL("%s::%s[]", list(values), SQL(TYPES.get(name, 'int')))
            for name, values in zip(names, zip(*rows, strict=True), strict=True))
        return SQL("SELECT * FROM unnest(%s) AS part (%s)", columns, SQL(", ").join(map(SQL.identifier, names)))

    @api.model
    def _get_same(self, table):
        """Whether a row belongs to a part."""
        return SQL(" AND ").join(
            SQL("COALESCE(%(table)s.%(name)s, %(nothing)s) = COALESCE(part.%(name)s, %(nothing)s)",
                table=SQL.identifier(table), name=SQL.identifier(name), nothing=SQL(NOTHING[name]))
            for name in COLUMNS)

    @api.model
    def _get_joined(self, parts, taken):
        """``FROM`` the answers that are taken, each with its block."""
        return SQL(
            "FROM hr_experience_answer answer JOIN (%s) part ON %s WHERE %s", parts, self._get_same('answer'), taken)

    def _insert_blocks(self, ids, blocks, invited):
        counts = dict(zip(COUNTS, zip(*(self._sum_up(block.cells) for block in blocks), strict=True), strict=True))
        answered = counts['answers'] if self._has_invited() else [0] * len(blocks)
        self._insert_facts(
            'hr_experience_block', ids, blocks, {**counts, 'invited': invited, 'answers_invited': answered})

    def _insert_facts(self, table, ids, blocks, counts):
        """:param counts: one number for each block, by name of the column"""
        own = (self.id, self.company_id.id, self.survey_id.id or None)
        rows = [(block_id, *own, block.month, *block.facts, *numbers)
                for block_id, block, *numbers in zip(ids, blocks, *counts.values(), strict=True)]
        names = ['id', 'batch_id', 'company_id', 'survey_id', *COLUMNS, *counts]
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(SQL(
            "INSERT INTO %s (%s) SELECT %s FROM (%s) row", SQL.identifier(table), columns, columns,
            self._get_table(names, rows)))

    @api.model
    def _sum_up(self, cells):
        """In the order of COUNTS."""
        answers, promoters, detractors = (
            sum(counts) for counts in zip(*((cell.count, cell.promoters, cell.detractors) for cell in cells),
                                          strict=True))
        return answers, promoters, answers - promoters - detractors, detractors

    def _insert_statements(self):
        """Those that enough of a block answered: any may be skipped, and one is not to be known by what few say."""
        self.env.cr.execute(SQL(
            """
            WITH rated AS (
                SELECT taken.block_id, rating.question_id, COUNT(*) AS answers, SUM(rating.value::int) AS total,
                       SUM(rating.value::int * rating.value::int) AS total_squared, SUM(taken.nps) AS nps_total,
                       SUM(taken.nps * taken.nps) AS nps_squared, SUM(rating.value::int * taken.nps) AS product
                  FROM experience_taken taken
                 CROSS JOIN LATERAL jsonb_each_text(taken.statements) AS rating (question_id, value)
                 WHERE jsonb_typeof(taken.statements) = 'object' AND rating.value IS NOT NULL
                 GROUP BY taken.block_id, rating.question_id HAVING COUNT(*) >= %s)
            INSERT INTO hr_experience_block_statement (
                block_id, question_id, label, sequence, answers, total, total_squared, nps_total, nps_squared, product)
            SELECT block_id, question.id, question.title, question.sequence, answers, total, total_squared, nps_total,
                   nps_squared, product
              FROM rated JOIN survey_question question ON question.id = rated.question_id::int
            """, self.threshold))

    # ------------------------------------------------------------------
    # Comments
    # ------------------------------------------------------------------

    def _publish_comments(self, blocks, until):
        """Together with the answers of their months; with a department only if it has a block.

        Their ids are dealt out anew: neither these nor where they are kept tells when they came.
        """
        months, shown = sorted({block.month for block in blocks}), self._get_shown_departments(blocks)
        self.env.cr.execute(SQL(
            """
            WITH moved AS (
                DELETE FROM hr_experience_comment comment
                 WHERE company_id = %(company)s AND survey_id IS NOT DISTINCT FROM %(survey)s
                   AND month <= %(until)s AND published IS NOT TRUE RETURNING *),
                 placed AS (
                SELECT moved.*, ROW_NUMBER() OVER (ORDER BY gen_random_uuid()) AS place,
                       COALESCE((SELECT MIN(edge) FROM unnest(%(months)s::date[]) edge WHERE edge >= month),
                                %(last)s) AS new_month FROM moved),
                 given AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM moved),
                 shown AS (%(shown)s)
            INSERT INTO hr_experience_comment (
                id, company_id, survey_id, month, department_id, sentiment, body, published)
            SELECT given.id, company_id, survey_id, new_month, shown.department_id, sentiment, body, TRUE
              FROM placed JOIN given ON given.place = placed.place
              LEFT JOIN shown ON shown.month = new_month AND shown.department_id = placed.department_id
             ORDER BY placed.place
            """, company=self.company_id.id, survey=self.survey_id.id or None, until=until, months=months,
            last=months[-1], shown=shown))

    @api.model
    def _get_shown_departments(self, blocks):
        rows = {(block.month, block.facts[0]) for block in blocks if block.facts[0]} or {(None, None)}
        return self._get_table(['month', 'department_id'], sorted(rows))
