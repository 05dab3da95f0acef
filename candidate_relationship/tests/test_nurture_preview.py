"""Before a mailing is sent: who gets it and who not, in numbers that open; after it, the same from its traces."""

from odoo.exceptions import AccessError

from .common import INTERVIEWER
from .test_nurture_mailing import MailingCase


class TestPreview(MailingCase):

    def setUp(self):
        super().setUp()
        for user in (self.recruiter, self.manager):
            user.group_ids += self.env.ref('mass_mailing.group_mass_mailing_user')
        (self.dan,) = self.make_talents("Dan Darwin", agree=False)
        self.contact(self.ann)
        self.people = self.ann | self.ben | self.cid | self.dan

    def open(self, action, user=None):
        return self.env[action['res_model']].with_user(user or self.recruiter).browse(action['res_id'])

    def preview(self, mailing, user=None):
        return self.open(mailing.with_user(user or self.recruiter).action_nurture_preview(), user)

    def behind(self, action):
        self.assertEqual(action['res_model'], 'hr.applicant')
        return self.env['hr.applicant'].with_context(**action['context']).search(action['domain'])

    def test_numbers_and_lists(self):
        preview = self.preview(self.make_mailing(*self.people))
        self.assertEqual((preview.chosen_count, preview.reached_count, preview.left_out_count), (4, 2, 2))
        self.assertEqual(
            preview.summary, "4 chosen, 2 will get it, 1 without consent, 1 contacted since 31 Jan")
        self.assertEqual(preview.share, 100)
        self.assertFalse(preview.can_send)
        self.assertEqual(self.behind(preview.action_open_reached()), self.ben | self.cid)
        lines = {line.reason: line for line in preview.line_ids}
        self.assertEqual(self.behind(lines['budget'].action_open()), self.ann)
        self.assertEqual(self.behind(lines['no_consent'].action_open()), self.dan)

    def test_every_reason_has_words(self):
        mailing = self.make_mailing(self.ann)
        wizard = self.env['hr.nurture.preview']
        for reason, _label in self.env['mailing.trace']._fields['nurture_reason'].selection:
            self.assertTrue(wizard._get_words(mailing, reason))

    def test_send(self):
        mailing = self.make_mailing(*self.people)
        wizard = self.open(mailing.with_user(self.recruiter).action_nurture_send())
        self.assertTrue(wizard.can_send)
        # its words hold placeholders that only an editor of templates may save
        wizard.sudo().action_send()
        self.assertEqual(mailing.state, 'in_queue')

    def test_nobody_gets_it(self):
        wizard = self.open(self.make_mailing(self.ann).with_user(self.recruiter).action_nurture_send())
        self.assertFalse(wizard.can_send)
        self.assertEqual(wizard.left_out_count, 1)
        self.assertEqual(self.preview(self.make_mailing()).chosen_count, 0)

    def test_preview_says_what_sending_does(self):
        mailing = self.make_mailing(*self.people)
        said = {talent_id: reason for talent_id, reason in mailing._get_preview().items() if reason}
        self.send(mailing)
        traces = mailing.mailing_trace_ids.filtered('nurture_reason')
        self.assertEqual({trace.res_id: trace.nurture_reason for trace in traces}, said)
        self.assertEqual(mailing._get_preview(), {}, "Everybody was dealt with.")

    def test_doubles(self):
        (twin,) = self.make_talents("Ben Twin", email_from='other@candidate.example.com', agree=False)
        twin.sudo().write({'partner_id': self.ben.sudo().partner_id.id})
        preview = self.preview(self.make_mailing(self.ben, twin))
        self.assertEqual((preview.reached_count, preview.line_ids.mapped('reason')), (1, ['duplicate']))

    def test_share_of_a_test(self):
        mailing = self.make_mailing(*self.people, ab_testing_enabled=True, ab_testing_pc=25)
        self.assertEqual(self.preview(mailing).share, 25)

    def test_held_of_the_mailing(self):
        mailing = self.make_mailing(*self.people)
        self.assertEqual(mailing.nurture_held_count, 0)
        self.send(mailing)
        self.assertEqual(mailing.nurture_held_count, 2)
        held = mailing.with_user(self.recruiter).nurture_held_ids
        self.assertEqual({row.reason: row.count for row in held}, {'budget': 1, 'no_consent': 1})
        for row in held:
            action = row.action_open()
            traces = self.env['mailing.trace'].with_user(self.recruiter).search(action['domain'])
            self.assertEqual((traces.nurture_reason, len(traces)), (row.reason, 1))
        everybody = mailing.with_user(self.recruiter).action_view_nurture_held()
        self.assertEqual(self.env['mailing.trace'].search_count(everybody['domain']), 2)

    def test_held_after_an_unflushed_write(self):
        mailing = self.make_mailing(self.ann)
        self.send(mailing)
        mailing.mailing_trace_ids.nurture_reason = 'paused'
        self.assertEqual(self.env['hr.nurture.held'].search([('mailing_id', '=', mailing.id)]).reason, 'paused')

    def test_who_may_not_see_mailings(self):
        stranger = self.make_user('stan', INTERVIEWER)
        mailing = self.make_mailing(self.ann)
        for user in (stranger, self.colleague):
            with self.assertRaises(AccessError):
                mailing.with_user(user).action_nurture_preview()
        with self.assertRaises(AccessError):
            self.env['hr.nurture.held'].with_user(stranger).search([])

    def test_who_may_see_mailings_only(self):
        """Email Marketing sends to people whom its users may not open: they see the numbers."""
        writer = self.make_user('wim', 'mass_mailing.group_mass_mailing_user')
        mailing = self.make_mailing(*self.people)
        self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.open(mailing.with_user(writer).action_nurture_send(), writer)
        self.assertEqual((wizard.chosen_count, wizard.reached_count, wizard.can_send), (4, 2, True))
        with self.assertRaises(AccessError):
            self.env['hr.applicant'].with_user(writer).search(wizard.action_open_reached()['domain'])

    def test_preview_of_somebody_else(self):
        wizard = self.preview(self.make_mailing(self.ann))
        self.env.flush_all()
        self.env.invalidate_all()
        for record in (wizard, wizard.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).read(['create_uid'])

    def test_views(self):
        for user in (self.recruiter, self.manager):
            self.env['mailing.mailing'].with_user(user).get_views([(False, 'form')])
            self.env['mailing.trace'].with_user(user).get_views([(False, 'list'), (False, 'search'), (False, 'form')])
            self.env['hr.nurture.contact'].with_user(user).get_views([(False, 'list'), (False, 'search')])
            self.env['hr.nurture.preview'].with_user(user).get_views([(False, 'form')])

    def test_source_of_a_contact(self):
        mailing = self.make_mailing(self.ben)
        self.send(mailing)
        contact = self.contacts.search([('source_id', '=', mailing.id)])
        self.assertEqual(contact.with_user(self.colleague).source_name, "News")
        mailing.unlink()
        contact.invalidate_recordset()
        self.assertFalse(contact.source_name)
