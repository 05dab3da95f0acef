"""A person with everything that can be known about one, and a look into every text of the database."""

import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.tools import SQL

from .common import MANAGER, FeedbackCase

NAME = "Zyxwina Quandt"
EMAIL = "zyxwina.quandt@candidate.example.com"
PHONE = "+32470998877"
LINKEDIN = "https://linkedin.com/in/zyxwina"
SECRET = "Xylophonsecret"
TEXT_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables
     USING (table_schema, table_name)
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
       AND data_type IN ('text', 'character varying', 'jsonb', 'json')
"""


class PersonCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_user('maja', MANAGER)
        cls.reason = cls.env.ref('hr_recruitment.refuse_reason_1')

    def setUp(self):
        super().setUp()
        self.Erasure = self.env['hr.candidate.erasure'].sudo()

    # ------------------------------------------------------------------
    # Fixtures
    # ------------------------------------------------------------------

    def make_person(self, name=NAME, email=EMAIL, company=None, **vals):
        """A refused application of a person."""
        application = self.make_applicant(
            name, email_from=email, partner_phone=PHONE, linkedin_profile=LINKEDIN,
            applicant_notes=f"<p>{SECRET} of {name}</p>", **vals)
        application.flush_recordset()
        return application

    def fill_person(self, application, name=NAME, email=EMAIL):
        """Everything: mails both ways, notes, files, an interview, touches, consent, survey, mailing, talent."""
        sudo = application.sudo()
        partner = sudo.partner_id
        self.write_to(application, body=f"Dear {name}, {SECRET}", subject=f"For {name}")
        application.message_post(
            body=f"Note on {name} {SECRET}", attachments=[("note.txt", SECRET.encode())])
        sudo.message_post(
            body=f"My name is {name}", subject=f"From {name}", author_id=partner.id, email_from=f"{name} <{email}>",
            message_type='email', attachments=[(f"cv {name}.txt", SECRET.encode())])
        self.file = self.env['ir.attachment'].sudo().create({
            'name': f"CV {name}.pdf", 'res_model': 'hr.applicant', 'res_id': application.id,
            'datas': base64.b64encode(SECRET.encode())})
        application.with_user(self.recruiter).write({
            'salary_expected_extra': f"{SECRET} car", 'salary_expected': 50000, 'email_cc': f"cc.{email}"})
        self.end_request()
        application.stage_id = self.stage_talk
        self.end_request()
        sudo.activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.recruiter.id, summary=f"Call {name}", note=SECRET)
        self.event = self.make_interview(
            application, name=f"Interview {name}", description=f"<p>{SECRET}</p>", location=SECRET,
            partner_ids=[Command.set((partner | self.recruiter.partner_id).ids)])
        self.env['hr.candidate.touch'].sudo()._record([{
            'partner_id': partner.id, 'company_id': self.company.id, 'applicant_id': application.id, 'channel': 'call',
            'summary': f"Call with {name}", 'note': SECRET}])
        self.consent = self.make_consent(partner, 'expired', note=f"{name} said so")
        self.survey_answer(partner, name, email)
        self.pool = self.env['hr.talent.pool'].create({'name': "Fine People", 'company_id': self.company.id})
        self.talent = self.add_to_pool(application, self.pool)
        self.refuse(application, self.reason, send_mail=False)
        self.end_request()

    def survey_answer(self, partner, name, email, survey_type='recruitment'):
        survey = self.env['survey.survey'].sudo().create({
            'title': "Interview Form", 'access_mode': 'public', 'question_and_page_ids': [
                Command.create({'title': "About you", 'question_type': 'text_box', 'sequence': 1})]})
        # a type of Odoo's interview forms, which need not be installed
        survey.flush_recordset()
        self.env.cr.execute(SQL("UPDATE survey_survey SET survey_type = %s WHERE id = %s", survey_type, survey.id))
        survey.invalidate_recordset(['survey_type'])
        self.answer = self.env['survey.user_input'].sudo().create({
            'survey_id': survey.id, 'partner_id': partner.id, 'email': email, 'nickname': name,
            'user_input_line_ids': [Command.create({
                'question_id': survey.question_ids.id, 'answer_type': 'text_box',
                'value_text_box': f"I am {name}, {SECRET}"})]})

    def add_to_pool(self, application, pool):
        self.env['talent.pool.add.applicants'].create({
            'applicant_ids': application.ids, 'talent_pool_ids': pool.ids}).action_add_applicants_to_pool()
        return application.sudo().pool_applicant_id

    def make_consent(self, partner, state='given', purpose='keep', company=None, days_ago=60, **vals):
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        return self.env['hr.candidate.consent'].sudo().create({
            'partner_id': partner.id, 'company_id': (company or self.company).id, 'purpose': purpose, 'state': state,
            'given_datetime': moment if state != 'asked' else False,
            'asked_datetime': moment,
            'ended_datetime': moment if state not in ('given', 'asked') else False,
            'date_until': fields.Date.today() + timedelta(days=300) if state == 'given' else False,
            **vals})

    def make_mailing(self, *applicants, **vals):
        ids = [applicant.id for applicant in applicants]
        return self.env['mailing.mailing'].create({
            'subject': "News for {{ object.partner_name }}", 'body_html': '<p>Hi <t t-out="object.partner_name"/></p>',
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant'),
            'nurture_service_message': True,
            'mailing_domain': repr([('id', 'in', ids), ('active', 'in', [True, False])]), **vals})

    # ------------------------------------------------------------------
    # Erase
    # ------------------------------------------------------------------

    def erase(self, application, company=None):
        """As the wizard does it; the row of the queue."""
        rows = self.Erasure._schedule(application.sudo().partner_id, company or self.company, 'request')
        self.end_request()
        rows._execute()
        self.end_request()
        return rows

    def open_wizard(self, action, user=None):
        return self.env[action['res_model']].with_user(user or self.manager).browse(action['res_id'])

    def run_job(self, name):
        with self.enter_registry_test_mode():
            done = self.env.ref(f'candidate_relationship.{name}').method_direct_trigger()
        self.assertIs(done, True, "The scheduled job failed.")
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Look into everything
    # ------------------------------------------------------------------

    def find_everywhere(self, *words):
        """``{table.column: number of rows}`` of every text in the database that holds one of the words."""
        self.env.flush_all()
        patterns = [f'%{word}%' for word in words]
        found = {}
        for table, column in self.env.execute_query(SQL(TEXT_COLUMNS)):
            ((count,),) = self.env.execute_query(SQL(
                "SELECT COUNT(*) FROM %s WHERE %s::text ILIKE ANY(%s)",
                SQL.identifier(table), SQL.identifier(column), patterns))
            if count:
                found[f'{table}.{column}'] = count
        return found
