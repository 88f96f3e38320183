"""What both readers give, and the bounds they keep."""

from __future__ import annotations

from dataclasses import dataclass, field

LARGEST = 10 * 2**20  # bytes of a file as it is sent
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # characters, as in Excel


class Unreadable(Exception):
    """The file cannot be taken; the words say why, `next_step` what to do where that is not the usual."""

    def __init__(self, words: str, next_step: str = "") -> None:
        super().__init__(words)
        self.next_step = next_step


@dataclass(slots=True)
class Line:
    """A row: its `number` in the file as a person counts it (from 1), and the columns that could not be read."""

    number: int
    cells: list[str]
    unread: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """`kind` is what was found ("CSV with semicolons, Windows-1252"); `notes` are sentences the person should read."""

    lines: list[Line]
    kind: str
    notes: list[str] = field(default_factory=list)
