"""Planned, moved, taken off, undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.publishing import reads, verbs
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON

pytestmark = pytest.mark.django_db
TEN = datetime.fromisoformat("2026-03-10T11:30")


def open_states(post) -> list[str]:
    return sorted(post.deliveries.values_list("state", flat=True))


def test_planned_in_the_workspaces_zone_with_the_wall_time_kept():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
    delivery = post.deliveries.get()
    assert (delivery.wall, delivery.zone, delivery.fold) == ("2026-03-10T11:30", "Europe/Berlin", 0)
    assert delivery.due_at == datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
    assert delivery.latest_at == delivery.due_at + timedelta(minutes=15)


def test_not_planned_without_a_channel_or_twice():
    w = world.two()
    with clock.at(NOON):
        bare = verbs.draft(w.author, brand=w.brand, text="Soup.")
        with pytest.raises(Invalid, match="No channel"):
            verbs.schedule(bare, by=w.author, when=TEN)
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
        with pytest.raises(Conflict):
            verbs.schedule(post, by=w.author, when=TEN)


def test_the_database_itself_refuses_a_second_delivery_to_one_channel():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
        twin = post.deliveries.get()
        twin.pk, twin.client_key = ids.new(), "another"
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)


def test_undo_of_planning_moving_and_taking_off():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.undo(post, by=w.author, act=verbs.schedule(post, by=w.author, when=TEN))
        assert open_states(post) == ["cancelled"]
        verbs.schedule(post, by=w.author, when=TEN)
    with clock.at(NOON + timedelta(minutes=1)):
        moved = verbs.reschedule(post, by=w.author, when=TEN + timedelta(days=1))
        verbs.undo(post, by=w.author, act=moved)
    assert post.deliveries.get(state="intent").wall == "2026-03-10T11:30"
    with clock.at(NOON + timedelta(minutes=2)):
        verbs.undo(post, by=w.author, act=verbs.cancel(post, by=w.author))
    assert post.deliveries.get(state="intent").wall == "2026-03-10T11:30"


def test_what_was_planned_anew_since_is_not_undone_over():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
        act = verbs.cancel(post, by=w.author)
        verbs.schedule(post, by=w.author, when=TEN + timedelta(hours=1))
        with pytest.raises(Conflict, match="planned anew on Harbour Kitchen"):
            verbs.undo(post, by=w.author, act=act)
    assert open_states(post) == ["cancelled", "intent"]


def test_undo_is_over_after_ten_seconds():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        act = verbs.schedule(post, by=w.author, when=TEN)
    with clock.at(NOON + timedelta(seconds=11)), pytest.raises(Conflict, match="ten seconds"):
        verbs.undo(post, by=w.author, act=act)
    assert open_states(post) == ["intent"]


def test_publish_now_leaves_ten_seconds_and_needs_an_approval():
    w = world.two()
    with clock.at(NOON):
        with pytest.raises(Conflict, match="not approved"):
            verbs.publish_now(w.draft(), by=w.author)
        post = w.approved()
        act = verbs.publish_now(post, by=w.author)
        assert post.deliveries.get().due_at == NOON + timedelta(seconds=10)
        verbs.undo(post, by=w.author, act=act)
    assert open_states(post) == ["cancelled"]


def test_publish_now_takes_the_place_of_a_later_slot():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
        act = verbs.publish_now(post, by=w.author)
        verbs.undo(post, by=w.author, act=act)
    assert post.deliveries.get(state="intent").wall == "2026-03-10T11:30"


def test_what_is_being_sent_cannot_be_moved_or_edited():
    w = world.two()
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
        Delivery.objects.update(state=DeliveryState.SENDING, ledger_event_id=post.ledger_event_id)
        for act in (
            lambda: verbs.cancel(post, by=w.author),
            lambda: verbs.reschedule(post, by=w.author, when=TEN),
            lambda: verbs.edit(post, by=w.author, version=1, text="Other.", channels=[]),
        ):
            with pytest.raises(Conflict, match="being sent"):
                act()


def test_a_planned_post_follows_its_channels():
    from quarterdeck.channels import verbs as channels

    w = world.two()
    second = channels.connect_sandbox(w.approver, brand=w.brand)
    with clock.at(NOON):
        post = w.approved()
        verbs.schedule(post, by=w.author, when=TEN)
        verbs.edit(post, by=w.author, version=1, text=post.text, channels=[second])
    planned = post.deliveries.get(state="intent")
    assert (planned.channel, planned.wall) == (second, "2026-03-10T11:30")


def test_the_board_shows_each_post_once():
    w = world.two()
    with clock.at(NOON):
        w.draft()
        asked = w.draft("Asked")
        verbs.ask_approval(asked, by=w.author)
        w.approved("Approved")
        verbs.schedule(w.approved("Planned"), by=w.author, when=TEN)
        board = reads.board(w.author.workspace)
    assert [len(x) for x in (board.drafts, board.waiting, board.approved, board.planned, board.trouble)] == [
        1,
        1,
        1,
        1,
        0,
    ]
