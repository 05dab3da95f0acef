"""Rights of erasing, exporting and merging: a test for each cell of the table in the security file."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import users

from .erasure_common import PersonCase


class TestRights(PersonCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls.make_applicants("Jane Doe")
        cls.application.interviewer_ids = [Command.set(cls.interviewer.ids)]
        cls.application.write({'refuse_reason_id': cls.env.ref('hr_recruitment.refuse_reason_1').id, 'active': False})
        cls.partner = cls.application.sudo().partner_id
        cls.row = cls.env['hr.candidate.erasure'].sudo()._schedule(cls.partner, cls.company, 'other')
        cls.other_company = cls.env['res.company'].create({'name': "Company Next Door"})
        cls.other_row = cls.row.copy({'company_id': cls.other_company.id})

    def mine(self, record):
        return record.with_user(self.env.user)

    def assertDenied(self, function, *args):
        # AccessError is one of them
        with self.assertRaises(UserError), self.cr.savepoint():
            function(*args)

    @users('ivan', 'rita')
    def test_queue_is_not_read_by_interviewer_and_officer(self):
        self.assertDenied(self.env['hr.candidate.erasure'].search, [])
        self.assertDenied(self.mine(self.row).read, ['reference'])

    @users('maja')
    def test_queue_is_read_by_the_administrator(self):
        self.assertEqual(self.env['hr.candidate.erasure'].search([]), self.mine(self.row))
        self.assertEqual(self.mine(self.row).read(['display_name'])[0]['display_name'], "Jane Doe")

    @users('maja')
    def test_queue_of_another_company_is_not_read(self):
        self.assertDenied(self.mine(self.other_row).read, ['reference'])
        self.assertDenied(self.mine(self.other_row)._keep, "Mine")

    @users('ivan', 'rita', 'maja')
    def test_queue_is_not_written_by_hand(self):
        row = self.mine(self.row)
        self.assertDenied(row.write, {'state': 'done'})
        self.assertDenied(row.unlink)
        self.assertDenied(self.env['hr.candidate.erasure'].create, {
            'partner_id': self.partner.id, 'company_id': self.company.id})

    @users('ivan', 'rita')
    def test_not_kept_by_interviewer_and_officer(self):
        self.assertDenied(self.mine(self.row)._keep, "Please")

    @users('maja')
    def test_kept_by_the_administrator(self):
        action = self.mine(self.row).action_keep()
        wizard = self.env[action['res_model']].with_context(**action['context']).create({'reason': "A dispute"})
        wizard.action_keep()
        self.assertEqual(self.row.state, 'cancelled')

    @users('ivan', 'rita')
    def test_not_erased_by_interviewer_and_officer(self):
        self.assertDenied(self.mine(self.application).action_candidate_erase)
        self.assertDenied(self.env['hr.candidate.erase'].create, {'applicant_ids': [Command.set(self.application.ids)]})
        self.assertDenied(self.mine(self.row).action_erase)

    @users('maja')
    def test_erased_by_the_administrator(self):
        wizard = self.open_wizard(self.mine(self.application).action_candidate_erase())
        wizard.confirmation = "ERASE"
        wizard.action_erase()
        self.assertTrue(self.application.candidate_erased)

    @users('maja')
    def test_applicant_of_another_company_is_not_erased(self):
        theirs = self.env['hr.applicant'].sudo().create({
            'partner_name': "Their Own", 'email_from': "their@candidate.example.com",
            'company_id': self.other_company.id})
        self.assertDenied(self.mine(theirs).action_candidate_erase)
        self.assertDenied(
            lambda: self.env['hr.candidate.erase'].create({
                'applicant_ids': [Command.set(theirs.ids)], 'confirmation': "ERASE"}).action_erase())
        self.assertFalse(theirs.candidate_erased)

    @users('maja')
    def test_preview_of_another_company_is_not_shown(self):
        theirs = self.env['hr.applicant'].sudo().create({
            'partner_name': "Their Own", 'email_from': "their@candidate.example.com",
            'company_id': self.other_company.id})
        wizard = self.env['hr.candidate.erase']
        spec = {'applicant_ids': {}, 'erasure_ids': {}, 'preview': {}, 'person_count': {}}
        for name, records in (('applicant_ids', theirs), ('erasure_ids', self.other_row)):
            self.assertDenied(wizard.onchange, {name: [Command.set(records.ids)]}, [name], spec)
        mine = wizard.onchange({'applicant_ids': [Command.set(self.application.ids)]}, ['applicant_ids'], spec)
        self.assertIn("Jane Doe", mine['value']['preview'])

    @users('ivan')
    def test_not_merged_by_an_interviewer(self):
        self.assertDenied(self.mine(self.application).action_candidate_merge)
        self.assertDenied(self.env['hr.person.merge'].create, {'partner_id': self.partner.id})
