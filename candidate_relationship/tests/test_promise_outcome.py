"""Refused, hired, archived, and back."""

from odoo import Command

from .common import FeedbackCase


class OutcomeCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refusal = cls.env['mail.template'].create({
            'name': "Refusal",
            'model_id': cls.env['ir.model']._get_id('hr.applicant'),
            'subject': "Your application",
            'body_html': "<p>We decided for somebody else.</p>",
        })
        cls.reason, cls.spam = cls.env['hr.applicant.refuse.reason'].create([
            {'name': "Not fit", 'template_id': cls.refusal.id},
            {'name': "Spam", 'no_answer_owed': True},
        ])

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.pass_time(hours=1)


class TestRefused(OutcomeCase):

    def test_outcome_is_promised(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'running')])
        self.assertPromise(
            self.promises(self.applicant, 'outcome'), trigger_datetime='2026-03-02 10:00',
            deadline='2026-03-04 16:00', user_id=self.recruiter, sla_id=self.policy_outcome)

    def test_call_answers_both(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.pass_time(hours=1)
        self.log_call(self.applicant)
        self.assertStates(self.applicant, [('application', 'kept'), ('outcome', 'kept')])

    def test_letter_delivered(self):
        with self.mail_server():
            self.refuse(self.applicant, self.reason, send_mail=True)
            self.send_queue()
        self.assertEqual([mail['smtp_to_list'] for mail in self.emails], [['jane@candidate.example.com']])
        self.assertStates(self.applicant, [('application', 'kept'), ('outcome', 'kept')])
        # the note in the chatter, since the mail itself is deleted once it is gone
        answer = self.promises(self.applicant).closing_message_id
        self.assertEqual((answer.model, answer.res_id), ('hr.applicant', self.applicant.id))
        self.assertIn("We decided for somebody else.", answer.body)
        self.assertEqual(self.promises(self.applicant).closed_by_id, self.recruiter)

    def test_letter_waiting_in_the_queue(self):
        with self.mail_server():
            self.refuse(self.applicant, self.reason, send_mail=True)
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'running')])

    def test_letter_does_not_wait_for_the_next_round_of_the_queue(self):
        before = self.count_queue_runs()
        self.refuse(self.applicant, self.reason, send_mail=True)
        self.assertEqual(self.count_queue_runs(), before + 1)

    def test_no_letter_asks_for_no_round_of_the_queue(self):
        before = self.count_queue_runs()
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertEqual(self.count_queue_runs(), before)

    def test_letter_refused_by_the_mail_server(self):
        with self.mail_server(refuses=True):
            self.refuse(self.applicant, self.reason, send_mail=True)
            self.send_queue()
        self.assertFalse(self.emails)
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'running')])

    def test_letters_to_many(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        with self.mail_server():
            self.refuse(applicants, self.reason, send_mail=True)
            self.send_queue()
        self.assertEqual(self.promises(applicants).mapped('state'), ['kept'] * 4)
        for applicant in applicants:
            self.assertEqual(self.promises(applicant).closing_message_id.res_id, applicant.id)

    def test_letter_of_one_does_not_answer_another(self):
        other = self.make_applicant("John Roe")
        with self.mail_server():
            self.refuse(self.applicant, self.reason, send_mail=True)
            self.send_queue()
        self.assertStates(other, [('application', 'running')])

    def test_before_the_interview(self):
        self.make_interview(self.applicant)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertPromise(self.promises(self.applicant, 'interview'), state='cancelled', cancel_type='refused')

    def test_after_the_interview(self):
        self.make_interview(self.applicant, '2026-03-02 08:00', '2026-03-02 09:00')
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertPromise(self.promises(self.applicant, 'interview'), state='running')

    def test_spam(self):
        self.make_interview(self.applicant)
        self.refuse(self.applicant, self.spam)
        self.assertStates(self.applicant, [('application', 'cancelled'), ('interview', 'cancelled')])
        self.assertEqual(set(self.promises(self.applicant).mapped('cancel_type')), {'not_owed'})

    def test_turned_out_to_be_spam(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.applicant.refuse_reason_id = self.spam
        self.assertStates(self.applicant, [('application', 'cancelled'), ('outcome', 'cancelled')])

    def test_turned_out_not_to_be_spam(self):
        self.refuse(self.applicant, self.spam)
        self.applicant.refuse_reason_id = self.reason
        self.assertStates(self.applicant, [('application', 'cancelled'), ('outcome', 'running')])

    def test_another_reason(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.applicant.refuse_reason_id = self.env.ref('hr_recruitment.refuse_reason_2')
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'running')])

    def test_duplicates_are_told_once(self):
        duplicate = self.make_applicant()
        with self.mail_server():
            self.refuse(self.applicant, self.reason, send_mail=True, duplicates=True)
            self.send_queue()
        self.assertEqual(len(self.emails), 1)
        self.assertFalse(duplicate.active)
        self.assertStates(self.applicant, [('application', 'kept'), ('outcome', 'kept')])
        self.assertEqual(set(self.promises(duplicate).mapped('state')), {'cancelled'})
        self.assertEqual(set(self.promises(duplicate).mapped('cancel_type')), {'duplicate'})

    def test_duplicates_that_are_left_alone(self):
        other = self.make_applicant()
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertStates(other, [('application', 'running')])

    def test_refused_by_the_interviewer(self):
        self.applicant.interviewer_ids = [Command.set(self.interviewer.ids)]
        self.refuse(self.applicant, self.reason, user=self.interviewer, send_mail=False)
        self.assertPromise(self.promises(self.applicant, 'outcome'), state='running', user_id=self.recruiter)

    def test_answered_before(self):
        self.log_call(self.applicant)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertStates(self.applicant, [('application', 'kept'), ('outcome', 'running')])

    def test_restored(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.applicant.action_unarchive()
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'cancelled')])
        self.assertPromise(
            self.promises(self.applicant, 'outcome'), cancel_type='reopened',
            cancel_reason="The decision was taken back")

    def test_refused_again(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.applicant.action_unarchive()
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertEqual(self.promises(self.applicant, 'outcome').mapped('state'), ['cancelled', 'running'])

    def test_restored_after_the_letter(self):
        with self.mail_server():
            self.refuse(self.applicant, self.reason, send_mail=True)
            self.send_queue()
        self.applicant.action_unarchive()
        # it comes in anew
        self.assertStates(self.applicant, [('application', 'kept'), ('outcome', 'kept'), ('application', 'running')])


class TestArchived(OutcomeCase):

    def test_archived_without_a_reason(self):
        self.make_interview(self.applicant)
        self.applicant.action_archive()
        self.assertStates(self.applicant, [('application', 'cancelled'), ('interview', 'cancelled')])
        self.assertEqual(set(self.promises(self.applicant).mapped('cancel_type')), {'archived'})

    def test_restored(self):
        self.applicant.action_archive()
        self.applicant.action_unarchive()
        # it comes in anew
        self.assertStates(self.applicant, [('application', 'cancelled'), ('application', 'running')])

    def test_what_was_answered_stays(self):
        self.log_call(self.applicant)
        self.applicant.action_archive()
        self.assertStates(self.applicant, [('application', 'kept')])

    def test_many_at_once(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        applicants.action_archive()
        self.assertEqual(self.promises(applicants).mapped('state'), ['cancelled'] * 2)


class TestHired(OutcomeCase):

    def test_hired(self):
        self.applicant.stage_id = self.stage_signed
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'running')])

    def test_back_in_the_pipeline(self):
        self.applicant.stage_id = self.stage_signed
        self.applicant.stage_id = self.stage_talk
        self.assertStates(self.applicant, [('application', 'running'), ('outcome', 'cancelled')])

    def test_hired_again(self):
        self.applicant.stage_id = self.stage_signed
        self.applicant.stage_id = self.stage_talk
        self.applicant.stage_id = self.stage_signed
        self.assertEqual(self.promises(self.applicant, 'outcome').mapped('state'), ['cancelled', 'running'])

    def test_policy_of_the_hiring_stage(self):
        self.make_policy('stage', stage_ids=self.stage_signed.ids, working_days=1)
        self.applicant.stage_id = self.stage_signed
        self.assertPromise(self.promises(self.applicant, 'stage'), state='running', stage_id=self.stage_signed)

    def test_archived_after_hiring_is_still_told(self):
        self.applicant.stage_id = self.stage_signed
        self.applicant.action_archive()
        self.assertPromise(self.promises(self.applicant, 'outcome'), state='running')

    def test_told_once_though_filed_away_and_fetched_again(self):
        self.applicant.stage_id = self.stage_signed
        self.log_call(self.applicant)
        self.applicant.action_archive()
        self.applicant.active = True
        self.assertPromise(self.promises(self.applicant, 'outcome'), state='kept')

    def test_many_at_once(self):
        applicants = self.applicant + self.make_applicant("John Roe")
        applicants.write({'stage_id': self.stage_signed.id})
        self.assertEqual(self.promises(applicants, 'outcome').applicant_id, applicants)
