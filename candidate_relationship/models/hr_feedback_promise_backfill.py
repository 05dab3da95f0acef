"""Installing on a database in use: what is owed already, read from what stock Odoo recorded."""

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .hr_feedback_promise_clock import Occasion

BATCH = 1000


class HrFeedbackPromise(models.Model):
    _inherit = 'hr.feedback.promise'

    @api.model
    def _backfill(self):
        """Promise what open applications wait for, since the real event.

        No mail is sent, and nothing that was due before today makes an activity. May run again:
        what is promised already is left alone.

        :return: number of promises made
        """
        count = 0
        for rows in split_every(BATCH, self._get_backfill_rows()):
            promises = self._open(self._get_backfill_occasions(rows), announce_pending=False)
            promises._silence_past_warnings()
            promises._pause_waiting()
            count += len(promises)
            self.env.flush_all()
            self.env.invalidate_all()
        return count

    @api.model
    def _get_backfill_occasions(self, rows):
        applicants = self.env['hr.applicant'].sudo().browse([row[0] for row in rows])
        events = self.env['calendar.event'].sudo().browse([row[3] for row in rows if row[3]])
        occasions = []
        for applicant, (_id, trigger, when, event_id) in zip(applicants, rows, strict=True):
            event = events.browse(event_id).with_prefetch(events.ids) if event_id else None
            occasions.append(Occasion(
                applicant.with_prefetch(applicants.ids), trigger, event._get_feedback_start() if event else when,
                stage=applicant.stage_id if trigger == 'stage' else None, event=event))
        return occasions

    @api.model
    def _get_backfill_rows(self):
        """(applicant id, trigger, datetime, event id) of what nobody has answered since."""
        self.env.flush_all()
        return self.env.execute_query(SQL("""
            WITH application AS (%(applications)s), occasion AS (%(occasions)s)
            SELECT occasion.applicant_id, occasion.trigger, occasion.happened, occasion.event_id
              FROM occasion
              JOIN application ON application.id = occasion.applicant_id
             WHERE NOT EXISTS (%(answers)s) AND NOT EXISTS (%(promised)s)
             ORDER BY occasion.applicant_id
        """, applications=self._backfill_applications(), occasions=self._backfill_occasions(),
            answers=self._backfill_answers(), promised=self._backfill_promised()))

    @api.model
    def _backfill_applications(self):
        """Applications that are open: no talents, not refused, hired or archived."""
        return SQL("""
            SELECT applicant.id, applicant.partner_id, applicant.create_date, applicant.stage_id,
                   applicant.date_last_stage_update
              FROM hr_applicant applicant
              LEFT JOIN hr_recruitment_stage stage ON stage.id = applicant.stage_id
             WHERE applicant.active AND applicant.refuse_reason_id IS NULL
               AND stage.hired_stage IS NOT TRUE AND applicant.date_closed IS NULL
               AND applicant.pool_applicant_id IS DISTINCT FROM applicant.id
               AND NOT EXISTS (
                    SELECT 1 FROM hr_applicant_hr_talent_pool_rel pool WHERE pool.hr_applicant_id = applicant.id)
        """)

    @api.model
    def _backfill_occasions(self):
        """The real moments: creation, the last change of stage that was tracked, the interview's end."""
        return SQL("""
            SELECT id AS applicant_id, 'application' AS trigger, create_date AS happened, NULL::integer AS event_id
              FROM application
             UNION ALL
            SELECT id, 'stage', COALESCE(moved.happened, date_last_stage_update, create_date), NULL
              FROM application
              LEFT JOIN LATERAL (
                    SELECT MAX(message.date) AS happened
                      FROM mail_message message
                      JOIN mail_tracking_value value ON value.mail_message_id = message.id
                     WHERE message.model = 'hr.applicant' AND message.res_id = application.id
                       AND value.field_id = %s AND value.new_value_integer = application.stage_id
                   ) moved ON TRUE
             WHERE stage_id IN %s
             UNION ALL
            SELECT application.id, 'interview', event.stop, event.id
              FROM application
              JOIN calendar_event event ON event.applicant_id = application.id AND event.active
             WHERE event.stop IS NOT NULL
        """, self.env['ir.model.fields']._get('hr.applicant', 'stage_id').id, self._get_policy_stage_ids())

    @api.model
    def _get_policy_stage_ids(self, means=None):
        policies = [
            policy for policy in self.env['hr.feedback.sla']._active_policies('stage')
            if means in (None, policy.means)]
        return tuple({stage_id for policy in policies for stage_id in policy.stage_ids}) or (0,)

    @api.model
    def _backfill_answers(self):
        """A mail to the candidate since, by a colleague or by a stage template, that did not fail.

        Where the policy of the stage asks for a call, no mail is an answer.

        Notifications tell whether it failed, but stock Odoo deletes them after half a year: then the
        recipients of the message have to do.
        """
        return SQL("""
            SELECT 1
              FROM mail_message message
              LEFT JOIN res_partner author ON author.id = message.author_id
              LEFT JOIN mail_notification notification
                     ON notification.mail_message_id = message.id
                    AND notification.res_partner_id = application.partner_id
              LEFT JOIN mail_message_res_partner_rel recipient
                     ON recipient.mail_message_id = message.id
                    AND recipient.res_partner_id = application.partner_id
             WHERE message.model = 'hr.applicant' AND message.res_id = application.id
               AND message.date >= occasion.happened
               AND NOT (occasion.trigger = 'stage' AND application.stage_id IN %s)
               AND COALESCE(notification.notification_status, 'sent') = 'sent'
               AND (notification.id IS NOT NULL OR recipient.res_partner_id IS NOT NULL)
               AND ((message.message_type = 'auto_comment' AND message.create_date <> application.create_date)
                    OR (message.message_type IN ('comment', 'email', 'email_outgoing')
                        AND author.partner_share IS FALSE AND author.id <> %s))
        """, self._get_policy_stage_ids(means='phone'), self.env.ref('base.partner_root').id)

    @api.model
    def _backfill_promised(self):
        """What is in the ledger already, answered or not."""
        return SQL("""
            SELECT 1
              FROM hr_feedback_promise promise
             WHERE promise.applicant_id = occasion.applicant_id AND promise.trigger = occasion.trigger
               AND promise.event_id IS NOT DISTINCT FROM occasion.event_id
               AND (occasion.trigger <> 'stage' OR promise.stage_id = application.stage_id)
        """)

    def _silence_past_warnings(self):
        """What was due before the installation is shown as overdue, but warns nobody."""
        now = fields.Datetime.now()
        self.filtered(lambda p: p.warning_datetime and p.warning_datetime <= now).warned_datetime = now
        self.filtered(lambda p: p.deadline and p.deadline < now).breach_warned_datetime = now

    def _pause_waiting(self):
        waiting = self.filtered(lambda p: p.applicant_id.kanban_state == 'waiting')
        for promise in waiting.filtered(lambda p: p.trigger_datetime <= fields.Datetime.now()):
            since = promise.applicant_id.date_last_stage_update or promise.trigger_datetime
            promise._pause(when=max(since, promise.trigger_datetime))
