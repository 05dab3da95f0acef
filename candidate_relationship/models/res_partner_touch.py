from odoo import models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _record_page_touch(self, company, summary=None, applicant=None):
        """These persons did something on a page of ours: for controllers, on POST only.

        A GET changes nothing: scanners of mails follow links too.

        :param company: ``res.company`` whose page it is
        :param str summary: what they did, in a few words, where the channel does not say it
        :param applicant: ``hr.applicant`` it is about, if any
        """
        self.env['hr.candidate.touch'].sudo()._record([
            {
                'partner_id': partner.id,
                'company_id': company.id,
                'applicant_id': applicant and applicant.id,
                'channel': 'page',
                'direction': 'in',
                'summary': summary,
            } for partner in self])
