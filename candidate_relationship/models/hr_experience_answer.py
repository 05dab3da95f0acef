"""Answers of candidates: of nobody, of no day, and in no order."""

import secrets

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_recruitment_stage_experience import STAGE_GROUPS
from .hr_survey_invitation import FACTS, OUTCOMES

LARGEST_ID = 2**31 - 1


class HrExperienceSealed(models.AbstractModel):
    """Rows of which nobody may learn even that there are some."""
    _name = 'hr.experience.sealed'
    _description = "Rows That Nobody Reads"
    _log_access = False

    def export_data(self, fields_to_export):
        """Exporting an id alone would give the row a name, without asking for rights."""
        self.check_access('read')
        return super().export_data(fields_to_export)


class HrExperienceHeap(models.AbstractModel):
    """Rows that are thrown on a heap: neither their ids nor their places tell in which order they came.

    With each new row all rows of the same company and month that wait are written anew in random order, with
    ids drawn anew from the same ones: all of them come from one transaction, the last one. Those that were
    published stay as they are: they can be seen, and would tell when somebody answers.
    """
    _name = 'hr.experience.heap'
    _description = "Rows Without an Order"
    _inherit = ['hr.experience.sealed']
    _log_access = False

    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    # answers are evaluated by their questions: who deletes these would delete what was answered
    survey_id = fields.Many2one('survey.survey', string="Questionnaire", required=True, ondelete='restrict')
    month = fields.Date(required=True, help="Its first day: answers have no finer date.")
    department_id = fields.Many2one('hr.department', ondelete='set null')
    published = fields.Boolean()

    @api.model
    def _throw(self, **values):
        self.env.flush_all()
        columns = [name for name, field in self._fields.items() if field.store and name != 'id']
        values = {'published': False, **values}
        row = [self._get_column(self._fields[name], values.get(name)) for name in columns]
        # gen_random_uuid() is strong; whoever sees some values of random() can work out the others
        self.env.execute_query(SQL(
            """
            WITH moved AS (
                DELETE FROM %(table)s WHERE company_id = %(company)s AND month = %(month)s AND published IS NOT TRUE
                RETURNING id, %(columns)s
            ), heap AS (
                SELECT id, %(columns)s FROM moved UNION ALL SELECT %(id)s, %(row)s
            ), places AS (
                SELECT id, ROW_NUMBER() OVER (ORDER BY gen_random_uuid()) AS place FROM heap
            ), contents AS (
                SELECT %(columns)s, ROW_NUMBER() OVER (ORDER BY gen_random_uuid()) AS place FROM heap
            )
            INSERT INTO %(table)s (id, %(columns)s)
            SELECT id, %(columns)s FROM places JOIN contents USING (place) ORDER BY gen_random_uuid()
            RETURNING 1
            """,
            table=SQL.identifier(self._table), columns=SQL(", ").join(map(SQL.identifier, columns)),
            company=values['company_id'], month=values['month'], id=self._draw_id(),
            row=SQL(", ").join(SQL("%s", value) for value in row)))
        self.invalidate_model()

    def _get_column(self, field, value):
        # nothing chosen is an empty list, which Odoo would store as NULL
        return Json(value) if field.type == 'json' else field.convert_to_column_insert(value, self)

    @api.model
    def _draw_id(self):
        while True:
            drawn = secrets.randbelow(LARGEST_ID) + 1
            if not self.env.execute_query(SQL(
                    "SELECT 1 FROM %s WHERE id = %s", SQL.identifier(self._table), drawn)):
                return drawn


class HrExperienceAnswer(models.Model):
    """What somebody answered. Nobody has the right to read it; figures are of blocks of many answers.

    No column leads to a person, an application, an invitation or a user. The facts are those of
    ``hr.survey.invitation._get_facts()``: each answer could be that of enough people.
    """
    _name = 'hr.experience.answer'
    _description = "Answer of a Candidate"
    _inherit = ['hr.experience.heap']
    _log_access = False

    family_id = fields.Many2one('hr.job.family', string="Job Family", ondelete='set null')
    stage_group = fields.Selection(STAGE_GROUPS)
    outcome = fields.Selection(OUTCOMES)
    threshold = fields.Integer(help="Of how many people, at least, it was promised to be shown together with.")
    nps = fields.Integer(string="Likelihood to Recommend", required=True)
    statements = fields.Json(help="Values by question")
    themes = fields.Json(help="Ids of the options that were ticked")

    _month_idx = models.Index("(company_id, month)")

    @api.model
    def _store(self, invitation_facts, survey, company, values):
        """
        :param values: ``threshold`` (what was promised), ``nps``, ``statements`` and ``themes``; ``comments``,
                       which go to a table of their own
        """
        today = self.env['hr.survey.invitation']._get_today(company)
        shared = {
            'company_id': company.id, 'survey_id': survey.id, 'month': today.replace(day=1),
            'department_id': invitation_facts['department_id'] or False}
        facts = {name: invitation_facts[name] or False for name in FACTS}
        self._throw(**shared | facts, threshold=values['threshold'], nps=values['nps'],
                    statements=values.get('statements') or {}, themes=values.get('themes') or [])
        for body in values.get('comments') or []:
            self.env['hr.experience.comment']._store(shared, values['nps'], body)
