"""From the slot on: once, or visibly not. The loop is killed at every boundary; the Sandbox holds one post."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.contract import Refused
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import intake, reads, sending, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests.slot import (
    AFTER_LEASE,
    DUE,
    answers,
    cycle,
    planned,
    state,
    until_settled,
)
from quarterdeck.publishing.verbs import sending as steps
from quarterdeck.publishing.verbs.sending import Outcome

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


def test_nothing_is_sent_early_and_once_when_due():
    _, post, delivery = planned()
    assert cycle(DUE - timedelta(seconds=1)) == 0
    assert cycle(DUE) == 1
    assert state(delivery) == "accepted"
    sent = SandboxPost.objects.get()
    assert (sent.text, sent.client_key) == (post.text, delivery.client_key)
    assert delivery.url == f"/sandbox/{sent.account.handle}/{sent.pk}/"
    assert cycle(DUE + timedelta(hours=1)) == 0
    kinds = Pending.objects.filter(about_id=delivery.pk).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["publishing.delivery.begun", "publishing.delivery.accepted"]


def kill_before(monkeypatch, where, name):
    def gone(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(where, name, gone)


def kill_after(monkeypatch, where, name):
    real = getattr(where, name)

    def gone(*args, **kwargs):
        real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(where, name, gone)


BOUNDARIES = [
    (kill_before, steps, "begin"),
    (kill_after, steps, "begin"),
    (kill_before, SandboxAdapter, "publish"),
    (kill_after, SandboxAdapter, "publish"),
    (kill_before, steps, "finish"),
    (kill_after, steps, "finish"),
]


@pytest.mark.parametrize(("how", "where", "name"), BOUNDARIES, ids=lambda x: getattr(x, "__name__", str(x)))
def test_killed_at_any_boundary_it_is_out_exactly_once(monkeypatch, how, where, name):
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        how(patched, where, name)
        with pytest.raises(Killed):
            cycle(DUE)
    assert SandboxPost.objects.count() <= 1
    until_settled(delivery, AFTER_LEASE)
    assert state(delivery) == "accepted"
    assert SandboxPost.objects.count() == 1


def test_killed_right_after_the_claim():
    _, _, delivery = planned()
    with clock.at(DUE):
        intake.claim(10, clock.now())
    assert cycle(DUE + timedelta(seconds=30)) == 0  # the lease still runs
    assert cycle(AFTER_LEASE) == 1
    assert state(delivery) == "accepted"


def test_killed_before_the_call_and_back_too_late_it_is_missed(monkeypatch):
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        kill_before(patched, SandboxAdapter, "publish")
        with pytest.raises(Killed):
            cycle(DUE)
    until_settled(delivery, DUE + timedelta(minutes=16))
    assert state(delivery) == "missed"
    assert SandboxPost.objects.count() == 0


def test_killed_after_the_call_and_back_too_late_it_is_found_out(monkeypatch):
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        kill_after(patched, SandboxAdapter, "publish")
        with pytest.raises(Killed):
            cycle(DUE)
    cycle(DUE + timedelta(minutes=16))
    assert state(delivery) == "accepted"


def test_a_worker_whose_lease_was_taken_over_writes_nothing():
    _, post, delivery = planned()
    with clock.at(DUE):
        ((old,),) = intake.claim(10, clock.now())
        steps.begin([prepared(old, delivery)])
    with clock.at(AFTER_LEASE):
        ((new,),) = intake.claim(10, clock.now())
        assert new.attempt == old.attempt + 1
        with pytest.raises(steps.NoneBegan):
            steps.finish([Outcome(old, "rejected", "late words")])
        with pytest.raises(steps.NoneBegan):
            steps.begin([prepared(old, delivery)])
        sending.work([new])
    until_settled(delivery, AFTER_LEASE)
    assert state(delivery) == "accepted"
    assert SandboxPost.objects.count() == 1


def prepared(claimed: intake.Claimed, delivery: Delivery) -> steps.Prepared:
    post = delivery.post
    return steps.Prepared(claimed, delivery, post.text, post.text_hash, {"text": post.text, "images": []})


def test_a_worker_that_slept_before_the_call_is_stopped_at_the_gate(monkeypatch):
    """Its lease ran out, somebody else has sent it: its own call must not leave."""
    _, _, delivery = planned()
    real = SandboxAdapter.publish

    def slow(self, key, body, *, gate):
        monkeypatch.setattr(SandboxAdapter, "publish", real)
        until_settled(delivery, AFTER_LEASE)
        return real(self, key, body, gate=gate)

    monkeypatch.setattr(SandboxAdapter, "publish", slow)
    cycle(DUE)
    assert state(delivery) == "accepted"
    assert delivery.attempt > 1
    assert SandboxPost.objects.count() == 1


def test_after_the_latest_time_nothing_is_sent():
    w, _, delivery = planned()
    cycle(DUE + timedelta(minutes=15, seconds=1))
    assert state(delivery) == "missed"
    assert "Nothing was sent by 12:45" in delivery.failure
    assert SandboxPost.objects.count() == 0
    assert reads.unsettled(w.author.workspace) == [delivery]


def test_without_an_approval_it_waits_and_is_then_missed():
    w, post, delivery = planned(approve=False)
    assert cycle(DUE) == 0
    with clock.at(DUE):
        assert reads.next_due() > delivery.latest_at
    cycle(DUE + timedelta(minutes=16))
    assert state(delivery) == "missed"
    assert "not approved by then" in delivery.failure


def test_an_approval_within_the_quarter_hour_still_lets_it_out():
    w, post, delivery = planned(approve=False)
    with clock.at(DUE + timedelta(minutes=5)):
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    cycle(DUE + timedelta(minutes=5))
    assert state(delivery) == "accepted"


def test_an_edit_between_claim_and_sending_stops_it():
    w, post, delivery = planned()
    with clock.at(DUE):
        (batch,) = intake.claim(10, clock.now())
        verbs.edit(post, by=w.author, version=1, text="Not this yet.", channels=[w.channel])
        sending.work(batch)
    assert state(delivery) == "intent"
    assert SandboxPost.objects.count() == 0


def test_taken_off_between_claim_and_sending():
    w, post, delivery = planned()
    with clock.at(DUE):
        (batch,) = intake.claim(10, clock.now())
        verbs.cancel(post, by=w.author)
        sending.work(batch)
    assert state(delivery) == "cancelled"
    assert SandboxPost.objects.count() == 0


def test_refused_for_good_is_told_with_the_networks_words(monkeypatch):
    w, post, delivery = planned()
    answers(monkeypatch, Refused("The account is locked."))
    cycle(DUE)
    assert state(delivery) == "rejected"
    assert delivery.failure == "The account is locked."
    assert cycle(AFTER_LEASE) == 0


def test_refused_for_now_is_tried_again_when_the_network_says(monkeypatch):
    _, _, delivery = planned()
    answers(monkeypatch, Refused("Too many posts.", transient=True, retry_after=60))
    cycle(DUE)
    assert state(delivery) == "intent"
    assert cycle(DUE + timedelta(seconds=59)) == 0
    assert cycle(DUE + timedelta(seconds=60)) == 1
    assert state(delivery) == "accepted"


def test_refused_for_now_until_too_late_is_missed_with_the_reason(monkeypatch):
    _, _, delivery = planned()
    answers(monkeypatch, Refused("The network is down.", transient=True, retry_after=3600))
    cycle(DUE)
    with clock.at(DUE):
        assert reads.next_due() <= delivery.latest_at + timedelta(seconds=1)
    cycle(DUE + timedelta(minutes=16))
    assert state(delivery) == "missed"
    assert "The network is down." in delivery.failure


def test_a_disconnected_channel_refuses_in_words():
    w, _, delivery = planned()
    channels.disconnect(w.channel, by=w.approver)
    cycle(DUE)
    assert state(delivery) == "rejected"
    assert "not connected any more" in delivery.failure


def test_undoing_send_now_makes_it_a_question_again():
    w, post, delivery = planned()
    late = DUE + timedelta(minutes=20)
    cycle(late)
    with clock.at(late):
        act = verbs.send_now(delivery, by=w.author)
        assert reads.unsettled(w.author.workspace) == []
        verbs.undo(post, by=w.author, act=act)
        assert reads.unsettled(w.author.workspace) == [delivery]
        verbs.drop(delivery, by=w.author)


def test_planning_anew_settles_what_was_missed():
    w, post, delivery = planned()
    late = DUE + timedelta(minutes=20)
    cycle(late)
    with clock.at(late):
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-10T12:30"))
    assert reads.unsettled(w.author.workspace) == []
    assert state(delivery) == "missed"


def test_missed_then_sent_now_next_time_or_dropped():
    w, post, delivery = planned()
    late = DUE + timedelta(minutes=20)
    cycle(late)
    with clock.at(late):
        verbs.send_now(delivery, by=w.author)
        with pytest.raises(Conflict, match="decided already"):
            verbs.drop(delivery, by=w.author)
    assert state(delivery) == "missed"  # stays as evidence
    cycle(late + timedelta(seconds=10))
    assert SandboxPost.objects.count() == 1

    w, post, delivery = planned()
    cycle(late)
    with clock.at(late):
        verbs.send_at(delivery, by=w.author)
    assert post.deliveries.get(state="intent").wall == "2026-03-10T12:30"

    w, post, delivery = planned()
    cycle(late)
    verbs.drop(delivery, by=w.author)
    assert reads.unsettled(w.author.workspace) == []
