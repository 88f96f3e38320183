"""The full export as one ZIP on disk, written a row at a time: open formats, explained in a README, nothing that a
spreadsheet would run.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from quarterdeck.core.registries import ExportFiles, ExportTable

MOST_BYTES = 20 * 2**30  # of one archive
KEEP_FREE = 512 * 2**20  # bytes that stay free on the disk whatever is exported
_LOOK = 8 * 2**20  # bytes between two looks at the disk
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_RUNS = ("=", "+", "-", "@", "\t", "\r")

Parts = Iterable[tuple[str, ExportTable | ExportFiles]]


class NoRoom(Exception):
    """The archive would grow too large for its bound or for the disk; the words say so."""


def write(
    path: Path, workspace: Any, parts: Parts, now: datetime, say: Callable[[int], None]
) -> tuple[int, str]:
    """Write the archive to `path`; `say(n)` after each of the parts. Returns its size and SHA-256. Raises NoRoom."""
    known = list(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        writer = _Writer(archive, path, now)
        counts: dict[str, int] = {}
        for number, (name, part) in enumerate(known, 1):
            if isinstance(part, ExportTable):
                counts[name] = writer.table(name, part.rows(workspace))
            else:
                counts[name] = writer.files(name, part.files(workspace))
            say(number)
        writer.text("README.txt", readme(workspace, known, counts, now))
    with path.open("rb") as done:
        return path.stat().st_size, hashlib.file_digest(done, "sha256").hexdigest()


class _Writer:
    def __init__(self, archive: zipfile.ZipFile, path: Path, now: datetime) -> None:
        self._archive, self._path, self._now = archive, path, now
        self._written = self._looked = 0

    def table(self, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """The table twice: as JSON at once, and as CSV through a file beside, since an archive takes one at a time."""
        count, columns = 0, None
        with tempfile.TemporaryFile(dir=self._path.parent) as beside:
            sheet = io.TextIOWrapper(beside, "utf-8-sig", newline="", write_through=True)
            lines = csv.writer(sheet)
            with self._open(f"{name}.json") as out:
                for row in rows:
                    if columns is None:
                        columns = list(row)
                        lines.writerow(columns)
                    if list(row) != columns:
                        raise ValueError(f"The rows of “{name}” have different columns.")
                    said = json.dumps({key: as_json(value) for key, value in row.items()}, ensure_ascii=False)
                    self._put(out, ("[\n" if not count else ",\n") + said)
                    lines.writerow([as_cell(value) for value in row.values()])
                    count += 1
                self._put(out, "\n]\n" if count else "[]\n")
            sheet.flush()
            beside.seek(0)
            with self._open(f"{name}.csv") as out:
                while piece := beside.read(64 * 1024):
                    self._put(out, piece)
            sheet.detach()
        return count

    def files(self, folder: str, files: Iterable[tuple[str, Callable[[], Iterable[bytes]]]]) -> int:
        count = 0
        for name, read in files:
            with self._open(f"{folder}/{name}", zipfile.ZIP_STORED) as out:
                for piece in read():
                    self._put(out, piece)
            count += 1
        return count

    def text(self, name: str, words: str) -> None:
        with self._open(name) as out:
            self._put(out, words)

    def _open(self, name: str, how: int = zipfile.ZIP_DEFLATED) -> IO[bytes]:
        entry = zipfile.ZipInfo(name, self._now.timetuple()[:6])
        entry.compress_type, entry.external_attr = how, 0o600 << 16
        return self._archive.open(entry, "w", force_zip64=True)

    def _put(self, out: IO[bytes], piece: str | bytes) -> None:
        data = piece.encode() if isinstance(piece, str) else piece
        self._written += len(data)
        if self._written > MOST_BYTES:
            raise NoRoom(f"It would hold more than {MOST_BYTES // 2**30} GB.")
        if self._written - self._looked > _LOOK or not self._looked:
            self._looked = self._written
            if shutil.disk_usage(self._path.parent).free < KEEP_FREE:
                raise NoRoom("There is too little room left on the disk that keeps it.")
        out.write(data)


def as_json(value: Any) -> Any:
    """A value as JSON says it: times in UTC with a Z, days as they are, ids and exact decimals as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value


def as_cell(value: Any) -> str:
    """A value as a cell that no spreadsheet runs: what it would take for a formula gets an apostrophe before it."""
    plain = as_json(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, list) and all(isinstance(one, str) and "; " not in one for one in plain):
        plain = "; ".join(plain)
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
    return f"'{text}" if isinstance(plain, str) and text.startswith(_RUNS) else text


def readme(workspace: Any, parts: Parts, counts: Mapping[str, int], now: datetime) -> str:
    """What each file is, for who opens the archive in ten years."""
    lines = [
        f"Everything of the workspace “{workspace.name}”, written on {now.astimezone(UTC):%Y-%m-%d at %H:%M} UTC.",
        "",
        "Each table is there twice: as JSON (UTF-8, an array with one object a line), which is exact, and as CSV",
        "(UTF-8 with a byte order mark, commas), for spreadsheets. In the CSV a text that a spreadsheet would take for",
        "a formula (it begins with = + - @ or a tab) has an apostrophe before it; the JSON has the text itself.",
        "Several values in one cell are separated by semicolons. Times are in UTC unless the column says wall time.",
        "",
        "Not in it, on purpose: passwords, tokens and what signs in to networks; the names of people who are seen in",
        "pictures; and who did what. Work is not listed by person anywhere in Quarterdeck. The ledger says the role",
        "of who acted, and keeps who it was sealed.",
        "",
    ]
    for name, part in parts:
        what = "rows" if isinstance(part, ExportTable) else "files"
        shown = f"{name}.json, {name}.csv" if isinstance(part, ExportTable) else f"{name}/"
        lines += [f"{shown} ({counts[name]:,} {what})", f"    {part.about}", ""]
    return "\n".join(lines)
