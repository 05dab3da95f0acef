from datetime import date, timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tools import SQL, mute_logger

from .experience_figures_common import JULY, ExperienceFiguresCase

AUGUST, SEPTEMBER = date(2026, 8, 1), date(2026, 9, 1)


class TestExperiencePublish(ExperienceFiguresCase):

    # ------------------------------------------------------------------
    # Blocks
    # ------------------------------------------------------------------

    def test_nine_wait_and_ten_are_published(self):
        self.make_answers(9)
        self.assertFalse(self.publish())
        self.assertEqual(self.count_waiting(), 9)
        self.make_answers(1, nps=3)
        batch = self.publish()
        self.assertEqual((batch.answers, batch.threshold, len(batch.block_ids)), (10, 10, 1))
        block = batch.block_ids
        self.assertEqual((block.promoters, block.passives, block.detractors), (9, 0, 1))
        self.assertEqual(self.count_waiting(), 0, "No answer is kept once it is counted.")

    def test_twice_is_once(self):
        self.make_answers(10)
        self.publish()
        self.assertFalse(self.publish())
        self.assertEqual(self.get_blocks(), [(10,)])

    def test_a_department_with_nine_joins_the_smallest(self):
        self.make_answers(9, department_id=self.legal)
        self.make_answers(11, department_id=self.sales)
        self.make_answers(12, department_id=self.research)
        self.publish()
        self.assertCountEqual(
            self.get_blocks('department_id'), [(self.research, 12), (self.env['hr.department'], 20)],
            "Else the nine would be what is left when the others are taken off.")

    def test_small_ones_are_pooled(self):
        for department in (self.legal, self.sales):
            self.make_answers(6, department_id=department)
        self.make_answers(12, department_id=self.research)
        self.publish()
        self.assertCountEqual(
            self.get_blocks('department_id'), [(self.research, 12), (self.env['hr.department'], 12)])

    def test_facts_are_told_apart_in_their_order(self):
        for outcome in ('hired', 'refused'):
            self.make_answers(10, department_id=self.sales, outcome=outcome)
        self.make_answers(3, department_id=self.sales, outcome='withdrawn')
        self.publish()
        self.assertCountEqual(self.get_blocks('department_id', 'outcome'), [
            (self.sales, 'refused', 10), (self.sales, False, 13)])

    def test_months_with_too_few_are_counted_in_the_next_one(self):
        for month, count in ((JULY, 4), (AUGUST, 11), (SEPTEMBER, 2)):
            self.make_answers(count, month=month)
        self.publish()
        self.assertEqual(self.get_blocks('month'), [(SEPTEMBER, 17)])

    def test_months(self):
        for month, count in ((JULY, 12), (AUGUST, 4), (SEPTEMBER, 10)):
            self.make_answers(count, month=month)
        self.publish()
        self.assertEqual(self.get_blocks('month'), [(JULY, 12), (SEPTEMBER, 14)])

    def test_quarters_show_what_is_too_small_for_a_month(self):
        for month in (JULY, AUGUST, SEPTEMBER):
            for department in (self.sales, self.legal):
                self.make_answers(5, month=month, department_id=department)
        self.company.experience_publish = 'quarterly'
        self.publish()
        self.assertCountEqual(
            self.get_blocks('month', 'department_id'), [(SEPTEMBER, self.sales, 15), (SEPTEMBER, self.legal, 15)])

    def test_what_was_published_never_changes(self):
        self.make_answers(10, department_id=self.sales)
        first = self.publish().block_ids
        before = first.read()
        self.make_answers(3, department_id=self.sales)
        self.assertFalse(self.publish())
        self.make_answers(9, department_id=self.legal, nps=2)
        self.publish()
        self.assertEqual(first.read(), before)
        self.assertEqual(self.get_blocks('department_id'), [(self.sales, 10), (self.env['hr.department'], 12)])

    def test_the_threshold_holds_from_the_next_batch_on(self):
        self.make_answers(10)
        self.publish()
        self.company.experience_threshold = 20
        self.make_answers(19)
        self.assertFalse(self.publish())
        self.make_answers(1)
        self.publish()
        self.company.experience_threshold = 5
        self.make_answers(5)
        self.publish()
        self.assertEqual(self.get_blocks(), [(10,), (20,), (5,)])

    def test_the_database_refuses_smaller_blocks(self):
        self.make_answers(10)
        block = self.publish().block_ids
        shrink = SQL("UPDATE hr_experience_block SET answers = 4, promoters = 4 WHERE id = %s", block.id)
        with self.assertRaisesRegex(IntegrityError, 'answers_least'), mute_logger('odoo.sql_db'):
            self.env.cr.execute(shrink)

    def test_companies_and_questionnaires_are_apart(self):
        other = self.env['res.company'].create({'name': "Elsewhere"})
        self.make_answers(6)
        self.make_answers(6, company=other)
        self.assertFalse(self.publish())
        self.assertFalse(self.publish(company=other))

    # ------------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------------

    def test_statements_are_kept_as_sums(self):
        self.make_answers(6, nps=10, statements={self.on_time: 5, self.respectful: 4})
        self.make_answers(4, nps=2, statements={self.on_time: 1})
        self.publish()
        rows = self.env['hr.experience.block.statement'].search([('block_id.company_id', '=', self.company.id)])
        late = rows.filtered(lambda row: row.question_id == self.on_time)
        self.assertEqual(
            (late.answers, late.total, late.total_squared, late.nps_total, late.nps_squared, late.product),
            (10, 34, 154, 68, 616, 308))
        self.assertFalse(rows.filtered(lambda row: row.question_id == self.respectful), "Six are too few.")

    def test_themes(self):
        self.make_answers(6, nps=10, themes=[self.rude])
        self.make_answers(4, nps=2, themes=[self.late])
        self.make_answers(6, nps=2)
        self.publish()
        rows = self.env['hr.experience.block.theme'].search([('block_id.company_id', '=', self.company.id)])
        self.assertCountEqual([(row.option_id, row.named) for row in rows], [(self.late, 4), (self.rude, 0)])
        self.assertEqual(rows.block_id.detractors, 10)

    def test_a_threshold_that_is_lowered_breaks_no_promise(self):
        self.company.experience_threshold = 10
        self.make_answers(6, threshold=15)
        self.make_answers(6, threshold=10)
        self.assertFalse(self.publish())
        self.assertFalse(self.batches._has_enough_waiting(self.company))
        self.make_answers(3, threshold=10)
        self.assertTrue(self.batches._has_enough_waiting(self.company))
        batch = self.publish()
        self.assertEqual((batch.answers, batch.threshold), (15, 15))
        self.make_answers(10, threshold=10)
        self.assertEqual(self.publish().threshold, 10)

    def test_a_questionnaire_that_was_changed_meanwhile(self):
        self.make_answers(10, nps=10, statements={self.on_time: 5, self.respectful: 4}, themes=[self.late, self.rude])
        self.publish()
        self.on_time.title = "Pay was fair"
        self.respectful.unlink()
        self.rude.unlink()
        self.make_answers(10, nps=0, statements={self.on_time: 1}, themes=[self.late])
        self.publish()
        self.assertEqual(self._get_statements(), [("On time", 5, 10), ("Pay was fair", 1, 10), ("Respectful", 4, 10)],
                         "What was asked before is not what is asked now.")
        self.on_time.title = "On time"
        self.assertEqual(self._get_statements(), [("On time", 5, 10), ("Pay was fair", 1, 10), ("Respectful", 4, 10)])

    def test_translations_that_come_later(self):
        self.make_answers(10, nps=0, statements={self.on_time: 5}, themes=[self.late])
        self.publish()
        self.env['res.lang']._activate_lang('zh_CN')
        self.on_time.with_context(lang='zh_CN').title = "准时"
        self.late.with_context(lang='zh_CN').value = "面试官迟到"
        self.assertEqual(self._get_statements(lang='zh_CN'), [("准时", 5, 10)])
        themes = self.env['hr.experience.theme.report'].with_context(lang='zh_CN').search(
            [('company_id', '=', self.company.id)]).mapped('theme')
        self.assertIn("面试官迟到", themes)

    def test_what_a_removed_question_was_answered_is_passed_over(self):
        self.make_answers(10, statements={self.on_time: 5, self.respectful: 4}, themes=[self.rude])
        self.env.cr.execute("DELETE FROM survey_question WHERE id = %s", [self.respectful.id])
        self.env.cr.execute("DELETE FROM survey_question_answer WHERE id = %s", [self.rude.id])
        self.assertEqual(self.publish().answers, 10)
        self.assertEqual(self._get_statements(), [("On time", 5, 10)])

    def _get_statements(self, lang='en_US'):
        self.env.invalidate_all()
        return self.env['hr.experience.statement.report'].with_context(lang=lang)._read_group(
            [('company_id', '=', self.company.id)], ['statement'], ['average:avg', 'answers:sum'])

    def test_odd_contents_are_passed_over(self):
        self.make_answers(10)
        self.env.cr.execute("UPDATE hr_experience_answer SET statements = NULL, themes = 'null'")
        self.assertEqual(self.publish().answers, 10)

    def test_invited(self):
        self.env['hr.survey.invitation'].create([{
            'survey_id': self.survey.id, 'company_id': self.company.id, 'state': state,
            'sent_date': state not in ('waiting', 'failed') and date(2026, 7, 9), 'department_id': department.id,
        } for department, states in ((self.sales, ['sent'] * 16 + ['expired'] * 4), (self.legal, ['sent'] * 3),
                                     (self.research, ['waiting'] * 5 + ['failed'] * 2)) for state in states])
        self.make_answers(10, department_id=self.sales)
        self.make_answers(12)
        batch = self.publish()
        invited = {block.department_id: block.invited for block in batch.block_ids}
        self.assertEqual(invited, {self.sales: 20, self.env['hr.department']: 3})
        self.assertEqual(batch.invited, 23)
        self.make_answers(10)
        self.assertEqual(self.publish().invited, 0, "Each invitation counts once.")

    def test_who_is_asked_on_the_day_of_publishing_counts_the_next_time(self):
        today = self.env['hr.experience.batch']._get_today(self.company)
        self.make_answers(10)
        self.publish(today)
        self.env['hr.survey.invitation'].create([{
            'survey_id': self.survey.id, 'company_id': self.company.id, 'state': state, 'sent_date': today,
        } for state in ['sent'] * 18 + ['cancelled'] * 2])
        self.make_answers(10)
        tomorrow = today + timedelta(days=1)
        with patch.object(type(self.batches), '_get_today', lambda *args: tomorrow):
            self.assertEqual(self.publish(tomorrow).invited, 20)

    # ------------------------------------------------------------------
    # Comments
    # ------------------------------------------------------------------

    def test_comments_come_with_their_batch(self):
        for number in range(9):
            self.make_comment(f"Comment {number}", department=self.sales)
        self.make_answers(9, department_id=self.sales)
        self.publish()
        report = self.env['hr.experience.report']
        self.assertEqual(report._get_comments(False, False, 0)['total'], 0)
        self.make_comment("In legal", department=self.legal, month=AUGUST)
        self.make_answers(1, department_id=self.legal, month=AUGUST)
        self.publish()
        comments = report._get_comments(False, False, 0)
        self.assertEqual(comments['total'], 10)
        self.assertEqual({row['department'] for row in comments['rows']}, {False}, "Nobody's department is told.")
        self.assertEqual({row['month'] for row in comments['rows']}, {"Aug 2026"})

    def test_comments_of_a_department_with_a_block(self):
        self.make_answers(10, department_id=self.sales)
        self.make_answers(10, department_id=self.legal)
        self.make_comment("Sold", department=self.sales)
        self.make_comment("<script>alert(1)</script>", department=self.legal)
        self.make_comment("Nowhere")
        self.publish()
        rows = self.env['hr.experience.report']._get_comments(self.sales.id, False, 0)['rows']
        self.assertEqual([row['body'] for row in rows], ["Sold"])

    def test_comments_are_in_no_order(self):
        bodies = [f"Comment {number:02}" for number in range(60)]
        for body in bodies:
            self.make_comment(body)
        self.make_answers(60)
        self.publish()
        by_id, by_place = self._get_bodies('id'), self._get_bodies('ctid')
        self.assertCountEqual(by_id, bodies)
        for order in (by_id, by_place):
            kept = sum(order.index(one) + 1 == order.index(other)
                       for one, other in zip(bodies, bodies[1:], strict=False))
            self.assertLess(kept, 10)
        pages = [self.env['hr.experience.report']._get_comments(False, False, offset)['rows'] for offset in (0, 20, 40)]
        self.assertEqual(sorted(row['body'] for page in pages for row in page), bodies)

    def _get_bodies(self, order):
        self.env.cr.execute(SQL(
            "SELECT body FROM hr_experience_comment WHERE company_id = %s ORDER BY %s", self.company.id, SQL(order)))
        return [body for body, in self.env.cr.fetchall()]

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _run_cron(self, today):
        cron = self.env.ref('candidate_relationship.ir_cron_experience_publish')
        with patch.object(type(self.batches), '_get_today', lambda *args: today), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_month_is_published_when_it_is_over(self):
        self.make_answers(10)
        self._run_cron(date(2026, 7, 31))
        self.assertFalse(self.get_blocks())
        self._run_cron(date(2026, 8, 1))
        self.assertEqual(self.get_blocks('month'), [(JULY, 10)])

    def test_a_quarter_is_published_when_it_is_over(self):
        self.company.experience_publish = 'quarterly'
        self.make_answers(10)
        self._run_cron(date(2026, 9, 30))
        self.assertFalse(self.get_blocks())
        self._run_cron(date(2026, 10, 1))
        self.assertEqual(self.get_blocks(), [(10,)])

    def test_once_a_week(self):
        self.company.experience_publish = 'weekly'
        for today, count in ((15, 1), (20, 1), (22, 2)):
            self.make_answers(10)
            self._run_cron(date(2026, 7, today))
            self.assertEqual(len(self.get_blocks()), count)

    def test_publish_now(self):
        with self.assertRaises(AccessError):
            self.batches.with_user(self.officer).action_publish_now()
        as_manager = self.batches.with_user(self.manager)
        self.make_answers(9)
        answer = as_manager.action_publish_and_tell()
        self.assertEqual(answer, {'done': False, 'message': (
            "Too few answers wait: they are published as soon as there are enough.")})
        self.make_answers(1)
        self.assertTrue(as_manager.action_publish_and_tell()['done'])
        self.assertEqual(self.get_blocks(), [(10,)])
