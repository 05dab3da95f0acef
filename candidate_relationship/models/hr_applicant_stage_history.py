"""Every move of an application is written to its history."""

from collections import namedtuple
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_applicant_stage_log import LIVE_OUTCOMES, OWNER_COLUMNS, StageEvent

HISTORY_FIELDS = {'stage_id', 'active', 'refuse_reason_id', 'talent_pool_ids', 'pool_applicant_id', *OWNER_COLUMNS}
# Applications whose change is under way in this transaction, so that what it changes further is one event with it.
CHANGING = 'hr.applicant.stage.log.changing'

# Where an application is: the stage (a record), its outcome there (None for a talent and without a stage), and
# what filling in its history needs, should it be missing: since when, the last change, the end.
StageFacts = namedtuple('StageFacts', ['stage', 'outcome', 'owners', 'created', 'changed', 'ended'])


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    @api.model_create_multi
    def create(self, vals_list):
        applicants = super().create(vals_list)
        applicants.sudo()._log_first_stages()
        return applicants

    def write(self, vals):
        if not HISTORY_FIELDS & vals.keys():
            return super().write(vals)
        with self._logging_stages():
            return super().write(vals)

    def action_unarchive(self):
        # stock Odoo restores first and moves then: one arrival, not two
        with self._logging_stages():
            return super().action_unarchive()

    @contextmanager
    def _logging_stages(self):
        """Write to the history what happens within, as one event for each application."""
        changing = self.env.cr.cache.setdefault(CHANGING, set())
        applicants = self.browse(id_ for id_ in self._ids if id_ not in changing).sudo()
        before = applicants._get_stage_facts()
        changing.update(applicants._ids)
        try:
            yield
        finally:
            changing.difference_update(applicants._ids)
        applicants._log_stage_changes(before)

    # ------------------------------------------------------------------
    # Events
    # ------------------------------------------------------------------

    def _get_stage_facts(self):
        return {applicant.id: applicant._prepare_stage_facts() for applicant in self}

    def _prepare_stage_facts(self):
        stage = self.stage_id
        return StageFacts(
            stage, self._get_stage_outcome(), tuple(self[name].id or None for name in OWNER_COLUMNS),
            created=self.create_date or fields.Datetime.now(),
            changed=(stage.hired_stage and self.date_closed) or self.date_last_stage_update or None,
            ended=(self.refuse_reason_id and self.refuse_date) or self.write_date or None)

    def _get_stage_outcome(self):
        """How the stay in the stage of today stands; ``None`` where there is nothing to log."""
        if not self.stage_id or not self._is_feedback_application():
            return None
        if self.refuse_reason_id:
            return 'refused'
        if self.stage_id.hired_stage:
            return 'hired'
        return 'current' if self.active else 'withdrawn'

    def _log_first_stages(self):
        facts = self._get_stage_facts()
        self.env['hr.applicant.stage.log']._record([
            applicant._prepare_stage_event(facts[applicant.id], known=False, opening=facts[applicant.id].outcome)
            for applicant in self if facts[applicant.id].outcome])

    def _log_stage_changes(self, before):
        after = self._get_stage_facts()
        changed = self.filtered(lambda a: before[a.id][:3] != after[a.id][:3])
        if not changed:
            return
        # two who move one application meet on its row, where Odoo tries again, not on the history
        changed.flush_recordset()
        events = list(filter(None, (a._get_stage_event(before[a.id], after[a.id]) for a in changed)))
        logs = self.env['hr.applicant.stage.log'].sudo()
        if missing := set(logs._record(events)):
            logs._backfill_before({applicant_id: before[applicant_id] for applicant_id in missing})
            logs._record([event for event in events if event.applicant_id in missing])

    def _get_stage_event(self, old, new):
        """What becomes of the history between two facts; ``None`` if nothing does."""
        lives = new.outcome in LIVE_OUTCOMES
        if old.outcome is None:
            change = {'opening': new.outcome} if new.outcome else {}
        elif old.outcome not in LIVE_OUTCOMES:
            # what is over stays where it ended, until it comes back
            change = {'opening': new.outcome} if lives else (
                {'amending': new.outcome} if new.outcome not in (None, old.outcome) else {})
        elif new.outcome is None:
            # a talent is no application any more; without a job there is no stage
            change = {'ending': 'withdrawn' if new.stage else 'back'}
        elif old.stage != new.stage:
            change = {'ending': self._get_stage_direction(old.stage, new.stage), 'opening': new.outcome}
        else:
            change = {'amending' if lives else 'ending': new.outcome}
        return change and self._prepare_stage_event(
            new, known=bool(old.outcome), since=old.created, working_company=old.owners[2], **change)

    @api.model
    def _get_stage_direction(self, old, new):
        return 'moved' if (new.sequence, new.id) > (old.sequence, old.id) else 'back'

    def _prepare_stage_event(
            self, facts, known, ending=None, amending=None, opening=None, since=None, working_company=None):
        return StageEvent(
            self.id, known, ending, amending, opening, facts.stage.id or None, facts.owners,
            working_company or self.env.company.id, since)

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _get_furthest_stages(self):
        """The stage with the highest sequence that each application ever entered.

        :return: ``hr.recruitment.stage`` by applicant id; nothing for who never had a stage
        """
        self.flush_recordset(['stage_id'])
        stages = self.env['hr.recruitment.stage']
        rows = self.env.execute_query(SQL(
            """
            SELECT DISTINCT ON (entered.applicant_id) entered.applicant_id, stage.id
              FROM (SELECT applicant_id, stage_id FROM hr_applicant_stage_log WHERE applicant_id = ANY(%(ids)s)
                     UNION ALL
                    SELECT id, stage_id FROM hr_applicant applicant
                     WHERE id = ANY(%(ids)s)
                       AND NOT EXISTS (SELECT 1 FROM hr_applicant_stage_log WHERE applicant_id = applicant.id)
                   ) entered
              JOIN hr_recruitment_stage stage ON stage.id = entered.stage_id
             ORDER BY entered.applicant_id, stage.sequence DESC, stage.id DESC
            """, ids=list(self.ids)))
        stages = stages.browse([stage_id for _applicant_id, stage_id in rows])
        return {row[0]: stage for row, stage in zip(rows, stages, strict=True)}
