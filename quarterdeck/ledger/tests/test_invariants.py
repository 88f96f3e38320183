"""The ledger's invariants, I1 to I9, each by its name."""

from __future__ import annotations

import random
import threading
import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.engines import merkle, notes
from quarterdeck.ledger import kinds, leaf, reads, sequencer, signing, tree, verbs
from quarterdeck.ledger.models import Checkpoint, Entry, Log, Payload, Pending, Subject, SubjectKey
from quarterdeck.ledger.protect import Protect
from quarterdeck.ledger.tests import world
from quarterdeck.ledger.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("declared")]


@contextmanager
def protected_table(columns=()):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE ledger_test_ship (id uuid PRIMARY KEY, state text, lease int, ledger_event_id uuid NOT NULL)"
        )
        for statement in Protect("ledger_test_ship", columns=columns).statements():
            cursor.execute(statement)
        try:
            yield cursor
        finally:
            cursor.execute("DROP TABLE ledger_test_ship")


def launch(cursor, thing, event_id):
    cursor.execute("INSERT INTO ledger_test_ship VALUES (%s, 'new', 0, %s)", [thing.pk, event_id])


def test_i1_a_protected_row_changes_only_with_an_event_of_its_own_transaction():
    actor, thing = world.people()
    with protected_table(columns=["state"]) as cursor:
        with pytest.raises(IntegrityError, match="without an event"), transaction.atomic():
            launch(cursor, thing, ids.new())
        event_id = ids.new()
        with transaction.atomic():
            launch(cursor, thing, event_id)
            ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=event_id)
        for raw in (
            "UPDATE ledger_test_ship SET state = 'sunk'",  # no event
            f"UPDATE ledger_test_ship SET state = 'sunk', ledger_event_id = '{ids.new()}'",  # an invented one
            "DELETE FROM ledger_test_ship",
        ):
            with pytest.raises(IntegrityError, match="without an event"), transaction.atomic():
                cursor.execute(raw)
        cursor.execute("UPDATE ledger_test_ship SET lease = 1")  # bookkeeping, not state
        with transaction.atomic():
            again = ids.new()
            cursor.execute("UPDATE ledger_test_ship SET state = 'sailing', ledger_event_id = %s", [again])
            with transaction.atomic():  # a savepoint inside the verb is still its transaction
                ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=again)
        with transaction.atomic():
            cursor.execute("DELETE FROM ledger_test_ship")
            ledger.record("ledger.thing.done", actor=actor, about=thing)
    assert Pending.objects.count() == 3


def test_i1_an_event_of_an_earlier_transaction_does_not_cover_a_later_change():
    actor, thing = world.people()
    with protected_table() as cursor:
        event_id = ids.new()
        with transaction.atomic():
            launch(cursor, thing, event_id)
            ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=event_id)
        with pytest.raises(IntegrityError, match="without an event"), transaction.atomic():
            cursor.execute("UPDATE ledger_test_ship SET lease = 2")  # every column is state here
        sequencer.sequence_all()
        with pytest.raises(IntegrityError, match="without an event"), transaction.atomic():
            cursor.execute("UPDATE ledger_test_ship SET lease = 2")


class Crash(Exception):
    pass


def storm(writers: int, each: int) -> tuple[uuid.UUID, dict[uuid.UUID, list[uuid.UUID]]]:
    """Writers that sometimes roll back, beside two sequencers that sometimes crash between two statements."""
    workspace = world.workspace()
    committed: dict[uuid.UUID, list[uuid.UUID]] = {}
    errors: list[BaseException] = []
    done = threading.Event()

    def write(seed: int) -> None:
        rng = random.Random(seed)
        actor, thing = world.people(workspace)
        mine = committed.setdefault(thing.pk, [])
        for _ in range(each):
            try:
                with transaction.atomic():
                    receipts = ledger.record_many(
                        [ledger.Record("ledger.thing.done", actor, thing, {"state": 1})] * rng.randint(1, 3)
                    )
                    if rng.random() < 0.2:
                        raise Crash
                mine += [r.event_id for r in receipts]
            except Crash:
                pass

    def sequence(seed: int) -> None:
        rng = random.Random(seed)

        def maybe(execute, sql, params, many, context):
            if rng.random() < 0.03:
                raise Crash
            return execute(sql, params, many, context)

        connection.ensure_connection()  # the wrapper below must be the last one on the stack
        while not done.is_set() or sequencer.anything_pending():
            try:
                with connection.execute_wrapper(maybe):
                    sequencer.sequence_once(limit=7)
            except Crash:
                pass

    def guarded(work, seed):
        try:
            work(seed)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    sequencers = [threading.Thread(target=guarded, args=(sequence, 100 + i)) for i in range(2)]
    authors = [threading.Thread(target=guarded, args=(write, i)) for i in range(writers)]
    for thread in [*sequencers, *authors]:
        thread.start()
    for thread in authors:
        thread.join()
    done.set()
    for thread in sequencers:
        thread.join()
    assert errors == []
    return workspace, committed


