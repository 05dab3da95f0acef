"""What is searched, sorted and grouped by is what is shown."""

from odoo import fields

from .common import OFFICER, FeedbackCase, at

# the clock stands at 09:00 UTC on Monday, March 2nd
PROMISES = {
    'overdue': [{'state': 'running', 'deadline': '2026-03-02 08:59:59'}],
    'now': [{'state': 'running', 'deadline': '2026-03-02 09:00:00'}],
    'today': [{'state': 'running', 'deadline': '2026-03-02 16:00:00'}],
    'late tonight': [{'state': 'running', 'deadline': '2026-03-02 23:30:00'}],
    'on time': [{'state': 'running', 'deadline': '2026-03-12 16:00:00'}],
    'no deadline': [{'state': 'running', 'deadline': False}],
    'paused': [{'state': 'paused', 'deadline': '2026-03-04 16:00:00'}],
    'paused and overdue': [{'state': 'paused', 'deadline': '2026-02-02 16:00:00'}],
    'answered': [{'state': 'kept', 'deadline': '2026-03-02 16:00:00'}],
    'late': [{'state': 'late', 'deadline': '2026-02-02 16:00:00'}],
    'cancelled': [{'state': 'cancelled', 'deadline': '2026-03-02 16:00:00'}],
    'nothing': [],
    'two running': [
        {'state': 'running', 'deadline': '2026-03-20 16:00:00'},
        {'state': 'running', 'deadline': '2026-03-01 16:00:00'}],
    'paused before running': [
        {'state': 'paused', 'deadline': '2026-03-01 16:00:00'},
        {'state': 'running', 'deadline': '2026-03-19 16:00:00'}],
    'paused before no deadline': [
        {'state': 'paused', 'deadline': '2026-03-01 16:00:00'}, {'state': 'running', 'deadline': False}],
    'no deadline first': [
        {'state': 'running', 'deadline': False}, {'state': 'running', 'deadline': '2026-03-18 16:00:00'}],
    'answered and running': [
        {'state': 'kept', 'deadline': '2026-03-01 16:00:00'}, {'state': 'running', 'deadline': '2026-03-17 16:00:00'}],
    'of a colleague': [{'state': 'running', 'deadline': '2026-03-02 15:00:00', 'user': 'colleague'}],
    'of nobody': [{'state': 'running', 'deadline': '2026-03-02 15:00:00', 'user': None}],
    'of two': [
        {'state': 'running', 'deadline': '2026-03-16 16:00:00', 'user': 'colleague'},
        {'state': 'running', 'deadline': '2026-03-15 16:00:00'}],
}
STATUSES = ('overdue', 'today', 'on_time', 'paused', False)


class SearchCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['hr.feedback.sla'].search([]).action_archive()
        cls.applicants = cls.make_applicants(*PROMISES)
        cls.rows = cls.env['hr.feedback.promise'].create([
            cls._prepare_promise(applicant, index, **vals)
            for applicant in cls.applicants for index, vals in enumerate(PROMISES[applicant.partner_name])])
        cls.reader = cls.make_user('ruth', OFFICER, tz='UTC')

    @classmethod
    def _prepare_promise(cls, applicant, index, user='recruiter', **vals):
        return {
            'applicant_id': applicant.id,
            'trigger': ('application', 'outcome')[index],
            'means': 'any',
            'company_id': cls.company.id,
            'user_id': bool(user) and getattr(cls, user).id,
            'trigger_datetime': at('2026-02-01 09:00'),
            **vals,
        }

    def assertSearched(self, records, name, operator, value, expected):
        """The search finds, of these records, those of which the test of the shown value is true."""
        with self.subTest(field=name, operator=operator, value=value):
            found = records.search([('id', 'in', records.ids), (name, operator, value)])
            shown = records.filtered(lambda record: expected(self._shown(record[name])))
            self.assertEqual(self._names(found), self._names(shown))

    def assertAllSearched(self, records, name, values):
        """Every operator that can be used with the values of a selection, a flag or a record."""
        for value in values:
            self.assertSearched(records, name, '=', value, lambda shown, value=value: shown == value)
            self.assertSearched(records, name, '!=', value, lambda shown, value=value: shown != value)
        for some in (values[:2], values[-2:], values, []):
            self.assertSearched(records, name, 'in', some, lambda shown, some=some: shown in some)
            self.assertSearched(records, name, 'not in', some, lambda shown, some=some: shown not in some)

    @staticmethod
    def _shown(value):
        return value.id if hasattr(value, 'ids') else value

    @staticmethod
    def _names(records):
        return sorted(records.mapped('display_name'))

    def as_reader(self, records, **context):
        return records.with_user(self.reader).with_context(**context)


