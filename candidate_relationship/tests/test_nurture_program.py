"""Who enters a program, what the daily job does, who waits, and who leaves."""

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .nurture_program_common import ProgramCase


class TestEnter(ProgramCase):

    def test_audience(self):
        ann, ben = self.make_talents("Ann Ames", "Ben Bohr")
        (cid,) = self.make_talents("Cid Curie", agree=False)
        other_pool = self.env['hr.talent.pool'].create({'name': "Others", 'company_id': self.company.id})
        (dan,) = self.make_talents("Dan Darwin", talent_pool_ids=[(6, 0, other_pool.ids)])
        program = self.make_program()
        self.assertEqual(program.enrollment_ids.applicant_id, ann | ben)
        self.assertFalse(self.row(cid, program) | self.row(dan, program))
        self.assertEqual(self.next(ann, program), (1, '2026-03-02'))
        self.assertEqual((program.running_count, program.waiting_count, program.ended_count), (2, 0, 0))

    def test_condition(self):
        ann, ben = self.make_talents("Ann Ames", "Ben Bohr")
        program = self.make_program(domain="[('partner_name', '=', 'Ben Bohr')]")
        self.assertEqual(program.enrollment_ids.applicant_id, ben)
        for wrong in ("[('no_such_field', '=', 1)]", "__import__('os')", "{}", "[("):
            with self.assertRaises(ValidationError):
                program.domain = wrong

    def test_one_row_for_a_person(self):
        ann, twin = self.make_talents("Ann Ames", "Ann Twin")
        twin.sudo().partner_id = ann.sudo().partner_id
        program = self.make_program()
        self.assertEqual(program.enrollment_ids.applicant_id, ann)

    def test_talent_without_a_contact(self):
        (ann,) = self.make_talents("Ann Ames")
        person = ann.sudo().partner_id
        ann.sudo().partner_id = False
        program = self.make_program()
        self.assertEqual(program.enrollment_ids.partner_id, person)

    def test_whoever_comes_later(self):
        program = self.make_program()
        (ann,) = self.make_talents("Ann Ames")
        self.run_programs()
        self.assertEqual(self.row(ann, program).entered_datetime, self.START)

    def test_other_company(self):
        (ann,) = self.make_talents("Ann Ames")
        self.pool.company_id = False
        theirs = self.make_program(company_id=self.other_company.id, name="Theirs")
        self.assertFalse(theirs.enrollment_ids)
        ours = self.make_program()
        self.assertEqual(ours.enrollment_ids.applicant_id, ann)

    def test_by_hand(self):
        ann, ben = self.make_talents("Ann Ames", "Ben Bohr")
        (cid,) = self.make_talents("Cid Curie", agree=False)
        application = self.make_applicant("Eve Euler")
        program = self.make_program(pool_ids=False)
        self.assertFalse(program.enrollment_ids)
        entered, others = program.with_user(self.recruiter)._enroll(ann | ben | cid | application)
        self.assertEqual(entered, (ann | ben).ids)
        self.assertEqual(others, {cid.id: 'no_consent', application.id: 'gone'})
        self.assertEqual(program.enrollment_ids.user_id, self.recruiter)
        self.assertEqual(program._enroll(ann), ([], {ann.id: 'in'}))

    def test_removed_and_put_in_again(self):
        (ann,) = self.make_talents("Ann Ames")
        program = self.make_program()
        row = self.row(ann, program)
        row.with_user(self.recruiter).action_remove()
        self.assertEqual((self.ending(ann, program), str(row.ended_date)), ('removed', '2026-03-02'))
        self.run_programs()
        self.assertEqual(self.ending(ann, program), 'removed')
        row.with_user(self.recruiter).action_restart()
        self.assertEqual((row.state, row.ended_reason, row.cycle), ('running', False, 1))
        self.assertEqual(self.next(ann, program), (1, '2026-03-02'))

    def test_wizard(self):
        ann, ben = self.make_talents("Ann Ames", "Ben Bohr")
        program = self.make_program(pool_ids=False)
        action = (ann | ben).with_user(self.recruiter).action_nurture_enroll()
        wizard = self.env['hr.nurture.enroll'].with_user(self.recruiter).with_context(**action['context']).create({
            'program_id': program.id})
        self.assertEqual(wizard.count, 2)
        self.assertIn("2 people", wizard.action_enroll()['params']['message'])
        self.assertIn("In It Already: 2", wizard.action_enroll()['params']['message'])


