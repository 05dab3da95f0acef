"""The one place for versions, names and folders."""

import hashlib
import os
from pathlib import Path

ADDON = "candidate_relationship"
REPO = Path(__file__).resolve().parent.parent
ADDON_DIR = REPO / ADDON

ODOO_SERIES = "19.0"

# Debian's package of Odoo. It is unpacked into the cache, never installed.
ODOO_PACKAGE = "odoo-19"
ODOO_PACKAGE_VERSION = "19.0.0+dfsg-1"
ODOO_SUITE = "unstable"
# Odoo's package links to files of these; they are unpacked beside it.
ODOO_COMPANIONS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# Version 7, in later suites, lacks the files that the links name: icons would vanish.
FONT_AWESOME = ("fonts-font-awesome", "bookworm")

# Where to find the printer of PDFs when the system's own suites have dropped it, as Debian 13 has.
PDF_PACKAGE = "wkhtmltopdf"
PDF_SUITE = "bookworm"

# Two runs of pytest pass results on through the file that these variables name.
RESULTS_TO = "DEV_TEST_RESULTS_TO"
RESULTS_FROM = "DEV_TEST_RESULTS_FROM"

POSTGRES_MINIMUM = 13
POSTGRES_PORT = 54319
POSTGRES_ROLE = "odoo"

PYTHON_SUPPORTED = ((3, 11), (3, 13))


def cache_dir():
    """Where everything large lives, shared by all checkouts of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).absolute() / ADDON


def checkout_dir():
    """Small generated files that belong to this checkout alone."""
    return cache_dir() / "checkouts" / short_hash(str(REPO))


def data_dir():
    """Odoo's data folder: filestores and sessions of all databases."""
    return cache_dir() / "odoo-data"


def log_dir():
    return cache_dir() / "logs"


def short_hash(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:10]
