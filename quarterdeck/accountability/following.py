"""After a delivery or a change got somewhere: a correction that waits for it is looked at again."""

from __future__ import annotations

from quarterdeck.accountability import ways
from quarterdeck.accountability.models import Slip
from quarterdeck.accountability.verbs import settling
from quarterdeck.ledger.reactions import Reacted
from quarterdeck.publishing.models import Delivery

# After these a channel may be done: it is out (by us, by hand, or a person says so), or changed.
KINDS = (
    "publishing.delivery.accepted",
    "publishing.delivery.posted",
    "publishing.delivery.settled",
    "changes.",
)


def follow(event: Reacted) -> None:
    """Settle what this delivery belongs to, if anything more is done. A second call changes nothing."""
    waiting = Slip.objects.filter(
        workspace=event.workspace_id, ended_at__isnull=True, corrected_at__isnull=False
    )
    if not waiting.exists():  # nearly always: one probe of a small index
        return
    post_id = Delivery.objects.filter(pk=event.about_id).values_list("post_id", flat=True).first()
    mine = waiting.filter(post=post_id) | waiting.filter(correction__coverage__post=post_id)
    for slip in mine.distinct().select_related("post__workspace"):
        if news(slip):
            settling.settle(slip)


def news(slip: Slip) -> bool:
    """Whether more is done on its channels than was noted, or all of it."""
    every = ways.stands(slip)
    return any(one.done and one.coverage.done_at is None for one in every) or all(one.done for one in every)
