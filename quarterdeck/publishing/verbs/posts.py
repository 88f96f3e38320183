"""A post from first words to approval. Approval is of a text: change the text and it is a draft again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.publishing import reads, telling
from quarterdeck.publishing.cleaning import clean_text, said
from quarterdeck.publishing.models import (
    OPEN,
    Approval,
    Ask,
    DeliveryState,
    Post,
    Return,
    Settlement,
)
from quarterdeck.publishing.rows import (
    WAKE,
    approval,
    check_content,
    check_described,
    close,
    locked,
    open_deliveries,
    planned_deliveries,
    whole_text,
)
from quarterdeck.publishing.slots import Slot


class StaleDraft(Conflict):
    """Two people changed one draft. `theirs` is the post as saved, `yours` the text that was not."""

    code = "stale-draft"

    def __init__(self, theirs: Post, yours: str) -> None:
        super().__init__(
            f"{theirs.changed_by} changed this post while you were writing.",
            not_done="Your text was not saved over theirs; both are below.",
            next_step="Take over what you need, then save again.",
        )
        self.theirs, self.yours = theirs, yours


@verb
def draft(
    by: Member,
    *,
    brand: Brand,
    text: str,
    channels: Sequence[Channel] = (),
    images: Sequence[dict] = (),
    following: Sequence[dict] = (),
    version_of: UUID | None = None,
    **more: Any,
) -> Post:
    """Begin a post; `by` answers for it. `images` ({"file", "alt"}), `following` parts and, in `more`, `overrides`,
    `kind`, `language` and `card` as in `Post`."""
    _check_channels(by, channels)
    given = _only_known(more) | {"text": text, "images": images, "following": following}
    now, event_id = clock.now(), ids.new()
    post = Post.objects.create(
        workspace=by.workspace,
        brand=brand,
        author=by,
        answerable=by,
        **said(by.workspace_id, given),
        version_of=version_of,
        created_at=now,
        changed_at=now,
        changed_by=by,
        ledger_event_id=event_id,
    )
    post.channels.set(channels)
    fields = {"text": whole_text(post), "channels": len(channels)}
    ledger.record("publishing.post.drafted", actor=by, about=post, fields=fields, event_id=event_id)
    return post


@verb
def edit(
    post: Post,
    *,
    by: Member,
    version: int,
    text: str,
    channels: Sequence[Channel],
    images: Sequence[dict] | None = None,
    following: Sequence[dict] | None = None,
    **more: Any,
) -> Post:
    """Save another text, other images, parts, channels, or (in `more`) another `kind`, `language`, `card` or
    `overrides` over `version` of the post; None, or what is not given, stays as it is. A channel that is taken out
    keeps what it says, and so does its approval.

    Raises StaleDraft when somebody saved in between, Conflict when part of it is out or being sent. An approval of
    the former text no longer counts.
    """
    _check_channels(by, channels)
    post = locked(post)
    if post.version != version:
        raise StaleDraft(post, clean_text(text))
    _must_be_editable(post)
    given = _only_known(more) | {"text": text, "images": images, "following": following}
    kept = {name: getattr(post, name) for name in ("images", "following", *_MORE) if given.get(name) is None}
    if "card" in more:
        kept["card"] = more["card"]  # None is: no card
    fields, parts_before, now, event_id = (
        said(post.workspace_id, given | kept),
        _counted(post),
        clock.now(),
        ids.new(),
    )
    back_to_draft = False
    if fields["text_hash"] != post.text_hash:
        back_to_draft = _end_ask(post, now, Ask.End.OVERTAKEN, event_id) or approval(post) is not None
    for name, value in fields.items():
        setattr(post, name, value)
    post.version += 1
    post.changed_at, post.changed_by, post.ledger_event_id = now, by, event_id
    post.save()
    post.channels.set(channels)
    _plan_follows(post, by, channels, event_id, parts_before)
    told = {"text": whole_text(post), "channels": len(channels), "returned_to_draft": back_to_draft}
    ledger.record("publishing.post.edited", actor=by, about=post, fields=told, event_id=event_id)
    return post


_MORE = ("overrides", "kind", "language", "card")


def _only_known(more: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := more.keys() - set(_MORE):
        raise TypeError(f"a post has no {sorted(unknown)}")
    return dict(more)


@verb
def ask_approval(post: Post, *, by: Member) -> Ask:
    """Ask for somebody to stand behind the present text."""
    post = locked(post)
    if not post.says_something:
        raise Invalid(
            "There is no text to approve yet.",
            not_done="Nobody was asked.",
            next_step="Write the post first.",
        )
    channels = list(post.channels.all())
    check_content(post, channels, not_done="Nobody was asked.")
    check_described(post, channels)
    if approval(post) is not None:
        raise Conflict("This text is approved already.", next_step="Choose when it goes out.")
    if post.asks.filter(ended_at__isnull=True).exists():
        raise Conflict("Approval was asked already, and nobody has answered yet.")
    event_id = ids.new()
    ask = Ask.objects.create(
        post=post, text_hash=post.text_hash, asked_by=by, asked_at=clock.now(), ledger_event_id=event_id
    )
    fields = {"text_hash": post.text_hash}
    ledger.record("publishing.post.asked", actor=by, about=post, fields=fields, event_id=event_id)
    telling.asked(post, by)
    return ask


@verb
def approve(post: Post, *, by: Member, text_hash: str, note: str = "") -> Approval:
    """Stand behind the text that was shown (`text_hash`).

    Raises Conflict when the text has changed since it was shown, Forbidden when `by` is its author and
    not the only member here.
    """
    post = locked(post)
    if text_hash != post.text_hash:
        raise Conflict(
            "The text has changed since this page was opened.",
            not_done="Nothing was approved.",
            next_step="Read it again, then approve.",
        )
    alone = reads.is_alone(by)
    if not alone and by.pk == post.author_id:
        raise Forbidden(
            "A second person approves a post.",
            not_done="Nothing was approved.",
            next_step="You answer for this post; ask a colleague who may approve.",
        )
    if approval(post) is not None:
        raise Conflict("This text is approved already.")
    now, event_id = clock.now(), ids.new()
    _end_ask(post, now, Ask.End.APPROVED, event_id)
    given = Approval.objects.create(
        post=post,
        text_hash=text_hash,
        approved_by=by,
        approved_at=now,
        note=note.strip()[:500],
        alone=alone,
        ledger_event_id=event_id,
    )
    fields = {"text_hash": text_hash, "note": given.note, "alone": alone}
    ledger.record("publishing.post.approved", actor=by, about=post, fields=fields, event_id=event_id)
    telling.approved(post, by, given.note)
    wake(WAKE)
    return given


@verb
def return_(post: Post, *, by: Member, reason: str) -> Return:
    """Give the text back to its author with a reason. An approval it had is withdrawn."""
    reason = reason.strip()[:1000]
    if not reason:
        raise Invalid(
            "The author needs a reason.",
            not_done="Nothing was returned.",
            fields={"reason": "Please write one sentence on what should change."},
        )
    post = locked(post)
    _must_be_editable(post)
    now, event_id = clock.now(), ids.new()
    standing = approval(post)
    asked = _end_ask(post, now, Ask.End.RETURNED, event_id)
    if standing is None and not asked:
        raise Conflict("Nobody is waiting for an approval of this text.")
    if standing is not None:
        standing.withdrawn_at, standing.ledger_event_id = now, event_id
        standing.save()
    given = Return.objects.create(
        post=post,
        text_hash=post.text_hash,
        returned_by=by,
        returned_at=now,
        reason=reason,
        ledger_event_id=event_id,
    )
    fields = {"text_hash": post.text_hash, "reason": reason}
    ledger.record("publishing.post.returned", actor=by, about=post, fields=fields, event_id=event_id)
    telling.returned(post, by, reason)
    return given


@verb
def discard(post: Post, *, by: Member) -> None:
    """Put aside a post that is neither planned nor out. Nothing is deleted: `restore` takes it back as it was."""
    post = locked(post)
    deliveries = list(post.deliveries.prefetch_related("settlements"))
    states = {delivery.state for delivery in deliveries}
    if states & {DeliveryState.ACCEPTED, DeliveryState.AMBIGUOUS}:
        raise Conflict("It is, or may be, out on at least one channel.", not_done="It was not discarded.")
    if states & set(OPEN) or any(delivery.unsettled for delivery in deliveries):
        raise Conflict(
            "It is planned, or was missed and nobody has decided about it.",
            not_done="It was not discarded.",
            next_step="Take it off the plan or drop it first.",
        )
    post.discarded_at, post.ledger_event_id = clock.now(), ids.new()
    post.save(update_fields=["discarded_at", "ledger_event_id"])
    event_id = post.ledger_event_id
    ledger.record("publishing.post.discarded", actor=by, about=post, fields={}, event_id=event_id)


@verb
def restore(post: Post, *, by: Member) -> None:
    """Take a discarded post back, with the question, the approval or the return it had."""
    post = locked(post, discarded=True)
    if post.discarded_at is None:
        raise Conflict("It is not discarded.", next_step="The post’s page shows how it stands.")
    post.discarded_at, post.ledger_event_id = None, ids.new()
    post.save(update_fields=["discarded_at", "ledger_event_id"])
    event_id = post.ledger_event_id
    ledger.record("publishing.post.restored", actor=by, about=post, fields={}, event_id=event_id)


def _end_ask(post: Post, now: datetime, how: str, event_id: UUID) -> bool:
    """Close the open request for approval; False when there was none."""
    ask = post.asks.filter(ended_at__isnull=True).first()
    if ask is None:
        return False
    ask.ended_at, ask.ended_how, ask.ledger_event_id = now, how, event_id
    ask.save()
    return True


def _counted(post: Post) -> dict[UUID | None, int]:
    """How many parts the post has on each channel that says it differently, and (None) on the others."""
    own = {UUID(pk): len(parts) for pk, parts in post.overrides.items()}
    return {None: len(post.parts), **own}


def _plan_follows(
    post: Post, by: Member, channels: Sequence[Channel], event_id: UUID, before: dict[UUID | None, int]
) -> None:
    """A channel taken out of a planned post is taken off the plan; one put in gets the same slot. Where the number of
    parts is another than `before`, a channel's deliveries are opened again."""
    planned = planned_deliveries(post)
    if not planned:
        return
    now = _counted(post)
    wanted = {c.pk for c in channels if now.get(c.pk, now[None]) == before.get(c.pk, before[None])}
    close([d for d in planned if d.channel_id not in wanted], event_id)
    has = {delivery.channel_id for delivery in planned if delivery.channel_id in wanted}
    first = planned[0]
    slot = Slot(first.wall, first.zone, first.fold, first.due_at)
    open_deliveries(post, by, slot, [channel for channel in channels if channel.pk not in has], event_id)


def _must_be_editable(post: Post) -> None:
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


def _check_channels(by: Member, channels: Sequence[Channel]) -> None:
    for channel in channels:
        if channel.workspace_id != by.workspace_id or not channel.connected:
            raise Invalid(
                "One of the channels is not connected here any more.",
                not_done="The post was not saved; your text is still in the page.",
                fields={"channels": "Please choose among the connected channels."},
            )
