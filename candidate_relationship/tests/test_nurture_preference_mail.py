"""Mailings to talents lead to the page of preferences; all others lead where stock Odoo leads."""

import re
from unittest.mock import patch

from lxml import html

from .nurture_common import NurtureCase

BODY = '<p>Hi</p><a href="/unsubscribe_from_list">Bye</a>'


class TestNurturePreferenceMail(NurtureCase):

    def setUp(self):
        super().setUp()
        self.talent = self.make_talents("Nina Novak", agree=False)
        self.person = self.talent.sudo().partner_id
        self.person.lang = 'en_US'
        self.agree(self.person, topics=self.topic | self.other_topic)

    def make_mailing(self, model='hr.applicant', records=None, body=BODY):
        records = records or self.talent
        return self.env['mailing.mailing'].create({
            'subject': "News", 'body_html': body, 'mailing_model_id': self.env['ir.model']._get_id(model),
            'mailing_domain': repr([('id', 'in', records.ids)]), 'user_id': self.recruiter.id,
            'nurture_topic_id': self.topic.id, 'keep_archives': True})

    def send(self, *args, **vals):
        """The mail as it goes out, with what the mailing looks like to the mail server."""
        mailing = self.make_mailing(*args, **vals)
        with self.mock_mail_gateway():
            mailing.action_send_mail()
            mailing.mailing_trace_ids.mail_mail_id.filtered(lambda mail: mail.state == 'outgoing').send()
        (mail,) = self._mails
        return mailing, mail

    def links(self, mail):
        return [link for link in html.fromstring(mail['body']).xpath('//a/@href') if '/candidate/preferences/' in link]

    def find(self, link):
        token = re.search(r'/candidate/preferences/([\w-]+)', link)[1]
        return self.preferences._get_by_token(token)

    def test_link_in_the_footer(self):
        mailing, mail = self.send()
        (link,) = self.links(mail)
        visit = self.find(link)
        self.assertEqual(
            (visit.partner, visit.company, visit.topic, visit.trace),
            (self.person, self.company, self.topic, mailing.mailing_trace_ids))
        self.assertNotIn('unsubscribe_from_list', mail['body'])

    def test_link_in_the_plain_text(self):
        _mailing, mail = self.send()
        self.assertIn('/candidate/preferences/', mail['body_alternative'])
        self.assertNotIn('unsubscribe_from_list', mail['body_alternative'])

    def test_one_click(self):
        _mailing, mail = self.send()
        link = mail['headers']['List-Unsubscribe']
        self.assertRegex(link, r'^<https?://.*/candidate/preferences/[\w-]+/leave>$')
        self.assertEqual(mail['headers']['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click')
        self.assertEqual(self.find(link).partner, self.person)

    def test_link_that_was_left_out(self):
        _mailing, mail = self.send(body="<p>Hi</p>")
        self.assertEqual(len(self.links(mail)), 1)
        self.assertIn("Choose What You Get from Us, or Stop It", mail['body'])

    def test_merge_field(self):
        """No short link is made of it: four letters would be the key of a person."""
        body = '<p>Hi <a t-att-href="object.candidate_preference_url">Choose</a></p>'
        _mailing, mail = self.send(body=body)
        (link,) = self.links(mail)
        self.assertEqual(self.find(link).partner, self.person)
        self.assertFalse(self.env['link.tracker'].search([('url', 'like', 'preferences')]))

    def test_merge_field_elsewhere(self):
        url = self.talent.with_user(self.recruiter).candidate_preference_url
        visit = self.find(url)
        self.assertEqual((visit.partner, visit.company, visit.trace.ids), (self.person, self.company, []))

    def test_mail_in_the_browser(self):
        mailing, mail = self.send()
        url = mailing._get_unsubscribe_url(self.person.email, self.talent.id)
        self.assertEqual(self.find(url).partner, self.person)

    def test_mailing_to_contacts_is_stock(self):
        customer = self.env['res.partner'].create({'name': "Customer", 'email': "customer@example.com"})
        _mailing, mail = self.send('res.partner', customer)
        self.assertFalse(self.links(mail))
        self.assertIn('/confirm_unsubscribe?', mail['body'])
        self.assertIn('/unsubscribe_oneclick?', mail['headers']['List-Unsubscribe'])

    def test_mail_that_is_no_mailing(self):
        with self.mock_mail_gateway():
            self.talent.with_user(self.recruiter).message_post(
                body="Your interview", partner_ids=self.person.ids, subtype_xmlid='mail.mt_comment')
            self.env['mail.mail'].search([('recipient_ids', 'in', self.person.ids)]).send()
        for mail in self._mails:
            self.assertNotIn('List-Unsubscribe', mail['headers'])
            self.assertFalse('/candidate/preferences/' in mail['body'])

    def test_test_mail(self):
        """It goes to a colleague, for whom nobody may leave."""
        wizard = self.env['mailing.mailing.test'].create({
            'mass_mailing_id': self.make_mailing().id, 'email_to': "rita@example.com"})
        with self.mock_mail_gateway():
            wizard.send_mail_test()
        (mail,) = self._mails
        self.assertFalse(self.links(mail))
        self.assertNotIn('List-Unsubscribe', mail['headers'])

    def test_test_mail_with_the_merge_field(self):
        """The key of the talent for whom it is rendered is not for the colleague."""
        body = '<p>Hi <a t-att-href="object.candidate_preference_url">Choose</a></p>'
        wizard = self.env['mailing.mailing.test'].create({
            'mass_mailing_id': self.make_mailing(body=body).id, 'email_to': "rita@example.com"})
        with self.mock_mail_gateway():
            wizard.send_mail_test()
        (mail,) = self._mails
        self.assertFalse(self.links(mail))

    def test_test_mail_of_a_step(self):
        """By a recruiter, who has no right on mailings."""
        program = self.env['hr.nurture.program'].create({
            'name': "Warm", 'company_id': self.company.id, 'topic_id': self.topic.id, 'pool_ids': self.pool.ids,
            'step_ids': [(0, 0, {'name': "News", 'kind': 'mailing'})]})
        program.step_ids.mailing_id.body_html = '<p><a t-att-href="object.candidate_preference_url">Choose</a></p>'
        self.env.flush_all()
        self.env.invalidate_all()
        with self.mock_mail_gateway():
            program.step_ids.with_user(self.recruiter).action_send_test()
        (mail,) = self._mails
        self.assertFalse(self.links(mail))

    def test_company_of_the_link(self):
        """Who belongs to no company leaves the one that wrote to them."""
        self.talent.sudo().company_id = False
        program = self.env['hr.nurture.program'].create({'name': "Warm", 'company_id': self.other_company.id})
        mailing = self.make_mailing()
        mailing.sudo().nurture_program_id = program
        visit = self.find(mailing._get_preference_url(self.talent.id))
        self.assertEqual(visit.company, self.other_company)
        (recipient,) = mailing._get_nurture_recipients(self.talent.ids).values()
        self.assertEqual(recipient.company_id, self.other_company.id)

    def test_website_of_the_company(self):
        """Where the website of a company has an address of its own, as the module of websites makes it."""
        body = '<p>Hi <a t-att-href="object.candidate_preference_url">Choose</a></p>'
        with patch.object(self.env.registry['hr.applicant'], 'get_base_url', lambda self: 'https://jobs.example.com'):
            _mailing, mail = self.send(body=body)
        self.assertEqual(len(self.links(mail)), 1)
        self.assertNotIn('unsubscribe_from_list', mail['body'])

    def test_keys_are_not_shortened(self):
        """Whoever guesses four letters must not find anybody's page."""
        consent = self.env['hr.candidate.consent'].search([('partner_id', '=', self.person.id)], limit=1)
        keys = [self.preferences._get_page_url(self.person, self.company), consent._get_page_url()]
        page = f'{self.preferences.get_base_url()}/candidate/invitation'
        keys.append(f'{page}/key')
        body = ''.join(f'<a href="{link}">Open</a>' for link in (*keys, page))
        _mailing, mail = self.send(body=f'<p>{body}</p>')
        links = html.fromstring(mail['body']).xpath('//a/@href')
        self.assertEqual(links[:3], keys)
        self.assertIn('/r/', links[3])
        text = self.env['mail.render.mixin']._shorten_links_text(f'{keys[0]} {page}', {})
        self.assertIn(keys[0], text)
        self.assertIn('/r/', text)
