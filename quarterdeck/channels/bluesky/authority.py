"""Where one signs in for an account: its server names an authorization server (RFC 9728), which says of itself how it
is called (RFC 8414). atproto asks more of it than OAuth does; a server that lacks any of it is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from quarterdeck.channels.bluesky import addresses
from quarterdeck.channels.bluesky.xrpc import No

OTHER_WAY = "Please connect with an app password instead."
# What its metadata must hold (atproto OAuth, "Server Metadata"): lists with a member, and flags that are true.
_MEMBERS = {
    "response_types_supported": "code",
    "grant_types_supported": "refresh_token",
    "code_challenge_methods_supported": "S256",
    "dpop_signing_alg_values_supported": "ES256",
    "scopes_supported": "atproto",
}
_FLAGS = (
    "authorization_response_iss_parameter_supported",
    "require_pushed_authorization_requests",
    "client_id_metadata_document_supported",
)


@dataclass(frozen=True, slots=True)
class Authority:
    """An authorization server: its name and the addresses of its calls. `revocation` may be empty."""

    issuer: str
    authorization: str
    pushed: str
    token: str
    revocation: str

    @property
    def host(self) -> str:
        return httpx.URL(self.issuer).host


def of_server(server: str) -> Authority:
    """The one that lets people in to this server. Raises No."""
    return read(named_by(server))


def named_by(server: str) -> str:
    """The name (issuer) of that one, as the server says. Raises No."""
    host = httpx.URL(server).host
    said = addresses.fetched(f"{server}/.well-known/oauth-protected-resource")
    if said is None:
        raise No(f"The server {host} does not let people sign in this way. {OTHER_WAY}")
    named = said.get("authorization_servers")
    issuer = addresses.origin(named[0]) if isinstance(named, list) and len(named) == 1 else ""
    if not issuer or said.get("resource", server) != server:
        raise No(f"The server {host} does not say clearly where to sign in for it. {OTHER_WAY}")
    return issuer


def read(issuer: str) -> Authority:
    """What an authorization server says of itself. Raises No, also when it is another than it was asked as."""
    host = httpx.URL(issuer).host
    said = addresses.fetched(f"{issuer}/.well-known/oauth-authorization-server")
    if said is None or said.get("issuer") != issuer:
        raise No(f"{host} does not answer as the place to sign in. {OTHER_WAY}")
    found = Authority(
        issuer,
        addresses.endpoint(said.get("authorization_endpoint")),
        addresses.endpoint(said.get("pushed_authorization_request_endpoint")),
        addresses.endpoint(said.get("token_endpoint")),
        addresses.endpoint(said.get("revocation_endpoint")),
    )
    if not (found.authorization and found.pushed and found.token) or _lacks(said):
        raise No(f"{host} does not let people sign in as safely as Bluesky asks of it. {OTHER_WAY}")
    return found


def _lacks(said: dict[str, Any]) -> bool:
    has = all(isinstance(said.get(name), list) and one in said[name] for name, one in _MEMBERS.items())
    return not (has and all(said.get(name) is True for name in _FLAGS))
