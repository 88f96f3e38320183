"""Reading back: a post's counts, its replies, and the account's own posts.

Records are the server's own; counts and replies come from the network's index (the "AppView"), which the server asks
for us. A server without one says so, and then there are no counts: none are made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from quarterdeck.channels.bluesky import keys
from quarterdeck.channels.bluesky.record import POST
from quarterdeck.channels.bluesky.xrpc import No, Server
from quarterdeck.channels.contract import Counts, OwnPost, Published, Refused, Reply

AT_ONCE = 25  # posts a call of getPosts takes
PAGE = 100  # records a call of listRecords gives
PAGES = 500
REPLIES = 100
# A plan makes a key in its slot's second and may send late; and clocks differ.
_EARLIER = timedelta(days=1)
_WITHOUT = {"MethodNotImplemented", "UpstreamFailure", "UpstreamTimeout"}
NO_COUNTS = (
    "This Bluesky server gives no counts and replies now: it is not connected to Bluesky’s index, or that does not "
    "answer."
)


class NoIndex(No):
    """The server is not connected to an index."""


def parts(uri: str) -> tuple[str, str]:
    """The account and the record key of a post's address "at://did:.../app.bsky.feed.post/key"."""
    pieces = uri.split("/")
    if len(pieces) != 5 or uri[:5] != "at://" or pieces[3] != POST:
        raise No("This is not the address of a post on Bluesky.")
    return pieces[2], pieces[4]


def page(uri: str) -> str:
    """Where people see a post. By the account's permanent name, since handles change."""
    account, key = parts(uri)
    return f"https://bsky.app/profile/{account}/post/{key}"


def published(uri: str, cid: str) -> Published:
    return Published(uri, page(uri), {"cid": cid})


def counts(server: Server, posts: Sequence[Published]) -> list[Counts]:
    """Their present numbers, in order. A post the index does not have is looked up in the account's repository:
    not there either, it is gone; there, it has no numbers yet."""
    asked = iter(posts)
    found: dict[str, Counts] = {}
    while some := list(islice(asked, AT_ONCE)):
        said = _index(server, "app.bsky.feed.getPosts", {"uris": [one.remote_id for one in some]})
        found |= {view.get("uri", ""): _counts(view) for view in _objects(said.get("posts"))}
    return [found.get(one.remote_id) or Counts({}, gone=_is_gone(server, one)) for one in posts]


def replies(server: Server, post: Published) -> list[Reply]:
    """The direct answers the index knows, oldest first."""
    asked = {"uri": post.remote_id, "depth": 1, "parentHeight": 0}
    try:
        said = _index(server, "app.bsky.feed.getPostThread", asked)
    except No as no:
        if no.name == "NotFound":
            return []
        raise
    thread = said.get("thread")
    views = [one.get("post") for one in _objects(thread.get("replies") if isinstance(thread, dict) else None)]
    found = [reply for view in views if isinstance(view, dict) and (reply := _reply(view))]
    return sorted(found, key=lambda reply: reply.posted_at)[:REPLIES]


def own_posts(server: Server, account: str, since: datetime) -> Iterator[OwnPost]:
    """The account's records from the newest key back to `since`, with their counts where there is an index."""
    indexed = True
    for listed in _pages(server, account, since):
        posts = [(published(one["uri"], one["cid"]), one["value"]) for one in listed]
        dated = [(post, value, _posted(post.remote_id, value)) for post, value in posts]
        wanted = [(post, value, at) for post, value, at in dated if at is not None and at >= since]
        try:
            numbers = counts(server, [post for post, _, _ in wanted]) if indexed else []
        except NoIndex:
            indexed, numbers = False, []
        for place, (post, value, at) in enumerate(wanted):
            yield OwnPost(post, at, str(value.get("text") or ""), numbers[place] if numbers else Counts({}))


def _pages(server: Server, account: str, since: datetime) -> Iterator[list[dict[str, Any]]]:
    cursor = ""
    for _ in range(PAGES):
        asked = {"repo": account, "collection": POST, "limit": PAGE} | ({"cursor": cursor} if cursor else {})
        said = server.ask("com.atproto.repo.listRecords", params=asked, signed=False)
        listed = [one for one in _objects(said.get("records")) if _is_record(one)]
        yield listed
        oldest = keys.time(parts(listed[-1]["uri"])[1]) if listed else None
        cursor, before = str(said.get("cursor") or ""), cursor
        if not cursor or cursor == before or (oldest and oldest < since - _EARLIER):
            return


def _index(server: Server, call: str, params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return server.ask(call, params=params)
    except No as no:
        if no.name in _WITHOUT or "No service configured" in no.words:
            raise NoIndex(NO_COUNTS, name=no.name, transient=True) from no
        raise


def _is_gone(server: Server, post: Published) -> bool:
    account, key = parts(post.remote_id)
    asked = {"repo": account, "collection": POST, "rkey": key}
    try:
        server.ask("com.atproto.repo.getRecord", params=asked, signed=False)
    except Refused as no:
        if isinstance(no, No) and no.name == "RecordNotFound":
            return True
        raise
    return False


def _counts(view: Mapping[str, Any]) -> Counts:
    """Every number the index gives under a name that ends in Count, as it names it."""
    return Counts(
        {
            name: value
            for name, value in view.items()
            if name.endswith("Count") and isinstance(value, int) and not isinstance(value, bool)
        }
    )


def _reply(view: Mapping[str, Any]) -> Reply | None:
    author, record, uri = view.get("author"), view.get("record"), view.get("uri")
    if not isinstance(author, dict) or not isinstance(record, dict) or not isinstance(uri, str):
        return None
    try:
        address = page(uri)
    except No:
        return None
    at = _posted(uri, record) or _moment(view.get("indexedAt"))
    if at is None:
        return None
    return Reply(uri, address, f"@{author.get('handle', '')}", str(record.get("text") or ""), at)


def _posted(uri: str, record: Mapping[str, Any]) -> datetime | None:
    """When a post says it was made; what it says may be no time, and then its key tells."""
    return _moment(record.get("createdAt")) or keys.time(uri.rpartition("/")[2])


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_record(one: dict[str, Any]) -> bool:
    texts = isinstance(one.get("uri"), str) and isinstance(one.get("cid"), str)
    return texts and isinstance(one.get("value"), dict) and one["uri"].count("/") == 4
