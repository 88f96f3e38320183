"""The verb that `bench ledger` measures, once with its event and once without: what the smallest acts of the house
do. In one durable transaction, through Django's models, it locks a row, changes it, and adds a row that says so.

The recorded one works on tables that are protected as the house's are: at commit a trigger asks for the event of
each changed row. Its counterpart works on equal tables without triggers. `bare` is the harshest measure: a single
INSERT by hand, which no verb of the house is.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import connection, models, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.ledger.protect import Protect

FIELDS = {"state": "approved", "note": "The price is right now; thank you for looking twice.", "version": 3}
EACH = 20  # rows of one writer: no two writers wait for one row

ledger.declare(
    ledger.Event(
        "bench.thing.done",
        {"state": ledger.plain(), "note": ledger.personal(), "version": ledger.plain()},
        "Done",
    )
)


@dataclass(frozen=True)
class Actor:
    pk: uuid.UUID
    workspace_id: uuid.UUID


class _Thing(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new)
    workspace_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=20, default="drafted")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    ledger_event_id = models.UUIDField()

    ledger_name = "bench.thing"

    class Meta:
        abstract = True


class _Step(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new)
    thing_id = models.UUIDField(db_index=True)
    member_id = models.UUIDField()
    note = models.TextField()
    at = models.DateTimeField()
    ledger_event_id = models.UUIDField()

    class Meta:
        abstract = True


class FreeThing(_Thing):
    class Meta:
        app_label = "ledger"


class FreeStep(_Step):
    class Meta:
        app_label = "ledger"


class Thing(_Thing):
    class Meta:
        app_label = "ledger"


class Step(_Step):
    class Meta:
        app_label = "ledger"


TABLES = {True: (Thing, Step), False: (FreeThing, FreeStep)}


def set_up() -> None:
    """Make the tables, and protect those of the recorded verb."""
    with connection.schema_editor() as editor:
        for pair in TABLES.values():
            for model in pair:
                editor.create_model(model)
    with connection.cursor() as cursor:
        for model in TABLES[True]:
            for statement in Protect(model._meta.db_table).statements():
                cursor.execute(statement)
        cursor.execute("CREATE TABLE bench_bare (id uuid PRIMARY KEY, state text, event_id uuid)")


def take_down() -> None:
    with connection.schema_editor() as editor:
        for pair in TABLES.values():
            for model in pair:
                editor.delete_model(model)
        editor.execute("DROP TABLE bench_bare")


class Writer:
    """One member with some rows of their own, in both kinds of table."""

    def __init__(self, workspace_id: uuid.UUID) -> None:
        self.actor = Actor(uuid.uuid4(), workspace_id)
        self._next = 0
        with transaction.atomic():
            event_id = ids.new()
            self.things = {
                recorded: model.objects.bulk_create(
                    [model(workspace_id=workspace_id, ledger_event_id=event_id) for _ in range(EACH)]
                )
                for recorded, (model, _) in TABLES.items()
            }
            self._record(self.things[True][0], event_id)

    def act(self, *, recorded: bool) -> uuid.UUID:
        """One verb; the id of its event."""
        things, steps = TABLES[recorded]
        self._next = (self._next + 1) % EACH
        event_id = ids.new()
        with transaction.atomic():
            thing = things.objects.select_for_update().get(
                pk=self.things[recorded][self._next].pk, workspace_id=self.actor.workspace_id
            )
            thing.state = "approved"
            thing.version += 1
            thing.changed_at = clock.now()
            thing.ledger_event_id = event_id
            thing.save(update_fields=["state", "version", "changed_at", "ledger_event_id"])
            steps.objects.create(
                thing_id=thing.pk,
                member_id=self.actor.pk,
                note=FIELDS["note"],
                at=thing.changed_at,
                ledger_event_id=event_id,
            )
            if recorded:
                self._record(thing, event_id)
        return event_id

    def bare(self, *, recorded: bool) -> uuid.UUID:
        """One INSERT by hand, with or without an event."""
        event_id = ids.new()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bench_bare VALUES (%s, 'approved', %s)", [ids.new(), event_id])
            if recorded:
                self._record(self.things[True][0], event_id)
        return event_id

    def _record(self, thing: _Thing, event_id: uuid.UUID) -> None:
        ledger.record("bench.thing.done", actor=self.actor, about=thing, fields=FIELDS, event_id=event_id)
