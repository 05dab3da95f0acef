"""Invitations leave together, once, and nothing tells who answered."""

from contextlib import nullcontext
from datetime import date
from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import at
from .experience_common import AskCase

LOGGER = 'odoo.addons.candidate_relationship.models.hr_survey_invitation_sending'


class TestTogether(AskCase):

    def test_nobody_alone(self):
        self.make_told("Ann", "Bob", "Cid", "Dan")
        self.assertFalse(self.ask_in_time())
        self.assertFalse(self.invitations())
        self.assertIn("4 due", self.trigger.standing)
        self.assertIn("1 more", self.trigger.standing)

    def test_as_soon_as_they_are_enough(self):
        self.make_told("Ann", "Bob", "Cid", "Dan")
        self.ask_in_time()
        self.make_told("Eve")
        self.set_time('2026-03-12 08:00')
        self.assertIn("5 due", self.trigger.standing)
        self.assertEqual(len(self.ask()), 5)
        self.assertIn("Nobody", self.trigger.standing)

    def test_one_more_joins_those_who_can_still_answer(self):
        self.make_told()
        self.ask_in_time()
        self.make_told("Fay")
        self.set_time('2026-03-10 08:00')
        self.assertEqual(len(self.ask()), 1)

    def test_one_more_waits_once_the_links_have_run_out(self):
        self.make_told()
        self.ask_in_time()
        self.set_time('2026-03-25 08:00')
        self.make_told("Fay")
        self.set_time('2026-03-30 08:00')
        self.assertFalse(self.ask())

    def test_others_can_answer_as_long_as_one_who_is_asked_alone(self):
        """Else the only one whose link still works would be known from the month of the answer."""
        first = self.make_told()
        self.ask_in_time()
        self.make_told("Fay")
        self.set_time('2026-03-24 08:00')
        self.ask()
        fay = self.invitations().filtered(lambda row: row.partner_id.name == "Fay")
        self.assertEqual(set(self.invitations(first).mapped('expires_date')), {fay.expires_date})
        self.set_time(f'{fay.expires_date} 08:00')
        self.ask()
        self.assertEqual(self.Invitation._count_open(self.company, self.survey), 6)

    def test_enough_at_once_keep_nobody_elses_link_open(self):
        first = self.make_told()
        self.ask_in_time()
        ends = first and self.invitations(first)[0].expires_date
        others = self.make_told("Fay", "Gus", "Hal", "Ida", "Jan")
        self.set_time('2026-03-24 08:00')
        self.ask()
        self.assertEqual(len(self.invitations(others)), 5)
        self.assertEqual(set(self.invitations(first).mapped('expires_date')), {ends})

    def test_a_questionnaire_that_cannot_be_answered(self):
        self.make_told()
        self.survey.sudo().active = False
        self.assertFalse(self.ask_in_time())
        self.assertFalse(self.invitations())

    def test_triggers_with_one_questionnaire_count_together(self):
        cook = self.env['hr.job'].create({'name': "Cook", 'company_id': self.company.id})
        self.trigger.job_ids = self.job
        self.make_trigger(name="Cooks", job_ids=self.only(cook)).action_start()
        self.make_told("Ann", "Bob", "Cid")
        self.make_told("Dan", "Eve", job_id=cook.id)
        self.assertEqual(len(self.ask_in_time()), 5)

    def test_triggers_with_another_questionnaire_do_not(self):
        cook = self.env['hr.job'].create({'name': "Cook", 'company_id': self.company.id})
        other = self.survey.copy({'title': "Other"})
        self.trigger.job_ids = self.job
        self.make_trigger(name="Cooks", job_ids=self.only(cook), survey_id=other.id).action_start()
        self.make_told("Ann", "Bob", "Cid")
        self.make_told("Dan", "Eve", job_id=cook.id)
        self.assertFalse(self.ask_in_time())

    def test_a_trigger_that_is_paused_asks_nobody(self):
        self.make_told()
        self.trigger.action_pause()
        self.assertFalse(self.ask_in_time())

    def test_in_random_order(self):
        """Ids of invitations do not follow those of applications."""
        names = [f"Person{number}" for number in range(20)]
        people = self.make_told(*names)
        self.ask_in_time()
        self.assertNotEqual(self.invitations(people).applicant_id.ids, sorted(people.ids))


