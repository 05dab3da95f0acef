"""Who is asked about their experience, and who is not."""

from odoo import Command
from odoo.tools import SQL

from .common import at
from .experience_common import AskCase

THURSDAY = '2026-03-05 08:00'


class TestDecisions(AskCase):

    def test_who_was_refused_and_told(self):
        people = self.make_told()
        mails = self.ask_in_time()
        self.assertEqual(len(mails), 5)
        self.assertEqual(set(self.invitations(people).mapped('state')), {'sent'})
        self.assertEqual(self.invitations(people).partner_id, people.sudo().partner_id)

    def test_who_was_hired_and_told(self):
        people = self.make_applicants("Ann", "Bob", "Cid", "Dan", "Eve")
        self.hire(people)
        self.log_call(people)
        self.assertEqual(len(self.ask_in_time()), 5)
        self.assertEqual(set(self.invitations(people).mapped('outcome')), {'hired'})
        self.assertEqual(set(self.invitations(people).mapped('stage_group')), {'final'})

    def test_who_withdrew_is_asked_where_the_trigger_says_so(self):
        person = self.make_applicant("Wim")
        person.action_archive()
        self.end_request()
        self.write_to(person, body="Thank you for telling us")
        self.set_time(THURSDAY)
        self.assertEqual(self.reasons(person), {})
        self.trigger.on_withdrawn = True
        self.assertReason(person, False)

    def test_nobody_before_the_outcome_was_delivered(self):
        person = self.make_told("Ned", tell=False)
        self.set_time(THURSDAY)
        self.assertReason(person, 'not_told')

    def test_a_mail_that_was_refused_delivers_nothing(self):
        person = self.make_told("Ned", tell=False)
        self.write_to(person, refuses=True)
        self.set_time(THURSDAY)
        self.assertReason(person, 'not_told')

    def test_a_mail_that_was_accepted_delivers(self):
        person = self.make_told("Ned", tell=False)
        self.write_to(person)
        self.set_time(THURSDAY)
        self.assertReason(person, False)

    def test_the_refusal_mail_delivers(self):
        person = self.make_applicant("Ned")
        self.end_request()
        self.reason.template_id = self.env['mail.template'].create({
            'name': "Refusal", 'model_id': self.env['ir.model']._get_id('hr.applicant'),
            'subject': "Your application", 'body_html': "<p>We decided for somebody else.</p>"})
        self.pass_time(hours=1)
        with self.mail_server():
            self.refuse(person, self.reason, send_mail=True)
            self.send_queue()
        self.set_time(THURSDAY)
        self.assertReason(person, False)

    def test_what_was_said_before_the_decision_is_not_the_outcome(self):
        person = self.make_applicant("Ned")
        self.log_call(person)
        self.pass_time(hours=1)
        self.refuse(person, self.reason, send_mail=False)
        self.end_request()
        self.set_time(THURSDAY)
        self.assertReason(person, 'not_told')

    def test_what_the_candidate_says_delivers_nothing(self):
        person = self.make_told("Ned", tell=False)
        self.env['hr.candidate.touch'].sudo()._record([{
            **person.sudo()._prepare_candidate_touch(), 'channel': 'call', 'direction': 'in',
            'date': at('2026-03-02 12:00')}])
        self.set_time(THURSDAY)
        self.assertReason(person, 'not_told')

    def test_a_mailing_or_an_interview_delivers_nothing(self):
        person = self.make_told("Ned", tell=False)
        for channel in ('mailing', 'meeting', 'page'):
            self.env['hr.candidate.touch'].sudo()._record([{
                **person.sudo()._prepare_candidate_touch(), 'channel': channel, 'direction': 'out',
                'date': at('2026-03-02 12:00')}])
        self.set_time(THURSDAY)
        self.assertReason(person, 'not_told')

    def test_a_linkedin_message_delivers(self):
        person = self.make_told("Ned", tell=False)
        self.env['hr.candidate.touch'].sudo()._record([{
            **person.sudo()._prepare_candidate_touch(), 'channel': 'linkedin', 'direction': 'out',
            'date': at('2026-03-02 12:00')}])
        self.set_time(THURSDAY)
        self.assertReason(person, False)

    def test_an_outcome_that_was_told_and_taken_back(self):
        """The second decision was not told yet, though the promise of the first was kept."""
        person = self.make_told("Ned")
        self.pass_time(hours=1)
        person.sudo().action_unarchive()
        self.end_request()
        self.assertEqual(self.reasons(person), {})
        self.pass_time(hours=1)
        self.hire(person)
        self.set_time(THURSDAY)
        self.assertReason(person, 'not_told')

    def test_an_open_application_is_not_decided(self):
        person = self.make_applicant("Olga")
        self.log_call(person)
        self.set_time(THURSDAY)
        self.assertEqual(self.reasons(person), {})

    def test_a_talent_is_no_application(self):
        person = self.make_told("Tara")
        pool = self.make_pool()
        self.env['talent.pool.add.applicants'].create({
            'applicant_ids': person.ids, 'talent_pool_ids': pool.ids}).action_add_applicants_to_pool()
        talent = person.sudo().pool_applicant_id
        talent.active = False
        self.trigger.on_withdrawn = True
        self.set_time(THURSDAY)
        self.assertReason(person, False)
        self.assertEqual(self.reasons(talent), {})


