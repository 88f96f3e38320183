"""A post from first words on. Approval (`approval`) is of a text: change the text and it is a draft again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.publishing import carrying, clearing
from quarterdeck.publishing.cleaning import clean_text, said
from quarterdeck.publishing.models import (
    OPEN,
    Ask,
    Delivery,
    DeliveryState,
    Post,
)
from quarterdeck.publishing.rows import (
    approval,
    close,
    end_ask,
    keep_version,
    locked,
    must_be_editable,
    open_deliveries,
    planned_deliveries,
    reopen_deliveries,
    whole_text,
)
from quarterdeck.publishing.slots import Slot


class StaleDraft(Conflict):
    """Two people changed one draft. `theirs` is the post as saved, `yours` the text that was not."""

    code = "stale-draft"

    def __init__(self, theirs: Post, yours: str) -> None:
        super().__init__(
            f"{starting(by_role(theirs.changed_by))} changed this post while you were writing.",
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
    answers: Delivery | None = None,
    **more: Any,
) -> Post:
    """Begin a post; `by` answers for it. `answers`: the delivery that it answers where that stands, there and on the
    other channels. `images` ({"file", "alt"}), `following` parts and, in `more`, `overrides`,
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
        answers_id=answers.post_id if answers else None,
        answers_part=answers.part if answers else 0,
        created_at=now,
        changed_at=now,
        changed_by=by,
        ledger_event_id=event_id,
    )
    post.channels.set(channels)
    keep_version(post)
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
    the former text no longer counts, unless the edit is so small that the policy lets it stand.
    """
    _check_channels(by, channels)
    post = locked(post)
    if post.version != version:
        raise StaleDraft(post, clean_text(text))
    must_be_editable(post)
    given = _only_known(more) | {"text": text, "images": images, "following": following}
    kept = {name: getattr(post, name) for name in ("images", "following", *_MORE) if given.get(name) is None}
    if "card" in more:
        kept["card"] = more["card"]  # None is: no card
    fields, parts_before = said(post.workspace_id, given | kept), _counted(post)
    now, event_id = clock.now(), ids.new()
    another, stood, asked = fields["text_hash"] != post.text_hash, approval(post), False
    if another:
        asked = end_ask(post, now, Ask.End.OVERTAKEN, event_id)
    for name, value in fields.items():
        setattr(post, name, value)
    post.version += 1
    post.changed_at, post.changed_by, post.ledger_event_id = now, by, event_id
    post.save()
    post.channels.set(channels)
    _plan_follows(post, by, channels, event_id, parts_before)
    keep_version(post)
    carried = carrying.carry(post, stood, by) if another and stood is not None else None
    if not another and stood is not None:  # on other channels it may need somebody who was not asked
        clearing.end_unheard(post, event_id)
    told = {
        "text": whole_text(post),
        "channels": len(channels),
        "returned_to_draft": another and carried is None and (asked or stood is not None),
        "approval_kept": carried is not None,
    }
    ledger.record("publishing.post.edited", actor=by, about=post, fields=told, event_id=event_id)
    return post


_MORE = ("overrides", "kind", "language", "card")


def _only_known(more: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := more.keys() - set(_MORE):
        raise TypeError(f"a post has no {sorted(unknown)}")
    return dict(more)


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


def _counted(post: Post) -> dict[UUID | None, int]:
    """How many parts the post has on each channel that says it differently, and (None) on the others."""
    own = {UUID(pk): len(parts) for pk, parts in post.overrides.items()}
    return {None: len(post.parts), **own}


def _plan_follows(
    post: Post, by: Member, channels: Sequence[Channel], event_id: UUID, before: dict[UUID | None, int]
) -> None:
    """A channel taken out of a planned post is taken off the plan; one put in gets the same slot, unless somebody
    forbids that time. Where the number of parts is another than `before`, a channel's deliveries are opened again."""
    planned = planned_deliveries(post)
    if not planned:
        return
    now = _counted(post)
    wanted = {c.pk for c in channels if now.get(c.pk, now[None]) == before.get(c.pk, before[None])}
    close([d for d in planned if d.channel_id not in wanted], event_id)
    had = {delivery.channel_id for delivery in planned}
    first = planned[0]
    slot = Slot(first.wall, first.zone, first.fold, first.due_at)
    again = [channel for channel in channels if channel.pk in had - wanted]
    reopen_deliveries(post, by, slot, again, event_id)
    new = [channel for channel in channels if channel.pk not in had]
    open_deliveries(
        post, by, slot, new, event_id, not_done="Nothing was saved; your text is still in the page."
    )


def _check_channels(by: Member, channels: Sequence[Channel]) -> None:
    for channel in channels:
        if channel.workspace_id != by.workspace_id or not channel.connected:
            raise Invalid(
                "One of the channels is not connected here any more.",
                not_done="The post was not saved; your text is still in the page.",
                fields={"channels": "Please choose among the connected channels."},
            )
