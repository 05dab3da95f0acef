"""When a step is due, and what happens to the people in it when it is changed."""

from datetime import date

from odoo.exceptions import ValidationError

from .nurture_program_common import ProgramCase


class TestWhen(ProgramCase):

    def make_step(self, **vals):
        return self.make_program(vals, start=False).step_ids

    def day(self, step, anchor, first=False):
        found = step._get_date(date.fromisoformat(anchor), first)
        return found and str(found)

    def test_working_days(self):
        step = self.make_step(delay_days=3)
        self.assertEqual(self.day(step, '2026-03-02'), '2026-03-05')
        self.assertEqual(self.day(step, '2026-03-05'), '2026-03-10')
        self.assertEqual(self.day(step, '2026-03-07'), '2026-03-11')
        self.make_holiday('2026-03-10', calendar=self.calendar)
        self.assertEqual(self.day(step, '2026-03-05'), '2026-03-11')
        step.delay_days = 0
        self.assertEqual(self.day(step, '2026-03-05'), '2026-03-05')
        self.assertEqual(self.day(step, '2026-03-07'), '2026-03-09', "Saturday is no working day.")

    def test_far_from_utc(self):
        for tz in ('Pacific/Kiritimati', 'Pacific/Pago_Pago'):
            calendar = self.make_calendar(tz, company_id=self.company.id)
            self.company.resource_calendar_id = calendar
            step = self.make_step(delay_days=1)
            self.assertEqual(self.day(step, '2026-03-06'), '2026-03-09')

    def test_no_working_time(self):
        self.company.resource_calendar_id = self.make_calendar('UTC', days=())
        self.assertEqual(self.day(self.make_step(delay_days=3), '2026-03-05'), '2026-03-08')

    def test_day_of_the_year(self):
        step = self.make_step(trigger='yearly', month='12', day=20)
        self.assertEqual(self.day(step, '2026-03-02'), '2026-12-20')
        self.assertEqual(self.day(step, '2026-12-20', first=True), '2026-12-20')
        self.assertEqual(self.day(step, '2026-12-20'), '2027-12-20')

    def test_leap_day(self):
        step = self.make_step(trigger='yearly', month='2', day=29)
        self.assertEqual(self.day(step, '2026-03-02'), '2028-02-29')
        self.assertEqual(self.day(step, '2096-03-02'), '2104-02-29')

    def test_no_such_day(self):
        for month, day in (('2', 30), ('4', 31), ('1', 0), ('1', 32)):
            with self.assertRaises(ValidationError):
                self.make_step(trigger='yearly', month=month, day=day)
        with self.assertRaises(ValidationError):
            self.make_step(trigger='yearly', yearly='feast')

    def test_feast(self):
        feast = self.env['hr.nurture.feast'].create({
            'name': "Feast", 'date_ids': [(0, 0, {'date': day}) for day in ('2026-06-19', '2027-06-09')]})
        step = self.make_step(trigger='yearly', yearly='feast', feast_id=feast.id)
        self.assertEqual(self.day(step, '2026-03-02'), '2026-06-19')
        self.assertEqual(self.day(step, '2026-06-19'), '2027-06-09')
        self.assertIsNone(self.day(step, '2027-06-09'))
        self.assertEqual((str(feast.next_date), str(feast.last_date)), ('2026-06-19', '2027-06-09'))

    def test_end_of_the_table(self):
        (ann,) = self.make_talents("Ann Ames")
        feast = self.env['hr.nurture.feast'].create({
            'name': "Feast", 'date_ids': [(0, 0, {'date': '2025-05-31'})]})
        program = self.make_program({'trigger': 'yearly', 'yearly': 'feast', 'feast_id': feast.id})
        self.assertEqual((self.next(ann, program), self.wait_of(ann, program)), ((1, False), 'no_date'))
        feast.write({'date_ids': [(0, 0, {'date': '2026-06-19'})]})
        self.assertEqual((self.next(ann, program), self.wait_of(ann, program)), ((1, '2026-06-19'), False))

    def test_begins_again_at_once(self):
        with self.assertRaises(ValidationError):
            self.make_program({'delay_days': 0}, is_repeated=True)
        program = self.make_program({'delay_days': 1}, is_repeated=True)
        with self.assertRaises(ValidationError):
            program.step_ids.delay_days = 0


