"""Connections that are kept and used again, one call at a time on each, HTTP/1.1 spoken by h11.

httpcore's own pool does more (proxies, HTTP/2, queues that are sorted anew by every call) and costs most of a short
call's CPU; what opens a connection below this is still its backend, behind our checks (`network.py`).
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import h11
import httpcore

from quarterdeck.core.http import network as http_network

HEADERS = 100 * 1024  # bytes of an answer's head
PIECE = 65536  # bytes read, and the most that leave in one write inside the gate


class Origin(NamedTuple):
    """`host` in lower case, without the root's dot."""

    scheme: str
    host: str
    port: int


class Connection:
    """One connection to an origin. Not safe to share: the pool lends it to one call at a time."""

    def __init__(self, origin: Origin, stream: httpcore.NetworkStream) -> None:
        self.origin = origin
        self.idle_since = 0.0
        self._stream = stream
        self._talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADERS)
        self._sent = False  # the whole of the present request

    def send(self, request: h11.Request, body: Iterable[bytes]) -> None:
        """Write the request; its head leaves together with the first of the body, in as few writes as fit."""
        self._sent = False
        waiting = self._talk.send(request) or b""
        for piece in body:
            data = self._talk.send(h11.Data(data=piece)) or b""
            if len(waiting) + len(data) > PIECE:
                self._stream.write(waiting)
                waiting = data
            else:
                waiting += data
        self._stream.write(waiting + (self._talk.send(h11.EndOfMessage()) or b""))
        self._sent = True

    def answer(self) -> h11.Response:
        """The head of the answer; what only informs (100, 103) is passed over."""
        while not isinstance(event := self._event(), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise httpcore.RemoteProtocolError("No answer came.")
        return event

    def pieces(self) -> Iterator[bytes]:
        """The body of the answer as it comes, to its end."""
        while isinstance(event := self._event(), h11.Data):
            yield bytes(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise httpcore.RemoteProtocolError("The answer did not end.")

    def _event(self) -> object:
        while (event := self._talk.next_event()) is h11.NEED_DATA:
            self._talk.receive_data(self._stream.read(PIECE))
        return event

    def again(self) -> bool:
        """Make it ready for the next call; False when it cannot be used any more."""
        if not self._sent or self._talk.our_state is not h11.DONE or self._talk.their_state is not h11.DONE:
            return False
        if self._talk.trailing_data[0]:  # bytes beyond the answer: the next one could not be told from them
            return False
        self._talk.start_next_cycle()
        return True

    def stands(self, longest: float) -> bool:
        """Idle for no longer than `longest` seconds, and the other side has neither closed it nor said anything."""
        if time.monotonic() - self.idle_since > longest:
            return False
        return not self._stream.get_extra_info("is_readable")

    def close(self) -> None:
        self._stream.close()


class Pool:
    """Lends connections: at most `most` at once; `kept` idle ones stay, for `longest` seconds."""

    def __init__(
        self,
        backend: http_network.Backend,
        certificates: ssl.SSLContext,
        *,
        most: int,
        kept: int,
        longest: float,
    ) -> None:
        certificates.set_alpn_protocols(["http/1.1"])
        self._backend, self._certificates = backend, certificates
        self._kept, self._longest = kept, longest
        self._idle: list[Connection] = []  # the longest idle first
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def lent(self, origin: Origin) -> Iterator[Connection]:
        """A connection for one call. After a call that did not end well it is closed, else kept."""
        if not self._free.acquire(timeout=http_network.current.get().left()):
            raise http_network.OutOfTime
        try:
            connection = self._taken(origin) or self._opened(origin)
            done = False
            try:
                yield connection
                done = connection.again()
            finally:
                if done:
                    self._put_back(connection)
                else:
                    connection.close()
        finally:
            self._free.release()

    def close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _taken(self, origin: Origin) -> Connection | None:
        """The idle connection to the origin that was used last."""
        while True:
            with self._lock:
                at = next(
                    (i for i in reversed(range(len(self._idle))) if self._idle[i].origin == origin), None
                )
                if at is None:
                    return None
                connection = self._idle.pop(at)
            if connection.stands(self._longest):
                return connection
            connection.close()

    def _put_back(self, connection: Connection) -> None:
        connection.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(connection)
            old = [self._idle.pop(0)] if len(self._idle) > self._kept else []
            while self._idle and connection.idle_since - self._idle[0].idle_since > self._longest:
                old.append(self._idle.pop(0))
        for one in old:
            one.close()

    def _opened(self, origin: Origin) -> Connection:
        stream = self._backend.connect_tcp(origin.host, origin.port)
        if origin.scheme == "https":
            with contextlib.ExitStack() as unless_secure:
                unless_secure.callback(stream.close)
                secure = stream.start_tls(self._certificates, origin.host)
                unless_secure.pop_all()
            stream = secure
        return Connection(origin, stream)