class TestTime(AskCase):

    def assertAskedFrom(self, person, moment):
        """Nobody a second before."""
        self.set_time(moment)
        self.pass_time(seconds=-1)
        self.assertReason(person, 'delay')
        self.pass_time(seconds=1)
        self.assertReason(person, False)

    def test_two_working_days_after_the_call(self):
        # told on Monday: Tuesday, Wednesday until 17:00 in Brussels
        self.assertAskedFrom(self.make_told("Ann"), '2026-03-04 16:00')

    def test_a_weekend_does_not_count(self):
        self.set_time('2026-03-06 09:00')
        self.assertAskedFrom(self.make_told("Ann"), '2026-03-10 16:00')

    def test_a_public_holiday_does_not_count(self):
        self.make_holiday('2026-03-03', company=self.company, tz='Europe/Brussels')
        self.assertAskedFrom(self.make_told("Ann"), '2026-03-05 16:00')

    def test_the_day_is_that_of_the_company(self):
        self.calendar.tz = 'Asia/Shanghai'
        # Tuesday 01:00 in Shanghai; Thursday ends at 17:00 there
        self.set_time('2026-03-02 17:00')
        self.assertAskedFrom(self.make_told("Ann"), '2026-03-05 09:00')

    def test_from_the_delivery_on_and_not_from_the_decision(self):
        person = self.make_told("Ann", tell=False)
        self.set_time('2026-03-04 09:00')
        self.log_call(person)
        self.assertAskedFrom(person, '2026-03-06 16:00')

    def test_no_delay(self):
        self.trigger.delay_days = 0
        person = self.make_told("Ann")
        self.pass_time(seconds=1)
        self.assertReason(person, False)

    def test_all_days_where_there_is_no_working_time(self):
        self.calendar.attendance_ids.unlink()
        self.set_time('2026-03-07 09:00')
        person = self.make_told("Ann")
        self.set_time('2026-03-08 22:00')
        self.assertReason(person, 'delay')
        self.set_time('2026-03-09 12:00')
        self.assertReason(person, False)

    def test_nobody_after_too_long(self):
        person = self.make_told("Ann")
        self.set_time('2026-05-31 08:00')
        self.assertReason(person, False)
        self.set_time('2026-06-02 08:00')
        self.assertReason(person, 'too_old')

    def test_decisions_before_the_start_are_not_asked_about(self):
        trigger = self.make_trigger()
        old = self.make_told()
        self.set_time('2026-03-09 08:00')
        self.trigger.action_pause()
        trigger.action_start()
        self.assertEqual(trigger.since_date.isoformat(), '2026-03-09')
        self.set_time('2026-03-20 08:00')
        self.assertEqual(trigger._count_due(), 0)
        self.assertFalse(self.ask())
        trigger.since_date = '2026-03-02'
        self.assertEqual(trigger._count_due(), 5)
        self.assertEqual(len(self.ask()), 5)
        self.assertEqual(len(self.invitations(old)), 5)

    def test_pausing_moves_nothing(self):
        self.trigger.action_pause()
        self.set_time('2026-03-09 08:00')
        self.trigger.action_start()
        self.assertEqual(self.trigger.since_date.isoformat(), '2026-03-02')


