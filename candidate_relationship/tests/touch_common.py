from odoo import Command

from .common import FeedbackCase


class TouchCase(FeedbackCase):
    """Jane Doe, an applicant, and a pool for talents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pool = cls.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': cls.company.id})
        cls.applicant = cls.make_applicants("Jane Doe")
        cls.env.flush_all()

    @classmethod
    def make_talents(cls, *names, **vals):
        return cls.make_applicants(*names, **{
            'job_id': False, 'company_id': cls.company.id, 'talent_pool_ids': [Command.set(cls.pool.ids)], **vals})

    def touches(self, applicants=None):
        """Touches of the applicants' persons, oldest first."""
        partners = (applicants or self.applicant).sudo().partner_id
        return self.env['hr.candidate.touch'].sudo().search([('partner_id', 'in', partners.ids)], order='date, id')

    def record(self, applicant, date=None, channel='call', **vals):
        """A touch that was noted at some time."""
        self.env['hr.candidate.touch'].sudo()._record([
            {**applicant.sudo()._prepare_candidate_touch(), 'channel': channel, 'date': date, **vals}])

    def assertTouches(self, *expected, of=None):
        """(channel, direction) of the touches, oldest first."""
        self.assertEqual([(t.channel, t.direction) for t in self.touches(of)], list(expected))

    def assertFinds(self, applicants, *domain, user=None, among=None):
        """The domain finds these, and its negation the others."""
        among = among or self.people
        model = self.env['hr.applicant'].with_user(user or self.recruiter).with_context(tz='Europe/Brussels')
        base = [('id', 'in', among.ids)]
        self.assertEqual(model.search([*base, *domain]).sorted('id').ids, applicants.sorted('id').ids)
        self.assertEqual(
            model.search([*base, '!', *domain]).sorted('id').ids, (among - applicants).sorted('id').ids, "negated")
