"""One signed-in caller of a Mastodon server, and what its answers mean.

`call` gives any answer; `ask` is for calls that may be repeated, where no answer is only a transient refusal. What
became public is for the adapter to judge.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Gate, Refused
from quarterdeck.channels.mastodon import server as servers
from quarterdeck.core import clock
from quarterdeck.core.http import CallFailed

_LONGEST_WAIT = 24 * 3600.0  # seconds; a server cannot ask for more
_WAIT = 60.0  # seconds, where a server asks to wait and does not say how long


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its JSON (None when it is none), and when it came."""

    status: int
    headers: httpx.Headers
    found: Any
    at: datetime

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours, by its Date header (whole seconds); None without one."""
        told = _http_date(self.headers.get("date", ""))
        return told - self.at if told else None

    @property
    def next_page(self) -> str:
        """`max_id` of the next page by the Link header (RFC 8288), or empty when this is the last one."""
        try:
            links = httpx.Response(200, headers={"link": self.headers.get("link", "")}).links
            return httpx.URL(links["next"]["url"]).params.get("max_id", "")
        except (LookupError, ValueError, httpx.InvalidURL):
            return ""


@dataclass(frozen=True, slots=True)
class Api:
    """Calls `server` (scheme and host) with a token. `secrets` are never repeated in words."""

    server: str
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return servers.name(self.server)

    def call(self, method: str, path: str, *, gate: Gate = contextlib.nullcontext, **given: Any) -> Answer:
        """One call with our sign-in. Any status is an answer; raises CallFailed when there is none."""
        token = self.secrets.get("access_token", "")
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        headers |= given.pop("headers", {})
        response = calls.client().request(method, self.server + path, headers=headers, gate=gate, **given)
        return Answer(response.status_code, response.headers, servers.parsed(response), clock.now())

    def ask(self, method: str, path: str, doing: str, *, also: Collection[int] = (), **given: Any) -> Answer:
        """A call that may be repeated. Returns a 2xx answer, or one with a status in `also`; else raises Refused."""
        try:
            answer = self.call(method, path, **given)
        except CallFailed as failed:
            raise Refused(f"{failed.title} It was not possible to {doing}.", transient=True) from None
        if answer.status not in also and not answer.ok:
            raise self.refusal(answer, doing)
        return answer

    def refusal(self, answer: Answer, doing: str) -> Refused:
        """What an answer other than 2xx means for who wanted to do this ("publish this post")."""
        said = self._said(answer)
        quoted = f" It says: “{said}”." if said else ""
        status = answer.status
        if status == 401:
            return self._signed_out(quoted)
        if status == 403 and isinstance(answer.found, dict):
            return Refused(
                f"{self.name} does not let this channel {doing}.{quoted} Look whether the account is in good standing "
                "there, then connect the channel again and allow everything that is asked.",
                reconnect=True,
            )
        if status == 410:
            return Refused(
                f"The account is not on {self.name} any more.{quoted} Connect another one.", reconnect=True
            )
        if status == 429:
            wait = retry_after(answer)
            return Refused(
                f"{self.name} takes no more calls from this account for {_length(wait)}.",
                transient=True,
                retry_after=wait,
            )
        if status == 403 or status == 408 or not 400 <= status < 500:
            wait = retry_after(answer) if "retry-after" in answer.headers else None
            words = f"{self.name} could not {doing} just now (status {status}).{quoted}"
            return Refused(words, transient=True, retry_after=wait)
        reason = quoted or f" It gave no reason (status {status})."
        return Refused(f"{self.name} refused to {doing}.{reason} Change what it objects to, then try again.")

    def _signed_out(self, quoted: str) -> Refused:
        if self.secrets.get("refresh_token"):
            return Refused(f"The sign-in at {self.name} has run out.{quoted}", expired=True)
        return Refused(
            f"{self.name} does not accept our sign-in any more.{quoted} Connect the channel again.",
            reconnect=True,
        )

    def _said(self, answer: Answer) -> str:
        found = answer.found if isinstance(answer.found, dict) else {}
        said = found.get("error_description") or found.get("error")
        if not isinstance(said, str):
            return ""
        for secret in self.secrets.values():
            said = said.replace(secret, "…") if len(secret) >= 6 else said
        return "".join(c if c.isprintable() else " " for c in said)[:200].strip().rstrip(".")


def retry_after(answer: Answer) -> float:
    """Seconds to wait: Retry-After (RFC 9110, seconds or a date), else X-RateLimit-Reset, else a minute."""
    reference = answer.at + (answer.skew or timedelta())
    given = answer.headers.get("retry-after", "").strip()
    until: datetime | None = None
    if given.isascii() and given.isdigit():
        until = reference + timedelta(seconds=min(int(given[:9]), _LONGEST_WAIT))
    elif given:
        until = _http_date(given)
    until = until or reset(answer)
    if until is None:
        return _WAIT
    return min(max((until - reference).total_seconds(), 1.0), _LONGEST_WAIT)


def reset(answer: Answer) -> datetime | None:
    """When the server counts calls anew, by its own clock: X-RateLimit-Reset as a time or in seconds since 1970."""
    given = answer.headers.get("x-ratelimit-reset", "").strip()
    try:
        if given.isascii() and given.isdigit():
            return datetime.fromtimestamp(int(given), UTC)
        return instant(given)
    except (ValueError, OverflowError, OSError):
        return None


def instant(given: Any) -> datetime | None:
    """A time as Mastodon writes it (RFC 3339), aware; None for anything else."""
    try:
        found = datetime.fromisoformat(given)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _http_date(given: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(given)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _length(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} {'second' if round(seconds) == 1 else 'seconds'}"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.0f} hours"
