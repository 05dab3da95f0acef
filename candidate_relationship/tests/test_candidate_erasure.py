"""What goes and what stays when a person is erased."""

from datetime import timedelta

from lxml import etree

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import users
from odoo.tools import SQL

from .erasure_common import EMAIL, LINKEDIN, NAME, PHONE, SECRET, PersonCase

WORDS = ("zyxwina", "quandt", "70998877", SECRET)


class TestErase(PersonCase):

    def setUp(self):
        super().setUp()
        # the words that take the place of a name are in the company's language
        self.company.partner_id.lang = 'en_US'
        self.application = self.make_person()
        self.partner = self.application.sudo().partner_id
        self.fill_person(self.application)

    def count_applications(self):
        """Applications by job, stage, month, department, source and outcome, as reports count them."""
        return self.env.execute_query(SQL(
            "SELECT job_id, stage_id, date_trunc('month', create_date), department_id, source_id, refuse_reason_id,"
            " company_id, active, COUNT(*) FROM hr_applicant applicant"
            " WHERE NOT EXISTS (SELECT 1 FROM hr_applicant_hr_talent_pool_rel WHERE hr_applicant_id = applicant.id)"
            " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8"))

    def test_no_text_of_the_database_names_the_person(self):
        self.assertGreater(len(self.find_everywhere(*WORDS)), 10)
        self.erase(self.application)
        self.assertEqual(self.find_everywhere(*WORDS), {})

    def test_application_is_anonymous_and_where_it_was(self):
        stage, job = self.application.stage_id, self.application.job_id
        self.erase(self.application)
        application = self.application.sudo()
        self.assertEqual(application.partner_name, "Erased candidate")
        self.assertTrue(application.candidate_erased)
        self.assertFalse(application.partner_id)
        for name in ('email_from', 'email_normalized', 'partner_phone', 'partner_phone_sanitized', 'linkedin_profile',
                     'applicant_notes', 'email_cc', 'salary_expected', 'salary_expected_extra', 'attachment_ids',
                     'message_main_attachment_id'):
            self.assertFalse(application[name], name)
        self.assertEqual((application.stage_id, application.job_id), (stage, job))
        self.assertEqual(application.refuse_reason_id, self.reason)

    def test_figures_of_reports_stay(self):
        before = self.count_applications()
        touches = self.env['hr.candidate.touch'].search_count([('company_id', '=', self.company.id)])
        promises = self.env['hr.feedback.promise'].sudo().search([]).mapped(lambda p: (p.id, p.state, p.deadline))
        self.erase(self.application)
        self.assertEqual(self.count_applications(), before)
        self.assertEqual(self.env['hr.candidate.touch'].search_count([('company_id', '=', self.company.id)]), touches)
        self.assertEqual(
            self.env['hr.feedback.promise'].sudo().search([]).mapped(lambda p: (p.id, p.state, p.deadline)), promises)

    def test_name_in_the_language_of_the_company(self):
        self.company.partner_id.lang = 'zh_CN'
        self.erase(self.application)
        self.assertTrue(self.application.partner_name)

    def test_files_go_with_their_content(self):
        files = self.env['ir.attachment'].sudo().search([
            ('res_model', '=', 'hr.applicant'), ('res_id', 'in', (self.application | self.talent).ids)])
        self.assertGreaterEqual(len(files), 3)
        row = self.erase(self.application)
        self.assertFalse(files.exists())
        self.assertGreaterEqual(row.attachment_count, 3)

    def test_file_of_a_template_stays(self):
        template_file = self.env['ir.attachment'].sudo().create({
            'name': "Our benefits.pdf", 'raw': b"benefits", 'res_model': 'mail.template', 'res_id': 1})
        self.application.sudo().message_post(body="Look", attachment_ids=template_file.ids)
        # posting moves loose files only
        template_file.write({'res_model': 'mail.template', 'res_id': 1})
        self.erase(self.application)
        self.assertTrue(template_file.exists())

    def test_messages_are_empty_and_there(self):
        messages = self.application.sudo().message_ids
        self.erase(self.application)
        self.assertEqual(messages.exists(), messages)
        for name in ('body', 'subject', 'email_from', 'reply_to'):
            self.assertFalse(any(messages.mapped(name)), name)
        self.assertNotIn(self.partner, messages.author_id)
        self.assertIn(self.recruiter.partner_id, messages.author_id)
        self.assertFalse(messages.notification_ids)

    def test_moves_between_stages_stay_in_the_history(self):
        values = self.env['mail.tracking.value'].sudo()
        domain = [('mail_message_id', 'in', self.application.sudo().message_ids.ids)]
        self.assertIn('salary_expected', values.search(domain).field_id.mapped('name'))
        self.erase(self.application)
        self.assertEqual(
            set(values.search(domain).field_id.mapped('name')) - {'refuse_reason_id', 'interviewer_ids'}, {'stage_id'})

    def test_interview_has_no_guest(self):
        self.erase(self.application)
        self.assertEqual(self.event.partner_ids, self.recruiter.partner_id)
        self.assertEqual(self.event.attendee_ids.partner_id, self.recruiter.partner_id)
        self.assertFalse(self.event.active, "An interview that will not take place.")

    def test_activities_go(self):
        self.erase(self.application)
        self.assertFalse(self.env['mail.activity'].with_context(active_test=False).sudo().search(
            [('res_model', '=', 'hr.applicant'), ('res_id', '=', self.application.id), ('active', '=', True)]))

    def test_ledgers_keep_their_rows(self):
        touches = self.env['hr.candidate.touch'].sudo().search([('partner_id', '=', self.partner.id)])
        self.erase(self.application)
        self.assertTrue(touches.exists())
        self.assertFalse(touches.partner_id)
        self.assertTrue(self.consent.exists())
        self.assertFalse(self.consent.partner_id)
        self.assertEqual(self.consent.state, 'expired')

    def test_consent_that_was_valid_ends(self):
        given = self.make_consent(self.partner, 'given', 'nurture')
        asked = self.make_consent(self.partner, 'asked')
        self.erase(self.application)
        self.assertEqual((given | asked).mapped('state'), ['withdrawn', 'withdrawn'])
        self.assertTrue(given.ended_datetime)

    def test_survey_keeps_its_ticks(self):
        self.erase(self.application)
        self.assertTrue(self.answer.exists())
        self.assertFalse(self.answer.email or self.answer.nickname or self.answer.partner_id)
        self.assertFalse(self.answer.user_input_line_ids.value_text_box)

    def test_talent_leaves_the_pool(self):
        self.assertEqual(self.pool.no_of_talents, 1)
        self.erase(self.application)
        self.pool.invalidate_recordset()
        self.assertEqual(self.pool.no_of_talents, 0)
        self.assertFalse(self.talent.active)
        self.assertTrue(self.talent.candidate_erased)
        # what stock Odoo asks of a talent still holds
        self.talent._check_talent_pool_required()

    def test_page_offers_nothing(self):
        arch = etree.fromstring(self.env['hr.applicant'].get_view(
            self.env.ref('hr_recruitment.hr_applicant_view_form').id, 'form')['arch'])
        for name in (
                'action_unarchive', 'action_feedback_log_call', 'action_job_add_applicants', 'action_candidate_merge',
                'action_talent_pool_add_applicants', 'action_create_meeting', 'talent_pool_ids', 'tag_suggestions'):
            nodes = arch.xpath(f"//*[@name='{name}']")
            self.assertTrue(nodes, name)
            for node in nodes:
                self.assertTrue(node.xpath("ancestor-or-self::*[contains(@invisible, 'candidate_erased')]"), name)

    def test_nothing_is_restored(self):
        self.erase(self.application)
        for applicant in self.application | self.talent:
            with self.assertRaises(UserError):
                applicant.action_unarchive()

    def test_contact_is_anonymous(self):
        self.partner.write({'street': "Secret Street 1", 'comment': SECRET, 'image_1920': False})
        self.env['res.partner.bank'].create({'partner_id': self.partner.id, 'acc_number': "BE00"})
        row = self.erase(self.application)
        self.assertTrue(row.partner_erased)
        self.assertFalse(self.partner.active)
        self.assertEqual(self.partner.name, "Erased candidate")
        self.assertEqual(self.partner.display_name, "Erased candidate")
        self.assertFalse(self.partner.email or self.partner.phone or self.partner.street or self.partner.comment)
        self.assertFalse(self.partner.with_context(active_test=False).bank_ids)

    def make_fill_entry(self, pool, **vals):
        fill = self.env['hr.talent.pool.fill'].sudo().create({'pool_id': pool.id, 'state': 'done'})
        return self.env['hr.talent.pool.fill.entry'].sudo().create({
            'fill_id': fill.id, 'pool_id': pool.id, 'partner_id': self.partner.id, **vals})

    def make_wish(self, company):
        return self.env['hr.talent.pool.wish'].sudo().create({
            'partner_id': self.partner.id, 'company_id': company.id, 'pool_ids': self.pool.ids})

    def test_pool_rules_and_wishes_do_not_keep_the_contact(self):
        shared = self.env['hr.talent.pool'].create({'name': "Shared", 'company_id': False})
        entries = self.make_fill_entry(self.pool, talent_id=self.talent.id) | self.make_fill_entry(
            shared, application_id=self.application.id) | self.make_fill_entry(self.pool) | self.make_fill_entry(shared)
        wish = self.make_wish(self.company)
        self.assertTrue(self.erase(self.application).partner_erased)
        self.assertFalse(wish.exists())
        self.assertFalse(entries.partner_id)
        self.assertEqual(len(entries.exists()), 4)
        self.assertEqual(self.find_everywhere(*WORDS), {})

    def test_pools_and_wishes_of_another_company_keep_the_contact(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        entry = self.make_fill_entry(self.env['hr.talent.pool'].create({'name': "Theirs", 'company_id': other.id}))
        wish = self.make_wish(other)
        self.assertFalse(self.erase(self.application).partner_erased)
        self.assertEqual((entry.partner_id, wish.partner_id), (self.partner, self.partner))

    def test_every_own_link_to_a_contact_is_known(self):
        """A table of this addon that erasure does not know would keep the contact of everybody in it."""
        own = {
            model._table for model in self.env.registry.values()
            if not (model._abstract or model._transient) and model._original_module == 'candidate_relationship'}
        found = self.Erasure._collect(self.partner, self.company)
        links = self.env['base.partner.merge.automatic.wizard']._get_fk_on('res_partner')
        unknown = [
            (table, column) for table, column in links
            if table in own and self.Erasure._get_own_rows(table, found) == SQL("FALSE")]
        self.assertEqual(unknown, [])

    def test_row_of_the_queue_names_nobody(self):
        row = self.erase(self.application)
        self.assertEqual(row.state, 'done')
        self.assertFalse(row.partner_id)
        self.assertTrue(row.reference)
        self.assertEqual(row.display_name, row.reference)
        self.assertEqual(row.applicant_count, 2)

    def test_all_applications_of_the_person(self):
        other = self.make_person("Zyxwina Q.")
        self.refuse(other, self.reason, send_mail=False)
        self.erase(self.application)
        self.assertTrue(other.candidate_erased)

    def test_namesake_stays(self):
        namesake = self.make_person(email="other.zyxwina@candidate.example.com")
        self.erase(self.application)
        self.assertEqual(namesake.partner_name, NAME)
        self.assertTrue(namesake.sudo().partner_id.active)

    def test_new_application_is_a_new_person(self):
        self.erase(self.application)
        again = self.make_person()
        self.assertNotEqual(again.sudo().partner_id, self.partner)
        self.assertFalse(again.candidate_erased)

    def test_contact_without_address(self):
        application = self.make_applicant("Nomail Noname", email_from=False)
        application._ensure_candidate_partners()
        application.refuse_reason_id = self.reason
        self.erase(application)
        self.assertEqual(self.find_everywhere("Nomail"), {})


class TestContactOfOthers(PersonCase):

    def setUp(self):
        super().setUp()
        self.application = self.make_person()
        self.partner = self.application.sudo().partner_id
        self.refuse(self.application, self.reason, send_mail=False)
        self.end_request()

    def test_other_company_keeps_everything(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        job = self.env['hr.job'].create({'name': "Cook", 'company_id': other.id})
        theirs = self.env['hr.applicant'].create({
            'partner_name': NAME, 'email_from': EMAIL, 'job_id': job.id, 'company_id': other.id})
        touch = {'partner_id': self.partner.id, 'channel': 'call', 'summary': NAME}
        self.env['hr.candidate.touch'].sudo()._record([
            {**touch, 'company_id': other.id}, {**touch, 'company_id': self.company.id}])
        consent = self.make_consent(self.partner, 'given', company=other)
        row = self.erase(self.application)
        self.assertFalse(row.partner_erased)
        self.assertTrue(self.application.candidate_erased)
        self.assertFalse(theirs.candidate_erased)
        self.assertEqual(theirs.partner_id, self.partner)
        self.assertEqual((self.partner.name, self.partner.email, self.partner.active), (NAME, EMAIL, True))
        self.assertEqual((consent.state, consent.partner_id), ('given', self.partner))
        touches = self.env['hr.candidate.touch'].sudo().search([('company_id', 'in', (other | self.company).ids)])
        self.assertEqual(touches.filtered('partner_id').company_id, other)

    def test_other_model_keeps_the_contact(self):
        group = self.env['res.company'].create({'name': "Owned"})
        self.partner.parent_id = group.partner_id
        child = self.env['res.partner'].create({'name': "Branch", 'parent_id': self.partner.id})
        row = self.erase(self.application)
        self.assertFalse(row.partner_erased)
        self.assertEqual(self.partner.name, NAME)
        self.assertTrue(self.partner.active)
        child.unlink()

    def test_survey_of_another_department_keeps_its_answer(self):
        self.survey_answer(self.partner, NAME, EMAIL, survey_type='survey')
        row = self.erase(self.application)
        self.assertEqual((self.answer.email, self.answer.nickname, self.answer.partner_id), (EMAIL, NAME, self.partner))
        self.assertIn(SECRET, self.answer.user_input_line_ids.value_text_box)
        self.assertEqual((row.answer_count, row.partner_erased), (0, False))

    def test_author_elsewhere_keeps_the_contact(self):
        self.job.message_post(body="I have a question", author_id=self.partner.id, message_type='comment')
        self.assertFalse(self.erase(self.application).partner_erased)

    def test_company_keeps_the_contact(self):
        self.partner.is_company = True
        self.assertFalse(self.erase(self.application).partner_erased)
        self.assertEqual(self.partner.email, EMAIL)

    def test_letters_that_belong_to_no_document(self):
        letter = self.env['mail.mail'].sudo().create({
            'subject': f"Private for {NAME}", 'body_html': SECRET, 'recipient_ids': [Command.link(self.partner.id)]})
        self.assertTrue(self.erase(self.application).partner_erased)
        self.assertFalse(letter.exists())
        self.assertEqual(self.find_everywhere(NAME, SECRET, EMAIL), {})


class TestMailings(PersonCase):

    def setUp(self):
        super().setUp()
        self.application = self.make_person()
        self.partner = self.application.sudo().partner_id
        self.refuse(self.application, self.reason, send_mail=False)
        self.other = self.make_applicant("Somebody Else")
        self.end_request()

    def compose(self, **vals):
        """A mailing whose mails are written, and wait."""
        mailing = self.make_mailing(self.application, self.other, **vals)
        with self.mock_mail_gateway():
            mails = self.env['mail.compose.message'].with_context(
                active_ids=(self.application | self.other).ids).create({
                    'composition_mode': 'mass_mail', 'model': 'hr.applicant', 'mass_mailing_id': mailing.id,
                    'subject': mailing.subject, 'body': mailing.body_html, 'force_send': False,
                    'email_from': 'news@company.example.com'})._action_send_mail()[0]
        self.assertEqual(len(mails), 2)
        return mailing, mails

    def test_what_waits_is_not_sent(self):
        mailing, mails = self.compose()
        trace = mailing.mailing_trace_ids.filtered(lambda t: t.res_id == self.application.id)
        self.erase(self.application)
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mails.send()
        sent_to = [mail['email_to'] for mail in self._mails]
        self.assertEqual(sent_to, [['"Somebody Else" <somebody@candidate.example.com>']])
        self.assertEqual((trace.trace_status, trace.failure_type, trace.email), ('cancel', 'candidate_erased', False))
        self.assertEqual((mailing.mailing_trace_ids - trace).trace_status, 'sent')

    def test_mail_that_was_written_meanwhile(self):
        mailing, mails = self.compose()
        self.env.flush_all()
        # as if the other server had erased the person after this one had written the mail
        self.env.cr.execute(SQL(
            "UPDATE hr_applicant SET candidate_erased = TRUE WHERE id = %s", self.application.id))
        self.env.invalidate_all()
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mails.send()
        self.assertEqual(len(self._mails), 1)
        trace = mailing.mailing_trace_ids.filtered(lambda t: t.res_id == self.application.id)
        self.assertEqual((trace.trace_status, trace.failure_type, trace.email), ('cancel', 'candidate_erased', False))

    def test_what_was_sent_stays_as_a_figure(self):
        mailing, mails = self.compose()
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mails.send()
        trace = mailing.mailing_trace_ids.filtered(lambda t: t.res_id == self.application.id)
        self.erase(self.application)
        self.assertEqual((trace.trace_status, trace.failure_type, trace.email), ('sent', False, False))

    def test_mailing_to_the_contact(self):
        mailing = self.env['mailing.mailing'].create({
            'subject': "News", 'mailing_model_id': self.env['ir.model']._get_id('res.partner')})
        mine, others = self.env['mailing.trace'].create([{
            'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': partner.id, 'email': EMAIL,
            'trace_status': 'sent'} for partner in (self.partner, self.recruiter.partner_id)])
        self.assertTrue(self.erase(self.application).partner_erased)
        self.assertEqual((mine.trace_status, mine.email), ('sent', False))
        self.assertEqual(others.email, EMAIL)

    def test_mailing_to_a_contact_that_stays(self):
        self.partner.is_company = True
        mailing = self.env['mailing.mailing'].create({
            'subject': "News", 'mailing_model_id': self.env['ir.model']._get_id('res.partner')})
        trace = self.env['mailing.trace'].create({
            'mass_mailing_id': mailing.id, 'model': 'res.partner', 'res_id': self.partner.id, 'email': EMAIL})
        self.erase(self.application)
        self.assertEqual(trace.email, EMAIL)

    def test_later_mailing_finds_no_address(self):
        self.erase(self.application)
        mailing = self.make_mailing(self.application, self.other)
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mailing.action_send_mail()
        self.assertEqual(len(self._mails), 1)


class TestBlocked(PersonCase):

    def setUp(self):
        super().setUp()
        self.application = self.make_person()
        self.partner = self.application.sudo().partner_id

    def assertBlocked(self, reason):
        row = self.erase(self.application)
        self.assertEqual((row.state, row.block_reason), ('blocked', reason))
        self.assertEqual(self.application.partner_name, NAME)

    def test_in_process(self):
        self.assertBlocked('in_process')

    def test_hired(self):
        self.application.stage_id = self.stage_signed
        self.assertBlocked('hired')

    def test_employee(self):
        self.refuse(self.application, self.reason, send_mail=False)
        self.env['hr.employee'].create({
            'name': NAME, 'work_contact_id': self.partner.id, 'company_id': self.company.id})
        self.assertBlocked('employee')

    def test_user(self):
        self.refuse(self.application, self.reason, send_mail=False)
        self.env['res.users'].with_context(no_reset_password=True).create({
            'login': 'zyx', 'name': NAME, 'partner_id': self.partner.id,
            'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
        self.assertBlocked('user')

    def test_open_application_next_door_is_no_reason(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.env['hr.applicant'].create({'partner_name': NAME, 'email_from': EMAIL, 'company_id': other.id})
        self.refuse(self.application, self.reason, send_mail=False)
        self.assertEqual(self.erase(self.application).state, 'done')


class TestWizard(PersonCase):

    def setUp(self):
        super().setUp()
        self.application = self.make_person()
        self.fill_person(self.application)

    def open(self, applicants):
        return self.open_wizard(applicants.with_user(self.manager).action_candidate_erase())

    def test_dry_run_changes_nothing(self):
        before = self.find_everywhere(NAME, EMAIL, PHONE, LINKEDIN, SECRET)
        wizard = self.open(self.application)
        for text in (NAME, EMAIL, f"CV {NAME}.pdf", "Messages and notes", "without a name", "The contact"):
            self.assertIn(text, str(wizard.preview))
        self.assertEqual((wizard.person_count, wizard.blocked_count), (1, 0))
        after = self.find_everywhere(NAME, EMAIL, PHONE, LINKEDIN, SECRET)
        self.assertEqual(after, before)

    def test_needs_the_word(self):
        wizard = self.open(self.application)
        for word in (False, "", "yes"):
            wizard.confirmation = word
            with self.assertRaises(UserError):
                wizard.action_erase()
        self.assertEqual(self.application.partner_name, NAME)

    def test_erases(self):
        wizard = self.open(self.application)
        wizard.confirmation = "erase "
        wizard.action_erase()
        self.assertTrue(self.application.candidate_erased)
        row = self.Erasure.search([('state', '=', 'done'), ('company_id', '=', self.company.id)])
        self.assertEqual((row.reason, row.user_id), ('request', self.manager))

    def test_reasons_of_those_who_stay(self):
        busy = self.make_applicant("Busy Bee")
        wizard = self.open(self.application | busy)
        self.assertEqual((wizard.person_count, wizard.blocked_count), (2, 1))
        self.assertIn("An application is still open", str(wizard.preview))
        wizard.confirmation = "ERASE"
        wizard.action_erase()
        self.assertTrue(self.application.candidate_erased)
        self.assertFalse(busy.candidate_erased)

    def test_nobody_can_be_erased(self):
        wizard = self.open(self.make_applicant("Busy Bee"))
        wizard.confirmation = "ERASE"
        with self.assertRaises(UserError):
            wizard.action_erase()

    def test_file_names_are_escaped(self):
        self.file.name = "<script>alert(1)</script>.pdf"
        self.assertNotIn("<script>", str(self.open(self.application).preview))

    def test_from_the_queue(self):
        row = self.Erasure._schedule(
            self.application.sudo().partner_id, self.company, 'expired', fields.Datetime.now() + timedelta(days=9))
        wizard = self.open_wizard(row.with_user(self.manager).action_erase())
        self.assertEqual(wizard.reason, 'expired')
        wizard.confirmation = "ERASE"
        wizard.action_erase()
        self.assertEqual(row.state, 'done')

    def test_many_go_in_the_background(self):
        applicants = self.make_applicants(*(f"Person{n} P" for n in range(21)))
        applicants.write({'refuse_reason_id': self.reason.id, 'active': False})
        wizard = self.open(applicants)
        wizard.confirmation = "ERASE"
        wizard.action_erase()
        self.assertFalse(any(applicants.mapped('candidate_erased')))
        self.run_job('ir_cron_candidate_erase')
        self.assertTrue(all(applicants.mapped('candidate_erased')))

    def test_erased_person_has_nothing_left(self):
        self.erase(self.application)
        for method in ('action_candidate_erase', 'action_candidate_export', 'action_candidate_merge'):
            with self.assertRaises(UserError):
                getattr(self.application.with_user(self.manager), method)()

    @users('maja')
    def test_stays_of_the_blacklist_are_told(self):
        self.env['mail.blacklist'].sudo()._add(EMAIL)
        wizard = self.open(self.application.with_env(self.env))
        self.assertIn("blacklist", str(wizard.preview))
