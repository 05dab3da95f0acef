"""Each move of an application is in its history, once, and without gaps."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import users

from ..models.working_time import WorkingTimes
from .common import FeedbackCase
from .test_security import SecurityCase
from .test_working_time_properties import repeatable

EVERYBODY = ('ivan', 'rita', 'mona')


class StageHistoryCase(FeedbackCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = {
            'fresh': cls.stage_new, 'talk': cls.stage_talk, 'offer': cls.stage_offer, 'signed': cls.stage_signed}
        cls.reason = cls.env.ref('hr_recruitment.refuse_reason_1')

    def history(self, applicants):
        """All stays, by application in their order, as the recruiter may read them."""
        self.env.flush_all()
        return self.env['hr.applicant.stage.log'].with_user(self.recruiter).search(
            [('applicant_id', 'in', applicants.ids)]).sorted(lambda row: (row.applicant_id.id, row.position))

    def assertHistory(self, applicant, *expected):
        """Stage, outcome and hours of each stay; hours of an open one are not stored."""
        names = {stage: name for name, stage in self.stages.items()}
        found = [(names.get(row.stage_id, row.stage_id.name), row.outcome, row.working_hours)
                 for row in self.history(applicant)]
        self.assertEqual(found, list(expected))
        self.assertSound(applicant)

    def assertSound(self, applicants, gaps=False):
        """What holds for every history.

        :param gaps: whether an application was without a stage for a while, as without a job it is
        """
        for applicant in applicants.sudo():
            rows = self.history(applicant)
            self.assertEqual(rows.mapped('position'), list(range(1, len(rows) + 1)))
            self.assertTrue(all(row.left_datetime for row in rows[:-1]))
            for row in rows:
                self.assertEqual(not row.left_datetime, row.outcome in ('current', 'hired'))
                self.assertLessEqual(row.entered_datetime, row.left_datetime or self.env.cr.now())
            for row, later in zip(rows[:-1], rows[1:], strict=True):
                self.assertLessEqual(row.left_datetime, later.entered_datetime)
                if row.outcome in ('moved', 'back') and not gaps:
                    self.assertEqual(row.left_datetime, later.entered_datetime)
            is_open = applicant.active and not applicant.refuse_reason_id and applicant.stage_id
            self.assertEqual(len(rows.filtered(lambda row: row.outcome == 'current')),
                             1 if is_open and not applicant.stage_id.hired_stage else 0)
            if is_open:
                self.assertEqual(rows[-1].stage_id, applicant.stage_id)

    def move(self, applicants, stage, hours=1):
        self.pass_time(hours=hours)
        applicants.write({'stage_id': self.stages[stage].id})


class TestStageHistory(StageHistoryCase):

    def setUp(self):
        super().setUp()
        self.applicant = self.make_applicant()

    # ------------------------------------------------------------------
    # Beginning
    # ------------------------------------------------------------------

    def test_created(self):
        self.assertHistory(self.applicant, ('fresh', 'current', 0.0))
        row = self.history(self.applicant)
        self.assertRecordValues(row, [{
            'job_id': self.job.id, 'department_id': self.software.id, 'company_id': self.company.id,
            'user_id': self.recruiter.id, 'entered_datetime': self.START, 'left_datetime': False,
            'create_uid': self.recruiter.id}])

    def test_created_in_a_later_stage(self):
        self.assertHistory(self.make_applicant(stage_id=self.stage_offer.id), ('offer', 'current', 0.0))

    def test_created_without_a_stage(self):
        applicant = self.make_applicant(job_id=False)
        self.assertHistory(applicant)
        self.pass_time(hours=1)
        applicant.job_id = self.job
        self.assertHistory(applicant, ('fresh', 'current', 0.0))

    def test_imported_as_hired(self):
        self.assertHistory(self.make_applicant(stage_id=self.stage_signed.id), ('signed', 'hired', 0.0))

    def test_imported_as_refused(self):
        applicant = self.make_applicant(
            stage_id=self.stage_talk.id, active=False, refuse_reason_id=self.reason.id)
        self.assertHistory(applicant, ('talk', 'refused', 0.0))

    def test_imported_as_archived(self):
        self.assertHistory(self.make_applicant(active=False), ('fresh', 'withdrawn', 0.0))

    def test_copied(self):
        self.move(self.applicant, 'talk')
        self.assertHistory(self.applicant.copy({'job_id': self.job.id}), ('fresh', 'current', 0.0))

    def test_talent_has_none(self):
        pool = self.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': self.company.id})
        self.env['talent.pool.add.applicants'].with_user(self.recruiter).create({
            'applicant_ids': self.applicant.ids, 'talent_pool_ids': pool.ids}).action_add_applicants_to_pool()
        talent = self.applicant.pool_applicant_id
        self.assertTrue(talent and talent != self.applicant)
        talent.stage_id = self.stage_talk
        self.assertFalse(self.history(talent))
        self.assertHistory(self.applicant, ('fresh', 'current', 0.0))

    def test_that_becomes_a_talent_itself(self):
        pool = self.env['hr.talent.pool'].create({'name': "Runners-up", 'company_id': self.company.id})
        self.pass_time(hours=1)
        self.applicant.write({
            'talent_pool_ids': [Command.set(pool.ids)], 'pool_applicant_id': self.applicant.id})
        self.assertEqual(self.history(self.applicant).mapped('outcome'), ['withdrawn'])
        self.move(self.applicant, 'talk')
        self.assertEqual(self.history(self.applicant).mapped('outcome'), ['withdrawn'])

    # ------------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------------

    def test_moved_on_and_back(self):
        self.move(self.applicant, 'talk')
        self.move(self.applicant, 'offer', hours=2)
        self.move(self.applicant, 'talk', hours=24)
        # of the first two hours one is the lunch break
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 1.0), ('offer', 'back', 8.0),
            ('talk', 'current', 0.0))

    def test_who_moved(self):
        self.move(self.applicant.with_user(self.colleague), 'talk')
        self.assertEqual(self.history(self.applicant).create_uid, self.recruiter + self.colleague)

    def test_same_stage_again(self):
        self.move(self.applicant, 'fresh')
        self.applicant.write({'kanban_state': 'done', 'stage_id': self.stage_new.id})
        self.assertHistory(self.applicant, ('fresh', 'current', 0.0))

    def test_over_the_weekend(self):
        self.set_time('2026-03-06 15:00')
        applicant = self.make_applicant("John Roe")
        self.set_time('2026-03-09 08:00')
        applicant.stage_id = self.stage_talk
        self.assertHistory(applicant, ('fresh', 'moved', 2.0), ('talk', 'current', 0.0))

    def test_hours_do_not_depend_on_the_kanban_state(self):
        self.pass_time(hours=1)
        # which Odoo takes for a change of the stage, too
        self.applicant.kanban_state = 'done'
        self.move(self.applicant, 'talk')
        self.assertHistory(self.applicant, ('fresh', 'moved', 2.0), ('talk', 'current', 0.0))

    def test_two_moves_in_one_request(self):
        self.pass_time(hours=1)
        self.applicant.stage_id = self.stage_talk
        self.applicant.stage_id = self.stage_offer
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'moved', 0.0), ('offer', 'current', 0.0))

    def test_moved_while_it_is_moved(self):
        """An override or an automation that moves on at once: one event."""
        stock = type(self.env['mail.activity.mixin']).write

        def write(records, vals):
            res = stock(records, vals)
            if vals.get('stage_id') == self.stage_talk.id:
                records.write({'stage_id': self.stage_offer.id})
            return res
        self.pass_time(hours=1)
        with patch.object(type(self.env['mail.activity.mixin']), 'write', write):
            self.applicant.stage_id = self.stage_talk
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('offer', 'current', 0.0))

    def test_what_failed_is_not_taken_for_a_change(self):
        with self.assertRaises(ValueError), self.cr.savepoint():
            self.applicant.write({'stage_id': self.stage_talk.id, 'kanban_state': 'nonsense'})
        self.env.invalidate_all()
        self.move(self.applicant, 'offer')
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('offer', 'current', 0.0))

    def test_many_at_once(self):
        applicants = self.make_applicants("A", "B", "C") + self.applicant
        self.move(applicants[0], 'offer')
        self.move(applicants, 'talk')
        self.assertHistory(applicants[0], ('fresh', 'moved', 1.0), ('offer', 'back', 1.0), ('talk', 'current', 0.0))
        for applicant in applicants[1:]:
            self.assertHistory(applicant, ('fresh', 'moved', 2.0), ('talk', 'current', 0.0))

    def test_clock_of_another_server_is_late(self):
        self.set_time('2026-03-02 08:59:30')
        self.applicant.stage_id = self.stage_talk
        self.set_time('2026-03-02 10:00')
        self.assertHistory(self.applicant, ('fresh', 'moved', 0.0), ('talk', 'current', 0.0))

    # ------------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------------

    def test_refused_and_restored(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'refused', 1.0))
        self.pass_time(days=1)
        self.applicant.action_unarchive()
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'refused', 1.0), ('fresh', 'current', 0.0))

    def test_refused_and_moved_at_once(self):
        self.pass_time(hours=1)
        self.applicant.write({
            'stage_id': self.stage_talk.id, 'active': False, 'refuse_reason_id': self.reason.id})
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'refused', 0.0))

    def test_refused_then_moved(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.move(self.applicant, 'offer')
        self.assertHistory(self.applicant, ('fresh', 'refused', 0.0))
        self.pass_time(hours=1)
        self.applicant.write({'active': True, 'refuse_reason_id': False})
        self.assertHistory(self.applicant, ('fresh', 'refused', 0.0), ('offer', 'current', 0.0))

    def test_archived_and_restored(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.applicant.action_archive()
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'withdrawn', 1.0))
        self.pass_time(days=1)
        # which brings it back to the first stage, without a stay in the one it was in
        self.applicant.action_unarchive()
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('talk', 'withdrawn', 1.0), ('fresh', 'current', 0.0))

    def test_archived_and_restored_where_it_was(self):
        self.applicant.action_archive()
        self.pass_time(hours=1)
        self.applicant.active = True
        self.assertHistory(self.applicant, ('fresh', 'withdrawn', 0.0), ('fresh', 'current', 0.0))

    def test_archived_then_refused(self):
        self.pass_time(hours=1)
        self.applicant.action_archive()
        self.pass_time(hours=1)
        self.applicant.refuse_reason_id = self.reason
        self.assertHistory(self.applicant, ('fresh', 'refused', 1.0))
        self.applicant.refuse_reason_id = False
        self.assertHistory(self.applicant, ('fresh', 'withdrawn', 1.0))

    def test_another_reason(self):
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.applicant.refuse_reason_id = self.env.ref('hr_recruitment.refuse_reason_2')
        self.assertHistory(self.applicant, ('fresh', 'refused', 0.0))

    def test_hired(self):
        self.move(self.applicant, 'signed')
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('signed', 'hired', 0.0))
        self.pass_time(hours=1)
        self.applicant.action_archive()
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('signed', 'hired', 0.0))

    def test_hire_that_is_taken_back(self):
        self.move(self.applicant, 'signed')
        self.move(self.applicant, 'offer')
        self.assertHistory(
            self.applicant, ('fresh', 'moved', 1.0), ('signed', 'back', 1.0), ('offer', 'current', 0.0))

    def test_refused_after_the_hire(self):
        self.move(self.applicant, 'signed')
        self.pass_time(hours=1)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('signed', 'refused', 1.0))

    def test_stage_that_becomes_the_hired_one(self):
        filed = self.make_applicant("John Roe")
        self.move(self.applicant + filed, 'offer')
        self.stage_offer.hired_stage = True
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('offer', 'hired', 0.0))
        filed.action_archive()
        self.stage_offer.hired_stage = False
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('offer', 'current', 0.0))
        self.assertEqual(self.history(filed).mapped('outcome'), ['moved', 'hired'])

    def test_deleted(self):
        rows = self.history(self.applicant)
        self.applicant.sudo().unlink()
        self.assertFalse(rows.exists())

    # ------------------------------------------------------------------
    # Around it
    # ------------------------------------------------------------------

    def test_another_job(self):
        """The stay goes on, in the application's new job; what is past stays where it was."""
        other = self.env['hr.job'].create({
            'name': "Tester", 'company_id': self.company.id, 'department_id': self.research.id,
            'user_id': self.colleague.id})
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.applicant.job_id = other
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'current', 0.0))
        self.assertRecordValues(self.history(self.applicant), [
            {'job_id': self.job.id, 'department_id': self.software.id, 'user_id': self.recruiter.id},
            {'job_id': other.id, 'department_id': self.research.id, 'user_id': self.colleague.id}])

    def test_another_job_and_stage_at_once(self):
        other = self.job.copy({'name': "Tester"})
        self.pass_time(hours=1)
        self.applicant.write({'job_id': other.id, 'stage_id': self.stage_talk.id})
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'current', 0.0))
        self.assertEqual(self.history(self.applicant).mapped('job_id'), self.job + other)

    def test_without_a_job(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=1)
        self.applicant.job_id = False
        self.assertHistory(self.applicant, ('fresh', 'moved', 1.0), ('talk', 'back', 1.0))
        self.pass_time(hours=1)
        self.applicant.job_id = self.job
        self.assertEqual(self.history(self.applicant).mapped('outcome'), ['moved', 'back', 'current'])

    def test_another_recruiter(self):
        self.applicant.user_id = self.colleague
        self.assertEqual(self.history(self.applicant).user_id, self.colleague)
        self.refuse(self.applicant, self.reason, send_mail=False)
        self.applicant.user_id = self.recruiter
        self.assertEqual(self.history(self.applicant).user_id, self.colleague)

    def test_deleted_stage(self):
        self.move(self.applicant, 'talk')
        self.move(self.applicant, 'offer')
        self.stage_talk.unlink()
        self.assertEqual(
            self.history(self.applicant).mapped(lambda row: (row.stage_id.name, row.outcome)),
            [("Fresh", 'moved'), (False, 'moved'), ("Offer", 'current')])
        self.assertEqual(self.applicant._get_furthest_stages(), {self.applicant.id: self.stage_offer})

    def test_company_without_a_calendar(self):
        self.company.resource_calendar_id = False
        self.move(self.applicant, 'talk')
        self.assertHistory(self.applicant, ('fresh', 'moved', 0.0), ('talk', 'current', 0.0))
        self.cr.execute('SELECT working_hours FROM hr_applicant_stage_log WHERE applicant_id = %s', self.applicant.ids)
        self.assertEqual(self.cr.fetchall(), [(None,), (None,)])

    def test_calendar_of_the_feedback(self):
        self.company.feedback_calendar_id = self.make_calendar('Europe/Brussels', days=range(7), hours=((0, 24),))
        self.move(self.applicant, 'talk', hours=24 * 7)
        self.assertHistory(self.applicant, ('fresh', 'moved', 168.0), ('talk', 'current', 0.0))

    def test_companies_at_once(self):
        shanghai = self.env['res.company'].create({
            'name': "Company in Shanghai", 'resource_calendar_id': self.make_calendar('Asia/Shanghai').id})
        theirs = self.env['hr.applicant'].create({
            'partner_name': "Wei Chen", 'company_id': shanghai.id, 'stage_id': self.stage_new.id})
        self.pass_time(hours=24)
        (self.applicant.sudo() + theirs).write({'stage_id': self.stage_talk.id})
        rows = self.env['hr.applicant.stage.log'].search([
            ('applicant_id', 'in', (self.applicant.sudo() + theirs).ids), ('position', '=', 1)], order='company_id')
        self.assertEqual(rows.mapped('working_hours'), [8.0, 8.0])
        self.assertEqual(set(rows.company_id), {self.company, shanghai})

    def test_time_so_far(self):
        self.move(self.applicant, 'talk')
        self.pass_time(hours=24)
        self.assertEqual(self.history(self.applicant).mapped('hours_so_far'), [1.0, 8.0])
        self.move(self.applicant, 'signed')
        self.assertEqual(self.history(self.applicant)[-1].hours_so_far, 0.0)

    def test_furthest_stages(self):
        nowhere = self.make_applicant("John Roe", job_id=False)
        far, refused = self.make_applicants("Far", "Refused")
        self.move(far, 'offer')
        self.move(far, 'talk')
        self.move(refused, 'talk')
        self.refuse(refused, self.reason, send_mail=False)
        refused.action_unarchive()
        applicants = self.applicant + nowhere + far + refused
        self.env.flush_all()
        with self.assertQueryCount(1):
            furthest = applicants._get_furthest_stages()
        self.assertEqual(furthest, {
            self.applicant.id: self.stage_new, far.id: self.stage_offer, refused.id: self.stage_talk})
        self.assertEqual(self.env['hr.applicant']._get_furthest_stages(), {})

    def test_two_rows_of_one_position(self):
        with self.assertRaisesRegex(Exception, "position"), self.cr.savepoint():
            self.cr.execute("""
                INSERT INTO hr_applicant_stage_log (applicant_id, position, entered_datetime, left_datetime, outcome)
                VALUES (%s, 1, now(), now(), 'moved')""", self.applicant.ids)


