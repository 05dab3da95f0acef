"""All linters, side by side: seconds in all."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

from . import node_tools, python_env, readme, runtime, settings, source_checks
from .console import note, step

SCRIPTS = ("candidate_relationship/static/**/*.js", "candidate_relationship/static/**/*.scss", "*.mjs")


def run(fix=False):
    """Runs every check, prints what they find; whether they found nothing."""
    step("Lint")
    node_tools.ensure()
    with ThreadPoolExecutor() as pool:
        checks = {name: pool.submit(check, fix) for name, check in CHECKS.items()}
        findings = {name: check.result() for name, check in checks.items()}
    for name, text in findings.items():
        note(f"{name}: {'found' if text else 'fine'}")
        if text:
            print(text, flush=True)
    return not any(findings.values())


def _ruff(fix):
    options = ["--fix"] if fix else []
    return _output([python_env.folder() / "bin" / "ruff", "check", "--quiet", "--output-format=concise", *options, "."])


def _pylint(fix):
    if not (settings.ADDON_DIR / "__init__.py").exists():
        return ""
    return _output([python_env.python(), "-m", "pylint", "--rcfile=.pylintrc", settings.ADDON])


def _prettier(fix):
    mode = "--write" if fix else "--check"
    options = ["--log-level=warn", "--no-error-on-unmatched-pattern"]
    return _node("prettier/bin/prettier.cjs", mode, *options, *SCRIPTS)


def _eslint(fix):
    options = ["--fix"] if fix else []
    return _node("eslint/bin/eslint.js", "--no-error-on-unmatched-pattern", *options, SCRIPTS[0])


def _node(script, *arguments):
    modules, node = node_tools.ensure()
    return _output([node, modules / script, *arguments])


def _sources(fix):
    if fix:
        source_checks.fix()
    return "\n".join(source_checks.run())


def _readme(fix):
    if fix:
        readme.write()
    return "\n".join(f"{path} is older than its sources: ./dev readme writes it" for path in readme.outdated())


def _output(command):
    """What a linter printed, when it found something."""
    done = subprocess.run(
        command,
        cwd=settings.REPO,
        env=runtime.environment(),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).strip() or f"{command[0]} failed with {done.returncode}"


CHECKS = {
    "ruff": _ruff,
    "pylint-odoo": _pylint,
    "prettier": _prettier,
    "eslint": _eslint,
    "XML, white space, machine's names": _sources,
    "README": _readme,
}
