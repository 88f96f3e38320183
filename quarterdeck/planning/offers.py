"""What planning offers on the page of a post: the next free slot, coming again, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from quarterdeck.channels.models import Channel
from quarterdeck.core.registries import FreeSlot
from quarterdeck.crew.models import Member
from quarterdeck.planning import queue, repeating
from quarterdeck.planning.models import DAYS, WeeklySlot
from quarterdeck.publishing.models import DeliveryState, Post
from quarterdeck.publishing.slots import Slot

_GONE = (DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS, DeliveryState.SENDING, DeliveryState.HANDED)


def next_slot(post: Post, who: Member) -> str | None:
    """Where the next free slot is offered; not for what is out, nor where no channel of it has slots."""
    if not who.may("publishing.post.schedule") or post.discarded_at:
        return None
    if post.deliveries.filter(state__in=_GONE).exists():
        return None
    if not WeeklySlot.objects.filter(channel__in=post.channels.all(), removed_at__isnull=True).exists():
        return None
    parts = {"workspace": who.workspace.slug, "pk": post.pk}
    there = reverse("publishing-post", kwargs=parts)
    return f"{reverse('planning-move', kwargs=parts)}?when=next&next={there}"


def free_slot(who: Member, channels: Sequence[Channel], post: Post | None) -> FreeSlot:
    """For the composer: the next free weekly slot of these channels, else the next free of their habits."""
    zone = who.workspace.timezone
    if not channels:
        return FreeSlot("", zone, "Choose a channel first: slots belong to channels.")
    about = post or Post(workspace=who.workspace, brand_id=channels[0].brand_id)
    if times := queue.weekly_times(channels):
        if found := queue.free(about, channels, times, 1):
            return _offered(
                found[0], f"the next free slot of {_names(found[0], channels)}, as your team set it. {_HABIT}"
            )
        return FreeSlot("", zone, f"No slot of these channels is free in the next {queue.AHEAD.days} days.")
    habits = [one for every in queue.habits(who.workspace, channels).values() for one in every]
    if found := queue.free(about, channels, sorted({(one.weekday, one.wall) for one in habits}), 1):
        here = found[0].wall
        habit = next(one for one in habits if f"{here[11:]}" == one.wall and one.day == _day(here))
        often = f"{habit.channel.name} posted about then in {habit.weeks} of the last 13 weeks"
        return _offered(found[0], f"{often}. {_HABIT}")
    return FreeSlot(
        "", zone, "These channels have no weekly slots and no habit to go by. Please choose a time yourself."
    )


_HABIT = "That is your habit; nothing says that it is better than another time."


def _offered(slot: Slot, words: str) -> FreeSlot:
    at = datetime.fromisoformat(slot.wall)
    return FreeSlot(slot.wall, slot.zone, f"{at:%A} {at.day} {at:%B, %H:%M} {slot.zone}: {words}")


def _day(wall: str) -> str:
    return DAYS[datetime.fromisoformat(wall).weekday()]


def _names(slot: Slot, channels: Sequence[Channel]) -> str:
    """The channels that have this very slot."""
    at = datetime.fromisoformat(slot.wall)
    having = WeeklySlot.objects.filter(
        channel__in=channels, removed_at__isnull=True, weekday=at.weekday(), wall=slot.wall[11:16]
    )
    return " and ".join(sorted(set(having.values_list("channel__name", flat=True))))


def come_again(post: Post, who: Member) -> str | None:
    """Where a post is let come again; not one that does already or was made by a series."""
    if not who.may("planning.series.change") or post.discarded_at:
        return None
    if repeating.running(post.pk) or repeating.source_of(post):
        return None
    return reverse("planning-series-begin", kwargs={"workspace": who.workspace.slug, "pk": post.pk})


def origin(post: Post, who: Member) -> dict | None:
    """For the panel: the series that made this post, or that copies it."""
    made = repeating.source_of(post)
    running = repeating.running(post.pk)
    if made is None and running is None:
        return None
    source = made.series.post if made else None
    return {
        "source": source,
        "same": source is not None and source.text_hash == post.text_hash,
        "problem": made.problem if made else "",
        "running": running,
    }
