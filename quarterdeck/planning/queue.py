"""Where a post goes next: the free slots of its channels, and the slots their own past suggests (“your habit”)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median_low
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterdeck.channels.models import Channel, RemotePost
from quarterdeck.core import clock
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import held, rules
from quarterdeck.planning.models import DAYS, WeeklySlot
from quarterdeck.publishing import objections, slots
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Post
from quarterdeck.publishing.slots import Slot

AHEAD = timedelta(days=60)
PAST = timedelta(days=90)
WEEKS_FOR_A_HABIT = 3  # of the last thirteen
MOST_PROPOSED = 7


def slots_of(workspace: Workspace) -> list[WeeklySlot]:
    """Every weekly slot that stands, by channel and time."""
    found = WeeklySlot.objects.filter(workspace=workspace, removed_at__isnull=True)
    return list(found.select_related("channel").order_by("channel__name", "weekday", "wall"))


def channels_of(post: Post) -> list[Channel]:
    """Where the post is planned, else where it is meant to go."""
    planned = Channel.objects.filter(deliveries__post=post, deliveries__state__in=OPEN).distinct()
    return list(planned) or list(post.channels.filter(disconnected_at__isnull=True))


def next_free(post: Post, most: int = 3) -> list[Slot]:
    """The next slots of the post's channels at which each of them is free, not held for something else, and nothing
    forbids it, soonest first."""
    channels = channels_of(post)
    return free(post, channels, weekly_times(channels), most)


def weekly_times(channels: Sequence[Channel]) -> list[tuple[int, str]]:
    """The weekdays and times of day at which any of the channels has a slot."""
    weekly = WeeklySlot.objects.filter(channel__in=channels, removed_at__isnull=True)
    return sorted(set(weekly.values_list("weekday", "wall")))


def free(post: Post, channels: Sequence[Channel], times: Sequence[tuple[int, str]], most: int) -> list[Slot]:
    """The next of these weekly times at which each of the channels is free and nothing forbids the post (which need
    not be saved), soonest first."""
    if not times:
        return []
    workspace, now = post.workspace, clock.now()
    taken = Delivery.objects.filter(channel__in=channels, state__in=OPEN, due_at__lt=now + AHEAD)
    busy = sorted(taken.exclude(post=post).values_list("due_at", flat=True))
    close = rules.near(rules.of(workspace))
    kept, ids = held.standing(workspace.pk, now - close, now + AHEAD), [one.pk for one in channels]
    coming = [
        slot
        for slot in _coming(times, workspace.timezone, now)
        if not _is_near(busy, slot.due_at, close)
        and not held.in_the_way(kept, slot.due_at, ids, post.pk, close)
    ]
    about = objections.proposed(post, now, channels)
    said = objections.to_each([replace(about, due_at=slot.due_at) for slot in coming])
    return [slot for slot, against in zip(coming, said, strict=True) if not objections.forbidden(against)][
        :most
    ]


def _is_near(times: Sequence[datetime], at: datetime, close: timedelta) -> bool:
    """Whether one of these instants, in order, is closer to another than that."""
    place = bisect_left(times, at)
    return any(abs(one - at) < close for one in times[max(0, place - 1) : place + 1])


def _coming(times: Sequence[tuple[int, str]], zone: str, now: datetime):
    """The instants of weekly times from now on; one that does not exist that day is left out."""
    day = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(AHEAD.days):
        here = day + timedelta(days=ahead)
        for weekday, wall in times:
            if weekday != here.weekday():
                continue
            try:
                slot = slots.resolve(datetime.fromisoformat(f"{here}T{wall}"), zone, fold=0)
            except Invalid:
                continue
            if slot.due_at > now + timedelta(minutes=1):
                yield slot


@dataclass(frozen=True, slots=True)
class Habit:
    """A time at which a channel has posted in several weeks: no judgement whether it was a good one."""

    channel: Channel
    weekday: int
    wall: str
    weeks: int

    @property
    def day(self) -> str:
        return DAYS[self.weekday]


def habits(workspace: Workspace, channels: Sequence[Channel]) -> dict[UUID, list[Habit]]:
    """Per channel the weekdays and hours at which it posted in at least three of the last thirteen weeks, and has no
    slot yet: the most regular first. From what stands on the network and what went out here; two questions."""
    now = clock.now()
    there = RemotePost.objects.filter(channel__in=channels, posted_at__gte=now - PAST, posted_at__lte=now)
    out = Delivery.objects.filter(
        channel__in=channels, state=DeliveryState.ACCEPTED, part=0, due_at__gte=now - PAST, due_at__lte=now
    )
    times: dict[UUID, set[datetime]] = {}
    rows = [*there.values_list("channel_id", "posted_at"), *out.values_list("channel_id", "due_at")]
    for channel_id, at in rows:
        times.setdefault(channel_id, set()).add(at)
    taken: dict[UUID, set[tuple[int, str]]] = {}
    for slot in WeeklySlot.objects.filter(channel__in=channels, removed_at__isnull=True):
        taken.setdefault(slot.channel_id, set()).add((slot.weekday, slot.wall[:2]))
    zone = workspace.zone
    return {
        channel.pk: rhythm(channel, times.get(channel.pk, set()), zone, taken.get(channel.pk, set()))
        for channel in channels
    }


def rhythm(
    channel: Channel, times: set[datetime], zone: ZoneInfo, taken: set[tuple[int, str]]
) -> list[Habit]:
    """The regular times among these instants, on the wall clock of `zone`."""
    hours: dict[tuple[int, int], list[datetime]] = {}
    for at in times:
        local = at.astimezone(zone)
        hours.setdefault((local.weekday(), local.hour), []).append(local)
    found = []
    for (weekday, hour), here in hours.items():
        weeks = len({local.isocalendar()[:2] for local in here})
        if weeks >= WEEKS_FOR_A_HABIT and (weekday, f"{hour:02d}") not in taken:
            minute = median_low(local.minute for local in here) // 5 * 5
            found.append(Habit(channel, weekday, f"{hour:02d}:{minute:02d}", weeks))
    found.sort(key=lambda one: (-one.weeks, one.weekday, one.wall))
    return found[:MOST_PROPOSED]
