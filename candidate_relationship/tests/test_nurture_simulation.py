"""What a program would do: the same as what it does."""

from odoo.tests import Form

from .nurture_program_common import ProgramCase


class TestSimulation(ProgramCase):

    def simulate(self, program, days=30):
        action = program.with_user(self.recruiter).action_simulate()
        wizard = self.env[action['res_model']].with_user(self.recruiter).browse(action['res_id'])
        if days != 30:
            wizard.days = days
            wizard.action_simulate()
        return wizard

    def lines(self, wizard):
        return [(str(line.date), line.step_id.name, line.outcome, line.count) for line in wizard.line_ids]

    def test_draft(self):
        self.make_talents("Ann Ames", "Ben Bohr")
        self.make_talents("Cid Curie", agree=False)
        program = self.make_program({'delay_days': 0}, self.make_task(delay_days=5), {'delay_days': 200}, start=False)
        wizard = self.simulate(program)
        self.assertEqual(self.lines(wizard), [
            ('2026-03-02', "Step 1", 'mailing', 2), ('2026-03-09', "Step 2", 'task', 2)])
        self.assertEqual((wizard.mail_count, wizard.task_count, wizard.person_count), (2, 2, 2))
        self.assertEqual(wizard.person_ids.mapped('name'), ["Ann Ames", "Ben Bohr"] * 2)
        self.assertFalse(program.enrollment_ids or self.contacts.search([]), "Nothing has happened.")

    def test_as_it_happens(self):
        """The days of the simulation are the days on which the job does it."""
        ann, ben, cid = self.make_talents("Ann Ames", "Ben Bohr", "Cid Curie")
        self.contact(ann, days_ago=25)
        self.prefer(ben, paused_until='2026-03-11')
        self.prefer(cid, frequency_days=45)
        self.make_program({'delay_days': 3}, name="First", sequence=1)
        program = self.make_program({'delay_days': 0}, {'delay_days': 10}, self.make_task(delay_days=2))
        expected = self.lines(self.simulate(program, 80))
        for _day in range(81):
            self.run_programs()
            self.pass_time(days=1)
        logs = self.env['hr.nurture.enrollment.log'].search([('enrollment_id.program_id', '=', program.id)])
        found = {}
        for log in logs:
            key = str(log.date), log.name, log.outcome
            found[key] = found.get(key, 0) + 1
        self.assertEqual(sorted(expected), sorted((*key, count) for key, count in found.items()))
        self.assertGreater(len(expected), 4)

    def test_held_and_missed(self):
        (ann,) = self.make_talents("Ann Ames")
        self.contact(ann)
        program = self.make_program(
            {'trigger': 'yearly', 'month': '3', 'day': 10}, {'delay_days': 1}, start=False)
        wizard = self.simulate(program, 40)
        self.assertEqual(self.lines(wizard), [
            ('2026-03-10', "Step 1", 'missed', 1), ('2026-04-01', "Step 2", 'mailing', 1)])
        self.assertEqual((wizard.held_count, wizard.missed_count), (1, 1))

    def test_consent_runs_out(self):
        (ann,) = self.make_talents("Ann Ames")
        self.rows(ann.sudo().partner_id).write({'date_until': '2026-03-10'})
        program = self.make_program({'delay_days': 0}, self.make_task(delay_days=20))
        self.assertEqual(self.lines(self.simulate(program)), [('2026-03-02', "Step 1", 'mailing', 1)])

    def test_form(self):
        wizard = self.simulate(self.make_program(start=False))
        with Form(wizard) as form:
            form.days = 60
        self.assertEqual(wizard.days, 60)
        self.assertFalse(wizard.line_ids)
