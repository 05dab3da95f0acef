from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What a new installation does: who was written to lately counts against the contact budget."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env['hr.nurture.contact']._backfill_at_install()
