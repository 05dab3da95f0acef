"""The part of Markdown that the readme fragments use, as reStructuredText."""

import re

UNDERLINES = {1: "-", 2: "-", 3: "~", 4: "^"}
ITEM = re.compile(r"^(\s*)([-*+]|\d+\.)\s+")


def to_rst(text):
    """Headings, lists, fenced code, tables, images alone on a line, and inline marks."""
    lines = text.strip("\n").split("\n")
    out = []
    while lines:
        for convert in (_fence, _table, _heading, _image, _item, _plain):
            taken = convert(lines, out)
            if taken:
                del lines[:taken]
                break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip("\n") + "\n"


def _fence(lines, out):
    start = re.match(r"^(\s*)```(\w*)\s*$", lines[0])
    if not start:
        return 0
    end = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == "```"), len(lines) - 1)
    indent = start[1]
    out += ["", f"{indent}.. code-block:: {start[2] or 'text'}", ""]
    out += [f"   {line}".rstrip() for line in lines[1:end]]
    out.append("")
    return end + 1


def _table(lines, out):
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    if len(rows) < 2:
        return 0
    out += ["", ".. list-table::", "   :header-rows: 1", ""]
    for row in (rows[0], *rows[2:]):
        marks = ["   * - ", *["     - "] * (len(row) - 1)]
        out += [mark + _inline(cell) for mark, cell in zip(marks, row, strict=True)]
    out.append("")
    return len(rows)


def _heading(lines, out):
    found = re.match(r"^(#{1,4})\s+(.*?)\s*#*$", lines[0])
    if not found:
        return 0
    title = _inline(found[2])
    out += ["", title, UNDERLINES[len(found[1])] * width(title), ""]
    return 1


def _image(lines, out):
    found = re.match(r"^!\[([^\]]*)\]\(([^)\s]+)\)\s*$", lines[0])
    if not found:
        return 0
    out += ["", f".. image:: {found[2]}", f"   :alt: {found[1]}", ""]
    return 1


def _item(lines, out):
    """A list item with its further lines; levels are set apart by an empty line."""
    found = ITEM.match(lines[0])
    if not found:
        return 0
    before = next((ITEM.match(line) for line in reversed(out) if ITEM.match(line)), None)
    continues = before and out[-1] and len(before[1]) == len(found[1])
    if not continues:
        out.append("")
    taken = 1
    while taken < len(lines) and lines[taken].startswith(" ") and not ITEM.match(lines[taken]):
        taken += 1
    out += [found[1] + found[2] + " " + _inline(lines[0][found.end() :])]
    out += [_inline(line) for line in lines[1:taken]]
    if taken < len(lines) and lines[taken] and not ITEM.match(lines[taken]):
        out.append("")
    return taken


def _plain(lines, out):
    """A paragraph in one go: a mark may begin on one line and end on the next."""
    taken = 1
    while taken < len(lines) and lines[taken].strip() and not re.match(r"^(\||#|```|!\[)", lines[taken]):
        if ITEM.match(lines[taken]):
            break
        taken += 1
    out += _inline("\n".join(lines[:taken])).split("\n")
    return taken


def _inline(text):
    parts = re.split(r"(`[^`]+`)", text)
    for number, part in enumerate(parts):
        if part.startswith("`") and part.endswith("`") and len(part) > 2:
            parts[number] = f"`{part}`"
        else:
            parts[number] = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r"`\1 <\2>`__", part)
    return "".join(parts)


def width(text):
    """In columns of a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
