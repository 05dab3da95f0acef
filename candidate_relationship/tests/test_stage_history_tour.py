import functools
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestStageHistoryTour(HttpCase):
    """The tab of an application, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('en_US')
        cls.env['hr.feedback.sla'].search([]).action_archive()
        new_test_user(
            cls.env, login='tour_recruiter', name="Rita Recruiter", email='rita@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_user')
        cls.job = cls.env['hr.job'].create({'name': "Tour Job"})
        cls.stages = cls.env['hr.recruitment.stage'].create([
            {'name': f"Tour {name}", 'sequence': number - 10, 'job_ids': cls.job.ids}
            for number, name in enumerate(("First", "Second", "Third"))])
        cls.mia, cls.nina, cls.otto = cls.env['hr.applicant'].create([
            {'partner_name': "Mia Moved", 'job_id': cls.job.id},
            {'partner_name': "Nina Numerous", 'job_id': cls.job.id},
            {'partner_name': "Otto Open"},
        ])
        cls.env.cr.execute(
            "UPDATE hr_applicant_stage_log SET entered_datetime = entered_datetime - INTERVAL '1 day'"
            " WHERE applicant_id = %s", cls.mia.ids)
        cls.mia.stage_id = cls.stages[1]
        for number in range(84):
            cls.nina.stage_id = cls.stages[1 + number % 2]

    def test_tab(self):
        reads = []
        logs = type(self.env['hr.applicant.stage.log'])
        read = logs.web_search_read

        @functools.wraps(read)
        def spy(records, domain, *args, **kwargs):
            reads.append(domain)
            return read(records, domain, *args, **kwargs)
        with patch.object(logs, 'web_search_read', spy):
            self.start_tour(
                '/odoo/action-hr_recruitment.crm_case_categ0_act_job?view_type=list',
                'candidate_relationship_stages', login='tour_recruiter')
        # opened, sorted twice, moved; its two pages; and the last one
        self.assertEqual([domain[0][2] for domain in reads], [*[self.mia.id] * 4, *[self.nina.id] * 2, self.otto.id])
        self.assertEqual(self.mia.stage_id, self.stages[2])
