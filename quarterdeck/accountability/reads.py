"""What pages ask about slips, each inside one workspace: by post and state, never by person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from quarterdeck.accountability.models import (
    PROMISE_HOURS,
    Correction,
    Coverage,
    Flag,
    How,
    Level,
    Promise,
    Slip,
)
from quarterdeck.core import registries
from quarterdeck.core.problems import NotFound
from quarterdeck.core.registries import Trace
from quarterdeck.crew.models import Brand, Workspace
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import Delivery, Post

PER_PAGE = 30
MOST_LISTED = 200
RECENT = 20
_WITH = ("post__workspace", "post__brand", "post__answerable__user", "owner__user", "offered_to__user")


def slip(workspace: Workspace, pk: UUID) -> Slip:
    """One slip of this workspace; NotFound for any other."""
    found = _slips(workspace).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such correction in this workspace.")
    return found


def _slips(workspace: Workspace) -> QuerySet[Slip]:
    return Slip.objects.filter(workspace=workspace).select_related("workspace", *_WITH)


def open_slips(workspace: Workspace) -> list[Slip]:
    """What is not over, the worst and oldest first."""
    found = _slips(workspace).filter(ended_at__isnull=True)
    return list(found.order_by("-level", "trace_at")[:MOST_LISTED])


def ended(workspace: Workspace) -> QuerySet[Slip]:
    """What is over, newest first."""
    return _slips(workspace).filter(ended_at__isnull=False).order_by("-ended_at")


def of_post(post: Post) -> list[Slip]:
    """Every slip of a post, the open one first."""
    found = Slip.objects.filter(post=post).select_related("owner__user", "offered_to__user")
    return sorted(found.order_by("-flagged_at"), key=lambda one: not one.is_open)


def flags(slip: Slip) -> list[Flag]:
    """What was said, the oldest first."""
    return list(slip.flags.select_related("member__user", "link").order_by("flagged_at"))


def deliveries(post: Post) -> list[Delivery]:
    """Where the post is out, a delivery a channel (of a thread its first part), by the channel's name."""
    found: dict[UUID, Delivery] = {}
    for row in publishing.out(post.workspace).filter(post=post, removed_at__isnull=True):
        found.setdefault(row.channel_id, row)
    return sorted(found.values(), key=lambda row: (row.channel.name, row.channel.network))


def recently_out(workspace: Workspace, most: int = RECENT) -> list[Delivery]:
    """What somebody may have just seen: the newest posts that are out, each once."""
    found: dict[UUID, Delivery] = {}
    for row in publishing.out(workspace)[: 4 * most]:
        found.setdefault(row.post_id, row)
    return list(found.values())[:most]


def corrected_by(post: Post) -> list[Slip]:
    """The slips that this post corrects: as a reply, or in the place of what was taken down."""
    found = Slip.objects.filter(correction__coverage__post=post).select_related("post")
    return list(found.distinct())


def posts_of(slip: Slip) -> list[Coverage]:
    """Where a post of its own corrects the slip: one row a post."""
    rows = Coverage.objects.filter(correction__slip=slip, post__isnull=False).select_related("post")
    return list({row.post_id: row for row in rows.order_by("pk")}.values())


def earlier(slip: Slip) -> list[Trace]:
    """What other rooms heard about the post since it was out, and before the earliest trace known so far: one of these
    may have said it first."""
    found = [one for _, ask in registries.traces for one in ask(slip.post)]
    rows = publishing.out(slip.workspace).filter(post=slip.post).values_list("ended_at", flat=True)
    since = min(rows, default=slip.trace_at)
    return sorted((one for one in found if since <= one.at < slip.trace_at), key=lambda one: one.at)[:RECENT]


# --- the promise ----------------------------------------------------------------------------------------


def promise(brand: Brand) -> timedelta:
    """Within what time the brand promises to correct what is wrong."""
    return promises([brand.pk])[brand.pk]


def promises(brands: Iterable[UUID]) -> dict[UUID, timedelta]:
    """The same of several brands, in one question."""
    wanted = list(brands)
    kept = dict(Promise.objects.filter(brand__in=wanted).values_list("brand_id", "promise_hours"))
    return {pk: timedelta(hours=kept.get(pk, PROMISE_HOURS)) for pk in wanted}


def is_public(brand: Brand) -> bool:
    """Whether the brand shows its corrections to everybody."""
    return Promise.objects.filter(brand=brand, public=True).exists()


def open_page(address: str) -> Promise:
    """The brand's page at this address; NotFound while it is off."""
    found = Promise.objects.filter(address=address, public=True).select_related("brand__workspace").first()
    if found is None:
        raise NotFound("There is no such page.")
    return found


def listed(brand: Brand) -> list[Correction]:
    """What the brand's public page shows, newest first."""
    found = Correction.objects.filter(slip__post__brand=brand, listed=True)
    return list(found.order_by("-made_at")[:MOST_LISTED])


def due(slip: Slip, promised: timedelta) -> datetime | None:
    """When it should be corrected: from level 2 on, and not when it is already."""
    if slip.level < Level.WRONG or slip.corrected_at is not None or not slip.is_open:
        return None
    return slip.trace_at + promised


# --- how long it took, on its own page alone ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the way of one slip: what happened, when, and how long after its earliest trace."""

    words: str
    at: datetime
    after: timedelta


def times(slip: Slip) -> list[Mark]:
    """Earliest trace, flagged, taken, told inside, first public correction, done on every channel: those that came to
    be, in their order. Read from the slip alone; it says what happened, never who did it."""
    done = Coverage.objects.filter(correction__slip=slip, done_at__isnull=False).exclude(how=How.LEAVE)
    points = [
        (f"The earliest trace: {slip.get_trace_basis_display()}", slip.trace_at),
        ("Flagged", slip.flagged_at),
        ("Taken on", slip.owned_first_at),
        ("Those affected told inside", slip.told_at),
        ("Decided for every channel", slip.corrected_at),
        ("The first correction in public", done.aggregate(first=Min("done_at"))["first"]),
        ("Over: " + slip.get_ended_display() if slip.ended else "", slip.ended_at),
    ]
    found = [(words, at) for words, at in points if at is not None]
    return [Mark(words, at, at - slip.trace_at) for words, at in sorted(found, key=lambda one: one[1])]


def in_words(length: timedelta) -> str:
    """ "35 min", "3 h 20 min", "2 days 4 h": as a colleague would say it."""
    minutes = int(length.total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days} day{'s' * (days != 1)}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {left} min" if left else "")
    return f"{minutes} min" if minutes else "at once"