class TestMail(AskCase):

    def test_the_mail(self):
        people = self.make_told()
        mails = self.ask_in_time()
        for invitation in self.invitations(people):
            mail, = [mail for mail in mails if invitation.partner_id.email in mail['email_to'][0]]
            self.assertIn(invitation._get_url(), mail['body'])
            self.assertIn('/candidate/experience/', mail['body'])
            self.assertIn('/candidate/preferences/', mail['body'], "There is a way to get no more of them.")
            self.assertIn('jobs@company.example.com', mail['email_from'])
            self.assertEqual(invitation.sent_date, date(2026, 3, 5))
            self.assertEqual(invitation.expires_date, date(2026, 3, 26))
            self.assertFalse(invitation.in_doubt)

    def test_nothing_of_it_stays(self):
        """No mail, message, touch, tracked link: none of them holds the link."""
        people = self.make_told()
        before = {model: self.env[model].sudo().search_count([]) for model in (
            'mail.mail', 'mail.message', 'mail.notification', 'hr.candidate.touch', 'link.tracker', 'mailing.trace')}
        self.ask_in_time()
        self.assertEqual(
            {model: self.env[model].sudo().search_count([]) for model in before}, before)
        self.assertTrue(self.invitations(people))

    def test_in_the_language_of_the_person(self):
        people = self.make_told()
        chinese = people.sudo().partner_id[0]
        chinese.lang = 'zh_CN'
        self.trigger.template_id.with_context(lang='zh_CN').subject = "面试体验"
        mails = self.ask_in_time()
        subjects = {mail['email_to'][0]: mail['subject'] for mail in mails}
        self.assertEqual([s for to, s in subjects.items() if chinese.email in to], ["面试体验"])
        self.assertEqual(len([s for s in subjects.values() if s.startswith("How was applying")]), 4)

    def test_to_the_person_alone(self):
        """Whoever may write templates gets no copy of the links."""
        self.trigger.template_id.write({
            'email_cc': "spy@company.example.com", 'email_to': "spy@company.example.com",
            'partner_to': str(self.manager.partner_id.id)})
        self.make_told()
        mails = self.ask_in_time()
        self.assertEqual(len(mails), 5)
        for mail in mails:
            self.assertNotIn("spy", str(mail))
            self.assertIn("candidate.example.com", mail['email_to'][0])

    def test_a_template_that_is_broken(self):
        self.trigger.template_id.body_html = '<p t-out="object.nothing_like_it"/>'
        people = self.make_told()
        with mute_logger('odoo.addons.mail.models.mail_render_mixin', LOGGER):
            self.ask_in_time()
        failed = self.invitations(people).filtered(lambda row: row.state == 'failed')
        self.assertTrue(failed)
        self.assertIn("could not be written", failed[0].failure_reason)

    def test_contact_budget(self):
        """It is about the application: nobody's news wait for it."""
        self.make_told()
        self.ask_in_time()
        self.assertFalse(self.env['hr.nurture.contact'].search([('company_id', '=', self.company.id)]))


