"""The ranking of a round: all people of the pools scored and sorted in one statement.

A person is scored in several respects, its *terms*, each from 0 to 100. The score is their mean by
the weights of the round; a term that has nothing to say (a job without skills, a round without tags)
takes no part. A further respect joins as one more entry of ``_get_terms()`` with its two fields, the
weight on the round and the score on the match.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date, format_list

# In touch so many days ago counts half, twice as many a quarter.
HALF_LIFE_DAYS = 180
# Of an applicant, what the scores of terms may ask for: read once for everybody, and carried along.
APPLICANT_COLUMNS = ('id', 'partner_id', 'type_id')
# Whoever answered about this job is not asked about it again for so long.
ANSWERED_DAYS = 180


@dataclass(frozen=True)
class Term:
    """One respect in which people are scored.

    ``<key>_weight`` is the field of the round, ``<key>_score`` that of the match.

    :param SQL score: of the aliases ``applicant`` (which has the ``APPLICANT_COLUMNS``) and ``<key>``: 0 to 100, what
        exceeds it sorts only
    :param SQL fact: JSON of what the words need, of the alias ``applicant``; of those who are listed only
    :param words: function of a match, the fact and the names (see ``_read_names``) that gives a list of sentences
    :param SQL source: rows with the column ``key``, one each; joined as ``<key>``. All applications of the company
        are in the table ``own``
    :param str joined_by: column of the applicant that the source is joined by
    :param dict names: model by key of the fact that holds ids, to read their names for many at once
    """
    key: str
    score: SQL
    fact: SQL
    words: Callable
    source: SQL | None = None
    joined_by: str = 'id'
    names: dict = field(default_factory=dict)

    @property
    def column(self):
        return SQL.identifier(f'{self.key}_score')

    @property
    def join(self):
        if self.source is None:
            return SQL()
        alias = SQL.identifier(self.key)
        return SQL("LEFT JOIN (%s) %s ON %s.key = applicant.%s",
                   self.source, alias, alias, SQL.identifier(self.joined_by))


class HrPoolReactivation(models.Model):
    _inherit = 'hr.pool.reactivation'

    def _rank(self):
        """Replace those who were not asked yet by the best of today."""
        self.ensure_one()
        self.env.flush_all()
        self._lock()
        matches = self.env['hr.pool.match']
        matches.search([('reactivation_id', '=', self.id), ('state', 'in', ['recommended', 'excluded'])]).unlink()
        self.env.flush_all()
        ((considered, recommended, excluded),) = self.env.execute_query(self._get_ranking_sql())
        matches.invalidate_model()
        self.write({
            'state': 'sent' if self.sent_datetime else 'ready',
            'prepared_datetime': fields.Datetime.now(),
            'considered_count': considered,
            'recommended_count': recommended,
            'excluded_count': excluded,
        })
        self._renew_exclusions()

    def _lock(self):
        """Two who rank one round: the second waits, and Odoo tries it again."""
        self.env.cr.execute(SQL("UPDATE hr_pool_reactivation SET write_date = write_date WHERE id = %s", self.id))

    # ------------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------------

    def _get_terms(self):
        """Respects in which people are scored for this round; those that have nothing to say are left out."""
        return [*self._get_skill_terms(), *self._get_tag_terms(), *self._get_stage_terms(),
                *self._get_freshness_terms()]

    def _get_weighed_terms(self):
        return [term for term in self._get_terms() if self[f'{term.key}_weight']]

    def _get_skill_terms(self):
        """Odoo's own matching score, computed for many: see ``_compute_matching_skill_ids`` of applicants."""
        job = self.job_id.sudo()
        degree, skills = job.expected_degree.score * 100, job.job_skill_ids
        total = sum(skills.mapped('level_progress')) + degree
        if not skills and not job.expected_degree:
            return []
        # of a skill that stands there twice, the last one counts, as there
        wanted = {skill.skill_id.id: skill.level_progress for skill in skills}
        mine = SQL("COALESCE(skill.total, 0)") if wanted else SQL("0")
        schooling = SQL("0")
        if degree > 1:
            degrees = self.env['hr.recruitment.degree'].sudo().search([])
            schooling = self._get_case_sql(SQL("applicant.type_id"), {one.id: one.score * 100 for one in degrees})
        return [Term(
            'skill',
            score=SQL("ROUND((%s + %s)::float8 / %s::float8 * 100)", mine, schooling, total) if total else SQL("0"),
            fact=self._get_skill_fact(wanted, degree > 1),
            words=lambda match, fact, names: match._describe_skills(fact, names),
            source=self._get_skill_source(wanted) if wanted else None,
            names={'skills': 'hr.skill', 'degree': 'hr.recruitment.degree'})]

    @api.model
    def _get_case_sql(self, column, values):
        """SQL of the value of a column in a short table: several times faster than joining it."""
        cases = SQL(" ").join(SQL("WHEN %s THEN %s", key, value) for key, value in values.items())
        return SQL("CASE %s %s ELSE 0 END", column, cases) if values else SQL("0")

    @api.model
    def _get_skill_source(self, wanted):
        """The levels of each application in the skills of the job; more than twice the level is no better."""
        rows = SQL(", ").join(SQL("(%s, %s)", skill_id, 2 * level) for skill_id, level in wanted.items())
        return SQL(
            """
            SELECT owned.applicant_id AS key, SUM(LEAST(level.level_progress, wanted.most)) AS total
              FROM %s owned
              JOIN (VALUES %s) wanted(skill_id, most) ON wanted.skill_id = owned.skill_id
              JOIN hr_skill_level level ON level.id = owned.skill_level_id
             GROUP BY owned.applicant_id
            """, self._get_current_skills_sql(tuple(wanted)), rows)

    @api.model
    def _get_current_skills_sql(self, skill_ids):
        """As ``_get_current_skills_by_applicant``: valid today; of a certificate that ran out, the latest."""
        today = fields.Date.today()
        certificates = self.env['hr.skill'].sudo().search([
            ('id', 'in', skill_ids), ('skill_type_id.is_certification', '=', True)])
        current = SQL(
            "SELECT applicant_id, skill_id, skill_level_id FROM hr_applicant_skill"
            " WHERE skill_id IN %s AND (valid_to IS NULL OR valid_to >= %s)", skill_ids, today)
        if not certificates:
            return SQL("(%s)", current)
        return SQL(
            """
            (%s UNION ALL (
                SELECT DISTINCT ON (past.applicant_id, past.skill_id)
                       past.applicant_id, past.skill_id, past.skill_level_id
                  FROM hr_applicant_skill past
                 WHERE past.skill_id IN %s AND NOT EXISTS (
                       SELECT FROM hr_applicant_skill valid
                        WHERE valid.applicant_id = past.applicant_id AND valid.skill_id = past.skill_id
                          AND (valid.valid_to IS NULL OR valid.valid_to >= %s))
                 ORDER BY past.applicant_id, past.skill_id, past.valid_to DESC, past.skill_level_id DESC, past.id))
            """, current, certificates._ids, today)

    @api.model
    def _get_skill_fact(self, wanted, degree):
        skills = SQL("NULL")
        if wanted:
            skills = SQL(
                "(SELECT jsonb_agg(DISTINCT owned.skill_id) FROM %s owned WHERE owned.applicant_id = applicant.id)",
                self._get_current_skills_sql(tuple(wanted)))
        return SQL(
            "jsonb_build_object('skills', %s, 'wanted', %s::int, 'degree', %s)", skills, len(wanted),
            SQL("applicant.type_id") if degree else SQL("NULL"))

    def _get_tag_terms(self):
        """How many of the tags sought somebody has."""
        tags = self.categ_ids._ids
        if not tags:
            return []
        owned = SQL(
            "FROM hr_applicant_hr_applicant_category_rel owned WHERE owned.hr_applicant_category_id IN %s", tags)
        return [Term(
            'tag',
            score=SQL("100 * COALESCE(tag.count, 0) / %s", len(tags)),
            fact=SQL(
                "jsonb_build_object('tags', (SELECT jsonb_agg(owned.hr_applicant_category_id) %s"
                " AND owned.hr_applicant_id = applicant.id), 'wanted', %s::int)", owned, len(tags)),
            words=lambda match, fact, names: match._describe_tags(fact, names),
            source=SQL("SELECT owned.hr_applicant_id AS key, COUNT(*) AS count %s GROUP BY 1", owned),
            names={'tags': 'hr.applicant.category'})]

    def _get_stage_terms(self):
        """How far somebody ever came with us, in whichever application: the last stage is 100."""
        stages = self.env['hr.recruitment.stage'].sudo().search([], order='sequence, id')
        if not stages:
            return []
        score = self._get_case_sql(SQL("log.stage_id"), {
            stage.id: round(100 * place / len(stages)) for place, stage in enumerate(stages, 1)})
        return [Term(
            'stage',
            score=SQL("COALESCE(stage.score, 0)"),
            fact=SQL(
                """(SELECT jsonb_build_object('stage', log.stage_id, 'job', log.job_id)
                      FROM hr_applicant_stage_log log
                      JOIN hr_applicant mine ON mine.id = log.applicant_id
                     WHERE log.stage_id IS NOT NULL AND mine.partner_id = applicant.partner_id
                       AND COALESCE(mine.company_id, %(company)s) = %(company)s
                     ORDER BY %(score)s DESC, log.id DESC LIMIT 1)""", company=self.company_id.id, score=score),
            words=lambda match, fact, names: match._describe_stage(fact, names),
            source=SQL(
                "SELECT own.partner_id AS key, MAX(%s) AS score FROM hr_applicant_stage_log log"
                " JOIN own ON own.id = log.applicant_id WHERE log.stage_id IS NOT NULL GROUP BY 1", score),
            joined_by='partner_id',
            names={'stage': 'hr.recruitment.stage', 'job': 'hr.job'})]

    def _get_freshness_terms(self):
        """How long ago somebody was in touch with us."""
        now = fields.Datetime.now()
        seen = SQL(
            "FROM hr_candidate_touch touch WHERE touch.partner_id IS NOT NULL AND touch.company_id = %s"
            " AND touch.date <= %s", self.company_id.id, now)
        return [Term(
            'freshness',
            score=SQL(
                "ROUND(COALESCE(100 * POWER(0.5, DATE_PART('epoch', %s::timestamp - freshness.date) / %s), 0))",
                now, HALF_LIFE_DAYS * 86400),
            fact=SQL(
                "(SELECT jsonb_build_object('date', touch.date::date, 'channel', touch.channel) %s"
                " AND touch.partner_id = applicant.partner_id ORDER BY touch.date DESC, touch.id DESC LIMIT 1)", seen),
            words=lambda match, fact, names: match._describe_freshness(fact, names),
            source=SQL("SELECT touch.partner_id AS key, MAX(touch.date) AS date %s GROUP BY 1", seen),
            joined_by='partner_id')]

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    def _get_candidates_sql(self):
        """One row for each person who is considered: the talent, else the latest application that came near."""
        near = self._get_runner_up_sql() if self.include_runner_ups else SQL("FALSE")
        return SQL(
            """
            SELECT DISTINCT ON (applicant.partner_id) %(columns)s, pool.id AS pool_id
              FROM own applicant
              LEFT JOIN (%(pools)s) pool ON pool.talent_id = applicant.id
             WHERE ((pool.id IS NOT NULL AND applicant.active) OR (%(near)s))
               AND NOT EXISTS (SELECT FROM hr_pool_match asked
                                WHERE asked.reactivation_id = %(round)s AND asked.partner_id = applicant.partner_id
                                  AND asked.state NOT IN ('recommended', 'excluded'))
             ORDER BY applicant.partner_id, pool.id IS NULL, applicant.id DESC
            """, columns=SQL(", ").join(SQL.identifier('applicant', name) for name in APPLICANT_COLUMNS),
            pools=self._get_pools_sql(), near=near, round=self.id)

    def _get_own_sql(self):
        """All applications and talents of the company whose person is known."""
        return SQL(
            """
            SELECT applicant.id, applicant.partner_id, applicant.type_id, applicant.active, applicant.refuse_reason_id,
                   applicant.priority
              FROM hr_applicant applicant
             WHERE applicant.partner_id IS NOT NULL AND applicant.candidate_erased IS NOT TRUE
               AND (applicant.company_id = %(company)s OR applicant.company_id IS NULL)
            """, company=self.company_id.id)

    def _get_pools_sql(self):
        """By which pool a talent is considered: the oldest of them, so that figures by pool add up."""
        pools = self.pool_ids or self.env['hr.talent.pool'].sudo().search([
            ('company_id', 'in', [self.company_id.id, False])])
        return SQL(
            "SELECT rel.hr_applicant_id AS talent_id, MIN(rel.hr_talent_pool_id) AS id"
            "  FROM hr_applicant_hr_talent_pool_rel rel WHERE rel.hr_talent_pool_id IN %s GROUP BY 1",
            pools._ids or (0,))

    def _get_runner_up_sql(self):
        """A refused application that came near, as the company defines it; never spam and duplicates."""
        conditions = self._get_near_miss_conditions()
        if not conditions:
            return SQL("FALSE")
        near = SQL(" AND " if self.company_id.near_miss_mode == 'and' else " OR ").join(conditions)
        return SQL(
            """NOT applicant.active AND applicant.refuse_reason_id IN (
                SELECT reason.id FROM hr_applicant_refuse_reason reason WHERE reason.no_answer_owed IS NOT TRUE)
            AND (%s)""", near)

    def _get_near_miss_conditions(self):
        conditions = []
        if stage := self.company_id.near_miss_stage_id:
            conditions.append(SQL(
                "applicant.id IN (SELECT log.applicant_id FROM hr_applicant_stage_log log"
                " JOIN hr_recruitment_stage stage ON stage.id = log.stage_id WHERE stage.sequence >= %s)",
                stage.sequence))
        if priority := self.company_id.near_miss_priority:
            conditions.append(SQL("applicant.priority >= %s", priority))
        return conditions

    def _get_exclusion_sql(self):
        """Why somebody is not to be asked; NULL if they may be.

        What says most comes first: that somebody has answered tells more than that they were written to.
        """
        applicants = self.env['hr.applicant'].with_company(self.company_id)
        return SQL(
            "COALESCE(%s, %s)", self._get_own_exclusion_sql(),
            applicants._get_nurture_reason_sql('applicant', self.topic_id.id or None))

    def _get_own_exclusion_sql(self):
        return SQL(
            """CASE
                WHEN applicant.partner_id IN (
                    SELECT employee.work_contact_id FROM hr_employee employee
                     WHERE employee.active AND employee.company_id = %(company)s
                       AND employee.work_contact_id IS NOT NULL) THEN 'employee'
                WHEN applicant.partner_id IN (
                    SELECT earlier.partner_id FROM hr_pool_match earlier
                     WHERE earlier.job_id = %(job)s AND earlier.partner_id IS NOT NULL
                       AND earlier.answered_datetime >= %(since)s) THEN 'answered'
            END""", company=self.company_id.id, job=self.job_id.id,
            since=fields.Datetime.now() - timedelta(days=ANSWERED_DAYS))

    # ------------------------------------------------------------------
    # The statement
    # ------------------------------------------------------------------

    def _get_ranking_sql(self):
        """Write the best into the round.

        Everybody is scored; whether somebody may be asked is looked up from the best down, until enough are found.

        :return: statement whose row is how many were considered, may be asked, and were excluded among the best
        """
        terms = self._get_weighed_terms()
        return SQL(
            """
            WITH own AS MATERIALIZED (%(own)s),
                 candidate AS (%(candidates)s),
                 -- evaluated once, though the total asks for each score again
                 scored AS MATERIALIZED (%(scored)s),
                 ranked AS MATERIALIZED (SELECT scored.*, %(total)s AS score FROM scored ORDER BY %(order)s),
                 recommended AS MATERIALIZED (%(recommended)s),
                 excluded AS MATERIALIZED (%(excluded)s),
                 inserted AS (%(insert)s)
            SELECT (SELECT COUNT(*) FROM ranked), (SELECT COUNT(*) FROM recommended), (SELECT COUNT(*) FROM excluded)
            """, own=self._get_own_sql(), candidates=self._get_candidates_sql(), scored=self._get_scored_sql(terms),
            total=self._get_total_sql(terms), order=self._get_order_sql(terms),
            recommended=self._get_judged_sql(SQL("TRUE"), SQL("reason IS NULL")),
            excluded=self._get_judged_sql(self._get_near_sql(), SQL("reason IS NOT NULL")),
            insert=self._get_insert_sql(terms))

    def _get_scored_sql(self, terms):
        scores = [SQL(", %s AS %s", term.score, term.column) for term in terms]
        return SQL(
            "SELECT applicant.*%s FROM candidate applicant %s",
            SQL().join(scores), SQL(" ").join(term.join for term in terms))

    def _get_total_sql(self, terms):
        """The mean of the scores by weight."""
        weights = [(self[f'{term.key}_weight'], term.column) for term in terms]
        whole = sum(weight for weight, _column in weights)
        if not whole:
            return SQL("0::float8")
        parts = SQL(" + ").join(
            SQL("%s * LEAST(%s, 100)", weight, column) for weight, column in weights if weight)
        return SQL("ROUND(100 * (%s)::float8 / %s) / 100", parts, whole)

    def _get_order_sql(self, terms):
        """Who is equally good is sorted by how far they exceed what is asked for."""
        exceeding = SQL().join(
            SQL("%s DESC, ", term.column) for term in terms if term.key == 'skill' and self.skill_weight)
        return SQL("score DESC, %sid", exceeding)

    def _get_near_sql(self):
        """Who would have been listed: as good as the last of those who are, where there are more than fit."""
        if not self.limit_count:
            return SQL("TRUE")
        return SQL(
            "score >= COALESCE((SELECT MIN(score) FROM recommended HAVING COUNT(*) >= %s), 0)", self.limit_count)

    def _get_judged_sql(self, condition, kind):
        """The first of the ranked of one kind. OFFSET keeps the order: nobody is looked up who is not needed."""
        return SQL(
            """
            SELECT * FROM (
                SELECT ranked.*, %s AS reason
                  FROM ranked
                 CROSS JOIN LATERAL (
                       SELECT * FROM hr_applicant WHERE hr_applicant.id = ranked.id OFFSET 0) applicant
                 WHERE %s OFFSET 0) judged
             WHERE %s %s
            """, self._get_exclusion_sql(), condition, kind,
            SQL("LIMIT %s", self.limit_count) if self.limit_count else SQL())

    def _get_insert_sql(self, terms):
        columns = self._get_match_columns(terms)
        return SQL(
            """
            INSERT INTO hr_pool_match (%s)
            SELECT %s
              FROM (SELECT * FROM recommended UNION ALL SELECT * FROM excluded) listed
              JOIN hr_applicant applicant ON applicant.id = listed.id
                ON CONFLICT DO NOTHING
            """, SQL(", ").join(map(SQL.identifier, columns)), SQL(", ").join(columns.values()))

    def _get_match_columns(self, terms):
        now, facts = self.env.cr.now(), [SQL("%s::text, %s", term.key, term.fact) for term in terms]
        return {
            'reactivation_id': SQL("%s::int", self.id),
            'job_id': SQL("%s::int", self.job_id.id),
            'company_id': SQL("%s::int", self.company_id.id),
            'partner_id': SQL("applicant.partner_id"),
            'applicant_id': SQL("applicant.id"),
            'pool_id': SQL("listed.pool_id"),
            'person_name': SQL("applicant.partner_name"),
            'state': SQL("CASE WHEN listed.reason IS NULL THEN 'recommended' ELSE 'excluded' END"),
            'excluded_reason': SQL("listed.reason"),
            'score': SQL("listed.score"),
            **{f'{term.key}_score': SQL("listed.%s", term.column) for term in terms},
            'facts': SQL("jsonb_build_object(%s)", SQL(", ").join(facts)) if facts else SQL("'{}'::jsonb"),
            'recommended_datetime': SQL("%s::timestamp", fields.Datetime.now()),
            'create_uid': SQL("%s::int", self.env.uid), 'write_uid': SQL("%s::int", self.env.uid),
            'create_date': SQL("%s::timestamp", now), 'write_date': SQL("%s::timestamp", now),
        }


