"""What the verbs of accountability share: the locked row, times and words made fit to be kept, and how a slip ends."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from quarterdeck import ledger, live
from quarterdeck.accountability.models import (
    WHAT_LENGTH,
    Basis,
    Draft,
    Ended,
    Flag,
    Level,
    Slip,
    topic,
)
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import reads as publishing
from quarterdeck.publishing.models import Post

NOT_SAID = "Nothing was saved; what you wrote is still in the page."
A_MINUTE = timedelta(minutes=1)  # forms know no seconds
# What turns the direction of everything around it (UAX 9): a link can be made to read as another with these.
_NEVER = {"Cc", "Cs", "Zl", "Zp"}
_TURNS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}


@dataclass(frozen=True, slots=True)
class Said:
    """What a flag says: what is wrong, how bad it is, and when it was first noticed (None: now)."""

    text: str
    level: int = Level.WRONG
    noticed_at: datetime | None = None


def cleaned(text: str, name: str, most: int, wanted: str = "") -> str:
    """Plain words as they are kept: no controls, nothing that turns their direction. Invalid, on the field `name`, when
    they are too long, or missing where `wanted` says what is asked for."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        c for c in text if c not in _TURNS and (c == "\n" or unicodedata.category(c) not in _NEVER)
    )
    kept = kept.strip()
    if len(kept) > most:
        raise Invalid(
            f"That is longer than {most:,} characters.",
            not_done=NOT_SAID,
            fields={name: f"Please say it in at most {most:,} characters; it has {len(kept):,}."},
        )
    if wanted and not kept:
        raise Invalid("Something is missing.", not_done=NOT_SAID, fields={name: wanted})
    return kept


def locked(slip: Slip | UUID) -> Slip:
    """The open slip's row, locked until the transaction ends. Conflict when it has ended."""
    pk = slip.pk if isinstance(slip, Slip) else slip
    found = (
        Slip.objects.select_for_update(of=("self",))
        .select_related("workspace", "post__workspace", "post__brand", "owner__user", "offered_to__user")
        .get(pk=pk)
    )
    if found.ended_at is not None:
        raise Conflict(
            f"This is over: {found.get_ended_display()}.",
            next_step="If something is still wrong, point it out again on the post’s page.",
        )
    return found


def save(slip: Slip, *names: str) -> UUID:
    """Write these fields with a new event's id, which is returned, and tell open pages of the post."""
    slip.ledger_event_id = ids.new()
    slip.save(update_fields=[*names, "ledger_event_id"])
    announce(slip)
    return slip.ledger_event_id


def announce(slip: Slip) -> None:
    """Tell open pages of the post."""
    live.announce(slip.workspace_id, [topic(slip.post_id)])


def first_out(post: Post) -> datetime:
    """When it first went out. Conflict for a post that is not out anywhere."""
    times = publishing.out(post.workspace).filter(post=post).values_list("ended_at", flat=True)
    if not times:
        raise Conflict(
            "This post is not out yet, so nobody outside has read it.",
            not_done="Nothing was flagged.",
            next_step="Comment on it, or edit it before it goes out.",
        )
    return min(times)


def checked_level(level: int) -> int:
    if level not in Level.values:
        raise Invalid(
            "How bad is it?", not_done=NOT_SAID, fields={"level": "Please choose one of the three."}
        )
    return level


def trace(given: Said, post: Post, now: datetime, basis: str) -> tuple[datetime, str]:
    """The earliest trace that this flag is or tells of, and its basis. Invalid for a time in the future, or before the
    post was out."""
    out_at, noticed = first_out(post), given.noticed_at
    if noticed is None:
        return now, basis
    if noticed > now:
        raise Invalid(
            "That time has not come yet.",
            not_done=NOT_SAID,
            fields={
                "noticed": "It is in the future. Choose when it was first noticed, or leave it empty for now."
            },
        )
    if noticed < out_at - A_MINUTE:
        raise Invalid(
            "The post was not out yet at that time.",
            not_done=NOT_SAID,
            fields={"noticed": f"It went out {_moment(out_at, post)}. Choose a time after that."},
        )
    return max(noticed, out_at), Basis.NOTICED if now - noticed > A_MINUTE else basis


def _moment(at: datetime, post: Post) -> str:
    local = at.astimezone(post.workspace.zone)
    return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"


def end(slip: Slip, how: Ended, reason: str = "") -> UUID:
    """It is over. Who saw to it and who flagged it is forgotten here; the ledger keeps the acts by role."""
    slip.ended_at, slip.ended, slip.ended_reason = clock.now(), how, reason
    slip.owner = slip.offered_to = slip.owned_at = slip.offered_at = None
    slip.offered_word = slip.declined_word = ""
    event_id = save(
        slip,
        "ended_at",
        "ended",
        "ended_reason",
        "owner",
        "owned_at",
        "offered_to",
        "offered_at",
        "offered_word",
        "declined_word",
    )
    Flag.objects.filter(slip=slip).update(member=None, sender="", ledger_event_id=event_id)
    Draft.objects.filter(slip=slip).delete()
    return event_id


def record(slip: Slip, kind: str, by, fields: dict | None = None, event_id: UUID | None = None) -> None:
    """One event about the slip."""
    ledger.record(kind, actor=by, about=slip, fields=fields or {}, event_id=event_id or slip.ledger_event_id)


def what(text: str) -> str:
    return cleaned(text, "text", WHAT_LENGTH, "Please say in a sentence what is wrong.")
