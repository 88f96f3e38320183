"""Slots that are kept free for something that has no post yet. Other rooms hold them (core.registries.held_slots); here
they are marked in the calendar, left out of what is free, and named to whoever plans a post in their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterdeck.core import registries
from quarterdeck.core.registries import HeldSlot, Objection, Proposed
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import rules

SYMBOL = "◌"


def standing(workspace_id: UUID, start: datetime, end: datetime) -> list[HeldSlot]:
    """What is held from an instant until before another, by time."""
    found = [one for _, held in registries.held_slots for one in held(workspace_id, start, end)]
    return sorted(found, key=lambda one: (one.at, str(one.channel)))


def words(one: HeldSlot, zone: ZoneInfo) -> str:
    """ "11:30 held for Kitchen: Spring menu", on the day it is."""
    return f"{one.at.astimezone(zone):%H:%M} held for {one.words}"


def by_day(held: Iterable[HeldSlot], zone: ZoneInfo) -> Iterable[tuple[date, str]]:
    for one in held:
        yield one.at.astimezone(zone).date(), words(one, zone)


def in_the_way(
    held: Sequence[HeldSlot], at: datetime, channels: Iterable[UUID], post: UUID | None, near: timedelta
) -> list[HeldSlot]:
    """Those that a post would stand in, or too close to, and that are not kept for it."""
    theirs = set(channels)
    return [
        one
        for one in held
        if one.channel in theirs and abs(one.at - at) < near and (post is None or post not in one.posts)
    ]


def objection(one: HeldSlot, zone: ZoneInfo) -> Objection:
    """Said to whoever plans there: it can be taken, and then it is not there for whom it was meant."""
    local = one.at.astimezone(zone)
    return Objection(f"{local:%A} {local.day} {local:%B, %H:%M} is held for {one.words} ({one.why}).")


def objections(proposals: Sequence[Proposed]) -> list[list[Objection]]:
    """For publishing (core.registries.plan_checks): what is held where these would go. One question if nothing is."""
    times = [one.due_at for one in proposals]
    held = standing(proposals[0].workspace, min(times) - rules.FARTHEST, max(times) + rules.FARTHEST)
    if not held:
        return [[] for _ in proposals]
    workspace = Workspace.objects.get(pk=proposals[0].workspace)
    near, zone = rules.near(rules.of(workspace)), workspace.zone
    return [
        [
            objection(slot, zone)
            for slot in in_the_way(held, one.due_at, [c.pk for c in one.channels], one.post, near)
        ]
        for one in proposals
    ]
