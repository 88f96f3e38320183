"""How the posts of a request go: planned, out, with which first numbers. What its requester may read of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck.channels.models import Snapshot
from quarterdeck.core import clock
from quarterdeck.crew import links
from quarterdeck.publishing.models import OPEN, Delivery, Post
from quarterdeck.stakeholders import usual
from quarterdeck.stakeholders.models import Request, RequestPost

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """One post of a request on one channel: planned for `when`, or out since then, with its address and the newest raw
    numbers in words. None of its text."""

    post_id: UUID
    channel: str
    when: datetime
    is_out: bool
    url: str = ""
    numbers: str = ""


def posts(request: Request) -> list[Post]:
    """The posts that belong to it and were not discarded, in the order they joined."""
    joined = RequestPost.objects.filter(
        request=request, parted_at__isnull=True, post__discarded_at__isnull=True
    )
    return [one.post for one in joined.select_related("post").order_by("joined_at")]


def deliveries(every: Iterable[Post]) -> list[Delivery]:
    """Where these posts are planned or out, in the order of time; of a thread its first part."""
    rows = Delivery.objects.filter(post__in=list(every), part=0).select_related("channel", "post")
    rows = rows.prefetch_related("settlements").order_by("due_at")
    return [one for one in rows if one.state in OPEN or (one.is_out and one.removed_at is None)]


def places(request: Request) -> list[Place]:
    """What the requester reads of its posts: three questions, and none of another request."""
    rows = deliveries(posts(request))
    said = usual.numbers(one for one in rows if one.is_out)
    return [_place(one, said.get(one.pk)) for one in rows]


def _place(row: Delivery, snapshot: Snapshot | None) -> Place:
    where = usual.network(row.channel)
    if not row.is_out:
        return Place(row.post_id, where, row.due_at, False)
    numbers = usual.counted(snapshot) if snapshot else ""
    return Place(row.post_id, where, row.ended_at or row.due_at, True, _address(row.url), numbers)


def _address(url: str) -> str:
    """Where it stands, as somebody outside opens it: of the Sandbox, which gives a path, on this installation."""
    if url.startswith("/") and not url.startswith("//"):
        return links.absolute(url)
    return url if url.startswith(("https://", "http://")) else ""


def still_to_come(request: Request) -> bool:
    """Whether a post of it that was not discarded is nowhere out yet."""
    every = posts(request)
    out = {one.post_id for one in deliveries(every) if one.is_out}
    return any(post.pk not in out for post in every)


def first_out(request: Request) -> datetime | None:
    return min(
        (one.ended_at for one in deliveries(posts(request)) if one.is_out and one.ended_at), default=None
    )


def week_result(request: Request) -> str | None:
    """What the networks counted after the first week, one line a channel; None while it may still come."""
    rows = [one for one in deliveries(posts(request)) if one.is_out]
    first = min((one.ended_at for one in rows if one.ended_at), default=None)
    if first is None or clock.now() < first + WEEK:
        return None
    rows = [one for one in rows if one.ended_at and clock.now() >= one.ended_at + WEEK]
    said = usual.numbers(rows, age=168)
    if len(said) < len(rows) and clock.now() < first + WEEK + timedelta(days=2):
        return None
    lines = [f"{usual.network(one.channel)}: {usual.counted(said[one.pk])}" for one in rows if one.pk in said]
    return "\n".join(lines) or "The networks gave no numbers for it."
