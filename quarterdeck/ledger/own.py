"""What a person themself did, by their own pseudonym, for the page that is theirs alone.

Everything else in this room is asked by object and kind, never by person. This is the one exception, and it is narrow:
it is asked with the signed-in member (through the `deeds` registry, see core/deeds.py; `leadership/tests/test_deeds.py`
finds any other caller), for named kinds and a stretch of time, and it tells no field of an event: only that it was, and
of what.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from quarterdeck.ledger.models import Entry, Pending, Subject

MOST = 500


@dataclass(frozen=True, slots=True)
class Own:
    """One event of the person's own."""

    event_id: UUID
    kind: str
    about_id: UUID
    when: datetime


def events(me: Any, kinds: Sequence[str], since: datetime, until: datetime) -> list[Own]:
    """The member's own events of these kinds, `since` included and `until` not, oldest first, at most 500."""
    subject = Subject.objects.filter(workspace_id=me.workspace_id, person_id=me.pk).first()
    if subject is None:
        return []
    asked = {
        "kind__in": list(kinds),
        "recorded_at__gte": int(since.timestamp()),
        "recorded_at__lt": int(until.timestamp()),
    }
    entries = Entry.objects.filter(log__workspace_id=me.workspace_id, **asked)
    waiting = Pending.objects.filter(workspace_id=me.workspace_id, **asked)
    found = {
        row.event_id: Own(
            row.event_id, row.kind, row.about_id, datetime.fromtimestamp(row.recorded_at, tz=UTC)
        )
        for row in chain(entries.iterator(chunk_size=500), waiting.iterator(chunk_size=500))
        if json.loads(bytes(row.leaf))["a"] == str(subject.pseudonym)
    }
    return sorted(found.values(), key=lambda own: (own.when, own.event_id))[:MOST]
