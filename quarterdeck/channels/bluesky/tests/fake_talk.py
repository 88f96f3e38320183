"""One connection to the fake server: reads a request, checks all of it, plays the fault it was told, answers."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from quarterdeck.channels.bluesky.tests.fake_calls import CALLS, Calls, No, Say

_AFTER = {"drop_after", "500_after", "half_answer", "not_json", "delay_after"}
_STATES = {"suspended", "deactivated", "gone"}


class Talk(BaseHTTPRequestHandler):
    """Knows the connection and the faults; what the server answers is in `fake_calls`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/fake/"):
            return self._control(parts.path)
        fake, call = self.server.fake, parts.path.removeprefix("/xrpc/")
        fake.requests.append(f"{self.command} {self.path}")
        fault, number = fake.fault_for(call)
        if fault == "drop_before":
            return self._hang_up()
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            said = self._answer(call, parse_qs(parts.query, keep_blank_values=True), body, fault, number)
        except No as no:
            said = no.say
        except AssertionError as wrong:
            fake.unexpected.append(f"{self.command} {call}: {wrong}")
            said = Say(501, {"error": "Unexpected", "message": f"The fake did not expect this: {wrong}"})
        return self._say(said, fault, number)

    do_POST = do_PUT = do_DELETE = do_GET

    def _answer(self, call: str, query: dict, body: bytes, fault: str, number: float) -> Say:
        headers = {name.lower(): value for name, value in self.headers.items()}
        assert len(headers) == len(self.headers.keys()), "a header came twice"
        calls = Calls(self.server.fake, headers, query, body)
        assert self.path.startswith("/xrpc/"), "there is no such page"
        assert call in CALLS, "there is no such call"
        rule = CALLS[call]
        assert self.command == rule.method, f"the method is {rule.method}"
        act = getattr(calls, call.rpartition(".")[2])
        early = fault and fault not in _AFTER
        said = self._play(fault, number, lambda: (calls.check(rule), act())) if early else None
        if said is None:
            calls.check(rule)
            said = act()
        return said

    def _play(self, fault: str, number: float, act: Callable[[], Any]) -> Say | None:
        """What comes before the server acts: an answer instead of it, or None to go on."""
        fake = self.server.fake
        if fault == "delay":
            time.sleep(number)
        elif fault == "duplicate":
            act()
        elif fault == "late":
            threading.Timer(number, act).start()
            return Say(-1)
        elif fault in ("expired", "revoked"):
            ended = self.headers["authorization"].removeprefix("Bearer ")
            (fake.expired if fault == "expired" else fake.ended).add(ended)
        elif fault in _STATES:
            for account in fake.accounts.values():
                account.state = fault
        else:
            return _answers(number, fake.now())[fault]
        return None

    # --- answering ------------------------------------------------------------------------------------

    def _say(self, said: Say, fault: str, number: float) -> None:
        fake = self.server.fake
        if fault == "delay_after":
            time.sleep(number)
        if said.status == -1 or fault == "drop_after":
            return self._hang_up()
        if fault == "500_after":
            said = _answers(0, fake.now())["500_before"]
        body = b"<html>A page</html>" if fault == "not_json" else said.bytes()
        kind = "text/html" if fault == "not_json" else "application/json; charset=utf-8"
        self.send_response_only(said.status)
        if fake.date_header:
            self.send_header("Date", format_datetime(fake.now(), usegmt=True))
        limits = {
            "RateLimit-Limit": "3000",
            "RateLimit-Remaining": "2987",
            "RateLimit-Reset": str(int((fake.now() + timedelta(minutes=5)).timestamp())),
        }
        for name, value in ({"Content-Type": kind} | limits | said.headers).items():
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


def _answers(number: float, now: Any) -> dict[str, Say]:
    """Answers that stand for the server acting."""
    wait = now + timedelta(seconds=number)
    limited = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
    return {
        "500_before": Say(500, {"error": "InternalServerError", "message": "Internal Server Error"}),
        "429": Say(429, limited, {"Retry-After": str(int(number))}),
        "429_date": Say(429, limited, {"Retry-After": format_datetime(wait, usegmt=True)}),
        "429_reset": Say(429, limited, {"RateLimit-Reset": str(int(wait.timestamp()))}),
        "refused": Say(400, {"error": "InvalidRequest", "message": "The image is not wanted"}),
        "too_large": Say(413, {"error": "PayloadTooLarge", "message": "request entity too large"}),
    }
