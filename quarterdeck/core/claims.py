"""The claim loop of a domain queue: rows with a state, a due time, a lease and an attempt, worked in threads.

The room owns the table and three functions; the loop owns when they are called. Every cycle derives its work
from the rows again, so a crash, a lost notice or a restarted database only delays. A claim is one set-wise
statement, and a finished work is written with a fence (the attempt it was claimed with), so that a worker
whose lease ran out cannot overwrite the one who took over:

    UPDATE publishing_delivery AS d
       SET state = 'sending', attempt = d.attempt + 1, lease_until = %(now)s + interval '90 seconds'
      FROM (SELECT id FROM publishing_delivery
             WHERE (state = 'due' AND due_at <= %(now)s) OR (state = 'sending' AND lease_until <= %(now)s)
             ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS free
     WHERE d.id = free.id
    RETURNING d.id, d.attempt, ...

    next_due:  SELECT min(CASE state WHEN 'due' THEN due_at ELSE lease_until END)
                 FROM publishing_delivery WHERE state IN ('due', 'sending')

    finish:    UPDATE publishing_delivery SET state = 'sent'
                WHERE id = %s AND attempt = %s AND state = 'sending'
               -- 0 rows: somebody else has it now; leave it alone and say so in the log

`now` is always `clock.now()`, handed in by the loop. A lease must be longer than the longest work (its call's
total time cap and a margin). What a work that is done twice would break must be prevented by the room: a
lease bounds who writes, not what a network did with a call whose answer was lost.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Generic, TypeVar

from django.db import connections

from quarterdeck.core import clock, loops
from quarterdeck.core.notify import Listener, wake

__all__ = ["ClaimLoop", "wake"]

Row = TypeVar("Row")
LONGEST_SLEEP = 15.0  # seconds; a notice may be lost, and the wall clock may be set forward while we wait
BRIEF_SLEEP = 0.25  # when a due row cannot be had just now, because another worker holds its lock
_log = logging.getLogger(__name__)


def return_connections() -> None:
    """Give this thread's database connections back to the pool, except inside the caller's transaction."""
    for held in connections.all(initialized_only=True):
        if not held.in_atomic_block:
            held.close()


class ClaimLoop(Generic[Row]):
    """Implements `core.loops.Loop`: `name` and `run(stop)`.

    `claim(limit, now)` returns at most `limit` rows and commits before it returns; `work(row)` is called
    outside any transaction, in one of `slots` threads, and may open its own; `next_due()` is the earliest
    instant at which `claim` could return something (due times and lease ends), or None; `channel` is the
    NOTIFY channel by which writers say that something is due (`claims.wake(channel)` in their transaction).
    """

    def __init__(
        self,
        name: str,
        *,
        claim: Callable[[int, datetime], Sequence[Row]],
        work: Callable[[Row], None],
        next_due: Callable[[], datetime | None],
        channel: str,
        slots: int = 8,
        longest_sleep: float = LONGEST_SLEEP,
        drain: float = loops.DRAIN,
    ) -> None:
        self.name = name
        self._claim, self._work, self._next_due = claim, work, next_due
        self._slots = slots
        self._longest_sleep = longest_sleep
        self._drain = drain
        self._listener = Listener(channel)
        self._busy = 0
        self._stopping = False
        self._lock = threading.Lock()
        self._failures = 0

    @property
    def busy(self) -> int:
        """How many works run now."""
        return self._busy

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then claim nothing more and wait at most `drain` seconds for what runs."""
        rope, bell = socket.socketpair()  # a bell a selector can hear: stop was set, or a slot came free
        for end in (rope, bell):
            end.setblocking(False)
        self._rope = rope
        ended = threading.Event()
        threading.Thread(
            target=self._watch, args=(stop, ended), name=f"{self.name} stop", daemon=True
        ).start()
        self._stopping = False
        pool = ThreadPoolExecutor(self._slots, thread_name_prefix=self.name)
        try:
            while not stop.is_set():
                self._sleep(bell, self._cycle(pool, stop))
        finally:
            self._finish(pool, bell)
            ended.set()
            self._listener.close()
            return_connections()
            rope.close()
            bell.close()

    def _watch(self, stop: threading.Event, ended: threading.Event) -> None:
        while not ended.is_set():
            if stop.wait(10.0):
                self._ring()
                return

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody waits any more
            self._rope.send(b".")

    def _cycle(self, pool: ThreadPoolExecutor, stop: threading.Event) -> float:
        """Claim as much as there are free slots; returns how many seconds to sleep at most."""
        self._listener.mend()
        try:
            pause = self._claim_and_submit(pool, stop)
            self._failures = 0
        except Exception as error:  # the database is away, or the room's SQL is wrong: say so, keep trying
            self._failures += 1
            pause = min(10.0, 0.1 * 2 ** min(self._failures, 7))
            _log.warning("%s: could not claim, trying again in %.1f s: %s", self.name, pause, error)
        finally:
            return_connections()
        return pause if self._listener.connected else min(pause, self._listener.seconds_to_next_try())

    def _claim_and_submit(self, pool: ThreadPoolExecutor, stop: threading.Event) -> float:
        while not stop.is_set():
            free = self._slots - self._busy
            if free <= 0:
                return self._longest_sleep  # a finished work rings the bell
            rows = self._claim(free, clock.now())
            for row in rows:
                with self._lock:
                    self._busy += 1
                pool.submit(contextvars.copy_context().run, self._one, row)
            if len(rows) < free:
                return self._seconds_to_next_due()
        return 0.0

    def _seconds_to_next_due(self) -> float:
        due = self._next_due()
        if due is None:
            return self._longest_sleep
        wait = (due - clock.now()).total_seconds()
        return min(self._longest_sleep, wait if wait > 0 else BRIEF_SLEEP)

    def _one(self, row: Row) -> None:
        try:
            self._work(row)
        except Exception:
            _log.exception("%s: a work failed; its row is claimed again when its lease ends.", self.name)
        finally:
            return_connections()
            with self._lock:
                awaited = self._busy >= self._slots or self._stopping
                self._busy -= 1
            if awaited:  # else the queue was empty when last asked, and its writers send notices
                self._ring()

    def _sleep(self, bell: socket.socket, seconds: float) -> None:
        """Wait for a notice or the bell, at most `seconds`. With no slot free, notices do not wake."""
        deadline = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(bell, selectors.EVENT_READ)
            if self._listener.connected:
                selector.register(self._listener, selectors.EVENT_READ)
            while (left := deadline - time.monotonic()) > 0:
                ready = {key.fileobj for key, _ in selector.select(left)}
                rung = bell in ready
                if rung:
                    _empty(bell)
                noticed = self._listener in ready and self._hear(selector)
                if rung or not self._listener.connected or (noticed and self._busy < self._slots):
                    return

    def _hear(self, selector: selectors.BaseSelector) -> bool:
        key = selector.get_key(self._listener)
        noticed = bool(self._listener.heard())
        if not self._listener.connected:
            selector.unregister(key.fd)
        return noticed

    def _finish(self, pool: ThreadPoolExecutor, bell: socket.socket) -> None:
        with self._lock:
            self._stopping = True
        deadline = time.monotonic() + self._drain
        pool.shutdown(wait=False)
        with selectors.DefaultSelector() as selector:
            selector.register(bell, selectors.EVENT_READ)
            while self._busy and (left := deadline - time.monotonic()) > 0:
                if selector.select(min(left, 1.0)):
                    _empty(bell)
        if self._busy:
            _log.warning(
                "%s: stopped with %d works unfinished; they are claimed again when their leases end.",
                self.name,
                self._busy,
            )


def _empty(bell: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        while bell.recv(4096):
            pass
