"""History of applications from before the installation: as it would be, had it been written live."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command

from .. import hooks
from ..models import hr_applicant_stage_backfill
from .test_stage_history import StageHistoryCase
from .test_working_time_properties import repeatable

COLUMNS = ('position', 'stage_id', 'outcome', 'entered_datetime', 'left_datetime', 'working_hours', 'job_id',
           'department_id', 'company_id', 'user_id', 'create_uid')


class BackfillCase(StageHistoryCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()
        self.logs = self.env['hr.applicant.stage.log']

    def rows(self, applicants):
        return [tuple(row[name] for name in ('applicant_id', *COLUMNS)) for row in self.history(applicants).sudo()]

    def forget(self, applicants):
        """As it was before the installation."""
        self.end_request()
        self.cr.execute("DELETE FROM hr_applicant_stage_log WHERE applicant_id IN %s", [tuple(applicants.ids)])
        self.env.invalidate_all()

    def backfill(self):
        self.logs._backfill_at_install()

    def assertAsLive(self, applicants=None, gaps=False):
        """The history is found again, down to who did what."""
        applicants = applicants or self.applicant
        self.end_request()
        live = self.rows(applicants)
        self.forget(applicants)
        self.backfill()
        self.assertEqual(self.rows(applicants), live)
        self.assertSound(applicants, gaps)

    def untracked(self, applicant, **vals):
        """A change that leaves no trace, as of an import."""
        applicant.with_context(tracking_disable=True).sudo().write(vals)
        self.end_request()


class TestStageBackfill(BackfillCase):

    def test_never_moved(self):
        self.assertAsLive()

    def test_moved(self):
        self.move(self.applicant, 'talk')
        self.move(self.applicant.with_user(self.colleague), 'offer', hours=30)
        self.move(self.applicant, 'talk', hours=40)
        self.assertAsLive()

    def test_refused_restored_and_hired(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.pass_time(days=3)
        self.applicant.action_unarchive()
        self.move(self.applicant, 'signed')
        self.assertAsLive()
        self.pass_time(hours=30)
        self.applicant.action_archive()
        self.assertAsLive()

    def test_refused_where_it_was_moved_to(self):
        self.pass_time(hours=1)
        self.applicant.write({'stage_id': self.stage_talk.id, 'active': False, 'refuse_reason_id': self.reason.id})
        self.assertAsLive()

    def test_archived(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.applicant.action_archive()
        self.end_request()
        # stock Odoo doesn't note when: it was its last change
        self.cr.execute("UPDATE hr_applicant SET write_date = '2026-03-02 11:00' WHERE id = %s", self.applicant.ids)
        self.pass_time(days=1)
        self.assertAsLive()
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'withdrawn', 1.0))

    def test_other_job_and_recruiter(self):
        other = self.env['hr.job'].create({
            'name': "Tester", 'company_id': self.company.id, 'department_id': self.research.id,
            'user_id': self.colleague.id})
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.applicant.job_id = other
        self.move(self.applicant, 'offer')
        self.pass_time(hours=1)
        self.applicant.user_id = self.recruiter
        self.assertAsLive()
        self.assertEqual(self.history(self.applicant).mapped('job_id'), self.job + other)

    def test_without_a_job_for_a_while(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.applicant.job_id = False
        self.pass_time(hours=1)
        self.applicant.job_id = self.job
        self.assertAsLive(gaps=True)

    def test_first_job_later(self):
        self.applicant = self.make_applicant(job_id=False)
        self.pass_time(hours=1)
        self.applicant.job_id = self.job
        self.assertAsLive()

    def test_many_batches(self):
        applicants = self.make_applicants(*"ABCDEFG") + self.applicant
        self.move(applicants[::2], 'talk')
        self.move(applicants[::3], 'offer')
        with patch.object(hr_applicant_stage_backfill, 'BATCH', 3):
            self.assertAsLive(applicants)

    def test_what_needs_none(self):
        pool = self.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': self.company.id})
        self.env['talent.pool.add.applicants'].with_user(self.recruiter).create({
            'applicant_ids': self.applicant.ids, 'talent_pool_ids': pool.ids}).action_add_applicants_to_pool()
        talent = self.applicant.pool_applicant_id
        talent.stage_id = self.stage_talk
        without = self.make_applicant("John Roe", job_id=False)
        self.end_request()
        self.backfill()
        self.assertFalse(self.history(talent + without))
        self.assertAsLive()
        self.assertEqual(self.logs._count_backfill(), 0)

    def test_twice(self):
        self.move(self.applicant, 'talk')
        self.end_request()
        before = self.rows(self.applicant)
        self.backfill()
        self.assertEqual(self.rows(self.applicant), before)

    def test_without_a_calendar(self):
        self.company.resource_calendar_id = False
        self.move(self.applicant, 'talk')
        self.assertAsLive()

    def test_at_the_installation(self):
        self.forget(self.applicant)
        hooks.post_init_hook(self.env)
        self.assertHistory(self.applicant, ('fresh', 'current', 0.0))


class TestStageBackfillGaps(BackfillCase):
    """What stock Odoo doesn't know."""

    def test_move_that_was_not_tracked(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.untracked(self.applicant, stage_id=self.stage_offer.id)
        self.pass_time(days=1)
        self.forget(self.applicant)
        self.backfill()
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 1.0), ('offer', 'current', 0.0))

    def test_move_that_was_not_tracked_between_others(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.untracked(self.applicant, stage_id=self.stage_offer.id)
        self.move(self.applicant, 'signed')
        self.forget(self.applicant)
        self.backfill()
        # it was there, nobody knows since when
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 1.0), ('offer', 'moved', 0.0),
            ('signed', 'hired', 0.0))

    def test_refused_before_reasons_were_tracked(self):
        self.pass_time(hours=1)
        self.untracked(
            self.applicant, active=False, refuse_reason_id=self.reason.id, refuse_date='2026-03-02 09:30:00')
        self.forget(self.applicant)
        self.backfill()
        self.assertHistory(self.applicant, ('fresh', 'refused', 0.5))

    def test_dates_that_contradict_each_other(self):
        """A refusal before the creation, a message before it, a change of stage in the future."""
        self.move(self.applicant, 'talk')
        self.move(self.applicant, 'offer')
        self.untracked(self.applicant, active=False, refuse_reason_id=self.reason.id)
        self.forget(self.applicant)
        self.cr.execute("""
            UPDATE hr_applicant SET refuse_date = '2020-01-01', date_last_stage_update = '2099-01-01' WHERE id = %s;
            UPDATE mail_message SET date = '2019-01-01' WHERE model = 'hr.applicant' AND res_id = %s
        """, self.applicant.ids * 2)
        self.backfill()
        self.assertHistory(self.applicant, ('fresh', 'moved', 0.0), ('talk', 'moved', 0.0), ('offer', 'refused', 0.0))

    def test_made_by_sql(self):
        self.cr.execute("""
            INSERT INTO hr_applicant (partner_name, stage_id, active, kanban_state)
            VALUES ('Bare', %s, NULL, 'normal') RETURNING id""", self.stage_talk.ids)
        applicant = self.env['hr.applicant'].browse(self.cr.fetchone())
        self.backfill()
        rows = self.logs.search([('applicant_id', '=', applicant.id)])
        self.assertRecordValues(rows, [
            {'stage_id': self.stage_talk.id, 'outcome': 'withdrawn', 'working_hours': 0.0, 'company_id': False}])

    def test_what_was_deleted_since(self):
        other = self.job.copy({'name': "Tester"})
        self.pass_time(hours=1)
        self.applicant.job_id = other
        self.move(self.applicant, 'talk')
        self.move(self.applicant, 'offer')
        self.forget(self.applicant)
        self.job.sudo().unlink()
        self.stage_talk.unlink()
        self.backfill()
        rows = self.history(self.applicant)
        self.assertEqual(rows.mapped(lambda row: (row.stage_id.name, row.outcome)),
                         [("Fresh", 'moved'), (False, 'moved'), ("Offer", 'current')])

    def test_without_messages(self):
        self.move(self.applicant, 'talk')
        self.forget(self.applicant)
        self.applicant.sudo().message_ids.unlink()
        self.backfill()
        self.assertHistory(self.applicant, ('talk', 'current', 0.0))
        self.assertEqual(self.history(self.applicant).entered_datetime, self.START)