class TestChanged(ProgramCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")
        self.program = self.make_program(
            {'delay_days': 0}, {'delay_days': 10}, {'delay_days': 20})
        self.one, self.two, self.three = self.program.step_ids
        self.run_programs()
        self.assertEqual(self.next(self.ann, self.program), (2, '2026-03-16'))

    def test_other_delay(self):
        self.two.delay_days = 5
        self.assertEqual(self.next(self.ann, self.program), (2, '2026-03-09'))
        self.three.delay_days = 1
        self.assertEqual(self.next(self.ann, self.program), (2, '2026-03-09'))

    def test_removed(self):
        self.two.unlink()
        self.assertEqual(self.next(self.ann, self.program), (3, '2026-03-30'))
        self.three.action_archive()
        self.assertEqual(self.ending(self.ann, self.program), 'finished')
        self.assertEqual(self.log(self.ann, self.program), [("Step 1", '2026-03-02', 'mailing')])

    def test_moved(self):
        """Whoever waits for a step does it where they are, and none of them twice."""
        self.two.sequence = 0
        self.set_time('2026-04-01 09:00:00')
        self.run_programs()
        self.assertEqual(self.next(self.ann, self.program)[0], 3)

    def test_new_one_behind(self):
        self.program.step_ids = [(0, 0, {'name': "Late", 'sequence': 9, **self.make_task(delay_days=1)})]
        self.set_time('2026-04-01 09:00:00')
        self.run_programs()
        self.set_time('2026-06-01 09:00:00')
        self.run_programs()
        self.assertEqual(self.next(self.ann, self.program)[0], 9)

    def test_words_of_a_design(self):
        step = self.two
        for body, problem in (
                ("<p><br></p>", True), ('<p></p><a href="/unsubscribe_from_list">Unsubscribe</a>', True),
                ('<style>.o_basic_theme{margin:0}</style><a href="/unsubscribe_from_list">Unsubscribe</a>', True),
                ('<p>News</p><a href="/unsubscribe_from_list">Unsubscribe</a>', False),
                ('<p><img src="/web/image/1"></p>', False), ('<p><t t-out="object.partner_name"></t></p>', False)):
            step.mailing_id.body_html = body
            self.assertEqual(bool(step._get_problem()), problem, body)

    def test_design(self):
        """What goes out is what the design says on the day."""
        self.two.mailing_id.body_html = '<p>Brand new</p>'
        self.set_time('2026-04-01 09:00:00')
        self.run_programs()
        self.assertIn("Brand new", self.program.mailing_ids.sorted('id')[-1].body_html)

    def test_becomes_a_task(self):
        self.two.write(self.make_task())
        self.set_time('2026-04-01 09:00:00')
        self.run_programs()
        self.assertEqual(self.log(self.ann, self.program)[-1], ("Step 2", '2026-04-01', 'task'))

    def test_archived_one_is_nobody_first(self):
        """Wherever the button is pressed: the list of talents may show archived ones."""
        self.one.active = False
        (ben,) = self.make_talents("Ben Bohr")
        self.program.with_context(active_test=False)._enroll(ben)
        self.assertEqual(self.next(ben, self.program)[0], 2)

    def test_day_that_has_passed(self):
        """Who changes a day does not make everybody miss it."""
        self.set_time('2026-03-12 09:00:00')
        self.two.write({'trigger': 'yearly', 'month': '3', 'day': 5})
        self.assertEqual(self.next(self.ann, self.program), (2, '2027-03-05'))
        self.two.day = 10
        self.assertEqual(self.next(self.ann, self.program), (2, '2026-03-10'), "Late, but not too late.")

    def test_stays_in_its_program(self):
        other = self.make_program(name="Other")
        with self.assertRaises(ValidationError):
            self.two.program_id = other


class TestFeasts(ProgramCase):
    """Greetings that begin again each year: whoever comes gets the one that is next."""

    def setUp(self):
        super().setUp()
        self.steps = [{'trigger': 'yearly', 'month': month, 'day': 1} for month in ('2', '6', '9')]

    def test_newcomer(self):
        (ann,) = self.make_talents("Ann Ames")
        program = self.make_program(*self.steps, is_repeated=True)
        self.assertEqual(self.next(ann, program), (2, '2026-06-01'))
        days = []
        for day in ('2026-06-01', '2026-09-01', '2027-02-01', '2027-06-01'):
            self.set_time(f'{day} 09:00:00')
            self.run_programs()
            days.append((*self.next(ann, program), self.row(ann, program).cycle))
        self.assertEqual(days, [(3, '2026-09-01', 0), (1, '2027-02-01', 1), (2, '2027-06-01', 1), (3, '2027-09-01', 1)])

    def test_after_a_call(self):
        (ann,) = self.make_talents("Ann Ames")
        program = self.make_program(self.make_task(delay_days=0), *self.steps, is_repeated=True)
        self.run_programs()
        self.assertEqual(self.next(ann, program), (3, '2026-06-01'))

    def test_once(self):
        """A program that ends takes its steps in their order."""
        (ann,) = self.make_talents("Ann Ames")
        self.assertEqual(self.next(ann, self.make_program(*self.steps)), (1, '2027-02-01'))

    def test_simulated(self):
        self.make_talents("Ann Ames")
        program = self.make_program(*self.steps, is_repeated=True, start=False)
        wizard = self.env['hr.nurture.simulate'].create({'program_id': program.id, 'days': 366})
        wizard.action_simulate()
        self.assertEqual([str(line.date) for line in wizard.line_ids], ['2026-06-01', '2026-09-01', '2027-02-01'])
