"""A member says when they are away, and takes it back."""

from __future__ import annotations

from datetime import date, timedelta

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Absence, Member

LONGEST = timedelta(days=366)
MOST = 30  # to come, of one member
NOT_NOTED = "Nothing was noted."


@verb
def be_away(by: Member, *, first: date, last: date) -> Absence:
    """Note that `by` is away from the first to the last day. Others see that they are away, and never why.

    Invalid for days in the past, in the wrong order or more than a year ahead; Conflict for days noted already.
    """
    today = clock.now().astimezone(by.workspace.zone).date()
    if last < first:
        raise Invalid(
            "The last day lies before the first.",
            not_done=NOT_NOTED,
            fields={"last": "Please choose the first day or a later one."},
        )
    if last < today or last > today + LONGEST:
        raise Invalid(
            "Those days cannot be noted.",
            not_done=NOT_NOTED,
            fields={"last": "Please choose days from today on, within a year."},
        )
    Member.objects.select_for_update(of=("self",)).get(pk=by.pk)
    noted = Absence.objects.filter(member=by, withdrawn_at__isnull=True, last__gte=today)
    if noted.filter(first__lte=last, last__gte=first).exists():
        raise Conflict(
            "Some of those days are noted already.",
            not_done=NOT_NOTED,
            next_step="Take the others back first.",
        )
    if noted.count() >= MOST:
        raise Conflict(f"At most {MOST} times away are kept.", not_done=NOT_NOTED)
    made = Absence.objects.create(
        workspace=by.workspace, member=by, first=first, last=last, ledger_event_id=ids.new()
    )
    fields = {"first": first.isoformat(), "last": last.isoformat()}
    ledger.record("crew.absence.noted", actor=by, about=made, fields=fields, event_id=made.ledger_event_id)
    return made


@verb
def be_here(absence: Absence, *, by: Member) -> None:
    """Take back that one is away. NotFound for somebody else's, Conflict when it was taken back."""
    found = Absence.objects.select_for_update().filter(pk=absence.pk, member=by).first()
    if found is None:
        raise NotFound("There is no such thing in this workspace.")
    if found.withdrawn_at is not None:
        raise Conflict("It was taken back already.")
    found.withdrawn_at, found.ledger_event_id = clock.now(), ids.new()
    found.save(update_fields=["withdrawn_at", "ledger_event_id"])
    ledger.record("crew.absence.withdrawn", actor=by, about=found, event_id=found.ledger_event_id)
