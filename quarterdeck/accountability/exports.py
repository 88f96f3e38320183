"""What the full export holds of accountability: what was wrong, what was said of it, how it was corrected. Nobody's
name and nobody's role stands here: neither who flagged it nor who saw to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.accountability.models import Correction, Coverage, Flag, Promise, Slip
from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace

Rows = Iterator[dict[str, Any]]


def slips(workspace: Workspace) -> Rows:
    found = Slip.objects.filter(workspace=workspace).order_by("flagged_at", "pk")
    for row in in_chunks(found):
        yield {
            "id": row.pk,
            "post": row.post_id,
            "level": row.level,
            "what": row.what,
            "trace_at": row.trace_at,
            "trace_basis": row.trace_basis,
            "flagged_at": row.flagged_at,
            "told_at": row.told_at,
            "corrected_at": row.corrected_at,
            "ended_at": row.ended_at,
            "ended": row.ended,
            "reason": row.ended_reason,
            "ledger_event_id": row.ledger_event_id,
        }


def flags(workspace: Workspace) -> Rows:
    found = Flag.objects.filter(slip__workspace=workspace).order_by("flagged_at", "pk")
    yield from in_chunks(found.values("slip", "level", "text", "way", "noticed_at", "flagged_at"))


def corrections(workspace: Workspace) -> Rows:
    found = Correction.objects.filter(slip__workspace=workspace).order_by("made_at", "pk")
    names = ("slip", "wrong", "why", "fix", "prevention", "note", "made_at", "listed", "ledger_event_id")
    yield from in_chunks(found.values(*names))


def coverage(workspace: Workspace) -> Rows:
    found = Coverage.objects.filter(correction__slip__workspace=workspace).order_by("begun_at", "pk")
    for row in in_chunks(found.select_related("correction")):
        yield {
            "slip": row.correction.slip_id,
            "channel_id": row.channel_id,
            "how": row.how,
            "reason": row.reason,
            "post": row.post_id,
            "begun_at": row.begun_at,
            "done_at": row.done_at,
        }


def promises(workspace: Workspace) -> Rows:
    found = Promise.objects.filter(brand__workspace=workspace).order_by("address")
    yield from in_chunks(found.values("brand", "promise_hours", "public", "findable", "address", "about"))


EXPORTS = {
    "slips": ExportTable(
        "What was wrong in posts that were out, and how each ended. Nobody is named.", slips
    ),
    "slip_flags": ExportTable("What was said about each of them, and how that came.", flags),
    "corrections": ExportTable(
        "What was said about each in the open, in four parts, and the note.", corrections
    ),
    "correction_channels": ExportTable(
        "How each was corrected on each channel, or why it was left.", coverage
    ),
    "correction_promises": ExportTable(
        "Within how many hours each brand corrects, and its public page.", promises
    ),
}
