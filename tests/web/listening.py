"""Reads a server-sent event stream in a thread, for tests."""

from __future__ import annotations

import json
import queue
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from django.conf import settings

from quarterdeck.crew.models import User
from tests.web.serving import Server, session_of


class Listening:
    """`next()` gives the events in order as (name, data); `status` and `headers` are the answer's."""

    def __init__(
        self, server: Server, user: User | None, slug: str, *, age: str = "0", session: str = ""
    ) -> None:
        self.session = session or (session_of(user) if user else "")
        self.ended = threading.Event()
        self._path = "/live/stream?" + urlencode({"workspace": slug, "age": age})
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._events: queue.Queue[tuple[str, dict]] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Listening:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"} if self.session else {}
        self._connection.request("GET", self._path, headers={"Host": "localhost"} | cookie)
        self._response = self._connection.getresponse()
        self.status, self.headers = self._response.status, self._response.headers
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        with suppress(OSError, AttributeError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()

    def _read(self) -> None:
        name = ""
        with suppress(OSError, HTTPException, ValueError):
            while line := self._response.readline().decode():
                if line.startswith("event: "):
                    name = line[7:].strip()
                elif line.startswith("data: ") and name != "beat":
                    self._events.put((name, json.loads(line[6:])))
        self.ended.set()

    def next(self, seconds: float = 10) -> tuple[str, dict]:
        return self._events.get(timeout=seconds)

    def nothing(self, seconds: float = 0.4) -> bool:
        try:
            return not self._events.get(timeout=seconds)
        except queue.Empty:
            return True
