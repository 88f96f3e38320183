"""The gate through which every publish call leaves: open while no hold can commit.

A batch takes the holds' lock shared, commits "sending", and lets its calls through; it keeps the lock until each has
written its first bytes, but at most a second, since whoever places a hold waits for it. A call that comes
later (its network was slow to connect) asks for itself: it takes the lock, looks again, and keeps it while its first
bytes leave.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from quarterdeck.channels.contract import Stopped
from quarterdeck.core import clock
from quarterdeck.publishing import holding
from quarterdeck.publishing.models import Delivery, DeliveryState

OPEN_FOR = 1.0  # seconds


class Gate:
    """The gate of one batch of deliveries that have begun."""

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self._waiting = {delivery.pk for delivery in deliveries}
        self._inside = 0
        self._open = True
        self._changed = threading.Condition()
        self.began: dict = {}  # when each call began, for whoever measures

    @contextmanager
    def passing(self, delivery: Delivery) -> Iterator[None]:
        """Around the first bytes of the call. Raises Stopped when it may not be sent any more."""
        if clock.now() > delivery.latest_at:
            raise Stopped("its latest time has passed")
        with self._changed:
            together = self._open
            self._inside += together
        if together:
            try:
                self.began[delivery.pk] = clock.now()
                yield
            finally:
                with self._changed:
                    self._inside -= 1
                    self._waiting.discard(delivery.pk)
                    self._changed.notify_all()
        else:
            with alone(delivery):
                self.began[delivery.pk] = clock.now()
                yield

    def gone(self, delivery: Delivery) -> None:
        """Its call has ended, whether it began or not: nobody need keep the gate open for it."""
        with self._changed:
            self._waiting.discard(delivery.pk)
            self._changed.notify_all()

    def shut(self, after: float = OPEN_FOR) -> None:
        """Wait until all have passed, at most `after` seconds; then nobody passes together any more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, timeout=after)
            self._open = False
            self._changed.wait_for(lambda: not self._inside)


@contextmanager
def alone(delivery: Delivery) -> Iterator[None]:
    """One call that asks for itself, with the newest word on holds, on who holds it, and on the time."""
    with transaction.atomic():
        holding.take_shared(delivery.workspace_id)
        ours = Delivery.objects.filter(
            pk=delivery.pk, attempt=delivery.attempt, state=DeliveryState.SENDING
        ).exists()
        if not ours:
            raise Stopped("somebody else has it now")
        if holding.held([delivery.pk]):
            raise Stopped("it is held")
        if _late(delivery.latest_at):
            raise Stopped("its latest time has passed")
        yield


def _late(latest_at: datetime) -> bool:
    return clock.now() > latest_at
