"""What the full export holds of consent: conflicts and what became of them, the rules, rounds and what departments
said. No person stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.consent.models import (
    Against,
    Conflict,
    ConflictRules,
    DepartmentWeight,
    FairPlan,
    Held,
    PointsTable,
    Round,
    Voice,
)
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


def points(workspace: Workspace) -> Rows:
    found = PointsTable.objects.filter(workspace=workspace).order_by("number")
    names = ("number", "must", "good", "free", "weekly_loss", "musts", "reason", "set_at")
    yield from in_chunks(found.values(*names))


def weights(workspace: Workspace) -> Rows:
    found = DepartmentWeight.objects.filter(department__workspace=workspace).order_by("set_at", "pk")
    yield from in_chunks(found.values("department", "department__name", "hundredths", "reason", "set_at"))


def plans(workspace: Workspace) -> Rows:
    names = ("id", "span", "begins", "ends", "table__number", "asked_at", "state", "state_at", "found")
    more = ("log_welfare", "bound", "problem", "word", "decision", "ledger_event_id")
    found = FairPlan.objects.filter(workspace=workspace).order_by("asked_at", "pk")
    yield from in_chunks(found.values(*names, *more))


def held(workspace: Workspace) -> Rows:
    found = Held.objects.filter(plan__workspace=workspace).order_by("at", "pk")
    yield from in_chunks(found.values("plan", "request", "channel", "at", "freed_at"))


EXPORTS = {
    "conflict_rules": ExportTable("What counts as a conflict in the plan.", rules),
    "labels_against": ExportTable("Labels whose posts contradict each other.", against),
    "conflicts": ExportTable("Every conflict the system found, and what became of it.", conflicts),
    "consent_rounds": ExportTable("Consent rounds with their proposal and outcome.", rounds),
    "points_tables": ExportTable("Every table of points that fair plans were made by.", points),
    "department_weights": ExportTable("What weight was set for departments, and why.", weights),
    "fair_plans": ExportTable("Fair plans as they were worked out, and what became of them.", plans),
    "held_slots": ExportTable("Slots that adopted fair plans held for requests.", held),
    "consent_voices": ExportTable("What each department said in a round.", voices),
}
