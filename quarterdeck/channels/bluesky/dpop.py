"""Proof of possession (DPoP, RFC 9449): each call carries a proof, signed anew with a key that only this sign-in has,
over the call's method and address, the token, and a nonce the server gave out.

A server that wants another nonce says so before it does anything, so the same call may be made once more. The last
nonce of each server is remembered while this process runs, and so is how far its clock is from ours: a proof must
bear the server's time.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from quarterdeck.core import clock

ALGORITHM = "ES256"
_CLOSE = (
    5.0  # seconds between two clocks that count as none: a Date header has whole seconds, and took its way
)
_NOTABLE = 30.0
_OF_ITS_TIME = {
    "invalid_dpop_proof",
    "invalid_token",
    "invalid_client",
}  # what a wrong time in what we signed is called
_MOST = 512  # servers and sign-ins remembered
_LONGEST_NONCE = 500


@dataclass(frozen=True, slots=True)
class Heard:
    """What a server said last: its nonce, and by how many seconds its clock is ahead of ours."""

    nonce: str = ""
    ahead: float = 0.0


class _Memory:
    """The last that was heard, by server and sign-in; of the server at all, where this sign-in is new to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: OrderedDict[tuple[str, str], Heard] = OrderedDict()

    def of(self, origin: str, key: str) -> Heard:
        with self._lock:
            return self._heard.get((origin, key)) or self._heard.get((origin, "")) or Heard()

    def keep(self, origin: str, key: str, heard: Heard) -> None:
        with self._lock:
            for name in ((origin, ""), (origin, key)):
                self._heard[name] = heard
                self._heard.move_to_end(name)
            while len(self._heard) > _MOST:
                self._heard.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._heard.clear()


memory = _Memory()


class Prover:
    """Makes the headers of calls with one key. `token` is empty for calls that need none beside the proof."""

    def __init__(self, key: str, token: str = "") -> None:
        self.token, self._key = token, _private(key)
        self._public = public_jwk(self._key)
        self._name = thumbprint(self._public)

    def headers(self, method: str, url: str) -> dict[str, str]:
        """`DPoP`, and `Authorization` where there is a token. `url` may have a query; the proof leaves it out."""
        heard = memory.of(_origin(url), self._name)
        claims: dict[str, Any] = {
            "jti": secrets.token_urlsafe(24),
            "htm": method,
            "htu": str(httpx.URL(url).copy_with(query=None, fragment=None)),
            "iat": int(clock.now().timestamp() + heard.ahead),
        }
        claims |= {"nonce": heard.nonce} if heard.nonce else {}
        claims |= {"ath": digest(self.token)} if self.token else {}
        kind = {"typ": "dpop+jwt", "jwk": self._public}
        made = {"DPoP": jwt.encode(claims, self._key, algorithm=ALGORITHM, headers=kind)}
        return made | ({"Authorization": f"DPoP {self.token}"} if self.token else {})

    def ahead(self, url: str) -> float:
        """By how many seconds the server's clock is ahead of ours, as last heard."""
        return memory.of(_origin(url), self._name).ahead

    def hear(self, url: str, answer: httpx.Response) -> bool:
        """Remember what the answer brought. True when the server refused only the proof, before it did anything,
        and another one with what it said now may do: the call may be made once more."""
        before = memory.of(_origin(url), self._name)
        given = answer.headers.get("dpop-nonce", "")
        good = 0 < len(given) <= _LONGEST_NONCE and given.isascii()
        nonce = given if good else before.nonce
        ahead = _ahead(answer.headers.get("date", ""), before.ahead)
        memory.keep(_origin(url), self._name, Heard(nonce, ahead))
        said = error(answer)
        if said == "use_dpop_nonce":
            return good
        return said in _OF_ITS_TIME and abs(ahead - before.ahead) > _CLOSE

    def why_refused(self, url: str) -> str:
        """A sentence for a person: why the server does not take our proofs. The clock, where that is it."""
        host, ahead = httpx.URL(url).host, self.ahead(url)
        if abs(ahead) <= _NOTABLE:
            return f"{host} did not take the proof that the sign-in is ours. It may work in a moment."
        length = f"{abs(ahead):.0f} seconds" if abs(ahead) < 90 else f"{abs(ahead) / 60:.0f} minutes"
        way = "behind" if ahead > 0 else "ahead of"
        return (
            f"{host} did not take our sign-in: the clock of the machine Quarterdeck runs on is {length} {way} the one "
            "there. Please set it."
        )


def new_key() -> str:
    """A fresh private key (P-256) as text to keep sealed."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half as a JWK (RFC 7517), nothing but what its kind requires."""
    numbers = key.public_key().public_numbers()
    x, y = (base64url(one.to_bytes(32, "big")) for one in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return digest(json.dumps(required, separators=(",", ":"), sort_keys=True))


def digest(text: str) -> str:
    """SHA-256 in base64url: the hash of a token in a proof, and the challenge of a verifier (RFC 7636, S256)."""
    return base64url(hashlib.sha256(text.encode()).digest())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def error(answer: httpx.Response) -> str:
    """The name a refusal has: in its body, or in the header that asks for a sign-in. Empty for none."""
    if answer.status_code not in {400, 401}:
        return ""
    for name in ("use_dpop_nonce", "invalid_dpop_proof"):
        if f'error="{name}"' in answer.headers.get("www-authenticate", ""):
            return name
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("error") or "") if isinstance(said, dict) else ""


@functools.lru_cache(maxsize=256)
def _private(key: str) -> ec.EllipticCurvePrivateKey:
    found = serialization.load_pem_private_key(key.encode(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError("The key of a sign-in is of another kind.")
    return found


def _origin(url: str) -> str:
    found = httpx.URL(url)
    return f"{found.scheme}://{found.netloc.decode()}"


def _ahead(date: str, before: float) -> float:
    try:
        told = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return before
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    seconds = (told - clock.now()).total_seconds()
    return seconds if abs(seconds) > _CLOSE else 0.0