class TestStageBackfillWhileAtWork(BackfillCase):
    """What is changed before its turn came is filled in first."""

    def test_moved_before_its_turn(self):
        self.move(self.applicant, 'talk')
        self.forget(self.applicant)
        self.move(self.applicant, 'offer')
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 1.0), ('offer', 'current', 0.0))
        self.assertAsLive()

    def test_restored_before_its_turn(self):
        self.pass_time(hours=1)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.forget(self.applicant)
        self.pass_time(hours=1)
        self.applicant.action_unarchive()
        self.assertHistory(self.applicant, ('fresh', 'refused', 1.0), ('fresh', 'current', 0.0))

    def test_archived_one_restored_before_its_turn(self):
        self.pass_time(hours=1)
        self.applicant.action_archive()
        self.forget(self.applicant)
        self.cr.execute("UPDATE hr_applicant SET write_date = '2026-03-02 10:00' WHERE id = %s", self.applicant.ids)
        self.env.invalidate_all()
        self.pass_time(hours=24)
        self.applicant.action_unarchive()
        self.assertHistory(self.applicant, ('fresh', 'withdrawn', 1.0), ('fresh', 'current', 0.0))

    def test_moved_without_tracking_before_its_turn(self):
        self.pass_time(hours=1)
        self.untracked(self.applicant, stage_id=self.stage_talk.id)
        self.forget(self.applicant)
        self.move(self.applicant, 'offer')
        self.assertHistory(self.applicant, ('talk', 'moved', 2.0), ('offer', 'current', 0.0))

    def test_some_of_many(self):
        applicants = self.make_applicants("A", "B", "C")
        self.move(applicants, 'talk')
        self.forget(applicants[1])
        self.move(applicants, 'offer')
        for applicant in applicants:
            self.assertHistory(applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 1.0), ('offer', 'current', 0.0))

    def test_of_the_same_request(self):
        self.forget(self.applicant)
        self.pass_time(hours=1)
        self.applicant.stage_id = self.stage_talk
        self.applicant.stage_id = self.stage_offer
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 0.0), ('offer', 'current', 0.0))

    def test_becoming_a_talent_before_its_turn(self):
        pool = self.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': self.company.id})
        self.forget(self.applicant)
        self.pass_time(hours=1)
        self.applicant.write({'talent_pool_ids': [Command.set(pool.ids)], 'pool_applicant_id': self.applicant.id})
        self.assertEqual(self.history(self.applicant).mapped('outcome'), ['withdrawn'])


