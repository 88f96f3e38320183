"""Who Quarterdeck is when it asks for a sign-in. There is nothing to register: the name of a client is an address
where a document says who it is (atproto OAuth, "Client ID Metadata Document").

With a tested public https address that is a document of ours, and we sign what we send with a key of this
installation: servers let such a sign-in last for months. Without one we are what the protocol calls a localhost
client: it works only in a browser on this very machine, and its sign-ins last two weeks.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse

from quarterdeck.channels.bluesky import dpop
from quarterdeck.channels.bluesky.xrpc import No
from quarterdeck.core import clock, env, reach
from quarterdeck.core.secrets import derive

SCOPE = "atproto transition:generic"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTED_FOR = 60  # seconds
_LOCAL = "http://localhost?"
_ORDER = int("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)  # of P-256 (SP 800-186)


def returning(back: str) -> tuple[str, str]:
    """Our name as a client and where people are sent back to, when they came from `back`, an address of ours.

    Raises No where nobody could be sent back.
    """
    url = urlsplit(back)
    if public := _public():
        return public + reverse("channels-bluesky-client"), public + url.path
    if url.scheme != "http" or url.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise No(
            "Bluesky sends people back only to a public https address that was tested (its owner sets it under "
            "Settings, Public address), or to the machine Quarterdeck runs on: open it there at "
            f"{env.local_url()} Or connect with an app password; that works everywhere."
        )
    there = f"http://127.0.0.1{url.path}"  # by number, as RFC 8252 asks; shell/hosts.py sends people on to localhost
    asked = {"redirect_uri": there, "scope": SCOPE}
    port = f":{url.port}" if url.port else ""
    return _LOCAL + urlencode(asked), f"http://127.0.0.1{port}{url.path}"


def is_local(client_id: str) -> bool:
    """Whether it is the name of a localhost client, whose sign-ins end soon."""
    return client_id.startswith(_LOCAL)


def credentials(client_id: str, issuer: str, ahead: float = 0.0) -> dict[str, str]:
    """The fields by which a client says who it is, and proves it where it can (RFC 7523). `ahead`: by how many seconds
    the server's clock is ahead of ours."""
    if is_local(client_id):
        return {"client_id": client_id}
    now = int(clock.now().timestamp() + ahead)
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "jti": secrets.token_urlsafe(24),
        "iat": now,
        "exp": now + _ASSERTED_FOR,
    }
    key = _key()
    kind = {"kid": dpop.thumbprint(dpop.public_jwk(key))}
    made = jwt.encode(claims, key, algorithm=dpop.ALGORITHM, headers=kind)
    return {"client_id": client_id, "client_assertion_type": _ASSERTION, "client_assertion": made}


def document() -> dict[str, Any] | None:
    """What stands at our name; None without a public address that can be one."""
    public = _usable(reach.public_url())
    if not public:
        return None
    jwk = dpop.public_jwk(_key())
    key = jwk | {"kid": dpop.thumbprint(jwk), "use": "sig", "alg": dpop.ALGORITHM}
    return {
        "client_id": public + reverse("channels-bluesky-client"),
        "client_name": "Quarterdeck",
        "client_uri": f"{public}/",
        "application_type": "web",
        "redirect_uris": [public + reverse("channels-back")],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": SCOPE,
        "dpop_bound_access_tokens": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": dpop.ALGORITHM,
        "jwks": {"keys": [key]},
    }


def _public() -> str:
    """The public address, once a test has shown that it leads here."""
    now = reach.status()
    return _usable(now.url) if now.passed else ""


def _usable(public: str) -> str:
    """A client's name is an https address by name and without a port."""
    url = urlsplit(public)
    try:
        ipaddress.ip_address(url.hostname or "")
    except ValueError:
        return public if url.scheme == "https" and not url.port and "." in (url.hostname or "") else ""
    return ""


def _key() -> ec.EllipticCurvePrivateKey:
    """This installation's key as a client, the same in every process: made from the installation key, so that it is
    never stored and no backup of the database holds it. Extra bits against bias: FIPS 186-5, A.2.1."""
    drawn = int.from_bytes(derive("channels.bluesky.client", 48), "big")
    return ec.derive_private_key(drawn % (_ORDER - 1) + 1, ec.SECP256R1())