class TestFailures(AskCase):

    def setUp(self):
        super().setUp()
        self.people = self.make_told("Ann", "Bob", "Cid", "Dan", "Eve", "Fay")
        self.set_time('2026-03-05 08:00')

    @mute_logger(LOGGER)
    def fail(self):
        self.ask(refuses=True)
        return self.invitations().filtered(lambda row: row.state == 'failed')

    def test_a_refused_mail_says_why(self):
        failed = self.fail()
        self.assertIn("No such user", failed[0].failure_reason)
        self.assertFalse(failed.filtered('sent_date') | failed.filtered('expires_date'))

    def test_a_mail_server_with_trouble_of_its_own(self):
        """After some failures in a row the others wait for the next day."""
        self.assertEqual(len(self.fail()), 3)
        self.assertEqual(len(self.invitations().filtered(lambda row: row.state == 'waiting')), 3)
        self.assertFalse(self.env['mail.mail'].sudo().search([('model', '=', 'hr.survey.invitation')]))

    def test_sent_again(self):
        failed = self.fail()
        with self.assertRaises(UserError):
            (self.invitations() - failed).with_user(self.manager).action_resend()
        failed.with_user(self.manager).action_resend()
        self.assertEqual(set(failed.mapped('state')), {'waiting'})
        mails = self.ask()
        self.assertEqual(len(mails), 6)
        self.assertEqual(set(self.invitations().mapped('state')), {'sent'})
        self.assertFalse(self.ask(), "nobody gets it twice")

    def test_not_again_who_was_asked_about_something_else(self):
        failed = self.fail()[0]
        self.make_invitations(1, partner_id=failed.partner_id.id)
        with self.assertRaises(UserError):
            failed.with_user(self.manager).action_resend()

    def test_cancelled_in_bulk(self):
        self.ask()
        self.invitations().with_user(self.manager).action_cancel()
        self.assertEqual(set(self.invitations().mapped('state')), {'cancelled'})
        self.assertFalse(self.Invitation._get_by_token(self.invitations()[0].token))
        self.assertFalse(self.ask())

    def test_a_connection_that_breaks(self):
        """The mail server may have the mail: it is not sent again by itself, and the link works."""
        def break_off(message, smtp_from, smtp_to_list):
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        with self.mail_server(), mute_logger('odoo.addons.mail.models.mail_mail', LOGGER), \
             patch.object(self.testing_smtp_session, 'send_message', break_off):
            self.run_ask()
        doubtful = self.invitations().filtered('in_doubt')
        self.assertTrue(doubtful)
        self.assertEqual(set(doubtful.mapped('state')), {'sent'})
        self.assertTrue(self.Invitation._get_by_token(doubtful[0].token))
        self.ask()
        self.assertEqual(self.invitations().filtered('in_doubt'), doubtful)
        doubtful.with_user(self.manager).action_resend()
        self.assertEqual(len(self.ask()), len(doubtful))
        self.assertFalse(self.invitations().filtered('in_doubt'))

    def test_what_became_known_meanwhile(self):
        """Booked, and then somebody said no, was erased, applied again."""
        waiting = self.make_waiting()
        self.assertEqual(len(waiting), 3)
        self.env['mail.blacklist'].sudo()._add(waiting[0].partner_id.email)
        self.make_applicant(waiting[1].applicant_id.partner_name)
        self.invitations().filtered(lambda row: row.state == 'failed').action_resend()
        self.assertEqual(len(self.ask()), 4)
        self.assertEqual((waiting[0].state, waiting[0].reason), ('cancelled', 'blacklisted'))
        self.assertEqual((waiting[1].state, waiting[1].reason), ('cancelled', 'in_process'))


    def test_an_application_that_was_deleted(self):
        """What was known of the person went with it: nobody can see any more whether they said no."""
        waiting = self.make_waiting()
        waiting[0].applicant_id.sudo().unlink()
        self.invitations().filtered(lambda row: row.state == 'failed').action_resend()
        self.ask()
        self.assertEqual((waiting[0].state, waiting[0].reason), ('cancelled', 'erased'))
        self.assertEqual(set(waiting[1:].mapped('state')), {'sent'})

    def test_who_waits_is_asked_with_the_questionnaire_of_today(self):
        waiting = self.make_waiting()
        self.trigger.survey_id = other = self.survey.copy()
        self.invitations().filtered(lambda row: row.state == 'failed').action_resend()
        self.ask()
        self.assertEqual(waiting.survey_id, other)
        self.assertEqual(set(waiting.mapped('state')), {'sent'})

    def test_who_has_waited_too_long_is_not_asked(self):
        waiting = self.make_waiting()
        self.trigger.action_pause()
        self.set_time('2026-07-01 08:00')
        self.trigger.action_start()
        self.assertFalse(self.ask())
        self.assertEqual(set(waiting.mapped('reason')), {'too_old'})

    def make_waiting(self):
        with mute_logger(LOGGER):
            self.ask(refuses=True)
        return self.invitations().filtered(lambda row: row.state == 'waiting')


