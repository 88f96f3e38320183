"""iCalendar (RFC 5545), both ways: what a calendar from elsewhere holds, and what ours tells those who subscribe."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from math import prod
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from quarterdeck.core.problems import Invalid
from quarterdeck.planning.entries import Entry

if TYPE_CHECKING:
    from icalendar import Event  # loaded where it is used: most web processes never read or write a calendar

MOST_EVENTS = 2000
MOST_TIMES = 400  # of one repeating event
SECONDS = 5.0  # for all repeats of one calendar together
LASTS = timedelta(minutes=15)
_FINE = {"SECONDLY", "MINUTELY", "HOURLY"}
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_MOST_A_DAY = 24  # times of one repeating event; a layer marks days, so more would say no more
_MOST_PLACES = 5  # of BYSETPOS: each costs a step on every day that the rule passes
_LONGEST_RULE = 300  # characters


@dataclass(frozen=True, slots=True)
class Day:
    """Something that stands on the days from `first` to `last`, both included."""

    first: date
    last: date
    title: str


def read(content: bytes, zone: ZoneInfo, start: date, end: date) -> list[Day]:
    """The events of a calendar that touch the days from `start` to `end`, repeats unrolled, by day in `zone`.

    Times of day are not kept: a layer marks days. Invalid, in words, when it is no calendar.
    """
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content)
        events = list(calendar.walk("VEVENT"))[:MOST_EVENTS]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        raise Invalid(
            "That is not a calendar in the format iCalendar (.ics).", not_done="Nothing was read."
        ) from None
    found: set[Day] = set()
    patience = time.monotonic() + SECONDS
    for event in events:
        try:
            days = _days(event, zone, start, end, patience)
            found |= {day for day in days if day.last >= start and day.first <= end}
        except (ValueError, TypeError, OverflowError, AttributeError, KeyError):
            continue  # one event that cannot be read does not hide the others
        if len(found) > MOST_EVENTS:
            break
    return sorted(found, key=lambda one: (one.first, one.title))[:MOST_EVENTS]


def _days(event: Event, zone: ZoneInfo, start: date, end: date, patience: float) -> Iterator[Day]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    begins = event.decoded("DTSTART")
    length = _length(event, begins)
    title = " ".join(str(event.get("SUMMARY", "")).split())[:200] or "Without a name"
    for at in _times(event, begins, start, end, patience):
        if isinstance(at, datetime):
            first = at.astimezone(zone).date() if at.tzinfo else at.date()
            last_moment = at + length - timedelta(seconds=1) if length else at
            last = last_moment.astimezone(zone).date() if at.tzinfo else last_moment.date()
        else:
            first, last = at, at + max(length, timedelta(days=1)) - timedelta(days=1)
        yield Day(first, max(first, last), title)


def _length(event: Event, begins: date) -> timedelta:
    if "DTEND" in event:
        ends = event.decoded("DTEND")
        return ends - begins if isinstance(ends, datetime) == isinstance(begins, datetime) else timedelta(0)
    return event.decoded("DURATION") if "DURATION" in event else timedelta(0)


def _times(event: Event, begins: date, start: date, end: date, patience: float) -> Iterator[date]:
    """When it begins, each time (RFC 5545, section 3.8.5): by the rule, less the exceptions. Invalid when the clock of
    the machine has passed `patience`."""
    _be_patient(patience)
    if "RRULE" not in event:
        yield begins
        return
    from dateutil.rrule import rrulestr

    said = event["RRULE"].to_ical().decode()
    if begins.year < 1970 or len(said) > _LONGEST_RULE or _is_too_fine(event["RRULE"]):
        return
    timed = isinstance(begins, datetime)
    wall = begins.replace(tzinfo=None) if timed else datetime.combine(begins, clock_time(0))
    rule = rrulestr(_local_until(said), dtstart=wall)
    last = datetime.combine(end, clock_time(23, 59))
    if rule._until is None or rule._until > last:
        rule = rule.replace(until=last, count=None) if rule._count is None else rule
    gone = {_naive(value.dt) for entry in _listed(event.get("EXDATE")) for value in entry.dts}
    low = datetime.combine(start, clock_time(0)) - timedelta(days=40)
    count = 0
    for at in rule:  # not its xafter(), which walks to `low` without a chance to lose patience
        _be_patient(patience)
        if at < low:
            continue
        count += 1
        if at.date() > end or count > MOST_TIMES:
            return
        if at not in gone:
            yield at.replace(tzinfo=begins.tzinfo) if timed else at.date()


def _is_too_fine(rule: Mapping[str, list]) -> bool:
    """Whether it says so many times a day that reckoning them takes long."""
    a_day = prod(len(rule.get(part, [0])) for part in _TIMES_OF_DAY)
    return (
        not _FINE.isdisjoint(rule.get("FREQ", ()))
        or a_day > _MOST_A_DAY
        or len(rule.get("BYSETPOS", ())) > _MOST_PLACES
    )


def _be_patient(until: float) -> None:
    if time.monotonic() > until:
        raise Invalid("The repeats of this calendar take too long to reckon.", not_done="Nothing was read.")


def _local_until(rule: str) -> str:
    """The rule with an UNTIL that can be compared with wall times."""
    parts = [
        part[:-1] if part.startswith("UNTIL=") and part.endswith("Z") else part for part in rule.split(";")
    ]
    return ";".join(parts)


def _naive(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, clock_time(0))


def _listed(value) -> list:
    return value if isinstance(value, list) else [value] if value is not None else []


def write(name: str, entries: Iterable[Entry], stamp: datetime, host: str) -> bytes:
    """A calendar for those who only look: one event a post and time. The same post keeps its UID when it moves."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Quarterdeck//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    seen: dict[str, int] = {}
    for one in entries:
        number = seen[key] = seen.get(key := one.post_id.hex, 0) + 1
        event = Event()
        event.add("uid", f"{key}-{number}@{host}")
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.due_at.astimezone(UTC))
        event.add("dtend", (one.due_at + LASTS).astimezone(UTC))
        event.add("summary", f"{one.title} ({one.kind.word})")
        event.add("location", one.where)
        if one.first_hour:
            event.add("description", f"Its first hour: {one.first_hour}.")
        event.add("status", "CONFIRMED" if one.key in {"planned", "out", "sending"} else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
