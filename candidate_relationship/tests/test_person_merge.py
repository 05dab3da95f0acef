"""Two contacts are one human: nothing is lost, and the latest word counts."""

from datetime import timedelta

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import users

from .erasure_common import PersonCase


class MergeCase(PersonCase):

    def setUp(self):
        super().setUp()
        self.first = self.make_applicant("Jane Doe")
        self.second = self.make_applicant("Jane Doe", email_from="jane.private@candidate.example.com")
        self.one, self.two = self.first.sudo().partner_id, self.second.sudo().partner_id
        self.assertNotEqual(self.one, self.two)

    def merge(self, *more, dst=None):
        """As an administrator of Odoo does it."""
        self.end_request()
        partners = self.one | self.two | self.env['res.partner'].union(*more)
        self.env['base.partner.merge.automatic.wizard'].create({})._merge(
            partners.ids, dst or self.one, extra_checks=False)
        self.end_request()
        self.env.invalidate_all()

    def rows(self, model):
        return self.env[model].sudo().search([('partner_id', '=', self.one.id)], order='id')


class TestConsents(MergeCase):

    def test_two_given(self):
        older = self.make_consent(self.one, 'given', days_ago=50)
        later = self.make_consent(self.two, 'given', days_ago=10)
        self.merge()
        self.assertEqual(self.rows('hr.candidate.consent'), older | later)
        self.assertEqual((older.state, later.state), ('renewed', 'given'))
        self.assertEqual(older.ended_datetime, later.given_datetime)

    def test_later_no_beats_earlier_yes(self):
        given = self.make_consent(self.one, 'given', days_ago=50)
        self.make_consent(self.two, 'withdrawn', days_ago=10)
        self.merge()
        self.assertEqual(given.state, 'withdrawn')
        self.assertEqual(given.ended_datetime, fields.Datetime.now() - timedelta(days=10))

    def test_later_yes_beats_earlier_no(self):
        given = self.make_consent(self.one, 'given', days_ago=10)
        no = self.make_consent(self.two, 'declined', days_ago=50)
        self.merge()
        self.assertEqual((given.state, no.state), ('given', 'declined'))

    def test_two_asked(self):
        older = self.make_consent(self.two, 'asked', days_ago=50)
        later = self.make_consent(self.one, 'asked', days_ago=10)
        self.merge()
        self.assertEqual((older.state, later.state), ('renewed', 'asked'))

    def test_asked_who_has_agreed(self):
        given = self.make_consent(self.one, 'given', days_ago=50)
        asked = self.make_consent(self.two, 'asked', days_ago=10)
        self.merge()
        self.assertEqual((given.state, asked.state), ('given', 'renewed'))

    def test_purposes_and_companies_are_apart(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        consents = [
            self.make_consent(self.one, 'given'), self.make_consent(self.two, 'given', 'nurture'),
            self.make_consent(self.two, 'given', company=other)]
        self.merge()
        self.assertEqual([consent.state for consent in consents], ['given'] * 3)


class TestTouches(MergeCase):

    def touch(self, partner, **vals):
        self.env['hr.candidate.touch'].sudo()._record([{
            'partner_id': partner.id, 'company_id': self.company.id, 'channel': 'mail', **vals}])

    def test_joined(self):
        message = self.first.sudo().message_post(body="To both")
        event = self.make_interview(self.first)
        self.env['hr.candidate.touch'].sudo().search([]).unlink()
        for partner in (self.two, self.one):
            self.touch(partner, message_id=message.id)
            self.touch(partner, event_id=event.id)
            self.touch(partner, channel='call')
        self.merge()
        touches = self.rows('hr.candidate.touch')
        self.assertEqual(len(touches), 4)
        self.assertEqual(len(touches.filtered('message_id')), 1)
        self.assertEqual(len(touches.filtered('event_id')), 1)


class TestQueue(MergeCase):

    def test_one_place_in_the_queue(self):
        now = fields.Datetime.now()
        expired = self.Erasure._schedule(self.one, self.company, 'expired', now + timedelta(days=1))
        asked = self.Erasure._schedule(self.two, self.company, 'request', now + timedelta(days=2))
        self.merge()
        self.assertEqual((expired.state, asked.state), ('cancelled', 'scheduled'))
        self.assertEqual(asked.partner_id, self.one)


class TestTalents(MergeCase):

    def setUp(self):
        super().setUp()
        self.pools = self.env['hr.talent.pool'].create([
            {'name': name, 'company_id': self.company.id} for name in ("North", "South")])
        self.tags = self.env['hr.applicant.category'].create([{'name': "Tag One"}, {'name': "Tag Two"}])
        skill_type = self.env['hr.skill.type'].create({
            'name': "Tongues", 'skill_ids': [Command.create({'name': n}) for n in ("French", "Dutch")],
            'skill_level_ids': [
                Command.create({'name': "Good", 'level_progress': 80, 'default_level': True}),
                Command.create({'name': "Basic", 'level_progress': 20})]})
        self.skills, self.levels = skill_type.skill_ids, skill_type.skill_level_ids
        self.first.sudo().categ_ids = self.tags[0]
        self.second.sudo().categ_ids = self.tags[1]
        self.kept = self.add_to_pool(self.first, self.pools[0])
        self.surplus = self.add_to_pool(self.second, self.pools[1])
        self.assertNotEqual(self.kept, self.surplus)
        for talent, skills in ((self.kept, self.skills[0]), (self.surplus, self.skills)):
            self.env['hr.applicant.skill'].create([{
                'applicant_id': talent.id, 'skill_type_id': skill_type.id, 'skill_id': skill.id,
                'skill_level_id': self.levels[0].id} for skill in skills])
        self.end_request()

    def test_one_talent_with_everything(self):
        self.surplus.message_post(body="A note on the second", attachments=[("second.txt", b"two")])
        file = self.env['ir.attachment'].create({
            'name': "cv.pdf", 'raw': b"cv", 'res_model': 'hr.applicant', 'res_id': self.surplus.id})
        activity = self.surplus.activity_schedule(
            'mail.mail_activity_data_todo', summary="Call", user_id=self.recruiter.id)
        self.surplus.applicant_notes = "<p>Second notes</p>"
        self.surplus.linkedin_profile = "https://linkedin.com/in/second"
        self.merge()
        self.assertFalse(self.surplus.exists())
        kept = self.kept
        self.assertEqual(kept.talent_pool_ids, self.pools)
        self.assertEqual(kept.categ_ids, self.tags)
        self.assertEqual(kept.applicant_skill_ids.skill_id, self.skills)
        self.assertEqual(len(kept.applicant_skill_ids), 2)
        self.assertEqual(kept.skill_ids, self.skills)
        self.assertIn("Second notes", kept.applicant_notes)
        self.assertEqual(kept.linkedin_profile, "https://linkedin.com/in/second")
        self.assertTrue(kept.message_ids.filtered(lambda m: "A note on the second" in m.body))
        self.assertEqual(file.res_id, kept.id)
        self.assertEqual(activity.exists().res_id, kept.id)
        self.assertEqual(kept.pool_applicant_id, kept)

    def test_all_applications_lead_to_it(self):
        loose = self.make_applicant("Jane Doe", email_from="jane.private@candidate.example.com")
        self.merge()
        applications = (self.first | self.second | loose).sudo()
        self.assertEqual(applications.partner_id, self.one)
        self.assertEqual(applications.pool_applicant_id, self.kept)
        self.assertEqual(set(applications.mapped('email_from')), {
            'jane@candidate.example.com', 'jane.private@candidate.example.com'})
        found = self.env['hr.applicant'].search(self.kept._get_similar_applicants_domain(ignore_talent=True))
        self.assertEqual(found & applications, applications)

    def test_active_one_stays(self):
        self.kept.active = False
        self.merge()
        self.assertFalse(self.kept.exists())
        self.assertTrue(self.surplus.active)

    def test_no_application_is_counted_twice_or_lost(self):
        domain = [('company_id', '=', self.company.id), ('talent_pool_ids', '=', False)]
        before = self.env['hr.applicant'].with_context(active_test=False).search_count(domain)
        self.merge()
        self.assertEqual(self.env['hr.applicant'].with_context(active_test=False).search_count(domain), before)

    def test_talents_of_two_companies_stay_two(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        (self.surplus | self.second).sudo().write({'company_id': other.id})
        self.merge()
        self.assertTrue(self.kept.exists() and self.surplus.exists())


class TestWizard(MergeCase):

    def open(self, applicants=None):
        applicants = applicants or self.first | self.second
        return self.open_wizard(applicants.with_user(self.env.user).action_candidate_merge(), self.env.user)

    @users('rita')
    def test_side_by_side(self):
        self.make_consent(self.one, 'given')
        wizard = self.open()
        lines = wizard.line_ids.sorted(lambda line: line.partner_id != self.one)
        self.assertEqual(lines.mapped('application_count'), [1, 1])
        self.assertEqual(lines.mapped('email'), [self.one.email, self.two.email])
        self.assertEqual(lines[0].consent, "Given")
        self.assertEqual(wizard.partner_id.ids, self.two.ids, "The latest is proposed.")

    @users('rita')
    def test_merge(self):
        wizard = self.open()
        wizard.partner_id = self.one.id
        action = wizard.action_merge()
        self.env.invalidate_all()
        self.assertFalse(self.two.exists())
        self.assertEqual((self.first | self.second).sudo().partner_id, self.one)
        params = action['params']
        self.assertEqual(params['message'], "Persons merged: 2.")
        self.assertEqual(params['next']['target'], 'main', "No way back to a page that may be gone.")
        self.assertEqual(self.env['hr.applicant'].search(params['next']['domain']), (self.first | self.second))

    @users('rita')
    def test_names_that_differ_in_writing_only(self):
        self.two.sudo().name = " jane  DOE"
        wizard = self.open()
        self.assertFalse(wizard.warning)
        self.two.sudo().name = "Jane Roe"
        self.assertTrue(self.open().warning)

    @users('rita')
    def test_more_than_three(self):
        more = self.make_applicants(*(f"Jane{n} Doe" for n in range(4)))
        applicants = self.first | self.second | more
        wizard = self.open(applicants)
        self.assertTrue(wizard.warning)
        wizard.partner_id = self.one.id
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual(applicants.sudo().partner_id, self.one)

    @users('rita')
    def test_only_the_selected(self):
        third = self.make_applicant("Jane Third", email_from="third@candidate.example.com")
        wizard = self.open(self.first | self.second | third)
        wizard.partner_id = self.one.id
        wizard.line_ids.filtered(lambda line: line.partner_id == third.sudo().partner_id).selected = False
        wizard.action_merge()
        self.assertTrue(third.sudo().partner_id.exists())
        self.assertNotEqual(third.sudo().partner_id, self.one)

    @users('rita')
    def test_who_looks_alike_is_found(self):
        self.first.sudo().partner_phone = "+32470112233"
        self.second.sudo().partner_phone = "+32470112233"
        self.end_request()
        wizard = self.open(self.first)
        self.assertEqual(wizard.line_ids.partner_id.ids, (self.one | self.two).ids)

    @users('rita')
    def test_nobody_looks_alike(self):
        params = self.first.with_user(self.env.user).action_candidate_merge()['params']
        self.assertEqual(params['type'], 'info')
        self.assertIn("There is nobody with the same", params['message'])

    @users('rita')
    def test_person_without_address(self):
        nomail = self.make_applicant("Nomail Noname", email_from=False)
        wizard = self.open(self.first | nomail)
        wizard.partner_id = self.one.id
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual(nomail.sudo().partner_id, self.one)

    @users('rita')
    def test_officer_merges_no_colleague(self):
        self.env['hr.employee'].sudo().create({
            'name': "Jane", 'work_contact_id': self.two.id, 'company_id': self.company.id})
        wizard = self.open()
        with self.assertRaises(UserError):
            wizard.action_merge()

    @users('rita')
    def test_officer_merges_no_user(self):
        self.second.sudo().partner_id = self.colleague.partner_id
        wizard = self.open()
        with self.assertRaises(UserError):
            wizard.action_merge()

    @users('maja')
    def test_administrator_merges_colleagues(self):
        employee = self.env['hr.employee'].sudo().create({
            'name': "Jane", 'work_contact_id': self.two.id, 'company_id': self.company.id})
        wizard = self.open()
        wizard.partner_id = self.one.id
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertEqual(employee.work_contact_id, self.one)

    @users('rita')
    def test_who_did_not_apply_here(self):
        # whoever makes a company works for it
        other = self.env['res.company'].with_user(SUPERUSER_ID).create({'name': "Company Next Door"})
        theirs = self.env['hr.applicant'].sudo().create({
            'partner_name': "Their Own", 'email_from': "their@candidate.example.com", 'company_id': other.id})
        wizard = self.env['hr.person.merge'].create({
            'partner_id': self.one.id,
            'line_ids': [Command.create({'partner_id': partner.id}) for partner in (self.one, theirs.partner_id)]})
        with self.assertRaises(AccessError):
            wizard.action_merge()
        self.assertTrue(theirs.partner_id.exists())

    @users('rita')
    def test_officer_merges_nobody_but_candidates(self):
        contact = self.two.sudo()
        company = self.env['res.partner'].sudo().create({'name': "Vendor", 'is_company': True})
        used = {
            'company': lambda: contact.write({'is_company': True}),
            'contact of a company': lambda: contact.write({'parent_id': company.id}),
            'bank account': lambda: self.env['res.partner.bank'].sudo().create({
                'acc_number': "BE68539007547034", 'partner_id': contact.id}),
            'used elsewhere': lambda: self.env['res.partner'].sudo().create({
                'name': "Child", 'parent_id': contact.id}),
        }
        for name, use in used.items():
            with self.subTest(name), self.cr.savepoint() as savepoint:
                use()
                wizard = self.open()
                with self.assertRaisesRegex(UserError, "is not only a candidate"):
                    wizard.action_merge()
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue((self.one | self.two).exists())

    @users('rita')
    def test_officer_merges_who_is_known_to_pools(self):
        pool = self.env['hr.talent.pool'].sudo().create({'name': "Pool", 'company_id': self.company.id})
        talent = self.add_to_pool(self.second, pool)
        self.env['hr.talent.pool.wish'].sudo().create({
            'partner_id': self.two.id, 'company_id': self.company.id, 'pool_ids': pool.ids})
        fill = self.env['hr.talent.pool.fill'].sudo().create({'pool_id': pool.id})
        self.env['hr.talent.pool.fill.entry'].sudo().create({
            'fill_id': fill.id, 'pool_id': pool.id, 'talent_id': talent.id, 'partner_id': self.two.id})
        self.make_consent(self.two, 'given')
        self.make_interview(self.second)
        self.write_to(self.second, body="Hello")
        self.end_request()
        wizard = self.open()
        wizard.partner_id = self.one.id
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertFalse(self.two.exists())

    def test_officer_of_two_companies(self):
        other = self.env['res.company'].create({'name': "Company Next Door"})
        self.recruiter.company_ids += other
        theirs = self.make_applicant("Jane Doe", job_id=False, company_id=other.id)
        self.assertEqual(theirs.sudo().partner_id, self.one)
        self.write_to(theirs, body="Hello")
        self.end_request()
        companies = (self.company | other).ids
        applicants = (self.first | self.second).with_context(allowed_company_ids=companies).with_user(self.recruiter)
        wizard = self.open_wizard(applicants.action_candidate_merge(), self.recruiter)
        wizard = wizard.with_context(allowed_company_ids=companies)
        wizard.partner_id = self.one.id
        wizard.action_merge()
        self.env.invalidate_all()
        self.assertFalse(self.two.exists())

    def test_who_applied_elsewhere_too(self):
        other = self.env['res.company'].with_user(SUPERUSER_ID).create({'name': "Company Next Door"})
        self.env['hr.applicant'].sudo().create({
            'partner_name': "Jane Doe", 'email_from': self.one.email, 'partner_id': self.one.id,
            'company_id': other.id})
        for user in (self.recruiter, self.manager):
            applicants = (self.first | self.second).with_user(user)
            wizard = self.open_wizard(applicants.action_candidate_merge(), user)
            with self.assertRaisesRegex(AccessError, "belongs to another company"):
                wizard.action_merge()
        self.assertTrue((self.one | self.two).exists())

    def test_lines_show_no_foreign_persons(self):
        other = self.env['res.company'].with_user(SUPERUSER_ID).create({'name': "Company Next Door"})
        foreign = self.env['res.partner'].sudo().create({
            'name': "Foreign", 'email': "foreign@example.com", 'company_id': other.id})
        line = self.env['hr.person.merge.line'].with_user(self.recruiter).with_context(
            allowed_company_ids=self.company.ids)
        with self.assertRaises(AccessError):
            line.onchange({'partner_id': foreign.id}, ['partner_id'], {'partner_id': {}, 'email': {}})
        wizard = line.env['hr.person.merge'].create({'partner_id': self.one.id})
        line = line.create({'wizard_id': wizard.id, 'partner_id': foreign.id})
        self.env.invalidate_all()
        for field in ('name', 'email', 'phone'):
            with self.assertRaises(AccessError):
                line.read([field])
