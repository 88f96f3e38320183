"""Who may do what with a commitment, and the locked row that its verbs begin with."""

from __future__ import annotations

from quarterdeck.core.problems import Conflict, Forbidden
from quarterdeck.core.verbs import locked
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.lessons.models import Commitment

VERIFY = "lessons.commitment.verify"


def running(commitment: Commitment) -> Commitment:
    """The row, locked. Conflict when it has ended."""
    found = locked(
        Commitment, commitment.pk, "workspace", "review__led_by", "owner__user", "offered_to__user", "made_by"
    )
    if not found.running:
        raise Conflict(
            f"This commitment has ended: {found.get_state_display()}.",
            next_step="What is still to be done is a commitment of another review.",
        )
    return found


def is_answered_by(commitment: Commitment, member: Member) -> bool:
    """Whether it is this member's to move and to end: who has it; while nobody does, who made it or leads the review;
    and anybody once all of those have left."""
    if commitment.owner is not None:
        theirs = [commitment.owner]
    else:
        theirs = [commitment.made_by, commitment.review.led_by]
    return member in theirs or all(one.left_at is not None for one in theirs)


def answers_for(commitment: Commitment, member: Member) -> None:
    """Forbidden unless it is this member's."""
    if not is_answered_by(commitment, member):
        raise Forbidden(
            f"{commitment.owner or commitment.made_by} answers for this commitment.",
            next_step="Ask them; only they can do that.",
        )


def somebody_else(commitment: Commitment) -> bool:
    """Whether anybody but its owner is here who could verify it."""
    here = crew.members(commitment.workspace)
    return any(one.may(VERIFY) for one in here if one.pk != commitment.owner_id)
