"""The message that invites people to a job, before it is sent."""

from collections import Counter

from lxml import etree, html

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import is_html_empty

from odoo.addons.base.models.ir_qweb import QWebError

from ..models.client_actions import CLOSE, notify
from ..models.hr_pool_match import PAGE_PATH

MODEL = 'hr.pool.match'
# What Odoo's engines raise of what is being typed: the search for forbidden code, and rendering.
INCOMPLETE = (UserError, QWebError, SyntaxError, TypeError, ValueError)


class HrPoolInvite(models.TransientModel):
    """Written with Odoo's mail editor, rendered for each person.

    As a template is: whoever may not write code into templates may not do so here, as it is rendered
    by the scheduler, who may do everything.
    """
    _name = 'hr.pool.invite'
    _description = "Invite to a Job"
    _inherit = ['mail.render.mixin']
    _unrestricted_rendering = True

    match_ids = fields.Many2many(MODEL, string="People")
    reactivation_id = fields.Many2one('hr.pool.reactivation', compute='_compute_reactivation_id')
    subject = fields.Char(required=True)
    body_html = fields.Html(
        string="Message", required=True, render_engine='qweb', render_options={'post_process': True},
        sanitize='email_outgoing')
    chosen_count = fields.Integer(string="Chosen", compute='_compute_counts')
    ready_count = fields.Integer(string="Will Get It", compute='_compute_counts')
    left_out = fields.Text(compute='_compute_counts')
    preview_match_id = fields.Many2one(
        MODEL, string="Preview For", domain="[('id', 'in', match_ids)]", compute='_compute_preview_match_id',
        store=True, readonly=False)
    preview_subject = fields.Char(compute='_compute_preview')
    preview_html = fields.Html(compute='_compute_preview', sanitize=False)

    def _compute_render_model(self):
        self.render_model = MODEL

    @api.depends('match_ids')
    def _compute_reactivation_id(self):
        for wizard in self:
            wizard.reactivation_id = wizard.match_ids.reactivation_id[:1]

    @api.depends('match_ids')
    def _compute_counts(self):
        labels = dict(self.env[MODEL]._fields['excluded_reason']._description_selection(self.env))
        for wizard in self:
            reasons = wizard._get_reasons()
            counts = Counter(filter(None, reasons.values()))
            wizard.chosen_count = len(wizard.match_ids)
            wizard.ready_count = len(wizard.match_ids) - counts.total()
            wizard.left_out = '\n'.join(
                f"{count} {labels.get(reason, reason)}" for reason, count in counts.most_common()) or False

    def _get_reasons(self):
        """Why each of the chosen will not get the mail, as it is now, by match."""
        matches = self.match_ids._origin
        reasons = {}
        for round_, mine in matches.grouped('reactivation_id').items():
            applicants = mine.applicant_id.sudo().with_company(round_.company_id)
            found = applicants._get_nurture_reasons(round_.topic_id)
            reasons.update({match: found.get(match.applicant_id.id, 'erased') for match in mine})
        order = {match: self._get_own_reason(match) for match in matches}
        return {match: order[match] or reasons[match] for match in matches}

    @api.model
    def _get_own_reason(self, match):
        if match.state == 'excluded':
            return match.excluded_reason
        return 'asked' if match.state != 'recommended' else False

    @api.depends('match_ids')
    def _compute_preview_match_id(self):
        for wizard in self:
            wizard.preview_match_id = wizard.match_ids._origin[:1]

    @api.depends('subject', 'body_html', 'preview_match_id')
    def _compute_preview(self):
        for wizard in self:
            match = wizard.preview_match_id._origin
            wizard.preview_subject = wizard._render_preview('subject', match)
            wizard.preview_html = wizard._render_preview('body_html', match)

    def _render_preview(self, name, match):
        """As it is typed. What the user may not write is not rendered, as it is not sent either."""
        if not match or not self[name]:
            return self[name]
        try:
            return self._render(name, match)
        except INCOMPLETE:
            return self[name]

    def _render(self, name, match):
        engine = getattr(self._fields[name], 'render_engine', 'inline_template')
        qweb = engine == 'qweb'
        source = self._part_placeholders(self[name]) if qweb else self[name]
        if not self._may_write(source, engine):
            return self[name]
        options = {'post_process': True} if qweb else None
        return self._render_template(source, MODEL, match.ids, engine=engine, options=options)[match.id]

    @api.model
    def _may_write(self, source, engine):
        return self.env.user.has_group('mail.group_mail_template_editor') or not getattr(
            self, f'_has_unsafe_expression_template_{engine}')(source, MODEL)

    # ------------------------------------------------------------------
    # What the editor makes of it
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_body(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._prepare_body(vals))

    @api.model
    def _prepare_body(self, vals):
        return {**vals, 'body_html': self._part_placeholders(vals['body_html'])} if vals.get('body_html') else vals

    @api.model
    def _part_placeholders(self, body):
        """The editor gives styles to whatever is printed bold: a placeholder with anything beside it would be code."""
        root = html.fragment_fromstring(body, create_parent='div')
        for element in root.xpath('.//*[@t-out][not(self::t)]'):
            placeholder = etree.SubElement(element, 't', {'t-out': element.attrib.pop('t-out')})
            placeholder.text, element.text = element.text, None
            placeholder.extend(element[:-1])
        return etree.tostring(root, encoding='unicode', method='html').removeprefix('<div>').removesuffix('</div>')

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    @api.model
    def _open(self, matches):
        """:return: action that opens the message to those of the matches who were not asked yet"""
        matches.check_access('read')
        matches = matches.filtered(lambda match: match.state == 'recommended')
        if not matches:
            raise UserError(self.env._("Choose people who are recommended and were not invited yet."))
        matches._check_invitable()
        wizard = self.create({
            'match_ids': [Command.set(matches.ids)], **self._get_default_message(matches)})
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Invite to %s", ', '.join(matches.job_id.mapped('name'))),
            'res_model': self._name,
            'res_id': wizard.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'dialog_size': 'extra-large'},
        }

    @api.model
    def _get_default_message(self, matches):
        """The company's template in the language that most of the people read."""
        languages = Counter(lang for lang in matches.partner_id.mapped('lang') if lang)
        lang = languages.most_common(1)[0][0] if languages else self.env.lang
        template = self.env.ref('candidate_relationship.mail_template_reactivation').sudo().with_context(lang=lang)
        return {'subject': template.subject, 'body_html': template.body_html}

    def action_send(self):
        """Into the queue: the mails leave one by one, each person's once."""
        self.ensure_one()
        self._check_message()
        matches = self.match_ids
        matches.check_access('read')
        self.env['hr.pool.reactivation'].check_access('write')
        matches._check_invitable()
        count = self.ready_count
        matches._invite(self.subject, self.body_html, self.env.user)
        return notify(self.env._("%s invitations are on their way.", count), CLOSE)

    def _check_message(self):
        if is_html_empty(self.body_html):
            raise UserError(self.env._("The message is empty."))
        if PAGE_PATH not in self.body_html:
            raise UserError(self.env._(
                "The message has no link to the page on which people answer. Link some words of it to %s.", PAGE_PATH))
        if not self.ready_count:
            raise UserError(self.env._("None of the chosen may be written to now."))


