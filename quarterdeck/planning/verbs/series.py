"""Posts that come again. Each time becomes a draft of its own, planned ahead, visible, editable, and to be approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, Problem
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.planning import recurrence, rules
from quarterdeck.planning.models import Occurrence, Series
from quarterdeck.planning.recurrence import FREQUENCIES
from quarterdeck.planning.verbs import watches
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.verbs import labels

MOST_SERIES = 100
LONGEST_AHEAD = 90  # days


@verb
def begin_series(
    post: Post,
    *,
    by: Member,
    frequency: str,
    every: int = 1,
    days: Sequence[int] = (),
    begins: datetime,
    until: date | None = None,
    ahead_days: int = 28,
    watcher: Member | None = None,
) -> Series:
    """Let a post come again from the wall time `begins` (naive, in the workspace's zone) on, by its local clock.

    `days` count from Monday = 0 and matter weekly only. The `watcher`, named by somebody else, is told once. Invalid
    with its fields.
    """
    if frequency not in FREQUENCIES or not 1 <= every <= 52:
        raise Invalid("It cannot come again like that.", fields={"every": "From 1 to 52."})
    if not 1 <= ahead_days <= LONGEST_AHEAD:
        raise Invalid("That is too far ahead.", fields={"ahead_days": f"From 1 to {LONGEST_AHEAD} days."})
    begins = begins.replace(second=0, microsecond=0)
    if until and until < begins.date():
        raise Invalid("It ends before it begins.", fields={"until": "Please choose a later day."})
    post = locked(Post, post.pk)  # begun twice at once, the second waits and then sees the first
    if post.discarded_at:
        raise Conflict("This post was discarded.", next_step="Put it back first; its page offers that.")
    running = Series.objects.filter(workspace=by.workspace_id, ended_at__isnull=True)
    if running.filter(post=post).exists():
        raise Conflict("This post comes again already.", next_step="End that series first.")
    if running.count() >= MOST_SERIES:
        raise Conflict(f"At most {MOST_SERIES} series run at once.", next_step="End one first.")
    series = Series.objects.create(
        workspace=by.workspace,
        post=post,
        rule=recurrence.rule(frequency, every=every, days=days, until=until),
        wall=f"{begins:%Y-%m-%dT%H:%M}",
        zone=by.workspace.timezone,
        ahead_days=ahead_days,
        watcher=watcher,
        made_by=by,
        made_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    fields = {
        "post": str(post.pk),
        "rule": series.rule,
        "wall": series.wall,
        "zone": series.zone,
        "ahead_days": ahead_days,
        "watched": watcher is not None,
    }
    about = {"actor": by, "about": series, "event_id": series.ledger_event_id}
    ledger.record("planning.series.begun", fields=fields, **about)
    if watcher is not None and watcher.pk != by.pk:
        _tell_watcher(series, watcher)
    return series


@verb
def end_series(series: Series, *, by: Member) -> None:
    """No further times are made. The drafts made so far stay, with their times."""
    series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    if series.ended_at:
        raise Conflict("This series has ended already.")
    series.ended_at, series.ledger_event_id = clock.now(), ids.new()
    series.save()
    ledger.record("planning.series.ended", actor=by, about=series, event_id=series.ledger_event_id)


def _missing(series: Series, now: datetime) -> list[recurrence.Time]:
    """The times that lie within the horizon and that nothing was made for yet, soonest first."""
    local = now.astimezone(series.place).replace(tzinfo=None)
    end = local + timedelta(days=series.ahead_days)
    made = set(series.occurrences.values_list("wall", flat=True))
    times = (
        recurrence.placed(wall, series.place)
        for wall in recurrence.walls(series.rule, series.begins, local, end)
    )
    return [one for one in times if one.at > now and f"{one.wall:%Y-%m-%dT%H:%M}" not in made]


@verb
def make_next(series: Series) -> Occurrence:
    """Make the draft for the soonest time that has none, copied from the source as it is now, and plan it.

    It is not approved, whatever the source is. Where it cannot be planned, the draft says why. Conflict when nothing
    is missing.
    """
    series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    missing = _missing(series, clock.now())
    if series.ended_at or not missing:
        raise Conflict("No time of this series is near.")
    time, by = missing[0], _whoever(series)
    # A series keeps its zone; posts are planned in the workspace’s.
    local = time.at.astimezone(by.workspace.zone)
    occurrence = Occurrence(
        series=series, wall=f"{time.wall:%Y-%m-%dT%H:%M}", made_at=clock.now(), ledger_event_id=ids.new()
    )
    try:
        with transaction.atomic():  # half a copy is none
            occurrence.post = _copy(series.post, by)
        posts.schedule(occurrence.post, by=by, when=local.replace(tzinfo=None, fold=0), fold=local.fold)
        _name_watcher(series, occurrence.post, by, local)
    except Problem as problem:
        occurrence.problem = f"{problem.title} {problem.next_step}".strip()[:500]
    occurrence.save(force_insert=True)
    fields = {
        "series": str(series.pk),
        "wall": occurrence.wall,
        "post": str(occurrence.post_id or ""),
        "problem": occurrence.problem,
    }
    about = {"actor": by, "about": occurrence, "event_id": occurrence.ledger_event_id}
    ledger.record("planning.occurrence.made", fields=fields, **about)
    return occurrence


def _name_watcher(series: Series, post: Post, by: Member, local: datetime) -> None:
    """Whom the series names for the first hour, where its time lies outside the working hours."""
    watcher = series.watcher
    if watcher is not None and watcher.left_at is None and not rules.of(by.workspace).works_at(local):
        watches.name_watch(post, by=by, member=watcher, tell=False)  # told when the series was begun


def _tell_watcher(series: Series, watcher: Member) -> None:
    """Once for the whole series: its drafts are made by the dozen."""
    begins = series.begins
    notify.tell(
        watcher,
        subject=f"You read the first comments each time “{series.post.short}” goes out",
        text=f"From {begins:%A}, {begins.day} {begins:%B} on it comes again {recurrence.words(series.rule)}, at "
        f"{begins:%H:%M} ({series.zone}). You are named for the first hour of each time that lies outside the working "
        "hours. The page of the series shows which those are; on each it can be changed.",
        url=reverse("planning-series", kwargs={"workspace": series.workspace.slug}),
    )


def _whoever(series: Series) -> Member:
    """Who answers for the new draft: who began the series, or when they left whoever answers for its source."""
    people = [series.made_by, series.post.answerable, *series.workspace.members.filter(role="owner")]
    return next((one for one in people if one.left_at is None), series.made_by)


def _copy(source: Post, by: Member) -> Post:
    if source.discarded_at:
        raise Conflict(
            "The post it is copied from was discarded.", next_step="Put it back, or end the series."
        )
    copy = posts.draft(
        by,
        brand=source.brand,
        text=source.text,
        channels=list(source.channels.filter(disconnected_at__isnull=True)),
        images=source.images,
        following=source.following,
        overrides=source.overrides,
        kind=source.kind,
        language=source.language,
        card=source.card,
    )
    own = list(source.labels.all())
    if own or source.latest_minutes is not None:
        labels.label_post(copy, by=by, labels=own, latest_minutes=source.latest_minutes)
    return copy
