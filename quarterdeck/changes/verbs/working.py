"""What the loop writes about changes, fenced by the attempt.

    begin    commits "sending", with the body frozen, before any call may start; or hands it to a person
    finish   what became of it: made, refused, deferred, unclear, unanswered, withheld

A worker whose lease was taken over holds an old attempt: its writes find no row and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection

from quarterdeck.changes import telling
from quarterdeck.changes.intake import Claimed
from quarterdeck.changes.models import WORKED, Change, ChangeState
from quarterdeck.changes.reads import READY_SQL, STOPPED_SQL
from quarterdeck.changes.rows import WAKE, drop_the_rest, end, locked, write
from quarterdeck.channels.contract import Published
from quarterdeck.core import clock
from quarterdeck.core.claims import wake
from quarterdeck.core.verbs import verb
from quarterdeck.publishing import content, holding
from quarterdeck.publishing import rows as posts

# Seconds until it is tried again, one after the other; then a person is asked.
PAUSES = (2, 5, 15, 30, 60, 120, 240, 480)
Verbed = Literal["made", "refused", "deferred", "unclear", "withheld"]


class NotOurs(Exception):
    """Somebody else has it now, or it may not begin any more; nothing was changed."""


@verb
def begin(claimed: Claimed, body: dict | None) -> Change:
    """Commit that the change begins, with this body (None: a person makes it). After this the call may start.

    One that was begun before keeps the body of then. Raises NotOurs, having changed nothing, when it is held, not
    cleared, not wanted any more or somebody else's.
    """
    found = Change.objects.filter(pk=claimed.pk).values_list("workspace_id", "delivery__post_id").first()
    if found is None:
        raise NotOurs
    holding.take_shared(found[0])  # before any row is locked, as everywhere
    posts.locked(found[1], discarded=True)
    change = locked(claimed.pk)
    if change.attempt != claimed.attempt or change.state not in WORKED or not _may_begin(change):
        raise NotOurs
    now, again = clock.now(), change.payload is not None
    if body is None:
        change.state, change.lease_until = ChangeState.HANDED, None
        change.handed_at, change.handed_to = now, change.delivery.post.answerable
        write(change, "handed", {"attempt": change.attempt})
        telling.handed(change)
        return change
    change.lost = (
        change.lost or change.state == ChangeState.SENDING
    )  # whoever began it died, perhaps in the call
    change.state, change.began_at = ChangeState.SENDING, now
    if not again:
        change.payload, change.payload_hash = body, content.hash_body(body)
    fields = {"attempt": change.attempt, "payload_hash": change.payload_hash, "again": again}
    write(change, "began", fields)
    return change


def _may_begin(change: Change) -> bool:
    """Neither held nor waiting for its words to be cleared, and what it is about still stands."""
    if change.delivery.removed_at is not None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {READY_SQL} AND NOT {STOPPED_SQL} FROM changes_change c"  # noqa: S608
            " JOIN publishing_delivery d ON d.id = c.delivery_id WHERE c.id = %s",
            [change.pk],
        )
        return cursor.fetchone()[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed change.

    deferred: the network said not now, nothing was changed. unclear: nobody knows; the same is tried again, and after
    the last try a person is asked. withheld: it was stopped before its first byte left. `wait` is in seconds, where the
    network asked for it.
    """

    claimed: Claimed
    verbed: Verbed
    words: str = ""
    published: Published | None = None
    wait: float | None = None


@verb
def finish(one: Outcome) -> Change:
    """Write what became of a change. Raises NotOurs, having changed nothing, when it is not ours any more."""
    if not Change.objects.filter(pk=one.claimed.pk).exists():
        raise NotOurs
    change = locked(one.claimed.pk)
    if change.attempt != one.claimed.attempt or change.state not in WORKED:
        raise NotOurs
    now, fields = clock.now(), {"attempt": change.attempt}
    if one.verbed == "made":
        return _made(change, one)
    if one.verbed == "withheld":
        change.state = ChangeState.UNKNOWN if change.lost else ChangeState.PLANNED
        change.lease_until, change.try_at, change.evidence = None, now, one.words[:2000]
        write(change, "withheld", fields)
        wake(WAKE)
        return change
    change.failure = one.words[:1000]
    fields["failure"] = change.failure
    if one.verbed == "refused":
        end(change, ChangeState.REFUSED)
        write(change, "refused", fields)
        telling.in_trouble(change)
        return change
    return _again(change, one, now, fields)


def _made(change: Change, one: Outcome) -> Change:
    end(change, ChangeState.DONE)
    act = write(change, "made", {"attempt": change.attempt})
    posts.changed(change.delivery, act, removed=not change.is_edit, published=one.published)
    if not change.is_edit:
        drop_the_rest(change)
    return change


def _again(change: Change, one: Outcome, now: datetime, fields: dict) -> Change:
    """Not now, or no answer: the same once more after a pause, until a person is asked."""
    change.lost = change.lost or one.verbed == "unclear"
    if change.tries >= len(PAUSES):
        return _give_up(change, fields)
    pause = one.wait if one.wait is not None else PAUSES[change.tries]
    change.state = ChangeState.UNKNOWN if change.lost else ChangeState.PLANNED
    change.tries, change.lease_until, change.try_at = change.tries + 1, None, now + timedelta(seconds=pause)
    write(change, one.verbed, fields | {"try_at": change.try_at})
    wake(WAKE)
    return change


def _give_up(change: Change, fields: dict) -> Change:
    """Tried long enough: a person is asked. Where every call was refused nothing was changed; else nobody knows."""
    if not change.lost:
        end(change, ChangeState.REFUSED)
        write(change, "refused", fields)
    else:
        change.state, change.lease_until, change.person_at = ChangeState.UNKNOWN, None, clock.now()
        change.evidence = (
            f"It was sent {change.tries + 1} times, the same each time, and no answer said that it was taken. The last "
            f"time: {change.failure}"
        )[:2000]
        write(change, "unanswered", fields | {"evidence": change.evidence})
    telling.in_trouble(change)
    return change