class TestOnce(AskCase):

    @mute_logger('odoo.sql_db')
    def test_the_database_forbids_a_second_one(self):
        invitation = self.make_invitations(1)
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self.make_invitations(1, partner_id=invitation.partner_id.id)
        person = self.make_applicant("Ann")
        self.make_invitations(1, applicant_id=person.id)
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self.make_invitations(1, applicant_id=person.id)

    def test_run_again(self):
        self.make_told()
        self.assertEqual(len(self.ask_in_time()), 5)
        for _number in range(3):
            self.assertFalse(self.ask())

    def test_whoever_else_does_the_job_is_not_disturbed(self):
        self.make_told()
        self.set_time('2026-03-05 08:00')
        with patch.object(type(self.Invitation), '_run_alone', self._not_alone):
            self.assertFalse(self.ask())

    @staticmethod
    def _not_alone(model):
        return nullcontext(False)

    def test_queries_stay_flat(self):
        """Choosing and booking many takes as many statements as few."""
        self.make_told()
        self.set_time('2026-03-05 08:00')
        counts = []
        for number in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.trigger._count_due(), 5 if number == 0 else 15)
            self.assertEqual(self.trigger.sudo()._book(), 5 if number == 0 else 15)
            counts.append(self.env.cr.sql_log_count - before)
            self.set_time('2026-03-02 10:00')
            self.make_told(*[f"Person{n}" for n in range(15)])
            self.set_time('2026-03-05 08:00')
        self.assertEqual(counts[0], counts[1])


class TestReminder(AskCase):

    def setUp(self):
        super().setUp()
        self.people = self.make_told()
        self.ask_in_time()

    def test_once_after_seven_days(self):
        self.set_time('2026-03-11 08:00')
        self.assertFalse(self.ask())
        self.set_time('2026-03-12 08:00')
        mails = self.ask()
        self.assertEqual(len(mails), 5)
        self.assertTrue(all("once more" in mail['body'] for mail in mails))
        self.set_time('2026-03-20 08:00')
        self.assertFalse(self.ask())

    def test_whoever_has_answered_gets_it_too(self):
        """Or the mails would tell who has not."""
        self.env['hr.experience.ballot'].sudo()._use(self.invitations()[0].sudo().token)
        self.set_time('2026-03-12 08:00')
        self.assertEqual(len(self.ask()), 5)

    def test_nothing_tells_who_answered(self):
        """All rows read the same, and no mail stays."""
        self.env['hr.experience.ballot'].sudo()._use(self.invitations()[0].sudo().token)
        self.set_time('2026-03-12 08:00')
        mails = self.env['mail.mail'].sudo().search_count([])
        self.ask()
        self.assertEqual(self.env['mail.mail'].sudo().search_count([]), mails)
        self.cr.execute("""
            SELECT DISTINCT reminded, state, in_doubt, sent_date, expires_date, write_date, create_date, failure_reason,
                   reason, write_uid FROM hr_survey_invitation WHERE company_id = %s""", (self.company.id,))
        self.assertEqual(self.cr.rowcount, 1)

    def test_none_where_the_trigger_has_none(self):
        self.trigger.reminder_days = 0
        self.set_time('2026-03-12 08:00')
        self.assertFalse(self.ask())

    def test_none_to_a_questionnaire_that_is_closed(self):
        """Neither where the trigger asks with another one by now."""
        self.trigger.survey_id = self.survey.copy()
        self.survey.active = False
        self.set_time('2026-03-12 08:00')
        self.assertFalse(self.ask())

    def test_none_while_it_is_paused(self):
        self.trigger.action_pause()
        self.set_time('2026-03-12 08:00')
        self.assertFalse(self.ask())
        self.trigger.action_start()
        self.assertEqual(len(self.ask()), 5)

    def test_none_to_whom_cannot_be_written_any_more(self):
        self.env['mail.blacklist'].sudo()._add(self.invitations()[0].partner_id.email)
        self.invitations()[1].action_cancel()
        self.set_time('2026-03-12 08:00')
        self.assertEqual(len(self.ask()), 3)

    def test_a_new_application_does_not_end_the_old_question(self):
        self.make_applicant("Ann")
        self.set_time('2026-03-12 08:00')
        self.assertEqual(len(self.ask()), 5)

    def test_a_refused_reminder_leaves_nothing(self):
        self.set_time('2026-03-12 08:00')
        self.ask(refuses=True)
        self.assertEqual(set(self.invitations().mapped('state')), {'sent'})
        self.assertFalse(any(self.invitations().mapped('failure_reason')))
        self.assertFalse(self.env['mail.mail'].sudo().search([('model', '=', 'hr.survey.invitation')]))


