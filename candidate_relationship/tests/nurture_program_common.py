"""A program with two steps, a pool of talents, and the daily job."""

from odoo import Command, fields
from odoo.tools import email_normalize

from .nurture_common import NurtureCase

BODY = '<p>Dear <t t-out="object.partner_name"/>, here is what is new.</p>'


class ProgramCase(NurtureCase):
    """The clock stands on Monday, 2026-03-02, 10:00 in Brussels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enrollments = cls.env['hr.nurture.enrollment']
        cls.call = cls.env.ref('mail.mail_activity_data_call')
        # what the demo data of other companies would do is not to be seen
        cls.env['hr.nurture.program'].search([]).write({'state': 'ended'})

    def make_program(self, *steps, start=True, **vals):
        program = self.env['hr.nurture.program'].create({
            'name': "News",
            'company_id': self.company.id,
            'pool_ids': [Command.set(self.pool.ids)],
            'topic_id': self.topic.id,
            'user_id': self.recruiter.id,
            'step_ids': [Command.create({'name': f"Step {number}", 'sequence': number, **step})
                         for number, step in enumerate(steps or [{'delay_days': 0}, {'delay_days': 30}], 1)],
            **vals,
        })
        for design in program.step_ids.mailing_id:
            design.write({'body_html': BODY, 'reply_to_mode': 'new', 'reply_to': 'jobs@company.example.com'})
        if start:
            program.action_start()
        return program

    def make_task(self, **vals):
        return {'kind': 'task', 'activity_type_id': self.call.id, **vals}

    def run_programs(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            done = self.env.ref('candidate_relationship.ir_cron_nurture_programs').method_direct_trigger()
        self.assertIs(done, True, "The scheduled job failed.")
        self.env.invalidate_all()

    def send_mailings(self, refuses=False):
        """The scheduled job of mailings, and the mail queue after it; the addresses that got a mail."""
        with self.mail_server(refuses), self.enter_registry_test_mode():
            self.env.ref('mass_mailing.ir_cron_mass_mailing_queue').method_direct_trigger()
            self.send_queue()
            self.env.invalidate_all()
        return sorted(email_normalize(email) for mail in self._mails for email in mail['email_to'])

    def row(self, talent, program):
        return self.enrollments.search([
            ('program_id', '=', program.id), ('partner_id', '=', talent.sudo().partner_id.id)])

    def next(self, talent, program):
        """Number of the next step and its day."""
        row = self.row(talent, program)
        return row.next_step_id.sequence, row.next_date and fields.Date.to_string(row.next_date)

    def wait_of(self, talent, program):
        return self.row(talent, program).waiting_reason

    def ending(self, talent, program):
        row = self.row(talent, program)
        return row.ended_reason if row.state == 'ended' else None

    def log(self, talent, program):
        return [(log.name, str(log.date), log.outcome) for log in self.row(talent, program).log_ids.sorted('id')]
