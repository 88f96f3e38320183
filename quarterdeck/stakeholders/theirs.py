"""Which posts are a department's: those its requests became, and those that carry what it is interested in. What it may
read of them is a title, a day and a channel; of others' posts the title only once it is settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from quarterdeck.planning import entries
from quarterdeck.planning.entries import Entry
from quarterdeck.publishing.models import Delivery, DeliveryState, Post
from quarterdeck.stakeholders import matching
from quarterdeck.stakeholders.models import Department, Interest, RequestPost, Stakeholder

MOST = 400
SHOWN = {"planned", "waiting", "unasked", "held", "sending", "handed", "out", "looking", "unknown"}
SETTLED = {"planned", "sending", "handed", "out", "looking", "unknown"}


@dataclass(frozen=True, slots=True)
class Theirs:
    """One post at one time, as a department reads it. `state` is one of “planned”, “not settled yet”, “out”."""

    post_id: UUID
    due_at: datetime
    local: datetime
    title: str
    where: str
    state: str
    asked: bool  # it comes from a request of theirs


def requested(department: Department) -> set[UUID]:
    """The posts that the department's requests became."""
    found = RequestPost.objects.filter(request__department=department, parted_at__isnull=True)
    return set(found.values_list("post_id", flat=True))


def interests(department: Department, stakeholder: Stakeholder | None = None) -> list[Interest]:
    """What the department is interested in, and besides it one stakeholder of it."""
    whose = Q(department=department) | (Q(stakeholder=stakeholder) if stakeholder else Q(pk__in=[]))
    found = Interest.objects.filter(whose, workspace=department.workspace_id, ended_at__isnull=True)
    return list(found.select_related("brand"))


def carries(wanted: Sequence[Interest]) -> Q | None:
    """What of posts carries one of these interests, as a filter on posts; None where there is none."""
    wish = Q()
    for one in wanted:
        if one.about == Interest.About.BRAND:
            wish |= Q(brand=one.brand_id)
            continue
        wish |= Q(labels__name__iexact=one.words)  # a topic, or a market that posts are labelled with
        if one.about == Interest.About.MARKET and matching.market(f"x-{one.words}"):
            wish |= Q(language__iendswith=f"-{one.words}")
    return wish or None


def entries_of(
    department: Department, start: datetime, end: datetime, stakeholder: Stakeholder | None = None
) -> list[Theirs]:
    """Their posts between two instants, by time."""
    mine = requested(department)
    found, _ = entries.between(department.workspace, start, end)
    found = [one for one in found if one.key in SHOWN]
    wish = carries(interests(department, stakeholder))
    carrying: set[UUID] = set()
    if wish is not None and found:
        posts = Post.objects.filter(wish, pk__in={one.post_id for one in found})
        carrying = set(posts.values_list("pk", flat=True))
    kept = [one for one in found if one.post_id in mine or one.post_id in carrying]
    brands = dict(department.workspace.brands.values_list("pk", "name"))
    return [_told(one, one.post_id in mine, brands) for one in kept[:MOST]]


def _told(entry: Entry, asked: bool, brands: dict[UUID, str]) -> Theirs:
    settled = entry.key in SETTLED
    title = entry.title if asked or settled else f"A post of {brands.get(entry.brand_id, 'a brand')}"
    state = "out" if entry.key == "out" else "planned" if settled else "not settled yet"
    return Theirs(entry.post_id, entry.due_at, entry.local, title, entry.where, state, asked)


def addresses_out(posts: Iterable[UUID]) -> dict[UUID, str]:
    """Where each of these posts stands in public, as far as its network said."""
    rows = Delivery.objects.filter(
        post__in=list(posts), state=DeliveryState.ACCEPTED, removed_at__isnull=True
    )
    found = rows.exclude(url="").order_by("-part", "-due_at").values_list("post_id", "url")
    return dict(found)
