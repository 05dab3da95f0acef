"""Everything that a company holds about a person, for the person: one zip of JSON and files.

``data.json`` (format 1)::

    format        1
    exported      when, UTC; all times are ISO 8601, UTC, dates are ISO 8601
    company       name of the company that answers; what other companies hold is no part of this
    person        name, email, phone, language, time zone, address, website, job title, comment
    applications  list: id, kind (application or talent), name, email, phone, linkedin, job, department,
                  applied, stage, status, refuse_reason, refused, hired, evaluation, degree,
                  availability, salary_expected, salary_proposed (with extras), notes, questions
                  (answers to the job's own questions), tags, skills, pools, source, stages, messages,
                  promises, files
    touches       list: date, channel, direction, subject, note, topic
    consents      list: purpose, state, asked, given, until, ended, source, topics, frequency, evidence,
                  wording (version, language, text)
    preferences   list: topics_left, frequency, paused_until, source, note
    contacts      list: booked, state, topic (mails that count against the contact budget)
    reactivations list: job, state, score, recommended, invited, delivered, answered, write_again, reason, comment
    programs      list: program, entered, state, ended, ended_because, steps (step, date, outcome)
    interviews    list: name, start, stop, location, description
    surveys       list: survey, state, started, ended, score, answers (question, answer)
    invitations   list: state, outcome, sent, until (to the anonymous survey; answers are nobody's)
    erasures      list: reason, state, scheduled

Notes of recruiters about the person are data about the person, so they are in it. Texts are as they
were written; beyond them no colleague is named: a message is ``from`` the candidate or the company.
What Odoo tells colleagues alone (that they were assigned, say) and other people's addresses are left
out.
"""

import json
import re
import shutil
import zipfile
from pathlib import PurePosixPath

from odoo import api, fields, models

