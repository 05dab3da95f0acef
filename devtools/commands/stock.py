"""./dev test --stock: Odoo's own suites without and with the addon, and what only fails with it."""

import argparse
import json
import re
from pathlib import Path

from .. import databases, postgres, runtime, settings
from ..console import note, output_of_run, progress, step
from ..network import free_port

MODULES = (
    "hr_recruitment",
    "hr_recruitment_skills",
    "survey",
    "mass_mailing",
    "link_tracker",
    "calendar",
    "portal",
    "resource",
    "digest",
    "utm",
)
# With no addon at all they wait for minutes and fail: saving from Odoo's iframe editor hangs in
# this Chromium.
LEFT_OUT = (
    "/mass_mailing:TestMailingUi.test_mailing_editor_tour",
    "/mass_mailing:TestMailingUi.test_mass_mailing_code_view_tour",
)
WITHOUT, WITH = "cr_stock_without", "cr_stock_with"
# Rows that compare as equal come in the order of PostgreSQL's plan. Creating an index gathers statistics of
# its table, so a side that has more indexes would go by other plans: both sides get them of all tables.
STATISTICS = "ANALYZE"
STARTED = re.compile(r" INFO \S+ odoo\.addons\.(\w+)\.tests\.\S+: Starting ([\w.]+)")
BROKEN = re.compile(r" ERROR \S+ odoo\.addons\.(\w+)\.tests\.\S+: (?:FAIL|ERROR): (.+?)\s*$")
SUMMARY = re.compile(r"(\d+ failed, \d+ error\(s\) of \d+ tests)")
METHOD = re.compile(r"(\w+)\.(test_\w+)")


def compare(arguments):
    """Runs both sides and prints the difference; 1 when something fails only with the addon."""
    parser = argparse.ArgumentParser(prog="./dev test --stock")
    parser.add_argument("--fresh", action="store_true", help="run the side without the addon again too")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"default: {' '.join(MODULES)}")
    options = parser.parse_args(arguments)
    runtime.ensure()
    modules = tuple(options.modules) or MODULES
    step(f"Odoo's own suites of {', '.join(modules)}")
    note(f"left out, because they hang without the addon too: {', '.join(LEFT_OUT)}")
    without = _without(modules, options.fresh)
    with_ = _with(modules)
    code = _report(without, with_)
    databases.drop(WITH)
    return code


def _without(modules, fresh):
    """That side's result only depends on Odoo, so it is kept."""
    base = databases.template(demo=True)
    kept = settings.cache_dir() / "stock" / f"{settings.short_hash(base, *modules, *LEFT_OUT, STATISTICS)}.json"
    if kept.exists() and not fresh:
        note(f"the side without the addon is known ({kept}); --fresh runs it again")
        return json.loads(kept.read_text())
    databases.duplicate(base, WITHOUT)
    result = _run(WITHOUT, modules, _tags(modules), "without the addon")
    databases.drop(WITHOUT)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result, indent=1))
    return result


def _with(modules):
    databases.duplicate(databases.template(demo=True), WITH)
    # The suites count records: compared is the addon's code, so its demo data stays out.
    _set_demo(False)
    with progress(f"Installing {settings.ADDON} without its demo data"):
        databases.odoo(WITH, "-i", settings.ADDON)
    _set_demo(True)
    return _run(WITH, modules, _tags(modules), "with the addon")


def _set_demo(value):
    """A module gets its demo data when all that it depends on have theirs."""
    postgres.query(f"UPDATE ir_module_module SET demo = {value} WHERE name = 'hr_recruitment'", WITH)


def _tags(modules):
    return ",".join([*(f"/{module}" for module in modules), *(f"-{test}" for test in LEFT_OUT)])


def _run(database, modules, tags, label):
    log = settings.log_dir() / f"{database}.log"
    command = runtime.odoo_command(
        f"--database={database}",
        f"--update={','.join(modules)}",
        f"--test-tags={tags}",
        f"--http-port={free_port()}",
        "--stop-after-init",
        "--workers=0",
        "--max-cron-threads=0",
    )
    postgres.query(STATISTICS, database)
    with progress(f"Suites {label} (about 11 minutes; log: {log})"):
        output_of_run(command, log, runtime.environment())
    result = _read(log)
    note(f"{label}: {result['summary']}")
    return result


def _read(log: Path):
    """Which tests started, which broke, and Odoo's own count."""
    started, broken, summary = set(), set(), "no summary: Odoo stopped before the end"
    for line in log.read_text(errors="replace").splitlines():
        if found := STARTED.search(line):
            started.add(f"{found[1]}: {found[2].rstrip('.')}")
        elif found := BROKEN.search(line):
            broken.add(f"{found[1]}: {found[2]}")
        elif found := SUMMARY.search(line):
            summary = found[1]
    return {"started": sorted(started), "broken": sorted(broken), "summary": summary}


def _report(without, with_):
    only_with = set(with_["broken"]) - set(without["broken"])
    only_with = _twice(sorted(only_with)) if only_with else []
    not_run = sorted(set(without["started"]) - set(with_["started"]))
    step("Difference")
    note(f"without the addon: {without['summary']}")
    note(f"with the addon:    {with_['summary']}")
    _list("fail on both sides", sorted(set(without["broken"]) & set(with_["broken"])))
    _list("fail only without the addon", sorted(set(without["broken"]) - set(with_["broken"])))
    _list("fail only with the addon", only_with)
    _list("did not run with the addon", not_run)
    # The closing line of a test run, for whoever reads only that.
    bad = len(only_with) + len(not_run)
    print(f"\n{len(with_['started']) - len(only_with)} passed, {bad} failed", flush=True)
    return 1 if bad or not with_["started"] else 0


def _twice(names):
    """Those that fail again on their own: browser tests fail now and then on a busy machine."""
    modules, tags = set(), set()
    for name in names:
        module, _, test = name.partition(": ")
        method = METHOD.search(test)
        modules.add(module)
        tags.add(f"/{module}:{method[1]}.{method[2]}" if method else f"/{module}")
    again = _run(WITH, sorted(modules), ",".join(sorted(tags)), "with the addon, those that failed, again")
    return [name for name in names if name in again["broken"] or not METHOD.search(name)]


def _list(title, names):
    note(f"{title}: {len(names)}")
    for name in names:
        print(f"      {name}", flush=True)
