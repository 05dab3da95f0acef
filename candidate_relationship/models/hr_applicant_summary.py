"""The head of a person's page: how things stand between the person and the company."""

from odoo import api, fields, models
from odoo.tools import format_date

from .hr_applicant_consent import OFFICER

REACH_LEVELS = {'reachable': 'success', 'no_consent': 'warning', 'no_address': 'warning'}


class HrApplicant(models.Model):
    _inherit = 'hr.applicant'

    @api.readonly
    def get_candidate_summary(self):
        """What the page says before any tab is opened; read apart, so that applications pay nothing for it.

        :return: list of ``{'icon', 'label', 'text', 'level'}``, level being a colour of the web client
        """
        self.ensure_one()
        self.check_access('read')
        facts = [self._summarize_last_touch(), self._summarize_next_step()]
        if self.env.user.has_group(OFFICER):
            facts.append(self._summarize_reach())
            facts += self._summarize_preferences()
        return facts

    def _summarize_last_touch(self):
        channels = dict(self._fields['candidate_last_touch_channel']._description_selection(self.env))
        text = self.env._("Never")
        if self.candidate_last_touch:
            day = fields.Datetime.context_timestamp(self, self.candidate_last_touch).date()
            text = self.env._(
                "%(date)s (%(channel)s)", date=format_date(self.env, day, date_format='medium'),
                channel=channels[self.candidate_last_touch_channel])
        return {'icon': 'fa-comments-o', 'label': self.env._("Last touch"), 'text': text, 'level': 'body'}

    def _summarize_next_step(self):
        text, date = self.env._("Nothing planned"), self.candidate_next_step_date
        if date:
            text = f"{format_date(self.env, date, date_format='medium')} {self.candidate_next_step or ''}".strip()
        late = date and date < fields.Date.context_today(self)
        return {
            'icon': 'fa-arrow-circle-right', 'label': self.env._("Next step"), 'text': text,
            'level': 'danger' if late else 'body'}

    def _summarize_reach(self):
        reaches = dict(self._fields['candidate_reach']._description_selection(self.env))
        text = reaches.get(self.candidate_reach, '')
        if self.candidate_consent_until:
            text = self.env._(
                "%(reach)s, consent until %(date)s", reach=text,
                date=format_date(self.env, self.candidate_consent_until, date_format='medium'))
        return {
            'icon': 'fa-envelope-o', 'label': self.env._("Reach"), 'text': text,
            'level': REACH_LEVELS.get(self.candidate_reach, 'danger')}
