"""Asking, answering, renewing, running out: what the ledger says afterwards, and which mails leave."""

from unittest.mock import patch

from psycopg2 import IntegrityError
from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import mute_logger

from ..models import hr_candidate_consent_asking, hr_candidate_consent_jobs
from .common import at
from .consent_common import ConsentCase


class TestAsking(ConsentCase):

    def test_both_purposes_and_one_mail(self):
        with self.mail_server():
            groups = self.ask(user=self.recruiter)
            self.send_queue()
        self.assertEqual(groups['ask'], self.person)
        self.assertEqual(self.states(), [('keep', 'asked'), ('nurture', 'asked')])
        self.assertEqual(self.rows().user_id, self.recruiter)
        self.assertEqual(self.rows().wording_id, self.wording)
        self.assertEqual(set(self.rows().mapped('wording_version')), {1})
        self.assertEqual([mail['email_to'] for mail in self._mails], [['"Jane Doe" <jane@candidate.example.com>']])
        self.assertIn('/candidate/consent/', self._mails[0]['body'])
        self.assertIn(self.company.name, self._mails[0]['body'])
        self.assertIn('jobs@company.example.com', self._mails[0]['email_from'])

    def test_mail_leaves_nothing_behind(self):
        before = self.env['mail.message'].search_count([])
        with self.mail_server():
            self.ask()
            self.send_queue()
        self.assertFalse(self._new_mails.exists())
        self.assertEqual(self.env['mail.message'].search_count([]), before)

    def test_mail_in_the_language_of_the_person(self):
        self.person.lang = 'zh_CN'
        template = self.env.ref('candidate_relationship.mail_template_consent_ask')
        template.with_context(lang='zh_CN').subject = "可以保持联系吗?"
        with self.mail_server():
            self.ask()
            self.send_queue()
        self.assertEqual(self._mails[0]['subject'], "可以保持联系吗?")

    def test_again_within_a_week(self):
        with self.mail_server():
            self.ask()
            self.pass_time(days=6)
            self.assertEqual(self.ask()['recent'], self.person)
            self.assertEqual(len(self._new_mails), 1)
            self.pass_time(days=1, minutes=1)
            self.assertEqual(self.ask()['ask'], self.person)
            self.assertEqual(len(self._new_mails), 2)
        self.assertEqual(self.states(), [('keep', 'asked'), ('nurture', 'asked')])
        self.assertEqual(set(self.rows().mapped('asked_datetime')), {at('2026-03-09 09:01')})

    def test_who_has_agreed_is_not_asked(self):
        self.agree(topics=self.topics.browse())
        self.assertEqual(self.ask()['given'], self.person)
        self.assertEqual(self.states(), [('keep', 'given'), ('nurture', 'declined')])

    def test_whose_consent_ran_out_is_asked(self):
        self.agree()
        self.pass_time(days=800)
        self.assertEqual(self.ask()['ask'], self.person)
        self.assertEqual(self.states(), [
            ('keep', 'expired'), ('nurture', 'expired'), ('keep', 'asked'), ('nurture', 'asked')])

    def test_who_said_no_is_asked_only_on_purpose(self):
        self.refuse_consent()
        self.assertEqual(self.ask()['said_no'], self.person)
        self.assertFalse(self.rows().filtered(lambda row: row.state == 'asked'))
        groups = self.ask(again=True)
        self.assertEqual((groups['ask'], groups['said_no']), (self.person, self.person.browse()))
        self.assertEqual(self.states()[2:], [('keep', 'asked'), ('nurture', 'asked')])

    def test_without_address_and_blacklisted(self):
        silent = self.env['res.partner'].create({'name': "Silent"})
        black = self.env['res.partner'].create({'name': "Black", 'email': 'Black@Candidate.example.com'})
        self.env['mail.blacklist']._add('black@candidate.example.com')
        with self.mail_server():
            groups = self.ask(silent + black + self.person)
        self.assertEqual((groups['no_address'], groups['blacklisted'], groups['ask']), (silent, black, self.person))
        self.assertEqual(len(self._new_mails), 1)
        self.assertFalse(self.rows(silent) + self.rows(black))

    def test_without_address_after_a_no(self):
        self.refuse_consent()
        self.person.email = False
        self.assertEqual(self.ask(again=True)['no_address'], self.person)

    def test_each_company_asks_for_itself(self):
        self.refuse_consent()
        self.assertEqual(self.ask(company=self.other_company)['ask'], self.person)
        self.assertEqual(self.states(), [('keep', 'declined'), ('nurture', 'declined')])

    def test_many_are_left_to_the_job(self):
        people = self.env['res.partner'].create([
            {'name': f"Person {number}", 'email': f'p{number}@candidate.example.com'} for number in range(5)])
        with patch.object(hr_candidate_consent_asking, 'AT_ONCE', 2), self.mail_server():
            self.ask(people)
            self.assertEqual(len(self._new_mails), 2)
            self.run_consent_cron()
            self.assertEqual(len(self._new_mails), 5)
            self.run_consent_cron()
        self.assertEqual(len(self._new_mails), 5)
        self.assertEqual(self._new_mails.recipient_ids, people)

    def test_nobody(self):
        self.assertFalse(any(self.consents._ask(self.env['res.partner'], self.company).values()))

    def test_deleted_template(self):
        self.env.ref('candidate_relationship.mail_template_consent_ask').unlink()
        with self.assertRaisesRegex(UserError, "template"):
            self.ask()

    def test_asked_at_the_same_moment(self):
        """What somebody else commits in between is seen when the request is tried again."""
        self.ask()
        with patch.object(type(self.consents), '_get_standing', lambda *args: {}), \
             patch.object(type(self.consents), 'search', lambda self, *args, **kwargs: self.browse()), \
             mute_logger('odoo.sql_db'), self.assertRaises(ConcurrencyError), self.cr.savepoint():
            self.ask()


