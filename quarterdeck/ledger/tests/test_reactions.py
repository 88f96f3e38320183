"""Reactions hear of every sequenced event at least once and in order, and can veto nothing."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from quarterdeck.ledger import sequencer
from quarterdeck.ledger.models import Entry, ReactionCursor
from quarterdeck.ledger.reactions import Reacted, Reaction, Reactor
from quarterdeck.ledger.tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("declared")]


@pytest.fixture
def people():
    return world.people()


def sequenced(people, count=1) -> list:
    receipts = world.act(*people, count)
    sequencer.sequence_all()
    return [r.event_id for r in receipts]


def test_events_come_in_order_with_ids_and_no_content(people):
    heard: list[Reacted] = []
    reactor = Reactor([Reaction("hear", ("ledger.thing.",), heard.append)])
    expected = sequenced(people, 5)
    assert reactor.round() == 5
    assert [one.event_id for one in heard] == expected
    assert heard[0] == Reacted(
        expected[0], "ledger.thing.done", people[1].workspace_id, "ledger.thing", people[1].pk
    )
    assert reactor.round() == 0
    expected += sequenced(people, 2)
    assert Reactor([Reaction("hear", ("ledger.thing.",), heard.append)]).round() == 2, "the cursor is kept"
    assert [one.event_id for one in heard] == expected


def test_what_is_not_sequenced_yet_is_not_heard(people):
    heard = []
    world.act(*people)
    assert Reactor([Reaction("hear", ("ledger.",), heard.append)]).round() == 0


def test_only_the_kinds_asked_for(people):
    heard = []
    sequenced(people)
    reactor = Reactor([Reaction("hear", ("ledger_thing.", "publishing.post."), heard.append)])
    assert reactor.round() == 0
    newest = Entry.objects.order_by("-place").first().place
    assert ReactionCursor.objects.get(name="hear").place == newest, "what is not for it is passed over"


def test_one_that_fails_is_asked_again_and_does_not_stop_the_others(people, monkeypatch):
    heard, other, broken = [], [], [True]

    def fragile(one: Reacted) -> None:
        if broken[0]:
            raise RuntimeError("not today")
        heard.append(one.event_id)

    reactor = Reactor(
        [Reaction("fragile", ("ledger.",), fragile), Reaction("other", ("ledger.",), other.append)]
    )
    expected = sequenced(people, 2)
    assert reactor.round() == 2
    assert len(other) == 2
    cursor = ReactionCursor.objects.get(name="fragile")
    assert (cursor.failures, cursor.trouble) == (1, "RuntimeError: not today")
    broken[0] = False
    assert reactor.round() == 0, "it waits before it is asked again"
    reactor._not_before.clear()
    assert reactor.round() == 2
    assert heard == expected
    assert ReactionCursor.objects.get(name="fragile").trouble == ""


def test_what_a_failing_handler_wrote_is_taken_back(people):
    def half(one: Reacted) -> None:
        ReactionCursor.objects.create(name="a trace")
        raise RuntimeError

    sequenced(people)
    Reactor([Reaction("half", ("ledger.",), half)]).round()
    assert not ReactionCursor.objects.filter(name="a trace").exists()


def test_two_workers_handle_each_event_once_and_in_order(people):
    heard: list[Reacted] = []
    lock = threading.Lock()

    def hear(one: Reacted) -> None:
        with lock:
            heard.append(one)

    expected = sequenced(people, 40)
    stop = threading.Event()

    def work() -> None:
        Reactor([Reaction("shared", ("ledger.",), hear)]).run(stop)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        if len(heard) >= 40:
            break
        stop.wait(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert [one.event_id for one in heard] == expected


def test_an_event_committed_late_is_not_skipped(people):
    """Its pending row has a lower number than one already handled: its place still comes after."""
    heard: list[Reacted] = []
    reactor = Reactor([Reaction("hear", ("ledger.",), heard.append)])
    sequenced(people)  # a person's very first event makes their pseudonym, which another one would wait for
    assert reactor.round() == 1
    heard.clear()
    written, go = threading.Event(), threading.Event()
    late: list = []

    def slow() -> None:
        with transaction.atomic():
            late.extend(world.act(*people))
            written.set()
            go.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(20)
    (early,) = sequenced(people)
    assert reactor.round() == 1
    go.set()
    thread.join()
    sequencer.sequence_all()
    assert reactor.round() == 1
    assert [one.event_id for one in heard] == [early, late[0].event_id]
