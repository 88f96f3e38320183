"""What the full export holds of changes: what became of what was out, by role, with the words before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.changes.models import Change
from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace


def changes(workspace: Workspace) -> Iterator[dict[str, Any]]:
    found = Change.objects.filter(workspace=workspace).select_related("delivery").order_by("asked_at", "pk")
    for row in in_chunks(found):
        yield {
            "id": row.pk,
            "delivery": row.delivery_id,
            "post": row.delivery.post_id,
            "kind": row.noun,
            "outcome": row.word,
            "asked_at": row.asked_at,
            "role": row.role,
            "reason": row.reason,
            "version": row.version,
            "text_before": row.before,
            "text_after": row.text,
            "text_hash": row.text_hash,
            "payload_hash": row.payload_hash,
            "by_hand": row.handed_at is not None,
            "said_by_a_person": row.said,
            "failure": row.failure,
            "evidence": row.evidence,
            "began_at": row.began_at,
            "ended_at": row.ended_at,
            "ledger_event_id": row.ledger_event_id,
        }


EXPORTS = {
    "changes": ExportTable(
        "What was edited or taken down after it was out: asked in which role, what it said, and what came of it.",
        changes,
    ),
}
