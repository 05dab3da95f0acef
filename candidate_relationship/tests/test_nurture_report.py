"""Figures of nurturing, and what they say is to be changed."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from .nurture_common import NurtureCase


class TestNurtureReport(NurtureCase):

    def setUp(self):
        super().setUp()
        self.talent = self.make_talents("Nina Novak", agree=False)
        self.mailing = self.make_mailing()
        self.report = self.env['hr.nurture.report']

    def make_mailing(self, **vals):
        return self.env['mailing.mailing'].create({
            'subject': "News", 'body_html': "<p>Hi</p>", 'user_id': self.recruiter.id,
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant'),
            'nurture_topic_id': self.topic.id, **vals})

    def trace(self, talent=None, status='sent', days_ago=1, mailing=None, **vals):
        return self.env['mailing.trace'].create({
            'mass_mailing_id': (mailing or self.mailing).id, 'model': 'hr.applicant',
            'res_id': (talent or self.talent).id, 'trace_status': status,
            'sent_datetime': fields.Datetime.now() - timedelta(days=days_ago), **vals})

    def figures(self, *names):
        aggregates = [f'{name}:{"avg" if name.endswith("rate") else "sum"}' for name in names]
        return self.report._read_group([], [], aggregates)[0]

    # ------------------------------------------------------------------
    # Report
    # ------------------------------------------------------------------

    def test_row(self):
        trace = self.trace()
        row = self.report.with_user(self.recruiter).search([])
        self.assertEqual(row.id, trace.id)
        self.assertEqual(
            (row.mailing_id, row.topic_id, row.company_id, row.user_id, row.applicant_id, row.partner_id),
            (self.mailing, self.topic, self.company, self.recruiter, self.talent, self.talent.sudo().partner_id))
        self.assertEqual(row.action_open_talent()['res_id'], self.talent.id)

    def test_counts(self):
        for status in ('sent', 'open', 'reply', 'bounce', 'error', 'cancel', 'outgoing'):
            self.trace(status=status)
        self.trace(is_test_trace=True)
        names = 'delivered_count', 'bounced_count', 'opened_count', 'replied_count'
        self.assertEqual(self.figures(*names), (3, 1, 2, 1))
        self.assertAlmostEqual(self.figures('replied_rate')[0], 100 / 3)

    def test_clicks_and_leaving(self):
        now = fields.Datetime.now()
        trace = self.trace()
        self.trace(links_click_datetime=now, status='open')
        self.assertEqual(self.figures('clicked_count', 'reacted_count', 'left_count', 'slowed_count'), (1, 1, 0, 0))
        # seen at once, though nothing is flushed
        trace._note_nurture_left()
        trace._note_nurture_slowed()
        self.assertEqual(self.figures('left_count', 'slowed_count', 'left_rate'), (1, 1, 50))

    def test_opened_by_machines(self):
        sent = fields.Datetime.now() - timedelta(days=1)
        self.trace(status='open', open_datetime=sent + timedelta(seconds=5))
        self.trace(status='open', open_datetime=sent + timedelta(hours=5))
        self.trace(status='reply', open_datetime=sent + timedelta(seconds=5))
        self.assertEqual(self.figures('opened_count', 'prefetched_count'), (3, 1))

    def test_recipient_that_is_gone(self):
        self.trace()
        self.talent.unlink()
        row = self.report.search([])
        self.assertEqual((row.company_id, row.applicant_id.ids), (self.company, []), "the company of the sender")

    def test_topic_that_changes(self):
        self.trace()
        self.assertEqual(self.report.search([]).topic_id, self.topic)
        self.mailing.nurture_topic_id = self.other_topic
        self.assertEqual(self.report.search([('topic_id', '=', self.other_topic.id)]).mailing_id, self.mailing)

    def test_rights(self):
        self.trace(days_ago=20)
        stranger = self.make_user('otto', 'hr_recruitment.group_hr_recruitment_user', company=self.other_company)
        for model in ('hr.nurture.report', 'hr.nurture.trend'):
            self.assertEqual(len(self.env[model].with_user(self.recruiter).search([])), 1, model)
            self.assertEqual(len(self.env[model].with_user(self.manager).search([])), 1, model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.interviewer).search([])

    # ------------------------------------------------------------------
    # Trend
    # ------------------------------------------------------------------

    def make_traces(self, count, clicked, days_ago, talents, **vals):
        now = fields.Datetime.now()
        for number in range(count):
            self.trace(
                talents[number % len(talents)], days_ago=days_ago,
                links_click_datetime=now if number < clicked else False, **vals)

    def trend(self):
        return self.env['hr.nurture.trend'].with_user(self.recruiter).search([])

    def compare(self, before, after, people=40, people_after=None, **vals):
        """The trend of ``(delivered, clicked)`` before and after."""
        talents = self.make_talents(*(f"P{number} Person" for number in range(people)), agree=False)
        self.make_traces(*before, 120, talents)
        self.make_traces(*after, 20, talents[:people_after or people], **vals)
        return self.trend()

    def test_content(self):
        trend = self.compare((40, 20), (40, 8))
        self.assertEqual(trend.advice, 'content')
        self.assertEqual(
            trend.sentence,
            "20.0 % click or reply, down from 50.0 %, though nobody gets more mails than before; 0 left. "
            "Change the content: write about something else, or not to everybody.")
        self.assertEqual((trend.reacted_rate, trend.reacted_rate_before, trend.sequence), (20, 50, 1))
        self.assertEqual(trend.display_name, "Compilers")

    def test_rhythm(self):
        trend = self.compare((40, 20), (80, 16))
        self.assertEqual((trend.advice, trend.mails_per_person, trend.mails_per_person_before), ('rhythm', 2, 1))
        self.assertEqual(
            trend.sentence, "20.0 % click or reply, down from 50.0 %, at 2.0 mails a person (1.0 before); 0 asked for "
            "fewer. Change the rhythm: write less often.")

    def test_rhythm_that_the_readers_ask_for(self):
        trend = self.compare((40, 20), (40, 8), nurture_slowed_datetime=fields.Datetime.now())
        self.assertEqual((trend.advice, trend.slowed_count), ('rhythm', 40))

    def test_steady_and_rising(self):
        self.assertEqual(self.compare((40, 20), (40, 18)).advice, 'steady')
        self.make_traces(40, 40, 20, self.talent)
        self.assertEqual(self.trend().advice, 'good')
        self.assertIn("go on like this", self.trend().sentence)

    def test_chance_is_no_trend(self):
        self.assertEqual(self.compare((40, 14), (40, 11)).advice, 'steady')

    def test_all_or_none_react(self):
        self.assertEqual(self.compare((40, 0), (40, 0)).advice, 'steady')

    def test_too_few(self):
        trend = self.compare((10, 10), (40, 0))
        self.assertEqual(trend.advice, 'few')
        self.assertIn("Fewer than 30 mails", trend.sentence)

    def test_without_topic(self):
        self.mailing.nurture_topic_id = False
        self.trace(days_ago=20)
        trend = self.trend()
        self.assertEqual(trend.display_name, "Without Topic")
        action = trend.action_open_report()
        self.assertEqual(self.report.search(action['domain']).mailing_id, self.mailing)

    def test_old_mails_are_no_trend(self):
        self.trace(days_ago=188)
        self.assertFalse(self.trend())

    def test_mails_that_are_still_being_read(self):
        """Nobody had the time to react to yesterday's mails."""
        self.assertEqual(self.compare((40, 20), (40, 20)).advice, 'steady')
        self.make_traces(80, 0, 1, self.talent)
        self.assertEqual((self.trend().advice, self.trend().delivered_count), ('steady', 40))