class TestDaily(ProgramCase):

    def setUp(self):
        super().setUp()
        self.ann, self.ben = self.make_talents("Ann Ames", "Ben Bohr")

    def test_steps(self):
        program = self.make_program()
        self.run_programs()
        (mailing,) = program.mailing_ids
        self.assertEqual((mailing.state, mailing.nurture_step_id, mailing.nurture_topic_id),
                         ('in_queue', program.step_ids[0], self.topic))
        self.assertEqual(self.send_mailings(), ['ann@candidate.example.com', 'ben@candidate.example.com'])
        # thirty working days of five days a week
        self.assertEqual(self.next(self.ann, program), (2, '2026-04-13'))
        self.assertEqual(self.log(self.ann, program), [("Step 1", '2026-03-02', 'mailing')])
        self.run_programs()
        self.assertEqual(len(program.mailing_ids), 1, "The same day once more does nothing.")
        self.set_time('2026-04-13 09:00:00')
        self.run_programs()
        self.assertEqual(len(self.send_mailings()), 2)
        self.assertEqual(self.ending(self.ann, program), 'finished')

    def test_task(self):
        program = self.make_program(
            self.make_task(delay_days=2, task_summary="Call and ask", task_script="<p>How are you?</p>"))
        self.ann.sudo().user_id = self.colleague
        self.contact(self.ann)
        self.ben.sudo().user_id = False
        self.set_time('2026-03-04 09:00:00')
        self.run_programs()
        activities = self.env['mail.activity'].search([('res_model', '=', 'hr.applicant'), (
            'res_id', 'in', (self.ann | self.ben).ids)], order='res_id')
        self.assertEqual(activities.user_id, self.colleague | self.recruiter)
        self.assertEqual(activities.mapped('summary'), ["Call and ask"] * 2)
        self.assertIn("How are you?", activities[0].note)
        self.assertEqual(self.ending(self.ann, program), 'finished')

    def test_budget_waits(self):
        self.contact(self.ann, days_ago=10)
        program = self.make_program()
        self.run_programs()
        self.assertEqual(self.send_mailings(), ['ben@candidate.example.com'])
        self.assertEqual((self.next(self.ann, program), self.wait_of(self.ann, program)), ((1, '2026-03-22'), 'budget'))
        self.assertEqual(program.waiting_count, 1)
        self.set_time('2026-03-22 09:00:00')
        self.run_programs()
        self.assertEqual(self.send_mailings(), ['ann@candidate.example.com'])
        self.assertFalse(self.wait_of(self.ann, program))

    def test_budget_becomes_larger(self):
        self.contact(self.ann, days_ago=10)
        program = self.make_program()
        self.run_programs()
        self.company.nurture_days = 7
        self.run_programs()
        self.assertEqual(self.next(self.ann, program)[0], 2)

    def test_pause_waits(self):
        self.prefer(self.ann, paused_until='2026-05-01')
        program = self.make_program()
        self.run_programs()
        self.assertEqual((self.next(self.ann, program), self.wait_of(self.ann, program)), ((1, '2026-05-01'), 'paused'))

    def test_pause_ended_early(self):
        """Whoever wants mails again does not wait for the day they had said."""
        preference = self.prefer(self.ann, paused_until='2026-09-01')
        program = self.make_program()
        self.run_programs()
        self.set_time('2026-03-10 09:00:00')
        preference.paused_until = False
        self.run_programs()
        self.assertEqual(self.next(self.ann, program)[0], 2)

    def test_priority(self):
        self.company.nurture_contacts = 5
        second = self.make_program(name="Second", sequence=20)
        first = self.make_program(name="First", sequence=10)
        self.run_programs()
        self.assertEqual(self.next(self.ann, first)[0], 2)
        self.assertEqual((self.next(self.ann, second), self.wait_of(self.ann, second)), ((1, '2026-03-03'), 'same_day'))
        self.assertEqual(len(self.send_mailings()), 2)
        self.set_time('2026-03-03 09:00:00')
        self.run_programs()
        self.assertEqual(self.next(self.ann, second)[0], 2)

    def test_priority_within_the_budget(self):
        second = self.make_program(name="Second", sequence=20)
        self.make_program(name="First", sequence=10)
        self.run_programs()
        self.assertEqual((self.next(self.ann, second), self.wait_of(self.ann, second)), ((1, '2026-04-01'), 'budget'))

    def test_killed_after_booking(self):
        """The copy is there, and the contacts of those people are booked in its name; nothing else is."""
        program = self.make_program()
        copy = program.step_ids[0].sudo()._make_copy()
        self.contacts._book(self.ann.sudo().partner_id.ids, self.company, copy, self.topic)
        self.run_programs()
        self.assertEqual(program.mailing_ids, copy)
        self.assertEqual(len(self.send_mailings()), 2)
        self.assertEqual(self.next(self.ann, program)[0], 2)

    def test_nobody_may(self):
        self.contact(self.ann)
        self.contact(self.ben)
        program = self.make_program()
        self.run_programs()
        self.assertFalse(program.mailing_ids)

    def test_several_copies(self):
        self.patch(self.env.registry['hr.nurture.step'], '_get_batch', lambda step: 1)
        program = self.make_program()
        self.run_programs()
        self.assertEqual(len(program.mailing_ids), 2)
        self.assertEqual(len(self.send_mailings()), 2)

    def test_begins_again(self):
        program = self.make_program({'trigger': 'yearly', 'month': '3', 'day': 2}, is_repeated=True)
        self.run_programs()
        self.assertEqual(self.next(self.ann, program), (1, '2027-03-02'))
        self.assertEqual(self.row(self.ann, program).cycle, 1)

    def test_yearly_missed(self):
        self.contact(self.ann, days_ago=10)
        program = self.make_program({'trigger': 'yearly', 'month': '3', 'day': 2}, {'delay_days': 10})
        self.run_programs()
        self.assertEqual(self.log(self.ann, program), [("Step 1", '2026-03-02', 'missed')])
        self.assertEqual(self.next(self.ann, program), (2, '2026-03-16'))

    @mute_logger('odoo.addons.candidate_relationship.models.hr_nurture_program_run')
    def test_one_program_fails(self):
        good = self.make_program(name="Good")
        bad = self.make_program(name="Bad", sequence=1)
        run = type(bad)._run_today

        def fail(program):
            if program == bad:
                raise ValueError("It is bad.")
            return run(program)
        self.patch(self.env.registry['hr.nurture.program'], '_run_today', fail)
        self.run_programs()
        self.assertEqual(self.next(self.ann, good)[0], 2)


