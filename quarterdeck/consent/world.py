"""The plan of a workspace as the detectors see it: read in a dozen questions, whatever its size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from quarterdeck.consent.conflicts.every import Plan
from quarterdeck.consent.conflicts.overuse import WEEKS
from quarterdeck.consent.conflicts.shapes import Asked, Closed, Contradiction, Planned, Room, Use
from quarterdeck.consent.models import Against, ConflictRules
from quarterdeck.core import clock, registries
from quarterdeck.crew.models import Workspace
from quarterdeck.planning import layers
from quarterdeck.planning import rules as planning
from quarterdeck.planning.grid import midnight
from quarterdeck.planning.models import Span
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState
from quarterdeck.stakeholders.models import Request, RequestPost

AHEAD = timedelta(days=90)
WEEKS_AHEAD = 8  # whose room is asked for
WEEK = timedelta(days=7)
MOST = 20_000  # deliveries looked at
LABEL, WORDS = "label:", "words:"  # how an audience begins: by a label's id, or as a request put it


def rules_of(workspace: Workspace) -> ConflictRules:
    """The workspace's rules; the usual ones (not saved) where nobody has changed them."""
    return ConflictRules.objects.filter(workspace=workspace).first() or ConflictRules(workspace=workspace)


def against(workspace: Workspace) -> list[Against]:
    """The pairs of labels that contradict each other here."""
    found = Against.objects.filter(workspace=workspace, ended_at__isnull=True).select_related("one", "other")
    return list(found.order_by("one__name", "other__name"))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass
class _Going:
    """One post at one time, while its rows are put together."""

    row: dict
    channels: set[UUID] = field(default_factory=set)
    brands: set[UUID] = field(default_factory=set)


def read(workspace: Workspace, now: datetime | None = None, *, rooms: bool = True) -> Plan:
    """What the detectors look at, as it stands now: what is planned in the next 90 days, what went out so recently
    that it still counts, what was promised, and what is closed; unless told otherwise how full the weeks are."""
    now, own, pairs = now or clock.now(), rules_of(workspace), against(workspace)
    reach = max([timedelta(hours=own.audience_hours), *(timedelta(days=one.days) for one in pairs)])
    today = now.astimezone(workspace.zone).date()
    week = midnight(monday_of(today), workspace.zone)
    rows = _deliveries(workspace, min(week, now - reach), now)
    wanted = _wanted(workspace)
    going = _going(rows)
    planned = _planned(going, own, wanted, workspace)
    asked = _asked(workspace, now)
    mondays = [monday_of(today) + n * WEEK for n in range(WEEKS_AHEAD)]
    spans = layers.standing(workspace, now, now + AHEAD)
    return Plan(
        planned=[one for one in planned if one.at >= now - reach],
        asked=[one for one, _ in asked],
        spans=[_closed(one) for one in spans if one.kind in {Span.Kind.EMBARGO, Span.Kind.BLACKOUT}],
        contradictions=[Contradiction(one.pk, one.one_id, one.other_id, one.days) for one in pairs],
        uses=_uses(rows, workspace, week),
        past=_past(workspace, week),
        rooms=_rooms(workspace, mondays) if rooms else None,
        week_posts=_by_week(planned, workspace, now),
        week_requests={monday: [one.request for one, when in asked if when == monday] for monday in mondays},
        near=planning.near(planning.of(workspace)),
        audience_hours=own.audience_hours,
        per_day=own.per_day,
        per_week=own.per_week,
    )


# --- posts --------------------------------------------------------------------------------------------


def _deliveries(workspace: Workspace, since: datetime, now: datetime) -> list[dict]:
    """Planned and out, by time; each part of a thread counts with its first. Answers to a post are no posts of their
    own here."""
    counts = Q(state__in=OPEN) | Q(state=DeliveryState.ACCEPTED, due_at__lte=now)
    found = Delivery.objects.filter(
        counts,
        workspace=workspace,
        part=0,
        due_at__gte=since,
        due_at__lt=now + AHEAD,
        post__answers__isnull=True,
        removed_at__isnull=True,
    )
    return list(
        found.order_by("due_at", "post_id").values(
            "post_id",
            "due_at",
            "state",
            "channel_id",
            "channel__brand_id",
            "post__brand_id",
            "post__version_of",
        )[:MOST]
    )


def _going(rows: Sequence[dict]) -> list[_Going]:
    found: dict[tuple[UUID, datetime], _Going] = {}
    for row in rows:
        one = found.setdefault((row["post_id"], row["due_at"]), _Going(row))
        one.channels.add(row["channel_id"])
        one.brands.add(row["channel__brand_id"])
    return list(found.values())


