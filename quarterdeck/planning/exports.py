"""What the full export holds of planning. Times a person chose are wall times in a zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.planning.models import DAYS, Layer, LayerDay, Occurrence, Rules, Series, Span, WeeklySlot

Rows = Iterator[dict[str, Any]]


def rules(workspace: Workspace) -> Rows:
    found = Rules.objects.filter(workspace=workspace)
    for row in in_chunks(found):
        yield {
            "days": [DAYS[day] for day in row.days],
            "opens": row.opens,
            "closes": row.closes,
            "near_minutes": row.near_minutes,
            "markets": row.markets,
            "changed_at": row.changed_at,
        }


def slots(workspace: Workspace) -> Rows:
    found = WeeklySlot.objects.filter(workspace=workspace).select_related("channel")
    for row in in_chunks(found.order_by("made_at", "pk")):
        yield {
            "channel": row.channel.name,
            "weekday": DAYS[row.weekday],
            "wall_time": row.wall,
            "made_at": row.made_at,
            "removed_at": row.removed_at,
        }


def spans(workspace: Workspace) -> Rows:
    """Launches, quiet periods, blackouts and embargoes."""
    found = Span.objects.filter(workspace=workspace).order_by("made_at", "pk")
    for row in in_chunks(found):
        yield {
            "id": row.pk,
            "kind": row.get_kind_display(),
            "title": row.title,
            "begins_wall_time": row.begins,
            "ends_wall_time": row.ends,
            "zone": row.zone,
            "begins_at": row.begins_at,
            "ends_at": row.ends_at,
            "blocks": row.blocks,
            "scope": row.get_scope_display(),
            "target": row.target,
            "made_at": row.made_at,
            "removed_at": row.removed_at,
        }


def layers(workspace: Workspace) -> Rows:
    """Calendars read from elsewhere. Their addresses may carry a secret and are not in it; their host is."""
    found = Layer.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(found.values("id", "title", "host", "made_at", "removed_at", "read_at"))


def layer_days(workspace: Workspace) -> Rows:
    found = LayerDay.objects.filter(layer__workspace=workspace).order_by("layer", "first", "pk")
    yield from in_chunks(found.values("layer", "first", "last", "title"))


def series(workspace: Workspace) -> Rows:
    """Posts that come again, each by a rule of RFC 5545."""
    found = Series.objects.filter(workspace=workspace).order_by("made_at", "pk")
    yield from in_chunks(
        found.values("id", "post", "rule", "wall", "zone", "ahead_days", "made_at", "ended_at")
    )


def occurrences(workspace: Workspace) -> Rows:
    found = Occurrence.objects.filter(series__workspace=workspace).order_by("series", "wall")
    yield from in_chunks(found.values("series", "wall", "post", "problem", "made_at"))


EXPORTS = {
    "planning_rules": ExportTable("Working hours, and the markets whose holidays are shown.", rules),
    "weekly_slots": ExportTable("The times at which channels usually post.", slots),
    "calendar_spans": ExportTable("Launches, quiet periods, blackouts and embargoes.", spans),
    "calendar_layers": ExportTable("Calendars read from elsewhere.", layers),
    "calendar_layer_days": ExportTable("What stands in these calendars.", layer_days),
    "series": ExportTable("Posts that come again, each with its rule (RFC 5545).", series),
    "series_posts": ExportTable("What became of each time of a series.", occurrences),
}
