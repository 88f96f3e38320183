"""The rows that the verbs of posts and plans share. Whoever changes a post or its deliveries locks the post first."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from uuid import UUID

from quarterdeck.channels import adapters
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import (
    LATEST_AFTER,
    OPEN,
    TEXT_LENGTH,
    Approval,
    Delivery,
    DeliveryState,
    Post,
)
from quarterdeck.publishing.slots import Slot

WAKE = "publishing_delivery"


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


def approval(post: Post) -> Approval | None:
    """The approval of the present text, or None."""
    return post.approvals.filter(text_hash=post.text_hash, withdrawn_at__isnull=True).first()


def planned_deliveries(post: Post) -> list[Delivery]:
    """What is planned, locked; Conflict when one of them is being sent at this moment."""
    found = list(
        post.deliveries.select_for_update(of=("self",)).select_related("channel").filter(state__in=OPEN)
    )
    if any(delivery.state == DeliveryState.SENDING for delivery in found):
        raise Conflict("It is being sent at this moment.", next_step="Look again in a few seconds.")
    return found


def open_deliveries(
    post: Post, by: Member, slot: Slot, channels: Sequence[Channel], act: UUID
) -> list[Delivery]:
    """One planned delivery per channel, each with a client key of its own; wakes the sending loop."""
    if not channels:
        return []
    now = clock.now()
    made = Delivery.objects.bulk_create(
        Delivery(
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
            latest_at=slot.due_at + LATEST_AFTER,
            client_key=secrets.token_hex(16),
            ledger_event_id=act,
        )
        for channel in channels
    )
    wake(WAKE)
    return made


def close(deliveries: Iterable[Delivery], act: UUID) -> None:
    """Take deliveries off the plan, as part of `act`."""
    for delivery in deliveries:
        delivery.state, delivery.closed_by, delivery.closed_at = DeliveryState.CANCELLED, act, clock.now()
        delivery.ledger_event_id = act
        delivery.save(update_fields=["state", "closed_by", "closed_at", "ledger_event_id"])


def check_text(text: str, channels: Sequence[Channel], not_done: str = "Nothing was planned.") -> None:
    """Raises Invalid, with the network's own reasons, when one of the channels would refuse the text."""
    for channel in channels:
        if words := adapters.of(channel).validate(text):
            raise Invalid(
                f"{channel.name} on the {channel.title} would refuse this text. " + " ".join(words),
                not_done=not_done,
                next_step="Change the text, then try again.",
            )


def clean_text(text: str) -> str:
    """Line ends as \\n, no characters a database cannot hold. Invalid when too long or not real Unicode."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > TEXT_LENGTH:
        raise Invalid(
            f"The text is longer than {TEXT_LENGTH:,} characters.",
            not_done="It was not saved; it is still in the page.",
            fields={"text": "Please shorten the text."},
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(
            "The text holds half a character, as some programs leave behind.",
            not_done="It was not saved; it is still in the page.",
            fields={"text": "Please remove the broken character, often part of an emoji."},
        ) from None
    return text
