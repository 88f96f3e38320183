"""When the answer is lost, or the call was stopped: looked for, never sent twice, and asked of a person in the end."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError

from quarterdeck.channels import calls
from quarterdeck.channels.contract import Finding, Refused, Stopped, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing import gate, reads, verbs
from quarterdeck.publishing.known import Known, loaded
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests.slot import (
    DUE,
    answers,
    blind,
    cycle,
    lose_the_answer,
    planned,
    state,
    until_settled,
)

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("arrives", [True, False])
def test_absent_is_not_believed_while_a_second_call_may_still_arrive(monkeypatch, arrives):
    """The network takes longer over each call than we wait. What it knew of the first one says nothing of the last:
    called missed, it would be sent once more by hand, and then the last one arrives."""
    monkeypatch.setattr(Post, "latest_after", property(lambda post: timedelta(seconds=90)))
    _, _, delivery = planned()
    with monkeypatch.context() as patched:
        answers(patched, *[Unclear("The network did not answer in time.")] * 9)
        wired(patched)
        for seconds in (0, 3, 9, 25, 60, 130):  # sent again up to its latest time, then looked for once
            cycle(DUE + timedelta(seconds=seconds))
            assert state(delivery) == "ambiguous"
    assert delivery.attempt == 6
    if arrives:
        row = loaded([delivery.pk])[0]
        Known().adapter(row).publish(row.client_key, row.payload, gate=nullcontext)
    until_settled(delivery, DUE + timedelta(seconds=260))
    assert (state(delivery), SandboxPost.objects.count()) == (("missed", 0), ("accepted", 1))[arrives]


def wired(monkeypatch):
    """As a network beyond a wire: what is not there is proved absent only when the first call is long over."""
    real = SandboxAdapter.reconcile

    def reconcile(self, key, body, *, began_at):
        found = real(self, key, body, began_at=began_at)
        may_come = found.what == "absent" and clock.now() - began_at < calls.SETTLED
        return Finding("unknown", "It may still be working.") if may_come else found

    monkeypatch.setattr(SandboxAdapter, "reconcile", reconcile)


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
