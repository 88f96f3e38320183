"""What the full export holds of the workspace itself. Nothing that signs anybody in is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Member, Workspace

Rows = Iterator[dict[str, Any]]


def about(workspace: Workspace) -> Rows:
    """The workspace itself, and its brands."""
    for brand in workspace.brands.order_by("created_at"):
        yield {
            "workspace": workspace.name,
            "address": workspace.slug,
            "zone": workspace.timezone,
            "created_at": workspace.created_at,
            "brand": brand.name,
            "brand_created_at": brand.created_at,
        }


def people(workspace: Workspace) -> Rows:
    """Who is in the workspace now, by name."""
    found = Member.objects.filter(workspace=workspace, left_at=None).select_related("user")
    for row in in_chunks(found.order_by("user__name", "joined_at")):
        yield {"name": str(row), "role": row.get_role_display(), "joined_at": row.joined_at}


EXPORTS = {
    "workspace": ExportTable("The workspace and its brands.", about),
    "people": ExportTable("Who is in the workspace now.", people),
}
