"""What the full export holds of decisions. Who decided and who was heard is not in it: no person stands beside work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.strategy.models import Decision, Outcome

Rows = Iterator[dict[str, Any]]


def decisions(workspace: Workspace) -> Rows:
    for row in in_chunks(Decision.objects.filter(workspace=workspace).order_by("decided_at", "pk")):
        yield {
            "id": row.pk,
            "title": row.title,
            "context": row.context,
            "options": row.options,
            "chosen": row.chosen,
            "because": row.because,
            "expected": row.expected,
            "number": str(row.number) if row.number is not None else None,
            "unit": row.unit,
            "due": row.due,
            "heard": len(row.heard),
            "about": row.about,
            "about_id": row.about_id,
            "about_title": row.about_title,
            "supersedes": row.supersedes_id,
            "decided_at": row.decided_at,
            "ledger_event_id": row.ledger_event_id,
        }


def outcomes(workspace: Workspace) -> Rows:
    found = Outcome.objects.filter(decision__workspace=workspace).order_by("noted_at", "pk")
    for row in in_chunks(found):
        yield {
            "decision": row.decision_id,
            "verdict": row.verdict,
            "number": str(row.number) if row.number is not None else None,
            "words": row.words,
            "noted_at": row.noted_at,
            "ledger_event_id": row.ledger_event_id,
        }


EXPORTS = {
    "decisions": ExportTable("Decisions as they were made, with what was expected and by when.", decisions),
    "decision_outcomes": ExportTable("What came of decisions, as it was noted.", outcomes),
}
