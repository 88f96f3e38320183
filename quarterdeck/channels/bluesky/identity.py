"""Who an account is (atproto, "Identity"): its handle leads to its permanent name (DID), that to a document, and the
document names the handle again, and the server that keeps the account.

The document is read where its kind of DID is kept, never at a server that could gain by lying about it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from quarterdeck.channels.bluesky import addresses
from quarterdeck.channels.bluesky.xrpc import No, Server

DIRECTORY = "https://plc.directory"  # where did:plc is kept
_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_WEB = re.compile(r"did:web:([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)")
_HANDLE = re.compile(r"(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Identity:
    """An account: its permanent name, its handle (the permanent name again where no handle leads back to it), and
    the address of the server that keeps it."""

    did: str
    handle: str
    server: str


def find(named: str, entry: str) -> Identity:
    """The account with this handle or DID. `entry` is the server that is asked what a handle leads to.

    Raises No, about the field `handle`.
    """
    if named.startswith("did:"):
        return of_did(named, entry)
    if not _HANDLE.fullmatch(named):
        raise No(
            "That is not a handle. It looks like harbourkitchen.bsky.social; an e-mail address does not do here.",
            field="handle",
        )
    did = _did(named, entry)
    if not did:
        raise No(
            f"No account is known by the handle {named}. Please check how it is written.", field="handle"
        )
    document = _document(did)
    if named not in _handles(document):
        raise No(
            f"The handle {named} leads to an account that does not call itself so. Its owner can mend that at "
            "Bluesky, under Settings, Account, Handle.",
            field="handle",
        )
    return Identity(did, named, _server(did, document))


def of_did(did: str, entry: str) -> Identity:
    """The account with this permanent name, by the first of its handles if that leads back to it. Raises No."""
    document = _document(did)
    named = next(iter(_handles(document)), "")
    leads_back = bool(named) and _did(named, entry) == did
    return Identity(did, named if leads_back else did, _server(did, document))


def is_did(text: Any) -> bool:
    """Whether it is a permanent name of a kind that Bluesky has (did:plc, did:web)."""
    return isinstance(text, str) and bool(_PLC.fullmatch(text) or _WEB.fullmatch(text)) and len(text) <= 200


def home(document: Any) -> str:
    """The server that keeps the account, as its DID document names it; empty when it does not say."""
    services = document.get("service") if isinstance(document, dict) else None
    for one in services if isinstance(services, list) else []:
        if isinstance(one, dict) and one.get("type") == "AtprotoPersonalDataServer":
            return str(one.get("serviceEndpoint") or "")
    return ""


def _did(handle: str, entry: str) -> str:
    """The DID a handle leads to: as the server says, which also looks in the DNS; else as its own web site says."""
    asked = {"handle": handle}
    try:
        said = Server(entry).ask("com.atproto.identity.resolveHandle", params=asked, signed=False)
        found = said.get("did")
    except No as no:
        if no.transient:
            raise
        found = None
    if found is None:
        found = _at_site(handle)
    return found if is_did(found) else ""


def _at_site(handle: str) -> str:
    try:
        return (addresses.text_at(f"https://{handle}/.well-known/atproto-did") or b"")[:300].decode().strip()
    except (No, UnicodeDecodeError):
        return ""


def _document(did: str) -> dict[str, Any]:
    if not is_did(did):
        raise No("That is not the permanent name of an account that can be asked for.", field="handle")
    web = _WEB.fullmatch(did)
    address = f"https://{web[1]}/.well-known/did.json" if web else f"{DIRECTORY}/{did}"
    document = addresses.fetched(address)
    if document is None or document.get("id") != did:
        raise No(f"Nothing is known of the account {did}: it was deleted, or never was.", field="handle")
    return document


def _handles(document: dict[str, Any]) -> list[str]:
    names = document.get("alsoKnownAs")
    listed = [one for one in (names if isinstance(names, list) else []) if isinstance(one, str)]
    found = [one.removeprefix("at://").lower() for one in listed if one.startswith("at://")]
    return [one for one in found if _HANDLE.fullmatch(one)]


def _server(did: str, document: dict[str, Any]) -> str:
    found = addresses.origin(home(document).rstrip("/"))
    if not found:
        raise No(f"The account {did} does not say which server keeps it, or none that can be called.")
    return found
