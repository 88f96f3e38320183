"""Addresses as people and servers give them, checked before they are called, and what a document there says.

Everything is called by https only, because sign-ins travel with the calls; the owner of this installation may name
servers of their own that are not (QUARTERDECK_PRIVATE_HOSTS).
"""

from __future__ import annotations

import json
from typing import Any

import httpx

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky.xrpc import No
from quarterdeck.core import env
from quarterdeck.core.http import CallFailed

DEFAULT_SERVER = "https://bsky.social"
LARGEST = 256 * 1024  # bytes of a document; a DID document or a server's metadata is some 2 kB


def server(typed: str) -> str:
    """The address of a server as typed; https, unless the owner of this installation named it as their own."""
    text = typed.strip().rstrip("/") or DEFAULT_SERVER
    text = text if "://" in text else f"https://{text}"
    try:
        url = httpx.URL(text)
        calls.client().check(text)
    except (httpx.InvalidURL, CallFailed) as error:
        raise No(
            "The server is not an address that can be called. Bluesky’s own is https://bsky.social.",
            field="server",
        ) from error
    if url.path not in {"", "/"} or url.query or url.fragment:
        raise No("Please give the Bluesky server’s name alone, without a page on it.", field="server")
    if not _is_safe(url):
        raise No(
            "A Bluesky server is called by https only, because the sign-in travels with every call.",
            field="server",
        )
    return str(url).rstrip("/")


def handle(typed: str, entry: str) -> str:
    """A handle as Bluesky writes it, or an e-mail address as typed. At Bluesky's own server a name alone is one of
    its handles, and an address of a profile is understood."""
    text = typed.strip().removeprefix("https://bsky.app/profile/").removeprefix("@").strip().rstrip("/")
    if "@" in text or not text:
        return text
    short = "." not in text and not text.startswith("did:") and entry == DEFAULT_SERVER
    return text.lower() + (".bsky.social" if short else "")


def endpoint(given: Any) -> str:
    """An address that a server named for its calls; empty when it is none that we call."""
    if not isinstance(given, str) or len(given) > 500:
        return ""
    try:
        calls.client().check(given)
        url = httpx.URL(given)
    except (httpx.InvalidURL, CallFailed):
        return ""
    return given if _is_safe(url) and not url.fragment else ""


def origin(given: Any) -> str:
    """The same for an address that must be a server's alone: scheme, host and port, and no slash behind them."""
    found = endpoint(given)
    return found if found and str(httpx.URL(found)).rstrip("/") == found and _is_bare(found) else ""


def fetched(address: str) -> dict[str, Any] | None:
    """The JSON object that stands at exactly this address; None when there is none (a redirect is none).

    Raises No(transient=True) when the place does not answer.
    """
    answer = text_at(address)
    try:
        found = json.loads(answer) if answer is not None else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def text_at(address: str) -> bytes | None:
    """What stands at exactly this address, by its status 200. Raises No(transient=True) for no answer."""
    try:
        answer = calls.client().get(address, headers={"Accept": "*/*"}, largest=LARGEST)
    except CallFailed as failed:
        raise No(f"{failed.title} Please try again later.", transient=True) from failed
    if answer.status_code == 429 or answer.status_code >= 500:
        host = httpx.URL(address).host
        raise No(f"{host} has trouble answering just now. Please try again later.", transient=True)
    here = answer.status_code == 200 and str(answer.request.url) == str(httpx.URL(address))
    return answer.content if here else None


def _is_safe(url: httpx.URL) -> bool:
    own = env.private_hosts() & {url.host, f"{url.host}:{url.port}"}
    return url.scheme == "https" or bool(own)


def _is_bare(address: str) -> bool:
    url = httpx.URL(address)
    return url.path in {"", "/"} and not url.query


__all__ = ["DEFAULT_SERVER", "endpoint", "fetched", "handle", "origin", "server", "text_at"]
