"""One call to a Bluesky server (XRPC: HTTP with JSON), and what its refusals mean for us.

`ask` is for calls that may be repeated: every failure is a Refused. `act` is for the one that makes something
public: it raises Unclear wherever the server may have acted and did not clearly say so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky.dpop import Prover
from quarterdeck.channels.contract import Gate, Refused, Unclear
from quarterdeck.core import clock
from quarterdeck.core.http import CallFailed

AGAIN = "Please connect the channel again."
ASK_OWNER = (
    "Please look into it at Bluesky; if the account has moved to another server, connect the channel again."
)
_SIGN_IN = {
    "InvalidToken": "Bluesky does not accept our sign-in any more.",
    "AuthMissing": "Bluesky was not given a sign-in.",
    "AuthenticationRequired": "Bluesky does not accept our sign-in for this account.",
    "AccountNotFound": "Bluesky says that the account does not exist any more.",
    "AccountTakedown": "Bluesky has taken the account down.",
    "AccountSuspended": "Bluesky has suspended the account.",
    "AccountDeactivated": "The account is deactivated on Bluesky.",
    "InsufficientScope": "Our sign-in at Bluesky does not include the permission for this.",
}
_RUN_OUT = {"ExpiredToken"}
_RUN_OUT_WITH_PROOF = _RUN_OUT | {
    "InvalidToken",
    "invalid_token",
}  # renewed, revoked or run out: renewing will tell
_OURS_NO_MORE = {"AccountNotFound", "AccountTakedown", "AccountSuspended", "AccountDeactivated"}
_PROOF_REFUSED = {"use_dpop_nonce", "invalid_dpop_proof"}
_NO_SUCH_CALL = {"MethodNotImplemented", "XRPCNotSupported", "NotImplemented"}


NOTHING = (b"", "")  # to post nothing


class No(Refused):
    """The server's refusal, with the name it gave the reason (`InvalidSwap`, `RecordNotFound`, ...), or none."""

    def __init__(self, words: str, *, name: str = "", **kind: Any) -> None:
        super().__init__(words, **kind)
        self.name = name


class NoAnswer(Unclear):
    """No clear answer; `name` is what the server called its own fault, where it said."""

    def __init__(self, words: str, name: str = "") -> None:
        super().__init__(words)
        self.name = name


