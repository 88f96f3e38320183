"""The number beside the Desk in the rail: true after every act, a minute old at most, and cheap in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from quarterdeck.core import clock
from quarterdeck.crew.models import Member
from quarterdeck.desk import offers, reads, verbs
from quarterdeck.ledger import reads as log
from quarterdeck.ledger import sequencer
from quarterdeck.ledger.models import Pending
from tests import make

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 9, 12, 0, 20, tzinfo=UTC)


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """Whose Desk the rooms were asked for, one entry each time."""
    calls: list[str] = []
    asks = reads._ask
    monkeypatch.setattr(reads, "_ask", lambda who, now: calls.append(who.user.email) or asks(who, now))
    return calls


def count(member: Member, at: datetime = NOON) -> int:
    """As another page counts: the member is loaded anew."""
    with clock.at(at):
        return offers.count(Member.objects.select_related("workspace", "user").get(pk=member.pk))


def test_rooms_are_asked_once_while_nobody_does_anything(asked):
    first, second = make.member(), make.member()
    assert count(first) == count(first) > 0
    assert asked == [first.user.email]
    count(second)
    assert asked == [first.user.email, second.user.email]


def test_an_act_is_counted_at_once(asked):
    member = make.member()
    before = count(member)
    with clock.at(NOON):
        verbs.done(member, ["desk.step:channel"])
    assert count(member) == before - 1
    assert len(asked) == 2


def test_what_falls_due_by_itself_is_counted_within_the_minute(asked):
    member = make.member()
    until = NOON.replace(second=30)
    before = count(member)
    with clock.at(NOON):
        verbs.snooze(member, ["desk.step:channel"], until=until)
    assert count(member) == before - 1
    assert count(member, NOON + timedelta(minutes=1)) == before


def test_a_page_that_shows_the_desk_counts_what_it_shows(asked):
    member, client = make.member(), Client()
    client.force_login(member.user)
    with clock.at(NOON):
        for _ in range(2):
            client.get(reverse("desk", kwargs={"workspace": member.workspace.slug}))
        assert len(asked) == 2
        client.get(reverse("ideas-board", kwargs={"workspace": member.workspace.slug}))
    assert len(asked) == 2


def test_no_more_is_remembered_than_a_process_can_carry(monkeypatch):
    monkeypatch.setattr(offers, "KEPT", 2)
    monkeypatch.setattr(offers, "_counted", type(offers._counted)())
    for member in [make.member() for _ in range(4)]:
        count(member)
    assert len(offers._counted) == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_recorded_grows_with_acts_and_not_with_places():
    member, other = make.member(), make.member()
    before, elsewhere = log.recorded(member.workspace_id), log.recorded(other.workspace_id)
    verbs.done(member, ["desk.step:channel"])
    assert log.recorded(member.workspace_id) == before + 1
    assert log.recorded(other.workspace_id) == elsewhere
    assert Pending.objects.exists()
    sequencer.sequence_all()
    assert not Pending.objects.exists()
    assert log.recorded(member.workspace_id) == before + 1