class TestStageBackfillJob(BackfillCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(hr_applicant_stage_backfill, 'BATCH', 3))
        cls.cron = cls.env.ref('candidate_relationship.ir_cron_stage_history')

    def setUp(self):
        super().setUp()
        self.applicants = self.make_applicants(*"ABCDEFG")
        self.move(self.applicants[::2], 'talk')
        self.end_request()
        self.live = self.rows(self.applicants)

    def run_job(self):
        with self.enter_registry_test_mode():
            self.assertIs(self.cron.method_direct_trigger(), True)

    def test_rest_of_a_large_database(self):
        self.forget(self.applicants)
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        with patch.object(hr_applicant_stage_backfill, 'AT_INSTALL', 5):
            self.backfill()
        self.assertEqual(self.history(self.applicants).applicant_id, self.applicants[:6])
        self.assertTrue(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]))
        self.run_job()
        self.assertEqual(self.rows(self.applicants), self.live)

    def test_ordinary_database_needs_no_job(self):
        self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]).unlink()
        self.forget(self.applicants)
        self.backfill()
        self.assertFalse(self.env['ir.cron.trigger'].search([('cron_id', '=', self.cron.id)]))
        self.assertEqual(self.rows(self.applicants), self.live)

    def test_goes_on_where_it_stood(self):
        self.forget(self.applicants)
        with patch.object(type(self.env['ir.cron']), '_commit_progress', lambda *args, **kwargs: 0):
            self.logs._cron_backfill()
        self.assertEqual(self.history(self.applicants).applicant_id, self.applicants[:3])
        self.run_job()
        self.assertEqual(self.rows(self.applicants), self.live)

    def test_again(self):
        self.run_job()
        self.run_job()
        self.assertEqual(self.rows(self.applicants), self.live)

    def test_without_work(self):
        with patch.object(type(self.env['ir.cron']), '_commit_progress', lambda *args, **kwargs: 60):
            self.logs._cron_backfill()
            before = self.cr.sql_log_count
            self.logs._cron_backfill()
            self.assertLessEqual(self.cr.sql_log_count - before, 4)

    def test_queries_do_not_grow(self):
        counts = []
        for applicants in (self.applicants[:2], self.make_applicants(*[f"Many {number}" for number in range(100)])):
            self.forget(applicants)
            with patch.object(hr_applicant_stage_backfill, 'BATCH', 1000):
                self.backfill()
                self.forget(applicants)
                before = self.cr.sql_log_count
                self.backfill()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


class TestStageBackfillProperties(BackfillCase):
    """Whatever was tracked is found again as it was written live."""

    @settings(repeatable, max_examples=25)
    @given(st.lists(st.tuples(
        st.sampled_from(['fresh', 'talk', 'offer', 'signed', 'refuse', 'restore', 'job', 'recruiter', 'waiting']),
        st.integers(1, 60)), max_size=8))
    def test_any_course(self, steps):
        with self.cr.savepoint() as savepoint:
            self.set_time(self.START)
            self.applicant = self.make_applicant()
            for step, hours in steps:
                self.pass_time(hours=hours)
                self._do(self.applicant, step)
            self.end_request()
            live = self.rows(self.applicant)
            self.forget(self.applicant)
            self.backfill()
            self.assertEqual(self.rows(self.applicant), live)
            savepoint.rollback()
        self.env.invalidate_all()

    def _do(self, applicant, step):
        ended = bool(applicant.refuse_reason_id)
        if step in self.stages:
            # what is refused is not moved: Odoo then forgets when it was
            applicant.stage_id = applicant.stage_id if ended else self.stages[step]
        elif step == 'refuse' and not ended:
            self.refuse(applicant, self.reason, send_mail=False)
        elif step == 'restore' and ended:
            applicant.action_unarchive()
        elif step == 'job':
            applicant.job_id = self.job if not applicant.job_id else applicant.job_id
        elif step == 'recruiter' and not ended:
            applicant.user_id = self.colleague
        elif step == 'waiting':
            applicant.kanban_state = 'waiting'
