"""Every contact with a person: when, which way, through what."""

from psycopg2.extras import execute_values

from odoo import api, fields, models

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
DIRECTIONS = [('out', "To the Candidate"), ('in', "From the Candidate")]
# What _record() writes; a touch never changes afterwards, but that an interview moves it.
COLUMNS = (
    'partner_id', 'company_id', 'applicant_id', 'date', 'channel', 'direction', 'topic_id', 'user_id', 'summary',
    'note', 'message_id', 'trace_id', 'event_id')


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
            [vals.get(name, defaults.get(name)) or None for name in COLUMNS] + [self.env.uid] * 2 for vals in vals_list]
        columns = ', '.join(f'"{name}"' for name in COLUMNS)
        done = execute_values(
            self.env.cr._obj,
            f'INSERT INTO hr_candidate_touch ({columns}, create_uid, write_uid, create_date, write_date)'
            ' VALUES %s ON CONFLICT DO NOTHING RETURNING id',
            rows, template='(' + '%s, ' * len(COLUMNS) + "%s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
            page_size=len(rows), fetch=True)
        self.invalidate_model()
        return len(done)

    @api.model
    def _backfill_at_install(self):
        """Touches of what the database already holds: mails to and from candidates, interviews."""
