"""Publishing asks whoever objects before it plans, and refuses in their words without knowing why."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quarterdeck.core import clock, registries
from quarterdeck.core.problems import Conflict
from quarterdeck.core.registries import Objection
from quarterdeck.publishing import objections, verbs
from quarterdeck.publishing.tests import world

pytestmark = pytest.mark.django_db
TOMORROW = datetime(2026, 3, 10, 11, 30)  # noqa: DTZ001


@pytest.fixture
def said(monkeypatch) -> list[Objection]:
    """What somebody says against any time; and every time they were asked about."""
    words: list[Objection] = []

    def check(proposals):
        assert all(one.channels for one in proposals)
        return [[said for said in words if one.due_at.day == 10] for one in proposals]

    monkeypatch.setitem(registries.plan_checks._entries, "test", check)
    with clock.at(world.NOON):
        yield words


def test_what_forbids_is_refused_in_its_own_words_and_nothing_changes(said):
    w = world.two()
    post = w.approved()
    verbs.schedule(post, by=w.author, when=TOMORROW + timedelta(days=1))
    said += [Objection("It is windy."), Objection("The bridge is up.", True, "Wait for the bridge.")]
    with pytest.raises(Conflict, match="The bridge is up.") as refused:
        verbs.reschedule(post, by=w.author, when=TOMORROW)
    assert refused.value.next_step == "Wait for the bridge."
    assert post.deliveries.get().wall == "2026-03-11T11:30"


def test_what_warns_does_not_refuse_and_can_be_asked(said):
    w = world.two()
    post = w.approved()
    said += [Objection("It is windy.")]
    verbs.schedule(post, by=w.author, when=TOMORROW)
    due_at = post.deliveries.get().due_at
    assert objections.against(post, due_at, [w.channel]) == [Objection("It is windy.")]


def test_sending_again_what_was_missed_is_asked_about_too(said):
    w = world.two()
    post = w.approved()
    verbs.schedule(post, by=w.author, when=TOMORROW)
    row = post.deliveries.get()
    type(row).objects.filter(pk=row.pk).update(state="missed", ended_at=clock.now())
    row.refresh_from_db()
    said += [Objection("The bridge is up.", True)]
    with clock.at(world.NOON + timedelta(days=1)), pytest.raises(Conflict, match="bridge"):
        verbs.send_now(row, by=w.author)
    row.refresh_from_db()
    assert row.settled is None
