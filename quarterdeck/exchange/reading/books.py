"""Excel workbooks (ECMA-376), opened to read only: nothing in them is ever run, and nothing grows beyond its bounds."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import range_boundaries

from quarterdeck.exchange.reading.sheet import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Line, Sheet, Unreadable

UNPACKED = 64 * 2**20  # bytes of all that a workbook holds
_PARTS = 2_000  # files in it
_DEEP = MOST_ROWS + 5_000  # as far down as is looked: empty rows between count
_WIDE = 2 * MOST_COLUMNS
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_MOST_MERGED = 5_000
_MIDNIGHT = time()


def read(data: bytes) -> Sheet:
    """The rows of the first sheet that is shown and has any. Unreadable in words."""
    archive = _opened(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which nobody asked for
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in shown:
            path = sheet._worksheet_path.lstrip("/")  # openpyxl offers no other way to a sheet's merged cells
            lines = _lines(sheet)
            if not any(any(line.cells) for line in lines):
                continue
            inside = archive.read(path)
            _fill_merged(lines, inside)
            if re.search(rb"<(?:\w+:)?f[\s>/]", inside):
                _mark_unreckoned(data, sheet.title, lines)
            return Sheet(lines, "Excel workbook", _notes(sheet.title, shown))
        raise Unreadable("None of its sheets has anything in it.")
    except Unreadable:
        raise
    except Exception as broken:  # openpyxl raises whatever its parsers do, on a file that is damaged
        raise Unreadable("It looks like an Excel workbook, but it is damaged.") from broken
    finally:
        archive.close()


def _opened(data: bytes) -> zipfile.ZipFile:
    """The archive, when it is a workbook that stays small. What an entry says of its size binds the reading of it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable("It looks like an Excel workbook, but it is damaged.") from None
    entries = archive.infolist()
    if len(entries) > _PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise Unreadable("Unpacked it would be far larger than any workbook of posts.")
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names:
        ods = "mimetype" in names and "content.xml" in names
        raise Unreadable(
            "It is an OpenDocument spreadsheet." if ods else "It is an archive, not a spreadsheet."
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise Unreadable("It is locked with a password.")
        if entry.filename.endswith((".xml", ".rels")) and _declares(archive, entry):
            raise Unreadable("It holds declarations that no spreadsheet needs.")
    return archive


def _declares(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether the part begins with a document type, by which entities can be made to grow without end."""
    try:
        with archive.open(entry) as part:
            start = part.read(64 * 1024).replace(b"\x00", b"")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        raise Unreadable("It looks like an Excel workbook, but it is damaged.") from None
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start


def _lines(sheet: Any) -> list[Line]:
    lines: list[Line] = []
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=_DEEP, max_col=_WIDE), 1):
        if all(cell is EMPTY_CELL for cell in cells):  # a gap, perhaps of thousands of rows
            lines.append(Line(number, []))
            continue
        values, unread = [], []
        for column, cell in enumerate(cells):
            if cell.value is not None and cell.data_type == "e":
                unread.append(column)
            values.append(_text(cell.value))
        while values and not values[-1]:
            values.pop()
        lines.append(Line(number, values, unread))
        filled += 1
        if filled > MOST_ROWS:
            break
    return lines


def _text(value: Any) -> str:
    """A cell as text, dates and times in one way, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == _MIDNIGHT else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}" if 0 <= minutes < 24 * 60 else str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)[:LONGEST_CELL].replace("_x000D_", "")


def _fill_merged(lines: list[Line], sheet: bytes) -> None:
    """Every cell of a merged block says what its first cell says: a date over five rows is the date of each."""
    for found in list(_MERGED.finditer(sheet))[:_MOST_MERGED]:
        left, top, right, bottom = range_boundaries(found[1].decode())
        if bottom > len(lines) or right > _WIDE or top == bottom:  # beside each other it is a heading
            continue
        for column in range(left - 1, right):
            first = lines[top - 1].cells
            said = first[left - 1] if left - 1 < len(first) else ""
            for line in lines[top:bottom]:
                line.cells.extend([""] * (column + 1 - len(line.cells)))
                line.cells[column] = line.cells[column] or said


def _mark_unreckoned(data: bytes, title: str, lines: list[Line]) -> None:
    """Formulas whose value nobody has reckoned (a program wrote the file, and no spreadsheet has opened it since)."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    for line, cells in zip(lines, book[title].iter_rows(max_row=_DEEP, max_col=_WIDE), strict=False):
        for column, cell in enumerate(cells):
            if cell.data_type == "f" and not (column < len(line.cells) and line.cells[column]):
                line.unread.append(column)


def _notes(title: str, shown: list[Any]) -> list[str]:
    others = [f"“{sheet.title}”" for sheet in shown if sheet.title != title]
    if not others:
        return []
    named = ", ".join(others[:3]) + (" and others" if len(others) > 3 else "")
    return [
        f"Only the sheet “{title}” was read, not {named}. To import another, save it as a file of its own."
    ]
