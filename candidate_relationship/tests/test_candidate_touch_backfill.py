"""Installing on a database in use: touches of the mails, mailings and interviews it holds."""

from unittest.mock import patch

from .. import hooks
from ..models import hr_candidate_touch_backfill
from .touch_common import TouchCase


class TestTouchBackfill(TouchCase):

    def setUp(self):
        super().setUp()
        self.forget()

    def forget(self):
        """A database without the module has no touches."""
        self.env['hr.candidate.touch'].sudo().search([]).unlink()

    def install(self):
        self.env.flush_all()
        self.forget()
        return self.env['hr.candidate.touch'].sudo()._backfill_at_install()

    def assertBackfilled(self, *expected):
        self.install()
        self.assertTouches(*expected)
        self.assertEqual(self.env['hr.candidate.touch'].sudo()._backfill_at_install(), 0, "safe to run twice")

    def test_mails_both_ways(self):
        message = self.write_to(self.applicant, subject="News")
        self.pass_time(hours=1)
        self.reply_to(message, 'Jane Doe <Jane@candidate.example.com>')
        self.pass_time(days=1)
        self.assertBackfilled(('mail', 'out'), ('mail', 'in'))
        self.assertRecordValues(self.touches()[0], [{
            'date': self.START, 'summary': "News", 'user_id': self.recruiter.id, 'message_id': message.id,
            'applicant_id': self.applicant.id, 'company_id': self.company.id}])

    def test_same_as_noted_at_the_time(self):
        message = self.write_to(self.applicant, subject="News")
        noted = self.touches().read(['date', 'channel', 'direction', 'summary', 'user_id', 'message_id'])
        self.install()
        found = self.touches().read(['date', 'channel', 'direction', 'summary', 'user_id', 'message_id'])
        self.assertEqual([dict(t, id=0) for t in found], [dict(t, id=0) for t in noted])
        self.assertTrue(message)

    def test_long_ago(self):
        # Odoo deletes notifications after half a year
        self.write_to(self.applicant).sudo().notification_ids.unlink()
        self.assertBackfilled(('mail', 'out'))

    def test_refused(self):
        self.write_to(self.applicant, refuses=True)
        self.assertBackfilled()

    def test_notes(self):
        self.write_to(self.applicant, subtype_xmlid='mail.mt_note', partner_ids=[])
        self.write_to(self.applicant, partner_ids=self.colleague.partner_id.ids)
        self.applicant.message_post(body="Call with her")
        self.assertBackfilled()

    def test_template_of_a_stage(self):
        self.stage_talk.template_id = self.make_template("<p>We would like to meet you.</p>")
        with self.mail_server():
            self.applicant.stage_id = self.stage_talk
            self.end_request()
        self.assertBackfilled(('mail', 'out'))

    def test_interviews(self):
        self.make_interview(self.applicant)
        self.make_interview(self.applicant, '2026-02-04 09:00', '2026-02-04 10:00').action_archive()
        self.assertBackfilled(('meeting', 'out'))

    def test_mailing(self):
        traces = self.env['mailing.trace'].create([{
            'model': 'hr.applicant', 'res_id': self.applicant.id, 'email': self.applicant.email_from,
            'mass_mailing_id': self.make_mailing(reply_to_mode).id, 'trace_status': status,
            'sent_datetime': '2026-01-02 10:00:00', 'reply_datetime': status == 'reply' and '2026-01-03 10:00:00',
        } for status, reply_to_mode in (('sent', 'update'), ('error', 'update'), ('reply', 'new'))])
        self.assertBackfilled(('mailing', 'out'), ('mailing', 'out'), ('mailing', 'in'))
        self.assertEqual(self.touches().trace_id, traces[0] + traces[2])

    def test_mailing_that_leaves_a_message(self):
        mailing = self.make_mailing('update')
        mailing.write({
            'body_html': "<p>We moved.</p>", 'email_from': 'jobs@company.example.com', 'keep_archives': True,
            'mailing_domain': [('id', '=', self.applicant.id)]})
        with self.mail_server():
            mailing.action_send_mail()
            self.send_queue()
        self.assertEqual(len(self.emails), 1)
        self.assertTrue(self.applicant.message_ids.filtered(lambda m: 'We moved' in m.body))
        self.assertBackfilled(('mailing', 'out'))

    def make_mailing(self, reply_to_mode):
        return self.env['mailing.mailing'].create({
            'name': "Newsletter", 'subject': "What is new", 'reply_to_mode': reply_to_mode,
            'nurture_service_message': True,
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant')})

    def test_many(self):
        applicants = self.make_applicants(*[f"Number{number} X" for number in range(7)])
        for applicant in applicants:
            self.write_to(applicant)
        with patch.object(hr_candidate_touch_backfill, 'BATCH', 3):
            self.install()
        self.assertEqual(self.touches(applicants).applicant_id, applicants)

    def test_at_the_installation(self):
        self.write_to(self.applicant)
        self.forget()
        hooks.post_init_hook(self.env)
        self.assertTouches(('mail', 'out'))
