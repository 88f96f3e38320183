"""Many new rows of one table as one JSON document in one statement. `bulk_create` goes through every field of every row
in Python, which costs several times what PostgreSQL does with them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model; a key that the database gives stays unknown here.

    Their values are text, numbers, truth values, ids, times, None, and what a JSON column holds; TypeError for others.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [
        field for field in model._meta.concrete_fields if not field.primary_key or rows[0].pk is not None
    ]
    names = [(field.column, field.attname) for field in fields]
    insert_values(model, [{column: getattr(row, name) for column, name in names} for row in rows])
    for row in rows:
        row._state.adding = False


def insert_values(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for rows given by the names of their columns, which are the same in all."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(column) for column in rows[0])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns}"  # noqa: S608
            f" FROM json_populate_recordset(NULL::{table}, %s::json)",
            [json.dumps(rows, default=_said, ensure_ascii=False)],
        )


def _said(value: object) -> str:
    if isinstance(value, UUID | datetime | date):
        return str(value)
    raise TypeError(f"A row cannot hold {value!r}.")
