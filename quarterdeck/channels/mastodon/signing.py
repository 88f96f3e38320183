"""What a channel's sign-in at its server may do, how long it lasts, and how it is renewed.

Mastodon's own tokens do not expire. A server that gives a refresh token and an end is renewed by OAuth (RFC 6749,
section 6); an answer without a new refresh token leaves the old one standing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from quarterdeck.channels.contract import Account, Health, Refused, Secrets
from quarterdeck.channels.mastodon.api import Answer, Api, instant, reset
from quarterdeck.core import clock
from quarterdeck.core.http import CallFailed

# Permission (documentation, "OAuth scopes") -> what it is for, after "may not" or "to".
NEEDED = {
    "read:accounts": "see whose account it is",
    "read:statuses": "read the account’s posts",
    "write:statuses": "publish posts",
    "write:media": "upload images",
}
NEVER = "never"  # kept as the end of a token that has none, over an end that was kept before


def missing(granted: Iterable[str]) -> list[str]:
    """The permissions we need and were not given. `read` holds all that begin with it, `write` likewise."""
    given = set(granted)
    given |= {"read:accounts"} if "profile" in given else set()
    return [need for need in NEEDED if need not in given and need.partition(":")[0] not in given]


def lacking(needs: Iterable[str]) -> str:
    """A sentence that names what is missing."""
    parts = [f"{NEEDED[need]} ({need})" for need in needs]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"Quarterdeck was not allowed to {listed}."


def who(api: Api) -> Mapping[str, Any]:
    """The account that is signed in (verify_credentials). Raises Refused."""
    answer = api.ask("GET", "/api/v1/accounts/verify_credentials", "see whose account it is")
    found = answer.found
    told = found if isinstance(found, Mapping) else {}
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", str(told.get("id"))) or not told.get("username"):
        raise Refused(f"{api.name} did not say whose account it is.", transient=True)
    return told


def outside_scope(answer: Answer) -> bool:
    """Whether a 403 means a missing permission (RFC 6750, section 3.1), not an account that is locked."""
    said = answer.found.get("error") if isinstance(answer.found, Mapping) else ""
    told = f"{answer.headers.get('www-authenticate', '')} {said}".lower()
    return answer.status == 403 and "scope" in told


def health(api: Api, account: Account) -> Health:
    """Whether the sign-in stands, for the same account; which permissions it lacks; how many calls are left."""
    answer = api.ask("GET", "/api/v1/accounts/verify_credentials", "see whose account it is", also=(403,))
    lacks = missing(account.facts.get("scopes") or NEEDED)
    found = answer.found if isinstance(answer.found, Mapping) else {}
    if answer.status == 403:
        if not outside_scope(answer):
            raise api.refusal(answer, "use this account")
        lacks.append("read:accounts")
    elif str(found.get("id")) != account.remote_id:
        raise Refused(
            f"The sign-in at {api.name} is for another account. Connect the channel again.", reconnect=True
        )
    lacks += [need for need in tried(api, account.remote_id) if need not in lacks]
    words = (
        [lacking([need for need in NEEDED if need in lacks]) + " Connect the channel again."] if lacks else []
    )
    if isinstance(found.get("moved"), Mapping):
        words.append(f"The account has moved to @{found['moved'].get('acct', '')}; connect that one.")
    return Health(_end(api.secrets), tuple(words), tuple(_left(answer, api.name)))


def tried(api: Api, account_id: str, *, writing: bool = False) -> list[str]:
    """Permissions that a token turns out to lack, by calls that change nothing: a 403 is a missing permission, a
    404 is none. `writing` also tries to change a post that cannot exist."""
    calls = [
        ("read:statuses", "GET", f"/api/v1/accounts/{account_id}/statuses?limit=1", {}),
        ("write:media", "GET", "/api/v1/media/0", {}),
    ]
    if writing:
        calls.append(("write:statuses", "PUT", "/api/v1/statuses/0", {"json": {"status": "."}}))
    lacks = []
    for need, method, path, given in calls:
        answer = api.ask(method, path, NEEDED[need], also=(400, 403, 404, 405, 410, 422), **given)
        if outside_scope(answer):
            lacks.append(need)
        elif answer.status == 403:
            raise api.refusal(answer, NEEDED[need])
    return [need for need in NEEDED if need in lacks]


def kept(answer: Mapping[str, Any], now: datetime) -> Secrets:
    """What a token answer gives to keep. A refresh token that is missing is empty, and so never overwrites."""
    lasts = answer.get("expires_in")
    ends = now + timedelta(seconds=min(lasts, 10**9)) if type(lasts) is int and lasts > 0 else None
    values = {
        "access_token": str(answer.get("access_token") or ""),
        "refresh_token": str(answer.get("refresh_token") or ""),
        "expires_at": ends.isoformat() if ends else NEVER,
    }
    return Secrets(values, ends)


def renew(api: Api) -> Secrets:
    """A fresh token for the refresh token; nothing where there is none, since such a token does not end."""
    token = api.secrets.get("refresh_token", "")
    if not token:
        return Secrets({})
    form = {"grant_type": "refresh_token", "refresh_token": token}
    form |= {name: api.secrets.get(name, "") for name in ("client_id", "client_secret")}
    again = f"Connect the channel to {api.name} again."
    try:
        answer = Api(api.server, {}).call("POST", "/oauth/token", data=form)
    except CallFailed as failed:
        raise Refused(f"{failed.title} The sign-in was not renewed.", transient=True) from None
    if answer.status in (400, 401, 403):
        raise Refused(f"{api.name} does not renew our sign-in any more. {again}", reconnect=True)
    if not answer.ok:
        raise _only_for_now(api.refusal(answer, "renew the sign-in"))
    if not isinstance(answer.found, Mapping) or not answer.found.get("access_token"):
        raise Refused(f"{api.name} did not answer with a new sign-in.", transient=True)
    return kept(answer.found, clock.now())


def revoke(api: Api) -> str:
    """End the token (RFC 7009). One that a person made is theirs: what to do is returned as a sentence."""
    app = {name: api.secrets.get(name, "") for name in ("client_id", "client_secret")}
    if not all(app.values()):
        return (
            f"The access token still works: please delete its application on {api.name}, under Preferences, "
            "Development."
        )
    form = app | {"token": api.secrets.get("access_token", "")}
    try:
        answer = Api(api.server, {}).call("POST", "/oauth/revoke", data=form)
    except CallFailed as failed:
        raise Refused(f"{failed.title} The sign-in was not ended there.", transient=True) from None
    if not answer.ok:
        raise api.refusal(answer, "end the sign-in")
    return ""


def _only_for_now(refused: Refused) -> Refused:
    return Refused(refused.words, transient=True, retry_after=refused.retry_after)


def _end(secrets: Mapping[str, str]) -> datetime | None:
    return instant(secrets.get("expires_at"))


def _left(answer: Answer, name: str) -> list[str]:
    left, most = (answer.headers.get(f"x-ratelimit-{one}", "") for one in ("remaining", "limit"))
    until = reset(answer)
    if not (left.isdigit() and most.isdigit()):
        return []
    when = f" until {until:%H:%M} UTC" if until else ""
    return [f"{int(left)} of {int(most)} calls are left on {name}{when}."]
