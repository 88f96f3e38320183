"""What a client sends is read whole, with bounds, before Django hears of it: a slow upload holds no worker thread,
and a request cut off in the middle is never acted upon.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

LARGEST = 64 * 1024 * 1024  # bytes
IN_MEMORY = 512 * 1024  # bytes; what is larger waits in a temporary file
HELD_AT_MOST = 1024**3  # bytes of all bodies of this process together: nobody fills the disk by sending
STALLED = 30.0  # seconds without a byte
LONGEST = 600.0  # seconds in all
_CHUNK = 64 * 1024


class Refused(Exception):
    """The body is not taken; `status` and words for the person."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class HungUp(Exception):
    """The client left before the body was complete."""


class Body:
    """A body held in memory or in a temporary file, and a `receive` that plays it back in pieces."""

    held = 0  # bytes, by all that are open

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 closed by close()
        self.length = self._kept = 0

    def close(self) -> None:
        Body.held -= self._kept
        self._kept = 0
        self._file.close()

    async def read(self, scope: Scope, receive: Receive) -> None:
        """Take all of it. Refused when it is too large or too slow; HungUp when the client left."""
        declared = content_length(scope)
        too_large = declared is not None and declared > LARGEST
        deadline = time.monotonic() + LONGEST
        more = True
        while more:
            message = await _next(receive, deadline)
            chunk = message.get("body", b"")
            self.length += len(chunk)
            too_large = too_large or self.length > LARGEST
            if self.length > 2 * LARGEST:
                break  # read on for a while, so that the browser gets to see the answer; not for ever
            if not too_large:
                self._keep(chunk)
            more = message.get("more_body", False)
        if too_large:
            raise Refused(
                413,
                f"What was sent is larger than {LARGEST // 2**20} MB. Nothing was kept. Send a smaller file.",
            )
        self._file.seek(0)

    def _keep(self, chunk: bytes) -> None:
        if Body.held + len(chunk) > HELD_AT_MOST:
            raise Refused(
                503, "Too much is being sent at this moment. Nothing was kept. Try again in a minute."
            )
        Body.held += len(chunk)
        self._kept += len(chunk)
        self._file.write(chunk)

    async def receive(self) -> Message:
        chunk = self._file.read(_CHUNK)
        more = self._file.tell() < self.length
        return {"type": "http.request", "body": chunk, "more_body": more}


async def _next(receive: Receive, deadline: float) -> Message:
    try:
        async with asyncio.timeout(min(STALLED, deadline - time.monotonic())):
            message = await receive()
    except TimeoutError:
        raise Refused(
            408, "The upload stood still for too long. Nothing was kept. Please try again."
        ) from None
    if message["type"] == "http.disconnect":
        raise HungUp
    return message


def content_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return None


def has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
