from collections import Counter

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..models.hr_nurture_enrollment import OUTCOMES

SHOWN = 500
MOST_DAYS = 366


class HrNurtureSimulate(models.TransientModel):
    """What a program would send in the days to come, and to whom, if nobody answers or applies meanwhile."""
    _name = 'hr.nurture.simulate'
    _description = "Simulate a Program"

    program_id = fields.Many2one('hr.nurture.program', required=True, ondelete='cascade')
    days = fields.Integer(default=30)
    mail_count = fields.Integer(string="Mails", readonly=True)
    task_count = fields.Integer(string="Tasks", readonly=True)
    person_count = fields.Integer(string="People", readonly=True)
    held_count = fields.Integer(string="Held Back", readonly=True)
    missed_count = fields.Integer(string="Missed", readonly=True)
    shown = fields.Integer(default=SHOWN, readonly=True)
    line_ids = fields.One2many('hr.nurture.simulate.line', 'wizard_id', string="What", readonly=True)
    person_ids = fields.One2many('hr.nurture.simulate.person', 'wizard_id', string="To Whom", readonly=True)

    _days_range = models.Constraint(
        f'CHECK (days BETWEEN 0 AND {MOST_DAYS})', f"A simulation looks 0 to {MOST_DAYS} days ahead.")

    def action_simulate(self):
        self._simulate()
        return self._open()

    def _open(self):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Simulate %s", self.program_id.name),
            'res_model': self._name, 'res_id': self.id, 'view_mode': 'form', 'views': [(False, 'form')],
            'target': 'new', 'context': {'dialog_size': 'large'},
        }

    def _simulate(self):
        self.ensure_one()
        self.program_id._check_officer()
        if not self.program_id.step_ids:
            raise UserError(self.env._("“%s” has no steps yet.", self.program_id.name))
        events, held = self.program_id._simulate(self.days)
        outcomes = Counter(event.outcome for event in events)
        self.write({
            'mail_count': outcomes['mailing'],
            'task_count': outcomes['task'],
            'missed_count': outcomes['missed'],
            'person_count': len({event.applicant_id for event in events if event.outcome != 'missed'}),
            'held_count': held,
            'line_ids': [Command.clear(), *self._prepare_lines(events)],
            'person_ids': [Command.clear(), *self._prepare_persons(events)],
        })

    def _prepare_lines(self, events):
        counts = Counter((event.date, event.step, event.outcome) for event in events)
        return [Command.create({'date': day, 'step_id': step.id, 'outcome': outcome, 'count': count})
                for (day, step, outcome), count in counts.items()]

    def _prepare_persons(self, events):
        return [Command.create({
            'date': event.date, 'step_id': event.step.id, 'applicant_id': event.applicant_id, 'outcome': event.outcome,
        }) for event in events[:SHOWN]]


class HrNurtureSimulateLine(models.TransientModel):
    _name = 'hr.nurture.simulate.line'
    _description = "Day of a Simulation"
    _order = 'date, id'

    wizard_id = fields.Many2one('hr.nurture.simulate', required=True, index=True, ondelete='cascade')
    date = fields.Date(readonly=True)
    step_id = fields.Many2one('hr.nurture.step', readonly=True, ondelete='cascade')
    outcome = fields.Selection(OUTCOMES, readonly=True)
    count = fields.Integer(string="People", readonly=True)


class HrNurtureSimulatePerson(models.TransientModel):
    """Whoever reads a line reads of the person what they may, not what the server may."""
    _name = 'hr.nurture.simulate.person'
    _description = "Person of a Simulation"
    _order = 'date, id'

    wizard_id = fields.Many2one('hr.nurture.simulate', required=True, index=True, ondelete='cascade')
    date = fields.Date(readonly=True)
    step_id = fields.Many2one('hr.nurture.step', readonly=True, ondelete='cascade')
    outcome = fields.Selection(OUTCOMES, readonly=True)
    applicant_id = fields.Many2one('hr.applicant', readonly=True, ondelete='cascade')
    name = fields.Char(related='applicant_id.partner_name', related_sudo=False, string="Person")
