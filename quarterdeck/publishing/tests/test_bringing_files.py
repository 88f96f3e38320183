"""Files are brought once, one after the other, and what was brought is not forgotten when the try ends in between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.channels.contract import Refused
from quarterdeck.channels.sandbox.adapter import SandboxAdapter
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.publishing import intake, verbs
from quarterdeck.publishing.models import Delivery
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.slot import DUE, cycle, state
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.studio import intake as studio
from quarterdeck.studio.tests import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    """One with two pictures, due at DUE."""
    w = world.two("UTC")
    with clock.at(NOON):
        images = [
            {"file": studio.keep(w.author.workspace, pictures.png(colour=colour), name).pk.hex, "alt": name}
            for name, colour in (("red.png", 90), ("blue.png", 180))
        ]
        post = verbs.draft(w.author, brand=w.brand, text="Soup.", channels=[w.channel], images=images)
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
    return post.deliveries.get()


@pytest.fixture
def network(monkeypatch):
    """A network that takes its time: `slow` are the names it is still working on, `refuses` one it has no room for
    now; `calls` is what was brought, or only waited for ("begun")."""

    class FakeSlow:
        slow: set[str] = set()
        refuses = ""
        calls: list[tuple[str, str]] = []

    real = SandboxAdapter.upload

    def upload(self, media, *, begun=None):
        FakeSlow.calls.append((media.alt, "begun" if begun else "brought"))
        if media.alt == FakeSlow.refuses:
            raise Refused("No room now.", transient=True)
        if media.alt in FakeSlow.slow:
            raise Refused("Still at it.", transient=True, begun={"kept as": media.alt})
        assert begun in (None, {"kept as": media.alt})
        return real(self, media)

    FakeSlow.calls, FakeSlow.slow = [], set()
    monkeypatch.setattr(SandboxAdapter, "upload", upload)
    return FakeSlow


def test_what_the_network_still_works_on_is_waited_for_and_not_brought_again(delivery, network):
    network.slow = {"blue.png"}
    cycle(DUE)
    assert (state(delivery), delivery.failure) == ("intent", "Still at it.")
    cycle(delivery.try_at)
    network.slow = set()
    cycle(Delivery.objects.get().try_at)
    assert (state(delivery), SandboxPost.objects.count()) == ("accepted", 1)
    assert network.calls == [
        ("red.png", "brought"),
        ("blue.png", "brought"),
        ("blue.png", "begun"),
        ("blue.png", "begun"),
    ]
    assert len(delivery.payload["images"]) == 2


def test_what_was_brought_before_another_was_refused_is_not_brought_again(delivery, network):
    network.refuses = "blue.png"
    cycle(DUE)
    network.refuses = ""
    cycle(Delivery.objects.get().try_at)
    assert state(delivery) == "accepted"
    assert [name for name, _ in network.calls] == ["red.png", "blue.png", "blue.png"]


def test_each_file_begins_the_lease_anew_and_only_for_whoever_holds_it(delivery):
    with clock.at(DUE):
        ((claimed,),) = intake.claim(1, DUE)
    with clock.at(DUE + timedelta(seconds=100)):
        intake.keep_uploads(claimed, [{"file": "1", "alt": "", "said": {}}])
    delivery.refresh_from_db()
    assert delivery.lease_until == DUE + timedelta(seconds=100) + intake.LEASE
    intake.keep_uploads(intake.Claimed(claimed.pk, claimed.attempt - 1), [])
    delivery.refresh_from_db()
    assert len(delivery.uploads) == 1
    with clock.at(DUE + timedelta(seconds=110)):
        intake.let_go([claimed])
        intake.keep_uploads(claimed, [])
    delivery.refresh_from_db()
    assert delivery.lease_until is None  # given back: it does not begin again by itself
