"""The date that the candidate is told: once, in their language and zone, and only if it arrived."""

from email import message_from_string

from markupsafe import Markup

from odoo import fields

from ..models.hr_feedback_promise_delivery import MARK
from .common import FeedbackCase

STATES_THE_DATE = '<p>You hear from us by <t t-out="object.feedback_promised_date"/>.</p>'
THURSDAY = fields.Date.to_date('2026-03-05')
FRIDAY = fields.Date.to_date('2026-03-06')


class TestPlaceholder(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()

    def text(self):
        self.env.invalidate_all()
        return self.applicant.feedback_promised_date

    def test_date_in_words(self):
        self.assertEqual(self.text(), f"{MARK}Thursday, March 5, 2026{MARK}")

    def test_language_of_the_candidate(self):
        self.applicant.partner_id.lang = 'zh_CN'
        self.assertEqual(self.text().strip(MARK), "2026年3月5日星期四")

    def test_not_the_language_of_the_reader(self):
        self.recruiter.lang = 'zh_CN'
        self.assertEqual(
            self.applicant.with_context(lang='zh_CN').feedback_promised_date.strip(MARK), "Thursday, March 5, 2026")

    def test_day_in_the_candidates_zone(self):
        # Thursday 17:00 in Brussels is midnight of Friday in Shanghai
        self.applicant.partner_id.tz = 'Asia/Shanghai'
        self.assertEqual(self.text().strip(MARK), "Friday, March 6, 2026")

    def test_day_in_the_calendars_zone_if_the_candidates_is_not_known(self):
        self.calendar.tz = 'Asia/Shanghai'
        self.applicant.partner_id.tz = False
        # 16:00 UTC of the deadline given: stored deadlines don't move
        self.assertEqual(self.text().strip(MARK), "Friday, March 6, 2026")

    def test_application_without_contact(self):
        self.applicant.sudo().partner_id = False
        self.company.partner_id.lang = 'zh_CN'
        self.assertEqual(self.text().strip(MARK), "2026年3月5日星期四")

    def test_the_most_urgent_promise(self):
        self.make_interview(self.applicant)
        self.assertEqual(self.text().strip(MARK), "Thursday, March 5, 2026")
        self.log_call(self.applicant)
        self.assertEqual(self.text().strip(MARK), "Monday, March 9, 2026")

    def test_nothing_promised(self):
        self.log_call(self.applicant)
        self.assertEqual(self.text(), '')

    def test_no_deadline(self):
        self.promises(self.applicant).sudo().deadline = False
        self.assertEqual(self.text(), '')

    def test_in_a_subject(self):
        template = self.make_template("<p/>", subject="Answer by {{ object.feedback_promised_date }}")
        subject = template._render_field('subject', self.applicant.ids)[self.applicant.id]
        self.assertEqual(subject.replace(MARK, ''), "Answer by Thursday, March 5, 2026")

    def test_interviewer_may_use_it(self):
        self.applicant.interviewer_ids = self.interviewer
        self.assertIn("March 5", self.applicant.with_user(self.interviewer).feedback_promised_date)


class TestToldByMail(FeedbackCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.promise = self.promises(self.applicant)
        self.pass_time(hours=1)

    def send_template(self, body=STATES_THE_DATE, refuses=False):
        template = self.make_template(body)
        with self.mail_server(refuses):
            return self.applicant.message_post_with_source(
                template, message_type='comment', subtype_xmlid='mail.mt_note')

    def test_told_by_the_acknowledgement(self):
        self.stage_new.template_id = self.env.ref('candidate_relationship.mail_template_acknowledgement')
        with self.mail_server():
            applicant = self.make_applicant("John Roe", stage_id=self.stage_new.id)
            self.end_request()
        self.assertPromise(self.promises(applicant), state='running', told_date=THURSDAY)

    def test_acknowledgement_that_was_refused(self):
        self.stage_new.template_id = self.env.ref('candidate_relationship.mail_template_acknowledgement')
        with self.mail_server(refuses=True):
            applicant = self.make_applicant("John Roe", stage_id=self.stage_new.id)
            self.end_request()
        self.assertPromise(self.promises(applicant), state='running', told_date=False)

    def test_told_by_any_template(self):
        self.send_template()
        self.assertPromise(self.promise, state='running', told_date=THURSDAY)

    def test_refused_mail_told_nothing(self):
        self.send_template(refuses=True)
        self.assertPromise(self.promise, told_date=False)

    def test_told_in_chinese(self):
        self.applicant.partner_id.lang = 'zh_CN'
        self.send_template()
        self.assertPromise(self.promise, told_date=THURSDAY)

    def test_told_date_is_the_candidates(self):
        self.applicant.partner_id.tz = 'Asia/Shanghai'
        self.send_template()
        self.assertPromise(self.promise, told_date=FRIDAY)

    def test_told_by_a_colleague_who_uses_the_placeholder(self):
        self.write_to(self.applicant, body=f"You hear from us by {self.applicant.feedback_promised_date}.")
        self.assertPromise(self.promise, state='running', told_date=THURSDAY)

    def test_date_written_by_hand_tells_nothing(self):
        self.write_to(self.applicant, body="We decided on Thursday, March 5, 2026.")
        self.assertPromise(self.promise, state='kept', told_date=False)

    def test_message_that_states_the_date_answers_nothing_else(self):
        outdated = self.applicant.feedback_promised_date.replace("5", "4")
        self.write_to(self.applicant, body=f"You hear from us by {outdated}.")
        self.assertPromise(self.promise, state='running', told_date=False)

    def test_answer_that_quotes_the_acknowledgement(self):
        stated = self.applicant.feedback_promised_date
        for number, quote in enumerate((
                '<blockquote>{}</blockquote>', '<div data-o-mail-quote="1">{}</div>',
                '<div class="o_mail_reply_container">{}</div>', '<div class="gmail_quote">{}</div>')):
            with self.subTest(quote=quote):
                applicant = self.make_applicant(f"Candidate {number}")
                self.pass_time(minutes=1)
                said = quote.format(f"You hear from us by {stated}.")
                self.write_to(applicant, body=Markup(f"<div><p>You are invited.</p>{said}</div>"))
                self.assertPromise(self.promises(applicant), state='kept', told_date=False)

    def test_answer_to_one_promise_that_tells_the_date_of_another(self):
        self.make_interview(self.applicant, '2026-03-02 09:00', '2026-03-02 09:30')
        self.promise.sudo()._cancel('manual')
        self.make_policy('stage', stage_ids=self.stage_talk.ids, working_days=10)
        self.applicant.stage_id = self.stage_talk
        stage_promise = self.promises(self.applicant, 'stage')
        self.pass_time(minutes=1)
        self.write_to(self.applicant, body=f"Well done. By {stage_promise._get_told_text()} we decide.")
        self.assertPromise(stage_promise, state='running', told_date=fields.Date.to_date('2026-03-16'))
        self.assertPromise(self.promises(self.applicant, 'interview'), state='kept', told_date=False)

    def test_answer_keeps_what_was_told(self):
        self.send_template()
        self.write_to(self.applicant)
        self.assertPromise(self.promise, state='kept', told_date=THURSDAY)

    def test_told_date_never_moves(self):
        self.send_template()
        self.applicant.kanban_state = 'waiting'
        self.pass_time(days=1)
        self.applicant.kanban_state = 'normal'
        self.assertPromise(self.promise, deadline='2026-03-06 16:00', told_date=THURSDAY)
        self.send_template()
        self.assertIn(b"March 6", self.sent_text())
        self.assertPromise(self.promise, told_date=THURSDAY)

    def sent_text(self):
        parts = message_from_string(self.emails[-1]['message']).walk()
        return b''.join(part.get_payload(decode=True) or b'' for part in parts)

    def test_only_the_promise_whose_date_is_stated(self):
        self.make_interview(self.applicant)
        self.send_template()
        self.assertPromise(self.promise, told_date=THURSDAY)
        self.assertPromise(self.promises(self.applicant, 'interview'), told_date=False)

    def test_marks_are_not_seen(self):
        self.send_template()
        text = self.sent_text().decode()
        self.assertIn("Thursday, March 5, 2026", text)
        self.assertEqual(set(MARK), {'\N{ZERO WIDTH NON-JOINER}'})

    def test_template_after_the_interview(self):
        self.log_call(self.applicant)
        self.make_interview(self.applicant, '2026-03-02 09:00', '2026-03-02 10:00')
        template = self.env.ref('candidate_relationship.mail_template_after_interview')
        with self.mail_server():
            template.send_mail(self.applicant.id, force_send=True)
        self.assertIn(b"Thursday, March 5, 2026", self.sent_text())
        self.assertPromise(self.promises(self.applicant, 'interview'), state='running', told_date=THURSDAY)
