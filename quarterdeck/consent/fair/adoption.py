"""What the adoption of a plan would give to whom, and why it cannot be adopted as it was worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from quarterdeck.consent.fair import holding, promises, times, words
from quarterdeck.consent.models import FairPlan, Held
from quarterdeck.core import clock
from quarterdeck.planning.grid import midnight
from quarterdeck.stakeholders.models import Request


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan puts a request, as it stands now; `is_planned` where a post of it stood there already."""

    request: Request
    at: datetime
    channel: UUID
    is_planned: bool


def places(plan: FairPlan) -> list[Place]:
    """Everything it places, as it was asked for. Of posts that stood there already only those still to come: the others
    went their way while the plan waited, which is no reason against it."""
    placed = {UUID(one["id"]): one for one in plan.found["requests"] if one["slot"] >= 0}
    rows = Request.objects.filter(workspace=plan.workspace_id, pk__in=placed)
    rows = rows.select_related("workspace", "department").order_by("asked_at", "pk")
    found, (_, served) = [_place(plan, one, placed[one.pk]) for one in rows], holding.posts_of(list(placed))
    return [
        one
        for one in found
        if not one.is_planned or (one.request.is_open and one.at > clock.now() and one.request.pk in served)
    ]


def held_before(plan: FairPlan, places: Sequence[Place]) -> list[Held]:
    """What earlier plans hold in its days, or for what it was worked out over, and what it takes the place of: all but
    promises that it does not touch and that can still be had."""
    zone = plan.workspace.zone
    inside = Q(at__gte=midnight(plan.begins, zone), at__lt=midnight(plan.ends, zone))
    over = Q(request__in=[UUID(one["id"]) for one in plan.found["requests"]])
    found = Held.objects.filter(inside | over, plan__workspace=plan.workspace_id, freed_at__isnull=True)
    stays = promises.kept(plan.workspace).keys() - {one.request.pk for one in places}
    rows = found.select_related("request__department", "request__workspace").order_by("at", "pk")
    return [one for one in rows if one.request_id not in stays]


def _place(plan: FairPlan, request: Request, row: dict) -> Place:
    at, channel = plan.found["slots"][row["slot"]]
    return Place(request, datetime.fromisoformat(at), UUID(channel), row.get("own") == "planned")


def refusal(plan: FairPlan, places: Sequence[Place]) -> str:
    """Why nothing can be adopted, in a sentence; empty where nothing speaks against it."""
    if newer := _meanwhile(plan, places):
        return f"{newer} was adopted meanwhile."
    given = [one for one in places if not one.is_planned]
    if not all(one.request.is_open for one in given):
        return "Something it places is not asked for any more."
    if any(one.at <= clock.now() for one in given):
        return "One of its slots has passed."
    return _taken(plan, given)


def _meanwhile(plan: FairPlan, places: Sequence[Place]) -> FairPlan | None:
    """One that divided the same days, or promised a time to something this one places, after this one was asked for."""
    newer = FairPlan.objects.filter(
        workspace=plan.workspace_id, state=FairPlan.State.ADOPTED, state_at__gt=plan.asked_at
    )
    days = Q(begins__lt=plan.ends, ends__gt=plan.begins)
    holds = Q(held__request__in=[one.request.pk for one in places], held__freed_at__isnull=True)
    return newer.filter(days | holds).order_by("-state_at").first()


def _taken(plan: FairPlan, places: Sequence[Place]) -> str:
    """Of what would be promised, the first that cannot be had any more."""
    posts, _ = holding.posts_of([one.request.pk for one in places])
    here = times.channels(one.channel for one in places)
    wanted = [times.Time(one.at, here.get(one.channel), frozenset(posts[one.request.pk])) for one in places]
    theirs = {one.request.pk for one in places}
    kept = [time for pk, time in promises.kept(plan.workspace).items() if pk not in theirs]
    for one, why in zip(places, times.against(plan.workspace, wanted, kept), strict=True):
        if why:
            return f"{words.day_of(plan, one.at)} cannot be had any more: {why}"
    return ""
