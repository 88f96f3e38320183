"""Asking for a change: other words where a post is out, taking it down, or a post that answers it there.

Nothing is called here. What is asked for is written with its words frozen; the loop (`working`) makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.changes import reads, telling, ways
from quarterdeck.changes.models import OPEN, REASON_LENGTH, Change, ChangeState
from quarterdeck.changes.rows import WAKE, end, lock_posts, write
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import rows as posts
from quarterdeck.publishing.cleaning import clean_text
from quarterdeck.publishing.models import UNDO_WINDOW, Delivery, DeliveryState, Post
from quarterdeck.publishing.verbs import draft
from quarterdeck.publishing.verbs.changing import NOT_DONE, reword

_IN_DOUBT = (
    "Other words were on their way there before, and may stand there. These are put there again, to be sure."
)
Texts = Sequence[str | Mapping]  # each a text, or a part as a post keeps it


@verb
def edit(
    post: Post, *, by: Member, parts: Texts, channels: Sequence[Channel], note: str = ""
) -> list[Change]:
    """Give a post other words where it is out on these channels: one change for each delivery that says something else
    then, or may, since a former edit was in somebody's hands or its answer was lost. `parts` are its texts in order
    (its pictures stay); `note` is a line for readers, shown below the last part.

    The post itself gets the words as a new version. They are cleared as any text: where the approval is not carried
    over and `by` may not give it, the changes wait until it is given. Raises Invalid where a network lets nothing be
    changed or would refuse the words, Conflict while part of the post is on its way; then nothing was changed.
    """
    channels = list({channel.pk: channel for channel in channels}.values())
    post = posts.locked(post)
    rows = _standing(post.deliveries.filter(channel__in=channels), by)
    for row in rows:
        if not (found := ways.of(row, "edit")):
            raise Invalid(found.why, not_done=NOT_DONE, next_step="Leave that channel out.")
    before = {row.pk: reads.standing(row)[0] for row in rows}
    post = reword(post, by=by, parts=[_text(part) for part in parts], channels=channels, note=note)
    wanted = {channel.pk: reads.wanted(post, channel) for channel in channels}
    made = []
    for row in rows:
        text = wanted[row.channel_id][row.part] if row.part < len(wanted[row.channel_id]) else ""
        _take_back(row, by)
        doubt = _IN_DOUBT if text == before[row.pk] and reads.in_doubt(row) else ""
        if text != before[row.pk] or doubt:
            row.post = post
            change = _ask(
                row,
                by,
                Change.How.EDIT,
                before=before[row.pk],
                text=text,
                version=post.version,
                reason=doubt,
            )
            made.append(change)
    _wake()
    return made


@verb
def remove(deliveries: Sequence[Delivery], *, by: Member, reason: str) -> list[Change]:
    """Take down what stands, ten seconds from now (the time to undo). A hold does not stop it: a hold exists to stop
    speaking. What it said, which version of the post, and the reason stay.

    What was to be changed there is not any more, and parts planned to follow it are taken off the plan; where it
    stays up after all, they follow again. Raises Invalid without a reason or where the network lets nothing be taken
    down, Conflict for what does not stand or is being taken down already; then nothing was done.
    """
    reason = clean_text(reason).strip()[:REASON_LENGTH]
    not_done = "Nothing was taken down."
    if not reason:
        raise Invalid(
            "A reason is needed: it stays with the post.",
            not_done=not_done,
            fields={"reason": "Please write one sentence on why it is taken down."},
        )
    if not deliveries:
        raise Invalid(
            "Nothing was chosen.",
            not_done=not_done,
            fields={"deliveries": "Please choose at least one channel."},
        )
    found = lock_posts({row.post_id for row in deliveries})
    rows = _standing(Delivery.objects.filter(pk__in=[row.pk for row in deliveries]), by)
    if len(rows) < len({row.pk for row in deliveries}):
        raise Conflict(
            "Part of it is not out any more.", not_done=not_done, next_step="Look at the post again."
        )
    made = []
    for row in rows:
        row.post = found[row.post_id]
        if not (can := ways.of(row, "remove")):
            raise Conflict(can.why, not_done=not_done, next_step="The post’s page shows how it stands.")
        _take_back(row, by)
        text, version = reads.standing(row)
        later = UNDO_WINDOW
        change = _ask(row, by, Change.How.REMOVE, before=text, version=version, reason=reason, later=later)
        _let_go_of_what_follows(row, change.ledger_event_id)
        made.append(change)
    _wake()
    return made


@verb
def answer(
    deliveries: Sequence[Delivery], *, by: Member, text: str | Texts, images: Sequence[Mapping] = ()
) -> Post:
    """Draft a post that answers these deliveries of one post where they stand. It is a post like any other: it is
    approved, planned and held as they are. `text` is a text, or the parts of a thread.

    Raises Invalid where one of them cannot be answered.
    """
    not_done = "Nothing was drafted; what you wrote is still in the page."
    if len({row.post_id for row in deliveries}) != 1:
        raise Invalid("Choose where one post is out.", not_done=not_done)
    rows = _standing(Delivery.objects.filter(pk__in=[row.pk for row in deliveries]), by)
    for row in rows:
        if not (found := ways.of(row, "reply")):
            raise Invalid(found.why, not_done=not_done, next_step="Leave that channel out.")
    if not rows:
        raise Conflict("It is not out any more.", not_done=not_done)
    first, *rest = [text] if isinstance(text, str) else [_text(part) for part in text]
    first_row = rows[0]
    post = draft(
        by,
        brand=first_row.post.brand,
        text=first,
        images=list(images),
        following=[{"text": one, "images": []} for one in rest],
        channels=list({row.channel_id: row.channel for row in rows}.values()),
        answers=first_row,
        language=first_row.post.language,
    )
    for row in rows:
        ledger.record("changes.answer.drafted", actor=by, about=row, fields={"post": str(post.pk)})
    return post


def _text(part: str | Mapping) -> str:
    return clean_text(part if isinstance(part, str) else part["text"])


def _standing(found, by: Member) -> list[Delivery]:
    """Those of the deliveries that stand, locked, by part."""
    rows = found.filter(workspace=by.workspace_id).select_for_update(of=("self",))
    rows = rows.select_related("channel", "post__brand").prefetch_related("settlements")
    return [row for row in sorted(rows.order_by("pk"), key=lambda row: row.part) if row.stands]


def _ask(
    row: Delivery,
    by: Member,
    how: str,
    *,
    before: str,
    version: int,
    text: str = "",
    reason: str = "",
    later: timedelta = timedelta(0),
) -> Change:
    now = clock.now()
    change = Change(
        workspace_id=row.workspace_id,
        delivery=row,
        how=how,
        asked_by=by,
        role=by.role,
        asked_at=now,
        reason=reason,
        before=before,
        text=text,
        version=version,
        text_hash=row.post.text_hash,
        try_at=now + later,
        ledger_event_id=ids.new(),
    )
    what = "edit" if change.is_edit else "remove"
    fields = {
        "version": version,
        "text_hash": change.text_hash,
        "text": text or before,
        "reason": reason,
        "by_hand": ways.by_nature(row, what).by_hand,
        "waits": bool(reads.waiting([change])),
    }
    write(change, "asked", fields, actor=by)
    return change


def _take_back(row: Delivery, by: Member) -> None:
    """Whatever else was asked for there and has not begun, or was not made, is not wanted any more. Who has it in hand
    hears of it."""
    wanted = (*OPEN, ChangeState.REFUSED)
    found = Change.objects.select_for_update(of=("self",)).filter(delivery=row, state__in=wanted)
    for change in found:
        if not ways.in_flight(change):
            change.delivery, in_hand = row, change.state == ChangeState.HANDED
            end(change, ChangeState.LEFT)
            change.failure = "Another change was asked for instead."
            write(change, "withdrawn", {"reason": change.failure}, actor=by)
            if in_hand:
                telling.not_wanted(change, by)


def _let_go_of_what_follows(row: Delivery, act: UUID) -> None:
    """Parts that were to follow one that is taken down cannot: those planned are taken off the plan with it, and those
    on their way or not known are never sent once more."""
    wanted = (DeliveryState.INTENT, DeliveryState.SENDING, DeliveryState.AMBIGUOUS)
    later = Delivery.objects.select_for_update(of=("self",)).filter(
        post=row.post_id, channel=row.channel_id, part__gt=row.part, state__in=wanted
    )
    posts.let_go(later.order_by("pk"), act)


def _wake() -> None:
    wake(WAKE)