class TestPromiseSearch(SearchCase):

    def test_every_status_occurs(self):
        self.assertEqual(set(self.as_reader(self.rows).mapped('due_status')), set(STATUSES))
        self.assertEqual(set(self.as_reader(self.rows).mapped('is_overdue')), {True, False})

    def test_due_status(self):
        self.assertAllSearched(self.as_reader(self.rows), 'due_status', list(STATUSES))

    def test_overdue(self):
        self.assertAllSearched(self.as_reader(self.rows), 'is_overdue', [True, False])

    def test_overdue_is_said_in_many_ways(self):
        promises = self.as_reader(self.rows)
        overdue = promises.filtered('is_overdue')
        of_ours = [('id', 'in', promises.ids)]
        self.assertEqual(promises.search([*of_ours, ('is_overdue', '!=', False)]), overdue)
        self.assertEqual(promises.search([*of_ours, '!', ('is_overdue', '=', True)]), promises - overdue)

    def test_status_in_other_zones(self):
        for tz in ('Asia/Shanghai', 'America/New_York', 'Europe/Brussels', 'Pacific/Auckland'):
            with self.subTest(tz=tz):
                self.assertAllSearched(self.as_reader(self.rows, tz=tz), 'due_status', list(STATUSES))

    def test_today_is_the_readers(self):
        tonight = self.as_reader(self.rows.filtered(lambda p: p.deadline == at('2026-03-02 23:30')))
        self.assertEqual(tonight.due_status, 'today')
        # half past midnight
        self.assertEqual(tonight.with_context(tz='Europe/Brussels').due_status, 'on_time')
        self.assertEqual(tonight.with_context(tz='America/New_York').due_status, 'today')

    def test_today_of_a_reader_whose_zone_only_the_user_knows(self):
        tonight = self.rows.filtered(lambda p: p.deadline == at('2026-03-02 23:30'))
        self.assertEqual(self.as_reader(tonight).due_status, 'today')
        self.assertEqual(tonight.with_user(self.recruiter).due_status, 'on_time')

    def test_sorted_by_status(self):
        promises = self.as_reader(self.rows)
        found = promises.search([('id', 'in', promises.ids)], order='due_status')
        statuses = [promise.due_status for promise in found]
        by_name = sorted(filter(None, statuses))
        self.assertEqual(statuses[:len(by_name)], by_name)
        self.assertFalse(any(statuses[len(by_name):]))

    def test_found_by_the_candidates_name(self):
        found = self.as_reader(self.rows).name_search('two run')
        self.assertEqual(len(found), 2)


