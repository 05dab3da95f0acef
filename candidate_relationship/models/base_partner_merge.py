"""Merging contacts joins what is known about the person, and loses nothing."""

from odoo import api, fields, models
from odoo.tools import SQL

from .hr_candidate_erasure import OPEN_STATES

NO_STATES = ('declined', 'withdrawn')
# Of a talent that goes, what the one that stays has not.
FILLED_FIELDS = ('partner_phone', 'linkedin_profile', 'type_id', 'availability', 'user_id')


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # before the keys move: what is unique for a person would be in the way, and be deleted
        self.env.flush_all()
        merge = self.sudo().with_context(active_test=False, tracking_disable=True)
        partners = src_partners | dst_partner
        merge._merge_candidate_consents(partners)
        merge._merge_candidate_touches(partners, dst_partner)
        merge._merge_candidate_erasures(partners)
        merge._merge_candidate_preferences(partners, dst_partner)
        merge._merge_nurture_contacts(partners, dst_partner)
        merge._merge_pool_matches(partners)
        merge._merge_nurture_enrollments(partners, dst_partner)
        merge._merge_survey_invitations(partners)
        merge._merge_candidate_talents(partners, dst_partner)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    # ------------------------------------------------------------------
    # Ledgers
    # ------------------------------------------------------------------

    @api.model
    def _merge_candidate_consents(self, partners):
        """The person's latest word counts: a later no beats an earlier yes, a later yes an earlier one."""
        rows = self.env['hr.candidate.consent'].search([('partner_id', 'in', partners.ids)])
        for mine in rows.grouped(lambda row: (row.company_id, row.purpose)).values():
            if len(mine.partner_id) > 1:
                self._merge_consents_of_purpose(mine)
        self.env.flush_all()

    @api.model
    def _merge_consents_of_purpose(self, rows):
        given = rows.filtered(lambda row: row.state == 'given').sorted(self._get_consent_moment)
        asked = rows.filtered(lambda row: row.state == 'asked').sorted(
            lambda row: (row.asked_datetime or row.create_date, row.id))
        valid = given[-1:]
        given[:-1].write({'state': 'renewed', 'ended_datetime': valid.given_datetime or fields.Datetime.now()})
        asked[:-1].write({'state': 'renewed', 'ended_datetime': fields.Datetime.now()})
        refusals = [row.ended_datetime or row.write_date for row in rows if row.state in NO_STATES]
        if valid and refusals and max(refusals) > self._get_consent_moment(valid)[0]:
            valid.write({'state': 'withdrawn', 'ended_datetime': max(refusals)})
        elif valid and asked[-1:].partner_id != valid.partner_id:
            # whoever has agreed needs not be asked
            asked[-1:].write({'state': 'renewed', 'ended_datetime': fields.Datetime.now()})

    @staticmethod
    def _get_consent_moment(row):
        return row.given_datetime or row.create_date, row.id

    @api.model
    def _merge_candidate_touches(self, partners, dst_partner):
        """One mail or interview is one touch of one person."""
        for column in ('message_id', 'event_id'):
            self.env.cr.execute(SQL(
                "DELETE FROM hr_candidate_touch WHERE id IN ("
                " SELECT id FROM (SELECT id, ROW_NUMBER() OVER ("
                "   PARTITION BY %(column)s ORDER BY (partner_id = %(partner)s) DESC, id) AS position"
                "   FROM hr_candidate_touch WHERE partner_id IN %(partners)s AND %(column)s IS NOT NULL) same"
                " WHERE position > 1)",
                column=SQL.identifier(column), partner=dst_partner.id, partners=partners._ids))
        self.env['hr.candidate.touch'].invalidate_model()

    @api.model
    def _merge_candidate_erasures(self, partners):
        """One place in the queue: the person's own request comes first, then the earliest date."""
        rows = self.env['hr.candidate.erasure'].search([
            ('partner_id', 'in', partners.ids), ('state', 'in', OPEN_STATES)])
        for mine in rows.grouped('company_id').values():
            first, *others = mine.sorted(lambda row: (row.reason != 'request', row.scheduled_datetime, row.id))
            for row in others:
                row.write({'state': 'cancelled', 'keep_reason': self.env._("Merged with %s", first.reference)})
        self.env.flush_all()

    @api.model
    def _merge_candidate_preferences(self, partners, dst_partner):
        """Nobody is written to more than either of the two wished."""
        rows = self.env['hr.candidate.preference'].search([('partner_id', 'in', partners.ids)])
        for mine in rows.grouped('company_id').values():
            kept, *others = mine.sorted(lambda row: (row.partner_id != dst_partner, row.id))
            if not others:
                continue
            kept.write({
                'left_topic_ids': [(6, 0, mine.left_topic_ids.ids)],
                'frequency_days': max(mine.mapped('frequency_days')),
                'paused_until': max((row.paused_until for row in mine if row.paused_until), default=False),
            })
            (mine - kept).unlink()
        self.env.flush_all()

    @api.model
    def _merge_nurture_contacts(self, partners, dst_partner):
        """All mails to the two are mails to one; of one mailing to both, the one that was sent counts."""
        self.env.cr.execute(SQL(
            "DELETE FROM hr_nurture_contact WHERE id IN ("
            " SELECT id FROM (SELECT id, ROW_NUMBER() OVER ("
            "   PARTITION BY company_id, source_model, source_id"
            "   ORDER BY state = 'released', booked_datetime DESC, partner_id = %s DESC, id) AS position"
            "   FROM hr_nurture_contact WHERE partner_id IN %s) same WHERE position > 1)",
            dst_partner.id, partners._ids))
        self.env['hr.nurture.contact'].invalidate_model()

    @api.model
    def _merge_pool_matches(self, partners):
        """One place in a round: who answered before who was asked, who was asked before who was only listed."""
        rows = self.env['hr.pool.match'].search([('partner_id', 'in', partners.ids)])
        for mine in rows.grouped('reactivation_id').values():
            ranks = {row: (not row.answered_datetime, not row.invited_datetime, row.id) for row in mine}
            (mine - min(mine, key=ranks.get)).unlink()

    @api.model
    def _merge_nurture_enrollments(self, partners, dst_partner):
        """Once in each program: whoever was taken out stays out, else the one that has come furthest goes on."""
        rows = self.env['hr.nurture.enrollment'].search([('partner_id', 'in', partners.ids)])
        for mine in rows.grouped('program_id').values():
            kept, *others = mine.sorted(lambda row: (
                row.ended_reason != 'removed', row.state != 'running', -row.cycle, -len(row.log_ids),
                row.partner_id != dst_partner, row.id))
            if others:
                (mine - kept).unlink()
        self.env.flush_all()

    @api.model
    def _merge_survey_invitations(self, partners):
        """Nobody answers twice: of two open invitations the one that was sent last stays.

        All count for the cool-down.
        """
        rows = self.env['hr.survey.invitation'].search([
            ('partner_id', 'in', partners.ids), ('state', 'in', ('waiting', 'sent'))])
        for mine in rows.grouped('company_id').values():
            kept = mine.sorted(lambda row: (row.state == 'sent', row.sent_date or fields.Date.today(), row.id))[-1:]
            (mine - kept).write({'state': 'cancelled'})
        self.env.flush_all()

    # ------------------------------------------------------------------
    # Talents
    # ------------------------------------------------------------------

    @api.model
    def _merge_candidate_talents(self, partners, dst_partner):
        """One talent for each company; all applications of the person lead to it."""
        applicants = self.env['hr.applicant'].search([
            ('partner_id', 'in', partners.ids), ('candidate_erased', '!=', True)], order='id')
        for mine in applicants.grouped('company_id').values():
            talents = mine.filtered('talent_pool_ids').sorted(
                lambda talent: (not talent.active, talent.partner_id != dst_partner, talent.id))
            if not talents:
                continue
            if talents[1:]:
                self._merge_talents(talents[0], talents[1:])
            applications = (mine - talents).filtered(lambda a: not a.pool_applicant_id)
            self._relink(applications, talents[0])

    @api.model
    def _relink(self, applications, talent):
        if applications:
            # in SQL: the contact data of the one are not to be written to the other
            self.env.cr.execute(SQL(
                "UPDATE hr_applicant SET pool_applicant_id = %s WHERE id IN %s", talent.id, applications._ids))
            self.env.invalidate_all()

    @api.model
    def _merge_talents(self, kept, surplus):
        """Join pools, tags, skills, notes, messages and files in one talent; the others go."""
        self._fill_talent(kept, surplus)
        self._make_room(kept, surplus)
        self.env.flush_all()
        self._update_foreign_keys_generic('hr.applicant', surplus, kept)
        self._update_reference_fields_generic('hr.applicant', surplus, kept)
        self._move_talent_references(kept, surplus)
        self.env.invalidate_all()
        surplus.with_context(active_test=False).unlink()
        # what is stored and computed of the rows that moved in plain SQL
        self.env.add_to_compute(kept._fields['skill_ids'], kept)

    @api.model
    def _fill_talent(self, kept, surplus):
        values = {}
        for name in FILLED_FIELDS:
            if not kept[name] and (filled := surplus.filtered(name)[:1]):
                value = filled[name]
                values[name] = value.id if kept._fields[name].type == 'many2one' else value
        notes = [talent.applicant_notes for talent in kept | surplus if talent.applicant_notes]
        if notes and notes != [kept.applicant_notes]:
            values['applicant_notes'] = notes[0] + "".join(notes[1:])
        values['priority'] = max(talent.priority or '0' for talent in kept | surplus)
        if not kept.active and any(surplus.mapped('active')):
            values['active'] = True
        kept.write(values)

    @api.model
    def _make_room(self, kept, surplus):
        """What both have and one may have once only."""
        skills = self.env['hr.applicant.skill']
        known = {(skill.skill_id, skill.valid_from if skill.is_certification else None)
                 for skill in skills.search([('applicant_id', '=', kept.id)])}
        for skill in skills.search([('applicant_id', 'in', surplus.ids)], order='id'):
            key = (skill.skill_id, skill.valid_from if skill.is_certification else None)
            if key in known:
                skill.unlink()
            known.add(key)
        # a talent has no stages: of stays that were logged, one at most may last
        self.env['hr.applicant.stage.log'].search([('applicant_id', 'in', surplus.ids)]).unlink()
        self.env['mail.followers'].search([
            ('res_model', '=', 'hr.applicant'), ('res_id', 'in', surplus.ids),
            ('partner_id', 'in', kept.message_partner_ids.ids)]).unlink()

    @api.model
    def _move_talent_references(self, kept, surplus):
        """Rows that name the talent without a foreign key."""
        columns = {'calendar_event': 'res_model', 'mailing_trace': 'model', 'mail_scheduled_message': 'model'}
        for table, column in columns.items():
            self.env.cr.execute(SQL(
                "UPDATE %s SET res_id = %s WHERE %s = 'hr.applicant' AND res_id IN %s",
                SQL.identifier(table), kept.id, SQL.identifier(column), surplus._ids))
