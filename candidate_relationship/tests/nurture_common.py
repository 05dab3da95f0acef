"""Talents who agreed to be written to, a topic, and contacts that were booked."""

from datetime import timedelta

from odoo import Command, fields

from .consent_common import ConsentCase


class NurtureCase(ConsentCase):
    """Every talent has a person who agreed to the first topic; applications are refused ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.topic, cls.other_topic, _ours = cls.topics
        cls.contacts = cls.env['hr.nurture.contact']
        cls.preferences = cls.env['hr.candidate.preference']
        cls.pool = cls.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': cls.company.id})

    def make_talents(self, *names, agree=True, **vals):
        talents = self.make_applicants(*names, **{
            'job_id': False, 'company_id': self.company.id, 'talent_pool_ids': [Command.set(self.pool.ids)], **vals})
        for talent in talents.sudo() if agree else ():
            self.agree(talent.partner_id, topics=self.topic)
        return talents

    def contact(self, talent, days_ago=0, state='sent', company=None, source=1):
        return self.contacts.create({
            'partner_id': talent.sudo().partner_id.id,
            'company_id': (company or self.company).id,
            'booked_datetime': fields.Datetime.now() - timedelta(days=days_ago),
            'source_model': 'mailing.mailing',
            'source_id': source,
            'state': state,
        })

    def prefer(self, talent, **vals):
        preference = self.preferences._get_for(talent.sudo().partner_id, self.company)
        preference.write(vals)
        return preference

    def reason(self, talent, topic=None):
        return talent.with_user(self.recruiter)._get_nurture_reasons(topic)[talent.id]
