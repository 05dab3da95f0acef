from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestExperienceAskTour(HttpCase):
    """An administrator of recruitment, who is nothing else, looks who would have been asked, and starts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('en_US')
        new_test_user(
            cls.env, login='tour_manager', name="Mona Manager", email='mona@example.com', lang='en_US',
            groups='hr_recruitment.group_hr_recruitment_manager')
        cls.env['hr.survey.trigger'].search([]).action_archive()
        # a copy is called as Odoo likes
        cls.survey = cls.env.ref('candidate_relationship.experience_survey').copy()
        cls.survey.with_context(lang='en_US').title = "Tour Questions"
        # nothing else was decided in the last quarter
        cls.env['hr.applicant'].with_context(active_test=False).search([]).write(
            {'refuse_date': False, 'date_closed': False, 'refuse_reason_id': False, 'active': True})
        cls.make_people()

    @classmethod
    def make_people(cls):
        """Seven who were refused in the middle of the last quarter; one of them was never told."""
        first_day = fields.Date.today().replace(day=1)
        quarter = first_day - relativedelta(months=(first_day.month - 1) % 3)
        decided = fields.Datetime.to_datetime(quarter - timedelta(days=45))
        people = cls.env['hr.applicant'].create([
            {'partner_name': f"Tour Person {n}", 'email_from': f'tour{n}@candidate.example.com'} for n in range(7)])
        people.write({
            'refuse_reason_id': cls.env.ref('hr_recruitment.refuse_reason_1').id, 'refuse_date': decided,
            'active': False})
        cls.env['hr.candidate.touch']._record([
            {**person._prepare_candidate_touch(), 'channel': 'call', 'date': decided + timedelta(hours=1)}
            for person in people[1:]])

    def test_preview_and_start(self):
        self.start_tour(
            '/odoo/action-candidate_relationship.hr_survey_trigger_action', 'candidate_relationship_experience_ask',
            login='tour_manager')
        trigger = self.env['hr.survey.trigger'].search([('name', '=', "Tour Trigger")])
        self.assertEqual((trigger.state, trigger.since_date), ('paused', fields.Date.today()))
        self.assertFalse(trigger.invitation_ids)
