"""The short list of root causes. Every workspace begins with the same eight; what it adds and ends is rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from quarterdeck.core import clock, ids
from quarterdeck.core.lines import NOT_KEPT
from quarterdeck.core.problems import Invalid
from quarterdeck.crew.models import Workspace
from quarterdeck.lessons.models import Cause

DEFAULTS = {
    "process": "Process",
    "handover": "Handover",
    "source": "The source was wrong",
    "tool": "Tool",
    "time": "Time pressure",
    "request": "Unclear request",
    "template": "Template",
    "other": "Something else",
}
MOST = 24  # on the list at one time


@dataclass(frozen=True, slots=True)
class Choosable:
    """A cause as a form offers it. `value` is its id in hexadecimal, or the key of one that no row stands for yet."""

    value: str
    name: str
    ended: bool = False


def every(workspace: Workspace) -> list[Choosable]:
    """All of them, those that were ended too: the eight first, then what was added, by name."""
    rows = list(Cause.objects.filter(workspace=workspace).order_by("name"))
    keyed = {row.key: row for row in rows if row.key}
    first = [_of(keyed[key]) if key in keyed else Choosable(key, name) for key, name in DEFAULTS.items()]
    return first + [_of(row) for row in rows if not row.key]


def choosable(workspace: Workspace, also: Iterable[str] = ()) -> list[Choosable]:
    """What a review can be tagged with: what is not ended, and of the ended what it carries already."""
    kept = set(also)
    return [one for one in every(workspace) if not one.ended or one.value in kept]


def names(workspace: Workspace, values: Iterable[str]) -> list[str]:
    """The names of causes, in the order of the list."""
    wanted = set(values)
    return [one.name for one in every(workspace) if one.value in wanted]


def _of(row: Cause) -> Choosable:
    return Choosable(row.pk.hex, row.name, row.retired_at is not None)


def row(workspace: Workspace, value: str, event_id: UUID) -> Cause:
    """The row of a cause; one of the eight gets its own in this transaction, by this event. Invalid for no cause."""
    if value in DEFAULTS:
        found = Cause.objects.filter(workspace=workspace, key=value).first()
        return found or Cause.objects.create(
            id=ids.new(),
            workspace=workspace,
            key=value,
            name=_free(workspace, DEFAULTS[value]),
            made_at=clock.now(),
            ledger_event_id=event_id,
        )
    try:
        found = Cause.objects.filter(workspace=workspace, pk=UUID(value)).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid(
            "There is no such cause on the list.",
            not_done=NOT_KEPT,
            fields={"causes": "Please choose from the list."},
        )
    return found


def _free(workspace: Workspace, name: str) -> str:
    """The name, or where the team added one that is called the same, a longer one."""
    taken = Cause.objects.filter(workspace=workspace, name__iexact=name).exists()
    return f"{name} (of the first list)" if taken else name
