"""The things that reviews look back at and people are thanked for, whatever room they belong to: other rooms offer
theirs through `registries.reviewables`; a review and a commitment can be thanked for as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from quarterdeck.core import registries
from quarterdeck.core.problems import NotFound
from quarterdeck.core.registries import Reviewable
from quarterdeck.crew.models import Member
from quarterdeck.ledger import reads as ledger
from quarterdeck.lessons.models import Commitment, Review
from quarterdeck.publishing import reads as posts
from quarterdeck.publishing.models import Delivery, Post

MOST_DELIVERIES = 20


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing, as the member who asks sees it."""

    kind: Reviewable
    row: Any
    id: UUID
    title: str
    url: str

    @property
    def about(self) -> str:
        return self.kind.about

    @property
    def word(self) -> str:
        return self.kind.word


def reviewable(who: Member, about: str, pk: UUID) -> Thing:
    """Something a review can be about. NotFound for what is none, is not there, or is not theirs to see."""
    return _find(who, about, pk, (entry for _, entry in registries.reviewables))


def creditable(who: Member, about: str, pk: UUID) -> Thing:
    """The same with reviews and commitments: what people can be thanked for."""
    return _find(who, about, pk, (*OWN, *(entry for _, entry in registries.reviewables)))


def word_of(about: str) -> str:
    """What people call things of this kind; of a room that has left the house, “thing”."""
    kinds = (*OWN, *(entry for _, entry in registries.reviewables))
    return next((kind.word for kind in kinds if kind.about == about), "thing")


def _find(who: Member, about: str, pk: UUID, kinds: Iterator[Reviewable] | tuple[Reviewable, ...]) -> Thing:
    for kind in kinds:
        if kind.about != about:
            continue
        try:
            row = kind.find(who, pk)
        except NotFound:
            row = None
        if row is not None:
            return Thing(kind, row, pk, kind.title(row), kind.url(row, who))
    raise NotFound("There is no such thing in this workspace, or it is not yours to see.")


# --- posts --------------------------------------------------------------------------------------------


def _post(who: Member, pk: UUID) -> Post | None:
    return posts.post(who.workspace, pk) if who.may("publishing.post.view") else None


def _post_url(post: Post, who: Member) -> str:
    return reverse("publishing-post", kwargs={"workspace": who.workspace.slug, "pk": post.pk})


def _post_timeline(post: Post) -> list[tuple]:
    """What happened to the post, and to each of its deliveries with its channel."""
    found = [(item.when, _said(item), item.event_id) for item in ledger.history(post)]
    deliveries = Delivery.objects.filter(post=post).select_related("channel").order_by("due_at", "planned_at")
    for delivery in deliveries[:MOST_DELIVERIES]:
        found += [
            (item.when, f"{_said(item)}, on {delivery.channel.name}", item.event_id)
            for item in ledger.history(delivery)
        ]
    return found


def _said(item: ledger.Item) -> str:
    return item.title if item.actor != "system" else f"{item.title} (by Quarterdeck itself)"


POST = Reviewable(
    about=Post.ledger_name,
    word="post",
    find=_post,
    title=lambda post: post.title,
    url=_post_url,
    timeline=_post_timeline,
)

# --- our own ------------------------------------------------------------------------------------------


def _review(who: Member, pk: UUID) -> Review | None:
    found = Review.objects.filter(workspace=who.workspace_id, pk=pk)
    return found.first() if who.may("lessons.review.view") else None


def _commitment(who: Member, pk: UUID) -> Commitment | None:
    found = Commitment.objects.filter(workspace=who.workspace_id, pk=pk)
    return found.first() if who.may("lessons.review.view") else None


OWN = (
    Reviewable(
        about=Review.ledger_name,
        word="review",
        find=_review,
        title=lambda row: f"The review of ‘{row.short}’",
        url=lambda row, who: reverse(
            "lessons-review", kwargs={"workspace": who.workspace.slug, "pk": row.pk}
        ),
        timeline=ledger.history,
    ),
    Reviewable(
        about=Commitment.ledger_name,
        word="commitment",
        find=_commitment,
        title=lambda row: row.short,
        url=lambda row, who: reverse(
            "lessons-commitment", kwargs={"workspace": who.workspace.slug, "pk": row.pk}
        ),
        timeline=ledger.history,
    ),
)
