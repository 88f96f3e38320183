"""How the fake server answers a call: all of it is checked, the fault it was told is played, `fake_calls` answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from quarterdeck.channels.mastodon.tests.fake_calls import CALLS, Calls
from quarterdeck.channels.tests.fake_server import AFTER, FakeTalk, Say

_WIRE = {"delay", "duplicate", "late"}


class Talk(FakeTalk):
    """Knows which calls there are; what the server answers is in `fake_calls`."""

    def limits(self) -> dict[str, str]:
        reset = self.server.fake.now() + timedelta(minutes=5)
        return {
            "X-RateLimit-Limit": "300",
            "X-RateLimit-Remaining": "297",
            "X-RateLimit-Reset": reset.isoformat(),
        }

    def answer(self, parts: SplitResult, body: bytes, fault: str, number: float) -> Say:
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        calls = Calls(self.server.fake, self.lower_headers(), query, body)
        name, found, rule = self._rule(parts.path)
        calls.check(rule)
        if fault and fault not in AFTER:
            if said := self._play(fault, number, lambda: getattr(calls, name)(*found.groups())):
                return said
            calls.check(rule)  # a token may have ended meanwhile
        return getattr(calls, name)(*found.groups())

    def _rule(self, path: str) -> tuple[str, re.Match[str], dict]:
        for (method, pattern), rule in CALLS.items():
            if method == self.command and (found := re.fullmatch(pattern, path)):
                return rule["name"], found, rule
        raise AssertionError("there is no such call")

    def _play(self, fault: str, number: float, act: Callable[[], Any]) -> Say | None:
        """What comes before the server acts: an answer instead of it, or None to go on."""
        fake = self.server.fake
        if fault in _WIRE:
            return self.wire(fault, number, act)
        if fault in ("expired", "revoked"):
            fake.tokens[self.headers["authorization"].removeprefix("Bearer ")].state = fault
            return None
        return self._instead(number)[fault]

    def _instead(self, number: float) -> dict[str, Say]:
        """Answers that stand for the server acting."""
        wait = self.server.fake.now() + timedelta(seconds=number)
        return {
            "408": Say(408, {"error": "Request timeout"}),
            "500_before": self.failed(),
            "429": Say(429, {"error": "Too many requests"}, {"Retry-After": str(int(number))}),
            "429_date": Say(429, {"error": "Too many"}, {"Retry-After": format_datetime(wait, usegmt=True)}),
            "429_reset": Say(429, {"error": "Too many"}, {"X-RateLimit-Reset": wait.isoformat()}),
            "422": Say(422, {"error": "Validation failed: Media could not be processed"}),
            "forbidden": Say(403, {"error": "This action is outside the authorized scopes"}),
            "suspended": Say(403, {"error": "Your login is currently disabled"}),
            "gone": Say(410, {"error": "This account is gone"}),
        }
