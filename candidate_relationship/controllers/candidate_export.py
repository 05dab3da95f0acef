import tempfile

from werkzeug.wsgi import wrap_file

from odoo import fields, http
from odoo.http import content_disposition, request

MIMETYPE = 'application/zip'


class CandidateExport(http.Controller):

    @http.route('/candidate_relationship/export/<int:applicant_id>', type='http', auth='user', methods=['GET'])
    def export(self, applicant_id):
        """What the company holds about the person of an application, for recruiters of that company."""
        if not request.env.user.has_group('hr_recruitment.group_hr_recruitment_user'):
            raise request.not_found()
        applicant = request.env['hr.applicant'].with_context(active_test=False).search([
            ('id', '=', applicant_id), ('candidate_erased', '!=', True)])
        if not applicant:
            raise request.not_found()
        # the file is on the disk until it is sent; nobody else finds it there
        stream = tempfile.TemporaryFile()  # pylint: disable=consider-using-with
        try:
            request.env['hr.candidate.export']._write_zip(applicant, stream)
        except Exception:
            stream.close()
            raise
        applicant.message_post(body=request.env._(
            "The personal data of this person was exported (subject access)."), subtype_xmlid='mail.mt_note')
        return self._stream(stream)

    def _stream(self, stream):
        size = stream.tell()
        stream.seek(0)
        response = request.make_response(wrap_file(request.httprequest.environ, stream), headers=[
            ('Content-Type', MIMETYPE),
            ('Content-Length', size),
            ('Content-Disposition', content_disposition(f'personal-data-{fields.Date.today()}.zip')),
            ('Cache-Control', 'no-store'),
            ('X-Content-Type-Options', 'nosniff'),
        ])
        response.direct_passthrough = True
        response.call_on_close(stream.close)
        return response
