"""What publishing offers to pages that join rooms: search hits, facts for the strip, a block beside the Desk."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.registries import SearchHit, StripFact
from quarterdeck.crew.models import Member
from quarterdeck.publishing import holds_reads, reads
from quarterdeck.publishing.models import Delivery, Post


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Posts whose text holds the words."""
    if not who.may("publishing.post.view"):
        return
    for post in reads.find(who.workspace, query, limit):
        url = reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": post.pk})
        kind = "Discarded post" if post.discarded_at else "Post"
        yield SearchHit(
            post.title, kind, url, snippet=_around(_saying(post, query), query), when=post.changed_at
        )


def _saying(post: Post, query: str) -> str:
    """The first of its texts that holds the first word, the common one else: what a channel says instead counts too."""
    word = (query.split() or [""])[0].lower()
    every = [*post.parts, *(part for parts in post.overrides.values() for part in parts)]
    return next((part["text"] for part in every if word in part["text"].lower()), post.text)


def _around(text: str, query: str, width: int = 120) -> str:
    """The part of the text around the first word that was looked for, on one line."""
    flat = " ".join(text.split())
    word = (query.split() or [""])[0].lower()
    start = max(0, flat.lower().find(word) - width // 3)
    part = flat[start : start + width]
    return ("…" if start else "") + part + ("…" if start + width < len(flat) else "")


def _next_out(who: Member) -> list[Delivery]:
    """The next three, asked once a page: the strip and the block beside the Desk show the same. They are kept on the
    member of the request, which lives as long."""
    known = who.__dict__.get("_next_out")
    if known is None:
        known = who.__dict__["_next_out"] = reads.next_out(who.workspace, 3)
    return known


def strip(who: Member) -> Iterable[StripFact]:
    """ "Next out: 11:30 Harbour Kitchen", in the member's own zone, as everything on the Desk."""
    soonest = _next_out(who)
    if not soonest:
        return [] if holds_reads.standing(who.workspace) else [StripFact("Nothing is planned")]
    delivery = soonest[0]
    local, today = (t.astimezone(who.zone) for t in (delivery.due_at, clock.now()))
    day = "" if local.date() == today.date() else f"{local:%a} {local.day} {local:%b}, "
    url = reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": delivery.post_id})
    tone = "plain" if delivery.is_approved else "attention"
    waits = "" if delivery.is_approved else " · waits for approval"
    return [StripFact("Next out:", f"{day}{local:%H:%M} {delivery.channel.name}{waits}", tone, url)]


def beside_the_desk(who: Member) -> dict:
    """What goes out next, with its day when that is not today in the member's zone."""
    zone = who.zone
    today, lines = clock.now().astimezone(zone).date(), []
    for delivery in _next_out(who):
        local = delivery.due_at.astimezone(zone)
        day = "" if local.date() == today else f"{local:%a} {local.day} {local:%b}"
        lines.append({"delivery": delivery, "day": day})
    return {"lines": lines, "held": not lines and bool(holds_reads.standing(who.workspace))}
