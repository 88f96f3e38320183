"""All detectors over one plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from quarterdeck.consent.conflicts import closed, crowding, messages, overuse, room
from quarterdeck.consent.conflicts.shapes import (
    POST,
    Asked,
    Closed,
    Contradiction,
    Finding,
    Planned,
    Room,
    Use,
)

KINDS = (crowding.SLOT, crowding.AUDIENCE, closed.KIND, messages.KIND, overuse.KIND, room.KIND)
MOST = 500  # findings of one workspace: more than anybody could settle


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the detectors look at. `planned` is in order of time; `rooms` is None where nobody says how full
    weeks are; `past` as in `overuse.overused`."""

    planned: Sequence[Planned] = ()
    asked: Sequence[Asked] = ()
    spans: Sequence[Closed] = ()
    contradictions: Sequence[Contradiction] = ()
    uses: Sequence[Use] = ()
    past: Mapping[UUID, Sequence[int]] = field(default_factory=dict)
    rooms: Sequence[Room] | None = None
    week_posts: Mapping[date, Sequence[UUID]] = field(default_factory=dict)
    week_requests: Mapping[date, Sequence[UUID]] = field(default_factory=dict)
    near: timedelta = timedelta(minutes=30)
    audience_hours: int = 24
    per_day: int | None = None
    per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, soonest first; `not_run` names the kinds that could not be looked for; `more`: there were
    more than `MOST`, of which the soonest are here."""

    findings: list[Finding]
    not_run: tuple[str, ...] = ()
    more: bool = False


def find(plan: Plan) -> Found:
    """Every conflict of the plan. Posts that collide on a channel are not told once more as reaching one audience."""
    slots = crowding.same_slot(plan.planned, plan.near)
    told = [frozenset(one.sides) for one in slots]
    audiences = [
        one
        for one in crowding.same_audience(plan.planned, plan.audience_hours)
        if not any(frozenset(one.sides) <= sides for sides in told)
    ]
    found = [
        *slots,
        *audiences,
        *closed.inside(plan.planned, plan.spans),
        *closed.promised(plan.asked, plan.spans),
        *messages.contradicting(plan.planned, plan.contradictions),
        *overuse.overused(plan.uses, plan.past, plan.per_day, plan.per_week),
        *room.too_full(plan.rooms or (), plan.week_posts, plan.week_requests),
    ]
    found.sort(key=lambda one: (one.at, one.key))
    return Found(found[:MOST], () if plan.rooms is not None else (room.KIND,), len(found) > MOST)


def moved(plan: Plan, post: UUID, at: datetime, day: date) -> Plan:
    """The plan with everything of this post at another instant, `day` being the local one."""
    planned = [replace(one, at=at) if one.post == post else one for one in plan.planned]
    uses = [replace(one, day=day, at=at) if one.post == post else one for one in plan.uses]
    return replace(plan, planned=sorted(planned, key=lambda one: one.at), uses=uses)


def brings(plan: Plan, post: UUID, at: datetime) -> list[Finding]:
    """The conflicts of the plan that this post at this instant is a side of; looks no further than they reach."""
    days = [timedelta(days=one.days) for one in plan.contradictions]
    reach = max([timedelta(hours=plan.audience_hours), plan.near, *days])
    near = [one for one in plan.planned if abs(one.at - at) <= reach]
    channels = {channel for one in near if one.post == post for channel in one.channels}
    uses = [one for one in plan.uses if one.channel in channels]
    found = find(replace(plan, planned=near, uses=uses, asked=(), rooms=()))
    return [one for one in found.findings if (POST, post) in one.sides]
