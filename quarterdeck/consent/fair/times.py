"""Which times can be had. A fair plan gives no other, and is not adopted once one of them cannot be had any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.core.registries import Proposed
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import rules as planning
from quarterdeck.publishing import objections
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState

Taken = dict[UUID, list[tuple[datetime, UUID | None]]]  # per channel, what stands there: when, and its post


@dataclass(frozen=True, slots=True)
class Time:
    """A time on a channel, None for one that is gone. `posts` are those it is meant for: they are not in its way."""

    at: datetime
    channel: Channel | None
    posts: frozenset[UUID] = frozenset()

    @property
    def is_connected(self) -> bool:
        return self.channel is not None and self.channel.disconnected_at is None

    def proposed(self, workspace: Workspace) -> Proposed:
        """As a post is proposed there that is not written yet."""
        brand = self.channel.brand_id if self.channel else None
        return Proposed(workspace.pk, self.at, brand, [self.channel])


def against(workspace: Workspace, times: Sequence[Time], kept: Collection[Time] = ()) -> list[str]:
    """Why each of these times cannot be had, in words; empty where it can. The same questions, however many. `kept`
    are times that stay promised to something else."""
    if not times:
        return []
    near, now = planning.near(planning.of(workspace)), clock.now()
    taken = _taken(workspace, min(one.at for one in times) - near, max(one.at for one in times) + near)
    for one in kept:
        if one.channel is not None:
            taken[one.channel.pk].append((one.at, None))
    there = [one for one in times if one.is_connected]
    said = objections.to_each([one.proposed(workspace) for one in there])
    forbidden = {one: objections.forbidden(words) for one, words in zip(there, said, strict=True)}
    return [_why(one, now, taken, near, forbidden) for one in times]


def _why(one: Time, now: datetime, taken: Taken, near: timedelta, forbidden: dict[Time, str]) -> str:
    if one.at <= now:
        return "it has passed."
    if one not in forbidden:
        return "its channel is not connected any more."
    here = taken[one.channel.pk] if one.channel else ()
    if any(post not in one.posts and abs(one.at - due) < near for due, post in here):
        return "something else stands there, or too close to it."
    return forbidden[one]


def channels(pks: Iterable[UUID]) -> dict[UUID, Channel]:
    return Channel.objects.in_bulk(set(pks))


def _taken(workspace: Workspace, start: datetime, end: datetime) -> Taken:
    rows = Delivery.objects.filter(
        workspace=workspace, state__in=(*OPEN, DeliveryState.ACCEPTED), due_at__gt=start, due_at__lt=end
    )
    found: Taken = defaultdict(list)
    for channel, due, post in rows.values_list("channel_id", "due_at", "post_id"):
        found[channel].append((due, post))
    return found