class TestAnswers(ConsentCase):

    def test_yes_to_the_question(self):
        self.ask(user=self.recruiter)
        changed = self.agree(topics=self.topics[:2], frequency_days=90)
        self.assertEqual(self.states(), [('keep', 'given'), ('nurture', 'given')])
        self.assertEqual(changed, self.rows())
        keep, nurture = self.rows()
        self.assertEqual(keep.given_datetime, self.START)
        self.assertEqual(keep.date_until, self.today(months=24))
        self.assertEqual((keep.frequency_days, nurture.frequency_days), (0, 90))
        self.assertEqual((keep.topic_ids, nurture.topic_ids), (self.topics.browse(), self.topics[:2]))
        self.assertEqual(set(self.rows().mapped('source')), {'page'})

    def test_months_of_the_company(self):
        self.company.candidate_consent_months = 12
        self.agree()
        self.assertEqual(set(self.rows().mapped('date_until')), {self.today(months=12)})

    def test_same_answer_twice_is_one(self):
        self.agree()
        self.assertFalse(self.agree())
        self.assertEqual(self.states(), [('keep', 'given'), ('nurture', 'given')])

    def test_same_answer_later_renews(self):
        self.agree()
        self.pass_time(days=700)
        self.agree(source='renewal')
        self.assertEqual(self.states(), [
            ('keep', 'renewed'), ('nurture', 'renewed'), ('keep', 'given'), ('nurture', 'given')])
        self.assertEqual(self.rows()[:2].mapped('ended_datetime'), [at('2028-01-31 09:00')] * 2)

    def test_other_topics_renew_that_purpose(self):
        self.agree()
        changed = self.agree(topics=self.topics[1:2])
        self.assertEqual(self.states(), [('keep', 'given'), ('nurture', 'renewed'), ('nurture', 'given')])
        self.assertEqual(changed.topic_ids, self.topics[1])

    def test_partly(self):
        self.ask()
        self.agree(keep=False)
        self.assertEqual(self.states(), [('keep', 'declined'), ('nurture', 'given')])

    def test_no_to_the_question(self):
        self.ask()
        self.refuse_consent()
        self.assertEqual(self.states(), [('keep', 'declined'), ('nurture', 'declined')])
        self.assertFalse(self.refuse_consent())

    def test_withdraw(self):
        self.agree()
        self.pass_time(days=3)
        self.refuse_consent()
        self.assertEqual(self.states(), [('keep', 'withdrawn'), ('nurture', 'withdrawn')])
        self.assertEqual(set(self.rows().mapped('ended_datetime')), {at('2026-03-05 09:00')})
        self.assertEqual(set(self.rows().mapped('source')), {'page'}, "How it was given stays.")
        self.assertFalse(self.refuse_consent())

    def test_change_of_mind(self):
        self.refuse_consent()
        self.agree()
        self.refuse_consent()
        self.agree()
        self.assertEqual([state for _purpose, state in self.states()], ['declined'] * 2 + ['withdrawn'] * 2 + [
            'given'] * 2)

    def test_objection_out_of_the_blue(self):
        self.refuse_consent(note="Called", user_id=self.recruiter.id)
        self.assertEqual(self.states(), [('keep', 'declined'), ('nurture', 'declined')])
        self.assertEqual(self.rows().ended_user_id, self.recruiter)

    def test_what_was_not_asked_is_left(self):
        self.agree()
        self.consents._answer(self.person, self.company, keep=False, source='recruiter')
        self.assertEqual(self.states(), [('keep', 'withdrawn'), ('nurture', 'given')])

    def test_other_company_is_untouched(self):
        self.agree()
        self.agree(company=self.other_company)
        self.refuse_consent()
        self.assertEqual(self.states(company=self.other_company), [('keep', 'given'), ('nurture', 'given')])

    def test_one_valid_row_by_the_database(self):
        self.agree()
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.consents.create({
                'partner_id': self.person.id, 'company_id': self.company.id, 'purpose': 'keep', 'state': 'given'})

    def test_confirmation(self):
        with self.mail_server():
            self.agree(topics=self.topics[:2], frequency_days=90)._send_confirmation()
            self.send_queue()
        body = self._mails[0]['body']
        for text in ("We keep your application until 03/02/2028.", "Compilers and Databases", "once in 90 days",
                     '/candidate/consent/'):
            self.assertIn(text, body)

    def test_choice_in_the_language_of_the_reader(self):
        self.env['res.lang']._activate_lang('zh_CN')
        self.topics[0].with_context(lang='zh_CN').name = "编译器"
        self.agree(topics=self.topics[:2])
        choice = self.consents._get_choice(self.person, self.company)
        self.assertIn("编译器", choice.describe(self.env(context={'lang': 'zh_CN'})))
        self.assertIn("Compilers and Databases", choice.describe(self.env(context={'lang': 'en_US'})))

    def test_confirmation_of_a_no(self):
        with self.mail_server():
            self.refuse_consent()._send_confirmation()
            self.send_queue()
        self.assertIn("We do not keep your application for later.", self._mails[0]['body'])

    def test_no_confirmation_without_address(self):
        self.person.email = False
        with self.mail_server():
            self.agree()._send_confirmation()
            self.consents._send_confirmation()
        self.assertFalse(self._new_mails)


