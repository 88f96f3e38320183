"""A review from its opening to what everybody can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, kept, needed
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.lessons import causes, things, timeline
from quarterdeck.lessons.models import Commitment, Note, Review
from quarterdeck.lessons.models.commitments import State
from quarterdeck.lessons.models.reviews import (
    ANSWER_LENGTH,
    ANSWERS,
    BECAUSE_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
)
from quarterdeck.lessons.rows import Stale

MOST_NOTES = 100  # of one review


@dataclass(frozen=True, slots=True)
class Written:
    """What who leads wrote. `causes` are values of `causes.Choosable`; `lines` by the key of a line of the timeline."""

    expected: str = ""
    happened: str = ""
    surprised: str = ""
    change: str = ""
    nothing_because: str = ""
    causes: tuple[str, ...] = ()
    lines: Mapping[str, timeline.Choice] = field(default_factory=dict)


@verb
def open_review(by: Member, *, about: str, about_id: UUID) -> Review:
    """Begin to look back at something; `by` leads it, and the ledger fills its timeline.

    Raises NotFound for what cannot be reviewed here, Conflict while a review of it is open.
    """
    thing = things.reviewable(by, about, about_id)
    if Review.objects.filter(about=about, about_id=about_id, closed_at__isnull=True).exists():
        raise Conflict(f"A review of this {thing.word} is open already.", next_step="Add your view to it.")
    now = clock.now()
    review = Review.objects.create(
        workspace=by.workspace,
        about=about,
        about_id=about_id,
        title=thing.title[:TITLE_LENGTH],
        led_by=by,
        opened_at=now,
        changed_at=now,
        timeline=timeline.begun(thing.kind.timeline(thing.row)),
        ledger_event_id=ids.new(),
    )
    fields = {"about": f"{about}:{about_id}"}
    event_id = review.ledger_event_id
    ledger.record("lessons.review.opened", actor=by, about=review, fields=fields, event_id=event_id)
    return review


@verb
def write(review: Review, *, by: Member, version: int, written: Written) -> Review:
    """Keep what is written so far; nobody else reads it before the review is closed. Raises Invalid with its fields,
    Stale when it was saved over `version` in between, Forbidden for who does not lead it."""
    review = _led(review, by, version)
    review.ledger_event_id = ids.new()
    _put(review, by, written)
    review.save()
    ledger.record("lessons.review.written", actor=by, about=review, event_id=review.ledger_event_id)
    return review


@verb
def close(review: Review, *, by: Member, version: int, written: Written) -> Review:
    """Keep it and let every member read it. It ends in commitments, or says why nothing changes: Invalid otherwise,
    and where nothing is said of what happened."""
    review = _led(review, by, version)
    review.ledger_event_id = event_id = ids.new()
    _put(review, by, written)
    if not review.happened:
        raise Invalid(
            "The review does not say yet what happened.",
            not_done="It was not closed; what you wrote is still in the page.",
            fields={"happened": "Please write a sentence or two on what happened."},
        )
    promised = Commitment.objects.filter(review=review).exclude(state=State.DROPPED).count()
    if promised:
        review.nothing_because = ""
    elif not review.nothing_because:
        raise Invalid(
            "A review ends in commitments, or in a reason why nothing changes.",
            not_done="It was not closed; what you wrote is still in the page.",
            fields={
                "nothing_because": "Please make a commitment above, or say why there is nothing to change."
            },
        )
    review.closed_at, review.closed_by_event = clock.now(), event_id
    review.save()
    said = {name: getattr(review, name) for name in (*ANSWERS, "nothing_because")}
    counts = {
        "causes": " ".join(review.causes),
        "commitments": promised,
        "kept": sum(1 for one in review.timeline if one["kept"]),
    }
    ledger.record("lessons.review.closed", actor=by, about=review, fields=said | counts, event_id=event_id)
    return review


@verb
def reopen(review: Review, *, by: Member) -> Review:
    """Write on at a closed one; until it is closed again nobody else reads it. Conflict while another is open."""
    review = locked(Review, review.pk, "workspace", "led_by")
    _check_lead(review, by)
    if review.is_open:
        raise Conflict("This review is open.")
    same = Review.objects.filter(about=review.about, about_id=review.about_id, closed_at__isnull=True)
    if same.exists():
        raise Conflict("Another review of the same is open.", next_step="Write there, or close it first.")
    review.closed_at, review.led_by, review.ledger_event_id = None, by, ids.new()
    review.save()
    ledger.record("lessons.review.reopened", actor=by, about=review, event_id=review.ledger_event_id)
    return review


@verb
def note(review: Review, *, by: Member, text: str) -> Note:
    """Add a line of one's own view to an open review, whoever leads it."""
    review = locked(Review, review.pk)
    words = needed(text, "text", NOTE_LENGTH, "Please write a sentence.")
    if not review.is_open:
        raise Conflict("This review is closed.", not_done=NOT_KEPT, next_step="Who led it can open it again.")
    if Note.objects.filter(review=review).count() >= MOST_NOTES:
        raise Conflict(f"A review has at most {MOST_NOTES} views.", not_done=NOT_KEPT)
    event_id = ids.new()
    said = Note.objects.create(
        review=review, said_by=by, said_at=clock.now(), text=words, ledger_event_id=event_id
    )
    ledger.record("lessons.review.noted", actor=by, about=review, fields={"text": words}, event_id=event_id)
    return said


