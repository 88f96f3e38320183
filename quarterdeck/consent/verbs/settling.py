"""What people do about a conflict: the option they choose, or a lead's decision to keep it as it is."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.consent import deciding, matters, options
from quarterdeck.consent.models import Conflict
from quarterdeck.consent.models.conflicts import REASON_LENGTH
from quarterdeck.consent.rows import locked_plan
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, needed
from quarterdeck.core.problems import Conflict as Refused
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import verbs as publishing

State = Conflict.State
NOTHING_MOVED = "Nothing was moved; every post keeps its time."


@verb
def settle(conflict: Conflict, *, by: Member, option: str) -> Conflict:
    """Do one of the options (its `key`): its posts move to the slots it named. Conflict when the plan has changed since
    it was offered, and whatever publishing says against a move."""
    conflict = _open(conflict)
    matter = matters.one(conflict)
    chosen = next((one for one in options.of(matter) if one.key == option and one.moves), None)
    if chosen is None:
        raise Refused(
            "The plan has changed since these ways were offered.",
            not_done=NOTHING_MOVED,
            next_step="Look at the ways that are offered now.",
        )
    for move in chosen.moves:
        was = move.side.at.astimezone(by.workspace.zone)
        publishing.reschedule(
            move.side.post, by=by, when=move.wall, fold=move.to.fold, was=f"{was:%Y-%m-%dT%H:%M}"
        )
    said = f"{chosen.title}. {' '.join(chosen.costs)}"[:REASON_LENGTH]
    fields = {
        "kind": str(conflict.kind),
        "moved": len(chosen.moves),
        "words": said,
        "decision": str(conflict.decision or ""),
    }
    return _ended(conflict, State.SETTLED, said, "consent.conflict.settled", by, fields)


@verb
def keep(conflict: Conflict, *, by: Member, reason: str) -> Conflict:
    """A lead keeps it as it is, with a reason: a decision, recorded as one. It is open again when what it is about
    changes. Invalid without a reason."""
    conflict = _open(conflict)
    why = needed(reason, "reason", REASON_LENGTH, "Please say why it is kept as it is.", several=True)
    matter = matters.one(conflict)
    decision = conflict.decision or deciding.kept(matter, options.of(matter), by, why)
    conflict.decision = decision
    fields = {"kind": str(conflict.kind), "reason": why, "decision": str(decision)}
    return _ended(conflict, State.KEPT, why, "consent.conflict.kept", by, fields)


def _open(conflict: Conflict) -> Conflict:
    locked_plan(conflict.workspace_id)
    conflict = locked(Conflict, conflict.pk, "workspace")
    if not conflict.is_open:
        raise Refused(
            f"This conflict is {conflict.get_state_display()} already.",
            not_done=NOT_KEPT,
            next_step="Its page says what became of it.",
        )
    return conflict


def _ended(conflict: Conflict, state: str, word: str, kind: str, by: Member, fields: dict) -> Conflict:
    conflict.state, conflict.state_at, conflict.word = state, clock.now(), word
    conflict.ledger_event_id = ids.new()
    conflict.save()
    ledger.record(kind, actor=by, about=conflict, fields=fields, event_id=conflict.ledger_event_id)
    return conflict
