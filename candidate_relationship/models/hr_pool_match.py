"""One person in a round of reactivation: how well the job suits them, and what became of it."""

from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, hash_sign, verify_hash_signed

from .hr_nurture_reason import REASONS

STATES = [
    ('recommended', "Recommended"),
    ('excluded', "Excluded"),
    ('invited', "Invited"),
    ('delivered', "Delivered"),
    ('clicked', "Clicked"),
    ('interested', "Interested"),
    ('later', "Later"),
    ('not_interested', "Not Interested"),
]
OWN_REASONS = [
    ('employee', "Works Here"),
    ('answered', "Answered About This Job Lately"),
    ('undelivered', "Mail Not Delivered"),
]
DECLINE_REASONS = [
    ('not_looking', "Happy Where They Are"),
    ('role', "Other Kind of Work"),
    ('place', "Other Place"),
    ('pay', "Pay"),
    ('other', "Something Else"),
]
MAILED_STATES = ('invited', 'delivered', 'clicked')
ANSWERED_STATES = ('interested', 'later', 'not_interested')
TOKEN_SCOPE = 'candidate_relationship.invitation'
MERGE_FIELDS = (
    'object.person_name', 'object.job_id.name', 'object.job_id.department_id.name', 'object.company_id.name',
    'object.reactivation_id.user_id.name', 'object.reactivation_id.user_id.phone',
    'object.reactivation_id.user_id.email', 'object.reactivation_id.user_id.signature')
# Where the button in the mail leads; each mail gets the key of its person behind it.
PAGE_PATH = '/candidate/invitation'


