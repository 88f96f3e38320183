"""What a person says about a delivery that nobody could know of, and what it means for everything beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels.contract import Refused
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict
from quarterdeck.publishing import reads, verbs
from quarterdeck.publishing.tests import slot, test_parts, world
from quarterdeck.publishing.tests.slot import DUE, cycle, planned, state
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db(transaction=True)
LATER = DUE + timedelta(hours=1)


def asked(monkeypatch):
    """Out, its answer lost, and the network could not say: a person is asked."""
    w, post, delivery = planned()
    with monkeypatch.context() as patched:
        slot.lose_the_answer(patched)
        slot.blind(patched)
        slot.until_settled(delivery, DUE)
    assert delivery.asked_at
    return w, post, delivery


def test_what_a_person_says_is_out_stands_among_what_is_out(monkeypatch):
    w, _, delivery = asked(monkeypatch)
    assert list(reads.out(w.author.workspace)) == []
    with clock.at(LATER):
        act = verbs.settle_as_out(delivery, by=w.author)
        assert list(reads.out(w.author.workspace)) == [delivery]
        verbs.undo(delivery.post, by=w.author, act=act)
    assert list(reads.out(w.author.workspace)) == []


def test_the_parts_behind_one_that_a_person_says_is_out_are_left_and_ask_for_nobody(monkeypatch):
    w = world.two("UTC")
    post = test_parts.thread(w)
    test_parts.lose_the_second(monkeypatch, really_sent=True)
    second = test_parts.asked(w, post)
    with clock.at(test_parts.LATER):
        verbs.settle_as_out(second, by=w.author)
    assert reads.unsettled(w.author.workspace) == []
    third = post.deliveries.get(part=2)
    assert third.state == "cancelled" or third.settled is not None


def test_what_is_sent_again_as_it_was_takes_no_other_words(monkeypatch):
    w, post, delivery = asked(monkeypatch)
    with clock.at(LATER):
        verbs.settle_as_absent(delivery, by=w.author)
        with pytest.raises(Conflict, match="sent again as it was"):
            verbs.edit(post, by=w.author, version=post.version, text="Other words.", channels=[w.channel])
    cycle(LATER + timedelta(seconds=11))
    assert state(delivery) == "accepted"
    assert list(SandboxPost.objects.values_list("text", flat=True)) == [post.text]  # the network knew the key


def test_a_description_that_was_changed_goes_to_the_network_anew(monkeypatch):
    """Some networks take it with the file: what nobody approved must not go out with a file kept from before."""
    w = world.two("UTC")
    file = studio.keep(w.author.workspace, pictures.png(), "soup.png").pk.hex
    with clock.at(NOON):
        post = verbs.draft(
            w.author,
            brand=w.brand,
            text="Soup.",
            channels=[w.channel],
            images=[{"file": file, "alt": "A bowl."}],
        )
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    brought: list[str] = []
    upload = SandboxAdapter.upload

    def noting(self, media, **given):
        brought.append(media.alt)
        return upload(self, media)

    monkeypatch.setattr(SandboxAdapter, "upload", noting)
    slot.answers(monkeypatch, Refused("Not now.", transient=True, retry_after=60))
    cycle(DUE)
    with clock.at(DUE + timedelta(seconds=10)):
        images = [{"file": file, "alt": "A bowl of nettle soup."}]
        post = verbs.edit(post, by=w.author, version=1, text="Soup.", channels=[w.channel], images=images)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
    cycle(DUE + timedelta(seconds=90))
    assert brought == ["A bowl.", "A bowl of nettle soup."]
    assert SandboxPost.objects.get().images[0]["alt"] == "A bowl of nettle soup."
