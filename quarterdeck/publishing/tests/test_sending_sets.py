"""Many at once, and parts that follow each other: sets are claimed, begun and written together, and none is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.contract import Refused, Unclear
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import intake, reads, sending, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON

DUE = NOON + timedelta(minutes=30)
pytestmark = pytest.mark.django_db(transaction=True)


def run(at: datetime) -> datetime:
    """Work whatever is due, and what becomes due by it, until nothing is left within the next ten minutes."""
    with clock.at(at):
        for _ in range(60):
            for batch in intake.claim(6, clock.now()):
                sending.work(batch)
            due = reads.next_due()
            if due is None or due > at + timedelta(minutes=10):
                return at
            if due > clock.now():
                at = due
                break
        else:
            raise AssertionError("it never came to rest")
    return run(at)


def thread(w: world.World, *parts: str):
    first, *rest = parts
    with clock.at(NOON):
        post = verbs.draft(
            w.author,
            brand=w.brand,
            text=first,
            channels=[w.channel],
            following=[{"text": text, "images": []} for text in rest],
        )
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    return post


def test_a_set_with_every_kind_of_answer_ends_each_in_its_own_state(monkeypatch):
    w = world.two("UTC")
    posts = [w.approved(f"Post {n}") for n in range(40)]
    with clock.at(NOON):
        for post in posts:
            verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    real = SandboxAdapter.publish
    seen: set[str] = set()

    def publish(self, key, body, *, gate):
        number, first = int(body["text"].split()[1]), body["text"] not in seen
        seen.add(body["text"])
        if number % 4 == 1:
            raise Refused("No.")
        if number % 4 == 2 and first:
            raise Refused("Not now.", transient=True, retry_after=5)
        published = real(self, key, body, gate=gate)
        if number % 4 == 3 and first:
            raise Unclear("The line broke.")
        return published

    monkeypatch.setattr(SandboxAdapter, "publish", publish)
    run(DUE)
    states = dict(Delivery.objects.values_list("post__text", "state"))
    assert {states[f"Post {n}"] for n in range(40) if n % 4 == 1} == {"rejected"}
    assert {states[f"Post {n}"] for n in range(40) if n % 4 != 1} == {"accepted"}
    texts = list(SandboxPost.objects.values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == 30
    for delivery in Delivery.objects.filter(state="accepted"):
        kinds = list(Pending.objects.filter(about_id=delivery.pk).values_list("kind", flat=True))
        assert kinds.count("publishing.delivery.accepted") == 1
        assert kinds.count("publishing.delivery.begun") == kinds.count("publishing.delivery.deferred") + 1


def test_two_workers_at_one_pile_send_each_once():
    from threading import Thread

    from quarterdeck.core.claims import return_connections

    w = world.two("UTC")
    with clock.at(NOON):
        for n in range(60):
            post = w.approved(f"Post {n}")
            verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))

    def worker():
        try:
            with clock.at(DUE):
                while batches := intake.claim(1, clock.now()):
                    for batch in batches:
                        sending.work(batch)
        finally:
            return_connections()

    workers = [Thread(target=worker) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert Delivery.objects.filter(state="accepted").count() == SandboxPost.objects.count() == 60


def test_a_thread_goes_out_in_order_each_part_answering_the_one_before():
    w = world.two("UTC")
    post = thread(w, "One.", "Two.", "Three.")
    run(DUE)
    parts = list(post.deliveries.order_by("part"))
    assert [d.state for d in parts] == ["accepted"] * 3
    sent = [SandboxPost.objects.get(client_key=d.client_key) for d in parts]
    assert [s.text for s in sent] == ["One.", "Two.", "Three."]
    assert [s.answers_id for s in sent] == [None, sent[0].pk, sent[1].pk]
    assert sorted(s.posted_at for s in sent) == [s.posted_at for s in sent]


def test_a_part_that_is_refused_keeps_back_the_rest_which_goes_with_it_later(monkeypatch):
    w = world.two("UTC")
    post = thread(w, "One.", "Two.", "Three.")
    real = SandboxAdapter.publish

    def publish(self, key, body, *, gate):
        if body["text"] == "Two.":
            raise Refused("Not this one.")
        return real(self, key, body, gate=gate)

    with monkeypatch.context() as patched:
        patched.setattr(SandboxAdapter, "publish", publish)
        run(DUE)
    first, second, third = post.deliveries.order_by("part")
    assert [d.state for d in (first, second, third)] == ["accepted", "rejected", "intent"]
    with clock.at(DUE + timedelta(minutes=5)):
        verbs.send_now(second, by=w.author)
    run(DUE + timedelta(minutes=6))
    assert list(SandboxPost.objects.order_by("posted_at").values_list("text", flat=True)) == [
        "One.",
        "Two.",
        "Three.",
    ]
    states = post.deliveries.exclude(state="cancelled").order_by("part", "planned_at")
    assert [(d.part, d.state) for d in states] == [
        (0, "accepted"),
        (1, "rejected"),
        (1, "accepted"),
        (2, "accepted"),
    ]


def test_parts_whose_first_is_late_are_missed_with_it_and_none_goes_alone():
    w = world.two("UTC")
    post = thread(w, "One.", "Two.")
    run(DUE + timedelta(minutes=20))
    first, second = post.deliveries.order_by("part")
    assert (first.state, second.state) == ("missed", "missed")
    assert "The part before it did not go out." in second.failure
    with clock.at(DUE + timedelta(minutes=21)):
        with pytest.raises(Conflict, match="part before it"):
            verbs.send_now(second, by=w.author)
        verbs.send_now(first, by=w.author)
    run(DUE + timedelta(minutes=22))
    assert list(SandboxPost.objects.order_by("posted_at").values_list("text", flat=True)) == ["One.", "Two."]


def test_the_body_of_a_resend_is_the_body_that_was_sent_first(monkeypatch):
    w = world.two("UTC")
    post = w.approved()
    with clock.at(NOON):
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    bodies: list[tuple[str, dict]] = []
    real = SandboxAdapter.publish

    def publish(self, key, body, *, gate):
        bodies.append((key, dict(body)))
        if len(bodies) < 3:
            raise Refused("Not now.", transient=True, retry_after=2)
        return real(self, key, body, gate=gate)

    monkeypatch.setattr(SandboxAdapter, "publish", publish)
    run(DUE)
    assert len(bodies) == 3
    assert bodies[0] == bodies[1] == bodies[2]


def test_several_channels_are_several_deliveries_each_with_its_own_end(monkeypatch):
    w = world.two("UTC")
    other = channels.connect_sandbox(w.approver, brand=w.brand, name="Second")
    with clock.at(NOON):
        post = verbs.draft(w.author, brand=w.brand, text="Both.", channels=[w.channel, other])
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    real = SandboxAdapter.publish

    def publish(self, key, body, *, gate):
        if self.account.handle == other.handle:
            raise Refused("Locked.")
        return real(self, key, body, gate=gate)

    monkeypatch.setattr(SandboxAdapter, "publish", publish)
    run(DUE)
    assert dict(post.deliveries.values_list("channel__name", "state")) == {
        w.channel.name: "accepted",
        "Second": "rejected",
    }
