"""What a fair plan is worked out from: the requests of the span, the slots that are free, and the rules among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import numpy as np

from quarterdeck.consent import world
from quarterdeck.consent.fair import points as table_points
from quarterdeck.consent.fair import promises, times
from quarterdeck.consent.fair.times import Time
from quarterdeck.consent.fair.weights import Weight, weights
from quarterdeck.consent.fair.words import UNSERVED
from quarterdeck.consent.models import FairPlan, PointsTable
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import queue
from quarterdeck.planning.grid import midnight
from quarterdeck.publishing import slots
from quarterdeck.publishing.models import OPEN
from quarterdeck.stakeholders.models import Department, Request, RequestPost
from quarterdeck.stakeholders.models.requests import Need
from quarterdeck.stakeholders.rows import monday

MOST_REQUESTS = 120
MOST_SLOTS = 300
MOST_PAIRS = 4_000  # of slots that one audience may not both get, over all audiences
Brand = UUID | None


class TooMuch(Exception):
    """More than a fair plan takes, or nothing to divide; says what, in words."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time on a channel. `own` is the one request that is planned there already, or was promised it by a plan that
    was adopted; nobody else gets it."""

    at: datetime
    channel: UUID
    brand: Brand
    own: UUID | None = None
    is_promised: bool = False

    @property
    def stands(self) -> str:
        """ "planned" or "promised" where it is somebody's own."""
        return "" if self.own is None else "promised" if self.is_promised else "planned"


@dataclass
class Asked:
    """Everything the engine is asked, in rows that say whose it is."""

    plan: FairPlan
    table: PointsTable
    requests: list[Request]
    counted: dict[UUID, str]
    slots: list[Slot]
    outside: list[UUID] = field(default_factory=list)  # open requests that are no part of it
    unserved: list[UUID] = field(
        default_factory=list
    )  # those of them whose time it is, but no slot can serve them
    departments: list[Department] = field(default_factory=list)
    weights: dict[UUID, Weight] = field(default_factory=dict)

    @property
    def owner(self) -> list[int]:
        place = {one.pk: n for n, one in enumerate(self.departments)}
        return [place[one.department_id] for one in self.requests]

    def values(self) -> np.ndarray:
        """Requests x slots, whole points."""
        zone = self.plan.workspace.zone
        days = [one.at.astimezone(zone).date() for one in self.slots]
        rows = [
            [self._points(one, slot, day) for slot, day in zip(self.slots, days, strict=True)]
            for one in self.requests
        ]
        return np.array(rows, dtype=np.int64)

    def _points(self, one: Request, slot: Slot, day: date) -> int:
        mine = slot.own == one.pk  # it stands there, on whatever brand's channel and however late
        if not mine and (slot.own is not None or (one.brand_id and slot.brand != one.brand_id)):
            return 0
        week = one.agreed_week or one.preferred_week
        found = table_points.points(self.table, self.counted[one.pk], week, one.latest, day)
        return max(found, 1) if mine else found

    def rules(self) -> dict[str, Any]:
        """The keywords of `fair_calendar` beyond values, owners, capacity and weights. None is among things that stand
        already: they stay as they are, together or not, and nobody asks for another way."""
        place = {one.pk: n for n, one in enumerate(self.requests)}
        order = [(place[one.after_id], place[one.pk]) for one in self.requests if one.after_id in place]
        fixed = {place[one.own]: n for n, one in enumerate(self.slots) if one.own in place}
        bundles = [[r for r in those if r not in fixed] for those in _joined(order)]
        order = [pair for pair in order if not fixed.keys() >= set(pair)]
        same = [(s, t) for s, t in self._pairs() if order and self.slots[s].at == self.slots[t].at]
        apart = [(s, t, pair) for s, t in same for pair in order]
        return {
            "required": [n for n, one in enumerate(self.requests) if self.counted[one.pk] == Need.MUST],
            "bundles": [those for those in bundles if len(those) > 1],
            "order": order,
            "conflicts": [*self._audiences(place), *apart],
            "fixed": fixed,
        }

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Two slots, of which not both are somebody's own."""
        own = [one.own is not None for one in self.slots]
        return ((s, t) for s, t in combinations(range(len(own)), 2) if not (own[s] and own[t]))

    def _audiences(self, place: dict[UUID, int]) -> list[tuple[int, int, list[int]]]:
        """Pairs of slots too close for one audience, with the requests that name it."""
        by: dict[str, list[int]] = defaultdict(list)
        for one in self.requests:
            words = " ".join(one.audience.casefold().split())
            if words:
                by[words].append(place[one.pk])
        hours = timedelta(hours=world.rules_of(self.plan.workspace).audience_hours)
        close = [(s, t) for s, t in self._pairs() if self.slots[t].at - self.slots[s].at < hours]
        found = [(s, t, those) for those in by.values() if len(those) > 1 for s, t in close]
        if len(found) > MOST_PAIRS:
            raise TooMuch("Too many slots lie too close together for the audiences that were named.")
        return found


def _joined(order: list[tuple[int, int]]) -> list[list[int]]:
    """Requests that come after each other are one bundle."""
    group: dict[int, set[int]] = {}
    for r, q in order:
        both = group.get(r, {r}) | group.get(q, {q})
        for one in both:
            group[one] = both
    return [sorted(one) for one in {id(one): one for one in group.values()}.values()]


