"""`GET /live/stream?workspace=<slug>&age=<seconds>`: server-sent events (WHATWG HTML, section 9.2).

Events: `hello` (the stream stands), `changed` ({topic: [ids]}), `resync` (look at everything again), `beat`
(still here), `gone` (you may no longer read this), `closing` (the server restarts; come back). Who may read is asked of
`authorise`, which `config` injects; it is asked again every minute and whenever a membership changes.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import math
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from quarterdeck.live.hub import Box, Hub

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Grant:
    """Whoever asks may read this workspace's changes. `session` tells sessions apart, to bound streams of each."""

    workspace_id: UUID
    session: str


Authorise = Callable[[Scope], Awaitable[Grant | None]]

HEARTBEAT = 20.0  # seconds; proxies close what is silent for a minute
REAUTHORISE = 60.0  # seconds
STALLED = 60.0  # seconds a browser may take to accept a message
PER_SESSION = 12
OVERALL = 1000
POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),  # no-transform: no proxy may compress, and so hold back
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    POLICY,
]


def event(name: str, data: object = None) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data or {}, separators=(',', ':'))}\n\n".encode()


@functools.lru_cache(maxsize=32)
def changed(pairs: tuple[tuple[str, str], ...]) -> bytes:
    """{topic: [ids]} as one event. Two hundred streams are mostly sent the same: it is written once."""
    topics: dict[str, list[str]] = {}
    for topic, id in pairs:
        topics.setdefault(topic, []).append(id)
    return event("changed", topics)


class Stream:
    """The ASGI application of the streams of one process."""

    def __init__(self, hub: Hub, authorise: Authorise) -> None:
        self.hub = hub
        self._authorise = authorise
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            return await _answer(send, 405, "This address is only read.")
        if _from_elsewhere(scope):
            return await _answer(send, 403, "This address is only for Quarterdeck’s own pages.")
        if self.hub.closing or self.hub.count() >= OVERALL:
            return await _answer(send, 503, "Too many pages are open, or the server is restarting.")
        grant = await self._authorise(scope)
        if grant is None:
            return await _answer(send, 403, "Sign in as a member of this workspace.")
        if self._open[grant.session] >= PER_SESSION:
            return await _answer(send, 429, f"This session has {PER_SESSION} streams open already.")
        self._open[grant.session] += 1
        box = self.hub.open(grant.workspace_id, _age(scope))
        hang_up = asyncio.create_task(_hang_up(receive, box))
        try:
            await self._run(scope, box, grant, send)
        finally:
            self.hub.shut(box)
            self._open[grant.session] -= 1
            if not self._open[grant.session]:
                del self._open[grant.session]
            hang_up.cancel()

    async def _run(self, scope: Scope, box: Box, grant: Grant, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        try:
            await _say(send, event("hello"))
            await self._follow(scope, box, grant, send)
        except TimeoutError:
            return  # a browser that takes nothing any more: uvicorn closes what has no end
        if not box.gone:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _follow(self, scope: Scope, box: Box, grant: Grant, send: Send) -> None:
        ask_again = _in_about(REAUTHORISE)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(HEARTBEAT, max(0.0, ask_again - time.monotonic()))):
                    await box.bell.wait()
            box.bell.clear()
            if box.gone:
                return None
            if box.closing:
                return await _say(send, event("closing"))
            if box.check or time.monotonic() >= ask_again:
                box.check = False
                if await self._authorise(scope) != grant:
                    return await _say(send, event("gone"))
                ask_again = _in_about(REAUTHORISE)
            resync, pairs = box.take()
            if resync:
                await _say(send, event("resync"))
            elif pairs:
                await _say(send, changed(tuple(pairs)))
            else:
                await _say(send, event("beat"))


def _in_about(seconds: float) -> float:
    """A monotonic instant, spread by a fifth, so that streams opened together do not ask together."""
    return time.monotonic() + seconds * random.uniform(0.8, 1.0)  # noqa: S311 jitter, not a secret


async def _say(send: Send, body: bytes) -> None:
    async with asyncio.timeout(STALLED):
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _hang_up(receive: Receive, box: Box) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    box.gone = True
    box.bell.set()


def _age(scope: Scope) -> float:
    """Seconds since the page knew the truth; what cannot be read counts as for ever."""
    try:
        age = float(parse_qs(scope["query_string"].decode("ascii"))["age"][0])
    except (KeyError, ValueError):
        return math.inf
    return age if age >= 0 else math.inf


def _from_elsewhere(scope: Scope) -> bool:
    """True when the browser says that another site's page opened this (Fetch Metadata, Sec-Fetch-Site)."""
    site = dict(scope["headers"]).get(b"sec-fetch-site")
    return site is not None and site not in {b"same-origin", b"none"}


async def _answer(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), POLICY]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode() + b"\n", "more_body": False})
