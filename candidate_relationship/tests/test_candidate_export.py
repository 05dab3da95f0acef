"""What a person gets who asks for their data, and who may fetch it."""

import io
import json
import zipfile

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import OFFICER
from .erasure_common import EMAIL, NAME, PHONE, SECRET, PersonCase


class ExportCase(PersonCase):

    def setUp(self):
        super().setUp()
        self.application = self.make_person()
        self.fill_person(self.application)

    def export(self, applicant=None):
        stream = io.BytesIO()
        self.env['hr.candidate.export'].with_company(self.company)._write_zip(applicant or self.application, stream)
        self.archive = zipfile.ZipFile(stream)
        return json.loads(self.archive.read('data.json'))


class TestContent(ExportCase):

    def test_person_and_applications(self):
        data = self.export()
        self.assertEqual(data['format'], 1)
        self.assertEqual((data['person']['name'], data['person']['email']), (NAME, EMAIL))
        application, talent = data['applications']
        self.assertEqual((application['kind'], talent['kind']), ('application', 'talent'))
        self.assertEqual((application['job'], application['stage']), ("Developer", "Talk"))
        self.assertEqual((application['phone'], application['status']), (PHONE, 'refused'))
        self.assertEqual(application['salary_expected'], 50000)
        self.assertIn(SECRET, application['notes'])
        self.assertEqual(talent['pools'], ["Fine People"])

    def test_ledgers(self):
        data = self.export()
        self.assertIn(f"Call with {NAME}", [touch['subject'] for touch in data['touches']])
        self.assertEqual([consent['state'] for consent in data['consents']], ['expired'])
        self.assertEqual([event['name'] for event in data['interviews']], [f"Interview {NAME}"])
        self.assertEqual(data['surveys'][0]['answers'][0]['question'], "About you")

    def test_survey_of_another_department_is_not_in_it(self):
        self.survey_answer(self.application.sudo().partner_id, NAME, EMAIL, survey_type='survey')
        self.assertEqual(len(self.export()['surveys']), 1)

    def test_messages_both_ways_and_notes(self):
        messages = self.export()['applications'][0]['messages']
        self.assertEqual({message['from'] for message in messages}, {'candidate', 'company'})
        self.assertTrue([m for m in messages if m['kind'] == 'note' and f"Note on {NAME}" in m['body']])
        self.assertTrue([m for m in messages if m['from'] == 'candidate' and m['files']])

    def test_colleagues_are_named_nowhere(self):
        self.application.sudo().interviewer_ids = self.interviewer
        self.end_request()
        data = self.export()
        # Odoo itself writes the organiser into what the guest reads
        data.pop('interviews')
        text = json.dumps(data)
        for user in (self.recruiter, self.interviewer):
            self.assertNotIn(user.email, text)
        self.assertNotIn("You have been assigned", text)

    def test_files(self):
        data = self.export()
        names = self.archive.namelist()
        self.assertEqual(len(names), len(set(map(str.lower, names))))
        files = [name for application in data['applications'] for name in application['files']]
        self.assertEqual(sorted(files), sorted(name for name in names if name != 'data.json'))
        self.assertTrue(all(self.archive.read(name) == SECRET.encode() for name in files))

    def test_names_of_files_are_safe(self):
        bad = ("../../../etc/passwd", "..\\..\\evil.bat", "/absolute.txt", "CON.txt", "a" * 300 + ".pdf", "..", ".",
               "new\nline.txt", "same.txt", "SAME.TXT", "same.txt", "C:drive.txt", "履歷.pdf")
        for name in bad:
            self.env['ir.attachment'].sudo().create({
                'name': name, 'raw': name.encode(), 'res_model': 'hr.applicant', 'res_id': self.application.id})
        self.application.job_id.sudo().name = "../Chief: of /all"
        self.export()
        names = self.archive.namelist()
        self.assertEqual(len(names), len({name.lower() for name in names}))
        for name in names:
            parts = name.split('/')
            self.assertLessEqual(len(parts), 3)
            for part in parts:
                self.assertNotIn(part, ('', '.', '..'))
                self.assertLessEqual(len(part), 110)
                self.assertFalse(set(part) & set('\\:\n<>|?*"'))
                self.assertNotEqual(part.split('.')[0].upper(), 'CON')
        self.assertTrue(any(name.endswith("履歷.pdf") for name in names))

    def test_another_person_and_another_company_are_not_in_it(self):
        self.make_applicant("Stranger Strange", applicant_notes="<p>Foreignnote</p>")
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.env['hr.applicant'].create({
            'partner_name': NAME, 'email_from': EMAIL, 'company_id': other.id, 'applicant_notes': "Doorsecret"})
        self.env['hr.candidate.touch'].sudo()._record([{
            'partner_id': self.application.sudo().partner_id.id, 'company_id': other.id, 'channel': 'call',
            'summary': "Doorsecret"}])
        text = json.dumps(self.export())
        self.assertNotIn("Foreignnote", text)
        self.assertNotIn("Doorsecret", text)

    def test_person_without_contact(self):
        application = self.make_applicant("Nomail Noname", email_from=False)
        application.sudo().partner_id = False
        data = self.export(application)
        self.assertEqual([one['name'] for one in data['applications']], ["Nomail Noname"])
        self.assertIsNone(data['person']['name'])

    def test_person_without_contact_gets_no_answers_of_the_unnamed(self):
        self.answer.partner_id = False
        application = self.make_applicant("Nomail Noname", email_from=False)
        application.sudo().partner_id = False
        self.assertEqual(self.export(application)['surveys'], [])

    def test_nobody_has_no_applications(self):
        application = self.make_applicant("Nomail Noname", email_from=False)
        application.sudo().partner_id = False
        self.end_request()
        nobody = self.env['res.partner']
        self.assertFalse(self.Erasure._get_person_applicants(nobody, self.company))
        self.assertFalse(self.Erasure._is_known_elsewhere(nobody, self.env['res.company'].create({'name': "Other"})))

    def test_answers_to_the_questions_of_the_job(self):
        self.job.sudo().applicant_properties_definition = [{'name': 'aa', 'string': "Shoe size", 'type': 'integer'}]
        application = self.make_applicant("Ann A")
        application.sudo().applicant_properties = {'aa': 42}
        self.end_request()
        self.assertEqual(
            self.export(application)['applications'][0]['questions'], [{'question': "Shoe size", 'answer': 42}])

    def test_lost_file_does_not_stop_it(self):
        self.file.sudo().store_fname = '00/missing'
        self.assertTrue(self.export())


