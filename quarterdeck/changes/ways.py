"""What can be done with a delivery that is out: by us, by a person's hand, or not at all, and then why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from quarterdeck.changes.models import OPEN, Change, ChangeState
from quarterdeck.channels import adapters
from quarterdeck.core import clock
from quarterdeck.publishing.models import Delivery

What = Literal["edit", "reply", "remove"]
STILL_WORKING = timedelta(seconds=90)  # a server may go on with a call this long after the line broke
_DONE_WITH = {"edit": "changed", "reply": "answered", "remove": "taken down"}


@dataclass(frozen=True, slots=True)
class Possible:
    """Whether something can be done; `by_hand`: by a person, who is handed it. `why`: a sentence, where it cannot be
    done or is done by hand."""

    allowed: bool
    by_hand: bool = False
    why: str = ""

    def __bool__(self) -> bool:
        return self.allowed

    def __str__(self) -> str:
        return self.why


def of(row: Delivery, what: What) -> Possible:
    """Whether this can be done with the delivery as it stands now. What is still on its way there is looked at too."""
    if words := _not_there(row) or _on_its_way(row, what):
        return Possible(False, why=words)
    return by_nature(row, what)


def by_nature(row: Delivery, what: What) -> Possible:
    """The same of the channel and what is known of the post there, whatever is on its way."""
    channel = row.channel
    if channel.by_hand:
        return Possible(True, by_hand=True, why=f"On {channel.name} a person does it.")
    can = adapters.unsigned(channel).capabilities
    ever = adapters.kind(channel).CAPABILITIES
    has = {
        "edit": (can.edits, ever.edits),
        "reply": (can.threads,) * 2,
        "remove": (can.deletes, ever.deletes),
    }
    able, ever_able = has[what]
    if not ever_able:
        return Possible(False, why=_NEVER[what].format(network=channel.title))
    if what == "reply":
        return _reply(row)
    if not channel.connected:
        return Possible(True, True, f"“{channel.name}” is not connected any more, so a person does it there.")
    if not row.remote_id:
        return Possible(True, True, f"What {channel.title} calls it is not known, so a person does it there.")
    if not able:
        return Possible(
            True,
            True,
            f"This server is not known to let posts be {_DONE_WITH[what]} from here; a person does it.",
        )
    return Possible(True)


_NEVER = {
    "edit": "A post on {network} cannot be changed once it is out. Answer it, or take it down.",
    "reply": "On {network} a post cannot answer another one.",
    "remove": "A post on {network} cannot be taken down.",
}


def _reply(row: Delivery) -> Possible:
    if not row.channel.connected:
        return Possible(False, why=f"“{row.channel.name}” is not connected any more.")
    if not row.remote_id:
        words = f"What {row.channel.title} calls it is not known, so it cannot be answered from here."
        return Possible(False, why=words)
    return Possible(True)


def _not_there(row: Delivery) -> str:
    name = row.channel.name
    if row.removed_at is not None:
        at = row.removed_at.astimezone(row.local.tzinfo)
        return f"It was taken down on {name} on {at:%a} {at.day} {at:%b} at {at:%H:%M}."
    return "" if row.is_out else f"It is not out on {name}."


def _on_its_way(row: Delivery, what: What) -> str:
    rows = list(Change.objects.filter(delivery=row, state__in=OPEN))
    if any(not one.is_edit for one in rows):
        return f"It is being taken down on {row.channel.name}."
    busy = [one for one in rows if in_flight(one)]
    if what == "edit" and busy:
        return f"It is being changed on {row.channel.name} at this moment."
    return ""


def in_flight(change: Change) -> bool:
    """A call for it may be under way, or may still arrive: other words sent now could be overwritten by it."""
    if change.state != ChangeState.UNKNOWN:
        return change.state == ChangeState.SENDING
    return change.person_at is None and clock.now() < (change.began_at or change.asked_at) + STILL_WORKING
