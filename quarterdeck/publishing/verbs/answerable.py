"""Every post has one person who answers for it and hears first; it can be handed over."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import telling
from quarterdeck.publishing.handing import TOLD_AGAIN_AFTER
from quarterdeck.publishing.models import DeliveryState, Post
from quarterdeck.publishing.rows import WAKE, locked


@verb
def hand_over(post: Post, *, by: Member, to: Member) -> Post:
    """From now on `to` answers for the post: they are told, and what is handed out and unanswered is handed to them.

    Raises Invalid for somebody who is not here or may only look, Conflict when they answer for it already.
    """
    if to.workspace_id != by.workspace_id or to.left_at is not None:
        raise Invalid("That person is not in this workspace.", fields={"to": "Please choose a colleague."})
    if not to.may("publishing.delivery.answer"):
        raise Invalid(f"{to} may only look here.", fields={"to": "Please choose another colleague."})
    post = locked(post)
    if post.answerable_id == to.pk:
        raise Conflict(f"{to} answers for it already.")
    event_id = ids.new()
    post.answerable, post.ledger_event_id = to, event_id
    post.save(update_fields=["answerable", "ledger_event_id"])
    ledger.record("publishing.post.handed_over", actor=by, about=post, fields={}, event_id=event_id)
    now = clock.now()
    handed = post.deliveries.select_for_update(of=("self",)).filter(state=DeliveryState.HANDED)
    rows = list(handed.select_related("channel"))
    for row in rows:
        row.handed_to, row.handed_at, row.reminded_at = to, now, None
        row.try_at, row.lease_until, row.ledger_event_id = now + TOLD_AGAIN_AFTER, None, event_id
        row.save(
            update_fields=[
                "handed_to",
                "handed_at",
                "reminded_at",
                "try_at",
                "lease_until",
                "ledger_event_id",
            ]
        )
        row.post = post
        telling.handed(row)
    if rows:
        wake(WAKE)
    if by.pk != to.pk:
        telling.handed_over(post, by, to)
    return post
