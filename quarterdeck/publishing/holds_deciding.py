"""What can be decided about each post that waits under a hold: whether it can keep its time, and which is its next
slot. Both are asked about with whoever objects to times, for all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from quarterdeck.core.problems import Invalid
from quarterdeck.publishing import objections, rows, slots
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.slots import Slot

PASSED = "its latest time has passed"
FURTHEST = 62  # days that are looked at for a slot that nobody forbids


@dataclass(frozen=True, slots=True)
class Choice:
    """`not_kept`: why it cannot keep its time, as a sentence or a part of one; `next`: None when there is none near, or
    for the reason `not_moved`."""

    not_kept: str
    next: Slot | None
    not_moved: str = ""


def choices(firsts: Sequence[Delivery], now: datetime) -> dict[UUID, Choice]:
    """What can be decided about these deliveries, each the first of its post and channel, which come with it; by their
    ids."""
    kept = [objections.proposed(row.post, max(row.due_at, now), [row.channel]) for row in firsts]
    against = [objections.forbidden(said) for said in objections.to_each(kept)]
    stuck = _not_moved(firsts)
    coming = _next_slots([row for row in firsts if row.pk not in stuck], now)
    return {
        row.pk: Choice(PASSED if row.latest_at <= now else words, coming.get(row.pk), stuck.get(row.pk, ""))
        for row, words in zip(firsts, against, strict=True)
    }


def _not_moved(firsts: Sequence[Delivery]) -> dict[UUID, str]:
    """Why those of them that follow another part of a thread cannot be planned anew, by their ids."""
    before = {row.after_id for row in firsts if row.after_id}
    parts = Delivery.objects.only("state", "part", "removed_at").in_bulk(before) if before else {}
    found = {row.pk: rows.in_the_way(parts[row.after_id]) for row in firsts if row.after_id}
    return {pk: words for pk, words in found.items() if words}


def _next_slots(firsts: Sequence[Delivery], now: datetime) -> dict[UUID, Slot]:
    """The same time of day on the first day after the one each was planned for, or after today when that has passed, on
    which nobody forbids it."""
    found: dict[UUID, Slot] = {}
    wanted = [(row, max(now, row.due_at)) for row in firsts]
    for _ in range(FURTHEST):
        proposed = [(row, slot) for row, after in wanted if (slot := _after(row, after)) is not None]
        said = objections.to_each(
            [objections.proposed(row.post, slot.due_at, [row.channel]) for row, slot in proposed]
        )
        wanted = []
        for (row, slot), against in zip(proposed, said, strict=True):
            if objections.forbidden(against):
                wanted.append((row, slot.due_at))
            else:
                found[row.pk] = slot
        if not wanted:
            break
    return found


def _after(row: Delivery, moment: datetime) -> Slot | None:
    try:
        return slots.next_same_time(row.wall, row.zone, moment)
    except Invalid:
        return None
