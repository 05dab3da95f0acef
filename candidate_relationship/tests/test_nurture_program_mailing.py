"""What becomes of the mailings of programs: cancelled, archived, deleted, failed, and the designs behind them."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user

from .nurture_program_common import ProgramCase


class TestStopped(ProgramCase):
    """Ann and Ben have done the first step: their mailing waits in the queue."""

    def setUp(self):
        super().setUp()
        self.ann, self.ben = self.make_talents("Ann Ames", "Ben Bohr")
        self.program = self.make_program()
        self.run_programs()
        (self.mailing,) = self.program.mailing_ids
        self.marketer = new_test_user(
            self.env, 'max', groups='mass_mailing.group_mass_mailing_user,mail.group_mail_template_editor',
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)])

    def outcomes(self, program=None):
        return sorted((program or self.program).enrollment_ids.log_ids.mapped('outcome'))

    def contact_states(self):
        return sorted(self.contacts.search([('source_id', '=', self.mailing.id)]).mapped('state'))

    def assertStopped(self):
        self.env.invalidate_all()
        self.assertEqual(self.outcomes(), ['unsent', 'unsent'])
        self.assertEqual(self.contact_states(), ['released', 'released'])
        self.assertEqual(self.send_mailings(), [])
        self.assertEqual(self.program.step_ids[0].done_count, 0, "Nobody was mailed.")
        self.assertEqual(self.next(self.ann, self.program), (2, '2026-04-13'), "They go on.")

    def test_cancelled(self):
        self.mailing.with_user(self.marketer).action_cancel()
        self.assertStopped()

    def test_archived(self):
        self.mailing.with_user(self.marketer).action_archive()
        self.assertStopped()

    def test_deleted(self):
        self.mailing.with_user(self.marketer).unlink()
        self.env.invalidate_all()
        self.assertEqual(self.outcomes(), ['unsent', 'unsent'])
        self.assertEqual(self.contacts.search([]).mapped('state'), ['released', 'released'])
        self.assertEqual(self.next(self.ann, self.program), (2, '2026-04-13'))

    def test_sent_after_all(self):
        self.mailing.action_cancel()
        self.mailing.action_launch()
        self.assertEqual(self.outcomes(), ['mailing', 'mailing'])
        self.assertEqual(len(self.send_mailings()), 2)
        self.assertEqual(self.outcomes(), ['mailing', 'mailing'])
        self.assertEqual(self.contact_states(), ['sent', 'sent'])

    def test_taken_out_of_the_archive(self):
        self.mailing.active = False
        self.mailing.active = True
        self.assertEqual(self.outcomes(), ['mailing', 'mailing'])
        self.assertEqual(len(self.send_mailings()), 2)

    def test_archived_when_it_was_sent(self):
        self.send_mailings()
        self.mailing.active = False
        self.assertEqual(self.outcomes(), ['mailing', 'mailing'])
        self.assertEqual(self.contact_states(), ['sent', 'sent'])

    def test_deleted_when_it_was_sent(self):
        self.send_mailings()
        self.mailing.unlink()
        self.assertEqual(self.outcomes(), ['mailing', 'mailing'])
        self.assertEqual(self.contacts.search([]).mapped('state'), ['sent', 'sent'])

    def test_deleted_while_its_mails_wait(self):
        """They do not go out: nobody could leave by a mail without its mailing."""
        with self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        self.mailing.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.outcomes(), ['unsent', 'unsent'])
        self.assertEqual(self.contacts.search([]).mapped('state'), ['released', 'released'])

    def test_cancelled_one_is_not_used_again(self):
        """Whoever is next gets a copy of their own."""
        self.mailing.action_cancel()
        domain = self.mailing.mailing_domain
        (cid,) = self.make_talents("Cid Curie")
        self.run_programs()
        self.assertEqual((self.mailing.state, self.mailing.mailing_domain), ('draft', domain))
        self.assertEqual(self.send_mailings(), ['cid@candidate.example.com'])
        self.assertEqual(self.outcomes(), ['mailing', 'unsent', 'unsent'])
        self.assertEqual(self.next(cid, self.program)[0], 2)

    def test_others_need_not_wait(self):
        second = self.make_program(name="Second")
        self.run_programs()
        self.assertEqual(self.wait_of(self.ann, second), 'budget')
        self.mailing.action_cancel()
        self.run_programs()
        self.assertEqual(self.next(self.ann, second)[0], 2)
        self.assertEqual(len(self.send_mailings()), 2)

    def test_left_out_at_the_last_moment(self):
        self.prefer(self.ann, left_topic_ids=[Command.link(self.topic.id)])
        self.assertEqual(self.send_mailings(), ['ben@candidate.example.com'])
        self.assertEqual(self.outcomes(), ['mailing', 'unsent'])
        self.assertEqual(self.contact_states(), ['released', 'sent'])

    def test_mail_is_cancelled(self):
        with self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        mails = self.env['mail.mail'].search([('mailing_id', '=', self.mailing.id)])
        mails[0].cancel()
        self.assertEqual(self.outcomes(), ['mailing', 'unsent'])

    def test_no_mail_of_figures(self):
        """One for each run would be one a day."""
        self.env['ir.config_parameter'].set_param('mass_mailing.mass_mailing_reports', True)
        by_hand = self.mailing.copy({'user_id': self.recruiter.id, 'mailing_domain': self.mailing.mailing_domain})
        self.company.nurture_contacts = 9
        by_hand.action_launch()
        self.send_mailings()
        self.set_time(self.START + timedelta(days=2))
        with self.mail_server(), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual(self._new_mails.mapped('email_to'), [self.recruiter.email_formatted])
        self.assertFalse(self.mailing.kpi_mail_required)


class TestFailed(ProgramCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")
        self.program = self.make_program()
        self.run_programs()
        with self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
        self.trace = self.program.mailing_ids.mailing_trace_ids

    def fail(self, failure_type='mail_smtp'):
        """As the mail queue does when it can't connect."""
        mail = self.trace.mail_mail_id
        mail.write({'state': 'exception', 'failure_reason': "Connection refused"})
        mail._postprocess_sent_message(success_pids=[], success_emails=[], failure_type=failure_type)
        self.env.invalidate_all()

    def outcome(self):
        return self.program.enrollment_ids.log_ids.outcome

    def test_tried_again(self):
        self.fail()
        self.assertEqual(self.outcome(), 'unsent')
        self.pass_time(days=1)
        self.run_programs()
        self.assertEqual((self.trace.mail_mail_id.state, self.outcome()), ('outgoing', 'mailing'))
        with self.mail_server():
            self.trace.mail_mail_id.send()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.trace.trace_status, 'sent')
        self.assertEqual(self.contacts.search([]).state, 'sent')

    def test_mail_server_went_away_amid_a_mail(self):
        """Odoo says of this one that it failed, and nothing to its mailing."""
        self.trace.mail_mail_id.write({'state': 'exception', 'failure_type': 'unknown'})
        self.pass_time(days=1)
        self.run_programs()
        self.assertEqual((self.trace.mail_mail_id.state, self.outcome()), ('outgoing', 'mailing'))

    def test_not_for_ever(self):
        self.fail()
        self.pass_time(days=4)
        self.run_programs()
        self.assertEqual((self.trace.mail_mail_id.state, self.outcome()), ('exception', 'unsent'))

    def test_refused(self):
        self.fail('unknown')
        self.pass_time(days=1)
        self.run_programs()
        self.assertEqual(self.trace.mail_mail_id.state, 'exception')

    def test_left_meanwhile(self):
        self.fail()
        self.prefer(self.ann, left_topic_ids=[Command.link(self.topic.id)])
        self.pass_time(days=1)
        self.run_programs()
        self.assertEqual((self.trace.mail_mail_id.state, self.outcome()), ('cancel', 'unsent'))
        self.assertEqual(self.ending(self.ann, self.program), 'topic')


