"""Taking down what a thread follows: nothing goes out below it, and what was let go comes back where it stays up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.changes import verbs
from quarterdeck.changes.models import Change
from quarterdeck.changes.tests.world import cycle, delivery, out, send, there
from quarterdeck.channels.contract import Finding, Refused, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing import reads as publishing_reads
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.publishing.tests.world import NOON, World

pytestmark = pytest.mark.django_db
T = NOON + timedelta(minutes=1, seconds=1)  # the thread began to go out a second ago
TEXTS = ["One.", "Two.", "Three.", "Four."]


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


class Network:
    """The Sandbox as one that loses the answer to the first call with one text, made or not; `calls` are all texts."""

    def __init__(self, monkeypatch, lost: str, *, made: bool) -> None:
        self.calls: list[str] = []
        self.knows: Finding | None = Finding("unknown", "It shows nothing of the last hour.")
        publish, reconcile = SandboxAdapter.publish, SandboxAdapter.reconcile

        def lose(adapter, key, body, *, gate):
            self.calls.append(body["text"])
            if body["text"] != lost or self.calls.count(lost) > 1:
                return publish(adapter, key, body, gate=gate)
            if made:
                publish(adapter, key, body, gate=gate)
            raise Unclear("The line went dead.")

        def look(adapter, *args, **given):
            return self.knows or reconcile(adapter, *args, **given)

        able = replace(SandboxAdapter.CAPABILITIES, same_key_once=False)
        monkeypatch.setattr(SandboxAdapter, "CAPABILITIES", able)
        monkeypatch.setattr(SandboxAdapter, "publish", lose)
        monkeypatch.setattr(SandboxAdapter, "reconcile", look)


def thread() -> tuple[World, Post]:
    return out(text=TEXTS[0], following=[{"text": text, "images": []} for text in TEXTS[1:]])


def states(post: Post) -> list[str]:
    return list(post.deliveries.order_by("part").values_list("state", flat=True))


def take_down(w: World, post: Post, *parts: int, at=T) -> list[Change]:
    with clock.at(at):
        return verbs.remove([delivery(post, part=n) for n in parts], by=w.author, reason="Wrong price.")


def asked(post: Post) -> Delivery:
    """The second part, once it was looked for in vain and a person is asked."""
    for _ in range(20):
        if (second := delivery(post, part=1)).asked_at:
            return second
        with clock.at(T):
            due = publishing_reads.next_due()
        send(due)
    raise AssertionError(f"nobody was asked: {second.state}")


def withdraw(w: World, change: Change, at) -> None:
    with clock.at(at):
        verbs.withdraw(change, by=w.author)


def test_a_part_proved_absent_meanwhile_does_not_follow_what_was_taken_down(monkeypatch):
    network = Network(monkeypatch, "Two.", made=False)
    w, post = thread()
    assert states(post) == ["accepted", "ambiguous", "intent", "intent"]
    take_down(w, post, 0)
    assert states(post) == ["accepted", "ambiguous", "cancelled", "cancelled"]
    network.knows = Finding("absent", "Its last 40 posts hold nothing like it.")
    for late in (2, 3, 4):  # also before the ten seconds are over
        send(T + seconds(late))
    assert states(post)[1] == "missed"
    cycle(T + seconds(10))
    assert network.calls == ["One.", "Two."]
    second = delivery(post, part=1)
    with clock.at(T + seconds(20)), pytest.raises(Conflict, match="The part before it was taken down"):
        publishing.send_now(second, by=w.author)
    with clock.at(T + seconds(20)):
        publishing.drop(second, by=w.author)


def test_a_part_that_nobody_knows_of_is_not_sent_again_below_what_was_taken_down(monkeypatch):
    network = Network(monkeypatch, "Two.", made=False)
    w, post = thread()
    take_down(w, post, 0)
    cycle(T + seconds(10))
    assert delivery(post).removed_at
    second = asked(post)
    with clock.at(second.asked_at), pytest.raises(Conflict, match="The part before it was taken down"):
        publishing.settle_as_absent(second, by=w.author)
    assert network.calls == ["One.", "Two."]


def test_what_was_put_back_on_its_way_before_the_removal_was_made_does_not_go(monkeypatch):
    network = Network(monkeypatch, "Two.", made=False)
    w, post = thread()
    second = asked(post)
    at = second.asked_at + seconds(1)
    take_down(w, post, 0, at=at)
    with clock.at(at + seconds(1)):
        publishing.settle_as_absent(second, by=w.author)
    cycle(at + seconds(10))
    for late in (11, 12, 3600):
        send(at + seconds(late))
    second.refresh_from_db()
    assert (network.calls, second.state) == (["One.", "Two."], "missed")
    assert "The part before it was taken down." in second.failure


def test_a_call_whose_first_byte_has_not_left_does_not_go_below_what_is_taken_down(monkeypatch):
    publish, began = SandboxAdapter.publish, []

    def slow(adapter, key, body, *, gate):
        if body["text"] != "Two.":
            return publish(adapter, key, body, gate=gate)
        if not began:
            first = Delivery.objects.get(part=0)
            verbs.remove([first], by=first.planned_by, reason="Wrong price.")
        began.append(key)
        with clock.at(T):  # its network was slow to connect
            return publish(adapter, key, body, gate=gate)

    monkeypatch.setattr(SandboxAdapter, "publish", slow)
    w, post = thread()
    assert began
    assert there(w.channel) == ["One."]
    assert states(post) == ["accepted", "intent", "cancelled", "cancelled"]
    send(T)
    assert (states(post)[1], there(w.channel)) == ("missed", ["One."])


def test_what_was_let_go_follows_again_where_it_stays_up(monkeypatch):
    network = Network(monkeypatch, "Two.", made=True)
    w, post = thread()
    (change,) = take_down(w, post, 0)
    with clock.at(T):
        assert (
            publishing_reads.undoable(post, list(post.deliveries.all())) is None
        )  # that is no act of planning
    withdraw(w, change, T + seconds(1))
    assert states(post) == ["accepted", "ambiguous", "intent", "intent"]
    network.knows = None
    for late in (2, 3, 4, 5):
        send(T + seconds(late))
    assert there(w.channel) == TEXTS
    assert network.calls == TEXTS


def test_it_follows_again_only_when_nothing_of_the_thread_is_to_go_any_more(monkeypatch):
    Network(monkeypatch, "Three.", made=True)
    w, post = thread()
    first, second = take_down(w, post, 0, 1)
    withdraw(w, first, T + seconds(1))
    assert states(post) == ["accepted", "accepted", "ambiguous", "cancelled"]
    withdraw(w, second, T + seconds(2))
    assert states(post) == ["accepted", "accepted", "ambiguous", "intent"]


def test_a_removal_that_was_refused_and_left_lets_it_follow_too(monkeypatch):
    Network(monkeypatch, "Two.", made=True)

    def refuse(*args, **given):
        raise Refused("It is locked.")

    monkeypatch.setattr(SandboxAdapter, "delete", refuse)
    w, post = thread()
    (change,) = take_down(w, post, 0)
    cycle(T + seconds(10))
    change.refresh_from_db()
    assert change.state == "refused"
    assert states(post)[2:] == ["cancelled", "cancelled"]  # it is still to go
    (again,) = take_down(w, post, 0, at=T + seconds(20))
    assert states(post)[2:] == ["cancelled", "cancelled"]
    cycle(T + seconds(30))
    with clock.at(T + seconds(40)):
        verbs.leave(again, by=w.author, reason="It is right after all.")
    assert states(post)[2:] == ["intent", "intent"]
