"""Mails, mailings and replies: what the mail server has accepted, and what came in."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tools import SQL, mute_logger

from .touch_common import TouchCase

MAILED, ANSWERED, SENT = ('mail', 'out'), ('mail', 'in'), ('mailing', 'out')


class TestMailTouch(TouchCase):

    def test_accepted_mail(self):
        message = self.write_to(self.applicant, subject="News")
        self.assertRecordValues(self.touches(), [{
            'channel': 'mail', 'direction': 'out', 'summary': "News", 'user_id': self.recruiter.id,
            'message_id': message.id, 'applicant_id': self.applicant.id, 'company_id': self.company.id,
            'date': self.START}])

    def test_mail_without_a_subject(self):
        self.write_to(self.applicant, body="We liked your portfolio. " * 9)
        summary = self.touches().summary
        self.assertTrue(summary.startswith("We liked your portfolio."), summary)
        self.assertLessEqual(len(summary), 80)

    def test_refused_mail(self):
        self.write_to(self.applicant, refuses=True)
        self.assertFalse(self.touches())

    def test_sent_again_is_one_touch(self):
        with self.mail_server():
            message = self.applicant.message_post(
                body="Hello", partner_ids=self.applicant.partner_id.ids, subtype_xmlid='mail.mt_comment',
                force_send=False)
            mails = self.env['mail.mail'].sudo().search([('mail_message_id', '=', message.id)])
            mails.auto_delete = False
            mails.send()
            mails.state = 'outgoing'
            mails.send()
        self.assertEqual(len(self.emails), 2)
        self.assertTouches(MAILED)

    def test_note_to_colleagues(self):
        self.write_to(self.applicant, subtype_xmlid='mail.mt_note', partner_ids=[])
        self.colleague.notification_type = 'email'
        self.write_to(self.applicant, partner_ids=self.colleague.partner_id.ids)
        self.assertEqual(len(self.emails), 1)
        self.assertFalse(self.touches())

    def test_template_of_a_stage(self):
        self.stage_talk.template_id = self.make_template("<p>We would like to meet you.</p>")
        with self.mail_server():
            self.applicant.stage_id = self.stage_talk
            self.end_request()
        self.assertTouches(MAILED)

    def test_refusal_mail(self):
        with self.mail_server():
            self.refuse(self.applicant, self.env.ref('hr_recruitment.refuse_reason_1'))
            self.assertFalse(self.touches())
            self.send_queue()
        self.assertTouches(MAILED)
        self.assertEqual(self.touches().applicant_id, self.applicant)
        self.assertEqual(self.touches().user_id, self.recruiter)

    def test_mail_to_many(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        with self.mail_server():
            self.env['mail.compose.message'].with_user(self.recruiter).create({
                'composition_mode': 'mass_mail', 'model': 'hr.applicant', 'res_ids': str(applicants.ids),
                'subject': "News", 'body': "<p>We decided.</p>"})._action_send_mail()
            self.send_queue()
        self.assertTouches(MAILED, MAILED, of=applicants)

    def test_of_the_robot_is_by_nobody(self):
        self.write_to(self.applicant, user=self.env.ref('base.user_root'))
        self.assertFalse(self.touches().user_id)

    def test_what_goes_wrong_does_not_break_the_sending(self):
        touches = type(self.env['hr.candidate.touch'])
        broken = patch.object(touches, '_get_mail_insert', side_effect=ValueError("broken"))
        with broken, mute_logger('odoo.addons.candidate_relationship.models.mail_mail_touch'):
            message = self.write_to(self.applicant)
        self.assertEqual(message.notification_ids.mapped('notification_status'), ['sent'])
        self.assertFalse(self.touches())

    def test_broken_statement_does_not_break_the_sending(self):
        touches = type(self.env['hr.candidate.touch'])
        broken = patch.object(touches, '_get_mail_insert', lambda *args: SQL("SELECT 1 / 0"))
        with broken, mute_logger('odoo.addons.candidate_relationship.models.hr_candidate_touch'):
            message = self.write_to(self.applicant)
        self.assertEqual(message.notification_ids.mapped('notification_status'), ['sent'])
        self.assertTouches()

    def test_conflict_is_settled_after_the_commit(self):
        touches = self.env['hr.candidate.touch'].sudo()
        insert = SQL("SELECT 1")
        execute = type(self.cr).execute
        calls = []

        def conflict(cursor, query, *args, **kwargs):
            if 'SAVEPOINT candidate_touch; SELECT' in getattr(query, 'code', ''):
                execute(cursor, "SAVEPOINT candidate_touch")
                raise SerializationFailure
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.cr), 'execute', conflict), \
             patch.object(type(touches), '_record_after_commit', lambda self, query: calls.append(query)):
            touches._record_beside(insert)
        self.assertEqual(calls, [insert])


class TestReplyTouch(TouchCase):

    def test_reply(self):
        message = self.write_to(self.applicant)
        self.pass_time(hours=1)
        self.reply_to(message, self.applicant.email_from)
        self.assertTouches(MAILED, ANSWERED)
        reply = self.touches()[1]
        self.assertEqual((reply.summary, reply.applicant_id), ("Re: your message", self.applicant))
        self.assertFalse(reply.user_id)

    def test_mail_of_somebody_else(self):
        message = self.write_to(self.applicant)
        self.reply_to(message, 'stranger@example.com')
        self.assertTouches(MAILED)

    def test_application_that_comes_in_by_mail(self):
        raw = ("From: Ann New <ann@candidate.example.com>\nTo: jobs@example.com\nSubject: Application\n"
               "Message-Id: <ann-1@candidate.example.com>\nContent-Type: text/plain\n\nHello\n")
        with self.mail_server():
            applicant_id = self.env['mail.thread'].message_process(
                'hr.applicant', raw, custom_values={'company_id': self.company.id})
        self.assertTouches(ANSWERED, of=self.env['hr.applicant'].browse(applicant_id))


class TestMailingTouch(TouchCase):

    def make_mailing(self, model='hr.applicant', domain=None, records=None, **vals):
        return self.env['mailing.mailing'].create({
            'name': "Newsletter", 'subject': "What is new", 'body_html': "<p>We moved.</p>",
            'email_from': 'jobs@company.example.com', 'user_id': self.recruiter.id,
            'mailing_model_id': self.env['ir.model']._get_id(model),
            'nurture_service_message': True,
            'mailing_domain': [('id', 'in', records.ids)] if domain is None else domain,
            **vals})

    def send(self, mailing, refuses=False):
        with self.mail_server(refuses):
            mailing.action_send_mail()
            self.send_queue()
        return mailing

    def reply(self, trace, text="Thank you", to='jobs@example.com'):
        """The mail gateway finds the trace by the message that is answered."""
        raw = (f"From: {trace.email}\nTo: {to}\nSubject: Re: What is new\nIn-Reply-To: {trace.message_id}\n"
               f"Message-Id: <answer-{trace.id}@candidate.example.com>\nContent-Type: text/plain\n\n{text}\n")
        with self.mail_server():
            self.env['mail.thread'].message_process('hr.applicant', raw)

    def test_accepted(self):
        mailing = self.send(self.make_mailing(records=self.applicant))
        self.assertRecordValues(self.touches(), [{
            'channel': 'mailing', 'direction': 'out', 'summary': "What is new", 'user_id': self.recruiter.id,
            'trace_id': mailing.mailing_trace_ids.id, 'applicant_id': self.applicant.id,
            'company_id': self.company.id}])

    def test_refused(self):
        self.send(self.make_mailing(records=self.applicant), refuses=True)
        self.assertFalse(self.touches())

    def test_not_a_test_of_the_mailing(self):
        mailing = self.make_mailing(records=self.applicant)
        with self.mail_server():
            self.env['mailing.mailing.test'].create({
                'mass_mailing_id': mailing.id, 'email_to': self.applicant.email_from}).send_mail_test()
        self.assertEqual(len(self.emails), 1)
        self.assertFalse(self.touches())

    def test_to_many(self):
        applicants = self.make_applicants(*[f"Number{number} X" for number in range(20)])
        self.send(self.make_mailing(records=applicants))
        self.assertEqual(len(self.touches(applicants)), 20)
        self.assertEqual(self.touches(applicants).applicant_id, applicants)

    def test_no_query_for_each_mail(self):
        applicants = self.make_applicants(*[f"Number{number} X" for number in range(10)])
        counts = []
        for disabled in (True, False):
            mailing = self.make_mailing(records=applicants)
            with self.mail_server():
                mailing.action_send_mail()
                mails = self.env['mail.mail'].sudo().search([('mailing_id', '=', mailing.id)])
                stop = patch.object(type(mails), '_record_mailing_touches', lambda *args: None)
                self.env.flush_all()
                before = self.cr.sql_log_count
                if disabled:
                    with stop:
                        mails.send()
                else:
                    mails.send()
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], len(applicants), counts)
        self.assertEqual(self.touches(applicants).trace_id & mailing.mailing_trace_ids, mailing.mailing_trace_ids)

    def test_what_a_killed_server_left_is_caught_up(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        mails = self.env['mail.mail']
        with patch.object(type(mails), '_record_mailing_touches', lambda *args: None):
            mailing = self.send(self.make_mailing(records=applicants))
        self.assertFalse(self.touches(applicants))
        self.pass_time(hours=1)
        mails.process_email_queue()
        self.assertTouches(SENT, SENT, of=applicants)
        self.assertEqual(self.touches(applicants).mapped('date'), mailing.mailing_trace_ids.mapped('sent_datetime'))
        mails.process_email_queue()
        self.assertTouches(SENT, SENT, of=applicants)

    def test_catching_up_leaves_out_what_did_not_arrive(self):
        mailing = self.send(self.make_mailing(records=self.applicant), refuses=True)
        self.assertEqual(mailing.mailing_trace_ids.trace_status, 'error')
        self.env['mail.mail'].process_email_queue()
        self.assertFalse(self.touches())

    def test_what_goes_wrong_does_not_break_a_mailing(self):
        touches = type(self.env['hr.candidate.touch'])
        broken = patch.object(touches, '_get_mailing_insert', side_effect=ValueError("broken"))
        with broken, mute_logger('odoo.addons.candidate_relationship.models.mail_mail_touch'):
            mailing = self.send(self.make_mailing(records=self.applicant))
        self.assertEqual(mailing.mailing_trace_ids.trace_status, 'sent')
        self.assertFalse(self.touches())

    def test_to_contacts_of_the_address_book(self):
        stranger = self.env['res.partner'].create({'name': "Customer", 'email': 'customer@example.com'})
        partners = self.applicant.partner_id + stranger
        self.send(self.make_mailing('res.partner', records=partners))
        self.assertEqual(len(self.emails), 2)
        self.assertTouches(SENT)
        self.assertFalse(self.touches().applicant_id)
        self.assertFalse(self.env['hr.candidate.touch'].search([('partner_id', '=', stranger.id)]))

    def test_to_contacts_of_a_mailing_list(self):
        mailing_list = self.env['mailing.list'].create({'name': "Everybody"})
        self.env['mailing.contact'].create([
            {'name': name, 'email': email, 'list_ids': [Command.set(mailing_list.ids)]}
            for name, email in (("Jane", 'Jane@Candidate.example.com'), ("Customer", 'customer@example.com'))])
        self.send(self.make_mailing(
            'mailing.list', contact_list_ids=[Command.set(mailing_list.ids)], domain=[]))
        self.assertEqual(len(self.emails), 2)
        self.assertTouches(SENT)

    def test_company_of_the_sender(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        self.env['hr.applicant'].create({
            'partner_name': "Jane Doe", 'email_from': self.applicant.email_from, 'company_id': other.id})
        self.send(self.make_mailing('res.partner', records=self.applicant.partner_id))
        self.assertEqual(self.touches().company_id, self.company)

    def test_not_in_a_company_that_the_sender_has_nothing_to_do_with(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        theirs = self.env['hr.applicant'].create({
            'partner_name': "Wei Chen", 'email_from': 'wei@candidate.example.com', 'company_id': other.id})
        self.send(self.make_mailing('res.partner', records=theirs.partner_id))
        self.assertEqual(len(self.emails), 1)
        self.assertFalse(self.touches(theirs))

    def test_reply_into_the_application_is_one_touch(self):
        mailing = self.send(self.make_mailing(records=self.applicant, keep_archives=True))
        trace = mailing.mailing_trace_ids
        self.pass_time(hours=1)
        with self.mail_server():
            self.env['mailing.trace'].set_replied(domain=[('message_id', '=', trace.message_id)])
            self.applicant.message_post(
                body="Thank you", message_type='email', author_id=self.applicant.partner_id.id,
                email_from=self.applicant.email_from, subject="Re: What is new")
        self.assertTouches(SENT, ('mailing', 'in'))
        self.assertEqual(self.touches()[1].message_id.subject, "Re: What is new")

    def test_reply(self):
        mailing = self.send(self.make_mailing(records=self.applicant))
        self.pass_time(hours=1)
        self.reply(mailing.mailing_trace_ids)
        self.assertTouches(SENT, ('mailing', 'in'))
        answer = self.touches()[1]
        self.assertEqual(answer.trace_id, mailing.mailing_trace_ids)
        self.assertFalse(answer.user_id)

    def test_reply_noted_twice_is_one_touch(self):
        mailing = self.send(self.make_mailing(records=self.applicant))
        self.pass_time(hours=1)
        for _time in range(2):
            mailing.mailing_trace_ids.set_replied()
        self.assertTouches(SENT, ('mailing', 'in'))
