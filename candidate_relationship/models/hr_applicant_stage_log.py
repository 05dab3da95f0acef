"""Where an application has been, from when to when."""

from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

from .working_time import WorkingTimes

OUTCOMES = [
    ('current', "Still There"),
    ('moved', "Moved On"),
    ('back', "Moved Back"),
    ('refused', "Refused"),
    ('hired', "Hired"),
    ('withdrawn', "Withdrawn or Archived"),
]
# In process: the stay goes on. A hire goes on too, as it may be taken back.
LIVE_OUTCOMES = ('current', 'hired')
# Whose application it was: an open row follows its application, a closed one keeps what held then.
OWNER_COLUMNS = ('job_id', 'department_id', 'company_id', 'user_id')

# What happens to the history of one application.
#   known: it has a history before this. ending: how the open stay ends.
#   amending: the outcome that the last stay gets, which goes on. opening: the outcome of a new stay.
#   stage_id and owners (ids, as OWNER_COLUMNS): of the new or of the amended stay.
#   working_company_id: whose working time counts for the stay that ends.
StageEvent = namedtuple('StageEvent', [
    'applicant_id', 'known', 'ending', 'amending', 'opening', 'stage_id', 'owners', 'working_company_id', 'since'])
# of the events as SQL reads them, with their types
EVENT_COLUMNS = [
    ('applicant_id', 'int'), ('known', 'bool'), ('ending', 'varchar'), ('amending', 'varchar'),
    ('opening', 'varchar'), ('stage_id', 'int'), *((name, 'int') for name in OWNER_COLUMNS),
    ('working_company_id', 'int')]
EVENT = {name: SQL.identifier('event', name) for name, _kind in EVENT_COLUMNS}


