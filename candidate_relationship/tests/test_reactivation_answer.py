from datetime import timedelta

from odoo import Command

from .reactivation_common import ReactivationCase


class TestReactivationAnswer(ReactivationCase):

    def setUp(self):
        super().setUp()
        self.tag = self.env['hr.applicant.category'].create({'name': "Parsers", 'dimension': 'skill'})
        self.ann = self.invited("Ann Able", categ_ids=[Command.set(self.tag.ids)], partner_phone="+32 470 12 34 56")

    def public(self, match):
        return match.with_user(self.env.ref('base.public_user')).sudo()

    def test_interested_makes_the_application(self):
        self.assertTrue(self.public(self.ann)._answer_interested())
        application = self.ann.application_id
        self.assertEqual((application.job_id, application.partner_id), (self.opening, self.ann.partner_id))
        self.assertEqual(application.source_id.name, "Reactivation")
        self.assertEqual(application.categ_ids, self.tag)
        skill = application.current_applicant_skill_ids
        self.assertEqual((skill.skill_id, skill.level_progress), (self.skills['C'], 75))
        self.assertEqual(application.pool_applicant_id, self.ann.applicant_id)
        self.assertFalse(application.talent_pool_ids)
        self.assertEqual(application.stage_id, self.stage_new)
        self.assertEqual((application.user_id, application.company_id), (self.recruiter, self.company))
        self.assertEqual(application.partner_phone, "+32 470 12 34 56")
        self.assertEqual(self.ann.applicant_id.categ_ids, self.tag)
        self.assertEqual(len(self.ann.applicant_id.applicant_skill_ids), 1)
        self.assertEqual((self.ann.state, bool(self.ann.applied_datetime)), ('interested', True))

    def test_promise_policies_apply(self):
        self.public(self.ann)._answer_interested()
        self.assertStates(self.ann.application_id, [('application', 'running')])

    def test_recruiter_is_told_at_once(self):
        with self.mail_server():
            self.public(self.ann)._answer_interested()
        activity = self.ann.application_id.activity_ids
        self.assertEqual(activity.user_id, self.recruiter)
        self.assertEqual(activity.summary, "Ann Able is interested in Compiler Engineer")
        inbox = self.env['mail.notification'].search([
            ('res_partner_id', '=', self.recruiter.partner_id.id), ('notification_type', '=', 'inbox')])
        self.assertTrue(inbox.mail_message_id.filtered(lambda m: "Ann Able is interested." in m.body))

    def test_touch_of_the_page(self):
        self.public(self.ann)._answer_interested()
        touch = self.env['hr.candidate.touch'].search([
            ('partner_id', '=', self.ann.partner_id.id), ('channel', '=', 'page')])
        self.assertEqual((touch.direction, touch.summary), ('in', "Interested: Compiler Engineer"))

    def test_the_same_answer_again_is_one(self):
        self.assertTrue(self.public(self.ann)._answer_interested())
        application = self.ann.application_id
        self.assertFalse(self.public(self.ann)._answer_interested())
        self.assertEqual((self.ann.application_id, self.ann.state), (application, 'interested'))
        self.assertEqual(self.env['hr.applicant'].search_count([('job_id', '=', self.opening.id)]), 1)

    def test_withdrawing_leaves_the_application_to_the_recruiter(self):
        self.public(self.ann)._answer_interested()
        application, when = self.ann.application_id, self.ann.interested_datetime
        self.assertTrue(self.public(self.ann)._answer_not_interested())
        self.assertEqual((self.ann.state, self.ann.application_id), ('not_interested', application))
        self.assertTrue(application.active and not application.refuse_reason_id)
        activity = application.activity_ids
        self.assertEqual(activity.user_id, self.recruiter)
        self.assertEqual(activity.summary, "Ann Able is no longer interested in Compiler Engineer")
        self.assertStates(application, [('application', 'running')])
        self.public(self.ann)._answer_later(1)
        self.assertEqual(application.activity_ids.summary, "Ann Able is no longer interested in Compiler Engineer")
        self.pass_time(hours=1)
        self.assertTrue(self.public(self.ann)._answer_interested())
        self.assertEqual((self.ann.application_id, self.ann.interested_datetime), (application, when))
        self.assertEqual(application.activity_ids.summary, "Ann Able is interested in Compiler Engineer")
        self.assertEqual(self.figures()[4:6], (1, 1))

    def test_withdrawing_where_the_job_is_closed(self):
        self.public(self.ann)._answer_interested()
        self.opening.no_of_recruitment = 0
        self.assertTrue(self.public(self.ann)._answer_not_interested())
        self.assertFalse(self.public(self.ann)._answer_interested(), "There is no job to be interested in.")
        self.assertEqual(self.ann.state, 'not_interested')

    def test_withdrawing_what_was_refused_asks_for_nothing(self):
        self.public(self.ann)._answer_interested()
        application = self.ann.application_id
        application.write({'refuse_reason_id': self.refuse_reason.id, 'active': False})
        self.public(self.ann)._answer_not_interested()
        self.assertFalse(self.activities_of(self.ann))

    def activities_of(self, match):
        return self.env['mail.activity'].search([('pool_match_id', '=', match.id)])

    def test_changed_answer_takes_its_reminder_along(self):
        self.public(self.ann)._answer_later(3)
        self.assertEqual(len(self.ann.applicant_id.activity_ids), 1)
        self.public(self.ann)._answer_not_interested()
        self.assertFalse(self.ann.applicant_id.activity_ids)

    def test_answer_where_talent_and_recruiter_are_gone(self):
        partner = self.ann.partner_id
        self.ann.applicant_id.unlink()
        self.recruiter.sudo().active = False
        self.public(self.ann)._answer_later(3)
        self.public(self.ann)._answer_interested()
        self.assertEqual(self.ann.application_id.partner_id, partner)
        self.assertEqual(self.ann.application_id.partner_name, partner.name)
        self.assertFalse(self.activities_of(self.ann), "Nobody would see it.")

    def test_who_applied_meanwhile_does_not_apply_twice(self):
        application = self.make_applicant("Ann Able", job_id=self.opening.id)
        self.public(self.ann)._answer_interested()
        self.assertEqual(self.ann.application_id, application)

    def test_later(self):
        self.public(self.ann)._answer_later(3)
        preference = self.env['hr.candidate.preference']._get_for(self.ann.partner_id, self.company)
        self.assertEqual(str(preference.paused_until), '2026-06-02')
        self.assertEqual((self.ann.state, str(self.ann.later_date)), ('later', '2026-06-02'))
        activity = self.ann.applicant_id.activity_ids
        self.assertEqual((str(activity.date_deadline), activity.user_id), ('2026-06-02', self.recruiter))
        self.assertEqual(self.ann.applicant_id._get_nurture_reasons()[self.ann.applicant_id.id], 'paused')
        self.public(self.ann)._answer_interested()
        self.assertFalse(preference.paused_until, "Whoever changes their mind is not kept waiting.")
        self.assertEqual(self.ann.state, 'interested')

    def test_later_does_not_shorten_a_pause(self):
        preference = self.env['hr.candidate.preference']._get_for(self.ann.partner_id, self.company)
        preference.paused_until = '2026-12-24'
        self.public(self.ann)._answer_later(1)
        self.assertEqual(str(preference.paused_until), '2026-12-24')

    def test_not_for_me(self):
        self.public(self.ann)._answer_not_interested()
        self.assertEqual((self.ann.state, self.ann.decline_reason), ('not_interested', False))
        self.public(self.ann)._answer_not_interested('place', "  Too far. ")
        self.assertEqual((self.ann.decline_reason, self.ann.comment), ('place', "Too far."))
        self.public(self.ann)._answer_not_interested('nonsense', "x" * 9999)
        self.assertEqual((self.ann.decline_reason, len(self.ann.comment)), ('place', 2000))
        touches = self.env['hr.candidate.touch'].search_count([
            ('partner_id', '=', self.ann.partner_id.id), ('channel', '=', 'page')])
        self.assertEqual(touches, 1)

    def test_answered_is_not_asked_again_about_this_job(self):
        self.public(self.ann)._answer_not_interested()
        self.ann.reactivation_id._close()
        again = self.make_round()
        self.assertEqual(self.match(again, self.ann.applicant_id).excluded_reason, 'answered')

    def test_job_closed_meanwhile(self):
        self.opening.no_of_recruitment = 0
        self.assertFalse(self.public(self.ann)._answer_interested())
        self.assertFalse(self.ann.application_id)

    def test_links(self):
        token = self.ann._get_page_token()
        self.assertEqual(self.matches._get_by_token(token), self.ann)
        forged = token[:10] + ('A' if token[10] != 'A' else 'B') + token[11:]
        for wrong in ('', 'x', token[:-4], forged):
            self.assertFalse(self.matches._get_by_token(wrong))
        self.ann.partner_id = False
        self.assertFalse(self.matches._get_by_token(token))

    def test_link_expires(self):
        token = self.ann._get_page_token()
        self.pass_time(days=61)
        self.assertFalse(self.matches._get_by_token(token))

    def test_not_invited_has_no_page(self):
        talent = self.make_talent("Ben Best")
        ben = self.match(self.make_round(self.make_job("Other")), talent)
        self.assertFalse(self.matches._get_by_token(ben._get_page_token()))

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------

    def figures(self, *groupby):
        names = ('recommended', 'delivered', 'clicked', 'answered', 'interested', 'applied', 'interviewed', 'hired')
        report = self.env['hr.pool.report'].with_user(self.recruiter)
        rows = report._read_group(
            [], list(groupby), [f'{name}_count:sum' for name in names] + ['activation_rate:avg'])
        return rows if groupby else rows[0]

    def test_report_sees_unflushed_changes(self):
        before = self.figures()
        self.ann.answered_datetime = self.ann.delivered_datetime + timedelta(days=29)
        after = self.figures()
        self.assertEqual((before[3], before[-1]), (0, 0))
        self.assertEqual((after[3], after[-1]), (1, 100))
        self.ann.answered_datetime = self.ann.delivered_datetime + timedelta(days=31)
        self.assertEqual(self.figures()[-1], 0, "Too late for the activation rate.")

    def test_report_funnel(self):
        self.public(self.ann)._answer_interested()
        application = self.ann.application_id
        self.assertEqual(self.figures(), (1, 1, 1, 1, 1, 1, 0, 0, 100.0))
        self.make_interview(application, start='2026-03-02 07:00', stop='2026-03-02 08:00')
        self.assertEqual(self.figures()[6:8], (1, 0))
        application.stage_id = self.stage_signed
        self.assertEqual(self.figures()[6:8], (1, 1))

    def test_activation_counts_persons(self):
        """Two rounds to one person who answered once: one of one."""
        self.public(self.ann)._answer_not_interested()
        match = self.ann.copy({
            'reactivation_id': self.rounds.create({'job_id': self.job.id}).id, 'delivered_datetime': self.START,
            'answered_datetime': False, 'state': 'delivered', 'partner_id': self.ann.partner_id.id})
        self.assertTrue(match)
        self.assertEqual(self.figures()[-1], 100)
        self.assertEqual(self.figures()[1], 2)
        talent = self.make_talent("Ben Best")
        self.invite(self.match(self.make_round(self.make_job("Other")), talent))
        self.assertEqual(self.figures()[-1], 50)
        by_pool = self.figures('pool_id')
        self.assertEqual([row[0] for row in by_pool], [self.pool])
