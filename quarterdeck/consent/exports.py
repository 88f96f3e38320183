"""What the full export holds of consent: conflicts and what became of them, the rules, rounds and what departments
said. No person stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.consent.models import Against, Conflict, ConflictRules, Round, Voice
from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace

Rows = Iterator[dict[str, Any]]


def rules(workspace: Workspace) -> Rows:
    found = ConflictRules.objects.filter(workspace=workspace)
    yield from in_chunks(found.values("audience_hours", "audiences", "per_day", "per_week", "changed_at"))


def against(workspace: Workspace) -> Rows:
    found = Against.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "one__name", "other__name", "days", "why", "made_at", "ended_at"))


def conflicts(workspace: Workspace) -> Rows:
    for row in in_chunks(Conflict.objects.filter(workspace=workspace).order_by("found_at", "pk")):
        yield {
            "id": row.pk,
            "kind": row.get_kind_display(),
            "sides": row.sides,
            "facts": row.facts,
            "at": row.at,
            "found_at": row.found_at,
            "state": row.get_state_display(),
            "state_at": row.state_at,
            "word": row.word,
            "decision": row.decision,
            "ledger_event_id": row.ledger_event_id,
        }


def rounds(workspace: Workspace) -> Rows:
    for row in in_chunks(Round.objects.filter(workspace=workspace).order_by("opened_at", "pk")):
        yield {
            "id": row.pk,
            "title": row.title,
            "proposal": row.proposal,
            "changes": row.changes,
            "about": row.about,
            "about_id": row.about_id,
            "opened_at": row.opened_at,
            "last_day": row.last_day,
            "state": row.get_state_display(),
            "outcome": row.outcome,
            "answer": row.answer,
            "settled_at": row.settled_at,
            "by_clock": row.by_clock,
            "decision": row.decision,
            "ledger_event_id": row.ledger_event_id,
        }


def voices(workspace: Workspace) -> Rows:
    """What each department said, without a name and without the hour of it."""
    found = Voice.objects.filter(round__workspace=workspace).select_related("department")
    for row in in_chunks(found.order_by("round__opened_at", "department__name", "pk")):
        yield {
            "round": row.round_id,
            "department": str(row.department),
            "answer": row.get_answer_display(),
            "reason": row.reason,
            "instead": row.instead,
        }


EXPORTS = {
    "conflict_rules": ExportTable("What counts as a conflict in the plan.", rules),
    "labels_against": ExportTable("Labels whose posts contradict each other.", against),
    "conflicts": ExportTable("Every conflict the system found, and what became of it.", conflicts),
    "consent_rounds": ExportTable("Consent rounds with their proposal and outcome.", rounds),
    "consent_voices": ExportTable("What each department said in a round.", voices),
}