class TestLinks(ConsentCase):

    def token(self, row):
        return row._get_page_url().rsplit('/', 1)[1]

    def setUp(self):
        super().setUp()
        self.ask()
        self.row = self.rows()[0]

    def test_finds_the_row(self):
        self.assertEqual(self.consents._get_by_token(self.token(self.row)), self.row)

    def test_runs_out(self):
        token = self.token(self.row)
        self.pass_time(days=59)
        self.assertTrue(self.consents._get_by_token(token))
        self.pass_time(days=2)
        self.assertFalse(self.consents._get_by_token(token))

    def test_of_a_consent_lasts_as_long_as_the_consent(self):
        self.agree()
        token = self.token(self.row)
        self.pass_time(days=700)
        self.assertTrue(self.consents._get_by_token(token))

    def test_garbage(self):
        token = self.token(self.row)
        for wrong in ('', 'x', 'é', token[:-3], 'B' + token[1:], token[:60] + 'AAAA' + token[64:], 'A' * 5000, '%00'):
            self.assertFalse(self.consents._get_by_token(wrong), wrong)

    def test_erased_person(self):
        token = self.token(self.row)
        self.rows().partner_id = False
        self.assertFalse(self.consents._get_by_token(token))

    def test_deleted_row(self):
        token = self.token(self.row)
        self.row.unlink()
        self.assertFalse(self.consents._get_by_token(token))

    def test_archived_company(self):
        self.ask(company=self.other_company)
        token = self.token(self.rows(company=self.other_company)[0])
        self.assertTrue(self.consents._get_by_token(token))
        self.other_company.action_archive()
        self.assertFalse(self.consents._get_by_token(token))

    def test_merged_person(self):
        token = self.token(self.row)
        twin = self.env['res.partner'].create({'name': "Jane D.", 'email': 'jane@candidate.example.com'})
        self.env['base.partner.merge.automatic.wizard']._merge([self.person.id, twin.id], twin)
        self.assertEqual(self.consents._get_by_token(token).partner_id, twin)


