"""Links that are the key of a person are sent as they are."""

from odoo import api, models

# Patterns; the page of invitations itself is no key, and its clicks are counted.
KEYS = ['/candidate/preferences/[^/?#]+', '/candidate/consent/[^/?#]+', '/candidate/invitation/[^/?#]+']


class MailRenderMixin(models.AbstractModel):
    """A short link that leads to a key would be the key itself: some letters that anybody may guess."""
    _inherit = 'mail.render.mixin'

    @api.model
    def _shorten_links(self, html, link_tracker_vals, blacklist=None, base_url=None):
        return super()._shorten_links(html, link_tracker_vals, blacklist=[*(blacklist or ()), *KEYS], base_url=base_url)

    @api.model
    def _shorten_links_text(self, content, link_tracker_vals, blacklist=None, base_url=None):
        return super()._shorten_links_text(
            content, link_tracker_vals, blacklist=[*(blacklist or ()), *KEYS], base_url=base_url)
