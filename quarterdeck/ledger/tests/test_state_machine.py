"""The invariants under any sequence of acts and accidents, against a short model of what must be true.

Steps: record, roll back, lose the connection, sequence, crash while sequencing, sign, erase, back up, restore an older
backup, open an epoch, tamper with a row. What lies outside the database (the newest checkpoint, the list of erasures,
whatever was signed and given away) survives a restore, as it does in life.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quarterdeck import ledger
from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.engines import merkle, notes
from quarterdeck.ledger import erasures, reads, restored, sequencer, signing, verbs
from quarterdeck.ledger.models import Checkpoint, Entry, Log, Pending, Subject
from quarterdeck.ledger.tests import world
from quarterdeck.ledger.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("declared")]

LOGS = ("ledger_entry", "ledger_checkpoint", "ledger_tile")  # of each log
OTHERS = ("ledger_pending", "ledger_subject", "ledger_subjectkey", "ledger_payload")
TABLES = ("ledger_log", *LOGS, *OTHERS)
GUARDED = ("ledger_entry", "ledger_checkpoint")


class Crash(Exception):
    pass


@dataclass
class Said:
    words: str
    pseudonym: UUID | None


@dataclass
class Inside:
    """What the database must hold; a backup is a copy of it."""

    epochs: dict[int, list[UUID]] = field(default_factory=lambda: {1: []})  # the log's order
    pending: list[UUID] = field(default_factory=list)
    said: dict[UUID, Said] = field(default_factory=dict)
    linked: dict[UUID, UUID] = field(default_factory=dict)  # person -> pseudonym

    @property
    def epoch(self) -> int:
        return max(self.epochs)


class Life(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        _forget_backups()
        self.workspace = world.workspace()
        self.people = [world.Person(self.workspace) for _ in range(2)]
        self.thing = world.Thing(self.workspace)
        self.inside = Inside()
        self.outside: dict[int, list[UUID]] = {}  # epoch -> what the checkpoint outside covers
        self.signed: dict[
            int, list[tuple[int, bytes]]
        ] = {}  # whatever was ever signed, and may be in anybody's hands
        self.erased: set[UUID] = set()
        self.backups: list[Inside] = []
        self.counter = 0

    # --- acts ---------------------------------------------------------------------------------------------

    def _record(self, who: int, count: int) -> list[ledger.Receipt]:
        self.counter += 1
        person = self.people[who]
        fields = {"state": str(self.counter), "words": f"secret words {self.counter}"}
        return ledger.record_many([ledger.Record("ledger.thing.done", person, self.thing, fields)] * count)

    @rule(who=st.integers(0, 1), count=st.integers(1, 4), shift=st.sampled_from([0, 0, -3600, 7200]))
    def record(self, who: int, count: int, shift: int) -> None:
        with clock.at(clock.now() + timedelta(seconds=shift)), transaction.atomic():
            receipts = self._record(who, count)
        person = self.people[who].pk
        pseudonym = Subject.objects.get(workspace_id=self.workspace, person_id=person).pseudonym
        self.inside.linked[person] = pseudonym
        for receipt in receipts:
            self.inside.pending.append(receipt.event_id)
            self.inside.said[receipt.event_id] = Said(f"secret words {self.counter}", pseudonym)

    @rule(who=st.integers(0, 1), count=st.integers(1, 3))
    def roll_back(self, who: int, count: int) -> None:
        with transaction.atomic():
            self._record(who, count)
            transaction.set_rollback(True)

    @rule(who=st.integers(0, 1))
    def lose_the_connection(self, who: int) -> None:
        """The server ends the connection after the events were written and before they were committed."""
        written, killed, pids, errors = threading.Event(), threading.Event(), [], []

        def work() -> None:
            try:
                with transaction.atomic():
                    self._record(who, 2)
                    pids.append(connection.connection.info.backend_pid)
                    written.set()
                    killed.wait(20)
            except DatabaseError as lost:
                errors.append(lost)
            finally:
                written.set()
                connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        assert written.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", pids)
        killed.set()
        thread.join()
        assert errors, "the commit must have failed"

    @rule(limit=st.integers(1, 5))
    def sequence(self, limit: int) -> None:
        placed = sequencer.sequence_once(limit)
        assert placed == min(limit, len(self.inside.pending))
        self._place(placed)

    @rule(statements=st.integers(0, 7))
    def crash_while_sequencing(self, statements: int) -> None:
        left = [statements]

        def maybe(execute, sql, params, many, context):
            if left[0] == 0:
                raise Crash
            left[0] -= 1
            return execute(sql, params, many, context)

        before = Pending.objects.filter(workspace_id=self.workspace).count()
        try:
            with connection.execute_wrapper(maybe):
                sequencer.sequence_once(3)
        except Crash:
            pass
        self._place(before - Pending.objects.filter(workspace_id=self.workspace).count())

    def _place(self, count: int) -> None:
        now = self.inside
        now.epochs[now.epoch] += now.pending[:count]
        now.pending = now.pending[count:]

    @rule()
    def sign(self) -> None:
        now, log = self.inside, self._log()
        here = now.epochs[now.epoch]
        if not here:
            return
        known = self.outside.get(now.epoch, [])
        reasons = sequencer.sign_all([log.pk])
        if here[: len(known)] != known:
            assert len(reasons) == 1, "a second history would have been signed"
            return
        assert reasons == []
        newest = Checkpoint.objects.filter(log=log).latest("size")
        assert newest.size == len(here)
        self.outside[now.epoch] = list(here)
        self._given_away(self._log(), newest)

    def _given_away(self, log: Log, newest: Checkpoint) -> None:
        """I3 and I4: it is the root of its prefix, and contains whatever was ever signed under this name."""
        said = notes.open_checkpoint(newest.note, signing.keys_of(log), log.origin)
        hashes = [
            bytes(one)
            for one in Entry.objects.filter(log=log).order_by("seq").values_list("leaf_hash", flat=True)
        ]
        assert (said.size, said.root) == (len(hashes), merkle.root(hashes))
        for size, root in self.signed.setdefault(log.epoch, []):
            assert size <= said.size
            assert merkle.root(hashes[:size]) == root
        self.signed[log.epoch].append((said.size, said.root))

    @rule(who=st.integers(0, 1))
    def erase(self, who: int) -> None:
        person, other = self.people[who], self.people[1 - who]
        if person.pk not in self.inside.linked:
            with pytest.raises(NotFound):
                verbs.erase(self.workspace, person.pk, by=person, legal_basis="Art. 17")
            return
        by = other if other.pk in self.inside.linked else person
        receipt = verbs.erase(self.workspace, person.pk, by=by, legal_basis="Art. 17")
        self.erased.add(self.inside.linked.pop(person.pk))
        self.inside.pending.append(receipt.event_id)

    @precondition(lambda self: self.inside.epoch < 6)
    @rule()
    def open_an_epoch(self) -> None:
        by = next((one for one in self.people if one.pk in self.inside.linked), None)
        if by is None:
            return
        new = verbs.open_epoch(self.workspace, by=by, reason="because")
        self._place(len(self.inside.pending))
        self.inside.epochs[new.epoch] = [Entry.objects.get(log=new, seq=0).event_id]

    # --- accidents ----------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.backups) < 3)
    @rule()
    def back_up(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                kept = f"kept_{len(self.backups)}_{table}"
                self._ask(cursor, f"CREATE TABLE {kept} AS SELECT * FROM {table} WHERE {_of(table)}")
        self.backups.append(copy.deepcopy(self.inside))

    def _ask(self, cursor, sql: str) -> None:
        cursor.execute(sql, [self.workspace] * sql.count("%s"))

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.backups) - 1))
        with _unguarded() as cursor:
            for table in (*OTHERS[::-1], *LOGS, "ledger_log"):
                self._ask(cursor, f"DELETE FROM {table} WHERE {_of(table)}")
            for table in TABLES:
                cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{number}_{table}")
        self.inside = copy.deepcopy(self.backups[number])
        came_back = {person: one for person, one in self.inside.linked.items() if one in self.erased}
        assert restored.erase_again() == len(came_back)
        for person in came_back:
            del self.inside.linked[person]
        fresh = Pending.objects.filter(workspace_id=self.workspace, kind="ledger.payload.erased").order_by(
            "id"
        )
        known = set(self.inside.pending)
        self.inside.pending += [one.event_id for one in fresh if one.event_id not in known]

    # --- what happens in one go: chance alone would seldom line it up ----------------------------------------

    @rule(who=st.integers(0, 1), count=st.integers(1, 4), limit=st.integers(1, 5), signed=st.booleans())
    def a_day(self, who: int, count: int, limit: int, signed: bool) -> None:
        self.record(who=who, count=count, shift=0)
        self.sequence(limit=limit)
        if signed:
            self.sign()

    @rule(who=st.integers(0, 1), signed=st.booleans(), erased=st.booleans(), data=st.data())
    def a_backup_comes_back(self, who: int, signed: bool, erased: bool, data: st.DataObject) -> None:
        self.a_day(who=who, count=2, limit=3, signed=signed)
        if len(self.backups) < 3:
            self.back_up()
        self.a_day(who=1 - who, count=3, limit=2, signed=signed)
        if erased:
            self.erase(who=who)
        self.restore(data=data)
        self.a_day(who=who, count=1, limit=5, signed=True)

    @rule(data=st.data())
    def tamper(self, data: st.DataObject) -> None:
        """A changed row is named by its entry; then it is put right again."""
        log = self._log()
        if not log.size:
            return
        seq = data.draw(st.integers(0, log.size - 1))
        column = data.draw(st.sampled_from(["leaf", "leaf_hash"]))
        with _unguarded() as cursor:
            flipped = f"set_bit({column}, 77, 1 - get_bit({column}, 77))"
            flip = f"UPDATE ledger_entry SET {column} = {flipped} WHERE log_id = %s AND seq = %s"
            cursor.execute(flip, [log.pk, seq])
        named = {one.where for one in verify(log).findings if one.where.startswith("entry ")}
        assert named == {f"entry {seq}"}
        with _unguarded() as cursor:
            cursor.execute(flip, [log.pk, seq])
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():  # I5
            Entry.objects.filter(log=log, seq=seq).update(recorded_at=1)

    # --- what must be true --------------------------------------------------------------------------------

    def _log(self) -> Log:
        return Log.objects.get(workspace_id=self.workspace, closed_at__isnull=True)

    @invariant()
    def the_database_holds_what_the_model_says(self) -> None:
        """I1, I2, I7, I9, and I6: what was erased is unreadable, and everything else reads as it was written."""
        logs = {log.epoch: log for log in Log.objects.filter(workspace_id=self.workspace)}
        assert set(logs) == set(self.inside.epochs)
        found: dict[UUID, bytes] = {}
        for epoch, log in logs.items():
            entries = list(Entry.objects.filter(log=log).order_by("seq"))
            assert [one.seq for one in entries] == list(range(log.size))
            assert [one.event_id for one in entries] == self.inside.epochs[epoch]
            clocks = [one.sequenced_at for one in entries]
            assert clocks == sorted(clocks)
            assert all(one.recorded_at <= one.sequenced_at for one in entries)
            found |= {one.event_id: bytes(one.leaf) for one in entries}
        pending = Pending.objects.filter(workspace_id=self.workspace).order_by("id")
        assert [one.event_id for one in pending] == self.inside.pending
        found |= {one.event_id: bytes(one.leaf) for one in pending}
        told = reads.fields_of(list(self.inside.said))
        for event_id, said in self.inside.said.items():
            assert b"secret" not in found[event_id]
            expected = None if said.pseudonym in self.erased else said.words
            assert told.get(event_id, {}).get("words") == expected
            assert "state" in told[event_id]

    def teardown(self) -> None:
        while sequencer.sequence_once():  # I8: nothing is left waiting
            pass
        assert not Pending.objects.filter(workspace_id=self.workspace).exists()
        for log in Log.objects.filter(workspace_id=self.workspace):
            here = list(Entry.objects.filter(log=log).order_by("seq").values_list("event_id", flat=True))
            known = self.outside.get(log.epoch, [])
            wrong = [one for one in verify(log).findings if not one.where.endswith("outside the database")]
            assert wrong == []
            if here[: len(known)] == known:
                assert verify(log).findings == []
        _forget_backups()


def _forget_backups() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'kept\\_%%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {table}")


def _of(table: str) -> str:
    """The rows of one workspace."""
    if table in LOGS:
        return "log_id IN (SELECT id FROM ledger_log WHERE workspace_id = %s)"
    if table == "ledger_subjectkey":
        return "pseudonym IN (SELECT pseudonym FROM ledger_subject WHERE workspace_id = %s)"
    if table == "ledger_payload":
        return (
            "event_id IN (SELECT event_id FROM ledger_pending WHERE workspace_id = %s UNION ALL SELECT event_id"
            " FROM ledger_entry JOIN ledger_log l ON l.id = log_id WHERE l.workspace_id = %s)"
        )
    return "workspace_id = %s"


@contextmanager
def _unguarded() -> Iterator:
    """As a superuser who puts back a backup, or tampers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def live(examples: int, steps: int, *, same: bool) -> None:
    """`same`: the same lives each time, as every day's tests want it."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            derandomize=same,
            database=None,
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture(autouse=True)
def own_list(tmp_path, monkeypatch):
    monkeypatch.setattr(erasures, "file", lambda: tmp_path / "ledger" / "erasures")


def test_the_invariants_hold_under_any_acts_and_accidents():
    live(examples=8, steps=25, same=True)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_the_invariants_hold_for_ten_thousand_steps():
    live(examples=200, steps=50, same=False)