class TestScope(AskCase):

    def test_jobs(self):
        other = self.env['hr.job'].create({'name': "Cook", 'company_id': self.company.id})
        people = self.make_told("Ann") | self.make_told("Bob", job_id=other.id)
        self.trigger.job_ids = other
        self.set_time(THURSDAY)
        self.assertEqual(self.reasons(people), {'Bob': False})

    def test_departments(self):
        people = self.make_told("Ann")
        self.set_time(THURSDAY)
        self.trigger.department_ids = self.research
        self.assertEqual(self.reasons(people), {})
        self.trigger.department_ids |= self.software
        self.assertEqual(self.reasons(people), {'Ann': False})

    def test_outcomes(self):
        people = self.make_told("Ann")
        self.set_time(THURSDAY)
        self.trigger.on_refused = False
        self.assertEqual(self.reasons(people), {})

    def test_how_far_they_came(self):
        (self.stage_talk | self.stage_new).write({'experience_group': 'applied'})
        self.stage_talk.experience_group = 'interviewed'
        early = self.make_told("Ann")
        late = self.make_applicant("Bob")
        late.stage_id = self.stage_talk
        self.end_request()
        late.stage_id = self.stage_new
        self.end_request()
        self.refuse(late, self.reason, send_mail=False)
        self.end_request()
        self.log_call(late)
        self.set_time(THURSDAY)
        self.trigger.minimum_stage_group = 'interviewed'
        self.assertEqual(self.reasons(early | late), {'Bob': False}, "the furthest stage counts, not the last")

    def test_other_companies(self):
        other = self.env['res.company'].create({'name': "Next Door", 'experience_threshold': 5})
        trigger = self.make_trigger(other)
        self.make_told()
        self.set_time(THURSDAY)
        trigger.action_start()
        trigger.since_date = '2026-03-01'
        self.assertEqual(trigger._count_due(), 0)
        self.assertEqual(self.trigger._count_due(), 5)


