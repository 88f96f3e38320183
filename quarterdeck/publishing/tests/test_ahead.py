"""What was read before its time is sent as it is, or not as it was: whatever happened in between is seen."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock, ids
from quarterdeck.ledger import record
from quarterdeck.publishing import ahead, intake, sending, verbs
from quarterdeck.publishing.tests.slot import AFTER_LEASE, DUE, cycle, planned, state, until_settled

pytestmark = pytest.mark.django_db
SOON = DUE - timedelta(seconds=20)


@pytest.fixture(autouse=True)
def ready(monkeypatch):
    """The loop's store, empty."""
    monkeypatch.setattr(ahead, "ready", ahead.Ahead())
    return ahead.ready


def kept(ready) -> list[str]:
    return [one.text for one in ready._ready.values()]


def not_read_again(monkeypatch):
    def loaded(pks):
        assert not list(pks), "it was ready, and is read once more"
        return []

    monkeypatch.setattr(sending, "loaded", loaded)


def test_what_falls_due_soon_is_not_read_at_its_time(monkeypatch, ready):
    _, post, delivery = planned()
    ready.look(SOON - timedelta(minutes=5))
    assert kept(ready) == []
    ready.look(SOON)
    assert kept(ready) == [post.text]
    assert state(delivery) == "intent"
    not_read_again(monkeypatch)
    assert cycle(DUE - timedelta(seconds=1)) == 0
    assert cycle(DUE) == 1
    assert state(delivery) == "accepted"
    assert kept(ready) == []
    sent = SandboxPost.objects.get()
    assert (sent.text, sent.client_key) == (post.text, delivery.client_key)


def test_an_edit_that_is_approved_in_between_goes_out_as_edited(ready):
    w, post, delivery = planned()
    ready.look(SOON)
    with clock.at(SOON):
        verbs.edit(post, by=w.author, version=1, text="Soup is off.", channels=[w.channel])
        post.refresh_from_db()
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    until_settled(delivery, DUE)
    assert state(delivery) == "accepted"
    assert SandboxPost.objects.get().text == "Soup is off."


def test_an_edit_that_is_not_approved_stops_it(ready):
    w, post, delivery = planned()
    ready.look(SOON)
    with clock.at(SOON):
        verbs.edit(post, by=w.author, version=1, text="Not this yet.", channels=[w.channel])
    cycle(DUE)
    assert state(delivery) == "intent"
    assert SandboxPost.objects.count() == 0


def test_a_channel_that_was_disconnected_in_between_refuses(ready):
    w, _, delivery = planned()
    ready.look(SOON)
    channels.disconnect(w.channel, by=w.approver)
    until_settled(delivery, DUE)
    assert state(delivery) == "rejected"
    assert "not connected any more" in delivery.failure


@pytest.mark.parametrize("which", ["delivery", "post", "channel"])
def test_any_later_event_of_what_it_was_made_of_has_it_read_again(ready, which):
    """Even one that leaves the text and its approval as they are."""
    w, post, delivery = planned()
    ready.look(SOON)
    event = ids.new()
    changed = {"delivery": delivery, "post": post, "channel": w.channel}[which]
    about = {"network": "sandbox", "handle": "h", "name": "n"}
    record("channels.channel.connected", actor=w.approver, about=w.channel, fields=about, event_id=event)
    type(changed).objects.filter(pk=changed.pk).update(ledger_event_id=event)
    (one,) = ready._ready.values()
    with clock.at(DUE):
        (batch,) = intake.claim(10, clock.now())
        sending.work(batch)
    assert state(delivery) == "intent"  # given back: what was ready is not what stands now
    assert SandboxPost.objects.count() == 0
    assert cycle(DUE) == 1
    assert state(delivery) == "accepted"
    assert one.row.attempt < delivery.attempt


def test_moved_to_another_time_it_waits_for_that(ready):
    w, post, delivery = planned()
    ready.look(SOON)
    with clock.at(SOON):
        verbs.reschedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:45"))
    assert cycle(DUE) == 0
    assert state(delivery) == "cancelled"
    assert SandboxPost.objects.count() == 0


def test_what_was_claimed_before_is_read_anew(ready):
    """Whoever had it may have sent it."""
    _, _, delivery = planned()
    ready.look(SOON)
    with clock.at(DUE):
        intake.claim(10, clock.now())  # and the process is gone
    with clock.at(AFTER_LEASE):
        (batch,) = intake.claim(10, clock.now())
        assert ready.taken(batch) == []
        sending.work(batch)
    assert state(delivery) == "accepted"


def test_what_is_late_is_not_taken(ready):
    _, _, delivery = planned()
    ready.look(SOON)
    cycle(DUE + timedelta(minutes=16))
    assert state(delivery) == "missed"


def test_files_and_later_parts_wait_for_their_time(ready, monkeypatch):
    w, _, _ = planned()
    monkeypatch.setattr(ahead.preparing, "has_files", lambda row, known: True)
    ready.look(SOON)
    assert kept(ready) == []


def test_a_clock_that_was_set_back_is_believed(ready):
    ready.look(DUE + timedelta(days=1))
    planned()
    ready.look(SOON)
    assert len(kept(ready)) == 1


def test_what_nobody_took_is_forgotten(ready):
    planned()
    ready.look(SOON)
    ready.look(DUE + timedelta(minutes=2))
    assert kept(ready) == []


def test_no_more_is_kept_than_fits(ready, monkeypatch):
    monkeypatch.setattr(ahead, "MOST", 2)
    for _ in range(3):
        planned()
    ready.look(SOON)
    assert len(kept(ready)) == 2
    ready.look(SOON)
    assert len(kept(ready)) == 2


def test_a_database_that_is_away_only_costs_time(monkeypatch, ready, caplog):
    stop, tried = threading.Event(), threading.Event()

    def broken(now, stop):
        tried.set()
        raise RuntimeError("the database is away")

    monkeypatch.setattr(ahead, "PAUSE", 0.01)
    monkeypatch.setattr(ready, "look", broken)
    loop = threading.Thread(target=ready.run, args=(stop,))
    loop.start()
    assert tried.wait(5)
    tried.clear()
    assert tried.wait(5), "it gave up"
    stop.set()
    loop.join(5)
    assert "could not be read ahead: the database is away" in caplog.text
