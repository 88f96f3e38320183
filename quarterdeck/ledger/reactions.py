"""Reactions: after an event has its place, rooms above may act on it. At least once, in order, never a veto.

Each reaction has one cursor over the entries of all logs (`Entry.place`), which the sequencer numbers one after
the other under its lock: nothing can appear behind a cursor. The handler runs inside the transaction that moves
the cursor, so what it writes and the cursor stand or fall together; what it does elsewhere may happen twice.
A handler calls no network: it defers a job. One that fails is asked again, and its reaction waits until it
succeeds; the others go on. The table of all reactions is `config/reactions.py`.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, connections, transaction

from quarterdeck.ledger.models import ReactionCursor

log = logging.getLogger(__name__)

IDLE_SECONDS, LONGEST_WAIT = 0.25, 60.0
BATCH = 100


@dataclass(frozen=True, slots=True)
class Reacted:
    """What a handler is told: ids, no content."""

    event_id: uuid.UUID
    kind: str
    workspace_id: uuid.UUID
    about_type: str
    about_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Reaction:
    """`handler` is called for every event whose kind begins with one of `kinds` ("publishing.post.").

    `name` keeps its cursor: renamed, it begins at the first entry again.
    """

    name: str
    kinds: tuple[str, ...]
    handler: Callable[[Reacted], object]


class Reactor:
    """The loop over all reactions; several workers may run it, and each entry is handled by one at a time."""

    name = "ledger-reactions"

    def __init__(self, reactions: Sequence[Reaction]) -> None:
        self._reactions = list(reactions)
        self._seen: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                if not self.round():
                    stop.wait(IDLE_SECONDS)
        finally:
            connections.close_all()

    def round(self) -> int:
        """Give each reaction what it has not handled yet, at most 100 entries; how many were handled."""
        newest = _newest_place()
        handled = 0
        for reaction in self._reactions:
            waits = self._not_before.get(reaction.name, 0.0) > time.monotonic()
            if newest > self._seen.get(reaction.name, 0) and not waits:
                handled += self._advance(reaction, newest)
        return handled

    def _advance(self, reaction: Reaction, newest: int) -> int:
        handled = 0
        for _ in range(BATCH):
            try:
                step = _step(reaction, newest)
            except Exception as error:
                self._back_off(reaction, error)
                return handled
            if step is None:
                self._seen[reaction.name] = newest
                return handled
            handled += step
        return handled

    def _back_off(self, reaction: Reaction, error: Exception) -> None:
        failures = _note_failure(reaction, error)
        wait = min(LONGEST_WAIT, 0.5 * 2 ** min(failures, 10))
        self._not_before[reaction.name] = time.monotonic() + wait
        log.error(
            "The reaction %s failed (%s times) and is asked again in %.0f s.",
            reaction.name,
            failures,
            wait,
            exc_info=error,
        )


def _newest_place() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(place), 0) FROM ledger_entry")
        return cursor.fetchone()[0]


_NEXT = """
SELECT e.place, e.event_id, e.kind, l.workspace_id, e.about_type, e.about_id
FROM ledger_entry e JOIN ledger_log l ON l.id = e.log_id
WHERE e.place > %s AND e.place <= %s AND e.kind LIKE ANY(%s) ORDER BY e.place LIMIT 1
"""


def _step(reaction: Reaction, newest: int) -> int | None:
    """Handle the next entry: 1; None when there is none up to `newest` or another worker is at it."""
    ReactionCursor.objects.get_or_create(name=reaction.name)
    with transaction.atomic():
        at = ReactionCursor.objects.select_for_update(skip_locked=True).filter(name=reaction.name).first()
        if at is None:
            return None
        patterns = [kind.replace("_", r"\_") + "%" for kind in reaction.kinds]
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, [at.place, newest, patterns])
            row = cursor.fetchone()
        if row is not None:
            reaction.handler(Reacted(*row[1:]))
        at.place, at.failures, at.trouble = (row[0] if row else max(newest, at.place)), 0, ""
        at.save()
    return 1 if row else None


def _note_failure(reaction: Reaction, error: Exception) -> int:
    at = ReactionCursor.objects.get(name=reaction.name)
    at.failures += 1
    at.trouble = f"{type(error).__name__}: {error}"[:500]
    at.save(update_fields=["failures", "trouble"])
    return at.failures
