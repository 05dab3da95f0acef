"""What surrounds the page of an experience survey: its lines in the log, and forms that are too large for it."""

import logging
import re

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import models
from odoo.http import request

EXPERIENCE_PATH = '/candidate/experience/'
TOKEN = re.compile(rf'({EXPERIENCE_PATH})(?!preview/)[^\s/?#"\']+')


class HideTokens(logging.Filter):
    """Who reads the log of a server learns that somebody answered; whose link it was is not in it."""

    def filter(self, record):
        message = record.getMessage()
        if EXPERIENCE_PATH in message:
            record.msg, record.args = TOKEN.sub(r'\1***', message), ()
        return True


HIDE_TOKENS = HideTokens()
logging.getLogger('werkzeug').addFilter(HIDE_TOKENS)


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _handle_error(cls, exception):
        """Odoo's own page says "Request Entity Too Large"."""
        path = request.httprequest.path
        if isinstance(exception, RequestEntityTooLarge) and path.startswith(EXPERIENCE_PATH):
            # only controllers know how pages are made, and they import this
            from ..controllers.experience import CandidateExperience  # noqa: PLC0415
            return CandidateExperience().refuse_size()
        return super()._handle_error(exception)