class TestTrigger(AskCase):

    def test_at_least_one_outcome(self):
        with self.assertRaises(UserError):
            self.trigger.write({'on_hired': False, 'on_refused': False})

    def test_only_anonymous_questionnaires(self):
        named = self.env['survey.survey'].create({'title': "By Name"})
        with self.assertRaisesRegex(UserError, "would not be anonymous"):
            self.trigger.survey_id = named

    def test_it_needs_its_mails(self):
        trigger = self.make_trigger(template_id=False)
        with self.assertRaisesRegex(UserError, "needs a mail"):
            trigger.action_start()
        with self.assertRaises(UserError):
            trigger.template_id = self.make_template("<p>Hello</p>")

    def test_its_mails_need_the_link(self):
        trigger = self.make_trigger()
        trigger.reminder_template_id = trigger.template_id.copy({'body_html': "<p>Hello</p>"})
        with self.assertRaisesRegex(UserError, "no link"):
            trigger.action_start()

    def test_figures_on_the_form(self):
        self.make_invitations(3)
        self.make_invitations(2, state='failed')
        trigger = self.trigger.with_user(self.manager)
        self.assertEqual((trigger.invitation_count, trigger.failed_count), (5, 2))
        self.assertEqual(self.make_trigger().failed_count, 0)

    def test_a_questionnaire_that_is_archived(self):
        trigger = self.make_trigger(survey_id=self.survey.copy().id)
        trigger.survey_id.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            trigger.action_start()

    def test_a_questionnaire_without_questions(self):
        empty = self.env['survey.survey'].create({'title': "Empty", 'survey_type': 'candidate_experience'})
        with self.assertRaisesRegex(UserError, "no questions"):
            self.make_trigger(survey_id=empty.id).action_start()

    def test_archiving_pauses(self):
        self.trigger.active = False
        self.assertEqual(self.trigger.state, 'paused')
        with self.assertRaises(UserError):
            self.trigger.action_start()

    def test_one_that_has_asked_is_not_deleted(self):
        self.make_invitations(1)
        with self.assertRaises(UserError):
            self.trigger.unlink()
        self.make_trigger().unlink()

    def test_the_company_stays_with_those_who_were_asked(self):
        self.make_invitations(1)
        other = self.env['res.company'].create({'name': "Next Door"})
        with self.assertRaises(UserError):
            self.trigger.company_id = other

    def test_a_copy_is_not_running(self):
        copy = self.trigger.copy()
        self.assertEqual((copy.state, copy.since_date), ('draft', False))
        self.assertIn("(copy)", copy.name)

    def test_since_is_a_day_of_the_company(self):
        self.calendar.tz = 'Asia/Shanghai'
        self.set_time('2026-03-04 17:00')
        trigger = self.make_trigger()
        trigger.action_start()
        self.assertEqual(trigger.since_date, date(2026, 3, 5))
        self.assertEqual(trigger._get_start_of(trigger.since_date), at('2026-03-04 16:00'))
