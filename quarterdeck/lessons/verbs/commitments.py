"""A commitment from its making to somebody who has taken it on, and its dates. Nobody is volunteered: who is asked says
yes or no."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from quarterdeck import ledger, live
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, needed
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.lessons.models import Commitment, Move, Review
from quarterdeck.lessons.models.commitments import WHAT_LENGTH, WORD_LENGTH, State
from quarterdeck.lessons.owning import answers_for, running
from quarterdeck.lessons.rows import day, inside

MAY = "lessons.commitment.make"
MOST = 20  # of one review
MOST_MOVES = 20


@verb
def commit(review: Review, *, by: Member, what: str, due: date, owner: Member | None = None) -> Commitment:
    """Add what is to be done, to an open review. It is the maker's own at once; anybody else is asked; with no owner it
    waits for somebody to take it. Raises Invalid with its fields, Conflict for a closed review."""
    review = locked(Review, review.pk, "workspace")
    if not review.is_open:
        raise Conflict("This review is closed.", not_done=NOT_KEPT, next_step="Who led it can open it again.")
    if Commitment.objects.filter(review=review).count() >= MOST:
        raise Conflict(
            f"A review ends in at most {MOST} commitments.",
            not_done=NOT_KEPT,
            next_step="Choose those that matter most.",
        )
    what = needed(what, "what", WHAT_LENGTH, "Please say what will be done.")
    due = day(due, "due", review.workspace)
    now, own = clock.now(), owner is not None and owner.pk == by.pk
    if owner is not None:
        inside(owner, review.workspace_id, "owner", MAY)
    made = Commitment.objects.create(
        workspace=review.workspace,
        review=review,
        what=what,
        made_by=by,
        made_at=now,
        owner=by if own else None,
        owner_at=now if own else None,
        offered_to=None if own else owner,
        first_due=due,
        due=due,
        state=State.OPEN if own else State.OFFERED if owner else State.FREE,
        state_at=now,
        ledger_event_id=ids.new(),
    )
    fields = {"what": what, "due": due.isoformat(), "state": str(made.state), "review": str(review.pk)}
    event_id = made.ledger_event_id
    ledger.record("lessons.commitment.made", actor=by, about=made, fields=fields, event_id=event_id)
    live.announce(
        by.workspace_id, [(review.ledger_name, str(review.pk))]
    )  # who looks at the review sees it come
    if made.offered_to:
        _ask(made, by)
    return made


@verb
def offer(commitment: Commitment, *, by: Member, to: Member) -> Commitment:
    """Ask somebody to take it on. Who owns it asks for themselves and keeps it until the answer; what nobody has can be
    offered by anybody. Raises Conflict for one that has ended, Forbidden for another's."""
    commitment = running(commitment)
    inside(to, commitment.workspace_id, "to", MAY)
    if to.pk == by.pk:
        raise Invalid("You cannot offer it to yourself.", next_step="Take it on instead.")
    if to.pk == commitment.owner_id:
        raise Conflict(f"{to} has it already.")
    if commitment.state == State.CLAIMED:
        raise Conflict("It is said to be done.", next_step="Have somebody look at it first.")
    if commitment.owner_id not in {None, by.pk} and commitment.owner.left_at is None:
        raise Forbidden("Only who has it can offer it to somebody else.")
    commitment.offered_to, commitment.ledger_event_id = to, ids.new()
    if commitment.owner is not None and commitment.owner.left_at is not None:
        commitment.owner = commitment.owner_at = None
    if commitment.owner is None:
        _to(commitment, State.OFFERED)
    commitment.save()
    event_id = commitment.ledger_event_id
    ledger.record("lessons.commitment.offered", actor=by, about=commitment, event_id=event_id)
    _ask(commitment, by)
    return commitment


@verb
def take(commitment: Commitment, *, by: Member) -> Commitment:
    """Take it on: what was offered, what nobody has, or what somebody had who has left. Conflict for anybody else's."""
    commitment = running(commitment)
    offered, owner = commitment.offered_to_id, commitment.owner
    if owner is not None and owner.pk == by.pk:
        raise Conflict("You have it already.")
    if commitment.state == State.CLAIMED:
        raise Conflict("It is said to be done.", next_step="Look whether it is.")
    asked_here = offered == by.pk
    nobody = (owner is None or owner.left_at is not None) and (
        offered is None or commitment.offered_to.left_at is not None
    )
    if not asked_here and not nobody:
        raise Conflict(f"{commitment.offered_to or owner} was asked first, or has it.")
    commitment.owner, commitment.owner_at, commitment.offered_to = by, clock.now(), None
    commitment.ledger_event_id = ids.new()
    _to(commitment, State.OPEN)
    commitment.save()
    event_id = commitment.ledger_event_id
    ledger.record("lessons.commitment.accepted", actor=by, about=commitment, event_id=event_id)
    return commitment


@verb
def pass_up(commitment: Commitment, *, by: Member) -> Commitment:
    """Say no to what one was asked to take on. No reason is needed."""
    commitment = running(commitment)
    if commitment.offered_to_id != by.pk:
        raise Conflict("It is not offered to you, or not any more.")
    commitment.offered_to, commitment.ledger_event_id = None, ids.new()
    if commitment.owner is None:
        _to(commitment, State.FREE)
    commitment.save()
    event_id = commitment.ledger_event_id
    ledger.record("lessons.commitment.declined", actor=by, about=commitment, event_id=event_id)
    return commitment


@verb
def move(commitment: Commitment, *, by: Member, to: date, reason: str) -> Move:
    """Give it another day and say why; the first day and every one before stay beside it. For who has it."""
    commitment = running(commitment)
    answers_for(commitment, by)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say why it moves.")
    to = day(to, "due", commitment.workspace)
    if to == commitment.due:
        raise Invalid(
            "It is due on that day already.", not_done=NOT_KEPT, fields={"due": "Please choose another day."}
        )
    if commitment.state == State.CLAIMED:
        raise Conflict("It is said to be done; it does not move any more.")
    if commitment.moves.count() >= MOST_MOVES:
        raise Conflict(f"It was moved {MOST_MOVES} times.", next_step="Drop it, or say that it was not kept.")
    event_id = ids.new()
    moved = Move.objects.create(
        commitment=commitment,
        before=commitment.due,
        after=to,
        reason=reason,
        moved_at=clock.now(),
        ledger_event_id=event_id,
    )
    commitment.due, commitment.ledger_event_id = to, event_id
    commitment.save(update_fields=["due", "ledger_event_id"])
    fields = {"before": moved.before.isoformat(), "after": to.isoformat(), "reason": reason}
    ledger.record("lessons.commitment.moved", actor=by, about=commitment, fields=fields, event_id=event_id)
    return moved


def _ask(commitment: Commitment, by: Member) -> None:
    url = reverse("lessons-commitment", kwargs={"workspace": commitment.workspace.slug, "pk": commitment.pk})
    day = f"{commitment.due:%A} {commitment.due.day} {commitment.due:%B}"
    words = f"{by} asks whether you take it on, by {day}. It is yours to say."
    notify.tell(commitment.offered_to, subject=f"“{commitment.short}” is offered to you", text=words, url=url)


def _to(commitment: Commitment, state: State) -> None:
    commitment.state, commitment.state_at = state, clock.now()
