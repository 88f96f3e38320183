"""Delimited text: which encoding, which line ends, which delimiter."""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter

from quarterdeck.exchange.reading.sheet import LONGEST_CELL, Line, Sheet, Unreadable

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LOOKED_AT = 64  # records that decide about the delimiter
_FIELDS = threading.Lock()  # the csv module has one limit for the whole process


def read(data: bytes, name: str) -> Sheet:
    """The rows of a CSV or TSV file. Unreadable when it is no text, or holds a cell longer than a spreadsheet's."""
    text, encoding = _decoded(data)
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    if told.startswith("sep=") and len(told) == 5:  # how Excel is told; it is no row
        delimiter, text, offset = told[4], rest, 1
    else:
        delimiter, offset = _delimiter(text, name), 0
    lines = [Line(number + offset, cells) for number, cells in _records(text, delimiter)]
    kind = f"text with {_NAMES.get(delimiter, f'“{delimiter}”')} between the columns, {encoding}"
    return Sheet(lines, kind)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text and the encoding's name for people. UTF-8 is proved by itself; else it is Windows's, or, where lines
    end as on old Macs, the Mac's."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16"), "UTF-16"
    low, high = data[0:4000:2], data[1:4000:2]
    for endian, zeros, letters in (("utf-16-le", high, low), ("utf-16-be", low, high)):
        if zeros.count(0) > len(zeros) * 0.6 and letters.count(0) < len(letters) * 0.05:
            return _strictly(data, endian), "UTF-16"
    if b"\x00" in data[:100_000]:
        raise Unreadable("It is neither text nor an Excel workbook.")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    if b"\r" in data and b"\n" not in data:
        return data.decode("mac_roman"), "Mac Roman"
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable("Its text breaks off in the middle of a character.") from None


def _delimiter(text: str, name: str) -> str:
    """The one that cuts the most records into the same number of cells, of at least two."""
    best, scored = ",", 0.0
    for delimiter in (
        ("\t", ";", ",", "|") if name.lower().endswith((".tsv", ".tab")) else (",", ";", "\t", "|")
    ):
        widths = Counter(
            len(cells) for _, cells in _records(text[:400_000], delimiter, _LOOKED_AT) if any(cells)
        )
        if not widths:
            continue
        width, times = max(
            ((w, n) for w, n in widths.items()), key=lambda found: (found[1] * (found[0] > 1), found[0])
        )
        score = 0.0 if width < 2 else times / sum(widths.values()) * min(width, 12) ** 0.25
        if score > scored:
            best, scored = delimiter, score
    return best


def _records(text: str, delimiter: str, most: int | None = None) -> list[tuple[int, list[str]]]:
    """Each record with its number: an empty one counts, as it does in a spreadsheet."""
    found = []
    with _FIELDS:
        before = csv.field_size_limit(LONGEST_CELL * 4)
        try:
            reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
            for number, cells in enumerate(reader, 1):
                found.append((number, cells))
                if most and number >= most:
                    break
        except csv.Error:
            raise Unreadable(
                "One of its cells is longer than a spreadsheet’s can be; perhaps a quotation mark is missing."
            ) from None
        finally:
            csv.field_size_limit(before)
    return found
