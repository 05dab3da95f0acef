"""What a delivered mail does to the promises: tells the date, or is the answer."""

import logging
import re
from collections import namedtuple
from html import unescape

from lxml import html

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_qweb import QWebError

_logger = logging.getLogger(__name__)

# Zero-width marks around a promised date: they survive editors, sanitizers and plain text, are not
# seen by the reader, and tell a stated promise from a date that merely reads the same.
MARK = '\u200c\u200c'
# no longer than a date: a text that was shortened may end in the middle of one
STATED_DATE = re.compile(f'{MARK}([^\n{MARK[0]}]{{1,80}}){MARK}')
UTF8 = html.HTMLParser(encoding='utf-8')
# What a mail holds but doesn't say: quotes, and the beginning of its text that Odoo's layouts put
# before it, unseen, for the preview in mail programs.
UNSAID = (
    '//*[contains(translate(@style, " ", ""), "display:none")]'
    ' | //blockquote | //*[@data-o-mail-quote] | //*[@data-o-mail-quote-container]'
    ' | //*[contains(@class, "o_mail_reply_container")] | //*[contains(@class, "gmail_quote")]')
Delivery = namedtuple('Delivery', ['applicant_id', 'message_id', 'stated', 'is_answer', 'written', 'user_id'])
ANSWER_TYPES = ('comment', 'email', 'email_outgoing', 'auto_comment')


class HrFeedbackPromise(models.Model):
    _inherit = 'hr.feedback.promise'

    def _get_told_text(self):
        """The promised date in the candidate's language, marked; '' without a deadline."""
        date = self._get_told_date()
        if not date:
            return ''
        # not the reader's language: the text is compared again when the mail is delivered
        lang = self.applicant_id.partner_id.lang or self.company_id.partner_id.lang or 'en_US'
        return f"{MARK}{tools.format_date(self.env, date, lang_code=lang, date_format='full')}{MARK}"

    @api.model
    def _prepare_delivery(self, applicant, message, body, kept_message=None):
        """What must be known of a mail once it is gone.

        :param applicant: ``hr.applicant`` it was sent to
        :param message: ``mail.message`` of the mail
        :param str body: HTML as it was sent
        :param kept_message: the message that stays in the chatter, where it is another one
        """
        return Delivery(
            applicant.id, (kept_message or message).id, self._get_stated_dates(body),
            self._is_answer(applicant, message), message.date or fields.Datetime.now(),
            message.author_id.user_ids.filtered(lambda u: not u.share)[:1].id)

    @api.model
    def _get_stated_dates(self, body):
        """Promised dates in what the mail says itself; an answer may quote the acknowledgement."""
        if not body or MARK not in unescape(body):
            return frozenset()
        root = html.fragment_fromstring(body.encode(), create_parent='div', parser=UTF8)
        for element in root.xpath(UNSAID):
            element.drop_tree()
        return frozenset(STATED_DATE.findall(root.text_content()))

    @api.model
    def _on_delivered(self, delivery, when=None):
        """A mail server accepted this message to the candidate.

        :return: the promises that it closed
        """
        promises = self.sudo().search(
            Domain('applicant_id', '=', delivery.applicant_id) & self._get_open_domain())
        announced = promises._tell(delivery.stated)
        if not delivery.is_answer or (delivery.stated and not announced):
            return promises.browse()
        return (promises - announced)._close_by_message(delivery, when)

    def _tell(self, stated):
        """Note the date that was told; it never moves afterwards.

        :param set stated: dates as they stand in the message
        :return: the promises whose date the message states
        """
        announced = self.filtered(lambda p: p._get_told_text().strip(MARK) in stated) if stated else self.browse()
        for promise in announced.filtered(lambda p: not p.told_date):
            promise.told_date = promise._get_told_date()
        return announced

    @api.model
    def _is_answer(self, applicant, message):
        """Whether somebody told the candidate something: a person, or a stage or refusal template."""
        if message.message_type not in ANSWER_TYPES:
            return False
        if message.message_type == 'auto_comment':
            return not self._is_acknowledgement(applicant, message)
        author = message.author_id
        return bool(author) and not author.partner_share and author != self.env.ref('base.partner_root')

    @api.model
    def _is_acknowledgement(self, applicant, message):
        """An automatic mail that nobody's decision led to: the application came in, a promise was announced.

        Create dates are the transaction's: equal ones were written by the same transaction. An
        application that gets its job later gets its acknowledgement then, before it is first moved.
        """
        return message.create_date == applicant.create_date or not applicant.last_stage_id or bool(
            self.sudo().search_count([('announcement_id', '=', message.id)], limit=1))

    def _close_by_message(self, delivery, when=None):
        """Close what a message can answer: not what asks for a call, nor what began after it was written."""
        answered = self.filtered(lambda p: p.means != 'phone' and p.trigger_datetime <= delivery.written)
        return answered._close(
            'message', when=when,
            message=self.env['mail.message'].browse(delivery.message_id).exists(),
            user=self.env['res.users'].browse(delivery.user_id))

    # ------------------------------------------------------------------
    # The mail that states the date
    # ------------------------------------------------------------------

    def _announce(self):
        """Send the mail of the policy that states the date, once, for clocks that have started."""
        for promise in self.sudo():
            promise.announce_pending = False
            applicant = promise.applicant_id
            if promise.state == 'running' and promise.sla_id.template_id and applicant._has_feedback_email():
                promise._post_announcement()
        if self:
            # mails of scheduled jobs wait for the queue otherwise, an hour at worst
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()

    def _post_announcement(self):
        try:
            with self.env.cr.savepoint():
                self.announcement_id = self.applicant_id.with_context(
                    feedback_promise_id=self.id,
                ).message_post_with_source(
                    self.sla_id.template_id, message_type='auto_comment',
                    subtype_id=self.env['ir.model.data']._xmlid_to_res_id('mail.mt_note'),
                    email_layout_xmlid='mail.mail_notification_light')[:1]
        except (UserError, QWebError) as error:
            # one broken template must not keep the others from being sent
            _logger.warning("Template of policy %s cannot be sent: %s", self.sla_id.id, error)
            self.applicant_id._message_log(body=self.env._(
                "The mail that states the promised date could not be written. "
                "Mend the template “%(template)s”: %(error)s",
                template=self.sla_id.template_id.name, error=error))
