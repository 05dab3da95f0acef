"""What holds for any answers, published in any batches, and whatever is asked of the figures."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..models.hr_experience_partition import Cell, find_block, make_blocks
from .experience_figures_common import ExperienceFiguresCase
from .test_working_time_properties import repeatable

MONTHS = [date(2026, month, 1) for month in range(5, 9)]
# None first: that is what hypothesis shrinks to
DEPARTMENTS, OUTCOMES = st.sampled_from([None, 1, 2, 3]), st.sampled_from([None, 'hired', 'refused'])
STAGES, FAMILIES = st.sampled_from([None, 'applied', 'final']), st.sampled_from([None, 7, 8])
KEYS = st.tuples(st.sampled_from(MONTHS), st.tuples(DEPARTMENTS, OUTCOMES, STAGES, FAMILIES))
CELLS = st.dictionaries(KEYS, st.integers(1, 25), max_size=25).map(
    lambda counts: [Cell(month, facts, count) for (month, facts), count in counts.items()])
THRESHOLDS, PERIODS = st.integers(5, 30), st.sampled_from([1, 3])


@tagged('post_install', '-at_install')
class TestExperiencePartition(TransactionCase):

    @repeatable
    @given(CELLS, THRESHOLDS, PERIODS)
    def test_large_enough_disjoint_and_complete(self, cells, threshold, period):
        blocks = make_blocks(cells, threshold, period)
        total = sum(cell.count for cell in cells)
        self.assertEqual(bool(blocks), total >= threshold)
        for block in blocks:
            self.assertGreaterEqual(sum(cell.count for cell in block.cells), threshold)
        if blocks:
            self.assertEqual(Counter(cell for block in blocks for cell in block.cells), Counter(cells))

    @repeatable
    @given(CELLS, THRESHOLDS, PERIODS)
    def test_who_may_wait_goes_as_a_whole_or_not_at_all(self, cells, threshold, period):
        blocks = make_blocks(cells, threshold, period, may_wait=True)
        self.assertEqual(bool(blocks), sum(cell.count for cell in cells) >= threshold)
        for block in blocks:
            self.assertGreaterEqual(sum(cell.count for cell in block.cells), threshold)
        counted = Counter(cell for block in blocks for cell in block.cells)
        self.assertLessEqual(counted, Counter(cells))

    @repeatable
    @given(CELLS, THRESHOLDS, PERIODS)
    def test_a_fact_of_a_block_is_one_of_each_answer(self, cells, threshold, period):
        for block in make_blocks(cells, threshold, period):
            for cell in block.cells:
                self.assertTrue(all(
                    fact in (None, own) for fact, own in zip(block.facts, cell.facts, strict=True)))

    @repeatable
    @given(CELLS, THRESHOLDS, PERIODS)
    def test_no_two_blocks_are_told_apart_by_nothing(self, cells, threshold, period):
        names = Counter((block.month, block.facts) for block in make_blocks(cells, threshold, period))
        self.assertTrue(all(count == 1 for count in names.values()), names)

    @repeatable
    @given(CELLS, THRESHOLDS, PERIODS)
    def test_the_order_they_come_in_is_nothing(self, cells, threshold, period):
        one, other = (
            {(block.month, block.facts, frozenset(block.cells)) for block in make_blocks(order, threshold, period)}
            for order in (cells, cells[::-1]))
        self.assertEqual(one, other)

    @repeatable
    @given(CELLS, THRESHOLDS, PERIODS, KEYS)
    def test_everybody_who_was_asked_has_a_place(self, cells, threshold, period, key):
        blocks = make_blocks(cells, threshold, period)
        if blocks:
            self.assertIn(find_block(blocks, *key), blocks)
            for block in blocks:
                for cell in block.cells:
                    found = find_block(blocks, cell.month, cell.facts)
                    self.assertEqual(found.facts[0], block.facts[0], "Rates of departments are of their own people.")


BATCHES = st.lists(st.lists(
    st.tuples(st.sampled_from(MONTHS), st.sampled_from(['sales', 'research', 'legal', None]),
              st.sampled_from(['hired', 'refused']), st.integers(0, 10), st.integers(1, 8)),
    max_size=6), min_size=1, max_size=4)
LEAVES = st.sampled_from([
    ('outcome', '=', 'hired'), ('outcome', '=', False), ('department_id', '=', False), ('department_id', '!=', False),
    ('month', '>=', '2026-06-01'), ('month', '=', '2026-07-01'), ('answers', '>', 11), ('nps', '<', 0),
    ('promoters', '=', 1), ('department_id.name', 'ilike', 'a'), ('family_id', '=', False)])
DOMAINS = st.recursive(
    LEAVES.map(lambda leaf: [leaf]),
    lambda inner: st.one_of(st.tuples(inner, inner).map(lambda pair: ['|', *_and(pair[0]), *_and(pair[1])]),
                            inner.map(lambda domain: ['!', *_and(domain)])), max_leaves=4)
GROUPS = st.lists(st.sampled_from([
    'department_id', 'outcome', 'stage_group', 'family_id', 'month:month', 'month:quarter', 'survey_id', 'company_id']),
    max_size=3, unique=True)


def _and(domain):
    return ['&'] * (sum(isinstance(leaf, tuple) for leaf in domain) - 1 - domain.count('|')) + domain


class TestExperienceBlocks(ExperienceFiguresCase):
    """On the database; each example in a savepoint of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exporter = cls.manager.copy({'login': 'experience_exporter'})
        cls.exporter.group_ids += cls.env.ref('base.group_allow_export')

    @settings(repeatable, max_examples=20)
    @given(BATCHES)
    def test_any_batches(self, batches):
        self._try(lambda: self._check_batches(batches))

    @settings(repeatable, max_examples=20)
    @given(BATCHES, st.lists(st.tuples(DOMAINS, GROUPS), min_size=1, max_size=5))
    def test_any_question_is_answered_in_whole_blocks(self, batches, questions):
        self._try(lambda: self._check_questions(batches, questions))

    def _try(self, check):
        savepoint = self.env.cr.savepoint()
        try:
            check()
        finally:
            self.env.invalidate_all()
            savepoint.close(rollback=True)

    def _publish_all(self, batches):
        """:return: how many answers there were in all"""
        count = 0
        for answers in batches:
            for month, department, outcome, nps, number in answers:
                self.make_answers(number, nps=nps, month=month, outcome=outcome,
                                  department_id=getattr(self, department) if department else None)
                count += number
            self.publish()
        return count

    def _check_batches(self, batches):
        seen = {}
        count = 0
        for answers in batches:
            count += self._publish_all([answers])
            blocks = self.env['hr.experience.block'].search([('company_id', '=', self.company.id)])
            self.assertTrue(all(block.answers >= 10 for block in blocks))
            self.assertEqual(sum(blocks.mapped('answers')) + self.count_waiting(), count)
            self.assertLess(self.count_waiting(), 10)
            now = {row['id']: row for row in blocks.read()}
            self.assertEqual({key: now.get(key) for key in seen}, seen, "What was published stays as it is.")
            seen = now

    def _check_questions(self, batches, questions):
        """What two answers differ by is made of whole blocks as well, as each is a sum of them."""
        self._publish_all(batches)
        report = self.env['hr.experience.report'].with_user(self.officer)
        for domain, groupby in questions:
            rows = report._read_group(domain, groupby, ['id:array_agg', 'answers:sum', 'detractors:sum', 'nps:avg'])
            for *_group, ids, answers, detractors, nps in rows:
                blocks = self.env['hr.experience.block'].browse(ids or [])
                self.assertEqual(answers or 0, sum(blocks.mapped('answers')))
                self.assertEqual(detractors or 0, sum(blocks.mapped('detractors')))
                self.assertTrue(not answers or answers >= 10)
                if answers:
                    promoters = sum(blocks.mapped('promoters'))
                    self.assertAlmostEqual(float(nps), 100 * (promoters - detractors) / answers, 6)
            exported = report.with_user(self.exporter).search(domain).export_data(['answers', 'detractors'])['datas']
            self.assertTrue(all(int(answers) >= 10 for answers, _detractors in exported))