class TestWhoNot(AskCase):

    def setUp(self):
        super().setUp()
        self.person = self.make_told("Ned")
        self.partner = self.person.sudo().partner_id
        self.set_time(THURSDAY)
        self.assertReason(self.person, False)

    def test_spam(self):
        self.reason.no_answer_owed = True
        self.assertReason(self.person, 'not_owed')

    def test_a_duplicate(self):
        first, second = self.make_applicant("Dora"), self.make_applicant("Dora")
        self.end_request()
        self.refuse(first, self.reason, send_mail=False, duplicates=True)
        self.end_request()
        self.assertEqual(second.refuse_reason_id, self.reason)
        self.log_call(first | second)
        self.set_time('2026-03-12 08:00')
        reasons = {one: list(self.reasons(one).values())[0] for one in (first, second)}
        self.assertFalse(reasons[first])
        self.assertIn(reasons[second], ('not_owed', 'twin'))
        self.assertEqual(self.trigger._count_due(), 2, "Ned and Dora, once")

    def test_somebody_in_another_process(self):
        other = self.make_applicant("Ned")
        self.assertReason(self.person, 'in_process')
        self.refuse(other, self.reason, send_mail=False)
        self.end_request()
        self.assertReason(self.person, False)

    def test_a_process_in_another_company_does_not_count(self):
        other = self.env['res.company'].create({'name': "Next Door"})
        self.make_applicants("Ned", user=self.env.user, job_id=False, company_id=other.id)
        self.assertReason(self.person, False)

    def test_who_said_no(self):
        self.env['hr.candidate.consent'].create({
            'partner_id': self.partner.id, 'company_id': self.company.id, 'purpose': 'nurture', 'state': 'withdrawn',
            'ended_datetime': at('2026-03-01 00:00')})
        self.assertReason(self.person, 'left')

    def test_who_was_never_asked_for_consent_may_be_asked(self):
        """It is no nurture mail."""
        self.company.candidate_consent_required = True
        self.assertReason(self.person, False)

    def test_who_is_paused_or_was_written_to_may_be_asked(self):
        self.env['hr.candidate.preference'].sudo().create({
            'partner_id': self.partner.id, 'company_id': self.company.id, 'paused_until': '2026-12-31'})
        self.assertReason(self.person, False)

    def test_blacklisted(self):
        self.env['mail.blacklist'].sudo()._add(self.partner.email)
        self.assertReason(self.person, 'blacklisted')

    def test_the_address_of_the_person_counts_too(self):
        self.partner.write({'email': "other@candidate.example.com"})
        self.env['mail.blacklist'].sudo()._add("other@candidate.example.com")
        self.assertReason(self.person, 'blacklisted')

    def test_no_address(self):
        self.partner.email = False
        self.assertReason(self.person, 'no_address')

    def test_erased(self):
        self.env['hr.candidate.erasure'].sudo().create({
            'partner_id': self.partner.id, 'company_id': self.company.id, 'reason': 'request'})._execute()
        self.assertIn(list(self.reasons(self.person).values())[0], ('erased',))

    def test_once_for_each_application(self):
        self.make_told("Ann", "Bob", "Cid", "Dan")
        self.set_time('2026-03-12 08:00')
        self.ask()
        self.assertReason(self.person, 'asked')
        self.company.experience_cooldown_days = 0
        self.set_time('2026-05-12 08:00')
        self.assertReason(self.person, 'asked')

    def test_two_applications_of_one_person(self):
        """The later one is asked about."""
        other = self.make_told("Ned")
        self.set_time('2026-03-12 08:00')
        self.assertReason(self.person, 'twin')
        self.assertReason(other, False)
        rows = self.env.execute_query(self.trigger._get_due_sql())
        self.assertEqual([row[0] for row in rows], other.ids)

    def test_a_contact_that_is_missing_is_made(self):
        person = self.make_told("Nora")
        self.cr.execute("UPDATE hr_applicant SET partner_id = NULL WHERE id = %s", person.ids)
        self.env.invalidate_all()
        self.make_told("Ann", "Bob", "Cid", "Dan")
        self.set_time('2026-03-12 08:00')
        self.ask()
        self.assertEqual(self.invitations(person).state, 'sent')


class TestCoolDown(AskCase):

    def setUp(self):
        super().setUp()
        self.first = self.make_told()
        self.ask_in_time()
        self.second = self.make_told()

    def test_not_within_the_cool_down(self):
        self.set_time('2026-04-20 08:00')
        self.assertEqual(set(self.reasons(self.second).values()), {'cooldown'})
        self.assertFalse(self.ask())

    def test_again_afterwards(self):
        self.trigger.max_age_days = 365
        self.set_time('2026-08-31 08:00')
        self.assertEqual(set(self.reasons(self.second).values()), {'cooldown'})
        self.set_time('2026-09-01 08:00')
        self.ask()
        self.assertEqual(self.reasons(self.second), dict.fromkeys(("Ann", "Bob", "Cid", "Dan", "Eve"), 'asked'))

    def test_over_all_triggers(self):
        other = self.make_trigger(name="Other", since_date='2026-03-01')
        other.action_start()
        self.set_time('2026-03-11 08:00')
        self.assertEqual(other._count_due(), 0)
        self.assertFalse(self.ask())

    def test_two_triggers_at_once_ask_once(self):
        self.company.experience_cooldown_days = 0
        self.make_trigger(name="Other", since_date='2026-03-01', expiry_days=10, reminder_days=5).action_start()
        self.set_time('2026-04-10 08:00')
        self.assertEqual(len(self.ask()), 5)
        self.assertEqual(len(self.invitations(self.second)), 5)

    def test_another_company_may_ask(self):
        other = self.env['res.company'].create({'name': "Next Door", 'experience_threshold': 5})
        people = self.first.sudo().partner_id
        elsewhere = self.make_trigger(other)
        reason = elsewhere._get_cooldown_sql()
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "SELECT %s FROM (SELECT %s::int AS partner_id) found", reason, people[0].id))
        self.assertEqual(rows, [(None,)])

    def test_a_mail_that_failed_does_not_count(self):
        self.invitations(self.first).write({'state': 'failed', 'sent_date': False})
        self.set_time('2026-03-20 08:00')
        self.assertEqual(set(self.reasons(self.second).values()), {False})

    def test_a_cancelled_one_that_was_sent_counts(self):
        self.invitations(self.first).action_cancel()
        self.set_time('2026-03-20 08:00')
        self.assertEqual(set(self.reasons(self.second).values()), {'cooldown'})

    def test_two_contacts_that_are_merged_were_asked_both(self):
        """Who was asked as one of them is not asked as the other."""
        one = self.first.sudo().partner_id[0]
        other = self.make_told("Zoe")
        self.env['base.partner.merge.automatic.wizard'].create({})._merge(
            (one | other.sudo().partner_id).ids, other.sudo().partner_id, extra_checks=False)
        self.set_time('2026-03-20 08:00')
        self.assertReason(other, 'cooldown')

    def test_open_invitations_of_merged_contacts(self):
        """One of them can be answered."""
        invitations = self.invitations(self.first)
        one, two = invitations[0].partner_id, invitations[1].partner_id
        self.env['base.partner.merge.automatic.wizard'].create({})._merge((one | two).ids, one, extra_checks=False)
        self.assertEqual((invitations[0] | invitations[1]).partner_id, one)
        self.assertEqual(sorted((invitations[0] | invitations[1]).mapped('state')), ['cancelled', 'sent'])


