"""What the full export holds of leadership: the workspace's agreements. What is the person's own is never in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.leadership.models import Agreement


def agreements(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """When a works agreement stood. Who kept a private week is not known to any export."""
    for row in in_chunks(Agreement.objects.filter(workspace=workspace).order_by("made_at", "pk")):
        yield {"id": row.pk, "made_at": row.made_at, "ended_at": row.ended_at}


EXPORTS = {
    "works_agreements": ExportTable(
        "When private weeks were switched off here by a works agreement.", agreements
    ),
}
