"""The rows that the verbs of posts and plans share. Whoever changes a post or its deliveries locks the post first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from quarterdeck.channels import adapters
from quarterdeck.channels.contract import Published
from quarterdeck.channels.models import Channel
from quarterdeck.core import bulk, clock
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Member
from quarterdeck.publishing import answering, content, kinds, lint, shortening
from quarterdeck.publishing.models import (
    GOING,
    OPEN,
    Clearance,
    Delivery,
    DeliveryState,
    Post,
    PostVersion,
    Settlement,
)
from quarterdeck.publishing.objections import (
    NOT_PLANNED,
    must_be_allowed,
    must_each_be_allowed,
    proposed,
)
from quarterdeck.publishing.slots import Slot
from quarterdeck.studio import reads as studio

WAKE = "publishing_delivery"
_NOT_OVER = (DeliveryState.SENDING, DeliveryState.AMBIGUOUS)


def locked(post: Post | UUID, *, discarded: bool = False) -> Post:
    """The post's row, locked until the transaction ends. Conflict when it was discarded, unless that is asked for."""
    pk = post.pk if isinstance(post, Post) else post
    found = (
        Post.objects.select_for_update(of=("self",))
        .select_related("workspace", "changed_by__user")
        .get(pk=pk)
    )
    if found.discarded_at and not discarded:
        raise Conflict(
            "This post was discarded.",
            not_done="Nothing was changed.",
            next_step="Put it back first; its page offers that.",
        )
    return found


def approval(post: Post) -> Clearance | None:
    """That the present text may go out: every voice that the rules ask for was given. None where it may not."""
    return post.clearances.filter(text_hash=post.text_hash, ended_at__isnull=True).first()


def planned_deliveries(post: Post) -> list[Delivery]:
    """What is planned, locked; Conflict when one of them is being sent at this moment."""
    found = list(
        post.deliveries.select_for_update(of=("self",)).select_related("channel").filter(state__in=OPEN)
    )
    if any(delivery.state == DeliveryState.SENDING for delivery in found):
        raise Conflict("It is being sent at this moment.", next_step="Look again in a few seconds.")
    handed = next((delivery for delivery in found if delivery.state == DeliveryState.HANDED), None)
    if handed is not None:
        raise Conflict(
            f"It was handed out to be posted by hand on {handed.channel.name}.",
            next_step="Say first whether it was posted.",
        )
    return found


def open_deliveries(
    post: Post,
    by: Member,
    slot: Slot,
    channels: Sequence[Channel],
    act: UUID,
    *,
    after: Delivery | None = None,
    not_done: str = NOT_PLANNED,
) -> list[Delivery]:
    """Give these channels the slot: deliveries, each with a client key of its own, one a channel and part, every part
    after the one before it; a channel posted to by hand gets one for all parts. Parts that are out already are left
    out, and those up to `after`. Wakes the sending loop.

    Raises Conflict, with what was `not_done`, when somebody forbids that time, or a part before them stands in their
    way (`in_the_way`).
    """
    if channels:
        must_be_allowed(post, slot.due_at, channels, not_done)
    return reopen_deliveries(post, by, slot, channels, act, after=after, not_done=not_done)


def reopen_deliveries(
    post: Post,
    by: Member,
    slot: Slot,
    channels: Sequence[Channel],
    act: UUID,
    *,
    after: Delivery | None = None,
    not_done: str = NOT_PLANNED,
) -> list[Delivery]:
    """The same on channels that have this very slot already: what was planned keeps its time, so nobody is asked."""
    made = []
    for channel in channels:
        chain = list(_chain(post, by, slot, channel, act, after))
        _must_be_free(post, chain, not_done)
        made += chain
    if made:
        Delivery.objects.bulk_create(made)
        wake(WAKE)
    return made


def _must_be_free(post: Post, chain: Sequence[Delivery], not_done: str) -> None:
    """Raises Conflict where one of these parts of a thread may be out already, or would follow what was taken down."""
    if not chain or (len(chain) == 1 and not chain[0].part):
        return
    first = chain[0]
    sent = post.deliveries.filter(channel=first.channel_id, part__gte=first.part, state__in=_NOT_OVER)
    for part in (first.after, sent.order_by("part").first()):
        if part is not None and (words := in_the_way(part)):
            raise Conflict(
                f"On {first.channel.name} {words}.",
                not_done=not_done,
                next_step="Decide about that part first; the post’s page shows how it stands.",
            )


