"""The red button: what it stops, what it shows, how it is undone and lifted; whose word counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from quarterdeck.channels import verbs as channels
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, Unavailable
from quarterdeck.crew.models import Brand, Notification
from quarterdeck.ledger.models import Pending
from quarterdeck.publishing import holding, holds_reads, intake, reads, sending, verbs
from quarterdeck.publishing.models import Delivery, Hold, Label, Post, Tick
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON
from quarterdeck.publishing.verbs import holds
from quarterdeck.publishing.verbs import sending as steps
from quarterdeck.publishing.verbs.holds import HeldAlready, Undecided
from quarterdeck.publishing.verbs.holds_outside import (
    add_outside,
    remove_outside,
    restore_outside,
    tick,
    untick,
)
from tests import make

pytestmark = pytest.mark.django_db
DUE = NOON + timedelta(minutes=30)


def plan(w: world.World, text: str = "Nettle soup.", when: str = "2026-03-09T12:30") -> Delivery:
    with clock.at(NOON):
        post = w.approved(text)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat(when))
    return post.deliveries.get()


def cycle(at: datetime) -> None:
    with clock.at(at):
        for batch in intake.claim(10, clock.now()):
            sending.work(batch)


def state(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def begin(delivery: Delivery, at: datetime = DUE) -> None:
    """Commit "sending" as a worker does, and then be gone."""
    with clock.at(at):
        [[claimed]] = intake.claim(1, clock.now())
        row = Delivery.objects.get(pk=delivery.pk)
        steps.begin(
            [steps.Prepared(claimed, row, row.post.text, row.post.text_hash, {"text": row.post.text})]
        )


def label(post: Post, name: str = "launch") -> Label:
    """A label on the post, written as its own verb would."""
    from quarterdeck import ledger
    from quarterdeck.core import ids

    event_id = ids.new()
    made = Label.objects.create(
        workspace=post.workspace,
        name=name,
        made_by=post.author,
        made_at=clock.now(),
        ledger_event_id=event_id,
    )
    ledger.record("publishing.post.discarded", actor=post.author, about=post, fields={}, event_id=event_id)
    post.labels.add(made)
    return made


# --- placing ----------------------------------------------------------------------------------------


def test_nothing_goes_out_while_it_stands_and_nothing_is_lost():
    w = world.two("UTC")
    delivery = plan(w)
    with clock.at(DUE - timedelta(minutes=1)):
        hold = holds.place(w.author, reason="Something terrible happened.")
    cycle(DUE)
    cycle(DUE + timedelta(hours=2))
    assert state(delivery) == "intent"  # not missed either: the review asks about it
    assert SandboxPost.objects.count() == 0
    assert reads.next_due() is None
    event = Pending.objects.get(kind="publishing.hold.placed")
    assert event.about_id == hold.pk


SCOPES = ("workspace", "brand", "channel", "label", "post")


@pytest.mark.parametrize("scope", SCOPES)
def test_each_scope_holds_its_own_and_nothing_else(scope):
    w = world.two("UTC")
    with clock.at(NOON):
        brand = Brand.objects.create(workspace=w.author.workspace, name="Other", created_at=clock.now())
        elsewhere = channels.connect_sandbox(w.approver, brand=brand)
    mine = plan(w)
    other_world = world.World(w.author, w.approver, brand, elsewhere)
    other = plan(other_world, "Elsewhere.")
    target = {
        "workspace": None,
        "brand": w.brand.pk,
        "channel": w.channel.pk,
        "label": label(mine.post).pk,
        "post": mine.post_id,
    }[scope]
    hold = holds.place(w.author, scope=scope, target=target)
    cycle(DUE)
    assert state(mine) == "intent"
    assert state(other) == ("intent" if scope == "workspace" else "accepted")
    rows = [mine.pk, other.pk]
    covered = Delivery.objects.filter(holds_reads.covers(hold), pk__in=rows).values_list("pk", flat=True)
    assert set(covered) == holding.held(rows), "the rule of the pages and the rule of the fence are one"
    assert [h.pk for h in holds_reads.over(mine.post)] == [hold.pk]
    assert [h.pk for h in holds_reads.over(other.post)] == ([hold.pk] if scope == "workspace" else [])


def test_a_brand_is_held_also_where_another_brands_post_goes_to_its_channel():
    w = world.two("UTC")
    other = Brand.objects.create(workspace=w.author.workspace, name="Other", created_at=clock.now())
    delivery = plan(world.World(w.author, w.approver, other, w.channel))
    hold = holds.place(w.author, scope="brand", target=w.brand.pk)
    assert holding.held([delivery.pk]) == {delivery.pk}
    assert list(holds_reads.waiting(hold)) == [delivery]
    assert holds_reads.over(delivery.post) == [hold]


def test_the_second_press_finds_the_first_hold():
    w = world.two("UTC")
    with clock.at(NOON):
        first = holds.place(w.author)
        with pytest.raises(HeldAlready, match="already, since 12:00:00, placed by an author") as told:
            holds.place(w.approver)
    assert told.value.hold == first
    assert Hold.objects.count() == 1


def test_what_is_not_in_this_workspace_cannot_be_held():
    w, stranger = world.two("UTC"), world.two("UTC")
    for scope, target in [("channel", stranger.channel.pk), ("post", None), ("moon", None)]:
        with pytest.raises(Invalid, match="not in this workspace"):
            holds.place(w.author, scope=scope, target=target)
    delivery = plan(stranger)
    holds.place(w.author)
    cycle(DUE)
    assert state(delivery) == "accepted", "a hold ends at its workspace"


def test_the_leads_hear_of_it_at_once():
    w = world.two("UTC")
    holds.place(w.author, reason="A fire.")
    told = Notification.objects.get(subject="Everything is on hold")
    assert told.member == w.approver
    assert told.urgent
    assert "A fire." in told.text


# --- what had left before ---------------------------------------------------------------------------


def test_what_is_on_its_way_is_listed_with_what_became_of_it():
    w = world.two("UTC")
    delivery, waits = plan(w), plan(w, "Later.", "2026-03-09T14:00")
    begin(delivery)
    with clock.at(DUE + timedelta(seconds=1)):
        hold = holds.place(w.author)
        [left], hands = holds_reads.left_before(hold)
    assert hands == []
    assert (left.delivery, left.word, left.ended) == (delivery, "on its way", False)
    assert list(holds_reads.waiting(hold)) == [waits]
    cycle(DUE + intake.LEASE + timedelta(seconds=2))  # its worker died: looked for, absent, not sent again
    [left], _ = holds_reads.left_before(hold)
    assert (left.word, left.ended) == ("held", True)
    assert SandboxPost.objects.count() == 0
    assert {row.pk for row in holds_reads.waiting(hold)} == {delivery.pk, waits.pk}


def test_what_was_out_before_says_so():
    w = world.two("UTC")
    delivery = plan(w)
    begin(delivery)
    with clock.at(DUE + timedelta(seconds=1)):
        hold = holds.place(w.author)
        row = Delivery.objects.get(pk=delivery.pk)
        from quarterdeck.channels import adapters

        adapters.of(row.channel).publish(
            row.client_key, {"text": "Nettle soup."}, gate=lambda: clock.at(clock.now())
        )
    cycle(DUE + intake.LEASE + timedelta(seconds=2))
    [left], _ = holds_reads.left_before(hold)
    assert (left.word, left.tone) == ("out", "coral")


def test_a_call_whose_turn_comes_after_the_hold_is_stopped_and_listed(monkeypatch):
    """Slow to connect: it was let through, and asks again before its first byte."""
    w = world.two("UTC")
    delivery = plan(w)
    real = sending.Gate.passing
    placed = []

    def passing(self, row):
        if not placed:
            placed.append(holds.place(w.author))
        return real(self, row)

    monkeypatch.setattr(sending.Gate, "passing", passing)
    cycle(DUE)
    assert state(delivery) == "intent"
    assert SandboxPost.objects.count() == 0
    [left], _ = holds_reads.left_before(placed[0])
    assert left.words == "It was stopped before its first byte left."
    assert left.word == "held"


def test_what_is_in_somebodys_hands_is_listed_and_they_are_asked_not_to():
    w = world.two("UTC")
    channel_by_hand(w)
    delivery = plan(w)
    cycle(DUE)
    assert state(delivery) == "handed"
    hold = holds.place(w.approver)
    flying, [left] = holds_reads.left_before(hold)
    assert flying == []
    assert left.word == "in hand"
    told = Notification.objects.get(subject__startswith="Please do not post")
    assert told.member == w.author
    with clock.at(DUE + timedelta(minutes=5)):
        made = tick(hold, by=w.author, delivery=delivery)
        with pytest.raises(Conflict, match="It was ticked already"):
            tick(hold, by=w.approver, delivery=delivery)
    [left] = holds_reads.left_before(hold)[1]
    assert left.tick == made
    untick(made, by=w.author)
    with connection.cursor() as cursor:  # as a commit would: the row may go, the ledger has its event
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert holds_reads.left_before(hold)[1][0].tick is None
    holds.lift(hold, by=w.approver, decisions={})
    assert Notification.objects.filter(member=w.author, subject__startswith="You may post").exists()


def channel_by_hand(w: world.World) -> None:
    from quarterdeck.channels.models import Channel

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE channels_channel DISABLE TRIGGER USER")
        Channel.objects.filter(pk=w.channel.pk).update(by_hand=True)
        cursor.execute("ALTER TABLE channels_channel ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_only_what_was_handed_out_before_can_be_ticked():
    w = world.two("UTC")
    delivery = plan(w)
    hold = holds.place(w.author)
    for what in (
        {"delivery": delivery},
        {},
        {"delivery": delivery, "outside": add_outside(w.approver, title="X")},
    ):
        with pytest.raises(Invalid):
            tick(hold, by=w.author, **what)
    stranger = world.two("UTC")
    with pytest.raises(Invalid):
        tick(hold, by=w.author, outside=add_outside(stranger.approver, title="Y"))


def test_the_list_of_what_a_hold_cannot_stop():
    w = world.two("UTC")
    boost = add_outside(w.approver, title="  Boost  of May ", how="Ads manager, pause all.")
    letter = add_outside(w.approver, title="Newsletter")
    assert boost.title == "Boost of May"
    with pytest.raises(Invalid, match="no name"):
        add_outside(w.approver, title="  ")
    hold = holds.place(w.author)
    tick(hold, by=w.author, outside=boost)
    remove_outside(letter, by=w.approver)
    assert [(u.outside.title, u.tick is not None) for u in holds_reads.unstoppable(hold)] == [
        ("Boost of May", True)
    ]
    with pytest.raises(Conflict, match="off the list already"):
        remove_outside(letter, by=w.approver)
    restore_outside(letter, by=w.approver)
    with pytest.raises(Conflict):
        restore_outside(letter, by=w.approver)
    assert [u.outside.title for u in holds_reads.unstoppable(hold)] == ["Boost of May", "Newsletter"]
    holds.lift(hold, by=w.approver, decisions={})
    with pytest.raises(Conflict, match="lifted"):
        tick(hold, by=w.author, outside=letter)
    hold.refresh_from_db()
    add_outside(w.approver, title="Later")
    assert [u.outside.title for u in holds_reads.unstoppable(hold)] == ["Boost of May", "Newsletter"]
    assert Tick.objects.count() == 1


# --- undoing and lifting ----------------------------------------------------------------------------


def test_placed_by_mistake_it_is_undone_within_ten_seconds_and_everything_keeps_its_time():
    w = world.two("UTC")
    delivery = plan(w)
    with clock.at(DUE - timedelta(seconds=5)):
        hold = holds.place(w.author)
    with clock.at(DUE + timedelta(seconds=4)):
        holds.undo(hold, by=w.author)
    cycle(DUE + timedelta(seconds=4))
    assert state(delivery) == "accepted"


def test_undo_is_for_who_placed_it_and_for_leads_and_ends():
    w = world.two("UTC")
    other = make.member("author", w.author.workspace, "Cy")
    with clock.at(NOON):
        hold = holds.place(w.author)
        with pytest.raises(Forbidden, match="Somebody else placed this hold"):
            holds.undo(hold, by=other)
    with clock.at(NOON + timedelta(seconds=11)), pytest.raises(Conflict, match="ten seconds"):
        holds.undo(hold, by=w.author)
    assert holds_reads.standing(w.author.workspace) == [hold]


def test_lifting_asks_about_every_one_and_none_is_decided_by_default():
    w = world.two("UTC")
    soon, passed, far = plan(w), plan(w, "Passed."), plan(w, "Far.", "2026-03-12T09:15")
    other = plan(w, "Dropped.", "2026-03-09T13:30")
    with clock.at(NOON):
        hold = holds.place(w.author)
    with clock.at(DUE + timedelta(minutes=5)):
        with pytest.raises(Undecided, match="Not decided yet: “Nettle soup.” on .* and 3 more"):
            holds.lift(hold, by=w.approver, decisions={})
        decisions = {soon.pk: "keep", passed.pk: "next", far.pk: "next"}
        with pytest.raises(Undecided, match="“Dropped.”") as told:
            holds.lift(hold, by=w.approver, decisions=decisions)
        assert told.value.deliveries == [other]
        assert holds_reads.standing(w.author.workspace) == [hold]
        assert Delivery.objects.filter(state="cancelled").count() == 0
        done = holds.lift(hold, by=w.approver, decisions=decisions | {other.pk: "drop"})
    assert (done.kept, done.moved, done.dropped, done.still_held) == (1, 2, 1, 0)
    cycle(DUE + timedelta(minutes=5))
    assert state(soon) == "accepted"
    assert (state(passed), state(far), state(other)) == ("cancelled",) * 3
    new = dict(Delivery.objects.filter(state="intent").values_list("post__text", "wall"))
    assert new == {"Passed.": "2026-03-10T12:30", "Far.": "2026-03-13T09:15"}, (
        "later than planned, never sooner"
    )
    kinds = Pending.objects.filter(about_id=far.post_id).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-1] == "publishing.post.rescheduled"


def test_what_came_meanwhile_is_asked_about_too():
    w = world.two("UTC")
    first = plan(w)
    with clock.at(NOON):
        hold = holds.place(w.author)
    second = plan(w, "Came meanwhile.")
    with clock.at(NOON + timedelta(minutes=1)), pytest.raises(Undecided, match="“Came meanwhile.”"):
        holds.lift(hold, by=w.approver, decisions={first.pk: "keep"})
    cycle(DUE)
    assert (state(first), state(second)) == ("intent", "intent")


def test_a_time_that_has_passed_cannot_be_kept():
    w = world.two("UTC")
    delivery = plan(w)
    with clock.at(NOON):
        hold = holds.place(w.author)
    with clock.at(delivery.latest_at):
        with pytest.raises(Invalid, match="latest time has passed"):
            holds.lift(hold, by=w.approver, decisions={delivery.pk: "keep"})
        with pytest.raises(Invalid, match="no decision"):
            holds.lift(hold, by=w.approver, decisions={delivery.pk: "whatever"})
        holds.lift(hold, by=w.approver, decisions={delivery.pk: "drop"})
        with pytest.raises(Conflict, match="was lifted at 12:45:00 by a lead"):
            holds.lift(hold, by=w.approver, decisions={})


def test_what_two_holds_cover_stays_held_until_both_are_lifted():
    w = world.two("UTC")
    delivery = plan(w)
    with clock.at(NOON):
        everything = holds.place(w.author)
        channel = holds.place(w.author, scope="channel", target=w.channel.pk)
        done = holds.lift(everything, by=w.approver, decisions={})
        assert (done.kept, done.still_held) == (0, 1)
    cycle(DUE)
    assert state(delivery) == "intent"
    assert holds_reads.over(delivery.post) == [channel]
    with clock.at(DUE):
        with pytest.raises(Undecided):
            holds.lift(channel, by=w.approver, decisions={})
        holds.lift(channel, by=w.approver, decisions={delivery.pk: "keep"})
    cycle(DUE)
    assert state(delivery) == "accepted"


def test_the_parts_of_a_thread_are_decided_and_moved_together():
    w = world.two("UTC")
    with clock.at(NOON):
        post = verbs.draft(
            w.author,
            brand=w.brand,
            text="One.",
            channels=[w.channel],
            following=[{"text": "Two.", "images": []}],
        )
        verbs.ask_approval(post, by=w.author)
        verbs.approve(post, by=w.approver, text_hash=post.text_hash)
        verbs.schedule(post, by=w.author, when=datetime.fromisoformat("2026-03-09T12:30"))
        hold = holds.place(w.author)
        first, second = post.deliveries.order_by("part")
        with pytest.raises(Undecided):
            holds.lift(hold, by=w.approver, decisions={first.pk: "keep"})
        with pytest.raises(Invalid, match="go together"):
            holds.lift(hold, by=w.approver, decisions={first.pk: "keep", second.pk: "drop"})
        holds.lift(hold, by=w.approver, decisions={first.pk: "next", second.pk: "next"})
    one, two = post.deliveries.filter(state="intent").order_by("part")
    assert two.after == one
    assert one.wall == two.wall == "2026-03-10T12:30"


def test_a_hold_that_cannot_have_the_lock_says_so_and_places_nothing(monkeypatch):
    import psycopg

    from quarterdeck.core.notify import connection_settings

    w = world.two("UTC")
    monkeypatch.setattr(holds, "PATIENCE", 0.2)
    with psycopg.connect(**connection_settings()) as worker:
        worker.execute("SELECT pg_advisory_lock_shared(%s)", [holding._key(w.author.workspace_id)])
        with pytest.raises(Unavailable, match="could not be placed") as told:
            holds.place(w.author)
    assert "stop the worker" in told.value.next_step
    assert Hold.objects.count() == 0
    assert holds.place(w.author).pk