class TestApplicantSearch(SearchCase):

    def shown(self, **context):
        return self.as_reader(self.applicants, **context)

    def test_status(self):
        self.assertEqual(set(self.shown().mapped('feedback_status')), set(STATUSES))
        self.assertAllSearched(self.shown(), 'feedback_status', list(STATUSES))

    def test_status_in_other_zones(self):
        for tz in ('Asia/Shanghai', 'America/New_York'):
            with self.subTest(tz=tz):
                self.assertAllSearched(self.shown(tz=tz), 'feedback_status', list(STATUSES))

    def test_status_of_the_most_urgent_promise(self):
        expected = {
            'two running': 'overdue', 'paused before running': 'on_time', 'paused before no deadline': 'on_time',
            'no deadline first': 'on_time', 'answered and running': 'on_time', 'paused and overdue': 'paused',
            'answered': False, 'nothing': False, 'now': 'today'}
        shown = {applicant.partner_name: applicant.feedback_status for applicant in self.shown()}
        self.assertEqual({name: shown[name] for name in expected}, expected)

    def test_user(self):
        self.assertAllSearched(
            self.shown(), 'feedback_user_id', [self.recruiter.id, self.colleague.id, self.manager.id, False])

    def test_user_by_name(self):
        found = self.shown().search([('id', 'in', self.applicants.ids), ('feedback_user_id', 'ilike', "carl")])
        self.assertEqual(self._names(found), ['of a colleague'])

    def test_promise(self):
        self.assertAllSearched(self.shown(), 'feedback_promise_id', [*self.rows.ids, False])

    def test_deadline_compared(self):
        for moment in ('2026-03-02 09:00:00', '2026-03-16 00:00:00', '2026-03-19 16:00:00'):
            limit = at(moment)
            self.assertSearched(self.shown(), 'feedback_deadline', '<', moment, lambda d, m=limit: d and d < m)
            self.assertSearched(self.shown(), 'feedback_deadline', '<=', moment, lambda d, m=limit: d and d <= m)
            self.assertSearched(self.shown(), 'feedback_deadline', '>', moment, lambda d, m=limit: d and d > m)
            self.assertSearched(self.shown(), 'feedback_deadline', '>=', moment, lambda d, m=limit: d and d >= m)

    def test_deadline_equal(self):
        for moment in (at('2026-03-19 16:00'), at('2026-03-01 16:00'), at('2030-01-01 00:00'), False):
            self.assertSearched(self.shown(), 'feedback_deadline', '=', moment, lambda d, m=moment: d == m)
            self.assertSearched(self.shown(), 'feedback_deadline', '!=', moment, lambda d, m=moment: d != m)
        some = [at('2026-03-19 16:00'), False]
        self.assertSearched(self.shown(), 'feedback_deadline', 'in', some, lambda d: d in some)
        self.assertSearched(self.shown(), 'feedback_deadline', 'not in', some, lambda d: d not in some)

    def test_deadline_between(self):
        found = self.shown().search([
            ('id', 'in', self.applicants.ids),
            ('feedback_deadline', '>=', '2026-03-16'), ('feedback_deadline', '<', '2026-03-19')])
        self.assertEqual(self._names(found), ['answered and running', 'no deadline first'])

    def test_sorted_by_deadline(self):
        for order in ('feedback_deadline', 'feedback_deadline desc'):
            with self.subTest(order=order):
                found = self.shown().search([('id', 'in', self.applicants.ids)], order=f'{order}, id')
                self._assert_sorted(found, descending=order.endswith('desc'))

    def _assert_sorted(self, applicants, descending):
        dated = applicants.filtered('feedback_deadline')
        self.assertEqual(
            dated.mapped('feedback_deadline'), sorted(dated.mapped('feedback_deadline'), reverse=descending))
        # without a deadline: last, or first where the order is turned round
        undated = applicants - dated
        self.assertEqual(applicants[:len(undated)] if descending else applicants[len(dated):], undated)

    def test_grouped_by_week(self):
        groups = self.shown(tz='Europe/Brussels').formatted_read_group(
            [('id', 'in', self.applicants.ids)], ['feedback_deadline:week'], ['__count'])
        counts = {group['feedback_deadline:week'] and group['feedback_deadline:week'][0]: group['__count']
                  for group in groups}
        self.assertEqual(counts, self._count_by_week())

    def _count_by_week(self):
        """In Brussels, where weeks begin on Sunday for English readers: half past midnight is the next day."""
        counts = {}
        for applicant in self.shown():
            day = applicant.feedback_deadline and fields.Datetime.context_timestamp(
                self.shown(tz='Europe/Brussels'), applicant.feedback_deadline).date()
            first = fields.Date.start_of(fields.Date.add(day, days=1), 'week') if day else None
            start = first and fields.Datetime.to_string(fields.Datetime.subtract(at(first), days=1, hours=1))
            counts[start or False] = counts.get(start or False, 0) + 1
        return counts

    def test_group_opens_what_it_counts(self):
        shown = self.shown(tz='Europe/Brussels')
        groups = shown.formatted_read_group(
            [('id', 'in', self.applicants.ids)], ['feedback_deadline:week'], ['__count'])
        for group in groups:
            domain = [('id', 'in', self.applicants.ids), *group['__extra_domain']]
            self.assertEqual(shown.search_count(domain), group['__count'])

    def test_combined_with_other_conditions(self):
        found = self.shown().search([
            ('feedback_status', '=', 'overdue'), ('user_id', '=', self.recruiter.id),
            ('id', 'in', self.applicants.ids)])
        self.assertEqual(self._names(found), ['overdue', 'two running'])

    def test_unflushed_changes_are_seen(self):
        promise = self.rows.filtered(lambda p: p.applicant_id.partner_name == 'on time')
        promise.deadline = at('2026-02-28 16:00')
        self.assertIn(promise.applicant_id, self.shown().search([('feedback_deadline', '<', '2026-03-01')]))
        promise.deadline = at('2026-02-27 16:00')
        self.assertIn(promise.applicant_id, self.shown().search([('feedback_status', '=', 'overdue')]))
        promise.state = 'kept'
        self.assertNotIn(promise.applicant_id, self.shown().search([('feedback_promise_id', '!=', False)]))

    def test_interviewer_searches_among_own_applicants(self):
        mine = self.applicants[:2]
        mine.interviewer_ids = self.interviewer
        found = self.env['hr.applicant'].with_user(self.interviewer).search([('feedback_status', '!=', False)])
        self.assertEqual(found, mine.with_user(self.interviewer))
