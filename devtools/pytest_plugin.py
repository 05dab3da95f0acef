"""Pytest, as `./dev test` runs it: a skip is a failure, and two runs end in one summary.

The addon's tests need Odoo in the process and the black-box tests must not have it, so they are
two pytest processes. The first writes its results to a file, the second counts them with its own.
"""

import json
import os
import platform

import pytest

from .settings import RESULTS_FROM, RESULTS_TO


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report):
    if report.outcome == "skipped":
        report.outcome = "failed"
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.longrepr = f"A skipped test is a failure here: the machine lacks something, or the test. {reason}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    earlier = _earlier_results()
    if not earlier:
        return
    failed = any(result["outcome"] == "failed" for result in earlier)
    passed = any(result["outcome"] == "passed" for result in earlier)
    if failed and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif passed and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter, config):
    for result in _earlier_results():
        report = _Earlier(result)
        terminalreporter.stats.setdefault(result["category"], []).append(report)
    yield
    _write_results(terminalreporter)


def _earlier_results():
    path = os.environ.get(RESULTS_FROM)
    if not path or not os.path.exists(path):
        return []
    with open(path) as stream:
        return [json.loads(line) for line in stream]


def _write_results(terminalreporter):
    path = os.environ.get(RESULTS_TO)
    if not path:
        return
    with open(path, "a") as stream:
        for category in ("passed", "failed", "error", "xfailed", "xpassed"):
            for report in terminalreporter.stats.get(category, []):
                stream.write(json.dumps(_as_result(category, report)) + "\n")


def _as_result(category, report):
    text = str(report.longrepr or "") if category in ("failed", "error") else ""
    message = [line for line in text.splitlines() if line.startswith("E ")] or text.splitlines()[-1:]
    return {
        "category": category,
        "outcome": "failed" if category in ("failed", "error") else "passed",
        "nodeid": report.nodeid,
        "message": message[0].lstrip("E ") if message else "",
    }


class _Earlier(pytest.TestReport):
    """A result of the run before; its details were printed there, the summary repeats its line."""

    def __init__(self, result):
        super().__init__(
            nodeid=result["nodeid"],
            location=(result["nodeid"], None, result["nodeid"]),
            keywords={},
            outcome=result["outcome"],
            longrepr=result["message"] or None,
            when="call",
        )

    @property
    def head_line(self):
        return f"{self.nodeid} (details above)"


def pytest_report_header(config):
    return f"Python {platform.python_version()}, skipped tests count as failed"
