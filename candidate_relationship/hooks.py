import logging

_logger = logging.getLogger(__name__)


def post_init_hook(env):
    """Promises for the applications that are open already."""
    count = env['hr.feedback.promise']._backfill()
    _logger.info("%s feedback promises made for open applications.", count)


def uninstall_hook(env):
    """Warnings on applicants go with the promises they warn of."""
    env['mail.activity'].with_context(active_test=False).search([('feedback_promise_id', '!=', False)]).unlink()
