"""Who is queued, and the job that erases."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.tools import mute_logger

from ..models import hr_candidate_erasure_jobs
from .erasure_common import EMAIL, NAME, PersonCase

QUEUE, ERASE = 'ir_cron_candidate_erasure_queue', 'ir_cron_candidate_erase'


class JobCase(PersonCase):

    def setUp(self):
        super().setUp()
        self.company.write({'candidate_consent_required': True, 'candidate_erasure_grace_days': 30})
        self.application = self.make_person()
        self.partner = self.application.sudo().partner_id
        self.refuse(self.application, self.reason, send_mail=False)
        self.end_request()

    def rows(self):
        return self.Erasure.search([('company_id', '=', self.company.id)])


class TestQueue(JobCase):

    def queue(self):
        self.run_job(QUEUE)
        return self.rows()

    def test_consent_that_has_ended(self):
        for state in ('expired', 'withdrawn', 'declined'):
            consent = self.make_consent(self.partner, state, days_ago=10)
            row = self.queue()
            self.assertEqual((row.partner_id, row.state, row.reason), (self.partner, 'scheduled', state))
            self.assertEqual(row.scheduled_datetime, consent.ended_datetime + timedelta(days=30))
            row.unlink()
            consent.unlink()

    def test_who_was_asked_and_stays_silent(self):
        self.make_consent(self.partner, 'asked', days_ago=61)
        self.run_job('ir_cron_consent')
        row = self.queue()
        self.assertEqual((row.partner_id, row.state, row.reason), (self.partner, 'scheduled', 'expired'))
        self.assertEqual(row.scheduled_datetime, fields.Datetime.now() + timedelta(days=30))

    def test_not_who_agreed_and_was_asked_besides(self):
        self.make_consent(self.partner, 'asked', days_ago=61)
        self.make_consent(self.partner, 'given', 'nurture')
        self.run_job('ir_cron_consent')
        self.assertFalse(self.queue())

    def test_once(self):
        self.make_consent(self.partner, 'expired')
        self.assertEqual(self.queue(), self.queue())

    def test_not_without_an_end(self):
        self.make_consent(self.partner, 'asked')
        self.make_consent(self.partner, 'given', 'nurture')
        self.assertFalse(self.queue())

    def test_not_who_agreed_again(self):
        self.make_consent(self.partner, 'expired', days_ago=90)
        self.make_consent(self.partner, 'given', days_ago=10)
        self.assertFalse(self.queue())

    def test_given_that_has_run_out_protects_nobody(self):
        self.make_consent(self.partner, 'expired', days_ago=90)
        self.make_consent(self.partner, 'given', date_until=fields.Date.today() - timedelta(days=1))
        self.assertTrue(self.queue())

    def test_not_where_consent_is_not_required(self):
        self.company.candidate_consent_required = False
        self.make_consent(self.partner, 'expired')
        self.assertFalse(self.queue())

    def test_not_in_process(self):
        self.make_person()
        self.make_consent(self.partner, 'expired')
        self.assertFalse(self.queue())

    def test_not_hired(self):
        self.application.sudo().write({'active': True, 'refuse_reason_id': False, 'stage_id': self.stage_signed.id})
        self.make_consent(self.partner, 'expired')
        self.assertFalse(self.queue())

    def test_not_employees_nor_users(self):
        for partner in (self.manager.partner_id, self.partner):
            self.make_consent(partner, 'expired')
        self.env['hr.applicant'].sudo().create({
            'partner_name': "Mona", 'partner_id': self.manager.partner_id.id, 'company_id': self.company.id,
            'refuse_reason_id': self.reason.id})
        self.env['hr.employee'].create({
            'name': NAME, 'work_contact_id': self.partner.id, 'company_id': self.company.id})
        self.assertFalse(self.queue())

    def test_not_who_never_applied(self):
        self.make_consent(self.env['res.partner'].create({'name': "Customer"}), 'expired')
        self.assertFalse(self.queue())

    def test_kept_person_comes_back_with_the_next_end_only(self):
        self.make_consent(self.partner, 'expired', days_ago=40)
        row = self.queue()
        row.with_user(self.manager)._keep("A dispute")
        self.assertEqual((row.state, row.keep_reason), ('cancelled', "A dispute"))
        self.end_request()
        self.assertEqual(self.queue(), row)
        self.pass_time(days=10)
        self.make_consent(self.partner, 'withdrawn', days_ago=1)
        self.assertEqual(len(self.queue()), 2)

    def test_renewed_consent_takes_out_of_the_queue(self):
        self.make_consent(self.partner, 'expired', days_ago=10)
        row = self.queue()
        self.make_consent(self.partner, 'given', days_ago=0)
        self.queue()
        self.assertEqual(row.state, 'cancelled')

    def test_who_agrees_again_leaves_the_queue_at_once(self):
        self.make_consent(self.partner, 'expired', days_ago=10)
        row = self.queue()
        self.env['hr.candidate.consent']._answer(self.partner, self.company, keep=True, source='page')
        self.assertEqual(row.state, 'cancelled')

    def test_own_request_is_not_taken_back_by_a_consent(self):
        row = self.Erasure._schedule(self.partner, self.company, 'request', fields.Datetime.now() + timedelta(days=2))
        self.make_consent(self.partner, 'given')
        self.queue()
        self.assertEqual(row.state, 'scheduled')

    def test_blocked_is_looked_at_again(self):
        row = self.Erasure._schedule(self.partner, self.company, 'request')
        self.application.action_unarchive()
        row._execute()
        self.assertEqual(row.block_reason, 'in_process')
        self.refuse(self.application, self.reason, send_mail=False)
        self.queue()
        self.assertEqual((row.state, row.block_reason), ('scheduled', False))

    def test_batches(self):
        people = self.make_applicants("Ann A", "Bob B", "Cid C", "Dan D", "Eve E")
        people.write({'refuse_reason_id': self.reason.id, 'active': False})
        for partner in people.sudo().partner_id:
            self.make_consent(partner, 'expired')
        with patch.object(hr_candidate_erasure_jobs, 'BATCH', 2):
            self.assertEqual(len(self.queue()), 5)

    def test_in_an_installation_with_years_of_consents(self):
        for days in range(1, 4):
            self.make_consent(self.partner, 'expired', days_ago=days * 100)
        row = self.queue()
        self.assertEqual(len(row), 1)
        self.assertEqual(row.scheduled_datetime, fields.Datetime.now() - timedelta(days=70))


class TestErase(JobCase):

    def schedule(self, *names):
        applicants = self.make_applicants(*names)
        applicants.write({'refuse_reason_id': self.reason.id, 'active': False})
        return applicants, self.Erasure._schedule(applicants.sudo().partner_id, self.company, 'other')

    def test_who_is_due(self):
        self.Erasure._schedule(self.partner, self.company, 'expired', fields.Datetime.now() + timedelta(days=1))
        self.run_job(ERASE)
        self.assertEqual(self.application.partner_name, NAME)
        self.pass_time(days=1, minutes=1)
        self.run_job(ERASE)
        self.assertTrue(self.application.candidate_erased)
        self.assertEqual(self.rows().state, 'done')

    def test_from_the_end_of_the_consent_to_the_end_of_the_grace(self):
        self.make_consent(self.partner, 'expired', days_ago=29)
        self.run_job(QUEUE)
        self.run_job(ERASE)
        self.assertEqual(self.application.email_from, EMAIL)
        self.pass_time(days=1, minutes=1)
        self.run_job(ERASE)
        self.assertTrue(self.application.candidate_erased)

    def test_who_agreed_in_the_last_minute_is_kept(self):
        self.make_consent(self.partner, 'expired')
        self.run_job(QUEUE)
        self.make_consent(self.partner, 'given', days_ago=0)
        self.run_job(ERASE)
        self.assertFalse(self.application.candidate_erased)
        self.assertEqual(self.rows().state, 'cancelled')

    def test_more_than_one(self):
        applicants, rows = self.schedule("Ann A", "Bob B", "Cid C")
        self.run_job(ERASE)
        self.assertTrue(all(applicants.mapped('candidate_erased')))
        self.assertEqual(set(rows.mapped('state')), {'done'})

    def test_one_that_fails_harms_nobody(self):
        applicants, rows = self.schedule("Ann A", "Bob B", "Cid C")
        bad = applicants[1].sudo().partner_id
        erase = type(self.Erasure)._erase_contact

        def fail(row, found):
            erase(row, found)
            if found['person'] == bad:
                raise ValueError("Broken")
        with patch.object(type(self.Erasure), '_erase_contact', fail), \
             mute_logger('odoo.addons.candidate_relationship.models.hr_candidate_erasure_jobs'):
            self.run_job(ERASE)
        self.assertEqual(applicants.mapped('candidate_erased'), [True, False, True])
        # all or nothing
        self.assertEqual(applicants[1].email_from, 'bob@candidate.example.com')
        row = rows.filtered(lambda r: r.state == 'blocked')
        self.assertEqual((row.block_reason, row.partner_id), ('error', bad))
        self.run_job(QUEUE)
        self.run_job(ERASE)
        self.assertTrue(applicants[1].candidate_erased)

    def test_conflict_is_tried_again_later(self):
        applicants, rows = self.schedule("Ann A")

        def conflict(row):
            raise psycopg2.errors.SerializationFailure("changed meanwhile")
        triggers = self.env['ir.cron.trigger'].search_count([])
        with patch.object(type(self.Erasure), '_lock_person', conflict):
            self.run_job(ERASE)
        self.assertEqual(rows.state, 'scheduled')
        self.assertGreater(self.env['ir.cron.trigger'].search_count([]), triggers)
        self.run_job(ERASE)
        self.assertTrue(applicants.candidate_erased)

    def test_stops_when_time_is_up_and_goes_on_next_time(self):
        applicants, _rows = self.schedule("Ann A", "Bob B", "Cid C")
        with patch.object(type(self.env['ir.cron']), '_commit_progress', lambda *args, **kwargs: 0):
            self.Erasure._cron_erase()
        self.env.invalidate_all()
        self.assertEqual(sum(applicants.mapped('candidate_erased')), 1)
        self.run_job(ERASE)
        self.assertTrue(all(applicants.mapped('candidate_erased')))

    def test_row_of_another_server_is_left_to_it(self):
        applicants, rows = self.schedule("Ann A", "Bob B")
        model = type(self.Erasure)
        free = model.try_lock_for_update

        def lock(records, **kwargs):
            return free(records - rows[0], **kwargs)
        with patch.object(model, 'try_lock_for_update', lock):
            self.run_job(ERASE)
        self.assertEqual(sum(applicants.mapped('candidate_erased')), 1)
        self.assertEqual(rows[0].state, 'scheduled')
