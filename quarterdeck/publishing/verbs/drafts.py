"""Many posts at once: drafted, labelled and planned in one transaction, each with its own events, as one by one; and
taken back again. For what arrives in bulk; a person at the composer has `posts.draft`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from quarterdeck import ledger
from quarterdeck.channels.models import Channel
from quarterdeck.core import bulk, clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Brand, Member
from quarterdeck.publishing import slots
from quarterdeck.publishing.cleaning import said_by_many
from quarterdeck.publishing.models import Delivery, DeliveryState, Label, Post
from quarterdeck.publishing.rows import WAKE, NewPlan, check_content, keep_version, planned
from quarterdeck.publishing.slots import Slot

MOST_AT_ONCE = 500

_CLOSE = """
UPDATE publishing_delivery AS d
   SET state = 'cancelled', closed_at = %s, closed_by = v.act, ledger_event_id = v.act
  FROM unnest(%s::uuid[], %s::uuid[]) AS v(id, act) WHERE d.id = v.id
"""
_DISCARD = """
UPDATE publishing_post AS p SET discarded_at = %s, ledger_event_id = v.act
  FROM unnest(%s::uuid[], %s::uuid[]) AS v(id, act) WHERE p.id = v.id
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one post is to say, `language` as a BCP 47 tag or empty. With a `slot` it is planned on all of `channels`,
    of which there must be one then."""

    brand: Brand
    text: str
    channels: Sequence[Channel] = ()
    labels: Sequence[Label] = ()
    slot: Slot | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The post, and the act that planned it."""

    post: Post
    plan: UUID | None


@verb
def draft_many(by: Member, drafts: Sequence[Draft]) -> list[Made]:
    """Draft these posts, at most 500, and plan those with a slot; `by` answers for all. All or none: raises what
    `posts.draft` and `plans.schedule` raise for the first that cannot be. None goes out without an approval.
    """
    if not drafts or len(drafts) > MOST_AT_ONCE:
        raise ValueError(f"draft_many takes 1 to {MOST_AT_ONCE} drafts, not {len(drafts)}.")
    _check_place(by, drafts)
    contents = said_by_many(by.workspace_id, [{"text": d.text, "language": d.language} for d in drafts])
    posts = [_post(by, draft.brand, said) for draft, said in zip(drafts, contents, strict=True)]
    bulk.insert(posts)
    keep_version(*posts)
    _link(posts, drafts)
    records, made, plans = [], [], []
    for post, draft in zip(posts, drafts, strict=True):
        fields = {"text": post.text, "channels": len(draft.channels)}
        records.append(
            ledger.Record("publishing.post.drafted", by, post, fields, event_id=post.ledger_event_id)
        )
        if draft.labels:
            fields = {"labels": len(draft.labels), "latest_minutes": None}
            records.append(ledger.Record("publishing.post.labelled", by, post, fields))
        act = None
        if draft.slot is not None:
            act = ids.new()
            plans.append(_plan(post, draft, draft.slot, act))
            fields = {"due": draft.slot.due_at, "zone": draft.slot.zone, "channels": len(draft.channels)}
            records.append(ledger.Record("publishing.post.scheduled", by, post, fields, event_id=act))
        made.append(Made(post, act))
    if plans:
        bulk.insert(planned(by, plans))
        wake(WAKE)
    ledger.record_many(records)
    return made


@verb
def take_back_many(by: Member, posts: Sequence[Post]) -> None:
    """Take these posts off the plan and discard them, at most 500; each can be put back as it was.

    The caller has made sure that nothing of them is out, on its way or in trouble: Invalid where something is, and
    then nothing is taken back.
    """
    if not posts or len(posts) > MOST_AT_ONCE:
        raise ValueError(f"take_back_many takes 1 to {MOST_AT_ONCE} posts, not {len(posts)}.")
    pks = [post.pk for post in posts]
    locked = list(
        Post.objects.select_for_update(of=("self",)).filter(pk__in=pks, discarded_at=None).order_by("pk")
    )
    standing = defaultdict(list)
    rows = Delivery.objects.select_for_update(of=("self",)).filter(post__in=pks)
    for row in rows.exclude(state=DeliveryState.CANCELLED).order_by("pk"):
        if row.state != DeliveryState.INTENT:
            raise Invalid("One of these posts is on its way or out.", not_done="None of them was taken back.")
        standing[row.post_id].append(row)
    records, closed = [], []
    for post in locked:
        if mine := standing[post.pk]:
            act = ids.new()
            closed += [(row.pk, act) for row in mine]
            fields = {"channels": len(mine)}
            records.append(ledger.Record("publishing.post.cancelled", by, post, fields, event_id=act))
        post.ledger_event_id = ids.new()
        records.append(ledger.Record("publishing.post.discarded", by, post, event_id=post.ledger_event_id))
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [now, [pk for pk, _ in closed], [act for _, act in closed]])
        cursor.execute(_DISCARD, [now, [p.pk for p in locked], [p.ledger_event_id for p in locked]])
    ledger.record_many(records)


def _post(by: Member, brand: Brand, said: dict[str, Any]) -> Post:
    now = clock.now()
    return Post(
        workspace=by.workspace,
        brand=brand,
        author=by,
        answerable=by,
        **said,
        created_at=now,
        changed_at=now,
        changed_by=by,
        ledger_event_id=ids.new(),
    )


def _link(posts: Sequence[Post], drafts: Sequence[Draft]) -> None:
    """The channels and labels of each, as two statements."""
    for name, column in (("channels", "channel_id"), ("labels", "label_id")):
        through = getattr(Post, name).through
        bulk.insert_values(
            through,
            [
                {"post_id": post.pk, column: one.pk}
                for post, draft in zip(posts, drafts, strict=True)
                for one in getattr(draft, name)
            ],
        )


def _plan(post: Post, draft: Draft, slot: Slot, act: UUID) -> NewPlan:
    slots.must_be_ahead(slot, clock.now())
    if not draft.channels:
        raise Invalid("No channel is chosen for a post that has a time.", not_done="Nothing was planned.")
    check_content(post, draft.channels)
    # What is asked of a post that gets a time, known here already: one question a post less.
    post._prefetched_objects_cache = {"labels": list(draft.labels)}
    return NewPlan(post, slot, draft.channels, act)


def _check_place(by: Member, drafts: Sequence[Draft]) -> None:
    """Everything they name is of this workspace, and their channels are connected."""
    brands = {draft.brand for draft in drafts}
    channels = {channel for draft in drafts for channel in draft.channels}
    labels = {label for draft in drafts for label in draft.labels}
    strange = any(one.workspace_id != by.workspace_id for one in [*brands, *channels, *labels])
    if strange or not all(channel.connected for channel in channels):
        raise Invalid(
            "One of the brands, channels or labels is not in this workspace any more.",
            not_done="Nothing was drafted.",
            next_step="Try again.",
        )
