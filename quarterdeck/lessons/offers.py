"""What lessons offers to pages of other rooms and to its own: reviews of a thing, who helped, search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from quarterdeck.core.registries import SearchHit
from quarterdeck.crew.models import Member
from quarterdeck.lessons import reads


def review_it(row: Any, who: Member) -> str | None:
    """Where a review of this is opened, or goes on."""
    if not who.may("lessons.review.write") or getattr(row, "discarded_at", None) is not None:
        return None
    return _new("lessons-review-new", row, who)


def thank(row: Any, who: Member) -> str | None:
    """Where somebody is named who helped with this."""
    return _new("lessons-credit-new", row, who) if who.may("lessons.credit.give") else None


def _new(name: str, row: Any, who: Member) -> str:
    query = urlencode({"about": row.ledger_name, "id": str(row.pk)})
    return f"{reverse(name, kwargs={'workspace': who.workspace.slug})}?{query}"


def learned(row: Any, who: Member) -> dict | None:
    """For the page of a thing: the reviews of it."""
    if not who.may("lessons.review.view"):
        return None
    found = reads.reviews_of(who.workspace_id, row.ledger_name, row.pk)
    return {"reviews": found} if found else None


def helped(row: Any, who: Member) -> dict | None:
    """For the page of a thing: who helped and said so; and, for who gave it, what has no answer yet."""
    if not who.may("lessons.review.view"):
        return None
    confirmed = reads.confirmed(who.workspace_id, row.ledger_name, row.pk)
    given = reads.given_here(who, row.ledger_name, row.pk)
    return {"confirmed": confirmed, "given": given, "me": who.pk} if confirmed or given else None


def search(who: Member, query: str, limit: int) -> Iterable[SearchHit]:
    """Reviews that hold the words, as far as this member may read them, and commitments."""
    if not who.may("lessons.review.view") or not query.strip():
        return
    slug = who.workspace.slug
    for review in reads.find(who, query, limit):
        url = reverse("lessons-review", kwargs={"workspace": slug, "pk": review.pk})
        kind = "Review, open" if review.is_open else "Review"
        said = "" if review.is_open else review.change or review.happened
        yield SearchHit(review.title, kind, url, snippet=said[:200], when=review.changed_at)
    for one in reads.find_commitments(who.workspace, query, limit):
        url = reverse("lessons-commitment", kwargs={"workspace": slug, "pk": one.pk})
        yield SearchHit(one.what, f"Commitment, {one.get_state_display()}", url, when=one.made_at)
