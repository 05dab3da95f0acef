"""Checks of the sources that no linter makes: XML that parses, nothing that belongs to one machine."""

import re
from xml.etree import ElementTree

from . import settings
from .console import output_of

TEXT = {
    ".py",
    ".xml",
    ".csv",
    ".js",
    ".mjs",
    ".scss",
    ".md",
    ".rst",
    ".toml",
    ".yaml",
    ".txt",
    ".sh",
    ".json",
    "",
}
# Written by tools, in their own way.
GENERATED = {".po", ".pot", ".svg", ".html"}
# Patterns and not names: no mirror's or registry's host stands in any file, this one included.
MACHINE = re.compile(
    r"\b(?:deb|ftp\.\w+|security|snapshot|archive)\.(?:debian|ubuntu)\.(?:org|com)"
    r"|registry\.npm\w+|\bpypi\.(?:org|python)|files\.python\w+"
    r"|/(?:root|home/\w+|work|Users/\w+)/[\w.]"
)
# Where there is no git to tell.
LEFT_OUT = {".git", "__pycache__", "dist", ".pytest_cache", ".ruff_cache", ".hypothesis"}
HARMLESS = re.compile(r"/root/\.\.\.|/home/user/")


def run():
    """All findings, as `file:line: text`."""
    findings = []
    for path in files():
        findings += _check(path)
    return findings


def files():
    """What git knows or would add: all that people get."""
    options = ["-z", "--cached", "--others", "--exclude-standard"]
    known = output_of(["git", "-C", str(settings.REPO), "ls-files", *options])
    if known is None:
        found = (path for path in settings.REPO.rglob("*") if not LEFT_OUT & set(path.parts))
    else:
        found = (settings.REPO / name for name in known.split("\0") if name)
    return sorted(path for path in set(found) if path.is_file())


def _check(path):
    name = path.relative_to(settings.REPO)
    findings = []
    if path.suffix in (".xml", ".svg"):
        findings += _parse(path, name)
    if path.suffix in TEXT | GENERATED:
        text = path.read_text(encoding="utf-8", errors="replace")
        findings += _machine(text, name)
        if path.suffix in TEXT:
            findings += _whitespace(text, name)
    return findings


def _parse(path, name):
    try:
        ElementTree.parse(path)
    except ElementTree.ParseError as error:
        return [f"{name}:{error.position[0]}: XML: {error}"]
    return []


def _machine(text, name):
    return [
        f"{name}:{number}: names a host or a path of one machine: {found[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := MACHINE.search(line)) and not HARMLESS.search(line)
    ]


def _whitespace(text, name):
    findings = [
        f"{name}:{number}: white space at the end of the line"
        for number, line in enumerate(text.split("\n"), 1)
        if line != line.rstrip()
    ]
    if text and not text.endswith("\n"):
        findings.append(f"{name}: no newline at the end")
    return findings


def fix():
    """Takes away white space at the ends of lines."""
    for path in files():
        if path.suffix in TEXT and _whitespace(path.read_text(encoding="utf-8"), path.name):
            lines = path.read_text(encoding="utf-8").split("\n")
            path.write_text("\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n", encoding="utf-8")
