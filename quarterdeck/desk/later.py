"""Until when a person means, where they are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from quarterdeck.core.problems import Invalid

Later = Literal["later", "tomorrow", "working-day"]
MORNING = time(9, 0)


def later(choice: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment a person means: three hours from now (at most until 18:00 if that is still an hour away), tomorrow
    at nine, the next working day at nine, all where they are."""
    if choice not in get_args(Later):
        raise Invalid("Please choose until when.", not_done="The item stays where it is.")
    here = now.astimezone(zone)
    if choice == "later":
        evening = here.replace(hour=18, minute=0, second=0, microsecond=0)
        soon = now + timedelta(hours=3)
        return min(soon, evening) if evening - here > timedelta(hours=1) else soon
    day = here.date() + timedelta(days=1)
    while choice == "working-day" and day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, tzinfo=zone)
