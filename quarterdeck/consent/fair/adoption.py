"""What the adoption of a plan would give to whom, and why it cannot be adopted as it was worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from quarterdeck.consent.fair import holding, times, words
from quarterdeck.consent.models import FairPlan
from quarterdeck.core import clock
from quarterdeck.stakeholders.models import Request


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan puts a request, as it stands now; `is_planned` where a post of it stood there already."""

    request: Request
    at: datetime
    channel: UUID
    is_planned: bool


def places(plan: FairPlan) -> list[Place]:
    """Everything it places, as it was asked for."""
    placed = {UUID(one["id"]): one for one in plan.found["requests"] if one["slot"] >= 0}
    rows = Request.objects.filter(workspace=plan.workspace_id, pk__in=placed)
    rows = rows.select_related("workspace", "department").order_by("asked_at", "pk")
    return [_place(plan, one, placed[one.pk]) for one in rows]


def _place(plan: FairPlan, request: Request, row: dict) -> Place:
    at, channel = plan.found["slots"][row["slot"]]
    return Place(request, datetime.fromisoformat(at), UUID(channel), row.get("own") == "planned")


def refusal(plan: FairPlan, places: Sequence[Place]) -> str:
    """Why nothing can be adopted, in a sentence; empty where nothing speaks against it."""
    if not all(one.request.is_open for one in places):
        return "Something it places is not asked for any more."
    if any(one.at <= clock.now() for one in places):
        return "One of its slots has passed."
    return _taken(plan, [one for one in places if not one.is_planned])


def _taken(plan: FairPlan, places: Sequence[Place]) -> str:
    """Of what would be promised, the first that cannot be had any more."""
    posts, _ = holding.posts_of([one.request.pk for one in places])
    here = times.channels(one.channel for one in places)
    wanted = [times.Time(one.at, here.get(one.channel), frozenset(posts[one.request.pk])) for one in places]
    for one, why in zip(places, times.against(plan.workspace, wanted), strict=True):
        if why:
            return f"{words.day_of(plan, one.at)} cannot be had any more: {why}"
    return ""
