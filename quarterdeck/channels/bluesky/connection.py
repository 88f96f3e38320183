"""Connecting a Bluesky account: by signing in there (OAuth), or with an app password, a second password that can be
withdrawn by itself.

The server that lets us in is not always the one that keeps the account (its PDS); that is the one called from then on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, ClassVar

import httpx

from quarterdeck.channels.bluesky import addresses, identity, oauth, session
from quarterdeck.channels.bluesky.xrpc import NOTHING, No, Server
from quarterdeck.channels.contract import Connected, Elsewhere, Field, Refused

NAME_LENGTH = 80
MADE_WHERE = "Bluesky makes one under Settings, Privacy and security, App passwords."
_OTHER_WAY = "With an app password instead"


class BlueskyConnector:
    """Sends a person to sign in there; with an app password it needs nobody to go anywhere."""

    network: ClassVar[str] = "bluesky"
    steps: ClassVar[tuple[str, ...]] = (
        "Type the handle of the account that posts are to come from, and go on to the place where it is kept, within "
        "five minutes.",
        "Sign in there, and allow what is asked. You come back here, and press one last button.",
        "That works in a browser on the machine Quarterdeck runs on, and from everywhere once this installation has a "
        "public https address that was tested. With such an address the sign-in is renewed by itself. Without one "
        "Bluesky ends it after two weeks, and you are asked to sign in again a day before.",
        "An app password works from everywhere too, and is renewed by itself. At bsky.app open Settings, Privacy and "
        "security, App passwords. Add an app password, name it “Quarterdeck”, leave access to direct messages off, "
        "and copy it: Bluesky shows it only once.",
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("handle", "Handle", "The account’s name, such as harbourkitchen.bsky.social."),
        Field(
            "server",
            "Server",
            "Leave this as it is, unless the account is kept on a server of its own.",
            initial=addresses.DEFAULT_SERVER,
        ),
        Field(
            "password",
            "App password",
            f"Not the password you sign in with. {MADE_WHERE}",
            secret=True,
            required=False,
            other_way=_OTHER_WAY,
        ),
    )

    def begin(self, values: Mapping[str, str], *, back: str) -> Connected | Elsewhere:
        """Nothing of an app password is kept: only the session it opens, which renews itself."""
        entry = addresses.server(values.get("server", ""))
        handle = addresses.handle(values.get("handle", ""), entry)
        password = values.get("password", "").strip()
        if not handle:
            raise No("Bluesky needs the account’s handle.", field="handle")
        if not password:
            return oauth.begin(handle, entry, back)
        said = _sign_in(entry, handle, password)
        if session.is_of_main_password(str(said.get("accessJwt"))):
            _sign_out(entry, said)
            raise No(
                "That is the account’s main password, and Quarterdeck does not keep those. Please make an app "
                f"password instead. {MADE_WHERE}",
                field="password",
            )
        return _connected(entry, said)

    def complete(self, keep: Mapping[str, str], answer: Mapping[str, str]) -> Connected:
        done = oauth.complete(keep, answer)
        did, server = done.identity.did, done.identity.server
        return Connected(
            handle=done.identity.handle,
            remote_id=did,
            name=_name(server, did) or done.identity.handle[:NAME_LENGTH],
            server=server,
            secrets=done.secrets,
            facts={"oauth": done.facts} | _facts(server),
        )


def _sign_in(entry: str, handle: str, password: str) -> dict[str, Any]:
    try:
        said = Server(entry).ask(
            "com.atproto.server.createSession",
            post={"identifier": handle, "password": password},
            signed=False,
        )
    except No as no:
        raise _why_not(no, entry) from no
    if not str(said.get("did", "")).startswith("did:") or not isinstance(said.get("accessJwt"), str):
        raise No(f"{httpx.URL(entry).host} does not answer as a Bluesky server does.")
    return said


def _why_not(no: No, entry: str) -> Refused:
    host = httpx.URL(entry).host
    if no.name == "AuthFactorTokenRequired":
        return No(
            "That is the account’s main password: Bluesky asks for a code by e-mail with it. Please make an app "
            f"password instead. {MADE_WHERE}"
        )
    if no.name == "AuthenticationRequired":
        return No(
            f"Bluesky does not know this handle with this app password at {host}. Please check both, and whether "
            "the account is kept on another server."
        )
    if no.transient and no.name != "RateLimitExceeded":
        return No(f"{no.words} Please check the server’s address, or try again later.", transient=True)
    if no.name == "MethodNotImplemented":
        return No(f"{host} does not answer as a Bluesky server does. Please check the server’s address.")
    return no


def _sign_out(entry: str, said: Mapping[str, Any]) -> None:
    with contextlib.suppress(Refused):
        Server(entry, str(said.get("refreshJwt") or "")).ask("com.atproto.server.deleteSession", post=NOTHING)


def _connected(entry: str, said: Mapping[str, Any]) -> Connected:
    did, handle = said["did"], str(said.get("handle") or said["did"])
    if said.get("active") is False:
        raise No("Bluesky says that this account is not active. Please look into it at Bluesky first.")
    home = identity.home(said.get("didDoc"))
    server = addresses.server(home) if home else entry
    return Connected(
        handle=handle,
        remote_id=did,
        name=_name(server, did) or handle[:NAME_LENGTH],
        server=server,
        secrets=session.secrets(said),
        facts={"entry": entry} | _facts(server),
    )


def _facts(server: str) -> dict[str, int]:
    """What the server says of itself: the most bytes it takes in a file."""
    with contextlib.suppress(Refused):
        limit = Server(server).ask("com.atproto.server.describeServer", signed=False).get("blobUploadLimit")
        if isinstance(limit, int) and limit > 0:
            return {"blob_limit": limit}
    return {}


def _name(server: str, did: str) -> str:
    """What the account calls itself, from its profile; empty when it has none."""
    asked = {"repo": did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    with contextlib.suppress(Refused):
        value = Server(server).ask("com.atproto.repo.getRecord", params=asked, signed=False).get("value")
        if isinstance(value, dict) and isinstance(value.get("displayName"), str):
            return value["displayName"].strip()[:NAME_LENGTH]
    return ""
