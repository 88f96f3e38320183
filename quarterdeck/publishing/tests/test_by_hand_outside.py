"""A post made outside is recorded afterwards in one step, as said by somebody, never as accepted by a network."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.channels import verbs as channels
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import reads, status
from quarterdeck.publishing.models import Post
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.test_by_hand import LINK, by_hand_world, cycle
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import by_hand as hand
from quarterdeck.publishing.verbs import outside
from tests import make

pytestmark = pytest.mark.django_db


def record(w: world.World, **given):
    given = {"channel": w.channel, "text": "From the train.", "url": LINK, "when": NOON} | given
    with clock.at(NOON + timedelta(minutes=10)):
        return outside.record_outside(w.author, **given)


def test_it_is_out_because_somebody_recorded_it():
    w = by_hand_world()
    post = record(w)
    row = post.deliveries.get()
    assert (row.state, row.said_by, row.url, row.ended_at, row.is_out) == (
        "accepted",
        w.author,
        LINK,
        NOON,
        True,
    )
    assert (post.author, post.answerable, post.brand) == (w.author, w.author, w.brand)
    assert status.of(reads.standing(reads.post(w.author.workspace, post.pk))) == status.Status.OUT
    assert list(reads.out(w.author.workspace)) == [row]
    assert make.kinds_recorded(w.author.workspace)[-1] == "publishing.post.recorded"
    assert cycle(NOON + timedelta(days=1)) == 0


def test_on_any_connected_channel_and_with_a_link_alone():
    w = world.two()
    assert record(w, text="").deliveries.get().channel == w.channel


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"when": NOON + timedelta(minutes=12)}, "when"),
        ({"when": NOON - timedelta(days=4000)}, "when"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"text": " ", "url": ""}, "text"),
    ],
)
def test_not_in_the_future_and_not_without_anything(given, field):
    w = by_hand_world()
    with pytest.raises(Invalid) as refused:
        record(w, **given)
    assert list(refused.value.fields) == [field]
    assert not Post.objects.exists()


def test_a_channel_of_elsewhere_or_disconnected_is_refused():
    w, other = by_hand_world(), by_hand_world()
    channels.disconnect(w.channel, by=w.approver)
    for channel in (w.channel, other.channel):
        with pytest.raises(Invalid) as refused:
            record(w, channel=channel)
        assert list(refused.value.fields) == ["channel"]


def test_nothing_is_recorded_twice():
    w = by_hand_world()
    record(w)
    with pytest.raises(Conflict, match="in the record already"):
        record(w, text="In other words.")
    record(w, url="", text="Without a link.")
    with pytest.raises(Conflict, match="in the record already"):
        record(w, url="", text="Without a link.")


def test_undone_within_ten_seconds_and_corrected_later():
    w = by_hand_world()
    post = record(w)
    act = post.ledger_event_id
    with clock.at(NOON + timedelta(minutes=10, seconds=11)), pytest.raises(Conflict, match="ten seconds"):
        outside.unrecord(post, by=w.author, act=act)
    with clock.at(NOON + timedelta(minutes=10, seconds=9)):
        outside.unrecord(post, by=w.author, act=act)
    post.refresh_from_db()
    assert post.discarded_at
    assert post.deliveries.get().state == "cancelled"
    again = record(w).deliveries.get()
    hand.say_not_out(again, by=w.author, reason="That was the other brand.")
    again.refresh_from_db()
    assert (again.state, again.unsettled) == ("missed", True)
