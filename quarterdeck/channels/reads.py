"""What pages and other rooms ask about channels."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Min, Prefetch, QuerySet

from quarterdeck.channels.contract import Elsewhere
from quarterdeck.channels.models import Beginning, Channel, Checkup, Credential, RemotePost, Snapshot
from quarterdeck.core import clock, secrets
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import Member, User, Workspace

WEEKS_SHOWN = 13

_NEXT_SNAPSHOT = """
SELECT min(CASE WHEN h.disconnected_at IS NULL THEN s.try_at ELSE greatest(s.try_at, s.latest_at) END)
  FROM channels_snapshot s JOIN channels_channel h ON h.id = s.channel_id
 WHERE s.try_at IS NOT NULL
"""


def connected(workspace: Workspace) -> QuerySet[Channel]:
    """The channels one can publish through now, oldest first."""
    return Channel.objects.filter(workspace=workspace, disconnected_at__isnull=True).order_by("connected_at")


def every(workspace: Workspace) -> QuerySet[Channel]:
    """All channels, the connected first."""
    return (
        Channel.objects.filter(workspace=workspace)
        .select_related("connected_by__user", "brand", "checkup", "first_look")
        .order_by("disconnected_at", "connected_at")
    )


def channel(workspace: Workspace, pk: UUID) -> Channel:
    """One channel of this workspace; NotFound for any other."""
    found = (
        Channel.objects.filter(workspace=workspace, pk=pk)
        .select_related("brand", "connected_by__user", "checkup", "first_look")
        .first()
    )
    if found is None:
        raise NotFound("There is no such channel in this workspace.")
    return found


# --- connections ------------------------------------------------------------------------------------


def state_hash(state: str) -> bytes:
    """SHA-256 of the state that a network brings back: by it a begun connection is found again."""
    return hashlib.sha256(state.encode()).digest()


def sealed_for(begun: Beginning) -> str:
    """What a begun connection is sealed for: it opens for no other."""
    return f"channels.beginning:{begun.pk}"


def elsewhere(begun: Beginning) -> Elsewhere:
    """Where the sign-in goes on, and what the connector asked to be kept."""
    kept = json.loads(secrets.unseal(bytes(begun.sealed), context=sealed_for(begun)))
    return Elsewhere(kept["url"], kept["keep"])


def beginning(workspace: Workspace, pk: UUID) -> Beginning:
    """A connection that was begun in this workspace; NotFound for any other."""
    found = (
        Beginning.objects.filter(member__workspace=workspace, pk=pk)
        .select_related("member__user", "member__workspace", "brand", "channel")
        .first()
    )
    if found is None:
        raise NotFound(
            "There is no such beginning of a connection.",
            next_step="Please begin again on the page of channels.",
        )
    return found


def returning(user: User, state: str) -> Beginning:
    """The connection this person began, by the state the network brought back; NotFound in words."""
    found = (
        Beginning.objects.filter(
            member__user=user, member__left_at__isnull=True, state_hash=state_hash(state)
        )
        .select_related("member__workspace")
        .first()
    )
    if found is None:
        raise NotFound(
            "This answer does not belong to a connection that you began here.",
            not_done="Nothing was connected.",
            next_step="Please begin again on the page of channels, and finish in the same browser.",
        )
    return found


def next_checkup() -> datetime | None:
    """When the next channel is to be looked at."""
    due = Checkup.objects.filter(channel__disconnected_at__isnull=True).aggregate(due=Min("next_at"))
    return due["due"]


# --- posts that stand on a network, and their numbers -----------------------------------------------


def next_snapshot() -> datetime | None:
    """When the next snapshot can be taken, or settled as not taken."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SNAPSHOT)
        return cursor.fetchone()[0]


def remote_posts(channel: Channel) -> QuerySet[RemotePost]:
    """The posts known to stand there, newest first, each with the snapshots that were taken, oldest first."""
    taken = Snapshot.objects.filter(taken_at__isnull=False).order_by("taken_at")
    newest = RemotePost.objects.filter(channel=channel).order_by("-posted_at", "-id")
    return newest.prefetch_related(Prefetch("snapshots", queryset=taken, to_attr="taken"))


@dataclass(frozen=True, slots=True)
class Week:
    """How many posts stand there from the week that begins on `monday`."""

    monday: date
    posts: int


def weeks(channel: Channel, zone: ZoneInfo) -> list[Week]:
    """The last thirteen weeks in the member's zone, newest first, those without a post included."""
    today = clock.now().astimezone(zone).date()
    this = today - timedelta(days=today.weekday())
    since = datetime.combine(this - timedelta(weeks=WEEKS_SHOWN - 1), datetime.min.time(), tzinfo=zone)
    times = RemotePost.objects.filter(channel=channel, posted_at__gte=since).values_list(
        "posted_at", flat=True
    )
    days = (moment.astimezone(zone).date() for moment in times)
    counted = Counter(day - timedelta(days=day.weekday()) for day in days)
    mondays = [this - timedelta(weeks=back) for back in range(WEEKS_SHOWN)]
    return [Week(monday, counted[monday]) for monday in mondays]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A post's snapshots on one channel: `settled` are taken or not taken, `next` is the one that comes."""

    remote: RemotePost
    settled: list[Snapshot]
    next: Snapshot | None


def numbers_so_far(post: Any, who: Member) -> dict[str, Any] | None:
    """For the page of a post of publishing: what the networks said about its deliveries. None when there is none."""
    there = {d.remote_id for d in post.deliveries.all() if d.remote_id}
    found = RemotePost.objects.filter(
        channel__workspace=who.workspace_id,
        channel__in={d.channel_id for d in post.deliveries.all()},
        remote_id__in=there,
    )
    rows = (
        found.select_related("channel")
        .order_by("channel__connected_at", "posted_at")
        .prefetch_related(Prefetch("snapshots", queryset=Snapshot.objects.order_by("due_at")))
    )
    shown = [_numbers(row) for row in rows]
    return {"numbers": shown} if shown else None


def _numbers(remote: RemotePost) -> Numbers:
    every = list(remote.snapshots.all())
    still_open = [s for s in every if s.try_at is not None]
    return Numbers(remote, [s for s in every if s.try_at is None], still_open[0] if still_open else None)


def newest_numbers(where: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Snapshot]:
    """For posts, each by its channel and its id there: the newest snapshot that was taken, where there is one. One
    question for all of them."""
    if not where:
        return {}
    taken = Snapshot.objects.filter(
        channel__in={channel for channel, _ in where},
        post__remote_id__in={remote for _, remote in where},
        taken_at__isnull=False,
        gone=False,
    )
    newest = taken.order_by("post", "-taken_at").distinct("post").select_related("post")
    return {(one.channel_id, one.post.remote_id): one for one in newest}


def sign_in_version(channel: Channel) -> int | None:
    """Which sign-in is kept now; None where there is none."""
    return Credential.objects.filter(pk=channel.pk).values_list("version", flat=True).first()
