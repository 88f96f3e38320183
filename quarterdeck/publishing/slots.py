"""From the time a person chose (a wall time in a zone) to the instant it means, in words where clocks jump.

When clocks go forward some wall times do not exist; when they go back some come twice (PEP 495, `fold`). Neither
is guessed: the person is told, with the times on either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.core.problems import Invalid

FURTHEST = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Slot:
    """A chosen wall time and the instant it is. `due_at` is aware, in UTC."""

    wall: str
    zone: str
    fold: int
    due_at: datetime


class ComesTwice(Invalid):
    """The wall time happens twice that night; the person must say which one they mean."""

    code = "comes-twice"


def resolve(wall: datetime, zone: str, fold: int | None = None) -> Slot:
    """The slot for a naive `wall` in the IANA `zone`.

    Raises Invalid when it does not exist there, ComesTwice when it does twice and `fold` is None (0: the first
    time, 1: the second).
    """
    if wall.tzinfo is not None:
        raise ValueError("resolve() takes a wall time without a zone.")
    wall = wall.replace(second=0, microsecond=0, fold=0)
    place = ZoneInfo(zone)
    first, second = (wall.replace(tzinfo=place, fold=f).astimezone(UTC) for f in (0, 1))
    if first > second:
        raise _gap(wall, place, second, first)
    if first < second and fold is None:
        raise ComesTwice(
            f"{wall:%H:%M} on {_day(wall)} comes twice in {zone}, because clocks go back that night.",
            next_step="Choose the first or the second of the two.",
            fields={"fold": "Please choose the first or the second."},
        )
    chosen = second if fold and first < second else first
    return Slot(f"{wall:%Y-%m-%dT%H:%M}", zone, int(chosen != first), chosen)


def at_instant(instant: datetime, zone: str) -> Slot:
    """The slot at an instant: what the wall clock of `zone` shows then, to the second."""
    local = instant.astimezone(ZoneInfo(zone))
    return Slot(f"{local:%Y-%m-%dT%H:%M:%S}", zone, local.fold, instant.astimezone(UTC))


def proposal(now: datetime, zone: ZoneInfo) -> str:
    """What a field for a time begins with where nothing is planned: the next full hour but one, as a wall time."""
    return f"{(now + timedelta(hours=2)).astimezone(zone):%Y-%m-%dT%H}:00"


def _gap(wall: datetime, place: ZoneInfo, before: datetime, after: datetime) -> Invalid:
    """The refusal for a wall time inside a gap; the jump lies between the two readings of it."""
    old, new = before.astimezone(place).utcoffset(), after.astimezone(place).utcoffset()
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(place).utcoffset() == old else (low, middle)
    jump = high.replace(microsecond=0)
    leaves, resumes = (jump + old).strftime("%H:%M"), (jump + new).strftime("%H:%M")
    return Invalid(
        f"{wall:%H:%M} does not exist on {_day(wall)} in {place.key}: clocks go from {leaves} to {resumes}.",
        next_step=f"Choose a time before {leaves} or from {resumes} on.",
        fields={"when": f"Clocks go from {leaves} to {resumes} that night."},
    )


def _day(wall: datetime) -> str:
    return f"{wall:%A}, {wall.day} {wall:%B}"


def must_be_ahead(slot: Slot, now: datetime) -> None:
    """Raises Invalid when the slot has passed (a minute's grace) or lies more than two years ahead."""
    if slot.due_at < now - timedelta(minutes=1):
        raise Invalid(
            "That time has passed.",
            not_done="Nothing was planned.",
            next_step="Choose a later time, or publish now.",
            fields={"when": "Please choose a time that is still to come."},
        )
    if slot.due_at > now + FURTHEST:
        raise Invalid(
            "That is more than two years ahead.",
            not_done="Nothing was planned.",
            fields={"when": "Please choose a time within two years."},
        )


def next_same_time(slot_wall: str, zone: str, now: datetime) -> Slot:
    """The same time of day, on the next day on which it exists and lies ahead."""
    chosen = datetime.fromisoformat(slot_wall).time()
    day = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(4):
        wall = datetime.combine(day + timedelta(days=ahead), chosen)
        try:
            slot = resolve(wall, zone, fold=0)
        except Invalid:
            continue
        if slot.due_at > now + timedelta(minutes=1):
            return slot
    raise Invalid("No such time was found in the next days.", next_step="Choose a time yourself.")
