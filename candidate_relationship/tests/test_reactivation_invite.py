import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .reactivation_common import OPENING, ReactivationCase


class TestReactivationInvite(ReactivationCase):

    def setUp(self):
        super().setUp()
        self.talents = self.make_talents("Ann Able", "Ben Best", skills={'C': 75})
        self.round = self.make_round()
        self.ann, self.ben = (self.match(self.round, talent) for talent in self.talents)

    def open_wizard(self, matches, user=None):
        user = user or self.recruiter
        return self.env['hr.pool.invite'].with_user(user).browse(matches.with_user(user).action_invite()['res_id'])

    def subjects(self):
        return [mail['subject'] for mail in self._mails]

    def body_of(self, match):
        """The mail to this person."""
        (body,) = [mail['body'] for mail in self._mails if match.partner_id.email in mail['email_to'][0]]
        return body

    def traces(self, matches):
        return self.env['mailing.trace'].search([('model', '=', 'hr.pool.match'), ('res_id', 'in', matches.ids)])

    def test_each_gets_one_personal_mail(self):
        self.invite(self.ann + self.ben)
        self.assertEqual(len(self.emails), 2)
        mail = self.body_of(self.ann)
        self.assertEqual(self.subjects(), 2 * [f"Compiler Engineer at {self.company.name}: something for you?"])
        self.assertIn("Ann Able", mail)
        self.assertIn("Rita", mail)
        self.assertEqual((self.ann.state, self.ann.invited_user_id), ('delivered', self.recruiter))
        self.assertTrue(self.ann.delivered_datetime)
        self.assertEqual(self.round.state, 'sent')
        touch = self.env['hr.candidate.touch'].search([('partner_id', '=', self.ann.partner_id.id)], limit=1)
        self.assertEqual((touch.channel, touch.direction, touch.applicant_id), ('mailing', 'out', self.talents[0]))

    def test_the_key_is_in_the_mail_and_in_no_short_link(self):
        self.invite(self.ann)
        mail = self.body_of(self.ann)
        links = re.findall(r'href="([^"]*key=[^"]*)"', mail)
        self.assertEqual(len(links), 1, mail)
        self.assertRegex(links[0], r'/r/\w+/m/\d+\?key=')
        token = links[0].partition('key=')[2]
        self.assertEqual(self.matches._get_by_token(token), self.ann)
        trackers = self.env['link.tracker'].search([('url', 'like', '/candidate/invitation')])
        self.assertFalse(trackers.filtered(lambda tracker: not tracker.url.endswith('/candidate/invitation')))

    def test_nobody_is_invited_twice(self):
        first, second = self.open_wizard(self.ann), self.open_wizard(self.ann + self.ben, self.colleague)
        first.action_send()
        second.action_send()
        self.send_mailings()
        self.assertEqual(len(self.traces(self.ann)), 1)
        self.assertEqual(self.ann.invited_user_id, self.recruiter)
        self.assertEqual(self.ben.invited_user_id, self.colleague)
        with self.assertRaises(UserError):
            self.open_wizard(self.ann)

    def test_left_out_by_the_mailing(self):
        wizard = self.open_wizard(self.ann + self.ben)
        self.env['mail.blacklist']._add(self.ann.partner_id.email_normalized)
        wizard.invalidate_recordset()
        self.assertEqual((wizard.chosen_count, wizard.ready_count, wizard.left_out), (2, 1, "1 Blacklisted"))
        wizard.action_send()
        self.send_mailings()
        self.assertEqual((self.ann.state, self.ann.excluded_reason), ('excluded', 'blacklisted'))
        self.assertFalse(self.ann.invited_datetime)
        self.assertEqual(self.ben.state, 'delivered')

    @mute_logger('odoo.addons.mail.models.mail_mail', 'odoo.addons.base.models.ir_mail_server')
    def test_mail_that_fails_and_is_tried_again(self):
        self.open_wizard(self.ann).action_send()
        self.send_mailings(refuses=True)
        self.assertEqual((self.ann.state, self.ann.excluded_reason), ('excluded', 'undelivered'))
        mailing = self.ann.sudo().mailing_id
        mailing.action_retry_failed()
        self.send_mailings()
        self.assertEqual((self.ann.state, self.ann.excluded_reason), ('delivered', False))

    def test_steps_of_the_mail(self):
        self.invite(self.ann)
        trace = self.traces(self.ann)
        trace.set_clicked()
        self.assertEqual(self.ann.state, 'clicked')
        first = self.ann.clicked_datetime
        self.pass_time(hours=2)
        trace.set_clicked()
        self.assertEqual(self.ann.clicked_datetime, first, "A date never moves.")
        trace.set_replied()
        self.assertTrue(self.ann.answered_datetime)
        self.assertEqual(self.ann.state, 'clicked')

    def test_bounce(self):
        self.invite(self.ann)
        self.traces(self.ann).set_bounced()
        self.assertEqual((self.ann.state, self.ann.excluded_reason), ('excluded', 'undelivered'))
        self.assertFalse(self.ann.delivered_datetime)

    def test_reply_comes_to_the_recruiter(self):
        self.invite(self.ann)
        self.assertIn(self.recruiter.partner_id, self.ann.message_partner_ids)

    def test_message_is_checked(self):
        wizard = self.open_wizard(self.ann)
        wizard.body_html = "<p>Come!</p>"
        with self.assertRaisesRegex(UserError, "no link"):
            wizard.action_send()
        wizard.body_html = OPENING
        wizard.action_send()
        self.send_mailings()
        self.assertIn("Hello Ann Able", self.body_of(self.ann))

    def test_no_code_in_the_message_where_templates_are_restricted(self):
        """The scheduler renders it, and may do everything."""
        wizard = self.open_wizard(self.ann)
        self.assertFalse(self.recruiter.has_group('mail.group_mail_template_editor'))
        with self.assertRaises(AccessError):
            wizard.body_html = """<p><t t-out="object.env['res.users'].search([])"/></p>"""
        with self.assertRaises(AccessError):
            wizard.subject = "{{ object.env['res.users'].search([]) }}"

    def test_the_editor_styles_a_placeholder(self):
        """What is bold is given a style beside the placeholder, which Odoo takes for code."""
        wizard = self.open_wizard(self.ann)
        wizard.body_html = OPENING + (
            '<p><strong t-out="object.job_id.name" style="font-weight:bolder">Job</strong> and a <b>word</b></p>')
        wizard.action_send()
        self.send_mailings()
        mail = self.body_of(self.ann)
        self.assertRegex(mail, r'<strong style="font-weight: ?bolder;?">Compiler Engineer</strong> and a <b>word</b>')

    def test_preview_of_what_is_typed(self):
        with Form(self.open_wizard(self.ann)) as form:
            form.body_html = OPENING + "<p>Typed just now</p>"
            form.subject = "Dear {{ object.person_name }}"
            self.assertIn("Typed just now", form.preview_html)
            self.assertIn("Hello Ann Able", form.preview_html)
            self.assertEqual(form.preview_subject, "Dear Ann Able")

    def test_preview_runs_no_code_of_whoever_may_write_none(self):
        form = Form(self.open_wizard(self.ann))
        for code in ("{{ object.env.user.login }}", "{{ 1 +"):
            form.subject = code
            self.assertEqual(form.preview_subject, code)
        for code in ('<p>Dear <t t-out="object.person_name("/></p>', False):
            form.body_html = code
            self.assertEqual(form.preview_html or False, code)
        form.body_html = """<p><t t-out="object.env.user.login"/></p>"""
        self.assertNotIn(self.recruiter.login, form.preview_html)

    def test_says_how_many_get_it(self):
        answer = self.open_wizard(self.ann + self.ben).action_send()
        self.assertEqual(answer['params']['message'], "2 invitations are on their way.")

    def test_from_whom_it_is_signed(self):
        colleague = self.recruiter.copy({'login': 'colleague', 'email': 'colleague@company.example.com'})
        self.open_wizard(self.ann, colleague).action_send()
        mailing = self.ann.sudo().mailing_id
        self.assertEqual(mailing.email_from, self.recruiter.email_formatted)
        self.assertEqual(mailing.display_name, f"Invitation: {self.round.display_name}")

    def test_preview(self):
        wizard = self.open_wizard(self.ann + self.ben)
        self.assertIn("Ann Able", wizard.preview_html)
        wizard.preview_match_id = self.ben
        self.assertIn("Ben Best", wizard.preview_html)
        self.assertEqual(wizard.preview_subject, f"Compiler Engineer at {self.company.name}: something for you?")

    def test_closed_job_is_not_invited_to(self):
        wizard = self.open_wizard(self.ann)
        self.opening.no_of_recruitment = 0
        with self.assertRaises(UserError):
            wizard.action_send()
        with self.assertRaises(UserError):
            self.open_wizard(self.ben)

    def test_closing_calls_back_what_waits_in_the_queue(self):
        self.open_wizard(self.ann).action_send()
        self.opening.no_of_recruitment = 0
        self.assertEqual((self.ann.state, self.ann.invited_datetime), ('recommended', False))
        self.send_mailings()
        self.assertFalse(self.emails)
        self.opening.no_of_recruitment = 1
        self.round.action_reopen()
        self.invite(self.ann)
        self.assertEqual(len(self.emails), 1)

    def test_closing_leaves_who_was_asked(self):
        self.invite(self.ann)
        self.round.action_close()
        self.assertEqual(self.ann.state, 'delivered')
        self.assertTrue(self.ann._answer_interested(), "The job is open.")

    def test_ranking_again_leaves_who_was_invited(self):
        self.invite(self.ann)
        self.round.action_rank()
        self.assertEqual(self.round.match_ids.filtered(lambda m: m.state == 'delivered'), self.ann)
        self.assertEqual(len(self.round.match_ids), 2)
        self.assertEqual(self.round.state, 'sent')
