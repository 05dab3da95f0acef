"""Databases, servers and mail servers that several test modules use: made once."""

import helpers
import pytest

from devtools import harness


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory):
    with harness.MailServer(tmp_path_factory.mktemp("mails")) as server:
        yield server
    harness.drop(helpers.TEMPLATE)


@pytest.fixture(autouse=True)
def accept_all(mail_server):
    """What one test made the mail server refuse, the next one can send again."""
    mail_server.accept_all()
    yield
    mail_server.accept_all()


@pytest.fixture(scope="session")
def office(mail_server):
    """A company that works with the addon, on a server in the shape of production.

    Its scheduled jobs run when a test says so.
    """
    name = helpers.make_company("cr_blackbox_office", mail_server)
    with harness.Server(name, workers=2) as server:
        yield helpers.Office(name, server, mail_server)
    harness.drop(name)


@pytest.fixture(scope="module")
def database(request, mail_server):
    """A database of the module's own, under its name for it."""
    yield helpers.make_company(request.module.DATABASE, mail_server)
    harness.drop(request.module.DATABASE)


@pytest.fixture(scope="module")
def servers(database):
    """Two servers of one company, as behind a load balancer."""
    with harness.Server(database, workers=2) as first, harness.Server(database, workers=2) as second:
        yield first, second


@pytest.fixture(scope="module")
def offices(database, servers, mail_server):
    """The company as each of the two servers shows it."""
    return [helpers.Office(database, server, mail_server) for server in servers]