class TestStageHistoryQueries(StageHistoryCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['hr.feedback.sla'].search([]).action_archive()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, mail_create_nosubscribe=True))

    def setUp(self):
        super().setUp()
        self.startPatcher(patch('random.random', lambda: 1))

    def make(self, count):
        return self.make_applicants(*[f"Candidate {number}" for number in range(count)], email_from=False)

    def count(self, function, *args):
        """Statements about the history that a call makes, its flush included."""
        statements = []
        execute = type(self.cr).execute

        def spy(cr, query, *args, **kwargs):
            if 'hr_applicant_stage_log' in str(getattr(query, 'code', query)):
                statements.append(query)
            return execute(cr, query, *args, **kwargs)
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(type(self.cr), 'execute', spy):
            function(*args)
            self.env.flush_all()
        return len(statements)

    def assertStatements(self, work, expected, make=None):
        make = make or self.make
        for size in (1, 10, 200):
            self.assertEqual(self.count(work, make(size)), expected, size)

    def test_create(self):
        self.assertStatements(self.make, 1, make=lambda size: size)

    def test_move(self):
        self.assertStatements(lambda applicants: applicants.write({'stage_id': self.stage_talk.id}), 1)

    def test_same_stage(self):
        self.assertStatements(lambda applicants: applicants.write({'stage_id': self.stage_new.id}), 0)

    def test_archive_and_restore(self):
        self.assertStatements(lambda applicants: applicants.action_archive(), 1)
        self.assertStatements(lambda applicants: (applicants.action_archive(), applicants.action_unarchive()), 2)

    def test_anything_else(self):
        self.assertStatements(lambda applicants: applicants.write({'priority': '1'}), 0)

    def test_tab_is_flat(self):
        applicants = self.make(60)
        self.move(applicants, 'talk')
        names = {name: {} for name in ('stage_id', 'entered_datetime', 'left_datetime', 'hours_so_far', 'outcome')}

        def read(applicants):
            return self.env['hr.applicant.stage.log'].with_user(self.recruiter).web_search_read(
                [('applicant_id', 'in', applicants.ids)], names)
        counts = []
        for some in (applicants[:1], applicants):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            read(some)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])


