"""The gate through which every call leaves that gives a post other words: each asks for itself, in a transaction that
lasts while its first bytes are written. Publishing's own (`publishing/gate.py`) says why; a change is never one of a
rush, so nobody passes together here.

Whoever places a hold takes the same lock alone: when the hold has committed, every call let through has begun, and none
begins after it. The row is kept shared meanwhile, so that no other worker can take the change over between the question
and the first byte. Taking something down passes without a question: a hold exists to stop speaking.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from quarterdeck.changes.intake import Claimed
from quarterdeck.changes.reads import READY_SQL, STOPPED_SQL
from quarterdeck.channels.contract import Stopped
from quarterdeck.publishing import holding
from quarterdeck.publishing.gate import asking

_STANDS = f"""SELECT {STOPPED_SQL}, {READY_SQL}
                FROM changes_change c JOIN publishing_delivery d ON d.id = c.delivery_id
               WHERE c.id = %s AND c.attempt = %s AND c.state = 'sending' FOR SHARE OF c"""  # noqa: S608


@contextmanager
def passing(claimed: Claimed, workspace_id) -> Iterator[None]:
    """Around the first bytes of the call. Raises Stopped when it may not be sent any more (publishing.gate.asking)."""
    with asking(lambda: _ask(claimed, workspace_id)):
        yield


def _ask(claimed: Claimed, workspace_id) -> None:
    holding.take_shared(workspace_id)
    with connection.cursor() as cursor:  # a statement of its own: it must see what the lock was waited for
        cursor.execute(_STANDS, [claimed.pk, claimed.attempt])
        found = cursor.fetchone()
    if found is None:
        raise Stopped("somebody else has it now")
    if found[0]:
        raise Stopped("it is held, or being taken down")
    if not found[1]:
        raise Stopped("its words are not cleared any more")
