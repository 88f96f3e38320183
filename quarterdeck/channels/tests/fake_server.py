"""What the strict fakes of networks share: a server on loopback in a thread or a process of its own, its control path,
the faults of the wire, and the file in which it keeps what it took. What a network answers is its own folder's.

A fault is a name with an optional number ("429:30"); it is taken by the next call that makes a post, or by the call it
names: {"fault": "500_before", "on": CALL}. These are played here, for every network:

    drop_before  drop_after  delay:S  delay_after:S  duplicate  late:S (dropped, made S seconds later)
    500_after  half_answer  not_json
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import SplitResult, urlsplit

AFTER = {"drop_after", "500_after", "half_answer", "not_json", "delay_after"}  # the server has acted by then


@dataclass
class Say:
    """An answer: a page (str), nothing (None), or JSON. Status -1 is none: the connection is dropped."""

    status: int
    found: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def bytes(self) -> bytes:
        if self.found is None:
            return b""
        return self.found.encode() if isinstance(self.found, str) else json.dumps(self.found).encode()


class FakeRefusal(Exception):
    """The server says no in its own way: `say` is the answer."""

    say: Say


class FakeServer:
    """The state and the switches that every fake has. Use as a context manager; `url` is its address."""

    makes_posts: ClassVar[str]  # the call that faults are meant for unless they name another
    switches: ClassVar[tuple[str, ...]] = ("skew",)  # what the control path may set

    def __init__(self, talk: type[FakeTalk], *, port: int, state_file: Path | None) -> None:
        self.skew, self.date_header = 0.0, True
        self.made: list[dict] = []  # one line a public post: time, key, text, id
        self.faults: list[dict] = []
        self.unexpected: list[str] = []
        self.requests: list[str] = []
        self.bodies: list[bytes] = []  # of the posts asked for, as they came
        self.lock = threading.RLock()
        self._state_file = state_file
        self._server = _Server(("127.0.0.1", port), talk, self)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if exception[0] is None:
            assert not self.unexpected, self.unexpected

    @classmethod
    def main(cls) -> None:
        """PORT [STATE-FILE] on the command line: until the process is ended."""
        state = Path(sys.argv[2]) if len(sys.argv) > 2 else None
        cls(port=int(sys.argv[1]), state_file=state)._server.serve_forever()

    def then(self, *faults: str | dict) -> None:
        with self.lock:
            self.faults += [one if isinstance(one, dict) else {"fault": one} for one in faults]

    def control(self, given: dict[str, Any]) -> None:
        self.then(*given.pop("next", []))
        for name in self.switches:
            if name in given:
                setattr(self, name, given.pop(name))
        assert not given, given

    def fault_for(self, call: str) -> tuple[str, float]:
        """The next fault meant for this call, taken off the list, with its number."""
        with self.lock:
            for one in self.faults:
                if one.get("on", self.makes_posts) == call:
                    self.faults.remove(one)
                    name, _, number = one["fault"].partition(":")
                    return name, float(number or 0)
        return "", 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.skew)

    def keep(self, line: dict, **more: Any) -> None:
        """Write down a post that is made now, before anybody is answered; `more` stands in the file only."""
        with self.lock:
            if self._state_file is not None:
                with self._state_file.open("a") as file:
                    file.write(json.dumps(line | more) + "\n")
                    file.flush()
            self.made.append(line)


class FakeTalk(BaseHTTPRequestHandler):
    """One connection to a fake: reads a request, has all of it checked, plays the fault it was told, answers.

    A network's own says what a path is called (`call_of`), what it answers (`answer`), which rate limits it tells
    (`limits`) and how it fails (`failed`).
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def call_of(self, path: str) -> str:
        return f"{self.command} {path}"

    def answer(self, parts: SplitResult, body: bytes, fault: str, number: float) -> Say:
        """Raises AssertionError for what the fake did not expect, FakeRefusal for what its server refuses."""
        raise NotImplementedError

    def limits(self) -> dict[str, str]:
        return {}

    def failed(self, words: str = "Something went wrong") -> Say:
        return Say(500, {"error": words})

    def kind(self, said: Say, fault: str) -> str:
        return "text/html" if isinstance(said.found, str) else "application/json; charset=utf-8"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/fake/"):
            return self._control(parts.path)
        fake, call = self.server.fake, self.call_of(parts.path)
        fake.requests.append(f"{self.command} {self.path}")
        fault, number = fake.fault_for(call)
        if fault == "drop_before":
            return self._hang_up()
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            assert len(dict(self.headers)) == len(self.headers.keys()), "a header came twice"
            said = self.answer(parts, body, fault, number)
        except FakeRefusal as no:
            said = no.say
        except AssertionError as wrong:
            fake.unexpected.append(f"{self.command} {parts.path}: {wrong}")
            said = Say(501, {"error": f"The fake did not expect this: {wrong}"})
        return self._say(said, fault, number)

    do_POST = do_PUT = do_DELETE = do_GET

    def lower_headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def wire(self, fault: str, number: float, act: Callable[[], Any]) -> Say | None:
        """Play a fault that comes before the server acts: Say(-1) when nobody is answered, None to go on."""
        if fault == "delay":
            time.sleep(number)
        elif fault == "duplicate":
            act()
        elif fault == "late":
            threading.Timer(number, act).start()
            return Say(-1)
        return None

    def _say(self, said: Say, fault: str, number: float) -> None:
        fake = self.server.fake
        if fault == "delay_after":
            time.sleep(number)
        if said.status == -1 or fault == "drop_after":
            return self._hang_up()
        if fault == "500_after":
            said = self.failed()
        body = b"<html>A page</html>" if fault == "not_json" else said.bytes()
        self.send_response_only(said.status)
        if fake.date_header:
            self.send_header("Date", format_datetime(fake.now(), usegmt=True))
        for name, value in ({"Content-Type": self.kind(said, fault)} | self.limits() | said.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "half_answer":
            self.wfile.write(body[: len(body) // 2])
            return self._hang_up()
        self.wfile.write(body)
        return None

    def _control(self, path: str) -> None:
        fake = self.server.fake
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if (self.command, path) == ("POST", "/fake/faults"):
            fake.control(json.loads(body))
            return self._say(Say(200, {}), "", 0)
        if (self.command, path) == ("GET", "/fake/posts"):
            return self._say(Say(200, fake.made), "", 0)
        return self._say(Say(404, {"error": "no such control"}), "", 0)

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(2)

    def log_message(self, *given: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, where: tuple[str, int], talk: type[FakeTalk], fake: FakeServer) -> None:
        self.fake = fake
        super().__init__(where, talk)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no fault of the fake; anything else fails the test."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.fake.unexpected.append(repr(error))
