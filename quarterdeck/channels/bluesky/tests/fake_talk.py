"""How the fake server answers a call: all of it is checked, the fault it was told is played, `fake_calls` answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs

from quarterdeck.channels.bluesky.tests.fake_calls import CALLS, Calls
from quarterdeck.channels.bluesky.tests.fake_oauth import OAuth
from quarterdeck.channels.tests.fake_server import AFTER, FakeTalk, Say

_STATES = {"suspended", "deactivated", "gone"}
_WIRE = {"delay", "duplicate", "late"}


class Talk(FakeTalk):
    """Knows which calls there are; what the server answers is in `fake_calls`."""

    def call_of(self, path: str) -> str:
        return path.removeprefix("/xrpc/") if path.startswith("/xrpc/") else f"{self.command} {path}"

    def limits(self) -> dict[str, str]:
        if "dpop" in self.headers:
            return self._limits() | {"DPoP-Nonce": self.server.fake.nonces.newest}
        return self._limits()

    def _limits(self) -> dict[str, str]:
        reset = self.server.fake.now() + timedelta(minutes=5)
        return {
            "RateLimit-Limit": "3000",
            "RateLimit-Remaining": "2987",
            "RateLimit-Reset": str(int(reset.timestamp())),
        }

    def failed(self, words: str = "Internal Server Error") -> Say:
        return Say(500, {"error": "InternalServerError", "message": words})

    def kind(self, said: Say, fault: str) -> str:
        return "text/html" if fault == "not_json" else super().kind(said, fault)

    def answer(self, parts: SplitResult, body: bytes, fault: str, number: float) -> Say:
        if not parts.path.startswith("/xrpc/"):
            return self._sign_in(parts, body, fault, number)
        call, query = self.call_of(parts.path), parse_qs(parts.query, keep_blank_values=True)
        calls = Calls(self.server.fake, self.lower_headers(), query, body, parts.path)
        assert call in CALLS, "there is no such call"
        rule = CALLS[call]
        assert self.command == rule.method, f"the method is {rule.method}"
        act = getattr(calls, call.rpartition(".")[2])
        early = fault and fault not in AFTER
        said = self._play(fault, number, lambda: (calls.check(rule), act())) if early else None
        if said is None:
            calls.check(rule)
            said = act()
        return said

    def _sign_in(self, parts: SplitResult, body: bytes, fault: str, number: float) -> Say:
        answers = OAuth(self.server.fake, self.command, parts, self.lower_headers(), body)
        early = fault and fault not in AFTER
        said = self._play(fault, number, answers.answer) if early else None
        return answers.answer() if said is None else said

    def _play(self, fault: str, number: float, act: Callable[[], Any]) -> Say | None:
        """What comes before the server acts: an answer instead of it, or None to go on."""
        fake = self.server.fake
        if fault in _WIRE:
            return self.wire(fault, number, act)
        if fault in ("expired", "revoked"):
            ended = self.headers["authorization"].partition(" ")[2]
            (fake.expired if fault == "expired" else fake.ended).add(ended)
        elif fault in _STATES:
            for account in fake.accounts.values():
                account.state = fault
        else:
            return self._instead(number)[fault]
        return None

    def _instead(self, number: float) -> dict[str, Say]:
        """Answers that stand for the server acting."""
        wait = self.server.fake.now() + timedelta(seconds=number)
        limited = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
        return {
            "500_before": self.failed(),
            "429": Say(429, limited, {"Retry-After": str(int(number))}),
            "429_date": Say(429, limited, {"Retry-After": format_datetime(wait, usegmt=True)}),
            "429_reset": Say(429, limited, {"RateLimit-Reset": str(int(wait.timestamp()))}),
            "refused": Say(400, {"error": "InvalidRequest", "message": "The image is not wanted"}),
            "too_large": Say(413, {"error": "PayloadTooLarge", "message": "request entity too large"}),
        }
