"""When a person was last in touch, and what comes next: asked of any of their applications."""

from pytz import UTC, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from .hr_candidate_touch import CHANNELS


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    candidate_last_touch = fields.Datetime(
        string="Last Touch", compute='_compute_candidate_last_touch', search='_search_candidate_last_touch',
        help="The last contact with this person, through any of their applications to the company.")
    candidate_last_touch_channel = fields.Selection(
        CHANNELS, string="Last Touch Through", compute='_compute_candidate_last_touch')
    candidate_next_step = fields.Char(
        string="Next Step", compute='_compute_candidate_next_step',
        help="The earliest activity or interview to come, of any application of this person that you may see.")
    candidate_next_step_date = fields.Date(string="Next Step On", compute='_compute_candidate_next_step')

    # mailings to contacts find the person by their address
    _candidate_email_idx = models.Index("(email_normalized) WHERE partner_id IS NOT NULL")

    # ------------------------------------------------------------------
    # Last touch
    # ------------------------------------------------------------------

    @api.depends_context('company')
    @api.depends('partner_id', 'company_id')
    def _compute_candidate_last_touch(self):
        """Date and channel are told to whoever may read the application; the touch itself has its rules."""
        last = self._get_last_touches()
        for applicant in self:
            touch = last.get(applicant._get_candidate_key(), (False, False))
            applicant.candidate_last_touch, applicant.candidate_last_touch_channel = touch

    def _get_last_touches(self):
        """(date, channel) by (id of the person, id of the company); what is still to come is none."""
        pairs = {applicant._get_candidate_key() for applicant in self if applicant.partner_id._origin}
        if not pairs:
            return {}
        self.env['hr.candidate.touch'].flush_model()
        partner_ids, company_ids = zip(*pairs, strict=True)
        rows = self.env.execute_query(SQL("""
            SELECT pair.partner_id, pair.company_id, touch.date, touch.channel
              FROM unnest(%s, %s) AS pair (partner_id, company_id)
              JOIN LATERAL (
                    SELECT date, channel
                      FROM hr_candidate_touch
                     WHERE partner_id = pair.partner_id AND company_id = pair.company_id AND date <= %s
                     ORDER BY date DESC LIMIT 1
                   ) touch ON TRUE
        """, list(partner_ids), list(company_ids), fields.Datetime.now()))
        return {(partner_id, company_id): tuple(touch) for partner_id, company_id, *touch in rows}

    def _get_candidate_company(self):
        return self.company_id._origin or self.env.company

    def _search_candidate_last_touch(self, operator, value):
        if operator == 'in':
            return Domain.OR(self._get_last_touch_domain('=', moment) for moment in value)
        if operator not in ('<', '<=', '>', '>='):
            return NotImplemented
        return self._get_last_touch_domain(operator, value)

    @api.model
    def _get_last_touch_domain(self, operator, moment):
        def to_sql(model, alias, query):
            last = model._field_to_sql(alias, 'candidate_last_touch', query)
            if not moment:
                return SQL("%s IS NULL", last)
            return SQL("%s %s %s", last, SQL(operator), fields.Datetime.to_datetime(moment))
        return Domain.custom(to_sql=to_sql)

    @api.model
    def _get_last_touch_sql(self, alias):
        touch_fields = self.env['hr.candidate.touch']._fields
        return SQL(
            "(SELECT touch.date FROM hr_candidate_touch touch WHERE touch.partner_id = %s"
            " AND touch.company_id = %s AND touch.date <= %s ORDER BY touch.date DESC LIMIT 1)",
            SQL.identifier(alias, 'partner_id'), self._get_candidate_company_sql(alias), fields.Datetime.now(),
            to_flush=[touch_fields[name] for name in ('partner_id', 'company_id', 'date')])

    # ------------------------------------------------------------------
    # Next step
    # ------------------------------------------------------------------

    @api.depends_context('company', 'lang', 'tz', 'uid')
    @api.depends('partner_id', 'company_id', 'activity_ids.date_deadline', 'activity_ids.active', 'meeting_ids.start')
    def _compute_candidate_next_step(self):
        related = self._get_candidate_applications()
        steps = self._get_next_steps(related)
        by_person = {
            key: min((steps[a.id] for a in applications if a.id in steps), default=(False, False))
            for key, applications in groupby(related, lambda a: a._get_candidate_key())}
        for applicant in self:
            date, text = by_person.get(applicant._get_candidate_key(), (False, False))
            applicant.candidate_next_step_date, applicant.candidate_next_step = date, text

    def _get_candidate_key(self):
        """Whose applications belong together: those of one person to one company."""
        return self.partner_id._origin.id or f'applicant {self.id}', self._get_candidate_company().id

    def _get_candidate_applications(self):
        """These and all others of the same persons that the reader may see, refused ones and talents too."""
        domain = Domain('id', 'in', self.ids) | Domain('partner_id', 'in', self.partner_id.ids)
        return self.with_context(active_test=False).search_fetch(domain, ['partner_id', 'company_id'], order='id')

    @api.model
    def _get_next_steps(self, applications):
        """(date, text) of what comes first, by id of the application."""
        steps = {}
        activities = self.env['mail.activity'].sudo().search_fetch(
            [('res_model', '=', 'hr.applicant'), ('res_id', 'in', applications.ids), ('active', '=', True)],
            ['res_id', 'date_deadline', 'summary', 'activity_type_id'], order='date_deadline, id')
        for activity in activities:
            text = activity.summary or activity.activity_type_id.name or ''
            steps.setdefault(activity.res_id, (activity.date_deadline, text))
        for applicant_id, date in self._get_next_interviews(applications).items():
            interview = (date, self.env._("Interview"))
            steps[applicant_id] = min(steps.get(applicant_id, interview), interview)
        return steps

    @api.model
    def _get_next_interviews(self, applications):
        """Day of the next interview, as the reader counts days, by id of the application.

        Its name may be private, its date is on the application.
        """
        interviews = self.env['calendar.event'].sudo()._read_group(
            [('applicant_id', 'in', applications.ids), ('start', '>=', fields.Datetime.now()), ('active', '=', True)],
            ['applicant_id'], ['start:min'])
        zone = timezone(self.env.context.get('tz') or self.env.user.tz or 'UTC')
        return {
            applicant.id: UTC.localize(start).astimezone(zone).date() for applicant, start in interviews}

    # ------------------------------------------------------------------
    # The person
    # ------------------------------------------------------------------

    def _prepare_candidate_touch(self):
        """What every touch of this application holds."""
        return {
            'partner_id': self.partner_id.id,
            'company_id': self._get_candidate_company().id,
            'applicant_id': self.id,
        }

    def _ensure_candidate_partners(self):
        """Give every application a person.

        Stock Odoo makes one of an e-mail address only. Without one, a talent and the application it was
        made from are one person, and so are applications with the same name and phone number.
        """
        nameless = self.sudo().filtered(lambda a: not a.partner_id)
        if not nameless:
            return
        known = nameless._find_candidate_partners()
        fresh = {}
        for applicant in nameless:
            key = applicant._get_candidate_identity()
            if key not in known:
                fresh.setdefault(key, applicant)
        created = self.env['res.partner'].sudo().create([a._prepare_candidate_partner() for a in fresh.values()])
        known.update(zip(fresh, created, strict=True))
        for applicant in nameless:
            applicant.partner_id = known[applicant._get_candidate_identity()]

    def _get_candidate_identity(self):
        """What tells one human from another, where there is no partner yet."""
        return self._get_candidate_identities()[0]

    def _get_candidate_identities(self):
        """The best key first; the application itself where nothing else tells."""
        name = (self.partner_name or '').strip().lower()
        keys = [
            self.email_normalized and ('email', self.email_normalized),
            self.pool_applicant_id and ('pool', self.pool_applicant_id.id),
            name and self.partner_phone_sanitized and ('phone', self.partner_phone_sanitized, name),
            ('application', self.id),
        ]
        return [key for key in keys if key]

    def _find_candidate_partners(self):
        """Persons whom these applications belong to, by ``_get_candidate_identity()``."""
        visible = [False, *self.company_id.ids]
        emails = [email for email in self.mapped('email_normalized') if email]
        phones = [phone for phone in self.mapped('partner_phone_sanitized') if phone]
        siblings = self.with_context(active_test=False).search(
            Domain('partner_id.company_id', 'in', visible) & Domain('partner_id', '!=', False)
            & (Domain('pool_applicant_id', 'in', self.pool_applicant_id.ids) | Domain('email_normalized', 'in', emails)
               | Domain('partner_phone_sanitized', 'in', phones)), order='id')
        known = {}
        for applicant in siblings:
            for key in applicant._get_candidate_identities():
                known.setdefault(key, applicant.partner_id)
        partners = self.env['res.partner'].search(
            [('email_normalized', 'in', emails), ('company_id', 'in', visible)], order='id') if emails else []
        for partner in partners:
            known.setdefault(('email', partner.email_normalized), partner)
        return known

    def _prepare_candidate_partner(self):
        return {
            'name': self.partner_name or self.email_from or self.display_name,
            'email': self.email_from,
            'phone': self.partner_phone,
        }
