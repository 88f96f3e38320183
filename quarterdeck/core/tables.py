"""A migration operation: many tables at once.

Each `CreateModel` by itself lets Django build anew every model that is related to the new one, over any number of
steps; where nearly all are related, as here by the workspace, that grows with the square of their number and was
three quarters of the time of a first start. Here they are built once for all tables of a room.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class Tables(Operation):
    """The same as its CreateModel operations one after the other: a table may point to those before it."""

    category = OperationCategory.ADDITION

    def __init__(self, tables: list[CreateModel]) -> None:
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__qualname__, [self.tables], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # The models as they were built, if they were: the state builds them again when it is next asked for them.
        state.__dict__.pop("apps", None)
        for one in self.tables:
            one.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for one in self.tables:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for one in reversed(self.tables):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        return any(one.references_model(name, app_label) for one in self.tables)

    def describe(self) -> str:
        return "Create the tables " + ", ".join(one.name for one in self.tables)
