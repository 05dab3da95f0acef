"""Every contact with a person: when, which way, through what."""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

CHANNELS = [
    ('mail', "Email"),
    ('mailing', "Mailing"),
    ('call', "Phone Call"),
    ('meeting', "Interview or Meeting"),
    ('linkedin', "LinkedIn Message"),
    ('sms', "SMS"),
    ('page', "Page"),
    ('other', "Other"),
]
# What somebody logs by hand; the others are seen by the system itself.
LOGGED_CHANNELS = [channel for channel in CHANNELS if channel[0] in ('call', 'linkedin', 'sms', 'other')]
DIRECTIONS = [('out', "To the Candidate"), ('in', "From the Candidate")]
# What _record() writes; a touch never changes afterwards, but that an interview moves it.
COLUMNS = (
    'partner_id', 'company_id', 'applicant_id', 'date', 'channel', 'direction', 'topic_id', 'user_id', 'summary',
    'note', 'message_id', 'trace_id', 'event_id')

DO_NOTHING = SQL("DO NOTHING")
ALWAYS = SQL("TRUE")


class HrCandidateTouch(models.Model):
    """One contact with one person. The person is the ``res.partner``; talents and applications come and go.

    Rows are written by mails, mailings, interviews, activities and the quick log, in plain SQL as
    ten thousand mails of one mailing each make one. ``date`` is UTC; of an interview still to come it
    lies in the future.
    """
    _name = 'hr.candidate.touch'
    _description = "Candidate Touch"
    _order = 'date desc, id desc'

    # empty once the person was erased: the count stays
    partner_id = fields.Many2one('res.partner', string="Person", ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    applicant_id = fields.Many2one(
        'hr.applicant', string="Application", index='btree_not_null', ondelete='set null')
    date = fields.Datetime(required=True)
    channel = fields.Selection(CHANNELS, required=True)
    direction = fields.Selection(DIRECTIONS, required=True, default='out')
    topic_id = fields.Many2one('hr.nurture.topic', ondelete='set null')
    user_id = fields.Many2one('res.users', string="By", ondelete='set null')
    summary = fields.Char(help="Subject of the mail, name of the interview or of the mailing.")
    note = fields.Text()
    message_id = fields.Many2one('mail.message', index='btree_not_null', ondelete='set null')
    trace_id = fields.Many2one('mailing.trace', index='btree_not_null', ondelete='set null')
    event_id = fields.Many2one('calendar.event', string="Interview", index='btree_not_null', ondelete='cascade')

    _person_idx = models.Index("(partner_id, company_id, date DESC)")
    # one mail is one touch of each person, though it is booked twice
    _one_per_message = models.UniqueIndex("(message_id, partner_id) WHERE message_id IS NOT NULL")
    _one_per_trace = models.UniqueIndex("(trace_id, direction) WHERE trace_id IS NOT NULL")
    _one_per_event = models.UniqueIndex("(event_id, partner_id) WHERE event_id IS NOT NULL")

    @api.depends_context('lang')
    @api.depends('channel', 'partner_id')
    def _compute_display_name(self):
        labels = dict(self._fields['channel']._description_selection(self.env))
        for touch in self:
            # an erased person has no name any more
            parts = [labels.get(touch.channel), touch.partner_id.name]
            touch.display_name = ': '.join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model
    def _record(self, vals_list):
        """Write touches in one statement; what is there already is left alone.

        :param list vals_list: dicts with the keys of ``COLUMNS``; ``partner_id``, ``company_id`` and
            ``channel`` are required, ``date`` is now and ``direction`` is ``out`` by default
        :return: number of new rows
        """
        if not vals_list:
            return 0
        self.flush_model()
        defaults = {'date': fields.Datetime.now(), 'direction': 'out'}
        rows = [
            [vals.get(name) or defaults.get(name) for name in COLUMNS] + [self.env.uid] * 2 for vals in vals_list]
        columns = ', '.join(f'"{name}"' for name in COLUMNS)
        done = self.env.cr.execute_values(
            f'INSERT INTO hr_candidate_touch ({columns}, create_uid, write_uid, create_date, write_date)'
            ' VALUES %s ON CONFLICT DO NOTHING RETURNING id',
            rows, template='(' + '%s, ' * len(COLUMNS) + "%s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
            page_size=len(rows), fetch=True)
        self._forget_cached()
        return len(done)

    @api.model
    def _get_insert(self, columns, source, conflict=DO_NOTHING):
        """The statement that writes touches from what the database holds already.

        :param dict columns: ``SQL`` by name of the column
        :param source: ``SQL`` from ``FROM`` on
        :param conflict: ``SQL`` of what happens to a touch that is there already
        """
        now = SQL("now() AT TIME ZONE 'UTC'")
        columns = columns | {
            'create_uid': SQL("%s", self.env.uid), 'write_uid': SQL("%s", self.env.uid),
            'create_date': now, 'write_date': now}
        return SQL(
            "INSERT INTO hr_candidate_touch (%s) SELECT %s %s ON CONFLICT %s",
            SQL(", ").join(map(SQL.identifier, columns)), SQL(", ").join(columns.values()), source, conflict)

    @api.model
    def _record_beside(self, insert):
        """Run an insert such that whatever goes wrong does no harm to the work at hand.

        The mail server has the mail already: an error that reached the code that sent it would make it
        send it again. Ten thousand mails of a mailing pass here one by one, hence one round trip with
        the savepoint in it, and nothing read or flushed. A conflict with another user is settled after
        the commit.

        :param insert: ``SQL`` that gives the same whenever it runs
        """
        try:
            self.env.cr.execute(
                SQL("SAVEPOINT candidate_touch; %s; RELEASE SAVEPOINT candidate_touch", insert), log_exceptions=False)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self._roll_back_touch()
            self._record_after_commit(insert)
        except Exception:
            self._roll_back_touch()
            _logger.exception("A touch could not be recorded.")
        else:
            self._forget_cached()

    def _roll_back_touch(self):
        self.env.cr.execute("ROLLBACK TO SAVEPOINT candidate_touch; RELEASE SAVEPOINT candidate_touch")

    @api.model
    def _record_after_commit(self, insert):
        dbname = self.env.cr.dbname

        @self.env.cr.postcommit.add
        def record():
            try:
                with Registry(dbname).cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    retrying(lambda: cr.execute(insert, log_exceptions=False), env)
            except Exception:
                _logger.exception("A touch could not be recorded after the commit either.")

    @api.model
    def _forget_cached(self):
        """Touches are written behind the back of the ORM."""
        self.invalidate_model()
        self.env['hr.applicant'].invalidate_model(
            ['candidate_last_touch', 'candidate_last_touch_channel'], flush=False)
