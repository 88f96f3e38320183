"""More on a channel in a day or a week than the rule allows, or than twice what it usually carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from quarterdeck.consent.conflicts.shapes import CHANNEL, POST, Finding, Use, digest

KIND = "overuse"
WEEKS = 8  # of the past that make a rhythm
WEEKS_AT_LEAST = 4  # of them with a post: before that nobody knows what is usual
SMALLEST = 3  # posts a week that are never too many by rhythm alone


def limit_of_week(past: Sequence[int], per_week: int | None) -> tuple[int | None, bool]:
    """How many a week may carry, and whether that is by rhythm: the rule where there is one, else twice the median of
    the past weeks with a post. None where neither is known."""
    if per_week is not None:
        return per_week, False
    used = [count for count in past[-WEEKS:] if count]
    if len(used) < WEEKS_AT_LEAST:
        return None, True
    return max(SMALLEST, int(2 * median(used))), True


def overused(
    uses: Sequence[Use],
    past: Mapping[UUID, Sequence[int]],
    per_day: int | None = None,
    per_week: int | None = None,
) -> list[Finding]:
    """The days and weeks of channels that carry too much, while something in them can still move. `past` are the
    counts of each channel's past whole weeks, oldest first."""
    found = []
    days: dict[tuple[UUID, date], list[Use]] = {}
    weeks: dict[tuple[UUID, date], list[Use]] = {}
    for one in uses:
        days.setdefault((one.channel, one.day), []).append(one)
        weeks.setdefault((one.channel, one.day - timedelta(days=one.day.weekday())), []).append(one)
    for (channel, day), rows in days.items():
        found += _over(channel, "day", day, rows, per_day, False)
    for (channel, monday), rows in weeks.items():
        limit, rhythm = limit_of_week(past.get(channel, ()), per_week)
        found += _over(channel, "week", monday, rows, limit, rhythm)
    return found


def _over(
    channel: UUID, stretch: str, first: date, rows: Sequence[Use], limit: int | None, rhythm: bool
) -> list[Finding]:
    posts = {one.post for one in rows}
    waiting = sorted((one for one in rows if one.planned), key=lambda one: (one.at, one.post))
    if limit is None or len(posts) <= limit or not waiting:
        return []
    facts = {
        "stretch": stretch,
        "first": first.isoformat(),
        "count": len(posts),
        "limit": limit,
        "rhythm": rhythm,
    }
    movable = list(dict.fromkeys(one.post for one in reversed(waiting)))
    return [
        Finding(
            KIND,
            f"{KIND}:{digest(channel.hex, stretch, first)}",
            tuple((POST, one) for one in movable) + ((CHANNEL, channel),),
            waiting[0].at,
            digest(limit, *sorted(one.hex for one in posts)),
            facts,
        )
    ]
