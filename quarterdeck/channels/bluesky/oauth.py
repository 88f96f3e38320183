"""Signing in at the network (OAuth by atproto's profile): what is asked for is pushed to the authorization server
(RFC 9126), the person allows it there, and the code they bring back becomes two tokens that are good only with the
key of this one sign-in. The second renews both, once: an old one used again ends the whole sign-in.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import authority, client, dpop, identity
from quarterdeck.channels.bluesky.authority import Authority
from quarterdeck.channels.bluesky.identity import Identity
from quarterdeck.channels.bluesky.xrpc import AGAIN, No, wait
from quarterdeck.channels.contract import Account, Elsewhere, Refused, Secrets
from quarterdeck.core import clock
from quarterdeck.core.http import CallFailed

NEEDED = set(client.SCOPE.split())
# How long such servers keep a sign-in. They do not say it in any answer; the reference server's (@atproto/pds 0.5.35,
# oauth-constants) are 14 days for a localhost client whatever it does, and for others three months without a renewal.
LOCAL_LIFE, UNUSED_LIFE = timedelta(days=14), timedelta(days=90)
_LONGEST = 4096  # characters of a token
_NOT_US = {"invalid_client", "invalid_client_metadata", "unauthorized_client"}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a finished sign-in gave: whose it is, what to keep sealed, and what to know of it."""

    identity: Identity
    secrets: Secrets
    facts: dict[str, str]


def begin(named: str, entry: str, back: str) -> Elsewhere:
    """Ask the authorization server of the account with this handle or DID. Raises No."""
    client_id, back = client.returning(back)
    found = identity.find(named, entry)
    there = authority.of_server(found.server)
    key, state, verifier = dpop.new_key(), secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    asked = {
        "response_type": "code",
        "redirect_uri": back,
        "scope": client.SCOPE,
        "state": state,
        "code_challenge": dpop.digest(verifier),
        "code_challenge_method": "S256",
        "login_hint": named,
    }
    said = _ask(there, there.pushed, asked, client_id, key)
    request = said.get("request_uri")
    if not isinstance(request, str) or not 0 < len(request) <= 500:
        raise No(f"{there.host} did not answer as the place to sign in. Please try again later.")
    keep = {
        "state": state,
        "verifier": verifier,
        "key": key,
        "issuer": there.issuer,
        "did": found.did,
        "handle": found.handle,
        "entry": entry,
        "client_id": client_id,
        "back": back,
    }
    way = httpx.URL(there.authorization).copy_merge_params({"client_id": client_id, "request_uri": request})
    return Elsewhere(str(way), keep)


def complete(keep: Mapping[str, str], answer: Mapping[str, str]) -> SignedIn:
    """The person is back. Raises Refused: not allowed, not the answer to our question, or another account."""
    _check(keep, answer)
    there = authority.read(keep["issuer"])
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": keep["back"],
        "code_verifier": keep["verifier"],
    }
    try:
        said = _ask(there, there.token, form, keep["client_id"], keep["key"])
    except No as no:
        if no.name != "invalid_grant":
            raise
        raise No("Bluesky did not accept the sign-in: it was used already, or took too long.") from no
    try:
        found = _whose(keep, there, said)
        kept = _secrets(said, keep["key"])
    except Refused:
        _end(there, said.get("refresh_token") or said.get("access_token"), keep["client_id"], keep["key"])
        raise
    facts = {
        "issuer": there.issuer,
        "client_id": keep["client_id"],
        "began_at": clock.now().isoformat(timespec="seconds"),
    }
    return SignedIn(found, kept, facts)


def _check(keep: Mapping[str, str], answer: Mapping[str, str]) -> None:
    """That it is the answer to our question, from whom we asked (RFC 9207), and that it is yes."""
    if not hmac.compare_digest(answer.get("state", "").encode(), keep["state"].encode()):
        raise No("This answer does not belong to the sign-in that was begun here.")
    if answer.get("iss") != keep["issuer"]:
        raise No("This answer does not come from where you were sent to sign in.")
    if answer.get("error") == "access_denied":
        raise No("You did not allow it at Bluesky.")
    if answer.get("error") or not answer.get("code"):
        raise No("Bluesky did not let you sign in, or you took too long there.")


def _whose(keep: Mapping[str, str], there: Authority, said: Mapping[str, Any]) -> Identity:
    """The account that signed in is the one asked for, its server does name this authorization server, and we may
    do what we need: any server could otherwise speak for any account."""
    if said.get("sub") != keep["did"]:
        raise No(f"You signed in at Bluesky as another account than @{keep['handle']}.", field="handle")
    found = identity.of_did(keep["did"], keep["entry"])
    if authority.named_by(found.server) != there.issuer:
        raise No("The account’s server does not name the place where you signed in as its own.")
    lacks = NEEDED - set(str(said.get("scope")).split())
    if str(said.get("token_type")).lower() != "dpop" or lacks:
        raise No("Bluesky did not give all that is needed to publish. Please allow everything that is asked.")
    return found


