"""The one clock. Code asks `clock.now()`; nothing in Quarterdeck calls `datetime.now()`.

Tests and the demo may move it with `clock.at(...)`; the same instant is handed to SQL through the
session setting `quarterdeck.now`, which `quarterdeck_now()` (a function in the database) reads.
A process that serves real people refuses to move its clock, so that a real log's times are the
database's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_moved: ContextVar[datetime | None] = ContextVar("quarterdeck_clock", default=None)


class ClockIsReal(RuntimeError):
    """Raised when something tries to move the clock of a process that serves real people."""


def now() -> datetime:
    """The present instant, timezone-aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


def moved() -> datetime | None:
    """The instant this context pretends it is, or None when the clock is the machine's."""
    return _moved.get()


def may_move() -> bool:
    """True only in processes started as a test or as the demo (`QUARTERDECK_CLOCK`)."""
    return os.environ.get("QUARTERDECK_CLOCK") in {"test", "demo"}


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block, `now()` and the database's `quarterdeck_now()` answer `instant` (aware).

    Raises ClockIsReal outside test and demo processes, ValueError for a naive datetime.
    """
    if not may_move():
        raise ClockIsReal("The clock of a process that serves people cannot be moved.")
    if instant.tzinfo is None:
        raise ValueError("clock.at() needs a timezone-aware datetime.")
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    """Within the block it is `by` later than now."""
    with at(now() + by):
        yield
