"""Weeks, as a team plans them: from Monday in the workspace's own zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)


def monday_of(day: date) -> date:
    """The Monday of the week that the day lies in."""
    return day - timedelta(days=day.weekday())


def bounds(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which the week begins and the next one does, as the clocks of `zone` have it."""
    starts = (datetime.combine(day, time.min, tzinfo=zone) for day in (monday, monday + WEEK))
    begins, ends = starts
    return begins, ends


def underway(due_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the week in which something is due has begun."""
    begins, _ = bounds(monday_of(due_at.astimezone(zone).date()), zone)
    return begins <= now
