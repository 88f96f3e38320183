"""What stakeholders offers to pages of other rooms: who asked for a post, and search."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders import reads


def on_a_post(post: Post, who: Member) -> dict | None:
    """For the page of a post: the requests it serves."""
    if not who.may("stakeholders.request.view"):
        return None
    found = reads.requests_of(post)
    return {"requests": found} if found else None


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Requests and departments that hold the words. No person is found by a name."""
    if not query.strip():
        return
    slug = who.workspace.slug
    if who.may("stakeholders.request.view"):
        for one in reads.find(who.workspace, query, limit):
            url = reverse("stakeholders-request", kwargs={"workspace": slug, "pk": one.pk})
            kind = f"Request of {one.department}, {one.get_state_display()}"
            yield SearchHit(one.what, kind, url, snippet=one.why[:200], when=one.asked_at)
    if who.may("stakeholders.map.view"):
        for row in reads.find_departments(who.workspace, query, limit):
            url = reverse("stakeholders-department", kwargs={"workspace": slug, "pk": row.pk})
            yield SearchHit(row.name, "Department", url, snippet=row.does)
