"""Tags and filters of the parts: `{% load shell %}`."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime

from django import template

from quarterdeck.core import clock
from quarterdeck.crew import naming
from quarterdeck.crew.models import Member
from quarterdeck.shell import toasts

register = template.Library()


def _zone(name) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(str(name or "UTC"))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


@register.filter
def moment(value: datetime | date | None, zone=None) -> str:
    """ "Mon 9 Mar, 11:30" in `zone` (an IANA name); "Today, 11:30" is left to the reader. A year when not this one."""
    if value is None:
        return ""
    if not isinstance(value, datetime):
        return f"{value:%a} {value.day} {value:%b}" + (
            "" if value.year == clock.now().year else f" {value.year}"
        )
    local = value.astimezone(_zone(zone))
    year = "" if local.year == clock.now().astimezone(_zone(zone)).year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


@register.filter
def by_role(member: Member | None, reader: Member | None = None) -> str:
    """How something done is told: "an approver", "you" to the one who did it, "a guest" where no member did."""
    return naming.by_role(member, reader)


@register.filter
def hour(value: datetime | None, zone=None) -> str:
    """ "11:30" in `zone`."""
    return f"{value.astimezone(_zone(zone)):%H:%M}" if value else ""


@register.filter
def exact(value: datetime | None, zone=None) -> str:
    """The whole truth for a title: local time with seconds and zone, then UTC."""
    if value is None:
        return ""
    local, utc = value.astimezone(_zone(zone)), value.astimezone(UTC)
    here = f"{local:%A} {local.day} {local:%B %Y, %H:%M:%S} {_zone(zone).key}"
    return here if _zone(zone).key == "UTC" else f"{here} ({utc:%H:%M:%S} UTC)"


@register.filter
def ago(value: datetime | None) -> str:
    """ "now", "12 min ago", "3 h ago", "in 2 days": whole units, rounded down."""
    if value is None:
        return ""
    seconds = (clock.now() - value).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86_400), ("h", 3_600), ("min", 60)):
        if size >= length:
            count = int(size // length)
            name = "days" if unit == "day" and count > 1 else unit
            return f"{count} {name} ago" if seconds > 0 else f"in {count} {name}"
    return "now"


@register.filter
def iso(value: datetime | None) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


@register.filter
def initials(name) -> str:
    """One or two letters for an avatar."""
    words = str(name or "").split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.simple_tag(takes_context=True)
def waiting_toasts(context) -> list[toasts.Toast]:
    """The toasts that wait for this person; reading them takes them. A part fetched by htmx leaves them to the
    header, because of a page it may take only a piece."""
    request = context.get("request")
    if request is None or not hasattr(request, "_messages") or getattr(request, "htmx", None):
        return []
    return toasts.take(request)
