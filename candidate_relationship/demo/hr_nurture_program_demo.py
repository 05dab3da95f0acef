"""What two running programs have done so far: mails that were sent, tasks, people who wait and who left."""

from datetime import timedelta

from odoo import api, fields, models

DIV = '<div style="max-width:600px;margin:0 auto;padding:24px;font-family:Arial,sans-serif;font-size:15px">%s</div>'
ENGLISH = '<p>Dear <t t-out="object.partner_name"/>,</p>%s<p>Your hiring team</p>'
CHINESE = '<p><t t-out="object.partner_name"/>，您好！</p>%s<p>招聘团队敬上</p>'
# step: subject and body of its mailing
DESIGNS = {
    'step_engineers_news': ("How we moved every service to one build", ENGLISH % (
        "<p>This quarter our engineers moved every service to one build, and wrote down what went wrong on the way."
        "</p><p>You asked us to keep you posted on our field; this is the short version.</p>")),
    'step_engineers_learned': ("Three things we learned this year", ENGLISH % (
        "<p>Measure before you cache, delete before you rewrite, and ask the people who are on call.</p>"
        "<p>If one of these rings a bell, we would love to hear your story.</p>")),
    'step_engineers_year': ("Season's greetings", ENGLISH % "<p>Thank you for staying in touch with us this year.</p>"),
    'step_greetings_spring': ("新春快乐", CHINESE % (
        "<p>新春佳节来临，祝您和家人新年快乐、万事如意！</p><p>感谢您一直以来的关注，期待来年与您见面。</p>")),
    'step_greetings_dragon': ("端午安康", CHINESE % "<p>端午安康！愿您度过一个轻松愉快的假期。</p>"),
    'step_greetings_autumn': ("中秋快乐", CHINESE % "<p>中秋佳节，月圆人团圆。祝您节日快乐！</p>"),
}
# What became of the mails of one mailing, in turn.
STATUSES = ['open', 'sent', 'open', 'reply', 'sent', 'open']
ENTERED_DAYS, MAILED_DAYS = 30, 20


class HrNurtureProgramDemo(models.AbstractModel):
    """Nothing is sent: the ledgers are written as they would have been."""
    _name = 'hr.nurture.program.demo'
    _description = "Nurture Program Demo Data"

    @api.model
    def _generate(self):
        demo = self.sudo().with_context(tracking_disable=True, mail_create_nolog=True, mail_notrack=True)
        for name, (subject, body) in DESIGNS.items():
            demo._get(name).mailing_id.write({'subject': subject, 'body_html': DIV % body})
        for name in ('program_engineers', 'program_greetings'):
            demo._get(name).action_start()
        demo._tell_engineers(demo._get('program_engineers').enrollment_ids.sorted('id'))
        demo._tell_greetings(demo._get('program_greetings').enrollment_ids.sorted('id'))

    @api.model
    def _get(self, name):
        return self.env.ref(f'candidate_relationship.{name}')

    @api.model
    def _tell_engineers(self, people):
        """Two of three have had the first mail; of these some had their task too; one replied, one waits."""
        self._enter(people, ENTERED_DAYS)
        step, today = self._get('step_engineers_news'), people[:1].anchor_date
        done = people.filtered(lambda row: row.id % 3)
        mailing = self._send(step, done)
        people._advance(step, done.ids, today - timedelta(days=MAILED_DAYS), 'mailing', mailing)
        self._get_waiting(people - done)
        replied = done.filtered(lambda row: row.applicant_id.id in mailing.mailing_trace_ids.filtered(
            lambda trace: trace.trace_status == 'reply').mapped('res_id'))
        replied._end('replied')
        further = (done - replied)[::2]
        linkedin = self._get('step_engineers_linkedin')
        people._advance(linkedin, further.ids, today - timedelta(days=2), 'task')

    @api.model
    def _tell_greetings(self, people):
        """Half of them were called."""
        self._enter(people, ENTERED_DAYS)
        people._advance(
            self._get('step_greetings_call'), people[::2].ids, people[:1].anchor_date - timedelta(days=9), 'task')

    @api.model
    def _enter(self, people, days):
        people.write({'entered_datetime': fields.Datetime.now() - timedelta(days=days)})

    @api.model
    def _get_waiting(self, people):
        """Those whom somebody wrote to a few days ago have to wait."""
        moment = fields.Datetime.now() - timedelta(days=12)
        for row in people[:2]:
            self.env['hr.nurture.contact'].create(self._prepare_contact(row, moment, self._get(
                'step_engineers_learned').mailing_id))
            row.write({'waiting_reason': 'budget', 'next_date': fields.Date.add(moment.date(), days=30)})

    @api.model
    def _send(self, step, people):
        """A mailing of the past, with what became of its mails."""
        moment = fields.Datetime.now() - timedelta(days=MAILED_DAYS)
        mailing = step._make_copy()
        mailing.write({
            'state': 'done', 'sent_date': moment,
            'mailing_domain': repr([('id', 'in', people.applicant_id.ids)])})
        traces = self.env['mailing.trace'].create([
            self._prepare_trace(number, row, mailing, moment) for number, row in enumerate(people)])
        self.env['hr.nurture.contact'].create([self._prepare_contact(row, moment, mailing) for row in people])
        for trace, row in zip(traces, people, strict=True):
            self.env['hr.candidate.touch']._record([{
                **row.applicant_id._prepare_candidate_touch(), 'date': moment, 'channel': 'mailing',
                'summary': mailing.subject, 'topic_id': step.program_id.topic_id.id, 'trace_id': trace.id,
                'user_id': step.program_id.user_id.id}])
        return mailing

    @api.model
    def _prepare_trace(self, number, row, mailing, moment):
        status = STATUSES[number % len(STATUSES)]
        return {
            'mass_mailing_id': mailing.id,
            'model': 'hr.applicant',
            'res_id': row.applicant_id.id,
            'email': row.applicant_id.email_normalized,
            'trace_status': status,
            'sent_datetime': moment,
            'open_datetime': status != 'sent' and moment + timedelta(hours=5),
            'reply_datetime': status == 'reply' and moment + timedelta(days=1),
        }

    @api.model
    def _prepare_contact(self, row, moment, mailing):
        return {
            'partner_id': row.partner_id.id,
            'company_id': row.company_id.id,
            'topic_id': row.program_id.topic_id.id,
            'booked_datetime': moment,
            'source_model': 'mailing.mailing',
            'source_id': mailing.id,
            'state': 'sent',
        }
