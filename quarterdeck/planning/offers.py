"""What planning offers on the page of a post: the next free slot, coming again, and where it came from."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck.crew.models import Member
from quarterdeck.planning import repeating
from quarterdeck.planning.models import WeeklySlot
from quarterdeck.publishing.models import DeliveryState, Post

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
