"""What holds offer to pages that join rooms: the fact in the strip, the block beside the Desk, “Hold this post…”."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.core.registries import StripFact
from quarterdeck.crew.models import Member
from quarterdeck.publishing import holds_reads
from quarterdeck.publishing.models import OPEN, Post


def strip(who: Member) -> Iterable[StripFact]:
    """ "On hold: everything since 22:40", on every page while a hold stands."""
    holds = holds_reads.standing(who.workspace)
    if not holds:
        return []
    slug, first = who.workspace.slug, holds_reads.named(holds[:1])[0]
    url = reverse("publishing-hold", kwargs={"workspace": slug, "pk": first.hold.pk})
    value = f"{first.what} since {since(first.hold.placed_at, who)}"
    if len(holds) > 1:
        url = reverse("publishing-hold-list", kwargs={"workspace": slug})
        value += f", and {len(holds) - 1} more"
    return [StripFact("On hold:", value, "danger", url)]


def since(moment: datetime, who: Member) -> str:
    """ "22:40" today, "Mon 9 Mar, 22:40" else, in the member's zone."""
    local, today = moment.astimezone(who.zone), clock.now().astimezone(who.zone)
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%a} {local.day} {local:%b, %H:%M}"


def beside_the_desk(who: Member) -> dict | None:
    """What is held, each with how many posts wait; nothing while no hold stands."""
    holds = holds_reads.named(holds_reads.standing(who.workspace))
    if not holds:
        return None
    lines = [
        {"it": it, "since": since(it.hold.placed_at, who), "count": holds_reads.waiting(it.hold).count()}
        for it in holds[:5]
    ]
    return {"lines": lines, "more": len(holds) - len(lines)}


def hold_post(post: Post, who: Member) -> str | None:
    """Where this one post is put on hold; not offered when nothing of it is planned, or it is held already."""
    if not who.may("publishing.hold.place") or not post.deliveries.filter(state__in=OPEN).exists():
        return None
    if holds_reads.over(post):
        return None
    return reverse("publishing-hold-place", kwargs={"workspace": who.workspace.slug}) + f"?post={post.pk}"
