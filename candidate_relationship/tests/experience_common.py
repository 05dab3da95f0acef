"""People whose application was decided and who were told, and the job that asks them."""

from odoo import Command

from .common import FeedbackCase


class AskCase(FeedbackCase):
    """A running trigger and a threshold of five; on Monday morning five people are refused and called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({'experience_threshold': 5, 'email': 'jobs@company.example.com'})
        cls.reason = cls.env.ref('hr_recruitment.refuse_reason_1')
        cls.survey = cls.env.ref('candidate_relationship.experience_survey')
        cls.family = cls.env['hr.job.family'].create({'name': "Engineering", 'company_id': cls.company.id})
        cls.job.family_id = cls.family
        cls.trigger = cls.make_trigger()
        cls.trigger.action_start()
        cls.Invitation = cls.env['hr.survey.invitation'].sudo()

    @classmethod
    def make_trigger(cls, company=None, **vals):
        return cls.env['hr.survey.trigger'].create({
            'name': "After Every Decision", 'company_id': (company or cls.company).id, 'survey_id': cls.survey.id,
            **vals})

    def make_told(self, *names, tell=True, **vals):
        """Applications that are refused, whose people get a call."""
        applicants = self.make_applicants(*(names or ("Ann", "Bob", "Cid", "Dan", "Eve")), **vals)
        self.end_request()
        self.refuse(applicants, self.reason, send_mail=False)
        self.end_request()
        if tell:
            self.log_call(applicants)
            self.end_request()
        return applicants

    def hire(self, applicants):
        applicants.write({'stage_id': self.stage_signed.id})
        self.end_request()

    def ask(self, refuses=False):
        """What the scheduled job does once a day.

        :return: the mails that left
        """
        with self.mail_server(refuses):
            self.run_ask()
            return list(self._mails)

    def run_ask(self):
        with self.enter_registry_test_mode():
            done = self.env.ref('candidate_relationship.ir_cron_experience_ask').method_direct_trigger()
        self.assertIs(done, True, "The scheduled job failed.")

    def ask_in_time(self):
        """On the first day on which those are asked who were told on Monday."""
        self.set_time('2026-03-05 08:00')
        return self.ask()

    def invitations(self, applicants=None):
        domain = [('applicant_id', 'in', applicants.ids)] if applicants is not None else [
            ('company_id', '=', self.company.id)]
        return self.Invitation.search(domain, order='id')

    def make_invitations(self, count, **vals):
        """Open invitations of as many people."""
        partners = self.env['res.partner'].create([
            {'name': f"Person {n}", 'email': f'person{n}.{vals.get("outcome", "")}@candidate.example.com'}
            for n in range(count)])
        today = self.Invitation._get_today(self.company)
        return self.Invitation.create([{
            'trigger_id': self.trigger.id, 'survey_id': self.survey.id, 'company_id': self.company.id,
            'partner_id': partner.id, 'state': 'sent', 'sent_date': today, 'expires_date': today, **vals}
            for partner in partners])

    def reasons(self, applicants, trigger=None, due=True):
        """Why these are not asked today, by the first word of their name; who is asked is False."""
        trigger = (trigger or self.trigger).sudo()
        self.env.flush_all()
        sql = trigger._get_judged_sql(self.START.replace(year=2020), self.START.replace(year=2030), due)
        rows = self.env.execute_query(sql)
        names = {applicant.id: applicant.partner_name.split()[0] for applicant in applicants.sudo()}
        return {names[row[0]]: row[8] or False for row in rows if row[0] in names}

    def assertReason(self, applicant, reason):
        self.assertEqual(list(self.reasons(applicant).values()), [reason])

    def make_pool(self):
        return self.env['hr.talent.pool'].create({'name': "Pool", 'company_id': self.company.id})

    @staticmethod
    def only(record):
        return [Command.set(record.ids)]
