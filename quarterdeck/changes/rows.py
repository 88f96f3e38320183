"""What the verbs of changes share: how a change's rows are locked, and the one event each step of it writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.changes.models import OPEN, Change, ChangeState
from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Member
from quarterdeck.publishing import rows as publishing
from quarterdeck.publishing.models import Delivery, Post

# Publishing's own notice: whatever clears a text or lifts a hold wakes its loop, and this waits for that too.
WAKE = publishing.WAKE


def locked(pk: UUID) -> Change:
    """The change with its delivery, both locked until the transaction ends; the delivery first, as everywhere."""
    delivery_id = Change.objects.values_list("delivery_id", flat=True).get(pk=pk)
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("channel", "post__workspace", "post__answerable__user")
        .get(pk=delivery_id)
    )
    change = Change.objects.select_for_update(of=("self",)).select_related("asked_by__user").get(pk=pk)
    change.delivery = delivery
    return change


def write(
    change: Change, verbed: str, fields: Mapping[str, Any] | None = None, *, actor: Member | None = None
) -> UUID:
    """Save the change under a new event about its delivery; returns the event's id. With a removal that is left, the
    parts that were let go with it follow again."""
    event_id = change.ledger_event_id = ids.new()
    change.save()
    ledger.record(
        f"changes.{change.noun}.{verbed}",
        actor=actor or ledger.system(change.workspace_id),
        about=change.delivery,
        fields={"change": str(change.pk)} | dict(fields or {}),
        event_id=event_id,
    )
    if change.state == ChangeState.LEFT and not change.is_edit:
        _let_follow(change, event_id)
    return event_id


def _let_follow(removal: Change, act: UUID) -> None:
    """However it came that it stays up: what was to follow it does again, unless more of the thread is to go or is
    gone. Whoever gives up a removal has locked the post."""
    row = removal.delivery
    goes = (*OPEN, ChangeState.REFUSED, ChangeState.DONE)
    others = Change.objects.filter(
        how=Change.How.REMOVE, state__in=goes, delivery__post=row.post_id, delivery__channel=row.channel_id
    )
    if not others.exclude(pk=removal.pk).exists():
        publishing.follow_again(row, act)


def end(change: Change, state: ChangeState) -> None:
    """Nothing more happens to it by itself."""
    change.state, change.lease_until, change.ended_at = state, None, clock.now()
    if state == ChangeState.DONE:
        change.done_at, change.failure = change.ended_at, ""


def drop_the_rest(removal: Change) -> None:
    """It is gone: what was still to be changed there cannot be, and asks nobody any more."""
    others = Change.objects.select_for_update(of=("self",)).filter(
        delivery=removal.delivery, how=Change.How.EDIT, state__in=(*OPEN, ChangeState.REFUSED)
    )
    for other in others:
        other.delivery, other.failure = removal.delivery, "It was taken down instead."
        end(other, ChangeState.LEFT)
        write(other, "withdrawn", {"reason": other.failure})


def lock_posts(posts: set[UUID]) -> dict[UUID, Post]:
    """These posts, locked in the order of their ids."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("workspace", "brand")
    return {post.pk: post for post in rows.filter(pk__in=posts).order_by("pk")}
