"""All that black-box tests, benchmarks and screenshot scripts need, in one place.

They run inside the project's environment (`./dev test`, `./dev bench`), so no Odoo is imported:
databases are copied, servers and mail servers are processes, and calls go over HTTP.
"""

from .databases import drop, duplicate, exists, filestore, odoo, template, with_addon
from .mail_server import MailServer
from .network import free_port
from .odoo_server import Client, RemoteError, Server, odoo_shell
from .postgres import environment as postgres_environment
from .postgres import query

__all__ = [
    "Client",
    "MailServer",
    "RemoteError",
    "Server",
    "drop",
    "duplicate",
    "exists",
    "filestore",
    "free_port",
    "odoo",
    "odoo_shell",
    "postgres_environment",
    "query",
    "template",
    "with_addon",
]