class TestJob(ConsentCase):

    def test_run_out(self):
        self.agree()
        self.set_time('2028-03-02 12:00')
        self.run_consent_cron()
        self.assertEqual(self.states(), [('keep', 'given'), ('nurture', 'given')])
        self.set_time('2028-03-03 00:05')
        with self.mail_server():
            self.run_consent_cron()
        self.assertEqual(self.states(), [('keep', 'expired'), ('nurture', 'expired')])
        self.assertEqual(set(self.rows().mapped('ended_datetime')), {at('2028-03-03 00:05')})
        self.assertFalse(self._new_mails)

    def test_silence_ends_the_question(self):
        self.ask()
        self.pass_time(days=60)
        self.run_consent_cron()
        self.assertEqual(self.states(), [('keep', 'asked'), ('nurture', 'asked')])
        self.pass_time(minutes=1)
        self.run_consent_cron()
        self.assertEqual(self.states(), [('keep', 'expired'), ('nurture', 'expired')])
        self.assertTrue(all(self.rows().mapped('ended_datetime')))
        self.assertEqual(self.ask()['ask'], self.person)

    def test_silence_counts_by_the_link_days_of_the_company(self):
        self.company.candidate_link_days = 10
        self.ask()
        self.ask(company=self.other_company)
        self.pass_time(days=11)
        self.run_consent_cron()
        self.assertEqual(set(self.rows().mapped('state')), {'expired'})
        self.assertEqual(set(self.rows(company=self.other_company).mapped('state')), {'asked'})

    def test_mail_that_was_not_written_is_no_silence(self):
        self.ask()
        self.rows()[0].mail_pending = True
        self.pass_time(days=61)
        self.assertNotIn(self.rows()[0], self.consents.search(self.consents._get_silent_domain()))

    def test_silence_takes_no_consent_away(self):
        self.ask()
        self.consents._answer(self.person, self.company, topics=self.topics[:1], source='recruiter')
        self.assertEqual(self.states(), [('keep', 'asked'), ('nurture', 'given')])
        self.pass_time(days=61)
        self.run_consent_cron()
        self.assertEqual(self.states(), [('keep', 'renewed'), ('nurture', 'given')])

    def test_who_said_no_is_not_reachable_by_silence(self):
        self.refuse_consent()
        self.ask(again=True)
        self.company.candidate_consent_required = False
        self.assertEqual(self.applicant.candidate_reach, 'left')
        self.pass_time(days=61)
        self.run_consent_cron()
        self.applicant.invalidate_recordset()
        self.assertEqual(self.applicant.candidate_reach, 'left')
        self.assertEqual(self.ask()['said_no'], self.person)

    def test_renewal_is_asked_once(self):
        self.agree()
        with self.mail_server():
            self.set_time('2028-01-31 12:00')
            self.run_consent_cron()
            self.assertFalse(self._new_mails)
            self.set_time('2028-02-01 12:00')
            self.run_consent_cron()
            self.assertEqual(len(self._new_mails), 1)
            self.pass_time(days=1)
            self.run_consent_cron()
            self.assertEqual(len(self._new_mails), 1)
        self.assertIn("03/02/2028", self._new_mails.body_html)
        self.assertEqual(set(self.rows().mapped('renewal_asked_datetime')), {at('2028-02-01 12:00')})

    def test_renewal_days_of_the_company(self):
        self.company.candidate_renewal_days = 10
        self.agree()
        self.agree(company=self.other_company)
        self.set_time('2028-02-10 12:00')
        self.run_consent_cron()
        self.assertFalse(any(self.rows().mapped('renewal_asked_datetime')))
        self.assertTrue(all(self.rows(company=self.other_company).mapped('renewal_asked_datetime')))

    def test_no_renewal_to_whom_it_is_no_use(self):
        silent, black = self.env['res.partner'].create([
            {'name': "Silent"}, {'name': "Black", 'email': 'black@candidate.example.com'}])
        self.env['mail.blacklist']._add('black@candidate.example.com')
        for person in silent + black:
            self.agree(person)
        self.other_company.candidate_consent_required = False
        self.agree(company=self.other_company)
        with self.mail_server():
            self.set_time('2028-02-10 12:00')
            self.run_consent_cron()
        self.assertFalse(self._new_mails)

    def test_batches(self):
        people = self.env['res.partner'].create([
            {'name': f"Person {number}", 'email': f'p{number}@candidate.example.com'} for number in range(5)])
        for person in people:
            self.agree(person)
        with patch.object(hr_candidate_consent_jobs, 'BATCH', 3), self.mail_server():
            self.set_time('2028-02-10 12:00')
            self.run_consent_cron()
            self.assertEqual(len(self._new_mails), 5)
            self.set_time('2028-03-10 12:00')
            self.run_consent_cron()
        self.assertEqual({row.state for person in people for row in self.rows(person)}, {'expired'})
        self.assertEqual(len(self._new_mails), 5)

    def test_rows_of_another_server_are_left_to_it(self):
        self.agree()
        self.set_time('2028-02-10 12:00')
        keep, nurture = self.rows()
        locking = type(self.consents).try_lock_for_update
        with patch.object(type(self.consents), 'try_lock_for_update', lambda self: locking(self - keep)), \
             self.mail_server():
            self.run_consent_cron()
        self.assertFalse(self._new_mails)
        self.assertFalse(keep.renewal_asked_datetime or nurture.renewal_asked_datetime)

    def grace_over(self):
        return self.consents.search(self.consents._get_grace_over_domain()).partner_id

    def test_grace_after_a_no(self):
        self.agree()
        self.refuse_consent()
        self.pass_time(days=30)
        self.assertFalse(self.grace_over())
        self.pass_time(minutes=1)
        self.assertEqual(self.grace_over(), self.person)

    def test_grace_after_running_out(self):
        self.agree()
        self.set_time('2028-03-03 00:05')
        self.run_consent_cron()
        self.set_time('2028-04-02 00:06')
        self.assertEqual(self.grace_over(), self.person)
        self.company.candidate_consent_required = False
        self.assertFalse(self.grace_over())

    def test_grace_after_silence(self):
        self.ask()
        self.pass_time(days=90)
        self.assertFalse(self.grace_over())
        self.pass_time(minutes=1)
        self.assertEqual(self.grace_over(), self.person)

    def test_no_grace_over_while_something_is_valid(self):
        self.refuse_consent()
        self.pass_time(days=40)
        self.assertEqual(self.grace_over(), self.person)
        self.ask(again=True)
        self.assertFalse(self.grace_over())
        self.agree(keep=False)
        self.pass_time(days=60)
        self.assertFalse(self.grace_over())

    def test_grace_is_of_the_company(self):
        self.agree(company=self.other_company)
        self.refuse_consent()
        self.pass_time(days=40)
        rows = self.consents.search(self.consents._get_grace_over_domain())
        self.assertEqual((rows.partner_id, rows.company_id), (self.person, self.company))


