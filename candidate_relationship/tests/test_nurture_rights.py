"""The contact budget by role and company; erasing, merging and exporting a person who has preferences and contacts."""

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import users
from odoo.tools import mute_logger

from .erasure_common import PersonCase
from .nurture_common import NurtureCase


class TestRights(NurtureCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")
        self.preference = self.prefer(self.ann, frequency_days=90)
        self.row = self.contact(self.ann)

    def as_user(self, record):
        return record.with_env(self.env).with_user(self.env.user)

    @users('ivan')
    def test_interviewer(self):
        for record in (self.preference, self.row):
            with self.assertRaises(AccessError):
                self.as_user(record).read(['partner_id'])

    @users('rita')
    def test_officer(self):
        self.as_user(self.preference).frequency_days = 180
        self.assertEqual(self.as_user(self.row).state, 'sent')
        for work in (lambda: self.as_user(self.row).write({'state': 'released'}),
                     lambda: self.as_user(self.row).unlink(), lambda: self.as_user(self.row).copy(),
                     lambda: self.as_user(self.preference).unlink()):
            with self.assertRaises(AccessError):
                work()

    @users('mona')
    def test_administrator(self):
        self.as_user(self.preference).frequency_days = 180
        with self.assertRaises(AccessError):
            self.as_user(self.row).write({'state': 'released'})

    @users('rita')
    def test_other_company(self):
        self.preference.sudo().company_id = self.row.sudo().company_id = self.other_company
        self.env.flush_all()
        for record in (self.preference, self.row):
            self.assertFalse(self.as_user(record).search([('id', '=', record.id)]))
            with self.assertRaises(AccessError):
                self.as_user(record).read(['partner_id'])

    @users('mona')
    def test_settings(self):
        self.env.user.sudo().group_ids += self.env.ref('base.group_system')
        settings = self.env['res.config.settings'].create({'nurture_contacts': 2, 'nurture_days': 60})
        settings.execute()
        self.assertEqual((self.company.nurture_contacts, self.company.nurture_days), (2, 60))

    @mute_logger('odoo.sql_db')
    def test_limits_of_the_rule(self):
        for vals in ({'nurture_contacts': 0}, {'nurture_contacts': 32}, {'nurture_days': 0}, {'nurture_days': 366}):
            with self.assertRaises(CheckViolation), self.cr.savepoint():
                self.company.write(vals)
                self.company.flush_recordset()


class TestPersonOfBudget(PersonCase):

    def setUp(self):
        super().setUp()
        self.topics = self.env['hr.nurture.topic'].create([{'name': "Compilers"}, {'name': "Databases"}])
        self.other_company = self.env['res.company'].create({'name': "Other Company"})

    def prefer(self, partner, company=None, **vals):
        preference = self.env['hr.candidate.preference']._get_for(partner, company or self.company)
        preference.write(vals)
        return preference

    def book(self, partner, source, company=None, **vals):
        return self.env['hr.nurture.contact'].create({
            'partner_id': partner.id, 'company_id': (company or self.company).id, 'source_model': 'mailing.mailing',
            'source_id': source, 'booked_datetime': '2026-02-20 08:00:00', 'state': 'sent', **vals})

    def merge(self, one, two):
        self.end_request()
        self.env['base.partner.merge.automatic.wizard'].create({})._merge((one | two).ids, one, extra_checks=False)
        self.end_request()
        self.env.invalidate_all()

    def test_erased(self):
        application = self.make_person()
        self.refuse(application, self.reason, send_mail=False)
        partner = application.sudo().partner_id
        mine = self.prefer(partner, paused_until='2026-07-01')
        row = self.book(partner, 1)
        erasure = self.erase(application)
        self.assertTrue(erasure.partner_erased, "Nothing of ours keeps the contact.")
        self.assertFalse(mine.exists())
        self.assertFalse(row.partner_id)
        self.assertEqual(row.state, 'sent')

    def test_erased_by_one_company(self):
        application = self.make_person()
        self.refuse(application, self.reason, send_mail=False)
        partner = application.sudo().partner_id
        theirs = self.prefer(partner, self.other_company, frequency_days=90)
        row = self.book(partner, 1, self.other_company)
        erasure = self.erase(application)
        self.assertFalse(erasure.partner_erased)
        self.assertEqual((theirs.partner_id, row.partner_id), (partner, partner))

    def test_merged(self):
        one, two = (
            self.make_applicant("Jane Doe", email_from=f'{name}@candidate.example.com').sudo().partner_id
            for name in ('jane', 'jane.private'))
        kept = self.prefer(one, left_topic_ids=[(4, self.topics[0].id)], frequency_days=90)
        self.prefer(two, left_topic_ids=[(4, self.topics[1].id)], frequency_days=180, paused_until='2026-07-01')
        theirs = self.prefer(two, self.other_company, frequency_days=45)
        self.book(one, 1, state='released')
        sent = self.book(two, 1)
        alone = self.book(two, 2)
        self.merge(one, two)
        rows = self.env['hr.candidate.preference'].search([('partner_id', '=', one.id)])
        self.assertEqual(rows, kept | theirs)
        self.assertEqual(kept.left_topic_ids, self.topics)
        self.assertEqual((kept.frequency_days, str(kept.paused_until)), (180, '2026-07-01'))
        contacts = self.env['hr.nurture.contact'].search([('partner_id', '=', one.id)])
        self.assertEqual(contacts, sent | alone)

    def test_exported(self):
        application = self.make_person()
        partner = application.sudo().partner_id
        self.prefer(partner, left_topic_ids=[(4, self.topics[0].id)], paused_until='2026-07-01')
        self.book(partner, 1, topic_id=self.topics[1].id)
        data, _files = self.env['hr.candidate.export']._collect(application.sudo(), self.company)
        self.assertEqual(data['preferences'], [
            {'topics_left': ["Compilers"], 'frequency': 0, 'paused_until': '2026-07-01', 'note': None, 'source': None}])
        self.assertEqual(data['contacts'], [
            {'booked': '2026-02-20T08:00:00', 'state': 'sent', 'topic': "Databases"}])