def test_i2_the_log_is_dense_and_complete_whoever_writes_rolls_back_or_crashes():
    workspace, committed = storm(writers=4, each=25)
    log = reads.open_log(workspace)
    entries = list(Entry.objects.filter(log=log).order_by("seq"))
    assert [e.seq for e in entries] == list(range(log.size))
    assert Counter(e.event_id for e in entries) == Counter(i for mine in committed.values() for i in mine)
    for thing, mine in committed.items():
        assert [e.event_id for e in entries if e.about_id == thing] == mine, "a writer's order was lost"
    assert not Pending.objects.exists()
    assert verify(log).findings == []


def test_i3_every_signed_checkpoint_is_the_root_of_its_prefix():
    actor, thing = world.people()
    for count in (1, 1, 255, 300, 7):
        log = world.signed(actor, thing, count)
    hashes = [
        bytes(h) for h in Entry.objects.filter(log=log).order_by("seq").values_list("leaf_hash", flat=True)
    ]
    checkpoints = list(Checkpoint.objects.filter(log=log).order_by("size"))
    assert [c.size for c in checkpoints] == [1, 2, 257, 557, 564]
    for one in checkpoints:
        said = notes.open_checkpoint(one.note, signing.keys_of(log), log.origin)
        assert (said.size, said.root) == (one.size, bytes(one.root))
        assert merkle.root(hashes[: one.size]) == said.root
    for old, new in zip(checkpoints, checkpoints[1:], strict=False):
        proof = tree.consistency(log.pk, old.size, new.size)
        merkle.verify_consistency(old.size, new.size, proof, bytes(old.root), bytes(new.root))


