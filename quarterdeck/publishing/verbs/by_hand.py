"""Posting by hand: what a person says of a post they were handed, and what happens while nobody says anything.

A delivery that was handed out is out only because somebody said so. Unanswered, whoever answers for it is told again
after half an hour, the stand-in after an hour, and a day after its latest time it is left for people to decide.
"""

from __future__ import annotations

from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import telling
from quarterdeck.publishing.cleaning import clean_text
from quarterdeck.publishing.handing import REASON_LENGTH, checked_url, step
from quarterdeck.publishing.intake import Claimed
from quarterdeck.publishing.models import UNDO_WINDOW, Delivery, DeliveryState
from quarterdeck.publishing.rows import WAKE, locked


class NotHanded(Exception):
    """It is not handed out any more, or somebody else has it: there is nothing to remind of."""


@verb
def say_out(delivery: Delivery, *, by: Member, url: str = "") -> UUID:
    """A person says that it is out, with its link where it has one. Returns the act, which `unsay` takes.

    Also when it was said before that it was not, and nobody has decided about that. Raises Invalid for a link that is
    none, Conflict when there is nothing to answer.
    """
    url = checked_url(url, not_done="Nothing was noted; the post still counts as handed out.")
    row = _locked(delivery)
    after_all = row.state == DeliveryState.MISSED and row.handed_at is not None and row.settled is None
    if row.state != DeliveryState.HANDED and not after_all:
        raise _nothing_to_answer(row)
    row.evidence = f"Before, it was said not to be posted. {row.failure}"[:2000] if after_all else ""
    row.state, row.said_by, row.url, row.failure = DeliveryState.ACCEPTED, by, url, ""
    _answer(row, by, "posted", {"url": url, "corrected": after_all})
    return row.ledger_event_id


@verb
def say_not_out(delivery: Delivery, *, by: Member, reason: str) -> UUID:
    """A person says that it was not posted, and why; it counts as missed. Also when somebody had said that it is out.

    Returns the act, which `unsay` takes. Raises Invalid without a reason, Conflict when there is nothing to answer.
    """
    reason = clean_text(reason).strip()[:REASON_LENGTH]
    if not reason:
        raise Invalid(
            "A reason is needed, so that the team can decide what now.",
            not_done="Nothing was noted.",
            fields={"reason": "Please write one sentence on why it was not posted."},
        )
    row = _locked(delivery)
    after_all = row.state == DeliveryState.ACCEPTED and row.said_by is not None
    if row.state != DeliveryState.HANDED and not after_all:
        raise _nothing_to_answer(row)
    row.evidence = f"Before, it was said to be out. {row.url}".strip() if after_all else ""
    row.state, row.said_by, row.url = DeliveryState.MISSED, None, ""
    row.failure = f"It was not posted{', after all' if after_all else ''}: {reason}"[:1000]
    _answer(row, by, "not_posted", {"reason": reason, "corrected": after_all})
    if by.pk != row.post.answerable_id:
        telling.not_out(row)
    return row.ledger_event_id


@verb
def unsay(delivery: Delivery, *, by: Member, act: UUID) -> None:
    """Take back, within ten seconds, what was said of a post that was handed out: it is handed out again."""
    row, now = _locked(delivery), clock.now()
    first_answer = row.handed_at is not None and not row.evidence  # a correction is taken back by another one
    if row.ledger_event_id != act or row.ended_at is None or not first_answer or row.settled is not None:
        raise Conflict("There is nothing left to undo.", next_step="Its page shows how it stands.")
    if now - row.ended_at > UNDO_WINDOW:
        raise Conflict(
            "The ten seconds to undo that are over.",
            next_step="Correct it on its page instead; that always works.",
        )
    row.state, row.said_by, row.url = DeliveryState.HANDED, None, ""
    row.failure, row.ended_at, row.ledger_event_id = "", None, ids.new()
    row.save()
    fields, event_id = {"undoes": str(act)}, row.ledger_event_id
    ledger.record("publishing.delivery.unsaid", actor=by, about=row, fields=fields, event_id=event_id)
    wake(WAKE)


@verb
def remind(claimed: Claimed) -> Delivery:
    """The next of the three things that happen while nobody answers, fenced by the attempt.

    Raises NotHanded, having changed nothing, when somebody has answered meanwhile.
    """
    row = _rows().filter(pk=claimed.pk, attempt=claimed.attempt, state=DeliveryState.HANDED).first()
    if row is None:
        raise NotHanded
    verbed, row.try_at = step(row)
    row.reminded_at, row.lease_until, row.ledger_event_id = clock.now(), None, ids.new()
    row.save(update_fields=["try_at", "reminded_at", "lease_until", "ledger_event_id"])
    fields = {"attempt": row.attempt}
    if verbed == "reminded":
        telling.handed_again(row)
    elif verbed == "escalated":
        fields["told"] = telling.stand_ins(row)
    ledger.record(
        f"publishing.delivery.{verbed}",
        actor=ledger.system(row.workspace_id),
        about=row,
        fields=fields,
        event_id=row.ledger_event_id,
    )
    return row


def _rows():
    return Delivery.objects.select_for_update(of=("self",)).select_related(
        "channel", "post__workspace", "post__answerable__user", "said_by__user"
    )


def _locked(delivery: Delivery) -> Delivery:
    locked(delivery.post_id)
    return _rows().get(pk=delivery.pk)


def _answer(row: Delivery, by: Member, verbed: str, fields: dict) -> None:
    row.ended_at, row.lease_until, row.ledger_event_id = clock.now(), None, ids.new()
    row.save()
    ledger.record(
        f"publishing.delivery.{verbed}", actor=by, about=row, fields=fields, event_id=row.ledger_event_id
    )


def _nothing_to_answer(row: Delivery) -> Conflict:
    if row.state == DeliveryState.ACCEPTED and row.said_by is not None:
        return Conflict("Somebody has said already that it is out.")
    if row.state == DeliveryState.MISSED:
        return Conflict("It counts as missed already.", next_step="The post’s page shows what can be done.")
    return Conflict("It is not handed out.", next_step="The post’s page shows how it stands.")
