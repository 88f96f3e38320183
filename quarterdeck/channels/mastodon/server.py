"""Which server it is: the name a person types made into an address, and what the server says of itself.

Software is believed to be Mastodon only where nodeinfo says so and the version does not call itself merely
compatible; only then is the idempotency key trusted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Json, Refused
from quarterdeck.channels.mastodon import limits
from quarterdeck.core import clock, env
from quarterdeck.core.http import CallFailed

KEY_LIFE = timedelta(minutes=55)  # documented: "stored for up to 1 hour"; less, for the call's own time
_LARGEST = 1024 * 1024  # bytes; an Instance entity is some 10 kB


def address(typed: str) -> str:
    """The server's address (scheme, host, port) from a name, an address or a handle. Refused in words."""
    given = typed.strip()
    scheme, found, rest = given.partition("://")
    if not found:
        scheme, rest = "https", given
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].rstrip(".").lower()
    private = _is_private(host)
    if scheme.lower() == "http" and not private:
        raise Refused(
            "Only https addresses are called. Type the name of your server, such as mastodon.social."
        )
    if not host or ("." not in host and not private) or re.search(r"\s", host):
        raise Refused(
            "This is not the name of a server. It looks like mastodon.social, or like @you@mastodon.social."
        )
    made = f"{scheme.lower()}://{host}"
    try:
        calls.client().check(made)
    except CallFailed as failed:
        raise Refused(failed.title) from None
    if len(made) > 200:
        raise Refused("The name of the server is too long.")
    return made


def facts(base: str) -> tuple[str, dict[str, Json]]:
    """What the server says of itself, and the address it answers at (it may send us on once). Raises Refused."""
    instance, base = _instance(base)
    software, version = _nodeinfo(base)
    named = instance.get("domain") or instance.get("uri") or ""
    return base, {
        "software": software,
        "version": _brief(version or instance.get("version")),
        "compatible_only": "compatible" in str(instance.get("version")).lower(),
        "domain": _domain(named) or name(base),
        "title": _brief(instance.get("title")),
        "limits": limits.said(instance),
        "read_at": clock.now().isoformat(timespec="seconds"),
    }


def honours_key(kept: Mapping[str, Any]) -> bool:
    """Whether a second call with the same key is known to make no second post on this server."""
    return kept.get("software") == "mastodon" and not kept.get("compatible_only")


def edits(kept: Mapping[str, Any]) -> bool:
    """Editing came with Mastodon 3.5.0 (its documentation, statuses, "Edit a status")."""
    version = re.match(r"(\d+)\.(\d+)", str(kept.get("version")))
    return honours_key(kept) and version is not None and tuple(map(int, version.groups())) >= (3, 5)


def name(base: str) -> str:
    """The server's name for people."""
    return base.partition("://")[2] or base


def origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii').lower()}"


def _instance(base: str) -> tuple[Mapping[str, Any], str]:
    for path in ("/api/v2/instance", "/api/v1/instance"):
        try:
            answer = calls.client().get(base + path, largest=_LARGEST)
        except CallFailed as failed:
            raise Refused(
                f"{failed.title} Look at the server’s name, or try again later.", transient=True
            ) from None
        found = parsed(answer)
        if answer.status_code == 200 and isinstance(found, dict) and isinstance(found.get("version"), str):
            return found, origin(answer.request.url)
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Refused(f"{name(base)} has trouble answering just now. Try again later.", transient=True)
    raise Refused(
        f"{name(base)} does not answer as a Mastodon server. If you open Mastodon in the browser under another name "
        "than your handle ends in, type that name."
    )


def _nodeinfo(base: str) -> tuple[str, str]:
    """Software and version by nodeinfo (nodeinfo.diaspora.software), or empty where it is not to be had."""
    try:
        links = parsed(calls.client().get(f"{base}/.well-known/nodeinfo", largest=_LARGEST))
        found = [
            link["href"]
            for link in (links.get("links") or ())
            if re.search(r"/ns/schema/2\.\d+$", link["rel"]) and origin(httpx.URL(link["href"])) == base
        ]
        told = parsed(calls.client().get(max(found), largest=_LARGEST))["software"]
        return _brief(told["name"]).lower(), _brief(told["version"])
    except (CallFailed, AttributeError, LookupError, TypeError, ValueError, httpx.InvalidURL):
        return "", ""


def parsed(answer: httpx.Response) -> Any:
    """The answer's JSON; None when it is none, or nested beyond sense."""
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _domain(named: Any) -> str:
    """The name that handles end in: `domain` of version 2, or `uri` of version 1, which may be a whole address."""
    host = str(named).rpartition("://")[2].split("/")[0].lower()
    return host if re.fullmatch(r"[\w.-]+(:\d+)?", host) and len(host) <= 100 else ""


def _is_private(host: str) -> bool:
    """Whether the owner named this server as one of their own: only those are called without https."""
    allowed = env.private_hosts()
    return host in allowed or (host.rpartition(":")[0] or host) in allowed


def _brief(found: Any) -> str:
    return "".join(c for c in found if c.isprintable())[:100] if isinstance(found, str) else ""
