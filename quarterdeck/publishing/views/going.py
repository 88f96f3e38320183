"""How the deliveries of a post are told: by channel, each part with its own word, what happened, what comes next and
what a person may decide about it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterdeck.channels.models import Channel
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, starting
from quarterdeck.publishing import holding
from quarterdeck.publishing.models import Delivery, DeliveryState, Post, Settlement

Said = Callable[[UUID], Sequence[dict]]
_ABSENT = Settlement.How.ABSENT


@dataclass(frozen=True, slots=True)
class Going:
    """One delivery. `compared`: a person is asked, and shown what was sent beside what the network holds."""

    row: Delivery
    word: str
    tone: str
    why: str
    settled: Settlement | None
    said: dict  # the part of the post it carries
    compared: bool = False
    may_send: bool = False
    may_drop: bool = False
    may_say: bool = False
    may_say_absent: bool = False

    @property
    def number(self) -> int:
        return self.row.part + 1


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel with what goes, went or did not go there. `summary` speaks of a thread as a whole, else is empty."""

    channel: Channel
    goings: list[Going] = field(default_factory=list)
    parts: int = 1

    @property
    def summary(self) -> str:
        if self.parts == 1:
            return ""
        out = {going.row.part for going in self.goings if going.row.stands}
        return f"{len(out)} of {self.parts} parts out"

    @property
    def tone(self) -> str:
        tones = [going.tone for going in self.goings]
        return next(
            (tone for tone in ("coral", "amber") if tone in tones), "accent" if "accent" in tones else ""
        )

    @property
    def word(self) -> str:
        """The word of the part that needs somebody most, else of what is still to come, else of the last."""
        first = next((g for tone in ("coral", "amber") for g in self.goings if g.tone == tone), None)
        waiting = next((g for g in self.goings if g.row.state == DeliveryState.INTENT), None)
        return (first or waiting or self.goings[-1]).word


def goings(post: Post, rows: Sequence[Delivery], who: Member, said_on: Said) -> list[Going]:
    """Each delivery of the post as `who` sees it, in the order given. `said_on` gives the parts a channel shows."""
    open_ones = [row.pk for row in rows if row.state == DeliveryState.INTENT]
    held = holding.held(open_ones) if open_ones else set()
    out = {(row.channel_id, row.part) for row in rows if row.state == DeliveryState.ACCEPTED}
    told = []
    for row in rows:
        parts = said_on(row.channel_id)
        said = parts[row.part] if row.part < len(parts) else {"text": "", "images": []}
        first = row.part == 0 or (row.channel_id, row.part - 1) in out  # nothing before it is missing
        told.append(_going(row, who, said, approved=post.is_approved, held=row.pk in held, first=first))
    return told


def lanes(post: Post, told: Sequence[Going]) -> list[Lane]:
    """The same by channel: in the order of channels' first slots, then by part."""
    found: dict = {}
    for going in told:
        parts = 1 if going.row.channel.by_hand else len(post.parts_on(going.row.channel_id))
        found.setdefault(going.row.channel_id, Lane(going.row.channel, [], parts)).goings.append(going)
    for lane in found.values():
        lane.goings.sort(key=lambda going: (going.row.part, going.row.planned_at))
    return list(found.values())


def _going(row: Delivery, who: Member, said: dict, *, approved: bool, held: bool, first: bool) -> Going:
    trouble, unknown = row.unsettled, row.state == DeliveryState.AMBIGUOUS
    may_plan, may_cancel = who.may("publishing.post.schedule"), who.may("publishing.post.cancel")
    waits = trouble and not unknown and not first
    return Going(
        row=row,
        word=_word(row, held),
        tone=_tone(row, held),
        why=_why(row, who, approved, held)
        + (f" Decide about part {row.part} first; the rest goes with it." * waits),
        settled=row.settled,
        said=said,
        compared=trouble and unknown,
        may_send=trouble and approved and not unknown and first and may_plan,
        may_drop=trouble and may_cancel,
        may_say=trouble and unknown and may_cancel,
        may_say_absent=trouble and unknown and approved and may_plan and row.channel.connected,
    )


