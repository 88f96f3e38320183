"""The hold as a team lives it: fifty posts fall due, somebody presses the button in the middle, and later each is
decided. The sending loop runs as it does in a worker.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.publishing import holds_reads, sending, slots, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import holds, plans

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 50


@pytest.fixture
def worker():
    stop = threading.Event()
    loop = threading.Thread(target=sending.loop().run, args=(stop,))
    loop.start()
    yield
    stop.set()
    loop.join(30)


def falling_due(w: world.World, due: datetime) -> None:
    """Ten posts on five channels, all at one instant."""
    five = [
        w.channel,
        *(channels.connect_sandbox(w.approver, brand=w.brand, name=f"Sandbox {n}") for n in range(4)),
    ]
    slot = slots.at_instant(due, "UTC")
    for number in range(COUNT // 5):
        post = verbs.draft(w.author, brand=w.brand, text=f"Post {number}.", channels=five)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        plans._plan(post, w.author, slot, "publishing.post.scheduled", five)


def until(what, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, dict(Delivery.objects.values_list("pk", "state"))
        time.sleep(0.05)


def test_fifty_posts_fall_due_and_the_button_is_pressed(worker):
    from django.db import transaction

    w = world.two("UTC")
    now = datetime.now(UTC)
    with transaction.atomic():
        falling_due(w, now + timedelta(seconds=6))
    until(lambda: clock.now() >= now + timedelta(seconds=6))
    hold = holds.place(w.author, reason="The price is wrong.")
    left = (
        SandboxPost.objects.count()
    )  # the Sandbox is in our own database: what began has arrived or is named
    on_their_way = hold.caught.count()
    time.sleep(2)
    out = SandboxPost.objects.count()
    assert left <= out <= left + on_their_way
    assert Delivery.objects.filter(state="intent").count() == COUNT - out
    waiting = list(holds_reads.waiting(hold))
    assert len(waiting) == COUNT - out
    if not waiting:
        return  # the worker was faster than the finger: all of them are out, and none was promised to be held
    half = len({row.post_id for row in waiting}) // 2
    keep = sorted({row.post_id for row in waiting})[:half]
    decisions = {row.pk: "keep" if row.post_id in keep else "next" for row in waiting}
    done = holds.lift(hold, by=w.approver, decisions=decisions)
    assert done.kept + done.moved == len(waiting)
    until(lambda: SandboxPost.objects.count() == out + done.kept)
    assert (
        Delivery.objects.filter(state="intent", due_at__gt=clock.now() + timedelta(hours=20)).count()
        == done.moved
    )
    texts = SandboxPost.objects.values_list("account__handle", "text")
    assert len(texts) == len(set(texts))
