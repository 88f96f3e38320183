"""Writes of the sending loop that are no acts: who holds a delivery, until when, and what was uploaded for it. They
change no state, so losing one costs only time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, Value, When

from quarterdeck.core import clock
from quarterdeck.core.claims import wake
from quarterdeck.core.verbs import intake
from quarterdeck.publishing.holding import HELD_SQL
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.reads import READY_SQL
from quarterdeck.publishing.rows import WAKE

LEASE = timedelta(seconds=120)
BATCH = 128

_CLAIM = f"""
UPDATE publishing_delivery AS d
   SET attempt = d.attempt + 1, lease_until = %(now)s + %(lease)s
  FROM (SELECT d.id FROM publishing_delivery d
         WHERE d.state IN ('intent', 'sending', 'handed', 'ambiguous')
           AND (d.lease_until IS NULL OR d.lease_until <= %(now)s)
           AND (d.state = 'sending'
                OR d.state = 'handed' AND d.try_at <= %(now)s
                OR d.state = 'ambiguous' AND d.asked_at IS NULL AND d.try_at <= %(now)s
                OR d.state = 'intent' AND (d.latest_at < %(now)s OR d.try_at <= %(now)s AND {READY_SQL})
                   AND NOT {HELD_SQL})
         ORDER BY d.try_at LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED) AS free
 WHERE d.id = free.id
RETURNING d.id, d.attempt, d.channel_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery this worker may work on until its lease ends. `attempt` is the fencing token."""

    pk: UUID
    attempt: int


Batch = list[Claimed]


@intake
def claim(limit: int, now: datetime) -> list[Batch]:
    """Lease what is due, late or left half-sent: at most `limit` batches, each of one channel, so that a network
    that does not answer keeps nobody else waiting."""
    with connection.cursor() as cursor:
        # Read in the order of the index, to the end of a set. A planner that believes in few rows would judge and
        # sort all that is due for each set, which is most of what a rush costs the database.
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(_CLAIM, {"now": now, "lease": LEASE, "limit": limit * BATCH})
        rows = cursor.fetchall()
    by_channel: dict[UUID, Batch] = defaultdict(list)
    for pk, attempt, channel_id in rows:
        by_channel[channel_id].append(Claimed(pk, attempt))
    return _joined([b[i : i + BATCH] for b in by_channel.values() for i in range(0, len(b), BATCH)], limit)


def _joined(batches: list[Batch], most: int) -> list[Batch]:
    """The same claims in at most so many batches: the smallest are put together."""
    batches.sort(key=len)
    while len(batches) > most:
        first, second, *rest = batches
        batches = sorted([first + second, *rest], key=len)
    return batches


@intake
def let_go(batch: Batch) -> None:
    """Give leases back without having done anything; whoever may work on them now is woken."""
    if not batch:
        return
    wake(WAKE)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publishing_delivery d SET lease_until = NULL FROM unnest(%s::uuid[], %s::int[]) AS v(id, attempt)"
            " WHERE d.id = v.id AND d.attempt = v.attempt",
            [[claimed.pk for claimed in batch], [claimed.attempt for claimed in batch]],
        )


@intake
def keep_uploads(claimed: Claimed, uploads: list) -> None:
    """What the network said of the files brought to it so far, each {"file", "alt"} with "said", or with "begun" where
    it is still working on it. The lease begins anew: bringing the next one may take as long as this one."""
    leased = When(lease_until__isnull=False, then=Value(clock.now() + LEASE))
    Delivery.objects.filter(pk=claimed.pk, attempt=claimed.attempt).update(
        uploads=uploads, lease_until=Case(leased)
    )
