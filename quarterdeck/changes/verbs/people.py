"""What a person says of a change that they make by hand, that a network refused, or of which nobody knows whether it
was made; and taking back one that has not begun.
"""

from __future__ import annotations

from quarterdeck.changes import telling, ways
from quarterdeck.changes.models import OPEN, REASON_LENGTH, Change, ChangeState
from quarterdeck.changes.rows import WAKE, drop_the_rest, end, locked, write
from quarterdeck.core import clock
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import rows as posts
from quarterdeck.publishing.cleaning import clean_text


@verb
def say_made(change: Change, *, by: Member) -> Change:
    """A person says that it stands there as it was to be, or is gone. Conflict when nobody is asked about it."""
    change = _asked(change)
    change.said = True
    end(change, ChangeState.DONE)
    act = write(change, "confirmed", actor=by)
    posts.changed(change.delivery, act, removed=not change.is_edit)
    if not change.is_edit:
        drop_the_rest(change)
    telling.made(change, by)
    return change


@verb
def leave(change: Change, *, by: Member, reason: str) -> Change:
    """A person says that it was not made and is left at that, and why. What was to follow one that stays up follows it
    again. Raises Invalid without a reason, Conflict when nobody is asked about it."""
    reason = clean_text(reason).strip()[:REASON_LENGTH]
    if not reason:
        raise Invalid(
            "A reason is needed, so that the team can decide what now.",
            not_done="Nothing was noted.",
            fields={"reason": "Please write one sentence on why it was not made."},
        )
    posts.locked(change.delivery.post_id, discarded=True)
    change = _asked(change)
    change.said = True
    end(change, ChangeState.LEFT)
    change.failure = reason
    write(change, "left", {"reason": reason}, actor=by)
    telling.left(change, by)
    return change


@verb
def retry(change: Change, *, by: Member) -> Change:
    """Try one again that was refused, or of which nobody knows. The same words go out once more, which changes nothing
    where they stand already. Conflict when nobody is asked about it, or another change is on its way there."""
    change = _asked(change)
    if change.state == ChangeState.HANDED:
        raise Conflict("It is in somebody’s hands.", next_step="Say whether it was made.")
    if not (found := ways.by_nature(change.delivery, "edit" if change.is_edit else "remove")):
        raise Conflict(found.why)
    if change.delivery.changes.filter(state__in=OPEN).exclude(pk=change.pk).exists():
        raise Conflict("Another change was asked for there since.", next_step="The post’s page shows it.")
    change.state, change.tries, change.person_at, change.ended_at = ChangeState.PLANNED, 0, None, None
    change.try_at, change.lease_until, change.failure = clock.now(), None, ""
    write(change, "retried", actor=by)
    wake(WAKE)
    return change


@verb
def withdraw(change: Change, *, by: Member, reason: str = "") -> Change:
    """Take back one that has not begun: it waits, or its ten seconds are not over. What was to follow one that stays up
    follows it again. Conflict when it has begun."""
    posts.locked(change.delivery.post_id, discarded=True)
    change = locked(change.pk)
    if change.state != ChangeState.PLANNED or ways.in_flight(change):
        raise Conflict("It cannot be taken back any more.", next_step="The post’s page shows how it stands.")
    end(change, ChangeState.LEFT)
    change.failure = clean_text(reason).strip()[:REASON_LENGTH] or "It was taken back before it was made."
    write(change, "withdrawn", {"reason": change.failure}, actor=by)
    return change


def _asked(change: Change) -> Change:
    change = locked(change.pk)
    if not change.asks:
        words = f"It is {change.word}." if change.ended_at else "It is on its way."
        raise Conflict(words, next_step="The post’s page shows how it stands.")
    return change
