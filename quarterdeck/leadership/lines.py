"""A sentence of a person's own, and the calendar it stands in: weeks begin on Monday where the person is; a week
belongs to the month and the year in which its Thursday lies, as ISO 8601 counts weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quarterdeck.core.deeds import KINDS, Deed

TEXT_LENGTH = 600
MOST_LINES = 40  # of one week


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, as kept. `key` names the deed it was drafted from and `events` that deed's events in the ledger;
    both are empty for what the person wrote down themself. `when` is an ISO time, for the order."""

    id: str
    kind: str
    text: str
    when: str
    week: date
    weight: int = 50
    key: str = ""
    url: str = ""
    events: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def as_stored(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "week"}

    @property
    def kind_said(self) -> str:
        return KINDS.get(self.kind, "Many hats")


def of_deed(deed: Deed, line_id: str, week: date, text: str) -> Line:
    """The sentence a deed becomes when it is kept."""
    return Line(
        id=line_id,
        kind=deed.kind,
        text=text or deed.said("I"),
        when=deed.when.isoformat(),
        week=week,
        weight=deed.weight,
        key=deed.key,
        url=deed.url,
        events=[str(one) for one in deed.event_ids],
        others=list(deed.others),
    )


def by_kind(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Grouped by kind of work, in the order of the kinds, each in the order in which it happened."""
    ordered = sorted(lines, key=lambda line: (line.week, line.when, line.id))
    groups = [(said, [line for line in ordered if line.kind == kind]) for kind, said in KINDS.items()]
    return [(said, found) for said, found in groups if found]


# --- weeks, months, years -------------------------------------------------------------------------------


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def this_week(now: datetime, zone: ZoneInfo) -> date:
    """The Monday of the present week where the person is."""
    return monday_of(now.astimezone(zone).date())


def month_of(monday: date) -> date:
    """The first of the month to which the week belongs."""
    return (monday + timedelta(days=3)).replace(day=1)


def year_of(monday: date) -> int:
    return (monday + timedelta(days=3)).year


def bounds(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From Monday 00:00 to the next, where the person is."""
    start = datetime.combine(monday, datetime.min.time(), tzinfo=zone)
    return start, datetime.combine(monday + timedelta(days=7), datetime.min.time(), tzinfo=zone)


def week_said(monday: date) -> str:
    """ "23 to 29 November", "28 December 2026 to 3 January 2027": as one says it."""
    last = monday + timedelta(days=6)
    if monday.year != last.year:
        return f"{monday.day} {monday:%B %Y} to {last.day} {last:%B %Y}"
    first = f"{monday.day}" if monday.month == last.month else f"{monday.day} {monday:%B}"
    return f"{first} to {last.day} {last:%B}"
