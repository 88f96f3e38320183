"""What falls due soon is read and rendered before it does, so that at its instant only what must be decided then is
left to do: whose it is, whether it may go, and the call.

Nothing of a delivery is written here (a sign-in that has run out is renewed), and nothing kept is believed: each entry
names the events by which its delivery, its post and its channel came to stand as they were read, and `begin` sends
nothing that any later event has changed. What is not here, or not true any more, is read when it is claimed. Files are
not brought ahead of time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck.core import clock
from quarterdeck.core.claims import return_connections
from quarterdeck.publishing import preparing
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.known import Known, loaded
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.verbs.sending import Prepared

_log = logging.getLogger(__name__)
SOON = timedelta(seconds=30)
PAUSE = 5.0  # seconds between two looks
SET = 128  # rows read at once
MOST = 8192  # kept at once


class Ahead:
    """Implements `core.loops.Loop`: keeps what falls due soon ready for the sending loop of this process."""

    name = "publishing.ahead"

    def __init__(self) -> None:
        self._ready: dict[UUID, Prepared] = {}
        self._lock = threading.Lock()
        self._until: datetime | None = None  # what is due by then was read already

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(PAUSE):
            try:
                self.look(clock.now(), stop)
            except Exception as error:  # it only saves time: without it everything is read when it is claimed
                _log.warning("What falls due soon could not be read ahead: %s", error)
            finally:
                return_connections()

    def look(self, now: datetime, stop: threading.Event | None = None) -> None:
        """Make ready what falls due soon and was not read yet; forget what was not taken in its time."""
        with self._lock:
            self._ready = {pk: one for pk, one in self._ready.items() if one.row.try_at > now - SOON}
            room = MOST - len(self._ready)
        since = now if self._until is None else max(now, self._until)
        if since > now + SOON:  # the clock was set back
            since = now
        soon = Delivery.objects.filter(
            state=DeliveryState.INTENT, after=None, try_at__gt=since, try_at__lte=now + SOON
        )
        due = list(soon.order_by("try_at").values_list("pk", "try_at")[:room])
        self._until = due[-1][1] if len(due) == room and due else now + SOON
        for start in range(0, len(due), SET):
            if stop is not None and stop.is_set():
                return
            made = _made(pk for pk, _ in due[start : start + SET])
            with self._lock:
                self._ready.update({one.row.pk: one for one in made})

    def taken(self, batch: Iterable[Claimed]) -> list[Prepared]:
        """What is ready of a claimed batch; it is not kept any longer."""
        now = clock.now()
        with self._lock:
            found = [(claimed, self._ready.pop(claimed.pk, None)) for claimed in batch]
        return [
            replace(one, claimed=claimed)
            for claimed, one in found
            # Claimed once since it was read: nobody can have sent it in between.
            if one is not None and claimed.attempt == one.row.attempt + 1 and now <= one.row.latest_at
        ]


def _made(pks: Iterable[UUID]) -> list[Prepared]:
    known, made = Known(), []
    for row in loaded(pks):
        if row.state == DeliveryState.INTENT and not preparing.has_files(row, known):
            one = preparing.prepare(Claimed(row.pk, row.attempt), row, known)
            if isinstance(one, Prepared):  # what cannot be sent is said at its time, not before
                made.append(one)
    return made


ready = Ahead()