class HrApplicantStageLog(models.Model):
    """One stay of one application in one stage; a stage that was entered twice has two rows.

    Rows are written by create and write of applicants, in batch and in plain SQL, and never by hand.
    The rows of an application are numbered from 1 on (``position``). An application in process has
    exactly one open row, the last one, without ``left_datetime``; each row begins when the one before
    it ends, except after a time when the application was refused, archived or without a stage. Times are UTC, durations
    are working hours of the company's calendar: 0 within closing time, empty without a calendar.

    - *current*: it is there. *hired*: it is in a hired stage; also when it was filed away since.
    - *moved*, *back*: it went to a later or to an earlier stage, by their order at that moment; also
      *back* when it lost its stage, as without a job it has none.
    - *refused*, *withdrawn*: it ended there. Restoring makes a new row. What is refused or archived
      from the beginning has one row of no duration.
    """
    _name = 'hr.applicant.stage.log'
    _description = "Stage History"
    _order = 'entered_datetime desc, id desc'

    applicant_id = fields.Many2one('hr.applicant', string="Application", required=True, ondelete='cascade')
    position = fields.Integer(string="Number", required=True, default=1, aggregator=None)
    job_id = fields.Many2one('hr.job', string="Job Position", ondelete='set null')
    department_id = fields.Many2one('hr.department', ondelete='set null')
    company_id = fields.Many2one('res.company', ondelete='cascade')
    user_id = fields.Many2one('res.users', string="Recruiter", ondelete='set null')
    # empty once the stage is deleted
    stage_id = fields.Many2one('hr.recruitment.stage', ondelete='set null')
    entered_datetime = fields.Datetime(string="Entered", required=True)
    left_datetime = fields.Datetime(string="Left")
    working_hours = fields.Float(digits=(16, 2), aggregator='avg')
    hours_so_far = fields.Float(
        string="Working Time", compute='_compute_hours_so_far',
        help="Working hours in this stage, up to now where the application still is there.")
    outcome = fields.Selection(OUTCOMES, required=True, default='current')

    # two servers that fill in the same history meet here, and Odoo tries one of them again
    _one_per_position = models.UniqueIndex("(applicant_id, position)")
    _one_open = models.UniqueIndex("(applicant_id) WHERE left_datetime IS NULL")

    @api.depends('entered_datetime', 'left_datetime', 'working_hours', 'outcome')
    def _compute_hours_so_far(self):
        now, working_times = fields.Datetime.now(), WorkingTimes()
        for stay in self:
            running = stay.outcome == 'current'
            company = stay.company_id or self.env.company
            stay.hours_so_far = (
                working_times[company].hours(stay.entered_datetime, now) if running else stay.working_hours)

    def action_open_applicant(self):
        return self.applicant_id._get_records_action(context={})

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model
    def _record(self, events):
        """Write the history of many applications in one statement.

        :param list events: :class:`StageEvent` of different applications
        :return: ids of the applications whose history is not there: nothing was written for them
        """
        now = fields.Datetime.now()
        missing = []
        if events := self._record_moves(events, now):
            steps = [SQL("event AS (%s)", self._get_events_sql(events)), *self._get_steps_sql(events, now)]
            self.env.cr.execute(SQL("WITH %s SELECT applicant_id FROM missing", SQL(", ").join(steps)))
            missing = [row[0] for row in self.env.cr.fetchall()]
        self.invalidate_model(flush=False)
        return missing

    @api.model
    def _record_moves(self, events, now):
        """The usual event, a stay that ends as the next begins, by a statement that is planned quickly.

        :return: the events that are something else, or whose application has no stay to end
        """
        moves = [event for event in events if event.known and event.ending and event.opening]
        if not moves:
            return events
        working = self._get_working_sql(self._get_ending_companies(moves), now)
        if len(moves) == 1:
            statement = self._get_move_sql(moves[0], working, now)
        else:
            statement = SQL(
                "WITH event AS NOT MATERIALIZED (%s), working (company_id, starts, stops, passed) AS (%s),"
                " ended AS (%s) %s FROM event JOIN ended ON ended.applicant_id = event.applicant_id"
                " RETURNING applicant_id",
                self._get_events_sql(moves), working, self._get_end_sql(now),
                self._get_open_sql(now, SQL("ended.position")))
        self.env.cr.execute(statement)
        done = {row[0] for row in self.env.cr.fetchall()}
        return [event for event in events if event.applicant_id not in done]

    @api.model
    def _get_move_sql(self, move, working, now):
        """One move, with its facts as constants: planned in half the time of a join."""
        event = {name: SQL("%s::%s", value, SQL(kind))
                 for value, (name, kind) in zip(self._get_event_row(move), EVENT_COLUMNS, strict=True)}
        source = SQL("(%s) AS working (company_id, starts, stops, passed)", working)
        return SQL(
            "WITH ended AS (%s) %s FROM ended RETURNING applicant_id",
            self._get_end_sql(now, event, source), self._get_open_sql(now, SQL("ended.position"), event))

    @api.model
    def _get_steps_sql(self, events, now):
        """What is to be done, and no more: planning a step takes longer than doing it for one application."""
        yield SQL("missing AS (%s)", self._get_missing_sql())
        if not all(event.amending for event in events):
            working = self._get_working_sql(self._get_ending_companies(events), now)
            yield SQL("working (company_id, starts, stops, passed) AS (%s)", working)
            yield SQL("ended AS (%s)", self._get_end_sql(now))
        if any(event.amending for event in events):
            yield SQL("amended AS (%s)", self._get_amend_sql(now))
        if any(event.opening for event in events):
            yield SQL("opened AS (%s)", self._get_first_sql(now))

    @api.model
    def _get_events_sql(self, events):
        """A table of the events. That of one holds constants, with which everything is planned in half the time."""
        rows = [self._get_event_row(event) for event in events]
        if len(rows) == 1:
            return SQL("SELECT %s", SQL(", ").join(
                SQL("%s::%s AS %s", value, SQL(kind), SQL.identifier(name))
                for value, (name, kind) in zip(rows[0], EVENT_COLUMNS, strict=True)))
        return SQL(
            "SELECT * FROM UNNEST(%s) AS event (%s)",
            SQL(", ").join(
                SQL("%s::%s[]", list(values), SQL(kind))
                for values, (_name, kind) in zip(zip(*rows, strict=True), EVENT_COLUMNS, strict=True)),
            SQL(", ").join(SQL.identifier(name) for name, _kind in EVENT_COLUMNS))

    @api.model
    def _get_event_row(self, event):
        """Values of ``EVENT_COLUMNS``."""
        return (*event[:6], *event.owners, event.working_company_id)

    @api.model
    def _get_missing_sql(self):
        """Applications from before the installation, which were not filled in yet."""
        return SQL("""
            SELECT event.applicant_id
              FROM event
             WHERE event.known
               AND NOT EXISTS (SELECT 1 FROM hr_applicant_stage_log log WHERE log.applicant_id = event.applicant_id)
        """)

    @api.model
    def _get_end_sql(self, now, event=EVENT, source=None):
        """A new stay ends whatever is open.

        :param dict event: ``SQL`` of each column of the event
        :param SQL source: where they and the working time come from
        """
        left = SQL("GREATEST(%s, log.entered_datetime)", now)
        return SQL(
            """
            UPDATE hr_applicant_stage_log log
               SET left_datetime = %(left)s, outcome = COALESCE(%(ending)s, 'withdrawn'),
                   working_hours = %(hours)s, write_uid = %(uid)s, write_date = %(now)s
              FROM %(source)s
             WHERE log.applicant_id = %(applicant)s AND log.left_datetime IS NULL AND %(amending)s IS NULL
            RETURNING log.applicant_id, log.position, log.left_datetime
            """,
            left=left, ending=event['ending'], hours=self._get_hours_sql(SQL("log.entered_datetime"), left),
            uid=self.env.uid, now=now, applicant=event['applicant_id'], amending=event['amending'],
            source=source or SQL("event LEFT JOIN working ON working.company_id = event.working_company_id"))

    @api.model
    def _get_amend_sql(self, now):
        """The last stay goes on as it is; an open one follows its application to another job."""
        owners = SQL(', ').join(
            SQL("%s = CASE WHEN log.left_datetime IS NULL THEN %s ELSE %s END", SQL.identifier(name),
                SQL.identifier('event', name), SQL.identifier('log', name))
            for name in OWNER_COLUMNS)
        return SQL(
            """
            UPDATE hr_applicant_stage_log log
               SET outcome = event.amending, %s, write_uid = %s, write_date = %s
              FROM event
             WHERE log.applicant_id = event.applicant_id AND event.amending IS NOT NULL
               AND log.position = (
                    SELECT MAX(position) FROM hr_applicant_stage_log WHERE applicant_id = event.applicant_id)
            """,
            owners, self.env.uid, now)

    @api.model
    def _get_first_sql(self, now):
        """A stay that begins though none may have ended before it."""
        last = SQL("""COALESCE(ended.position, (
            SELECT MAX(position) FROM hr_applicant_stage_log WHERE applicant_id = event.applicant_id), 0)""")
        return SQL(
            """%s FROM event LEFT JOIN ended ON ended.applicant_id = event.applicant_id
                WHERE event.opening IS NOT NULL AND event.applicant_id NOT IN (SELECT applicant_id FROM missing)
            """, self._get_open_sql(now, last))

    @api.model
    def _get_open_sql(self, now, last, event=EVENT):
        """The stay that begins where the last one ended; at once over, if the application is.

        :param SQL last: number of the stay before
        :param dict event: ``SQL`` of each column of the event
        """
        entered = SQL("COALESCE(ended.left_datetime, %s)", now)
        return SQL(
            """
            INSERT INTO hr_applicant_stage_log (applicant_id, position, stage_id, %(owners)s, entered_datetime,
                   left_datetime, working_hours, outcome, create_uid, write_uid, create_date, write_date)
            SELECT %(applicant)s, 1 + %(last)s, %(stage)s, %(values)s, %(entered)s,
                   CASE WHEN %(opening)s NOT IN %(live)s THEN %(entered)s END,
                   CASE WHEN %(opening)s NOT IN %(live)s THEN 0 END,
                   %(opening)s, %(uid)s, %(uid)s, %(now)s, %(now)s
            """,
            applicant=event['applicant_id'], stage=event['stage_id'], opening=event['opening'],
            owners=SQL(', ').join(map(SQL.identifier, OWNER_COLUMNS)),
            values=SQL(', ').join(event[name] for name in OWNER_COLUMNS),
            last=last, entered=entered, live=LIVE_OUTCOMES, uid=self.env.uid, now=now)

    # ------------------------------------------------------------------
    # Working hours
    # ------------------------------------------------------------------

    @api.model
    def _get_ending_companies(self, events):
        """Since when the working time is needed of which companies."""
        since = {}
        for event in events:
            if event.known and not event.amending:
                moment = since.get(event.working_company_id)
                since[event.working_company_id] = min(moment, event.since) if moment else event.since
        return since

    @api.model
    def _get_working_sql(self, since, now):
        """Working time of companies, one row each; see ``WorkingTime.table`` for its columns.

        :param dict since: naive UTC datetime by company id
        """
        working_times = WorkingTimes()
        rows = []
        for company_id, start in since.items():
            working_time = working_times[self.env['res.company'].browse(company_id)]
            if working_time.calendar:
                rows.append(SQL("(%s, %s::bigint[], %s::bigint[], %s::bigint[])",
                                company_id, *working_time.table(start, now)))
        none = SQL("(NULL::int, NULL::bigint[], NULL::bigint[], NULL::bigint[])")
        return SQL("VALUES %s", SQL(', ').join(rows or [none]))

    @api.model
    def _get_hours_sql(self, start, stop):
        """Working hours between two moments, by the row of ``working``; NULL where there is none."""
        def passed(moment):
            seconds = SQL("EXTRACT(EPOCH FROM %s)::bigint", moment)
            place = SQL("WIDTH_BUCKET(%s, working.starts)", seconds)
            return SQL("COALESCE(working.passed[%s] + LEAST(%s, working.stops[%s]) - working.starts[%s], 0)",
                       place, seconds, place, place)
        return SQL("CASE WHEN working.company_id IS NOT NULL THEN ROUND((%s - %s) / 3600.0, 2) END",
                   passed(stop), passed(start))
