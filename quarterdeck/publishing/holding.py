"""The lock and the question behind every hold.

Who places a hold takes the workspace's lock alone, writes the hold and commits. A worker takes the same lock shared
before "sending" is committed, asks whether a hold stands, and keeps it until the call has begun (its first bytes are
written). So when a hold has committed, every call that was let through has begun already, and none begins after it.

The lock is taken before any row is locked, by everybody, so that nobody waits in a circle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

# Whether a hold covers the delivery `d`: true in SQL where it must not be sent.
HELD_SQL = """EXISTS (SELECT FROM publishing_hold h
                WHERE h.workspace_id = d.workspace_id AND h.lifted_at IS NULL
                  AND (h.scope = 'workspace'
                       OR h.scope = 'channel' AND h.target = d.channel_id
                       OR h.scope = 'post' AND h.target = d.post_id
                       OR h.scope = 'brand' AND h.target IN (
                            SELECT p.brand_id FROM publishing_post p WHERE p.id = d.post_id
                            UNION ALL SELECT c.brand_id FROM channels_channel c WHERE c.id = d.channel_id)
                       OR h.scope = 'label' AND h.target IN (
                            SELECT l.label_id FROM publishing_post_labels l WHERE l.post_id = d.post_id)))"""


def _key(workspace_id: UUID) -> int:
    digest = hashlib.sha256(b"quarterdeck.publishing.hold:" + workspace_id.bytes).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def take_alone(workspace_id: UUID) -> None:
    """Inside a transaction: wait until every call let through has begun, and let none through until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(workspace_id)])


def take_shared(workspace_id: UUID) -> None:
    """Inside a transaction: no hold of the workspace commits before it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_key(workspace_id)])


@contextmanager
def shared(workspaces: Iterable[UUID]) -> Iterator[None]:
    """Outside any transaction: no hold of these workspaces commits until the block ends. A connection that breaks
    inside lets go of the lock; whoever relies on it then asks again, alone."""
    keys = sorted({_key(workspace_id) for workspace_id in workspaces})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(k) FROM unnest(%s::bigint[]) AS k", [keys])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(k) FROM unnest(%s::bigint[]) AS k", [keys])


def held(deliveries: Iterable[UUID]) -> set[UUID]:
    """Those of the deliveries that a hold covers."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id FROM publishing_delivery d WHERE d.id = ANY(%s) AND {HELD_SQL}",  # noqa: S608
            [list(deliveries)],
        )
        return {row[0] for row in cursor.fetchall()}