@tagged('post_install', '-at_install')
class TestDownload(ExportCase, HttpCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env['res.company'].create({'name': "Company Next Door"})
        cls.make_user('olga', OFFICER, company=other)

    def download(self, login, applicant=None):
        self.authenticate(login, login)
        return self.url_open(f'/candidate_relationship/export/{(applicant or self.application).id}')

    def test_recruiter_and_administrator(self):
        for login in ('rita', 'maja'):
            response = self.download(login)
            self.assertEqual(response.status_code, 200)
            self.assertEqual(response.headers['Content-Type'], 'application/zip')
            self.assertIn('attachment', response.headers['Content-Disposition'])
            archive = zipfile.ZipFile(io.BytesIO(response.content))
            self.assertIsNone(archive.testzip())
            self.assertEqual(json.loads(archive.read('data.json'))['person']['name'], NAME)

    def test_is_noted(self):
        self.download('rita')
        note = self.application.sudo().message_ids[0]
        self.assertIn("exported", note.body)
        self.assertEqual(note.author_id, self.recruiter.partner_id)
        self.assertTrue(note.subtype_id.internal)

    def test_interviewer_gets_nothing(self):
        self.application.sudo().interviewer_ids = [Command.set(self.interviewer.ids)]
        self.assertEqual(self.download('ivan').status_code, 404)

    def test_other_company_gets_nothing(self):
        self.assertEqual(self.download('olga').status_code, 404)

    def test_nobody_without_login(self):
        response = self.url_open(
            f'/candidate_relationship/export/{self.application.id}', allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))

    def test_erased_and_unknown(self):
        self.erase(self.application)
        self.assertEqual(self.download('rita').status_code, 404)
        self.assertEqual(self.url_open('/candidate_relationship/export/999999999').status_code, 404)
