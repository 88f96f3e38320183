"""How the fake server judges proofs of possession (RFC 9449, section 4.3), read anew here so that it shares no code
with what is tested. What we never agreed on is an AssertionError; what a server may refuse is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

import jwt

from quarterdeck.channels.tests.fake_server import FakeRefusal, Say

if TYPE_CHECKING:
    from quarterdeck.channels.bluesky.tests.fake_bluesky import FakeBluesky

EARLY_OR_LATE = 60.0  # seconds that the time of a proof may be from the server's


class No(FakeRefusal):
    """A refusal of a proof or a token: as an authorization server says it, or (`asks`) as one with records does."""

    def __init__(self, name: str, words: str = "", *, status: int = 400, asks: bool = False) -> None:
        headers = {"WWW-Authenticate": f'DPoP error="{name}", algs="ES256"'} if asks else {}
        told = {"error": name, "message" if asks else "error_description": words or name}
        self.say = Say(401 if asks else status, told, headers)


class Nonces:
    """What proofs must carry: the newest nonce, or the one before it. `rotate` makes both another; `always` lets none
    be good twice."""

    def __init__(self) -> None:
        self.always = False
        self.good = [secrets.token_urlsafe(16)]
        self.refused = 0

    @property
    def newest(self) -> str:
        return self.good[-1]

    def rotate(self) -> None:
        self.good = [secrets.token_urlsafe(16)]

    def after_a_call(self) -> None:
        if self.always:
            self.rotate()


def check(
    fake: FakeBluesky, headers: dict[str, str], method: str, path: str, *, token: str = "", asks: bool = False
) -> str:
    """Whose key made the proof (its thumbprint)."""
    head = jwt.get_unverified_header(headers["dpop"])
    assert head.keys() == {"typ", "alg", "jwk"}, f"the head of a proof: {sorted(head)}"
    assert (head["typ"], head["alg"]) == ("dpop+jwt", "ES256"), "the kind of a proof"
    assert head["jwk"].keys() == {"kty", "crv", "x", "y"}, "a proof shows only the public key"
    key = jwt.PyJWK.from_dict(head["jwk"], algorithm="ES256").key
    claims = jwt.decode(
        headers["dpop"], key, algorithms=["ES256"], options={"verify_iat": False, "verify_exp": False}
    )
    _check_claims(fake, claims, method, path, token)
    if abs(claims["iat"] - fake.now().timestamp()) > EARLY_OR_LATE:
        raise No("invalid_dpop_proof", "Failed to verify DPoP proof: iat", asks=asks)
    if claims.get("nonce") not in fake.nonces.good:
        fake.nonces.refused += 1
        raise No("use_dpop_nonce", "Authorization server requires nonce in DPoP proof", asks=asks)
    fake.nonces.after_a_call()
    return thumbprint(head["jwk"])


def _check_claims(fake: FakeBluesky, claims: dict[str, Any], method: str, path: str, token: str) -> None:
    allowed = {"jti", "htm", "htu", "iat", "nonce"} | ({"ath"} if token else set())
    assert allowed - {"nonce"} <= claims.keys() <= allowed, f"a proof says {sorted(claims)}"
    assert claims["htm"] == method, f"a proof for {claims['htm']}"
    assert claims["htu"] == fake.url + path, f"a proof for {claims['htu']}"
    assert len(claims["jti"]) >= 16, "a proof that can be guessed"
    assert claims["jti"] not in fake.proofs, "a proof was used twice"
    fake.proofs.add(claims["jti"])
    if token:
        assert claims["ath"] == hashed(token), "a proof for another token"


def thumbprint(jwk: dict[str, str]) -> str:
    required = {name: jwk[name] for name in sorted(("crv", "kty", "x", "y"))}
    return hashed(json.dumps(required, separators=(",", ":")))


def hashed(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
