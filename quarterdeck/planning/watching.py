"""Who reads the comments in the first hour of posts that go out outside the working hours. Current ownership only: no
list, no count and no history by person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck.core import clock
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.entries import Entry
from quarterdeck.planning.models import Rules, Watch
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Post

NOBODY = "nobody watching"
FIRST_HOUR = timedelta(hours=1)
_GOING = {"sending", "handed", "looking", "out"}


def named(workspace: Workspace, since: datetime, until: datetime) -> dict[tuple[UUID, datetime], str]:
    """The people named for posts between two instants (both included), by post and time."""
    rows = Watch.objects.filter(
        workspace=workspace,
        due_at__range=(since, until),
        ended_at__isnull=True,
        member__left_at__isnull=True,
    ).select_related("member__user")
    return {(one.post_id, one.due_at): str(one.member) for one in rows}


def put(entries: Iterable[Entry], workspace: Workspace, own: Rules) -> None:
    """Say on each entry outside the working hours who watches, or that nobody does: until its first hour is over."""
    now = clock.now()
    outside = [one for one in entries if _is_asked(one, now) and not own.works_at(one.local)]
    times = [one.due_at for one in outside]
    people = named(workspace, min(times), max(times)) if times else {}
    for one in outside:
        who = people.get((one.post_id, one.due_at))
        one.watched = who is not None
        one.watcher = f"{who} reads the comments" if who else NOBODY


def _is_asked(entry: Entry, now: datetime) -> bool:
    return entry.open or (entry.key in _GOING and now < entry.due_at + FIRST_HOUR)


def first_of(post: Post) -> Delivery | None:
    """The delivery whose first hour is to be watched: the soonest that is planned, else one that went out less than an
    hour ago."""
    planned = post.deliveries.filter(state__in=OPEN).order_by("due_at").first()
    just_out = post.deliveries.filter(state=DeliveryState.ACCEPTED, due_at__gt=clock.now() - FIRST_HOUR)
    return planned or just_out.order_by("-due_at").first()
