"""What consent offers to pages of other rooms: the conflicts of a post or a request, and search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from quarterdeck.channels.models import Channel
from quarterdeck.consent import matters, reads
from quarterdeck.consent.fair import reads as fair
from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member


def on_a_post(post: Any, who: Member) -> dict | None:
    """For the page of a post: the conflicts it is a side of that are open, or were decided about."""
    return _told(reads.of_post(who.workspace_id, post.pk), who)


def on_a_request(request: Any, who: Member) -> dict | None:
    """The same for the page of a request."""
    return _told(reads.of_request(who.workspace_id, request.pk), who)


def _told(found: list, who: Member) -> dict | None:
    shown = [one for one in found if one.is_open or one.word]
    if not shown or not who.may("consent.conflict.view"):
        return None
    return {"matters": matters.read(who.workspace, shown[:5])}


def held(request: Any, who: Member) -> dict | None:
    """For the page of a request: the slot that an adopted fair plan holds for it, and whether it is a must too many."""
    found = fair.held_for(request) if who.may("consent.plan.view") else None
    beyond = fair.musts_beyond(request)
    if found is None and not beyond:
        return None
    channel = Channel.objects.filter(pk=found.channel).first() if found else None
    return {"held": found, "channel": channel or "a channel that is gone", "beyond": beyond}


def own_share(department: Any, link: Any) -> dict | None:
    """For a department behind its own link: its share of the newest fair plan."""
    share = fair.share_of(department)
    return None if share is None else {"share": share, "zone": department.workspace.timezone}


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Consent rounds that hold the words."""
    if not who.may("consent.round.view") or not query.strip():
        return
    for one in reads.find_rounds(who.workspace, query, limit):
        url = reverse("consent-round", kwargs={"workspace": who.workspace.slug, "pk": one.pk})
        kind = f"Consent round, {one.get_state_display()}"
        yield SearchHit(one.title, kind, url, snippet=(one.outcome or one.proposal)[:200], when=one.opened_at)
