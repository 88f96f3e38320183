"""When a series comes again: rules of RFC 5545 reckoned on the wall clock, then put on the real one. Pure.

A wall time that does not exist on a day is read with the offset before the gap, so 02:30 becomes 03:30; one that
comes twice means the first (RFC 5545, sections 3.3.5 and 3.3.10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

FREQUENCIES = {"daily": "day", "weekly": "week", "monthly": "month"}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 100  # times reckoned at once


def rule(frequency: str, *, every: int = 1, days: Sequence[int] = (), until: date | None = None) -> str:
    """The RRULE for "every second week on Monday and Thursday until 30 June". UNTIL is a wall time, as DTSTART is."""
    parts = [f"FREQ={frequency.upper()}", f"INTERVAL={every}"]
    if frequency == "weekly" and days:
        parts.append("BYDAY=" + ",".join(DAYS[day] for day in sorted(set(days))))
    if until:
        parts.append(f"UNTIL={datetime.combine(until, time(23, 59)):%Y%m%dT%H%M%S}")
    return ";".join(parts)


def walls(rule: str, begins: datetime, start: datetime, end: datetime) -> list[datetime]:
    """The wall times from `start` up to, not including, `end` (all naive); at most a hundred."""
    found = rrulestr(rule, dtstart=begins).xafter(start, inc=True)
    return [at for at in islice(found, MOST) if at < end]


@dataclass(frozen=True, slots=True)
class Time:
    """`wall` as the rule says it (naive), and the instant."""

    wall: datetime
    at: datetime


def placed(wall: datetime, zone: ZoneInfo) -> Time:
    """A wall time of the rule on the real clock of `zone`."""
    return Time(wall, wall.replace(tzinfo=zone, fold=0).astimezone(UTC))


def words(rule: str) -> str:
    """ "every 2 weeks on Monday and Thursday, until 30 June 2026"."""
    said = dict(part.split("=", 1) for part in rule.split(";"))
    unit, every = FREQUENCIES[said["FREQ"].lower()], int(said.get("INTERVAL", "1"))
    text = f"every {unit}" if every == 1 else f"every {every} {unit}s"
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    if days := [names[DAYS.index(one)] for one in said.get("BYDAY", "").split(",") if one]:
        text += " on " + (", ".join(days[:-1]) + " and " + days[-1] if len(days) > 1 else days[0])
    if until := said.get("UNTIL"):
        day = datetime.strptime(until[:8], "%Y%m%d")  # noqa: DTZ007
        text += f", until {day.day} {day:%B %Y}"
    return text
