"""Looking for a post whose answer was lost, among the account's own posts.

A post is *the same* when text, answered post, visibility and images agree. *Absent* is said only when the posts were
read back to before the call, nothing among them could be it (changed, edited, made some hours before), and the call
is over for more than a minute, since a server may still be working. Everything else is unknown, with what is near.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Account, Finding, Published, Refused
from quarterdeck.channels.mastodon import fingerprint, server
from quarterdeck.channels.mastodon.api import Answer, Api, instant
from quarterdeck.core import clock

MARGIN = timedelta(
    seconds=10
)  # a Date header tells whole seconds, and one server's machines disagree a little
MARGIN_WITHOUT_DATE = timedelta(minutes=5)
# The same post made this long before: either another one with the same words, or our own clock was set meanwhile (by a
# whole time zone, perhaps). Neither can be told, so a person looks.
BEFORE = timedelta(hours=12)
PAGE, PAGES = 40, 5
Verdict = Literal["same", "near", "other"]


def published(status: Mapping[str, Any]) -> Published | None:
    """What a Status entity says of a post; None when it is none."""
    if not isinstance(status, Mapping) or not isinstance(status.get("id"), str) or not status["id"]:
        return None
    shown = [u for u in (status.get("url"), status.get("uri")) if isinstance(u, str) and u.startswith("http")]
    media = status.get("media_attachments")
    ids = [str(one.get("id")) for one in media if isinstance(one, Mapping)] if isinstance(media, list) else []
    return Published(
        status["id"],
        shown[0] if shown else "",
        {"media_ids": ids, "visibility": str(status.get("visibility") or "")},
    )


def pages(api: Api, account_id: str, *, most: int) -> Iterator[tuple[list[Mapping[str, Any]], Answer, bool]]:
    """The account's own posts, newest first, without what it boosted: a page, its answer, whether it is the last."""
    params: dict[str, str] = {"exclude_reblogs": "true", "limit": str(PAGE)}
    for _ in range(most):
        path = f"/api/v1/accounts/{account_id}/statuses"
        answer = api.ask("GET", path, "read the account’s posts", params=params)
        if not isinstance(answer.found, list):
            raise Refused(f"{api.name} answered with something else than posts.", transient=True)
        found = [one for one in answer.found if isinstance(one, Mapping) and isinstance(one.get("id"), str)]
        following = answer.next_page
        if not following and found and "link" not in answer.headers:
            following = found[-1]["id"]  # software that sends no Link header pages by the last one's id
        last = not following or not found or following == params.get("max_id")
        yield found, answer, last
        if last:
            return
        params["max_id"] = following


@dataclass
class _Seen:
    posts: list[Mapping[str, Any]] = field(default_factory=list)
    pages: int = 0
    complete: bool = False
    skew: timedelta | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was sent, ready to be compared."""

    text: str
    shape: frozenset[str]
    answers: str | None
    visibility: str
    media_ids: list[str]
    descriptions: list[str]
    ids_kept: bool  # whether this software shows a file under the id it was uploaded with
    own: frozenset[str]

    def judge(self, status: Mapping[str, Any]) -> Verdict:
        answered = status.get("in_reply_to_id")
        if answered is not None and str(answered) != self.answers:
            return "other"
        found = fingerprint.of_status(status, self.own)
        if (
            found == self.text
            and answered == self.answers
            and status.get("visibility") == self.visibility
            and self._same_media(status)
        ):
            return "same"
        if status.get("edited_at") or fingerprint.alike(self.shape, fingerprint.shape(found)):
            return "near"
        return "other"

    def _same_media(self, status: Mapping[str, Any]) -> bool:
        media = [one for one in status.get("media_attachments") or () if isinstance(one, Mapping)]
        if [str(one.get("id")) for one in media] == self.media_ids:
            return True
        told = [" ".join(str(one.get("description") or "").split()) for one in media]
        return not self.ids_kept and told == [" ".join(one.split()) for one in self.descriptions]


def look(api: Api, account: Account, body: Mapping[str, Any], began_at: datetime) -> Finding:
    """Found, absent or unknown, with evidence. Raises Refused for a lost sign-in only."""
    try:
        seen = _read(api, account.remote_id, began_at)
    except Refused as refused:
        if refused.expired or refused.reconnect:
            raise
        return Finding("unknown", f"The account’s posts could not be read. {refused.words}")
    return _weighed(seen, _wanted(account, body), began_at, api.name)


def _wanted(account: Account, body: Mapping[str, Any]) -> _Wanted:
    own = frozenset({server.name(account.server), str(account.facts.get("domain", ""))} - {""})
    text = fingerprint.of_text(str(body.get("status", "")), own)
    return _Wanted(
        text,
        fingerprint.shape(text),
        body.get("in_reply_to_id"),
        str(body.get("visibility", "public")),
        [str(one) for one in body.get("media_ids", ())],
        [str(one) for one in body.get("descriptions", ())],
        server.honours_key(account.facts),
        own,
    )


def _read(api: Api, account_id: str, began_at: datetime) -> _Seen:
    """The posts since just before the call began, by the server's clock."""
    seen = _Seen()
    for found, answer, last in pages(api, account_id, most=PAGES):
        if seen.since is None:
            seen.skew = answer.skew
            margin = MARGIN if answer.skew is not None else MARGIN_WITHOUT_DATE
            seen.since = began_at + (answer.skew or timedelta()) - margin
        seen.posts += found
        seen.pages += 1
        made = instant(found[-1].get("created_at")) if found else None
        if last or (made is not None and made < seen.since - BEFORE):
            seen.complete = True
            break
    return seen


