"""A part of a thread that is being sent, or of which nobody knows: what follows it is not planned over it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import holds_reads, verbs
from quarterdeck.publishing.models import Delivery, Post, Settlement
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_parts import DUE, lose_the_second, run, thread
from quarterdeck.publishing.verbs import holds

pytestmark = pytest.mark.django_db
SOON = DUE + timedelta(minutes=2)
STATES = {"ambiguous": "it is not known yet whether part 2 is out", "sending": "is being sent at this moment"}


@pytest.fixture(params=STATES)
def stuck(request, monkeypatch) -> tuple[world.World, Post, str]:
    """The first part is out, the second in this state, the third waits for it; and why it cannot be moved."""
    w = world.two("UTC")
    post = thread(w)
    lose_the_second(monkeypatch, really_sent=True)
    run(DUE, DUE + timedelta(minutes=1))
    second = post.deliveries.filter(part=1)
    second.update(state=request.param, ledger_event_id=post.ledger_event_id)
    assert states(post) == ["accepted", request.param, "intent"]
    return w, post, STATES[request.param]


def states(post: Post) -> list[str]:
    return list(post.deliveries.order_by("part", "planned_at").values_list("state", flat=True))


def test_a_hold_over_it_can_be_lifted_and_only_the_next_slot_is_not_offered(stuck):
    w, post, why = stuck
    third = post.deliveries.get(part=2)
    with clock.at(SOON):
        hold = holds.place(w.approver)
        (waits,) = holds_reads.review(hold, clock.now())
        assert why in waits.choice.not_moved
        assert (waits.choice.next, waits.choice.not_kept) == (None, "")
        with pytest.raises(Invalid, match=why):
            holds.lift(hold, by=w.approver, decisions={third.pk: "next"})
        assert holds.lift(hold, by=w.approver, decisions={third.pk: "keep"}).kept == 1
    assert states(post)[2] == "intent"


def test_it_is_neither_moved_nor_published_at_once_over_it(stuck):
    w, post, why = stuck
    before = states(post)
    later = datetime.fromisoformat("2026-03-09T15:00")
    for act in (
        lambda: verbs.reschedule(post, by=w.author, when=later),
        lambda: verbs.publish_now(post, by=w.author),
    ):
        with clock.at(SOON), pytest.raises(Conflict, match=why):
            act()
    assert states(post) == before
    assert not Settlement.objects.filter(delivery__post=post).exists()
    assert not Delivery.objects.filter(post=post, closed_at__isnull=False).exists()
