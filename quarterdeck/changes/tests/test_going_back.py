"""Going back to the words that stood there before, while others may have come to stand there meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quarterdeck.changes import reads, verbs
from quarterdeck.changes.models import Change
from quarterdeck.changes.tests.fake_editing import FakeEditingAdapter
from quarterdeck.changes.tests.world import LATER, cycle, delivery, out
from quarterdeck.channels import adapters
from quarterdeck.channels.by_hand.verbs import connect_by_hand
from quarterdeck.core import clock
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.verbs import outside

pytestmark = pytest.mark.django_db

OLD, NEW, NEWER = "Nettle soup, 5 euros.", "Nettle soup, 6 euros.", "Nettle soup, 7 euros."


def edit(w, post, channel, text: str, at=LATER) -> list[Change]:
    with clock.at(at):
        return verbs.edit(post, by=w.approver, parts=[text], channels=[channel])


@pytest.fixture
def by_hand():
    """A post that a person posted to LinkedIn: the author, who answers for it, is handed what is changed there."""
    w = world.two("UTC")
    pier = connect_by_hand(w.approver, brand=w.brand, network="linkedin", name="harbour")
    with clock.at(LATER):
        post = outside.record_outside(
            w.author, channel=pier, text=OLD, url="https://example.org/1", when=LATER
        )
    return w, pier, post


def test_what_a_person_has_in_hand_may_stand_there_already(by_hand):
    w, pier, post = by_hand
    (first,) = edit(w, post, pier, NEW)
    cycle(LATER)
    (back,) = edit(w, post, pier, OLD)
    first.refresh_from_db()
    assert (first.state, back.text, back.before) == ("left", OLD, OLD)
    assert "may stand there" in back.reason
    cycle(LATER)
    back.refresh_from_db()
    assert (back.state, back.handed_to) == ("handed", w.author)
    with clock.at(LATER):
        verbs.say_made(back, by=w.author)
    assert not reads.in_doubt(delivery(post))
    assert edit_again(w, post, pier) == []


def edit_again(w, post, channel) -> list[Change]:
    """Other words that are taken back before anybody had them, and the old ones again: nothing is to be done."""
    edit(w, post, channel, NEWER)
    return edit(w, post, channel, OLD)


def test_the_doubt_outlives_words_that_never_left_the_house(by_hand):
    w, pier, post = by_hand
    edit(w, post, pier, NEW)
    cycle(LATER)
    edit(w, post, pier, NEWER)  # taken back before it is handed out: but the first one was
    assert len(edit(w, post, pier, OLD)) == 1


def test_what_a_person_said_is_not_there_leaves_no_doubt(by_hand):
    w, pier, post = by_hand
    (first,) = edit(w, post, pier, NEW)
    cycle(LATER)
    with clock.at(LATER):
        verbs.leave(first, by=w.author, reason="LinkedIn does not let me.")
    assert edit(w, post, pier, OLD) == []


def test_who_has_it_in_hand_hears_that_it_is_not_wanted_any_more(by_hand, told):
    w, pier, post = by_hand
    edit(w, post, pier, NEW)
    cycle(LATER)
    told.clear()
    edit(w, post, pier, OLD)
    ((member, text),) = [(member, text) for member, subject, text in told if "Not wanted any more" in subject]
    assert (member, NEW in text) == (w.author, True)


@pytest.fixture
def told(monkeypatch):
    """Who is told what."""
    from quarterdeck.changes import telling

    kept: list[tuple] = []

    def tell(member, *, subject, text, **given):
        kept.append((member, subject, text))

    monkeypatch.setattr(telling.notify, "tell", tell)
    return kept


def test_what_was_sent_without_an_answer_may_stand_there(monkeypatch):
    w, post = out()
    FakeEditingAdapter.reset()
    monkeypatch.setitem(adapters.NETWORKS, "sandbox", FakeEditingAdapter)
    FakeEditingAdapter.faults[:] = ["lost after"]
    (first,) = edit(w, post, w.channel, NEW)
    cycle(LATER)
    first.refresh_from_db()
    assert first.state == "unknown"
    later = LATER + timedelta(minutes=2)  # nothing can be under way any more
    FakeEditingAdapter.faults.clear()
    (back,) = edit(w, post, w.channel, OLD, at=later)
    cycle(later)
    back.refresh_from_db()
    assert (back.state, list(FakeEditingAdapter.stands.values())) == ("done", [OLD])
