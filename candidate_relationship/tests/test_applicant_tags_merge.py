"""Spellings of one name become one tag, wherever tags are used."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import SQL

from .test_applicant_tags import TagCase


class TestTagMerge(TagCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lower = cls.make_duplicate("zz python ")
        cls.wide = cls.make_duplicate("Ｚｚ Ｐｙｔｈｏｎ")
        cls.anna, cls.ben, cls.carla = cls.make_applicants("Anna", "Ben", "Carla")
        cls.anna.categ_ids = cls.lower + cls.python
        cls.ben.categ_ids = cls.lower + cls.berlin
        cls.carla.categ_ids = cls.wide
        cls.pool.categ_ids = cls.wide + cls.lower

    def find(self, user=None):
        """The line of our tags in the wizard that the button of the list opens."""
        action = self.Tag.with_user(user or self.recruiter).action_find_duplicates()
        wizard = self.env[action['res_model']].with_user(user or self.recruiter).browse(action['res_id'])
        line = wizard.line_ids.filtered(lambda line: self.python in line.tag_ids)
        (wizard.line_ids - line).selected = False
        return wizard, line

    def test_found(self):
        _wizard, line = self.find()
        self.assertEqual(line.tag_ids, self.python + self.lower + self.wide)
        self.assertTrue(line.selected)
        self.assertEqual(line.kept_id, self.lower)
        self.assertIn("zz python : 2", line.usage)

    def test_signs_are_not_duplicates(self):
        tags = self.Tag.create([{'name': name} for name in ("Zz C", "Zz C++", "Zz C#")])
        wizard, _line = self.find()
        self.assertFalse(wizard.line_ids.tag_ids & tags)

    def test_best_is_the_most_used_then_classified_then_oldest(self):
        tags = self.make_duplicate("zz go") + self.make_duplicate("Zz Go", dimension='skill')
        self.assertEqual(tags._get_best().name, "Zz Go")
        tags += self.make_duplicate("ZZ GO", dimension='skill')
        self.assertEqual(tags._get_best().name, "Zz Go")
        self.anna.categ_ids += tags[0]
        tags.invalidate_recordset()
        self.assertEqual(tags._get_best().name, "zz go")

    def test_merged_by_officer(self):
        self.check_merged_by(self.recruiter)

    def test_merged_by_manager(self):
        self.check_merged_by(self.manager)

    def check_merged_by(self, user):
        wizard, line = self.find(user)
        line.kept_id = self.python
        action = wizard.action_merge()
        self.assertFalse((self.lower + self.wide).exists())
        self.assertEqual(self.anna.categ_ids, self.python)
        self.assertEqual(self.ben.categ_ids, self.berlin + self.python)
        self.assertEqual(self.carla.categ_ids, self.python)
        self.assertEqual(self.pool.categ_ids, self.python)
        self.assertEqual(action['params']['message'], "2 tags merged into 1: 3 links moved.")

    def test_search_sees_it_at_once(self):
        self.env['hr.applicant'].search([('categ_ids', 'in', self.python.ids)])
        (self.lower + self.wide)._merge_into(self.python)
        found = self.env['hr.applicant'].search([('categ_ids', 'in', self.python.ids)])
        self.assertEqual(found, (self.anna + self.ben + self.carla).with_env(self.env).sorted())

    def test_unflushed_tags_are_moved_too(self):
        self.carla.categ_ids += self.lower
        self.lower._merge_into(self.python)
        self.assertEqual(self.carla.categ_ids, self.python + self.wide)

    def test_archived_ones_and_those_of_other_companies_too(self):
        elsewhere = self.env['res.company'].create({'name': "Elsewhere"})
        foreigner = self.make_applicant(
            "Foreigner", user=self.env.user, job_id=False, company_id=elsewhere.id,
            categ_ids=[Command.set(self.lower.ids)])
        self.ben.active = False
        self.lower.with_user(self.recruiter)._merge_into(self.python.with_user(self.recruiter))
        self.assertEqual(foreigner.categ_ids, self.python)
        self.assertIn(self.python, self.ben.categ_ids)

    def test_kept_takes_the_dimension(self):
        self.python._merge_into(self.wide)
        self.assertEqual(self.wide.dimension, 'skill')

    def test_kept_keeps_its_dimension(self):
        self.berlin._merge_into(self.python)
        self.assertEqual(self.python.dimension, 'skill')

    def test_external_ids_follow(self):
        tag = self.env.ref('hr_recruitment.tag_applicant_it')
        tag._merge_into(self.python)
        self.assertEqual(self.env.ref('hr_recruitment.tag_applicant_it'), self.python)

    def test_every_table_that_refers_to_tags(self):
        """A column and a table of pairs of which this module knows nothing."""
        self.cr.execute("""
            CREATE TABLE zz_note (
                id serial PRIMARY KEY, text varchar, tag_id int REFERENCES hr_applicant_category ON DELETE SET NULL);
            CREATE TABLE zz_pair (
                job_id int REFERENCES hr_job, tag_id int REFERENCES hr_applicant_category ON DELETE CASCADE,
                UNIQUE (job_id, tag_id))
        """)
        self.cr.execute(SQL("INSERT INTO zz_note (tag_id) VALUES (%s), (%s)", self.lower.id, self.berlin.id))
        self.cr.execute(SQL(
            "INSERT INTO zz_pair VALUES (%(job)s, %(lower)s), (%(job)s, %(wide)s), (%(job)s, %(kept)s)",
            job=self.job.id, lower=self.lower.id, wide=self.wide.id, kept=self.python.id))
        (self.lower + self.wide)._merge_into(self.python)
        self.assertEqual(self.env.execute_query(SQL("SELECT tag_id FROM zz_note ORDER BY id")), [
            (self.python.id,), (self.berlin.id,)])
        self.assertEqual(self.env.execute_query(SQL("SELECT tag_id FROM zz_pair")), [(self.python.id,)])

    def test_taken_out_of_the_line(self):
        wizard, line = self.find()
        line.write({'tag_ids': [Command.unlink(self.wide.id)], 'kept_id': self.python.id})
        wizard.action_merge()
        self.assertTrue(self.wide.exists())
        self.assertFalse(self.lower.exists())

    def test_nothing_chosen(self):
        wizard, line = self.find()
        line.selected = False
        with self.assertRaises(UserError):
            wizard.action_merge()
        line.write({'selected': True, 'tag_ids': [Command.set(self.lower.ids)]})
        with self.assertRaises(UserError):
            wizard.action_merge()

    def test_a_tag_in_two_lines(self):
        wizard = self.env['hr.applicant.category.merge']._make([self.python + self.lower, self.java + self.lower])
        with self.assertRaisesRegex(UserError, "two lines"):
            wizard.action_merge()

    def test_chosen_by_hand(self):
        action = (self.java + self.senior).with_user(self.recruiter).action_merge()
        wizard = self.env[action['res_model']].browse(action['res_id'])
        self.assertEqual(wizard.line_ids.tag_ids, self.java + self.senior)
        wizard.line_ids.kept_id = self.senior
        wizard.action_merge()
        self.assertFalse(self.java.exists())

    def test_one_chosen_by_hand(self):
        action = self.java.with_user(self.recruiter).action_merge()
        with self.assertRaises(UserError):
            self.env[action['res_model']].browse(action['res_id']).action_merge()

    def test_merging_many_costs_few_queries(self):
        counts = []
        for size in (2, 2, 60):
            people = self.make_applicants(*[f"Person {number}" for number in range(size)])
            people.categ_ids = self.make_duplicate(f"Zz Twin {size}" + " " * len(counts))
            self.env.flush_all()
            before = self.cr.sql_log_count
            people.categ_ids._merge_into(self.python)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])
