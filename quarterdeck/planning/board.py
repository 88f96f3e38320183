"""The calendar as a page shows it: entries put into days and hours, each cell with what it says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from quarterdeck.planning.entries import Entry
from quarterdeck.planning.grid import Asked, Period

SHOWN_IN_DAY, SHOWN_IN_HOUR, SHOWN_IN_LIST = 3, 2, 200
DAY_BEGINS, DAY_ENDS = 7, 21  # the hours a week shows even when nothing stands in them


@dataclass(slots=True)
class Cell:
    """A day of the month, or an hour of a day. `marks` are what layers say of it: (word, sentence)."""

    day: date
    hour: int | None = None
    entries: list[Entry] = field(default_factory=list)
    shown: int = SHOWN_IN_DAY
    outside: bool = False  # of another month
    today: bool = False
    past: bool = False
    marks: list = field(default_factory=list)
    more_url: str = ""

    @property
    def first(self) -> list[Entry]:
        return self.entries if self.more == 0 else self.entries[: self.shown]

    @property
    def more(self) -> int:
        """How many are not shown; one that stood alone behind a “+1 more” is shown instead."""
        hidden = len(self.entries) - self.shown
        return hidden if hidden > 1 else 0

    @property
    def blocked(self) -> bool:
        return any(mark.blocks for mark in self.marks)

    @property
    def name(self) -> str:
        return f"{self.day:%A}, {self.day.day} {self.day:%B}"

    @property
    def value(self) -> str:
        """Where a post dropped here goes: the day, and the hour where it is one."""
        return self.day.isoformat() if self.hour is None else f"{self.day.isoformat()}T{self.hour:02d}"


def by_day(entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    """The entries of each day, in order of time."""
    days: dict[date, list[Entry]] = {}
    for one in entries:
        days.setdefault(one.local.date(), []).append(one)
    return days


def _cell(day: date, asked: Asked, today: date, found: list[Entry], marks: Mapping[date, list]) -> Cell:
    return Cell(
        day,
        entries=found,
        today=day == today,
        past=day < today,
        marks=marks.get(day, []),
        more_url=asked.query(view="list", anchor=day, day=True),
    )


def month(
    entries: Iterable[Entry], asked: Asked, period: Period, today: date, marks: Mapping[date, list]
) -> list[list[Cell]]:
    """The weeks of the month, Monday first."""
    days, cells = by_day(entries), []
    for day in period.days():
        cell = _cell(day, asked, today, days.get(day, []), marks)
        cell.outside = day.month != asked.anchor.month
        cells.append(cell)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


@dataclass(slots=True)
class Hour:
    """One hour of the week: a cell a day."""

    hour: int
    cells: list[Cell]

    @property
    def name(self) -> str:
        return f"{self.hour:02d}:00"


def week(
    entries: Iterable[Entry], asked: Asked, period: Period, today: date, marks: Mapping[date, list]
) -> tuple[list[Cell], list[Hour]]:
    """The days of the week with their marks, and the hours with their cells."""
    days, entries = list(period.days()), list(entries)
    heads = [_cell(day, asked, today, [], marks) for day in days]
    found: dict[tuple[date, int], list[Entry]] = {}
    for one in entries:
        found.setdefault((one.local.date(), one.local.hour), []).append(one)
    used = [one.local.hour for one in entries]
    hours = range(min([DAY_BEGINS, *used]), max([DAY_ENDS, *(hour + 1 for hour in used)]))
    rows = []
    for hour in hours:
        cells = []
        for day in days:
            cell = _cell(day, asked, today, found.get((day, hour), []), marks)
            cell.hour, cell.shown = hour, SHOWN_IN_HOUR
            cells.append(cell)
        rows.append(Hour(hour, cells))
    return heads, rows


def agenda(
    entries: Iterable[Entry], asked: Asked, period: Period, today: date, marks: Mapping[date, list]
) -> tuple[list[Cell], str]:
    """The days with anything on them, and today; at most two hundred entries, then where it goes on (a query)."""
    days, cells, count = by_day(entries), [], 0
    for day in period.days():
        here = days.get(day, [])
        if cells and count and count + len(here) > SHOWN_IN_LIST:
            return cells, asked.query(anchor=day)
        if here or marks.get(day) or day == today or asked.day:
            cell = _cell(day, asked, today, here, marks)
            cell.shown = max(SHOWN_IN_LIST, len(here)) if asked.day else SHOWN_IN_LIST
            cells.append(cell)
            count += len(here)
    return cells, ""
