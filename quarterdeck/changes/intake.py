"""Writes of the loop that are no acts: who holds a change, and until when. Losing one costs only time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from quarterdeck.changes.models import Change
from quarterdeck.changes.reads import READY_SQL, STOPPED_SQL
from quarterdeck.changes.rows import WAKE
from quarterdeck.core.claims import wake
from quarterdeck.core.verbs import intake

LEASE = timedelta(seconds=120)  # longer than all the calls of one attempt

_CLAIM = f"""
UPDATE changes_change AS c
   SET attempt = c.attempt + 1, lease_until = %(now)s + %(lease)s
  FROM (SELECT c.id FROM changes_change c JOIN publishing_delivery d ON d.id = c.delivery_id
         WHERE (c.lease_until IS NULL OR c.lease_until <= %(now)s)
           AND (c.state = 'sending'
                OR c.state = 'planned' AND c.try_at <= %(now)s AND {READY_SQL}
                OR c.state = 'unknown' AND c.person_at IS NULL AND c.try_at <= %(now)s)
           AND NOT {STOPPED_SQL}
         ORDER BY c.try_at LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED) AS free
 WHERE c.id = free.id
RETURNING c.id, c.attempt
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Claimed:
    """A change this worker may work on until its lease ends. `attempt` is the fencing token."""

    pk: UUID
    attempt: int


@intake
def claim(limit: int, now: datetime) -> list[Claimed]:
    """Lease what is due, or was left half-made by a worker that died."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "lease": LEASE, "limit": limit})
        return [Claimed(*row) for row in cursor.fetchall()]


@intake
def let_go(claimed: Claimed, try_at: datetime) -> None:
    """Give a lease back without having done anything; it is looked at again at `try_at`."""
    found = Change.objects.filter(pk=claimed.pk, attempt=claimed.attempt)
    found.update(lease_until=None, try_at=try_at)
    wake(WAKE)
