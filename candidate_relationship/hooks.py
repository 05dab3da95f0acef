import logging

_logger = logging.getLogger(__name__)


def post_init_hook(env):
    """What the database holds already: promises for open applications, stage history, touches, contacts."""
    count = env['hr.feedback.promise']._backfill()
    _logger.info("%s feedback promises made for open applications.", count)
    env['hr.applicant.stage.log']._backfill_at_install()
    env['hr.candidate.touch']._backfill_at_install()
    env['hr.nurture.contact']._backfill_at_install()


def uninstall_hook(env):
    """Warnings on applicants go with the promises they warn of."""
    env['mail.activity'].with_context(active_test=False).search([('feedback_promise_id', '!=', False)]).unlink()
