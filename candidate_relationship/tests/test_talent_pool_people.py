"""Who is who, and the copy that makes a person a talent."""

from odoo import Command
from odoo.exceptions import UserError

from .common import FeedbackCase

# What a talent that stock Odoo copied has otherwise, and why, is told in models/hr_applicant_talent_copy.py
UNLIKE_STOCK = {
    'id', 'create_date', 'write_date', 'create_uid', 'write_uid', 'pool_applicant_id', 'display_name', '__last_update',
    'message_ids', 'message_follower_ids', 'message_partner_ids', 'message_is_follower', 'website_message_ids',
    'has_message'}


class PoolCase(FeedbackCase):
    """Pools of the company, which rests on legitimate interest unless a test says otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['hr.applicant'].with_context(active_test=False).search([]).unlink()
        cls.company.candidate_consent_required = False
        cls.pool, cls.other_pool = cls.make_pools("Runner-Ups", "Others")
        cls.reason = cls.env['hr.applicant.refuse.reason'].create({'name': "Another was better"})
        cls.spam = cls.env['hr.applicant.refuse.reason'].create({'name': "Spam", 'no_answer_owed': True})
        cls.tag, cls.other_tag = cls.env['hr.applicant.category'].create([{'name': "Likes Owl"}, {'name': "Near Miss"}])

    @classmethod
    def make_pools(cls, *names, **vals):
        return cls.env['hr.talent.pool'].with_user(cls.recruiter).create([
            {'name': name, 'company_id': cls.company.id, 'pool_manager': cls.recruiter.id, **vals}
            for name in names]).sudo()

    def add(self, applicants, pools=None, categories=None):
        pools = (pools or self.pool).with_user(self.recruiter)
        return pools._add_people(applicants.with_user(self.recruiter), categories).sudo()

    def talents(self, pool=None):
        domain = [('talent_pool_ids', 'in', (pool or self.pool).ids)]
        return self.env['hr.applicant'].with_context(active_test=False).search(domain, order='id')

    def names(self, pool=None):
        return sorted(self.talents(pool).mapped('partner_name'))

    def give_consent(self, applicants, until=False):
        self.env['hr.candidate.consent'].sudo().create([
            {'partner_id': partner.id, 'company_id': self.company.id, 'purpose': purpose, 'state': 'given',
             'date_until': until, 'given_datetime': self.START}
            for partner in applicants.sudo().partner_id for purpose in ('keep', 'nurture')])
        self.env.flush_all()

    def assertTalents(self):
        """Stock Odoo's invariants, for every talent there is."""
        self.env.flush_all()
        self.env.invalidate_all()
        talents = self.env['hr.applicant'].with_context(active_test=False).search([('talent_pool_ids', '!=', False)])
        talents._check_talent_pool_required()
        for talent in talents:
            self.assertEqual(talent.pool_applicant_id, talent)
            self.assertFalse(talent.job_id or talent.stage_id or talent.refuse_reason_id)


