"""Samples of desk."""

from __future__ import annotations

from quarterdeck.core import clock, ids
from quarterdeck.crew.models import Workspace
from quarterdeck.desk import verbs as desk_verbs
from quarterdeck.desk.models import HandOver
from quarterdeck.publishing import weeks
from tests.samples.crew import _other, _owner


def _offer(workspace: Workspace) -> HandOver:
    act = desk_verbs.hand_over(_owner(workspace), [ids.new().hex], to=_other(workspace))
    return HandOver.objects.get(act=act)


def _monday(workspace: Workspace) -> str:
    return weeks.monday_of(clock.now().astimezone(workspace.zone).date()).isoformat()


SAMPLES = {
    **{f"desk-week-{act}": lambda w: {"monday": _monday(w)} for act in ("of", "plan", "reason")},
    "desk-handover-accept": lambda w: {"pk": _offer(w).pk},
    "desk-handover-decline": lambda w: {"pk": _offer(w).pk},
    "desk-handover-withdraw": lambda w: {"pk": _offer(w).pk},
    "desk-item-undo": lambda w: {"act": _offer(w).act},
}
