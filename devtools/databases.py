"""Databases with their filestores: ready templates, duplicates of them, and dropping."""

import ast
import os
import re
import shutil
import time

from . import odoo_source, postgres, python_env, runtime, settings
from .console import Failure, lock, progress, run_logged

# What the addon stands on, for a checkout that has no manifest yet.
FALLBACK_DEPENDS = ["hr_recruitment", "hr_recruitment_skills", "survey", "mass_mailing"]
CHINESE = "zh_CN"
ADDON_DATABASES_KEPT = 2
COPY_ATTEMPTS = 20


# -- Any database ------------------------------------------------------------------------


def exists(name):
    return bool(postgres.query(f"SELECT 1 FROM pg_database WHERE datname = {_literal(name)}"))


def names(prefix=""):
    """Oldest first."""
    rows = postgres.query("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY oid")
    return [name for name in rows if name.startswith(prefix)]


def duplicate(source, name):
    """Copies a database and its filestore in a second; an older one of that name goes."""
    drop(name)
    _copy_database(source, name)
    _copy_filestore(source, name)
    return name


def drop(name):
    postgres.query(f"DROP DATABASE IF EXISTS {_identifier(name)} WITH (FORCE)")
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(name, new_name):
    """The filestore goes first: stopped in between, there is no database of the new name yet."""
    if filestore(name).exists():
        shutil.rmtree(filestore(new_name), ignore_errors=True)
        filestore(name).rename(filestore(new_name))
    postgres.query(f"ALTER DATABASE {_identifier(name)} RENAME TO {_identifier(new_name)}")


def filestore(name):
    return settings.data_dir() / "filestore" / name


def odoo(name, *arguments, log_name=None, failure="Odoo stopped with an error"):
    """Runs Odoo once on a database, e.g. to install modules, with its log in a file."""
    command = runtime.odoo_command("-d", name, "--no-http", "--stop-after-init", *arguments)
    run_logged(command, log_name or f"odoo-{name}", failure, env=runtime.environment())


def load_language(name, code):
    """With the terms of every module; `--load-language` finds only base's on a full database."""
    command = runtime.odoo_command("i18n", "loadlang", "-d", name, "-l", code)
    run_logged(command, f"language-{name}", f"{code} could not be loaded", env=runtime.environment())


def _copy_database(source, name):
    statement = f"CREATE DATABASE {_identifier(name)} TEMPLATE {_identifier(source)} ENCODING 'unicode'"
    for attempt in range(COPY_ATTEMPTS):
        try:
            postgres.query(statement)
            return
        except Failure as failure:
            # Somebody else is just looking at the source: a matter of moments.
            if "being accessed by other users" not in str(failure) or attempt == COPY_ATTEMPTS - 1:
                raise
            time.sleep(0.5)


def _copy_filestore(source, name):
    """By hard links: Odoo names stored files by their content and never writes into one."""
    if filestore(source).exists():
        shutil.rmtree(filestore(name), ignore_errors=True)
        shutil.copytree(filestore(source), filestore(name), copy_function=os.link)


def _identifier(name):
    return '"' + name.replace('"', '""') + '"'


def _literal(text):
    return "'" + text.replace("'", "''") + "'"


# -- Templates ---------------------------------------------------------------------------


def template(demo=False):
    """A database with the modules that the addon depends on; made once, then only copied."""
    key = settings.short_hash(odoo_source.version(odoo_source.find()), python_env.folder().name, *sorted(depends()))
    name = f"cr_template_{key}{'_demo' if demo else ''}"
    with lock(name):
        if not exists(name):
            _build_template(name, demo)
    return name


def depends():
    return manifest().get("depends") or FALLBACK_DEPENDS


def manifest():
    path = settings.ADDON_DIR / "__manifest__.py"
    return ast.literal_eval(path.read_text()) if path.exists() else {}


def _build_template(name, demo):
    building = f"{name}_building"
    drop(building)
    # Odoo's own suites run on the one with demo data, and they expect one language.
    options = ["--with-demo"] if demo else ["--without-demo", f"--load-language={CHINESE}"]
    wanted = ",".join(depends())
    with progress(f"Template database{' with demo data' if demo else ''}: installing {wanted}"):
        odoo(building, "-i", wanted, *options, log_name=name, failure="the template could not be made")
    _check_installed(building, depends())
    rename(building, name)


def with_addon(demo=False):
    """A copy of the template with this checkout's addon installed, kept until its files change."""
    base = template(demo)
    checkout = f"cr_addon_{settings.short_hash(str(settings.REPO))}{'_demo' if demo else ''}_"
    name = checkout + settings.short_hash(base, addon_hash())
    with lock(checkout):
        if not exists(name):
            _build_with_addon(base, name, checkout)
    return name


def addon_hash():
    """Changes with every file that an installed addon is made of; its tests are no part of that."""
    parts = []
    for path in sorted(settings.ADDON_DIR.rglob("*")):
        inside = path.relative_to(settings.ADDON_DIR).parts
        if path.is_file() and "__pycache__" not in inside and inside[0] not in ("tests", "readme"):
            parts += ["/".join(inside), path.read_bytes()]
    return settings.short_hash(*parts)


def _build_with_addon(base, name, checkout):
    if not manifest():
        raise Failure(f"there is no {settings.ADDON}/__manifest__.py in this checkout")
    _drop_outdated(checkout)
    building = f"{name}_building"
    duplicate(base, building)
    with progress(f"Test database: installing {settings.ADDON}"):
        odoo(building, "-i", settings.ADDON, log_name=name, failure=f"{settings.ADDON} could not be installed")
    _check_installed(building, [settings.ADDON])
    rename(building, name)


def _drop_outdated(checkout):
    def of_pattern(pattern):
        return [name for name in names(checkout) if re.fullmatch(re.escape(checkout) + pattern, name)]

    # A run that began before the last change may still copy from its own.
    for name in of_pattern(r"[0-9a-f]{10}")[:-ADDON_DATABASES_KEPT] + of_pattern(r"[0-9a-f]{10}_building"):
        drop(name)


def _check_installed(name, modules):
    """Odoo leaves a module out with no more than a warning when it doesn't find it."""
    rows = postgres.query("SELECT name FROM ir_module_module WHERE state = 'installed'", name)
    missing = sorted(set(modules) - set(rows))
    if missing:
        raise Failure(f"Odoo did not install {', '.join(missing)}: see {settings.log_dir()}")
