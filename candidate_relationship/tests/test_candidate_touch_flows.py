"""The quick log, activities, interviews, and who the person is."""

from odoo import Command
from odoo.exceptions import UserError

from .common import at
from .touch_common import TouchCase

CALLED, MET, LINKEDIN = ('call', 'out'), ('meeting', 'out'), ('linkedin', 'out')


class TestQuickLog(TouchCase):

    def test_call(self):
        self.log_call(self.applicant, note="She is interested", call_datetime='2026-03-02 08:30:00')
        self.assertRecordValues(self.touches(), [{
            'channel': 'call', 'direction': 'out', 'note': "She is interested", 'user_id': self.recruiter.id,
            'applicant_id': self.applicant.id, 'company_id': self.company.id, 'date': at('2026-03-02 08:30'),
            'message_id': self.applicant.message_ids[:1].id}])

    def test_linkedin_message_answers_nothing(self):
        self.log_call(self.applicant, channel='linkedin', note="Wrote to her")
        self.assertTouches(LINKEDIN)
        self.assertStates(self.applicant, [('application', 'running')])
        self.assertIn("LinkedIn message to Jane Doe", self.applicant.message_ids[:1].body)
        self.assertIn("Wrote to her", self.applicant.message_ids[:1].body)

    def test_call_answers(self):
        self.log_call(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept')])
        self.assertIn("Call with Jane Doe", self.applicant.message_ids[:1].body)

    def test_sms_and_other(self):
        for channel, title in (('sms', "SMS to Jane Doe"), ('other', "Contact with Jane Doe")):
            self.log_call(self.applicant, channel=channel)
            self.assertIn(title, self.applicant.message_ids[:1].body)
        self.assertEqual(self.touches().mapped('channel'), ['sms', 'other'])

    def test_says_what_is_answered_only_for_a_call(self):
        wizard = self._open(self.applicant.action_feedback_log_call(), self.recruiter).create({})
        self.assertEqual(wizard.promise_count, 1)
        wizard.channel = 'linkedin'
        self.assertEqual(wizard.promise_count, 0)

    def test_in_the_future(self):
        with self.assertRaisesRegex(UserError, "The contact lies in the future"):
            self.log_call(self.applicant, channel='sms', call_datetime='2026-03-02 09:30:00')
        self.assertFalse(self.touches())

    def test_one_for_each_person(self):
        talent = self.make_talents("Jane Doe")
        other = self.make_applicant("John Roe")
        self.log_call(self.applicant + talent + other, channel='linkedin')
        self.assertTouches(LINKEDIN)
        self.assertTouches(LINKEDIN, of=other)
        self.assertIn("LinkedIn message", talent.message_ids[:1].body)

    def test_person_without_mail(self):
        talent = self.make_talents("No Mail", email_from=False, partner_phone='+32 470 12 34 56')
        self.assertFalse(talent.partner_id)
        self.log_call(talent)
        self.assertTouches(CALLED, of=talent)
        self.assertEqual((talent.partner_id.name, talent.partner_id.phone), ("No Mail", '+32 470 12 34 56'))

    def test_refused_candidate(self):
        self.refuse(self.applicant, self.env.ref('hr_recruitment.refuse_reason_1'), send_mail=False)
        self.log_call(self.applicant)
        self.assertTouches(CALLED)

    def test_queries_of_many(self):
        def count(applicants):
            applicants._ensure_candidate_partners()
            wizard = self._open(applicants.action_feedback_log_call(), self.recruiter).create({})
            messages = {applicant: applicant.message_ids[:1] for applicant in applicants}
            self.env.flush_all()
            before = self.cr.sql_log_count
            wizard._record_touches(messages)
            return self.cr.sql_log_count - before
        count(self.make_applicants("Warm Up"))
        self.assertEqual(count(self.make_applicants("One X")), count(self.make_applicants(*"ABCDEFGH")))


class TestActivityTouch(TouchCase):

    def schedule(self, applicant=None, xmlid='mail.mail_activity_data_call', user=None, **vals):
        return (applicant or self.applicant).activity_schedule(xmlid, user_id=(user or self.recruiter).id, **vals)

    def test_call(self):
        self.schedule(summary="Ring her").with_user(self.recruiter).action_feedback(feedback="She is fine")
        self.assertRecordValues(self.touches(), [{
            'channel': 'call', 'direction': 'out', 'summary': "Ring her", 'note': "She is fine",
            'user_id': self.recruiter.id, 'applicant_id': self.applicant.id, 'date': self.START}])

    def test_linkedin_message(self):
        self.schedule(xmlid='candidate_relationship.mail_activity_type_linkedin').action_done()
        self.assertTouches(LINKEDIN)
        self.assertEqual(self.touches().summary, "LinkedIn Message")

    def test_cancelled(self):
        self.schedule().unlink()
        self.assertFalse(self.touches())

    def test_others(self):
        for name in ('todo', 'meeting', 'email'):
            self.schedule(xmlid=f'mail.mail_activity_data_{name}').action_done()
        self.assertFalse(self.touches())

    def test_of_another_document(self):
        partner = self.applicant.partner_id
        partner.activity_schedule('mail.mail_activity_data_call', user_id=self.env.uid).action_done()
        self.assertFalse(self.touches())

    def test_by_a_colleague_outside_recruitment(self):
        clerk = self.make_user('emil', 'base.group_user')
        self.schedule(user=clerk).with_user(clerk).action_done()
        self.assertTouches(CALLED)
        self.assertEqual(self.touches().user_id, clerk)

    def test_many_at_once(self):
        applicants = self.make_applicants("A A", "B B", "C C", email_from=False)
        activities = self.env['mail.activity'].browse([self.schedule(applicant).id for applicant in applicants])
        activities.action_done()
        self.assertEqual(self.touches(applicants).applicant_id, applicants)

    def test_channel_of_the_type(self):
        self.assertEqual(self.env.ref('mail.mail_activity_data_call').touch_channel, 'call')
        self.assertFalse(self.env.ref('mail.mail_activity_data_meeting').touch_channel)
        own = self.env['mail.activity.type'].create({'name': "WhatsApp", 'touch_channel': 'other'})
        self.assertEqual(own.touch_channel, 'other')
        own.category = 'phonecall'
        self.assertEqual(own.touch_channel, 'call')


class TestInterviewTouch(TouchCase):

    def setUp(self):
        super().setUp()
        self.interview = self.make_interview(self.applicant)

    def test_at_its_start(self):
        self.assertRecordValues(self.touches(), [{
            'channel': 'meeting', 'direction': 'out', 'date': at('2026-03-04 09:00'), 'summary': "Interview",
            'event_id': self.interview.id, 'applicant_id': self.applicant.id, 'user_id': self.recruiter.id}])

    def test_moved(self):
        self.interview.write({'start': '2026-03-05 09:00:00', 'stop': '2026-03-05 10:00:00', 'name': "Second talk"})
        self.assertEqual(self.touches().date, at('2026-03-05 09:00'))
        self.assertEqual(self.touches().summary, "Second talk")

    def test_archived_and_fetched_back(self):
        self.interview.action_archive()
        self.assertFalse(self.touches())
        self.interview.action_unarchive()
        self.assertTouches(MET)

    def test_deleted(self):
        self.interview.unlink()
        self.assertFalse(self.touches())

    def test_taken_from_the_applicant(self):
        self.interview.applicant_id = False
        self.assertFalse(self.touches())

    def test_given_to_another_applicant(self):
        other = self.make_applicant("John Roe")
        self.interview.applicant_id = other
        self.assertFalse(self.touches())
        self.assertTouches(MET, of=other)

    def test_given_an_applicant_later(self):
        event = self.env['calendar.event'].create({
            'name': "Talk", 'start': '2026-03-06 09:00:00', 'stop': '2026-03-06 10:00:00'})
        event.applicant_id = self.applicant
        self.assertTouches(MET, MET)

    def test_of_a_person_without_mail(self):
        applicant = self.make_applicant("No Mail", email_from=False)
        self.make_interview(applicant)
        self.assertTouches(MET, of=applicant)

    def test_recurring(self):
        self.env['calendar.event'].create({
            'name': "Weekly", 'start': '2026-03-09 09:00:00', 'stop': '2026-03-09 10:00:00',
            'applicant_id': self.applicant.id, 'recurrency': True, 'rrule_type': 'weekly', 'interval': 1,
            'mon': True, 'count': 3, 'end_type': 'count', 'event_tz': 'Europe/Brussels'})
        self.assertEqual(self.touches().mapped('date'), [
            at(day) for day in ('2026-03-04 09:00', '2026-03-09 09:00', '2026-03-16 09:00', '2026-03-23 09:00')])

    def test_event_that_is_no_interview_costs_nothing(self):
        event = self.env['calendar.event'].create({
            'name': "Lunch", 'start': '2026-03-06 09:00:00', 'stop': '2026-03-06 10:00:00'})
        event.start = '2026-03-06 08:00:00'
        self.assertFalse(self.env['hr.candidate.touch'].search([('event_id', '=', event.id)]))


class TestPerson(TouchCase):

    def test_left_alone(self):
        partner = self.applicant.partner_id
        self.applicant._ensure_candidate_partners()
        self.assertEqual(self.applicant.partner_id, partner)

    def test_talent_and_application_are_one(self):
        application = self.make_applicant("No Mail", email_from=False)
        talent = self.make_talents("No Mail", email_from=False)
        talent.pool_applicant_id = application.pool_applicant_id = talent
        (application + talent)._ensure_candidate_partners()
        self.assertTrue(talent.partner_id)
        self.assertEqual(application.partner_id, talent.partner_id)

    def test_known_by_the_talent(self):
        application = self.make_applicant("No Mail", email_from=False)
        talent = self.make_talents("No Mail", email_from=False)
        talent.pool_applicant_id = application.pool_applicant_id = talent
        talent._ensure_candidate_partners()
        application._ensure_candidate_partners()
        self.assertEqual(application.partner_id, talent.partner_id)

    def test_same_name_and_phone(self):
        one, two, other = self.make_applicants("No Mail", "no mail ", "Wife", email_from=False, partner_phone='0123')
        one._ensure_candidate_partners()
        (two + other)._ensure_candidate_partners()
        self.assertEqual(one.partner_id, two.partner_id)
        self.assertTrue(other.partner_id)
        self.assertNotEqual(other.partner_id, one.partner_id)

    def test_same_name_without_phone(self):
        one, two = self.make_applicants("No Mail", "No Mail", email_from=False)
        (one + two)._ensure_candidate_partners()
        self.assertNotEqual(one.partner_id, two.partner_id)

    def test_many_are_made_at_once(self):
        def count(size):
            applicants = self.make_applicants(*[f"Nobody {n}" for n in range(size)], email_from=False)
            self.env.flush_all()
            before = self.cr.sql_log_count
            known = applicants.sudo()._find_candidate_partners()
            self.assertFalse(known)
            return self.cr.sql_log_count - before
        count(1)
        self.assertEqual(count(2), count(20))

    def test_address_book_of_another_company(self):
        other = self.env['res.company'].create({'name': "Other Company"})
        self.env['res.partner'].create({'name': "Theirs", 'email': 'x@example.com', 'company_id': other.id})
        applicant = self.make_applicant("X Y", email_from=False)
        self.cr.execute("UPDATE hr_applicant SET email_normalized = 'x@example.com' WHERE id = %s", [applicant.id])
        applicant.invalidate_recordset()
        applicant._ensure_candidate_partners()
        self.assertEqual(applicant.partner_id.name, "X Y")
        self.assertNotEqual(applicant.partner_id.company_id, other)

    def test_interviewer_logs_with_a_person_to_be_made(self):
        applicant = self.make_applicant("No Mail", email_from=False)
        applicant.interviewer_ids = [Command.set(self.interviewer.ids)]
        self.log_call(applicant, user=self.interviewer)
        self.assertTouches(CALLED, of=applicant)
