"""Nurture tags: their names, their dimensions, where they are shown and who may do what with them."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import users

from .common import FeedbackCase


class TagCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.make_user('emma', 'base.group_user')
        cls.Tag = cls.env['hr.applicant.category']
        cls.python, cls.java, cls.berlin, cls.senior, cls.quick = cls.Tag.create([
            {'name': "Zz Python", 'dimension': 'skill'},
            {'name': "Zz Java", 'dimension': 'skill'},
            {'name': "Zz Berlin", 'dimension': 'location'},
            {'name': "Zz Senior", 'dimension': 'seniority'},
            {'name': "Zz Quick"},
        ])
        cls.pool = cls.env['hr.talent.pool'].create({'name': "Reserve", 'company_id': cls.company.id})

    @classmethod
    def make_duplicate(cls, name, **vals):
        """A tag as a database in use may hold it: it came before names were compared."""
        return cls.Tag.with_context(install_mode=True).create({'name': name, **vals}).with_env(cls.env)

    @classmethod
    def make_talents(cls, *names, **vals):
        return cls.make_applicants(*names, talent_pool_ids=[Command.link(cls.pool.id)], job_id=False, **vals)

    def assertDenied(self, function, *args, **kwargs):
        with self.assertRaises(AccessError), self.cr.savepoint():
            function(*args, **kwargs)

    def set_tags(self, applicants, operation='add', tags=None, user=None, **vals):
        wizard = self.env['hr.applicant.set.tags'].with_user(user or self.recruiter).with_context(
            active_model='hr.applicant', active_ids=applicants.ids).create({
                'operation': operation, 'tag_ids': [Command.set(tags.ids if tags else [])], **vals})
        return wizard, wizard.action_apply()


class TestTagNames(TagCase):

    def name_create(self, name):
        return self.Tag.browse(self.Tag.name_create(name)[0])

    def test_other_without_a_dimension(self):
        self.assertEqual(self.quick.dimension, 'other')

    def test_stock_tags_keep_working(self):
        self.assertEqual(self.env.ref('hr_recruitment.tag_applicant_it').dimension, 'other')
        self.assertEqual(self.env.ref('hr_recruitment.tag_applicant_it').name_key, 'it')

    def test_order_is_by_dimension_then_name(self):
        tags = self.Tag.search([('id', 'in', (self.python + self.java + self.berlin + self.quick).ids)])
        self.assertEqual(tags.mapped('name'), ["Zz Berlin", "Zz Quick", "Zz Java", "Zz Python"])

    def test_another_spelling_is_refused_and_names_the_tag(self):
        for name in ("zz python", "  Zz  Python ", "Ｚｚ Ｐｙｔｈｏｎ", "ZZ-PYTHON"):
            with self.assertRaisesRegex(ValidationError, r"“Zz Python” \(Skill\)"), self.cr.savepoint():
                self.Tag.create({'name': name})

    def test_two_spellings_at_once_are_refused(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.Tag.create([{'name': "Zz Go"}, {'name': "zz go"}])

    def test_renaming_to_another_spelling_is_refused(self):
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.java.name = "zz python"
        self.java.name = "ZZ java"

    def test_names_with_signs_stay_apart(self):
        tags = self.Tag.create([{'name': name} for name in ("Zz C", "Zz C++", "Zz C#", "Zz 1-3", "Zz 13")])
        self.assertEqual(len(set(tags.mapped('name_key'))), 5)

    def test_duplicates_in_use_may_be_changed(self):
        duplicate = self.make_duplicate("zz python")
        duplicate.write({'color': 3, 'dimension': 'skill'})
        self.assertEqual(duplicate.dimension, 'skill')

    def test_typing_reuses_another_spelling(self):
        for name in ("zz python", "Ｚｚ　Ｐｙｔｈｏｎ", "zz-python", "skill: zz python", "location: zz python"):
            self.assertEqual(self.name_create(name), self.python, name)
        self.assertEqual(self.python.dimension, 'skill')

    def test_typing_prefers_the_very_spelling(self):
        duplicate = self.make_duplicate("zz python")
        self.assertEqual(self.name_create("zz python"), duplicate)
        self.assertEqual(self.name_create("zz Python"), self.python)

    def test_typing_makes_a_clean_name(self):
        self.assertEqual(self.name_create("  Zz   Ｒｕｓｔ ").name, "Zz Rust")

    def test_typing_with_a_dimension(self):
        for name, dimension in (
                ("skill: Zz Rust", 'skill'), ("Skill：Zz Ada", 'skill'), ("技能:Zz Perl", 'skill'),
                ("desired position: Zz Chef", 'position'), ("city: Zz Rome", 'location')):
            tag = self.name_create(name)
            self.assertEqual((tag.dimension, tag.name[:2]), (dimension, "Zz"), name)

    def test_typing_in_the_words_of_a_language(self):
        selection = self.env['ir.model.fields.selection'].search(
            [('field_id.model', '=', 'hr.applicant.category'), ('value', '=', 'seniority')])
        selection.with_context(lang='zh_CN').name = "职级"
        self.assertEqual(self.name_create("职级：Zz 高级").dimension, 'seniority')

    def test_typing_with_the_dimension_of_the_context(self):
        tag, _name = self.Tag.with_context(default_dimension='event').name_create("Zz Fair")
        self.assertEqual(self.Tag.browse(tag).dimension, 'event')
        tag, name = self.Tag.with_context(default_dimension='event').name_create("city: Zz Fair")
        self.assertEqual((self.Tag.browse(tag).dimension, name), ('event', "city: Zz Fair"))

    def test_a_colon_alone_is_no_dimension(self):
        self.assertEqual(self.name_create("Zz ISO: 9001").name, "Zz ISO: 9001")
        self.assertEqual(self.name_create("skill:").name, "skill:")

    def test_typing_a_dimension_classifies_what_has_none(self):
        self.assertEqual(self.name_create("skill: zz quick"), self.quick)
        self.assertEqual(self.quick.dimension, 'skill')

    def test_found_in_another_spelling(self):
        def find(name, **options):
            return [tag for tag, _name in self.Tag.name_search(name, **options)]
        self.assertEqual(find("zz-python", operator='='), self.python.ids)
        self.assertEqual(find("Ｐｙｔｈｏｎ zz", operator='='), [])
        self.assertEqual(find("skill: zz"), (self.java + self.python).ids)
        self.assertEqual(find("zzpyth"), self.python.ids)
        self.assertEqual(find("zzpyth", domain=[('dimension', '=', 'location')]), [])


class TestTagUsage(TagCase):

    def test_counts(self):
        self.make_applicants("One", "Two", categ_ids=[Command.set(self.python.ids)])
        refused = self.make_applicants("Three", categ_ids=[Command.set((self.python + self.berlin).ids)])
        refused.active = False
        self.make_talents("Four", categ_ids=[Command.set(self.python.ids)])
        counts = {tag: (tag.talent_count, tag.application_count) for tag in self.python + self.berlin + self.java}
        self.assertEqual(counts, {self.python: (1, 3), self.berlin: (0, 1), self.java: (0, 0)})

    def test_counts_are_of_what_one_may_read(self):
        own, _others = self.make_applicants("One", "Two", categ_ids=[Command.set(self.python.ids)])
        own.interviewer_ids = [Command.set(self.interviewer.ids)]
        self.assertEqual(self.python.with_user(self.interviewer).application_count, 1)

    def test_counts_open_what_they_count(self):
        talent = self.make_talents("Four", categ_ids=[Command.set(self.python.ids)])
        refused = self.make_applicants("Three", categ_ids=[Command.set(self.python.ids)])
        refused.active = False
        for action, records in ((self.python.with_user(self.recruiter).action_view_talents(), talent),
                                (self.python.with_user(self.recruiter).action_view_applications(), refused)):
            found = self.env['hr.applicant'].with_context(**action['context']).search(action['domain'])
            self.assertEqual(found, records.with_env(self.env))

    def test_counts_in_one_go(self):
        self.make_applicants("One", "Two", categ_ids=[Command.set((self.python + self.java).ids)])
        self.env.flush_all()
        self.env.invalidate_all()
        tags = self.Tag.search([])
        with self.assertQueryCount(2):
            tags.mapped('talent_count')


class TestTagColumns(TagCase):

    def setUp(self):
        super().setUp()
        self.anna, self.ben, self.carla = self.make_applicants("Anna", "Ben", "Carla")
        self.anna.categ_ids = self.python + self.berlin
        self.ben.categ_ids = self.java

    def find(self, *condition):
        people = self.anna + self.ben + self.carla
        return self.env['hr.applicant'].search([('id', 'in', people.ids), condition]).mapped('partner_name')

    def test_columns(self):
        self.assertEqual(self.anna.tag_skill_ids, self.python)
        self.assertEqual(self.anna.tag_location_ids, self.berlin)
        self.assertFalse(self.anna.tag_other_ids)
        self.python.dimension = 'event'
        self.assertFalse(self.anna.tag_skill_ids)
        self.assertEqual(self.anna.tag_event_ids, self.python)

    def test_columns_of_many_cost_no_more(self):
        columns = {f'tag_{name}_ids': {'fields': {'display_name': {}, 'color': {}}}
                   for name in ('skill', 'industry', 'location', 'other')}

        def read(applicants):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            applicants.web_read({'categ_ids': {'fields': {'display_name': {}}}, **columns})
            return self.cr.sql_log_count - before
        few = self.anna + self.ben
        many = few + self.make_applicants(*[f"Person {number}" for number in range(30)])
        many.write({'categ_ids': [Command.link(self.python.id)]})
        # the others of the setup would be read along
        few, many = few.with_prefetch(), many.with_prefetch()
        read(few)
        with_columns = read(few)
        self.assertEqual(read(many), with_columns)
        columns.clear()
        self.assertLessEqual(with_columns - read(few), 1)

    def test_search(self):
        self.assertEqual(self.find('tag_skill_ids', '=', self.python.id), ["Anna"])
        self.assertCountEqual(self.find('tag_skill_ids', 'in', (self.python + self.java).ids), ["Anna", "Ben"])
        self.assertEqual(self.find('tag_location_ids', 'in', (self.python + self.berlin).ids), ["Anna"])
        self.assertEqual(self.find('tag_location_ids', 'in', self.python.ids), [])

    def test_search_without(self):
        self.assertCountEqual(self.find('tag_skill_ids', '!=', self.python.id), ["Ben", "Carla"])
        self.assertCountEqual(self.find('tag_skill_ids', 'not in', self.java.ids), ["Anna", "Carla"])
        self.assertEqual(self.find('tag_skill_ids', '=', False), ["Carla"])
        self.assertCountEqual(self.find('tag_skill_ids', '!=', False), ["Anna", "Ben"])

    def test_search_by_name(self):
        self.assertEqual(self.find('tag_skill_ids', 'ilike', "pyth"), ["Anna"])
        self.assertCountEqual(self.find('tag_skill_ids', 'not ilike', "pyth"), ["Ben", "Carla"])
        self.assertEqual(self.find('tag_skill_ids', '=', "Zz Java"), ["Ben"])
        self.assertEqual(self.find('tag_skill_ids.name', '=', "Zz Java"), ["Ben"])


class TestTagPanel(TagCase):

    def setUp(self):
        super().setUp()
        self.talents = self.make_talents("Anna", "Ben", "Carla")
        self.talents[0].categ_ids = self.python + self.berlin
        self.talents[1].categ_ids = self.python
        self.talents[2].categ_ids = self.java

    def panel(self, field='categ_ids', user=None, **kwargs):
        answer = self.env['hr.applicant'].with_user(user or self.recruiter).search_panel_select_multi_range(field, **{
            'search_domain': [('id', 'in', self.talents.ids)],
            'enable_counters': True, 'group_by': 'dimension' if field == 'categ_ids' else False,
            'category_domain': [], 'filter_domain': [], 'group_domain': {}, 'comodel_domain': [], 'limit': 0, **kwargs})
        return {value['display_name']: value['__count'] for value in answer['values']}

    def test_counts_what_is_in_use(self):
        self.assertEqual(self.panel(), {"Zz Berlin": 1, "Zz Java": 1, "Zz Python": 2})

    def test_counts_of_other_groups_follow_the_choice(self):
        chosen = [('categ_ids', 'in', self.java.ids)]
        counts = self.panel(group_domain={'"location"': chosen, '"other"': chosen})
        self.assertEqual(counts, {"Zz Berlin": 0, "Zz Java": 1, "Zz Python": 2})

    def test_counts_follow_the_other_filters(self):
        self.assertEqual(self.panel(filter_domain=[('categ_ids', 'in', self.berlin.ids)]), {
            "Zz Berlin": 1, "Zz Java": 0, "Zz Python": 1})

    def test_pools(self):
        self.assertEqual(self.panel('talent_pool_ids', filter_domain=[('categ_ids', 'in', self.java.ids)]), {
            "Reserve": 1})

    def test_each_count_is_that_of_a_search(self):
        choice = {
            'filter_domain': [('partner_name', 'like', "a")],
            'group_domain': {'"location"': [('categ_ids', 'in', self.python.ids)]},
        }
        ours = self.panel(**choice)
        for name, count in ours.items():
            tag = self.Tag.search([('name', '=', name)])
            domain = choice['filter_domain'] + choice['group_domain'].get(f'"{tag.dimension}"', [])
            self.assertEqual(count, self.env['hr.applicant'].search_count(
                [('id', 'in', self.talents.ids), ('categ_ids', 'in', tag.id), *domain]), name)

    def test_few_queries(self):
        for number in range(30):
            self.talents[0].categ_ids += self.Tag.create({'name': f"Zz Number {number}"})
        self.panel()
        self.env.flush_all()
        before = self.cr.sql_log_count
        self.panel()
        self.assertLessEqual(self.cr.sql_log_count - before, 3)


class TestProposedTags(TagCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skill_type = cls.env['hr.skill.type'].create({
            'name': "Zz Languages",
            'skill_ids': [Command.create({'name': name}) for name in ("zz-python", "Zz Cobol", "Zz Berlin")],
            'skill_level_ids': [Command.create({'name': "Good", 'level_progress': 100, 'default_level': True})],
        })
        cls.job.name = "Zz Engineer"
        cls.software.name = "Zz Banking"
        cls.banking = cls.Tag.create({'name': "ZZ banking", 'dimension': 'industry'})
        cls.jane, cls.paul = cls.make_applicants("Jane", "Paul")
        cls.paul.job_id = False

    @classmethod
    def give_skills(cls, applicant, *names):
        skills = cls.skill_type.skill_ids.filtered(lambda skill: skill.name in names)
        applicant.applicant_skill_ids = [Command.create({
            'skill_id': skill.id, 'skill_type_id': cls.skill_type.id,
            'skill_level_id': cls.skill_type.skill_level_ids.id}) for skill in skills]

    def test_existing_and_new(self):
        self.give_skills(self.jane, "zz-python", "Zz Cobol", "Zz Berlin")
        people = self.jane + self.paul
        # Zz Berlin is a place here: that skill neither is that tag nor can make one of the same name
        self.assertEqual(people._get_proposed_tags(), {
            self.jane: self.python + self.banking, self.paul: self.Tag})
        self.assertEqual(people._get_proposed_new_tags(), {
            self.jane: [("Zz Cobol", 'skill'), ("Zz Engineer", 'position')], self.paul: []})

    def test_not_what_is_there(self):
        self.give_skills(self.jane, "zz-python")
        self.jane.categ_ids = self.python
        self.assertEqual(self.jane._get_proposed_tags()[self.jane], self.banking)

    def test_not_what_is_there_in_another_spelling(self):
        self.give_skills(self.jane, "zz-python")
        self.jane.categ_ids = self.make_duplicate("ZZ PYTHON")
        self.assertEqual(self.jane._get_proposed_tags()[self.jane], self.banking)

    def test_in_another_language(self):
        self.give_skills(self.jane, "Zz Cobol")
        self.skill_type.skill_ids.with_context(lang='zh_CN').filtered(
            lambda skill: skill.name == "Zz Cobol").name = "祖语"
        tag = self.Tag.create({'name': "祖语", 'dimension': 'skill'})
        self.assertIn(tag, self.jane._get_proposed_tags()[self.jane])

    def test_of_a_talent_by_their_applications(self):
        talent = self.make_talents("Jane")
        self.jane.pool_applicant_id = talent
        self.jane.active = False
        self.assertIn(("Zz Engineer", 'position'), talent._get_proposed_new_tags()[talent])

    @users('rita')
    def test_what_the_form_gets(self):
        self.give_skills(self.jane, "zz-python")
        self.jane.department_id = False
        self.assertEqual(self.env['hr.applicant'].browse(self.jane.id).get_proposed_tags(), {
            'tags': [{
                'id': self.python.id, 'display_name': "Zz Python", 'dimension': 'skill', 'color': self.python.color}],
            'new': [{'name': "Zz Engineer", 'dimension': 'position'}],
        })

    @users('ivan')
    def test_interviewer_for_own_only(self):
        self.jane.interviewer_ids = [Command.set(self.interviewer.ids)]
        self.env['hr.applicant'].browse(self.jane.id).get_proposed_tags()
        self.assertDenied(self.env['hr.applicant'].browse(self.paul.id).get_proposed_tags)

    def test_batch(self):
        people = self.make_applicants(*[f"Person {number}" for number in range(20)])
        for person in people:
            self.give_skills(person, "zz-python")
        self.env.flush_all()
        counts = []
        for applicants in (people[:1], people[:1], people):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            applicants._get_proposed_tags()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


class TestSetTags(TagCase):

    def setUp(self):
        super().setUp()
        self.people = self.make_applicants("Anna", "Ben", "Carla")
        self.anna, self.ben, self.carla = self.people
        self.anna.categ_ids = self.python + self.berlin
        self.ben.categ_ids = self.java

    def tags(self):
        return [sorted(person.categ_ids.mapped('name')) for person in self.people]

    def test_add_and_undo(self):
        before = self.tags()
        wizard, action = self.set_tags(self.people, 'add', self.python + self.senior)
        self.assertEqual(self.tags(), [
            ["Zz Berlin", "Zz Python", "Zz Senior"], ["Zz Java", "Zz Python", "Zz Senior"], ["Zz Python", "Zz Senior"]])
        self.assertEqual(action['params'], {
            'wizard_id': wizard.id, 'message': "Tags changed on 3 of 3: added on 3, removed on 0."})
        wizard.action_undo()
        self.assertEqual(self.tags(), before)

    def test_remove_and_undo(self):
        before = self.tags()
        wizard, _action = self.set_tags(self.people, 'remove', self.python + self.java)
        self.assertEqual(self.tags(), [["Zz Berlin"], [], []])
        wizard.action_undo()
        self.assertEqual(self.tags(), before)

    def test_replace_within_the_dimension(self):
        wizard, _action = self.set_tags(self.people, 'replace', self.java)
        self.assertEqual(wizard.replaced_dimensions, "Skill")
        self.assertEqual(self.tags(), [["Zz Berlin", "Zz Java"], ["Zz Java"], ["Zz Java"]])

    def test_undo_leaves_what_came_later(self):
        wizard, _action = self.set_tags(self.people, 'add', self.senior)
        self.carla.categ_ids += self.quick
        self.ben.categ_ids -= self.senior
        wizard.action_undo()
        self.assertEqual(self.tags(), [["Zz Berlin", "Zz Python"], ["Zz Java"], ["Zz Quick"]])

    def test_undo_after_tag_and_person_are_gone(self):
        wizard, _action = self.set_tags(self.people, 'replace', self.senior + self.java)
        self.python.unlink()
        self.carla.unlink()
        wizard.action_undo()
        wizard.action_undo()

    def test_nothing_to_change(self):
        _wizard, action = self.set_tags(self.ben, 'add', self.java)
        self.assertEqual(action['params'], {
            'wizard_id': False, 'message': "Nothing to change: the tags were as you want them."})

    def test_add_proposed(self):
        self.job.name = "Zz Senior"
        self.set_tags(self.anna + self.ben, 'propose')
        self.assertEqual(self.tags()[0], ["Zz Berlin", "Zz Python", "Zz Senior"])
        self.job.name = "Zz Gardener"
        self.set_tags(self.people, 'propose')
        self.assertFalse(self.Tag.search([('name', '=', "Zz Gardener")]))
        self.set_tags(self.people, 'propose', with_new=True)
        self.assertEqual(self.people.mapped('categ_ids').filtered(
            lambda tag: tag.dimension == 'position').mapped('name'), ["Zz Gardener"])

    def test_archived_too(self):
        self.anna.active = False
        self.set_tags(self.anna, 'add', self.senior)
        self.assertIn(self.senior, self.anna.categ_ids)

    def test_nobody_and_nothing_chosen(self):
        with self.assertRaisesRegex(UserError, "first"):
            self.set_tags(self.env['hr.applicant'], 'add', self.python)
        with self.assertRaisesRegex(UserError, "at least one tag"):
            self.set_tags(self.people, 'add')

    def test_of_other_records(self):
        wizard = self.env['hr.applicant.set.tags'].with_context(
            active_model='res.partner', active_ids=self.company.partner_id.ids).create({'operation': 'propose'})
        with self.assertRaisesRegex(UserError, "only"):
            wizard.action_apply()

    def test_opened_from_the_list(self):
        action = self.people.with_user(self.recruiter).action_set_tags()
        wizard = self.env[action['res_model']].with_context(**action['context']).create({})
        self.assertEqual(wizard.record_count, 3)

    def test_few_queries_for_many(self):
        many = self.make_applicants(*[f"Person {number}" for number in range(60)])
        counts = []
        for applicants in (many[:1], many[1:11], many[11:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.set_tags(applicants, 'replace', self.java + self.senior)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)


class TestTagRights(TagCase):

    def setUp(self):
        super().setUp()
        self.own, self.others = self.make_applicants("Own", "Others")
        self.own.interviewer_ids = [Command.set(self.interviewer.ids)]

    @users('emma', 'ivan', 'rita', 'mona')
    def test_everybody_creates_and_writes(self):
        tag = self.env['hr.applicant.category'].create({'name': f"Zz {self.env.user.login}", 'dimension': 'event'})
        tag.write({'name': f"Zz {self.env.user.login} too", 'dimension': 'skill'})
        self.assertEqual(tag.read(['dimension', 'name_key'])[0]['dimension'], 'skill')

    @users('emma')
    def test_usage_is_not_for_employees(self):
        self.assertNotIn('talent_count', self.env['hr.applicant.category'].fields_get())
        self.assertDenied(self.env['hr.applicant.category'].browse(self.python.id).read, ['talent_count'])

    @users('emma', 'ivan')
    def test_not_deleted_nor_merged_by_interviewer(self):
        tags = self.env['hr.applicant.category'].browse((self.python + self.java).ids)
        self.assertDenied(tags[1:].unlink)
        self.assertDenied(tags._merge_into, tags[0])
        self.assertDenied(tags.action_merge)
        self.assertDenied(self.env['hr.applicant.category'].action_find_duplicates)

    @users('rita', 'mona')
    def test_deleted_by_officer_and_manager(self):
        self.env['hr.applicant.category'].browse(self.java.id).unlink()

    @users('ivan')
    def test_set_tags_by_interviewer_of_own_only(self):
        self.set_tags(self.own, 'add', self.java, user=self.env.user)
        self.assertEqual(self.own.categ_ids, self.java)
        self.assertDenied(self.set_tags, self.own + self.others, 'add', self.java, user=self.env.user)

    @users('rita', 'mona')
    def test_set_tags_by_officer_and_manager(self):
        self.set_tags(self.own + self.others, 'add', self.java, user=self.env.user)
        self.assertEqual(self.others.categ_ids, self.java)

    @users('emma')
    def test_set_tags_not_by_employees(self):
        self.assertDenied(self.set_tags, self.own, 'add', self.java, user=self.env.user)

    def test_not_across_companies(self):
        elsewhere = self.env['res.company'].create({'name': "Elsewhere"})
        other = self.make_applicant("Foreigner", job_id=False, user=self.env.user, company_id=elsewhere.id)
        self.assertDenied(self.set_tags, other, 'add', self.java)
