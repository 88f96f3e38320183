"""Erasing for people: twice, while others record and the sequencer runs, and when an older backup comes back."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from quarterdeck import ledger
from quarterdeck.core.problems import Conflict, NotFound
from quarterdeck.ledger import erasures, reads, restored, sequencer, verbs
from quarterdeck.ledger.models import Entry, Payload, Subject, SubjectKey
from quarterdeck.ledger.tests import world
from quarterdeck.ledger.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("declared")]

BASIS = "GDPR Art. 17(1)(a)"


@pytest.fixture(autouse=True)
def own_file(tmp_path, monkeypatch):
    """The list of erasures outlives each test's database; here each test has its own."""
    monkeypatch.setattr(erasures, "file", lambda: tmp_path / "ledger" / "erasures")


def pseudonym(person):
    return Subject.objects.get(person_id=person.pk).pseudonym


def erase(person, by):
    return verbs.erase(person.workspace_id, person.pk, by=by, legal_basis=BASIS)


def readable(log) -> list[str]:
    said = reads.fields_of(list(Entry.objects.filter(log=log).values_list("event_id", flat=True)))
    return [one["words"] for one in said.values() if "words" in one]


def test_the_list_outside_names_no_person_and_grows_by_one_line_each():
    actor, thing = world.people()
    world.signed(actor, thing, words="mine")
    name = pseudonym(actor)
    erase(actor, by=actor)
    assert erasures.known() == [(thing.workspace_id, name)]
    text = erasures.file().read_text()
    assert str(actor.pk) not in text
    erasures.note([(thing.workspace_id, name)])
    assert erasures.file().read_text() == text


def test_erasing_twice_says_that_nothing_is_left_and_later_words_can_be_erased_too():
    actor, thing = world.people()
    other = world.Person(thing.workspace_id)
    world.signed(actor, thing, words="mine")
    erase(actor, by=other)
    with pytest.raises(NotFound, match="left no events"):
        erase(actor, by=other)
    log = world.signed(actor, thing, words="mine again")
    assert readable(log) == ["mine again"]
    erase(actor, by=other)
    assert readable(log) == []
    assert len(erasures.known()) == 2
    assert verify(world.signed(other, thing)).findings == []


def test_what_waits_for_its_place_is_erased_too():
    actor, thing = world.people()
    other = world.Person(thing.workspace_id)
    world.act(actor, thing, 3, words="mine")
    erase(actor, by=other)
    log = world.signed(other, thing, words="theirs")
    assert readable(log) == ["theirs"]
    assert verify(log).findings == []


def test_words_recorded_beside_an_erasure_are_not_readable_afterwards():
    """A transaction that recorded before the erasure and commits after it leaves words that no key opens, and the next
    start removes them."""
    actor, thing = world.people()
    other = world.Person(thing.workspace_id)
    world.signed(actor, thing, words="before")
    recorded, erased = threading.Event(), threading.Event()

    def beside() -> None:
        with transaction.atomic():
            ledger.record("ledger.thing.done", actor=actor, about=thing, fields={"words": "beside"})
            recorded.set()
            erased.wait(20)
        connections.close_all()

    thread = threading.Thread(target=beside)
    thread.start()
    assert recorded.wait(20)
    name = pseudonym(actor)
    erase(actor, by=other)
    sequencer.sequence_all()
    erased.set()
    thread.join()
    log = world.signed(other, thing, words="theirs")
    assert readable(log) == ["theirs"]
    assert Payload.objects.filter(subject=name).count() == 1
    assert restored.erase_again() == 1
    assert not Payload.objects.filter(subject=name).exists()
    log = world.signed(other, thing)
    assert verify(log).findings == []


TABLES = ("ledger_subject", "ledger_subjectkey", "ledger_payload")


def keep() -> dict[str, list[tuple]]:
    with connection.cursor() as cursor:
        kept = {}
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            kept[table] = cursor.fetchall()
        return kept


def put_back(kept: dict[str, list[tuple]]) -> None:
    """What restoring a backup does to what can be erased; the file outside stays as it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.items():
            cursor.execute(f"DELETE FROM {table}")
            for row in rows:
                cursor.execute(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})", row)


def test_an_older_backup_does_not_bring_back_what_was_erased_since():
    actor, thing = world.people()
    other = world.Person(thing.workspace_id)
    log = world.signed(actor, thing, words="mine")
    world.signed(other, thing, words="theirs")
    name = pseudonym(actor)
    backup = keep()
    erase(actor, by=other)
    put_back(backup)
    assert sorted(readable(log)) == ["mine", "theirs"], "the backup has them"

    assert restored.erase_again() == 1
    assert readable(log) == ["theirs"]
    assert not SubjectKey.objects.filter(pseudonym=name).exists()
    assert not Subject.objects.filter(person_id=actor.pk).exists()
    assert restored.erase_again() == 0, "once is enough"
    log = world.signed(other, thing)
    again = Entry.objects.filter(log=log, kind="ledger.payload.erased").latest("seq")
    assert "older backup" in reads.fields_of([again.event_id])[again.event_id]["legal_basis"]
    assert verify(log).findings == []


def test_the_workers_sequencer_looks_for_what_came_back_when_it_starts():
    actor, thing = world.people()
    log = world.signed(actor, thing, words="mine")
    backup = keep()
    erase(actor, by=actor)
    put_back(backup)
    stop = threading.Event()
    loop = threading.Thread(target=sequencer.Sequencer().run, args=(stop,))
    loop.start()
    try:
        for _ in range(200):
            if readable(log) == []:
                break
            stop.wait(0.05)
    finally:
        stop.set()
        loop.join()
    assert readable(log) == []


def test_an_erasure_that_was_noted_and_cut_off_is_finished():
    actor, thing = world.people()
    log = world.signed(actor, thing, words="mine")
    erasures.note([(thing.workspace_id, pseudonym(actor))])  # and the process was killed before the commit
    assert restored.erase_again() == 1
    assert readable(log) == []


def test_what_only_the_database_knows_is_noted_outside():
    actor, thing = world.people()
    world.signed(actor, thing, words="mine")
    name = pseudonym(actor)
    erase(actor, by=actor)
    sequencer.sequence_all()
    erasures.file().unlink()
    restored.erase_again()
    assert erasures.known() == [(thing.workspace_id, name)]


def test_a_torn_last_line_is_no_erasure_and_a_foreign_one_is_refused_in_words():
    actor, thing = world.people()
    world.signed(actor, thing, words="mine")
    erasures.note([(thing.workspace_id, actor.pk)])
    with open(erasures.file(), "a") as out:
        out.write(str(thing.workspace_id)[:20])
    assert erasures.known() == [(thing.workspace_id, actor.pk)]
    erase(actor, by=actor)
    assert len(erasures.known()) == 2
    erasures.file().write_text("rm everything\n")
    with pytest.raises(erasures.Unreadable, match="Line 1 of .* is no erasure"):
        restored.erase_again()


def test_without_room_for_the_list_nothing_is_erased(tmp_path, monkeypatch):
    actor, thing = world.people()
    log = world.signed(actor, thing, words="mine")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(erasures, "note", full)
    with pytest.raises(Conflict, match="No space left on device") as refused:
        erase(actor, by=actor)
    assert refused.value.not_done == "Nothing was erased."
    assert readable(log) == ["mine"]
