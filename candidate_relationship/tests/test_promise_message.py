"""Which messages answer the candidate, and when."""

from odoo import Command
from odoo.tests import Form

from .common import INTERVIEWER, FeedbackCase


class MessageCase(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)
        # eight working hours after the application
        self.set_time('2026-03-03 09:00')


class TestDelivery(MessageCase):

    def test_delivered(self):
        message = self.write_to(self.applicant)
        self.assertEqual([mail['smtp_to_list'] for mail in self.emails], [['jane@candidate.example.com']])
        self.assertPromise(
            self.promise, state='kept', closing_type='message', closing_message_id=message,
            closed_by_id=self.recruiter, closed_datetime='2026-03-03 09:00', working_hours=8.0, due_status=False)

    def test_late(self):
        self.set_time('2026-03-05 16:00:01')
        self.write_to(self.applicant)
        self.assertPromise(self.promise, state='late', working_hours=30.0)

    def test_in_the_last_second(self):
        self.set_time('2026-03-05 16:00')
        self.write_to(self.applicant)
        self.assertPromise(self.promise, state='kept', working_hours=30.0)

    def test_refused_by_the_mail_server(self):
        self.write_to(self.applicant, refuses=True)
        self.assertFalse(self.emails)
        self.assertPromise(self.promise, state='running', closing_type=False)

    def test_accepted_at_the_second_try(self):
        message = self.write_to(self.applicant, refuses=True)
        self.set_time('2026-03-04 09:00')
        with self.mail_server():
            mail = self.env['mail.mail'].search([('mail_message_id', '=', message.id)])
            mail.mark_outgoing()
            mail.send()
        # the answer came when it was delivered, not when it was written
        self.assertPromise(
            self.promise, state='kept', closed_datetime='2026-03-04 09:00', closing_message_id=message,
            closed_by_id=self.recruiter)

    def test_written_before_the_clock_started(self):
        message = self.write_to(self.applicant, refuses=True)
        self.set_time('2026-03-04 09:00')
        self.applicant.stage_id = self.stage_talk
        self.make_policy('stage', stage_ids=self.stage_talk.ids)
        self.applicant.stage_id = self.stage_new
        self.applicant.stage_id = self.stage_talk
        with self.mail_server():
            mail = self.env['mail.mail'].search([('mail_message_id', '=', message.id)])
            mail.mark_outgoing()
            mail.send()
        self.assertStates(self.applicant, [('application', 'kept'), ('stage', 'running')])

    def test_interview_to_come_is_not_answered(self):
        self.make_interview(self.applicant)
        self.write_to(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept'), ('interview', 'running')])

    def test_interview_of_the_past_is_answered_too(self):
        self.make_interview(self.applicant)
        self.set_time('2026-03-04 12:00')
        self.write_to(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept'), ('interview', 'kept')])

    def test_paused_promise_is_answered(self):
        self.applicant.kanban_state = 'waiting'
        self.set_time('2026-03-04 09:00')
        self.write_to(self.applicant)
        self.assertPromise(self.promise, state='kept', working_hours=8.0, paused_hours=8.0)

    def test_second_message_changes_nothing(self):
        first = self.write_to(self.applicant)
        self.pass_time(days=1)
        self.write_to(self.applicant, user=self.colleague)
        self.assertPromise(
            self.promise, closing_message_id=first, closed_by_id=self.recruiter, closed_datetime='2026-03-03 09:00')

    def test_other_application_of_the_same_person(self):
        other = self.make_applicant()
        self.assertEqual(other.partner_id, self.applicant.partner_id)
        self.write_to(self.applicant)
        self.assertPromise(self.promises(other), state='running')

    def test_without_promise_a_message_is_just_a_message(self):
        self.write_to(self.applicant)
        self.assertTrue(self.write_to(self.applicant))

    def test_only_by_phone(self):
        self.promise.sudo().means = 'phone'
        self.write_to(self.applicant)
        self.assertPromise(self.promise, state='running')

    def test_warning_goes_with_the_answer(self):
        self.set_time('2026-03-05 10:00')
        self.run_cron()
        self.assertTrue(self.warnings(self.promise))
        self.write_to(self.applicant)
        self.assertFalse(self.warnings(self.promise))


class TestWhatAnswers(MessageCase):

    def test_composer_that_the_applicant_opens(self):
        action = self.applicant.action_feedback_write()
        composer = Form(self.env['mail.compose.message'].with_user(self.recruiter).with_context(**action['context']))
        composer.subject = "Your application"
        composer.body = "<p>We would like to meet you.</p>"
        with self.mail_server():
            composer.save()._action_send_mail()
        self.assertEqual([mail['smtp_to_list'] for mail in self.emails], [['jane@candidate.example.com']])
        self.assertPromise(self.promise, state='kept', closed_by_id=self.recruiter)

    def test_subject_tells_the_candidate_what_it_is_about(self):
        action = self.applicant.action_feedback_write()
        self.assertEqual(action['context']['default_subject'], "Your application: Developer")
        self.applicant.job_id = False
        self.assertEqual(self.applicant.action_feedback_write()['context']['default_subject'], "Your application")

    def test_subject_in_the_candidates_language(self):
        self.applicant.partner_id.lang = 'zh_CN'
        action = self.applicant.action_feedback_write()
        self.assertEqual(action['context']['default_subject'], "您的申请：Developer")

    def test_mails_to_several_candidates(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        wizard = self.env['applicant.send.mail'].with_user(self.recruiter).create({
            'applicant_ids': [Command.set(applicants.ids)], 'subject': "News", 'body': "<p>We decided.</p>"})
        with self.mail_server():
            wizard.action_send()
        self.assertEqual(self.promises(applicants).mapped('state'), ['kept', 'kept'])

    def test_composer_for_several_candidates(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        composer = self.env['mail.compose.message'].with_user(self.recruiter).with_context(
            active_model='hr.applicant', active_ids=applicants.ids).create({
                'composition_mode': 'mass_mail', 'model': 'hr.applicant', 'res_ids': repr(applicants.ids),
                'subject': "News", 'body': "<p>We decided.</p>"})
        with self.mail_server():
            composer._action_send_mail()
            self.send_queue()
        self.assertEqual(len(self.emails), 2)
        self.assertEqual(self.promises(applicants).mapped('state'), ['kept', 'kept'])

    def test_candidate_who_follows(self):
        self.applicant.message_subscribe(partner_ids=self.applicant.partner_id.ids)
        self.write_to(self.applicant, partner_ids=[])
        self.assertPromise(self.promise, state='kept')

    def test_colleagues_answer_from_the_mail_program(self):
        self.applicant.message_subscribe(partner_ids=self.applicant.partner_id.ids)
        message = self.applicant.message_post(
            body="Nobody sends this one.", message_type='comment', subtype_xmlid='mail.mt_comment')
        self.reply_to(message, self.colleague.email, text="You are invited.")
        self.assertPromise(self.promise, state='kept', closed_by_id=self.colleague)

    def test_interviewers_message(self):
        interviewer = self.make_user('imre', INTERVIEWER)
        self.applicant.interviewer_ids = [Command.set(interviewer.ids)]
        self.write_to(self.applicant, user=interviewer)
        self.assertPromise(self.promise, state='kept', closed_by_id=interviewer)

    def test_template_of_a_later_stage(self):
        self.stage_talk.template_id = self.make_template("<p>We would like to meet you.</p>")
        with self.mail_server():
            self.applicant.stage_id = self.stage_talk
            self.end_request()
        self.assertEqual(len(self.emails), 1)
        self.assertPromise(self.promise, state='kept', closing_type='message')


class TestWhatDoesNotAnswer(MessageCase):

    def assertUnanswered(self):
        self.assertPromise(self.promise, state='running')

    def test_acknowledgement(self):
        self.stage_new.template_id = self.make_template("<p>We received your application.</p>")
        with self.mail_server():
            applicant = self.make_applicant("John Roe", stage_id=self.stage_new.id)
            self.end_request()
        self.assertEqual([mail['smtp_to_list'] for mail in self.emails], [['john@candidate.example.com']])
        self.assertStates(applicant, [('application', 'running')])

    def test_acknowledgement_delivered_later(self):
        self.stage_new.template_id = self.make_template("<p>We received your application.</p>")
        with self.mail_server(refuses=True):
            applicant = self.make_applicant("John Roe", stage_id=self.stage_new.id)
            self.end_request()
        self.pass_time(hours=1)
        with self.mail_server():
            mails = self.env['mail.mail'].search([('model', '=', 'hr.applicant'), ('res_id', '=', applicant.id)])
            mails.mark_outgoing()
            mails.send()
        self.assertEqual(len(self.emails), 1)
        self.assertStates(applicant, [('application', 'running')])

    def test_acknowledgement_to_somebody_who_is_moved_at_once(self):
        self.stage_talk.template_id = self.make_template("<p>We received your application.</p>")
        with self.mail_server():
            applicant = self.make_applicant("John Roe", stage_id=self.stage_new.id)
            self.cr.precommit.clear()
            applicant.stage_id = self.stage_talk
            self.end_request()
        self.assertEqual(len(self.emails), 1)
        self.assertStates(applicant, [('application', 'running')])

    def test_internal_note(self):
        self.write_to(self.applicant, subtype_xmlid='mail.mt_note', partner_ids=[])
        self.assertUnanswered()

    def test_note_that_notifies_a_colleague(self):
        self.colleague.notification_type = 'email'
        self.write_to(self.applicant, subtype_xmlid='mail.mt_note', partner_ids=self.colleague.partner_id.ids)
        self.assertEqual([mail['smtp_to_list'] for mail in self.emails], [[self.colleague.email]])
        self.assertUnanswered()

    def test_message_to_a_colleague(self):
        self.colleague.notification_type = 'email'
        self.write_to(self.applicant, partner_ids=self.colleague.partner_id.ids)
        self.assertEqual(len(self.emails), 1)
        self.assertUnanswered()

    def test_message_of_odoobot(self):
        self.write_to(self.applicant, user=self.env.ref('base.user_root'))
        self.assertEqual(len(self.emails), 1)
        self.assertUnanswered()

    def test_message_of_the_candidate(self):
        self.applicant.message_subscribe(partner_ids=self.applicant.partner_id.ids)
        message = self.applicant.message_post(body="Hello", message_type='comment')
        self.reply_to(message, 'jane@candidate.example.com')
        self.assertUnanswered()

    def test_message_of_somebody_outside(self):
        agency = self.env['res.partner'].create({'name': "Agency", 'email': 'agency@else.example.com'})
        self.write_to(self.applicant, author_id=agency.id)
        self.assertEqual(len(self.emails), 1)
        self.assertUnanswered()

    def test_notification_that_odoo_writes(self):
        self.write_to(self.applicant, message_type='notification')
        self.assertUnanswered()

    def test_bulk_mailing(self):
        mailing = self.env['mailing.mailing'].create({
            'subject': "Newsletter",
            'name': "Newsletter",
            'body_html': "<p>What is new.</p>",
            'mailing_type': 'mail',
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant'),
            'nurture_service_message': True,
            'mailing_domain': [('id', '=', self.applicant.id)],
            'user_id': self.recruiter.id,
            'email_from': self.recruiter.email,
        })
        with self.mail_server():
            mailing.action_send_mail()
            self.send_queue()
        self.assertEqual([mail['smtp_to_list'] for mail in self.emails], [['jane@candidate.example.com']])
        self.assertUnanswered()

    def test_mail_without_a_recipients_address(self):
        self.applicant.partner_id.email = False
        self.write_to(self.applicant)
        self.assertFalse(self.emails)
        self.assertUnanswered()

    def test_mail_about_something_else(self):
        with self.mail_server():
            self.env['mail.mail'].create({
                'email_to': self.applicant.email_from, 'subject': "Invoice", 'body_html': "<p>Pay.</p>",
                'author_id': self.recruiter.partner_id.id, 'message_type': 'comment'}).send()
        self.assertEqual(len(self.emails), 1)
        self.assertUnanswered()


class TestWithoutAddress(FeedbackCase):

    def test_write_to_somebody_without_an_address(self):
        applicant = self.make_applicant(email_from=False)
        with self.assertRaisesRegex(Exception, "Jane Doe has no e-mail address. Add one, or call and log the call."):
            applicant.action_feedback_write()

    def test_contact_is_made_of_the_address(self):
        applicant = self.make_applicant()
        applicant.sudo().partner_id = False
        applicant.email_from = 'jane@candidate.example.com'
        applicant.sudo().partner_id = False
        action = applicant.action_feedback_write()
        self.assertEqual(applicant.partner_id.email, 'jane@candidate.example.com')
        self.assertEqual(action['context']['default_partner_ids'], applicant.partner_id.ids)

    def test_interviewer_makes_the_contact(self):
        applicant = self.make_applicant(interviewer_ids=[Command.set(self.interviewer.ids)])
        applicant.sudo().partner_id = False
        applicant.with_user(self.interviewer).action_feedback_write()
        self.assertEqual(applicant.partner_id.name, "Jane Doe")

    def test_several_are_written_to_with_odoos_own_wizard(self):
        applicants = self.make_applicants("One", "Two")
        action = applicants.action_feedback_write()
        self.assertEqual(action['res_model'], 'applicant.send.mail')
        self.assertEqual(action['context']['default_applicant_ids'], applicants.ids)
