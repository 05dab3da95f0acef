"""Who is who: the applications and talents of one person in one company, found for many at once."""

from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.tools import SQL

# By these somebody is recognised whose application has no contact; they are what stock Odoo compares.
CONTACT_COLUMNS = ('email_normalized', 'partner_phone_sanitized', 'linkedin_profile')


@dataclass
class Person:
    """One human being, as one company knows them; ids of ``hr.applicant``."""
    company_id: int
    partner_id: int | None = None
    given_ids: list = field(default_factory=list)
    other_ids: list = field(default_factory=list)
    # talent id: ids of its pools; those in use first
    talents: dict = field(default_factory=dict)
    archived_talent_ids: set = field(default_factory=set)

    @property
    def application_ids(self):
        return self.given_ids + self.other_ids

    @property
    def talent_id(self):
        return next(iter(self.talents), None)

    def is_in(self, pool):
        return any(pool.id in pools for pools in self.talents.values())


class HrApplicant(models.Model):
    """The person is the partner. An application without one belongs to whom it shares e-mail, phone or LinkedIn."""
    _inherit = 'hr.applicant'

    candidate_furthest_stage_id = fields.Many2one(
        'hr.recruitment.stage', string="Furthest Stage", compute='_compute_candidate_furthest_stage_id')

    @api.depends('stage_id')
    def _compute_candidate_furthest_stage_id(self):
        stages = self._origin._get_furthest_stages()
        for applicant in self:
            applicant.candidate_furthest_stage_id = stages.get(applicant._origin.id, False)

    def _group_by_person(self):
        """The persons of these applications, in their order.

        Applications of no company count as those of the company the user works in.

        :return: list of :class:`Person`; its talents and further applications are of the same company
        """
        if not self:
            return []
        self.env['hr.applicant'].flush_model()
        rows = self._read_person_columns(self._ids, SQL("NULL"))
        known = {row['partner_id'] for row in rows}
        rows = self._read_kin(rows)
        if any(row['partner_id'] not in known for row in rows):
            # recognised by phone: the person may have applied by e-mail as well
            rows = self._read_kin(rows)
        return self._make_persons(rows)

    @api.model
    def _read_kin(self, rows):
        """Rows of all that share a person with these rows, of whatever company, these included.

        Searched by plain lists of values: joined with themselves, the applicants are read in whatever
        way statistics of yesterday suggest, and a fill of 20,000 people makes them wrong at once.
        """
        ids = {row['id'] for row in rows} | {row['pool_applicant_id'] for row in rows if row['pool_applicant_id']}
        searches = [('partner_id', {row['partner_id'] for row in rows}, SQL("TRUE"))]
        for name in CONTACT_COLUMNS:
            searches.append((name, {row[name] for row in rows if not row['partner_id']}, SQL("TRUE")))
        # an e-mail makes a partner: those who have none are looked for by the other two only
        for name in CONTACT_COLUMNS[1:]:
            searches.append((name, {row[name] for row in rows if row['partner_id']}, SQL("partner_id IS NULL")))
        for name, values, condition in searches:
            if values := [value for value in values if value]:
                ids |= {row[0] for row in self.env.execute_query(SQL(
                    "SELECT id FROM hr_applicant WHERE %s = ANY(%s) AND %s", SQL.identifier(name), values, condition))}
        return self._read_person_columns(ids, SQL(
            "ARRAY(SELECT rel.hr_talent_pool_id FROM hr_applicant_hr_talent_pool_rel rel"
            " WHERE rel.hr_applicant_id = applicant.id)"))

    @api.model
    def _read_person_columns(self, ids, pools):
        """What tells who somebody is; those in use first."""
        self.env.cr.execute(SQL(
            """
            SELECT id, partner_id, pool_applicant_id, active, COALESCE(company_id, %(company)s) AS company_id,
                   email_normalized, partner_phone_sanitized, linkedin_profile, %(pools)s AS pool_ids
              FROM hr_applicant applicant WHERE id = ANY(%(ids)s)
             ORDER BY active DESC, id
            """, ids=list(ids), company=self.env.company.id, pools=pools))
        return self.env.cr.dictfetchall()

    def _make_persons(self, rows):
        keys = self._get_person_keys(rows)
        by_id = {row['id']: row for row in rows}
        persons = {}
        for applicant_id in self._ids:
            row = by_id.get(applicant_id)
            if row and keys[applicant_id] not in persons:
                persons[keys[applicant_id]] = Person(row['company_id'])
        self._fill_persons(persons, keys, rows)
        self._add_linked_talents(persons, keys, by_id)
        return list(persons.values())

    def _fill_persons(self, persons, keys, rows):
        position = {applicant_id: number for number, applicant_id in enumerate(self._ids)}
        for row in rows:
            person = persons.get(keys[row['id']])
            if person is None:
                continue
            person.partner_id = person.partner_id or row['partner_id']
            if self._is_talent_row(row):
                self._add_talent(person, row)
            else:
                (person.given_ids if row['id'] in position else person.other_ids).append(row['id'])
        for person in persons.values():
            person.given_ids.sort(key=position.__getitem__)

    @api.model
    def _add_linked_talents(self, persons, keys, by_id):
        """The talent that stock Odoo linked to an application is that of its person, whatever its address."""
        for row in by_id.values():
            person, talent = persons.get(keys[row['id']]), by_id.get(row['pool_applicant_id'])
            if person and talent and self._is_talent_row(talent) and talent['company_id'] == person.company_id:
                self._add_talent(person, talent)

    @api.model
    def _add_talent(self, person, row):
        person.talents.setdefault(row['id'], row['pool_ids'])
        if not row['active']:
            person.archived_talent_ids.add(row['id'])

    @api.model
    def _is_talent_row(self, row):
        return bool(row['pool_ids']) or row['pool_applicant_id'] == row['id']

    @api.model
    def _get_person_keys(self, rows):
        """What identifies the person of each row: the company and a partner, or what they have in common."""
        partner_by_contact = {}
        for row in rows:
            if row['partner_id']:
                for contact in self._get_row_contacts(row):
                    partner_by_contact[contact] = min(
                        partner_by_contact.get(contact, row['partner_id']), row['partner_id'])
        keys, strangers = {}, []
        for row in rows:
            contacts = self._get_row_contacts(row)
            partner_id = row['partner_id'] or next(filter(None, map(partner_by_contact.get, contacts)), None)
            if partner_id:
                keys[row['id']] = (row['company_id'], partner_id)
            else:
                strangers.append((row['id'], contacts))
        return keys | self._get_stranger_keys(strangers)

    @api.model
    def _get_stranger_keys(self, strangers):
        """Nobody has a partner: who shares a contact is one, and who shares one with that one too."""
        ids_by_contact = defaultdict(list)
        for applicant_id, contacts in strangers:
            for contact in contacts:
                ids_by_contact[contact].append(applicant_id)
        contacts_by_id, keys = dict(strangers), {}
        for first in contacts_by_id:
            reached = [first]
            while reached:
                applicant_id = reached.pop()
                if applicant_id not in keys:
                    keys[applicant_id] = ('application', first)
                    for contact in contacts_by_id[applicant_id]:
                        reached += ids_by_contact.pop(contact, [])
        return keys

    @api.model
    def _get_row_contacts(self, row):
        return [(row['company_id'], name, row[name]) for name in CONTACT_COLUMNS if row[name]]