def in_the_way(part: Delivery) -> str:
    """Why what follows this part of a thread cannot be planned anew, as the end of a sentence; empty when it can: that
    begins after the last part that is out, so it would send once more what may be out."""
    if part.removed_at is not None:
        return f"part {part.part + 1} was taken down, so nothing can follow it"
    if part.state == DeliveryState.SENDING:
        return f"part {part.part + 1} is being sent at this moment"
    if part.state == DeliveryState.AMBIGUOUS:
        return f"it is not known yet whether part {part.part + 1} is out"
    return ""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A slot for a post that is not written yet, on channels; its labels are prefetched."""

    post: Post
    slot: Slot
    channels: Sequence[Channel]
    act: UUID


def planned(by: Member, plans: Sequence[NewPlan]) -> list[Delivery]:
    """The deliveries of new posts, for who writes many at once and wakes the loop. Conflict when somebody forbids one
    of the times."""
    must_each_be_allowed([proposed(one.post, one.slot.due_at, one.channels) for one in plans])
    return [
        delivery
        for one in plans
        for channel in one.channels
        for delivery in _chain(one.post, by, one.slot, channel, one.act, None)
    ]


def _chain(
    post: Post, by: Member, slot: Slot, channel: Channel, act: UUID, before: Delivery | None
) -> Iterable[Delivery]:
    now, latest_at = clock.now(), slot.due_at + post.latest_after
    parts = len(post.parts_on(channel.pk))
    if before is None and parts > 1:
        out = post.deliveries.filter(channel=channel, state=DeliveryState.ACCEPTED)
        before = out.order_by("-part").first()
    for part in range(before.part + 1 if before else 0, 1 if channel.by_hand else parts):
        before = Delivery(
            workspace_id=post.workspace_id,
            post=post,
            channel=channel,
            planned_by=by,
            planned_at=now,
            opened_by=act,
            wall=slot.wall,
            zone=slot.zone,
            fold=slot.fold,
            due_at=slot.due_at,
            try_at=slot.due_at,
            latest_at=latest_at,
            part=part,
            after=before,
            client_key=adapters.kind(channel).new_key(slot.due_at, part),
            ledger_event_id=act,
        )
        yield before


def close(deliveries: Iterable[Delivery], act: UUID, why: str = "") -> None:
    """Take deliveries off the plan, as part of `act`, for the reason given."""
    for delivery in deliveries:
        delivery.state, delivery.closed_by, delivery.closed_at = DeliveryState.CANCELLED, act, clock.now()
        delivery.closed_why, delivery.ledger_event_id = why, act
        delivery.save(update_fields=["state", "closed_by", "closed_at", "closed_why", "ledger_event_id"])


def put_back(deliveries: Sequence[Delivery], act: UUID) -> None:
    """Put what was taken off the plan back onto it as it was, as part of `act`. Raises Conflict where its place was
    taken meanwhile."""
    taken = _taken({delivery.post_id for delivery in deliveries})
    for delivery in deliveries:
        if delivery.place in taken:
            raise Conflict(
                f"It was planned anew on {delivery.channel.name} meanwhile.",
                not_done="It was not undone; it stands as it was planned last.",
                next_step="Move it from there, or take it off the plan.",
            )
        delivery.state, delivery.closed_at, delivery.closed_by = DeliveryState.INTENT, None, None
        delivery.closed_why, delivery.ledger_event_id = "", act
        delivery.save(update_fields=["state", "closed_at", "closed_by", "closed_why", "ledger_event_id"])
    if deliveries:
        wake(WAKE)


def _taken(posts: set[UUID]) -> set[tuple[UUID, UUID, int]]:
    """The places of these posts at which something is planned, on its way or out."""
    going = Delivery.objects.filter(post__in=posts, state__in=GOING)
    return set(going.values_list("post_id", "channel_id", "part"))


def let_go(deliveries: Iterable[Delivery], act: UUID) -> None:
    """What these follow is taken down, as part of `act`: those planned are taken off the plan, and those being sent or
    not known are looked for and never sent once more. For the room `changes`, which has locked the rows.

    `closed_by` stays empty: this is no act of planning, and cannot be undone as one (`follow_again`).
    """
    now = clock.now()
    for delivery in deliveries:
        names, delivery.ledger_event_id = ["ledger_event_id"], act
        if delivery.state == DeliveryState.INTENT:
            delivery.state, delivery.closed_at = DeliveryState.CANCELLED, now
            delivery.closed_why = "What it was to follow is taken down."
            names += ["state", "closed_at", "closed_why"]
        else:
            delivery.latest_at = max(delivery.due_at, min(delivery.latest_at, now))
            names.append("latest_at")
        delivery.save(update_fields=names)


def follow_again(delivery: Delivery, act: UUID) -> None:
    """It stays up after all, as part of `act`: the parts that were let go with it are planned again, as they were. What
    is late by now is missed, so that people decide about it. For the room `changes`, which has locked the post."""
    gone = Delivery.objects.select_for_update(of=("self",)).filter(
        post=delivery.post_id,
        channel=delivery.channel_id,
        part__gt=delivery.part,
        state=DeliveryState.CANCELLED,
        closed_at__isnull=False,
        closed_by__isnull=True,
    )
    taken, back = _taken({delivery.post_id}), {}
    for one in gone.select_related("channel").order_by("part", "closed_at"):
        if one.place not in taken:
            back[one.place] = one  # of several the one that was let go last
    put_back(list(back.values()), act)


def changed(
    delivery: Delivery, act: UUID, *, removed: bool = False, published: Published | None = None
) -> None:
    """What stands there was changed, or (`removed`) taken down, as part of `act`; `published` is what the network calls
    it since. For the room `changes`, which has locked the row."""
    names = ["removed_at" if removed else "edited_at", "ledger_event_id"]
    setattr(delivery, names[0], clock.now())
    delivery.ledger_event_id = act
    if published is not None:
        delivery.remote_id, delivery.url = published.remote_id, published.url or delivery.url
        delivery.remote = dict(published.details)
        names += ["remote_id", "url", "remote"]
    delivery.save(update_fields=names)


def check_content(post: Post, channels: Sequence[Channel], not_done: str = "Nothing was planned.") -> None:
    """Raises Invalid, with the network's own reasons, when one of the channels would refuse a part of the post; also
    when a file of it must not go out, or one that a channel shows is not in the library any more."""
    if words := " ".join(studio.unusable(post.workspace_id, post.files).values()) if post.files else "":
        raise Invalid(words, not_done=not_done, next_step="Take another picture.")
    for channel in channels:
        parts, adapter = content.contents(post, channel), adapters.unsigned(channel)
        if content.lacking(post, channel, parts):
            raise Invalid(
                f"A picture or video of this post is not in the library any more, so {channel.name} would show it "
                "without.",
                not_done=not_done,
                next_step="Add it again or take another one, or take it out of the post.",
            )
        if words := kinds.refusal(post.kind, channel, post.parts_on(channel.pk)):
            raise Invalid(
                words, not_done=not_done, next_step="Choose another kind, or leave that channel out."
            )
        for number, part in enumerate(parts, 1):
            if words := adapter.validate(part):
                which = f"part {number} of this post" if len(parts) > 1 else "this post"
                raise Invalid(
                    f"{channel.name} on {channel.title} would refuse {which}. " + " ".join(words),
                    not_done=not_done,
                    next_step="Change it, then try again.",
                )
        if words := answering.objection(post, channel):
            raise Invalid(words, not_done=not_done, next_step="Leave that channel out.")
        if len(parts) > 1 and not adapter.capabilities.threads:
            raise Invalid(
                f"{channel.title} has no threads, and this post has {len(parts)} parts.",
                not_done=not_done,
                next_step="Leave that channel out, or say it in one part.",
            )


def check_described(post: Post, channels: Sequence[Channel]) -> None:
    """Raises Invalid when a picture of what goes out has neither a description nor a reason for having none."""
    for said in [post.parts, *(post.parts_on(channel.pk) for channel in channels)]:
        if missing := lint.undescribed(said):
            raise Invalid(
                f"Picture {missing[0]} has no description. People who listen will miss it.",
                not_done="Nobody was asked.",
                next_step="Describe it, or say why it needs no description.",
            )


def whole_text(post: Post) -> str:
    """Everything the post says, as its record keeps it: the parts with a line between, images by their description;
    then what single channels say instead."""
    whole = _told(post.parts)
    named = Channel.objects.in_bulk([UUID(pk) for pk in post.overrides])
    for pk, parts in sorted(post.overrides.items()):
        channel = named.get(UUID(pk))
        on = f"{channel.name} ({channel.title})" if channel else "a channel that is gone"
        whole += f"\n\n=== On {on}:\n\n{_told(parts)}"
    return whole


def _told(parts: list[dict]) -> str:
    said = []
    for part in parts:
        alts = [f"[image: {image['alt'] or image['sha256'][:12]}]" for image in part["images"]]
        said.append("\n".join([part["text"], *alts]))
    return "\n\n---\n\n".join(said)


def keep_version(*posts: Post) -> None:
    """Keep what each of the posts says now, as part of the act that saved it."""
    versions = [
        PostVersion(
            post=post,
            number=post.version,
            parts=post.parts,
            besides=post.besides,
            text_hash=post.text_hash,
            saved_by=post.changed_by,
            saved_at=post.changed_at,
            ledger_event_id=post.ledger_event_id,
        )
        for post in posts
    ]
    bulk.insert(versions)
    shortening.keep(posts)


def end_ask(post: Post, now: datetime, how: str, event_id: UUID) -> bool:
    """Close the open request for approval; False when there was none."""
    ask = post.asks.filter(ended_at__isnull=True).first()
    if ask is None:
        return False
    ask.ended_at, ask.ended_how, ask.ledger_event_id = now, how, event_id
    ask.save()
    return True


def must_be_editable(post: Post) -> None:
    states = set(post.deliveries.values_list("state", flat=True))
    if DeliveryState.SENDING in states:
        raise Conflict("It is being sent at this moment.", next_step="Look again in a few seconds.")
    if states & {DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS}:
        raise Conflict(
            "It is out already on at least one channel.",
            next_step="Begin a new post, or correct it there and say so.",
        )
    again = Settlement.objects.filter(delivery__post=post, how=Settlement.How.ABSENT, undone_at__isnull=True)
    if again.filter(delivery__state=DeliveryState.INTENT).exists():
        raise Conflict(
            "It is sent again as it was: a first try may still arrive, and must not meet other words.",
            next_step="Take it off the plan first, or begin a new post.",
        )