STEPS = st.lists(st.tuples(
    st.sampled_from(['fresh', 'talk', 'offer', 'signed', 'refuse', 'archive', 'restore', 'job', 'waiting']),
    st.integers(0, 60)), max_size=8)


class TestStageHistoryProperties(StageHistoryCase):

    @settings(repeatable, max_examples=25)
    @given(STEPS)
    def test_any_course(self, steps):
        with self.cr.savepoint() as savepoint:
            self.set_time(self.START)
            applicant = self.make_applicant()
            for step, hours in steps:
                self.pass_time(hours=hours)
                self._do(applicant, step)
                self.assertSound(applicant, gaps='job' in dict(steps))
            self.assertHours(applicant)
            savepoint.rollback()
        self.env.invalidate_all()

    def _do(self, applicant, step):
        if step in self.stages:
            applicant.stage_id = self.stages[step]
        elif step == 'refuse':
            applicant.write({'active': False, 'refuse_reason_id': self.reason.id})
        elif step == 'archive':
            applicant.action_archive()
        elif step == 'restore':
            applicant.action_unarchive()
        elif step == 'job':
            applicant.job_id = not applicant.job_id and self.job
        else:
            applicant.kanban_state = 'waiting'

    def assertHours(self, applicant):
        """Of each stay, and so of each time in process without a gap."""
        times = WorkingTimes()[self.company]
        rows = self.history(applicant)
        for row in rows.filtered('left_datetime'):
            self.assertAlmostEqual(row.working_hours, times.hours(row.entered_datetime, row.left_datetime), places=2)


