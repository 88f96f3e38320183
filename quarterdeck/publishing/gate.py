"""The gate through which every publish call leaves: open while no hold can commit.

A batch takes the holds' lock shared, commits "sending", and lets its calls through; it keeps the lock until each has
written its first bytes, but at most a second, since whoever places a hold waits for it. A call that comes
later (its network was slow to connect) asks for itself: it takes the lock, looks again, and keeps it while its first
bytes leave.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from django.db import DatabaseError, connection, transaction

from quarterdeck.channels.contract import Stopped
from quarterdeck.core import clock
from quarterdeck.core.claims import return_connections
from quarterdeck.publishing import holding
from quarterdeck.publishing.holding import HELD_SQL
from quarterdeck.publishing.models import Delivery

OPEN_FOR = 1.0  # seconds

# Whether a delivery that is still ours to call is held, and its latest time, which others may have changed.
_STANDS = f"""SELECT {HELD_SQL}, d.latest_at FROM publishing_delivery d
               WHERE d.id = %s AND d.attempt = %s AND d.state = 'sending'"""  # noqa: S608


class Gate:
    """The gate of one batch of deliveries that have begun."""

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self._waiting = {delivery.pk for delivery in deliveries}
        self._inside = 0
        self._open = True
        self._changed = threading.Condition()

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
                yield
            finally:
                with self._changed:
                    self._inside -= 1
                    self._gone(delivery)
        else:
            with alone(delivery):
                yield

    def gone(self, delivery: Delivery) -> None:
        """Its call has ended, whether it began or not: nobody need keep the gate open for it."""
        with self._changed:
            self._gone(delivery)

    def _gone(self, delivery: Delivery) -> None:
        self._waiting.discard(delivery.pk)
        if not self._inside and (
            not self._waiting or not self._open
        ):  # else whoever shuts it goes on waiting
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
    with asking(lambda: _ask(delivery)):
        yield


@contextmanager
def asking(ask: Callable[[], None]) -> Iterator[None]:
    """Around the first bytes of a call: `ask` raises Stopped where it may not be sent, and the locks it takes are kept
    while they leave.

    A database that cannot be asked stops it too: no byte has left. The connection goes back before the answer is
    waited for, since a slow network would keep it from the others.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(transaction.atomic())
            ask()
        except DatabaseError as error:
            raise Stopped("the database could not be asked whether it may") from error
        yield
    return_connections()


def _ask(delivery: Delivery) -> None:
    holding.take_shared(delivery.workspace_id)
    with connection.cursor() as cursor:  # a statement of its own: it must see what the lock was waited for
        cursor.execute(_STANDS, [delivery.pk, delivery.attempt])
        found = cursor.fetchone()
    if found is None:
        raise Stopped("somebody else has it now")
    if found[0]:
        raise Stopped("it is held")
    if clock.now() > found[1]:
        raise Stopped("its latest time has passed")
