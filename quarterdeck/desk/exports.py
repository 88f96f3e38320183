"""What the full export holds of the Desk: the week of the team. What a person did with the items of their own Desk is
theirs, and is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.desk.models import Capacity, Reason, WeekPlan

Rows = Iterator[dict[str, Any]]


def plans(workspace: Workspace) -> Rows:
    for row in in_chunks(WeekPlan.objects.filter(workspace=workspace).order_by("monday")):
        yield {
            "monday": row.monday,
            "items": row.items,
            "points": row.points,
            "holds": row.holds,
            "planned_at": row.planned_at,
            "ledger_event_id": row.ledger_event_id,
        }


def reasons(workspace: Workspace) -> Rows:
    found = Reason.objects.filter(workspace=workspace).order_by("said_at", "pk")
    yield from in_chunks(found.values("monday", "key", "words", "said_at", "ledger_event_id"))


def capacity(workspace: Workspace) -> Rows:
    yield from in_chunks(Capacity.objects.filter(workspace=workspace).values("points", "set_at"))


EXPORTS = {
    "week_plans": ExportTable("The plans of weeks as they were kept: items, sizes and points.", plans),
    "week_reasons": ExportTable("Why something planned for a week came otherwise.", reasons),
    "week_capacity": ExportTable("How many points a usual week of the team holds.", capacity),
}
