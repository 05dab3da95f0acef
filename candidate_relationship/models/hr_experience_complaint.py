"""What detractors name: figures of enough detractors, for which they wait, longer than other answers do."""

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_experience_partition import Cell, make_blocks
from .hr_experience_publish import COLUMNS, PASSIVE, PERIODS


class HrExperienceComplaint(models.Model):
    """What a detractor ticked, with the facts of the block that the answer was counted in, and nothing else.

    Of ten answers one may be a detractor's: what a block's detractors name would be what this one names. So
    they wait until there are enough, which may take several batches. All of a block have the same facts and
    go together: what they are counted in is made of the detractors of whole blocks, so neither is anything
    told by subtraction. Nobody has the right to read them.
    """
    _name = 'hr.experience.complaint'
    _description = "What a Detractor Named"
    _inherit = ['hr.experience.facts']
    _log_access = False

    # its options alone tell what was named
    survey_id = fields.Many2one(ondelete='cascade')
    threshold = fields.Integer(required=True)
    themes = fields.Json()

    @api.model
    def _take_over(self):
        """From the answers that are being published, in an order by chance."""
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(SQL(
            """
            INSERT INTO hr_experience_complaint (company_id, survey_id, %(columns)s, threshold, themes)
            SELECT block.company_id, block.survey_id, %(columns)s, batch.threshold, taken.themes
              FROM experience_taken taken
              JOIN hr_experience_block block ON block.id = taken.block_id
              JOIN hr_experience_batch batch ON batch.id = block.batch_id
             WHERE taken.nps < %(passive)s ORDER BY gen_random_uuid()
            """, columns=columns, passive=PASSIVE))


class HrExperienceThemeBlock(models.Model):
    """At least threshold detractors, counted."""
    _name = 'hr.experience.theme.block'
    _description = "Block of Detractors' Answers"
    _inherit = ['hr.experience.facts']
    _log_access = False

    batch_id = fields.Many2one('hr.experience.batch', required=True, index=True, ondelete='cascade')
    detractors = fields.Integer(required=True)

    _detractors_least = models.Constraint(
        'CHECK (detractors >= 5)', "Fewer than 5 answers would tell who gave them.")


class HrExperienceBlockTheme(models.Model):
    """How many of a block of detractors named what went wrong, of all that was to choose from."""
    _name = 'hr.experience.block.theme'
    _description = "Theme in a Block of Detractors' Answers"
    _inherit = ['hr.experience.sealed']
    _log_access = False

    block_id = fields.Many2one('hr.experience.theme.block', required=True, index=True, ondelete='cascade')
    # the label is kept for when the option is deleted
    option_id = fields.Many2one('survey.question.answer', index='btree_not_null', ondelete='set null')
    label = fields.Char(translate=True)
    named = fields.Integer(required=True)


class HrExperienceBatch(models.Model):
    _inherit = 'hr.experience.batch'

    def _publish_themes(self):
        """Count what waits, if it is of enough detractors; departments with too few of them wait on."""
        waiting = SQL(
            "complaint.company_id = %s AND complaint.survey_id IS NOT DISTINCT FROM %s",
            self.company_id.id, self.survey_id.id or None)
        cells, threshold = self._count_complaints(waiting)
        blocks = make_blocks(cells, threshold, PERIODS[self.company_id.experience_publish], may_wait=True)
        if not blocks:
            return
        ids = self._get_new_ids('hr_experience_theme_block', len(blocks))
        detractors = [sum(cell.count for cell in block.cells) for block in blocks]
        self._insert_facts('hr_experience_theme_block', ids, blocks, {'detractors': detractors})
        parts = self._get_parts(ids, blocks)
        self._insert_themes(parts, waiting)
        self.env.cr.execute(SQL(
            "DELETE FROM hr_experience_complaint complaint USING (%s) part WHERE %s AND %s",
            parts, waiting, self._get_same('complaint')))

    def _count_complaints(self, waiting):
        """:return: list of ``Cell``, and how many each of them was promised to be among"""
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(SQL(
            "SELECT %s, COUNT(*), MAX(threshold) FROM hr_experience_complaint complaint WHERE %s GROUP BY %s",
            columns, waiting, columns))
        rows = self.env.cr.fetchall()
        cells = [Cell(month, tuple(facts), count) for month, *facts, count, _threshold in rows]
        return cells, max([self.threshold, *(row[-1] for row in rows)])

    def _insert_themes(self, parts, waiting):
        """Those that nobody named too: what was to choose from is what shares are of."""
        self.env.cr.execute(SQL(
            """
            WITH themed AS (
                SELECT part.block_id, named.option_id::int AS option_id, COUNT(*) AS named
                  FROM hr_experience_complaint complaint JOIN (%(parts)s) part ON %(same)s
                 CROSS JOIN LATERAL jsonb_array_elements_text(complaint.themes) AS named (option_id)
                 WHERE %(waiting)s AND jsonb_typeof(complaint.themes) = 'array'
                 GROUP BY part.block_id, named.option_id)
            INSERT INTO hr_experience_block_theme (block_id, option_id, label, named)
            SELECT block.id, option.id, option.value, COALESCE(themed.named, 0)
              FROM hr_experience_theme_block block
              JOIN survey_question question
                ON question.survey_id = block.survey_id AND question.experience_role = 'theme'
              JOIN survey_question_answer option ON option.question_id = question.id
              LEFT JOIN themed ON themed.block_id = block.id AND themed.option_id = option.id
             WHERE block.batch_id = %(batch)s
            """, waiting=waiting, parts=parts, same=self._get_same('complaint'), batch=self.id))
