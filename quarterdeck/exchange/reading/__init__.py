"""From a file as it comes (CSV, TSV, XLSX) to rows of text cells. Nothing here knows what a column means.

A cell is text. What a spreadsheet keeps as a date, a time or a number is written in one way here: `2026-03-04 11:30`,
`11:30`, `12.5`. A formula is its value as the program that saved the file had reckoned it; one without such a value,
or with an error for a value, is named in `unread`.
"""

from __future__ import annotations

from quarterdeck.core.problems import Invalid
from quarterdeck.exchange.reading import texts
from quarterdeck.exchange.reading.sheet import (
    LARGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    Line,
    Sheet,
    Unreadable,
)

__all__ = ["LARGEST", "MOST_COLUMNS", "MOST_ROWS", "Line", "Sheet", "read"]

_OLE = b"\xd0\xcf\x11\xe0"  # the container of .xls, and of a workbook locked with a password


def read(data: bytes, name: str) -> Sheet:
    """The rows of the file; what it is is decided by its content, never by its name. Raises Invalid in words."""
    try:
        if len(data) > LARGEST:
            raise Unreadable(f"It is larger than the {LARGEST // 2**20} MB that are taken.")
        if not data.strip(b"\x00 \t\r\n"):
            raise Unreadable("There is nothing in it.")
        if data.startswith(_OLE):
            raise Unreadable(
                "It is an old Excel workbook (.xls), or one that is locked with a password.",
                "Open it and save it as an Excel workbook (.xlsx) without a password, or as CSV.",
            )
        if data.startswith(b"%PDF"):
            raise Unreadable("It is a PDF.")
        if data.startswith(b"PK"):
            from quarterdeck.exchange.reading import books  # costs each start half a second else

            return _bounded(books.read(data))
        return _bounded(texts.read(data, name))
    except Unreadable as why:
        raise Invalid(
            f"“{_shown(name)}” could not be read. {why}",
            not_done="Nothing was imported.",
            next_step=why.next_step or "Save it as CSV or as an Excel workbook (.xlsx), then choose that.",
            fields={"file": str(why)},
        ) from None


def _bounded(sheet: Sheet) -> Sheet:
    """Without rows and columns that are empty throughout, and within what is taken."""
    lines = [line for line in sheet.lines if any(cell.strip() for cell in line.cells) or line.unread]
    if not lines:
        raise Unreadable("There is nothing in it.")
    if len(lines) > MOST_ROWS:
        raise Unreadable(
            f"It has more than {MOST_ROWS:,} rows.", "Split it into files of fewer rows, then import each."
        )
    width = max(len(line.cells) for line in lines)
    used = {i for line in lines for i, cell in enumerate(line.cells) if cell.strip()}
    used |= {i for line in lines for i in line.unread}
    keep = [i for i in range(width) if i in used]
    if len(keep) > MOST_COLUMNS:
        raise Unreadable(
            f"It has more than {MOST_COLUMNS} columns.", "Leave out those without posts in them."
        )
    at = {old: new for new, old in enumerate(keep)}
    tidy = [
        Line(
            line.number,
            [line.cells[i] if i < len(line.cells) else "" for i in keep],
            [at[i] for i in line.unread],
        )
        for line in lines
    ]
    return Sheet(tidy, sheet.kind, sheet.notes)


def _shown(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-100:] or "The file"
