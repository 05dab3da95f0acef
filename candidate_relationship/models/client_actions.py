"""What buttons tell the web client to show when they are done."""

CLOSE = {'type': 'ir.actions.act_window_close'}
RELOAD = {'type': 'ir.actions.client', 'tag': 'soft_reload'}


def notify(message, next_action=None, kind='success', sticky=False):
    """:return: action that shows a message and goes on with the next one"""
    return {
        'type': 'ir.actions.client',
        'tag': 'display_notification',
        'params': {'type': kind, 'message': message, 'sticky': sticky, 'next': next_action},
    }
