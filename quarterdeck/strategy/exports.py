"""What the full export holds of strategy. No person stands beside work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.strategy.models import (
    Campaign,
    CheckIn,
    ChecklistLine,
    ChecklistTemplate,
    KeyResult,
    Objective,
    Phase,
    Pillar,
)
from quarterdeck.strategy.models.campaigns import BRIEF

Rows = Iterator[dict[str, Any]]


def objectives(workspace: Workspace) -> Rows:
    found = Objective.objects.filter(workspace=workspace).select_related("brand").order_by("made_at", "pk")
    for row in in_chunks(found):
        yield {
            "id": row.pk,
            "brand": row.brand.name,
            "parent": row.parent_id,
            "title": row.title,
            "why": row.why,
            "begins": row.begins,
            "first_ends": row.first_ends,
            "ends": row.ends,
            "verdict": row.verdict,
            "because": row.because,
            "read_out_at": row.read_out_at,
            "made_at": row.made_at,
            "ledger_event_id": row.ledger_event_id,
        }


def key_results(workspace: Workspace) -> Rows:
    found = KeyResult.objects.filter(objective__workspace=workspace).order_by("made_at", "pk")
    names = ("measure", "unit", "metric", "start", "first_target", "target", "begins", "ends")
    ended = ("dropped_at", "dropped_because")
    yield from in_chunks(found.values("id", "objective", *names, "made_at", *ended, "ledger_event_id"))


def values(workspace: Workspace) -> Rows:
    found = CheckIn.objects.filter(key_result__objective__workspace=workspace).order_by("noted_at", "pk")
    yield from in_chunks(found.values("key_result", "value", "as_of", "word", "noted_at", "withdrawn_at"))


def campaigns(workspace: Workspace) -> Rows:
    found = Campaign.objects.filter(workspace=workspace).select_related("brand").order_by("made_at", "pk")
    for row in in_chunks(found.prefetch_related("channels")):
        yield {
            "id": row.pk,
            "brand": row.brand.name,
            "objective": row.objective_id,
            "name": row.name,
            **{name: getattr(row, name) for name in BRIEF},
            "channels": [one.name for one in row.channels.all()],
            "begins": row.begins,
            "ends": row.ends,
            "budget": row.budget,
            "currency": row.currency,
            "made_at": row.made_at,
            "ended_at": row.ended_at,
            "ended_word": row.ended_word,
            "ledger_event_id": row.ledger_event_id,
        }


def phases(workspace: Workspace) -> Rows:
    found = Phase.objects.filter(campaign__workspace=workspace).order_by("begins", "pk")
    yield from in_chunks(found.values("campaign", "name", "begins", "ends", "made_at", "removed_at"))


def checklists(workspace: Workspace) -> Rows:
    found = ChecklistLine.objects.filter(checklist__campaign__workspace=workspace)
    for row in in_chunks(found.select_related("checklist").order_by("checklist", "position")):
        yield {
            "campaign": row.checklist.campaign_id,
            "checklist": row.checklist_id,
            "name": row.checklist.name,
            "removed_at": row.checklist.removed_at,
            "line": row.position + 1,
            "words": row.words,
            "done_at": row.done_at,
        }


def templates(workspace: Workspace) -> Rows:
    found = ChecklistTemplate.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "name", "lines", "made_at", "retired_at"))


def pillars(workspace: Workspace) -> Rows:
    found = Pillar.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "brand__name", "name", "about", "share", "made_at", "retired_at"))


EXPORTS = {
    "objectives": ExportTable("Objectives with their days, and how each was read out.", objectives),
    "key_results": ExportTable(
        "What objectives are measured by, with the first and the present target.", key_results
    ),
    "key_result_values": ExportTable("What key results stood at, and on which day.", values),
    "campaigns": ExportTable("Campaigns with their briefs.", campaigns),
    "campaign_phases": ExportTable("The phases of campaigns.", phases),
    "checklists": ExportTable("Every line of every campaign’s checklists, and when it was done.", checklists),
    "checklist_templates": ExportTable("The lists that checklists are copied from.", templates),
    "pillars": ExportTable("The pillars of each brand and their intended share of a hundred posts.", pillars),
}
