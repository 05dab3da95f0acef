"""History of applications from before the installation, read from what stock Odoo tracked."""

import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL, mute_logger

from .hr_applicant_stage_log import LIVE_OUTCOMES, OWNER_COLUMNS

_logger = logging.getLogger(__name__)

BATCH = 5000
# Installing fills in as many applications at once; the scheduled job does the others.
AT_INSTALL = 20_000
# How often a batch is tried again that somebody else was faster with; then the next run does it.
TRIES = 5
# Tables that the tracked owners are in: what was deleted since is left empty.
OWNER_TABLES = {'job_id': 'hr_job', 'department_id': 'hr_department', 'company_id': 'res_company',
                'user_id': 'res_users'}


class HrApplicantStageLog(models.Model):
    """What the history is made from: changes of the stage, of the reason of refusal and of the job,
    department, company and recruiter that stock Odoo tracked in the chatter.

    - It begins with the creation, in the stage that the first tracked change left.
    - What changed without being tracked (imported, or tracking was off) has no known time. A stage that a
      tracked change left, but none entered, gets a stay of no duration; a stage of today that none
      entered is dated from the hire or from the last change of stage that stock Odoo knows of.
    - A refusal that was not tracked is dated from the date of the refusal. Archiving without a reason
      leaves no trace in Odoo: it is dated from the last change of the application.
    - Whether a move went on or back, and what a hired stage is, is decided by the stages of today.

    Done is what has rows. Talents and applications without a stage need none.
    """
    _inherit = 'hr.applicant.stage.log'

    @api.model
    def _backfill_at_install(self):
        """Fill in ordinary databases at once, of large ones as much as an installation may take."""
        count = last_id = 0
        self.env.flush_all()
        working = self._get_backfill_working()
        while count < AT_INSTALL:
            ids = self._lock_backfill_batch(last_id)
            if not ids:
                break
            self._backfill(self._get_backfill_applications(ids), working)
            count, last_id = count + len(ids), ids[-1]
        else:
            self.env.ref('candidate_relationship.ir_cron_stage_history')._trigger()
        _logger.info("Stage history of %s applications filled in.", count)

    @api.model
    def _cron_backfill(self):
        """Fill in what has no history, in batches; safe to run on two servers at once."""
        self = self.sudo()
        commit_progress = self.env['ir.cron']._commit_progress
        last_id = tries = 0
        working, remaining = self._get_backfill_working(), self._count_backfill()
        commit_progress(remaining=remaining)
        while (ids := self._backfill_batch(last_id, working)) != []:
            if ids is None:
                tries += 1
                if tries > TRIES:
                    break
                continue
            last_id, tries, remaining = ids[-1], 0, max(0, remaining - len(ids))
            if not commit_progress(len(ids), remaining=remaining):
                break

    @api.model
    def _backfill_batch(self, last_id, working):
        """Fill in the next applications after that id.

        :return: their ids; ``None`` if somebody else has just changed or filled in one of them
        """
        try:
            with mute_logger('odoo.sql_db'):
                if ids := self._lock_backfill_batch(last_id):
                    self._backfill(self._get_backfill_applications(ids), working)
                return ids
        except SerializationFailure:
            self.env.cr.rollback()
            return None

    @api.model
    def _backfill_before(self, facts):
        """Fill in applications that are being changed, up to the moment before the change.

        :param dict facts: ``StageFacts`` by applicant id
        """
        since = {}
        for fact in facts.values():
            company_id = fact.owners[OWNER_COLUMNS.index('company_id')] or self.env.company.id
            since[company_id] = min(since.get(company_id, fact.created), fact.created)
        self._backfill(self._get_changing_applications(facts), self._get_working_sql(since, fields.Datetime.now()))

    @api.model
    def _backfill(self, applications, working):
        """Write the history of applications that have none.

        :param SQL applications: what is known of them, see ``_get_backfill_applications``
        :param SQL working: working time of their companies, see ``_get_working_sql``
        """
        self.env.cr.execute(SQL(
            """
            WITH application AS (%(applications)s),
                 working (company_id, starts, stops, passed) AS (%(working)s),
                 tracked AS (%(tracked)s),
                 known AS (%(known)s),
                 event AS (%(events)s),
                 state AS (%(states)s),
                 change AS (%(changes)s),
                 stay AS (%(stays)s),
                 owner AS (%(owners)s)
            %(insert)s
            """,
            applications=applications, working=working, tracked=self._get_tracked_sql(), known=self._get_known_sql(),
            events=self._get_backfill_events_sql(), states=self._get_states_sql(), changes=self._get_changes_sql(),
            stays=self._get_stays_sql(), owners=self._get_owners_sql(), insert=self._get_backfill_insert_sql()))
        self.invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # What is to be done
    # ------------------------------------------------------------------

    @api.model
    def _get_backfill_condition(self):
        """Applications with a stage and without a history; a talent is none (``_is_feedback_application``)."""
        return SQL("""
            applicant.stage_id IS NOT NULL
            AND (applicant.pool_applicant_id IS NULL OR (applicant.pool_applicant_id <> applicant.id AND NOT EXISTS (
                 SELECT 1 FROM hr_applicant_hr_talent_pool_rel pool WHERE pool.hr_applicant_id = applicant.id)))
            AND NOT EXISTS (
                 SELECT 1 FROM hr_applicant_stage_log log WHERE log.applicant_id = applicant.id AND log.position = 1)
        """)

    @api.model
    def _lock_backfill_batch(self, last_id):
        """Ids of the next applications, which nobody else changes until the end of the transaction."""
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT applicant.id FROM hr_applicant applicant WHERE applicant.id > %s AND %s"
            " ORDER BY applicant.id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            last_id, self._get_backfill_condition(), BATCH))]

    @api.model
    def _count_backfill(self):
        return self.env.execute_query(SQL(
            "SELECT COUNT(*) FROM hr_applicant applicant WHERE %s", self._get_backfill_condition()))[0][0]

    @api.model
    def _get_backfill_working(self):
        """Working time of every company since its first application."""
        since = self.env.execute_query(SQL(
            "SELECT COALESCE(company_id, %s), MIN(create_date) FROM hr_applicant GROUP BY 1", self.env.company.id))
        return self._get_working_sql({company_id: start for company_id, start in since if start}, fields.Datetime.now())

    @api.model
    def _get_backfill_applications(self, ids):
        """Where the applications are: stage, whether and when they ended (``over``, ``ended``), owners."""
        return SQL(
            """
            SELECT applicant.id AS applicant_id, COALESCE(applicant.create_date, applicant.date_last_stage_update,
                        %(now)s) AS created,
                   applicant.stage_id, %(owners)s, applicant.create_uid, applicant.write_uid,
                   COALESCE(CASE WHEN stage.hired_stage THEN applicant.date_closed END,
                            applicant.date_last_stage_update) AS changed,
                   CASE WHEN applicant.refuse_reason_id IS NOT NULL THEN 'refused'
                        WHEN applicant.active OR stage.hired_stage THEN NULL ELSE 'withdrawn' END AS over,
                   COALESCE(CASE WHEN applicant.refuse_reason_id IS NOT NULL THEN applicant.refuse_date END,
                            applicant.write_date) AS ended
              FROM hr_applicant applicant
              JOIN hr_recruitment_stage stage ON stage.id = applicant.stage_id
             WHERE applicant.id = ANY(%(ids)s)
            """,
            now=fields.Datetime.now(), ids=list(ids),
            owners=SQL(', ').join(SQL.identifier('applicant', name) for name in OWNER_COLUMNS))

    @api.model
    def _get_changing_applications(self, facts):
        """The same of applications whose rows hold what is to come after."""
        rows = [
            (applicant_id, fact.stage.id, None if fact.outcome in LIVE_OUTCOMES else fact.outcome, fact.changed,
             fact.ended, *fact.owners) for applicant_id, fact in facts.items()]
        columns = [list(column) for column in zip(*rows, strict=True)]
        return SQL(
            """
            SELECT fact.*, COALESCE(applicant.create_date, %s) AS created, applicant.create_uid, applicant.write_uid
              FROM UNNEST(%s::int[], %s::int[], %s::varchar[], %s::timestamp[], %s::timestamp[],
                          %s::int[], %s::int[], %s::int[], %s::int[])
                AS fact (applicant_id, stage_id, over, changed, ended, %s)
              JOIN hr_applicant applicant ON applicant.id = fact.applicant_id
            """,
            fields.Datetime.now(), *columns, SQL(', ').join(map(SQL.identifier, OWNER_COLUMNS)))

    # ------------------------------------------------------------------
    # What happened
    # ------------------------------------------------------------------

    def _get_tracked_field_id(self, name):
        return self.env['ir.model.fields']._get('hr.applicant', name).id

    @api.model
    def _get_tracked_sql(self):
        """Tracked changes, none of them before the creation or in the future."""
        names = ('stage_id', 'refuse_reason_id', *OWNER_COLUMNS)
        return SQL(
            """
            SELECT application.applicant_id, message.id AS message_id, message.create_uid, value.field_id,
                   NULLIF(value.old_value_integer, 0) AS old, NULLIF(value.new_value_integer, 0) AS new,
                   LEAST(GREATEST(message.date, application.created), %s) AS moment
              FROM application
              JOIN mail_message message
                ON message.model = 'hr.applicant' AND message.res_id = application.applicant_id
              JOIN mail_tracking_value value ON value.mail_message_id = message.id
             WHERE value.field_id IN %s
            """,
            fields.Datetime.now(), tuple(map(self._get_tracked_field_id, names)))

    @api.model
    def _get_known_sql(self):
        """For each application: the stage of the beginning, and when it changed and ended at the latest."""
        return SQL(
            """
            SELECT application.*, first.applicant_id IS NOT NULL AS is_tracked, first.old AS first_stage_id,
                   GREATEST(last.moment, application.created) AS last,
                   LEAST(GREATEST(CASE WHEN application.over IS NULL THEN application.changed
                                       ELSE application.ended END, last.moment, application.created), %s) AS until
              FROM application
              LEFT JOIN (SELECT DISTINCT ON (applicant_id) applicant_id, old FROM tracked
                          WHERE field_id = %s ORDER BY applicant_id, moment, message_id) first
                     ON first.applicant_id = application.applicant_id
              LEFT JOIN (SELECT applicant_id, MAX(moment) AS moment FROM tracked
                          WHERE field_id IN %s GROUP BY applicant_id) last
                     ON last.applicant_id = application.applicant_id
            """,
            fields.Datetime.now(), self._get_tracked_field_id('stage_id'),
            tuple(map(self._get_tracked_field_id, ('stage_id', 'refuse_reason_id'))))

    @api.model
    def _get_backfill_events_sql(self):
        """What sets the stage, and what sets whether it is over, in order; also what changes nothing.

        In one message the stage comes first: who is moved and refused at once is refused there.
        """
        stage_id = self._get_tracked_field_id('stage_id')
        refuse_id = self._get_tracked_field_id('refuse_reason_id')
        return SQL(
            """
            SELECT applicant_id, created AS moment, 0 AS message_id, 0 AS kind, create_uid AS user_id,
                   CASE WHEN is_tracked THEN first_stage_id ELSE stage_id END AS stage_id, TRUE AS sets_stage,
                   NULL::varchar AS over, TRUE AS sets_over
              FROM known
             UNION ALL
            SELECT applicant_id, moment, message_id, 1, create_uid, old, TRUE, NULL, FALSE
              FROM tracked WHERE field_id = %(stage)s
             UNION ALL
            SELECT applicant_id, moment, message_id, 2, create_uid, new, TRUE, NULL, FALSE
              FROM tracked WHERE field_id = %(stage)s
             UNION ALL
            SELECT applicant_id, moment, message_id, 3, create_uid, NULL, FALSE,
                   CASE WHEN new IS NOT NULL THEN 'refused' END, TRUE
              FROM tracked WHERE field_id = %(refuse)s
             UNION ALL
            SELECT applicant_id, GREATEST(last, LEAST(changed, until)), %(after_all)s, 4, write_uid, stage_id, TRUE,
                   NULL, FALSE
              FROM known
             UNION ALL
            SELECT applicant_id, until, %(after_all)s, 5, write_uid, NULL, FALSE, over, TRUE
              FROM known
            """, stage=stage_id, refuse=refuse_id, after_all=2 ** 31 - 1)

    @api.model
    def _get_states_sql(self):
        """After each event: the stage, and whether it is over."""
        order = SQL("moment, message_id, kind")
        return SQL(
            """
            SELECT applicant_id, moment, message_id, kind, user_id,
                   FIRST_VALUE(stage_id) OVER (PARTITION BY applicant_id, stage_run ORDER BY %(order)s) AS stage_id,
                   FIRST_VALUE(over) OVER (PARTITION BY applicant_id, over_run ORDER BY %(order)s) AS over
              FROM (SELECT *, COUNT(*) FILTER (WHERE sets_stage) OVER in_order AS stage_run,
                           COUNT(*) FILTER (WHERE sets_over) OVER in_order AS over_run
                      FROM event
                    WINDOW in_order AS (PARTITION BY applicant_id ORDER BY %(order)s)) run
            """, order=order)

    @api.model
    def _get_changes_sql(self):
        """The events that changed something."""
        return SQL("""
            SELECT *
              FROM (SELECT *, LAG(stage_id) OVER in_order AS stage_before, LAG(over) OVER in_order AS over_before
                      FROM state
                    WINDOW in_order AS (PARTITION BY applicant_id ORDER BY moment, message_id, kind)) followed
             WHERE kind = 0 OR stage_id IS DISTINCT FROM stage_before OR over IS DISTINCT FROM over_before
        """)

    @api.model
    def _get_stays_sql(self):
        """The rows to be: the same rules as ``_get_stage_event`` has for what happens now."""
        return SQL("""
            SELECT step.applicant_id, step.stage_id, step.user_id, step.moment AS entered,
                   CASE WHEN step.over IS NULL THEN step.next_moment ELSE step.moment END AS left,
                   ROW_NUMBER() OVER (PARTITION BY step.applicant_id
                                          ORDER BY step.moment, step.message_id, step.kind) AS position,
                   CASE WHEN step.over IS NOT NULL THEN step.over
                        WHEN step.next_moment IS NULL AND stage.hired_stage THEN 'hired'
                        WHEN step.next_moment IS NULL THEN 'current'
                        WHEN step.next_over IS NOT NULL THEN step.next_over
                        WHEN step.next_stage_id IS NULL THEN 'back'
                        WHEN (later.sequence, later.id) < (stage.sequence, stage.id) THEN 'back'
                        ELSE 'moved' END AS outcome
              FROM (SELECT *, LEAD(moment) OVER in_order AS next_moment, LEAD(stage_id) OVER in_order AS next_stage_id,
                           LEAD(over) OVER in_order AS next_over
                      FROM change
                    WINDOW in_order AS (PARTITION BY applicant_id ORDER BY moment, message_id, kind)) step
              LEFT JOIN hr_recruitment_stage stage ON stage.id = step.stage_id
              LEFT JOIN hr_recruitment_stage later ON later.id = step.next_stage_id
             WHERE step.stage_id IS NOT NULL
               AND (step.over IS NULL OR (step.stage_before IS NULL AND step.over_before IS NOT NULL))
        """)

    @api.model
    def _get_owners_sql(self):
        """Job, department, company and recruiter of the past: until when which held."""
        return SQL(
            """
            SELECT applicant_id, field_id, old, moment AS until,
                   COALESCE(LAG(moment) OVER (PARTITION BY applicant_id, field_id ORDER BY moment, message_id),
                            '-infinity') AS since
              FROM tracked
             WHERE field_id IN %s
            """, tuple(map(self._get_tracked_field_id, OWNER_COLUMNS)))

    @api.model
    def _get_backfill_insert_sql(self):
        """A row of the past keeps whose application it was when it ended."""
        values, joins = zip(*(self._get_owner_sql(name) for name in OWNER_COLUMNS), strict=True)
        entered, left = (SQL("DATE_TRUNC('second', stay.%s)", SQL.identifier(name)) for name in ('entered', 'left'))
        return SQL(
            """
            INSERT INTO hr_applicant_stage_log (applicant_id, position, stage_id, entered_datetime, left_datetime,
                   working_hours, outcome, %(columns)s, create_uid, write_uid, create_date, write_date)
            SELECT stay.applicant_id, stay.position, stage.id, %(entered)s, %(left)s,
                   CASE WHEN stay.left IS NOT NULL THEN %(hours)s END, stay.outcome, %(values)s,
                   stay.user_id, %(uid)s, %(now)s, %(now)s
              FROM stay
              JOIN application ON application.applicant_id = stay.applicant_id
              LEFT JOIN hr_recruitment_stage stage ON stage.id = stay.stage_id
              %(joins)s
              LEFT JOIN working ON working.company_id = COALESCE(%(company)s, %(default_company)s)
             ORDER BY stay.applicant_id, stay.position
            ON CONFLICT DO NOTHING
            """,
            columns=SQL(', ').join(map(SQL.identifier, OWNER_COLUMNS)), entered=entered, left=left,
            hours=self._get_hours_sql(entered, left), values=SQL(', ').join(values), joins=SQL(' ').join(joins),
            company=values[OWNER_COLUMNS.index('company_id')], default_company=self.env.company.id,
            uid=self.env.uid, now=fields.Datetime.now())

    @api.model
    def _get_owner_sql(self, name):
        """The value of an owner's column, and the join it needs."""
        alias = f'owner_{name}'
        value = SQL(
            "CASE WHEN %s IS NULL THEN %s ELSE (SELECT id FROM %s WHERE id = %s) END", SQL.identifier(alias, 'until'),
            SQL.identifier('application', name), SQL.identifier(OWNER_TABLES[name]), SQL.identifier(alias, 'old'))
        join = SQL(
            "LEFT JOIN owner %(owner)s ON %(owner)s.applicant_id = stay.applicant_id AND %(owner)s.field_id = %(field)s"
            " AND stay.left > %(owner)s.since AND stay.left <= %(owner)s.until",
            owner=SQL.identifier(alias), field=self._get_tracked_field_id(name))
        return value, join
