"""Feedback promises on the application: what is owed, until when, and by whom."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .hr_feedback_promise import BOX_FIELDS, DUE_STATUSES, OPEN_STATES


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    feedback_promise_ids = fields.One2many('hr.feedback.promise', 'applicant_id', string="Feedback Promises")
    feedback_promise_count = fields.Integer(string="Promises", compute='_compute_feedback_box')
    feedback_box = fields.Json(compute='_compute_feedback_box')
    feedback_deadline = fields.Datetime(
        string="Feedback Due", compute='_compute_feedback_status', search='_search_feedback_deadline')
    feedback_status = fields.Selection(
        DUE_STATUSES, string="Feedback", compute='_compute_feedback_status', search='_search_feedback_status')
    feedback_promise_id = fields.Many2one(
        'hr.feedback.promise', string="Running Promise", compute='_compute_feedback_promise',
        search='_search_feedback_promise_id')
    feedback_user_id = fields.Many2one(
        'res.users', string="Whose Clock", compute='_compute_feedback_promise', search='_search_feedback_user_id')
    feedback_promised_date = fields.Char(
        string="Promised Date", compute='_compute_feedback_promised_date', compute_sudo=True,
        help="For mail templates: the date until which the candidate is promised an answer, in the "
             "candidate's own language. Empty when nothing is promised.")

    # ------------------------------------------------------------------
    # The most urgent open promise
    # ------------------------------------------------------------------

    @api.depends_context('tz', 'uid')
    @api.depends('feedback_promise_ids.state', 'feedback_promise_ids.deadline')
    def _compute_feedback_status(self):
        """What a card shows: apart from the rest, as hundreds of cards are opened at once."""
        urgent = self._get_urgent_promises()
        moments = self.env['hr.feedback.promise']._now_and_end_of_day()
        for applicant in self:
            promise = urgent.get(applicant._origin.id)
            applicant.feedback_deadline = promise and promise.deadline
            applicant.feedback_status = promise and promise._get_due_status(*moments)

    @api.depends_context('uid')
    @api.depends('feedback_promise_ids.state', 'feedback_promise_ids.deadline', 'feedback_promise_ids.user_id')
    def _compute_feedback_promise(self):
        urgent = self._get_urgent_promises()
        for applicant in self:
            applicant.feedback_promise_id = urgent.get(applicant._origin.id)
            applicant.feedback_user_id = applicant.feedback_promise_id.user_id

    @api.depends_context('uid')
    @api.depends(
        'feedback_promise_ids.state', 'feedback_promise_ids.deadline', 'feedback_promise_ids.user_id',
        'feedback_promise_ids.told_date')
    def _compute_feedback_box(self):
        """What the form shows of the promises: by one read, and as one value, since each field more
        that a form reads costs everybody who opens it."""
        promises = self.env['hr.feedback.promise'].search_fetch(
            Domain('applicant_id', 'in', self.ids), ['applicant_id', 'user_id', *BOX_FIELDS])
        by_applicant = promises.grouped('applicant_id')
        for applicant in self:
            mine = by_applicant.get(applicant._origin, promises.browse())
            applicant.feedback_promise_count = len(mine)
            applicant.feedback_box = mine._get_box()

    def _get_urgent_promises(self):
        """Open promise with the nearest deadline, by id of the applicant; a clock that runs comes first."""
        promises = self.env['hr.feedback.promise'].search_fetch(
            Domain('applicant_id', 'in', self.ids) & Domain('state', 'in', OPEN_STATES),
            ['applicant_id', 'state', 'deadline'])
        urgent = {}
        for promise in promises._sorted_by_urgency():
            urgent.setdefault(promise.applicant_id.id, promise)
        return urgent

    @api.depends_context('feedback_promise_id', 'lang')
    @api.depends('feedback_promise_ids.state', 'feedback_promise_ids.deadline')
    def _compute_feedback_promised_date(self):
        chosen = self.env['hr.feedback.promise'].browse(self.env.context.get('feedback_promise_id'))
        urgent = self._get_urgent_promises()
        for applicant in self:
            promise = chosen if chosen.applicant_id == applicant else urgent.get(applicant._origin.id)
            applicant.feedback_promised_date = promise._get_told_text() if promise else ''

    # ------------------------------------------------------------------
    # Search, sort and group
    # ------------------------------------------------------------------

    def _search_feedback_deadline(self, operator, value):
        """Compare the deadline that is shown: an applicant may have several open promises."""
        if operator == 'in':
            return Domain.OR(self._get_feedback_deadline_domain('=', moment) for moment in value)
        if operator not in ('<', '<=', '>', '>='):
            return NotImplemented
        # the first part alone would do where nobody has two open promises, and it is the fast one
        promises = self.env['hr.feedback.promise']._get_open_domain() & Domain('deadline', operator, value)
        return Domain('feedback_promise_ids', 'any', promises) & self._get_feedback_deadline_domain(operator, value)

    @api.model
    def _get_feedback_deadline_domain(self, operator, moment):
        def to_sql(model, alias, query):
            deadline = model._field_to_sql(alias, 'feedback_deadline', query)
            if not moment:
                return SQL("%s IS NULL", deadline)
            return SQL("%s %s %s", deadline, SQL(operator), fields.Datetime.to_datetime(moment))
        return Domain.custom(to_sql=to_sql)

    def _search_feedback_status(self, operator, value):
        if operator != 'in':
            return NotImplemented
        domain = Domain.OR(self._get_feedback_status_domain(status) for status in value if status)
        if False in value or None in value:
            promises = self.env['hr.feedback.promise']
            domain |= Domain('feedback_promise_ids', 'not any', promises._get_open_domain())
        return domain

    @api.model
    def _get_feedback_status_domain(self, status):
        """Applicants whose most urgent promise has this status."""
        domain = Domain.TRUE
        for urgency in ('overdue', 'today', 'on_time', 'paused'):
            promises = self.env['hr.feedback.promise']._get_due_status_domain(urgency)
            if urgency == status:
                return domain & Domain('feedback_promise_ids', 'any', promises)
            domain &= Domain('feedback_promise_ids', 'not any', promises)
        return Domain.FALSE

    def _search_feedback_promise_id(self, operator, value):
        return self._search_urgent('id', operator, value)

    def _search_feedback_user_id(self, operator, value):
        return self._search_urgent('user_id', operator, value)

    @api.model
    def _search_urgent(self, promise_field, operator, value):
        """Applicants whose most urgent promise is such a one; without any, its fields are empty."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        opened = self.env['hr.feedback.promise']._get_open_domain()
        such = opened & Domain(promise_field, operator, value)
        domain = Domain('feedback_promise_ids', 'any', such) & self._get_urgent_domain(such)
        if operator == 'in' and not all(value):
            domain |= Domain('feedback_promise_ids', 'not any', opened)
        return domain

    @api.model
    def _get_urgent_domain(self, domain):
        promises = self.env['hr.feedback.promise']._search(domain)

        def to_sql(model, alias, query):
            return SQL("%s IN %s", model._field_to_sql(alias, 'feedback_promise_id', query), promises.subselect())
        return Domain.custom(to_sql=to_sql)

    @api.model
    def _get_urgent_promise_sql(self, alias, column):
        """Column of the most urgent open promise, in the order of ``_sorted_by_urgency``."""
        promise_fields = self.env['hr.feedback.promise']._fields
        return SQL(
            "(SELECT promise.%s FROM hr_feedback_promise promise"
            " WHERE promise.applicant_id = %s AND promise.state IN %s"
            " ORDER BY promise.state = 'paused', promise.deadline, promise.id LIMIT 1)",
            SQL.identifier(column), SQL.identifier(alias, 'id'), OPEN_STATES,
            to_flush=[promise_fields[name] for name in ('applicant_id', 'state', 'deadline')])

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_feedback_log_call(self):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Log a Contact"),
            'res_model': 'hr.feedback.call',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_applicant_ids': self.ids, 'active_test': False},
        }

    def action_feedback_write(self):
        """Odoo's own composer, addressed to the candidate."""
        if len(self) > 1:
            return self.action_send_email()
        self._ensure_feedback_partner()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Write to the Candidate"),
            'res_model': 'mail.compose.message',
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {
                'default_model': 'hr.applicant',
                'default_res_ids': self.ids,
                'default_composition_mode': 'comment',
                'default_partner_ids': self.partner_id.ids,
                'default_subject': self._get_feedback_subject(),
                'default_email_layout_xmlid': 'mail.mail_notification_light',
                'active_test': False,
            },
        }

    def _get_feedback_subject(self):
        """What the candidate recognises, in their language; stock Odoo would write their own name."""
        applicant = self.with_context(lang=self.partner_id.lang or self.env.lang)
        if not applicant.job_id:
            return applicant.env._("Your application")
        return applicant.env._("Your application: %s", applicant.job_id.name)

    def action_view_feedback_promises(self):
        action = self.env['ir.actions.act_window']._for_xml_id('candidate_relationship.hr_feedback_promise_action')
        return dict(action, domain=[('applicant_id', 'in', self.ids)], context={'active_test': False})