class TestSettings(ConsentCase):

    def test_defaults(self):
        company = self.other_company
        self.assertTrue(company.candidate_consent_required)
        self.assertEqual(
            (company.candidate_consent_months, company.candidate_renewal_days, company.candidate_erasure_grace_days,
             company.candidate_link_days), (24, 30, 30, 60))

    def test_bounds(self):
        wrong = [
            ('candidate_consent_months', 0), ('candidate_consent_months', 121), ('candidate_renewal_days', 0),
            ('candidate_renewal_days', 181), ('candidate_erasure_grace_days', -1),
            ('candidate_erasure_grace_days', 366), ('candidate_link_days', 0), ('candidate_link_days', 366)]
        for name, value in wrong:
            with self.subTest(name=name, value=value), mute_logger('odoo.sql_db'), \
                 self.assertRaises(IntegrityError), self.cr.savepoint():
                self.company[name] = value
                self.company.flush_recordset()

    def test_renewal_before_the_consent(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.company.write({'candidate_consent_months': 1, 'candidate_renewal_days': 30})
            self.company.flush_recordset()

    def test_settings_page(self):
        settings = self.env['res.config.settings'].with_company(self.company).create({
            'candidate_consent_required': False, 'candidate_consent_months': 6})
        settings.execute()
        self.assertFalse(self.company.candidate_consent_required)
        self.assertEqual((self.company.candidate_consent_months, self.other_company.candidate_consent_months), (6, 24))


class TestWording(ConsentCase):

    def edit(self, text, **context):
        self.wording.with_context(**context).body = text

    def test_no_version_until_it_is_used(self):
        self.edit("<p>One</p>")
        self.assertEqual(self.wording.version, 1)

    def test_version_after_somebody_was_asked(self):
        self.ask()
        self.assertTrue(self.wording.is_used)
        self.edit("<p>One</p>")
        self.assertEqual(self.wording.version, 2)
        self.edit("<p>Two</p>")
        self.assertEqual(self.wording.version, 2, "Nobody was asked with the second one.")

    def test_same_text_is_no_new_version(self):
        self.ask()
        self.edit(self.wording.body)
        self.wording.company_id = False
        self.assertEqual(self.wording.version, 1)

    def test_version_after_translating(self):
        self.edit("<p>One</p>")
        self.ask()
        self.wording.update_field_translations('body', {'zh_CN': {"One": "一"}})
        self.assertEqual(self.wording.version, 2)
        self.assertEqual(self.wording.with_context(lang='zh_CN')._get_shown(self.company, 'zh_CN').body, "<p>一</p>")

    def test_snapshot_stays(self):
        self.edit("<p>First text of {company}</p>")
        shown = self.wording._get_shown(self.company, 'en_US')
        row = self.agree(**self.wording._prepare_snapshot(shown))[0]
        self.edit("<p>Second text</p>")
        self.assertIn("First text of Feedback Test Company", row.wording_text)
        self.assertEqual((row.wording_version, row.wording_lang), (1, 'en_US'))
        self.assertEqual(self.wording.version, 2)

    def test_new_version_makes_a_new_answer(self):
        self.agree(**self.wording._prepare_snapshot(self.wording._get_shown(self.company, 'en_US')))
        self.edit("<p>Second text</p>")
        changed = self.agree(**self.wording._prepare_snapshot(self.wording._get_shown(self.company, 'en_US')))
        self.assertEqual(changed.mapped('wording_version'), [2, 2])

    def test_most_specific_wins(self):
        own = self.wording.copy({'company_id': self.company.id, 'title': "Ours"})
        self.assertEqual(self.env['hr.consent.wording']._get_for(self.company), own)
        self.assertEqual(self.env['hr.consent.wording']._get_for(self.other_company), self.wording)

    def test_one_per_company(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.wording.copy()

    def test_facts_are_escaped(self):
        self.company.name = "<script>alert(1)</script> & Co"
        self.edit("<p>{company} for {months}, {other}</p>")
        shown = self.wording._get_shown(self.company, 'en_US')
        self.assertEqual(shown.body, "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co for 24, {other}</p>")

    def test_text_is_sanitized(self):
        self.edit('<p onclick="alert(1)">One<script>alert(2)</script></p>')
        self.assertNotIn('alert', self.wording.body)

    def test_key_tells_texts_apart(self):
        keys = {self.wording._get_shown(self.company, lang).key for lang in ('en_US', 'zh_CN')}
        self.edit("<p>One</p>")
        keys.add(self.wording._get_shown(self.company, 'en_US').key)
        self.assertEqual(len(keys), 3)

    def test_empty(self):
        with self.assertRaises(ValidationError):
            self.edit("<p><br></p>")

    def test_one_is_for_all(self):
        with self.assertRaises(UserError):
            self.wording.unlink()
        with self.assertRaises(ValidationError):
            self.wording.company_id = self.company
