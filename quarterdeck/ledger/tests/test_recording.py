"""`record` writes one event into the caller's transaction, or refuses with a reason."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import rfc8785
from django.db import IntegrityError, connection, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.engines.merkle import leaf_hash
from quarterdeck.ledger import kinds, leaf, reads
from quarterdeck.ledger.models import Payload, Pending, Subject
from quarterdeck.ledger.recording import NotRecordable

pytestmark = pytest.mark.django_db


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


def who_acted(event_id: uuid.UUID) -> str:
    return reads.told_by([event_id])[event_id]["by"][1]


@pytest.fixture(autouse=True)
def _kinds(declared):
    pass


@dataclass
class Member(Person):
    ledger_name: str = "ledger.member"
    ledger_is_person: bool = True


@pytest.fixture
def world():
    workspace = ids.new()
    ledger.open_log(workspace)
    return Person(workspace), Thing(workspace)


def test_a_recorded_event_is_pending_with_its_leaf_and_its_fields(world):
    actor, thing = world
    receipt = ledger.record(
        "ledger.thing.done", actor=actor, about=thing, fields={"state": "ready", "words": "Grüße, “Ada”"}
    )
    pending = Pending.objects.get(event_id=receipt.event_id)
    assert receipt.leaf_hash == leaf_hash(bytes(pending.leaf))
    said = leaf.read(pending.leaf)
    assert said["k"] == "ledger.thing.done"
    assert said["o"] == ["ledger.thing", str(thing.pk), 3]
    assert (said["a"], said["v"]) == ("guest", 2)  # without a role: nobody with an account
    assert set(said["c"]) == {"state", "words", "by"}
    pseudonym = str(Subject.objects.get(person_id=actor.pk).pseudonym)
    assert pseudonym.encode() not in bytes(pending.leaf)
    told = reads.disclose(receipt.event_id, ["by"])[0]
    assert told["value"] == pseudonym
    assert reads.discloses(bytes(pending.leaf), told)
    assert reads.fields_of([receipt.event_id])[receipt.event_id] == {
        "state": "ready",
        "words": "Grüße, “Ada”",
    }
    assert rfc8785.dumps(said) == bytes(pending.leaf)
    assert Payload.objects.filter(event_id=receipt.event_id).count() == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses(world):
    actor, thing = world
    with pytest.raises(NotRecordable, match="inside the transaction"):
        ledger.record("ledger.thing.done", actor=actor, about=thing)


@pytest.mark.parametrize(
    ("kind", "fields"), [("ledger.thing.undeclared", {}), ("ledger.thing.done", {"undeclared": 1})]
)
def test_undeclared_kinds_and_fields_are_refused(world, kind, fields):
    actor, thing = world
    with pytest.raises(NotRecordable):
        ledger.record(kind, actor=actor, about=thing, fields=fields)
    assert not Pending.objects.exists()


def test_an_actor_of_another_workspace_is_refused_and_the_machine_is_not(world):
    _, thing = world
    with pytest.raises(NotRecordable, match="different workspaces"):
        ledger.record("ledger.thing.done", actor=Person(ids.new()), about=thing)
    receipt = ledger.record("ledger.thing.done", actor=ledger.system(thing.workspace_id), about=thing)
    assert leaf.read(Pending.objects.get(event_id=receipt.event_id).leaf)["a"] == "system"


@pytest.mark.parametrize("role", ["owner", "lead", "author", "approver", "analyst", "observer"])
def test_the_leaf_says_the_role_that_the_actor_had_then(world, role):
    actor, thing = world
    actor.role = role
    receipt = ledger.record("ledger.thing.done", actor=actor, about=thing)
    actor.role = "observer"
    assert leaf.read(Pending.objects.get(event_id=receipt.event_id).leaf)["a"] == role
    assert reads.history(thing)[0].by == reads.BY_ROLE[role]
    assert reads.history(thing, actor)[0].by == "You"
    assert not reads.history(thing, Person(actor.workspace_id))[0].mine


def test_two_events_of_one_person_and_two_about_one_have_nothing_in_common(world):
    """What stays the same from event to event could be followed: only the role, the kind and the object may."""
    actor, _ = world
    bo = Member(actor.workspace_id)
    for _ in range(2):
        ledger.record("ledger.thing.done", actor=actor, about=bo, fields={"words": "a word"})
    one, two = (bytes(found.leaf).decode() for found in Pending.objects.all())
    parts = set(re.findall(r"[0-9a-f-]{36}|[A-Za-z0-9+/]{43}=", one))
    assert len(parts) == 4  # the event’s id, which stands for the person too, and three commitments
    assert not parts & set(re.findall(r"[0-9a-f-]{36}|[A-Za-z0-9+/]{43}=", two))
    assert [item.about_id for item in reads.history(bo)] == [item.event_id for item in reads.history(bo)]
    assert len(reads.history(bo)) == 2
    assert reads.history(Member(actor.workspace_id)) == []
    told = {
        one["field"]: one["value"] for one in reads.disclose(reads.history(bo)[0].event_id, ["by", "whom"])
    }
    assert told["whom"] == str(Subject.objects.get(person_id=bo.pk).pseudonym) != told["by"]


def test_entries_of_version_1_are_read_as_before_and_name_nobody(world):
    actor, thing = world
    pseudonym = uuid.uuid4()
    Subject.objects.create(pseudonym=pseudonym, workspace_id=actor.workspace_id, person_id=actor.pk)
    bo = uuid.uuid4()
    member = Member(actor.workspace_id)
    Subject.objects.create(pseudonym=bo, workspace_id=actor.workspace_id, person_id=member.pk)
    for name, row in (("ledger.thing", thing.pk), ("ledger.member", bo)):
        event_id = ids.new()
        old = (
            f'{{"a":"{pseudonym}","c":{{}},"e":"{event_id}","k":"ledger.thing.done","o":["{name}","{row}",0],'
            f'"t":1767225600,"v":1}}'
        )
        Pending.objects.create(
            event_id=event_id,
            workspace_id=thing.workspace_id,
            kind="ledger.thing.done",
            about_type=name,
            about_id=row,
            recorded_at=1767225600,
            leaf=old.encode(),
        )
    assert [(item.actor, item.by) for item in reads.history(thing)] == [("member", "A member")]
    assert [item.when.year for item in reads.history(member)] == [2026]


def test_a_room_cannot_declare_what_the_ledger_says_itself():
    for name in ("by", "whom"):
        with pytest.raises(ValueError, match="ledger itself"):
            kinds.declare(kinds.Event("ledger.thing.named", {name: kinds.plain()}, "Named"))


def test_many_rows_are_asked_in_as_many_questions_as_one(world, django_assert_num_queries):
    actor, thing = world
    things = [Thing(thing.workspace_id) for _ in range(3)]
    for one in things:
        ledger.record("ledger.thing.done", actor=actor, about=one)
    with django_assert_num_queries(6):
        found = reads.histories(
            [("ledger.thing", [one.pk for one in things[:2]]), ("ledger.other", [things[2].pk])],
            actor,
            workspace_id=thing.workspace_id,
        )
    assert [item.about_id for item in found] == [things[1].pk, things[0].pk]
    assert all(item.mine for item in found)


def test_a_workspace_without_a_log_is_refused_and_the_installation_opens_its_own():
    stranger = ids.new()
    with pytest.raises(ledger.NoLog):
        ledger.record("ledger.thing.done", actor=Person(stranger), about=Thing(stranger))
    receipt = ledger.record(
        "ledger.thing.done", actor=ledger.system(ledger.INSTALLATION.workspace_id), about=ledger.INSTALLATION
    )
    assert Pending.objects.filter(event_id=receipt.event_id).exists()


def test_opening_a_log_twice_changes_nothing_and_a_demo_says_so_in_its_origin():
    from quarterdeck.ledger.models import Log

    workspace = ids.new()
    ledger.open_log(workspace, demo=True)
    ledger.open_log(workspace)
    log = Log.objects.get(workspace_id=workspace)
    assert log.demo
    assert "/demo/ledger/" in log.origin


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800", datetime(2026, 1, 1)])  # noqa: DTZ001
def test_values_without_a_canonical_form_are_refused(world, value):
    actor, thing = world
    with pytest.raises((ValueError, UnicodeError)):
        ledger.record("ledger.thing.done", actor=actor, about=thing, fields={"state": value})


@pytest.mark.parametrize("value", [1.5, [1], {"a": 1}, b"bytes"])
def test_values_of_other_types_are_refused(world, value):
    actor, thing = world
    with pytest.raises(TypeError):
        ledger.record("ledger.thing.done", actor=actor, about=thing, fields={"state": value})


def test_a_person_keeps_one_pseudonym_and_a_rolled_back_one_is_forgotten(world):
    actor, thing = world

    def pseudonym() -> str:
        receipt = ledger.record("ledger.thing.done", actor=actor, about=thing)
        return who_acted(receipt.event_id)

    try:
        with transaction.atomic():
            lost = pseudonym()
            raise RuntimeError("the verb failed")
    except RuntimeError:
        pass
    kept = pseudonym()
    assert kept != lost
    assert pseudonym() == kept
    assert str(actor.pk) != kept


def test_a_cause_is_written_as_the_leaf_hash_of_what_it_answers(world):
    actor, thing = world
    first = ledger.record("ledger.thing.done", actor=actor, about=thing)
    for cause in (first, first.leaf_hash, first.event_id):
        answer = ledger.record("ledger.thing.done", actor=actor, about=thing, cause=cause)
        said = leaf.read(Pending.objects.get(event_id=answer.event_id).leaf)
        assert said["p"] == leaf.b64encode(first.leaf_hash).decode()
    with pytest.raises(NotRecordable):
        ledger.record("ledger.thing.done", actor=actor, about=thing, cause=ids.new())


def test_an_event_id_is_used_once(world):
    actor, thing = world
    event_id = ids.new()
    assert (
        ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=event_id).event_id == event_id
    )
    with pytest.raises(Exception, match="event_id"), transaction.atomic():
        ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=event_id)


def test_many_are_recorded_in_order_and_counted_for_the_verb(world, monkeypatch):
    from quarterdeck.core import verbs

    actor, thing = world
    before = verbs._recorded.get()
    receipts = ledger.record_many(
        [ledger.Record("ledger.thing.done", actor, thing, {"state": n}) for n in range(5)]
    )
    assert verbs._recorded.get() == before + 5
    written = list(Pending.objects.order_by("id").values_list("event_id", flat=True))
    assert written == [r.event_id for r in receipts]


def test_many_are_recorded_once_each_when_one_pseudonym_was_rolled_back(world):
    actor, thing = world
    lost = Person(actor.workspace_id)
    ledger.record("ledger.thing.done", actor=actor, about=thing)
    try:
        with transaction.atomic():
            ledger.record("ledger.thing.done", actor=lost, about=thing)
            raise RuntimeError("the verb failed")
    except RuntimeError:
        pass
    receipts = ledger.record_many(
        [ledger.Record("ledger.thing.done", one, thing, {"state": "x"}) for one in (actor, lost, actor)]
    )
    rows = Pending.objects.order_by("id").values_list("event_id", flat=True)[1:]
    assert list(rows) == [receipt.event_id for receipt in receipts]
    first, second, third = (who_acted(event_id) for event_id in rows)
    assert first == third != second
    assert second == str(Subject.objects.get(person_id=lost.pk).pseudonym)


def test_the_statement_is_prepared_once_and_outlives_an_error(world):
    actor, thing = world
    event_id = ids.new()
    ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=event_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.record("ledger.thing.done", actor=actor, about=thing, event_id=event_id)
    for _ in range(8):  # past the number of runs after which the server plans for all arguments alike
        ledger.record("ledger.thing.done", actor=ledger.system(thing.workspace_id), about=thing)
        ledger.record("ledger.thing.done", actor=actor, about=thing, fields={"words": "a word"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%ledger_record%'")
        assert cursor.fetchone() == (1,)
    assert Pending.objects.count() == 17


def test_the_time_is_the_clocks_in_whole_seconds(world):
    actor, thing = world
    instant = datetime(2031, 5, 1, 12, 0, 0, 900_000, tzinfo=UTC)
    with clock.at(instant):
        receipt = ledger.record("ledger.thing.done", actor=actor, about=thing)
    assert Pending.objects.get(event_id=receipt.event_id).recorded_at == int(instant.timestamp())
    receipt = ledger.record("ledger.thing.done", actor=actor, about=thing)
    said = leaf.read(Pending.objects.get(event_id=receipt.event_id).leaf)
    assert abs(said["t"] - clock.now().timestamp()) < 60
