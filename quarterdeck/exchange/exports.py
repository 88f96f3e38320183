"""What the full export holds of spreadsheets that were brought in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quarterdeck.core.registries import ExportTable, in_chunks
from quarterdeck.crew.models import Workspace
from quarterdeck.exchange.models import Mapping, Row

Rows = Iterator[dict[str, Any]]


def imported_rows(workspace: Workspace) -> Rows:
    """The rows of spreadsheets that were brought in, as they stand, and what they became."""
    found = Row.objects.filter(of__workspace=workspace).select_related("of").order_by("of_id", "number")
    for row in in_chunks(found):
        yield {
            "file": row.of.name,
            "received_at": row.of.received_at,
            "row": row.number,
            "cells": row.cells,
            "became": row.get_state_display(),
            "post": row.post,
            "reasons": [reason["words"] for reason in row.reasons],
            "beside": row.extra,
        }


def mappings(workspace: Workspace) -> Rows:
    """How files with certain headings are read; `files` is the mark of such headings."""
    for row in in_chunks(Mapping.objects.filter(workspace=workspace).order_by("pk")):
        yield {"files": row.signature, "answers": row.answers, "used_at": row.used_at}


EXPORTS = {
    "imported_rows": ExportTable(
        "The rows of spreadsheets brought in, and what became of each.", imported_rows
    ),
    "import_mappings": ExportTable("What columns mean in files with the same headings.", mappings),
}
