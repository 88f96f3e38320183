"""The hub of a web process: one LISTEN connection, and a small box of unread changes for each open stream.

A box holds each (topic, id) once and at most `BOX` of them; a reader slower than that is told to look at
everything again (`resync`), so nothing grows without bound. Recent changes are kept for `REMEMBERED` seconds,
so that a stream that opens (or reopens) a moment after its page was rendered misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from quarterdeck.core import notify
from quarterdeck.live.announcing import CHANNEL, Pairs, parse

BOX = 500  # changes a reader may be behind
REMEMBERED = 60.0  # seconds
_REMEMBERED_AT_MOST = 5000  # notices
MEMBERSHIP = "crew.member"  # a change of this topic has every stream of the workspace authorised again
_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Box:
    """What one open stream has not been sent yet."""

    workspace_id: UUID
    pending: dict[tuple[str, str], None] = field(default_factory=dict)
    resync: bool = False
    check: bool = False  # the right to read may have changed
    closing: bool = False
    gone: bool = False  # the browser hung up
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, pairs: Pairs) -> None:
        if not self.resync:
            self.pending.update(dict.fromkeys(pairs))
            if len(self.pending) > BOX:
                self.pending.clear()
                self.resync = True
        self.bell.set()

    def must_resync(self) -> None:
        self.pending.clear()
        self.resync = True
        self.bell.set()

    def take(self) -> tuple[bool, Pairs]:
        """(must look at everything again, changes), and the box is empty."""
        resync, pairs = self.resync, list(self.pending)
        self.resync = False
        self.pending.clear()
        return resync, pairs


class Hub:
    """`start()` and `close()` belong to the server's life; `open()`/`shut()` to each stream's."""

    def __init__(self) -> None:
        self.boxes: dict[UUID, set[Box]] = {}
        self.closing = False
        self.listening = False
        self._recent: deque[tuple[float, UUID, Pairs]] = deque(maxlen=_REMEMBERED_AT_MOST)
        self._deaf_until = time.monotonic()  # what happened before this is not in `_recent`
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen(), name="live: listen")

    def say_goodbye(self) -> None:
        """Every open stream ends at once, with a word to its browser; new ones are refused."""
        self.closing = True
        for box in self._all():
            box.closing = True
            box.bell.set()

    async def close(self) -> None:
        self.say_goodbye()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def open(self, workspace_id: UUID, age: float) -> Box:
        """A box that starts with what happened in the last `age` seconds, as far as this process knows it."""
        box = Box(workspace_id)
        since = time.monotonic() - age
        dropped = len(self._recent) == _REMEMBERED_AT_MOST and self._recent[0][0] > since
        if age > REMEMBERED or since < self._deaf_until or not self.listening or dropped:
            box.must_resync()
        else:
            for when, workspace, pairs in self._recent:
                if when >= since and workspace == workspace_id:
                    box.check = box.check or _about_membership(pairs)
                    box.put(pairs)
        self.boxes.setdefault(workspace_id, set()).add(box)
        return box

    def shut(self, box: Box) -> None:
        held = self.boxes.get(box.workspace_id, set())
        held.discard(box)
        if not held:
            self.boxes.pop(box.workspace_id, None)

    def count(self) -> int:
        return sum(len(held) for held in self.boxes.values())

    def deliver(self, payload: str) -> None:
        """One notice to every stream of its workspace."""
        found = parse(payload)
        if found is None:
            _log.warning("A notice that is not ours was ignored.")
            return
        workspace_id, pairs = found
        now = time.monotonic()
        while self._recent and self._recent[0][0] < now - REMEMBERED:
            self._recent.popleft()
        self._recent.append((now, workspace_id, pairs))
        membership = _about_membership(pairs)
        for box in self.boxes.get(workspace_id, ()):
            box.check = box.check or membership
            box.put(pairs)

    def _all(self) -> list[Box]:
        return [box for held in self.boxes.values() for box in held]

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                async with await _connect() as connection:
                    pause = 0.1
                    self._hears_again()
                    await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                self.listening = False
                _log.warning("live: no connection for notices, trying again: %s", str(error).strip())
            except Exception:
                self.listening = False
                _log.exception("live: listening failed, trying again.")
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 jitter, not a secret
            pause = min(5.0, pause * 2)

    def _hears_again(self) -> None:
        """Between two connections notices were lost: every open page looks at everything again."""
        self._deaf_until = time.monotonic()
        self._recent.clear()
        self.listening = True
        for box in self._all():
            box.must_resync()

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notice in connection.notifies(timeout=30.0):
                self.deliver(notice.payload)
            await connection.execute("SELECT 1")  # a connection that died without a word is found here


def _about_membership(pairs: Pairs) -> bool:
    return any(topic == MEMBERSHIP for topic, _ in pairs)


async def _connect() -> psycopg.AsyncConnection[Any]:
    made = await psycopg.AsyncConnection.connect(**notify.connection_settings())
    try:
        await made.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
    except BaseException:
        await made.close()
        raise
    return made
