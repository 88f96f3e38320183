"""What a person themself did, by their own pseudonym, for the page that is theirs alone.

Everything else in this room is asked by object and kind, never by person. This is the one exception, and it is narrow:
it is asked with the signed-in member (through the `deeds` registry, see core/deeds.py; `leadership/tests/test_deeds.py`
finds any other caller), for named kinds and a stretch of time, and it tells no field of an event: only that it was, and
of what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from quarterdeck.ledger.models import Entry, Pending
from quarterdeck.ledger.reads import acts_of

MOST = 500


@dataclass(frozen=True, slots=True)
class Own:
    """One event of the person's own."""

    event_id: UUID
    kind: str
    about_id: UUID
    when: datetime


def events(me: Any, kinds: Sequence[str], since: datetime, until: datetime) -> list[Own]:
    """The member's own events of these kinds, `since` included and `until` not, oldest first, at most 500.

    An entry of the first version is found by what was sealed for its actor: one that says nothing personal is not.
    """
    asked = {
        "kind__in": list(kinds),
        "recorded_at__gte": int(since.timestamp()),
        "recorded_at__lt": int(until.timestamp()),
    }
    entries = Entry.objects.filter(log__workspace_id=me.workspace_id, **asked)
    waiting = Pending.objects.filter(workspace_id=me.workspace_id, **asked)
    # Those that wait are read first: one may get its place between the two questions.
    there = {row.event_id: row for row in chain(waiting, entries)}
    mine = acts_of(me, list(there))
    found = {
        event_id: Own(event_id, row.kind, row.about_id, datetime.fromtimestamp(row.recorded_at, tz=UTC))
        for event_id, row in there.items()
        if event_id in mine
    }
    return sorted(found.values(), key=lambda own: (own.when, own.event_id))[:MOST]
