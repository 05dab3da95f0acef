"""README.rst and the page of the Apps screen, from the fragments in readme/ as the OCA lays them out."""

import re
import subprocess

from . import databases, markdown, python_env, settings
from .console import Failure

FRAGMENTS = settings.ADDON_DIR / "readme"
RST = settings.ADDON_DIR / "README.rst"
HTML = settings.ADDON_DIR / "static" / "description" / "index.html"
NOTICE = ".. Made from the files in readme/ by `./dev readme`: change those, not this file."
SECTIONS = {
    "CONTEXT": "Use Cases / Context",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "HISTORY": "Changelog",
    "CONTRIBUTORS": "Contributors",
    "CREDITS": "Other credits",
}
HTML_OPTIONS = (
    "--writer=html5",
    "--no-generator",
    "--no-datestamp",
    "--no-source-link",
    "--stylesheet=",
    "--initial-header-level=2",
    "--syntax-highlight=none",
    "--input-encoding=utf-8",
    "--output-encoding=utf-8",
    "--report=2",
    "--halt=2",
)


def write():
    """Writes both files; returns those that have changed."""
    changed = outdated()
    for path, text in _made().items():
        if path in changed:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return changed


def outdated():
    if not FRAGMENTS.exists() or not any(FRAGMENTS.iterdir()):
        return []
    return [path for path, text in _made().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def _made():
    rst = _rst()
    return {RST: rst, HTML: _html(rst)}


def _rst():
    manifest = databases.manifest()
    name = manifest.get("name", settings.ADDON)
    line = "=" * markdown.width(name)
    parts = [
        f"{line}\n{name}\n{line}\n",
        f"{NOTICE}\n",
        _fragment("DESCRIPTION"),
        ".. contents::\n   :local:\n",
    ]
    for fragment, title in SECTIONS.items():
        text = _fragment(fragment)
        if text:
            parts.append(f"{title}\n{'=' * len(title)}\n\n{text}")
    parts.append(f"License\n=======\n\n{manifest.get('license', 'LGPL-3')}\n")
    return "\n".join(part for part in parts if part)


def _fragment(name):
    for suffix in (".md", ".rst"):
        path = FRAGMENTS / f"{name}{suffix}"
        if path.exists():
            text = path.read_text(encoding="utf-8")
            text = markdown.to_rst(text) if suffix == ".md" else text.strip("\n") + "\n"
            # Fragments name images as seen from readme/, README.rst as seen from the addon.
            return text.replace("../static/", "static/")
    return ""


def _html(rst):
    # The Apps screen looks for images beside the page.
    source = rst.replace(".. image:: static/description/", ".. image:: ")
    command = [python_env.python(), "-m", "docutils", *HTML_OPTIONS]
    done = subprocess.run(command, input=source.encode(), check=False, capture_output=True)
    if done.returncode or done.stderr:
        raise Failure(f"readme/: {done.stderr.decode(errors='replace').strip().splitlines()[0]}")
    return re.sub(r"[ \t]+\n", "\n", done.stdout.decode())
