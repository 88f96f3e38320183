"""A department's calendar for calendar programs (RFC 5545): a day, a title, a channel, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from quarterdeck.stakeholders.theirs import Theirs


def write(name: str, entries: Iterable[Theirs], stamp: datetime, host: str) -> bytes:
    """One all-day event a post and time. The same post keeps its UID when it moves."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Quarterdeck//Window//EN")
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
        event.add("dtstart", one.local.date())
        event.add("dtend", one.local.date() + timedelta(days=1))
        event.add("summary", f"{one.title} ({one.state})")
        event.add("location", one.where)
        event.add("status", "TENTATIVE" if one.state == "not settled yet" else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