class TestAddPeople(PoolCase):

    def test_application_becomes_a_talent(self):
        jane = self.make_applicant(categ_ids=[Command.set(self.tag.ids)])
        talent = self.add(jane, categories=self.other_tag)
        self.assertEqual(talent.partner_name, "Jane Doe")
        self.assertEqual(talent.talent_pool_ids, self.pool)
        self.assertEqual(talent.categ_ids, self.tag + self.other_tag)
        self.assertEqual(talent.partner_id, jane.partner_id)
        self.assertEqual(jane.pool_applicant_id, talent)
        self.assertTrue(talent.is_pool_applicant and jane.is_applicant_in_pool)
        self.assertEqual(self.pool.no_of_talents, 1)
        self.assertTalents()

    def test_one_person_with_many_applications(self):
        jane = self.make_applicant()
        again = self.make_applicant()
        refused = self.make_applicant()
        self.refuse(refused, self.reason)
        bob = self.make_applicant("Bob")
        talents = self.add(jane + bob + again)
        self.assertEqual(talents.mapped('partner_name'), ["Jane Doe", "Bob"])
        # the one that nobody mentioned, too
        self.assertEqual((jane + again + refused).pool_applicant_id, talents[0])
        self.assertTalents()

    def test_the_application_that_came_furthest_is_copied(self):
        early = self.make_applicant(priority='1')
        far = self.make_applicant(priority='3')
        late = self.make_applicant(priority='0')
        far.stage_id = self.stage_talk
        far.stage_id = self.stage_offer
        self.assertEqual(self.add(early + far + late).priority, '3')

    def test_the_latest_of_those_that_came_equally_far(self):
        self.make_applicant(priority='1')
        applicants = self.make_applicants("Bob", "Bob") + self.make_applicant("Bob", priority='2')
        self.assertEqual(self.add(applicants).priority, '2')

    def test_talent_of_another_pool_is_linked(self):
        jane = self.make_applicant()
        talent = self.add(jane, self.other_pool)
        again = self.make_applicant()
        self.assertEqual(self.add(again), talent)
        self.assertEqual(talent.talent_pool_ids, self.pool + self.other_pool)
        self.assertEqual(again.pool_applicant_id, talent)

    def test_adding_twice_changes_nothing(self):
        jane = self.make_applicant()
        talent = self.add(jane, categories=self.tag)
        self.assertEqual(self.add(jane, categories=self.tag), talent)
        self.assertEqual(len(self.talents()), 1)
        self.assertEqual(talent.categ_ids, self.tag)

    def test_talent_that_stock_made_is_recognised(self):
        jane = self.make_applicant()
        wizard = self.env['talent.pool.add.applicants'].with_user(self.recruiter).create({
            'applicant_ids': jane.ids, 'talent_pool_ids': self.other_pool.ids})
        talent = wizard.sudo()._add_applicants_to_pool()
        self.assertEqual(self.add(self.make_applicant()), talent)

    def test_archived_talent_comes_back(self):
        jane = self.make_applicant()
        talent = self.add(jane)
        talent.action_archive()
        self.assertEqual(self.add(self.make_applicant()), talent)
        self.assertTrue(talent.active)

    def test_refused_application(self):
        jane = self.make_applicant()
        self.refuse(jane, self.reason)
        talent = self.add(jane)
        self.assertTrue(talent.active)
        self.assertEqual(talent.application_status, 'ongoing')
        self.assertFalse(jane.active)
        self.assertTalents()

    def test_several_pools_at_once(self):
        talent = self.add(self.make_applicant(), self.pool + self.other_pool)
        self.assertEqual(talent.talent_pool_ids, self.pool + self.other_pool)
        self.assertTalents()

    def test_without_address_by_phone_and_linkedin(self):
        first, second, third, fourth, alone, also_alone = self.make_applicants(
            "First", "Second", "Third", "Fourth", "Alone", "Also Alone", email_from=False)
        first.partner_phone = second.partner_phone = '+32 475 11 22 33'
        second.linkedin_profile = third.linkedin_profile = 'https://linkedin.com/in/first'
        talents = self.add(first + third + alone + also_alone)
        self.assertEqual(len(talents), 3, "first and third are one person: second shares something with both")
        self.assertEqual(second.pool_applicant_id, talents[0])
        self.assertFalse(fourth.pool_applicant_id)
        self.assertTalents()

    def test_by_phone_to_who_has_an_address(self):
        jane = self.make_applicant(partner_phone='+32 475 11 22 33')
        other = self.make_applicant()
        called = self.make_applicants("Jane", email_from=False, partner_phone='+32 475 11 22 33')
        talent = self.add(called)
        self.assertEqual((jane + other).pool_applicant_id, talent)
        self.assertEqual(talent.partner_id, jane.partner_id)

    def test_two_with_addresses_and_one_phone_are_two(self):
        jane = self.make_applicant(partner_phone='+32 475 11 22 33')
        bob = self.make_applicant("Bob", partner_phone='+32 475 11 22 33')
        self.assertEqual(len(self.add(jane + bob)), 2)

    def test_other_companies_are_left_alone(self):
        theirs = self.env['res.company'].create({'name': "Other"})
        jane = self.make_applicant()
        elsewhere = jane.sudo().copy({'company_id': theirs.id, 'job_id': False, 'partner_name': "Jane Doe"})
        self.assertEqual(elsewhere.partner_id, jane.partner_id)
        self.add(jane)
        self.assertFalse(elsewhere.pool_applicant_id)
        with self.assertRaisesRegex(UserError, "applied to Other, and the pool Runner-Ups"):
            self.pool._add_people(elsewhere)
        self.pool.company_id = False
        talent = self.pool._add_people(elsewhere)
        self.assertEqual(talent.company_id, theirs)
        self.assertEqual(len(self.talents()), 2, "the person is a talent of each company")

    def test_nobody(self):
        self.assertFalse(self.add(self.env['hr.applicant']))


