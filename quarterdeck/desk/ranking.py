"""Which of everything that asks for a person stands on the Desk, and in which order. Pure functions, no database.

At most seven lines. Items that fold together are one line. What can wait, or was put off, is counted in the last
line with the day until which it can; what finds no place among the seven comes after. Nothing is lost: shown,
after and waiting together are every item that was given, each once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.core.registries import AgendaItem

LIMIT = 7
SOON = timedelta(hours=4)
NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the Desk: an item, or several that fold into one. The first item leads."""

    items: tuple[AgendaItem, ...]
    title: str

    @property
    def lead(self) -> AgendaItem:
        return self.items[0]

    @property
    def keys(self) -> list[str]:
        return [item.key for item in self.items]

    @property
    def due(self) -> datetime | None:
        return min((item.due for item in self.items if item.due), default=None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is kept off the seven until a time."""

    item: AgendaItem
    until: datetime


@dataclass(frozen=True, slots=True)
class Arrangement:
    shown: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def waits_until(self) -> datetime | None:
        """The first moment at which something that waits comes back."""
        return min((w.until for w in self.waiting), default=None)


def arrange(
    items: Iterable[AgendaItem],
    now: datetime,
    put_off: Mapping[str, datetime] | None = None,
    limit: int = LIMIT,
) -> Arrangement:
    """Fold, rank and cut. `put_off` says until when the person wants not to see an item (by key)."""
    put_off = put_off or {}
    present: list[AgendaItem] = []
    waiting: list[Waiting] = []
    for item in items:
        times = (put_off.get(item.key), item.can_wait_until)
        until = max((t for t in times if t is not None), default=None)
        if until is not None and until > now:
            waiting.append(Waiting(item, until))
        else:
            present.append(item)
    lines = sorted(_fold(present, now), key=lambda line: _rank(line, now))
    waiting.sort(key=lambda w: (w.until, -w.item.consequence, w.item.key))
    return Arrangement(lines[:limit], lines[limit:], waiting)


def _fold(items: Iterable[AgendaItem], now: datetime) -> list[Line]:
    groups: dict[str, list[AgendaItem]] = {}
    for item in items:
        groups.setdefault(f"fold {item.fold}" if item.fold else f"item {item.key}", []).append(item)
    lines = []
    for members in groups.values():
        members.sort(key=lambda item: (_weight(item, now), item.since, item.key))
        lead = members[0]
        if len(members) == 1:
            lines.append(Line((lead,), lead.title))
        else:
            title = (
                lead.fold_title(members) if lead.fold_title else f"{lead.title}, and {len(members) - 1} more"
            )
            lines.append(Line(tuple(members), title))
    return lines


def _weight(item: AgendaItem, now: datetime) -> tuple[int, datetime]:
    """Consequence, raised by up to thirty as the due time comes near (and stays raised once it has passed)."""
    raised = 0
    if item.due is not None:
        left = max(timedelta(0), item.due - now)
        if left < SOON:
            raised = round(30 * (1 - left / SOON))
    return -(item.consequence + raised), item.due or datetime.max.replace(tzinfo=UTC)


def _rank(line: Line, now: datetime) -> tuple:
    return _weight(line.lead, now), line.lead.since, line.lead.key


# --- the sentences ------------------------------------------------------------------------------------


def opening(arrangement: Arrangement, now: datetime, zone: ZoneInfo) -> str:
    """ "Six things need you. Two cannot wait until noon." Calm items alone do not need anybody today."""
    lines = [line for line in arrangement.shown + arrangement.after if line.lead.kind != "notice"]
    if not lines:
        return "Nothing needs you now."
    mark, name = _next_mark(now, zone)
    urgent = sum(1 for line in lines if line.due is not None and line.due <= mark)
    verb = "needs" if len(lines) == 1 else "need"
    first = f"{_count(len(lines)).capitalize()} thing{'' if len(lines) == 1 else 's'} {verb} you."
    if urgent == 0:
        return first
    if urgent == len(lines):
        what = "It" if urgent == 1 else ("Neither" if urgent == 2 else "None of them")
        return f"{first} {what} {'cannot' if urgent == 1 else 'can'} wait until {name}."
    return f"{first} {_count(urgent).capitalize()} cannot wait until {name}."


def _next_mark(now: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """The next turn of the day where the person is: noon, this evening (18:00), tomorrow."""
    local = now.astimezone(zone)
    for hour, name in ((12, "noon"), (18, "this evening")):
        mark = local.replace(hour=hour, minute=0, second=0, microsecond=0)
        if local < mark:
            return mark, name
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight, "tomorrow"


def closing(arrangement: Arrangement, now: datetime, zone: ZoneInfo) -> str:
    """The honest last line: what comes after the seven, what can wait and until when, or "That is all."."""
    more, waits = len(arrangement.after), len(arrangement.waiting)
    until = arrangement.waits_until
    parts = []
    if more:
        parts.append(f"{more} more after these")
    if waits and until is not None:
        parts.append(f"{waits} that can wait until {day_name(until, now, zone)}")
    return f"And {', and '.join(parts)}." if parts else "That is all."


def day_name(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "14:30", "tomorrow", "Wednesday", "Monday, 16 March": as a colleague would say it."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    days = (there.date() - here.date()).days
    if days <= 0:
        return f"{there:%H:%M}"
    if days == 1:
        return "tomorrow"
    if days < 7:
        return f"{there:%A}"
    return f"{there:%A}, {there.day} {there:%B}"


def _count(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
