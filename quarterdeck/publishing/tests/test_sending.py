"""From the slot on: once, or visibly not. The loop is killed at every boundary; the Sandbox holds one post."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.contract import Finding, Refused, Stopped, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import gate, intake, reads, sending, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import sending as steps
from quarterdeck.publishing.verbs.sending import Outcome

pytestmark = pytest.mark.django_db
DUE = NOON + timedelta(minutes=30)
AFTER_LEASE = DUE + intake.LEASE + timedelta(seconds=1)


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


def planned(approve: bool = True):
    w = world.two("UTC")
    with clock.at(NOON):
        post = w.approved() if approve else w.draft()
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    return w, post, post.deliveries.get()


def cycle(at: datetime) -> int:
    """What the loop does once: claim, and work each. Returns how many were claimed."""
    with clock.at(at):
        batches = intake.claim(10, clock.now())
        for batch in batches:
            sending.work(batch)
    return sum(map(len, batches))


def until_settled(delivery: Delivery, at: datetime, most: int = 20) -> datetime:
    """Cycle whenever something is due, until the delivery has ended; returns the time it took until."""
    for _ in range(most):
        cycle(at)
        if state(delivery) not in {"intent", "sending", "ambiguous"} or delivery.asked_at:
            return at
        with clock.at(at):
            at = max(at, reads.next_due())
    raise AssertionError(f"never settled: {delivery.state}")


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


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


def answers(monkeypatch, *outcomes):
    """Publish fails with each outcome in turn, then works."""
    real, left = SandboxAdapter.publish, list(outcomes)

    def publish(self, key, body, *, gate):
        if left:
            raise left.pop(0)
        return real(self, key, body, gate=gate)

    monkeypatch.setattr(SandboxAdapter, "publish", publish)


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


def lose_the_answer(monkeypatch):
    real = SandboxAdapter.publish

    def publish(self, key, body, *, gate):
        real(self, key, body, gate=gate)
        raise Unclear("The connection broke.")

    monkeypatch.setattr(SandboxAdapter, "publish", publish)


def test_an_answer_that_was_lost_is_looked_for_and_never_sent_twice(monkeypatch):
    _, _, delivery = planned()
    lose_the_answer(monkeypatch)
    cycle(DUE)
    assert state(delivery) == "ambiguous"
    assert delivery.looking
    until_settled(delivery, DUE)
    assert state(delivery) == "accepted"
    assert "holds a post with its key" in delivery.evidence
    assert SandboxPost.objects.count() == 1


def blind(monkeypatch, capable: bool = False):
    """A network that cannot say, and (unless capable) makes two posts of two calls."""

    def unknown(self, *args, **kwargs):
        return Finding("unknown", "The network shows nothing of the last hour.")

    able = replace(SandboxAdapter.CAPABILITIES, same_key_once=capable)
    monkeypatch.setattr(SandboxAdapter, "CAPABILITIES", able)
    monkeypatch.setattr(SandboxAdapter, "reconcile", unknown)


def test_what_nobody_can_know_goes_to_a_person_with_the_evidence(monkeypatch):
    w, _, delivery = planned()
    lose_the_answer(monkeypatch)
    blind(monkeypatch)
    at = until_settled(delivery, DUE)
    assert state(delivery) == "ambiguous"
    assert delivery.evidence == "The network shows nothing of the last hour."
    assert DUE + timedelta(minutes=5) < at < DUE + timedelta(minutes=30)
    assert SandboxPost.objects.count() == 1
    assert reads.unsettled(w.author.workspace) == [delivery]
    with clock.at(at), pytest.raises(Conflict, match="not known"):
        verbs.send_now(delivery, by=w.author)
    verbs.settle_as_out(delivery, by=w.author)
    assert reads.unsettled(w.author.workspace) == []


def test_a_key_that_the_network_remembers_is_used_again(monkeypatch):
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        lose_the_answer(patched)
        cycle(DUE)
    blind(monkeypatch, capable=True)
    until_settled(delivery, DUE)
    assert state(delivery) == "accepted"
    assert SandboxPost.objects.count() == 1


def test_a_key_that_the_network_has_forgotten_is_not_used_again(monkeypatch):
    _, _, delivery = planned()
    lose_the_answer(monkeypatch)
    blind(monkeypatch, capable=True)
    able = replace(SandboxAdapter.CAPABILITIES, same_key_once=True, key_life=timedelta(seconds=1))
    monkeypatch.setattr(SandboxAdapter, "CAPABILITIES", able)
    until_settled(delivery, DUE)
    assert (state(delivery), SandboxPost.objects.count()) == ("ambiguous", 1)


def test_a_fault_of_our_own_in_the_middle_is_not_known_and_not_sent_again(monkeypatch):
    _, _, delivery = planned()
    answers(monkeypatch, ZeroDivisionError("a bug"))
    cycle(DUE)
    assert state(delivery) == "ambiguous"
    assert "may be out" in delivery.failure
    until_settled(delivery, DUE)  # the Sandbox proves that it is not out
    assert (state(delivery), SandboxPost.objects.count()) == ("accepted", 1)


def test_what_is_stopped_at_the_gate_is_planned_again(monkeypatch):
    _, _, delivery = planned()
    answers(monkeypatch, Stopped("it is held"))
    cycle(DUE)
    assert (state(delivery), delivery.evidence) == (
        "intent",
        "It was stopped before its first byte left: it is held.",
    )
    cycle(DUE)
    assert (state(delivery), SandboxPost.objects.count()) == ("accepted", 1)


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


@pytest.mark.parametrize("second", [Refused("The account is locked."), Stopped("it is held")])
def test_a_second_call_that_is_refused_says_nothing_of_the_first(monkeypatch, second):
    """The first one is out and its answer lost; a refusal of the second must not call it refused, nor forget it."""
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        lose_the_answer(patched)
        cycle(DUE)
    with monkeypatch.context() as patched:
        blind(patched, capable=True)
        answers(patched, second)
        cycle(DUE + timedelta(seconds=3))
        assert state(delivery) == "ambiguous"
    until_settled(delivery, DUE + timedelta(seconds=10))
    assert (state(delivery), SandboxPost.objects.count()) == ("accepted", 1)


def test_a_database_that_cannot_be_asked_at_the_gate_lets_nothing_leave(monkeypatch):
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        patched.setattr(gate.holding, "take_shared", away)
        cycle(DUE)
    assert (state(delivery), SandboxPost.objects.count()) == ("intent", 0)
    assert "database could not be asked" in delivery.evidence
    cycle(DUE)
    assert (state(delivery), SandboxPost.objects.count()) == ("accepted", 1)


def away(*args) -> None:
    raise OperationalError("the database restarts")
