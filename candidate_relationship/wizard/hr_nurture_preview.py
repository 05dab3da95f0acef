"""Before a mailing is sent: who would get it, who not and why."""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import format_date

from ..models.hr_nurture_reason import REASONS


class HrNurturePreview(models.TransientModel):
    """The preview is of the moment: sending looks again, and the budget has the last word."""
    _name = 'hr.nurture.preview'
    _description = "Preview of a Mailing"

    mailing_id = fields.Many2one('mailing.mailing', required=True, readonly=True, ondelete='cascade')
    chosen_count = fields.Integer(string="Chosen", readonly=True)
    reached_count = fields.Integer(string="Will Get It", readonly=True)
    left_out_count = fields.Integer(string="Left Out", readonly=True)
    share = fields.Integer(readonly=True, help="Of an A/B test: how many of a hundred are picked at random.")
    summary = fields.Char(readonly=True)
    can_send = fields.Boolean(readonly=True)
    line_ids = fields.One2many('hr.nurture.preview.line', 'preview_id', readonly=True)

    @api.model
    def _open(self, mailing, send):
        mailing.check_access('read')
        preview = self.create(self._prepare(mailing, send))
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Send") if send else self.env._("Preview"),
            'res_model': self._name,
            'res_id': preview.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
        }

    @api.model
    def _prepare(self, mailing, send):
        reasons = mailing._get_preview()
        counts = {}
        for reason in reasons.values():
            counts[reason] = counts.get(reason, 0) + 1
        chosen, reached = len(reasons), counts.pop(False, 0)
        lines = [(reason, counts[reason]) for reason, _label in REASONS if reason in counts]
        lines.sort(key=lambda line: -line[1])
        return {
            'mailing_id': mailing.id,
            'chosen_count': chosen,
            'reached_count': reached,
            'left_out_count': chosen - reached,
            'share': mailing._get_preview_share(),
            'summary': self._describe(mailing, chosen, reached, lines),
            'can_send': send and mailing.state == 'draft' and reached > 0,
            'line_ids': [Command.create({'reason': reason, 'count': count, 'name': self._get_words(mailing, reason)})
                         for reason, count in lines],
        }

    @api.model
    def _describe(self, mailing, chosen, reached, lines):
        """One sentence: 412 chosen, 301 will get it, 80 contacted since 24 Oct., 31 without consent."""
        parts = [self.env._("%s chosen", chosen), self.env._("%s will get it", reached)]
        parts += [f"{count} {self._get_words(mailing, reason)}" for reason, count in lines]
        return ', '.join(parts)

    @api.model
    def _get_words(self, mailing, reason):
        """As it follows a number."""
        days = mailing._get_nurture_company().nurture_days
        since = format_date(self.env, fields.Date.today() - timedelta(days=days), date_format='d MMM')
        return {
            'erased': self.env._("erased"),
            'no_address': self.env._("without email"),
            'blacklisted': self.env._("blacklisted"),
            'no_consent': self.env._("without consent"),
            'left': self.env._("said no"),
            'topic': self.env._("left the topic"),
            'paused': self.env._("paused"),
            'in_process': self.env._("in process"),
            'hired': self.env._("hired"),
            'budget': self.env._("contacted since %s", since),
            'duplicate': self.env._("more records of people who get it"),
            'no_person': self.env._("without a contact"),
        }[reason]

    def action_send(self):
        self.ensure_one()
        self.mailing_id.action_launch()
        return {'type': 'ir.actions.act_window_close'}

    def action_open_reached(self):
        return self._open_people(False, self.env._("Will Get It"))

    def _open_people(self, reason, name):
        """The records behind a number, as they are now."""
        self.ensure_one()
        ids = [res_id for res_id, found in self.mailing_id._get_preview().items() if found == reason]
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': self.mailing_id.mailing_model_real,
            'view_mode': 'list,form',
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', ids)],
            'context': {'active_test': False, 'create': False},
        }


class HrNurturePreviewLine(models.TransientModel):
    _name = 'hr.nurture.preview.line'
    _description = "Reason in the Preview of a Mailing"
    _order = 'id'

    preview_id = fields.Many2one('hr.nurture.preview', required=True, index=True, ondelete='cascade')
    reason = fields.Selection(REASONS, required=True, readonly=True)
    count = fields.Integer(string="People", readonly=True)
    name = fields.Char(string="Left Out Because", readonly=True)

    def action_open(self):
        labels = dict(self._fields['reason']._description_selection(self.env))
        return self.preview_id._open_people(self.reason, labels[self.reason])
