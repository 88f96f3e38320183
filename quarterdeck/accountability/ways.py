"""How each channel can be corrected, as far as its network allows, and how what was decided stands there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from quarterdeck.accountability.models import Coverage, How, Level, Slip
from quarterdeck.changes import reads as changes
from quarterdeck.changes.models import Change
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing import status
from quarterdeck.publishing.models import Delivery, DeliveryState, Post

COMMON = ""  # the key of the text that all channels say which have none of their own
NEEDS = {How.EDIT: "edit", How.REPLY: "reply", How.REPOST: "remove"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to correct a channel: allowed, or with the sentence why not. `by_hand`: a person does it there."""

    how: str
    allowed: bool
    why: str = ""
    by_hand: bool = False

    @property
    def label(self) -> str:
        return How(self.how).label


def offered(row: Delivery) -> list[Way]:
    """Every way for a delivery, in the order in which they are best: edit, reply, repost, leave."""
    can = changes.possible(row)
    found = [Way(how, bool(can[what]), can[what].why, can[what].by_hand) for how, what in NEEDS.items()]
    return [*found, Way(How.LEAVE, True)]


def offered_for(rows: Sequence[Delivery]) -> list[Way]:
    """The same of a channel: of a thread every part must allow it."""
    every = [offered(row) for row in rows]
    return [next((way for way in same if not way.allowed), same[0]) for same in zip(*every, strict=True)]


def usual(found: Sequence[Way], level: int) -> str:
    """What is chosen at first: the first that is possible, but nothing is taken down unasked below the worst level."""
    for way in found:
        if way.allowed and (way.how != How.REPOST or level >= Level.HARM):
            return way.how
    return How.LEAVE


def standing(post: Post) -> dict[UUID, list[Delivery]]:
    """What stands of the post, by channel: all parts of it there, in order."""
    rows = post.deliveries.select_related("channel", "post__workspace").prefetch_related("settlements")
    found: dict[UUID, list[Delivery]] = {}
    for row in rows.order_by("channel__name", "part"):
        if row.stands:
            found.setdefault(row.channel_id, []).append(row)
    return found


def text_key(post: Post, pk: UUID) -> str:
    """What says the text on a channel: the common one, or its own."""
    return pk.hex if pk.hex in post.overrides else COMMON


@dataclass(frozen=True, slots=True)
class Stands:
    """How one channel's correction stands. `done` it is; `trouble`: it will not get there by itself. `reworded`: the
    post itself was given the right words for it, so that they could be posted again."""

    coverage: Coverage
    done: bool
    word: str
    trouble: bool = False
    at: datetime | None = None
    url: str = ""
    rows: list[Change] = field(default_factory=list)
    reworded: bool = False


def stands(slip: Slip) -> list[Stands]:
    """Every channel of the slip's correction, by name. Nothing where there is no correction yet."""
    rows = Coverage.objects.filter(correction__slip=slip).select_related(
        "channel", "correction", "post__workspace"
    )
    made = changes.of(slip.post)
    return [
        replace(_stands(row, made), reworded=_reworded(row, made))
        for row in rows.order_by("channel__name", "pk")
    ]


def _reworded(row: Coverage, made: Sequence[Change]) -> bool:
    since = row.correction.made_at
    return any(
        one.is_edit and one.delivery.channel_id == row.channel_id and one.asked_at >= since for one in made
    )


def _stands(row: Coverage, made: Sequence[Change]) -> Stands:
    if row.how == How.LEAVE:
        return Stands(row, True, "left as it is", at=row.begun_at)
    mine = [one for one in made if one.delivery.channel_id == row.channel_id and one.asked_at >= row.begun_at]
    if row.how == How.EDIT:
        return _changed(row, [one for one in mine if one.is_edit])
    out = _post(row)
    if row.how == How.REPLY or out.trouble:
        return out
    down = _changed(row, [one for one in mine if not one.is_edit])
    if down.done and out.done:
        return out
    return Stands(row, False, out.word if down.done else down.word, down.trouble, rows=down.rows)


def _changed(row: Coverage, mine: list[Change]) -> Stands:
    left = [one for one in mine if one.state != Change.State.DONE]
    if not left:  # nothing to change there is done as well
        return Stands(
            row, True, "edited" if row.how == How.EDIT else "taken down", at=_last(row, mine), rows=mine
        )
    bad = [one for one in left if one.state in {Change.State.REFUSED, Change.State.LEFT}]
    word = (bad or left)[0].word
    if not bad and changes.waiting(left):
        word = "waits for approval"
    return Stands(row, False, word, bool(bad), rows=mine)


def _last(row: Coverage, mine: list[Change]) -> datetime:
    return max([one.done_at for one in mine if one.done_at], default=row.begun_at)


def _post(row: Coverage) -> Stands:
    """A reply, or the post that takes its place, on its way through publishing."""
    assert row.post is not None
    post = publishing.post(row.post.workspace, row.post_id)
    every = list(post.deliveries.prefetch_related("settlements"))
    here = [one for one in every if one.channel_id == row.channel_id and one.state != DeliveryState.CANCELLED]
    out = [one for one in here if one.is_out]
    if out and len(out) == len(here):
        return Stands(row, True, "out", at=max(one.ended_at for one in out), url=out[0].url)
    which = publishing.standing(post, every)
    planned = status.of(which) == status.Status.SCHEDULED
    word = "waits for approval" if planned and not post.is_approved else status.word(status.of(which), which)
    lost = post.discarded_at is not None or any(
        one.unsettled or one.settled for one in here if not one.is_out
    )
    return Stands(row, False, word, lost)
