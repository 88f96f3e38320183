"""What the sending loop writes about a delivery, each in a transaction of its own and fenced by the attempt.

    begin    commits "sending" with the text frozen, before the call may start
    accept / refuse / defer / mark_unclear / miss     what became of it

A worker whose lease was taken over holds an old attempt: its writes find no row and change nothing.
"""

from __future__ import annotations

from datetime import timedelta

from quarterdeck import ledger
from quarterdeck.channels.contract import Published
from quarterdeck.core import clock, ids
from quarterdeck.core.verbs import verb
from quarterdeck.publishing import telling
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import TROUBLE, Delivery, DeliveryState
from quarterdeck.publishing.rows import approval, locked


class Lost(Exception):
    """Somebody else holds this delivery now, or a person took it off the plan: leave it alone."""


class Late(Exception):
    """Its latest time has passed, so it must not be sent."""


class Unapproved(Exception):
    """The text is not approved as it stands, so it must not be sent."""


@verb
def begin(claimed: Claimed) -> Delivery:
    """Commit that sending begins, with the text as approved. After this a call may start, and not before.

    Raises Lost, Late or Unapproved, having changed nothing.
    """
    now = clock.now()
    post = locked(Delivery.objects.only("post_id").get(pk=claimed.pk).post_id)
    delivery = _mine(claimed, (DeliveryState.INTENT, DeliveryState.SENDING))
    if now > delivery.latest_at:
        raise Late
    if delivery.state == DeliveryState.INTENT:
        if approval(post) is None:
            raise Unapproved
        delivery.text = post.text
    delivery.state, delivery.began_at, delivery.failure = DeliveryState.SENDING, now, ""
    fields = {"attempt": claimed.attempt, "text_hash": post.text_hash}
    return _write(delivery, "begun", fields)


@verb
def accept(claimed: Claimed, published: Published, *, found: bool = False) -> Delivery:
    """The network has it. `found`: its answer was lost, and looking it up by its key settled it."""
    delivery = _mine(claimed, (DeliveryState.SENDING,))
    delivery.remote_id, delivery.url = published.remote_id, published.url
    fields = {"attempt": claimed.attempt, "remote_id": published.remote_id, "found": found}
    return _end(delivery, DeliveryState.ACCEPTED, "accepted", fields)


@verb
def refuse(claimed: Claimed, words: str) -> Delivery:
    """The network said no for good; nothing went out."""
    delivery = _mine(claimed, (DeliveryState.SENDING,))
    delivery.failure = words[:1000]
    fields = {"attempt": claimed.attempt, "failure": delivery.failure}
    return _end(delivery, DeliveryState.REJECTED, "rejected", fields)


@verb
def defer(claimed: Claimed, words: str, *, seconds: float) -> Delivery:
    """The network said not now; nothing went out, and it is tried again in `seconds`."""
    delivery = _mine(claimed, (DeliveryState.SENDING,))
    delivery.state, delivery.failure, delivery.lease_until = DeliveryState.INTENT, words[:1000], None
    delivery.try_at = clock.now() + timedelta(seconds=seconds)
    fields = {"attempt": claimed.attempt, "failure": delivery.failure, "try_at": delivery.try_at}
    return _write(delivery, "deferred", fields)


@verb
def mark_unclear(claimed: Claimed, words: str) -> Delivery:
    """Nobody knows whether it is out. It is never sent again by itself."""
    delivery = _mine(claimed, (DeliveryState.SENDING,))
    delivery.failure = words[:1000]
    fields = {"attempt": claimed.attempt, "failure": delivery.failure}
    return _end(delivery, DeliveryState.AMBIGUOUS, "unclear", fields)


@verb
def miss(claimed: Claimed) -> Delivery:
    """Its latest time has passed and it is known not to be out: nothing is sent any more."""
    post = locked(Delivery.objects.only("post_id").get(pk=claimed.pk).post_id)
    delivery = _mine(claimed, (DeliveryState.INTENT, DeliveryState.SENDING))
    latest = delivery.latest_at.astimezone(delivery.local.tzinfo)
    if approval(post) is None:
        why = "Its text was not approved by then."
    elif delivery.failure:
        why = delivery.failure
    else:
        why = "Quarterdeck was not able to send it in time; it may have been stopped or asleep."
    delivery.failure = f"Nothing was sent by {latest:%H:%M}, the latest time. {why}"[:1000]
    fields = {"attempt": claimed.attempt, "failure": delivery.failure}
    return _end(delivery, DeliveryState.MISSED, "missed", fields)


def _mine(claimed: Claimed, states: tuple[str, ...]) -> Delivery:
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("channel")
        .filter(pk=claimed.pk, attempt=claimed.attempt, state__in=states)
        .first()
    )
    if delivery is None:
        raise Lost
    return delivery


def _end(delivery: Delivery, state: str, verbed: str, fields: dict) -> Delivery:
    delivery.state, delivery.ended_at, delivery.lease_until = state, clock.now(), None
    _write(delivery, verbed, fields)
    if state in TROUBLE:
        telling.not_out(delivery)
    return delivery


def _write(delivery: Delivery, verbed: str, fields: dict) -> Delivery:
    delivery.ledger_event_id = ids.new()
    delivery.save()
    ledger.record(
        f"publishing.delivery.{verbed}",
        actor=ledger.system(delivery.workspace_id),
        about=delivery,
        fields=fields,
        event_id=delivery.ledger_event_id,
    )
    return delivery
