"""Merging exported terms into the addon's i18n files. Needs polib, so it runs in the environment.

As a program:  python -m devtools.translations EXPORTED.pot ADDON [--check]
"""

import sys
from pathlib import Path

from . import settings

# They change with each export and say nothing.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def update(exported, check=False):
    """Brings the .pot and every .po in line with the export; returns the names of those that differed."""
    import polib

    folder = settings.ADDON_DIR / "i18n"
    template = polib.pofile(str(exported), wrapwidth=78)
    _tidy(template)
    changed = [_write(folder / f"{settings.ADDON}.pot", template, check)]
    for path in sorted(folder.glob("*.po")):
        changed.append(_write(path, _merged(path, template), check))
    return [name for name in changed if name]


def _tidy(catalogue):
    for name in DATES:
        catalogue.metadata.pop(name, None)


def _merged(path, template):
    """Translations stay, terms that are gone go, new ones come untranslated, in the template's order."""
    import polib

    old = polib.pofile(str(path), wrapwidth=78)
    known = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    merged = polib.POFile(wrapwidth=78)
    merged.header = old.header
    merged.metadata = dict(old.metadata)
    _tidy(merged)
    for term in template:
        entry = polib.POEntry(msgid=term.msgid, msgctxt=term.msgctxt, comment=term.comment)
        entry.occurrences = term.occurrences
        entry.flags = list(term.flags)
        before = known.get((term.msgctxt, term.msgid))
        if before:
            entry.msgstr = before.msgstr
            entry.tcomment = before.tcomment
            entry.flags += [flag for flag in before.flags if flag == "fuzzy"]
        merged.append(entry)
    return merged


def _write(path, catalogue, check):
    text = str(catalogue)
    text = text if text.endswith("\n") else text + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return None
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    missing = len(catalogue.untranslated_entries()) if path.suffix == ".po" else 0
    return path.name + (f" ({missing} terms to translate)" if missing else "")


def main():
    check = "--check" in sys.argv
    changed = update(Path(sys.argv[1]), check)
    for name in changed:
        print(f"   {'is out of date' if check else 'written'}: {name}")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
