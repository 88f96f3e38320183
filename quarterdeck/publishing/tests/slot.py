"""One delivery at its slot, the loop turned by hand, and a network that fails in the ways networks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from quarterdeck.channels.contract import Finding, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.core import clock
from quarterdeck.publishing import intake, reads, sending, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON

DUE = NOON + timedelta(minutes=30)
AFTER_LEASE = DUE + intake.LEASE + timedelta(seconds=1)


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


def answers(monkeypatch, *outcomes):
    """Publish fails with each outcome in turn, then works."""
    real, left = SandboxAdapter.publish, list(outcomes)

    def publish(self, key, body, *, gate):
        if left:
            raise left.pop(0)
        return real(self, key, body, gate=gate)

    monkeypatch.setattr(SandboxAdapter, "publish", publish)


def lose_the_answer(monkeypatch):
    real = SandboxAdapter.publish

    def publish(self, key, body, *, gate):
        real(self, key, body, gate=gate)
        raise Unclear("The connection broke.")

    monkeypatch.setattr(SandboxAdapter, "publish", publish)


def blind(monkeypatch, capable: bool = False):
    """A network that cannot say, and (unless capable) makes two posts of two calls."""

    def unknown(self, *args, **kwargs):
        return Finding("unknown", "The network shows nothing of the last hour.")

    able = replace(SandboxAdapter.CAPABILITIES, same_key_once=capable)
    monkeypatch.setattr(SandboxAdapter, "CAPABILITIES", able)
    monkeypatch.setattr(SandboxAdapter, "reconcile", unknown)
