"""Posts that stand on a network, and their numbers at fixed ages: what was not collected then can never be.

A snapshot is taken at its age or not at all: later than half way to the next age, its answer would be that of
another age, so it is marked as not taken, with the reason. Nothing is ever estimated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from quarterdeck import live
from quarterdeck.channels import adapters, by_hand
from quarterdeck.channels.ages import AGES, allowed_lateness
from quarterdeck.channels.contract import Counts, OwnPost, Published
from quarterdeck.channels.models import Channel, FirstLook, RemotePost, Snapshot
from quarterdeck.core import clock
from quarterdeck.core.verbs import intake

SET = 25  # posts asked about in one call, where the network takes that many
LEASE = timedelta(minutes=10)  # longer than a set takes when each post is a call of its own
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=2), timedelta(hours=1)
LONGEST_REASON, LONGEST_URL, LONGEST_ID, LONGEST_TEXT = 500, 600, 400, 20_000
NOT_RUNNING = "Quarterdeck was not running, or did not come to it, while the post had this age."
NOT_CONNECTED = "The channel was not connected while the post had this age."

_TOO_LATE = """
UPDATE channels_snapshot AS s
   SET try_at = NULL,
       reason = CASE WHEN h.disconnected_at IS NOT NULL THEN %(away)s
                     WHEN s.reason <> '' THEN s.reason ELSE %(down)s END
  FROM channels_channel h
 WHERE h.id = s.channel_id AND s.try_at <= %(now)s AND s.latest_at < %(now)s
"""
_CLAIM = """
UPDATE channels_snapshot AS s SET try_at = %(until)s, attempt = s.attempt + 1
  FROM (SELECT f.id
          FROM (SELECT x.channel_id FROM channels_snapshot x JOIN channels_channel h ON h.id = x.channel_id
                 WHERE x.try_at <= %(now)s AND h.disconnected_at IS NULL
                 GROUP BY x.channel_id ORDER BY min(x.try_at) LIMIT %(limit)s) AS chosen
         CROSS JOIN LATERAL (SELECT y.id FROM channels_snapshot y
                              WHERE y.channel_id = chosen.channel_id AND y.try_at <= %(now)s
                              ORDER BY y.try_at LIMIT %(set)s FOR UPDATE SKIP LOCKED) AS f) AS free
 WHERE s.id = free.id
RETURNING s.id, s.attempt, s.channel_id
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """Snapshots of one channel that this worker may take until the lease ends: {id: attempt}."""

    channel_id: UUID
    attempts: dict[UUID, int]


# --- following posts --------------------------------------------------------------------------------


@intake
def follow(channel: Channel, published: Published, text: str, posted_at: datetime) -> None:
    """Keep a post that went out through us, and plan its snapshots. A second call changes nothing."""
    _follow_all(channel, [(published, text, posted_at)])


@intake
def follow_all(channel: Channel, posts: Sequence[tuple[Published, str, datetime]]) -> None:
    """The same for many posts of one channel: (what the network said, text, when it was posted)."""
    _follow_all(channel, posts)


def _follow_all(channel: Channel, posts: Sequence[tuple[Published, str, datetime]]) -> None:
    rows = {
        published.remote_id: _row(channel, published, text, posted_at, ours=True)
        for published, text, posted_at in posts
    }
    RemotePost.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["channel", "remote_id"], update_fields=["ours"]
    )
    if adapters.unsigned(channel).capabilities.metrics:
        _plan(RemotePost.objects.filter(channel=channel, remote_id__in=rows), clock.now())


def _row(
    channel: Channel, published: Published, text: str, posted_at: datetime, *, ours: bool = False
) -> RemotePost:
    """What a server said is kept only as far as it can be kept and shown: an address that is none is left out."""
    url = published.url
    good = len(url) <= LONGEST_URL and (by_hand.is_web_address(url) or url.startswith("/sandbox/"))
    return RemotePost(
        channel=channel,
        remote_id=published.remote_id,
        url=url if good else "",
        details=dict(published.details),
        posted_at=posted_at,
        text=text.replace("\0", "")[:LONGEST_TEXT],
        ours=ours,
    )


def _plan(posts: Iterable[RemotePost], now: datetime, *, only_ahead: bool = False) -> None:
    planned = [
        Snapshot(
            post=post,
            channel_id=post.channel_id,
            age_hours=age,
            due_at=due,
            latest_at=due + allowed_lateness(age),
            try_at=due,
        )
        for post in posts
        for age in AGES
        if (due := post.posted_at + timedelta(hours=age)) > now or not only_ahead
    ]
    Snapshot.objects.bulk_create(planned, ignore_conflicts=True)