def _word(row: Delivery, held: bool) -> str:
    if held:
        return "held"
    if row.looking:
        return "not known yet"
    return "taken down" if row.removed_at else row.word


def _tone(row: Delivery, held: bool) -> str:
    if row.removed_at:
        return ""
    if row.unsettled or held:
        return "coral"
    if row.looking or (row.state == DeliveryState.INTENT and row.failure):
        return "amber"
    return "accent" if row.is_out else ""


def _why(row: Delivery, who: Member, approved: bool, held: bool) -> str:
    """What there is to say of it, in complete sentences."""
    if row.state == DeliveryState.ACCEPTED:
        return _out(row, who)
    if row.state == DeliveryState.SENDING:
        return "Being sent at this moment."
    if row.state == DeliveryState.HANDED:
        return f"{row.handed_to or 'Somebody'} has it, to be posted by hand."
    if row.looking:
        return " ".join([_sentence(row.failure), _looked(row)]).strip()
    if row.state != DeliveryState.INTENT:
        return row.failure
    return " ".join(_to_come(row, who, approved, held))


def _to_come(row: Delivery, who: Member, approved: bool, held: bool) -> list[str]:
    """What is planned: whether it goes by itself, when it is tried again, until when."""
    last = f"After {_hour(row, row.latest_at)} nothing is sent any more."
    if held:
        return ["It is held: nothing of it goes out until the hold is lifted.", last]
    if not approved:
        return ["It waits for approval.", last]
    if row.after_id and not row.after.is_out:
        return [f"It follows part {row.part} as soon as that is out.", last]
    looked = next((s for s in row.settlements.all() if s.undone_at is None and s.how == _ABSENT), None)
    if looked is not None and row.began_at and looked.settled_at > row.began_at:
        said = f"{starting(by_role(looked.settled_by, who))} looked and said that it is not out."
        return [said, f"It is sent again at {_at(row, row.try_at)}.", last]
    if row.failure and row.try_at > row.due_at:
        return [_sentence(row.failure), f"Tried {_times(row.attempt)}, next at {_at(row, row.try_at)}.", last]
    if row.channel.by_hand:
        return [f"It is handed to {row.post.answerable} then, to be posted by hand.", last]
    return ["It goes out by itself.", last]


def _out(row: Delivery, who: Member) -> str:
    return " ".join(words for words in (_went_out(row, who), _since(row)) if words)


def _since(row: Delivery) -> str:
    """What became of it since: "Taken down at 22:14." with the day where that is another one."""
    when, what = (row.removed_at, "Taken down") if row.removed_at else (row.edited_at, "Edited")
    if when is None:
        return ""
    local, then = (moment.astimezone(ZoneInfo(row.zone)) for moment in (when, row.ended_at or when))
    day = "" if local.date() == then.date() else f" on {local:%a} {local.day} {local:%b}"
    return f"{what}{day} at {local:%H:%M}."


def _went_out(row: Delivery, who: Member) -> str:
    if row.said_by and row.handed_at is None:
        return f"Made outside at {_hour(row, row.ended_at)}, recorded by {by_role(row.said_by, who)}."
    if row.said_by:
        return f"Out, said by {by_role(row.said_by, who)} at {_hour(row, row.ended_at)}."
    said = f"Accepted by the network at {_hour(row, row.ended_at)}."
    return f"{said} Its answer had been lost; {_lower(row.evidence)}" if row.evidence else said


def _looked(row: Delivery) -> str:
    return f"Not known yet whether it is out. Looked {_times(row.looks)}; looked for again at {_at(row, row.try_at)}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _sentence(words: str) -> str:
    return words if not words or words.endswith((".", "!", "?", "…")) else f"{words}."


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _at(row: Delivery, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(row.zone)):%H:%M:%S}"


def _hour(row: Delivery, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(row.zone)):%H:%M}"
