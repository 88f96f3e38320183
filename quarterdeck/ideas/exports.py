"""What the full export holds of ideas: each with its brief, the way it went, and what it became."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.ideas.models import Idea, Origin, Step
from quarterdeck.studio import reads as studio

Rows = Iterator[dict[str, Any]]


def ideas(workspace: Workspace) -> Rows:
    """Every idea, those put aside too, with its brief and its pictures by the hash of their file."""
    for row in in_chunks(Idea.objects.filter(workspace=workspace).order_by("made_at", "pk")):
        files = studio.files(workspace.pk, [image["file"] for image in row.images]) if row.images else {}
        shown = [image for image in row.images if image["file"] in files]
        yield {
            "id": row.pk,
            "kind": row.get_kind_display(),
            "title": row.title,
            "link": row.link,
            "words": row.words,
            "why": row.why,
            "tags": row.tags,
            "images": [files[image["file"]].sha256 for image in shown],
            "descriptions": [image["alt"] for image in shown],
            "stands": row.stands,
            "stands_since": row.state_at,
            "audience": row.audience,
            "message": row.message,
            "proof": row.proof,
            "format": row.get_format_display(),
            "size": row.size,
            "due": row.due,
            "came": row.get_way_display(),
            "version": row.version,
            "made_at": row.made_at,
            "changed_at": row.changed_at,
            "aside_at": row.aside_at,
            "ledger_event_id": row.ledger_event_id,
        }


def steps(workspace: Workspace) -> Rows:
    found = Step.objects.filter(idea__workspace=workspace).order_by("moved_at", "pk")
    yield from in_chunks(found.values("idea", "before", "after", "moved_at", "undone_at"))


def origins(workspace: Workspace) -> Rows:
    found = Origin.objects.filter(idea__workspace=workspace).order_by("promoted_at", "pk")
    yield from in_chunks(found.values("idea", "post", "promoted_at"))


EXPORTS = {
    "ideas": ExportTable("Every idea with its brief, tags and pictures by SHA-256.", ideas),
    "idea_steps": ExportTable("How ideas moved over the board.", steps),
    "idea_posts": ExportTable("Which posts came of which idea.", origins),
}
