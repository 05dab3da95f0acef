from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What a new installation does: stage history and touches of what the database holds already."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env['hr.applicant.stage.log']._backfill_at_install()
    env['hr.candidate.touch']._backfill_at_install()