class TestEndings(ProgramCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")
        self.person = self.ann.sudo().partner_id
        self.program = self.make_program()
        self.run_programs()
        self.send_mailings()

    def assertEnds(self, reason):
        self.set_time('2026-03-05 09:00:00')
        self.run_programs()
        row = self.row(self.ann, self.program)
        self.assertEqual((self.ending(self.ann, self.program), str(row.ended_date)), (reason, '2026-03-05'))
        self.assertFalse(row.next_step_id or row.next_date)

    def test_goes_on(self):
        self.set_time('2026-03-05 09:00:00')
        self.run_programs()
        self.assertIsNone(self.ending(self.ann, self.program))

    def test_application(self):
        self.make_applicant("Ann Ames", email_from=self.ann.email_from, partner_id=self.person.id)
        self.assertEnds('applied')

    def test_application_of_somebody_who_paused(self):
        self.prefer(self.ann, paused_until='2026-09-01')
        self.make_applicant("Ann Ames", email_from=self.ann.email_from, partner_id=self.person.id)
        self.assertEnds('applied')

    def test_hired(self):
        hired = self.make_applicant("Ann Ames", email_from=self.ann.email_from, partner_id=self.person.id)
        hired.stage_id = self.stage_signed
        self.assertEnds('hired')

    def test_topic_left(self):
        self.prefer(self.ann, left_topic_ids=[(4, self.topic.id)])
        self.assertEnds('topic')

    def test_said_no(self):
        self.refuse_consent(self.person)
        self.assertEnds('left')

    def test_consent_expired(self):
        self.rows(self.person).write({'date_until': '2026-03-04'})
        self.assertEnds('no_consent')

    def test_blacklisted(self):
        self.env['mail.blacklist']._add(self.ann.email_from)
        self.assertEnds('blacklisted')

    def test_no_talent_any_more(self):
        self.ann.sudo().active = False
        self.assertEnds('gone')

    def test_letter(self):
        self.set_time('2026-03-03 09:00:00')
        self.env['hr.candidate.touch'].sudo()._record([{
            **self.ann.sudo()._prepare_candidate_touch(), 'channel': 'mail', 'direction': 'in'}])
        self.assertEnds('replied')

    def test_reply_is_seen_at_once(self):
        self.program.mailing_ids.mailing_trace_ids.set_replied()
        self.assertEqual(self.ending(self.ann, self.program), 'replied')

    def test_reply_does_not_end_greetings(self):
        self.program.end_on_reply = False
        self.program.mailing_ids.mailing_trace_ids.set_replied()
        self.set_time('2026-03-05 09:00:00')
        self.run_programs()
        self.assertIsNone(self.ending(self.ann, self.program))

    def test_reply_to_another_mailing(self):
        other = self.make_program(name="Other", pool_ids=False)
        other._enroll(self.ann)
        self.program.mailing_ids.mailing_trace_ids.set_replied()
        self.run_programs()
        self.assertIsNone(self.ending(self.ann, other))

    def test_bounce(self):
        self.program.mailing_ids.mailing_trace_ids.set_bounced()
        self.assertEqual(self.ending(self.ann, self.program), 'bounced')

    def test_program_ends(self):
        self.program.action_end()
        self.assertEqual(self.ending(self.ann, self.program), 'program')
        words = self.program.action_start()['params']['message']
        self.assertEqual(self.ending(self.ann, self.program), 'program')
        self.assertIn("0 people have entered. 1 were in it before", words)


class TestState(ProgramCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")

    def test_paused(self):
        program = self.make_program()
        program.with_user(self.recruiter).action_pause()
        self.run_programs()
        self.assertEqual(self.next(self.ann, program), (1, '2026-03-02'))
        self.set_time('2026-03-09 09:00:00')
        program.with_user(self.recruiter).action_resume()
        self.run_programs()
        self.assertEqual(self.next(self.ann, program), (2, '2026-04-20'))

    def test_greeting_of_a_paused_program_is_missed(self):
        program = self.make_program({'trigger': 'yearly', 'month': '3', 'day': 4}, is_repeated=True)
        program.action_pause()
        self.set_time('2026-03-09 09:00:00')
        program.action_resume()
        self.run_programs()
        self.assertEqual(self.log(self.ann, program), [("Step 1", '2026-03-09', 'missed')])
        self.assertEqual(self.next(self.ann, program), (1, '2027-03-04'))

    def assertPausesItself(self, program, problem):
        self.run_programs()
        self.assertEqual(program.state, 'paused')
        self.assertIn(problem, program.pause_reason)
        self.assertEqual(program.activity_ids.user_id, self.recruiter)
        self.assertEqual(self.next(self.ann, program)[0], 1)
        with self.assertRaisesRegex(UserError, problem):
            program.action_resume()

    def test_empty_mailing(self):
        program = self.make_program()
        program.step_ids[0].mailing_id.body_html = '<p><br></p>'
        self.assertPausesItself(program, "empty")
        program.step_ids[0].mailing_id.body_html = '<p>News</p>'
        program.action_resume()
        self.run_programs()
        self.assertEqual(self.next(self.ann, program)[0], 2)

    def test_archived_mailing(self):
        program = self.make_program()
        program.step_ids[0].mailing_id.active = False
        self.assertPausesItself(program, "archived")

    def test_deleted_mailing(self):
        program = self.make_program()
        program.step_ids[0].mailing_id.unlink()
        self.assertPausesItself(program, "deleted")

    def test_broken_step_that_nobody_is_due_for(self):
        program = self.make_program()
        program.step_ids[1].mailing_id.active = False
        self.run_programs()
        self.assertEqual(program.state, 'running')

    def test_not_ready(self):
        with self.assertRaisesRegex(UserError, "no steps"):
            self.make_program(step_ids=False)
        program = self.make_program(start=False)
        program.step_ids[0].mailing_id.body_html = False
        with self.assertRaisesRegex(UserError, "empty"):
            program.action_start()

    def test_design_is_never_sent(self):
        program = self.make_program()
        design = program.step_ids[0].mailing_id
        self.assertTrue(design.is_nurture_design)
        for send in (design.action_launch, design.action_put_in_queue, design.action_schedule):
            with self.assertRaises(UserError):
                send()

    def test_copied(self):
        program = self.make_program()
        copy = program.copy()
        self.assertEqual((copy.state, copy.name, len(copy.step_ids)), ('draft', "News (copy)", 2))
        self.assertFalse(copy.step_ids.mailing_id & program.step_ids.mailing_id)
        self.assertFalse(copy.enrollment_ids)
        self.assertIn("what is new", copy.step_ids[0].mailing_id.body_html)

    def test_deleted(self):
        program = self.make_program()
        with self.assertRaises(UserError):
            program.unlink()
        program.action_archive()
        self.assertEqual(program.state, 'paused')
        empty = self.make_program(start=False)
        designs = empty.step_ids.mailing_id
        empty.unlink()
        self.assertFalse(designs.exists())
