"""A migration operation: from here on a table changes only in a transaction that records an event.

A deferred constraint trigger asks at commit whether the row's `ledger_event_id` was recorded by this very
transaction (`pg_current_xact_id()`), so that even raw SQL cannot change state silently. It is a guard rail: a
database superuser can take it down. The evidence is the signed tree.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations.operations.base import Operation


class Protect(Operation):
    """Protect `table`. An INSERT must name an event of its own transaction in `ledger_event_id`; so must an UPDATE
    that changes one of `columns` (default: any column). A DELETE needs an event about the row's `pk`.

    Name only the columns that carry state when a table also keeps leases and attempts.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, columns: Sequence[str] = (), pk: str = "id") -> None:
        self.table = table
        self.columns = list(columns)
        self.pk = pk

    def deconstruct(self):
        return (type(self).__qualname__, [self.table], {"columns": self.columns, "pk": self.pk})

    def state_forwards(self, app_label, state) -> None:
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for statement in self.statements():
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for when in ("insert", "update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self._name(when)} ON {_quoted(self.table)}")

    def describe(self) -> str:
        return f"Let {self.table} change only together with a ledger event"

    def statements(self) -> list[str]:
        if self.columns:
            columns = [*self.columns, "ledger_event_id"]
            old = ", ".join(f"OLD.{_quoted(c)}" for c in columns)
            new = ", ".join(f"NEW.{_quoted(c)}" for c in columns)
            changed = f"ROW({old}) IS DISTINCT FROM ROW({new})"
        else:
            changed = "OLD.* IS DISTINCT FROM NEW.*"
        return [
            self._trigger("insert", "", "ledger_row_has_event()"),
            self._trigger("update", f"WHEN ({changed})", "ledger_row_has_event()"),
            self._trigger("delete", "", f"ledger_deletion_has_event('{self.pk}')"),
        ]

    def _trigger(self, when: str, condition: str, function: str) -> str:
        return (
            f"CREATE CONSTRAINT TRIGGER {self._name(when)} AFTER {when.upper()} ON {_quoted(self.table)} "
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {condition} EXECUTE FUNCTION {function}"
        )

    def _name(self, when: str) -> str:
        return _quoted(f"{self.table}_{when}_has_event")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
