"""What belongs to a person in a company, who may not be erased, and who else uses the contact."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Rows of these tables that point to the contact belong to the contact itself: they go with it.
PART_OF_CONTACT = ('res_partner_bank', 'res_partner_res_partner_category_rel', 'website_visitor')
# Kinds whose messages, files and activities are the person's.
DOCUMENTS = ('applicants', 'events', 'channels', 'consents', 'answers', 'matches', 'partner')
# Files of these models are the person's when they hang on the person's messages.
LOOSE_FILES = ('hr.applicant', 'mail.message', 'mail.compose.message', 'mail.scheduled.message')


class HrCandidateErasure(models.Model):
    _inherit = 'hr.candidate.erasure'

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------

    @api.model
    def _get_person_applicants(self, partner, company):
        """All applications and talents of a person in a company, archived ones too, in superuser mode.

        A talent is a copy of an application, which does not copy the contact: where there is no
        address either, the link between the two tells whose it is.
        """
        applicants = self.env['hr.applicant'].sudo().with_context(active_test=False)
        if not partner:
            # nobody is not everybody who is unnamed
            return applicants
        own = Domain('company_id', 'in', (company.id, False))
        unnamed = own & Domain('partner_id', '=', False)
        found = applicants.search(own & Domain('partner_id', '=', partner.id))
        links = found | found.pool_applicant_id
        same = Domain('id', 'in', links.ids) | Domain('pool_applicant_id', 'in', links.ids)
        if partner.email_normalized:
            same |= Domain('email_normalized', '=', partner.email_normalized)
        return found | applicants.search(unnamed & same)

    @api.model
    def _get_block(self, partner, company):
        """Why this person may not be erased now; False where nothing is in the way."""
        partner = partner.sudo().with_context(active_test=False)
        employees = self.env['hr.employee'].sudo().with_context(active_test=False)
        applications = self._get_person_applicants(partner, company).filtered(lambda a: not a.talent_pool_ids)
        if partner.user_ids:
            return 'user'
        if employees.search_count([
                ('work_contact_id', '=', partner.id), ('company_id', '=', company.id)], limit=1):
            return 'employee'
        if applications.filtered(lambda a: a.employee_id or a.date_closed or a.stage_id.hired_stage):
            return 'hired'
        if applications.filtered(lambda a: a.active and not a.refuse_reason_id):
            return 'in_process'
        return False

    # ------------------------------------------------------------------
    # What
    # ------------------------------------------------------------------

    @api.model
    def _collect(self, person, company):
        """Everything that would be erased or emptied, in superuser mode.

        :param person: ``res.partner``
        :return: recordsets by kind; ``partner`` is the contact, where it goes too. It stays where
            ``others`` are: models that point to it, with their number of rows
        """
        self = self.sudo().with_context(active_test=False)
        self.env.flush_all()
        found = self._collect_documents(person.sudo(), company.sudo())
        self._collect_messages(found)
        found['others'] = self._get_other_users_of_contact(found)
        if not found['others']:
            found['partner'] = found['person']
            found['traces'] |= self.env['mailing.trace'].search([
                ('model', '=', 'res.partner'), ('res_id', '=', found['person'].id)])
            self._collect_messages(found)
        self._collect_mails(found)
        self._collect_files(found)
        return found

    @api.model
    def _collect_documents(self, person, company):
        applicants = self._get_person_applicants(person, company)
        matches = self._collect_matches(person, company, applicants)
        ours = Domain('partner_id', '=', person.id) & Domain('company_id', '=', company.id)
        mine = Domain('applicant_id', 'in', applicants.ids)
        events = self.env['calendar.event'].search(
            mine | (Domain('res_model', '=', 'hr.applicant') & Domain('res_id', 'in', applicants.ids)))
        return {
            'person': person,
            'company': company,
            'partner': self.env['res.partner'],
            'applicants': applicants,
            'talents': applicants.filtered('talent_pool_ids'),
            'events': events,
            'channels': events.videocall_channel_id,
            'touches': self.env['hr.candidate.touch'].search(ours | mine),
            'consents': self.env['hr.candidate.consent'].search(ours),
            'promises': self.env['hr.feedback.promise'].search(mine),
            'matches': matches,
            'traces': self.env['mailing.trace'].search(Domain.OR(
                Domain('model', '=', records._name) & Domain('res_id', 'in', records.ids)
                for records in (applicants, matches))),
            'answers': self._collect_answers(person, company, applicants),
            'wishes': self.env['hr.talent.pool.wish'].search(ours | mine),
            'preferences': self.env['hr.candidate.preference'].search(ours),
            'contacts': self.env['hr.nurture.contact'].search(ours),
            'enrollments': self.env['hr.nurture.enrollment'].search(ours),
            'entries': self._collect_entries(person, company, applicants),
            'invitations': self.env['hr.survey.invitation'].search(ours | mine),
        }

    @api.model
    def _collect_matches(self, person, company, applicants):
        """Places in rounds of reactivation."""
        mine = Domain('applicant_id', 'in', applicants.ids) | Domain('application_id', 'in', applicants.ids)
        return self.env['hr.pool.match'].search(
            mine | (Domain('partner_id', '=', person.id) & Domain('company_id', '=', company.id)))

    @api.model
    def _collect_entries(self, person, company, applicants):
        """Entries into pools by their rules; those whose talent was deleted are of the pool's company."""
        orphan = Domain('talent_id', '=', False) & Domain('application_id', '=', False)
        pool = Domain('pool_id.company_id', '=', company.id) | (Domain('pool_id.company_id', '=', False) & orphan)
        return self.env['hr.talent.pool.fill.entry'].search(
            Domain('talent_id', 'in', applicants.ids) | Domain('application_id', 'in', applicants.ids)
            | (Domain('partner_id', '=', person.id) & pool))

    @api.model
    def _collect_answers(self, person, company, applicants):
        """Answers to interview surveys; those that name the contact only, where no other company knows it.

        What the contact answered to other departments is theirs.
        """
        answers = self.env['survey.user_input']
        domain = Domain.FALSE
        if 'applicant_id' in answers._fields:
            domain |= Domain('applicant_id', 'in', applicants.ids)
        if person and not self._is_known_elsewhere(person, company):
            domain |= Domain('partner_id', '=', person.id) & Domain('survey_id.survey_type', '=', 'recruitment')
        return answers.search(domain)

    @api.model
    def _is_known_elsewhere(self, person, company):
        return bool(person) and bool(self.env['hr.applicant'].search_count(
            [('partner_id', '=', person.id), ('company_id', 'not in', (company.id, False))], limit=1))

    @staticmethod
    def _get_documents(found):
        """The records whose messages, files and activities are the person's."""
        return [
            found[kind] for kind in DOCUMENTS if found[kind]]

    @api.model
    def _get_documents_domain(self, found, model_field='model'):
        """Domain of records that belong to one of the documents."""
        return Domain.OR(
            Domain(model_field, '=', records._name) & Domain('res_id', 'in', records.ids)
            for records in self._get_documents(found))

    @api.model
    def _collect_messages(self, found):
        messages = self.env['mail.message']
        found['messages'] = messages.search(self._get_documents_domain(found))
        if found['partner']:
            # letters that belong to no document; apart, as each search has an index of its own
            for name in ('author_id', 'partner_ids'):
                found['messages'] |= messages.search([(name, 'in', found['partner'].ids), ('model', '=', False)])
        found['activities'] = self.env['mail.activity'].search(self._get_documents_domain(found, 'res_model'))
        found['planned'] = self.env['mail.scheduled.message'].search(self._get_documents_domain(found))

    @api.model
    def _collect_mails(self, found):
        domain = Domain('mail_message_id', 'in', found['messages'].ids)
        domain |= Domain('feedback_applicant_id', 'in', found['applicants'].ids)
        if found['partner']:
            domain |= Domain('recipient_ids', 'in', found['partner'].ids) & Domain('model', '=', False)
        found['mails'] = self.env['mail.mail'].search(domain) | found['traces'].mail_mail_id
        # letters of Odoo's refusal, which name no document
        found['messages'] |= found['mails'].mail_message_id

    @api.model
    def _collect_files(self, found):
        """Ids by SQL: the files behind binary fields are hidden from searches."""
        messages = found['messages']._ids or (0,)
        conditions = [
            SQL("(attachment.res_model = %s AND attachment.res_id IN %s)", records._name, records._ids)
            for records in [*self._get_documents(found), found['messages'], found['planned']] if records]
        conditions.append(SQL(
            "(attachment.id IN (SELECT attachment_id FROM message_attachment_rel WHERE message_id IN %s)"
            " AND (attachment.res_model IS NULL OR attachment.res_model IN %s)"
            " AND NOT EXISTS (SELECT 1 FROM message_attachment_rel other WHERE other.attachment_id = attachment.id"
            " AND other.message_id NOT IN %s))", messages, LOOSE_FILES, messages))
        rows = self.env.execute_query(SQL(
            "SELECT attachment.id FROM ir_attachment attachment WHERE %s ORDER BY attachment.id",
            SQL(" OR ").join(conditions)))
        found['attachments'] = self.env['ir.attachment'].browse(row[0] for row in rows)

    # ------------------------------------------------------------------
    # Who else
    # ------------------------------------------------------------------

    @api.model
    def _get_other_users_of_contact(self, found):
        """Models whose records point to the contact and are not the person's own, with their number.

        Every foreign key to ``res_partner`` is looked at, of whatever module.
        """
        partner = found['person']
        if partner.is_company:
            return {'res.partner': 1}
        others = {}
        wizards = self._get_transient_tables()
        for table, column in self.env['base.partner.merge.automatic.wizard']._get_fk_on('res_partner'):
            if table in PART_OF_CONTACT or table in wizards:
                continue
            own = self._get_own_rows(table, found)
            ((count,),) = self.env.execute_query(SQL(
                "SELECT COUNT(*) FROM %s WHERE %s = %s AND NOT COALESCE(%s, FALSE)",
                SQL.identifier(table), SQL.identifier(column), partner.id, own))
            if count:
                name = self._get_model_of_table(table)
                others[name] = others.get(name, 0) + count
        if self._is_shipped_with_a_module(partner):
            others['ir.model.data'] = 1
        return others

    @api.model
    def _is_shipped_with_a_module(self, partner):
        return bool(self.env['ir.model.data'].search_count([
            ('model', '=', 'res.partner'), ('res_id', '=', partner.id), ('module', 'not =like', '\\_\\_%')], limit=1))

    @api.model
    def _get_own_rows(self, table, found):
        """Condition of the rows of a table that are the person's own."""
        if table == 'res_partner':
            # a contact is its own commercial entity
            return SQL("id = %s", found['person'].id)
        company = SQL("company_id = %s", found['company'].id)
        return {
            'hr_applicant': self._in('id', found['applicants']),
            'hr_candidate_touch': company,
            'hr_candidate_consent': company,
            'hr_candidate_erasure': company,
            'hr_candidate_preference': company,
            'hr_nurture_contact': company,
            'hr_pool_match': self._in('id', found['matches']),
            'hr_nurture_enrollment': company,
            'hr_survey_invitation': company,
            'hr_talent_pool_wish': self._in('id', found['wishes']),
            'hr_talent_pool_fill_entry': self._in('id', found['entries']),
            'calendar_attendee': self._in('event_id', found['events']),
            'calendar_event_res_partner_rel': self._in('calendar_event_id', found['events']),
            'discuss_channel_member': self._in('channel_id', found['channels']),
            'mail_message': SQL("(%s OR model IS NULL)", self._in('id', found['messages'])),
            'mail_message_reaction': self._in('message_id', found['messages']),
            'mail_message_res_partner_rel': self._in_own_or_loose_messages('mail_message_id', found),
            'mail_notification': self._in_own_or_loose_messages('mail_message_id', found),
            'mail_mail_res_partner_rel': SQL(
                "mail_mail_id IN (SELECT mail.id FROM mail_mail mail WHERE %s)",
                self._in_own_or_loose_messages('mail.mail_message_id', found)),
            'mail_followers': SQL(" OR ").join([
                SQL("(res_model = 'res.partner' AND res_id = %s)", found['person'].id),
                *(SQL("(res_model = %s AND res_id IN %s)", records._name, records._ids)
                  for records in self._get_documents(found))]),
            'mail_scheduled_message': self._in('id', found['planned']),
            'mail_scheduled_message_res_partner_rel': self._in('mail_scheduled_message_id', found['planned']),
            'sms_sms': self._in_own_or_loose_messages('mail_message_id', found),
            'survey_user_input': self._in('id', found['answers']),
        }.get(table, SQL("FALSE"))

    @staticmethod
    def _in(column, records):
        return SQL("%s IN %s", SQL.identifier(*column.split('.')), records._ids or (0,))

    @api.model
    def _in_own_or_loose_messages(self, column, found):
        return SQL(
            "(%s OR EXISTS (SELECT 1 FROM mail_message loose WHERE loose.id = %s AND loose.model IS NULL))",
            self._in(column, found['messages']), SQL.identifier(*column.split('.')))

    @api.model
    def _get_transient_tables(self):
        """Tables of wizards and of their relations: their rows live for an hour."""
        tables = set()
        for model in self.env.registry.values():
            if model._transient:
                tables.add(model._table)
                tables |= {
                    field.relation for field in model._fields.values() if field.type == 'many2many' and field.store}
        return tables

    @api.model
    def _get_model_of_table(self, table):
        """Model of a table; of a relation's table, the model at its other end."""
        for model in self.env.registry.values():
            if not model._abstract and model._table == table:
                return model._name
        for model in self.env.registry.values():
            for field in model._fields.values():
                if field.type == 'many2many' and field.store and field.relation == table:
                    return model._name if model._name != 'res.partner' else field.comodel_name
        return table