# --- taking snapshots -------------------------------------------------------------------------------


@intake
def claim(limit: int, now: datetime) -> list[Claimed]:
    """Settle what is too late for its age, then lease what is due: at most `limit` sets, each of one channel."""
    with connection.cursor() as cursor:
        cursor.execute(_TOO_LATE, {"now": now, "away": NOT_CONNECTED, "down": NOT_RUNNING})
        cursor.execute(_CLAIM, {"now": now, "until": now + LEASE, "limit": limit, "set": SET})
        rows = cursor.fetchall()
    sets: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for pk, attempt, channel_id in rows:
        sets[channel_id][pk] = attempt
    return [Claimed(channel_id, attempts) for channel_id, attempts in sets.items()]


@intake
def take(claimed: Claimed, counts: dict[UUID, Counts], asked_at: datetime) -> None:
    """Write what the network said, by the id of the post, each fenced by its attempt."""
    for snapshot in _mine(claimed):
        said = counts.get(snapshot.post_id)
        if said is None:
            continue
        snapshot.taken_at, snapshot.counts, snapshot.gone = asked_at, dict(said.values), said.gone
        snapshot.try_at, snapshot.reason = None, ""
        snapshot.save(update_fields=["taken_at", "counts", "gone", "try_at", "reason"])


@intake
def put_off(claimed: Claimed, words: str, now: datetime, retry_after: float | None = None) -> None:
    """The network gave nothing: again after a pause, while the post still has that age; else not taken."""
    for snapshot in _mine(claimed):
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(snapshot.attempt - 1, 8))
        again = now + max(pause, timedelta(seconds=min(retry_after or 0, 86_400)))
        snapshot.try_at = again if again <= snapshot.latest_at else None
        snapshot.reason = words[:LONGEST_REASON]
        snapshot.save(update_fields=["try_at", "reason"])


def _mine(claimed: Claimed) -> list[Snapshot]:
    rows = Snapshot.objects.select_for_update().filter(pk__in=claimed.attempts, try_at__isnull=False)
    return [row for row in rows.order_by("pk") if claimed.attempts[row.pk] == row.attempt]


# --- the first look at an account -------------------------------------------------------------------


@intake
def keep_own(channel: Channel, found: Sequence[OwnPost], taken_at: datetime) -> int:
    """Keep posts the account made before, with their counts as found, and plan the ages still ahead of them.

    Those that are known already stay as they are. Returns how many were new.
    """
    known = set(
        RemotePost.objects.filter(
            channel=channel, remote_id__in=[own.published.remote_id for own in found]
        ).values_list("remote_id", flat=True)
    )
    new = {
        own.published.remote_id: own
        for own in found
        if own.published.remote_id not in known and len(own.published.remote_id) <= LONGEST_ID
    }
    rows = [_row(channel, own.published, own.text, min(own.posted_at, taken_at)) for own in new.values()]
    RemotePost.objects.bulk_create(rows, ignore_conflicts=True)
    kept = list(RemotePost.objects.filter(channel=channel, remote_id__in=new))
    Snapshot.objects.bulk_create(
        [
            _as_found(row, counts, taken_at)
            for row in kept
            if (counts := new[row.remote_id].counts).values or counts.gone  # no numbers given is not a number
        ],
        ignore_conflicts=True,
    )
    _plan(kept, taken_at, only_ahead=True)
    return len(kept)


def _as_found(post: RemotePost, counts: Counts, taken_at: datetime) -> Snapshot:
    return Snapshot(
        post=post,
        channel_id=post.channel_id,
        due_at=taken_at,
        latest_at=taken_at,
        taken_at=taken_at,
        counts=dict(counts.values),
        gone=counts.gone,
    )


@intake
def ask_first_look(channel: Channel, since: datetime) -> None:
    """The account's own posts since then are to be imported; what an earlier look found stays."""
    FirstLook.objects.update_or_create(
        pk=channel.pk,
        defaults={"since": since, "asked_at": clock.now(), "ended_at": None, "failure": "", "cut": False},
    )


@intake
def note_first_look(
    channel: Channel, *, ended_at: datetime | None = None, cut: bool = False, failure: str = ""
) -> None:
    """How far the import is; open pages hear of it."""
    found = RemotePost.objects.filter(channel=channel).count()
    FirstLook.objects.filter(pk=channel.pk).update(ended_at=ended_at, found=found, cut=cut, failure=failure)
    live.announce(channel.workspace_id, [(Channel.ledger_name, str(channel.pk))])
