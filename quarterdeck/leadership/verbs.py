"""The one act of this room: a works agreement, which is the workspace's and so stands in its ledger."""

from __future__ import annotations

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member, Workspace
from quarterdeck.leadership.models import Agreement


def _standing(workspace: Workspace) -> Agreement | None:
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)  # two owners at once take turns
    return Agreement.objects.filter(workspace=workspace, ended_at=None).first()


@verb
def make_agreement(by: Member) -> Agreement:
    """Switch private weeks off for everybody in this workspace. What people wrote before stays theirs, and sealed."""
    if _standing(by.workspace) is not None:
        raise Conflict("The works agreement stands already.")
    made = Agreement.objects.create(
        workspace=by.workspace, made_by=by, made_at=clock.now(), ledger_event_id=ids.new()
    )
    ledger.record("leadership.agreement.made", actor=by, about=made, event_id=made.ledger_event_id)
    return made


@verb
def end_agreement(by: Member) -> Agreement:
    """Private weeks may be kept here again, by whoever wants to."""
    found = _standing(by.workspace)
    if found is None:
        raise Conflict("No works agreement stands.")
    found.ended_at, found.ledger_event_id = clock.now(), ids.new()
    found.save(update_fields=["ended_at", "ledger_event_id"])
    ledger.record("leadership.agreement.ended", actor=by, about=found, event_id=found.ledger_event_id)
    return found
