"""What somebody answers on the page becomes an application, a pause, or a polite goodbye."""

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL, format_date

from .hr_pool_match import DECLINE_REASONS

# When to write again, in months, as the page offers it.
LATER_MONTHS = (1, 3, 6)
LONGEST_COMMENT = 2000


class HrPoolMatch(models.Model):
    """An answer is given by the person, so it is booked by the superuser whoever has the page open.

    The same answer twice is one: a click that comes again finds nothing to do. Each can be changed.
    Whoever was interested and is no more leaves the application to its recruiter, who is told.
    """
    _inherit = 'hr.pool.match'

    def _is_open(self):
        """Whether the job still looks for somebody."""
        return self.job_id._is_open()

    def _as_odoobot(self):
        """Nobody of the company did this; the company's rules and language count."""
        company = self.company_id
        return self.with_user(SUPERUSER_ID).with_company(company).with_context(
            lang=self.reactivation_id.user_id.lang or company.partner_id.lang, tz=self.reactivation_id.user_id.tz,
            allowed_company_ids=company.ids)

    def _answer_interested(self):
        """:return: whether this is news"""
        return self._as_odoobot()._book('interested', self._book_interested)

    def _answer_later(self, months):
        return self._as_odoobot()._book('later', lambda match: match._book_later(months))

    def _answer_not_interested(self, reason=None, comment=None):
        """Why not may be told a moment later, or never."""
        return self._as_odoobot()._book(
            'not_interested', lambda match: match._book_not_interested(reason, comment), again=bool(reason or comment))

    def _book(self, state, book, again=False):
        """Book an answer once: two at the same moment wait for each other on the row."""
        self.ensure_one()
        withdraws = self.state == 'interested' != state
        if (self.state == state and not again) or not (withdraws or self._is_open()):
            return False
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE hr_pool_match SET write_date = write_date WHERE id = %s", self.id))
        first = self.state != state
        now = fields.Datetime.now()
        self.write({
            'state': state, 'answered_datetime': self.answered_datetime or now,
            # whoever answers has opened the mail and followed its link
            'delivered_datetime': self.delivered_datetime or now, 'clicked_datetime': self.clicked_datetime or now})
        if first:
            self._drop_activities()
        book(self)
        if first:
            self._withdraw()
            self.partner_id._record_page_touch(self.company_id, self._get_answer_summary(), self.applicant_id)
        return True

    def _drop_activities(self):
        """What an earlier answer asked of the recruiter."""
        self.env['mail.activity'].search([('pool_match_id', '=', self.id)]).unlink()

    def _get_told_user(self):
        """Whoever recruits, and still is there; nobody's answer is lost for want of one."""
        users = (self.application_id.user_id, self.reactivation_id.user_id, self.invited_user_id)
        return next((user for user in users if user.active), self.env['res.users'])

    def _get_answer_summary(self):
        labels = dict(self._fields['state']._description_selection(self.env))
        return f"{labels[self.state]}: {self.job_id.name}"

    # ------------------------------------------------------------------
    # Interested
    # ------------------------------------------------------------------

    @api.model
    def _book_interested(self, match):
        now = fields.Datetime.now()
        match._end_pause()
        application = match._get_live_application() or match._create_application()
        match.write({
            'interested_datetime': match.interested_datetime or now, 'applied_datetime': match.applied_datetime or now,
            'application_id': application.id, 'later_date': False, 'decline_reason': False, 'comment': False})
        match._tell_interested(application)

    def _get_live_application(self):
        """Somebody who has applied meanwhile is not to apply twice."""
        return self.env['hr.applicant'].search([
            ('partner_id', '=', self.partner_id.id), ('job_id', '=', self.job_id.id), ('active', '=', True),
            ('refuse_reason_id', '=', False), ('talent_pool_ids', '=', False)], limit=1)

    def _create_application(self):
        applications = self.env['hr.applicant'].with_context(
            default_talent_pool_ids=False, mail_create_nosubscribe=True)
        return applications.create(self._prepare_application())

    def _prepare_application(self):
        """What we know of the person, and nothing of what colleagues thought of their earlier applications."""
        known, job = self.applicant_id, self.job_id
        talent = known if known.talent_pool_ids else known.pool_applicant_id
        return {
            'partner_id': self.partner_id.id,
            'partner_name': known.partner_name or self.partner_id.name,
            'email_from': known.email_from or self.partner_id.email,
            'partner_phone': known.partner_phone or self.partner_id.phone,
            'linkedin_profile': known.linkedin_profile,
            'type_id': known.type_id.id,
            'categ_ids': [(6, 0, known.categ_ids.ids)],
            'applicant_skill_ids': [(0, 0, vals) for vals in self._prepare_skills()],
            'pool_applicant_id': talent.id,
            'job_id': job.id,
            'company_id': self.company_id.id,
            'user_id': job.user_id.id or self.reactivation_id.user_id.id,
            'source_id': self._get_reactivation_source().id,
            'medium_id': self.env.ref('utm.utm_medium_email').id,
        }

    @api.model
    def _get_reactivation_source(self):
        """Made when first needed, and nobody's: applications keep it where the addon is removed."""
        return self.env['utm.mixin'].sudo()._find_or_create_record('utm.source', "Reactivation")

    def _prepare_skills(self):
        """Those that are valid today."""
        known = self.applicant_id
        return [{
            'skill_id': skill.skill_id.id,
            'skill_level_id': skill.skill_level_id.id,
            'skill_type_id': skill.skill_type_id.id,
            'valid_from': skill.valid_from,
            'valid_to': skill.valid_to,
        } for skill in known.applicant_skill_ids._get_current_skills_by_applicant()[known.id]]

    def _tell_interested(self, application):
        """An activity for whoever recruits, of which Odoo tells them at once."""
        self._ask_recruiter(
            application, 'mail.mail_activity_data_call',
            self.env._("%(person)s is interested in %(job)s", person=self.person_name or '', job=self.job_id.name),
            note=self.env._("Answered the invitation of the round %s.", self.reactivation_id.display_name))
        self._tell(self.env._("%s is interested.", self.person_name or ''))

    def _ask_recruiter(self, record, activity_type, summary, **values):
        user = self._get_told_user()
        if user and record:
            record.activity_schedule(
                activity_type, user_id=user.id, summary=summary, pool_match_id=self.id, **values)

    def _withdraw(self):
        """Nothing is refused by itself: the recruiter may want a word first, and owes an answer until then."""
        application = self.application_id
        if self.state != 'interested' and application.active and not application.refuse_reason_id:
            self._ask_recruiter(
                application, 'mail.mail_activity_data_todo',
                self.env._("%(person)s is no longer interested in %(job)s", person=self.person_name or '',
                           job=self.job_id.name),
                note=self.env._("Said so on the page of the invitation. Refuse the application, or get in touch."))

    # ------------------------------------------------------------------
    # Later, and no
    # ------------------------------------------------------------------

    def _book_later(self, months):
        """Nothing is sent before that day, and the recruiter is reminded on it."""
        day = fields.Date.context_today(self) + relativedelta(months=months)
        preference = self.env['hr.candidate.preference']._get_for(self.partner_id, self.company_id)
        preference.paused_until = max(preference.paused_until or day, day)
        self.write({'later_date': day, 'decline_reason': False})
        self._ask_recruiter(
            self.applicant_id, 'mail.mail_activity_data_todo',
            self.env._("%(person)s asked to be written to again (%(job)s)", person=self.person_name or '',
                       job=self.job_id.name), date_deadline=day)
        self._tell(self.env._("%(person)s says: later, from %(day)s.", person=self.person_name or '',
                              day=format_date(self.env, day)))

    def _end_pause(self):
        """Whoever changes their mind is not kept waiting by their own *later*."""
        if self.later_date:
            preference = self.env['hr.candidate.preference']._get_for(self.partner_id, self.company_id)
            if preference.paused_until == self.later_date:
                preference.paused_until = False

    def _book_not_interested(self, reason, comment):
        self._end_pause()
        reason = reason if reason in dict(DECLINE_REASONS) else False
        comment = (comment or '').strip()[:LONGEST_COMMENT]
        self.write({
            'later_date': False, 'decline_reason': reason or self.decline_reason, 'comment': comment or self.comment})
        labels = dict(self._fields['decline_reason']._description_selection(self.env))
        why = '. '.join(filter(None, (labels.get(self.decline_reason), self.comment)))
        self._tell(self.env._("%(person)s is not interested. %(why)s", person=self.person_name or '', why=why).strip())

    def _tell(self, text):
        """In the inbox of the round's recruiter; it stays with the person's place in the round."""
        self.message_post(
            body=text, subject=self.reactivation_id.display_name, partner_ids=self._get_told_user().partner_id.ids,
            message_type='notification', subtype_xmlid='mail.mt_note', author_id=self.env.ref('base.partner_root').id)
