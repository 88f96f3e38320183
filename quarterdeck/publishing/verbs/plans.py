"""When a post goes out: planned, moved, taken off, undone; and what a person decides about one that did not go.

Each act opens or closes delivery rows and leaves its event's id on them, so that `undo` can turn the whole act
round within ten seconds: what it opened is closed, what it closed is open again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.lines import kept
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import slots
from quarterdeck.publishing.models import (
    GOING,
    OPEN,
    TROUBLE,
    UNDO_WINDOW,
    Delivery,
    DeliveryState,
    Post,
    Settlement,
)
from quarterdeck.publishing.models.deliveries import CLOSED_WHY_LENGTH
from quarterdeck.publishing.objections import must_be_allowed
from quarterdeck.publishing.rows import (
    WAKE,
    approval,
    check_content,
    close,
    locked,
    open_deliveries,
    planned_deliveries,
    put_back,
)
from quarterdeck.publishing.slots import Slot


@verb
def schedule(post: Post, *, by: Member, when: datetime, fold: int | None = None) -> UUID:
    """Plan the post for the wall time `when` (naive, in the workspace's zone) on each of its channels.

    It goes out only if its text is approved by then. Returns the act, which `undo` takes. Raises Invalid for a
    time that does not exist or has passed, ComesTwice when `fold` must be said, Conflict when it is planned already.
    """
    slot = slots.resolve(when, by.workspace.timezone, fold)
    slots.must_be_ahead(slot, clock.now())
    post = locked(post)
    if post.deliveries.filter(state__in=OPEN).exists():
        raise Conflict("It is planned already.", next_step="Move it to another time instead.")
    return _plan(post, by, slot, "publishing.post.scheduled", _free_channels(post))


@verb
def publish_now(post: Post, *, by: Member) -> UUID:
    """Plan the approved post for ten seconds from now, the time in which it can be undone."""
    post = locked(post)
    if approval(post) is None:
        raise Conflict(
            "It is not approved yet.",
            not_done="Nothing was sent.",
            next_step="Ask for approval; once it is given you can publish at once.",
        )
    slot = slots.at_instant(clock.now() + UNDO_WINDOW, by.workspace.timezone)
    event_id = ids.new()
    planned = planned_deliveries(post)
    close(planned, event_id)
    channels = _channels(planned) or _free_channels(post)
    return _plan(post, by, slot, "publishing.post.scheduled", channels, event_id)


@verb
def reschedule(
    post: Post, *, by: Member, when: datetime, fold: int | None = None, was: str = "", reason: str = ""
) -> UUID:
    """Move what is planned to another wall time in the workspace's zone, and why, if that is said. Returns the act.

    `was` is the time that whoever moves it saw there, as its wall time to the minute: Conflict when somebody has moved
    it meanwhile.
    """
    slot = slots.resolve(when, by.workspace.timezone, fold)
    slots.must_be_ahead(slot, clock.now())
    post, reason = locked(post), _reason(reason)
    planned = planned_deliveries(post)
    if not planned:
        raise Conflict("Nothing of this post is planned.", next_step="Choose when it goes out.")
    now = min(delivery.due_at for delivery in planned).astimezone(by.workspace.zone)
    if was and was != f"{now:%Y-%m-%dT%H:%M}":
        raise Conflict(
            f"Somebody has moved it meanwhile: it is planned for {now:%A}, {now.day} {now:%B}, {now:%H:%M}.",
            not_done="It was not moved again; it keeps that time.",
            next_step="Move it from there, if it still has to be moved.",
        )
    event_id = ids.new()
    close(planned, event_id, reason)
    return _plan(post, by, slot, "publishing.post.rescheduled", _channels(planned), event_id, reason)


@verb
def cancel(post: Post, *, by: Member, reason: str = "") -> UUID:
    """Take the post off the plan, and why, if that is said; nothing of it goes out. Returns the act."""
    post, reason = locked(post), _reason(reason)
    planned = planned_deliveries(post)
    if not planned:
        raise Conflict("Nothing of this post is planned.")
    event_id = ids.new()
    close(planned, event_id, reason)
    fields = {"channels": len(planned), "reason": reason}
    ledger.record("publishing.post.cancelled", actor=by, about=post, fields=fields, event_id=event_id)
    return event_id


@verb
def undo(post: Post, *, by: Member, act: UUID) -> None:
    """Turn an act of planning or deciding round, within ten seconds of it. Conflict when it is too late, or
    what it took off was planned anew since."""
    post, now = locked(post), clock.now()
    opened = list(post.deliveries.select_for_update().filter(opened_by=act))
    closed = list(
        post.deliveries.select_for_update(of=("self",)).select_related("channel").filter(closed_by=act)
    )
    decided = (
        Settlement.objects.select_related("delivery")
        .select_for_update(of=("self",))
        .filter(act=act, delivery__post=post, undone_at__isnull=True)
    )
    settled = list(decided)
    began = [d.planned_at for d in opened] + [d.closed_at for d in closed if d.closed_at]
    began += [settlement.settled_at for settlement in settled]
    sent = [s.delivery for s in settled if s.how == Settlement.How.ABSENT]
    if not began or any(d.state != DeliveryState.INTENT for d in opened + sent):
        raise Conflict("There is nothing left to undo.", next_step="The post’s page shows how it stands.")
    if now - min(began) > UNDO_WINDOW:
        raise Conflict(
            "The ten seconds to undo that are over.",
            next_step="Move the post or take it off the plan instead.",
        )
    event_id = ids.new()
    close(opened, event_id)
    for due_at in {delivery.due_at for delivery in closed}:
        back = [delivery for delivery in closed if delivery.due_at == due_at]
        must_be_allowed(post, due_at, _channels(back), "It was not undone; it stands as it was planned last.")
    for delivery in closed:
        if delivery.latest_at <= now:
            raise Conflict("The time it was planned for has passed.", next_step="Plan it again.")
    put_back(closed, event_id)
    for settlement in settled:
        settlement.undone_at, settlement.ledger_event_id = now, event_id
        settlement.save()
        if settlement.how == Settlement.How.ABSENT:
            _ask_again(settlement, event_id)
    fields = {"undoes": str(act)}
    ledger.record("publishing.post.undone", actor=by, about=post, fields=fields, event_id=event_id)
    wake(WAKE)


def _ask_again(settlement: Settlement, event_id: UUID) -> None:
    """A delivery that was said not to be out waits for a person again."""
    delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=settlement.delivery_id)
    if delivery.state != DeliveryState.INTENT:
        raise Conflict("There is nothing left to undo.", next_step="The post’s page shows how it stands.")
    delivery.state, delivery.ledger_event_id = DeliveryState.AMBIGUOUS, event_id
    delivery.asked_at = delivery.ended_at = settlement.settled_at
    delivery.save()


@verb
def send_now(delivery: Delivery, *, by: Member) -> UUID:
    """Send a missed or refused delivery in ten seconds, the time to undo. The old row stays as evidence."""
    slot = slots.at_instant(clock.now() + UNDO_WINDOW, by.workspace.timezone)
    return _again(delivery, by, slot, Settlement.How.SENT_AGAIN)


@verb
def send_at(delivery: Delivery, *, by: Member, when: datetime | None = None, fold: int | None = None) -> UUID:
    """Plan a missed or refused delivery anew: at `when`, or at the same time of day when it next comes."""
    now, zone = clock.now(), by.workspace.timezone
    if when is None:
        slot = slots.next_same_time(delivery.wall, zone, now)
    else:
        slot = slots.resolve(when, zone, fold)
    slots.must_be_ahead(slot, now)
    return _again(delivery, by, slot, Settlement.How.MOVED)


@verb
def drop(delivery: Delivery, *, by: Member) -> UUID:
    """Leave it at that: the delivery is not sent again, nor are the parts that had to follow it, and none asks for
    anybody any more. Returns the act."""
    post = locked(delivery.post_id)
    act = ids.new()
    _settle(_in_trouble(delivery), by, Settlement.How.DROPPED, act)
    _let_go_of_the_rest(post, delivery, by, Settlement.How.DROPPED, act)
    return act


@verb
def settle_as_out(delivery: Delivery, *, by: Member) -> UUID:
    """A person looked: the post is out although the network's answer was lost. Returns the act.

    What the network calls it is not known, so parts that had to follow it cannot: they are left, and say so.
    """
    post = locked(delivery.post_id)
    delivery = _in_trouble(delivery)
    if delivery.state != DeliveryState.AMBIGUOUS:
        raise Conflict("It is known that this one did not go out.")
    act = ids.new()
    _settle(delivery, by, Settlement.How.OUT, act)
    _let_go_of_the_rest(post, delivery, by, Settlement.How.DROPPED, act)
    return act


@verb
def settle_as_absent(delivery: Delivery, *, by: Member) -> UUID:
    """A person looked: it is not out. It is sent again in ten seconds, the time to undo; returns the act.

    The very same delivery goes on its way, with its key and its body, so that a network that knows the key makes no
    second post of it even where the person was mistaken. The parts that had to wait for it, and were missed for that,
    follow it.
    """
    post, now = locked(delivery.post_id), clock.now()
    delivery = _in_trouble(delivery)
    if delivery.state != DeliveryState.AMBIGUOUS:
        raise Conflict(
            "It is known that this one did not go out.", next_step="Send it now, or plan it again."
        )
    if approval(post) is None:
        raise Conflict(
            "Its text is not approved.", not_done="Nothing was sent.", next_step="Have it approved first."
        )
    if not delivery.channel.connected:
        raise Conflict(
            f"“{delivery.channel.name}” is not connected any more.",
            not_done="Nothing was sent.",
            next_step="Connect it again, or leave it.",
        )
    if delivery.after is not None:
        _must_stand(delivery.after)
    act, slot = ids.new(), slots.at_instant(now + UNDO_WINDOW, by.workspace.timezone)
    must_be_allowed(post, slot.due_at, [delivery.channel], "Nothing was sent, and nothing was noted.")
    _settle(delivery, by, Settlement.How.ABSENT, act)
    latest_at = slot.due_at + post.latest_after
    delivery.state, delivery.asked_at, delivery.looks = DeliveryState.INTENT, None, 0
    delivery.try_at, delivery.latest_at, delivery.lease_until = slot.due_at, latest_at, None
    delivery.ended_at, delivery.ledger_event_id = None, act
    delivery.save()
    _follow(post, delivery, by, slot, act)
    fields = {"due": slot.due_at, "zone": slot.zone, "channels": 1}
    ledger.record("publishing.post.scheduled", actor=by, about=post, fields=fields, event_id=act)
    wake(WAKE)
    return act


def _follow(post: Post, first: Delivery, by: Member, slot: Slot, act: UUID) -> None:
    """The parts after one that goes again: those still planned are taken off, those missed are decided, and all are
    planned anew behind it."""
    _let_go_of_the_rest(post, first, by, Settlement.How.SENT_AGAIN, act)
    open_deliveries(post, by, slot, [first.channel], act, after=first)


def _let_go_of_the_rest(post: Post, first: Delivery, by: Member, how: str, act: UUID) -> None:
    """Of the parts after it: what is planned is taken off, what was missed is decided with it."""
    thread = post.deliveries.filter(channel_id=first.channel_id, part__gt=first.part)
    later = list(thread.select_for_update(of=("self",)).prefetch_related("settlements"))
    close([d for d in later if d.state == DeliveryState.INTENT], act)
    for missed in [d for d in later if d.state == DeliveryState.MISSED and d.unsettled]:
        _settle(missed, by, how, act)


def _again(delivery: Delivery, by: Member, slot: Slot, how: str) -> UUID:
    post = locked(delivery.post_id)
    delivery = _in_trouble(delivery)
    if delivery.state == DeliveryState.AMBIGUOUS:
        raise Conflict(
            "It is not known whether it is out, so it is not sent again.",
            next_step="Look at the channel first, then say whether it is out.",
        )
    if how == Settlement.How.SENT_AGAIN and approval(post) is None:
        raise Conflict(
            "Its text is not approved.", not_done="Nothing was sent.", next_step="Have it approved first."
        )
    thread = post.deliveries.select_for_update(of=("self",)).filter(channel_id=delivery.channel_id)
    if delivery.part:
        before = thread.filter(part=delivery.part - 1, state=DeliveryState.ACCEPTED).first()
        if before is None:
            raise Conflict(
                "The part before it is not out, so it cannot follow.",
                not_done="Nothing was sent.",
                next_step="Decide about the part before it first; the rest goes with it.",
            )
        _must_stand(before)
    act = ids.new()
    _settle(delivery, by, how, act)
    close(thread.filter(part__gt=delivery.part, state=DeliveryState.INTENT), act)
    return _plan(post, by, slot, "publishing.post.scheduled", [delivery.channel], act)


def _must_stand(before: Delivery) -> None:
    """Raises Conflict where what a part would follow was taken down."""
    if before.removed_at is not None:
        raise Conflict(
            "The part before it was taken down, so it cannot follow.",
            not_done="Nothing was sent.",
            next_step="Drop it, or say it in a new post.",
        )


def _settle(delivery: Delivery, by: Member, how: str, act: UUID | None = None) -> None:
    event_id = ids.new()
    put_back = delivery.settlements.filter(how=Settlement.How.ABSENT, undone_at__isnull=True)
    put_back.update(undone_at=clock.now(), ledger_event_id=event_id)  # this later decision stands instead
    Settlement.objects.create(
        delivery=delivery, how=how, settled_by=by, settled_at=clock.now(), act=act, ledger_event_id=event_id
    )
    fields = {"how": str(how)}
    ledger.record("publishing.delivery.settled", actor=by, about=delivery, fields=fields, event_id=event_id)


def _in_trouble(delivery: Delivery) -> Delivery:
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=delivery.pk)
    if delivery.looking:
        raise Conflict("The network is still being asked.", next_step="Look again in a few minutes.")
    if delivery.state not in TROUBLE or delivery.settled:
        raise Conflict("This was decided already.", next_step="The post’s page shows how it stands.")
    return delivery


def _plan(
    post: Post,
    by: Member,
    slot: Slot,
    kind: str,
    channels: Sequence[Channel],
    event_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Write one delivery per channel and the act's event; returns the act."""
    event_id = event_id or ids.new()
    if not channels:
        raise Invalid(
            "No channel is chosen for this post.",
            not_done="Nothing was planned.",
            next_step="Choose at least one channel in the composer.",
        )
    check_content(post, channels)
    _settle_former(post, by, channels, event_id)
    open_deliveries(post, by, slot, channels, event_id)
    fields = {"due": slot.due_at, "zone": slot.zone, "channels": len(channels)}
    if kind == "publishing.post.rescheduled":
        fields["reason"] = reason
    ledger.record(kind, actor=by, about=post, fields=fields, event_id=event_id)
    return event_id


def _reason(given: str) -> str:
    return " ".join(kept(given, "reason", CLOSED_WHY_LENGTH, not_done="Its plan stands as it was.").split())


def _settle_former(post: Post, by: Member, channels: Sequence[Channel], act: UUID) -> None:
    """Planning anew is a decision about what was missed or refused on the same channels."""
    for former in post.deliveries.filter(channel__in=channels, state__in=TROUBLE).prefetch_related(
        "settlements"
    ):
        if former.unsettled:
            _settle(former, by, Settlement.How.MOVED, act)


def _channels(planned: Sequence[Delivery]) -> list[Channel]:
    """The channels of these deliveries, each once."""
    return list({delivery.channel_id: delivery.channel for delivery in planned}.values())


def _free_channels(post: Post) -> list[Channel]:
    """The post's connected channels on which it is neither planned nor out."""
    taken = post.deliveries.filter(state__in=GOING).values("channel_id")
    chosen = post.channels.filter(disconnected_at__isnull=True)
    free = list(chosen.exclude(pk__in=taken))
    if not free and chosen.exists():
        raise Conflict("It is out already on every channel chosen for it.", next_step="Begin a new post.")
    return free
