"""What the ledger's tests act on: objects without a table, since the ledger needs only their names."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db import connection, transaction

from quarterdeck import ledger
from quarterdeck.core import ids
from quarterdeck.ledger import reads, sequencer
from quarterdeck.ledger.models import Log


@dataclass
class Thing:
    workspace_id: uuid.UUID
    pk: uuid.UUID = field(default_factory=ids.new)
    version: int = 3
    ledger_name: str = "ledger.thing"


@dataclass
class Person:
    workspace_id: uuid.UUID
    pk: uuid.UUID = field(default_factory=ids.new)
    ledger_name: str = "ledger.person"


def workspace(*, demo: bool = False) -> uuid.UUID:
    made = ids.new()
    ledger.open_log(made, demo=demo)
    return made


def people(workspace_id: uuid.UUID | None = None) -> tuple[Person, Thing]:
    workspace_id = workspace_id or workspace()
    return Person(workspace_id), Thing(workspace_id)


def act(actor: Person, thing: Thing, count: int = 1, **fields) -> list[ledger.Receipt]:
    """Record `count` events in one transaction."""
    with transaction.atomic():
        return ledger.record_many([ledger.Record("ledger.thing.done", actor, thing, fields)] * count)


def signed(actor: Person, thing: Thing, count: int = 1, **fields) -> Log:
    """Record, sequence and sign."""
    act(actor, thing, count, **fields)
    sequencer.sequence_all()
    assert sequencer.sign_all() == []
    return reads.open_log(thing.workspace_id)


def tamper(sql: str, *params) -> None:
    """Change what must not change, as a database superuser could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        assert cursor.rowcount, "nothing was changed"
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
