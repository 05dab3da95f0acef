"""A talent pool: what it is for, who is in it, and how its people are doing."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

PURPOSES = [
    ('runner_up', "Runner-Ups"),
    ('sourcing', "Sourcing"),
    ('skills', "Skills"),
    ('event', "Event"),
    ('alumni', "Alumni"),
    ('internship', "Internship"),
    ('other', "Other"),
]
TOUCHED_DAYS = 90
ENDING_DAYS = 30
# figure: the filter of the talents' search view that lists the same people
FIGURES = {
    'talent_count': None,
    'reachable_count': 'reachable',
    'touched_count': 'touched_90',
    'consent_ending_count': 'consent_runs_out',
}


class HrTalentPool(models.Model):
    _inherit = 'hr.talent.pool'

    purpose = fields.Selection(
        PURPOSES, help="What the pool is for. A pool of runner-ups is proposed when a near miss is refused.")
    topic_ids = fields.Many2many(
        'hr.nurture.topic', string="Topics", help="What the people in this pool are written to about.")
    talent_count = fields.Integer(string="People", compute='_compute_pool_figures')
    reachable_count = fields.Integer(string="Reachable Now", compute='_compute_pool_figures')
    touched_count = fields.Integer(string="Touched in the Last 90 Days", compute='_compute_pool_figures')
    consent_ending_count = fields.Integer(string="Consent Ends Within 30 Days", compute='_compute_pool_figures')

    @api.depends('talent_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_pool_figures(self):
        """All figures of all pools in one statement, of the talents that the user may see."""
        self.update(dict.fromkeys(FIGURES, 0))
        self.env.flush_all()
        talents = self.env['hr.applicant']
        query = talents._search([('talent_pool_ids', 'in', self.ids), ('active', '=', True)])
        rows = self.env.execute_query_dict(SQL(
            """
            SELECT rel.hr_talent_pool_id AS pool_id, COUNT(*) AS talent_count,
                   COUNT(*) FILTER (WHERE %(reach)s = 'reachable') AS reachable_count,
                   COUNT(*) FILTER (WHERE %(touched)s) AS touched_count,
                   COUNT(*) FILTER (WHERE %(ending)s) AS consent_ending_count
              FROM hr_applicant_hr_talent_pool_rel rel
              JOIN hr_applicant talent ON talent.id = rel.hr_applicant_id
             WHERE rel.hr_talent_pool_id = ANY(%(pools)s) AND talent.id IN %(talents)s
             GROUP BY rel.hr_talent_pool_id
            """, pools=self.ids, talents=query.subselect(), reach=talents._get_candidate_reach_sql('talent'),
            touched=talents._get_touched_sql('talent'), ending=talents._get_consent_ending_sql('talent')))
        for row in rows:
            self.browse(row.pop('pool_id')).update(row)

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    @api.private
    def _add_people(self, applicants, categories=None):
        """Put the persons of these applications into these pools, each one once.

        Who is a talent of the company already is linked, everybody else copied, from the application that
        came furthest. Works on refused and archived applications. Rights and consent are the caller's
        business.

        :param applicants: ``hr.applicant``, any number of each person
        :param categories: ``hr.applicant.category`` that the talents get besides those of the application
        :return: the talents (``hr.applicant``), in the order of the applications
        """
        pools = self.sudo()
        persons = applicants.sudo()._group_by_person()
        pools._put_in(persons, categories)
        pools._note_choice([person.talent_id for person in persons])
        return applicants.browse([person.talent_id for person in persons])

    def _note_choice(self, talent_ids):
        """Whom somebody has chosen stays when the run of the rule that let them in too is taken back.

        The entry goes on telling who is not to be let in again, should they be taken out.
        """
        entries = self.env['hr.talent.pool.fill.entry'].search([
            ('pool_id', 'in', self.ids), ('talent_id', 'in', talent_ids)])
        entries.talent_id = False
        self.env.cr.execute(SQL(
            "UPDATE hr_applicant SET write_uid = %s, write_date = %s WHERE id = ANY(%s)",
            self.env.uid, self.env.cr.now(), talent_ids))
        self.env['hr.applicant'].browse(talent_ids).invalidate_recordset(['write_uid', 'write_date'])

    def _put_in(self, persons, categories=None):
        """``_add_people`` for persons that are grouped already.

        :return: ``{(talent id, pool id), ...}`` of those who were not in before, and the ids of new talents
        """
        self._check_companies(persons)
        self.env.flush_all()
        ids = [applicant_id for person in persons for applicant_id in (*person.application_ids, *person.talents)]
        # the same rows in the same order, whoever adds people: the second waits, sees the change, and tries again
        self.env.cr.execute(SQL("SELECT FROM hr_applicant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", ids))
        created = self._make_talents([person for person in persons if not person.talents])
        self._restore_talents(persons)
        self._link_applications(persons)
        talent_ids = [person.talent_id for person in persons]
        entered = self._link_talents(talent_ids)
        self._tag_talents(talent_ids, categories)
        talents = self.env['hr.applicant'].browse(talent_ids)
        talents.invalidate_model()
        self.invalidate_model(['talent_ids', 'no_of_talents', *FIGURES])
        talents.modified(['talent_pool_ids', 'pool_applicant_id', 'categ_ids'])
        return entered, created

    def _check_companies(self, persons):
        for pool in self.filtered('company_id'):
            strangers = [person for person in persons if person.company_id != pool.company_id.id]
            if strangers:
                ids = [*strangers[0].application_ids, *strangers[0].talents]
                applicant = self.env['hr.applicant'].browse(ids[0])
                raise UserError(self.env._(
                    "%(applicant)s applied to %(company)s, and the pool %(pool)s belongs to %(owner)s.",
                    applicant=applicant.partner_name or applicant.display_name,
                    company=applicant.company_id.name or self.env.company.name,
                    pool=pool.name, owner=pool.company_id.name))

    @api.model
    def _make_talents(self, persons):
        """Copy the best application of each person, and note the talent with the person.

        :return: ids of the talents
        """
        sources = self.env['hr.applicant'].browse(self._get_best_applications(persons))
        talent_ids = sources._copy_as_talents([person.partner_id for person in persons])
        for person, talent_id in zip(persons, talent_ids, strict=True):
            person.talents[talent_id] = []
        return talent_ids

    @api.model
    def _get_best_applications(self, persons):
        """For each person the application that came furthest; the latest, if several did."""
        several = [applicant_id for person in persons if len(person.given_ids) > 1 for applicant_id in person.given_ids]
        stages = self.env['hr.applicant'].browse(several)._get_furthest_stages() if several else {}

        def rank(applicant_id):
            stage = stages.get(applicant_id)
            return (stage.sequence if stage else float('-inf'), applicant_id)
        return [max(person.given_ids, key=rank) for person in persons]

    @api.model
    def _restore_talents(self, persons):
        """A person who was filed away comes back: one human is not to be two talents."""
        archived = [p.talent_id for p in persons if p.talent_id in p.archived_talent_ids]
        if archived:
            self.env['hr.applicant'].browse(archived).write({'active': True})
            self.env.flush_all()

    @api.model
    def _link_applications(self, persons):
        """Stock Odoo's link from application to talent, on all applications of the person in the company."""
        pairs = [(app_id, person.talent_id) for person in persons for app_id in person.application_ids]
        self.env.cr.execute(SQL(
            """
            UPDATE hr_applicant applicant
               SET pool_applicant_id = pair.talent_id, write_uid = %s, write_date = %s
              FROM unnest(%s::int[], %s::int[]) AS pair(applicant_id, talent_id)
             WHERE applicant.id = pair.applicant_id AND applicant.pool_applicant_id IS NULL
            """, self.env.uid, self.env.cr.now(), [pair[0] for pair in pairs], [pair[1] for pair in pairs]))

    def _link_talents(self, talent_ids):
        return set(self.env.execute_query(SQL(
            """
            INSERT INTO hr_applicant_hr_talent_pool_rel (hr_applicant_id, hr_talent_pool_id)
            SELECT talent.id, pool.id FROM unnest(%s::int[]) talent(id) CROSS JOIN unnest(%s::int[]) pool(id)
                ON CONFLICT DO NOTHING RETURNING hr_applicant_id, hr_talent_pool_id
            """, talent_ids, self.ids)))

    @api.model
    def _tag_talents(self, talent_ids, categories):
        if categories:
            relation = self.env['hr.applicant']._fields['categ_ids']
            self.env.cr.execute(SQL(
                """
                INSERT INTO %(table)s (%(talent)s, %(tag)s)
                SELECT talent.id, tag.id FROM unnest(%(talents)s::int[]) talent(id)
                 CROSS JOIN unnest(%(tags)s::int[]) tag(id) ON CONFLICT DO NOTHING
                """, table=SQL.identifier(relation.relation), talent=SQL.identifier(relation.column1),
                tag=SQL.identifier(relation.column2), talents=talent_ids, tags=categories.ids))

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_view_people(self):
        """The talents behind a figure; which one is in the context of the button."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('hr_recruitment.action_hr_talent_pool_applications')
        filter_name = FIGURES.get(self.env.context.get('pool_figure'))
        return {
            **action,
            'display_name': self.name,
            'domain': [('talent_pool_ids', 'in', self.ids)],
            'context': {
                'default_talent_pool_ids': self.ids, **({f'search_default_{filter_name}': 1} if filter_name else {})},
        }


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    pool_touched = fields.Boolean(
        string="Touched in the Last 90 Days", compute='_compute_pool_freshness', search='_search_pool_touched')
    pool_consent_ending = fields.Boolean(
        string="Consent Ends Within 30 Days", compute='_compute_pool_freshness', search='_search_pool_consent_ending')

    def _compute_pool_freshness(self):
        found = {}
        if self.ids:
            found = {row[0]: row[1:] for row in self.env.execute_query(SQL(
                "SELECT talent.id, %s, %s FROM hr_applicant talent WHERE talent.id IN %s",
                self._get_touched_sql('talent'), self._get_consent_ending_sql('talent'), tuple(self.ids)))}
        for applicant in self:
            applicant.pool_touched, applicant.pool_consent_ending = found.get(applicant.id, (False, False))

    def _search_pool_touched(self, operator, value):
        return self._search_by_sql(operator, value, '_get_touched_sql')

    def _search_pool_consent_ending(self, operator, value):
        return self._search_by_sql(operator, value, '_get_consent_ending_sql')

    @api.model
    def _search_by_sql(self, operator, value, method):
        if operator != 'in':
            return NotImplemented
        condition = Domain.custom(to_sql=lambda model, alias, query: getattr(model, method)(alias))
        return Domain.OR(condition if flag else ~condition for flag in value)

    @api.model
    def _get_touched_sql(self, alias):
        """Whether the person was in touch with the company of this row lately; what is still to come is not."""
        now = fields.Datetime.now()
        touches = self.env['hr.candidate.touch']._fields
        return SQL(
            """EXISTS (SELECT FROM hr_candidate_touch touch WHERE touch.partner_id = %s
                          AND touch.company_id = COALESCE(%s, %s) AND touch.date BETWEEN %s AND %s)""",
            SQL.identifier(alias, 'partner_id'), SQL.identifier(alias, 'company_id'), self.env.company.id,
            now - timedelta(days=TOUCHED_DAYS), now,
            to_flush=[touches[name] for name in ('partner_id', 'company_id', 'date')])

    @api.model
    def _get_consent_ending_sql(self, alias):
        today = fields.Date.today()
        return SQL(
            "COALESCE(%s BETWEEN %s AND %s, FALSE)", self._get_candidate_consent_until_sql(alias), today,
            today + timedelta(days=ENDING_DAYS))
