"""How a change is told to people: its word and colour, a sentence on how it stands, and by which role it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.changes import reads
from quarterdeck.changes.models import Change, ChangeState


@dataclass(frozen=True, slots=True)
class Told:
    """One change as a page shows it."""

    change: Change
    word: str
    tone: str
    sentence: str
    role: str  # "an author"


def told(changes: Sequence[Change]) -> list[Told]:
    """The changes in their order."""
    waiting, held = reads.waiting(changes), reads.held(changes)
    return [_told(one, one.pk in waiting, one.pk in held) for one in changes]


def title(change: Change) -> str:
    """What it is, as a heading."""
    name = change.delivery.channel.name
    if change.state == ChangeState.HANDED:
        return f"Change this on {name} by hand" if change.is_edit else f"Take this down on {name} by hand"
    return f"Other words on {name}" if change.is_edit else f"Taken down on {name}"


def _told(change: Change, waits: bool, held: bool) -> Told:
    word = "waits for approval" if waits else change.word
    if held and change.state != ChangeState.HANDED:
        word = "held"
    tone = "coral" if held or change.state == ChangeState.REFUSED or change.person_at else ""
    if not tone and (waits or change.state in {ChangeState.HANDED, ChangeState.UNKNOWN}):
        tone = "amber"
    if not tone and change.state == ChangeState.DONE:
        tone = "accent" if change.is_edit else ""
    return Told(change, word, tone, _sentence(change, waits, held), _by(change))


def _by(change: Change) -> str:
    """ "an author", "a lead": history is told by role."""
    role = change.get_role_display().lower()
    return f"a{'n' if role[0] in 'aeio' else ''} {role}"


def _sentence(change: Change, waits: bool, held: bool) -> str:
    """How it stands, in complete sentences."""
    if change.state == ChangeState.HANDED and held:
        return "A hold stands. Please do not change it now. If it is done already, say so below."
    if held:
        return "It is held: it is made when the hold is lifted. Take it back if it no longer fits."
    if waits:
        return "It waits until its words are approved, then it is made by itself."
    if change.state == ChangeState.HANDED:
        return f"It was handed to {change.handed_to}, to be made by hand."
    if change.state == ChangeState.UNKNOWN and change.person_at is None:
        return f"{change.failure} It is tried again: a second time changes nothing more."
    if change.state == ChangeState.DONE:
        return "A person said so." if change.said else "The network confirmed it."
    return {
        ChangeState.PLANNED: f"{change.failure} It is tried again.".strip()
        if change.tries
        else "It is made shortly.",
        ChangeState.SENDING: "It is being made at this moment.",
        ChangeState.UNKNOWN: change.failure,
    }.get(ChangeState(change.state), change.failure)
