"""The sending loop: claims deliveries that are due and sees each one through to an answer.

1. A delivery left in "sending" by a worker that died is looked up by its client key before anything else.
2. "Sending" is committed; only then may the call begin, outside any transaction.
3. What the network said is written, fenced by the attempt. No answer is "not known", never "send again".

After its latest time nothing is sent; it becomes missed, which a person sees on the Desk.
"""

from __future__ import annotations

import logging

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Adapter, Refused, Unclear
from quarterdeck.core import clock
from quarterdeck.core.claims import ClaimLoop
from quarterdeck.publishing import intake, reads
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.rows import WAKE
from quarterdeck.publishing.verbs import sending

_log = logging.getLogger(__name__)
LONGEST_PAUSE = 240.0  # seconds between two tries; a delivery has a quarter of an hour


def loop() -> ClaimLoop[Claimed]:
    """The loop that the worker runs."""
    return ClaimLoop(
        "publishing.sending", claim=intake.claim, work=work, next_due=reads.next_due, channel=WAKE, slots=6
    )


def work(claimed: Claimed) -> None:
    """See one claimed delivery through. Whatever kills it in between is mended when the lease ends."""
    delivery = Delivery.objects.select_related("channel").get(pk=claimed.pk)
    adapter = adapters.of(delivery.channel)
    try:
        if delivery.state == DeliveryState.SENDING and _settled_by_looking(claimed, delivery, adapter):
            return
        _send(claimed, adapter)
    except sending.Late:
        sending.miss(claimed)
    except sending.Unapproved:
        intake.let_go(claimed)
    except sending.Lost:
        _log.info("Delivery %s was taken over or taken off the plan; left alone.", claimed.pk)


def _settled_by_looking(claimed: Claimed, delivery: Delivery, adapter: Adapter) -> bool:
    """Somebody may have sent it and died. True when that is settled; False when it is known not to be out."""
    if not adapter.capabilities.can_find:
        sending.mark_unclear(
            claimed, "Sending was interrupted, and this network cannot be asked what became of it."
        )
        return True
    try:
        found = adapter.find(delivery.client_key)
    except Unclear as unclear:
        _ask_again_or_leave_open(claimed, delivery, unclear)
        return True
    if found is not None:
        sending.accept(claimed, found, found=True)
        return True
    return False


def _send(claimed: Claimed, adapter: Adapter) -> None:
    delivery = sending.begin(claimed)
    if not delivery.channel.connected:
        sending.refuse(claimed, f"“{delivery.channel.name}” is not connected any more, so nothing was sent.")
        return
    try:
        published = adapter.publish(delivery.client_key, delivery.text)
    except Refused as refused:
        if refused.transient:
            sending.defer(claimed, refused.words, seconds=_pause(claimed, refused))
        else:
            sending.refuse(claimed, refused.words)
    except Unclear as unclear:
        _look_or_leave_open(claimed, adapter, delivery, unclear)
    else:
        sending.accept(claimed, published)


def _look_or_leave_open(claimed: Claimed, adapter: Adapter, delivery: Delivery, unclear: Unclear) -> None:
    """The call ended without an answer. A network that knows our key can be asked; others need a person."""
    if not adapter.capabilities.can_find:
        sending.mark_unclear(claimed, unclear.words)
        return
    try:
        found = adapter.find(delivery.client_key)
    except Unclear as still:
        _ask_again_or_leave_open(claimed, delivery, still)
        return
    if found is not None:
        sending.accept(claimed, found, found=True)
    else:
        sending.defer(claimed, unclear.words, seconds=_pause(claimed))


def _ask_again_or_leave_open(claimed: Claimed, delivery: Delivery, unclear: Unclear) -> None:
    """Until its latest time the question is put again when the lease ends; then it goes to a person."""
    if clock.now() > delivery.latest_at:
        sending.mark_unclear(claimed, unclear.words)


def _pause(claimed: Claimed, refused: Refused | None = None) -> float:
    """Seconds until the next try: what the network asks for, else doubling from five."""
    if refused is not None and refused.retry_after is not None:
        return float(refused.retry_after)
    return min(LONGEST_PAUSE, 5.0 * 2 ** min(claimed.attempt, 6))