class HrApplicantSkill(models.Model):
    _inherit = 'hr.applicant.skill'

    # who has a skill: a ranking need not read the skills of everybody
    _skill_idx = models.Index("(skill_id, applicant_id, skill_level_id, valid_to)")


class HrPoolMatch(models.Model):
    """The reasons of a score in words, made of the facts that the ranking has kept."""
    _inherit = 'hr.pool.match'

    @api.depends_context('lang')
    @api.depends('facts')
    def _compute_reasons(self):
        terms = {round_: round_._get_terms() for round_ in self.reactivation_id}
        names = self._read_names({pair for some in terms.values() for term in some for pair in term.names.items()})
        for match in self:
            facts = match.facts or {}
            match.reasons = '\n'.join(
                sentence for term in terms.get(match.reactivation_id, ()) if term.key in facts
                for sentence in term.words(match, facts[term.key] or {}, names))

    def _read_names(self, references):
        """The names that the words need, read for all matches at once.

        :param references: pairs of the key of a fact and the model of its ids
        :return: function of such a key and a fact that gives the names of what still is there
        """
        found = {}
        facts = [fact for match in self for fact in (match.facts or {}).values() if fact]
        for key, model in references:
            ids = {id_ for fact in facts for id_ in self._get_ids(fact, key)}
            records = self.env[model].sudo().with_context(active_test=False).search_fetch(
                [('id', 'in', list(ids))], ['display_name'])
            found[key] = {record.id: record.display_name for record in records}
        return lambda key, fact: [found[key][id_] for id_ in self._get_ids(fact, key) if id_ in found[key]]

    @staticmethod
    def _get_ids(fact, key):
        value = fact.get(key) or []
        return value if isinstance(value, list) else [value]

    def _describe_skills(self, fact, names):
        skills, degree = names('skills', fact), names('degree', fact)
        sentences = []
        if fact.get('wanted'):
            sentences.append(self.env._(
                "%(count)s of %(wanted)s skills: %(names)s", count=len(skills), wanted=fact['wanted'],
                names=format_list(self.env, skills)) if skills else self.env._("None of the skills"))
        return sentences + ([self.env._("Degree: %s", degree[0])] if degree else [])

    def _describe_tags(self, fact, names):
        tags = names('tags', fact)
        if not tags:
            return [self.env._("None of the tags")]
        return [self.env._("%(count)s of %(wanted)s tags: %(names)s", count=len(tags), wanted=fact.get('wanted'),
                           names=format_list(self.env, tags))]

    def _describe_stage(self, fact, names):
        stage, job = names('stage', fact), names('job', fact)
        if stage and job:
            return [self.env._("Reached %(stage)s for %(job)s", stage=stage[0], job=job[0])]
        return [self.env._("Reached %s", stage[0])] if stage else []

    def _describe_freshness(self, fact, names):
        if not fact.get('date'):
            return [self.env._("Never in touch")]
        channels = dict(self.env['hr.candidate.touch']._fields['channel']._description_selection(self.env))
        return [self.env._(
            "In touch on %(day)s (%(channel)s)", day=format_date(self.env, fact['date']),
            channel=channels.get(fact.get('channel'), ''))]
