"""Series as a whole: their times made ahead, and how they stand."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import recurrence, rules, watching
from quarterdeck.planning.models import Occurrence, Series
from quarterdeck.planning.verbs import series as verbs
from quarterdeck.publishing.models import OPEN, Delivery, Post

YEARS = timedelta(days=731)
log = logging.getLogger(__name__)


def fill(series: Series) -> int:
    """Make every draft that is near and missing, each in a transaction of its own; how many."""
    made = 0
    while made < recurrence.MOST:
        try:
            verbs.make_next(series)
        except Conflict:
            break
        made += 1
    return made


def fill_all() -> None:
    """All series of all workspaces. One that breaks does not stop the others."""
    for series in Series.objects.filter(ended_at__isnull=True).select_related("post").order_by("pk"):
        try:
            fill(series)
        except Exception:
            log.exception("The series %s could not be filled.", series.pk)


def of(workspace: Workspace) -> list[dict]:
    """The series that run, each with its rule in words, its next time, and the drafts made for it."""
    rows = Series.objects.filter(workspace=workspace, ended_at__isnull=True)
    lines = [_line(one) for one in rows.select_related("post", "watcher__user").order_by("made_at")]
    _put_watchers(workspace, [made for line in lines for made in line["made"]])
    return lines


def _line(series: Series) -> dict:
    now = clock.now()
    made = series.occurrences.select_related("post").order_by("-wall")[:8]
    watcher = series.watcher if series.watcher and series.watcher.left_at is None else None
    return {
        "series": series,
        "words": recurrence.words(series.rule),
        "at": f"{series.begins:%H:%M}",
        "made": [{"row": one, "when": datetime.fromisoformat(one.wall)} for one in reversed(made)],
        "next": _after(series, now),
        "watcher": watcher,
    }


def _put_watchers(workspace: Workspace, made: Sequence[dict]) -> None:
    """On each draft that is still to go out, outside the working hours: who reads its first comments, or that nobody
    does."""
    planned = Delivery.objects.filter(post__in=[one["row"].post_id for one in made], state__in=OPEN)
    times = dict(planned.values_list("post").annotate(Min("due_at")))
    own, zone = rules.of(workspace), workspace.zone
    outside = {pk: at for pk, at in times.items() if not own.works_at(at.astimezone(zone))}
    people = watching.named(workspace, min(outside.values()), max(outside.values())) if outside else {}
    for one in made:
        if (at := outside.get(one["row"].post_id)) is not None:
            who = people.get((one["row"].post_id, at))
            one["watched"], one["watcher"] = bool(who), who or watching.NOBODY


def _after(series: Series, now: datetime) -> datetime | None:
    """The next time of all, made or not."""
    local = now.astimezone(series.place).replace(tzinfo=None)
    found = recurrence.walls(series.rule, series.begins, local, local + YEARS)[:1]
    return recurrence.placed(found[0], series.place).at if found else None


def source_of(post: Post) -> Occurrence | None:
    """The time of a series this post was made for."""
    return Occurrence.objects.filter(post=post).select_related("series__post").first()


def running(post_id: UUID) -> Series | None:
    """The series that copies this post."""
    return Series.objects.filter(post=post_id, ended_at__isnull=True).first()
