"""What programs would do in the days to come, worked out in memory: nobody enters, nothing is booked."""

import heapq
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, timedelta

from pytz import UTC

from odoo import models
from odoo.tools import SQL

from .hr_nurture_reason import WAITING_REASONS
from .working_time import WorkingTimes

Event = namedtuple('Event', ['date', 'step', 'applicant_id', 'outcome'])


@dataclass
class Person:
    """What the budget knows of a person, and what the simulation adds to it."""
    contacts: list = field(default_factory=list)
    frequency: int = 0
    paused_until: date = None
    consent_until: date = None
    mailed_on: date = None

    def get_next_day(self, day, company):
        """The first day from ``day`` on, on which the person may be written to; that of one mail in the budget."""
        days = [day]
        if self.paused_until:
            days.append(self.paused_until)
        if self.mailed_on:
            days.append(self.mailed_on + timedelta(days=1))
        if len(self.contacts) >= company.nurture_contacts:
            days.append(self.contacts[-company.nurture_contacts] + timedelta(days=company.nurture_days))
        if self.contacts and self.frequency:
            days.append(self.contacts[-1] + timedelta(days=self.frequency))
        return max(days)


class HrNurtureProgram(models.Model):
    _inherit = 'hr.nurture.program'

    def action_simulate(self):
        self.ensure_one()
        self._check_officer()
        wizard = self.env['hr.nurture.simulate'].create({'program_id': self.id})
        wizard._simulate()
        return wizard._open()

    def _simulate(self, days):
        """All running programs of the company are simulated with these, as they share the budget.

        These count as running, whatever their state: a draft with the people who would enter it.

        :param days: from today on
        :return: list of ``Event`` of these programs, in the order in which they happen, and the number
            of people whom the budget or their pause held back
        """
        self.company_id.ensure_one()
        programs = self.sudo() | self.sudo().search([
            ('company_id', '=', self.company_id.id), ('state', '=', 'running')])
        for program in programs:
            program._ensure_persons(program._get_audience_domain())
        run = Simulation(programs.sorted(), self.company_id.sudo(), days)
        self.env.flush_all()
        for program in run.programs:
            for row in program._get_simulated_rows():
                run.add(*row)
        run.persons.update(self._get_simulated_persons(run.partner_ids))
        events = [event for event in run.run() if event.step.program_id in self]
        return events, len(run.held)

    def _get_simulated_rows(self):
        """(step id, planned day, day, id of the partner, id of the talent) of whoever is in it, or would enter."""
        passing = SQL("COALESCE(%s, 'budget') IN %s", self._get_talents()._get_nurture_reason_sql(
            'applicant', self.topic_id.id), WAITING_REASONS)
        rows = self.env.execute_query(SQL(
            """
            SELECT enrollment.next_step_id, enrollment.planned_date, enrollment.next_date, enrollment.partner_id,
                   enrollment.applicant_id
              FROM hr_nurture_enrollment enrollment
              JOIN hr_applicant applicant ON applicant.id = enrollment.applicant_id
             WHERE enrollment.program_id = %s AND enrollment.state = 'running' AND enrollment.next_date IS NOT NULL
               AND %s ORDER BY enrollment.id
            """, self.id, passing))
        return rows + self._get_simulated_newcomers(passing)

    def _get_simulated_newcomers(self, passing):
        if not self.step_ids or not self.pool_ids:
            return []
        first, day = self._get_first_step(self.env['hr.nurture.enrollment']._get_today(self.company_id))
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (applicant.partner_id) applicant.partner_id, applicant.id FROM hr_applicant applicant
             WHERE applicant.id IN %s AND %s
               AND NOT EXISTS (SELECT FROM hr_nurture_enrollment known
                                WHERE known.program_id = %s AND known.partner_id = applicant.partner_id)
             ORDER BY applicant.partner_id, applicant.id
            """, self._get_audience_query().subselect(), passing, self.id))
        return [(first.id, day, day, *row) for row in rows] if day else []

    def _get_simulated_persons(self, partner_ids):
        """:return: ``Person`` by id of the partner"""
        company, contacts = self.company_id, self.env['hr.nurture.contact'].sudo()
        tz = WorkingTimes()[company].tz
        person, company_id = SQL("person.id"), SQL("%s", company.id)
        rows = self.env.execute_query(SQL(
            """
            SELECT person.id,
                   (SELECT ARRAY_AGG(contact.booked_datetime ORDER BY contact.booked_datetime)
                      FROM hr_nurture_contact contact
                     WHERE contact.partner_id = person.id AND contact.company_id = %(company)s
                       AND contact.state != 'released'),
                   %(frequency)s,
                   (SELECT preference.paused_until FROM hr_candidate_preference preference
                     WHERE preference.partner_id = person.id AND preference.company_id = %(company)s),
                   (SELECT MAX(consent.date_until) FROM hr_candidate_consent consent
                     WHERE consent.partner_id = person.id AND consent.company_id = %(company)s
                       AND consent.purpose = 'nurture' AND consent.state = 'given')
              FROM unnest(%(ids)s::int[]) AS person (id)
            """,
            company=company_id, ids=list(partner_ids), to_flush=contacts._get_budget_fields(),
            frequency=self.env['hr.candidate.preference'].sudo()._get_frequency_sql(person, company_id)))
        return {
            partner_id: Person(
                [UTC.localize(moment).astimezone(tz).date() for moment in moments or ()], frequency or 0, paused,
                until if company.sudo().candidate_consent_required else None)
            for partner_id, moments, frequency, paused, until in rows}


class Simulation:
    """Days, one after the other; on each the programs by priority, with their steps in order."""

    def __init__(self, programs, company, days):
        self.programs, self.company = programs, company
        self.today = programs.env['hr.nurture.enrollment']._get_today(company)
        self.last_day = self.today + timedelta(days=days)
        self.steps = {step.id: step for program in programs for step in program.step_ids}
        self.places = {step_id: place for place, step_id in enumerate(self.steps)}
        self.following = {}
        for program in programs:
            ring = list(program.step_ids)
            after = [*ring[1:], ring[0] if program.is_repeated else None] if ring else []
            self.following.update((step.id, other) for step, other in zip(ring, after, strict=True))
        self.dates, self.times, self.queue, self.persons = {}, WorkingTimes(), [], {}
        self.partner_ids, self.held = set(), set()

    def add(self, step_id, planned, day, partner_id, applicant_id):
        self.partner_ids.add(partner_id)
        self._push(step_id, planned, max(day, self.today), partner_id, applicant_id)

    def _push(self, step_id, planned, day, partner_id, applicant_id):
        if day and day <= self.last_day and step_id in self.places:
            heapq.heappush(self.queue, (day, self.places[step_id], partner_id, applicant_id, step_id, planned))

    def run(self):
        while self.queue:
            day, _place, partner_id, applicant_id, step_id, planned = heapq.heappop(self.queue)
            step, person = self.steps[step_id], self.persons[partner_id]
            if person.consent_until and day > person.consent_until:
                continue
            later, last_day = self._get_day(step, person, day), step._get_last_day(planned)
            if last_day and later > last_day:
                outcome = 'missed'
            elif later > day:
                self.held.add(partner_id)
                self._push(step_id, planned, later, partner_id, applicant_id)
                continue
            else:
                outcome = step.kind
            if outcome == 'mailing':
                person.mailed_on = day
                person.contacts.append(day)
            yield Event(day, step, applicant_id, outcome)
            self._follow(step, day, partner_id, applicant_id)

    def _get_day(self, step, person, day):
        if step.kind == 'mailing':
            return person.get_next_day(day, self.company)
        return max(day, person.paused_until or day)

    def _follow(self, step, day, partner_id, applicant_id):
        following = self.following[step.id]
        if following:
            key = following.id, day
            if key not in self.dates:
                soonest = following._get_soonest(following.program_id.step_ids, day + timedelta(days=1))
                self.dates[key] = soonest.id, soonest._get_date(day, times=self.times)
            next_id, next_day = self.dates[key]
            self._push(next_id, next_day, next_day, partner_id, applicant_id)
