"""Connecting a Bluesky account with an app password: a second password that can be withdrawn by itself.

The server that signs us in names the one that keeps the account (its PDS); that is the one called from then on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, ClassVar

import httpx

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import session
from quarterdeck.channels.bluesky.xrpc import NOTHING, No, Server
from quarterdeck.channels.contract import Connected, Elsewhere, Field, Refused
from quarterdeck.core import env
from quarterdeck.core.http import CallFailed

DEFAULT_SERVER = "https://bsky.social"
NAME_LENGTH = 80
MADE_WHERE = "Bluesky makes one under Settings, Privacy and security, App passwords."


class BlueskyConnector:
    """Asks for a server, a handle and an app password."""

    network: ClassVar[str] = "bluesky"
    steps: ClassVar[tuple[str, ...]] = (
        "Sign in at bsky.app with the account that posts are to come from.",
        "Open Settings, then Privacy and security, then App passwords.",
        "Add an app password, name it “Quarterdeck”, and leave access to direct messages off.",
        "Copy the password shown; Bluesky shows it only once. Paste it here beside the account’s handle.",
        "To end our access later, remove that app password at Bluesky, or disconnect the channel here.",
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("handle", "Handle", "The account’s name, such as harbourkitchen.bsky.social."),
        Field("password", "App password", f"Not the password you sign in with. {MADE_WHERE}", secret=True),
        Field(
            "server",
            "Server",
            "Leave this as it is, unless the account is kept on a server of its own.",
            initial=DEFAULT_SERVER,
        ),
    )

    def begin(self, values: Mapping[str, str], *, back: str) -> Connected | Elsewhere:
        """Sign in. Nothing of the password is kept: only the session it opens, which renews itself."""
        entry = _server(values.get("server", ""))
        handle, password = _handle(values.get("handle", ""), entry), values.get("password", "").strip()
        if not handle or not password:
            raise No("Bluesky needs both the handle and an app password.")
        said = _sign_in(entry, handle, password)
        if session.is_of_main_password(str(said.get("accessJwt"))):
            _sign_out(entry, said)
            raise No(
                "That is the account’s main password, and Quarterdeck does not keep those. Please make an app "
                f"password instead. {MADE_WHERE}"
            )
        return _connected(entry, said)

    def complete(self, keep: Mapping[str, str], answer: Mapping[str, str]) -> Connected:
        raise No("Bluesky is connected with an app password, not by signing in there.")


def _server(typed: str) -> str:
    """The address of a server as typed; https, unless the owner of this installation named it as their own."""
    text = typed.strip().rstrip("/") or DEFAULT_SERVER
    text = text if "://" in text else f"https://{text}"
    try:
        url = httpx.URL(text)
        calls.client().check(text)
    except (httpx.InvalidURL, CallFailed) as error:
        raise No(
            "The server is not an address that can be called. Bluesky’s own is https://bsky.social."
        ) from error
    if url.path not in {"", "/"} or url.query or url.fragment:
        raise No("Please give the Bluesky server’s name alone, without a page on it.")
    own = env.private_hosts() & {url.host, f"{url.host}:{url.port}"}
    if url.scheme != "https" and not own:
        raise No("A Bluesky server is called by https only, because the sign-in travels with every call.")
    return str(url).rstrip("/")


def _handle(typed: str, entry: str) -> str:
    """A handle as Bluesky writes it, or an e-mail address as typed. At Bluesky's own server a name alone is one of
    its handles, and an address of a profile is understood."""
    text = typed.strip().removeprefix("https://bsky.app/profile/").removeprefix("@").strip().rstrip("/")
    if "@" in text or not text:
        return text
    short = "." not in text and not text.startswith("did:") and entry == DEFAULT_SERVER
    return text.lower() + (".bsky.social" if short else "")


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
    server = _home(said.get("didDoc")) or entry
    return Connected(
        handle=handle,
        remote_id=did,
        name=_name(server, did) or handle[:NAME_LENGTH],
        server=server,
        secrets=session.secrets(said),
        facts={"entry": entry} | _facts(server),
    )


def _home(document: Any) -> str:
    """The server that keeps the account, as its DID document names it; empty when it does not say."""
    services = document.get("service") if isinstance(document, dict) else None
    for one in services if isinstance(services, list) else []:
        if isinstance(one, dict) and one.get("type") == "AtprotoPersonalDataServer":
            return _server(str(one.get("serviceEndpoint") or ""))
    return ""


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
