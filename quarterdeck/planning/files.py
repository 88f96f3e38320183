"""The calendar as files for those who only look: a spreadsheet and a PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

from quarterdeck.planning.entries import Entry
from quarterdeck.planning.grid import Period

HEADINGS = ("Day", "Time", "Post", "State", "Channels", "First hour", "To look at")
WIDTHS = (14, 8, 60, 20, 28, 28, 60)
_TEMPLATE = Path(__file__).with_name("calendar.typ")


def _rows(entries: Sequence[Entry], *, names: bool) -> list[tuple[str, ...]]:
    """A line an entry. `names`: who reads the first comments; not where lines can be sorted by that."""
    return [
        (
            f"{one.local:%a} {one.local.day} {one.local:%b %Y}",
            one.at,
            one.title,
            one.kind.word,
            one.where,
            one.watcher if names else one.first_hour,
            " ".join(note.words for note in one.notes),
        )
        for one in entries
    ]


def sheet(period: Period, entries: Sequence[Entry], words: str) -> bytes:
    """An .xlsx with one row an entry. Every cell is text, so that a post that begins with "=" is no formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook()
    page = book.active
    page.title = "Calendar"
    for number, row in enumerate([(period.title,), (words,), HEADINGS, *_rows(entries, names=False)], 1):
        for column, text in enumerate(row, 1):
            cell = page.cell(number, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
            cell.data_type = "s"
            cell.quotePrefix = text[:1] in {"=", "+", "-", "@", "\t", "\r"}
    for column, width in zip("ABCDEFG", WIDTHS, strict=True):
        page.column_dimensions[column].width = width
    page.freeze_panes = "A4"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(period: Period, entries: Sequence[Entry], words: str, name: str) -> bytes:
    """A PDF with one line an entry, set by Typst with its own fonts. What people wrote travels as data, never as
    markup."""
    import typst

    rows = _rows(entries, names=True)
    said = {"title": period.title, "name": name, "words": words, "headings": HEADINGS, "rows": rows}
    return typst.compile(str(_TEMPLATE), sys_inputs={"said": json.dumps(said)})