class TestStageHistoryRights(SecurityCase):

    @users('ivan')
    def test_interviewer_reads_own(self):
        self.assertEqual(self.visible('hr.applicant.stage.log'), ["Of Own Job", "Own"])

    @users('ivan')
    def test_interviewer_does_not_read_others(self):
        rows = self.env['hr.applicant.stage.log'].sudo().search([('applicant_id', '=', self.others.id)])
        self.assertDenied(rows.sudo(False).read, ['stage_id'])

    @users('rita', 'mona')
    def test_officer_and_administrator_read_all(self):
        self.assertEqual(self.visible('hr.applicant.stage.log'), ["Of Own Job", "Others", "Own"])

    @users('emma')
    def test_nobody_outside_recruitment_reads(self):
        self.assertDenied(self.env['hr.applicant.stage.log'].search, [])

    @users(*EVERYBODY)
    def test_written_by_nobody(self):
        logs = self.env['hr.applicant.stage.log']
        row = logs.search([('applicant_id', '=', self.own.id)])
        self.assertDenied(row.write, {'outcome': 'hired'})
        self.assertDenied(row.unlink)
        self.assertDenied(logs.create, {'applicant_id': self.own.id, 'entered_datetime': self.START})

    @users('ivan')
    def test_interviewer_who_moves_writes_history(self):
        applicant = self.env['hr.applicant'].browse(self.own.id)
        applicant.stage_id = self.stage_talk
        self.env.flush_all()
        rows = self.env['hr.applicant.stage.log'].search([('applicant_id', '=', self.own.id)], order='position')
        self.assertEqual(rows.mapped('outcome'), ['moved', 'current'])
        self.assertEqual(rows[-1].create_uid, self.interviewer.with_user(self.env.user))

    def test_of_other_companies_not_at_all(self):
        company = self.env['res.company'].create({'name': "Another Company"})
        other = self.make_user('olaf', 'hr_recruitment.group_hr_recruitment_manager', company=company)
        rows = self.env['hr.applicant.stage.log'].with_user(other).search([('applicant_id', 'in', self.own.ids)])
        self.assertFalse(rows)

    @users('ivan')
    def test_report_menu_is_for_officers(self):
        menu = self.env.ref('candidate_relationship.hr_applicant_stage_log_menu')
        self.assertNotIn(menu.id, self.env['ir.ui.menu']._visible_menu_ids())
        self.assertIn(menu.id, self.env['ir.ui.menu'].with_user(self.recruiter)._visible_menu_ids())
