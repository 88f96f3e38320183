"""The list of root causes, kept short by the leads."""

from __future__ import annotations

from uuid import UUID

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT, needed
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import locked, verb
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member
from quarterdeck.lessons import causes
from quarterdeck.lessons.models import Cause
from quarterdeck.lessons.models.reviews import CAUSE_LENGTH


@verb
def add_cause(by: Member, *, name: str) -> Cause:
    """Add a cause to the list. Invalid without a name or for somebody's, Conflict for one that is there."""
    name = needed(name, "name", CAUSE_LENGTH, "Please name the cause.")
    everybody = {str(one).casefold() for one in crew.members(by.workspace)}
    if name.casefold() in everybody:
        raise Invalid(
            "A cause is never a person.",
            not_done=NOT_KEPT,
            fields={"name": "Please name what made it likely: a step, a tool, a handover."},
        )
    there = causes.every(by.workspace)
    if any(one.name.casefold() == name.casefold() for one in there):
        raise Conflict("This cause is on the list already, or was ended.", not_done=NOT_KEPT)
    if sum(not one.ended for one in there) >= causes.MOST:
        raise Conflict(
            f"A list of more than {causes.MOST} causes is not read any more.",
            not_done=NOT_KEPT,
            next_step="Take one off first.",
        )
    cause = Cause.objects.create(
        workspace=by.workspace, name=name, made_at=clock.now(), ledger_event_id=ids.new()
    )
    fields, event_id = {"label": name}, cause.ledger_event_id
    ledger.record("lessons.cause.made", actor=by, about=cause, fields=fields, event_id=event_id)
    return cause


@verb
def end_cause(by: Member, *, value: str) -> Cause:
    """Take a cause off the list. Reviews that carry it keep it."""
    event_id = ids.new()
    cause = _locked(by, value, event_id)
    if cause.retired_at is not None:
        raise Conflict("This cause is off the list already.")
    cause.retired_at, cause.ledger_event_id = clock.now(), event_id
    cause.save(update_fields=["retired_at", "ledger_event_id"])
    ledger.record("lessons.cause.ended", actor=by, about=cause, event_id=event_id)
    return cause


@verb
def restore_cause(by: Member, *, value: str) -> Cause:
    """Put a cause back on the list."""
    event_id = ids.new()
    cause = _locked(by, value, event_id)
    if cause.retired_at is None:
        raise Conflict("This cause is on the list.")
    cause.retired_at, cause.ledger_event_id = None, event_id
    cause.save(update_fields=["retired_at", "ledger_event_id"])
    ledger.record("lessons.cause.restored", actor=by, about=cause, event_id=event_id)
    return cause


def _locked(by: Member, value: str, event_id: UUID) -> Cause:
    """The row, locked; one of the first eight gets its own here, by the event of the verb that asks."""
    return locked(Cause, causes.row(by.workspace, value, event_id).pk)
