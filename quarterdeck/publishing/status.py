"""How a post stands, in one word and one sentence, derived from the rows beside it. Pure: no database here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from quarterdeck.publishing.models import DeliveryState

Tone = Literal["", "accent", "amber", "coral"]


class Status(StrEnum):
    """In the order in which one outranks another."""

    TROUBLE = "trouble"
    SENDING = "being sent"
    LOOKING = "not known yet"
    HANDED = "handed out"
    SCHEDULED = "planned"
    OUT = "out"
    GONE = "taken down"
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    DRAFT = "draft"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one post: whether its present text is asked for, approved or returned, and its deliveries'
    states (`unsettled`: those in trouble that nobody has decided about; `looking`: an answer was lost and is looked
    for)."""

    asked: bool
    approved: bool
    returned: bool
    deliveries: Sequence[str] = ()
    unsettled: Sequence[str] = ()
    discarded: bool = False
    looking: bool = False
    held: bool = False  # everything of it that is planned
    gone: bool = False  # everything of it that was out was taken down since
    removed: bool = False  # some of it was


def of(standing: Standing) -> Status:
    """The one status of a post."""
    states = set(standing.deliveries)
    if standing.discarded:
        return Status.DISCARDED
    if standing.unsettled:
        return Status.TROUBLE
    if DeliveryState.SENDING in states:
        return Status.SENDING
    if standing.looking:
        return Status.LOOKING
    if DeliveryState.HANDED in states:
        return Status.HANDED
    if DeliveryState.INTENT in states:
        return Status.SCHEDULED
    if DeliveryState.ACCEPTED in states:
        return Status.GONE if standing.gone else Status.OUT
    if standing.asked:
        return Status.WAITING
    if standing.approved:
        return Status.APPROVED
    return Status.RETURNED if standing.returned else Status.DRAFT


def word(status: Status, standing: Standing) -> str:
    """The tag's word: trouble says which, and what is held says so."""
    if status == Status.SCHEDULED and standing.held:
        return "held"
    if status != Status.TROUBLE:
        return str(status)
    if DeliveryState.AMBIGUOUS in standing.unsettled:
        return "not known"
    return "refused" if DeliveryState.REJECTED in standing.unsettled else "missed"


def tone(status: Status, standing: Standing) -> Tone:
    """The tag's colour, which only repeats what the word says."""
    if status == Status.TROUBLE or (status == Status.SCHEDULED and standing.held):
        return "coral"
    if status in {Status.LOOKING, Status.HANDED, Status.WAITING, Status.RETURNED} or (
        status == Status.SCHEDULED and not standing.approved
    ):
        return "amber"
    return "accent" if status in {Status.OUT, Status.SCHEDULED, Status.SENDING, Status.APPROVED} else ""


SENTENCES = {
    Status.SENDING: "It is being sent at this moment.",
    Status.LOOKING: "It is not known yet whether all of it is out. It is looked for, and not sent a second time.",
    Status.HANDED: "It is handed out, to be posted by hand. Whoever answers for it says when it is out.",
    Status.OUT: "It is out on every channel it was planned for.",
    Status.GONE: "It was out and was taken down. What it said stays on this page.",
    Status.WAITING: "It waits for somebody to approve it.",
    Status.APPROVED: "It is approved. Choose when it goes out.",
    Status.RETURNED: "It came back with a reason. Change it and ask again.",
    Status.DRAFT: "It is a draft. When it is ready, ask for approval.",
    Status.DISCARDED: "It was discarded and waits for nothing. Put it back to go on with it.",
}


def sentence(status: Status, standing: Standing) -> str:
    """How it stands, for the person who opens the post."""
    if status == Status.TROUBLE:
        if DeliveryState.AMBIGUOUS in standing.unsettled:
            return "It is not known whether it is out. Please look at the channel and say."
        return "It did not go out as planned. Below is what happened and what you can do."
    if status == Status.SCHEDULED:
        if standing.held:
            return "It is planned and held: nothing of it goes out until the hold is lifted."
        if standing.approved:
            return "It is approved and planned."
        return "It is planned, but goes out only if its text is approved by then."
    if status == Status.OUT and standing.removed:
        return "It is out where it was not taken down since."
    return SENTENCES[status]
