"""Fixtures of the consent tests: persons with an application, and shortcuts to ask and answer."""

from odoo import fields

from .common import FeedbackCase


class ConsentCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = cls.env['hr.candidate.consent']
        cls.company.email = 'jobs@company.example.com'
        cls.topics = cls.env['hr.nurture.topic'].create([
            {'name': "Compilers"}, {'name': "Databases"}, {'name': "Ours", 'company_id': cls.company.id}])
        cls.wording = cls.env.ref('candidate_relationship.consent_wording')
        cls.other_company = cls.env['res.company'].create({'name': "Other Company"})

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.person = self.applicant.sudo().partner_id

    def ask(self, partners=None, company=None, **keywords):
        return self.consents._ask(partners or self.person, company or self.company, **keywords)

    def agree(self, partner=None, company=None, keep=True, topics=None, **keywords):
        return self.consents._answer(
            partner or self.person, company or self.company, keep=keep,
            topics=self.topics[:1] if topics is None else topics, **{'source': 'page', **keywords})

    def refuse_consent(self, partner=None, company=None, **keywords):
        return self.agree(partner, company, keep=False, topics=self.topics.browse(), **keywords)

    def rows(self, partner=None, company=None):
        return self.consents.search([
            ('partner_id', '=', (partner or self.person).id), ('company_id', '=', (company or self.company).id)],
            order='id')

    def states(self, partner=None, company=None):
        """Purpose and state of all rows, oldest first."""
        return [(row.purpose, row.state) for row in self.rows(partner, company)]

    def run_consent_cron(self):
        with self.enter_registry_test_mode():
            done = self.env.ref('candidate_relationship.ir_cron_consent').method_direct_trigger()
        self.assertIs(done, True, "The scheduled job failed.")

    def today(self, **delta):
        return fields.Date.add(fields.Date.today(), **delta)
