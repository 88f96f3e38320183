"""What adopted plans have promised and can still be had: a later plan leaves it where it is, like what is planned."""

from __future__ import annotations

from uuid import UUID

from quarterdeck.consent.fair import holding, times
from quarterdeck.consent.models import Held
from quarterdeck.crew.models import Workspace
from quarterdeck.stakeholders.models import OPEN


def kept(workspace: Workspace) -> dict[UUID, times.Time]:
    """Per request that waits for a post the time that a plan holds for it, where that can still be had."""
    found = Held.objects.filter(
        plan__workspace=workspace, freed_at__isnull=True, request__state__in=OPEN
    ).order_by("at", "pk")
    posts, served = holding.posts_of(list(found.values_list("request", flat=True)))
    rows = [one for one in found if one.request_id not in served]
    here = times.channels(one.channel for one in rows)
    held = [times.Time(one.at, here.get(one.channel), frozenset(posts[one.request_id])) for one in rows]
    against = times.against(workspace, held)
    return {one.request_id: time for one, time, why in zip(rows, held, against, strict=True) if not why}
