"""Writes of exchange that are no acts: what became of each row, cells as corrected, how a kind of file is read, and
that a job still lives. Each may be repeated.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from quarterdeck.core import clock
from quarterdeck.core.verbs import intake
from quarterdeck.crew.models import Workspace
from quarterdeck.exchange.asking import Answers
from quarterdeck.exchange.models import Export, Import, Mapping, Row

# One document for a chunk, as core/bulk.py does for new rows.
_KEPT = ("state", "reasons", "warnings", "extra", "mark", "post", "post_event", "plan_act", "kept_because")
_KEEP = f"""
UPDATE exchange_row AS r SET {", ".join(f"{name} = v.{name}" for name in _KEPT)}
  FROM json_populate_recordset(NULL::exchange_row, %s::json) AS v WHERE r.id = v.id
"""  # noqa: S608


@intake
def keep(rows: Sequence[Row]) -> None:
    """What became of these rows."""
    said = [{"id": row.pk} | {name: getattr(row, name) for name in _KEPT} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps(said, default=str, ensure_ascii=False)])


@intake
def lives(found: Import) -> None:
    """Its job has just done something."""
    Import.objects.filter(pk=found.pk).update(moved_at=clock.now())


@intake
def move_export(export: Export, done: int, of: int) -> None:
    """So many of its parts are written."""
    Export.objects.filter(pk=export.pk).update(done=done, of_parts=of, moved_at=clock.now())


@intake
def correct(row: Row, cells: list[str], said: dict) -> None:
    """Other cells for a row, and answers for it alone. A cell that was written is no unread formula any more."""
    row.unread = [i for i in row.unread if i < len(row.cells) and cells[i] == row.cells[i]]
    row.cells, row.said = cells, said
    row.save(update_fields=["cells", "unread", "said"])


@intake
def leave_out(row: Row) -> None:
    """A row that a person does not want."""
    Row.objects.filter(pk=row.pk, state=Row.State.FIX).update(state=Row.State.LEFT)


@intake
def take_in(row: Row) -> None:
    """A row that was left out waits to be mended again."""
    Row.objects.filter(pk=row.pk, state=Row.State.LEFT).update(state=Row.State.FIX)


@intake
def remember(workspace: Workspace, signature: str, answers: Answers) -> None:
    """How files with these headings are read from now on."""
    Mapping.objects.update_or_create(
        workspace=workspace,
        signature=signature,
        defaults={"answers": answers.kept(), "used_at": clock.now()},
    )