def renew(account: Account) -> Secrets:
    """A new pair of tokens for the one that renews. Raises No."""
    known, key = account.facts["oauth"], account.secrets["key"]
    there = authority.read(known["issuer"])
    form = {"grant_type": "refresh_token", "refresh_token": account.secrets.get("refresh", "")}
    try:
        said = _ask(there, there.token, form, known["client_id"], key)
    except No as no:
        if no.transient or no.name in _NOT_US:
            raise
        raise No(f"Our sign-in at Bluesky has ended. {AGAIN}", name=no.name, reconnect=True) from no
    if said.get("sub") != account.remote_id:
        raise No(f"Bluesky renewed the sign-in of another account. {AGAIN}", reconnect=True)
    return _secrets(said, "")


def revoke(account: Account) -> bool:
    """End the sign-in (RFC 7009). False where the server offers no way to. Raises No."""
    known, kept = account.facts["oauth"], account.secrets
    there = authority.read(known["issuer"])
    if there.revocation:
        token = {"token": kept.get("refresh") or kept.get("access", "")}
        _ask(there, there.revocation, token, known["client_id"], kept["key"])
    return bool(there.revocation)


def ends_anyway(account: Account) -> bool:
    """Whether the sign-in ends on its day however often it is renewed."""
    return client.is_local(account.facts["oauth"]["client_id"])


def ends(account: Account) -> datetime:
    """When the sign-in ends: whatever is done, or unless it is renewed. As far as is known of such servers."""
    known = account.facts["oauth"]
    if ends_anyway(account):
        return datetime.fromisoformat(known["began_at"]) + LOCAL_LIFE
    return datetime.fromisoformat(account.secrets.get("renewed_at") or known["began_at"]) + UNUSED_LIFE


def words(account: Account) -> tuple[str, ...]:
    """What a person should know of how long it lasts."""
    if not ends_anyway(account):
        return ()
    return (
        f"Bluesky ends a sign-in without a public address {LOCAL_LIFE.days} days after it began. With a tested public "
        "https address, or an app password, it is renewed by itself.",
    )


def _end(there: Authority, token: Any, client_id: str, key: str) -> None:
    """End a sign-in that will not be kept; best effort."""
    if isinstance(token, str) and there.revocation:
        try:
            _ask(there, there.revocation, {"token": token}, client_id, key)
        except Refused:
            return


def _secrets(said: Mapping[str, Any], key: str) -> Secrets:
    """What an answer of the token endpoint gives to keep. What is missing in it is empty, and never overwrites."""
    access, refresh, lasts = said.get("access_token"), said.get("refresh_token"), said.get("expires_in")
    if not isinstance(access, str) or not 0 < len(access) <= _LONGEST or not access.isascii():
        raise No("Bluesky signed us in, but its answer cannot be read.", transient=True)
    renews = isinstance(refresh, str) and len(refresh) <= _LONGEST
    now = clock.now()
    values = {
        "access": access,
        "refresh": refresh if renews else "",
        "key": key,
        "renewed_at": now.isoformat(timespec="seconds"),
    }
    good = type(lasts) in (int, float) and 0 < lasts < 10**8
    return Secrets(values, now + timedelta(seconds=lasts) if good else None)


# --- one call ---------------------------------------------------------------------------------------


def _ask(there: Authority, url: str, form: dict[str, str], client_id: str, key: str) -> dict[str, Any]:
    """A call of the authorization server; made once more where it refused only the proof. Raises No."""
    prover = dpop.Prover(key)
    for more in (True, False):
        sent = form | client.credentials(client_id, there.issuer, prover.ahead(url))
        try:
            answer = calls.client().request(
                "POST", url, data=sent, headers={"Accept": "application/json"} | prover.headers("POST", url)
            )
        except CallFailed as failed:
            raise No(f"{there.host} did not answer. {failed.title}", transient=True) from failed
        if not (prover.hear(url, answer) and more):
            break
    return _read(there, answer, client_id, prover)


def _read(there: Authority, answer: httpx.Response, client_id: str, prover: dpop.Prover) -> dict[str, Any]:
    said = _object(answer)
    status, name = answer.status_code, str((said or {}).get("error") or "")
    if status == 429:
        words = f"{there.host} asks us to wait: too many calls were made in a short time."
        raise No(words, name="RateLimitExceeded", transient=True, retry_after=wait(answer.headers))
    if said is None or status >= 500 or status == 408:
        raise No(f"{there.host} could not answer just now (status {status}).", transient=True)
    if 200 <= status < 300:
        return said
    if name in {"use_dpop_nonce", "invalid_dpop_proof"}:
        raise No(prover.why_refused(there.token), name=name, transient=True)
    if name in _NOT_US:
        raise _unknown_here(there, client_id, name)
    raise No(f"{there.host} did not let Quarterdeck sign in{_quoted(said)}.", name=name)


def _unknown_here(there: Authority, client_id: str, name: str) -> No:
    if client.is_local(client_id):
        words = f"{there.host} lets only installations with a public address sign in this way. {authority.OTHER_WAY}"
        return No(words, name=name)
    return No(
        f"{there.host} could not read at {client_id} who Quarterdeck is, or read something else there. Please look "
        "under Settings, Public address, whether that address still leads here.",
        name=name,
        transient=True,
    )


def _quoted(said: Mapping[str, Any]) -> str:
    given = said.get("error_description") or said.get("error") or ""
    text = "".join(c if c.isprintable() else " " for c in str(given)).strip().rstrip(".")
    return f" and said: “{text[:200]}”" if text else " and gave no reason"


def _object(answer: httpx.Response) -> dict[str, Any] | None:
    if 200 <= answer.status_code < 300 and not answer.content:
        return {}
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
