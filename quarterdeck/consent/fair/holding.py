"""The slots that adopted plans hold, for the calendar and whoever looks for a free one (core.registries.held_slots).

A slot is held while its request waits for a post that is planned or out; then the post stands there itself, or
elsewhere."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from quarterdeck.consent.models import Held
from quarterdeck.core.registries import HeldSlot
from quarterdeck.publishing.models import OPEN, DeliveryState
from quarterdeck.stakeholders.models import OPEN as ASKED_STILL
from quarterdeck.stakeholders.models import RequestPost

GOES_OUT = (*OPEN, DeliveryState.ACCEPTED)


def held(workspace_id: UUID, start: datetime, end: datetime) -> list[HeldSlot]:
    """What is held from an instant until before another. One question, two where something is."""
    found = Held.objects.filter(
        plan__workspace=workspace_id,
        freed_at__isnull=True,
        at__gte=start,
        at__lt=end,
        request__state__in=ASKED_STILL,
    ).select_related("plan", "request__department")
    rows = list(found.order_by("at", "pk"))
    posts, served = posts_of([one.request_id for one in rows])
    return [
        HeldSlot(
            one.at,
            one.channel,
            f"{one.request.department}: {one.request.short}",
            f"the fair plan for {one.plan.name}",
            frozenset(posts[one.request_id]),
        )
        for one in rows
        if one.request_id not in served
    ]


def posts_of(requests: list[UUID]) -> tuple[dict[UUID, set[UUID]], set[UUID]]:
    """The posts of these requests, and which of the requests have one that is planned or out."""
    posts: dict[UUID, set[UUID]] = defaultdict(set)
    served: set[UUID] = set()
    if not requests:
        return posts, served
    rows = RequestPost.objects.filter(request__in=requests, parted_at__isnull=True)
    for request, post, state in rows.values_list("request", "post", "post__deliveries__state"):
        posts[request].add(post)
        if state in GOES_OUT:
            served.add(request)
    return posts, served