def forget_after(log: Log, size: int) -> None:
    """What restoring a backup taken at `size` does to the database; the files outside it stay."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM ledger_entry WHERE log_id = %s AND seq >= %s", [log.pk, size])
        cursor.execute("DELETE FROM ledger_checkpoint WHERE log_id = %s AND size > %s", [log.pk, size])
        cursor.execute("UPDATE ledger_log SET size = %s WHERE id = %s", [size, log.pk])
        for table in ("ledger_entry", "ledger_checkpoint"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    from quarterdeck.ledger.verify import rebuild_tiles

    rebuild_tiles(log)


@pytest.mark.parametrize("after", [0, 9])
def test_i4_after_an_older_backup_nothing_is_signed_until_a_new_epoch(after):
    """`after`: events recorded since the restore, fewer or more than were lost."""
    actor, thing = world.people()
    log = world.signed(actor, thing, 5)
    log = world.signed(actor, thing, 3)
    forget_after(log, 5)
    assert verify(log).findings, "the checkpoint outside the database is larger"
    world.act(actor, thing, max(after, 1))
    sequencer.sequence_all()
    (reason,) = sequencer.sign_all()
    assert "new-epoch" in reason
    assert ("restored" in reason) or ("changed" in reason)
    log.refresh_from_db()
    assert log.stopped_because == reason
    assert Checkpoint.objects.filter(log=log).count() == 1, "nothing was signed"
    world.act(actor, thing)
    assert sequencer.sequence_all() == 1, "recording goes on"

    lost = signing.read_outside(log)
    old_root = tree.root(log.pk, log.size + 1)
    new = verbs.open_epoch(thing.workspace_id, by=actor)
    log.refresh_from_db()
    assert log.closed_at
    assert (new.epoch, new.size) == (2, 1)
    first = Entry.objects.get(log=new, seq=0)
    said = reads.fields_of([first.event_id])[first.event_id]
    assert said["old_size"] == log.size
    assert said["old_root"] == leaf.b64encode(old_root).decode()
    assert (said["outside_size"], said["outside_root"]) == (8, leaf.b64encode(lost.root).decode())
    world.signed(actor, thing)
    assert verify(new).findings == []
    assert Log.objects.get(pk=new.pk).stopped_because == ""


def test_i4_an_event_that_waits_while_an_epoch_ends_goes_behind_the_new_ones_head():
    actor, thing = world.people()
    world.signed(actor, thing, 2)
    waiting, go = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            ledger.record("ledger.thing.done", actor=actor, about=thing)
            waiting.set()
            go.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    waiting.wait(20)
    new = verbs.open_epoch(thing.workspace_id, by=world.Person(thing.workspace_id))
    go.set()
    thread.join()
    sequencer.sequence_all()
    kinds_there = Entry.objects.filter(log=new).order_by("seq").values_list("kind", flat=True)
    assert list(kinds_there) == ["ledger.epoch.opened", "ledger.thing.done"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entry SET sequenced_at = 0",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "UPDATE ledger_checkpoint SET size = 9",
        "DELETE FROM ledger_checkpoint",
        "TRUNCATE ledger_checkpoint",
    ],
)
def test_i5_entries_and_checkpoints_are_only_added(sql):
    actor, thing = world.people()
    world.signed(actor, thing)
    with pytest.raises(DatabaseError, match="only ever added"), connection.cursor() as cursor:
        cursor.execute(sql)


def test_i6_erasing_a_person_keeps_every_proof():
    actor, thing = world.people()
    other = world.Person(thing.workspace_id)
    world.act(actor, thing, words="Ada wrote this", state="ready")
    world.act(other, thing, words="Grace wrote this")
    log = world.signed(actor, thing, words="and this")
    entries = list(Entry.objects.filter(log=log).order_by("seq"))
    proofs = [reads.prove(entry) for entry in entries]
    leaves_before = [bytes(e.leaf) for e in entries]
    pseudonym = Subject.objects.get(person_id=actor.pk).pseudonym

    verbs.erase(thing.workspace_id, actor.pk, by=other, legal_basis="GDPR Art. 17(1)(a)")

    assert not Subject.objects.filter(person_id=actor.pk).exists()
    assert not SubjectKey.objects.filter(pseudonym=pseudonym).exists()
    assert not Payload.objects.filter(subject=pseudonym).exists()
    said = reads.fields_of([e.event_id for e in entries])
    assert said[entries[0].event_id] == {"state": "ready"}
    assert said[entries[1].event_id] == {"words": "Grace wrote this"}
    assert entries[2].event_id not in said
    assert "by" not in reads.told_by([entries[0].event_id])[entries[0].event_id]  # who acted is gone with it
    log = world.signed(other, thing)
    assert verify(log).findings == []
    assert [bytes(e.leaf) for e in Entry.objects.filter(log=log, seq__lt=3).order_by("seq")] == leaves_before
    for entry, proof in zip(entries, proofs, strict=True):
        proof.verify(bytes(entry.leaf), signing.keys_of(log), log.origin)
    erased = Entry.objects.get(log=log, kind="ledger.payload.erased")
    assert str(pseudonym).encode() not in bytes(erased.leaf)


WORDS = st.text(alphabet=st.characters(codec="utf-8"), min_size=4, max_size=60)
VALUES = st.one_of(WORDS, st.integers(10**6, 2**53 - 1), st.datetimes(timezones=st.just(UTC)))


def test_i7_no_word_of_any_kind_reaches_a_leaf():
    """For every kind that any room declares: the leaf holds declared names, ids, numbers and hashes, no more."""
    actor, thing = world.people()
    allowed = leaf_shape()

    @given(st.sampled_from(sorted(kinds.KINDS)), st.data())
    @settings(max_examples=settings().max_examples * 2)
    def every(kind, data):
        fields = {name: data.draw(VALUES) for name in kinds.KINDS[kind].fields}
        with transaction.atomic():
            receipt = ledger.record(kind, actor=actor, about=thing, fields=fields)
            said = bytes(Pending.objects.get(event_id=receipt.event_id).leaf).decode("ascii")
            transaction.set_rollback(True)
        assert allowed.fullmatch(said), said
        assert str(actor.pk) not in said
        names = set(leaf.read(said.encode())["c"])
        assert names == {*kinds.KINDS[kind].fields, "by"}

    every()


def leaf_shape():
    import re

    uid = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    sha = r"[A-Za-z0-9+/]{43}="
    return re.compile(
        rf'{{"a":"[a-z]{{2,20}}","c":{{(?:"[a-z][a-z0-9_]*":"{sha}",?)*}},"e":"{uid}","k":"[a-z_]+(?:\.[a-z_]+){{2}}",'
        rf'"o":\["[a-z_.]+","{uid}",\d+\],(?:"p":"{sha}",)?"t":\d+,"v":2}}'
    )


def test_i7_the_same_words_twice_have_different_commitments():
    actor, thing = world.people()
    world.act(actor, thing, 2, state="yes")
    one, two = (leaf.read(p.leaf)["c"]["state"] for p in Pending.objects.all())
    assert one != two


def test_i8_the_loop_places_and_signs_what_is_recorded_while_it_runs(monkeypatch):
    monkeypatch.setattr(sequencer, "SIGN_SECONDS", 0.1)
    actor, thing = world.people()
    stop = threading.Event()
    loop = threading.Thread(target=sequencer.Sequencer().run, args=(stop,))
    loop.start()
    try:
        for _ in range(3):
            world.act(actor, thing)
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while datetime.now(UTC) < deadline:
            newest = Checkpoint.objects.order_by("-size").first()
            if newest and newest.size == 3:
                break
            stop.wait(0.05)
    finally:
        stop.set()
        loop.join()
    assert newest
    assert newest.size == 3


def test_i9_the_logs_clock_never_runs_backwards_whatever_the_machines_does():
    actor, thing = world.people()
    noon = datetime(2031, 5, 1, 12, tzinfo=UTC)
    for shift in (0, -3600, 7200, -86400, 30):
        with clock.at(noon + timedelta(seconds=shift)):
            world.act(actor, thing)
            sequencer.sequence_all()
    world.act(actor, thing)  # the machine's own clock, years before
    sequencer.sequence_all()
    log = reads.open_log(thing.workspace_id)
    entries = list(Entry.objects.filter(log=log).order_by("seq"))
    clocks = [e.sequenced_at for e in entries]
    assert clocks == sorted(clocks)
    assert all(e.recorded_at <= e.sequenced_at for e in entries)
    assert entries[-1].recorded_at >= clocks[-2], "an unmoved clock never records before the log's own"
    assert verify(log).findings == []
