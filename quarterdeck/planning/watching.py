"""Who reads the comments in the first hour: asked for every post outside the working hours. Ownership now, no past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from quarterdeck.crew.models import Workspace
from quarterdeck.planning.entries import Entry
from quarterdeck.planning.models import Rules, Watch

NOBODY = "nobody watching"


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
    """Say on each entry still to go out outside the working hours who watches, or that nobody does."""
    outside = [one for one in entries if one.open and not own.works_at(one.local)]
    times = [one.due_at for one in outside]
    people = named(workspace, min(times), max(times)) if times else {}
    for one in outside:
        who = people.get((one.post_id, one.due_at))
        one.watched = who is not None
        one.watcher = f"{who} reads the comments" if who else NOBODY