class HrPoolMatch(models.Model):
    """Written by the ranking of a round, the mail that invites and the page on which a person answers.

    Each step has its date, which never moves: figures are made of them. ``score`` and its parts are
    those of the day of the ranking.
    """
    _name = 'hr.pool.match'
    _description = "Reactivation Match"
    _inherit = ['mail.thread']
    _order = 'score desc, skill_score desc, applicant_id, id'
    _rec_name = 'person_name'
    _mail_post_access = 'read'
    # its mailings count against the contact budget
    _nurture_recipients = True
    _ASKED_STATES = (*MAILED_STATES, *ANSWERED_STATES)
    _ANSWERED_STATES = ANSWERED_STATES

    reactivation_id = fields.Many2one(
        'hr.pool.reactivation', string="Round", required=True, index=True, ondelete='cascade')
    job_id = fields.Many2one('hr.job', string="Job Position", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    # empty once the person was erased: the count stays
    partner_id = fields.Many2one('res.partner', string="Person", index='btree_not_null', ondelete='cascade')
    applicant_id = fields.Many2one(
        'hr.applicant', string="Talent or Application", index='btree_not_null', ondelete='set null')
    pool_id = fields.Many2one('hr.talent.pool', ondelete='set null')
    person_name = fields.Char(string="Name")
    state = fields.Selection(STATES, required=True, default='recommended')
    excluded_reason = fields.Selection([*REASONS, *OWN_REASONS], string="Why Excluded")
    score = fields.Float(digits=(5, 2), aggregator='avg')
    skill_score = fields.Integer(string="Skills (%)", aggregator='avg', help="Odoo's matching score for the job.")
    tag_score = fields.Integer(string="Tags (%)", aggregator='avg')
    stage_score = fields.Integer(string="Stage (%)", aggregator='avg')
    freshness_score = fields.Integer(string="Freshness (%)", aggregator='avg')
    facts = fields.Json(help="What the reasons are made of.")
    reasons = fields.Text(compute='_compute_reasons')

    recommended_datetime = fields.Datetime(string="Recommended On")
    invited_datetime = fields.Datetime(string="Invited On")
    invited_user_id = fields.Many2one('res.users', string="Invited By", ondelete='set null')
    delivered_datetime = fields.Datetime(string="Delivered On")
    clicked_datetime = fields.Datetime(string="Clicked On")
    answered_datetime = fields.Datetime(string="Answered On", help="On the page, or by a reply to the mail.")
    interested_datetime = fields.Datetime(string="Interested On")
    applied_datetime = fields.Datetime(string="Applied On")
    mailing_id = fields.Many2one(
        'mailing.mailing', index='btree_not_null', ondelete='set null', groups='base.group_system')
    application_id = fields.Many2one(
        'hr.applicant', index='btree_not_null', ondelete='set null')
    later_date = fields.Date(string="Write Again From")
    decline_reason = fields.Selection(DECLINE_REASONS, string="Why Not")
    comment = fields.Text(string="In Their Words")

    _one_per_person = models.UniqueIndex(
        "(reactivation_id, partner_id)", "This person is in the round already.")
    _answers_idx = models.Index("(job_id, partner_id) WHERE answered_datetime IS NOT NULL")

    def mail_allowed_qweb_expressions(self):
        """Merge fields for those who may write no code into messages."""
        return (*super().mail_allowed_qweb_expressions(), *MERGE_FIELDS)

    # ------------------------------------------------------------------
    # Inviting
    # ------------------------------------------------------------------

    def action_invite(self):
        """Write to these people: opens the message."""
        return self.env['hr.pool.invite']._open(self)

    def action_open_talent(self):
        self.ensure_one()
        return self.applicant_id._get_records_action(context={})

    def action_open_application(self):
        self.ensure_one()
        return self.application_id._get_records_action(context={})

    def _invite(self, subject, body, user):
        """Put one mail to each of these into the queue of mailings; rights are the caller's business.

        Who was invited by somebody else meanwhile is left out.

        :param str body: QWeb, rendered on ``hr.pool.match``
        :return: ``mailing.mailing``, or none if nobody is left
        """
        taken = self.sudo()._take_for_invitation(user)
        mailings = self.env['mailing.mailing'].sudo()
        for round_, matches in taken.grouped('reactivation_id').items():
            mailing = mailings.with_company(round_.company_id).create(matches._prepare_mailing(subject, body, user))
            matches.mailing_id = mailing
            # replies come to the round's recruiter
            matches.message_subscribe(partner_ids=(round_.user_id or user).partner_id.ids)
            mailing.action_launch()
            mailings |= mailing
            round_.write({
                'state': 'sent', 'sent_datetime': round_.sent_datetime or fields.Datetime.now()})
            round_.activity_unlink(['mail.mail_activity_data_todo'])
        return mailings

    def _take_for_invitation(self, user):
        """Two who press the button at once: the second waits, is tried again and finds nobody left."""
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(SQL(
            "UPDATE hr_pool_match SET state = 'invited', invited_datetime = %s, invited_user_id = %s,"
            " write_uid = %s, write_date = %s WHERE id IN %s AND state = 'recommended' AND partner_id IS NOT NULL"
            " RETURNING id", now, user.id, user.id, now, self._ids or (0,)))
        self.invalidate_model()
        return self.browse(sorted(row[0] for row in rows))

    def _prepare_mailing(self, subject, body, user):
        round_ = self.reactivation_id
        # who signs, is subscribed to replies and told of answers is whom the mail comes from
        sender = round_.user_id or user
        values = {
            'name': self.env._("Invitation: %s", round_.display_name),
            'subject': subject,
            'body_arch': body,
            'body_html': body,
            'mailing_model_id': self.env['ir.model']._get_id(self._name),
            'mailing_domain': repr([('id', 'in', self.ids)]),
            'user_id': user.id,
            'email_from': sender.email_formatted or round_.company_id.email_formatted,
            'reply_to_mode': 'update',
            'nurture_topic_id': round_.topic_id.id,
        }
        return {name: value for name, value in values.items() if name in self.env['mailing.mailing']._fields}

    # ------------------------------------------------------------------
    # What becomes of the mail
    # ------------------------------------------------------------------

    def _note_step(self, state, **dates):
        """A step that a mail took: dates are set once, the state only goes forward."""
        order = {name: place for place, (name, _label) in enumerate(STATES)}
        for match in self:
            vals = {name: value for name, value in dates.items() if not match[name]}
            if match.state == 'excluded' or order[match.state] < order[state]:
                vals.update(state=state, excluded_reason=False)
            if vals:
                match.write(vals)

    def _note_left_out(self, reason, asked=False):
        """No mail arrived: the person is excluded with the reason; unless it was tried, they were not asked."""
        waiting = self.filtered(lambda match: match.state == 'invited')
        waiting.write({
            'state': 'excluded', 'excluded_reason': reason, **({} if asked else {'invited_datetime': False})})

    # ------------------------------------------------------------------
    # The page of a person
    # ------------------------------------------------------------------

    def _get_page_token(self):
        days = self.company_id.sudo().candidate_link_days
        return hash_sign(
            self.env(su=True), TOKEN_SCOPE, [self.id], expiration=datetime.now() + timedelta(days=days))

    def _get_page_url(self):
        return f'{self.get_base_url()}{PAGE_PATH}/{self._get_page_token()}'

    @api.model
    def _get_by_token(self, token):
        """The match of a link, as superuser; empty for whatever is no link to the page of somebody invited."""
        try:
            payload = verify_hash_signed(self.env(su=True), TOKEN_SCOPE, token)
        except (ValueError, OverflowError):
            payload = None
        match = self.sudo().browse(payload or ()).exists()
        return match.filtered(
            lambda m: m.partner_id and m.company_id.active and m.state in m._ASKED_STATES)

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------

    def _check_invitable(self):
        """:raise UserError: in words, if nobody of these can be asked"""
        closed = self.reactivation_id.filtered(lambda round_: round_.state == 'closed')
        if closed:
            raise UserError(self.env._("The round %s is closed.", closed[0].display_name))
        jobs = self.job_id.sudo().filtered(lambda job: not job._is_open())
        if jobs:
            raise UserError(self.env._(
                "%s is not open: it is archived, or nobody is to be recruited any more. Open it first.", jobs[0].name))
