"""Applicants with tags from a CSV file, by Odoo's own import."""

from odoo.tests import users

from .test_applicant_tags import TagCase

ROWS = 1000
SPELLINGS = ("Zz Python", "zz python", "ＺＺ　ＰＹＴＨＯＮ", "zz-python ")


class TestTagImport(TagCase):

    def load(self, rows, create=True):
        applicants = self.env['hr.applicant'].with_context(
            import_file=True, name_create_enabled_fields={'categ_ids': create},
            tracking_disable=True, mail_create_nosubscribe=True)
        return applicants.load(['partner_name', 'email_from', 'categ_ids'], rows)

    def people(self, answer):
        self.assertFalse(answer['messages'])
        return self.env['hr.applicant'].browse(answer['ids'])

    @users('rita')
    def test_import(self):
        rows = [[f"Person {number}", f"person{number}@candidate.example.com", f"{SPELLINGS[number % 4]}, zz Fresh"]
                for number in range(ROWS)]
        people = self.people(self.load(rows))
        self.assertEqual(len(people), ROWS)
        fresh = self.env['hr.applicant.category'].search([('name_key', '=', 'zzfresh')])
        self.assertEqual((fresh.name, fresh.dimension), ("zz Fresh", 'other'))
        python = self.python.with_env(self.env)
        self.assertTrue(all(person.categ_ids == fresh + python for person in people))
        # what the feedback promises do for applicants that somebody creates is done for these too
        self.assertEqual(len(people.sudo().feedback_promise_ids), ROWS)

    def test_import_with_a_dimension(self):
        people = self.people(self.load([["Ann", "ann@candidate.example.com", "city: Zz Rome,Zz Senior"]]))
        self.assertEqual(people.tag_location_ids.mapped('name'), ["Zz Rome"])
        self.assertEqual(people.tag_seniority_ids, self.senior)

    def test_unknown_names_are_refused_where_none_may_be_made(self):
        answer = self.load([["Ann", "ann@candidate.example.com", "zz python,Zz Unheard"]], create=False)
        self.assertFalse(answer['ids'])
        self.assertIn("Zz Unheard", answer['messages'][0]['message'])

    def test_import_of_tags(self):
        answer = self.env['hr.applicant.category'].load(['name', 'dimension'], [["Zz Oslo", "Location"]])
        self.assertEqual(self.env['hr.applicant.category'].browse(answer['ids']).dimension, 'location')
        answer = self.env['hr.applicant.category'].load(['name', 'dimension'], [["zz OSLO", "Location"]])
        self.assertIn("“Zz Oslo” (Location)", answer['messages'][0]['message'])
