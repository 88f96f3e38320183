"""How a commitment ends: done and verified by somebody else, or said plainly not to be."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept_line, needed
from quarterdeck.core.problems import Conflict, Forbidden, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.lessons.models import Commitment
from quarterdeck.lessons.models.commitments import LINK_LENGTH, WORD_LENGTH, State
from quarterdeck.lessons.owning import answers_for, running, somebody_else
from quarterdeck.lessons.rows import link


@verb
def claim(commitment: Commitment, *, by: Member, word: str = "", evidence: str = "") -> Commitment:
    """Say that it is done, with a word or a link that shows it; somebody else then looks. For who has it."""
    commitment = _done(commitment, by, word, evidence)
    if commitment.state == State.CLAIMED:
        raise Conflict("It is said to be done already.")
    _end(commitment, State.CLAIMED, by, "lessons.commitment.claimed", _shown(commitment))
    return commitment


@verb
def verify(commitment: Commitment, *, by: Member) -> Commitment:
    """Say that one looked and it is done. Refused to its owner: Forbidden. Conflict unless it is said to be done."""
    commitment = _claimed(commitment, by)
    commitment.verified_by = by
    _end(commitment, State.KEPT, by, "lessons.commitment.verified")
    return commitment


@verb
def send_back(commitment: Commitment, *, by: Member, reason: str) -> Commitment:
    """Say that one looked and it is not done yet; it is open again and its owner is told. Refused to its owner."""
    commitment = _claimed(commitment, by)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say what is missing.")
    _end(commitment, State.OPEN, by, "lessons.commitment.returned", {"reason": reason})
    url = reverse("lessons-commitment", kwargs={"workspace": commitment.workspace.slug, "pk": commitment.pk})
    if commitment.owner is not None:
        notify.tell(
            commitment.owner, subject=f"“{commitment.short}” is not done yet", text=f"{by}: {reason}", url=url
        )
    return commitment


@verb
def keep_alone(commitment: Commitment, *, by: Member, word: str = "", evidence: str = "") -> Commitment:
    """For a team of one: it is kept, and the record says that nobody else looked. Conflict where somebody could."""
    commitment = _done(commitment, by, word, evidence)
    if somebody_else(commitment):
        raise Conflict(
            "Somebody else is here who can look.", next_step="Say that it is done; then they are asked."
        )
    _end(commitment, State.UNVERIFIED, by, "lessons.commitment.kept", _shown(commitment))
    return commitment


@verb
def not_kept(commitment: Commitment, *, by: Member, reason: str) -> Commitment:
    """End it by saying that it was not kept, with a word. That stays, and counts for nobody's worth."""
    commitment = running(commitment)
    answers_for(commitment, by)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say in a word why.")
    commitment.word = reason
    _end(commitment, State.NOT_KEPT, by, "lessons.commitment.not_kept", {"reason": reason})
    return commitment


@verb
def drop(commitment: Commitment, *, by: Member, reason: str) -> Commitment:
    """End it because it need not be done any more, with the reason."""
    commitment = running(commitment)
    answers_for(commitment, by)
    reason = needed(reason, "reason", WORD_LENGTH, "Please say why it is dropped.")
    commitment.word = reason
    _end(commitment, State.DROPPED, by, "lessons.commitment.dropped", {"reason": reason})
    return commitment


def _done(commitment: Commitment, by: Member, word: str, evidence: str) -> Commitment:
    """The locked row with what shows that it is done. Only its owner says so."""
    commitment = running(commitment)
    if commitment.owner_id != by.pk:
        raise Forbidden("Only who took it on can say that it is done.")
    commitment.word = kept_line(word, "word", WORD_LENGTH)
    commitment.evidence = link(evidence, "evidence", LINK_LENGTH)
    if not commitment.word and not commitment.evidence:
        raise Invalid(
            "What shows that it is done?",
            not_done=NOT_KEPT,
            fields={"word": "Please say it in a word, or give a link."},
        )
    return commitment


def _claimed(commitment: Commitment, by: Member) -> Commitment:
    commitment = running(commitment)
    if commitment.owner_id == by.pk:
        raise Forbidden(
            "Somebody other than its owner looks whether a commitment was kept.",
            next_step="It stands on the Desks of the others.",
        )
    if commitment.state != State.CLAIMED:
        raise Conflict("It is not said to be done yet.")
    return commitment


def _shown(commitment: Commitment) -> dict[str, str]:
    return {"word": commitment.word, "evidence": commitment.evidence}


def _end(commitment: Commitment, state: State, by: Member, kind: str, fields: dict | None = None) -> None:
    commitment.state, commitment.state_at, commitment.ledger_event_id = state, clock.now(), ids.new()
    if not commitment.running:
        commitment.offered_to = None
    commitment.save()
    event_id = commitment.ledger_event_id
    ledger.record(kind, actor=by, about=commitment, fields=fields or {}, event_id=event_id)