class TestDesign(ProgramCase):

    def setUp(self):
        super().setUp()
        (self.ann,) = self.make_talents("Ann Ames")
        self.program = self.make_program()
        self.step = self.program.step_ids[0]
        self.design = self.step.mailing_id

    def test_attachments_stay(self):
        """Nobody may be written to: the copy goes, and takes nothing along."""
        attachment = self.env['ir.attachment'].create({'name': "News.pdf", 'raw': b"News"})
        self.design.attachment_ids = attachment
        self.contact(self.ann)
        self.run_programs()
        self.assertFalse(self.program.mailing_ids)
        self.assertEqual(self.design.attachment_ids, attachment)
        self.assertEqual(attachment.exists().res_id, self.design.id)

    def test_attachments_go_out(self):
        self.design.attachment_ids = self.env['ir.attachment'].create({'name': "News.pdf", 'raw': b"News"})
        self.run_programs()
        self.assertEqual(self.program.mailing_ids.attachment_ids.mapped('raw'), [b"News"])

    def test_test_of_versions_does_not_pick(self):
        """Everybody in a program gets its mails, not the share of an A/B test."""
        self.make_talents(*(f"Talent{number} Ames" for number in range(20)))
        self.design.write({'ab_testing_enabled': True, 'ab_testing_pc': 10})
        self.run_programs()
        self.assertEqual(len(self.send_mailings()), 21)

    def test_for_somebody_else(self):
        """Ids of talents are not taken for those of contacts."""
        self.design.mailing_model_id = self.env['ir.model']._get('res.partner')
        self.run_programs()
        self.assertEqual(self.program.state, 'paused')
        self.assertIn("others", self.program.pause_reason)

    def test_deleted_one_is_begun_anew(self):
        self.design.unlink()
        action = self.step.action_design()
        self.assertEqual(action['res_id'], self.step.mailing_id.id)
        self.assertTrue(self.step.mailing_id.is_nurture_design)

    def test_not_sent_by_hand(self):
        self.design.mailing_domain = "[]"
        with self.assertRaisesRegex(UserError, "design"):
            self.design.action_send_mail()

    def test_sender(self):
        self.assertEqual(self.design.email_from, self.recruiter.email_formatted)
        self.step.mailing_id.email_from = '"Jobs" <jobs@company.example.com>'
        self.program.user_id = self.colleague
        self.assertEqual(self.program.step_ids.mailing_id.mapped('email_from'), [
            '"Jobs" <jobs@company.example.com>', self.colleague.email_formatted])

    def test_form(self):
        """Nothing of what only the server writes is sent by the form."""
        with Form(self.env['hr.nurture.program'].with_user(self.manager)) as form:
            form.name = "By Hand"
            with form.step_ids.new() as step:
                step.name = "Hello"
        program = form.record.sudo()
        self.assertTrue(program.step_ids.mailing_id.is_nurture_design)
        with Form(program.with_user(self.manager)) as form, form.step_ids.edit(0) as step:
            step.name = "Hello again"
        self.assertEqual(program.step_ids.name, "Hello again")
