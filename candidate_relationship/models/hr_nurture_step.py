"""A step of a nurture program: a mailing or a task, some working days after the step before or on a day of the year."""

from datetime import date, timedelta
from itertools import dropwhile, takewhile

from lxml import html
from pytz import UTC

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, is_html_empty

from .hr_nurture_enrollment import UNDONE
from .working_time import WorkingTimes

MONTHS = [
    ('1', "January"), ('2', "February"), ('3', "March"), ('4', "April"), ('5', "May"), ('6', "June"), ('7', "July"),
    ('8', "August"), ('9', "September"), ('10', "October"), ('11', "November"), ('12', "December"),
]
MOST_DAYS = 520
# A greeting that is later than this is none: the person gets it next year.
GRACE_DAYS = 3
# A year that has the 29th of February, which is a day of the year as well.
LEAP_YEAR = 2024
# What decides when a step is due.
TIMING = {'trigger', 'delay_days', 'yearly', 'month', 'day', 'feast_id'}


class HrNurtureStep(models.Model):
    _name = 'hr.nurture.step'
    _description = "Nurture Step"
    _order = 'program_id, sequence, id'

    program_id = fields.Many2one('hr.nurture.program', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(related='program_id.company_id', store=True, index=True)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection([('mailing', "Mailing"), ('task', "Task")], required=True, default='mailing')
    trigger = fields.Selection(
        [('delay', "After the Step Before"), ('yearly', "On a Day of the Year")], required=True, default='delay')
    delay_days = fields.Integer(
        string="Working Days", default=20, help="After the step before; of the first step, after somebody has entered.")
    yearly = fields.Selection([('date', "Date"), ('feast', "Feast Day")], string="Day", default='date')
    month = fields.Selection(MONTHS, default='12')
    day = fields.Integer(string="Day of the Month", default=1)
    feast_id = fields.Many2one('hr.nurture.feast', string="Feast Day", ondelete='restrict')
    when = fields.Char(compute='_compute_when')
    mailing_id = fields.Many2one(
        'mailing.mailing', string="Design", copy=False, index='btree_not_null', ondelete='set null', readonly=True,
        help="Each run sends a copy of it.")
    subject = fields.Char(compute='_compute_subject', inverse='_inverse_subject')
    problem = fields.Char(compute='_compute_problem', help="Why this step can't be done.")
    activity_type_id = fields.Many2one('mail.activity.type', string="Activity", ondelete='restrict')
    task_summary = fields.Char(string="What to Do")
    task_script = fields.Html(string="Script", help="What to say, shown in the activity.")
    waiting_count = fields.Integer(string="Next for", compute='_compute_counts')
    done_count = fields.Integer(string="Done for", compute='_compute_counts')

    _delay_range = models.Constraint(
        f'CHECK (delay_days BETWEEN 0 AND {MOST_DAYS})', f"A step comes 0 to {MOST_DAYS} working days after another.")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------

    @api.depends('trigger', 'delay_days', 'yearly', 'month', 'day', 'feast_id')
    def _compute_when(self):
        months = dict(self._fields['month']._description_selection(self.env))
        for step in self:
            if step.trigger == 'delay':
                step.when = (self.env._("after %s working days", step.delay_days) if step.delay_days
                             else self.env._("at once"))
            elif step.yearly == 'feast':
                step.when = step.feast_id.name
            else:
                step.when = self.env._("%(day)s %(month)s", day=step.day, month=months.get(step.month))

    @api.depends('kind', 'activity_type_id', 'mailing_id.active', 'mailing_id.subject', 'mailing_id.body_html',
                 'mailing_id.mailing_model_id')
    def _compute_problem(self):
        for step in self:
            step.problem = step._get_problem()

    def _get_problem(self):
        """Why this step can't be done now, in words; False where it can."""
        self.ensure_one()
        if self.kind == 'task':
            return not self.activity_type_id and self.env._("no activity is chosen")
        design = self.sudo().mailing_id
        if not design:
            return self.env._("its mailing was deleted")
        if not design.active:
            return self.env._("its mailing is archived")
        if design.mailing_model_real != 'hr.applicant':
            return self.env._("its mailing is written for others than applicants")
        if not design.subject:
            return self.env._("its mailing has no subject")
        return not self._has_words(design.body_html) and self.env._("its mailing is empty")

    @api.model
    def _has_words(self, body):
        """Pictures count; styles and the link to unsubscribe, which Odoo's layouts have, do not."""
        if is_html_empty(body):
            return False
        root = html.fragment_fromstring(body, create_parent='div')
        for part in root.xpath('.//style | .//a[contains(@href, "unsubscribe")]'):
            part.drop_tree()
        return bool(root.text_content().strip() or root.xpath('.//img | .//*[@t-out]'))

    @api.depends('mailing_id.subject')
    def _compute_subject(self):
        for step in self:
            step.subject = step.sudo().mailing_id.subject

    def _inverse_subject(self):
        """Whoever may change a step needs no rights in Email Marketing for its subject."""
        for step in self.filtered('mailing_id'):
            step.sudo().mailing_id.subject = step.subject

    def _compute_counts(self):
        enrollments = self.env['hr.nurture.enrollment']
        waiting = dict(enrollments._read_group(
            [('next_step_id', 'in', self.ids), ('state', '=', 'running')], ['next_step_id'], ['__count']))
        done = dict(self.env['hr.nurture.enrollment.log']._read_group(
            [('step_id', 'in', self.ids), ('outcome', 'not in', UNDONE)], ['step_id'], ['__count']))
        for step in self:
            step.waiting_count = waiting.get(step, 0)
            step.done_count = done.get(step, 0)

    # ------------------------------------------------------------------
    # Constraints and CRUD
    # ------------------------------------------------------------------

    @api.constrains('trigger', 'yearly', 'month', 'day', 'feast_id')
    def _check_day(self):
        for step in self.filtered(lambda step: step.trigger == 'yearly'):
            if step.yearly == 'feast':
                if not step.feast_id:
                    raise ValidationError(self.env._("Choose the feast day of the step “%s”.", step.name))
            elif not step._get_date_in(LEAP_YEAR):
                raise ValidationError(self.env._("The step “%s” is on a day that no month has.", step.name))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # named, so that no default of the context counts: a step has the rights of the server on its design
            vals_list = [{**vals, 'mailing_id': False} for vals in vals_list]
        steps = super().create(vals_list)
        steps._ensure_designs()
        steps.program_id._check_repeated()
        return steps

    def write(self, vals):
        self._check_origin(vals)
        moved = {'active', 'sequence'} & vals.keys()
        res = super().write(vals)
        if vals.get('kind') == 'mailing':
            self._ensure_designs()
        if vals.get('active') is False:
            self._move_people_on()
        if TIMING & vals.keys():
            self._replan()
        if moved or TIMING & vals.keys():
            self.program_id._check_repeated()
        return res

    def _check_origin(self, vals):
        """Neither the design nor the program of a step is changed: others would be written to, or deleted with it."""
        if 'mailing_id' in vals and not self.env.su and any(step.mailing_id.id != vals['mailing_id'] for step in self):
            raise AccessError(self.env._("A step has the design that was made for it."))
        if 'program_id' in vals and any(step.program_id.id != vals['program_id'] for step in self):
            raise ValidationError(self.env._("A step stays in its program: people are at it."))

    def unlink(self):
        """Designs go with their steps: nobody else could use them."""
        self._move_people_on()
        designs = self.sudo().mailing_id
        res = super().unlink()
        designs.unlink()
        return res

    def copy(self, default=None):
        copies = super().copy(default)
        for step, copy in zip(self, copies, strict=True):
            copy._take_design(step)
        return copies

    def _take_design(self, step):
        """A copied step gets a design of its own: two steps never share one."""
        design, blank = step.sudo().mailing_id, self.sudo().mailing_id
        if self.kind == 'mailing' and design:
            self.sudo().mailing_id = design.copy({'name': self._prepare_design()['name']})
            blank.unlink()

    def _ensure_designs(self):
        """Each mailing step has a mailing to be designed, which nobody can send by itself."""
        for step in self.filtered(lambda step: step.kind == 'mailing' and not step.mailing_id):
            step.sudo().mailing_id = self.env['mailing.mailing'].sudo().create(step._prepare_design())

    def _prepare_design(self):
        owner = self.program_id.user_id
        return {
            **({'email_from': owner.email_formatted} if owner.email else {}),
            'name': self.env._("%(program)s: %(step)s", program=self.program_id.name, step=self.name),
            'subject': self.name,
            'mailing_model_id': self.env['ir.model']._get_id('hr.applicant'),
            'mailing_domain': "[('id', '=', 0)]",
            'user_id': owner.id,
            'nurture_topic_id': self.program_id.topic_id.id,
        }

    # ------------------------------------------------------------------
    # When
    # ------------------------------------------------------------------

    def _get_date(self, anchor, first=False, times=None, today=None):
        """The day of this step for whoever did the step before on ``anchor``.

        :param anchor: ``date``, in the zone of the company
        :param first: whether ``anchor`` is the day on which they entered; a yearly day that is today
            counts then, while afterwards it is the one of next year
        :param today: ``date``; a yearly day that was missed long before is no day to plan for
        :return: ``date``, or None where the table of feast days has none
        """
        if self.trigger == 'delay':
            return self._add_working_days(anchor, self.delay_days, times or WorkingTimes())
        start = anchor if first else anchor + timedelta(days=1)
        return self._get_yearly_date(max(start, today - timedelta(days=GRACE_DAYS)) if today else start)

    def _get_soonest(self, steps, start):
        """The step to go on with from ``start`` on, where this one would be next.

        In a program that begins again each year, whoever comes in June is greeted on the next feast,
        and has not to wait for the first one of the year.

        :param steps: all of the program, in their order
        """
        if self.trigger != 'yearly' or not self.program_id.is_repeated:
            return self
        feasts = takewhile(lambda step: step.trigger == 'yearly', dropwhile(lambda step: step != self, steps))
        return min(feasts, key=lambda step: step._get_yearly_date(start) or date.max)

    def _add_working_days(self, day, days, times):
        """``days`` working days after a day; 0 is the day itself, if it is one, else the next."""
        working_time = times[self.company_id]
        if not days:
            day, days = day - timedelta(days=1), 1
        end = working_time.deadline(fields.Datetime.to_datetime(day) + self._get_noon(working_time), days)
        if end is None:
            return day + timedelta(days=days)
        return UTC.localize(end - timedelta(seconds=1)).astimezone(working_time.tz).date()

    @staticmethod
    def _get_noon(working_time):
        """From the midnight that begins a day in UTC to noon of that day in the company's zone, nearly."""
        return timedelta(hours=12) - working_time.tz.utcoffset(fields.Datetime.now())

    def _get_yearly_date(self, start):
        """The first day of this step from ``start`` on."""
        if self.yearly == 'feast':
            return min((day for day in self.sudo().feast_id.date_ids.mapped('date') if day >= start), default=None)
        # of the 29th of February the next one can be eight years away
        days = (self._get_date_in(year) for year in range(start.year, start.year + 9))
        return next((day for day in days if day and day >= start), None)

    def _get_date_in(self, year):
        try:
            return date(year, int(self.month or 0), self.day)
        except ValueError:
            return None

    def _get_last_day(self, planned):
        """The last day on which what was planned for a day makes sense; None: always."""
        return planned and self.trigger == 'yearly' and planned + timedelta(days=GRACE_DAYS) or None

    # ------------------------------------------------------------------
    # Whoever is at it
    # ------------------------------------------------------------------

    def _replan(self):
        """Everybody whose next step is one of these gets its day as it is now."""
        enrollments = self.env['hr.nurture.enrollment'].sudo()
        for step in self:
            enrollments._plan(step, SQL("enrollment.next_step_id = %s AND enrollment.state = 'running'", step.id))

    def _move_people_on(self):
        """Whoever waits for a step that goes, goes on to the one after it, from where they are."""
        enrollments = self.env['hr.nurture.enrollment'].sudo()
        for step in self:
            enrollments._skip(step)
