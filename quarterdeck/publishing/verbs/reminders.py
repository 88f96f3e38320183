"""Those whose approval is missing are reminded, once for a text, a slot and an hour."""

from __future__ import annotations

from datetime import datetime

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.publishing import telling
from quarterdeck.publishing.models import DeliveryState, Post, Reminder
from quarterdeck.publishing.rows import approval, locked


@verb
def remind(post: Post, *, due_at: datetime, hours: int) -> Reminder:
    """Remind those who have to approve it, `hours` before it goes out at `due_at`; the leads too when no later
    reminder comes. Raises Conflict when there is nothing to remind of any more, or it was done."""
    post = locked(post)
    planned = post.deliveries.filter(state=DeliveryState.INTENT, due_at=due_at).exists()
    if not planned or approval(post) is not None:
        raise Conflict("Nobody has to be reminded of it any more.")
    known = {"post": post, "text_hash": post.text_hash, "due_at": due_at, "hours": hours}
    if Reminder.objects.filter(**known).exists():
        raise Conflict("They were reminded already.")
    told = telling.reminded(post, hours)
    given = Reminder.objects.create(reminded_at=clock.now(), ledger_event_id=ids.new(), **known)
    fields = {"hours": hours, "told": told}
    event_id = given.ledger_event_id
    ledger.record(
        "publishing.post.reminded",
        actor=ledger.system(post.workspace_id),
        about=post,
        fields=fields,
        event_id=event_id,
    )
    return given
