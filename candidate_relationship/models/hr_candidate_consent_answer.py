"""What a person answered, on the page or to a recruiter, becomes the state of the ledger."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_candidate_consent import NO_STATES, OPEN_STATES

# What must differ for an answer to be a new one.
COMPARED = ('date_until', 'frequency_days', 'note', 'wording_version', 'wording_lang')


class HrCandidateConsent(models.Model):
    _inherit = 'hr.candidate.consent'

    @api.model
    def _answer(self, partner, company, keep=None, topics=None, frequency_days=0, **evidence):
        """Book what a person decided; what they were not asked is left as it is.

        The same answer twice is one: a double click finds nothing to do.

        :param keep: whether the application may be kept; None: nothing was said about it
        :param topics: topics to be written to about, none of them is no; None: nothing was said
        :param evidence: ``source``, ``user_id``, ``note``, ``given_datetime`` and what was read, as
            ``hr.consent.wording._prepare_snapshot`` makes it
        :return: the rows that changed
        """
        self = self.sudo().with_company(company)
        answers = {
            purpose: yes for purpose, yes in (('keep', keep), ('nurture', topics if topics is None else bool(topics)))
            if yes is not None}
        vals = self._prepare_given(company, evidence)
        more = {'keep': {}, 'nurture': {'topic_ids': [(6, 0, topics.ids if topics else [])],
                                        'frequency_days': frequency_days}}
        vals_by_purpose = {purpose: {**vals, **more[purpose]} for purpose in answers}
        rows = self._get_rows(partner, company)
        news = [purpose for purpose, yes in answers.items()
                if rows._is_news(purpose, yes, vals_by_purpose[purpose])]
        if news:
            self._lock_ledger(partner, company)
        changed = self.browse()
        for purpose in news:
            book = self._book_yes if answers[purpose] else self._book_no
            changed |= book(rows._of(purpose), partner, company, purpose, vals_by_purpose[purpose])
        if any(row.state == 'given' for row in changed):
            partner._on_consent_given(company)
        return changed

    @api.model
    def _prepare_given(self, company, evidence):
        given = evidence.get('given_datetime') or fields.Datetime.now()
        until = given.date() + relativedelta(months=company.sudo().candidate_consent_months)
        return {**evidence, 'given_datetime': given, 'date_until': until}

    @api.model
    def _get_rows(self, partner, company):
        """All rows of a person for a company, the newest first."""
        return self.search([('partner_id', '=', partner.id), ('company_id', '=', company.id)], order='id desc')

    def _of(self, purpose):
        return self.filtered(lambda row: row.purpose == purpose)

    def _is_news(self, purpose, yes, vals):
        """Whether the answer differs from what the ledger says."""
        rows = self._of(purpose)
        if any(row.state == 'asked' for row in rows):
            return True
        given = rows.filtered(lambda row: row.state == 'given')
        if not yes:
            return bool(given) or rows[:1].state not in NO_STATES
        return not given or given._differs_from(vals)

    def _differs_from(self, vals):
        topics = vals['topic_ids'][0][2] if 'topic_ids' in vals else []
        return set(self.topic_ids.ids) != set(topics) or any(
            (self[name] or False) != (vals.get(name) or False) for name in COMPARED)

    @api.model
    def _lock_ledger(self, partner, company):
        """Two answers of one person at once: the second waits for the first, and is tried again after it.

        A row lock alone would let it go on with what it saw before; an update does not.
        """
        self.flush_model()
        self.env.cr.execute(SQL(
            "UPDATE hr_candidate_consent SET write_date = write_date WHERE id = ("
            " SELECT MIN(id) FROM hr_candidate_consent WHERE partner_id = %s AND company_id = %s)",
            partner.id, company.id))

    @api.model
    def _book_yes(self, rows, partner, company, purpose, vals):
        rows.filtered(lambda row: row.state == 'given').write({
            'state': 'renewed', 'ended_datetime': fields.Datetime.now()})
        # before the new row, of which there is one at most
        self.flush_model()
        asked = rows.filtered(lambda row: row.state == 'asked')
        if asked:
            asked.write({**vals, 'state': 'given', 'mail_pending': False})
            return asked
        return self._create_once([
            {**vals, 'state': 'given', 'partner_id': partner.id, 'company_id': company.id, 'purpose': purpose}])

    @api.model
    def _book_no(self, rows, partner, company, purpose, vals):
        """A consent is withdrawn, a question declined; who objects without either gets a row that says so."""
        end = {
            'ended_datetime': fields.Datetime.now(),
            'ended_user_id': vals.get('user_id'),
            'ended_note': vals.get('note'),
        }
        given = rows.filtered(lambda row: row.state == 'given')
        asked = rows.filtered(lambda row: row.state == 'asked')
        given.write({**end, 'state': 'withdrawn'})
        declined = {**end, 'state': 'declined', 'source': vals.get('source'), 'mail_pending': False, **{
            name: value for name, value in vals.items() if name.startswith('wording_')}}
        asked.write(declined)
        if given or asked:
            return given | asked
        return self.create({**declined, 'partner_id': partner.id, 'company_id': company.id, 'purpose': purpose})

    def _send_confirmation(self):
        """Tell the person what was booked, so that nobody answers for them without their knowledge."""
        rows = self.filtered(lambda row: row.partner_id.email_normalized)
        if rows:
            # the link of the keep row, else of the other
            rows.sorted(lambda row: row.purpose != 'keep')[0]._send_consent_mail('mail_template_consent_confirm')
            self.env.ref('mail.ir_cron_mail_scheduler_action').sudo()._trigger()

    def _end_all(self):
        """Open rows of these: for those who erase."""
        self.filtered(lambda row: row.state in OPEN_STATES).write({
            'state': 'withdrawn', 'ended_datetime': fields.Datetime.now()})
