"""Connecting a Mastodon account: by signing in there (OAuth, with PKCE where the server announces it), or with an
access token that a person made in the server's settings.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Connected, Elsewhere, Field, Json, Refused, Secrets
from quarterdeck.channels.mastodon import server, signing
from quarterdeck.channels.mastodon.api import Api
from quarterdeck.core import clock
from quarterdeck.core.http import CallFailed

ALL = " ".join(signing.NEEDED)
WIDE = "read write"  # for software that knows no finer permissions
_CLIENT = "Quarterdeck"


class MastodonConnector:
    """Signs a person in at the server they name."""

    network: ClassVar[str] = "mastodon"
    steps: ClassVar[tuple[str, ...]] = (
        "Type the name of your server, or your whole handle.",
        "You are sent to your server. Sign in there as the account that shall publish, and allow what is asked.",
        "Your server sends you back here, and the channel is connected.",
        "If you would rather make the access yourself: on your server open Preferences, Development, New application, "
        f"tick {', '.join(signing.NEEDED)}, submit, open the application, and copy “Your access token” into the "
        "second field.",
    )
    fields: ClassVar[tuple[Field, ...]] = (
        Field("server", "Your server", "mastodon.social, or @you@mastodon.social"),
        Field(
            "token",
            "Access token",
            "Only if you made an application in your server’s settings. Leave it empty to sign in there.",
            secret=True,
            required=False,
            other_way="With an access token instead",
        ),
    )

    def begin(self, values: Mapping[str, str], *, back: str) -> Connected | Elsewhere:
        base, facts = server.facts(server.address(values.get("server", "")))
        if token := values.get("token", "").strip():
            return _by_hand(base, facts, token)
        return _elsewhere(base, facts, back)

    def complete(self, keep: Mapping[str, str], answer: Mapping[str, str]) -> Connected:
        """Raises Refused: not allowed, not the answer to our question, or permissions missing."""
        name = server.name(keep["server"])
        if not hmac.compare_digest(answer.get("state", "").encode(), keep["state"].encode()):
            raise Refused("This answer does not belong to the sign-in that was begun here. Begin again.")
        if answer.get("iss") and answer["iss"].rstrip("/") != keep["issuer"]:  # RFC 9207
            raise Refused(f"This answer does not come from {name}. Begin again.")
        if answer.get("error") == "access_denied":
            raise Refused(f"You did not allow it on {name}, so nothing was connected.")
        if answer.get("error") or not answer.get("code"):
            raise Refused(f"{name} did not let you sign in. Nothing was connected; begin again.")
        token = _token(keep, answer["code"])
        granted = str(token.get("scope") or keep["scopes"]).split()
        if lacks := signing.missing(granted):
            raise Refused(
                f"{signing.lacking(lacks)} Nothing was connected; begin again and allow everything asked."
            )
        found = signing.kept(token, clock.now())
        app = {name: keep[name] for name in ("client_id", "client_secret")}
        kept = Secrets({**app, **found.values}, found.expires_at)
        facts = json.loads(keep["facts"]) | {"scopes": granted}
        return _connected(Api(keep["server"], kept.values), facts, kept)


def _elsewhere(base: str, facts: dict[str, Json], back: str) -> Elsewhere:
    told = _announced(base)
    scopes = ALL if server.honours_key(facts) else WIDE
    app = _register(base, back, scopes)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": back,
        "scope": scopes,
        "state": state,
    }
    if "S256" in (told.get("code_challenge_methods_supported") or ()):  # RFC 7636
        digest = hashlib.sha256(verifier.encode()).digest()
        asked["code_challenge"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked["code_challenge_method"] = "S256"
    else:
        verifier = ""
    keep = {
        **app,
        "server": base,
        "issuer": str(told.get("issuer") or base).rstrip("/"),
        "state": state,
        "verifier": verifier,
        "back": back,
        "scopes": scopes,
        "facts": json.dumps(facts),
    }
    return Elsewhere(f"{base}/oauth/authorize?{urlencode(asked)}", keep)


def _announced(base: str) -> Mapping[str, Any]:
    """The server's OAuth metadata (RFC 8414; Mastodon since 4.3), or nothing."""
    try:
        answer = calls.client().get(f"{base}/.well-known/oauth-authorization-server")
    except CallFailed:
        return {}
    found = server.parsed(answer) if answer.status_code == 200 else None
    return found if isinstance(found, dict) else {}


def _register(base: str, back: str, scopes: str) -> dict[str, str]:
    form = {"client_name": _CLIENT, "redirect_uris": back, "scopes": scopes}
    answer = Api(base).ask("POST", "/api/v1/apps", "register Quarterdeck there", data=form)
    found = answer.found if isinstance(answer.found, dict) else {}
    app = {name: found.get(name) for name in ("client_id", "client_secret")}
    if not all(isinstance(value, str) and value for value in app.values()):
        raise Refused(
            f"{server.name(base)} did not let Quarterdeck register there. Try again later.", transient=True
        )
    return app


def _token(keep: Mapping[str, str], code: str) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": keep["client_id"],
        "client_secret": keep["client_secret"],
        "redirect_uri": keep["back"],
        "scope": keep["scopes"],
    }
    form |= {"code_verifier": keep["verifier"]} if keep["verifier"] else {}
    name = server.name(keep["server"])
    answer = Api(keep["server"]).ask(
        "POST", "/oauth/token", "finish the sign-in", also=(400, 401, 403), data=form
    )
    found = answer.found if isinstance(answer.found, dict) else {}
    if not answer.ok or not isinstance(found.get("access_token"), str) or not found["access_token"]:
        raise Refused(
            f"{name} did not accept the sign-in: it was used already, or took too long. Begin again."
        )
    return found


def _by_hand(base: str, facts: dict[str, Json], token: str) -> Connected:
    if not token.isascii() or not token.isprintable() or " " in token or len(token) > 1000:
        raise Refused("This is not an access token: it is one word of letters and digits.")
    api = Api(base, {"access_token": token})
    try:
        account = signing.who(api)
    except Refused as refused:
        if refused.transient:
            raise
        raise Refused(
            f"{api.name} does not accept this access token. Look whether it was copied whole, and whether it may "
            f"{signing.NEEDED['read:accounts']} (read:accounts)."
        ) from None
    lacks = signing.tried(api, str(account["id"]), writing=True)
    if lacks:
        raise Refused(
            f"{signing.lacking(lacks)} Nothing was connected; edit the application on your server, and copy its new "
            "access token."
        )
    kept = Secrets({"access_token": token, "expires_at": signing.NEVER})
    return _connected(api, facts | {"scopes": list(signing.NEEDED)}, kept, account)


def _connected(
    api: Api, facts: dict[str, Json], kept: Secrets, account: Mapping[str, Any] | None = None
) -> Connected:
    account = account or signing.who(api)
    username = str(account["username"])
    return Connected(
        handle=f"{username}@{facts['domain']}"[:120],
        remote_id=str(account["id"]),
        name=(str(account.get("display_name") or "").strip() or username)[:80],
        server=api.server,
        secrets=kept,
        facts=facts,
    )


__all__ = ["MastodonConnector"]
