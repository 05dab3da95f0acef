"""./dev test: lint, the addon's tests inside Odoo, the black-box tests against servers."""

import contextlib
import json
import os
import re
import tempfile
from pathlib import Path

from .. import databases, lint, python_env, runtime, settings
from ..console import step
from .basic import hand_over

BLACK_BOX = "tests"
TEST_DATABASE = "cr_test_"
# Their values are never paths to route by.
OPTIONS_WITH_VALUE = ("-k", "-m", "-p", "-n", "-o", "-r", "-c", "-W")
NO_TESTS_COLLECTED = 5


def test(arguments):
    """Lint and all tests; arguments go to pytest: ./dev test [--stock] [PYTEST ARGUMENTS]"""
    if "--stock" in arguments:
        from . import stock

        return stock.compare([argument for argument in arguments if argument != "--stock"])
    environment = runtime.ensure()
    options, addon_paths, black_box_paths = route(arguments)
    suites = []
    if addon_paths or not black_box_paths:
        suites.append((_addon_tests, addon_paths or [settings.ADDON]))
    if black_box_paths or (not addon_paths and (settings.REPO / BLACK_BOX).exists()):
        suites.append((_black_box_tests, black_box_paths or [BLACK_BOX]))
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        _lint_into(results)
        return _run_suites(suites, options, environment, results)


def route(arguments):
    """Splits pytest's arguments into options, paths of the addon and paths of the black box."""
    options, addon, black_box = [], [], []
    previous = None
    for argument in arguments:
        path = Path(argument.split("::")[0])
        if argument.startswith("-") or previous in OPTIONS_WITH_VALUE or not path.exists():
            options.append(argument)
        elif (settings.REPO / BLACK_BOX) in (path.resolve(), *path.resolve().parents):
            black_box.append(os.path.abspath(argument))
        else:
            addon.append(os.path.abspath(argument))
        previous = argument
    return options, addon, black_box


def _lint_into(results):
    """A lint finding is one failed test more, so that the summary tells it too."""
    passed = lint.run()
    result = {"category": "passed", "outcome": "passed", "nodeid": "./dev lint", "message": ""}
    if not passed:
        result |= {"category": "failed", "outcome": "failed", "message": "see above"}
    results.write_text(json.dumps(result) + "\n")


def _run_suites(suites, options, environment, results):
    codes = []
    for number, (suite, paths) in enumerate(suites, 1):
        last = number == len(suites)
        exchange = {settings.RESULTS_FROM if last else settings.RESULTS_TO: str(results)}
        codes.append(suite(paths, options, environment | exchange))
    # The last one has counted the failures of the first; an abrupt end is told by its code alone.
    unexpected = [code for code in codes[:-1] if code not in (0, NO_TESTS_COLLECTED)]
    return codes[-1] or (unexpected[0] if unexpected else 0)


def _addon_tests(paths, options, environment):
    with _test_database() as name:
        step(f"Tests of the addon, inside Odoo, on the database {name}")
        odoo = [f"--odoo-database={name}", "--odoo-http"]
        return _pytest([*odoo, *options, *paths], environment)


def _black_box_tests(paths, options, environment):
    databases.with_addon()
    step("Black-box tests, against servers of their own")
    return _pytest(["-p", "no:odoo", *options, *paths], environment)


def _pytest(arguments, environment):
    command = [str(python_env.python()), "-m", "pytest", "-p", "devtools.pytest_plugin", "-rfE"]
    return hand_over([*command, *arguments], environment, cwd=settings.REPO, then_stop=True)


@contextlib.contextmanager
def _test_database():
    _drop_left_over()
    name = f"{TEST_DATABASE}{os.getpid()}"
    databases.duplicate(databases.with_addon(), name)
    try:
        yield name
    finally:
        databases.drop(name)


def _drop_left_over():
    """A run that was killed leaves its database."""
    for name in databases.names(TEST_DATABASE):
        number = re.fullmatch(rf"{TEST_DATABASE}(\d+)", name)
        if number and not Path(f"/proc/{number[1]}").exists():
            databases.drop(name)