def _planned(
    going: Sequence[_Going], own: ConflictRules, wanted: dict[UUID, set[str]], workspace: Workspace
) -> list[Planned]:
    labels = _labels(workspace, [one.row["post_id"] for one in going])
    named = {UUID(hex=one): f"{LABEL}{one}" for one in own.audiences}
    found = []
    for one in going:
        post = one.row["post_id"]
        mine = labels.get(post, set())
        audiences = {named[pk] for pk in mine & named.keys()} | wanted.get(post, set())
        found.append(
            Planned(
                post=post,
                at=one.row["due_at"],
                brand=one.row["post__brand_id"],
                channels=frozenset(one.channels),
                brands=frozenset(one.brands | {one.row["post__brand_id"]}),
                labels=frozenset(mine),
                audiences=frozenset(audiences),
                family=one.row["post__version_of"],
            )
        )
    return found


def _labels(workspace: Workspace, posts: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """One question, with the ids as one array: thousands of placeholders cost more than the answer."""
    found: dict[UUID, set[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT post_id, label_id FROM publishing_post_labels WHERE post_id = ANY(%s)",
            [list(set(posts))],
        )
        for post, label in cursor.fetchall():
            found.setdefault(post, set()).add(label)
    return found


def _uses(rows: Sequence[dict], workspace: Workspace, week: datetime) -> list[Use]:
    return [
        Use(
            row["channel_id"],
            row["post_id"],
            row["due_at"].astimezone(workspace.zone).date(),
            row["due_at"],
            row["state"] in OPEN,
        )
        for row in rows
        if row["due_at"] >= week
    ]


def _past(workspace: Workspace, week: datetime) -> dict[UUID, list[int]]:
    """Per channel how many posts each of the last whole weeks carried, oldest first."""
    out = Delivery.objects.filter(
        workspace=workspace,
        part=0,
        state=DeliveryState.ACCEPTED,
        due_at__gte=week - WEEKS * WEEK,
        due_at__lt=week,
    )
    found: dict[UUID, list[set[UUID]]] = {}
    for channel, post, at in out.values_list("channel_id", "post_id", "due_at")[:MOST]:
        weeks = found.setdefault(channel, [set() for _ in range(WEEKS)])
        weeks[max(0, WEEKS - 1 - (week - at - timedelta(microseconds=1)) // WEEK)].add(post)
    return {channel: [len(one) for one in weeks] for channel, weeks in found.items()}


def _by_week(planned: Sequence[Planned], workspace: Workspace, now: datetime) -> dict[date, list[UUID]]:
    found: dict[date, list[UUID]] = {}
    for one in planned:
        if one.at > now:
            here = found.setdefault(monday_of(one.at.astimezone(workspace.zone).date()), [])
            if one.post not in here:
                here.append(one.post)
    return found


# --- requests, dates, room ----------------------------------------------------------------------------


def _wanted(workspace: Workspace) -> dict[UUID, set[str]]:
    """Whom each post is for, as the requests it serves put it."""
    found: dict[UUID, set[str]] = {}
    serves = RequestPost.objects.filter(request__workspace=workspace, parted_at__isnull=True)
    for post, audience in serves.values_list("post_id", "request__audience"):
        words = " ".join(audience.casefold().split())
        here = found.setdefault(post, set())
        if words:
            here.add(f"{WORDS}{words}")
    return found


def _asked(workspace: Workspace, now: datetime) -> list[tuple[Asked, date | None]]:
    """What was accepted and has no post planned yet, with the Monday of the week it was promised for."""
    found = []
    accepted = Request.objects.filter(workspace=workspace, state=Request.State.ACCEPTED)
    planned = {"post__deliveries__state__in": (*OPEN, DeliveryState.ACCEPTED)}
    serving = RequestPost.objects.filter(request=OuterRef("pk"), parted_at__isnull=True, **planned)
    for row in accepted.exclude(Exists(serving)).order_by("asked_at")[:1000]:
        monday = row.agreed_week or row.preferred_week
        last = row.latest or (monday + timedelta(days=6) if monday else None)
        if last is None:
            continue
        closes = midnight(last + timedelta(days=1), workspace.zone)
        opens = max(now, midnight(monday, workspace.zone)) if monday else now
        if opens < closes:
            found.append((Asked(row.pk, opens, closes, row.brand_id), monday))
    return found


def _closed(span: Span) -> Closed:
    return Closed(span.pk, span.ends_at, span.begins_at, str(span.scope), span.target)


def _rooms(workspace: Workspace, mondays: Sequence[date]) -> list[Room] | None:
    """How full these weeks are; None where nobody says it."""
    asked = next((ask for _, ask in registries.week_room), None)
    if asked is None:
        return None
    found = [
        Room(one.monday, midnight(one.monday + WEEK, workspace.zone), one.capacity, one.used)
        for one in asked(workspace, mondays)
        if one is not None
    ]
    return found or None


def room_is_known(workspace: Workspace) -> bool:
    """Whether anybody has said how much a week of this workspace holds."""
    return _rooms(workspace, [monday_of(clock.now().astimezone(workspace.zone).date())]) is not None


def read_near(workspace: Workspace) -> int:
    """How many minutes are one slot, as planning's rules say."""
    return planning.of(workspace).near_minutes