FORMAT = 1
CHUNK = 1024 * 1024
LONGEST_NAME = 100
# Messages to colleagues alone.
INTERNAL_TYPES = ('user_notification',)
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
RESERVED = re.compile(r'^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)


class HrCandidateExport(models.AbstractModel):
    """See the top of this file for what is in it."""
    _name = 'hr.candidate.export'
    _description = "Export of a Person's Data"

    @api.model
    def _write_zip(self, applicant, stream):
        """Write the export of an application's person into a binary file object.

        Whoever calls this has checked that the user may have it. Files go from the disk to the zip
        in pieces, so that big ones need no memory.
        """
        company = applicant.company_id or self.env.company
        data, files = self._collect(applicant.sudo(), company.sudo())
        with zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as archive:
            archive.writestr('data.json', json.dumps(data, ensure_ascii=False, indent=2, default=str))
            for name, attachment in files:
                self._write_file(archive, name, attachment)

    @api.model
    def _write_file(self, archive, name, attachment):
        with archive.open(name, 'w', force_zip64=True) as target:
            path = attachment.store_fname and attachment._full_path(attachment.store_fname)
            if not path:
                target.write(attachment.raw or b'')
                return
            try:
                with open(path, 'rb') as source:
                    shutil.copyfileobj(source, target, CHUNK)
            except FileNotFoundError:
                # a filestore that lost a file: the rest is still to be had
                target.write(b'')

    # ------------------------------------------------------------------
    # Data
    # ------------------------------------------------------------------

    @api.model
    def _collect(self, applicant, company):
        """:return: the content of ``data.json``, and pairs of name in the zip and attachment"""
        erasure = self.env['hr.candidate.erasure'].sudo()
        person = applicant.partner_id
        applicants = erasure._get_person_applicants(person, company) if person else applicant
        applicants = applicants.with_context(active_test=False).sorted('id')
        taken, files = set(), []
        applications = [self._export_application(one, taken, files) for one in applicants]
        ours = [('company_id', '=', company.id), ('partner_id', '=', person.id), ('partner_id', '!=', False)]
        data = {
            'format': FORMAT,
            'exported': self._text(fields.Datetime.now()),
            'company': company.name,
            'person': self._export_person(person),
            'applications': applications,
            'touches': [self._export_touch(row) for row in self._search('hr.candidate.touch', ours)],
            'consents': [self._export_consent(row) for row in self._search('hr.candidate.consent', ours)],
            'preferences': [
                self._pick(
                    row, 'paused_until', 'note', 'source', topics_left='left_topic_ids', frequency='frequency_days')
                for row in self._search('hr.candidate.preference', ours)],
            'contacts': [
                self._pick(row, 'state', booked='booked_datetime', topic='topic_id')
                for row in self._search('hr.nurture.contact', ours)],
            'reactivations': [
                self._export_match(row)
                for row in self.env['hr.candidate.erasure'].sudo()._collect_matches(person, company, applicants)],
            'programs': [self._export_enrollment(row) for row in self._search('hr.nurture.enrollment', ours)],
            'interviews': [
                self._export_interview(event)
                for event in self._search('calendar.event', [('applicant_id', 'in', applicants.ids)])],
            'surveys': [
                self._export_survey(answer) for answer in self._get_answers(applicants, person, company)],
            'invitations': [
                self._pick(row, 'state', 'outcome', sent='sent_date', until='expires_date')
                for row in self._search('hr.survey.invitation', ours)],
            'erasures': [
                self._pick(row, 'reason', 'state', scheduled='scheduled_datetime')
                for row in self._search('hr.candidate.erasure', ours)],
        }
        return data, files

    @api.model
    def _search(self, model, domain):
        return self.env[model].sudo().with_context(active_test=False).search(domain, order='id')

    @api.model
    def _get_answers(self, applicants, person, company):
        """Interview surveys only: the experience survey is anonymous, others are not recruiting's."""
        erasure = self.env['hr.candidate.erasure'].sudo().with_context(active_test=False)
        return erasure._collect_answers(person, company, applicants)

    @api.model
    def _export_person(self, person):
        return self._pick(
            person, 'name', 'email', 'phone', 'website', 'street', 'street2', 'zip', 'city', 'comment',
            state='state_id', country='country_id', language='lang', time_zone='tz', job_title='function')

    @api.model
    def _export_application(self, applicant, taken, files):
        title = f"{applicant.id} {applicant.job_id.name or ''}"
        folder = f'attachments/{self._safe_name(title)}'
        messages = applicant.message_ids.filtered(self._concerns_person)
        attachments = self._get_files(applicant, messages)
        names = {file: self._unique_name(folder, file.name, taken) for file in attachments}
        files += [(name, file) for file, name in names.items()]
        return {
            'id': applicant.id,
            'kind': 'talent' if applicant.talent_pool_ids else 'application',
            **self._pick(
                applicant, 'availability', 'salary_expected', 'salary_expected_extra', 'salary_proposed',
                'salary_proposed_extra', name='partner_name', email='email_from', phone='partner_phone',
                linkedin='linkedin_profile', job='job_id', department='department_id', applied='create_date',
                stage='stage_id', status='application_status', refuse_reason='refuse_reason_id', refused='refuse_date',
                hired='date_closed', evaluation='priority', degree='type_id', notes='applicant_notes',
                tags='categ_ids', pools='talent_pool_ids', source='source_id', medium='medium_id'),
            'questions': self._export_questions(applicant),
            'skills': [
                {'skill': row.skill_id.name, 'level': row.skill_level_id.name}
                for row in applicant.applicant_skill_ids],
            'stages': [
                self._pick(row, 'outcome', stage='stage_id', entered='entered_datetime', left='left_datetime')
                for row in self._search('hr.applicant.stage.log', [('applicant_id', '=', applicant.id)])],
            'messages': [self._export_message(message, applicant, names) for message in messages.sorted('id')],
            'promises': [
                self._pick(row, 'trigger', 'deadline', 'state', told='told_date', answered='closed_datetime')
                for row in applicant.feedback_promise_ids.sorted('id')],
            'files': list(names.values()),
        }

    @api.model
    def _export_questions(self, applicant):
        """Values of the fields that a job adds of its own."""
        rows = applicant.read(['applicant_properties'])[0]['applicant_properties'] if applicant.job_id else []
        return [
            {'question': row.get('string'), 'answer': row.get('value')}
            for row in rows or [] if row.get('type') != 'separator' and row.get('value')]

    @api.model
    def _concerns_person(self, message):
        """Words that were exchanged with the person or written about them."""
        return message.message_type not in INTERNAL_TYPES and (
            message.body or message.subject or message.attachment_ids)

    @api.model
    def _export_message(self, message, applicant, names):
        by_person = applicant._is_written_by_candidate(message)
        return {
            **self._pick(message, 'date', 'subject', 'body'),
            'from': 'candidate' if by_person else 'company',
            'kind': 'note' if not by_person and (message.is_internal or message.subtype_id.internal) else 'message',
            'files': [names[file] for file in message.attachment_ids if file in names],
        }

    @api.model
    def _get_files(self, applicant, messages):
        attachments = applicant.attachment_ids | messages.attachment_ids
        return attachments.filtered(lambda file: file.type == 'binary' and not file.res_field).sorted('id')

    @api.model
    def _export_touch(self, touch):
        return self._pick(touch, 'date', 'channel', 'direction', 'note', subject='summary', topic='topic_id')

    @api.model
    def _export_enrollment(self, enrollment):
        return {
            **self._pick(
                enrollment, 'state', program='program_id', entered='entered_datetime', ended='ended_date',
                ended_because='ended_reason'),
            'steps': [self._pick(log, 'date', 'outcome', step='name') for log in enrollment.log_ids],
        }

    @api.model
    def _export_consent(self, consent):
        return {
            **self._pick(
                consent, 'purpose', 'state', 'source', asked='asked_datetime', given='given_datetime',
                until='date_until', ended='ended_datetime', topics='topic_ids', frequency='frequency_days',
                evidence='note'),
            'wording': self._pick(consent, version='wording_version', language='wording_lang', text='wording_text'),
        }

    @api.model
    def _export_match(self, match):
        return self._pick(
            match, 'state', 'score', 'comment', job='job_id', recommended='recommended_datetime',
            invited='invited_datetime', delivered='delivered_datetime', answered='answered_datetime',
            write_again='later_date', reason='decline_reason')

    @api.model
    def _export_interview(self, event):
        return self._pick(event, 'name', 'start', 'stop', 'location', 'description')

    @api.model
    def _export_survey(self, answer):
        return {
            **self._pick(
                answer, 'state', survey='survey_id', started='start_datetime', ended='end_datetime',
                score='scoring_percentage'),
            'answers': [
                {'question': line.question_id.title, 'answer': self._text(line.display_name)}
                for line in answer.user_input_line_ids if not line.skipped],
        }

    # ------------------------------------------------------------------
    # Values and names
    # ------------------------------------------------------------------

    @api.model
    def _pick(self, record, *names, **renamed):
        """Fields of a record as JSON has them: ``{key: value}``."""
        sources = {**{name: name for name in names}, **renamed}
        return {key: self._value(record, name) for key, name in sources.items()}

    @api.model
    def _value(self, record, name):
        value, field = record[name], record._fields[name]
        if field.type == 'many2one':
            return value.sudo().display_name if value else None
        if field.type in ('many2many', 'one2many'):
            return value.sudo().mapped('display_name')
        if field.type in ('integer', 'float', 'monetary', 'boolean'):
            return value
        return self._text(value)

    @staticmethod
    def _text(value):
        """Text, times and dates; nothing is null."""
        if not value:
            return None
        return value.isoformat() if hasattr(value, 'isoformat') else str(value)

    @staticmethod
    def _safe_name(name):
        """One part of a path that every system can unpack, and nothing outside of its folder."""
        name = UNSAFE.sub('_', name or '').strip(' .')
        if not name or RESERVED.match(name):
            name = f'_{name}'
        path = PurePosixPath(name)
        suffix = path.suffix[:20]
        return path.name[:len(path.name) - len(path.suffix)][:LONGEST_NAME - len(suffix)].rstrip(' .') + suffix

    @api.model
    def _unique_name(self, folder, name, taken):
        """Names differ in more than case: some systems know no other difference."""
        name = self._safe_name(name)
        stem, dot, suffix = name.rpartition('.')
        stem, suffix = (stem, dot + suffix) if stem else (name, '')
        path, number = f'{folder}/{name}', 2
        while path.lower() in taken:
            path, number = f'{folder}/{stem} ({number}){suffix}', number + 1
        taken.add(path.lower())
        return path