class TestPreview(AskCase):

    def make_quarter(self):
        """Five who would be asked, and others, in the first quarter."""
        self.make_told()
        self.make_told("Ned", tell=False)
        spam = self.env['hr.applicant.refuse.reason'].create({'name': "Spam", 'no_answer_owed': True})
        junk = self.make_applicant("Junk")
        self.refuse(junk, spam, send_mail=False)
        self.end_request()
        self.set_time('2026-04-10 08:00')

    def test_the_last_quarter(self):
        self.make_quarter()
        draft = self.make_trigger()
        self.assertEqual(draft.would_ask_count, 5)
        start, end = draft._get_last_quarter()
        # midnight in Brussels, winter and summer time
        self.assertEqual((start, end), (at('2025-12-31 23:00'), at('2026-03-31 22:00')))

    def test_the_quarter_of_january(self):
        self.set_time('2026-01-15 08:00')
        start, end = self.trigger._get_last_quarter()
        self.assertEqual((start, end), (at('2025-09-30 22:00'), at('2025-12-31 23:00')))

    def test_the_window_tells_why_not(self):
        self.make_quarter()
        draft = self.make_trigger()
        action = draft.with_user(self.manager).action_preview()
        preview = self.env[action['res_model']].with_user(self.manager).browse(action['res_id'])
        self.assertEqual(preview.asked_count, 5)
        self.assertFalse(preview.is_too_few)
        self.assertEqual((preview.date_from.isoformat(), preview.date_to.isoformat()), ('2026-01-01', '2026-03-31'))
        self.assertEqual(
            {row.reason: row.count for row in preview.reason_ids}, {'not_owed': 1, 'not_told': 1})
        self.assertEqual(len(preview.line_ids.filtered(lambda line: not line.reason)), 5)
        self.assertEqual(len(preview.line_ids), 7)

    def test_it_asks_nobody(self):
        self.make_quarter()
        self.make_trigger().with_user(self.manager).action_preview()
        self.assertFalse(self.invitations())

    def test_what_is_not_saved_yet_counts(self):
        """The figure on the form follows what is chosen."""
        self.make_quarter()
        draft = self.env['hr.survey.trigger'].new({
            'name': "New", 'company_id': self.company.id, 'survey_id': self.survey.id})
        self.assertEqual(draft.would_ask_count, 5)
        draft.job_ids = [Command.set(self.env['hr.job'].create({'name': "Cook", 'company_id': self.company.id}).ids)]
        self.assertEqual(draft.would_ask_count, 0)
        draft.on_refused = draft.on_hired = False
        self.assertEqual(draft.would_ask_count, 0)

    def test_too_few(self):
        self.make_told("Ann")
        self.set_time('2026-04-10 08:00')
        draft = self.make_trigger()
        preview = self.env['hr.survey.preview'].create({'trigger_id': draft.id})
        self.assertTrue(preview.is_too_few)
