"""A post that was made outside, recorded afterwards: it is in the record because somebody says so, and says who."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.channels import adapters
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import slots
from quarterdeck.publishing.cleaning import clean_text
from quarterdeck.publishing.handing import checked_url
from quarterdeck.publishing.models import UNDO_WINDOW, Delivery, DeliveryState, Post, hash_content
from quarterdeck.publishing.rows import keep_version, locked

EARLIEST = timedelta(days=3653)
NOT_DONE = "Nothing was recorded; what you wrote is still in the page."


@verb
def record_outside(by: Member, *, channel: Channel, text: str, url: str = "", when: datetime) -> Post:
    """Record a post that somebody made on `channel` at `when` (aware): a post, and its delivery that is out.

    Raises Invalid with its fields, Conflict when it is recorded already.
    """
    text, url = clean_text(text).strip(), checked_url(url, not_done=NOT_DONE)
    channel = (
        Channel.objects.select_for_update(of=("self",), no_key=True)
        .select_related("brand")
        .get(pk=channel.pk)
    )
    _check(by, channel, text, url, when)
    act, now = ids.new(), clock.now()
    post = Post.objects.create(
        workspace=by.workspace,
        brand=channel.brand,
        author=by,
        answerable=by,
        text=text,
        text_hash=hash_content(text, [], []),
        created_at=now,
        changed_at=now,
        changed_by=by,
        ledger_event_id=act,
    )
    post.channels.set([channel])
    keep_version(post)
    _said_out(post, channel, by, url, when, act)
    fields = {"text": text, "url": url, "posted_at": when}
    ledger.record("publishing.post.recorded", actor=by, about=post, fields=fields, event_id=act)
    return post


@verb
def unrecord(post: Post, *, by: Member, act: UUID) -> None:
    """Take back, within ten seconds, that a post was recorded. It is discarded, and its delivery taken off."""
    post, now = locked(post), clock.now()
    row = post.deliveries.select_for_update().filter(opened_by=act, state=DeliveryState.ACCEPTED).first()
    if row is None or row.said_by_id is None or row.handed_at is not None:
        raise Conflict("There is nothing left to undo.", next_step="The post’s page shows how it stands.")
    if now - row.planned_at > UNDO_WINDOW:
        raise Conflict(
            "The ten seconds to undo that are over.",
            next_step="Say on its page that it was not posted after all.",
        )
    event_id = ids.new()
    row.state, row.closed_by, row.closed_at, row.ledger_event_id = (
        DeliveryState.CANCELLED,
        event_id,
        now,
        event_id,
    )
    row.save(update_fields=["state", "closed_by", "closed_at", "ledger_event_id"])
    post.discarded_at, post.ledger_event_id = now, event_id
    post.save(update_fields=["discarded_at", "ledger_event_id"])
    fields = {"undoes": str(act)}
    ledger.record("publishing.post.undone", actor=by, about=post, fields=fields, event_id=event_id)


def _said_out(post: Post, channel: Channel, by: Member, url: str, when: datetime, act: UUID) -> Delivery:
    slot = slots.at_instant(when, by.workspace.timezone)
    return Delivery.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        channel=channel,
        planned_by=by,
        planned_at=clock.now(),
        opened_by=act,
        wall=slot.wall,
        zone=slot.zone,
        fold=slot.fold,
        due_at=slot.due_at,
        try_at=slot.due_at,
        latest_at=slot.due_at,
        state=DeliveryState.ACCEPTED,
        client_key=adapters.kind(channel).new_key(slot.due_at, 0),
        text=post.text,
        url=url,
        said_by=by,
        ended_at=slot.due_at,
        ledger_event_id=act,
    )


def _check(by: Member, channel: Channel, text: str, url: str, when: datetime) -> None:
    wrong, now = {}, clock.now()
    if channel.workspace_id != by.workspace_id or not channel.connected:
        wrong["channel"] = "Please choose one of the connected channels."
    if not text and not url:
        wrong["text"] = "Please give what it said, or at least its link."
    if when > now + timedelta(minutes=1):
        wrong["when"] = "Please give a time that has passed; what is to come is planned, not recorded."
    elif when < now - EARLIEST:
        wrong["when"] = "Please give a time within the last ten years."
    if wrong:
        raise Invalid("This cannot be recorded as it is.", not_done=NOT_DONE, fields=wrong)
    there = Delivery.objects.filter(channel=channel, state=DeliveryState.ACCEPTED)
    same = there.filter(url=url) if url else there.filter(text=text, due_at=when)
    if (found := same.select_related("post").first()) is not None:
        raise Conflict(
            f"It is in the record already: “{found.post.short}”.",
            not_done="Nothing was recorded twice.",
            next_step="Find it among what is out.",
        )
