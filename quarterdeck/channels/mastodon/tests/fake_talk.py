"""One connection to the fake server: reads a request, checks all of it, plays the fault it was told, answers."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from quarterdeck.channels.mastodon.tests.fake_calls import CALLS, Calls, No, Say

_AFTER = {"drop_after", "500_after", "half_answer", "not_json", "delay_after"}


class Talk(BaseHTTPRequestHandler):
    """Knows the connection and the faults; what the server answers is in `fake_calls`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        call = f"{self.command} {parts.path}"
        if parts.path.startswith("/fake/"):
            return self._control(parts.path)
        fake = self.server.fake
        fake.requests.append(f"{self.command} {self.path}")
        fault, number = fake.fault_for(call)
        if fault == "drop_before":
            return self._hang_up()
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            said = self._answer(
                parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body, fault, number
            )
        except No as no:
            said = no.say
        except AssertionError as wrong:
            fake.unexpected.append(f"{call}: {wrong}")
            said = Say(501, {"error": f"The fake did not expect this: {wrong}"})
        return self._say(said, fault, number)

    do_POST = do_PUT = do_DELETE = do_GET

    def _answer(self, path: str, query: dict, body: bytes, fault: str, number: float) -> Say:
        calls = Calls(self.server.fake, {k.lower(): v for k, v in self.headers.items()}, query, body)
        assert len(dict(self.headers)) == len(self.headers.keys()), "a header came twice"
        name, found, rule = self._rule(path)
        calls.check(rule)
        if fault and fault not in _AFTER:
            if said := self._play(fault, number, lambda: getattr(calls, name)(*found.groups())):
                return said
            calls.check(rule)  # a token may have ended meanwhile
        return getattr(calls, name)(*found.groups())

    def _rule(self, path: str) -> tuple[str, re.Match[str], dict]:
        for (method, pattern), rule in CALLS.items():
            if method == self.command and (found := re.fullmatch(pattern, path)):
                return rule["name"], found, rule
        raise AssertionError("there is no such call")

    def _play(self, fault: str, number: float, act: Any) -> Say | None:
        """What comes before the server acts: an answer instead of it, or None to go on."""
        fake = self.server.fake
        wait = fake.now() + timedelta(seconds=number)
        if fault == "delay":
            time.sleep(number)
        elif fault == "duplicate":
            act()
        elif fault == "late":
            threading.Timer(number, act).start()
            return Say(-1)
        elif fault in ("expired", "revoked"):
            fake.tokens[self.headers["authorization"].removeprefix("Bearer ")].state = fault
        else:
            return {
                "408": Say(408, {"error": "Request timeout"}),
                "500_before": Say(500, {"error": "Something went wrong"}),
                "429": Say(429, {"error": "Too many requests"}, {"Retry-After": str(int(number))}),
                "429_date": Say(
                    429, {"error": "Too many"}, {"Retry-After": format_datetime(wait, usegmt=True)}
                ),
                "429_reset": Say(429, {"error": "Too many"}, {"X-RateLimit-Reset": wait.isoformat()}),
                "422": Say(422, {"error": "Validation failed: Media could not be processed"}),
                "forbidden": Say(403, {"error": "This action is outside the authorized scopes"}),
                "suspended": Say(403, {"error": "Your login is currently disabled"}),
                "gone": Say(410, {"error": "This account is gone"}),
            }[fault]
        return None

    # --- answering ------------------------------------------------------------------------------------

    def _say(self, said: Say, fault: str, number: float) -> None:
        fake = self.server.fake
        if fault == "delay_after":
            time.sleep(number)
        if said.status == -1 or fault == "drop_after":
            return self._hang_up()
        if fault == "500_after":
            said = Say(500, {"error": "Something went wrong"})
        body = b"<html>A page</html>" if fault == "not_json" else said.bytes()
        self.send_response_only(said.status)
        if fake.date_header:
            self.send_header("Date", format_datetime(fake.now(), usegmt=True))
        limited = {
            "X-RateLimit-Limit": "300",
            "X-RateLimit-Remaining": "297",
            "X-RateLimit-Reset": (fake.now() + timedelta(minutes=5)).isoformat(),
        }
        kind = "text/html" if isinstance(said.found, str) else "application/json; charset=utf-8"
        for name, value in ({"Content-Type": kind} | limited | said.headers).items():
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