class Server:
    """A server and the sign-in with which it is called: a token that whoever has it may use, or one that is good only
    with proofs (`prover`). `last` is its last answer's headers."""

    def __init__(self, address: str, token: str = "", prover: Prover | None = None) -> None:
        self.address, self.token = address.rstrip("/"), token
        self._prover = prover if token else None
        self.last: Mapping[str, str] = {}

    def ask(
        self, call: str, *, post: Any = None, params: Mapping[str, Any] | None = None, signed: bool = True
    ) -> dict[str, Any]:
        """A call that changes nothing, or that may be repeated. `post` is JSON to send, or a (bytes, type) pair.

        Raises No.
        """
        content, mime = post if isinstance(post, tuple) else (_json(post), "application/json")
        content = None if post is None else content
        try:
            return self._call(call, content, mime, params=params, signed=signed)
        except NoAnswer as error:
            raise No(error.words, name=error.name, transient=True) from error

    def act(self, call: str, body: Mapping[str, Any], *, gate: Gate) -> dict[str, Any]:
        """The call that makes something public; its first byte leaves inside `with gate():`. Also raises Unclear."""
        return self._call(call, _json(body), "application/json", gate=gate)

    def _call(
        self, call: str, content: bytes | None, mime: str, *, signed: bool = True, **given: Any
    ) -> dict[str, Any]:
        if signed and not self.token:
            raise No(f"{_SIGN_IN['AuthMissing']} {AGAIN}", reconnect=True)
        method, url = "GET" if content is None else "POST", f"{self.address}/xrpc/{call}"
        prover = self._prover if signed else None
        answer = self._once(method, url, content, mime, signed=signed, **given)
        if prover and prover.hear(url, answer):  # only the proof was refused, and nothing was done: once more
            answer = self._once(method, url, content, mime, signed=signed, **given)
            prover.hear(url, answer)
        self.last = answer.headers
        return self._read(answer)

    def _once(
        self, method: str, url: str, content: bytes | None, mime: str, *, signed: bool, **given: Any
    ) -> httpx.Response:
        """Each of the two passes the gate: what is held meanwhile is not sent a second time."""
        headers = {"Accept": "application/json"} | ({"Content-Type": mime} if content else {})
        headers |= self._sign_in(method, url) if signed else {}
        try:
            return calls.client().request(method, url, headers=headers, content=content, **given)
        except CallFailed as error:
            if error.may_have_arrived:
                raise NoAnswer(f"Bluesky did not answer clearly. {error.title}") from error
            raise No(f"Bluesky cannot be reached. {error.title}", transient=True) from error

    def _sign_in(self, method: str, url: str) -> dict[str, str]:
        return (
            self._prover.headers(method, url) if self._prover else {"Authorization": f"Bearer {self.token}"}
        )

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        said = _object(answer)
        if answer.status_code == 429:
            raise No(
                "Bluesky asks us to wait: too many calls were made in a short time.",
                name="RateLimitExceeded",
                transient=True,
                retry_after=wait(answer.headers),
            )
        if said is None or answer.status_code >= 500 or answer.status_code == 408:
            raise NoAnswer(_unclear(answer.status_code), str((said or {}).get("error") or ""))
        if answer.status_code == 200:
            return said
        raise self._refusal(answer.status_code, said)

    def _refusal(self, status: int, said: dict[str, Any]) -> No:
        name, message = str(said.get("error") or ""), self._quoted(said.get("message"))
        if name in _PROOF_REFUSED and self._prover:
            return No(self._prover.why_refused(self.address), name=name, transient=True)
        if name in (_RUN_OUT_WITH_PROOF if self._prover else _RUN_OUT):
            return No("Our sign-in at Bluesky has run out and has to be renewed.", name=name, expired=True)
        if name in _SIGN_IN or status in {401, 403}:
            words = _SIGN_IN.get(name, "Bluesky does not let us do this for the account.")
            todo = "Please ask its owner to look into it at Bluesky." if name in _OURS_NO_MORE else AGAIN
            return No(f"{words} {todo}", name=name, reconnect=True)
        if name in _NO_SUCH_CALL or status in {404, 501}:
            return No("This Bluesky server does not offer that.", name=name or "MethodNotImplemented")
        if name == "BlobNotFound":
            return No(
                "Bluesky has not kept an image that was brought to it. Plan the post again: the image is then "
                "brought anew.",
                name=name,
            )
        if status == 413:
            return No("The file is larger than this Bluesky server takes. Please make it smaller.", name=name)
        return No(f"Bluesky refused it{message}.", name=name)

    def _quoted(self, message: Any) -> str:
        """The server's own words, cut and cleaned; our sign-in never stands in them."""
        text = "".join(c if c.isprintable() else " " for c in str(message or "")).strip().rstrip(".")
        if self.token:
            text = text.replace(self.token, "…")
        return f" and said: “{text[:200]}”" if text else " and gave no reason"


def _json(body: Any) -> bytes:
    """The same bytes for the same body, whatever order its keys came back in."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _object(answer: httpx.Response) -> dict[str, Any] | None:
    """The JSON object of an answer; no bytes are none too, as some calls answer. None when it is anything else."""
    if answer.status_code == 200 and not answer.content:
        return {}
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _unclear(status: int) -> str:
    if status >= 500:
        return f"Bluesky met a fault of its own (status {status})."
    if status == 408:
        return "Bluesky gave up waiting for what we sent."
    return f"Bluesky’s answer (status {status}) cannot be read."


def wait(headers: Mapping[str, str]) -> float | None:
    """How long to wait, in seconds, by the server's own clock: Retry-After in both its forms (RFC 9110), else when
    the rate limit begins anew. None when it does not say."""
    said = headers.get("retry-after", "").strip()
    now = _moment(headers.get("date", "")) or clock.now()
    if said.isdigit():
        return float(said)
    until = _moment(said)
    reset = headers.get("ratelimit-reset", "").strip()
    if until is None and reset.isdigit() and len(reset) < 12:
        until = datetime.fromtimestamp(int(reset), UTC)
    return None if until is None else max(0.0, (until - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
