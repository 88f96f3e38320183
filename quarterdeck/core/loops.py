"""Loops: what a worker does without end, each in a thread of its own, started again when it fails.

A loop ends within seconds of `stop`; a loop that raises is logged and begins anew after a pause that grows
to half a minute. Database connections go back to the pool whichever way a round ends.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

_log = logging.getLogger("quarterdeck.loops")

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# How long a stop takes, in one place: what runs may finish, then its loop, then its process (supervisor) is ended.
DRAIN = 10.0  # seconds for work under way: deliveries (claims.py) and jobs
PATIENCE = 12.0  # seconds for all loops of a process together
STEADY = 60.0  # a loop that ran this long before it failed starts with the first pause again


class Loop(Protocol):
    """Something that runs until `stop` is set. `name` appears in the log."""

    name: str

    def run(self, stop: threading.Event) -> None: ...


@contextmanager
def returning_connections() -> Iterator[None]:
    """Whatever happens inside, this thread's database connections go back to the pool afterwards."""
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


class Every:
    """A loop that calls `act` every `seconds`, the first time at once. Failing once does not end it."""

    def __init__(self, name: str, seconds: float, act: Callable[[], object]) -> None:
        self.name = name
        self._seconds = seconds
        self._act = act

    def run(self, stop: threading.Event) -> None:
        while True:
            with returning_connections():
                self._act()
            if stop.wait(self._seconds):
                return


def run_one(make: Callable[[], Loop], stop: threading.Event) -> None:
    """Run one loop until `stop`, making it anew with a growing pause each time it fails or ends early."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        began = time.monotonic()
        name = getattr(make, "__name__", "a loop").strip("_")
        try:
            with returning_connections():
                loop = make()
                name = loop.name
                loop.run(stop)
            if not stop.is_set():
                _log.warning("%s ended by itself and begins again.", name)
        except Exception as error:
            if _is_database_away(error):
                _log.warning("%s: the database does not answer; trying again.", name)
            else:
                _log.exception("%s failed and begins again.", name)
        if time.monotonic() - began > STEADY:
            pause = FIRST_PAUSE
        stop.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def run_all(makers: list[Callable[[], Loop]], stop: threading.Event, patience: float = PATIENCE) -> list[str]:
    """Run every loop in its thread until `stop`; then wait `patience` seconds and name those still at work."""
    threads = [
        threading.Thread(target=run_one, args=(make, stop), name=make.__name__, daemon=True)
        for make in makers
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    deadline = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread.name for thread in threads if thread.is_alive()]


def _is_database_away(error: BaseException) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError) or type(error).__name__ == "PoolTimeout"
