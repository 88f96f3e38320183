"""The shapes of the calendar: which days a view shows, and what one asks of it. Pure: no database here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

VIEWS = ("month", "week", "list")
LIST_DAYS = 28
FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)
FILTERS = ("channel", "brand", "label", "state")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `day`: only that one day (of the list). Filters are None where all is shown."""

    view: str
    anchor: date
    day: bool = False
    channel: UUID | None = None
    brand: UUID | None = None
    label: UUID | None = None
    state: str | None = None

    def query(self, **changes: object) -> str:
        """The query string of this, with changes."""
        wish = replace(self, **changes) if changes else self
        said = {"view": wish.view, "date": wish.anchor.isoformat()}
        if wish.day:
            said["span"] = "day"
        said |= {name: str(value) for name in FILTERS if (value := getattr(wish, name))}
        return "?" + urlencode(said)

    @property
    def filtered(self) -> bool:
        return any(getattr(self, name) for name in FILTERS)


def read(given: Mapping[str, str], today: date, states: Mapping[str, str], usual: str = "month") -> Asked:
    """What an address asks for; whatever cannot be read is left out, so that every address shows a calendar."""
    view = given.get("view", "")
    state = given.get("state", "")
    return Asked(
        view=view if view in VIEWS else usual,
        anchor=_date(given.get("date", "")) or today,
        day=given.get("span") == "day" and view == "list",
        channel=_id(given.get("channel", "")),
        brand=_id(given.get("brand", "")),
        label=_id(given.get("label", "")),
        state=state if state in states else None,
    )


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found < LAST else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` up to, not including, `end`, and how they are called."""

    first: date
    end: date
    title: str
    before: date
    after: date

    def days(self) -> Iterator[date]:
        for number in range((self.end - self.first).days):
            yield self.first + timedelta(days=number)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its midnights in `zone`, in UTC. A midnight that does not exist is the first instant after the gap."""
        return midnight(self.first, zone), midnight(self.end, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the day there, in UTC. Where clocks go forward at midnight, `fold=0` reads an hour that
    is not there with the offset before: which is the instant at which the day begins."""
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def period(asked: Asked) -> Period:
    """The days of a view around its anchor: whole weeks of the month, one week, four weeks from the anchor on."""
    day = asked.anchor
    if asked.view == "month":
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        before = (first - timedelta(days=1)).replace(day=1)
        monday, last = _monday(first), _monday(after - timedelta(days=1))
        return Period(monday, last + timedelta(days=7), f"{day:%B %Y}", before, after)
    if asked.view == "week":
        monday = _monday(day)
        return _span(monday, 7)
    return _span(day, 1 if asked.day else LIST_DAYS)


def _span(first: date, days: int) -> Period:
    end, length = first + timedelta(days=days), timedelta(days=days)
    last = end - timedelta(days=1)
    if days == 1:
        title = f"{first:%A}, {first.day} {first:%B %Y}"
    else:
        year = f" {first.year}" if first.year != last.year else ""
        month = f" {first:%B}" if (first.month, first.year) != (last.month, last.year) else ""
        title = f"{first.day}{month}{year} to {last.day} {last:%B %Y}"
    return Period(first, end, title, first - length, end)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
