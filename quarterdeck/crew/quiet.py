"""Quiet hours: wall time in a person's own zone, across midnight and across the two nights a year on which
clocks jump.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


def is_quiet(now: datetime, zone: ZoneInfo, start: time, end: time) -> bool:
    """True when the wall clock in `zone` at `now` stands in [start, end), whole minutes; equal ends mean never."""
    wall = now.astimezone(zone).time()
    if start <= end:
        return start <= wall < end
    return wall >= start or wall < end


def quiet_ends(now: datetime, zone: ZoneInfo, start: time, end: time) -> datetime:
    """The first instant (UTC) at or after `now` that is not quiet; `now` itself outside quiet hours.

    Walks minute by minute, because then a wall time that does not exist, or exists twice, needs no rule of its
    own: at most a day and an hour of steps, about 2 ms.
    """
    instant = now.astimezone(UTC)
    if not is_quiet(instant, zone, start, end):
        return instant
    instant = instant.replace(second=0, microsecond=0)
    while is_quiet(instant, zone, start, end):
        instant += _MINUTE
    return instant