class TestCopy(PoolCase):
    """The same as what stock Odoo copies, read from all fields there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        skill_type = cls.env['hr.skill.type'].create({
            'name': "Tongues",
            'skill_ids': [Command.create({'name': "French"}), Command.create({'name': "Dutch"})],
            'skill_level_ids': [Command.create({'name': "Good", 'level_progress': 60, 'default_level': True})],
        })
        cls.skills = [
            Command.create({
                'skill_id': skill.id, 'skill_level_id': skill_type.skill_level_ids.id, 'skill_type_id': skill_type.id})
            for skill in skill_type.skill_ids]

    def make_rich(self, name):
        applicant = self.make_applicant(
            name, partner_phone='+32 475 11 22 33', linkedin_profile='https://linkedin.com/in/rich',
            type_id=self.env['hr.recruitment.degree'].create({'name': f"Master {name}"}).id, priority='2',
            availability='2026-05-01', salary_expected=3000, salary_proposed=2500, salary_expected_extra="a car",
            categ_ids=[Command.set(self.tag.ids)], interviewer_ids=[Command.set(self.interviewer.ids)],
            applicant_notes="<p>Good</p>", user_id=self.recruiter.id, email_cc='cc@example.com',
            source_id=self.env['utm.source'].create({'name': f"Fair of {name}"}).id,
            applicant_skill_ids=self.skills, color=3, kanban_state='waiting', sequence=4)
        applicant.stage_id = self.stage_talk
        return applicant

    def read_all(self, record):
        record = record.sudo()
        values = {}
        for name, field in record._fields.items():
            if name in UNLIKE_STOCK or field.type == 'binary' or name.startswith(('activity_', 'feedback_')):
                continue
            value = record[name]
            if field.type == 'one2many' and field.copy:
                value = sorted((line.skill_id.name, line.skill_level_id.name, line.valid_from) for line in value)
            elif name in ('current_applicant_skill_ids', 'matching_skill_ids'):
                value = sorted(value.mapped('display_name'))
            values[name] = value
        return values

    def test_all_values_are_those_of_stock(self):
        rich = self.make_rich("Rich")
        self.env.flush_all()
        stock = rich.with_context(no_copy_in_partner_name=True).sudo().copy({
            'job_id': False, 'talent_pool_ids': self.pool.ids, 'categ_ids': rich.categ_ids})
        stock.pool_applicant_id = stock
        ours = self.env['hr.applicant'].browse(rich.sudo()._copy_as_talents([None]))
        self.pool._link_talents(ours.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        expected, found = self.read_all(stock), self.read_all(ours)
        self.assertEqual(
            {name: (value, found[name]) for name, value in expected.items() if value != found[name]}, {})
        self.assertEqual(ours.applicant_skill_ids.skill_id, rich.applicant_skill_ids.skill_id)
        self.assertEqual(len(ours.skill_ids), 2)

    def test_skills_are_rows_of_their_own(self):
        rich = self.make_rich("Rich")
        talent = self.add(rich)
        self.assertFalse(talent.applicant_skill_ids & rich.applicant_skill_ids)
        self.assertEqual(talent.current_applicant_skill_ids, talent.applicant_skill_ids)

    def test_no_message_no_promise_no_history(self):
        before = self.env['mail.message'].search_count([])
        talent = self.add(self.make_rich("Rich") + self.make_rich("Second"))
        self.env.flush_all()
        self.assertFalse(talent.message_ids or talent.message_follower_ids)
        self.assertFalse(self.promises(talent))
        self.assertFalse(self.env['hr.applicant.stage.log'].search([('applicant_id', 'in', talent.ids)]))
        self.assertGreater(self.env['mail.message'].search_count([]), before, "the applications have theirs")

    def test_queries_do_not_grow(self):
        few = self.make_applicants(*[f"Few{number}" for number in range(5)])
        many = self.make_applicants(*[f"Many{number}" for number in range(60)])
        self.add(self.make_applicant())
        counts = []
        for applicants in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.add(applicants)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts)
