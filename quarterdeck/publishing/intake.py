"""Writes of the sending loop that are no acts: who holds a delivery, and until when. They change no state, so losing
one costs only time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from quarterdeck.core.verbs import intake
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.reads import APPROVED_SQL

LEASE = timedelta(seconds=90)

_CLAIM = f"""
UPDATE publishing_delivery AS d
   SET attempt = d.attempt + 1, lease_until = %(now)s + %(lease)s
  FROM (SELECT d.id FROM publishing_delivery d
         WHERE (d.lease_until IS NULL OR d.lease_until <= %(now)s)
           AND (d.state = 'sending'
                OR d.state = 'intent' AND (d.latest_at < %(now)s OR d.try_at <= %(now)s AND {APPROVED_SQL}))
         ORDER BY d.try_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS free
 WHERE d.id = free.id
RETURNING d.id, d.attempt
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery this worker may work on until its lease ends. `attempt` is the fencing token."""

    pk: UUID
    attempt: int


@intake
def claim(limit: int, now: datetime) -> list[Claimed]:
    """Lease at most `limit` deliveries: approved ones that are due, late ones, and ones somebody left half-sent."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": LEASE, "limit": limit})
        return [Claimed(pk, attempt) for pk, attempt in cursor.fetchall()]


@intake
def let_go(claimed: Claimed) -> None:
    """Give the lease back without having done anything."""
    Delivery.objects.filter(pk=claimed.pk, attempt=claimed.attempt).update(lease_until=None)