def read(plan: FairPlan) -> Asked:
    """What stands now. TooMuch, in words, for a span with nothing to divide or with more than a plan takes."""
    workspace = plan.workspace
    table = plan.table or PointsTable(workspace=workspace, number=0)
    planned, promised = _planned(workspace), promises.kept(workspace)
    standing = {pk: one.at for pk, one in promised.items()} | {pk: at for pk, (at, _, _) in planned.items()}
    requests = list(
        Request.objects.filter(workspace=workspace, state__in=["asked", "proposed", "accepted"])
        .select_related("department", "workspace")
        .order_by("asked_at", "pk")
    )
    begins, ends = midnight(plan.begins, workspace.zone), midnight(plan.ends, workspace.zone)
    inside = [one for one in requests if _is_inside(one, plan, standing, begins, ends)]
    here = {one.pk for one in inside}
    free = _slots(plan, _own(here, planned, promised), list(promised.values()))
    if not inside:
        raise TooMuch(f"Nobody asks for anything in {plan.name}.")
    if not free:
        raise TooMuch("The team keeps no weekly slots, or none of them is free in that time.")
    if len(inside) > MOST_REQUESTS or len(free) > MOST_SLOTS:
        raise TooMuch(
            f"A plan takes at most {MOST_REQUESTS} requests and {MOST_SLOTS} slots; "
            f"here are {len(inside)} and {len(free)}. Ask for a month instead, or decline what will not be done."
        )
    outside = [one.pk for one in requests if one.pk not in here and one.pk not in standing]
    asked = Asked(plan, table, inside, table_points.counted(table, inside), free, outside)
    return _served(asked)


def _served(asked: Asked) -> Asked:
    """Without what no slot can serve, which would make a plan impossible or stand in it with nothing: the week of a
    must may have its only slot after the end of the month."""
    can = (asked.values() > 0).any(axis=1)
    asked.unserved = [one.pk for one, any_ in zip(asked.requests, can, strict=True) if not any_]
    asked.requests = [one for one, any_ in zip(asked.requests, can, strict=True) if any_]
    asked.outside += asked.unserved
    if not asked.requests:
        raise TooMuch(f"No slot of {asked.plan.name} can serve what is asked for: {UNSERVED}")
    asked.departments = list({one.department_id: one.department for one in asked.requests}.values())
    asked.departments.sort(key=lambda one: str(one).casefold())
    asked.weights = weights(asked.plan.workspace, asked.departments, asked.plan.begins)
    return asked


def _is_inside(
    one: Request, plan: FairPlan, standing: dict[UUID, datetime], begins: datetime, ends: datetime
) -> bool:
    """Whether it can be served in the span: it stands there, or is wanted in it and stands nowhere else."""
    if one.pk in standing:
        return begins <= standing[one.pk] < ends
    week = one.agreed_week or one.preferred_week
    early = week is None or week < plan.ends
    return early and (one.latest is None or one.latest >= plan.begins)


def _planned(workspace: Workspace) -> dict[UUID, tuple[datetime, UUID, Brand]]:
    """Per request the first time at which a post of it is planned: that stays as it is."""
    found: dict[UUID, tuple[datetime, UUID, Brand]] = {}
    serves = RequestPost.objects.filter(
        request__workspace=workspace, parted_at__isnull=True, post__deliveries__state__in=OPEN
    )
    rows = serves.order_by("-post__deliveries__due_at").values_list(
        "request",
        "post__deliveries__due_at",
        "post__deliveries__channel",
        "post__deliveries__channel__brand",
    )
    for request, at, channel, brand in rows:
        found[request] = (at, channel, brand)
    return found


def _own(here: set[UUID], planned: dict, promised: dict[UUID, Time]) -> list[Slot]:
    """Where these requests stand already: planned, else promised."""
    found = [Slot(*planned[pk], own=pk) for pk in here & planned.keys()]
    for pk in here & promised.keys() - planned.keys():
        one = promised[pk]
        found.append(Slot(one.at, one.channel.pk, one.channel.brand_id, pk, is_promised=True))
    return found


def _slots(plan: FairPlan, own: list[Slot], kept: list[Time]) -> list[Slot]:
    """The weekly slots of the span that can be had, and those that requests have of their own."""
    workspace, now = plan.workspace, clock.now()
    begins, ends = midnight(plan.begins, workspace.zone), midnight(plan.ends, workspace.zone)
    weekly = [one for one in queue.slots_of(workspace) if one.channel.disconnected_at is None]
    coming, week = [], monday(plan.begins)
    while week < plan.ends:
        for one in weekly:
            at = _instant(week + timedelta(days=one.weekday), one.wall, workspace)
            if at is not None and at > now and begins <= at < ends:
                coming.append(Time(at, one.channel))
        week += timedelta(weeks=1)
    free = [
        Slot(time.at, time.channel.pk, time.channel.brand_id)
        for time, why in zip(coming, times.against(workspace, coming, kept), strict=True)
        if not why
    ]
    return sorted([*own, *free], key=lambda one: (one.at, one.channel.hex))


def _instant(day: date, wall: str, workspace: Workspace) -> datetime | None:
    """The instant of a wall time; None where the clock skips it."""
    try:
        return slots.resolve(datetime.fromisoformat(f"{day}T{wall}"), workspace.timezone, fold=0).due_at
    except Invalid:
        return None
