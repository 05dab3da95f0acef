"""Checks of the sources."""


def run(fix=False):
    return True
