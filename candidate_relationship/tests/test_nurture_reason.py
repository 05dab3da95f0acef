"""Why somebody may not be written to: one definition, each reason by itself and in their order."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.candidate_relationship.models.hr_applicant_consent import REACHES
from odoo.addons.candidate_relationship.models.hr_nurture_reason import REASONS, WAITING_REASONS

from .nurture_common import NurtureCase


class TestReason(NurtureCase):

    def setUp(self):
        super().setUp()
        self.ann, self.ben = self.make_talents("Ann Ames", "Ben Bohr")

    def reason(self, talent, topic=None):
        """As of few people and as of very many, which is not the same SQL: no answer may differ."""
        reason = super().reason(talent, topic)
        applicants = self.env['hr.applicant']
        ending, joins = applicants._get_nurture_ending_sql(
            'applicant', self.company, topic.id if isinstance(topic, models.BaseModel) else topic)
        rows = self.env.execute_query(SQL(
            "SELECT %s FROM hr_applicant applicant %s WHERE applicant.id = %s", ending, joins, talent.id))
        self.assertEqual(rows, [(None if reason in WAITING_REASONS else reason or None,)])
        return reason

    def apply(self, talent, **vals):
        """One more application of the person of a talent."""
        return self.make_applicant(
            talent.partner_name, email_from=talent.email_from, **{'partner_id': talent.sudo().partner_id.id, **vals})

    def test_every_reach_is_a_reason(self):
        self.assertLess({key for key, _label in REACHES} - {'reachable'}, {key for key, _label in REASONS})

    def test_nothing_is_in_the_way(self):
        self.assertEqual(self.ann._get_nurture_reasons(), {self.ann.id: False})
        both = self.ann | self.ben
        self.assertEqual(both._get_nurture_reasons(self.topic), {self.ann.id: False, self.ben.id: False})
        self.assertEqual(self.ann.browse()._get_nurture_reasons(), {})

    def test_reach(self):
        (cid,) = self.make_talents("Cid Curie", agree=False)
        self.assertEqual(self.reason(cid), 'no_consent')
        self.company.candidate_consent_required = False
        self.assertFalse(self.reason(cid))
        self.refuse_consent(cid.sudo().partner_id)
        self.assertEqual(self.reason(cid), 'left')
        self.env['mail.blacklist']._add(cid.email_from)
        self.assertEqual(self.reason(cid), 'blacklisted')
        cid.sudo().write({'email_from': False})
        self.assertEqual(self.reason(cid), 'no_address')
        cid.sudo().candidate_erased = True
        self.assertEqual(self.reason(cid), 'erased')

    def test_topic_of_the_consent(self):
        self.assertFalse(self.reason(self.ann, self.topic))
        self.assertEqual(self.reason(self.ann, self.other_topic), 'topic')
        self.assertEqual(self.reason(self.ann, self.other_topic.id), 'topic')

    def test_topic_left(self):
        self.company.candidate_consent_required = False
        (cid,) = self.make_talents("Cid Curie", agree=False)
        self.prefer(cid, left_topic_ids=[(4, self.topic.id)])
        self.assertEqual(self.reason(cid, self.topic), 'topic')
        self.assertFalse(self.reason(cid, self.other_topic))
        self.assertFalse(self.reason(cid))

    def test_topic_as_sql(self):
        for topic, expected in ((self.topic.id, None), (self.other_topic.id, 'topic'), (None, None)):
            reason = self.ann._get_nurture_reason_sql('applicant', SQL("program.topic_id"))
            rows = self.env.execute_query(SQL(
                "SELECT %s FROM hr_applicant applicant, (VALUES (%s::int)) program (topic_id) WHERE applicant.id = %s",
                reason, topic, self.ann.id))
            self.assertEqual(rows, [(expected,)])

    def test_paused(self):
        preference = self.prefer(self.ann, paused_until=self.today(days=1))
        self.assertEqual(self.reason(self.ann), 'paused')
        self.assertFalse(self.reason(self.ben))
        preference.paused_until = self.today()
        self.assertFalse(self.reason(self.ann))

    def test_in_process(self):
        application = self.apply(self.ann)
        self.assertEqual(self.reason(self.ann), 'in_process')
        application.active = False
        self.assertFalse(self.reason(self.ann))
        application.write({'active': True, 'stage_id': self.env.ref('hr_recruitment.stage_job5').id})
        self.assertEqual(self.reason(self.ann), 'hired')
        application.sudo().employee_id = self.env['hr.employee'].create({'name': "Ann", 'active': False})
        self.assertFalse(self.reason(self.ann), "A colleague who has left can be won back.")

    def test_in_process_elsewhere(self):
        application = self.apply(self.ann)
        application.sudo().write({'job_id': False, 'company_id': self.other_company.id})
        self.assertFalse(self.reason(self.ann))

    def test_refused_application(self):
        application = self.apply(self.ann, refuse_reason_id=self.env.ref('hr_recruitment.refuse_reason_1').id)
        self.assertFalse(self.reason(self.ann))
        self.assertFalse(self.reason(application))

    def test_budget(self):
        contact = self.contact(self.ann, days_ago=29)
        self.assertEqual(self.reason(self.ann), 'budget')
        contact.state = 'released'
        self.assertFalse(self.reason(self.ann))
        contact.write({'state': 'booked', 'booked_datetime': fields.Datetime.now() - timedelta(days=30)})
        self.assertFalse(self.reason(self.ann))
        contact.write({'booked_datetime': fields.Datetime.now(), 'company_id': self.other_company.id})
        self.assertFalse(self.reason(self.ann), "Each company has its own budget.")

    def test_budget_of_several(self):
        self.company.write({'nurture_contacts': 2, 'nurture_days': 10})
        self.contact(self.ann, days_ago=9)
        self.assertFalse(self.reason(self.ann))
        self.contact(self.ann, days_ago=1, source=2)
        self.assertEqual(self.reason(self.ann), 'budget')

    def test_own_frequency(self):
        self.contact(self.ann, days_ago=60)
        self.assertFalse(self.reason(self.ann))
        self.agree(self.ann.sudo().partner_id, topics=self.topic, frequency_days=90)
        self.assertEqual(self.reason(self.ann), 'budget')
        preference = self.prefer(self.ann)
        self.assertEqual(preference.frequency_days, 90, "What was agreed to is the first value.")
        preference.frequency_days = 45
        self.assertFalse(self.reason(self.ann))
        preference.frequency_days = 180
        self.assertEqual(self.reason(self.ann), 'budget')
        self.agree(self.ann.sudo().partner_id, topics=self.topic, frequency_days=0)
        self.assertFalse(self.reason(self.ann), "The later word counts.")

    def test_frequency_never_beats_the_rule(self):
        self.contact(self.ann, days_ago=20)
        self.prefer(self.ann, frequency_days=10)
        self.assertEqual(self.reason(self.ann), 'budget')

    def test_another_day(self):
        self.contact(self.ann, days_ago=10)
        consent = self.rows(self.ann.sudo().partner_id).filtered(lambda row: row.purpose == 'nurture')
        for days, expected in ((19, 'budget'), (20, None), (900, 'no_consent')):
            at = fields.Datetime.now() + timedelta(days=days)
            rows = self.env.execute_query(SQL(
                "SELECT %s FROM hr_applicant applicant WHERE applicant.id = %s",
                self.env['hr.applicant']._get_nurture_reason_sql('applicant', at=at), self.ann.id))
            self.assertEqual(rows, [(expected,)])
        self.assertEqual(consent.state, 'given')

    def test_source_of_its_own(self):
        self.contact(self.ann, source=self.env.company.id)
        for source, expected in ((self.env.company, None), (None, 'budget')):
            source = source and self.env['mailing.mailing'].browse(source.id)
            rows = self.env.execute_query(SQL(
                "SELECT %s FROM hr_applicant applicant WHERE applicant.id = %s",
                self.env['hr.applicant']._get_nurture_reason_sql('applicant', source=source), self.ann.id))
            self.assertEqual(rows, [(expected,)])

    def test_queries_do_not_grow(self):
        talents = self.make_talents(*(f"Talent{n} Many" for n in range(30)))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env['hr.applicant']._get_nurture_reasons()
            talents._get_nurture_reasons(self.topic)


class TestNextAllowed(NurtureCase):

    def setUp(self):
        super().setUp()
        self.ann, self.ben = self.make_talents("Ann Ames", "Ben Bohr")

    def next_allowed(self, talent):
        partner = talent.sudo().partner_id
        return self.contacts._get_next_allowed(partner.ids, self.company)[partner.id]

    def in_days(self, days):
        return fields.Datetime.now() + timedelta(days=days)

    def test_budget(self):
        self.contact(self.ann, days_ago=10)
        self.assertEqual(self.next_allowed(self.ann), self.in_days(20))
        self.assertEqual(self.next_allowed(self.ben), self.in_days(0))
        self.assertEqual(self.contacts._get_next_allowed([], self.company), {})
        self.pass_time(days=20)
        self.assertFalse(self.reason(self.ann))

    def test_budget_of_several(self):
        self.company.nurture_contacts = 2
        self.contact(self.ann, days_ago=10)
        self.assertEqual(self.next_allowed(self.ann), self.in_days(0))
        self.contact(self.ann, days_ago=3, source=2)
        self.assertEqual(self.next_allowed(self.ann), self.in_days(20))

    def test_own_frequency(self):
        self.contact(self.ann, days_ago=10)
        self.prefer(self.ann, frequency_days=90)
        self.assertEqual(self.next_allowed(self.ann), self.in_days(80))

    def test_pause(self):
        self.contact(self.ann, days_ago=10)
        self.prefer(self.ann, paused_until='2026-07-01')
        self.assertEqual(str(self.next_allowed(self.ann)), '2026-07-01 00:00:00')
        self.prefer(self.ann, paused_until='2026-03-04')
        self.assertEqual(self.next_allowed(self.ann), self.in_days(20))


class TestPreference(NurtureCase):

    def setUp(self):
        super().setUp()
        self.ann, self.ben = self.make_talents("Ann Ames", "Ben Bohr")

    def test_one_row(self):
        row = self.preferences._get_for(self.ann.sudo().partner_id, self.company)
        self.assertEqual(self.preferences._get_for(self.ann.sudo().partner_id, self.company), row)
        self.assertNotEqual(self.preferences._get_for(self.ann.sudo().partner_id, self.other_company), row)

    def test_agreed_again(self):
        self.prefer(self.ann, left_topic_ids=[(6, 0, self.topics.ids)])
        self.agree(self.ann.sudo().partner_id, topics=self.topic)
        self.assertEqual(self.prefer(self.ann).left_topic_ids, self.topics - self.topic)
