"""Queries stay few as rows grow: counted, never timed."""

from unittest.mock import patch

from .common import FeedbackCase

FEW, MANY = 50, 500
# what the module may add to one bulk operation of stock Odoo
EXTRA = 20
CARD = {name: {} for name in (
    'partner_name', 'stage_id', 'feedback_status', 'feedback_deadline', 'feedback_promised_date')}
ROW = {**CARD, **{name: {} for name in ('feedback_user_id', 'feedback_box', 'feedback_promise_count')}}
PROMISE = {name: {} for name in (
    'display_name', 'partner_name', 'due_status', 'is_overdue', 'deadline', 'user_id', 'state', 'cancel_reason')}


class TestQueries(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env['hr.feedback.sla'].search([])
        cls.make_policy('stage', stage_ids=cls.stage_talk.ids)
        cls.policies |= cls.env['hr.feedback.sla'].search([])
        # what is logged in the chatter is stock Odoo's, and most of the work
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, mail_create_nosubscribe=True))

    def setUp(self):
        super().setUp()
        # stock Odoo collects garbage of the bus at random
        self.startPatcher(patch('random.random', lambda: 1))

    def count(self, function, *args, **kwargs):
        """Queries of a call, its flush included, on warm caches of the registry."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args, **kwargs)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def make(self, count):
        return self.make_applicants(*[f"Candidate {number}" for number in range(count)], email_from=False)

    def extra(self, make, work):
        """Queries that the policies add to some work on records that were made before."""
        counts = []
        for active in (True, False):
            self.policies.write({'active': active})
            work(make(1))
            counts.append(self.count(work, make(self.size)))
        self.policies.action_unarchive()
        return counts[0] - counts[1]

    def assertBounded(self, make, work):
        """Many rows cost hardly more queries than few, as they are inserted by the hundred."""
        extra = {}
        for self.size in (FEW, MANY):
            extra[self.size] = self.extra(make, work)
        self.assertLessEqual(extra[MANY], EXTRA, extra)
        self.assertLessEqual(extra[MANY] - extra[FEW], MANY // 100 * 2, extra)

    def test_create(self):
        self.assertBounded(lambda size: size, self.make)

    def test_move(self):
        self.assertBounded(self.make, lambda applicants: applicants.write({'stage_id': self.stage_talk.id}))

    def test_archive(self):
        self.assertBounded(self.make, lambda applicants: applicants.action_archive())

    def test_change_of_the_recruiter(self):
        self.assertBounded(self.make, lambda applicants: applicants.write({'user_id': self.colleague.id}))

    def assertFlat(self, function):
        """As many queries for a screen of many rows as for one of few."""
        applicants = self.make(60)
        self.make_interview(applicants[0])
        applicants[1::3].write({'kanban_state': 'waiting'})
        self.log_call(applicants[2])
        function(applicants)
        self.assertEqual(self.count(function, applicants), self.count(function, applicants[:10]))

    def open_screen(self, records, specification):
        # the web client always says in which zone it is
        records = records.with_context(tz='Europe/Brussels')
        return records.web_search_read([('id', 'in', records.ids)], specification)

    def test_kanban_is_flat(self):
        self.assertFlat(lambda applicants: self.open_screen(applicants, CARD))

    def test_list_is_flat(self):
        self.assertFlat(lambda applicants: self.open_screen(applicants, ROW))

    def test_list_of_promises_is_flat(self):
        self.assertFlat(lambda applicants: self.open_screen(self.promises(applicants), PROMISE))

    def test_kanban_costs_one_query_more(self):
        stock = {name: {} for name in ('partner_name', 'stage_id')}
        badge = {**stock, 'feedback_status': {}, 'feedback_deadline': {}}
        applicants = self.make(20)
        for specification in (stock, badge):
            self.open_screen(applicants, specification)
        without = self.count(self.open_screen, applicants, stock)
        self.assertLessEqual(self.count(self.open_screen, applicants, badge) - without, 1)

    def test_log_a_call_with_many(self):
        few, many = self.make(5), self.make(50)
        self.log_call(self.make(1))
        # each promise is written once, as each has its own note; the notes are stock Odoo's business
        messages = {applicant: applicant.message_ids[:1] for applicant in few + many}
        counts = [
            self.count(applicants._feedback_answer_by_call, self.START, messages) for applicants in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + 50)

    def test_scheduled_job_without_work(self):
        self.make(20)
        job = self.env['hr.feedback.promise']
        with patch.object(type(self.env['ir.cron']), '_commit_progress', lambda *args, **kwargs: 60):
            job._cron_warn()
            self.assertLessEqual(self.count(job._cron_warn), 4)