@verb
def withdraw_note(said: Note, *, by: Member) -> None:
    """Take back one's own view while the review is open."""
    said = locked(Note, said.pk, "review")
    if said.said_by_id != by.pk:
        raise Forbidden("Only who said it can take it back.")
    if not said.review.is_open or said.withdrawn_at is not None:
        raise Conflict("It cannot be taken back any more.", next_step="A closed review can be opened again.")
    said.withdrawn_at, said.ledger_event_id = clock.now(), ids.new()
    said.save(update_fields=["withdrawn_at", "ledger_event_id"])
    event_id = said.ledger_event_id
    ledger.record("lessons.review.note_withdrawn", actor=by, about=said.review, event_id=event_id)


def _led(review: Review, by: Member, version: int) -> Review:
    """The open review, locked, for who leads it; theirs from now on, when who led it has left."""
    review = locked(Review, review.pk, "workspace", "led_by")
    _check_lead(review, by)
    if not review.is_open:
        raise Conflict("This review is closed.", not_done=NOT_KEPT, next_step="Open it again first.")
    if review.version != version:
        raise Stale(
            "This review was saved somewhere else while you were writing.",
            not_done="Yours was not saved over it; it is still in the page.",
            next_step="Open the review in another tab and compare; saving again now replaces what it says.",
        )
    review.led_by = by
    return review


def _check_lead(review: Review, by: Member) -> None:
    if review.led_by_id != by.pk and review.led_by.left_at is None:
        raise Forbidden(
            "Who leads a review writes it.",
            next_step="Add a line of your own view to it; everybody can while it is open.",
        )


def _put(review: Review, by: Member, written: Written) -> None:
    """Write it into the locked row, whose event is known already: a cause never used before gets its row by it."""
    for name in ANSWERS:
        setattr(review, name, kept(getattr(written, name), name, ANSWER_LENGTH))
    review.nothing_because = kept(written.nothing_because, "nothing_because", BECAUSE_LENGTH)
    values = list(dict.fromkeys(written.causes))[: causes.MOST]
    rows = [causes.row(review.workspace, value, review.ledger_event_id) for value in values]
    review.causes = [row.pk.hex for row in rows]
    happened = []
    try:
        thing = things.reviewable(by, review.about, review.about_id)
        happened = list(thing.kind.timeline(thing.row))
    except NotFound:
        pass  # it is gone, or not theirs to see any more: what the timeline held stays
    review.timeline = timeline.chosen(timeline.merged(review.timeline, happened), written.lines)
    review.version += 1
    review.changed_at = clock.now()