def _weighed(seen: _Seen, wanted: _Wanted, began_at: datetime, name: str) -> Finding:
    since = seen.since or began_at
    same: list[Mapping[str, Any]] = []
    near: list[Mapping[str, Any]] = []
    looked_at = 0
    for status in seen.posts:
        made = instant(status.get("created_at"))
        if made is not None and made < since - BEFORE:
            continue
        before = made is not None and made < since
        looked_at += not before
        verdict = wanted.judge(status)
        if verdict == "same" and not before:
            same.append(status)
        elif verdict == "same" or (verdict == "near" and not before):
            near.append(status)
    read = _what_was_read(seen, since, looked_at, name)
    if len(same) == 1:
        return _found(same[0], wanted, read)
    if same or near:
        return _unsure(same, near, read)
    return _nothing(seen, began_at, read)


def _found(status: Mapping[str, Any], wanted: _Wanted, read: str) -> Finding:
    post = published(status)
    images = len(wanted.media_ids)
    with_images = f", its {images} {'image' if images == 1 else 'images'}" if images else ""
    made = instant(status.get("created_at"))
    when = f", made at {made:%H:%M:%S} UTC," if made else ""
    evidence = f"{read} Exactly one{when} has the same text{with_images} and the same visibility."
    return Finding("found", f"{evidence} It is {post.url if post else ''}", post)


def _unsure(same: list[Mapping[str, Any]], near: list[Mapping[str, Any]], read: str) -> Finding:
    posts = tuple(post for one in [*same, *near] if (post := published(one)))
    if same:
        words = f"{len(same)} of them are exactly what was sent, so it cannot be told which one is this post."
    elif len(near) == 1:
        words = "One of them resembles what was sent, or was edited since. It cannot be told whether it is this post."
    else:
        words = f"{len(near)} of them resemble what was sent, or were edited since. It cannot be told which it is."
    return Finding("unknown", f"{read} {words}", near=posts)


def _nothing(seen: _Seen, began_at: datetime, read: str) -> Finding:
    if not seen.complete:
        return Finding("unknown", f"{read} What was sent is not among them, but not all could be read.")
    if clock.now() - began_at < calls.SETTLED:
        return Finding(
            "unknown", f"{read} What was sent is not there, but the server may still be working on it."
        )
    return Finding("absent", f"{read} What was sent is not there, nor anything that resembles it.")


def _what_was_read(seen: _Seen, since: datetime, looked_at: int, name: str) -> str:
    posts = {0: "no post", 1: "1 post"}.get(looked_at, f"{looked_at} posts")
    clocks = ""
    if seen.skew is None:
        clocks = " The server did not tell its own time."
    elif abs(seen.skew) > timedelta(seconds=5):
        off = abs(seen.skew).total_seconds()
        clocks = (
            f" Its clock is {off:.0f} seconds {'ahead of' if seen.skew > timedelta() else 'behind'} ours."
        )
    return f"{name} shows {posts} of this account since {since:%H:%M:%S} UTC on {since:%-d %B %Y}.{clocks}"
